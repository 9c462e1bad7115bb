"""Follow-ups: ask when it helps, never when it would hurt."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.events import (
    CustomerDeleted,
    FulfillmentDelivered,
    FulfillmentDispatched,
    OrderCanceled,
)
from saleor_aftercare.connection.models import Fulfillment, Order
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Event, StoredFile
from saleor_aftercare.followups.actions import cancel_arrival_checks, schedule_arrival_check
from saleor_aftercare.followups.events import FollowUpAnswered
from saleor_aftercare.followups.facts import knows
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer
from saleor_aftercare.inbox.actions import (
    message_about_case,
    open_case_ticket,
)
from saleor_aftercare.inbox.models import CaseKind, TicketChannel
from saleor_aftercare.inbox.queries import open_ticket_exists
from saleor_aftercare.returns.queries import open_return_exists


@reacts_to(FulfillmentDispatched, FulfillmentDelivered)
def plan_the_arrival_check(event: Event) -> None:
    """Some days after delivery; moved when the delivery becomes known better."""
    parcel = Fulfillment.objects.get(shop=event.shop, pk=event.subject_id)
    schedule_arrival_check(parcel, at=clock.now())


@reacts_to(OrderCanceled)
def drop_the_questions_about_the_order(event: Event) -> None:
    """Nothing will arrive."""
    order = Order.objects.get(shop=event.shop, pk=event.subject_id)
    cancel_arrival_checks(order, reason="order_canceled", at=clock.now())


@reacts_to(CustomerDeleted)
def leave_deleted_customers_alone(event: Event) -> None:
    """Who closed the account is not asked anything any more."""
    for order in Order.objects.filter(shop=event.shop, user_id=event.data["user_id"]):
        cancel_arrival_checks(order, reason="customer_deleted", at=clock.now())


@reacts_to(FollowUpAnswered)
def open_a_ticket_when_something_is_wrong(event: Event) -> None:
    """With the customer's own words, or ours for a button pressed without any."""
    if event.data["answer"] != FollowUpAnswer.SOMETHING_WRONG:
        return
    asked = FollowUp.objects.select_related("order", "shop").get(shop=event.shop, pk=event.subject_id)
    order = asked.order
    with translation.override(supported_language(order.language)):
        subject = _("Something is wrong with order %(number)s") % {"number": order.number}
        words = event.data["comment"] or _("Something is wrong with my delivery.")
    open_case_ticket(
        event.shop,
        case=CaseKind.FOLLOW_UP,
        case_id=asked.pk,
        order=order,
        subject=subject,
        customer_name=order.customer_name,
        customer_email=order.email,
        user_id=order.user_id,
        language=order.language,
        channel=TicketChannel.FOLLOW_UP,
        body="",
        attachments=(),
        source="",
        at=event.at,
    )
    # A second answer with other words belongs to the same conversation, or to a new one when that is closed.
    message_about_case(
        order,
        case=CaseKind.FOLLOW_UP,
        case_id=asked.pk,
        body=words,
        channel=TicketChannel.FOLLOW_UP,
        attachments=list(StoredFile.objects.filter(shop=event.shop, pk__in=event.data["photos"]).order_by("pk")),
        source=f"event:{event.pk}",
        at=event.at,
    )


knows("return_open")(open_return_exists)
knows("ticket_open")(lambda order: open_ticket_exists(order.pk))
