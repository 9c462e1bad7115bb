"""Days and moments as the readers of each language write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

#: Day before month, as most English readers outside the United States write it; the month is spelled out.
_LOCALES: Final = {"en": "en_GB"}


def day(value: date, language: str) -> str:
    """A date that nobody can misread.

    >>> day(date(2026, 11, 3), "en"), day(date(2026, 11, 3), "de"), day(date(2026, 11, 3), "ja")
    ('3 November 2026', '3. November 2026', '2026年11月3日')
    """
    return str(format_date(value, "long", locale=_LOCALES.get(language, language)))


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Date and time to the second with its offset and time zone: a declaration is proved by it.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 3, 8, 5, 9, tzinfo=UTC), ZoneInfo("Europe/Berlin"), "en")
    '3 November 2026, 09:05:09 (UTC+01:00, Europe/Berlin)'
    """
    local = value.astimezone(zone)
    clock = format_datetime(local, "HH:mm:ss", locale=_LOCALES.get(language, language))
    offset = local.strftime("%z")
    return f"{day(local.date(), language)}, {clock} (UTC{offset[:3]}:{offset[3:5]}, {zone.key})"
