"""Staff answer customers: at once, or after a moment in which the answer can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import jobs, liquid
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, ProviderError, StaleThread
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import ActorKind, Job, JobState, Shop, StoredFile
from saleor_aftercare.inbox import drafts
from saleor_aftercare.inbox.events import StaffAnswered
from saleor_aftercare.inbox.models import MessageKind, ReplyDraft, Ticket, TicketChannel, TicketMessage
from saleor_aftercare.inbox.sla import actions as sla
from saleor_aftercare.inbox.snooze import LONGEST

from .fields import check_may_solve
from .leaving import channel_of, hand_over
from .states import move_ticket, snooze
from .thread import add, add_system, change, check_goes_on_here, checked_body, lock, set_newest

#: The moves that an answer may make besides: without one it is the customer's turn.
MOVES: Final = ("solve", "wait_for_others", "reopen", "snooze")
MAX_HOLD_S: Final = 60
RELEASE: Final = "inbox.release"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How an answer leaves; by default at once, by the channel of the conversation, and it is the customer's turn."""

    move: str = ""  #: one of ``MOVES``: what becomes of the conversation besides
    until: datetime | None = None  #: of "snooze"
    channel: str = ""  #: "email" where the conversation's own channel is another
    cc: Sequence[str] = ()  #: further readers of a mail
    hold_s: int = 0  #: how long it can be taken back
    #: The writer's own for this press of the button: a second call with it returns the first answer, also hours later,
    #: when a lost connection comes back.
    key: str = ""

    def check(self, *, at: datetime) -> None:
        """Raise InvalidInput naming what is unusable."""
        if self.move and self.move not in MOVES:
            raise InvalidInput(_("Unknown action."), "move")
        if (self.move == "snooze") != (self.until is not None):
            raise InvalidInput(_("Say until when it is put off."), "until")
        if self.until is not None and not at < self.until <= at + LONGEST:
            raise InvalidInput(_("Choose a moment in the future, within a year."), "until")
        if self.channel and self.channel not in TicketChannel.values:
            raise InvalidInput(_("There is no such channel."), "channel")
        if not 0 <= self.hold_s <= MAX_HOLD_S:
            words = _("A whole number from %(low)d to %(high)d.") % {"low": 0, "high": MAX_HOLD_S}
            raise InvalidInput(words, "holdSeconds")
        _check_key(self.key)


MAX_KEY: Final = 60


def _check_key(key: str) -> None:
    if len(key) > MAX_KEY or not key.isprintable():
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_KEY}, "key")


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    body: str,
    last_seen_message_id: int,
    force: bool,
    attachments: Sequence[StoredFile],
    sending: Sending | None = None,
    at: datetime,
    staff: StaffMember,
) -> TicketMessage:
    """Answer the customer by the channel of the conversation.

    With ``sending.hold_s`` the answer stands in the thread at once and leaves only then; until it has left, its writer
    can take it back, and everything else (whose turn it is, what is due, who is told) happens as it leaves.

    Raises:
        InvalidInput("body"): empty, endless, or with a variable that nobody has filled in.
        InvalidInput("cc.N", "move", "until", "channel", "holdSeconds", "key"): unusable.
        InvalidInput("id"): there is no address to answer to.
        InvalidInput("fields.KEY"): it is to be solved, and the shop wants to know this first.
        StaleThread: a person wrote something since ``last_seen_message_id``, unless ``force``.
        Conflict: the ticket is closed, merged or spam, or this very answer was taken back.
    """
    sending = sending or Sending()
    body = checked_body(body)
    if left := liquid.left_over(body):
        raise InvalidInput(_("Please fill in %(names)s first.") % {"names": ", ".join(left)}, "body")
    sending.check(at=at)
    readers = drafts.draft_cc(sending.cc)
    locked = lock(ticket)
    source = _source(sending.key, staff)
    if source and (known := _said(locked.shop, source)):
        return known
    check_goes_on_here(locked)
    locked.workflow.target(locked.state, "answer")
    if not force:
        _check_nothing_new(locked, last_seen_message_id, staff)
    channel = channel_of(locked, sending.channel)
    if readers and channel in {TicketChannel.LINE, TicketChannel.CHAT}:
        raise InvalidInput(_("Only a letter has further readers."), "cc")
    if sending.move == "solve":
        check_may_solve(locked)
    # Who sits at the chat window reads on from what was said last: nothing may come in before it afterwards.
    hold_s = 0 if channel == TicketChannel.CHAT else sending.hold_s
    message = add(
        locked,
        MessageKind.STAFF,
        body,
        staff.display_name,
        staff.email,
        attachments=attachments,
        source=source,
        at=at,
        staff=staff,
        channel="" if channel == locked.channel else channel,
        held_until=at + timedelta(seconds=hold_s),
        leaving={
            "move": sending.move,
            "until": sending.until.isoformat() if sending.until else None,
            "cc": readers,
        },
    )
    drafts.clear(locked, staff=staff, is_note=False, at=at)
    if not hold_s:
        _leave(locked, message, at=at)
        locked.refresh_from_db()
        return message
    set_newest(locked, message, at=at, unread=False)
    jobs.schedule(
        RELEASE,
        key=_job_key(message),
        shop=locked.shop,
        due_at=at + timedelta(seconds=hold_s),
        payload={"message": message.pk},
    )
    return message


def said_before(ticket: Ticket, *, key: str, staff: StaffMember) -> TicketMessage | None:
    """The answer that this press of the button made already, when its request comes once more.

    To be asked before anything of that request is looked at: the files that it names lie in no draft by now, and the
    moment that it puts the conversation off to may be over. Raises Conflict when the answer was taken back since, and
    InvalidInput("key").
    """
    _check_key(key)
    source = _source(key, staff)
    return _said(ticket.shop, source) if source else None


def _source(key: str, staff: StaffMember) -> str | None:
    return f"reply:{staff.pk}:{key}" if key else None


def _said(shop: Shop, source: str) -> TicketMessage | None:
    """The answer of this press of the button; raises Conflict when its writer has taken it back since."""
    known = TicketMessage.objects.filter(shop=shop, source=source).select_related("ticket").first()
    if known is None and Job.objects.filter(shop=shop, key=f"release:{source}", state=JobState.CANCELLED).exists():
        raise Conflict(_("This answer was taken back."))
    return known


def _job_key(message: TicketMessage) -> str:
    return f"release:{message.source or message.pk}"


def _check_nothing_new(ticket: Ticket, last_seen_message_id: int, staff: StaffMember) -> None:
    """What machines and the writer themselves added meanwhile is no news to answer to."""
    news = ticket.messages.filter(pk__gt=last_seen_message_id, is_automatic=False).exclude(kind=MessageKind.SYSTEM)
    unseen = news.exclude(staff=staff).count()
    if unseen:
        raise StaleThread(
            ngettext(
                "There is %(count)d new message in this conversation.",
                "There are %(count)d new messages in this conversation.",
                unseen,
            )
            % {"count": unseen}
        )


def release(message_pk: int, *, at: datetime) -> None:
    """Let a held answer leave; one that has left, or was taken back, is left alone.

    One that cannot leave any more becomes a draft of its writer again, and the conversation says so.
    """
    try:
        with transaction.atomic():
            held = _held(message_pk)
            if held is not None:
                _leave(held.ticket, held, at=at)
    except ProviderError:
        raise
    except AftercareError as error:
        with transaction.atomic():
            held = _held(message_pk)
            if held is not None and held.staff is not None:
                add_system(held.ticket, "reply.not_sent", {"why": error.message}, source=None, at=at)
                _give_back(held, staff=held.staff, at=at)


def _held(pk: int) -> TicketMessage | None:
    """An answer that waits to leave, its ticket locked."""
    ticket = Ticket.objects.filter(messages=pk).first()
    if ticket is None:
        return None
    ticket = lock(ticket)
    held = TicketMessage.objects.filter(pk=pk, held_until__isnull=False).select_related("staff").first()
    if held is not None and held.ticket_id != ticket.pk:
        # It went with a merge between the two looks.
        ticket = lock(held.ticket)
    if held is not None:
        held.ticket = ticket
    return held


def _leave(ticket: Ticket, message: TicketMessage, *, at: datetime) -> None:
    """All that an answer does, in one transaction, the ticket locked."""
    wish, staff = message.leaving, message.staff
    if staff is None:
        raise LookupError("Only people hold answers back")
    answered = ticket.messages.filter(kind=MessageKind.STAFF, is_automatic=False, held_until=None)
    is_first = not answered.exists()
    # What somebody wrote while it was held came after it, and has no answer yet.
    later = ticket.messages.filter(pk__gt=message.pk, is_automatic=False).exclude(kind=MessageKind.SYSTEM)
    asked_again = later.filter(kind=MessageKind.CUSTOMER).exists()
    message.held_until, message.leaving = None, {}
    message.created_at = message.created_at if asked_again else at
    message.save(update_fields=["held_until", "leaving", "created_at"])
    sla.note_message(ticket, message)
    hand_over(ticket, message, staff=staff, cc=wish["cc"], at=at)
    assignee = ticket.assignee_id
    if "answer" in ticket.actions:
        ticket.move("answer", at=at)
        # Who answers takes the conversation, unless somebody has it.
        assignee = assignee or staff.pk
        if asked_again:
            ticket.move("hear", at=at)
    if later.exists():
        change(ticket, at=at, assignee_id=assignee)
    else:
        set_newest(ticket, message, at=at, unread=False, assignee_id=assignee)
    publish(
        StaffAnswered(ticket.pk, message=message.pk, staff=staff.pk, is_first=is_first),
        shop=ticket.shop,
        at=at,
        actor=Actor(ActorKind.STAFF, staff.display_name, staff.pk),
    )
    if wish["move"] and not asked_again:
        _go_on(ticket, wish, staff=staff, at=at)


def _go_on(ticket: Ticket, wish: dict[str, Any], *, staff: StaffMember, at: datetime) -> None:
    """The move that was wanted with the answer. What became impossible meanwhile is left: the answer is what counts."""
    try:
        if wish["move"] == "snooze":
            snooze(ticket, until=datetime.fromisoformat(wish["until"]), at=at, staff=staff)
        else:
            move_ticket(ticket, wish["move"], at=at, staff=staff)
    except (Conflict, InvalidInput):
        add_system(ticket, "reply.move_failed", {"action": wish["move"]}, source=None, at=at)


@transaction.atomic
def take_back(message: TicketMessage, *, staff: StaffMember, at: datetime) -> ReplyDraft:
    """Take an answer back before it leaves: it is a draft again, with its files, and nothing has happened.

    Raises Conflict when it has left, was taken back already, or is somebody else's.
    """
    held = _held(message.pk)
    if held is None or held.staff != staff:
        raise Conflict(_("This answer has been sent already."))
    return _give_back(held, staff=staff, at=at)


def _give_back(held: TicketMessage, *, staff: StaffMember, at: datetime) -> ReplyDraft:
    ticket = held.ticket
    draft = drafts.restore(held, staff=staff, cc=held.leaving["cc"], at=at)
    # The job stays as the mark of an answer that was taken back, should its request come once more.
    Job.objects.filter(shop=ticket.shop, key=_job_key(held)).update(state=JobState.CANCELLED, finished_at=at)
    held.delete()
    newest = ticket.messages.exclude(kind=MessageKind.SYSTEM).filter(is_automatic=False).order_by("-pk").first()
    last = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    change(
        ticket,
        at=at,
        last_message_at=newest.created_at if newest else ticket.created_at,
        last_message_kind=newest.kind if newest else MessageKind.SYSTEM,
        last_message_preview=" ".join(newest.body.split())[:200] if newest else "",
        last_message_id=last,
    )
    return draft


__all__ = ["MAX_HOLD_S", "MOVES", "RELEASE", "Sending", "release", "reply", "take_back"]
