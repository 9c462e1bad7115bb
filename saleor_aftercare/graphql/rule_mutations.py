"""Deciding about rules, and trying them."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import Q

from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.desk.rules import saving, trials
from saleor_aftercare.desk.rules.documents import When

from .core.context import Context
from .core.mutations import AftercareMutation
from .rules import RuleTrialType, RuleType, WhenEnum, document_of
from .team import MANAGE_SETTINGS
from .threads import one_ticket


class RuleConditionInput(graphene.InputObjectType):
    """Something that has to be so."""

    field = graphene.String(required=True, description="As in RuleCondition.")
    op = graphene.String(required=True, description="As in RuleCondition.")
    values = graphene.List(graphene.NonNull(graphene.String), default_value=[], description="Rows by global id.")


class RuleStepInput(graphene.InputObjectType):
    """Something that is done."""

    do = graphene.String(required=True, description="As in RuleStep.")
    values = graphene.List(graphene.NonNull(graphene.String), default_value=[], description="Rows by global id.")


class RuleInput(graphene.InputObjectType):
    """A rule as it is to be."""

    when = graphene.List(graphene.NonNull(WhenEnum), required=True, description="When it looks.")
    since = graphene.Field(WhenEnum, default_value=When.CUSTOMER_WROTE, description="What WAITED counts from.")
    wait_hours = graphene.Int(default_value=24, description="Of WAITED.")
    any_is_enough = graphene.Boolean(default_value=False, description="One condition that holds; else all have to.")
    conditions = graphene.List(graphene.NonNull(RuleConditionInput), default_value=[], description="If.")
    steps = graphene.List(graphene.NonNull(RuleStepInput), required=True, description="Then, in this order.")
    stop = graphene.Boolean(default_value=False, description="Later rules do not see the event any more.")


class RuleSave(AftercareMutation):
    """Make a rule, or the next version of one."""

    class Arguments:
        id = graphene.ID(description="The rule; omitted: a new one.")
        version = graphene.Int(description="Of the rule that was changed.")
        name = graphene.String(required=True, description="For staff; up to 100 characters.")
        input = RuleInput(required=True, description="As it is to be.")

    permissions = (MANAGE_SETTINGS,)
    rule = graphene.Field(RuleType, description="As it stands now.")

    @classmethod
    def perform(
        cls, ctx: Context, *, name: str, input: Any, id: str | None = None, version: int | None = None
    ) -> RuleSave:
        document = document_of(input)
        return cls(rule=saving.save_rule(ctx.shop, key=id, version=version, name=name, document=document, at=ctx.at))


class RuleEnable(AftercareMutation):
    """Let a rule act, or rest."""

    class Arguments:
        id = graphene.ID(required=True, description="The rule.")
        enabled = graphene.Boolean(required=True, description="Whether it acts.")

    permissions = (MANAGE_SETTINGS,)
    rule = graphene.Field(RuleType, description="As it stands now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, enabled: bool) -> RuleEnable:
        return cls(rule=saving.enable_rule(ctx.shop, key=id, enabled=enabled))


class RuleMove(AftercareMutation):
    """Put a rule at another place of the list."""

    class Arguments:
        id = graphene.ID(required=True, description="The rule.")
        to = graphene.Int(required=True, description="1 is the first place.")

    permissions = (MANAGE_SETTINGS,)
    rules = graphene.List(graphene.NonNull(RuleType), description="All of them in their order.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, to: int) -> RuleMove:
        return cls(rules=saving.move_rule(ctx.shop, key=id, to=to))


class RuleDelete(AftercareMutation):
    """Give a rule up; what it did stays known."""

    class Arguments:
        id = graphene.ID(required=True, description="The rule.")

    permissions = (MANAGE_SETTINGS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> RuleDelete:
        saving.delete_rule(ctx.shop, key=id, at=ctx.at)
        return cls()


class RuleTest(AftercareMutation):
    """Whether a rule would act on one conversation as it is now. Changes nothing."""

    class Arguments:
        number = graphene.Int(required=True, description="Of the ticket.")
        input = RuleInput(required=True, description="The rule.")

    permissions = (MANAGE_SETTINGS,)
    acts = graphene.Boolean(description="Whether it would.")
    conditions = graphene.List(graphene.NonNull(graphene.Boolean), description="Whether each condition is so.")

    @classmethod
    def perform(cls, ctx: Context, *, number: int, input: Any) -> RuleTest:
        ticket = one_ticket(ctx, Q(number=number), "number")
        acts, conditions = trials.try_on_one(ctx.shop, document_of(input), ticket, at=ctx.at)
        return cls(acts=acts, conditions=conditions)


class RuleTrialStart(AftercareMutation):
    """Look what a rule would have done to the conversations of the last days. Changes nothing."""

    class Arguments:
        days = graphene.Int(required=True, description="1 to 90.")
        input = RuleInput(required=True, description="The rule.")

    permissions = (MANAGE_SETTINGS,)
    trial = graphene.Field(RuleTrialType, description="Under way.")

    @classmethod
    def perform(cls, ctx: Context, *, days: int, input: Any) -> RuleTrialStart:
        return cls(trial=trials.start_trial(ctx.staff().member, document_of(input), days=days, at=ctx.at))


class RuleTrialStop(AftercareMutation):
    """It is enough; what was found stays."""

    class Arguments:
        id = graphene.ID(required=True, description="The trial.")

    permissions = (MANAGE_SETTINGS,)
    trial = graphene.Field(RuleTrialType, description="Stopped.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> RuleTrialStop:
        return cls(trial=trials.stop_trial(trials.get_trial(ctx.shop, own_pk("RuleTrial", id)), at=ctx.at))


class RuleMutations(graphene.ObjectType):
    """Deciding about rules."""

    rule_save = RuleSave.Field()
    rule_enable = RuleEnable.Field()
    rule_move = RuleMove.Field()
    rule_delete = RuleDelete.Field()
    rule_test = RuleTest.Field()
    rule_trial_start = RuleTrialStart.Field()
    rule_trial_stop = RuleTrialStop.Field()
