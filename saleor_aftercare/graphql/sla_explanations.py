"""Why a deadline is what it is: the policy, the time that was counted, the pauses and the days off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import graphene

from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.inbox.sla import queries
from saleor_aftercare.inbox.sla.explain import days_off
from saleor_aftercare.inbox.sla.policies import Measure
from saleor_aftercare.inbox.sla.targets import Counted, Pause, TargetReport

from .core.scalars import DateTimeType
from .sla_enums import SlaStandingEnum, SlaTargetEnum, SlaTargetStateEnum

#: Longest lists of an explanation; the figures beside them are of everything.
MOST_INTERVALS = 100


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
