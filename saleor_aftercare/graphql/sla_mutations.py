"""Changing what is promised: calendars and policies."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.hours.calendar import WEEKDAYS
from saleor_aftercare.core.ids import from_global_id, own_pk
from saleor_aftercare.inbox.sla import editing

from .core.context import Context
from .core.mutations import AftercareMutation
from .core.scalars import value_of
from .policies import editor
from .sla import CalendarType, PolicyType
from .sla_enums import SlaStandingEnum, SlaTargetEnum


def _staff(ctx: Context) -> Staff:
    editor(ctx)
    return ctx.staff()


class HoursInput(graphene.InputObjectType):
    """From a time of day to another, on one day of the week."""

    class Meta:
        name = "BusinessHoursInput"

    day = graphene.String(required=True, description="mon to sun.")
    start = graphene.String(required=True, description="Such as 09:00.")
    end = graphene.String(required=True, description="Such as 17:30, 24:00; before start: on the next day.")


class ClosureInput(graphene.InputObjectType):
    """Days, or a part of each of them, on which nobody works."""

    class Meta:
        name = "CalendarClosureInput"

    first = graphene.String(required=True, description="The first day, YYYY-MM-DD.")
    last = graphene.String(required=True, description="The last day, included.")
    start = graphene.String(description="Only from this time of day; together with end.")
    end = graphene.String(description="Only until this time of day.")
    name = graphene.String(description="For people.")


class OpeningInput(graphene.InputObjectType):
    """Open in addition."""

    class Meta:
        name = "CalendarOpeningInput"

    date = graphene.String(required=True, description="YYYY-MM-DD.")
    start = graphene.String(required=True, description="Such as 10:00.")
    end = graphene.String(required=True, description="Such as 14:00.")
    name = graphene.String(description="For people.")


class CalendarInput(graphene.InputObjectType):
    """When people work."""

    class Meta:
        name = "BusinessCalendarInput"

    version = graphene.Int(description="The version read; not for a new one.")
    name = graphene.String(required=True, description="1 to 100 characters, unique.")
    is_default = graphene.Boolean(required=True, description="The shop's own.")
    time_zone = graphene.String(required=True, description="IANA name.")
    always_open = graphene.Boolean(required=True, description="Round the clock; without hours then.")
    hours = graphene.List(graphene.NonNull(HoursInput), required=True, description="At most 24 a day.")
    holiday_country = graphene.String(description="ISO 3166-1; left out: holidays are worked.")
    holiday_subdivision = graphene.String(description="The second half of ISO 3166-2.")
    holiday_exceptions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Holidays that are worked: a date, a day of every year (12-26) or an English name.",
    )
    closures = graphene.List(graphene.NonNull(ClosureInput), required=True, description="At most 1000.")
    openings = graphene.List(graphene.NonNull(OpeningInput), required=True, description="At most 1000.")


class PolicyTargetInput(graphene.InputObjectType):
    """What is promised of one kind."""

    class Meta:
        name = "SlaPolicyTargetInput"

    target = graphene.Field(SlaTargetEnum, required=True, description="Once each.")
    minutes = graphene.Int(required=True, description="1 to 527040 (366 days).")
    in_working_time = graphene.Boolean(required=True, description="Only working time counts.")
    warn_before_minutes = graphene.Int(description="Less than minutes.")
    pause_on = graphene.List(
        graphene.NonNull(SlaStandingEnum),
        required=True,
        description="PENDING_CUSTOMER, PENDING_THIRD_PARTY, ON_HOLD, or fewer.",
    )


class PolicyInput(graphene.InputObjectType):
    """What is promised to some conversations."""

    class Meta:
        name = "SlaPolicyInput"

    version = graphene.Int(description="The version read; not for a new one.")
    name = graphene.String(required=True, description="1 to 100 characters, unique.")
    calendar_id = graphene.ID(description="Left out: the shop's own.")
    channels = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    priorities = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    languages = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    team_ids = graphene.List(graphene.NonNull(graphene.ID), required=True, description="Empty: any.")
    tags = graphene.List(graphene.NonNull(graphene.String), required=True, description="One of them; empty: any.")
    vip = graphene.Boolean(description="Left out: any.")
    targets = graphene.List(graphene.NonNull(PolicyTargetInput), required=True, description="What is promised.")


class BusinessCalendarSave(AftercareMutation):
    """Make or change a calendar; running conversations are worked out anew. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        id = graphene.ID(description="Left out: a new one.")
        input = CalendarInput(required=True, description="All of it.")

    calendar = graphene.Field(CalendarType, description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None) -> BusinessCalendarSave:
        staff = _staff(ctx)
        row = editing.save_calendar(
            staff.shop,
            pk=own_pk("BusinessCalendar", id) if id else None,
            version=input.get("version") or 0,
            name=input.name,
            document=_calendar_document(input),
            is_default=input.is_default,
            at=ctx.at,
            actor=staff.actor,
        )
        return cls(calendar=row)


class BusinessCalendarDelete(AftercareMutation):
    """Take away a calendar that no policy counts in. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        id = graphene.ID(required=True, description="Which.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> BusinessCalendarDelete:
        staff = _staff(ctx)
        editing.remove_calendar(staff.shop, pk=own_pk("BusinessCalendar", id), at=ctx.at, actor=staff.actor)
        return cls()


class SlaPolicySave(AftercareMutation):
    """Make a policy, or a new version of one; every running conversation is worked out anew.

    Needs MANAGE_SETTINGS or MANAGE_APPS.
    """

    class Arguments:
        id = graphene.ID(description="Left out: a new one, behind the others.")
        input = PolicyInput(required=True, description="All of it.")

    policy = graphene.Field(PolicyType, description="The version in force.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None) -> SlaPolicySave:
        staff = _staff(ctx)
        calendar = input.get("calendar_id")
        row = editing.save_policy(
            staff.shop,
            key=_key(id) if id else None,
            version=input.get("version") or 0,
            name=input.name,
            document=_policy_document(input),
            calendar_pk=own_pk("BusinessCalendar", calendar, field="calendarId") if calendar else None,
            at=ctx.at,
            actor=staff.actor,
        )
        return cls(policy=row)


class SlaPolicyRetire(AftercareMutation):
    """Let a policy hold no more; its versions stay known. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        id = graphene.ID(required=True, description="Which.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> SlaPolicyRetire:
        staff = _staff(ctx)
        editing.retire_policy(staff.shop, key=_key(id), at=ctx.at, actor=staff.actor)
        return cls()


class SlaPoliciesOrder(AftercareMutation):
    """Try the policies in another order. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        ids = graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="Every policy in force, once, the first first."
        )

    policies = graphene.List(graphene.NonNull(PolicyType), description="In their order.")

    @classmethod
    def perform(cls, ctx: Context, *, ids: list[str]) -> SlaPoliciesOrder:
        staff = _staff(ctx)
        keys = [_key(one, field="ids") for one in ids]
        return cls(policies=editing.order_policies(staff.shop, keys=keys, at=ctx.at, actor=staff.actor))


def _key(id: str, *, field: str = "id") -> uuid.UUID:
    try:
        return uuid.UUID(from_global_id("SlaPolicy", id, field=field))
    except ValueError:
        raise InvalidInput("Not an id of SlaPolicy.", field) from None


def _calendar_document(given: Any) -> dict[str, Any]:
    """The calendar as docs/sla-explain.md tells it; what is left out stays out, so that nothing is guessed."""
    document: dict[str, Any] = {"time_zone": given.time_zone}
    if given.always_open:
        document["always_open"] = True
    if given.hours or not given.always_open:
        hours: dict[str, list[dict[str, str]]] = {}
        for one in given.hours:
            if one.day not in WEEKDAYS:
                raise InvalidInput(_("Unknown: %(value)s.") % {"value": one.day[:20]}, "hours.day")
            hours.setdefault(one.day, []).append({"start": one.start, "end": one.end})
        document["hours"] = hours
    if country := given.get("holiday_country"):
        document["holidays"] = {"country": country, "except": given.holiday_exceptions}
        if part := given.get("holiday_subdivision"):
            document["holidays"]["subdivision"] = part
    document["closures"] = [_closure(one) for one in given.closures]
    document["openings"] = [_filled(one, ("date", "start", "end", "name")) for one in given.openings]
    return document


def _closure(given: Any) -> dict[str, Any]:
    days = {"date": given.first} if given.first == given.last else {"from": given.first, "to": given.last}
    return days | _filled(given, ("start", "end", "name"))


def _filled(given: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: given[name] for name in names if given.get(name)}


def _policy_document(given: Any) -> dict[str, Any]:
    when: dict[str, Any] = {
        name: values
        for name, values in (
            ("channel", given.channels),
            ("priority", given.priorities),
            ("language", given.languages),
            ("team", [str(own_pk("Team", one, field="teamIds")) for one in given.team_ids]),
            ("tags", [one.strip() for one in given.tags]),
        )
        if values
    }
    if given.get("vip") is not None:
        when["vip"] = given.vip
    targets: dict[str, Any] = {}
    for one in given.targets:
        kind = value_of(one.target)
        if kind in targets:
            raise InvalidInput(_("Each target stands there once."), "targets")
        targets[kind] = {
            "working_minutes" if one.in_working_time else "calendar_minutes": one.minutes,
            "pause_on": [value_of(state) for state in one.pause_on],
        }
        if one.get("warn_before_minutes") is not None:
            targets[kind]["warn_before_minutes"] = one.warn_before_minutes
    return {"targets": targets} | ({"when": when} if when else {})


class SlaMutations(graphene.ObjectType):
    """What is promised."""

    business_calendar_save = BusinessCalendarSave.Field()
    business_calendar_delete = BusinessCalendarDelete.Field()
    sla_policy_save = SlaPolicySave.Field()
    sla_policy_retire = SlaPolicyRetire.Field()
    sla_policies_order = SlaPoliciesOrder.Field()
