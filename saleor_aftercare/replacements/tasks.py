"""Making the promised orders in Saleor, step by step, each written down before it is taken.

Whenever a worker dies, the next run finds the replacement's state, its commands and the order in Saleor, and goes on
from there. One reference has one order in Saleor: see ``connection.effects.drafts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection import client
from saleor_aftercare.connection.effects.drafts import read_made_order
from saleor_aftercare.connection.made_orders import take_step
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.connection.orders import fetch_order
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, ProviderUnavailable
from saleor_aftercare.core.jobs import MAX_ATTEMPTS, handles
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.core.money import Money

from . import outcomes
from .models import Replacement, ReplacementState
from .offers import offers_of
from .policy import acceptable, choose_method, correction, draft_lines

log = structlog.get_logger(__name__)

R = ReplacementState

#: Saleor's refusals that mean: this cannot be had (any more).
SOLD_OUT: Final = frozenset(
    {
        "INSUFFICIENT_STOCK",
        "NOT_AVAILABLE_IN_CHANNEL",
        "PRODUCT_NOT_PUBLISHED",
        "PRODUCT_UNAVAILABLE_FOR_PURCHASE",
    }
)


def _load(job: Job) -> Replacement:
    return Replacement.objects.select_related("shop", "order__shop").get(pk=job.payload["replacement"])


def _staff_language(shop: Shop) -> Any:
    """What goes wrong is written down for the shop's staff, in the shop's language."""
    return translation.override(supported_language(shop.settings.default_language))


@handles("replacements.run")
def run_replacement(job: Job) -> None:
    """Take a replacement's order as far as it goes now."""
    row = _load(job)
    at = clock.now()
    with _staff_language(row.shop):
        try:
            if row.state == R.PENDING and not _begin(row, at=at):
                return
            if row.state == R.CREATING:
                _make(row, by_staff=bool(job.payload.get("by_staff")), at=at)
        except Conflict:
            # Somebody canceled it, or another worker was faster: what they did stands.
            log.info("replacement_moved_on", replacement=row.pk)
        except ProviderUnavailable:
            if job.attempts < MAX_ATTEMPTS:
                raise
            outcomes.ask_staff(row, reason=_("Saleor did not answer for a long time."), at=at)


def _begin(row: Replacement, *, at: datetime) -> bool:
    """See whether the goods are still there, and at what price; False when they are not."""
    if not _commands(row).exists():
        offers = offers_of(row.order, (line["variant_id"] for line in row.lines))
        wanted: dict[str, int] = {}
        for line in row.lines:
            wanted[line["variant_id"]] = wanted.get(line["variant_id"], 0) + line["quantity"]
        if any(variant not in offers or not offers[variant].has(units) for variant, units in wanted.items()):
            outcomes.run_out(row, at=at)
            return False
        outcomes.note_prices(row, _changes(row, {v: o.price for v, o in offers.items()}), at=at)
    row.move("create", at=at)
    return True


def _changes(row: Replacement, prices: Mapping[str, Money]) -> list[dict[str, str]]:
    """Lines for which the shop asks something else than when they were promised."""
    return [
        {
            "variant_id": line["variant_id"],
            "name": line["name"],
            "promised": line["asked"],
            "now": prices[line["variant_id"]].wire(),
        }
        for line in row.lines
        if line.get("asked") and line["asked"] != prices[line["variant_id"]].wire()
    ]


def _commands(row: Replacement) -> Any:
    return ShopCommand.objects.filter(
        shop=row.shop, reference__startswith=f"replacement:{row.pk}:{row.attempt}:", subject="replacement"
    )


def _step(row: Replacement, step: str, kind: str, request: dict[str, Any], *, at: datetime) -> ShopCommand:
    """Carry out one command of this attempt."""
    return take_step(
        row.shop,
        kind=kind,
        reference=f"replacement:{row.pk}:{row.attempt}:{step}",
        made_reference=row.external_reference,
        subject=("replacement", row.pk),
        order_id=row.order.saleor_id,
        request=request,
        at=at,
    )


def _make(row: Replacement, *, by_staff: bool, at: datetime) -> None:
    order = _draft(row, by_staff=by_staff, at=at)
    if order is None:
        return
    if order["status"] == "DRAFT":
        if not (_dress(row, order, at=at) and _complete(row, order, at=at)):
            return
        order = read_made_order(row.shop, saleor_id=order["id"])
        if order is None or order["status"] == "DRAFT":
            outcomes.ask_staff(row, reason=_("Saleor does not show the completed order."), at=at)
            return
    _settle(row, order, at=at)


def _draft(row: Replacement, *, by_staff: bool, at: datetime) -> Mapping[str, Any] | None:
    """The draft or order of this attempt, made now if there was none; None when it ended otherwise."""
    made = _commands(row).filter(kind="create_draft").first()
    known = str(made.response.get("order", "")) if made is not None else ""
    order = read_made_order(row.shop, saleor_id=known, reference=row.external_reference)
    if order is not None:
        return order
    if made is not None and made.state == CommandState.SENT:
        if not by_staff:
            outcomes.ask_staff(row, reason=_("Somebody deleted the draft order in Saleor."), at=at)
            return None
        # Deleted, and staff want it anew: only a draft can be deleted, so no order of the old reference exists.
        base = row.external_reference.partition("/")[0]
        _renumber(row, attempt=row.attempt + 1, external_reference=f"{base}/{row.attempt + 1}")
    created = _step(row, "create", "create_draft", {"input": _draft_input(row)}, at=at)
    if created.state == CommandState.FAILED:
        if created.error_code in SOLD_OUT:
            outcomes.run_out(row, at=at)
        else:
            outcomes.fail(row, reason=created.error, at=at)
        return None
    order = read_made_order(row.shop, reference=row.external_reference)
    if order is None:
        outcomes.ask_staff(row, reason=_("Somebody deleted the draft order in Saleor."), at=at)
    return order


def _renumber(row: Replacement, **values: Any) -> None:
    Replacement.objects.filter(pk=row.pk, state=row.state, attempt=row.attempt).update(**values)
    row.refresh_from_db(fields=list(values))


def _draft_input(row: Replacement) -> dict[str, Any]:
    order = row.order
    customer = {"user": order.user_id} if order.user_id else {"userEmail": order.email}
    if row.recipient_email:
        customer = {"userEmail": row.recipient_email}
    # As Saleor has them: ours keep what a label needs, not how a name falls into first and last.
    first = client.call(row.shop, "order", id=order.saleor_id).get("order")
    if first is None:
        raise ProviderUnavailable("Saleor does not show the order at the moment.")
    billing, shipping = first.get("billingAddress"), first.get("shippingAddress")
    if row.recipient_email:
        billing = shipping  # where the payer lives is not the recipient's to know
    addresses = {"billingAddress": billing or shipping, "shippingAddress": shipping or billing}
    return {
        "channelId": first["channel"]["id"],
        **customer,
        **{name: _address(address) for name, address in addresses.items() if address},
        "languageCode": order.language.upper().replace("-", "_"),
        "externalReference": row.external_reference,
        "customerNote": _("%(case)s, order %(number)s") % {"case": row.case_number, "number": order.number},
        "metadata": [{"key": "aftercare.case", "value": row.case_number}],
        "lines": draft_lines(row.lines),
    }


def _address(address: Mapping[str, Any]) -> dict[str, str]:
    """An ``AddressInput`` from an ``Address``."""
    return {**{name: value for name, value in address.items() if value}, "country": address["country"]["code"]}


def _dress(row: Replacement, order: Mapping[str, Any], *, at: datetime) -> bool:
    """Give a draft its way to travel and its price; False when that cannot be done."""
    draft: Mapping[str, Any] | None = order
    if order["isShippingRequired"] and order["deliveryMethod"] is None:
        method = choose_method(order["shippingMethods"], preferred=row.order.shipping_method)
        if method is None:
            outcomes.ask_staff(row, reason=_("No way of shipping reaches the customer's address."), at=at)
            return False
        request = {"id": order["id"], "input": {"shippingMethod": method["id"]}}
        if not _done(row, "shipping", "choose_shipping", request, at=at):
            return False
        draft = read_made_order(row.shop, saleor_id=order["id"])
    if draft is None:
        outcomes.ask_staff(row, reason=_("Somebody deleted the draft order in Saleor."), at=at)
        return False
    discount = correction(
        gross=_amount(draft["total"]["gross"]),
        net=_amount(draft["total"]["net"]),
        due=row.due_money.amount,
        entered_with_tax=bool(draft["channel"]["taxConfiguration"]["pricesEnteredWithTax"]),
    )
    given = any(one["reason"] == row.case_number for one in draft["discounts"])
    if discount is not None and discount.value and not given:
        value = {"valueType": discount.value_type, "value": f"{discount.value:f}", "reason": row.case_number}
        if not _done(row, "discount", "discount_draft", {"order": order["id"], "input": value}, at=at):
            return False
        draft = read_made_order(row.shop, saleor_id=order["id"])
    return draft is not None and _costs_what_is_due(row, draft, at=at)


def _costs_what_is_due(row: Replacement, draft: Mapping[str, Any], *, at: datetime) -> bool:
    total = Money.read(draft["total"]["gross"]["amount"], draft["total"]["gross"]["currency"])
    roundings = sum(len(line["units"]) for line in row.lines) + 1
    if total.currency == row.currency and acceptable(
        gross=total.amount, due=row.due_money.amount, currency=row.currency, roundings=roundings
    ):
        return True
    outcomes.ask_staff(
        row,
        reason=_("The draft in Saleor costs %(total)s %(currency)s, and %(due)s is due. It was not completed.")
        % {"total": total.wire(), "currency": total.currency, "due": row.due_money.wire()},
        at=at,
    )
    return False


def _amount(money: Mapping[str, Any]) -> Decimal:
    return Decimal(str(money["amount"]))


def _done(row: Replacement, step: str, kind: str, request: dict[str, Any], *, at: datetime) -> bool:
    """Carry out a step; False when Saleor refused it, and staff are told."""
    command = _step(row, step, kind, request, at=at)
    if command.state == CommandState.FAILED:
        outcomes.ask_staff(row, reason=command.error, at=at)
        return False
    return True


def _complete(row: Replacement, order: Mapping[str, Any], *, at: datetime) -> bool:
    """Make an order of the draft; a sold-out one is deleted. False when it ended otherwise."""
    completed = _step(row, "complete", "complete_draft", {"id": order["id"]}, at=at)
    if completed.state != CommandState.FAILED:
        return True
    if completed.error_code in SOLD_OUT:
        if _done(row, "delete", "delete_draft", {"id": order["id"]}, at=at):
            outcomes.run_out(row, at=at)
        return False
    now = read_made_order(row.shop, saleor_id=order["id"])
    if now is not None and now["status"] != "DRAFT":
        # Somebody completed it in the Dashboard at the same moment.
        return True
    outcomes.ask_staff(row, reason=completed.error, at=at)
    return False


def _settle(row: Replacement, order: Mapping[str, Any], *, at: datetime) -> None:
    """Note the order that Saleor has; we know it ourselves before anybody hears of it."""
    found = {"saleor_order_id": order["id"], "saleor_order_number": str(order["number"])}
    fetch_order(row.shop, order["id"], at=at)
    if order["status"] in {"CANCELED", "EXPIRED"}:
        outcomes.call_off(row, at=at)
    elif order["isPaid"]:
        outcomes.place(row, at=at, **found)
    else:
        outcomes.await_payment(row, at=at, order_id=order["id"], order_number=str(order["number"]))


_LEFT: Final = frozenset({"FULFILLED", "RETURNED", "REPLACED", "REFUNDED", "REFUNDED_AND_RETURNED"})


@handles("replacements.look")
def look(job: Job) -> None:
    """See what became of an order: paid, sent, canceled."""
    row = _load(job)
    if row.state not in {R.AWAITING_PAYMENT, R.PLACED}:
        return
    at = clock.now()
    order = read_made_order(row.shop, saleor_id=row.saleor_order_id)
    if order is None:
        raise ProviderUnavailable("Saleor does not show the order at the moment.")
    if order["status"] in {"CANCELED", "EXPIRED"}:
        outcomes.call_off(row, at=at)
        return
    with transaction.atomic():
        if row.state == R.AWAITING_PAYMENT and order["isPaid"]:
            outcomes.place(row, at=at)
        if any(parcel["status"] in _LEFT for parcel in order["fulfillments"]):
            outcomes.ship(row, at=at)


@handles("replacements.call_off")
def call_off(job: Job) -> None:
    """Take back in Saleor what a canceled replacement left there: a draft is deleted, an open order canceled."""
    row = _load(job)
    if row.state != R.CANCELED:
        return
    at = clock.now()
    order = read_made_order(row.shop, saleor_id=row.saleor_order_id, reference=row.external_reference)
    if order is None or order["status"] in {"CANCELED", "EXPIRED"}:
        return
    with _staff_language(row.shop):
        if order["status"] == "DRAFT":
            command = _step(row, "delete", "delete_draft", {"id": order["id"]}, at=at)
        elif order["isPaid"] and row.due:
            outcomes.warn(row, reason=_("The customer has paid for this order; cancel and refund it in Saleor."), at=at)
            return
        else:
            command = _step(row, "cancel", "cancel_order", {"id": order["id"]}, at=at)
        if command.state == CommandState.FAILED:
            outcomes.warn(row, reason=command.error, at=at)
