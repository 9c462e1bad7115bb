"""The clock on the wall: which offset from UTC holds where, and from when.

Everything is in whole seconds. Two changes of the offset within one UTC day that undo each other would go unseen;
no zone has had that.
"""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from saleor_aftercare.core.errors import InvalidInput

DAY = 86_400
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
#: Files beside the zones whose meaning depends on the machine.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """From ``start`` to ``end`` (UTC seconds, end excluded) the wall shows UTC plus ``offset`` seconds."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of this name; raises InvalidInput (field ``time_zone``) when there is none."""
    if name not in _NO_ZONES and _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # unknown, no zone file, a folder of zones
            pass
    raise InvalidInput(f'"{name}" is no IANA time zone, such as "Europe/Berlin"', "time_zone")


@lru_cache(maxsize=4096)
def offsets_in(name: str, year: int) -> tuple[OffsetSpan, ...]:
    """The offsets of a zone during a UTC year, in order and without a gap."""
    place = zone(name)

    def offset(at: int) -> int:
        delta = datetime.fromtimestamp(at, place).utcoffset()
        assert delta is not None, "a ZoneInfo always knows its offset"  # noqa: S101
        return delta.days * DAY + delta.seconds

    begin, end = year_start(year), year_start(year + 1)
    spans: list[OffsetSpan] = []
    start, held = begin, offset(begin)
    for day in range(begin, end, DAY):
        later = offset(day + DAY)
        if later == held:
            continue
        low, high = day, day + DAY  # the change lies in (low, high]
        while high - low > 1:
            middle = (low + high) // 2
            if offset(middle) == held:
                low = middle
            else:
                high = middle
        if high < end:
            spans.append(OffsetSpan(start, high, held))
            start, held = high, later
    spans.append(OffsetSpan(start, end, held))
    return tuple(spans)


@lru_cache(maxsize=512)
def year_start(year: int) -> int:
    """UTC seconds at which a year begins."""
    return timegm(datetime(year, 1, 1, tzinfo=UTC).utctimetuple())
