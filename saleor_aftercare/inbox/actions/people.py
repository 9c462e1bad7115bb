"""Whose conversations these are: persons for old ones, and what follows when two persons become one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import ACTIVE_STATES, Ticket
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.people.actions import person_of_customer, person_of_order
from saleor_aftercare.people.models import IdentityKind, Person

from .thread import change, lock

#: Conversations that one job looks at.
BATCH: Final = 200
#: Running conversations of one person whose deadlines are worked out anew at once.
MAX_RUNNING: Final = 100


def give_persons(shop: Shop, *, before: int | None, at: datetime) -> int | None:
    """Find out who wrote in conversations that know no person, newest first, in keys below ``before``.

    Returns the last key that was looked at, None when there are no more. Nothing that anybody sees changes, so lists
    are not shown anew.
    """
    rows = Ticket.objects.filter(shop=shop, person=None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    batch = list(rows.select_related("order", "shop").order_by("-pk")[:BATCH])
    for ticket in batch:
        with transaction.atomic():
            person = _writer(ticket, at=at)
            if person is not None:
                Ticket.objects.filter(pk=ticket.pk, person=None).update(person=person)
    return batch[-1].pk if len(batch) == BATCH else None


def _writer(ticket: Ticket, *, at: datetime) -> Person | None:
    order = ticket.order
    if order is not None and order.email == ticket.customer_email:
        return person_of_order(order, at=at)
    return person_of_customer(
        ticket.shop,
        email=ticket.customer_email,
        user_id=ticket.customer_user_id,
        name=ticket.customer_name,
        language=ticket.language,
        at=at,
    )


def show_person_anew(person: Person, *, at: datetime) -> None:
    """Let open inboxes show a person's conversations anew, and work out what is promised to them."""
    Ticket.objects.filter(shop=person.shop_id, person=person).update(updated_at=at, revision=revision())
    running = Ticket.objects.filter(shop=person.shop_id, person=person, state__in=ACTIVE_STATES)
    for ticket in running.order_by("-last_message_at")[:MAX_RUNNING]:
        with transaction.atomic():
            locked = lock(ticket)
            # What is promised may depend on the person, who is no column of the ticket.
            locked.is_unheard = True
            change(locked, at=at)


def follow_identities(kept: Person, other: Person, *, since: datetime, at: datetime) -> None:
    """After a merge was taken back: what ``other`` began since under their own address is theirs."""
    addresses = other.identities.filter(kind=IdentityKind.EMAIL).values("value")
    accounts = other.identities.filter(kind=IdentityKind.SALEOR).values("value")
    theirs = Q(customer_email__in=addresses) | Q(customer_user_id__in=accounts)
    rows = Ticket.objects.filter(theirs, shop=kept.shop_id, person=kept, created_at__gte=since)
    rows.update(person=other, updated_at=at, revision=revision())
