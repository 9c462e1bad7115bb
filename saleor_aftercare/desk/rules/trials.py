"""Trying a rule on past conversations: which it would have acted on, and what it would have done. Nothing is changed.

What was said is taken as it was; states, tags and all else as they stand today, for nobody keeps every past state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.desk.models import RuleTrial, TrialState
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState

from .documents import RuleDocument, When
from .engine import EVENT_OF, when_of
from .facts import Moment, facts_of
from .matching import answers, decides, searches_of
from .saving import check_document

MAX_DAYS: Final = 90
#: Conversations that one trial looks at, the newest.
MAX_TICKETS: Final = 5000
BATCH: Final = 200
#: Matches that are told one by one.
MAX_FOUND: Final = 100
#: Messages of one conversation that are looked at, the newest.
MAX_MESSAGES: Final = 20


def start_trial(member: StaffMember, document: RuleDocument, *, days: int, at: datetime) -> RuleTrial:
    """Begin to look, in a job; raises InvalidInput for a rule that makes no sense."""
    texts.whole_number(days, "days", low=1, high=MAX_DAYS)
    document = check_document(member.shop, document)
    since = at - timedelta(days=days)
    total = _tickets(member.shop, since)[:MAX_TICKETS].count()
    with transaction.atomic():
        trial = RuleTrial.objects.create(
            shop=member.shop,
            member=member,
            document=document.to_json(),
            since=since,
            total=total,
            state_since=at,
            created_at=at,
        )
        _go_on(trial, at=at)
    return trial


def _tickets(shop: Shop, since: datetime) -> Any:
    return Ticket.objects.filter(shop=shop, created_at__gte=since).exclude(
        state__in=[TicketState.MERGED, TicketState.SPAM]
    )


def _go_on(trial: RuleTrial, *, at: datetime) -> None:
    schedule(
        "desk.rule_trial",
        key=f"trial:{trial.pk}:{trial.looked_at}",
        shop=trial.shop,
        due_at=at,
        payload={"trial": trial.pk},
    )


def get_trial(shop: Shop, pk: int) -> RuleTrial:
    """A trial of this shop; raises NotFound."""
    trial = RuleTrial.objects.select_related("shop").filter(shop=shop, pk=pk).first()
    if trial is None:
        raise NotFound(_("There is no such trial."), "id")
    return trial


def stop_trial(trial: RuleTrial, *, at: datetime) -> RuleTrial:
    """It is enough; what was found stays. Raises Conflict when it has ended."""
    trial.move("stop", at=at)
    return trial


@transaction.atomic
def look_at_some(pk: int, *, at: datetime) -> None:
    """One batch of a trial, newest conversations first; the next one is scheduled with it."""
    trial = RuleTrial.objects.select_for_update(of=("self",)).select_related("shop").get(pk=pk)
    if trial.state != TrialState.RUNNING:
        return
    room = min(BATCH, trial.total - trial.looked_at)
    rows = _tickets(trial.shop, trial.since).select_related("person", "order", "shop").order_by("-pk")
    if trial.cursor:
        rows = rows.filter(pk__lt=trial.cursor)
    tickets = list(rows[:room]) if room > 0 else []
    document = RuleDocument.from_json(trial.document)
    found = matching(document, tickets, shop=trial.shop, at=at)
    trial.looked_at += len(tickets)
    trial.matched += len(found)
    trial.found = [*trial.found, *found][:MAX_FOUND]
    trial.cursor = tickets[-1].pk if tickets else trial.cursor
    trial.save(update_fields=["looked_at", "matched", "found", "cursor"])
    if len(tickets) < room or trial.looked_at >= trial.total:
        trial.move("finish", at=at)
    else:
        _go_on(trial, at=at)


def matching(document: RuleDocument, tickets: Sequence[Ticket], *, shop: Shop, at: datetime) -> list[dict[str, Any]]:
    """Per conversation that the rule would have acted on: the first moment, as rows of ``RuleTrial.found``."""
    moments = past_moments(document, tickets, shop=shop, at=at)
    flat = [one for ticket in tickets for one in moments.get(ticket.pk, [])]
    found: dict[int, dict[str, Any]] = {}
    for moment, facts in zip(flat, facts_of(shop, flat, searches=searches_of(document)), strict=True):
        pk = moment.ticket.pk
        if pk not in found and decides(document, answers(document, facts)):
            found[pk] = {
                "ticket": pk,
                "number": moment.ticket.number,
                "subject": moment.ticket.subject,
                "when": moment.when.value,
                "at": moment.at.isoformat(),
            }
    return list(found.values())


def past_moments(
    document: RuleDocument, tickets: Sequence[Ticket], *, shop: Shop, at: datetime
) -> dict[int, list[Moment]]:
    """The moments at which the rule would have looked, oldest first, by the ticket's key; two queries."""
    by_key = {one.pk: one for one in tickets}
    wanted = {*document.when} - {When.WAITED}
    if When.WAITED in document.when:
        wanted.add(document.since)
    moments: dict[int, list[Moment]] = {pk: [] for pk in by_key}
    if When.OPENED in wanted:
        for ticket in tickets:
            moments[ticket.pk].append(Moment(ticket, When.OPENED, ticket.created_at))
    spoken = {When.CUSTOMER_WROTE: MessageKind.CUSTOMER, When.STAFF_ANSWERED: MessageKind.STAFF}
    spoken |= {When.NOTE_WRITTEN: MessageKind.NOTE}
    kinds = {kind: when for when, kind in spoken.items() if when in wanted}
    if kinds:
        said = TicketMessage.objects.filter(shop=shop, ticket__in=by_key, kind__in=kinds, is_automatic=False)
        for pk, ticket_pk, kind, moment in said.order_by("pk").values_list("pk", "ticket_id", "kind", "created_at"):
            moments[ticket_pk].append(Moment(by_key[ticket_pk], kinds[MessageKind(kind)], moment, pk))
    others = [EVENT_OF[one] for one in wanted - {When.OPENED, *spoken}]
    if others:
        events = Event.objects.filter(shop=shop, subject="ticket", subject_id__in=by_key, kind__in=others)
        for event in events.order_by("pk"):
            when = when_of(event)
            if when is not None:
                ticket = by_key[event.subject_id]
                moments[event.subject_id].append(Moment(ticket, when, event.at, event.data.get("message")))
    return {pk: _asked(document, rows, at=at) for pk, rows in moments.items()}


def _asked(document: RuleDocument, rows: list[Moment], *, at: datetime) -> list[Moment]:
    rows.sort(key=lambda one: one.at)
    direct = [one for one in rows if one.when in document.when]
    if When.WAITED in document.when:
        counted = [one for one in rows if one.when == document.since]
        ends = [*(one.at for one in counted[1:]), at]
        wait = timedelta(hours=document.wait_h)
        for one, next_at in zip(counted, ends, strict=False):
            if one.at + wait <= next_at:
                direct.append(Moment(one.ticket, When.WAITED, one.at + wait, one.message))
    return sorted(direct, key=lambda one: one.at)[-MAX_MESSAGES:]


def try_on_one(shop: Shop, document: RuleDocument, ticket: Ticket, *, at: datetime) -> tuple[bool, list[bool]]:
    """Whether the rule would act on a conversation as it is now, and which of its conditions hold."""
    document = check_document(shop, document)
    if ticket.state == TicketState.MERGED:
        raise InvalidInput(_("This conversation goes on elsewhere."), "number")
    (facts,) = facts_of(shop, [Moment(ticket, document.when[0], at)], searches=searches_of(document))
    found = answers(document, facts)
    return decides(document, found), found
