"""Whose queue a conversation stands in, and what rules say in it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import publish
from saleor_aftercare.inbox.events import StaffAnswered, TicketTeamChanged
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.team.models import Team

from .leaving import channel_of, hand_over
from .thread import actor_of, add, add_system, change, checked_body, lock, name_of, set_newest


@transaction.atomic
def set_team(ticket: Ticket, team: Team | None, *, at: datetime, staff: StaffMember | None) -> Ticket:
    """Put a conversation into a team's queue, or into nobody's; ``staff`` is None for a rule. Doing so twice is one.

    Raises InvalidInput("teamId") for a team of another shop, or one of the past.
    """
    if team is not None and (team.shop_id != ticket.shop_id or team.archived_at is not None):
        raise InvalidInput(_("There is no such team."), "teamId")
    locked = lock(ticket)
    if locked.team_id == (team.pk if team else None):
        return locked
    before = locked.team_id
    change(locked, at=at, team_id=team.pk if team else None)
    data = {"by": name_of(staff), "to": team.name if team else ""}
    add_system(locked, "ticket.team_changed", data, source=None, at=at)
    event = TicketTeamChanged(locked.pk, team=locked.team_id, before=before)
    publish(event, shop=locked.shop, at=at, actor=actor_of(staff))
    return locked


@transaction.atomic
def note_by_rule(ticket: Ticket, *, body: str, rule: str, source: str, at: datetime) -> TicketMessage:
    """A rule leaves a note; once per ``source``."""
    locked = lock(ticket)
    if known := TicketMessage.objects.filter(shop=locked.shop, source=source).first():
        return known
    message = add(
        locked,
        MessageKind.NOTE,
        checked_body(body),
        rule,
        "",
        attachments=(),
        source=source,
        at=at,
        is_automatic=True,
    )
    set_newest(locked, message, at=at, unread=locked.unread)
    return message


@transaction.atomic
def reply_by_rule(ticket: Ticket, *, body: str, source: str, at: datetime) -> TicketMessage:
    """A rule answers the customer, marked as automatic: nothing is answered by it, and whose turn it is stays.

    Once per ``source``. Raises InvalidInput when the customer cannot be reached, or the conversation is spam.
    """
    locked = lock(ticket)
    if known := TicketMessage.objects.filter(shop=locked.shop, source=source).first():
        return known
    if locked.state in {TicketState.SPAM, TicketState.CLOSED, TicketState.MERGED}:
        raise InvalidInput(_("Nobody is answered here any more."), "id")
    channel_of(locked, "")
    sender = locked.shop.name
    message = add(
        locked,
        MessageKind.STAFF,
        checked_body(body),
        sender,
        "",
        attachments=(),
        source=source,
        at=at,
        is_automatic=True,
    )
    set_newest(locked, message, at=at)
    hand_over(locked, message, staff=None, cc=(), at=at)
    event = StaffAnswered(locked.pk, message=message.pk, staff=None, is_first=False)
    publish(event, shop=locked.shop, at=at)
    return message
