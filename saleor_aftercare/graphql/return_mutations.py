"""Returns: asking for them and dealing with them."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.returns import actions
from saleor_aftercare.returns.actions import UnitsAsked
from saleor_aftercare.returns.labels import create_label
from saleor_aftercare.returns.reception import LineReceived, receive_return

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import Upload, value_of
from .files import keep_photos
from .orders import find_line, find_order
from .returns import ReturnLabelType, ReturnReasonEnum, ReturnType, find_return


class ReturnLineInput(graphene.InputObjectType):
    """Units of one order line to send back."""

    order_line_id = graphene.ID(required=True, description="Saleor's global id of the order line.")
    quantity = graphene.Int(required=True, description="Units, at least 1.")
    reason = graphene.Field(ReturnReasonEnum, required=True, description="Why.")
    note = graphene.String(default_value="", description="In the customer's own words.")
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")


class ReturnRequestCreateInput(graphene.InputObjectType):
    """What is to come back."""

    order_id = graphene.ID(required=True, description="Saleor's global id of the order.")
    lines = graphene.List(graphene.NonNull(ReturnLineInput), required=True, description="Each order line once.")
    note = graphene.String(default_value="", description="In the customer's own words.")


class ReturnReceiveLineInput(graphene.InputObjectType):
    """How many units of a line were in the parcel."""

    id = graphene.ID(required=True, description="The return's line.")
    quantity = graphene.Int(required=True, description="Units that arrived, 0 or more.")


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
        with transaction.atomic():
            units = [
                UnitsAsked(
                    order_line=find_line(order, one.order_line_id, field=f"lines.{n}.orderLineId"),
                    quantity=one.quantity,
                    reason=value_of(one.reason),
                    note=one.note or "",
                    photos=keep_photos(ctx, one.photos, f"lines.{n}.photos"),
                )
                for n, one in enumerate(input.lines)
            ]
            ret = actions.request_return(order, units=units, note=input.note or "", at=ctx.at, actor=person.actor)
        return cls(return_=ret)


class ReturnCancel(AftercareMutation):
    """Keep the goods after all; possible until they arrived. Customers and guests their own; staff any."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    return_ = graphene.Field(ReturnType, name="return", description="The return, cancelled.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnCancel:
        ret = find_return(ctx, id)
        return cls(return_=actions.cancel_return(ret, at=ctx.at, actor=ctx.reader().actor))


class ReturnApprove(AftercareMutation):
    """Say that the shop wants the goods; the label is made and mailed."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    permissions = (MANAGE_ORDERS,)
    return_ = graphene.Field(ReturnType, name="return", description="The return, approved.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnApprove:
        ret = find_return(ctx, id)
        return cls(return_=actions.approve_return(ret, at=ctx.at, actor=ctx.somebody.actor))


class ReturnDecline(AftercareMutation):
    """Say no, with the reason that the customer will read."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        reason = graphene.String(required=True, description="For the customer, in their language.")

    permissions = (MANAGE_ORDERS,)
    return_ = graphene.Field(ReturnType, name="return", description="The return, declined.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str) -> ReturnDecline:
        ret = find_return(ctx, id)
        actor = ctx.somebody.actor
        return cls(return_=actions.decline_return(ret, reason=reason, at=ctx.at, actor=actor))


class ReturnReceive(AftercareMutation):
    """The parcel was opened. The units are recorded in Saleor as returned, without any refund."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        lines = graphene.List(
            graphene.NonNull(ReturnReceiveLineInput),
            description="What was in it, lines not named counting as 0; omitted: everything arrived.",
        )

    permissions = (MANAGE_ORDERS,)
    return_ = graphene.Field(ReturnType, name="return", description="The return, received.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, lines: list[Any] | None = None) -> ReturnReceive:
        ret = find_return(ctx, id)
        counts: list[LineReceived] | None = None
        if lines is not None:
            rows = {line.pk: line for line in ret.lines.all()}
            counts = []
            for n, one in enumerate(lines):
                line = rows.get(own_pk("ReturnLine", one.id, field=f"lines.{n}.id"))
                if line is None:
                    raise InvalidInput(_("This item is not part of the return."), f"lines.{n}.id")
                counts.append(LineReceived(line, one.quantity))
        receive_return(ret, lines=counts, at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=ret)


class ReturnLabelCreate(AftercareMutation):
    """Make the label of an approved return; asking twice gives the same label."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    permissions = (MANAGE_ORDERS,)
    return_ = graphene.Field(ReturnType, name="return", description="The return with its label.")
    label = graphene.Field(ReturnLabelType, description="The label.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnLabelCreate:
        ret = find_return(ctx, id)
        label = create_label(ret, at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=ret, label=label)


class ReturnMutations(graphene.ObjectType):
    """What people do with returns."""

    return_request_create = ReturnRequestCreate.Field()
    return_cancel = ReturnCancel.Field()
    return_approve = ReturnApprove.Field()
    return_decline = ReturnDecline.Field()
    return_receive = ReturnReceive.Field()
    return_label_create = ReturnLabelCreate.Field()
