"""What belongs to a conversation going over to another one, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from saleor_aftercare.channels.models import ChatSession
from saleor_aftercare.inbox.models import (
    MessageKind,
    Presence,
    ReplyDraft,
    Ticket,
    TicketLink,
    TicketMessage,
    TicketState,
    TicketTag,
)
from saleor_aftercare.inbox.search.models import SearchEntry
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.inbox.sla.events import Author, EventKind
from saleor_aftercare.inbox.sla.models import SlaEvent

from .thread import change

#: What moves, by the name under which a merge remembers the keys.
PARTS: Final = ("messages", "links", "tags", "drafts", "chats", "beginnings")
_COLUMNS: Final = ("priority", "order_id", "person_id", "assignee_id", "team_id", "fields")
#: The moves that lead from OPEN to where a conversation stood.
_WAY_BACK: Final[Mapping[str, str]] = {
    TicketState.PENDING: "wait",
    TicketState.WAITING: "wait_for_others",
    TicketState.SOLVED: "solve",
}


def move_all(source: Ticket, target: Ticket) -> dict[str, list[int]]:
    """Everything of one locked ticket to another; returns the keys of what moved."""
    messages = list(source.messages.order_by("pk").values_list("pk", flat=True))
    move_messages(messages, to=target)
    links = list(source.links.order_by("pk").values_list("pk", flat=True))
    TicketLink.objects.filter(pk__in=links).update(ticket=target)
    chats = ChatSession.objects.filter(shop=source.shop_id, ticket_id=source.pk)
    chat_keys = list(chats.order_by("pk").values_list("pk", flat=True))
    chats.update(ticket_id=target.pk)
    Presence.objects.filter(ticket=source).delete()
    return {
        "messages": messages,
        "links": links,
        "tags": _add_tags(source, target),
        "drafts": _move_drafts(source, target),
        "chats": chat_keys,
        "beginnings": begin_earlier(source, target),
    }


def move_messages(keys: Sequence[int], *, to: Ticket) -> None:
    """Messages, what a search finds of them, and what they were to the clocks."""
    TicketMessage.objects.filter(shop=to.shop_id, pk__in=keys).update(ticket=to)
    SearchEntry.objects.filter(message__in=keys).update(ticket_id=to.pk)
    sla.move_log(keys, to=to)


def begin_earlier(source: Ticket, target: Ticket) -> list[int]:
    """Let the clocks of ``target`` begin when ``source`` did, if that was before: the earlier promise holds.

    Returns the keys of what was written for that.
    """
    if source.created_at >= target.created_at:
        return []
    own = SlaEvent.objects.filter(ticket=source, kind=EventKind.CREATED).order_by("at", "pk").first()
    data = own.data if own is not None else {"by": Author.CUSTOMER.value}
    row = SlaEvent.objects.create(
        shop=target.shop, ticket=target, kind=EventKind.CREATED.value, data=data, at=source.created_at
    )
    target.is_unheard = True
    return [row.pk]


def _add_tags(source: Ticket, target: Ticket) -> list[int]:
    """The tags that only ``source`` bears, given to ``target`` too; ``source`` keeps its own."""
    missing = TicketTag.objects.filter(ticket=source).exclude(
        tag__in=TicketTag.objects.filter(ticket=target).values("tag")
    )
    tags = sorted(missing.values_list("tag_id", flat=True))
    TicketTag.objects.bulk_create([TicketTag(ticket=target, tag_id=tag) for tag in tags])
    return tags


def _move_drafts(source: Ticket, target: Ticket) -> list[int]:
    """What people were writing goes along. Who writes in both finds both texts in the one that goes on."""
    moved: list[int] = []
    for draft in ReplyDraft.objects.select_for_update().filter(ticket=source).order_by("pk"):
        there = ReplyDraft.objects.select_for_update().filter(ticket=target, member=draft.member, is_note=draft.is_note)
        if (other := there.first()) is None:
            ReplyDraft.objects.filter(pk=draft.pk).update(ticket=target)
            moved.append(draft.pk)
        elif draft.body.strip():
            # The draft itself stays behind, for the case that the merge is taken back.
            other.body = "\n\n".join(filter(None, (other.body, draft.body)))
            other.version += 1
            other.save(update_fields=["body", "version"])
            other.attachments.add(*draft.attachments.all())
    return moved


def move_back(parts: Mapping[str, Sequence[int]], source: Ticket, target: Ticket) -> None:
    """What once came to ``source`` returns to ``target``, as far as it is still there."""
    rows = source.messages.filter(pk__in=parts["messages"])
    move_messages(list(rows.values_list("pk", flat=True)), to=target)
    SlaEvent.objects.filter(ticket=source, pk__in=parts["beginnings"]).delete()
    source.is_unheard = True
    source.links.filter(pk__in=parts["links"]).update(ticket=target)
    TicketTag.objects.filter(ticket=source, tag__in=parts["tags"]).delete()
    ChatSession.objects.filter(pk__in=parts["chats"], ticket_id=source.pk).update(ticket_id=target.pk)
    for draft in ReplyDraft.objects.filter(pk__in=parts["drafts"], ticket=source):
        if not ReplyDraft.objects.filter(ticket=target, member=draft.member, is_note=draft.is_note).exists():
            ReplyDraft.objects.filter(pk=draft.pk).update(ticket=target)


# -- columns ---------------------------------------------------------------------------------------------------


def columns_of(ticket: Ticket) -> dict[str, Any]:
    """The columns that a merge may change, and where the ticket stands, as they can be remembered."""
    return {name: getattr(ticket, name) for name in _COLUMNS} | standing_of(ticket)


def standing_of(ticket: Ticket) -> dict[str, Any]:
    """Where a ticket stands, for ``return_to``."""
    return {"state": str(ticket.state), "wake_at": ticket.wake_at.isoformat() if ticket.wake_at else None}


def restore_columns(ticket: Ticket, moved: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The columns of ``ticket`` as they were before a merge, of those that nobody changed since; moves its state."""
    before, after = moved["kept_before"], moved["kept_after"]
    if before["state"] != after["state"] == ticket.state:
        return_to(ticket, before, at=at)
    return {name: before[name] for name in _COLUMNS if getattr(ticket, name) == after[name] != before[name]}


def return_to(ticket: Ticket, standing: Mapping[str, Any], *, at: datetime) -> None:
    """Bring a ticket that is merged or open back to where it stood; a snooze that is over by now is not taken up."""
    state, wake_at = standing["state"], standing["wake_at"]
    if ticket.state == TicketState.MERGED:
        ticket.move("unmerge_unanswered" if state == TicketState.NEW else "unmerge", at=at, merged_into=None)
    if ticket.state != TicketState.OPEN:
        return
    if state in _WAY_BACK:
        ticket.move(_WAY_BACK[state], at=at)
    elif state == TicketState.ON_HOLD and wake_at and (until := datetime.fromisoformat(wake_at)) > at:
        ticket.move("snooze", at=at, wake_at=until)


def show_newest(ticket: Ticket, *, at: datetime, **changes: Any) -> None:
    """Let lists show what was said last in a ticket that gained or lost messages, and write ``changes``."""
    newest = ticket.messages.order_by("-pk").first()
    spoken = ticket.messages.exclude(kind=MessageKind.SYSTEM).order_by("-pk").first()
    values: dict[str, Any] = {"last_message_id": newest.pk if newest else 0}
    if spoken is not None:
        values |= {
            "last_message_at": spoken.created_at,
            "last_message_kind": spoken.kind,
            "last_message_preview": " ".join(spoken.body.split())[:200],
        }
    else:
        values |= {"last_message_kind": MessageKind.SYSTEM, "last_message_preview": ""}
    change(ticket, at=at, **(values | changes))
