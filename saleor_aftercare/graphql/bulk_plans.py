"""What a macro would do to many conversations, as one summary."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.desk.bulk_macros import BulkPlan, PlanLine
from saleor_aftercare.desk.bulk_orders import Undo

from .core.scalars import MoneyType, enum_from

BulkUndoEnum = enum_from(
    Undo,
    {
        "ALL": "All of it.",
        "PART": "Marks and who is in charge; not what reached somebody or moved something, nor where they stand then.",
        "NOTHING": "None of it.",
    },
    "How much of a macro can be taken back.",
    name="BulkUndo",
)


class BulkPlanLine(graphene.ObjectType):
    """What a macro would do to one of the conversations."""

    ticket_id = graphene.ID(required=True, description="Of the conversation.")
    number = graphene.Int(required=True, description="Its number.")
    subject = graphene.String(required=True, description="What it is about.")
    customer = graphene.String(required=True, description="Who is answered: a name, or else an address.")
    steps = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Each in a line, in the shop's language."
    )
    amounts = graphene.List(graphene.NonNull(MoneyType), required=True, description="What would be given.")
    problem = graphene.String(required=True, description="Why nothing is done to it; empty when all can be.")

    @staticmethod
    def resolve_ticket_id(root: PlanLine, _info: Any) -> str:
        return to_global_id("Ticket", root.ticket.pk)

    @staticmethod
    def resolve_number(root: PlanLine, _info: Any) -> int:
        return root.ticket.number

    @staticmethod
    def resolve_subject(root: PlanLine, _info: Any) -> str:
        return root.ticket.subject

    @staticmethod
    def resolve_customer(root: PlanLine, _info: Any) -> str:
        return root.ticket.customer_name or root.ticket.customer_email


class BulkMacroPlan(graphene.ObjectType):
    """What a macro would do to all of the conversations; nothing was changed."""

    macro_name = graphene.String(required=True, description="What the macro is called.")
    possible = graphene.Int(required=True, description="To how many it can be done.")
    refused = graphene.Int(required=True, description="To how many it cannot, or not all of it; nothing is done there.")
    letters = graphene.Int(required=True, description="Answers that customers would get.")
    moves_money = graphene.Boolean(required=True, description="Somebody gets money by it.")
    totals = graphene.List(graphene.NonNull(MoneyType), required=True, description="How much, by currency.")
    undo = graphene.Field(BulkUndoEnum, required=True, description="How much of it can be taken back afterwards.")
    lines = graphene.List(
        graphene.NonNull(BulkPlanLine), required=True, description="Each conversation, in the order of work; up to 500."
    )

    @staticmethod
    def resolve_macro_name(root: BulkPlan, _info: Any) -> str:
        return root.macro.name

    @staticmethod
    def resolve_refused(root: BulkPlan, _info: Any) -> int:
        return len(root.lines) - root.possible

    @staticmethod
    def resolve_totals(root: BulkPlan, _info: Any) -> list[Money]:
        return root.totals
