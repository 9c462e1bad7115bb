"""Receiving, judging and putting away: what the warehouse does. Each for staff who may receive goods."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction

from saleor_aftercare.connection.warehouses import warehouse
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.returns import inspection, reception, worklists
from saleor_aftercare.returns.actions import mark_arrived
from saleor_aftercare.returns.goods import Inspection
from saleor_aftercare.returns.models import Return, ReturnLine
from saleor_aftercare.returns.reception import LineReceived, LineRejected

from .core.context import Context
from .core.mutations import AftercareMutation
from .core.scalars import Upload, value_of
from .files import keep_photos
from .receiving_types import ReceivingInspection, ReceivingReturn, find_receiving, find_receiving_line
from .receiving_words import DispositionEnum, GradeEnum, warehouse_staff
from .returns import ReturnShippingPayerEnum

_KEY = "Any text that the caller makes once per parcel or judgement; counts once however often it comes."


class ReceivingLineInput(graphene.InputObjectType):
    """What of one line was in the parcel."""

    id = graphene.ID(required=True, description="The line.")
    received = graphene.Int(required=True, description="Units that were in it, 0 or more.")
    wrong = graphene.Int(default_value=0, description="Units in whose place something else was.")
    rejected = graphene.Int(default_value=0, description="Of the received ones, not accepted.")
    reject_reason = graphene.String(default_value="", description="For the customer, in their language.")


class ReceivingReceiveInput(graphene.InputObjectType):
    """A parcel that was opened."""

    lines = graphene.List(
        graphene.NonNull(ReceivingLineInput), description="What was in it; omitted: everything still to come."
    )
    seen = graphene.Int(required=True, description="`seen` of the return, as it was read.")
    key = graphene.String(required=True, description=_KEY)
    note = graphene.String(default_value="", description="For staff.")
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")


class ReceivingRejectLineInput(graphene.InputObjectType):
    """Received units that the shop does not accept."""

    id = graphene.ID(required=True, description="The line.")
    quantity = graphene.Int(required=True, description="Units, at least 1.")
    reason = graphene.String(required=True, description="For the customer, in their language.")


class ReceivingInspectInput(graphene.InputObjectType):
    """What was found about some units, and where they go."""

    quantity = graphene.Int(required=True, description="Units, at least 1.")
    grade = graphene.Field(GradeEnum, required=True, description="Their state.")
    disposition = graphene.Field(DispositionEnum, required=True, description="Where they go.")
    warehouse_id = graphene.ID(description="Saleor's; needed for RESTOCK, possible for OUTLET.")
    note = graphene.String(default_value="", description="What was found.")
    serial_numbers = graphene.List(
        graphene.NonNull(graphene.String), default_value=[], description="Of the units; at most one each, 20 in all."
    )
    photos = graphene.List(graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures of 10 MB each.")
    key = graphene.String(required=True, description=_KEY)


def _line_of(ret: Return, id: str, field: str) -> ReturnLine:
    """A stand-in with the key: the action itself says when the return has no such line."""
    return ReturnLine(pk=own_pk("ReceivingLine", id, field=field), ret_id=ret.pk)


class ReceivingArrive(AftercareMutation):
    """The parcel is at the warehouse, unopened."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReceivingArrive:
        ret = find_receiving(ctx, id)
        mark_arrived(ret, at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=ret)


class ReceivingReceive(AftercareMutation):
    """A parcel was opened and counted. Accepted units are recorded in Saleor as returned, without any refund.

    A return may come in several parcels: receive each. Sending the same `key` again gives the same result.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        input = ReceivingReceiveInput(required=True, description="What was in it.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> ReceivingReceive:
        ret = find_receiving(ctx, id)
        lines = None
        if input.lines is not None:
            lines = [
                LineReceived(
                    _line_of(ret, one.id, f"lines.{n}.id"),
                    one.received,
                    one.wrong or 0,
                    one.rejected or 0,
                    one.reject_reason or "",
                )
                for n, one in enumerate(input.lines)
            ]
        with transaction.atomic():
            reception.receive_return(
                ret,
                lines=lines,
                seen=input.seen,
                key=input.key,
                note=input.note or "",
                photos=keep_photos(ctx, input.photos, "photos"),
                at=ctx.at,
                actor=ctx.somebody.actor,
            )
        return cls(return_=ret)


class ReceivingReject(AftercareMutation):
    """Do not accept units that were received; the customer reads why, and they wait to be sent back."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        lines = graphene.List(graphene.NonNull(ReceivingRejectLineInput), required=True, description="Which.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, lines: list[Any]) -> ReceivingReject:
        ret = find_receiving(ctx, id)
        rejected = [
            LineRejected(_line_of(ret, one.id, f"lines.{n}.id"), one.quantity, one.reason)
            for n, one in enumerate(lines)
        ]
        reception.reject_units(ret, lines=rejected, at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=ret)


class ReceivingSendBackDecide(AftercareMutation):
    """Say who pays the way back of rejected goods, and until when they are kept for the customer."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        payer = graphene.Argument(ReturnShippingPayerEnum, required=True, description="Who pays.")
        stored_until = graphene.Date(required=True, description="The last day, inclusive.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, payer: Any, stored_until: Any) -> ReceivingSendBackDecide:
        ret = find_receiving(ctx, id)
        reception.decide_send_back(
            ret, payer=value_of(payer), stored_until=stored_until, at=ctx.at, actor=ctx.somebody.actor
        )
        return cls(return_=ret)


class ReceivingSendBackDone(AftercareMutation):
    """The rejected goods are on their way to the customer."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        tracking_number = graphene.String(default_value="", description="The carrier's number, where there is one.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, tracking_number: str = "") -> ReceivingSendBackDone:
        ret = find_receiving(ctx, id)
        reception.send_back(ret, tracking_number=tracking_number or "", at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=ret)


class ReceivingInspect(AftercareMutation):
    """Judge received units of a line. Units for a stock are booked in Saleor in the background."""

    class Arguments:
        line_id = graphene.ID(required=True, description="The line.")
        input = ReceivingInspectInput(required=True, description="What was found.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")
    inspection = graphene.Field(ReceivingInspection, description="The judgement.")

    @classmethod
    def perform(cls, ctx: Context, *, line_id: str, input: Any) -> ReceivingInspect:
        line = find_receiving_line(ctx, line_id)
        place = warehouse(ctx.shop, input.warehouse_id, field="warehouseId") if input.warehouse_id else None
        with transaction.atomic():
            found = inspection.inspect(
                line,
                quantity=input.quantity,
                grade=value_of(input.grade),
                disposition=value_of(input.disposition),
                warehouse=(place.id, place.name) if place else None,
                note=input.note or "",
                serial_numbers=input.serial_numbers or (),
                photos=keep_photos(ctx, input.photos, "photos"),
                key=input.key,
                at=ctx.at,
                actor=ctx.somebody.actor,
            )
        return cls(return_=Return.objects.get(pk=line.ret_id), inspection=found)


class _ReceivingInspectionMutation(AftercareMutation):
    class Meta:
        abstract = True

    @classmethod
    def found(cls, ctx: Context, id: str) -> Inspection:
        """The inspection of this id, for somebody at the warehouse."""
        shop = warehouse_staff(ctx).shop
        return worklists.get_inspection(shop, own_pk("ReceivingInspection", id))


class ReceivingInspectionVoid(_ReceivingInspectionMutation):
    """Take a judgement back, so that its units can be judged anew; until they are in the stock."""

    class Arguments:
        id = graphene.ID(required=True, description="The inspection.")

    return_ = graphene.Field(ReceivingReturn, name="return", description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReceivingInspectionVoid:
        one = inspection.void_inspection(cls.found(ctx, id), at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=Return.objects.get(pk=one.line.ret_id))


class ReceivingBookingRetry(_ReceivingInspectionMutation):
    """Book units into Saleor's stock once more, because the cause is mended."""

    class Arguments:
        id = graphene.ID(required=True, description="The inspection.")

    inspection = graphene.Field(ReceivingInspection, description="The inspection.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReceivingBookingRetry:
        return cls(inspection=inspection.retry_booking(cls.found(ctx, id), at=ctx.at))


class ReceivingBookedByHand(_ReceivingInspectionMutation):
    """Say that somebody has booked the units in Saleor."""

    class Arguments:
        id = graphene.ID(required=True, description="The inspection.")

    inspection = graphene.Field(ReceivingInspection, description="The inspection.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReceivingBookedByHand:
        one = inspection.booked_by_hand(cls.found(ctx, id), at=ctx.at, actor=ctx.somebody.actor)
        return cls(inspection=one)


class ReceivingMutations(graphene.ObjectType):
    """What the warehouse does with returns."""

    receiving_arrive = ReceivingArrive.Field()
    receiving_receive = ReceivingReceive.Field()
    receiving_reject = ReceivingReject.Field()
    receiving_send_back_decide = ReceivingSendBackDecide.Field()
    receiving_send_back_done = ReceivingSendBackDone.Field()
    receiving_inspect = ReceivingInspect.Field()
    receiving_inspection_void = ReceivingInspectionVoid.Field()
    receiving_booking_retry = ReceivingBookingRetry.Field()
    receiving_booked_by_hand = ReceivingBookedByHand.Field()
