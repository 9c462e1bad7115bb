"""Returns: what customers, guests and staff for them may do."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.parcels.models import Handover
from saleor_aftercare.replacements.queries import check_choices
from saleor_aftercare.returns import actions
from saleor_aftercare.returns.actions import GiftRecipient, UnitsAsked
from saleor_aftercare.returns.models import Return, ReturnLine

from .core.context import Context
from .core.mutations import AftercareMutation
from .core.scalars import Upload, value_of
from .files import keep_photos
from .orders import find_line, find_order
from .parcels import ParcelHandoverEnum
from .policy_types import ResolutionEnum
from .return_types import ReturnType, find_return


class ReturnAnswerInput(graphene.InputObjectType):
    """The answer to one question of a reason."""

    code = graphene.String(required=True, description="The question's code.")
    value = graphene.String(required=True, description="An option's code, or text, as the question wants.")


class ReturnLineInput(graphene.InputObjectType):
    """Units of one order line to send back."""

    order_line_id = graphene.ID(required=True, description="Saleor's global id of the order line.")
    quantity = graphene.Int(required=True, description="Units, at least 1.")
    reason = graphene.String(
        required=True, description="Code of a reason of the shop: `returnEligibility { reasons }`."
    )
    answers = graphene.List(
        graphene.NonNull(ReturnAnswerInput), default_value=[], description="To the questions of the reason."
    )
    note = graphene.String(default_value="", description="In the customer's own words.")
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")
    resolution = graphene.Field(ResolutionEnum, description="What the customer wants for it; REFUND when not said.")
    exchange_variant_id = graphene.ID(description="Saleor's id of another variant, for EXCHANGE; else the same again.")
    exchange_name = graphene.String(default_value="", description="That variant's name as the customer saw it.")


class GiftRecipientInput(graphene.InputObjectType):
    """Who was given the goods, and sends them back. The payer is told nothing. Staff only."""

    email = graphene.String(required=True, description="Where every letter about it goes.")
    name = graphene.String(default_value="", description="What they are called.")
    language = graphene.String(default_value="", description="en or ja; the order's when not said.")


class ReturnRequestCreateInput(graphene.InputObjectType):
    """What is to come back."""

    order_id = graphene.ID(required=True, description="Saleor's global id of the order.")
    lines = graphene.List(graphene.NonNull(ReturnLineInput), required=True, description="Each order line once.")
    note = graphene.String(default_value="", description="In the customer's own words.")
    policy_version = graphene.Int(
        description="Of the rules that were shown; judged by them for two days after newer ones came into force."
    )
    override_reason = graphene.String(default_value="", description="Why staff go beyond the rules. Staff only.")
    advance_exchange = graphene.Boolean(
        default_value=False, description="Send the replacement before the goods are back. Staff only."
    )
    handover = graphene.Field(
        ParcelHandoverEnum,
        description="How the parcel would be handed in, of the preview's `handoverChoices`; LABEL when not said.",
    )
    gift_recipient = graphene.InputField(GiftRecipientInput, description="When a gift's recipient asks. Staff only.")


def answers_of(given: list[Any] | None, field: str) -> dict[str, str]:
    """The answers by their question; raises InvalidInput when one is answered twice."""
    answers: dict[str, str] = {}
    for n, one in enumerate(given or ()):
        if one.code in answers:
            raise InvalidInput(_("This question is answered twice."), f"{field}.{n}")
        answers[one.code] = one.value
    return answers


def find_return_line(ret: Return, id: str, *, field: str) -> ReturnLine:
    """A line of this return; raises InvalidInput."""
    line = ret.lines.filter(pk=own_pk("ReturnLine", id, field=field)).first()
    if line is None:
        raise InvalidInput(_("This item is not part of the return."), field)
    return line


class ReturnRequestCreate(AftercareMutation):
    """Ask to send units back. Customers and guests for their own orders; staff for the order's customer.

    Where the shop's rules accept without asking staff the return is approved at once, and the label is on its way.
    """

    class Arguments:
        input = ReturnRequestCreateInput(required=True, description="What is to come back, and why.")

    return_ = graphene.Field(ReturnType, name="return", description="The new return.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> ReturnRequestCreate:
        person = ctx.reader()
        order = find_order(ctx, input.order_id, field="orderId")
        gift = input.gift_recipient
        if gift is not None and not ctx.is_staff:
            raise Refused(_("Only the shop's staff may do this."), "giftRecipient")
        names = {} if ctx.is_staff else check_choices(_choices(order, input.lines))
        with transaction.atomic():
            units = [
                UnitsAsked(
                    order_line=find_line(order, one.order_line_id, field=f"lines.{n}.orderLineId"),
                    quantity=one.quantity,
                    reason=one.reason,
                    answers=answers_of(one.answers, f"lines.{n}.answers"),
                    note=one.note or "",
                    photos=keep_photos(ctx, one.photos, f"lines.{n}.photos"),
                    resolution=value_of(one.resolution) or "refund",
                    exchange_variant_id=one.exchange_variant_id or "",
                    exchange_name=names.get(f"lines.{n}.exchangeVariantId") or one.exchange_name or "",
                )
                for n, one in enumerate(input.lines)
            ]
            ret = actions.request_return(
                order,
                units=units,
                note=input.note or "",
                at=ctx.at,
                actor=person.actor,
                source="staff" if isinstance(person, Staff) else "api",
                gift=GiftRecipient(gift.email, gift.name or "", gift.language or "") if gift is not None else None,
                override=input.override_reason or "",
                policy_version=input.policy_version,
                advance_exchange=bool(input.advance_exchange),
                handover=value_of(input.handover) or Handover.LABEL,
            )
        return cls(return_=ret)


def _choices(order: Order, lines: list[Any]) -> dict[str, tuple[OrderLine, str]]:
    """The variants that were chosen for an exchange, by input field."""
    return {
        f"lines.{n}.exchangeVariantId": (
            find_line(order, one.order_line_id, field=f"lines.{n}.orderLineId"),
            one.exchange_variant_id,
        )
        for n, one in enumerate(lines)
        if one.exchange_variant_id
    }


class ReturnCancel(AftercareMutation):
    """Keep the goods after all; possible until the parcel is sent. Customers and guests their own; staff any."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    return_ = graphene.Field(ReturnType, name="return", description="The return, cancelled.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnCancel:
        ret = find_return(ctx, id)
        return cls(return_=actions.cancel_return(ret, at=ctx.at, actor=ctx.reader().actor))


class ReturnAnswerQuestion(AftercareMutation):
    """Answer what the shop wants to know. Customers and guests for their own; staff for a customer who called."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        text = graphene.String(required=True, description="The answer.")
        photos = graphene.List(graphene.NonNull(Upload), description="Up to 6 pictures of 10 MB each.")

    return_ = graphene.Field(ReturnType, name="return", description="The return; the shop's turn.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, text: str, photos: list[Any] | None = None) -> ReturnAnswerQuestion:
        ret, person = find_return(ctx, id), ctx.reader()
        with transaction.atomic():
            kept = keep_photos(ctx, photos, "photos")
            actions.answer_question(ret, text=text, photos=kept, at=ctx.at, actor=person.actor)
        return cls(return_=ret)


class ReturnAddPhotos(AftercareMutation):
    """Add photos, or a few words, after the request. Customers and guests to their own; staff to any."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        line_id = graphene.ID(description="The return's line; the first one when not said.")
        photos = graphene.List(graphene.NonNull(Upload), description="Up to 6 pictures for each line.")
        note = graphene.String(description="In the sender's own words.")

    return_ = graphene.Field(ReturnType, name="return", description="The return.")

    @classmethod
    def perform(
        cls,
        ctx: Context,
        *,
        id: str,
        line_id: str | None = None,
        photos: list[Any] | None = None,
        note: str | None = None,
    ) -> ReturnAddPhotos:
        ret, person = find_return(ctx, id), ctx.reader()
        line = find_return_line(ret, line_id, field="lineId") if line_id else None
        with transaction.atomic():
            kept = keep_photos(ctx, photos, "photos")
            actions.add_photos(ret, line=line, photos=kept, note=note or "", at=ctx.at, actor=person.actor)
        return cls(return_=ret)


class ReturnMutations(graphene.ObjectType):
    """What people do with returns."""

    return_request_create = ReturnRequestCreate.Field()
    return_cancel = ReturnCancel.Field()
    return_answer_question = ReturnAnswerQuestion.Field()
    return_add_photos = ReturnAddPhotos.Field()
