"""Changing what a shop promises. Every version stays known, and running conversations follow the newest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NoReturn

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.hours import BusinessCalendar, NoWorkingTime, read_calendar
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.reading import Place
from saleor_aftercare.inbox.events import CalendarRemoved, CalendarSaved, SlaPoliciesOrdered, SlaPolicySaved
from saleor_aftercare.inbox.models import TicketChannel
from saleor_aftercare.team.models import Team

from .documents import MAX_CALENDARS, MAX_POLICIES, read_policy
from .journal import PRIORITY_NAMES
from .models import BusinessCalendar as CalendarRow
from .models import SlaPolicy
from .policies import Measure, Policy, TargetKind
from .promises import calendar_from, policy_of
from .tasks import schedule_recompute

MAX_NAME: Final = 100
_TAKEN: Final = "default"


@transaction.atomic
def save_calendar(
    shop: Shop,
    *,
    pk: int | None,
    version: int,
    name: str,
    document: Mapping[str, Any],
    is_default: bool,
    at: datetime,
    actor: Actor,
) -> CalendarRow:
    """Make or change a calendar. The first one of a shop is its own; another takes its place with ``is_default``.

    Raises:
        InvalidInput: names the field, or the place in the document.
        Conflict: somebody else saved meanwhile.
        Refused: a policy's deadline would never come by these hours.
        NotFound: no such calendar in this shop.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    name = _name(name)
    rows = CalendarRow.objects.filter(shop=shop)
    if rows.exclude(pk__in=[] if pk is None else [pk]).filter(name__iexact=name).exists():
        raise InvalidInput(_("Another calendar has this name."), "name")
    calendar = read_calendar(Place(dict(document), ""))
    if pk is None:
        if rows.count() >= MAX_CALENDARS:
            raise Refused(_("There can be at most %(limit)d calendars.") % {"limit": MAX_CALENDARS})
        row = CalendarRow(shop=shop, version=0)
    else:
        row = _calendar(shop, pk)
        if row.version != version:
            _reload()
    _reaches(calendar, [one for one in _in_force(shop) if _counts_in(one, row, is_default=is_default)], at=at)
    others = rows.exclude(pk=row.pk).filter(is_default=True)
    row.is_default = is_default or row.is_default or not others.exists()
    if row.is_default:
        others.update(is_default=False)
    row.name, row.document, row.version = name, dict(document), row.version + 1
    row.save()
    saved = CalendarSaved(row.pk, name=name, version=row.version, is_default=row.is_default, document=row.document)
    publish(saved, shop=shop, at=at, actor=actor)
    schedule_recompute(shop, at=at)
    return row


@transaction.atomic
def remove_calendar(shop: Shop, *, pk: int, at: datetime, actor: Actor) -> None:
    """Take away a calendar that nothing counts in. Raises NotFound, or Refused while, or because, something does."""
    row = _calendar(shop, pk)
    if row.is_default and any(one.calendar_id is None and _works_by_hours(one) for one in _in_force(shop)):
        raise Refused(_("Policies count in this calendar. Make another one the shop's calendar first."))
    name = row.name
    try:
        row.delete()
    except ProtectedError:
        raise Refused(_("A policy counts in this calendar, or did once; deadlines of then must stay clear.")) from None
    if (next_row := CalendarRow.objects.filter(shop=shop).order_by("pk").first()) and row.is_default:
        CalendarRow.objects.filter(pk=next_row.pk).update(is_default=True)
    publish(CalendarRemoved(pk, name=name), shop=shop, at=at, actor=actor)
    schedule_recompute(shop, at=at)


@transaction.atomic
def save_policy(
    shop: Shop,
    *,
    key: uuid.UUID | None,
    version: int,
    name: str,
    document: Mapping[str, Any],
    calendar_pk: int | None,
    at: datetime,
    actor: Actor,
) -> SlaPolicy:
    """Put a new policy at the end, or a new version of one in its place.

    ``document`` has ``when`` and ``targets`` as docs/sla-explain.md tells; teams stand there by key, tags as they are
    compared. ``calendar_pk`` is None for the shop's own. Saving what is in force already makes no new version.

    Raises:
        InvalidInput: names the field, or the place in the document.
        Conflict: somebody else saved meanwhile.
        NotFound: no such policy or calendar in this shop.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    name = _name(name)
    if name.casefold() == _TAKEN:
        raise InvalidInput(_("This name belongs to the answer that every shop promises."), "name")
    in_force = _in_force(shop)
    old = None
    if key is not None:
        old = next((one for one in in_force if one.key == key), None)
        if old is None:
            raise NotFound(_("There is no such policy."), "id")
        if old.version != version:
            _reload()
    elif len(in_force) >= MAX_POLICIES:
        raise Refused(_("There can be at most %(limit)d policies.") % {"limit": MAX_POLICIES})
    if any(one.name.casefold() == name.casefold() and one is not old for one in in_force):
        raise InvalidInput(_("Another policy has this name."), "name")
    row = CalendarRow.objects.filter(shop=shop, is_default=True).first()
    if calendar_pk is not None:
        row = _calendar(shop, calendar_pk, field="calendarId")
    if "calendar" in document or "name" in document:
        raise InvalidInput(_("Name and calendar do not belong into the document."), "document")
    policy = read_policy(Place({**document, "name": name}, ""), calendars=(), has_own_calendar=row is not None)
    _check_conditions(shop, policy)
    if row is not None:
        _reaches(calendar_from(row.document), [policy], at=at)
    if old is not None and (old.name, old.document, old.calendar_id) == (name, dict(document), calendar_pk):
        return old
    saved = _put(
        shop,
        old,
        name=name,
        document=dict(document),
        calendar_pk=calendar_pk,
        position=old.position if old else max((one.position for one in in_force), default=-1) + 1,
        at=at,
    )
    publish(SlaPolicySaved(saved.pk, name=name, version=saved.version), shop=shop, at=at, actor=actor)
    schedule_recompute(shop, at=at)
    return saved


@transaction.atomic
def retire_policy(shop: Shop, *, key: uuid.UUID, at: datetime, actor: Actor) -> None:
    """A policy holds no more; its versions stay known. Raises NotFound."""
    old = next((one for one in _in_force(shop) if one.key == key), None)
    if old is None:
        raise NotFound(_("There is no such policy."), "id")
    SlaPolicy.objects.filter(pk=old.pk).update(replaced_at=at)
    publish(SlaPolicySaved(old.pk, name=old.name, version=old.version, retired=True), shop=shop, at=at, actor=actor)
    schedule_recompute(shop, at=at)


@transaction.atomic
def order_policies(shop: Shop, *, keys: Sequence[uuid.UUID], at: datetime, actor: Actor) -> list[SlaPolicy]:
    """Put the policies in force into this order; ``keys`` names every one of them once.

    Raises InvalidInput("ids") when it does not: somebody may have added or retired one meanwhile.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    held = {one.key: one for one in _in_force(shop)}
    if len(keys) != len(held) or set(keys) != set(held):
        raise InvalidInput(_("The policies are others now; reload and try again."), "ids")
    ordered: list[SlaPolicy] = []
    for position, key in enumerate(keys):
        old = held[key]
        ordered.append(
            old
            if old.position == position
            else _put(
                shop,
                old,
                name=old.name,
                document=old.document,
                calendar_pk=old.calendar_id,
                position=position,
                at=at,
            )
        )
    publish(SlaPoliciesOrdered(shop.pk, keys=[str(key) for key in keys]), shop=shop, at=at, actor=actor)
    schedule_recompute(shop, at=at)
    return ordered


def _put(
    shop: Shop,
    old: SlaPolicy | None,
    *,
    name: str,
    document: dict[str, Any],
    calendar_pk: int | None,
    position: int,
    at: datetime,
) -> SlaPolicy:
    if old is not None:
        SlaPolicy.objects.filter(pk=old.pk).update(replaced_at=at)
    return SlaPolicy.objects.create(
        shop=shop,
        key=old.key if old else uuid.uuid4(),
        version=old.version + 1 if old else 1,
        name=name,
        position=position,
        document=document,
        calendar_id=calendar_pk,
        created_at=at,
    )


# -- checks ----------------------------------------------------------------------------------------------------


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidInput(_("Between 1 and %(limit)d characters.") % {"limit": MAX_NAME}, "name")
    return name


def _reload() -> NoReturn:
    raise Conflict(_("Somebody else has saved these settings meanwhile; reload and try again."), "version")


def _calendar(shop: Shop, pk: int, *, field: str = "id") -> CalendarRow:
    row = CalendarRow.objects.select_for_update().filter(shop=shop, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such calendar."), field)
    return row


def _in_force(shop: Shop) -> list[SlaPolicy]:
    return list(SlaPolicy.objects.select_for_update().filter(shop=shop, replaced_at=None).order_by("position", "pk"))


def _works_by_hours(row: SlaPolicy) -> bool:
    policy = policy_of(row, has_own_calendar=True)
    targets = (policy.target(kind) for kind in TargetKind)
    return any(target is not None and target.measure is Measure.WORKING for target in targets)


def _counts_in(row: SlaPolicy, calendar: CalendarRow, *, is_default: bool) -> bool:
    if row.calendar_id is None:
        return is_default or calendar.is_default
    return row.calendar_id == calendar.pk


def _reaches(calendar: BusinessCalendar, policies: Sequence[SlaPolicy | Policy], *, at: datetime) -> None:
    """Refuse hours by which a deadline would never come."""
    try:
        calendar.next_working(at)
        for one in policies:
            policy = one if isinstance(one, Policy) else policy_of(one, has_own_calendar=True)
            for kind in TargetKind:
                target = policy.target(kind)
                if target is not None and target.measure is Measure.WORKING:
                    calendar.after_working(at, target.length)
    except NoWorkingTime:
        raise InvalidInput(_("By these hours a deadline would not come within ten years."), "hours") from None


def _check_conditions(shop: Shop, policy: Policy) -> None:
    """What a condition names must exist: a slip would make a policy that never holds."""
    for name, known in (
        ("channel", frozenset(TicketChannel.values)),
        ("priority", frozenset(PRIORITY_NAMES.values())),
        ("team", frozenset(str(pk) for pk in Team.objects.filter(shop=shop).values_list("pk", flat=True))),
    ):
        unknown = sorted(getattr(policy.when, name) - known)
        if unknown:
            raise InvalidInput(_("Unknown: %(value)s.") % {"value": unknown[0]}, f"when.{name}")
    if policy.when.customer:
        raise InvalidInput(_("A policy cannot name single customers; mark them as VIP."), "when.customer")
