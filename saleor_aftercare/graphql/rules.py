"""Rules: when something happens, if it is so, then do that; and trying one before it acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import graphene

from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.desk.models import Rule, RuleRun, RuleTrial, TrialState
from saleor_aftercare.desk.rules import engine, saving, trials
from saleor_aftercare.desk.rules.documents import (
    REFERENCES,
    STEP_REFERENCES,
    Condition,
    RuleDocument,
    Step,
    When,
)

from .core.context import MANAGE_ORDERS, Context
from .core.scalars import DateTimeType, Node, enum_from, value_of
from .team import MANAGE_SETTINGS

WhenEnum = enum_from(
    When,
    {
        "OPENED": "A conversation began.",
        "CUSTOMER_WROTE": "The customer wrote.",
        "STAFF_ANSWERED": "Somebody of the shop answered.",
        "NOTE_WRITTEN": "Somebody left a note.",
        "STATE_CHANGED": "Its state changed by a button, a rule or the clock.",
        "ASSIGNED": "Somebody else takes care of it.",
        "TEAM_CHANGED": "It stands in another queue.",
        "TAGGED": "Tags were put on or taken off.",
        "PRIORITIZED": "Its priority changed.",
        "SLA_WARNED": "An answer is due soon.",
        "SLA_BREACHED": "An answer is late.",
        "WAITED": "Nothing of `since` has happened for `waitHours`.",
    },
    "What a rule waits for.",
    "RuleEvent",
)
TrialStateEnum = enum_from(
    TrialState,
    {"RUNNING": "Under way.", "DONE": "Everything was looked at.", "STOPPED": "Somebody stopped it."},
    "How far a trial is.",
    "RuleTrialState",
)


def _told(kind: str | None, values: Sequence[str]) -> list[str]:
    """Values as clients know them: rows by their global ids."""
    return [to_global_id(kind, one) if kind and one.isdigit() else one for one in values]


def _meant(kind: str | None, values: Sequence[str], where: str, besides: Sequence[str] = ()) -> tuple[str, ...]:
    if kind is None:
        return tuple(values)
    return tuple(one if one in besides else str(own_pk(kind, one, field=where)) for one in values)


class RuleConditionType(graphene.ObjectType):
    """Something that has to be so."""

    class Meta:
        name = "RuleCondition"

    field = graphene.String(required=True, description="state, tag, text, …: see docs/rules.md.")
    op = graphene.String(required=True, description="any_of, contains, at_least, …")
    values = graphene.List(graphene.NonNull(graphene.String), required=True, description="Rows by global id.")

    @staticmethod
    def resolve_values(root: Condition, _info: Any) -> list[str]:
        return _told(REFERENCES.get(root.field), root.values)


class RuleStepType(graphene.ObjectType):
    """Something that is done."""

    class Meta:
        name = "RuleStep"

    do = graphene.String(required=True, description="assign, tag, reply, …: see docs/rules.md.")
    values = graphene.List(graphene.NonNull(graphene.String), required=True, description="Rows by global id.")

    @staticmethod
    def resolve_values(root: Step, _info: Any) -> list[str]:
        return _told(STEP_REFERENCES.get(root.do), root.values)


class RuleType(graphene.ObjectType):
    """A rule in force."""

    class Meta:
        name = "Rule"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="The same for all versions.")
    version = graphene.Int(required=True, description="Send it back with a change.")
    name = graphene.String(required=True, description="For staff.")
    enabled = graphene.Boolean(required=True, description="Whether it acts.")
    when = graphene.List(graphene.NonNull(WhenEnum), required=True, description="When it looks.")
    since = graphene.Field(WhenEnum, required=True, description="What WAITED counts from.")
    wait_hours = graphene.Int(required=True, description="Of WAITED.")
    any_is_enough = graphene.Boolean(required=True, description="One condition that holds; else all have to.")
    conditions = graphene.List(graphene.NonNull(RuleConditionType), required=True, description="If.")
    steps = graphene.List(graphene.NonNull(RuleStepType), required=True, description="Then, in this order.")
    stop = graphene.Boolean(required=True, description="Later rules do not see the event any more.")

    @staticmethod
    def resolve_id(root: Rule, _info: Any) -> str:
        return str(root.key)

    @staticmethod
    def resolve_when(root: Rule, _info: Any) -> list[When]:
        return list(RuleDocument.from_json(root.document).when)

    @staticmethod
    def resolve_since(root: Rule, _info: Any) -> When:
        return RuleDocument.from_json(root.document).since

    @staticmethod
    def resolve_wait_hours(root: Rule, _info: Any) -> int:
        return RuleDocument.from_json(root.document).wait_h

    @staticmethod
    def resolve_any_is_enough(root: Rule, _info: Any) -> bool:
        return RuleDocument.from_json(root.document).any_is_enough

    @staticmethod
    def resolve_conditions(root: Rule, _info: Any) -> list[Condition]:
        return list(RuleDocument.from_json(root.document).conditions)

    @staticmethod
    def resolve_steps(root: Rule, _info: Any) -> list[Step]:
        return list(RuleDocument.from_json(root.document).steps)

    @staticmethod
    def resolve_stop(root: Rule, _info: Any) -> bool:
        return RuleDocument.from_json(root.document).stop


class RuleStepDone(graphene.ObjectType):
    """A step of a run, and what came of it."""

    do = graphene.String(required=True, description="As in RuleStep.")
    problem = graphene.String(required=True, description="Why it could not be done; empty: it was.")


class RuleRunType(graphene.ObjectType):
    """A rule acted on a conversation."""

    class Meta:
        name = "RuleRun"

    rule_name = graphene.String(required=True, description="As it was called then.")
    version = graphene.Int(required=True, description="Of the rule then.")
    ticket_number = graphene.Int(required=True, description="On which conversation.")
    at = graphene.Field(DateTimeType, required=True, description="When.")
    steps = graphene.List(graphene.NonNull(RuleStepDone), required=True, description="What it did.")

    @staticmethod
    def resolve_rule_name(root: RuleRun, _info: Any) -> str:
        return root.rule.name

    @staticmethod
    def resolve_version(root: RuleRun, _info: Any) -> int:
        return root.rule.version

    @staticmethod
    def resolve_ticket_number(root: RuleRun, _info: Any) -> int:
        return root.ticket.number

    @staticmethod
    def resolve_steps(root: RuleRun, _info: Any) -> list[dict[str, Any]]:
        return list(root.done)


class RuleTrialMatch(graphene.ObjectType):
    """A past conversation that a rule would have acted on, and when first."""

    ticket_number = graphene.Int(required=True, description="Which.")
    subject = graphene.String(required=True, description="What it is about.")
    when = graphene.Field(WhenEnum, required=True, description="What happened.")
    at = graphene.Field(DateTimeType, required=True, description="When.")

    @staticmethod
    def resolve_ticket_number(root: dict[str, Any], _info: Any) -> int:
        return int(root["number"])

    @staticmethod
    def resolve_when(root: dict[str, Any], _info: Any) -> When:
        return When(root["when"])

    @staticmethod
    def resolve_at(root: dict[str, Any], _info: Any) -> datetime:
        return datetime.fromisoformat(root["at"])


class RuleTrialType(graphene.ObjectType):
    """What a rule would have done to past conversations. Nothing was changed."""

    class Meta:
        name = "RuleTrial"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    state = graphene.Field(TrialStateEnum, required=True, description="How far it is.")
    total = graphene.Int(required=True, description="Conversations to look at, at most 5,000.")
    looked_at = graphene.Int(required=True, description="Of them so far.")
    matched = graphene.Int(required=True, description="Which the rule would have acted on.")
    matches = graphene.List(graphene.NonNull(RuleTrialMatch), required=True, description="The newest 100 of them.")

    @staticmethod
    def resolve_id(root: RuleTrial, _info: Any) -> str:
        return to_global_id("RuleTrial", root.pk)

    @staticmethod
    def resolve_matches(root: RuleTrial, _info: Any) -> list[dict[str, Any]]:
        return list(root.found)


class RuleQueries(graphene.ObjectType):
    """Reading rules."""

    rules = graphene.List(graphene.NonNull(RuleType), required=True, description="In their order. MANAGE_ORDERS.")
    rule_runs = graphene.List(
        graphene.NonNull(RuleRunType),
        rule_id=graphene.ID(description="Of one rule only."),
        required=True,
        description="What rules did lately, newest first, at most 50. MANAGE_ORDERS.",
    )
    rule_trial = graphene.Field(
        RuleTrialType,
        id=graphene.ID(required=True, description="The trial."),
        required=True,
        description="How far a trial is. Administrators.",
    )

    @staticmethod
    def resolve_rules(_root: None, info: graphene.ResolveInfo) -> list[Rule]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return engine.rules_of(ctx.shop)

    @staticmethod
    def resolve_rule_runs(_root: None, info: graphene.ResolveInfo, *, rule_id: str | None = None) -> list[RuleRun]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return saving.runs_of(ctx.shop, key=rule_id, limit=50)

    @staticmethod
    def resolve_rule_trial(_root: None, info: graphene.ResolveInfo, *, id: str) -> RuleTrial:
        ctx: Context = info.context
        ctx.staff(MANAGE_SETTINGS)
        return trials.get_trial(ctx.shop, own_pk("RuleTrial", id))


def document_of(given: Any) -> RuleDocument:
    """The rule that somebody sent, not checked yet but for its ids; raises InvalidInput."""
    conditions = [
        Condition(
            one.field,
            one.op,
            _meant(REFERENCES.get(one.field), one["values"], f"conditions.{n}.values", besides=("",)),
        )
        for n, one in enumerate(given.conditions)
    ]
    steps = [
        Step(
            one.do,
            _meant(STEP_REFERENCES.get(one.do), one["values"], f"steps.{n}.values", besides=("assignee", "team")),
        )
        for n, one in enumerate(given.steps)
    ]
    return RuleDocument(
        when=tuple(map(When, value_of(given.when))),
        conditions=tuple(conditions),
        steps=tuple(steps),
        any_is_enough=bool(given.any_is_enough),
        stop=bool(given.stop),
        since=When(value_of(given.since)),
        wait_h=given.wait_hours,
    )
