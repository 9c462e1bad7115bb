"""Typed builders of rows for tests: whatever a test does not say gets a believable value.

Builders write rows as they would stand after the story that leads to them; they run no action and publish nothing.
A builder that needs a shop, an order or a customer makes one, so that the shortest call gives a whole row.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from saleor_aftercare.access.models import CustomerSession, GuestChallenge
from saleor_aftercare.compensation.models import Refund, RefundMethod, RefundState
from saleor_aftercare.connection.models import (
    CONFIDENCE,
    CommandState,
    DeliverySource,
    Fulfillment,
    FulfillmentLine,
    InboundWebhook,
    Order,
    OrderLine,
    ShopCommand,
    ShopSettings,
    StaffMember,
    WebhookState,
)
from saleor_aftercare.core import tokens
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Event, Job, JobState, Shop, StoredFile, StoredFileContent
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.inbox.models import (
    CaseKind,
    MessageKind,
    Ticket,
    TicketChannel,
    TicketLink,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.mail.models import DeliveryState, OutboundMessage, Suppression, SuppressionReason
from saleor_aftercare.parts.models import SparePartRequest, SparePartState
from saleor_aftercare.repairs.models import RepairRequest, RepairState
from saleor_aftercare.returns.models import (
    Return,
    ReturnLabel,
    ReturnLine,
    ReturnPolicy,
    ReturnReason,
    ReturnShippingPayer,
    ReturnState,
)

#: A Monday at noon, long enough ago that whatever is due then is due now.
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

_serial = itertools.count(1)


def serial() -> int:
    """A number that no other row of this test run was made with."""
    return next(_serial)


# -- shop and people -----------------------------------------------------------------------------------------------

WAREHOUSE = PostalAddress(
    company="Komorebi Coffee",
    name="Returns desk",
    street1="1-2-3 Minamiaoyama",
    city="Minato-ku",
    country_area="Tokyo",
    postal_code="107-0062",
    country="JP",
    phone="+81 3 1234 5678",
)


def make_shop(*, connected: bool = True, settings: Mapping[str, Any] | None = None, **values: Any) -> Shop:
    """A connected shop with its settings row; ``settings`` overrides columns of ShopSettings."""
    n = serial()
    shop = Shop.objects.create(
        **{
            "saleor_api_url": f"https://shop-{n}.test/graphql/",
            "handle": f"shop-{n}",
            "name": "Komorebi Coffee",
            "app_id": to_global_id("App", n),
            "app_token": f"app-token-{n}",
            "saleor_version": "3.23.28",
            "permissions": ["MANAGE_ORDERS", "HANDLE_PAYMENTS"],
            "connected_at": NOON - 100 * DAY,
            "disconnected_at": None if connected else NOON,
        }
        | values
    )
    ShopSettings.objects.create(
        **{
            "shop": shop,
            "sender_name": "Komorebi Coffee",
            "sender_email": "care@komorebi.test",
            "return_address": WAREHOUSE.to_json(),
            "dashboard_url": f"https://shop-{n}.test/dashboard/",
            "allowed_origins": [f"https://store-{n}.test"],
        }
        | dict(settings or {})
    )
    return shop


def make_staff(shop: Shop | None = None, **values: Any) -> StaffMember:
    """Somebody of the shop's staff."""
    n = serial()
    return StaffMember.objects.create(
        **{
            "shop": shop or make_shop(),
            "user_id": to_global_id("User", 90_000 + n),
            "email": f"staff-{n}@komorebi.test",
            "name": "Mei Tanaka",
            "last_seen_at": NOON,
        }
        | values
    )


# -- orders --------------------------------------------------------------------------------------------------------

HOME = PostalAddress(name="Ada Example", street1="5 Rue de la Paix", city="Paris", postal_code="75002", country="FR")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a test says about an order line; ``total`` is for all units, tax included."""

    product_name: str = "Hand grinder"
    quantity: int = 2
    total: Decimal = Decimal("59.80")
    sku: str = "GRINDER-1"
    variant_name: str = "Black"
    product_type: str = "Grinders"
    is_gift_card: bool = False
    is_shipping_required: bool = True


def make_order(
    shop: Shop | None = None,
    *,
    lines: Sequence[Line] = (Line(),),
    fulfilled: bool = True,
    delivered: datetime | None = None,
    delivered_source: DeliverySource = DeliverySource.CARRIER,
    **values: Any,
) -> Order:
    """A paid order, three days old and shipped whole in one parcel unless ``fulfilled`` is False.

    ``delivered`` is when the parcel arrived; None while nobody knows.
    """
    n = serial()
    shipping = values.pop("shipping", Decimal("5.00"))
    order = Order.objects.create(
        **{
            "shop": shop or make_shop(),
            "saleor_id": to_global_id("Order", f"00000000-0000-4000-8000-{n:012d}"),
            "number": str(1000 + n),
            "status": "FULFILLED" if fulfilled else "UNFULFILLED",
            "user_id": to_global_id("User", n),
            "email": f"ada-{n}@customer.test",
            "customer_name": "Ada Example",
            "language": "en",
            "channel": "default-channel",
            "currency": "EUR",
            "total": sum((line.total for line in lines), Decimal(0)) + shipping,
            "shipping": shipping,
            "shipping_method": "Standard",
            "shipping_address": HOME.to_json(),
            "billing_address": HOME.to_json(),
            "placed_at": NOON - 3 * DAY,
            "updated_at": NOON - DAY,
            "issued_at": NOON - DAY,
        }
        | values
    )
    for position, line in enumerate(lines):
        make_order_line(order, line, position=position)
    if fulfilled:
        make_fulfillment(order, delivered=delivered, delivered_source=delivered_source)
    return order


def make_order_line(order: Order, line: Line | None = None, *, position: int = 0) -> OrderLine:
    """One more line of ``order``."""
    line = line or Line()
    n = serial()
    return OrderLine.objects.create(
        order=order,
        saleor_id=to_global_id("OrderLine", f"00000000-0000-4000-9000-{n:012d}"),
        position=position,
        product_id=to_global_id("Product", n),
        variant_id=to_global_id("ProductVariant", n),
        product_type=line.product_type,
        product_name=line.product_name,
        variant_name=line.variant_name,
        sku=line.sku,
        quantity=line.quantity,
        total=line.total,
        is_gift_card=line.is_gift_card,
        is_shipping_required=line.is_shipping_required,
    )


def make_fulfillment(
    order: Order,
    *,
    units: Mapping[OrderLine, int] | None = None,
    delivered: datetime | None = None,
    delivered_source: DeliverySource = DeliverySource.CARRIER,
    **values: Any,
) -> Fulfillment:
    """A parcel of ``order`` with ``units`` of each line, all units when not said; shipped two days ago."""
    n = serial()
    fulfillment = Fulfillment.objects.create(
        **{
            "shop": order.shop,
            "order": order,
            "saleor_id": to_global_id("Fulfillment", n),
            "number": order.fulfillments.count() + 1,
            "status": "FULFILLED",
            "tracking_number": f"TRACK-{n}",
            "shipped_at": NOON - 2 * DAY,
            "dispatched": True,
            "delivered_at": delivered,
            "delivered_source": delivered_source if delivered else "",
            "delivered_confidence": CONFIDENCE[delivered_source] if delivered else None,
        }
        | values
    )
    if units is None:
        units = {line: line.quantity for line in order.lines.all()}
    for line, quantity in units.items():
        FulfillmentLine.objects.create(
            fulfillment=fulfillment,
            order_line=line,
            saleor_id=to_global_id("FulfillmentLine", serial()),
            quantity=quantity,
            dispatched_quantity=quantity,
        )
    return fulfillment


def make_webhook(shop: Shop | None = None, *, body: bytes = b"{}", **values: Any) -> InboundWebhook:
    """A delivery from Saleor, stored and not looked at yet."""
    return InboundWebhook.objects.create(
        **{
            "shop": shop or make_shop(),
            "digest": hashlib.sha256(body + str(serial()).encode()).hexdigest(),
            "kind": "OrderUpdated",
            "body": body,
            "received_at": NOON,
            "state": WebhookState.RECEIVED,
        }
        | values
    )


def make_command(shop: Shop | None = None, **values: Any) -> ShopCommand:
    """An effect in Saleor that is still to be had."""
    n = serial()
    return ShopCommand.objects.create(
        **{
            "shop": shop or make_shop(),
            "kind": "grant_refund",
            "reference": f"RMA-{n}/1:grant",
            "subject": "refund",
            "subject_id": n,
            "order_id": to_global_id("Order", n),
            "state": CommandState.PENDING,
            "state_since": NOON,
        }
        | values
    )


# -- core ----------------------------------------------------------------------------------------------------------


def make_file(
    shop: Shop | None = None,
    *,
    data: bytes = b"%PDF-1.7 example",
    name: str = "example.pdf",
    content_type: str = "application/pdf",
) -> StoredFile:
    """A stored file with its bytes."""
    file = StoredFile.objects.create(
        shop=shop or make_shop(),
        name=name,
        content_type=content_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=NOON,
    )
    StoredFileContent.objects.create(file=file, data=data)
    return file


def make_event(shop: Shop | None = None, **values: Any) -> Event:
    """Something that happened; no reaction is scheduled."""
    return Event.objects.create(
        **{"shop": shop or make_shop(), "kind": "test.happened", "subject": "test", "subject_id": 1, "at": NOON}
        | values
    )


def make_job(shop: Shop | None = None, **values: Any) -> Job:
    """A job that is due."""
    n = serial()
    return Job.objects.create(
        **{
            "shop": shop or make_shop(),
            "kind": "test.nothing",
            "key": f"test-{n}",
            "due_at": NOON,
            "state": JobState.PENDING,
        }
        | values
    )


# -- ways in -------------------------------------------------------------------------------------------------------


def make_challenge(order: Order | None = None, *, token: str = "", **values: Any) -> GuestChallenge:
    """A guest's claim to an order, open for ten minutes; ``code_digest`` is up to the test."""
    order = order or make_order()
    return GuestChallenge.objects.create(
        **{
            "shop": order.shop,
            "token_digest": tokens.digest(token or f"challenge-{serial()}"),
            "order_number": order.number,
            "email": order.email,
            "language": order.language,
            "order": order,
            "expires_at": NOON + timedelta(minutes=10),
        }
        | values
    )


def make_session(order: Order | None = None, *, token: str = "", guest: bool = True, **values: Any) -> CustomerSession:
    """A way in for a guest (one order) or, with ``guest=False``, for the order's signed-in customer (all of theirs)."""
    order = order or make_order()
    return CustomerSession.objects.create(
        **{
            "shop": order.shop,
            "token_digest": tokens.digest(token or f"acg_session-{serial()}"),
            "user_id": "" if guest else order.user_id,
            "order": order if guest else None,
            "email": order.email,
            "language": order.language,
            "created_at": NOON,
            "expires_at": NOON + 30 * timedelta(minutes=1),
        }
        | values
    )


# -- mail ----------------------------------------------------------------------------------------------------------


def make_letter(shop: Shop | None = None, **values: Any) -> OutboundMessage:
    """A written letter that has not left yet."""
    n = serial()
    return OutboundMessage.objects.create(
        **{
            "shop": shop or make_shop(),
            "key": f"letter-{n}",
            "kind": "inbox/reply",
            "to_email": f"ada-{n}@customer.test",
            "to_name": "Ada Example",
            "from_email": "Komorebi Coffee <care@komorebi.test>",
            "language": "en",
            "subject": "About your order",
            "text": "Hello",
            "html": "<p>Hello</p>",
            "message_id": f"<letter-{n}@komorebi.test>",
            "state": DeliveryState.PENDING,
            "state_since": NOON,
            "created_at": NOON,
        }
        | values
    )


def make_suppression(shop: Shop, email: str, *, reason: SuppressionReason = SuppressionReason.BOUNCED) -> Suppression:
    """An address that the shop does not write to."""
    return Suppression.objects.create(shop=shop, email=email.lower(), reason=reason, created_at=NOON)


# -- returns and money ---------------------------------------------------------------------------------------------


def make_policy(shop: Shop, **values: Any) -> ReturnPolicy:
    """The next version of a shop's return rules: 30 days, the customer pays, staff decides."""
    newest = ReturnPolicy.objects.filter(shop=shop).order_by("-version").first()
    return ReturnPolicy.objects.create(
        **{
            "shop": shop,
            "version": newest.version + 1 if newest else 1,
            "window_days": 30,
            "who_pays": ReturnShippingPayer.CUSTOMER,
            "created_at": NOON - 90 * DAY,
        }
        | values
    )


def make_return(
    order: Order | None = None,
    *,
    state: ReturnState = ReturnState.REQUESTED,
    units: Mapping[OrderLine, int] | None = None,
    reason: ReturnReason = ReturnReason.DEFECTIVE,
    label: bool = False,
    token: str = "",
    **values: Any,
) -> Return:
    """A return of ``units``, one unit of the order's first line when not said, of an order delivered yesterday.

    Received and resolved returns have every unit received; ``label`` adds a printable label.
    """
    order = order or make_order(delivered=NOON - DAY)
    n = serial()
    policy = ReturnPolicy.objects.filter(shop=order.shop).order_by("-version").first()
    ret = Return.objects.create(
        **{
            "shop": order.shop,
            "number": f"RMA-{1000 + n}",
            "order": order,
            "policy": policy or make_policy(order.shop),
            "state": state,
            "state_since": NOON,
            "verdict": Verdict.ASK_STAFF,
            "decline_reason": "It was used." if state == ReturnState.DECLINED else "",
            "requested_at": NOON,
        }
        | values
    )
    arrived = state in {ReturnState.RECEIVED, ReturnState.RESOLVED}
    for line, quantity in (units or {order.lines.all()[0]: 1}).items():
        ReturnLine.objects.create(
            ret=ret,
            order_line=line,
            quantity=quantity,
            quantity_received=quantity if arrived else None,
            reason=reason,
        )
    if label:
        make_return_label(ret)
    return ret


def make_return_label(ret: Return) -> ReturnLabel:
    """A label of both paper sizes."""
    a6, a4 = (
        make_file(ret.shop, name=f"{ret.number}-{size}.pdf", data=f"%PDF-1.7 {size}".encode()) for size in ("a6", "a4")
    )
    return ReturnLabel.objects.create(ret=ret, carrier="", a6=a6, a4=a4)


def make_refund(ret: Return | None = None, *, state: RefundState = RefundState.PENDING, **values: Any) -> Refund:
    """Ten euros going back for a return."""
    ret = ret or make_return(state=ReturnState.RECEIVED)
    n = serial()
    return Refund.objects.create(
        **{
            "shop": ret.shop,
            "key": f"refund-{n}",
            "reference": f"{ret.number}/{n}",
            "order": ret.order,
            "subject": "return",
            "subject_id": ret.pk,
            "amount": Decimal("10.00"),
            "currency": ret.order.currency,
            "method": RefundMethod.PAYMENT_APP,
            "state": state,
            "state_since": NOON,
            "requested_by": "Mei Tanaka",
            "created_at": NOON,
            "settled_at": NOON if state == RefundState.SUCCEEDED else None,
        }
        | values
    )


# -- repairs, parts, follow-ups --------------------------------------------------------------------------------------


def make_repair(
    order: Order | None = None, *, shop: Shop | None = None, state: RepairState = RepairState.REQUESTED, **values: Any
) -> RepairRequest:
    """A request to repair the order's first product; without an order, one that was bought elsewhere."""
    n = serial()
    line = order.lines.first() if order else None
    return RepairRequest.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": f"REP-{1000 + n}",
            "order": order,
            "order_line": line,
            "customer_name": order.customer_name if order else "Ada Example",
            "customer_email": order.email if order else f"ada-{n}@customer.test",
            "language": order.language if order else "en",
            "product_name": line.product_name if line else "Hand grinder",
            "serial_number": f"SN-{n}",
            "description": "The handle turns, but nothing is ground.",
            "state": state,
            "state_since": NOON,
            "decline_reason": "We do not repair this model." if state == RepairState.DECLINED else "",
            "requested_at": NOON,
        }
        | values
    )


def make_spare_part(
    order: Order | None = None,
    *,
    shop: Shop | None = None,
    state: SparePartState = SparePartState.REQUESTED,
    **values: Any,
) -> SparePartRequest:
    """A request for one part of the order's first product."""
    n = serial()
    line = order.lines.first() if order else None
    return SparePartRequest.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": f"PRT-{1000 + n}",
            "order": order,
            "order_line": line,
            "customer_name": order.customer_name if order else "Ada Example",
            "customer_email": order.email if order else f"ada-{n}@customer.test",
            "language": order.language if order else "en",
            "product_name": line.product_name if line else "Hand grinder",
            "serial_number": f"SN-{n}",
            "part_description": "The small spring under the handle.",
            "quantity": 1,
            "state": state,
            "state_since": NOON,
            "decline_reason": "This part is no longer made." if state == SparePartState.DECLINED else "",
            "requested_at": NOON,
        }
        | values
    )


def make_followup(
    fulfillment: Fulfillment | None = None, *, state: FollowUpState = FollowUpState.SCHEDULED, **values: Any
) -> FollowUp:
    """An arrival check of a parcel that was delivered three days ago; no job is scheduled for it."""
    if fulfillment is None:
        fulfillment = make_order(delivered=NOON - 3 * DAY).fulfillments.get()
    answered = state == FollowUpState.ANSWERED
    return FollowUp.objects.create(
        **{
            "shop": fulfillment.shop,
            "order": fulfillment.order,
            "fulfillment": fulfillment,
            "due_at": NOON,
            "state": state,
            "state_since": NOON,
            "skip_reason": "order_canceled" if state == FollowUpState.SKIPPED else "",
            "answer": FollowUpAnswer.ALL_WELL if answered else "",
            "answered_at": NOON if answered else None,
        }
        | values
    )


# -- inbox ---------------------------------------------------------------------------------------------------------


def make_ticket(
    order: Order | None = None,
    *,
    shop: Shop | None = None,
    state: TicketState = TicketState.NEW,
    messages: Sequence[str] = ("It does not grind.",),
    about: tuple[CaseKind, int] | None = None,
    **values: Any,
) -> Ticket:
    """A conversation with the customer's ``messages``, an hour apart; ``about`` links it to a case."""
    n = serial()
    ticket = Ticket.objects.create(
        **{
            "shop": order.shop if order else shop or make_shop(),
            "number": 1000 + n,
            "subject": "Hand grinder",
            "state": state,
            "state_since": NOON,
            "channel": TicketChannel.PORTAL,
            "language": order.language if order else "en",
            "customer_name": order.customer_name if order else "Ada Example",
            "customer_email": order.email if order else f"ada-{n}@customer.test",
            "customer_user_id": order.user_id if order else "",
            "order": order,
            "created_at": NOON,
            "updated_at": NOON,
            "last_message_at": NOON,
            "last_message_kind": MessageKind.CUSTOMER,
            "due_at": NOON + DAY if state in {TicketState.NEW, TicketState.OPEN} else None,
        }
        | values
    )
    for index, body in enumerate(messages):
        make_message(ticket, body=body, created_at=NOON + index * HOUR)
    if about:
        TicketLink.objects.create(shop=ticket.shop, ticket=ticket, kind=about[0], case_id=about[1])
    return ticket


def make_message(ticket: Ticket, *, kind: MessageKind = MessageKind.CUSTOMER, **values: Any) -> TicketMessage:
    """One more message; the ticket's columns about its last message follow."""
    message = TicketMessage.objects.create(
        **{
            "shop": ticket.shop,
            "ticket": ticket,
            "kind": kind,
            "author_name": ticket.customer_name if kind == MessageKind.CUSTOMER else "Mei Tanaka",
            "author_email": ticket.customer_email if kind == MessageKind.CUSTOMER else "mei@komorebi.test",
            "body": "It does not grind.",
            "language": ticket.language,
            "created_at": NOON,
        }
        | values
    )
    ticket.last_message_id = message.pk
    ticket.last_message_at = ticket.updated_at = message.created_at
    ticket.last_message_kind = message.kind
    ticket.last_message_preview = message.body[:200]
    ticket.save()
    return ticket.messages.get(pk=message.pk)
