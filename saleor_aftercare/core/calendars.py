"""Which days people work on: weekends, and the public holidays of a country.

Only what holds in the whole country counts: the holidays of a region, a town or a trade do not, for an address does not
always say which of them it is in. Calendars with hours are in ``core.hours``.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from .holidays import holidays_of, is_known

#: datetime.date.weekday() of Saturday.
_SATURDAY = 5


def is_working_day(day: date, *, country: str) -> bool:
    """Neither a Saturday nor a Sunday, nor a public holiday of ``country`` (ISO 3166-1 alpha-2).

    >>> is_working_day(date(2026, 5, 4), country="JP"), is_working_day(date(2026, 5, 4), country="DE")
    (False, True)
    """
    return day.weekday() < _SATURDAY and day not in public_holidays(country, day.year)


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a whole country in a year, substitute days included; none of a country not known.

    >>> date(2026, 11, 23) in public_holidays("JP", 2026)
    True
    """
    return frozenset(holidays_of(country, "", year)) if is_known(country) else frozenset()
