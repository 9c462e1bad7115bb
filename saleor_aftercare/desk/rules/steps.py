"""Doing what a rule says to one conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import liquid
from saleor_aftercare.desk.assignment import give_by_turn
from saleor_aftercare.desk.models import Rule
from saleor_aftercare.inbox.actions.details import set_priority
from saleor_aftercare.inbox.actions.queues import note_by_rule, reply_by_rule, set_team
from saleor_aftercare.inbox.actions.staff import assign
from saleor_aftercare.inbox.actions.states import move_ticket, snooze
from saleor_aftercare.inbox.actions.tags import change_tags, find_or_create_tag, tag_key
from saleor_aftercare.inbox.models import Tag, Ticket
from saleor_aftercare.team.actions import notify
from saleor_aftercare.team.models import NoticeKind
from saleor_aftercare.team.queries import get_member, get_team

from .documents import Step


@dataclass(frozen=True)
class Deed:
    """One step of a rule, to be done to a conversation because of an event."""

    ticket: Ticket
    rule: Rule
    step: Step
    source: str  #: unique to event, rule and step
    at: datetime


def do(deed: Deed) -> None:
    """Do one step; raises AftercareError when it cannot be done."""
    _DEEDS[deed.step.do](deed)


def _assign(deed: Deed) -> None:
    member = get_member(deed.ticket.shop, int(deed.step.values[0]))
    assign(deed.ticket, assignee=member, at=deed.at, staff=None)


def _assign_in_turn(deed: Deed) -> None:
    give_by_turn(deed.ticket, at=deed.at)


def _unassign(deed: Deed) -> None:
    assign(deed.ticket, assignee=None, at=deed.at, staff=None)


def _team(deed: Deed) -> None:
    set_team(deed.ticket, get_team(deed.ticket.shop, int(deed.step.values[0])), at=deed.at, staff=None)


def _tag(deed: Deed) -> None:
    tags = [find_or_create_tag(deed.ticket.shop, name) for name in deed.step.values]
    change_tags(deed.ticket, add=tags, at=deed.at, staff=None)


def _untag(deed: Deed) -> None:
    tags = Tag.objects.filter(shop=deed.ticket.shop, key__in=[tag_key(name) for name in deed.step.values])
    change_tags(deed.ticket, remove=tags, at=deed.at, staff=None)


def _priority(deed: Deed) -> None:
    set_priority(deed.ticket, int(deed.step.values[0]), at=deed.at, staff=None)


def _state(deed: Deed) -> None:
    move_ticket(deed.ticket, deed.step.values[0], at=deed.at, staff=None)


def _snooze(deed: Deed) -> None:
    snooze(deed.ticket, until=deed.at + timedelta(hours=int(deed.step.values[0])), at=deed.at, staff=None)


def _note(deed: Deed) -> None:
    body = filled(deed.step.values[0], deed.ticket)
    note_by_rule(deed.ticket, body=body, rule=deed.rule.name, source=deed.source, at=deed.at)


def _reply(deed: Deed) -> None:
    reply_by_rule(deed.ticket, body=filled(deed.step.values[0], deed.ticket), source=deed.source, at=deed.at)


def _notify(deed: Deed) -> None:
    ticket = Ticket.objects.select_related("shop", "assignee").get(pk=deed.ticket.pk)
    members: list[StaffMember] = []
    if "assignee" in deed.step.values and ticket.assignee is not None:
        members.append(ticket.assignee)
    if "team" in deed.step.values and ticket.team_id is not None:
        members += StaffMember.objects.filter(memberships__team=ticket.team_id)
    keys = [int(value) for value in deed.step.values if value.isdigit()]
    members += StaffMember.objects.filter(shop=ticket.shop, pk__in=keys)
    notify(
        ticket.shop,
        members=members,
        kind=NoticeKind.RULE,
        subject="ticket",
        subject_id=ticket.pk,
        source=deed.source,
        data={"number": ticket.number, "subject": ticket.subject, "by": deed.rule.name},
        at=deed.at,
        team_id=ticket.team_id,
    )


_DEEDS: Final[Mapping[str, Callable[[Deed], None]]] = {
    "assign": _assign,
    "assign_in_turn": _assign_in_turn,
    "unassign": _unassign,
    "team": _team,
    "tag": _tag,
    "untag": _untag,
    "priority": _priority,
    "state": _state,
    "snooze": _snooze,
    "note": _note,
    "reply": _reply,
    "notify": _notify,
}


def filled(text: str, ticket: Ticket) -> str:
    """A text of a rule with its variables; what has no value is left out, for nobody reads it before it is sent."""
    return liquid.render(text, variables_of(ticket)).without_missing


def variables_of(ticket: Ticket) -> dict[str, Any]:
    """What a rule's text may name."""
    order = ticket.order
    return {
        "customer": {"name": ticket.customer_name},
        "ticket": {"number": ticket.number, "subject": ticket.subject},
        "order": {"number": order.number} if order is not None else {},
        "shop": {"name": ticket.shop.name},
    }
