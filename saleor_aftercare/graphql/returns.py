"""Returns: reading them, and what may come back of an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graphene
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.clock import local_date
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.policies.reasons import Reason
from saleor_aftercare.returns import listing, queries
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.queries import LineEligibility

from .core.context import MANAGE_ORDERS, Context
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, value_of
from .orders import EligibilityType, OrderLineType, OrderType, find_order
from .policy_types import LegalBasisEnum, ResolutionEnum, ReturnReasonType, ReturnShippingPayerEnum
from .return_enums import ReturnStateEnum, ReturnViewEnum
from .return_types import ReturnType, find_return, mine, return_seen

__all__ = ["ReturnQueries", "ReturnShippingPayerEnum", "ReturnStateEnum", "ReturnType", "find_return"]

ReturnConnection = connection_of(ReturnType, "Return")


class ReturnFilterInput(graphene.InputObjectType):
    """Which returns to list; every condition that is given must hold."""

    view = graphene.Field(ReturnViewEnum, description="What is to be done with them.")
    state = graphene.List(graphene.NonNull(ReturnStateEnum), description="In any of these states.")
    legal_basis = graphene.List(graphene.NonNull(LegalBasisEnum), description="Resting on any of these.")
    reason = graphene.List(graphene.NonNull(graphene.String), description="With a line of any of these reasons.")
    channel = graphene.List(graphene.NonNull(graphene.String), description="Of orders in any of these channels, slugs.")
    requested_from = graphene.Argument(DateTimeType, description="Asked for at this moment or later.")
    requested_to = graphene.Argument(DateTimeType, description="Asked for before this moment.")
    search = graphene.String(
        description="A return's or order's number, an e-mail, a tracking number or an SKU, exactly."
    )


class ReturnViewCount(graphene.ObjectType):
    """How many returns wait in a view."""

    view = graphene.Field(ReturnViewEnum, required=True, description="The view.")
    count = graphene.Int(required=True, description="How many.")


@dataclass(frozen=True)
class OrderEligibility:
    """What may come back of an order, with the policy that says so."""

    order: Order
    policy: ReturnPolicy
    lines: list[LineEligibility]
    reasons: list[Reason]


class ReturnEligibilityLine(graphene.ObjectType):
    """Whether units of a line may come back now, for what reasons, and what for."""

    order_line = graphene.Field(OrderLineType, required=True, description="The line.")
    returnable_quantity = graphene.Int(required=True, description="Units that may be asked back, whatever the reason.")
    eligibility = graphene.Field(EligibilityType, required=True, description="For goods that are as they should be.")
    resolutions = graphene.List(
        graphene.NonNull(ResolutionEnum), required=True, description="What may be chosen then, as offered."
    )
    faulty_quantity = graphene.Int(
        required=True, description="Units that may be asked back for a reason that is the seller's or carrier's fault."
    )
    faulty_eligibility = graphene.Field(
        EligibilityType, required=True, description="For goods that are broken, wrong or were damaged on the way."
    )
    faulty_resolutions = graphene.List(
        graphene.NonNull(ResolutionEnum), required=True, description="What may be chosen then, as offered."
    )
    who_pays_return_shipping = graphene.Field(ReturnShippingPayerEnum, required=True, description="Unless faulty.")
    exchanges = graphene.Int(required=True, description="How often these goods were exchanged before.")

    @staticmethod
    def resolve_returnable_quantity(root: LineEligibility, _info: Any) -> int:
        return root.returnable

    @staticmethod
    def resolve_eligibility(root: LineEligibility, _info: Any) -> LineEligibility:
        return root

    @staticmethod
    def resolve_resolutions(root: LineEligibility, _info: Any) -> list[str]:
        return [one.value for one in root.judgement.resolutions]

    @staticmethod
    def resolve_faulty_quantity(root: LineEligibility, _info: Any) -> int:
        return root.returnable_if_faulty

    @staticmethod
    def resolve_faulty_eligibility(root: LineEligibility, _info: Any) -> Any:
        return root.if_faulty

    @staticmethod
    def resolve_faulty_resolutions(root: LineEligibility, _info: Any) -> list[str]:
        return [one.value for one in root.if_faulty.resolutions]

    @staticmethod
    def resolve_who_pays_return_shipping(root: LineEligibility, _info: Any) -> str:
        return root.judgement.who_pays.value


class ReturnEligibility(graphene.ObjectType):
    """What may come back of an order, and what a form has to ask."""

    order = graphene.Field(OrderType, required=True, description="The order.")
    policy_version = graphene.Int(
        required=True, description="Of the rules shown; send it back with the request, which is judged by them."
    )
    lines = graphene.List(
        graphene.NonNull(ReturnEligibilityLine), required=True, description="Every line, in the order's own order."
    )
    reasons = graphene.List(
        graphene.NonNull(ReturnReasonType),
        required=True,
        description="What may be chosen as the reason, with its questions and the photos that it needs.",
    )

    @staticmethod
    def resolve_policy_version(root: OrderEligibility, _info: Any) -> int:
        return root.policy.version


class ReturnQueries(graphene.ObjectType):
    """Reading returns."""

    return_ = graphene.Field(
        ReturnType,
        name="return",
        id=graphene.ID(description="By global id,"),
        number=graphene.String(description="or by number."),
        description="The return being discussed; staff any of the shop, customers and guests their own.",
    )
    returns = graphene.Field(
        ReturnConnection,
        filter=ReturnFilterInput(description="Which ones; all when not said."),
        state=graphene.List(graphene.NonNull(ReturnStateEnum), description="In any of these states."),
        search=graphene.String(
            description="A return's or order's number, an e-mail, a tracking number or an SKU, exactly."
        ),
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="Returns, newest first; customers and guests see their own.",
    )
    return_view_counts = graphene.List(
        graphene.NonNull(ReturnViewCount),
        required=True,
        description="How many returns wait in each view that wants work. Staff with MANAGE_ORDERS.",
    )
    return_eligibility = graphene.Field(
        ReturnEligibility,
        order_id=graphene.ID(required=True, description="Saleor's global id of the order."),
        description="What may come back of an order now. Customers and guests for their own; staff for any.",
    )

    @staticmethod
    def resolve_return_(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        id: str | None = None,
        number: str | None = None,
    ) -> Return:
        ctx: Context = info.context
        if (id is None) == (number is None):
            raise InvalidInput(_("Give either the id or the number."), "id")
        if id is not None:
            return find_return(ctx, id)
        return return_seen(ctx, Q(number=(number or "").strip().upper()), "number")

    @staticmethod
    def resolve_returns(
        _root: None,
        info: graphene.ResolveInfo,
        *,
        filter: Any = None,
        state: list[Any] | None = None,
        search: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Page:
        ctx: Context = info.context
        rows = Return.objects.filter(mine(ctx))
        for wanted in (_filter(filter), listing.ReturnFilter(states=value_of(state), search=search or "")):
            # Only what is overdue depends on the day where the shop lives.
            overdue = wanted.view == listing.View.REFUND_OVERDUE
            today = local_date(ctx.at, ctx.settings.time_zone if overdue else "UTC")
            rows = listing.matching(rows, wanted, shop=ctx.shop, today=today)
        return newest_first(ctx, rows, first=first, after=after)

    @staticmethod
    def resolve_return_view_counts(_root: None, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        found = listing.counts(ctx.shop, today=local_date(ctx.at, ctx.settings.time_zone))
        return [{"view": view.value, "count": count} for view, count in found.items()]

    @staticmethod
    def resolve_return_eligibility(_root: None, info: graphene.ResolveInfo, *, order_id: str) -> OrderEligibility:
        ctx: Context = info.context
        order = find_order(ctx, order_id, field="orderId")
        policy = policies.policy_of(ctx.shop)
        lines = queries.eligibility(order, at=ctx.at, policy=policy)
        language = supported_language(get_language() or "en")
        ctx.announce(OrderLine, [one.order_line.pk for one in lines])
        return OrderEligibility(
            order=order,
            policy=policy,
            lines=[one for one in lines if one.order_line.quantity],
            reasons=policies.reasons_of(ctx.shop, staff=ctx.is_staff, language=language, policy=policy),
        )


def _filter(given: Any) -> listing.ReturnFilter:
    if given is None:
        return listing.ReturnFilter()
    return listing.ReturnFilter(
        view=listing.View(value_of(given.get("view")) or listing.View.ALL),
        states=value_of(given.get("state")),
        bases=value_of(given.get("legal_basis")),
        reasons=given.get("reason"),
        channels=given.get("channel"),
        requested_from=given.get("requested_from"),
        requested_to=given.get("requested_to"),
        search=given.get("search") or "",
    )
