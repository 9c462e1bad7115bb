"""Public holidays by name, of a country or one of its subdivisions.

The days come from the ``holidays`` package (MIT), which knows the law of each country by year, substitute days
included. Names are English where the package has them, whatever language the machine speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from saleor_aftercare.core.errors import InvalidInput

#: The package knows the law of these years.
FIRST_YEAR = 1950
LAST_YEAR = 2100


@lru_cache(maxsize=2048)
def holidays_of(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """The holidays of a year that hold in the whole ``country`` (ISO 3166-1 alpha-2), or also in its ``subdivision``.

    ``subdivision`` is the second half of an ISO 3166-2 code, or empty. Years outside FIRST_YEAR to LAST_YEAR have none.
    Raises InvalidInput (field ``country`` or ``subdivision``) for a place that nobody knows.

    >>> holidays_of("DE", "BY", 2026)[date(2026, 1, 6)]
    'Epiphany'
    """
    check_place(country, subdivision)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return MappingProxyType({})
    import holidays

    days = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    # Some laws move a holiday into the neighbouring year.
    return MappingProxyType({day: name for day, name in sorted(days.items()) if day.year == year})


def is_known(country: str) -> bool:
    """Are the holidays of this country known?"""
    return country in _countries()


def countries_with_holidays() -> Mapping[str, list[str]]:
    """The countries whose holidays are known, each with its parts that have holidays of their own."""
    return _countries()


@lru_cache(maxsize=512)
def check_place(country: str, subdivision: str) -> None:
    """Raise InvalidInput unless holidays are known there."""
    import holidays

    known = _countries()
    if country not in known:
        raise InvalidInput(f'"{country}" is no country whose holidays are known (ISO 3166-1, such as "DE")', "country")
    if not subdivision:
        return
    try:
        holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        there = ", ".join(known[country]) or "none"
        message = f'"{subdivision}" is no subdivision of {country} with its own holidays; there are: {there}'
        raise InvalidInput(message, "subdivision") from None


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, list[str]]:
    import holidays

    return holidays.list_supported_countries(include_aliases=False)
