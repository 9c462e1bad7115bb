"""Who is looking at a conversation, or writing in it, at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import Shop

from .models import Presence, Ticket

#: Who has not given a sign for so long is gone; open pages give one every ten seconds.
LASTS: Final = timedelta(seconds=25)
#: More than this nobody can look at.
MOST: Final = 50


def give_sign(ticket: Ticket, *, staff: StaffMember, is_writing: bool, at: datetime) -> list[Presence]:
    """Somebody looks at a conversation, or writes in it; returns who else does. What they left is forgotten."""
    Presence.objects.filter(member=staff, until__lte=at).delete()
    Presence.objects.bulk_create(
        [Presence(ticket=ticket, member=staff, is_writing=is_writing, until=at + LASTS)],
        update_conflicts=True,
        unique_fields=["ticket", "member"],
        update_fields=["is_writing", "until"],
    )
    return list(_there(at).filter(ticket=ticket).exclude(member=staff)[:MOST])


def leave(ticket: Ticket, *, staff: StaffMember) -> None:
    """They have gone to something else; doing so twice changes nothing."""
    Presence.objects.filter(ticket=ticket, member=staff).delete()


def present_in(shop: Shop, *, at: datetime, besides: StaffMember) -> list[Presence]:
    """Everybody who looks at a conversation of the shop, but one; in the order of the conversations."""
    rows = _there(at).filter(ticket__shop=shop).exclude(member=besides)
    return list(rows.select_related("ticket")[:MOST])


def present_at(tickets: Iterable[int], *, at: datetime, besides: StaffMember) -> dict[int, list[Presence]]:
    """The same for some conversations, by key; who writes comes first."""
    found: dict[int, list[Presence]] = {}
    for row in _there(at).filter(ticket__in=list(tickets)).exclude(member=besides):
        found.setdefault(row.ticket_id, []).append(row)
    return found


def _there(at: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(until__gt=at).select_related("member").order_by("ticket", "-is_writing", "pk")
