"""Declaring a withdrawal from a native storefront, and what staff do with declarations."""

from __future__ import annotations

import re
from typing import Any, Final

import graphene
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Customer, Guest, Staff
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.connection.orders import order_by_number
from saleor_aftercare.core.errors import InvalidInput, NotFound, PermissionDenied, Refused
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.mail.headers import sender_name
from saleor_aftercare.withdrawals import actions, queries
from saleor_aftercare.withdrawals.statements import draw_up

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Upload
from .files import keep_attachments
from .orders import find_line, find_order
from .withdrawals import WithdrawalType, find_withdrawal

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,50}")


class WithdrawalLineInput(graphene.InputObjectType):
    """Units of one order line."""

    order_line_id = graphene.ID(required=True, description="Saleor's global id of the line.")
    quantity = graphene.Int(required=True, description="How many pieces.")


class WithdrawalDeclareInput(graphene.InputObjectType):
    """The statement of the first step. Send it when the second step, `confirmLabel`, was pressed, and only then."""

    key = graphene.String(
        required=True, description="Made once per form, 8 to 50 letters, digits, - and _; sent twice it counts once."
    )
    order_id = graphene.ID(description="Of somebody with a token: the order. A guest's token has one already.")
    contract = graphene.String(default_value="", description="Without a token: the order number, as it was written.")
    name = graphene.String(default_value="", description="Without a token, or when the order knows no name.")
    email = graphene.String(default_value="", description="Without a token: where the acknowledgement goes.")
    lines = graphene.List(
        graphene.NonNull(WithdrawalLineInput),
        default_value=[],
        description="With an order: only these pieces. Empty for the whole contract.",
    )
    goods = graphene.String(default_value="", description="Without a token: only these goods, in words.")
    language = graphene.String(description="Of statement and acknowledgement; without it that of this request.")


class WithdrawalReceipt(graphene.ObjectType):
    """What to show after the declaration. It tells nothing of what was found out about it."""

    number = graphene.String(required=True, description="Such as WD-1001.")
    statement = graphene.String(required=True, description="Word for word, as it was declared.")
    declared_at = graphene.Field(DateTimeType, required=True, description="The moment that counts.")
    email = graphene.String(required=True, description="Where the acknowledgement goes.")
    send_back_by = graphene.Date(required=True, description="The last day, inclusive, to send the goods off.")
    refund_due_on = graphene.Date(required=True, description="The last day, inclusive, for the money.")


class WithdrawalDeclare(AftercareMutation):
    """Declare a withdrawal. Customers, guests, and anybody without a token but with the header `Saleor-Api-Url`.

    It takes effect by being made: whatever is named, it is recorded and acknowledged. Without a token the answer is
    the same whether the order exists or not.
    """

    class Arguments:
        input = WithdrawalDeclareInput(required=True, description="The statement.")

    receipt = graphene.Field(WithdrawalReceipt, description="What was declared, and when.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> WithdrawalDeclare:
        if not _KEY.fullmatch(input.key):
            raise InvalidInput(_("8 to 50 letters, digits, - and _."), "key")
        order = _order(ctx, input)
        chosen = _lines(order, input.lines, ctx) if order is not None else []
        if order is None and input.lines:
            raise InvalidInput(_("Lines need a token; name the goods in words."), "lines")
        statement = draw_up(
            ctx.shop,
            shop_name=sender_name(ctx.shop, ctx.settings),
            name=(order.customer_name if order is not None else "") or input.name,
            email=_email(ctx) or input.email,
            contract=order.number if order is not None else input.contract,
            goods=input.goods,
            chosen=chosen,
            whole=not chosen and not input.goods.strip(),
            language=input.language or translation.get_language() or "en",
        )
        row = actions.declare(
            ctx.shop,
            key=f"api-{input.key}",
            statement=statement,
            order=order,
            source="api",
            ip=client_ip(ctx.request),
            at=ctx.at,
        )
        receipt = WithdrawalReceipt(
            number=row.number,
            statement=row.statement,
            declared_at=row.declared_at,
            email=row.email,
            send_back_by=row.send_back_by,
            refund_due_on=row.refund_due_on,
        )
        return cls(receipt=receipt)


def _order(ctx: Context, given: Any) -> Order | None:
    person = ctx.principal
    if isinstance(person, Staff):
        raise PermissionDenied(_("Only the customer can declare a withdrawal."))
    if isinstance(person, Guest):
        return person.order if not given.contract else None
    if isinstance(person, Customer) and given.order_id:
        return find_order(ctx, given.order_id, field="orderId")
    if given.order_id:
        raise InvalidInput(_("Without a token, name the contract instead."), "orderId")
    return None


def _email(ctx: Context) -> str:
    return ctx.principal.email if isinstance(ctx.principal, Customer | Guest) else ""


def _lines(order: Order, given: Any, ctx: Context) -> list[tuple[OrderLine, int]]:
    """The chosen units, checked against what a declaration can cover."""
    if not given:
        return []
    order.shop = ctx.shop
    offers = {one.order_line.pk: one for one in queries.offers_of(order, at=ctx.at)}
    chosen: dict[int, tuple[OrderLine, int]] = {}
    for n, one in enumerate(given):
        line = find_line(order, one.order_line_id, field=f"lines.{n}.orderLineId")
        offer = offers.get(line.pk)
        left = offer.left if offer is not None else 0
        if line.pk in chosen:
            raise InvalidInput(_("An item is listed twice."), f"lines.{n}.orderLineId")
        if offer is not None and offer.excepted:
            raise Refused(_("There is no right to withdraw from this item."), f"lines.{n}.orderLineId")
        if not 1 <= one.quantity <= left:
            raise InvalidInput(
                _("A whole number from %(low)d to %(high)d.") % {"low": 1, "high": left}, f"lines.{n}.quantity"
            )
        chosen[line.pk] = (line, one.quantity)
    return list(chosen.values())


class WithdrawalMatch(AftercareMutation):
    """Say which order an unmatched declaration is about. Its return is made where nothing speaks against it."""

    class Arguments:
        id = graphene.ID(required=True, description="The withdrawal.")
        order_id = graphene.ID(description="Saleor's global id of the order,")
        order_number = graphene.String(description="or its number.")
        lines = graphene.List(graphene.NonNull(WithdrawalLineInput), description="Which goods are meant, if not all.")

    permissions = (MANAGE_ORDERS,)
    withdrawal = graphene.Field(WithdrawalType, description="The withdrawal, in force.")

    @classmethod
    def perform(
        cls,
        ctx: Context,
        *,
        id: str,
        order_id: str | None = None,
        order_number: str | None = None,
        lines: list[Any] | None = None,
    ) -> WithdrawalMatch:
        row = find_withdrawal(ctx, Q(pk=own_pk("Withdrawal", id)))
        order = find_order(ctx, order_id, field="orderId") if order_id else _by_number(ctx, order_number or "")
        chosen = _staff_lines(order, lines)
        return cls(withdrawal=actions.match(row, order=order, chosen=chosen, at=ctx.at, actor=ctx.somebody.actor))


def _by_number(ctx: Context, number: str) -> Order:
    """The order as Aftercare knows it; raises NotFound for one that it has not heard of."""
    bare = number.strip().lstrip("#")
    order = order_by_number(ctx.shop, bare) if bare and is_storable(bare) else None
    if order is None:
        raise NotFound(_("There is no such order."), "orderNumber")
    order.shop = ctx.shop
    ctx.meet([order])
    return order


def _staff_lines(order: Order, given: list[Any] | None) -> list[tuple[OrderLine, int]] | None:
    """The lines as staff name them; how many are left is the return's question."""
    if given is None:
        return None
    return [(find_line(order, one.order_line_id, field="lines"), one.quantity) for one in given]


class WithdrawalCarryOut(AftercareMutation):
    """Have the return made in spite of what held it back, for these goods or for all that is left."""

    class Arguments:
        id = graphene.ID(required=True, description="The withdrawal.")
        lines = graphene.List(graphene.NonNull(WithdrawalLineInput), description="Which goods are meant, if not all.")

    permissions = (MANAGE_ORDERS,)
    withdrawal = graphene.Field(WithdrawalType, description="The withdrawal; its return follows within seconds.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, lines: list[Any] | None = None) -> WithdrawalCarryOut:
        row = find_withdrawal(ctx, Q(pk=own_pk("Withdrawal", id)))
        if row.order is None:
            raise InvalidInput(_("Say first which order it is about."), "id")
        chosen = _staff_lines(row.order, lines)
        return cls(withdrawal=actions.carry_out(row, chosen=chosen, at=ctx.at, actor=ctx.somebody.actor))


class WithdrawalMarkOutOfScope(AftercareMutation):
    """There was no such right here. The reason is mailed; the acknowledgement has gone out before. May be undone."""

    class Arguments:
        id = graphene.ID(required=True, description="The withdrawal.")
        reason = graphene.String(required=True, description="For the declarer, in their language.")

    permissions = (MANAGE_ORDERS,)
    withdrawal = graphene.Field(WithdrawalType, description="The withdrawal, out of scope.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, reason: str) -> WithdrawalMarkOutOfScope:
        row = find_withdrawal(ctx, Q(pk=own_pk("Withdrawal", id)))
        actor = ctx.somebody.actor
        return cls(withdrawal=actions.mark_out_of_scope(row, reason=reason, at=ctx.at, actor=actor))


class WithdrawalReopen(AftercareMutation):
    """Take "out of scope" back."""

    class Arguments:
        id = graphene.ID(required=True, description="The withdrawal.")

    permissions = (MANAGE_ORDERS,)
    withdrawal = graphene.Field(WithdrawalType, description="The withdrawal, looked at again.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> WithdrawalReopen:
        row = find_withdrawal(ctx, Q(pk=own_pk("Withdrawal", id)))
        return cls(withdrawal=actions.reopen(row, at=ctx.at, actor=ctx.somebody.actor))


class WithdrawalProveSending(AftercareMutation):
    """Show that the goods are on their way: the refund does not wait for them any longer. Customers, guests, staff."""

    class Arguments:
        id = graphene.ID(required=True, description="The withdrawal.")
        tracking_number = graphene.String(default_value="", description="The carrier's number,")
        files = graphene.List(
            graphene.NonNull(Upload), default_value=[], description="or its receipt: pictures or PDF, 10 MB each."
        )

    withdrawal = graphene.Field(WithdrawalType, description="The withdrawal, with the proof.")

    @classmethod
    def perform(
        cls, ctx: Context, *, id: str, tracking_number: str = "", files: list[Any] | None = None
    ) -> WithdrawalProveSending:
        row = find_withdrawal(ctx, Q(pk=own_pk("Withdrawal", id)))
        person = ctx.reader()
        with transaction.atomic():
            row = actions.note_proof_of_sending(
                row,
                tracking_number=tracking_number,
                files=keep_attachments(ctx, files, "files"),
                at=ctx.at,
                actor=person.actor if isinstance(person, Staff) else CUSTOMER,
            )
        return cls(withdrawal=row)


class WithdrawalMutations(graphene.ObjectType):
    """What people do with withdrawals."""

    withdrawal_declare = WithdrawalDeclare.Field()
    withdrawal_match = WithdrawalMatch.Field()
    withdrawal_carry_out = WithdrawalCarryOut.Field()
    withdrawal_mark_out_of_scope = WithdrawalMarkOutOfScope.Field()
    withdrawal_reopen = WithdrawalReopen.Field()
    withdrawal_prove_sending = WithdrawalProveSending.Field()
