"""Keeping the log of every conversation, and the deadlines that follow from it.

The log is the truth. Whatever changes a ticket ends with :func:`follow`: it writes into the log what the ticket shows
and the log does not say yet, works everything out anew, and tells of deadlines that are near or missed. So a verb that
forgets to note a change is put right by the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Q

from saleor_aftercare.core.events import publish
from saleor_aftercare.core.hours import NoWorkingTime
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.events import SlaBreached, SlaWarned
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState, TicketTag
from saleor_aftercare.inbox.revision import revision
from saleor_aftercare.people.models import Person

from . import journal
from .events import EventKind
from .journal import Seen
from .models import SlaClock, SlaEvent
from .policies import Facts, TargetKind
from .promises import Promises, promises_of
from .targets import Report, TargetReport, TargetState, evaluate

log = structlog.get_logger(__name__)

_ANSWERS: Final = frozenset({TargetKind.FIRST_RESPONSE.value, TargetKind.NEXT_RESPONSE.value})
_WAITS_FOR_US: Final = frozenset({TicketState.NEW, TicketState.OPEN})
_COLUMNS: Final = ("policy_id", "state", "started_at", "due_at", "warn_at", "stopped_at", "warned_at", "breached_at")
_WRITTEN: Final = (*(name.removesuffix("_id") for name in _COLUMNS), "elapsed_s")


def look(ticket: Ticket) -> None:
    """Remember how a ticket that was locked just now stands, so that :func:`follow` sees what changes."""
    ticket.followed = Seen.of(ticket)


def note(
    ticket: Ticket,
    kind: EventKind,
    *,
    at: datetime,
    message: TicketMessage | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one line into the log of a locked ticket; :func:`follow` works out what it means.

    A message is noted once, however often this is called with it.
    """
    row = journal.row(ticket, kind, at=at, message=message, data=data)
    if ticket.first_log is not None:
        ticket.first_log.append(row)
    elif ticket.held_log is not None:
        ticket.held_log.append(row)
    else:
        SlaEvent.objects.bulk_create([row], ignore_conflicts=message is not None)
    ticket.is_unheard = True


def hold(ticket: Ticket) -> None:
    """Keep what is noted about a locked ticket back until it is followed, so that it is written with that of others."""
    ticket.held_log = []


def note_message(ticket: Ticket, message: TicketMessage) -> None:
    """Note what a message is to the clocks, if anything."""
    if (kind := journal.event_of_message(message)) is not None:
        note(ticket, kind, at=message.created_at, message=message)


def begin(ticket: Ticket, *, by_shop: bool = False, is_heard: bool = False) -> None:
    """Begin the log of a new ticket, without messages yet; ``by_shop``: no customer waits.

    What its deadlines are is worked out with its first message or change. ``is_heard``: that message is written next,
    into this very object, and followed; then the log is written as a whole, and nothing of it has to be read.
    """
    row = journal.creation(ticket, Seen.of(ticket).facts(), by_shop=by_shop)
    if is_heard:
        ticket.first_log = [row]
    else:
        SlaEvent.objects.bulk_create([row])
    ticket.is_unheard = True


def follow(ticket: Ticket, *, at: datetime) -> dict[str, datetime | None]:
    """Bring the log of a locked ticket up to date with its columns, and its deadlines with the log.

    Returns the columns of the ticket that are others now; the caller writes them. Nothing is asked of the database
    when nothing has changed since the ticket was locked.
    """
    before = (ticket.due_at, ticket.breach_at)
    follow_all([(ticket, at)], shop=ticket.shop)
    after = (ticket.due_at, ticket.breach_at)
    return {} if before == after else {"due_at": ticket.due_at, "breach_at": ticket.breach_at}


def follow_all(tickets: Sequence[tuple[Ticket, datetime]], *, shop: Shop) -> None:
    """As :func:`follow` for locked tickets of one shop, each at its moment; as many statements for all as for one.

    The dates are set in the tickets; the caller writes them.
    """
    changed = [(ticket, at) for ticket, at in tickets if ticket.is_unheard or ticket.followed != Seen.of(ticket)]
    if changed:
        _work_out([ticket for ticket, _at in changed], {ticket.pk: at for ticket, at in changed}, shop=shop)


@transaction.atomic
def recompute(ticket: Ticket, *, at: datetime) -> None:
    """Work out the deadlines of a locked ticket from its whole log, whatever has changed."""
    recompute_tickets([ticket], shop=ticket.shop, at=at)


@transaction.atomic
def recompute_tickets(tickets: Sequence[Ticket], *, shop: Shop, at: datetime) -> int:
    """Work out the deadlines of locked tickets of one shop; as many statements for a hundred as for one.

    Returns for how many something else is due now than before.
    """
    changed = _work_out(tickets, dict.fromkeys([ticket.pk for ticket in tickets], at), shop=shop)
    for ticket in changed:
        ticket.updated_at = at
        ticket.revision = revision()
    Ticket.objects.bulk_update(changed, ["due_at", "breach_at", "updated_at", "revision"])
    return len(changed)


def move_log(messages: Sequence[int], *, to: Ticket) -> None:
    """Messages went over to another ticket, and what they were to the clocks goes with them; follow both after this."""
    SlaEvent.objects.filter(shop=to.shop_id, message__in=messages).exclude(ticket=to).update(ticket=to)
    to.is_unheard = True


def _work_out(tickets: Sequence[Ticket], now: Mapping[int, datetime], *, shop: Shop) -> list[Ticket]:
    """Logs, clocks and the tickets' own dates; returns the tickets whose dates are others now, not saved.

    ``now`` is the moment that counts, by the key of the ticket.
    """
    if held_back := [row for ticket in tickets for row in ticket.held_log or ()]:
        SlaEvent.objects.bulk_create(held_back, ignore_conflicts=True)
    promises = promises_of(shop)
    logs = _logs(tickets)
    facts = _facts(tickets, has_policies=promises.has_policies, logs=logs)
    _write_missing(tickets, logs, facts, now)
    held = _clocks([ticket for ticket in tickets if ticket.first_log is None])
    changed: list[SlaClock] = []
    gone: list[int] = []
    moved: list[Ticket] = []
    for ticket in tickets:
        work = _Work(ticket, in_log=journal.in_order(logs[ticket.pk]), promises=promises, at=now[ticket.pk])
        clocks = work.clocks(held[ticket.pk])
        changed += [one for one in clocks.values() if one.is_changed]
        gone += [old.pk for target, old in held[ticket.pk].items() if target not in clocks]
        if work.set_dates(clocks):
            moved.append(ticket)
        ticket.followed, ticket.is_unheard = Seen.of(ticket), False
        ticket.first_log = ticket.held_log = None
    if gone:
        SlaClock.objects.filter(pk__in=gone).delete()
    if changed:
        SlaClock.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["ticket", "target"], update_fields=_WRITTEN
        )
    for clock in changed:
        _tell(clock, shop=shop, at=now[clock.ticket_id])
    return moved


# -- reading ---------------------------------------------------------------------------------------------------


def _logs(tickets: Sequence[Ticket]) -> dict[int, list[SlaEvent]]:
    logs = {ticket.pk: list(ticket.first_log or ()) for ticket in tickets}
    written = [ticket for ticket in tickets if ticket.first_log is None]
    for one in SlaEvent.objects.filter(ticket__in=written).order_by("pk"):
        logs[one.ticket_id].append(one)
    return logs


def _clocks(tickets: Sequence[Ticket]) -> dict[int, dict[str, SlaClock]]:
    held: dict[int, dict[str, SlaClock]] = defaultdict(dict)
    for clock in SlaClock.objects.filter(ticket__in=tickets):
        held[clock.ticket_id][clock.target] = clock
    return held


def _facts(
    tickets: Sequence[Ticket], *, has_policies: bool, logs: Mapping[int, Sequence[SlaEvent]]
) -> dict[int, Facts]:
    """What conditions look at. Tags and persons are read only where there are conditions."""
    if not has_policies:
        known = {ticket.pk: journal.stand_of(journal.in_order(logs[ticket.pk]))[0] for ticket in tickets}
        return {
            ticket.pk: Seen.of(ticket).facts(tags=known[ticket.pk].tags, vip=known[ticket.pk].vip) for ticket in tickets
        }
    tags: dict[int, set[str]] = defaultdict(set)
    for ticket_id, key in TicketTag.objects.filter(ticket__in=tickets).values_list("ticket_id", "tag__key"):
        tags[ticket_id].add(key)
    persons = {ticket.person_id for ticket in tickets if ticket.person_id is not None}
    important = set(Person.objects.filter(pk__in=persons, is_vip=True).values_list("pk", flat=True))
    return {
        ticket.pk: Seen.of(ticket).facts(tags=frozenset(tags[ticket.pk]), vip=ticket.person_id in important)
        for ticket in tickets
    }


def _write_missing(
    tickets: Sequence[Ticket],
    logs: dict[int, list[SlaEvent]],
    facts: Mapping[int, Facts],
    now: Mapping[int, datetime],
) -> None:
    """Begin the logs of tickets that have none, and add what the others do not say yet."""
    without = {ticket.pk for ticket in tickets if not any(one.kind == EventKind.CREATED for one in logs[ticket.pk])}
    messages: dict[int, list[TicketMessage]] = defaultdict(list)
    spoken = Q(kind__in=[MessageKind.CUSTOMER, MessageKind.STAFF])
    for message in TicketMessage.objects.filter(spoken, ticket__in=without).order_by("pk") if without else ():
        messages[message.ticket_id].append(message)
    rows = [row for ticket in tickets for row in ticket.first_log or ()]
    for ticket in tickets:
        own = logs[ticket.pk]
        new: list[SlaEvent] = []
        if ticket.pk in without:
            noted = {one.message_id for one in own}
            unheard = [message for message in messages[ticket.pk] if message.pk not in noted]
            new += journal.first_rows(ticket, ticket.followed or Seen.of(ticket), facts[ticket.pk], unheard)
        known = journal.in_order([*new, *own])
        at = max([now[ticket.pk], *(one.at for one in known)])
        new += journal.rows_to_catch_up(ticket, Seen.of(ticket), facts[ticket.pk], known, at=at)
        own += new
        rows += new
    if rows:
        SlaEvent.objects.bulk_create(rows)


# -- one ticket ------------------------------------------------------------------------------------------------


@dataclass
class _Work:
    """One ticket, its log, and what is promised."""

    ticket: Ticket
    in_log: list[SlaEvent]
    promises: Promises
    at: datetime

    def report(self) -> Report:
        """What the arithmetic says."""
        events = journal.read(self.in_log, shown={})
        facts = journal.first_facts(self.in_log, shown={})
        now = max([self.at, *(event.at for event in events)])
        try:
            return evaluate(events, facts=facts, rules=self.promises.rules, now=now)
        except NoWorkingTime:
            # The openings that a calendar had are over. Nobody is left without a deadline for that.
            log.warning("sla_calendar_never_opens", shop=self.ticket.shop_id, ticket=self.ticket.pk)
            return evaluate(events, facts=facts, rules=self.promises.plain, now=now)

    def clocks(self, held: Mapping[str, SlaClock]) -> dict[str, SlaClock]:
        """A clock for every target that is promised and has begun."""
        report = self.report()
        history = report.history
        runs = {
            TargetKind.FIRST_RESPONSE: history.first_response,
            TargetKind.NEXT_RESPONSE: history.next_responses[-1] if history.next_responses else None,
            TargetKind.RESOLUTION: history.resolution,
        }
        found: dict[str, SlaClock] = {}
        for one in report.targets:
            if one.target is None or one.state is TargetState.NOT_APPLICABLE:
                continue
            run = runs[one.kind]
            regime = run.under if run is not None and run.under is not None else report.regime
            found[one.kind.value] = self._clock(one, held.get(one.kind.value), regime.choice.policy.name)
        return found

    def _clock(self, one: TargetReport, old: SlaClock | None, policy: str) -> SlaClock:
        if one.started_at is None:
            raise ValueError("A promise that holds has begun")
        is_paused = one.state is TargetState.PAUSED
        row = self.promises.rows.get(policy)
        clock = SlaClock(
            ticket=self.ticket,
            target=one.kind.value,
            policy=row,
            state=one.state.value,
            started_at=one.started_at,
            due_at=None if is_paused else one.due_at,
            warn_at=None if is_paused else one.warn_at,
            stopped_at=one.stopped_at,
            elapsed_s=int(one.elapsed.total_seconds()),
        )
        if old is not None and old.started_at == clock.started_at:
            clock.warned_at, clock.breached_at = old.warned_at, old.breached_at
        self._notice(clock)
        clock.is_changed = old is None or any(getattr(old, name) != getattr(clock, name) for name in _COLUMNS)
        clock.was = (None, None) if old is None else (old.warned_at, old.breached_at)
        return clock

    def _notice(self, clock: SlaClock) -> None:
        """A deadline that is missed, or near, is noticed once; when it moves away, it can be noticed again."""
        if clock.state == TargetState.BREACHED:
            clock.breached_at = clock.breached_at or self.at
            return
        if clock.state == TargetState.RUNNING:
            clock.breached_at = None
            if clock.warn_at is None or clock.warn_at > self.at:
                clock.warned_at = None
            else:
                clock.warned_at = clock.warned_at or self.at

    def set_dates(self, clocks: Mapping[str, SlaClock]) -> bool:
        """By when an answer is due, and what is missed first; whether that is another moment than before."""
        open_ones = [one for one in clocks.values() if one.due_at is not None and one.stopped_at is None]
        dates = [(one.target in _ANSWERS, one.due_at) for one in open_ones if one.due_at is not None]
        if (since := journal.needs_staff_since(self.in_log)) is not None:
            dates.append((True, since))
        waits = self.ticket.state in _WAITS_FOR_US
        due_at = min((due for is_answer, due in dates if is_answer and waits), default=None)
        breach_at = min((due for _is_answer, due in dates), default=None)
        if (self.ticket.due_at, self.ticket.breach_at) == (due_at, breach_at):
            return False
        self.ticket.due_at, self.ticket.breach_at = due_at, breach_at
        return True


def _tell(clock: SlaClock, *, shop: Shop, at: datetime) -> None:
    """Publish what is news about a deadline that somebody can still do something about."""
    if clock.stopped_at is not None or clock.due_at is None:
        return
    warned, breached = clock.was
    told: dict[str, Any] = {
        "target": clock.target,
        "policy": clock.policy.name if clock.policy is not None else "",
        "due_at": clock.due_at.isoformat(),
    }
    if clock.breached_at is not None and breached is None:
        publish(SlaBreached(clock.ticket_id, **told), shop=shop, at=at)
    elif clock.warned_at is not None and warned is None and clock.breached_at is None:
        publish(SlaWarned(clock.ticket_id, **told), shop=shop, at=at)
