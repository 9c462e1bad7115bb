"""Handled contacts: what people answered, counted once, and final when the month is closed. Invoices rest on it.

The rule, as docs/handled-contacts.md tells it: every contact of a customer that a person answered counts once, for the
person who answered first. Mails, forms, calls and messages of the portal are a contact each; what is written in a chat
or on LINE within a day is one. Machines, spam, what a merge brought along and what was solved without an answer do not
count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings, StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketMerge, TicketMessage, TicketState
from saleor_aftercare.inbox.sla.events import EventKind
from saleor_aftercare.inbox.sla.journal import in_order
from saleor_aftercare.inbox.sla.models import SlaEvent

from .events import ContactVoided, MonthClosed
from .models import HandledContact, MonthClose

#: People write line by line there: what they write within so long is one contact.
_SESSION: Final = timedelta(hours=24)
_LINE_BY_LINE: Final = frozenset({TicketChannel.CHAT.value, TicketChannel.LINE.value})
#: By itself a month is closed on this day of the next; until then late answers and corrections find their way in.
CLOSES_ON_DAY: Final = 5
SPAM: Final = "spam"
#: Why staff may say that a contact does not count.
REASONS: Final = ("duplicate", "test", "other", SPAM)


# -- counting --------------------------------------------------------------------------------------------------


@transaction.atomic
def count(answer: TicketMessage) -> list[HandledContact]:
    """Count what a person's answer has answered; idempotent, and right in whatever order answers are counted.

    Of two answers at once the one that came first into the conversation's log has answered.
    """
    if answer.staff_id is None or answer.is_automatic or answer.held_until is not None:
        return []
    ticket = Ticket.objects.select_related("shop").get(pk=answer.ticket_id)
    if ticket.state == TicketState.SPAM:
        return []
    contacts = _contacts_answered_by(answer, ticket)
    rows: list[HandledContact] = []
    month = _hold_open_month(ticket.shop, _month_of(ticket.shop, answer.created_at))
    for contact in contacts:
        channel = contact.channel or ticket.channel
        if channel in _LINE_BY_LINE and _belongs_to_a_counted_one(contact, channel, rows):
            continue
        rows.append(
            HandledContact(
                shop=ticket.shop,
                contact=contact,
                answer=answer,
                ticket=ticket,
                member_id=answer.staff_id,
                team_id=ticket.team_id,
                channel=channel,
                contacted_at=contact.created_at,
                answered_at=answer.created_at,
                month=month,
            )
        )
    HandledContact.objects.bulk_create(rows, ignore_conflicts=True)
    return list(HandledContact.objects.filter(answer=answer).order_by("pk"))


def _contacts_answered_by(answer: TicketMessage, ticket: Ticket) -> list[TicketMessage]:
    """The customer's messages that waited when this answer came."""
    waiting: list[int] = []
    for event in in_order(SlaEvent.objects.filter(ticket=ticket).order_by("pk")):
        if event.kind == EventKind.CUSTOMER_MESSAGE and event.message_id is not None:
            waiting.append(event.message_id)
        elif event.kind == EventKind.STAFF_REPLY and event.message_id is not None:
            if event.message_id == answer.pk:
                break
            waiting.clear()
        elif event.kind in {EventKind.SOLVED, EventKind.CLOSED, EventKind.SPAM}:
            waiting.clear()
    else:
        return []
    rows = TicketMessage.objects.filter(
        pk__in=waiting, ticket=ticket, kind=MessageKind.CUSTOMER, is_automatic=False
    ).exclude(pk__in=_brought_by_merges(ticket))
    return list(rows.order_by("created_at", "pk"))


def _brought_by_merges(ticket: Ticket) -> set[int]:
    """Messages that stood in another conversation: the same question twice is one contact."""
    merges = TicketMerge.objects.filter(shop=ticket.shop_id, kept=ticket, is_split=False, undone_at=None)
    return {key for moved in merges.values_list("moved", flat=True) for key in moved.get("messages", ())}


def _belongs_to_a_counted_one(contact: TicketMessage, channel: str, rows: Iterable[HandledContact]) -> bool:
    since = contact.created_at - _SESSION
    if any(row.channel == channel and row.contacted_at > since for row in rows):
        return True
    counted = HandledContact.objects.filter(ticket=contact.ticket_id, channel=channel, contacted_at__gt=since)
    return counted.filter(contacted_at__lte=contact.created_at).exclude(contact=contact).exists()


# -- what does not count after all -------------------------------------------------------------------------------


@transaction.atomic
def void_conversation(ticket: Ticket, *, reason: str) -> int:
    """Nothing of this conversation counts, as far as its months are open; returns how many that were."""
    return _open_rows(ticket).filter(void_reason="").update(void_reason=reason)


@transaction.atomic
def count_conversation_again(ticket: Ticket, *, reason: str) -> int:
    """What did not count for this reason counts again, as far as its months are open."""
    return _open_rows(ticket).filter(void_reason=reason).update(void_reason="")


def _open_rows(ticket: Ticket) -> QuerySet[HandledContact]:
    rows = HandledContact.objects.filter(shop=ticket.shop_id, ticket=ticket)
    months = sorted(set(rows.values_list("month", flat=True)))
    for month in months:
        _lock_month(ticket.shop_id, month, alone=False)
    closed = MonthClose.objects.filter(shop=ticket.shop_id, month__in=months).values_list("month", flat=True)
    return rows.exclude(month__in=list(closed))


@transaction.atomic
def set_void(shop: Shop, *, pk: int, reason: str, at: datetime, actor: Actor) -> HandledContact:
    """Say that a contact does not count, and why; an empty reason says that it does after all.

    Raises InvalidInput("reason"), NotFound, or Refused when its month is closed.
    """
    if reason and reason not in REASONS:
        raise InvalidInput(_("Unknown reason."), "reason")
    row = HandledContact.objects.select_for_update(of=("self",)).filter(shop=shop, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such contact."))
    _lock_month(shop.pk, row.month, alone=False)
    if MonthClose.objects.filter(shop=shop, month=row.month).exists():
        raise Refused(_("This month is closed; its contacts are final."))
    if row.void_reason != reason:
        row.void_reason = reason
        row.save(update_fields=["void_reason"])
        publish(ContactVoided(row.pk, reason=reason, ticket=row.ticket_id), shop=shop, at=at, actor=actor)
    return row


# -- months ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many contacts somebody answered, for a team, by a channel."""

    member_id: int
    team_id: int | None
    channel: str
    contacts: int
    void: int

    def to_json(self) -> dict[str, Any]:
        """As a closed month keeps it."""
        return {
            "member": self.member_id,
            "team": self.team_id,
            "channel": self.channel,
            "contacts": self.contacts,
            "void": self.void,
        }


def tallies(shop: Shop, month: date) -> list[Tally]:
    """The figures of a month, open or closed, by member, team and channel."""
    rows = HandledContact.objects.filter(shop=shop, month=month).values_list("member_id", "team_id", "channel")
    counted = rows.annotate(n=Count("pk", filter=Q(void_reason="")), void=Count("pk", filter=~Q(void_reason="")))
    return [Tally(*row) for row in counted.order_by("member_id", "team_id", "channel")]


@transaction.atomic
def close_month(shop: Shop, *, month: date, by: StaffMember | None, at: datetime, actor: Actor) -> MonthClose:
    """Make a month's contacts final: from then on the database itself refuses every change of them.

    Raises:
        InvalidInput("month"): not the first day of a month.
        Refused: the month is not over yet in the shop's time zone.
        Conflict: it is closed already.
    """
    if month.day != 1:
        raise InvalidInput(_("Not a month."), "month")
    if not is_over(shop, month, at=at):
        raise Refused(_("This month is not over yet."), "month")
    _lock_month(shop.pk, month, alone=True)
    if MonthClose.objects.filter(shop=shop, month=month).exists():
        raise Conflict(_("This month is closed already."), "month")
    told = tallies(shop, month)
    digest = digest_of(shop, month)
    row = MonthClose.objects.create(
        shop=shop, month=month, totals=[one.to_json() for one in told], digest=digest, by=by, at=at
    )
    event = MonthClosed(row.pk, month=month.isoformat(), digest=digest, contacts=sum(one.contacts for one in told))
    publish(event, shop=shop, at=at, actor=actor)
    return row


def digest_of(shop: Shop, month: date) -> str:
    """SHA-256 over the rows of a month in the order of their making: one line each, fields parted by a bar."""
    found = hashlib.sha256()
    rows = HandledContact.objects.filter(shop=shop, month=month).order_by("pk")
    for row in rows.values_list(*_DIGESTED).iterator(chunk_size=2000):
        found.update("|".join(_as_text(value) for value in row).encode() + b"\n")
    return found.hexdigest()


_DIGESTED: Final = (
    "pk",
    "contact_id",
    "answer_id",
    "ticket_id",
    "member_id",
    "team_id",
    "channel",
    "contacted_at",
    "answered_at",
    "month",
    "void_reason",
)


def _as_text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def months_to_close(shop: Shop, *, at: datetime) -> list[date]:
    """Months with contacts that close by themselves by now, the oldest first."""
    today = at.astimezone(_zone(shop)).date()
    this_month = today.replace(day=1)
    rows = HandledContact.objects.filter(shop=shop, month__lt=this_month)
    closed = MonthClose.objects.filter(shop=shop).values("month")
    months = sorted(set(rows.exclude(month__in=closed).values_list("month", flat=True)))
    return [month for month in months if today >= next_month(month).replace(day=CLOSES_ON_DAY)]


def is_over(shop: Shop, month: date, *, at: datetime) -> bool:
    """Whether a month has passed in the shop's time zone."""
    return at >= datetime.combine(next_month(month), time.min, _zone(shop))


def months_of(shop: Shop, *, limit: int) -> list[date]:
    """The months with contacts, the newest first."""
    months = HandledContact.objects.filter(shop=shop).values_list("month", flat=True)
    return list(months.order_by("-month").distinct()[:limit])


def next_month(month: date) -> date:
    """The first day of the month after this first day."""
    return (month + timedelta(days=32)).replace(day=1)


def contacts_in(shop: Shop, month: date, *, member_id: int | None, void: bool | None) -> QuerySet[HandledContact]:
    """The contacts of a month, of one person, and those that count or do not; None: all."""
    rows = HandledContact.objects.filter(shop=shop, month=month)
    if member_id is not None:
        rows = rows.filter(member=member_id)
    if void is not None:
        rows = rows.exclude(void_reason="") if void else rows.filter(void_reason="")
    return rows


def rows_of(shop: Shop, month: date) -> Iterator[HandledContact]:
    """Every contact of a month in the order of the answers, a few thousand in memory at a time."""
    rows = HandledContact.objects.filter(shop=shop, month=month).select_related("member", "team", "ticket")
    return rows.order_by("answered_at", "pk").iterator(chunk_size=2000)


def contacts_of(shop: Shop, tickets: Collection[int]) -> dict[int, list[HandledContact]]:
    """What was counted of each of these conversations."""
    found: dict[int, list[HandledContact]] = {}
    for row in HandledContact.objects.filter(shop=shop, ticket__in=tickets).order_by("answered_at", "pk"):
        found.setdefault(row.ticket_id, []).append(row)
    return found


def _hold_open_month(shop: Shop, month: date) -> date:
    """The month to count in: of the answer, or the first after it that is open, held open until the caller is done."""
    while True:
        _lock_month(shop.pk, month, alone=False)
        if not MonthClose.objects.filter(shop=shop, month=month).exists():
            return month
        month = next_month(month)


def _lock_month(shop_id: int, month: date, *, alone: bool) -> None:
    """Wait until nobody closes the month, or with ``alone`` until nobody counts in it; see migration 0042."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(aftercare_month_lock(%s, %s))", [shop_id, month])


def _month_of(shop: Shop, at: datetime) -> date:
    return at.astimezone(_zone(shop)).date().replace(day=1)


def _zone(shop: Shop) -> ZoneInfo:
    return ZoneInfo(ShopSettings.objects.values_list("time_zone", flat=True).get(shop=shop))
