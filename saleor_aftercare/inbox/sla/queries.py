"""Reading what is promised, and why a deadline is what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from saleor_aftercare.core.hours import NoWorkingTime
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketTag
from saleor_aftercare.people.models import Person
from saleor_aftercare.team.models import Team

from . import journal
from .documents import Question
from .explain import answer
from .journal import Seen
from .models import BusinessCalendar, SlaClock, SlaEvent, SlaPolicy
from .promises import promises_of
from .targets import Report, evaluate


def calendars_of(shop: Shop) -> list[BusinessCalendar]:
    """The shop's own calendar first, the others by name."""
    return list(BusinessCalendar.objects.filter(shop=shop).order_by("-is_default", "name"))


def policies_of(shop: Shop) -> list[SlaPolicy]:
    """The policies in force in their order."""
    rows = SlaPolicy.objects.filter(shop=shop, replaced_at=None)
    return list(rows.select_related("calendar").order_by("position", "pk"))


def clocks_of(tickets: Collection[int]) -> list[SlaClock]:
    """The clocks of these tickets, with their policies."""
    return list(SlaClock.objects.filter(ticket__in=tickets).select_related("policy").order_by("ticket_id", "pk"))


def question_of(ticket: Ticket, *, at: datetime) -> tuple[Question, Report]:
    """Everything that a ticket's deadlines follow from, with the names that people know, and what follows."""
    teams = {str(pk): name for pk, name in Team.objects.filter(shop=ticket.shop_id).values_list("pk", "name")}
    log = journal.in_order(SlaEvent.objects.filter(shop=ticket.shop_id, ticket=ticket).order_by("pk"))
    if not any(one.kind == journal.K.CREATED for one in log):
        log = _log_of_an_old_one(ticket, log)
    promises = promises_of(ticket.shop, shown=teams)
    events = journal.read(log, shown=teams)
    question = Question(
        now=max([at, *(one.at for one in events)]),
        rules=promises.rules,
        facts=journal.first_facts(log, shown=teams),
        events=tuple(events),
    )
    try:
        return question, evaluate(events, facts=question.facts, rules=question.rules, now=question.now)
    except NoWorkingTime:
        question = replace(question, rules=promises.plain)
        return question, evaluate(events, facts=question.facts, rules=question.rules, now=question.now)


def explain_ticket(ticket: Ticket, *, at: datetime) -> dict[str, Any]:
    """What `aftercare sla explain` prints of a ticket; see docs/sla-explain.md."""
    question, report = question_of(ticket, at=at)
    return {"ticket": ticket.number} | answer(question, report)


def _log_of_an_old_one(ticket: Ticket, log: list[SlaEvent]) -> list[SlaEvent]:
    """The log that a ticket from before there were logs will get; nothing is stored."""
    tags = TicketTag.objects.filter(ticket=ticket).values_list("tag__key", flat=True)
    person = ticket.person_id
    vip = person is not None and Person.objects.filter(pk=person, is_vip=True).exists()
    spoken = TicketMessage.objects.filter(ticket=ticket, kind__in=[MessageKind.CUSTOMER, MessageKind.STAFF])
    seen = Seen.of(ticket)
    facts = seen.facts(tags=frozenset(tags), vip=vip)
    return journal.in_order([*journal.first_rows(ticket, seen, facts, spoken.order_by("pk")), *log])
