"""Macros: the list, what one would do now, doing exactly that, and editing."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.connection.auth import confirm_staff
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.desk import macros
from saleor_aftercare.desk.macro_steps import MONEY, Scene, Step, StepPlan
from saleor_aftercare.desk.models import Macro, MacroRun
from saleor_aftercare.inbox.models import Ticket

from .compensation import HANDLE_PAYMENTS
from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import MoneyType, Node, enum_of, value_of
from .drafts import TextInLanguage, TextInLanguageInput
from .inbox import TicketType
from .threads import find_ticket

MacroStepKindEnum = enum_of(
    "MacroStepKind",
    {
        "REPLY": "Answer the customer; texts.",
        "NOTE": "Add a note; texts.",
        "STATE": "Make a move: one value, of ticket.actions.",
        "SNOOZE": "Put it off: one value, hours.",
        "TAG": "Mark it: names of tags.",
        "UNTAG": "Take marks off: names of tags.",
        "ASSIGN": "Give it to somebody: one value, the key of a member, or “me”.",
        "TEAM": "Put it into a queue: one value, the key of a team.",
        "PRIORITY": "Change its priority: one value, 0 (low) to 3 (urgent).",
        "FIELD": "Fill in a field: its key and the value.",
        "APPROVE_RETURN": "Approve its newest return that waits for it.",
        "DECLINE_RETURN": "Decline that; texts for the customer.",
        "ASK_ABOUT_RETURN": "Ask the customer about it; texts.",
        "SETTLE_RETURN": "Give what is due for its newest return that can be settled.",
        "GIVE_CREDIT": "Give store credit for its order: an amount and its currency, or a share of the price and “%”.",
        "GIVE_REFUND": "Refund so much of its order, though nothing comes back; values as for GIVE_CREDIT.",
        "ACCEPT_REPAIR": "Accept its newest repair request.",
        "DECLINE_REPAIR": "Decline that; texts for the customer.",
        "ACCEPT_PART": "Accept its newest spare-part request.",
        "DECLINE_PART": "Decline that; texts for the customer.",
    },
    "What a step of a macro does.",
)
MacroStepStateEnum = enum_of(
    "MacroStepState",
    {
        "PENDING": "Waits for those before it.",
        "RUNNING": "Being done.",
        "DONE": "Done.",
        "FAILED": "Could not be done; those behind it wait.",
    },
    "How far a step is.",
)


class MacroStepType(graphene.ObjectType):
    """One step of a macro."""

    class Meta:
        name = "MacroStep"

    do = graphene.Field(MacroStepKindEnum, required=True, description="What it does.")
    values = graphene.List(graphene.NonNull(graphene.String), required=True, description="With what; see its kind.")
    texts = graphene.List(graphene.NonNull(TextInLanguage), required=True, description="Its words, by language.")

    @staticmethod
    def resolve_do(root: Step, _info: Any) -> str:
        return root.do.upper()

    @staticmethod
    def resolve_values(root: Step, _info: Any) -> list[str]:
        return [_shown(root, one) for one in root.values]

    @staticmethod
    def resolve_texts(root: Step, _info: Any) -> list[TextInLanguage]:
        return [TextInLanguage(language=one, text=text) for one, text in sorted(root.texts.items())]


#: Steps whose value names a row: its kind in global ids.
_REFERENCES = {"assign": "StaffMember", "team": "Team"}


def _shown(step: Step, value: str) -> str:
    return to_global_id(_REFERENCES[step.do], int(value)) if step.do in _REFERENCES and value.isdigit() else value


class MacroType(graphene.ObjectType):
    """Steps that are done together."""

    class Meta:
        name = "Macro"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="What it is called.")
    steps = graphene.List(graphene.NonNull(MacroStepType), required=True, description="In their order.")
    used = graphene.Int(required=True, description="How often it was run.")
    version = graphene.Int(required=True, description="Say it when you save.")

    @staticmethod
    def resolve_id(root: Macro, _info: Any) -> str:
        return to_global_id("Macro", root.pk)

    @staticmethod
    def resolve_steps(root: Macro, _info: Any) -> list[Step]:
        return macros.steps_of(root)


class MacroStepPlan(graphene.ObjectType):
    """What a step would do to a conversation now."""

    do = graphene.Field(MacroStepKindEnum, required=True, description="What kind of step it is.")
    summary = graphene.String(required=True, description="In a line, in the asking person's language.")
    detail = graphene.String(required=True, description="The whole text of an answer or a note; else empty.")
    moves_money = graphene.Boolean(required=True, description="Somebody gets money by it.")
    amount = graphene.Field(MoneyType, description="How much.")
    problem = graphene.String(required=True, description="Why it cannot be done; empty when it can.")

    @staticmethod
    def resolve_do(root: StepPlan, _info: Any) -> str:
        return root.do.upper()

    @staticmethod
    def resolve_amount(root: StepPlan, _info: Any) -> Money | None:
        return root.amount


class MacroPlan(graphene.ObjectType):
    """What a macro would do to a conversation now; nothing was changed."""

    macro = graphene.Field(MacroType, required=True, description="The macro.")
    steps = graphene.List(graphene.NonNull(MacroStepPlan), required=True, description="In their order.")
    moves_money = graphene.Boolean(required=True, description="Somebody gets money by it.")
    possible = graphene.Boolean(required=True, description="Every step can be done.")
    fingerprint = graphene.String(required=True, description="Of all that is shown here; say it to run it.")


class MacroRunStep(graphene.ObjectType):
    """What became of a step."""

    summary = graphene.String(required=True, description="As it was shown.")
    state = graphene.Field(MacroStepStateEnum, required=True, description="How far it is.")
    error = graphene.String(required=True, description="Why it failed; else empty.")

    @staticmethod
    def resolve_state(root: dict[str, Any], _info: Any) -> str:
        return str(root["state"]).upper()


class MacroRunType(graphene.ObjectType):
    """A macro was run on a conversation."""

    class Meta:
        name = "MacroRun"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    steps = graphene.List(graphene.NonNull(MacroRunStep), required=True, description="Each with its result.")
    done = graphene.Boolean(required=True, description="All of them are done.")

    @staticmethod
    def resolve_id(root: MacroRun, _info: Any) -> str:
        return to_global_id("MacroRun", root.pk)

    @staticmethod
    def resolve_done(root: MacroRun, _info: Any) -> bool:
        return all(one["state"] == "done" for one in root.steps)


def _scene(ctx: Context, ticket: Ticket) -> Scene:
    staff = ctx.staff(MANAGE_ORDERS)
    return Scene(
        ticket=ticket,
        staff=staff.member,
        actor=staff.actor,
        access=ctx.access,
        may_pay=staff.may(HANDLE_PAYMENTS),
        at=ctx.at,
    )


def _moves_money(steps: list[Step]) -> bool:
    return any(one.do in MONEY for one in steps)


class MacroQueries(graphene.ObjectType):
    """Macros."""

    macros = graphene.List(
        graphene.NonNull(MacroType),
        required=True,
        description="The shop's macros, by name; 200 at most. Staff with MANAGE_ORDERS.",
    )
    macro_plan = graphene.Field(
        MacroPlan,
        id=graphene.ID(required=True, description="The macro."),
        ticket_id=graphene.ID(required=True, description="The conversation."),
        required=True,
        description="What a macro would do to a conversation now. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_macros(_root: None, info: graphene.ResolveInfo) -> list[Macro]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return list(macros.macros_of(ctx.shop)[: macros.MOST])

    @staticmethod
    def resolve_macro_plan(_root: None, info: graphene.ResolveInfo, *, id: str, ticket_id: str) -> MacroPlan:
        ctx: Context = info.context
        ticket = find_ticket(ctx, ticket_id, field="ticketId")
        macro = macros.get_macro(ctx.shop, own_pk("Macro", id))
        plan = macros.plan(macro, _scene(ctx, ticket))
        return MacroPlan(
            macro=macro,
            steps=plan.steps,
            moves_money=plan.moves_money,
            possible=plan.possible,
            fingerprint=plan.fingerprint,
        )


class MacroStepInput(graphene.InputObjectType):
    """One step of a macro."""

    do = graphene.Field(MacroStepKindEnum, required=True, description="What it does.")
    values = graphene.List(graphene.NonNull(graphene.String), default_value=[], description="With what; see its kind.")
    texts = graphene.List(
        graphene.NonNull(TextInLanguageInput), default_value=[], description="Its words, Markdown with Liquid."
    )


class MacroInput(graphene.InputObjectType):
    """A macro as its editor has it."""

    id = graphene.ID(description="The one to change; a new one when not said.")
    version = graphene.Int(default_value=0, description="Of the one that the editor had read.")
    name = graphene.String(required=True, description="Up to 100 characters, once in the shop.")
    steps = graphene.List(graphene.NonNull(MacroStepInput), required=True, description="1 to 10.")


class MacroSave(AftercareMutation):
    """Add a macro, or change one. Administrators and agents."""

    class Arguments:
        input = MacroInput(required=True, description="All of it.")

    permissions = (MANAGE_ORDERS,)
    macro = graphene.Field(MacroType, description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> MacroSave:
        known = macros.get_macro(ctx.shop, own_pk("Macro", input.id)) if input.id else None
        steps = [_step(n, one) for n, one in enumerate(input.steps)]
        return cls(
            macro=macros.save_macro(
                ctx.shop, name=input.name, steps=steps, macro=known, version=input.version or 0, at=ctx.at
            )
        )


def _step(n: int, given: Any) -> Step:
    do = str(value_of(given.do)).lower()
    values = list(given.values or [])
    if do in _REFERENCES and len(values) == 1 and values[0] != "me":
        values = [str(own_pk(_REFERENCES[do], values[0], field=f"steps.{n}.values"))]
    return Step(do, tuple(values), {one.language: one.text for one in given.texts or []})


class MacroDelete(AftercareMutation):
    """Take a macro off the list. Administrators and agents."""

    class Arguments:
        id = graphene.ID(required=True, description="The macro.")
        version = graphene.Int(required=True, description="As it was read.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str, version: int) -> MacroDelete:
        macros.remove_macro(macros.get_macro(ctx.shop, own_pk("Macro", id)), version=version, at=ctx.at)
        return cls()


class MacroRunStart(AftercareMutation):
    """Do what was shown, exactly that. CONFLICT when it would not be that any more; nothing was done then.

    Steps that give money also need HANDLE_PAYMENTS, and Saleor is asked whether the person is still signed in.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The macro.")
        ticket_id = graphene.ID(required=True, description="The conversation.")
        fingerprint = graphene.String(required=True, description="Of the plan that was shown.")
        key = graphene.String(
            required=True,
            description="Any text the caller makes once per press of the button; runs once however often it comes.",
        )

    permissions = (MANAGE_ORDERS,)
    run = graphene.Field(MacroRunType, description="Each step with its result.")
    ticket = graphene.Field(TicketType, description="The conversation as it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, ticket_id: str, fingerprint: str, key: str) -> MacroRunStart:
        ticket = find_ticket(ctx, ticket_id, field="ticketId")
        macro = macros.get_macro(ctx.shop, own_pk("Macro", id))
        if _moves_money(macros.steps_of(macro)):
            confirm_staff(ctx.staff(HANDLE_PAYMENTS))
        row = macros.run(macro, _scene(ctx, ticket), key=key, fingerprint=fingerprint)
        return cls(run=row, ticket=macros.ticket_of(row))


class MacroRunRetry(AftercareMutation):
    """Try the failed step of one's own run once more, and go on behind it."""

    class Arguments:
        id = graphene.ID(required=True, description="The run.")

    permissions = (MANAGE_ORDERS,)
    run = graphene.Field(MacroRunType, description="Each step with its result.")
    ticket = graphene.Field(TicketType, description="The conversation as it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> MacroRunRetry:
        row = macros.get_run(ctx.shop, own_pk("MacroRun", id), staff=ctx.staff().member)
        ticket = find_ticket(ctx, to_global_id("Ticket", row.ticket_id))
        if _moves_money([Step.from_json(one) for one in row.steps]):
            confirm_staff(ctx.staff(HANDLE_PAYMENTS))
        row = macros.retry(row, _scene(ctx, ticket))
        return cls(run=row, ticket=macros.ticket_of(row))


class MacroMutations(graphene.ObjectType):
    """Macros."""

    macro_save = MacroSave.Field()
    macro_delete = MacroDelete.Field()
    macro_run = MacroRunStart.Field()
    macro_run_retry = MacroRunRetry.Field()
