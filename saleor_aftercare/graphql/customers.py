"""Everything known about one person in a shop, for staff."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import graphene
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.models import Return

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk
from .core.paging import page_size
from .inbox import TicketType
from .orders import OrderType
from .parts import SparePartRequestType
from .repairs import RepairRequestType
from .returns import ReturnType

#: Rows of each list when the caller does not say.
DEFAULT_ROWS = 20


@dataclass(frozen=True)
class Customer:
    """A person by e-mail; lists are read when asked for."""

    email: str
    name: str
    user_id: str | None
    language: str | None


def customer_of_ticket(ctx: Context, ticket: Ticket) -> Customer:
    """The person who writes in a ticket."""
    ctx.announce("customer", [ticket.customer_email])
    return Customer(ticket.customer_email, ticket.customer_name, ticket.customer_user_id or None, ticket.language)


def _newest(
    ctx: Context, rows: QuerySet[Any], emails: Collection[str], *, email: str, by: str, first: int
) -> dict[str, list[Any]]:
    """Per e-mail its newest ``first`` rows, in one query; ``email`` and ``by`` name the columns."""
    number = Window(RowNumber(), partition_by=[F(email)], order_by=[F(by).desc(), F("pk").desc()])
    numbered = rows.filter(shop=ctx.shop, **{f"{email}__in": emails}).annotate(of_customer=F(email), n=number)
    found: dict[str, list[Any]] = {}
    for row in numbered.filter(n__lte=first).order_by("n"):
        found.setdefault(row.of_customer, []).append(row)
        ctx.meet([row])
    return found


@bulk("customer", list[Order])
def orders_of_customer(ctx: Context, emails: Collection[str], first: int) -> dict[str, list[Order]]:
    """Each person's newest orders."""
    rows = Order.objects.exclude(status="DRAFT")
    return _newest(ctx, rows, emails, email="email", by="placed_at", first=first)


@bulk("customer", list[Ticket])
def tickets_of_customer(ctx: Context, emails: Collection[str], first: int) -> dict[str, list[Ticket]]:
    """Each person's newest conversations."""
    rows = Ticket.objects.filter(ctx.access.ticket_filter)
    return _newest(ctx, rows, emails, email="customer_email", by="last_message_at", first=first)


@bulk("customer", list[Return])
def returns_of_customer(ctx: Context, emails: Collection[str], first: int) -> dict[str, list[Return]]:
    """Each person's newest returns."""
    return _newest(ctx, Return.objects.all(), emails, email="order__email", by="requested_at", first=first)


@bulk("customer", list[RepairRequest])
def repairs_of_customer(ctx: Context, emails: Collection[str], first: int) -> dict[str, list[RepairRequest]]:
    """Each person's newest repair requests."""
    rows = RepairRequest.objects.all()
    return _newest(ctx, rows, emails, email="customer_email", by="requested_at", first=first)


@bulk("customer", list[SparePartRequest])
def parts_of_customer(ctx: Context, emails: Collection[str], first: int) -> dict[str, list[SparePartRequest]]:
    """Each person's newest spare-part requests."""
    rows = SparePartRequest.objects.all()
    return _newest(ctx, rows, emails, email="customer_email", by="requested_at", first=first)


def _first() -> graphene.Int:
    return graphene.Int(description=f"The newest rows, 1 to 100; {DEFAULT_ROWS} when not said.")


def _size(first: int | None) -> int:
    return DEFAULT_ROWS if first is None else page_size(first)


class CustomerType(graphene.ObjectType):
    """Everything known about one person in this shop, by e-mail."""

    class Meta:
        name = "Customer"

    email = graphene.String(required=True, description="In lower case.")
    name = graphene.String(required=True, description="As last seen on an order or in a conversation, or empty.")
    user_id = graphene.ID(description="Saleor's global id of the user; null for guests.")
    language = graphene.String(description="As last seen, e.g. en, ja.")
    orders = graphene.List(graphene.NonNull(OrderType), first=_first(), required=True, description="Newest first.")
    tickets = graphene.List(
        graphene.NonNull(TicketType), first=_first(), required=True, description="Newest message first."
    )
    returns = graphene.List(graphene.NonNull(ReturnType), first=_first(), required=True, description="Newest first.")
    repair_requests = graphene.List(
        graphene.NonNull(RepairRequestType), first=_first(), required=True, description="Newest first."
    )
    spare_part_requests = graphene.List(
        graphene.NonNull(SparePartRequestType), first=_first(), required=True, description="Newest first."
    )

    @staticmethod
    def resolve_orders(root: Customer, info: graphene.ResolveInfo, *, first: int | None = None) -> list[Order]:
        return orders_of_customer(info.context, root.email, _size(first))

    @staticmethod
    def resolve_tickets(root: Customer, info: graphene.ResolveInfo, *, first: int | None = None) -> list[Ticket]:
        return tickets_of_customer(info.context, root.email, _size(first))

    @staticmethod
    def resolve_returns(root: Customer, info: graphene.ResolveInfo, *, first: int | None = None) -> list[Return]:
        return returns_of_customer(info.context, root.email, _size(first))

    @staticmethod
    def resolve_repair_requests(
        root: Customer, info: graphene.ResolveInfo, *, first: int | None = None
    ) -> list[RepairRequest]:
        return repairs_of_customer(info.context, root.email, _size(first))

    @staticmethod
    def resolve_spare_part_requests(
        root: Customer, info: graphene.ResolveInfo, *, first: int | None = None
    ) -> list[SparePartRequest]:
        return parts_of_customer(info.context, root.email, _size(first))


def _who_writes(ctx: Context, writer: dict[str, str]) -> Customer | None:
    """The person of the newest conversation that the asking member of staff may see."""
    ticket = Ticket.objects.filter(ctx.access.ticket_filter, shop=ctx.shop, **writer).order_by("-pk").first()
    return customer_of_ticket(ctx, ticket) if ticket is not None else None


class CustomerQueries(graphene.ObjectType):
    """Reading about people."""

    customer = graphene.Field(
        CustomerType,
        email=graphene.String(description="By e-mail, exactly; case does not matter,"),
        user_id=graphene.ID(description="or by Saleor's global id of the user."),
        description="All about one person; null when nothing is known. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_customer(
        _root: None, info: graphene.ResolveInfo, *, email: str | None = None, user_id: str | None = None
    ) -> Customer | None:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        if bool(email) == bool(user_id):
            raise InvalidInput(_("Give either the e-mail or the user's id."), "email")
        address = (email or "").strip().lower()
        if not ctx.access.sees_all_customers:
            return _who_writes(ctx, {"customer_user_id": user_id} if user_id else {"customer_email": address})
        who = {"user_id": user_id} if user_id else {"email": address}
        order = Order.objects.filter(shop=ctx.shop, **who).order_by("-placed_at", "-pk").first()
        if order is not None:
            return Customer(order.email, order.customer_name, order.user_id or None, order.language)
        writer = {"customer_user_id": user_id} if user_id else {"customer_email": address}
        if (person := _who_writes(ctx, writer)) is not None:
            return person
        for model in (RepairRequest, SparePartRequest) if address else ():
            row = model.objects.filter(shop=ctx.shop, customer_email=address).order_by("-pk").first()
            if row is not None:
                return Customer(address, row.customer_name, None, row.language)
        return None
