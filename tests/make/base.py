"""The moment at which tests happen, and numbers that are used once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

#: A Monday at noon, long enough ago that whatever is due then is due now.
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

_serial = itertools.count(1)


def serial() -> int:
    """A number that no other row of this test run was made with."""
    return next(_serial)
