"""Persons as staff see them: what they are known by, and what they had with the shop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import graphene
from django.db.models import Count, F, Sum, Window
from django.db.models.functions import RowNumber

from saleor_aftercare.compensation.models import StoreCredit, StoreCreditState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.people.models import Identity, IdentityKind, Person, PersonMerge
from saleor_aftercare.people.queries import last_merge_of, look_alikes, of_identities
from saleor_aftercare.returns.models import Return

from .core.context import Context
from .core.loaders import bulk, nothing, row_of
from .core.paging import page_size
from .core.scalars import DateTimeType, MoneyType, Node, enum_from
from .orders import OrderType

#: Rows of a list when the caller does not say.
DEFAULT_ROWS = 20

IdentityKindEnum = enum_from(
    IdentityKind,
    {
        "EMAIL": "An e-mail address.",
        "PHONE": "A telephone number, E.164.",
        "LINE": "A LINE user.",
        "SALEOR": "An account in the shop.",
    },
    "What somebody is known by.",
)


class IdentityType(graphene.ObjectType):
    """One way to recognise a person."""

    class Meta:
        name = "Identity"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    kind = graphene.Field(IdentityKindEnum, required=True, description="What it is.")
    value = graphene.String(required=True, description="The address, number, or id.")
    verified_at = graphene.Field(DateTimeType, description="When they proved that it is theirs; null: never.")
    spam_since = graphene.Field(DateTimeType, description="Since when what comes from here is spam; null: it is not.")

    @staticmethod
    def resolve_id(root: Identity, _info: Any) -> str:
        return to_global_id("Identity", root.pk)


# -- what belongs to persons, in bulk ----------------------------------------------------------------------------


@bulk(Person, list[Identity])
def identities_of_person(ctx: Context, pks: Collection[int]) -> dict[int, list[Identity]]:
    """What each person is known by, as it became known; in one query."""
    found: dict[int, list[Identity]] = {}
    for identity in Identity.objects.filter(shop=ctx.shop, person__in=pks).order_by("pk"):
        found.setdefault(identity.person_id, []).append(identity)
    return found


class _Owners:
    """Whose order it is: of the account's owner, else of whoever is known by the address."""

    def __init__(self, ctx: Context, pks: Collection[int]) -> None:
        self.identities = [one for pk in pks for one in identities_of_person(ctx, pk)]
        self._by = {(one.kind, one.value): one.person_id for one in self.identities}

    def of(self, user_id: str, email: str) -> int | None:
        """The person's key; None for nobody of these."""
        return self._by.get((IdentityKind.SALEOR, user_id)) or self._by.get((IdentityKind.EMAIL, email))


@bulk(Person, list[Order])
def orders_of_person(ctx: Context, pks: Collection[int], first: int) -> dict[int, list[Order]]:
    """Each person's newest orders, over all their accounts and addresses."""
    owners = _Owners(ctx, pks)
    number = Window(RowNumber(), partition_by=[F("user_id"), F("email")], order_by=[F("placed_at").desc()])
    rows = Order.objects.filter(ctx.mine(), of_identities(owners.identities)).exclude(status="DRAFT")
    found: dict[int, list[Order]] = defaultdict(list)
    for order in rows.annotate(n=number).filter(n__lte=first).order_by("-placed_at", "-pk"):
        owner = owners.of(order.user_id, order.email)
        if owner is not None and len(found[owner]) < first:
            found[owner].append(order)
    ctx.meet([order for orders in found.values() for order in orders])
    return found


class _Figures:
    """What somebody bought and sent back."""

    def __init__(self) -> None:
        self.orders = 0
        self.returns = 0
        self.value: dict[str, Decimal] = defaultdict(Decimal)
        self.credit: dict[str, Decimal] = defaultdict(Decimal)


@bulk(Person, _Figures)
def figures_of_person(ctx: Context, pks: Collection[int]) -> dict[int, _Figures]:
    """Orders, returns, value and credit of each person, in three queries; of what the asking person may see."""
    owners = _Owners(ctx, pks)
    found: dict[int, _Figures] = {pk: _Figures() for pk in pks}
    mine = Order.objects.filter(ctx.mine(), of_identities(owners.identities)).exclude(status="DRAFT")
    bought = mine.exclude(status__in=["CANCELED", "EXPIRED"])
    sums = bought.values("user_id", "email", "currency").annotate(n=Count("pk"), total=Sum("total")).order_by()
    for row in sums:
        if (owner := owners.of(row["user_id"], row["email"])) is not None:
            found[owner].orders += row["n"]
            found[owner].value[row["currency"]] += row["total"]
    sent_back = Return.objects.filter(shop=ctx.shop, order__in=mine).values_list("order__user_id", "order__email")
    for user_id, email, count in sent_back.annotate(n=Count("pk")).order_by():
        if (owner := owners.of(user_id, email)) is not None:
            found[owner].returns += count
    given = StoreCredit.objects.filter(shop=ctx.shop, order__in=mine, state=StoreCreditState.ISSUED)
    amounts = given.values_list("order__user_id", "order__email", "currency").annotate(total=Sum("amount"))
    for user_id, email, currency, total in amounts.order_by():
        if (owner := owners.of(user_id, email)) is not None:
            found[owner].credit[currency] += total
    return found


@bulk(Person, list[Ticket])
def tickets_of_person(ctx: Context, pks: Collection[int], first: int) -> dict[int, list[Ticket]]:
    """Each person's newest conversations, in one query."""
    number = Window(RowNumber(), partition_by=[F("person")], order_by=[F("last_message_at").desc(), F("pk").desc()])
    rows = Ticket.objects.filter(ctx.access.ticket_filter, shop=ctx.shop, person__in=pks).annotate(n=number)
    found: dict[int, list[Ticket]] = {}
    for row in rows.filter(n__lte=first).order_by("n"):
        if row.person_id is not None:
            found.setdefault(row.person_id, []).append(row)
    ctx.meet([row for rows in found.values() for row in rows])
    return found


@bulk(Person, int)
def count_of_tickets(ctx: Context, pks: Collection[int]) -> dict[int, int]:
    """How many conversations there are with each person."""
    rows = Ticket.objects.filter(ctx.access.ticket_filter, shop=ctx.shop, person__in=pks).values("person")
    return {row["person"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


@bulk(Person, nothing)
def merge_of_person(ctx: Context, pks: Collection[int]) -> dict[int, PersonMerge | None]:
    """The newest merge into each person that can be taken back."""
    return dict(last_merge_of(pks, at=ctx.at))


# -- types -------------------------------------------------------------------------------------------------------


class PersonMergeType(graphene.ObjectType):
    """Two persons were found to be one; taken back by personMergeUndo."""

    class Meta:
        name = "PersonMerge"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    at = graphene.Field(DateTimeType, required=True, description="When.")
    by_name = graphene.String(required=True, description="Who said so; Saleor, when an account told it.")
    dropped_name = graphene.String(required=True, description="What the other one was called.")

    @staticmethod
    def resolve_id(root: PersonMerge, _info: Any) -> str:
        return to_global_id("PersonMerge", root.pk)

    @staticmethod
    def resolve_dropped_name(root: PersonMerge, _info: Any) -> str:
        return root.dropped.name


class PersonType(graphene.ObjectType):
    """Somebody who writes to the shop, over all their addresses, numbers and accounts."""

    class Meta:
        name = "Person"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="As they call themselves; may be empty.")
    language = graphene.String(required=True, description="What they are written to in; empty: the shop's.")
    note = graphene.String(required=True, description="What staff should know.")
    is_vip = graphene.Boolean(required=True, description="Somebody whom the shop looks after specially.")
    created_at = graphene.Field(DateTimeType, required=True, description="When they first wrote or ordered.")
    identities = graphene.List(
        graphene.NonNull(IdentityType), required=True, description="What they are known by, as it became known."
    )
    orders = graphene.List(
        graphene.NonNull(OrderType),
        first=graphene.Int(description="The newest rows, 1 to 100; 20 when not said."),
        required=True,
        description="Over all accounts and addresses, newest first.",
    )
    order_count = graphene.Int(required=True, description="Orders that were not cancelled.")
    orders_value = graphene.List(
        graphene.NonNull(MoneyType), required=True, description="What these cost together, by currency."
    )
    return_count = graphene.Int(required=True, description="Returns of their orders.")
    store_credit = graphene.List(
        graphene.NonNull(MoneyType), required=True, description="Store credit that they were given, by currency."
    )
    tickets = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.inbox.TicketType"),
        first=graphene.Int(description="The newest rows, 1 to 100; 20 when not said."),
        required=True,
        description="Conversations over all channels and addresses, newest message first.",
    )
    ticket_count = graphene.Int(required=True, description="How many conversations there are.")
    look_alikes = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.people.PersonType"),
        required=True,
        description="Who may be the same: same name, and the same telephone number or address. Agents only.",
    )
    last_merge = graphene.Field(PersonMergeType, description="The newest merge that can still be taken back.")

    @staticmethod
    def resolve_id(root: Person, _info: Any) -> str:
        return to_global_id("Person", root.pk)

    @staticmethod
    def resolve_identities(root: Person, info: graphene.ResolveInfo) -> list[Identity]:
        return identities_of_person(info.context, root.pk)

    @staticmethod
    def resolve_orders(root: Person, info: graphene.ResolveInfo, *, first: int | None = None) -> list[Order]:
        return orders_of_person(info.context, root.pk, _size(first))

    @staticmethod
    def resolve_order_count(root: Person, info: graphene.ResolveInfo) -> int:
        return figures_of_person(info.context, root.pk).orders

    @staticmethod
    def resolve_orders_value(root: Person, info: graphene.ResolveInfo) -> list[Money]:
        return _sums(figures_of_person(info.context, root.pk).value)

    @staticmethod
    def resolve_return_count(root: Person, info: graphene.ResolveInfo) -> int:
        return figures_of_person(info.context, root.pk).returns

    @staticmethod
    def resolve_store_credit(root: Person, info: graphene.ResolveInfo) -> list[Money]:
        return _sums(figures_of_person(info.context, root.pk).credit)

    @staticmethod
    def resolve_tickets(root: Person, info: graphene.ResolveInfo, *, first: int | None = None) -> list[Ticket]:
        return tickets_of_person(info.context, root.pk, _size(first))

    @staticmethod
    def resolve_ticket_count(root: Person, info: graphene.ResolveInfo) -> int:
        return count_of_tickets(info.context, root.pk)

    @staticmethod
    def resolve_look_alikes(root: Person, info: graphene.ResolveInfo) -> list[Person]:
        ctx: Context = info.context
        if not ctx.access.sees_all_customers:
            return []
        found = look_alikes(root)
        ctx.meet(found)
        return found

    @staticmethod
    def resolve_last_merge(root: Person, info: graphene.ResolveInfo) -> PersonMerge | None:
        merge: PersonMerge | None = merge_of_person(info.context, root.pk)
        return merge


def person_of_ticket(ctx: Context, ticket: Ticket) -> Person | None:
    """Who writes in a conversation; announced, so that a list asks for all of its persons at once."""
    person = row_of(ctx, Person, ticket.person_id)
    if person is not None:
        ctx.meet([person])
    return person


def _size(first: int | None) -> int:
    return DEFAULT_ROWS if first is None else page_size(first)


def _sums(amounts: dict[str, Decimal]) -> list[Money]:
    return [Money(amount, currency) for currency, amount in sorted(amounts.items())]
