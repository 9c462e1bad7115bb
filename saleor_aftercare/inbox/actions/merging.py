"""Two conversations become one, or one becomes two; either is taken back within 30 days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.events import TicketMergeUndone, TicketOpened, TicketsMerged, TicketSplit
from saleor_aftercare.inbox.models import (
    MessageKind,
    Ticket,
    TicketMerge,
    TicketMessage,
    TicketState,
)
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.inbox.sla import actions as sla

from .details import checked_subject, is_of_customer
from .moving import (
    PARTS,
    columns_of,
    move_all,
    move_back,
    move_messages,
    restore_columns,
    return_to,
    show_newest,
    standing_of,
)
from .thread import actor_of, add_system, change, lock_all, name_of

#: Afterwards the two stories have grown together.
UNDO_WITHIN: Final = timedelta(days=30)
#: Messages that one split moves at most.
MAX_SPLIT: Final = 500
_SHOPS_TURN: Final = frozenset({TicketState.NEW, TicketState.OPEN})
_SPOKEN: Final = (MessageKind.CUSTOMER, MessageKind.STAFF, MessageKind.NOTE)


@transaction.atomic
def merge_tickets(
    kept: Ticket,
    other: Ticket,
    *,
    across_customers: bool = False,
    at: datetime,
    staff: StaffMember | None,
) -> TicketMerge:
    """Let ``other`` go on in ``kept``: its messages, cases, tags and drafts move there, and so does later mail.

    Messages keep their keys and sources. ``kept`` takes what it lacks itself (order, person in charge, fields) and is
    as urgent as the more urgent of both; when the shop has to act in ``other``, it has to in ``kept``.

    Raises:
        InvalidInput("id"): one conversation twice, or of two shops.
        Refused: they are with different customers, who would read each other's words, unless ``across_customers``.
        Conflict: one of them was merged already, is spam, or closed for good. So there are no rings of merges.
    """
    if kept.pk == other.pk or kept.shop_id != other.shop_id:
        raise InvalidInput(_("Choose two conversations."), "id")
    kept, other = lock_all(kept.pk, other.pk)
    if kept.state in {TicketState.MERGED, TicketState.SPAM, TicketState.CLOSED}:
        raise Conflict(_("Nothing can be added to #%(number)d any more.") % {"number": kept.number})
    if not across_customers and not _same_customer(kept, other):
        raise Refused(_("These are conversations with different customers: they would read each other's words."), "id")
    before, standing = columns_of(kept), standing_of(other)
    moved: dict[str, Any] = dict(move_all(other, kept))
    if other.state in _SHOPS_TURN and kept.state not in _SHOPS_TURN:
        kept.move("reopen", at=at)
    other.move("merge", at=at, merged_into=kept)
    show_newest(kept, at=at, unread=kept.unread or other.unread, **_more_urgent(kept, other))
    change(other, at=at, unread=False)
    moved |= {"kept_before": before, "kept_after": columns_of(kept), "other_before": standing}
    merge = TicketMerge.objects.create(shop=kept.shop, kept=kept, other=other, moved=moved, by=staff, at=at)
    by = name_of(staff)
    add_system(kept, "ticket.merged", {"by": by, "number": other.number}, source=None, at=at)
    add_system(other, "ticket.merged_into", {"by": by, "number": kept.number}, source=None, at=at)
    event = TicketsMerged(kept.pk, other=other.pk, merge=merge.pk)
    publish(event, shop=kept.shop, at=at, actor=actor_of(staff))
    return merge


def _same_customer(kept: Ticket, other: Ticket) -> bool:
    if kept.person_id is not None and kept.person_id == other.person_id:
        return True
    return is_of_customer(kept, other.customer_email, other.customer_user_id)


def _more_urgent(kept: Ticket, other: Ticket) -> dict[str, Any]:
    return {
        "priority": max(kept.priority, other.priority),
        "order_id": kept.order_id or other.order_id,
        "person_id": kept.person_id or other.person_id,
        "assignee_id": kept.assignee_id or other.assignee_id,
        "team_id": kept.team_id or other.team_id,
        "fields": {**other.fields, **kept.fields},
    }


@transaction.atomic
def split_ticket(
    ticket: Ticket, messages: Iterable[int], *, subject: str, at: datetime, staff: StaffMember | None
) -> TicketMerge:
    """Make a conversation of its own of some messages, with the same customer and about the same order.

    Raises:
        InvalidInput("messageIds"): none, too many, or not of this conversation; InvalidInput("subject").
        Refused: nothing that somebody said would be left.
        Conflict: the conversation goes on elsewhere, or is closed for good.
    """
    subject = checked_subject(subject)
    keys = sorted(set(messages))
    if not 1 <= len(keys) <= MAX_SPLIT:
        raise InvalidInput(_("Choose between 1 and %(limit)d messages.") % {"limit": MAX_SPLIT}, "messageIds")
    (kept,) = lock_all(ticket.pk)
    if kept.state in {TicketState.MERGED, TicketState.CLOSED, TicketState.SPAM}:
        raise Conflict(_("Nothing can be taken out of #%(number)d any more.") % {"number": kept.number})
    spoken = kept.messages.filter(kind__in=_SPOKEN)
    chosen = list(spoken.filter(pk__in=keys).order_by("pk"))
    if len(chosen) != len(keys):
        raise InvalidInput(_("Not a message of this conversation."), "messageIds")
    if spoken.count() == len(chosen):
        raise Refused(_("Something has to stay: this would be all that was said."), "messageIds")
    other = _twin(kept, chosen, subject=subject, at=at)
    move_messages(keys, to=other)
    show_newest(other, at=at)
    kept.is_unheard = True
    show_newest(kept, at=at)
    merge = TicketMerge.objects.create(
        shop=kept.shop, kept=kept, other=other, is_split=True, moved={"messages": keys}, by=staff, at=at
    )
    by = name_of(staff)
    add_system(kept, "ticket.split", {"by": by, "number": other.number}, source=None, at=at)
    add_system(other, "ticket.split_from", {"by": by, "number": kept.number}, source=None, at=at)
    publish(TicketOpened(other.pk, channel=other.channel), shop=kept.shop, at=at, actor=actor_of(staff))
    event = TicketSplit(kept.pk, other=other.pk, merge=merge.pk)
    publish(event, shop=kept.shop, at=at, actor=actor_of(staff))
    return merge


def _twin(ticket: Ticket, messages: Sequence[TicketMessage], *, subject: str, at: datetime) -> Ticket:
    answered = any(one.kind == MessageKind.STAFF for one in messages)
    other = Ticket.objects.create(
        shop=ticket.shop,
        number=next_number(ticket.shop, "ticket"),
        subject=subject,
        state=TicketState.OPEN if answered else TicketState.NEW,
        state_since=at,
        channel=ticket.channel,
        account_id=ticket.account_id,
        person_id=ticket.person_id,
        team_id=ticket.team_id,
        priority=ticket.priority,
        language=ticket.language,
        customer_name=ticket.customer_name,
        customer_email=ticket.customer_email,
        customer_user_id=ticket.customer_user_id,
        order_id=ticket.order_id,
        assignee_id=ticket.assignee_id,
        created_at=messages[0].created_at,
        updated_at=at,
        revision=revision(),
        last_message_at=messages[-1].created_at,
        last_message_kind=messages[-1].kind,
        unread=ticket.unread,
    )
    sla.begin(other)
    return other


@transaction.atomic
def undo_merge(merge: TicketMerge, *, at: datetime, staff: StaffMember | None) -> TicketMerge:
    """Take a merge or a split back: everything that moved returns, unless it went elsewhere meanwhile.

    What was said since a merge stays in the conversation where it was said; what was said in the new conversation
    since a split goes back with the rest.

    Raises Conflict: taken back already, older than 30 days, or one of the two was merged into another since.
    """
    kept, other = lock_all(merge.kept_id, merge.other_id)
    held = TicketMerge.objects.select_for_update().get(pk=merge.pk)
    if held.undone_at is not None:
        raise Conflict(_("This was taken back already."))
    if at - held.at > UNDO_WITHIN:
        raise Conflict(_("This can be taken back for 30 days only."))
    if kept.state == TicketState.MERGED or (held.is_split and other.state == TicketState.MERGED):
        raise Conflict(_("Take back the later merge first."))
    if held.is_split:
        _rejoin(kept, other, at=at)
    else:
        _part(kept, other, held.moved, at=at)
    held.undone_at = at
    held.save(update_fields=["undone_at"])
    line = {"by": name_of(staff)}
    add_system(kept, "ticket.merge_undone", {**line, "number": other.number}, source=None, at=at)
    add_system(other, "ticket.merge_undone", {**line, "number": kept.number}, source=None, at=at)
    event = TicketMergeUndone(kept.pk, other=other.pk, merge=held.pk)
    publish(event, shop=kept.shop, at=at, actor=actor_of(staff))
    return held


def _rejoin(kept: Ticket, other: Ticket, *, at: datetime) -> None:
    move_all(other, kept)
    if other.state in _SHOPS_TURN and kept.state not in _SHOPS_TURN and kept.state != TicketState.CLOSED:
        kept.move("reopen", at=at)
    unread = kept.unread or other.unread
    other.move("merge", at=at, merged_into=kept)
    change(other, at=at, unread=False)
    show_newest(kept, at=at, unread=unread)


def _part(kept: Ticket, other: Ticket, moved: dict[str, Any], *, at: datetime) -> None:
    move_back({name: moved.get(name, []) for name in PARTS}, kept, other)
    return_to(other, moved["other_before"], at=at)
    show_newest(other, at=at, unread=False)
    show_newest(kept, at=at, **restore_columns(kept, moved, at=at))


def last_merges(shop: Shop, tickets: Collection[int], *, at: datetime) -> dict[int, list[TicketMerge]]:
    """Per ticket the merges and splits that it took part in and that can still be taken back, newest first."""
    took_part = Q(kept__in=tickets) | Q(other__in=tickets)
    found: dict[int, list[TicketMerge]] = {pk: [] for pk in tickets}
    rows = TicketMerge.objects.filter(took_part, shop=shop, undone_at=None, at__gte=at - UNDO_WITHIN)
    for row in rows.order_by("-pk"):
        for pk in (row.kept_id, row.other_id):
            if pk in found:
                found[pk].append(row)
    return found
