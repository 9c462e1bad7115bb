"""What every domain stands on: tenants, events, jobs, state machines, money, tokens. No domain words in here."""
