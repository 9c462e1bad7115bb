"""Parcels: asking for labels, giving them back, saying where they are."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, PermissionDenied
from saleor_aftercare.core.files import MAX_UPLOAD_BYTES
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels import actions
from saleor_aftercare.parcels.measures import UNMEASURED, Measures
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.parcels.queries import get_parcel
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.parcels import SUBJECT, another_parcel, replaced_parcel

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DecimalType, Upload, value_of
from .parcels import ParcelHandoverEnum, ParcelType, find_parcel
from .return_types import return_seen
from .returns import ReturnType, find_return


class _ParcelMutation(AftercareMutation):
    """Base of what is done with one parcel."""

    class Meta:
        abstract = True

    parcel = graphene.Field(ParcelType, description="The parcel as it is now.")
    return_ = graphene.Field(ReturnType, name="return", description="The return that it belongs to.")

    @classmethod
    def told(cls, ctx: Context, parcel: Parcel) -> _ParcelMutation:
        """The payload about a parcel that was just changed."""
        now = get_parcel(ctx.shop, parcel.pk)
        ret = None
        if now.subject == SUBJECT:
            ret = Return.objects.select_related("order", "policy").get(shop=ctx.shop, pk=now.subject_id)
            ret.order.shop = ret.shop = ctx.shop
        return cls(parcel=now, return_=ret)


class ParcelSizeInput(graphene.InputObjectType):
    """A parcel as somebody measured it: all three sides or none, 1 to 200 cm, and perhaps its weight with packing."""

    length_cm = graphene.Int(description="In whole centimetres.")
    width_cm = graphene.Int(description="In whole centimetres.")
    height_cm = graphene.Int(description="In whole centimetres.")
    weight_g = graphene.Int(description="With packing, in grams, at most 70000.")


def measures_of(given: Any) -> Measures:
    """What was given of a parcel's size; raises InvalidInput for what no parcel is."""
    if given is None:
        return UNMEASURED
    return Measures(
        length_cm=given.length_cm, width_cm=given.width_cm, height_cm=given.height_cm, weight_g=given.weight_g
    )


def _check_staffs(ctx: Context, **values: Any) -> None:
    for name, value in values.items():
        if value and not ctx.is_staff:
            raise PermissionDenied(_("Only the shop's staff may do this."), name)


class ReturnParcelAdd(_ParcelMutation):
    """One more parcel. Customers up to three times for their own returns, replacements counted."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        provider = graphene.String(description="A LabelProvider's slug (staff); the shop's choice when not said.")
        size = ParcelSizeInput(description="As somebody measured it (staff); the shop's usual parcel when not said.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, provider: str | None = None, size: Any = None) -> ReturnParcelAdd:
        person = ctx.reader()
        ret = find_return(ctx, id)
        _check_staffs(ctx, provider=provider, size=size)
        parcel = another_parcel(ret, provider=provider or "", measures=measures_of(size), at=ctx.at, actor=person.actor)
        return cls.told(ctx, parcel)


class ParcelReplace(_ParcelMutation):
    """A new label for a parcel whose label expired, or that the carrier brought back; asked again, the same one.

    Customers for their own returns, as often as `returnParcelAdd` allows. The old label is given up.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The parcel whose label is not of use any more.")
        provider = graphene.String(description="A LabelProvider's slug (staff); the shop's choice when not said.")
        size = ParcelSizeInput(description="As somebody measured it (staff); as before when not said.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, provider: str | None = None, size: Any = None) -> ParcelReplace:
        person = ctx.reader()
        parcel = find_parcel(ctx, id)
        _check_staffs(ctx, provider=provider, size=size)
        ret = return_seen(ctx, Q(pk=parcel.subject_id if parcel.subject == SUBJECT else 0), "id")
        new = replaced_parcel(
            ret, parcel, provider=provider or "", measures=measures_of(size), at=ctx.at, actor=person.actor
        )
        return cls.told(ctx, new)


class ParcelHandoverSet(_ParcelMutation):
    """Choose how a parcel is handed in, of `handoverChoices`, until it was. Customers for their own parcels."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        handover = graphene.Argument(ParcelHandoverEnum, required=True, description="The way that was chosen.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, handover: Any) -> ParcelHandoverSet:
        person = ctx.reader()
        parcel = find_parcel(ctx, id)
        chosen = actions.choose_handover(parcel, value_of(handover) or "", at=ctx.at, actor=person.actor)
        return cls.told(ctx, chosen)


class ParcelRetry(_ParcelMutation):
    """Try again to get a label, with another provider if one is named.

    For a parcel in state UNKNOWN this says that somebody has looked with the provider, and that no label was bought.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        provider = graphene.String(description="A LabelProvider's slug; the same as before when not said.")
        size = ParcelSizeInput(description="As somebody measured it; as before when not said.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str, provider: str | None = None, size: Any = None) -> ParcelRetry:
        parcel = find_parcel(ctx, id)
        again = actions.retry_parcel(
            parcel, provider=provider or "", measures=measures_of(size), at=ctx.at, actor=ctx.somebody.actor
        )
        return cls.told(ctx, again)


class ParcelVoid(_ParcelMutation):
    """Give a parcel up before it is sent; the provider is asked to take the label back where it does that."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ParcelVoid:
        parcel = find_parcel(ctx, id)
        return cls.told(ctx, actions.void_parcel(parcel, at=ctx.at, actor=ctx.somebody.actor))


class ParcelLabelInput(graphene.InputObjectType):
    """A label that staff got elsewhere."""

    file = graphene.Field(Upload, required=True, description="PDF or picture (PNG, JPEG, GIF) of at most 10 MB.")
    carrier = graphene.String(required=True, description="Who carries it; at most 60 characters.")
    tracking_number = graphene.String(default_value="", description="The carrier's number.")
    tracking_url = graphene.String(default_value="", description="Where it can be followed.")
    cost_amount = graphene.Field(DecimalType, description="What it cost the shop, in major units.")
    cost_currency = graphene.String(description="ISO 4217; the order's when not said.")
    expires_on = graphene.Date(description="The last day, inclusive, on which the carrier takes it.")


class ParcelLabelUpload(_ParcelMutation):
    """Give a parcel the label that staff got elsewhere; the customer is told."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        input = ParcelLabelInput(required=True, description="The label.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> ParcelLabelUpload:
        parcel = find_parcel(ctx, id)
        input.file.seek(0)
        cost = None
        if input.cost_amount is not None:
            currency = input.cost_currency or (parcel.order.currency if parcel.order is not None else "")
            try:
                cost = Money.of(input.cost_amount, currency)
            except InvalidInput as error:
                raise InvalidInput(error.message, "costAmount") from None
        kept = actions.upload_label(
            parcel,
            data=input.file.read(MAX_UPLOAD_BYTES + 1),
            carrier=input.carrier,
            tracking_number=input.tracking_number or "",
            tracking_url=input.tracking_url or "",
            cost=cost,
            expires_on=input.expires_on,
            at=ctx.at,
            actor=ctx.somebody.actor,
        )
        return cls.told(ctx, kept)


class ParcelMarkSent(_ParcelMutation):
    """It was handed over. Customers and guests for their own parcels; staff for any."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        tracking_number = graphene.String(description="The number on the receipt, where there is one.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, tracking_number: str | None = None) -> ParcelMarkSent:
        person = ctx.reader()
        parcel = find_parcel(ctx, id)
        return cls.told(
            ctx,
            actions.mark_handed_over(parcel, tracking_number=tracking_number or "", at=ctx.at, actor=person.actor),
        )


class ParcelMarkArrived(_ParcelMutation):
    """It is at the warehouse, unopened."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ParcelMarkArrived:
        return cls.told(ctx, actions.mark_arrived(find_parcel(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ParcelMarkLost(_ParcelMutation):
    """The carrier does not have it any more."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ParcelMarkLost:
        return cls.told(ctx, actions.mark_lost(find_parcel(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ParcelMarkReturned(_ParcelMutation):
    """The carrier brought it back to the customer who sent it."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ParcelMarkReturned:
        return cls.told(ctx, actions.mark_returned(find_parcel(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ParcelTrackingSet(_ParcelMutation):
    """Note, or mend, the number by which a parcel is followed."""

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        tracking_number = graphene.String(required=True, description="The carrier's number.")
        carrier = graphene.String(description="Who carries it; as before when not said.")
        tracking_url = graphene.String(description="Where it can be followed.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(
        cls, ctx: Context, *, id: str, tracking_number: str, carrier: str | None = None, tracking_url: str | None = None
    ) -> ParcelTrackingSet:
        parcel = actions.set_tracking(
            find_parcel(ctx, id),
            tracking_number=tracking_number,
            carrier=carrier or "",
            tracking_url=tracking_url or "",
            at=ctx.at,
            actor=ctx.somebody.actor,
        )
        return cls.told(ctx, parcel)


class ParcelMutations(graphene.ObjectType):
    """What people do with parcels."""

    return_parcel_add = ReturnParcelAdd.Field()
    parcel_replace = ParcelReplace.Field()
    parcel_handover_set = ParcelHandoverSet.Field()
    parcel_retry = ParcelRetry.Field()
    parcel_void = ParcelVoid.Field()
    parcel_label_upload = ParcelLabelUpload.Field()
    parcel_mark_sent = ParcelMarkSent.Field()
    parcel_mark_arrived = ParcelMarkArrived.Field()
    parcel_mark_lost = ParcelMarkLost.Field()
    parcel_mark_returned = ParcelMarkReturned.Field()
    parcel_tracking_set = ParcelTrackingSet.Field()
