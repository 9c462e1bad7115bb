"""Promising goods in place of others, and what people do about the promise. ``tasks`` keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_hex
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import CommandState, Order, ShopCommand, ShopSettings
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.money import Money

from .events import ReplacementCanceled, ReplacementOutOfStock, ReplacementPlanned
from .models import Purpose, Replacement, ReplacementState
from .policy import price_exchange

R = ReplacementState
MAX_UNITS: Final = 1000


@dataclass(frozen=True)
class ReplacementLine:
    """Units of a variant that go out; ``worth`` is what one of them counts for, tax included."""

    variant_id: str
    quantity: int
    name: str
    worth: Money
    return_line: int | None = None  #: key of the ReturnLine whose units these replace
    product_id: str = ""
    sku: str = ""
    asked: Money | None = None  #: what the shop asked for a unit when it was promised


@transaction.atomic
def plan_replacement(
    order: Order,
    *,
    lines: Sequence[ReplacementLine],
    credit: Money,
    subject: tuple[str, int],
    case_number: str,
    advance: bool,
    key: str,
    at: datetime,
    actor: Actor,
    back_by: date | None = None,
    in_stock: bool = True,
    purpose: Purpose = Purpose.EXCHANGE,
    recipient_email: str = "",
) -> Replacement:
    """Promise goods for what comes back, at today's prices; the same ``key`` again returns the first promise.

    Saleor reserves nothing for apps: what is promised here may be sold out when it is to be sent, and is then offered
    anew. ``in_stock=False`` says that it is so already. With ``advance`` the goods leave before the old ones are back,
    which are due on their way on ``back_by`` at the latest. With ``recipient_email`` the order is that person's, and
    the first order's customer hears nothing of it. Nothing is sent here.

    Raises InvalidInput (field ``lines``, ``credit`` or ``key``).
    """
    _check(order, lines, credit)
    if not key or len(key) > 120:
        raise InvalidInput(_("Between 1 and 120 characters."), "key")
    locked = Order.objects.select_for_update(of=("self",)).select_related("shop").get(pk=order.pk)
    known = Replacement.objects.filter(shop=locked.shop, key=key).first()
    if known is not None:
        return known
    # Drawn, not counted: numbers begin anew with a fresh database, while Saleor keeps the orders of an earlier one.
    reference = f"aftercare:{locked.shop.handle}:{case_number}:{token_hex(6)}"
    row = Replacement.objects.create(
        shop=locked.shop,
        key=key,
        external_reference=reference,
        order=locked,
        subject=subject[0],
        subject_id=subject[1],
        case_number=case_number,
        purpose=purpose,
        recipient_email=recipient_email,
        currency=credit.currency,
        advance=advance,
        back_by=back_by,
        state=R.PLANNED if in_stock else R.OUT_OF_STOCK,
        state_since=at,
        created_at=at,
        **_priced(lines, credit),
    )
    publish(
        ReplacementPlanned(*_about(row), goods=row.goods, due=row.due_money.wire(), currency=row.currency),
        shop=row.shop,
        at=at,
        actor=actor,
    )
    if not in_stock:
        publish(ReplacementOutOfStock(*_about(row), goods=row.goods), shop=row.shop, at=at)
    return row


def _check(order: Order, lines: Sequence[ReplacementLine], credit: Money) -> None:
    if not lines:
        raise InvalidInput(_("Please choose at least one item."), "lines")
    if any(line.quantity < 1 for line in lines) or sum(line.quantity for line in lines) > MAX_UNITS:
        raise InvalidInput(_("Between 1 and %(most)d units.") % {"most": MAX_UNITS}, "lines")
    if any(line.worth.currency != order.currency or line.worth.amount < 0 for line in lines):
        raise InvalidInput(_("Prices are in %(currency)s.") % {"currency": order.currency}, "lines")
    if credit.currency != order.currency or credit.amount < 0 or credit.rounded() != credit:
        raise InvalidInput(_("The amount must be 0 %(currency)s or more.") % {"currency": order.currency}, "credit")


def _priced(lines: Sequence[ReplacementLine], credit: Money) -> dict[str, Any]:
    """The columns that say what is sent and what it costs."""
    priced = price_exchange([credit], [line.worth for line in lines], [line.quantity for line in lines])
    return {
        "credit": credit.amount,
        "due": priced.due.amount,
        "rest": priced.rest.amount,
        "lines": [
            {
                "variant_id": line.variant_id,
                "product_id": line.product_id,
                "name": line.name[:400],
                "sku": line.sku[:255],
                "quantity": line.quantity,
                "return_line": line.return_line,
                "list_price": line.worth.wire(),
                "asked": line.asked.wire() if line.asked is not None else "",
                "units": [[Money(price, credit.currency).wire(), quantity] for price, quantity in units],
            }
            for line, units in zip(lines, priced.units, strict=True)
        ],
    }


def _about(row: Replacement) -> tuple[int, str, int]:
    return row.pk, row.subject, row.subject_id


def lines_of(row: Replacement) -> list[ReplacementLine]:
    """What was promised, as it was said to ``plan_replacement``."""
    return [
        ReplacementLine(
            variant_id=line["variant_id"],
            quantity=line["quantity"],
            name=line["name"],
            worth=Money.read(line["list_price"], row.currency),
            return_line=line["return_line"],
            product_id=line["product_id"],
            sku=line["sku"],
            asked=Money.read(line["asked"], row.currency) if line["asked"] else None,
        )
        for line in row.lines
    ]


@transaction.atomic
def start_replacement(
    row: Replacement,
    *,
    at: datetime,
    actor: Actor = SYSTEM,
    credit: Money | None = None,
    quantities: Mapping[int, int] | None = None,
) -> Replacement:
    """Have the promised order made now; once, however often and by however many this is asked for.

    ``quantities`` maps keys of ReturnLines to units that were accepted, where those are fewer than were promised;
    a replacement of nothing is cancelled. ``credit`` is what they are worth then. The promised prices stay.

    Raises Conflict when it is sold out or was cancelled, InvalidInput("credit").
    """
    locked = _lock(row)
    if locked.state in {R.OUT_OF_STOCK, R.CANCELED}:
        raise Conflict(_("This replacement is sold out, or was canceled; reload and look again."))
    if locked.state != R.PLANNED:
        return _same(row, locked)
    lines = lines_of(locked)
    if quantities is not None:
        accepted = [replace(x, quantity=min(x.quantity, quantities.get(x.return_line or 0, 0))) for x in lines]
        lines = [line for line in accepted if line.quantity > 0]
    if not lines:
        return _same(row, _cancel(locked, at=at, actor=actor))
    worth = locked.credit_money if credit is None else credit
    _check(locked.order, lines, worth)
    locked.move("start", at=at, started_at=at, failure="", **_priced(lines, worth))
    _run(locked, at=at)
    return _same(row, locked)


def _run(row: Replacement, *, at: datetime, by_staff: bool = False) -> None:
    schedule(
        "replacements.run",
        key=f"replacement:{row.pk}",
        shop=row.shop,
        due_at=at,
        payload={"replacement": row.pk, "by_staff": by_staff},
        again=True,
    )


def _lock(row: Replacement) -> Replacement:
    return Replacement.objects.select_for_update(of=("self",)).select_related("shop", "order__shop").get(pk=row.pk)


def _same(row: Replacement, locked: Replacement) -> Replacement:
    """Let the caller's row know what became of it."""
    for field in Replacement._meta.concrete_fields:
        setattr(row, field.attname, getattr(locked, field.attname))
    return row


@transaction.atomic
def reoffer(
    row: Replacement, *, lines: Sequence[ReplacementLine], at: datetime, actor: Actor, in_stock: bool = True
) -> Replacement:
    """Promise other goods in place of those that are sold out, or that Saleor refused; for the same credit.

    Where the goods are back already, the order is made at once.

    ``in_stock=False`` says that these are sold out as well. Raises InvalidInput("lines"); Conflict once an order was
    made.
    """
    locked = _lock(row)
    _check(locked.order, lines, locked.credit_money)
    number = locked.attempt + 1
    was_started = locked.started_at is not None
    base = locked.external_reference.partition("/")[0]
    locked.move(
        "reoffer",
        at=at,
        attempt=number,
        # A new order under a new reference: whatever stands, or stood, under the old one is not taken for it.
        external_reference=f"{base}/{number}",
        changes=[],
        failure="",
        saleor_order_id="",
        saleor_order_number="",
        **_priced(lines, locked.credit_money),
    )
    publish(
        ReplacementPlanned(*_about(locked), goods=locked.goods, due=locked.due_money.wire(), currency=locked.currency),
        shop=locked.shop,
        at=at,
        actor=actor,
    )
    if not in_stock:
        locked.move("run_out", at=at)
        publish(ReplacementOutOfStock(*_about(locked), goods=locked.goods), shop=locked.shop, at=at)
    elif was_started:
        locked.move("start", at=at)
        _run(locked, at=at)
    return _same(row, locked)


@transaction.atomic
def retry_replacement(row: Replacement, *, at: datetime, actor: Actor) -> Replacement:
    """Go on after a person has looked: what Saleor shows is gone on from, refused steps are tried again.

    A draft that somebody deleted in Saleor is made anew. Raises Conflict.
    """
    locked = _lock(row)
    locked.move("retry", at=at, failure="")
    for command in ShopCommand.objects.filter(
        shop=locked.shop, subject="replacement", subject_id=locked.pk, state=CommandState.FAILED
    ):
        command.move("retry", at=at, error="", error_code="")
    _run(locked, at=at, by_staff=True)
    return _same(row, locked)


@transaction.atomic
def cancel_replacement(row: Replacement, *, at: datetime, actor: Actor) -> Replacement:
    """Send nothing after all. What stands in Saleor already is deleted or canceled there by a job.

    Raises Refused when the customer has paid for it, Conflict when it was sent or is being made at this moment.
    """
    locked = _lock(row)
    if locked.state == R.PLACED and locked.due:
        raise Refused(_("The customer has paid for this order; cancel and refund it in Saleor."))
    return _same(row, _cancel(locked, at=at, actor=actor))


def _cancel(row: Replacement, *, at: datetime, actor: Actor) -> Replacement:
    row.move("cancel", at=at)
    publish(ReplacementCanceled(*_about(row)), shop=row.shop, at=at, actor=actor)
    if row.started_at is not None:
        schedule(
            "replacements.call_off",
            key=f"replacement-call-off:{row.pk}",
            shop=row.shop,
            due_at=at,
            payload={"replacement": row.pk},
            again=True,
        )
    return row


@transaction.atomic
def charge_for(row: Replacement, *, line: ReplacementLine, at: datetime, actor: Actor) -> Replacement:
    """Ask the customer to pay for goods that never came back: an order of what they owe, which nobody ships.

    ``line`` is a product that the shop keeps for such charges (setting ``charge_sku``), priced with what is owed.

    Raises Refused unless the replacement went ahead in advance and was sent or is about to be.
    """
    if not row.advance or row.state not in {R.PLACED, R.SHIPPED}:
        raise Refused(_("Only goods that were replaced in advance can be charged."))
    charge = plan_replacement(
        row.order,
        lines=[line],
        credit=Money.zero(row.currency),
        subject=(row.subject, row.subject_id),
        case_number=row.case_number,
        advance=False,
        key=f"charge:{row.pk}",
        at=at,
        actor=actor,
        purpose=Purpose.CHARGE,
    )
    return start_replacement(charge, at=at, actor=actor) if charge.state == R.PLANNED else charge


def note_order(order: Order, *, at: datetime) -> Replacement | None:
    """Saleor told something about ``order``: if it is one that we made, have a job see what became of it."""
    row = (
        Replacement.objects.select_related("shop")
        .filter(shop=order.shop, saleor_order_id=order.saleor_id, state__in=[R.AWAITING_PAYMENT, R.PLACED])
        .first()
    )
    if row is not None:
        look_at(row, at=at)
    return row


def look_at(row: Replacement, *, at: datetime) -> None:
    """Have a job see what became of an order that we made."""
    schedule(
        "replacements.look",
        key=f"replacement-look:{row.pk}",
        shop=row.shop,
        due_at=at,
        payload={"replacement": row.pk},
        again=True,
    )


def payment_url(settings: ShopSettings, *, order_id: str, order_number: str) -> str:
    """Where a customer pays an order in this shop's storefront; empty when the shop has no such page."""
    return settings.payment_link.replace("{order_id}", order_id).replace("{order_number}", order_number)[:1000]
