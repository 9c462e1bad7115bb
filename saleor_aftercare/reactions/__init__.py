"""WHO REACTS TO WHAT: the automation of the product, one module per part of it.

Each reaction runs in a job of its own, after the event's transaction, and is idempotent. Domains do not know each
other; they meet here. Reactions of one part do not import another part's.
"""

from . import (  # noqa: F401  for what they register
    calls,
    cases,
    channels,
    chats,
    followups,
    handled,
    inbox,
    messengers,
    money,
    parcels,
    people,
    receiving,
    repairs,
    replacements,
    returns,
    search,
    service_levels,
    surveys,
    team,
    withdrawals,
)
