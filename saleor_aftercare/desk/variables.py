"""What ready-made words can name: the customer, their order, the cases of the conversation, who writes, the shop."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from saleor_aftercare.connection.models import Fulfillment, Order, StaffMember
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import links
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import CaseKind, Ticket, TicketLink
from saleor_aftercare.parts.letters import status_url as part_url
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.letters import status_url as repair_url
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.letters import status_url as return_url
from saleor_aftercare.returns.models import Return

#: Every variable with what it stands for, in the order in which the editor offers them.
VARIABLES: Final = {
    "customer.name": gettext_noop("The customer's name"),
    "customer.first_name": gettext_noop("The first word of the name"),
    "customer.email": gettext_noop("Where answers go"),
    "order.number": gettext_noop("The number of the order"),
    "order.placed_on": gettext_noop("The day of the order"),
    "order.total": gettext_noop("What was paid for the order"),
    "order.items": gettext_noop("The items of the order, to go through with “for”: name, variant, sku, quantity"),
    "order.carrier_number": gettext_noop("The number of the newest parcel of the order"),
    "return.number": gettext_noop("The number of the return"),
    "return.status_url": gettext_noop("The return's page for the customer, with its label"),
    "repair.number": gettext_noop("The number of the repair"),
    "repair.product": gettext_noop("What is repaired"),
    "repair.status_url": gettext_noop("The repair's page for the customer"),
    "part.number": gettext_noop("The number of the spare-part request"),
    "part.product": gettext_noop("What the part is for"),
    "part.status_url": gettext_noop("The spare part's page for the customer"),
    "ticket.number": gettext_noop("The number of the conversation"),
    "ticket.subject": gettext_noop("Its subject"),
    "staff.name": gettext_noop("Your name"),
    "staff.email": gettext_noop("Your address"),
    "shop.name": gettext_noop("The name of the shop"),
    "shop.portal_url": gettext_noop("The customers' pages of the shop"),
}


def variables_of(ticket: Ticket, *, staff: StaffMember, language: str) -> dict[str, Any]:
    """The values for one conversation; what it has none of is left out, and named when somebody uses it."""
    shop = ticket.shop
    name = ticket.customer_name.strip()
    return {
        "customer": {"name": name, "first_name": _first_name(name), "email": ticket.customer_email},
        "order": _order(ticket.order, language) if ticket.order else None,
        **_cases(ticket),
        "ticket": {"number": ticket.number, "subject": ticket.subject},
        "staff": {"name": staff.display_name, "email": staff.email},
        "shop": {"name": shop.name, "portal_url": links.portal_home(shop)},
    }


def _first_name(name: str) -> str:
    """Of a name that is written in the order of the West; a Japanese one is not taken apart."""
    return name.split(maxsplit=1)[0] if name and name.isascii() else name


def _order(order: Order, language: str) -> dict[str, Any]:
    zone = ZoneInfo(settings_of(order.shop).time_zone)
    parcel = (
        Fulfillment.objects.filter(order=order)
        .exclude(tracking_number="")
        .order_by("-pk")
        .values_list("tracking_number", flat=True)
        .first()
    )
    return {
        "number": order.number,
        "placed_on": order.placed_at.astimezone(zone).date(),
        "total": Money(order.total, order.currency).format(language),
        "carrier_number": parcel,
        "items": [
            {"name": one.product_name, "variant": one.variant_name, "sku": one.sku, "quantity": one.quantity}
            for one in order.lines.order_by("position", "pk")[:50]
        ],
    }


def _cases(ticket: Ticket) -> dict[str, dict[str, str]]:
    """The newest case of each kind."""
    newest = dict(
        TicketLink.objects.filter(shop=ticket.shop_id, ticket=ticket).order_by("pk").values_list("kind", "case_id")
    )
    found: dict[str, dict[str, str]] = {}
    if pk := newest.get(CaseKind.RETURN):
        ret = Return.objects.select_related("shop").get(shop=ticket.shop_id, pk=pk)
        found["return"] = {"number": ret.number, "status_url": return_url(ret)}
    if pk := newest.get(CaseKind.REPAIR):
        repair = RepairRequest.objects.select_related("shop").get(shop=ticket.shop_id, pk=pk)
        found["repair"] = {
            "number": repair.number,
            "product": repair.product_name,
            "status_url": repair_url(repair),
        }
    if pk := newest.get(CaseKind.SPARE_PART):
        part = SparePartRequest.objects.select_related("shop").get(shop=ticket.shop_id, pk=pk)
        found["part"] = {"number": part.number, "product": part.product_name, "status_url": part_url(part)}
    return found
