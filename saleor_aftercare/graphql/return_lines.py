"""The lines of a return, its label, and what happened to it, as types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.utils.translation import get_language

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.core import files
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import ActorKind, Event, StoredFile
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.parcels.queries import printed_number
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.queries import all_reasons_of
from saleor_aftercare.policies.reasons import Reason
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.models import Return, ReturnLine

from . import words
from .core.context import Context
from .core.loaders import bulk, related, row_of
from .core.scalars import DateTimeType, MoneyType, Node
from .files import FileType
from .orders import OrderLineType, order_of
from .policy_types import LegalBasisEnum, ResolutionEnum


def reasons_in_words(ctx: Context) -> dict[str, Reason]:
    """The shop's whole catalogue in the asking person's language, by code; read once."""
    held: dict[str, Reason] = ctx.loaded.setdefault("return reasons", {})
    if not held:
        language = supported_language(get_language() or "en")
        held.update({one.code: one for one in all_reasons_of(ctx.shop, language=language)})
    return held


@bulk(Return, dict[int, Money])
def amounts_of_return(ctx: Context, pks: Collection[int]) -> Mapping[int, dict[int, Money]]:
    """What the units of each return cost, by the key of the return's line."""
    rows = [ctx.rows[Return][pk] for pk in pks]
    for row in rows:
        row.order = order_of(ctx, row.order_id)
        related(ctx, row, "lines")
        related(ctx, row.order, "lines")
    return queries.amounts_of(rows)


class ReturnAnswer(graphene.ObjectType):
    """What the customer answered to a question of the reason."""

    code = graphene.String(required=True, description="The question's code.")
    question = graphene.String(required=True, description="The question, in the asking person's language.")
    answer = graphene.String(required=True, description="In words.")
    value = graphene.String(required=True, description="As it was sent: an option's code, or text.")


class ReturnLineType(graphene.ObjectType):
    """Units of one order line on their way back."""

    class Meta:
        name = "ReturnLine"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    order_line = graphene.Field(OrderLineType, required=True, description="What was bought.")
    quantity = graphene.Int(required=True, description="Units asked back.")
    unsent = graphene.Int(required=True, description="Of these, units that never left the warehouse.")
    quantity_approved = graphene.Int(description="Units that the shop takes back; null until somebody decided.")
    quantity_received = graphene.Int(description="Units that arrived; null until the parcel was opened.")
    quantity_wrong = graphene.Int(required=True, description="Units in whose place something else came.")
    quantity_rejected = graphene.Int(required=True, description="Of the received ones, not accepted.")
    reject_reason = graphene.String(description="Why, for the customer; null when nothing was rejected.")
    kept = graphene.Boolean(required=True, description="Need not be sent back, and is compensated all the same.")
    legal_basis = graphene.Field(LegalBasisEnum, required=True, description="What the line rests on.")
    reason = graphene.String(required=True, description="Code of the reason; empty for a withdrawal without one.")
    reason_label = graphene.String(required=True, description="The reason in the asking person's language.")
    answers = graphene.List(
        graphene.NonNull(ReturnAnswer), required=True, description="To the questions of the reason."
    )
    note = graphene.String(required=True, description="The customer's own words, or empty.")
    photos = graphene.List(graphene.NonNull(FileType), required=True, description="The customer's photos.")
    resolution = graphene.Field(ResolutionEnum, required=True, description="What the customer gets for it.")
    exchange_variant_id = graphene.ID(description="Saleor's id of the other variant; null for the same again.")
    exchange_name = graphene.String(description="What is wanted instead, as the customer saw it.")
    repair_number = graphene.String(description="The repair that took the line over, for the customer.")
    shop_repair_numbers = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Repairs of units that the shop keeps (staff); empty for others.",
    )
    amount = graphene.Field(MoneyType, required=True, description="Price paid for these units after all discounts.")

    @staticmethod
    def resolve_id(root: ReturnLine, _info: Any) -> str:
        return to_global_id("ReturnLine", root.pk)

    @staticmethod
    def resolve_order_line(root: ReturnLine, info: graphene.ResolveInfo) -> OrderLine | None:
        return row_of(info.context, OrderLine, root.order_line_id)

    @staticmethod
    def resolve_reject_reason(root: ReturnLine, _info: Any) -> str | None:
        return root.reject_reason or None

    @staticmethod
    def resolve_reason_label(root: ReturnLine, info: graphene.ResolveInfo) -> str:
        known = reasons_in_words(info.context).get(root.reason)
        return known.label if known is not None else root.reason

    @staticmethod
    def resolve_answers(root: ReturnLine, info: graphene.ResolveInfo) -> list[dict[str, str]]:
        known = reasons_in_words(info.context).get(root.reason)
        questions = {one.code: one for one in known.questions} if known is not None else {}
        rows = []
        for code, value in root.answers.items():
            question = questions.get(code)
            labels = {option.code: option.label for option in question.options} if question is not None else {}
            asked = question.label if question is not None else code
            rows.append({"code": code, "question": asked, "answer": labels.get(value, value), "value": value})
        return rows

    @staticmethod
    def resolve_photos(root: ReturnLine, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "photos")

    @staticmethod
    def resolve_exchange_variant_id(root: ReturnLine, _info: Any) -> str | None:
        return root.exchange_variant_id or None

    @staticmethod
    def resolve_exchange_name(root: ReturnLine, _info: Any) -> str | None:
        return root.exchange_name or None

    @staticmethod
    def resolve_repair_number(root: ReturnLine, _info: Any) -> str | None:
        return root.repair_number or None

    @staticmethod
    def resolve_shop_repair_numbers(root: ReturnLine, info: graphene.ResolveInfo) -> list[str]:
        ctx: Context = info.context
        if not ctx.is_staff or root.resolution == Resolution.REPAIR:
            return []
        judged = related(ctx, root, "inspections")
        return [one.repair_number for one in judged if one.repair_number and one.voided_at is None]

    @staticmethod
    def resolve_amount(root: ReturnLine, info: graphene.ResolveInfo) -> Money:
        return amounts_of_return(info.context, root.ret_id)[root.pk]


class ReturnLabelType(graphene.ObjectType):
    """The label of the first parcel that has one; `parcels` tells more, and of several."""

    class Meta:
        name = "ReturnLabel"

    number = graphene.String(required=True, description="As printed and in the codes.")
    carrier = graphene.String(required=True, description="Who carries it, or how.")
    tracking_number = graphene.String(description="The carrier's number, where there is one.")
    a6_url = graphene.String(
        required=True, name="a6Url", description="PDF for label paper; absolute, signed, for 15 minutes."
    )
    a4_url = graphene.String(
        required=True, name="a4Url", description="PDF for office paper; absolute, signed, for 15 minutes."
    )
    created_at = graphene.Field(DateTimeType, required=True, description="When it was made.")

    @staticmethod
    def resolve_number(root: Parcel, _info: Any) -> str:
        return printed_number(root)

    @staticmethod
    def resolve_tracking_number(root: Parcel, _info: Any) -> str | None:
        return root.tracking_number or None

    @staticmethod
    def resolve_a6_url(root: Parcel, _info: Any) -> str | None:
        file = root.a6 or root.a4
        return files.signed_url(file) if file is not None else None

    @staticmethod
    def resolve_a4_url(root: Parcel, _info: Any) -> str | None:
        file = root.a4 or root.a6
        return files.signed_url(file) if file is not None else None


class TimelineEntry(graphene.ObjectType):
    """Something that happened to a case."""

    at = graphene.Field(DateTimeType, required=True, description="When.")
    event = graphene.String(required=True, description="Machine name, such as return.approved.")
    text = graphene.String(required=True, description="The same as a sentence in the asking person's language.")
    actor = graphene.String(description="Who of the staff did it; null for customers and ourselves. Staff only.")

    @staticmethod
    def resolve_event(root: Event, _info: Any) -> str:
        return root.kind

    @staticmethod
    def resolve_text(root: Event, _info: Any) -> str:
        return words.sentence(root.kind, root.data)

    @staticmethod
    def resolve_actor(root: Event, info: graphene.ResolveInfo) -> str | None:
        named = info.context.is_staff and root.actor_kind == ActorKind.STAFF
        return (root.actor_name or None) if named else None
