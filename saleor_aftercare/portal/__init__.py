"""The customer's pages: plain HTML forms that work without script, top-level, in the customer's language."""
