"""Service levels: calendars, policies, the clocks of conversations, and why a deadline is what it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import graphene

from saleor_aftercare.core.holidays import countries_with_holidays, holidays_of
from saleor_aftercare.core.hours.calendar import WEEKDAYS
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.inbox.sla import queries
from saleor_aftercare.inbox.sla.explain import days_off
from saleor_aftercare.inbox.sla.models import BusinessCalendar, SlaClock, SlaPolicy
from saleor_aftercare.inbox.sla.policies import PENDING, Measure, TargetKind
from saleor_aftercare.inbox.sla.targets import Counted, Pause, TargetReport, TargetState

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk
from .core.scalars import DateTimeType, Node
from .sla_enums import SlaStandingEnum, SlaTargetEnum, SlaTargetStateEnum
from .threads import find_ticket
from .ticket_marks import internal

#: Longest lists of an explanation; the figures beside them are of everything.
MOST_INTERVALS = 100


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


@bulk(Ticket, default=list)
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


# -- why -------------------------------------------------------------------------------------------------------


class IntervalType(graphene.ObjectType):
    """A stretch of time that was counted."""

    class Meta:
        name = "SlaInterval"

    start = graphene.Field(DateTimeType, required=True, description="From then.")
    end = graphene.Field(DateTimeType, required=True, description="Until then, not included.")
    seconds = graphene.Int(required=True, description="How long.")

    @staticmethod
    def resolve_start(root: Counted, _info: Any) -> datetime:
        return root.interval.start

    @staticmethod
    def resolve_end(root: Counted, _info: Any) -> datetime:
        return root.interval.end

    @staticmethod
    def resolve_seconds(root: Counted, _info: Any) -> int:
        return int(root.interval.length.total_seconds())


class PauseType(graphene.ObjectType):
    """A stretch of time in which the clock stood still."""

    class Meta:
        name = "SlaPause"

    start = graphene.Field(DateTimeType, required=True, description="From then.")
    end = graphene.Field(DateTimeType, description="Until then; null: it still does.")
    standing = graphene.Field(SlaStandingEnum, required=True, description="Why.")

    @staticmethod
    def resolve_standing(root: Pause, _info: Any) -> str:
        return root.standing.value


class TargetExplanation(graphene.ObjectType):
    """One target of one conversation, with the time that was counted."""

    class Meta:
        name = "SlaTargetExplanation"

    target = graphene.Field(SlaTargetEnum, required=True, description="What was promised.")
    state = graphene.Field(SlaTargetStateEnum, required=True, description="How it stands.")
    minutes = graphene.Int(description="How many were promised; null where nothing is.")
    in_working_time = graphene.Boolean(description="Only working time counts.")
    started_at = graphene.Field(DateTimeType, description="Since when somebody waits.")
    due_at = graphene.Field(DateTimeType, description="By when.")
    stopped_at = graphene.Field(DateTimeType, description="When it was done.")
    elapsed_seconds = graphene.Int(description="Counted so far.")
    remaining_seconds = graphene.Int(description="Left; 0 when overdue, null when done.")
    pauses = graphene.List(graphene.NonNull(PauseType), required=True, description="Not counted.")
    intervals = graphene.List(
        graphene.NonNull(IntervalType), required=True, description="Counted up to the deadline, at most 100."
    )

    @staticmethod
    def resolve_target(root: TargetReport, _info: Any) -> str:
        return root.kind.value

    @staticmethod
    def resolve_state(root: TargetReport, _info: Any) -> str:
        return root.state.value

    @staticmethod
    def resolve_minutes(root: TargetReport, _info: Any) -> int | None:
        return root.target.minutes if root.target else None

    @staticmethod
    def resolve_in_working_time(root: TargetReport, _info: Any) -> bool | None:
        return root.target.measure is Measure.WORKING if root.target else None

    @staticmethod
    def resolve_elapsed_seconds(root: TargetReport, _info: Any) -> int | None:
        return int(root.elapsed.total_seconds()) if root.target else None

    @staticmethod
    def resolve_remaining_seconds(root: TargetReport, _info: Any) -> int | None:
        return None if root.remaining is None else int(root.remaining.total_seconds())

    @staticmethod
    def resolve_intervals(root: TargetReport, _info: Any) -> list[Counted]:
        return (root.counted_until_due() or root.counted())[:MOST_INTERVALS]


class DayOff(graphene.ObjectType):
    """A holiday or a closure on the way to a deadline."""

    class Meta:
        name = "SlaDayOff"

    date = graphene.String(required=True, description="YYYY-MM-DD.")
    name = graphene.String(required=True, description="What it is; may be empty.")


class Explanation(graphene.ObjectType):
    """What the deadlines of a conversation follow from."""

    class Meta:
        name = "SlaExplanation"

    policy_name = graphene.String(description="Which policy decides; null: the answer that every shop promises.")
    calendar_name = graphene.String(description="In which calendar its time is counted; null: the shop's own.")
    time_zone = graphene.String(required=True, description="Of that calendar; UTC where none is needed.")
    targets = graphene.List(graphene.NonNull(TargetExplanation), required=True, description="The three kinds.")
    days_off = graphene.List(graphene.NonNull(DayOff), required=True, description="Not worked on the way.")


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


def explanation_of(ticket: Ticket, *, at: datetime) -> dict[str, Any]:
    """What `Explanation` shows of a ticket."""
    question, report = queries.question_of(ticket, at=at)
    regime = report.regime
    default = question.rules.default
    days = days_off(report, regime.calendar.tz if regime.calendar is not None else UTC)
    return {
        "policy_name": None if regime.choice.policy.name == default.name else regime.choice.policy.name,
        "calendar_name": regime.calendar_name,
        "time_zone": regime.calendar.time_zone if regime.calendar is not None else "UTC",
        "targets": report.targets,
        "days_off": [{"date": day.isoformat(), "name": name} for day, name in days],
    }
