"""What a shop promises, from its rows: policies in their order, calendars by key, and the hours of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import orjson
from django.db import connection

from saleor_aftercare.core.hours import BusinessCalendar, read_calendar
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.reading import Place

from .documents import read_policy
from .history import Rules
from .models import BusinessCalendar as CalendarRow
from .models import SlaPolicy
from .policies import Policy, default_policy


@dataclass(frozen=True, slots=True)
class Promises:
    """The rules of a shop, and the row of each policy by its name."""

    rules: Rules
    rows: Mapping[str, SlaPolicy]

    @property
    def has_policies(self) -> bool:
        """Something beyond the answer within so many hours is promised."""
        return bool(self.rows)

    @property
    def plain(self) -> Rules:
        """The answer within so many hours alone."""
        return Rules(default=self.rules.default)


def promises_of(shop: Shop, *, shown: Mapping[str, str] | None = None) -> Promises:
    """What holds in a shop now.

    ``shown`` gives teams the names that people read, and has calendars called by theirs; without it they are keys.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [shop.pk])
        hours, is_all = cursor.fetchone()
    if is_all:
        return Promises(Rules(default=default_policy(hours)), {})
    rows = list(SlaPolicy.objects.filter(shop=shop, replaced_at=None).order_by("position", "pk"))
    calendars = list(CalendarRow.objects.filter(shop=shop))
    own = next((calendar_from(one.document) for one in calendars if one.is_default), None)
    policies = [policy_of(row, has_own_calendar=own is not None) for row in rows]
    called = {str(one.pk): str(one.pk) if shown is None else one.name for one in calendars}
    if shown is not None:
        policies = [_shown(one, shown, called) for one in policies]
    rules = Rules(
        policies=policies,
        default=default_policy(hours),
        calendar=own,
        calendars={called[str(one.pk)]: calendar_from(one.document) for one in calendars},
    )
    return Promises(rules, {row.name: row for row in rows})


#: The hours of the settings, and whether they are all that is promised, as in most shops; every change asks for it.
_PLAIN: Final = """
SELECT s.answer_within_hours, NOT EXISTS (
  SELECT FROM aftercare_slapolicy AS p WHERE p.shop_id = s.shop_id AND p.replaced_at IS NULL
) FROM aftercare_shopsettings AS s WHERE s.shop_id = %s
"""


def policy_of(row: SlaPolicy, *, has_own_calendar: bool) -> Policy:
    """A policy's row as the arithmetic takes it."""
    policy = _policy(orjson.dumps(row.document), row.name, has_own_calendar or row.calendar_id is not None)
    return replace(policy, calendar=None if row.calendar_id is None else str(row.calendar_id))


def calendar_from(document: Mapping[str, Any]) -> BusinessCalendar:
    """A stored calendar; the same one for the same document, because it remembers the years it worked out."""
    return _calendar(orjson.dumps(document, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=512)
def _calendar(raw: bytes) -> BusinessCalendar:
    return read_calendar(Place(orjson.loads(raw), "calendar"))


@lru_cache(maxsize=1024)
def _policy(raw: bytes, name: str, has_calendar: bool) -> Policy:
    place = Place(orjson.loads(raw) | {"name": name}, "policy")
    return read_policy(place, calendars=(), has_own_calendar=has_calendar)


def _shown(policy: Policy, teams: Mapping[str, str], calendars: Mapping[str, str]) -> Policy:
    when = replace(policy.when, team=frozenset(teams.get(one, one) for one in policy.when.team))
    return replace(policy, when=when, calendar=None if policy.calendar is None else calendars[policy.calendar])
