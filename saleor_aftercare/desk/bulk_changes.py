"""Changing one conversation of many by the verb that a button calls, and writing back exactly what it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions.queues import set_team
from saleor_aftercare.inbox.actions.standing import Standing, mark_unread, restore_standing, standing_of
from saleor_aftercare.inbox.models import Tag, Ticket, TicketMerge, TicketTag
from saleor_aftercare.team.models import Team

from .bulk_orders import BulkKind, Order, Traces, row_named
from .models import BulkItem


def values_of(ticket: Ticket, traces: Traces) -> dict[str, Any]:
    """What an action changes of a conversation, as it stands now."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    values: dict[str, Any] = {}
    for name in sorted(traces.names):
        match name:
            case "assignee":
                values[name] = ticket.assignee_id
            case "team":
                values[name] = ticket.team_id
            case "priority":
                values[name] = ticket.priority
            case "unread":
                values[name] = ticket.unread
            case "standing":
                values[name] = standing_of(ticket).to_json()
            case "fields":
                values[name] = {key: ticket.fields.get(key) for key in traces.fields}
            case _:
                rows = TicketTag.objects.filter(traces.tags, ticket=ticket)
                values[name] = sorted(rows.values_list("tag_id", flat=True))
    return values


def change(order: Order, ticket: Ticket, *, at: datetime, staff: StaffMember) -> Ticket:
    """Do it to one conversation."""
    match order.kind:
        case BulkKind.ASSIGN:
            return actions.assign(ticket, assignee=order.assignee, at=at, staff=staff)
        case BulkKind.TEAM:
            return set_team(ticket, order.team, at=at, staff=staff)
        case BulkKind.PRIORITY:
            return actions.set_priority(ticket, order.priority or 0, at=at, staff=staff)
        case BulkKind.TAG:
            return actions.change_tags(ticket, add=order.add_tags, remove=order.remove_tags, at=at, staff=staff)
        case BulkKind.MOVE:
            return actions.move_ticket(ticket, order.move, at=at, staff=staff)
        case BulkKind.SNOOZE:
            return actions.snooze(ticket, until=order.until or at, at=at, staff=staff)
        case BulkKind.READ:
            return actions.mark_read(ticket, at=at)
        case _:
            raise LookupError(f"{order.kind} has a way of its own")


def merge(order: Order, ticket: Ticket, *, at: datetime, staff: StaffMember) -> TicketMerge:
    """Let one conversation go on in the one that is kept."""
    if order.keep is None:
        raise LookupError("A merge names what is kept")
    return actions.merge_tickets(order.keep, ticket, across_customers=order.across_customers, at=at, staff=staff)


# -- taking back -----------------------------------------------------------------------------------------------


def take_back(item: BulkItem, ticket: Ticket, traces: Traces, *, at: datetime, staff: StaffMember) -> None:
    """Write back what was changed; raises Conflict when somebody changed it since."""
    if "merge" in item.after:
        held = TicketMerge.objects.filter(shop=ticket.shop_id, pk=item.after["merge"]).first()
        if held is None:
            raise Conflict(_("Somebody changed it since."))
        actions.undo_merge(held, at=at, staff=staff)
        return
    now = values_of(ticket, traces)
    if not _is_as_left(now, item.after):
        raise Conflict(_("Somebody changed it since."))
    # Where it stands comes last, for the others may move it.
    for name in sorted(item.before, key=lambda one: one == "standing"):
        if now[name] != item.before[name]:
            _restore(name, item, now, ticket, at=at, staff=staff)


def _is_as_left(now: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether nobody changed it since; that somebody has read it is no change."""
    for name, value in now.items():
        if name == "standing":
            if value | {"unread": None} != after[name] | {"unread": None}:
                return False
        elif value != after[name]:
            return False
    return True


def _restore(
    name: str, item: BulkItem, now: Mapping[str, Any], ticket: Ticket, *, at: datetime, staff: StaffMember
) -> None:
    before = item.before[name]
    match name:
        case "assignee":
            person = row_named(StaffMember, ticket.shop, before)
            actions.assign(ticket, assignee=person, at=at, staff=staff)
        case "team":
            set_team(ticket, row_named(Team, ticket.shop, before), at=at, staff=staff)
        case "priority":
            actions.set_priority(ticket, before, at=at, staff=staff)
        case "unread":
            mark_unread(ticket, at=at)
        case "fields":
            actions.set_fields(ticket, before, at=at, staff=staff)
        case "standing":
            was_read_since = now[name]["unread"] != item.after[name]["unread"]
            standing = before | ({"unread": False} if was_read_since else {})
            restore_standing(ticket, Standing.from_json(standing), at=at, staff=staff)
        case _:
            tags = Tag.objects.filter(shop=ticket.shop_id)
            missing = tags.filter(pk__in=set(before) - set(now[name]))
            extra = tags.filter(pk__in=set(now[name]) - set(before))
            actions.change_tags(ticket, add=missing, remove=extra, at=at, staff=staff)
