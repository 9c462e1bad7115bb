"""Service levels: calendars, policies, the clocks of conversations, and why a deadline is what it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import graphene

from saleor_aftercare.core.holidays import countries_with_holidays, holidays_of
from saleor_aftercare.core.hours.calendar import WEEKDAYS
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.inbox.sla import queries
from saleor_aftercare.inbox.sla.models import BusinessCalendar, SlaClock, SlaPolicy
from saleor_aftercare.inbox.sla.policies import PENDING, TargetKind
from saleor_aftercare.inbox.sla.targets import TargetState

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk
from .core.scalars import DateTimeType, Node
from .sla_enums import SlaStandingEnum, SlaTargetEnum, SlaTargetStateEnum
from .sla_explanations import Explanation, explanation_of
from .threads import find_ticket
from .ticket_marks import internal


class HoursType(graphene.ObjectType):
    """From a time of day to another, on one day of the week."""

    class Meta:
        name = "BusinessHours"

    day = graphene.String(required=True, description="mon to sun.")
    start = graphene.String(required=True, description="Such as 09:00.")
    end = graphene.String(required=True, description="Such as 17:30, 24:00; before start: on the next day.")


class ClosureType(graphene.ObjectType):
    """Days, or a part of each of them, on which nobody works."""

    class Meta:
        name = "CalendarClosure"

    first = graphene.String(required=True, description="The first day, YYYY-MM-DD.")
    last = graphene.String(required=True, description="The last day, included.")
    start = graphene.String(description="Only from this time of day.")
    end = graphene.String(description="Only until this time of day.")
    name = graphene.String(required=True, description="For people; may be empty.")


class OpeningType(graphene.ObjectType):
    """Open in addition, whatever holiday or closure the day is."""

    class Meta:
        name = "CalendarOpening"

    date = graphene.String(required=True, description="YYYY-MM-DD.")
    start = graphene.String(required=True, description="Such as 10:00.")
    end = graphene.String(required=True, description="Such as 14:00.")
    name = graphene.String(required=True, description="For people; may be empty.")


class CalendarType(graphene.ObjectType):
    """When people of the shop work."""

    class Meta:
        name = "BusinessCalendar"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="For people.")
    version = graphene.Int(required=True, description="Send it back with a change.")
    is_default = graphene.Boolean(required=True, description="The shop's own: policies without another count in it.")
    time_zone = graphene.String(required=True, description="IANA name.")
    always_open = graphene.Boolean(required=True, description="Round the clock, but for holidays and closures.")
    hours = graphene.List(graphene.NonNull(HoursType), required=True, description="Monday first.")
    holiday_country = graphene.String(description="ISO 3166-1; null: holidays are worked.")
    holiday_subdivision = graphene.String(description="The second half of ISO 3166-2.")
    holiday_exceptions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Holidays that are worked all the same."
    )
    closures = graphene.List(graphene.NonNull(ClosureType), required=True, description="Own days off.")
    openings = graphene.List(graphene.NonNull(OpeningType), required=True, description="One-off openings.")

    @staticmethod
    def resolve_id(root: BusinessCalendar, _info: Any) -> str:
        return to_global_id("BusinessCalendar", root.pk)

    @staticmethod
    def resolve_time_zone(root: BusinessCalendar, _info: Any) -> Any:
        return root.document["time_zone"]

    @staticmethod
    def resolve_always_open(root: BusinessCalendar, _info: Any) -> bool:
        return bool(root.document.get("always_open"))

    @staticmethod
    def resolve_hours(root: BusinessCalendar, _info: Any) -> list[dict[str, Any]]:
        hours = root.document.get("hours") or {}
        return [{"day": day, **one} for day in WEEKDAYS for one in hours.get(day) or ()]

    @staticmethod
    def resolve_holiday_country(root: BusinessCalendar, _info: Any) -> Any:
        return (root.document.get("holidays") or {}).get("country")

    @staticmethod
    def resolve_holiday_subdivision(root: BusinessCalendar, _info: Any) -> Any:
        return (root.document.get("holidays") or {}).get("subdivision")

    @staticmethod
    def resolve_holiday_exceptions(root: BusinessCalendar, _info: Any) -> Any:
        return (root.document.get("holidays") or {}).get("except") or []

    @staticmethod
    def resolve_closures(root: BusinessCalendar, _info: Any) -> list[dict[str, Any]]:
        return [
            {
                "first": one.get("date") or one["from"],
                "last": one.get("date") or one["to"],
                "start": one.get("start"),
                "end": one.get("end"),
                "name": one.get("name") or "",
            }
            for one in root.document.get("closures") or ()
        ]

    @staticmethod
    def resolve_openings(root: BusinessCalendar, _info: Any) -> list[dict[str, Any]]:
        return [{**one, "name": one.get("name") or ""} for one in root.document.get("openings") or ()]


class PolicyTargetType(graphene.ObjectType):
    """What a policy promises of one kind."""

    class Meta:
        name = "SlaPolicyTarget"

    target = graphene.Field(SlaTargetEnum, required=True, description="What is promised.")
    minutes = graphene.Int(required=True, description="So many.")
    in_working_time = graphene.Boolean(required=True, description="Only working time counts; else the clock's.")
    warn_before_minutes = graphene.Int(description="People are warned so long before, counted likewise.")
    pause_on = graphene.List(
        graphene.NonNull(SlaStandingEnum), required=True, description="States in which the clock stands still."
    )


class PolicyType(graphene.ObjectType):
    """What is promised to some conversations; the first whose conditions all hold decides."""

    class Meta:
        name = "SlaPolicy"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque; the same for every version.")
    name = graphene.String(required=True, description="For people.")
    version = graphene.Int(required=True, description="Send it back with a change.")
    calendar = graphene.Field(CalendarType, description="Null: the shop's own.")
    channels = graphene.List(graphene.NonNull(graphene.String), required=True, description="Of these; empty: any.")
    priorities = graphene.List(graphene.NonNull(graphene.String), required=True, description="Of these; empty: any.")
    languages = graphene.List(graphene.NonNull(graphene.String), required=True, description="Of these; empty: any.")
    team_ids = graphene.List(graphene.NonNull(graphene.ID), required=True, description="Of these; empty: any.")
    tags = graphene.List(graphene.NonNull(graphene.String), required=True, description="One of them; empty: any.")
    vip = graphene.Boolean(description="Only important customers, or only others; null: any.")
    targets = graphene.List(graphene.NonNull(PolicyTargetType), required=True, description="What is promised.")

    @staticmethod
    def resolve_id(root: SlaPolicy, _info: Any) -> str:
        return to_global_id("SlaPolicy", root.key)

    @staticmethod
    def resolve_channels(root: SlaPolicy, _info: Any) -> list[str]:
        return _condition(root, "channel")

    @staticmethod
    def resolve_priorities(root: SlaPolicy, _info: Any) -> list[str]:
        return _condition(root, "priority")

    @staticmethod
    def resolve_languages(root: SlaPolicy, _info: Any) -> list[str]:
        return _condition(root, "language")

    @staticmethod
    def resolve_team_ids(root: SlaPolicy, _info: Any) -> list[str]:
        return [to_global_id("Team", pk) for pk in _condition(root, "team")]

    @staticmethod
    def resolve_tags(root: SlaPolicy, _info: Any) -> list[str]:
        return _condition(root, "tags")

    @staticmethod
    def resolve_vip(root: SlaPolicy, _info: Any) -> Any:
        return (root.document.get("when") or {}).get("vip")

    @staticmethod
    def resolve_targets(root: SlaPolicy, _info: Any) -> list[dict[str, Any]]:
        given: Mapping[str, Mapping[str, Any]] = root.document["targets"]
        return [
            {
                "target": kind.value,
                "minutes": one.get("working_minutes") or one.get("calendar_minutes"),
                "in_working_time": "working_minutes" in one,
                "warn_before_minutes": one.get("warn_before_minutes"),
                "pause_on": one.get("pause_on", sorted(PENDING)),
            }
            for kind in TargetKind
            if (one := given.get(kind.value))
        ]


def _condition(policy: SlaPolicy, name: str) -> list[str]:
    value = (policy.document.get("when") or {}).get(name) or []
    return [value] if isinstance(value, str) else list(value)


class ClockType(graphene.ObjectType):
    """How one target of a conversation stands."""

    class Meta:
        name = "SlaClock"

    target = graphene.Field(SlaTargetEnum, required=True, description="What was promised.")
    state = graphene.Field(SlaTargetStateEnum, required=True, description="How it stands, as last worked out.")
    policy_name = graphene.String(description="Whose promise; null: the answer that every shop promises.")
    started_at = graphene.Field(DateTimeType, required=True, description="Since when somebody waits.")
    due_at = graphene.Field(DateTimeType, description="By when; null while paused.")
    warn_at = graphene.Field(DateTimeType, description="From when on it is near.")
    stopped_at = graphene.Field(DateTimeType, description="When it was done; null while it is not.")

    @staticmethod
    def resolve_state(root: SlaClock, info: graphene.ResolveInfo) -> str:
        late = root.state == TargetState.RUNNING.value and root.due_at is not None and root.due_at < info.context.at
        return TargetState.BREACHED.value if late else root.state

    @staticmethod
    def resolve_policy_name(root: SlaClock, _info: Any) -> str | None:
        return root.policy.name if root.policy is not None else None


@bulk(Ticket, list[SlaClock])
def clocks_of(_ctx: Context, pks: Collection[int]) -> Mapping[int, list[SlaClock]]:
    """The clocks of each conversation."""
    found: dict[int, list[SlaClock]] = {}
    for clock in queries.clocks_of(pks):
        found.setdefault(clock.ticket_id, []).append(clock)
    return found


class DeadlinesOfTicket:
    """By when something is owed; staff only."""

    breach_at = graphene.Field(
        DateTimeType, description="The nearest moment at which a promise is broken, or was; null for none. Staff only."
    )
    clocks = graphene.List(
        graphene.NonNull(ClockType), required=True, description="What was promised, and how it stands. Staff only."
    )

    @staticmethod
    def resolve_breach_at(root: Any, info: graphene.ResolveInfo) -> datetime | None:
        row = internal(root, info)
        return row.breach_at if row else None

    @staticmethod
    def resolve_clocks(root: Any, info: graphene.ResolveInfo) -> list[SlaClock]:
        row = internal(root, info)
        return clocks_of(info.context, row.pk) if row else []


class HolidayCountry(graphene.ObjectType):
    """A country whose public holidays are known."""

    code = graphene.String(required=True, description="ISO 3166-1 alpha-2.")
    subdivisions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Parts with holidays of their own."
    )


class HolidayType(graphene.ObjectType):
    """A public holiday."""

    class Meta:
        name = "Holiday"

    date = graphene.String(required=True, description="YYYY-MM-DD.")
    name = graphene.String(required=True, description="In English.")


class SlaQueries(graphene.ObjectType):
    """Reading what is promised; staff with MANAGE_ORDERS."""

    business_calendars = graphene.List(
        graphene.NonNull(CalendarType), required=True, description="The shop's own first. Staff with MANAGE_ORDERS."
    )
    sla_policies = graphene.List(
        graphene.NonNull(PolicyType),
        required=True,
        description="Those in force, in the order in which they are tried. Staff with MANAGE_ORDERS.",
    )
    sla_explanation = graphene.Field(
        Explanation,
        ticket_id=graphene.ID(required=True, description="The conversation."),
        required=True,
        description="Why its deadlines are what they are. Staff with MANAGE_ORDERS.",
    )
    holiday_countries = graphene.List(
        graphene.NonNull(HolidayCountry), required=True, description="By code. Staff with MANAGE_ORDERS."
    )
    holidays = graphene.List(
        graphene.NonNull(HolidayType),
        country=graphene.String(required=True, description="ISO 3166-1 alpha-2."),
        subdivision=graphene.String(description="The second half of ISO 3166-2."),
        year=graphene.Int(required=True, description="1950 to 2100."),
        required=True,
        description="The public holidays of a year. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_business_calendars(_root: None, info: graphene.ResolveInfo) -> list[BusinessCalendar]:
        return queries.calendars_of(info.context.staff(MANAGE_ORDERS).shop)

    @staticmethod
    def resolve_sla_policies(_root: None, info: graphene.ResolveInfo) -> list[SlaPolicy]:
        return queries.policies_of(info.context.staff(MANAGE_ORDERS).shop)

    @staticmethod
    def resolve_sla_explanation(_root: None, info: graphene.ResolveInfo, *, ticket_id: str) -> dict[str, Any]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        ticket = find_ticket(ctx, ticket_id)
        return explanation_of(ticket, at=ctx.at)

    @staticmethod
    def resolve_holiday_countries(_root: None, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        info.context.staff(MANAGE_ORDERS)
        return [{"code": code, "subdivisions": parts} for code, parts in sorted(countries_with_holidays().items())]

    @staticmethod
    def resolve_holidays(
        _root: None, info: graphene.ResolveInfo, *, country: str, year: int, subdivision: str = ""
    ) -> list[dict[str, str]]:
        info.context.staff(MANAGE_ORDERS)
        found = holidays_of(country.upper(), subdivision or "", year)
        return [{"date": day.isoformat(), "name": name} for day, name in found.items()]
