"""Letting rules act on what happened, each once per event, and never in a circle.

The steps of a rule make events of their own, which other rules may act on. A run keeps which events it caused and which
rules led to it; none of these acts on what follows. So a chain never holds a rule twice, and ends.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core.errors import AftercareError
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.desk.models import Rule, RuleRun
from saleor_aftercare.inbox.models import Ticket, TicketState

from .documents import RuleDocument, When
from .facts import Moment, facts_of
from .matching import matches, searches_of
from .steps import Deed, do

log = structlog.get_logger(__name__)

#: Rules one after another, each because of what the one before it did.
LONGEST_CHAIN: Final = 5
#: Runs of one rule on one conversation within an hour; somebody's program writes to us in a circle beyond that.
MOST_PER_HOUR: Final = 20

KINDS: Final[Mapping[str, When]] = {
    "ticket.opened": When.OPENED,
    "ticket.customer_wrote": When.CUSTOMER_WROTE,
    "ticket.staff_answered": When.STAFF_ANSWERED,
    "ticket.note_written": When.NOTE_WRITTEN,
    "ticket.moved": When.STATE_CHANGED,
    "ticket.assigned": When.ASSIGNED,
    "ticket.team_changed": When.TEAM_CHANGED,
    "ticket.tagged": When.TAGGED,
    "ticket.prioritized": When.PRIORITIZED,
    "ticket.sla_warned": When.SLA_WARNED,
    "ticket.sla_breached": When.SLA_BREACHED,
}
EVENT_OF: Final = {when: kind for kind, when in KINDS.items()}


def rules_of(shop: Shop, *, enabled: bool | None = None) -> list[Rule]:
    """The rules in force, in their order."""
    rows = Rule.objects.filter(shop=shop, replaced_at=None).order_by("position", "pk")
    return list(rows if enabled is None else rows.filter(enabled=enabled))


def read_ticket(shop: Shop, pk: int) -> Ticket:
    """A conversation with what rules ask about."""
    return Ticket.objects.select_related("shop", "person", "order", "assignee", "team").get(shop=shop, pk=pk)


def when_of(event: Event) -> When | None:
    """What an event is to rules; None for nothing. What a rule itself said is no answer of staff."""
    when = KINDS.get(event.kind)
    if when == When.STAFF_ANSWERED and event.data["staff"] is None:
        return None
    return when


def act_on(event: Event, *, at: datetime) -> None:
    """Let every rule act that waits for ``event``, in their order, until one says that it is enough."""
    when = when_of(event)
    if when is None:
        return
    rules = rules_of(event.shop, enabled=True)
    chain = chain_behind(event) if rules else []
    for rule in rules:
        document = RuleDocument.from_json(rule.document)
        if When.WAITED in document.when and document.since == when:
            _wait(rule, document, event)
        if when not in document.when or not _may_follow(rule, chain):
            continue
        if try_rule(rule, document, event, when=when, chain=chain, source=f"event:{event.pk}", at=at) and document.stop:
            return


def try_rule(
    rule: Rule,
    document: RuleDocument,
    event: Event,
    *,
    when: When,
    chain: list[uuid.UUID],
    source: str,
    at: datetime,
) -> bool:
    """Let one rule look, and act when its conditions hold; whether they did."""
    ticket = read_ticket(event.shop, event.subject_id)
    if ticket.state == TicketState.MERGED:
        return False
    message = event.data.get("message")
    (facts,) = facts_of(event.shop, [Moment(ticket, when, event.at, message)], searches=searches_of(document))
    if not matches(document, facts):
        return False
    _run(rule, document, ticket, chain=chain, source=source, at=at)
    return True


@transaction.atomic
def _run(
    rule: Rule, document: RuleDocument, ticket: Ticket, *, chain: list[uuid.UUID], source: str, at: datetime
) -> None:
    # While the conversation is held, every event of it that appears is one of ours.
    Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if RuleRun.objects.filter(rule__shop=rule.shop_id, rule__key=rule.key, ticket=ticket, source=source).exists():
        return
    recent = RuleRun.objects.filter(rule__key=rule.key, ticket=ticket, at__gt=at - timedelta(hours=1))
    if recent.count() >= MOST_PER_HOUR:
        log.warning("rule_too_often", rule=rule.pk, ticket=ticket.pk)
        return
    events = Event.objects.filter(shop=rule.shop_id, subject="ticket", subject_id=ticket.pk)
    last = events.order_by("-pk").values_list("pk", flat=True).first() or 0
    done: list[dict[str, Any]] = []
    with speaking_to_staff(ticket.shop):
        for n, step in enumerate(document.steps):
            problem = ""
            try:
                with transaction.atomic():
                    do(Deed(ticket, rule, step, f"rule:{rule.key}:{n}:{source}", at))
            except AftercareError as error:
                problem = error.message
            done.append({"do": step.do, "values": list(step.values), "problem": problem})
    RuleRun.objects.create(
        shop_id=rule.shop_id,
        rule=rule,
        ticket=ticket,
        source=source,
        done=done,
        caused=list(events.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)),
        chain=[*chain, rule.key],
        at=at,
    )


def chain_behind(event: Event) -> list[uuid.UUID]:
    """The rules that led to an event, the first one first; empty for what people did."""
    runs = RuleRun.objects.filter(shop=event.shop, ticket=event.subject_id, caused__contains=[event.pk])
    return next(iter(runs.values_list("chain", flat=True)), [])


def _may_follow(rule: Rule, chain: list[uuid.UUID]) -> bool:
    return rule.key not in chain and len(chain) < LONGEST_CHAIN


def _wait(rule: Rule, document: RuleDocument, event: Event) -> None:
    schedule(
        "desk.rule_waited",
        key=f"rule:{rule.key}:{event.pk}",
        shop=event.shop,
        due_at=event.at + timedelta(hours=document.wait_h),
        payload={"rule": str(rule.key), "event": event.pk},
        again=True,
    )


def act_after_waiting(shop: Shop, *, rule_key: str, event_pk: int, at: datetime) -> None:
    """The time of a rule is over: it acts when nothing of the kind that it counts from has happened since.

    The rule is taken as it is now: one that waits longer by now is asked again then.
    """
    rule = Rule.objects.filter(shop=shop, key=rule_key, replaced_at=None, enabled=True).first()
    event = Event.objects.select_related("shop").get(shop=shop, pk=event_pk)
    if rule is None:
        return
    document = RuleDocument.from_json(rule.document)
    if When.WAITED not in document.when or document.since != when_of(event):
        return
    if at < event.at + timedelta(hours=document.wait_h):
        _wait(rule, document, event)
        return
    newer = Event.objects.filter(shop=shop, subject="ticket", subject_id=event.subject_id, kind=event.kind)
    if any(when_of(one) is not None for one in newer.filter(pk__gt=event.pk)):
        return
    chain = chain_behind(event)
    if _may_follow(rule, chain):
        source = f"waited:{event.pk}"
        try_rule(rule, document, event, when=When.WAITED, chain=chain, source=source, at=at)
