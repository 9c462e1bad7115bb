"""Returns: what staff decide, and what they note about the way back."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Fulfillment
from saleor_aftercare.core.errors import AftercareError, InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.parcels.models import ParcelState
from saleor_aftercare.returns import actions
from saleor_aftercare.returns.parcels import renewed_parcel
from saleor_aftercare.returns.reception import LineReceived, receive_return
from saleor_aftercare.returns.warnings import look_at_saleor

from .core.context import MANAGE_ORDERS, Context
from .core.errors import AftercareErrorType, as_payload
from .core.mutations import AftercareMutation
from .core.paging import MAX_PAGE
from .core.scalars import enum_of, value_of
from .policy_types import ResolutionEnum, ReturnShippingPayerEnum
from .return_lines import ReturnLabelType
from .return_mutations import find_return_line
from .return_signals import ReturnWarning
from .return_types import ReturnType, find_return

BulkActionEnum = enum_of(
    "ReturnBulkAction",
    {"APPROVE": "Say that the shop wants the goods.", "DECLINE": "Say no, with one reason for all."},
    "What to do with several returns at once.",
)


class ReturnLineQuantityInput(graphene.InputObjectType):
    """Units of one line of a return."""

    id = graphene.ID(required=True, description="The return's line.")
    quantity = graphene.Int(required=True, description="Units, 0 or more.")


class _ReturnDecision(AftercareMutation):
    """What staff do with one return."""

    class Meta:
        abstract = True

    permissions = (MANAGE_ORDERS,)
    return_ = graphene.Field(ReturnType, name="return", description="The return as it is now.")


def _quantities(given: list[Any] | None) -> dict[int, int] | None:
    if given is None:
        return None
    quantities: dict[int, int] = {}
    for n, one in enumerate(given):
        pk = own_pk("ReturnLine", one.id, field=f"lines.{n}.id")
        if pk in quantities:
            raise InvalidInput(_("An item is listed twice."), f"lines.{n}.id")
        quantities[pk] = one.quantity
    return quantities


class ReturnApprove(_ReturnDecision):
    """Say that the shop wants the goods, all or some; the label is made and mailed.

    Saleor's present state of the order is read first: `warnings` says what does not fit any more.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        lines = graphene.List(
            graphene.NonNull(ReturnLineQuantityInput),
            description="Units to approve, lines not named none; omitted: everything.",
        )
        reason = graphene.String(description="Why something is left out; the customer reads it.")
        keep_items = graphene.Boolean(description="Whether the customer keeps the goods; by the rules when not said.")

    warnings = graphene.List(graphene.NonNull(ReturnWarning), description="What did not fit when it was approved.")

    @classmethod
    def perform(
        cls,
        ctx: Context,
        *,
        id: str,
        lines: list[Any] | None = None,
        reason: str | None = None,
        keep_items: bool | None = None,
    ) -> ReturnApprove:
        ret = find_return(ctx, id)
        quantities = _quantities(lines)
        found = look_at_saleor(ret, at=ctx.at)
        actor = ctx.somebody.actor
        actions.approve_return(ret, quantities=quantities, keep=keep_items, reason=reason or "", at=ctx.at, actor=actor)
        return cls(return_=ret, warnings=found)


class ReturnDecline(_ReturnDecision):
    """Say no, with the reason that the customer will read."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        reason = graphene.String(required=True, description="For the customer, in their language.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str) -> ReturnDecline:
        ret = find_return(ctx, id)
        return cls(return_=actions.decline_return(ret, reason=reason, at=ctx.at, actor=ctx.somebody.actor))


class ReturnAsk(_ReturnDecision):
    """Ask the customer something before deciding; they are written to, and answer on the return's page."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        question = graphene.String(required=True, description="For the customer, in their language.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, question: str) -> ReturnAsk:
        ret = find_return(ctx, id)
        return cls(return_=actions.ask_customer(ret, question=question, at=ctx.at, actor=ctx.somebody.actor))


class ReturnOverride(_ReturnDecision):
    """Go beyond the rules, with the reason that stays on the case; what they would not give rests on goodwill then."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        reason = graphene.String(required=True, description="Why; staff read it, and so does the timeline.")
        who_pays_return_shipping = graphene.Argument(ReturnShippingPayerEnum, description="Unchanged when not said.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str, who_pays_return_shipping: Any = None) -> ReturnOverride:
        ret = find_return(ctx, id)
        payer = value_of(who_pays_return_shipping)
        actor = ctx.somebody.actor
        return cls(return_=actions.override_policy(ret, reason=reason, payer=payer, at=ctx.at, actor=actor))


class ReturnRenew(_ReturnDecision):
    """Open a return again that expired, was cancelled or was declined, as long as its units are free."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnRenew:
        return cls(return_=actions.renew_return(find_return(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ReturnMarkSent(_ReturnDecision):
    """Note that the parcel was handed over."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnMarkSent:
        return cls(return_=actions.mark_sent(find_return(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ReturnMarkArrived(_ReturnDecision):
    """Note that the parcel is at the warehouse, unopened."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnMarkArrived:
        return cls(return_=actions.mark_arrived(find_return(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ReturnMarkLost(_ReturnDecision):
    """Note that the carrier does not have the parcel any more."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnMarkLost:
        return cls(return_=actions.mark_lost(find_return(ctx, id), at=ctx.at, actor=ctx.somebody.actor))


class ReturnKeepItems(_ReturnDecision):
    """Expect nothing back and compensate all the same: not worth the way, or lost on it."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        line_ids = graphene.List(graphene.NonNull(graphene.ID), description="Some lines only; all when not said.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, line_ids: list[str] | None = None) -> ReturnKeepItems:
        ret = find_return(ctx, id)
        lines = None
        if line_ids is not None:
            lines = [find_return_line(ret, one, field=f"lineIds.{n}") for n, one in enumerate(line_ids)]
        return cls(return_=actions.keep_items(ret, lines=lines, at=ctx.at, actor=ctx.somebody.actor))


class ReturnClose(_ReturnDecision):
    """Close a received return without giving anything, with the reason: a parcel that came back undelivered, say."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        note = graphene.String(required=True, description="Why; for staff.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, note: str) -> ReturnClose:
        ret = find_return(ctx, id)
        return cls(return_=actions.resolve_return(ret, note=note, at=ctx.at, actor=ctx.somebody.actor))


class ReturnResolutionChange(_ReturnDecision):
    """Give something else for a line, as long as nothing is settled."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        line_id = graphene.ID(required=True, description="The return's line.")
        resolution = graphene.Argument(ResolutionEnum, required=True, description="What the customer gets instead.")
        exchange_variant_id = graphene.ID(description="Saleor's id of another variant, for EXCHANGE.")
        exchange_name = graphene.String(description="That variant's name.")
        customer_agreed = graphene.Boolean(
            default_value=False,
            description="Where the law promises the money: the customer has agreed expressly.",
        )

    @classmethod
    def perform(
        cls,
        ctx: Context,
        *,
        id: str,
        line_id: str,
        resolution: Any,
        exchange_variant_id: str | None = None,
        exchange_name: str | None = None,
        customer_agreed: bool = False,
    ) -> ReturnResolutionChange:
        ret = find_return(ctx, id)
        actions.change_resolution(
            ret,
            line=find_return_line(ret, line_id, field="lineId"),
            resolution=value_of(resolution),
            exchange_variant_id=exchange_variant_id or "",
            exchange_name=exchange_name or "",
            agreed=customer_agreed,
            at=ctx.at,
            actor=ctx.somebody.actor,
        )
        return cls(return_=ret)


class ReturnLineReceivedInput(graphene.InputObjectType):
    """What of one line was in the parcel."""

    id = graphene.ID(required=True, description="The line.")
    received = graphene.Int(required=True, description="Units that arrived, 0 for none.")
    wrong = graphene.Int(default_value=0, description="Units in whose place something else came.")
    rejected = graphene.Int(default_value=0, description="Of the arrived ones, not accepted.")
    reject_reason = graphene.String(default_value="", description="Why, for the customer, in their language.")


class ReturnReceive(_ReturnDecision):
    """The parcel was opened. The units are recorded in Saleor as returned, without any refund."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")
        lines = graphene.List(
            graphene.NonNull(ReturnLineReceivedInput),
            description="What was in it, lines not named counting as 0; omitted: everything approved arrived.",
        )

    @classmethod
    def perform(cls, ctx: Context, *, id: str, lines: list[Any] | None = None) -> ReturnReceive:
        ret = find_return(ctx, id)
        counts = None
        if lines is not None:
            rows = {line.pk: line for line in ret.lines.all()}
            keys = [own_pk("ReturnLine", one.id, field=f"lines.{n}.id") for n, one in enumerate(lines)]
            for n, key in enumerate(keys):
                if key not in rows:
                    raise InvalidInput(_("This item is not part of the return."), f"lines.{n}.id")
                if key in keys[:n]:
                    raise InvalidInput(_("An item is listed twice."), f"lines.{n}.id")
            counts = [
                LineReceived(rows[key], one.received, one.wrong or 0, one.rejected or 0, one.reject_reason or "")
                for key, one in zip(keys, lines, strict=True)
            ]
        receive_return(ret, lines=counts, at=ctx.at, actor=ctx.somebody.actor)
        return cls(return_=ret)


class ReturnLabelCreate(_ReturnDecision):
    """A label for an approved return: the one that can be sent, else a new one."""

    class Arguments:
        id = graphene.ID(required=True, description="The return.")

    label = graphene.Field(ReturnLabelType, description="The label; null while it is being made.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ReturnLabelCreate:
        ret = find_return(ctx, id)
        parcel = renewed_parcel(ret, at=ctx.at, actor=ctx.somebody.actor)
        ready = parcel.state == ParcelState.READY and (parcel.a6 or parcel.a4)
        return cls(return_=ret, label=parcel if ready else None)


class ReturnUndeliverableCreate(_ReturnDecision):
    """A parcel of the shop's came back, or comes back, undelivered: it can be received without any refund."""

    class Arguments:
        fulfillment_id = graphene.ID(required=True, description="Saleor's global id of the fulfilment.")
        arrived = graphene.Boolean(default_value=True, description="It is at the warehouse; else still on its way.")

    @classmethod
    def perform(cls, ctx: Context, *, fulfillment_id: str, arrived: bool = True) -> ReturnUndeliverableCreate:
        parcel = (
            Fulfillment.objects.select_related("order__shop").filter(shop=ctx.shop, saleor_id=fulfillment_id).first()
        )
        if parcel is None:
            raise NotFound(_("There is no such parcel."), "fulfillmentId")
        actor = ctx.somebody.actor
        return cls(return_=actions.record_undeliverable(parcel, arrived=arrived, at=ctx.at, actor=actor))


class ReturnBulkResult(graphene.ObjectType):
    """What became of one return of several."""

    id = graphene.ID(required=True, description="The return.")
    return_ = graphene.Field(ReturnType, name="return", description="As it is now; null when there is none.")
    errors = graphene.List(
        graphene.NonNull(AftercareErrorType), required=True, description="Why it did not happen; empty when it did."
    )


class ReturnsBulkUpdate(AftercareMutation):
    """Approve or decline up to 100 returns. Each stands for itself: one that fails does not stop the others."""

    class Arguments:
        ids = graphene.List(graphene.NonNull(graphene.ID), required=True, description="The returns, 1 to 100.")
        action = graphene.Argument(BulkActionEnum, required=True, description="What to do.")
        reason = graphene.String(description="For DECLINE: the reason that all of these customers will read.")

    permissions = (MANAGE_ORDERS,)
    results = graphene.List(graphene.NonNull(ReturnBulkResult), description="In the order of `ids`.")
    count = graphene.Int(description="How many were changed.")

    @classmethod
    def perform(cls, ctx: Context, *, ids: list[str], action: Any, reason: str | None = None) -> ReturnsBulkUpdate:
        if not 1 <= len(ids) <= MAX_PAGE or len(set(ids)) != len(ids):
            raise InvalidInput(_("Choose 1 to %(limit)d returns, each once.") % {"limit": MAX_PAGE}, "ids")
        approves = value_of(action) == "APPROVE"
        if not approves and not (reason or "").strip():
            raise InvalidInput(_("Please give the reason; the customer will read it."), "reason")
        results = [_done(ctx, one, approves=approves, reason=reason or "") for one in ids]
        return cls(results=results, count=sum(not one["errors"] for one in results))


def _done(ctx: Context, id: str, *, approves: bool, reason: str) -> dict[str, Any]:
    actor, ret = ctx.somebody.actor, None
    try:
        ret = find_return(ctx, id)
        if approves:
            actions.approve_return(ret, at=ctx.at, actor=actor)
        else:
            actions.decline_return(ret, reason=reason, at=ctx.at, actor=actor)
    except AftercareError as error:
        return {"id": id, "return_": ret, "errors": [as_payload(error)]}
    return {"id": id, "return_": ret, "errors": []}


class ReturnDecisionMutations(graphene.ObjectType):
    """What staff decide about returns."""

    return_approve = ReturnApprove.Field()
    return_decline = ReturnDecline.Field()
    return_ask = ReturnAsk.Field()
    return_override = ReturnOverride.Field()
    return_renew = ReturnRenew.Field()
    return_mark_sent = ReturnMarkSent.Field()
    return_mark_arrived = ReturnMarkArrived.Field()
    return_mark_lost = ReturnMarkLost.Field()
    return_keep_items = ReturnKeepItems.Field()
    return_close = ReturnClose.Field()
    return_resolution_change = ReturnResolutionChange.Field()
    return_receive = ReturnReceive.Field()
    return_label_create = ReturnLabelCreate.Field()
    return_undeliverable_create = ReturnUndeliverableCreate.Field()
    returns_bulk_update = ReturnsBulkUpdate.Field()
