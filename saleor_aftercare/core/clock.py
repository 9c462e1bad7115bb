"""The one clock that domains are told about; the demo can move it.

Domain functions take ``at``; only the edges (views, job runner, commands) call :func:`now`. What protects the
service (token expiry, rate limits, leases) reads the real clock instead: moving time must not open a door.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

_seen: tuple[Path, int, timedelta] | None = None


def now() -> datetime:
    """The present in UTC, moved by the offset of the demo's clock file where one is configured."""
    return real_now() + _offset()


def real_now() -> datetime:
    """The present in UTC; no setting moves it."""
    return datetime.now(UTC)


def local_date(at: datetime, time_zone: str) -> date:
    """The day that ``at`` falls on for people who live by ``time_zone``."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def _offset() -> timedelta:
    global _seen  # noqa: PLW0603  one clock per process
    name = settings.AFTERCARE_CLOCK_FILE
    if not name:
        return timedelta()
    path = Path(name)
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    if _seen is None or _seen[:2] != (path, stamp):
        _seen = (path, stamp, timedelta(seconds=int(path.read_text().strip() or 0)))
    return _seen[2]
