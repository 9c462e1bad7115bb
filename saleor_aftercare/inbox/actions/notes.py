"""Staff write to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import ActorKind, StoredFile
from saleor_aftercare.inbox import drafts
from saleor_aftercare.inbox.events import NoteWritten
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage
from saleor_aftercare.team.models import NoticeKind
from saleor_aftercare.team.notices import notify

from .thread import add, checked_body, lock, set_newest

MAX_MENTIONS = 20


@transaction.atomic
def add_note(
    ticket: Ticket,
    *,
    body: str,
    mentions: Iterable[int] = (),
    attachments: Sequence[StoredFile] = (),
    key: str = "",
    at: datetime,
    staff: StaffMember,
) -> TicketMessage:
    """Write something that never leaves the shop; who is mentioned is told.

    ``mentions`` are keys of members of staff. ``key`` is the writer's own: a second call returns the first note.
    Raises InvalidInput("body", "mentions" or "key").
    """
    body = checked_body(body)
    if len(key) > 60 or not key.isprintable():
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": 60}, "key")
    locked = lock(ticket)
    source = f"note:{staff.pk}:{key}" if key else None
    if source and (known := TicketMessage.objects.filter(shop=locked.shop, source=source).first()):
        return known
    people = _mentioned(locked, mentions)
    message = add(
        locked,
        MessageKind.NOTE,
        body,
        staff.display_name,
        staff.email,
        attachments=attachments,
        source=source,
        at=at,
        staff=staff,
        mentions=[one.pk for one in people],
    )
    set_newest(locked, message, at=at, unread=locked.unread)
    drafts.clear(locked, staff=staff, is_note=True, at=at)
    notify(
        locked.shop,
        members=[one for one in people if one != staff],
        kind=NoticeKind.MENTION,
        subject="ticket",
        subject_id=locked.pk,
        source=f"note:{message.pk}",
        data={"number": locked.number, "subject": locked.subject, "by": staff.display_name},
        at=at,
        team_id=locked.team_id,
    )
    event = NoteWritten(locked.pk, message=message.pk, staff=staff.pk)
    publish(event, shop=locked.shop, at=at, actor=Actor(ActorKind.STAFF, staff.display_name, staff.pk))
    return message


def _mentioned(ticket: Ticket, keys: Iterable[int]) -> list[StaffMember]:
    wanted = sorted(set(keys))
    if len(wanted) > MAX_MENTIONS:
        raise InvalidInput(_("At most %(limit)d people.") % {"limit": MAX_MENTIONS}, "mentions")
    found = list(StaffMember.objects.filter(shop=ticket.shop_id, pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise InvalidInput(_("There is no such person."), "mentions")
    return found
