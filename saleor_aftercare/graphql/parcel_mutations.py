"""Parcels: asking for labels, giving them back, saying where they are."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.core.errors import InvalidInput, PermissionDenied
from saleor_aftercare.core.files import MAX_UPLOAD_BYTES
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels import actions
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.parcels.queries import get_parcel
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.parcels import SUBJECT, another_parcel

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DecimalType, Upload
from .parcels import ParcelType, find_parcel
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


class ReturnParcelAdd(_ParcelMutation):
    """One more parcel, or a new label for one that expired. Customers up to three times for their own returns."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        provider = graphene.String(description="A LabelProvider's slug (staff); the shop's choice when not said.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, provider: str | None = None) -> ReturnParcelAdd:
        person = ctx.reader()
        ret = find_return(ctx, id)
        if provider and not ctx.is_staff:
            raise PermissionDenied("Only staff choose the provider.", "provider")
        parcel = another_parcel(ret, provider=provider or "", at=ctx.at, actor=person.actor)
        return cls.told(ctx, parcel)


class ParcelRetry(_ParcelMutation):
    """Try again to get a label, with another provider if one is named.

    For a parcel in state UNKNOWN this says that somebody has looked with the provider, and that no label was bought.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The parcel.")
        provider = graphene.String(description="A LabelProvider's slug; the same as before when not said.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str, provider: str | None = None) -> ParcelRetry:
        parcel = find_parcel(ctx, id)
        return cls.told(ctx, actions.retry_parcel(parcel, provider=provider or "", at=ctx.at, actor=ctx.somebody.actor))


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
    parcel_retry = ParcelRetry.Field()
    parcel_void = ParcelVoid.Field()
    parcel_label_upload = ParcelLabelUpload.Field()
    parcel_mark_sent = ParcelMarkSent.Field()
    parcel_mark_arrived = ParcelMarkArrived.Field()
    parcel_mark_lost = ParcelMarkLost.Field()
    parcel_mark_returned = ParcelMarkReturned.Field()
    parcel_tracking_set = ParcelTrackingSet.Field()
