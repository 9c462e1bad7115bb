"""What a conversation is about, whose it is, and how urgent."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.events import publish
from saleor_aftercare.inbox.events import TicketDescribed, TicketPrioritized
from saleor_aftercare.inbox.models import CaseKind, Priority, Ticket, TicketLink
from saleor_aftercare.people.actions import language_tag
from saleor_aftercare.people.models import Person

from .opening import MAX_SUBJECT
from .thread import actor_of, add_system, change, check_storable, lock, name_of

_PRIORITIES: Final = frozenset(one.value for one in Priority)


@transaction.atomic
def set_priority(ticket: Ticket, priority: int, *, at: datetime, staff: StaffMember | None) -> Ticket:
    """Say how urgent it is. Doing so twice changes nothing. Raises InvalidInput("priority")."""
    if priority not in _PRIORITIES:
        raise InvalidInput(_("Unknown priority."), "priority")
    locked = lock(ticket)
    before = locked.priority
    if before != priority:
        change(locked, at=at, priority=priority)
        name = Priority(priority).name.lower()
        add_system(locked, f"ticket.priority_{name}", {"by": name_of(staff)}, source=None, at=at)
        event = TicketPrioritized(locked.pk, priority=priority, before=before)
        publish(event, shop=locked.shop, at=at, actor=actor_of(staff))
    return locked


@transaction.atomic
def describe(
    ticket: Ticket,
    *,
    subject: str | None = None,
    language: str | None = None,
    at: datetime,
    staff: StaffMember | None,
) -> Ticket:
    """Give it another subject, or another language to answer in. Raises InvalidInput("subject" or "language")."""
    locked = lock(ticket)
    changes: dict[str, str] = {}
    if subject is not None:
        changes["subject"] = checked_subject(subject)
    if language is not None:
        tag = language_tag(language, "language")
        if not tag:
            raise InvalidInput(_("Not a language, such as en or ja."), "language")
        changes["language"] = tag
    changes = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    if changes:
        before = {name: getattr(locked, name) for name in changes}
        change(locked, at=at, **changes)
        _tell(locked, sorted(changes), at=at, staff=staff, before=before)
    return locked


def checked_subject(subject: str) -> str:
    """A subject in one line; raises InvalidInput("subject")."""
    subject = " ".join(subject.split())
    if not 1 <= len(subject) <= MAX_SUBJECT:
        raise InvalidInput(_("Between 1 and %(limit)d characters.") % {"limit": MAX_SUBJECT}, "subject")
    check_storable(subject, "subject")
    return subject


@transaction.atomic
def link_order(
    ticket: Ticket,
    order: Order | None,
    *,
    across_customers: bool = False,
    at: datetime,
    staff: StaffMember | None,
) -> Ticket:
    """Say which order it is about, or that it is about none.

    The order's customer reads the conversation from then on. So an order of somebody else than who writes is refused
    unless ``across_customers``. Raises Refused, InvalidInput("orderId") for an order of another shop.
    """
    locked = lock(ticket)
    if order is not None and order.shop_id != locked.shop_id:
        raise InvalidInput(_("There is no such order."), "orderId")
    if locked.order_id == (order.pk if order else None):
        return locked
    if order is not None and not across_customers and not is_of_customer(locked, order.email, order.user_id):
        raise Refused(
            _("Order %(number)s is somebody else's: they would read this conversation.") % {"number": order.number},
            "orderId",
        )
    change(locked, at=at, order_id=order.pk if order else None)
    add_system(
        locked,
        "ticket.order_linked" if order else "ticket.order_unlinked",
        {"by": name_of(staff), "number": order.number if order else ""},
        source=None,
        at=at,
    )
    _tell(locked, ["order"], at=at, staff=staff)
    return locked


@transaction.atomic
def link_case(
    ticket: Ticket,
    *,
    kind: CaseKind,
    case_id: int,
    number: str,
    customer_email: str,
    across_customers: bool = False,
    at: datetime,
    staff: StaffMember | None,
) -> Ticket:
    """Let a case of this shop be told in this conversation; it leaves the one where it was told until now.

    ``customer_email`` is the case's customer, who reads the conversation from then on; somebody else than who writes
    is refused unless ``across_customers``. Raises Refused.
    """
    locked = lock(ticket)
    link = TicketLink.objects.select_for_update().filter(shop=locked.shop, kind=kind, case_id=case_id).first()
    if link is not None and link.ticket_id == locked.pk:
        return locked
    if not across_customers and not is_of_customer(locked, customer_email, ""):
        raise Refused(_("%(number)s is somebody else's: they would read this conversation.") % {"number": number}, "id")
    line = {"by": name_of(staff), "number": number}
    if link is None:
        TicketLink.objects.create(shop=locked.shop, ticket=locked, kind=kind, case_id=case_id)
    else:
        left = lock(link.ticket)
        TicketLink.objects.filter(pk=link.pk).update(ticket=locked)
        add_system(left, "ticket.case_left", line, source=None, at=at)
    add_system(locked, "ticket.case_linked", line, source=None, at=at)
    return locked


@transaction.atomic
def set_person(ticket: Ticket, person: Person, *, at: datetime, staff: StaffMember | None) -> Ticket:
    """Say who writes here; where answers go stays. Raises InvalidInput("personId") for somebody of another shop."""
    locked = lock(ticket)
    if person.shop_id != locked.shop_id or person.merged_into_id is not None:
        raise InvalidInput(_("There is no such person."), "personId")
    if locked.person_id != person.pk:
        change(locked, at=at, person_id=person.pk)
        _tell(locked, ["person"], at=at, staff=staff)
    return locked


def is_of_customer(ticket: Ticket, email: str, user_id: str) -> bool:
    """Whether an address or an account belongs to whoever writes in a conversation."""
    if email and email.lower() == ticket.customer_email:
        return True
    if user_id and user_id == ticket.customer_user_id:
        return True
    if ticket.person is None:
        return False
    known = set(ticket.person.identities.values_list("value", flat=True))
    return bool(known & {email.lower(), user_id} - {""})


def _tell(
    ticket: Ticket,
    changed: list[str],
    *,
    at: datetime,
    staff: StaffMember | None,
    before: dict[str, str] | None = None,
) -> None:
    event = TicketDescribed(ticket.pk, changed=changed, before=before or {})
    publish(event, shop=ticket.shop, at=at, actor=actor_of(staff))
