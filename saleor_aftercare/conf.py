"""The deployment settings that the app reads from ``django.conf.settings``, in one list.

``service/settings.py`` makes them from the environment; a project that hosts the app itself sets them in its own
settings module. ``checks.py`` holds every host to this list, ``docs/settings.md`` explains each name.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Setting:
    """A name in ``django.conf.settings`` and the types that its value may have."""

    name: str
    types: tuple[type, ...]
    meaning: str


#: In ``ALLOWED_SALEOR_URLS``: any Saleor may install the app. Accepted with DEBUG only.
ANY_SALEOR: Final = "*"

SETTINGS: Final = (
    Setting("PUBLIC_URL", (str,), "our own origin as Saleor and customers reach it, without a slash at the end"),
    Setting(
        "ALLOWED_SALEOR_URLS",
        (tuple, list),
        "GraphQL addresses of the Saleors that may install the app, or '*' alone",
    ),
    Setting(
        "ENCRYPTION_KEYS",
        (tuple, list),
        "Fernet keys for secrets at rest, newest first: the first encrypts, all of them decrypt",
    ),
    Setting("AFTERCARE_CLOCK_FILE", (Path, str, type(None)), "file with the demo clock's offset in seconds, or None"),
    Setting("DEMO_HOME_URL", (str, type(None)), "where '/' leads in the demo, or None"),
    Setting("LINE_API_URL", (str, type(None)), "where LINE's API is, or None for LINE itself"),
    Setting("OUTBOUND_PRIVATE_ADDRESSES", (bool,), "may a merchant's label program stand in a private network"),
    Setting(
        "OAUTH_CLIENTS",
        (dict,),
        "client ID and secret by 'google' and 'microsoft', for mailboxes that are signed in to without a password",
    ),
    Setting("GRAPHQL_INTROSPECTION", (bool,), "may a caller ask the GraphQL API for its schema"),
)
