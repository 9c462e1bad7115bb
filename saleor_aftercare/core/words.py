"""Dates and money in a reader's own way of writing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from .money import Money

#: Day before month, as most English readers outside the United States write it; the month is spelled out.
DATE_LOCALES: Final = {"en": "en_GB"}
#: CLDR patterns; Babel's "long" adds seconds and a time zone that nobody needs here.
MOMENTS: Final = {"en": "d MMMM y, HH:mm", "ja": "y年M月d日 H:mm"}


@dataclass(frozen=True)
class Words:
    """How one reader reads numbers and days."""

    language: str
    time_zone: str

    @property
    def _locale(self) -> str:
        return DATE_LOCALES.get(self.language, self.language).replace("-", "_")

    def day(self, value: date | datetime) -> str:
        """``12 December 2026``; a moment is a day in the shop's time zone."""
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(self.time_zone)).date()
        return str(format_date(value, "long", locale=self._locale))

    def moment(self, value: datetime) -> str:
        """``12 December 2026, 14:05``."""
        pattern = MOMENTS.get(self.language, "medium")
        zone = ZoneInfo(self.time_zone)
        return str(format_datetime(value, pattern, tzinfo=zone, locale=self._locale))

    def money(self, value: Money) -> str:
        """``€12.50``, ``￥1,200``."""
        return value.format(self.language)
