"""What the lists of the inbox are for the API: their names, their pages and the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import graphene
from django.utils.translation import gettext, gettext_lazy

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.desk.views import View, counts_of, get_saved_view, list_of, views_of
from saleor_aftercare.inbox.filters.conditions import Asker
from saleor_aftercare.inbox.list_statements import Key, TicketOrder
from saleor_aftercare.inbox.lists import TicketList, TicketView, view_counts

from .core.context import MANAGE_ORDERS, Context
from .core.paging import MAX_COUNTED, Edge, Page, decode_cursor, page_size
from .core.projections import Finished, PagePlan
from .core.scalars import enum_from

TicketViewEnum = enum_from(
    TicketView,
    {
        "ASSIGNED_TO_ME": "Active, and mine.",
        "UNASSIGNED": "Active, and nobody's.",
        "OVERDUE": "An answer or a solution was due before now.",
        "NEW": "Nobody has answered yet.",
        "OPEN": "Active: somebody still has something to do.",
        "PENDING": "The customer's turn.",
        "WAITING": "Somebody else's turn.",
        "SNOOZED": "Put off.",
        "MENTIONED": "Active, and a note in it names me.",
        "RETURNS": "Active, about a return.",
        "REPAIRS": "Active, about a repair.",
        "PARTS": "Active, about a spare part.",
        "EMAIL": "Active, begun by mail.",
        "CHAT": "Active, begun in the chat window.",
        "PHONE": "Active, begun by a call.",
        "LINE": "Active, begun on LINE.",
        "SOLVED": "Done.",
        "SPAM": "Not customers' messages.",
        "ALL": "All but spam.",
    },
    "Lists that every shop has.",
)
TicketOrderEnum = enum_from(
    TicketOrder,
    {
        "NEWEST": "The newest message.",
        "OLDEST": "The oldest message.",
        "BREACH": "Whose target is missed next; those without one behind.",
        "PRIORITY": "The most urgent, and among them the newest.",
    },
    "What stands first in a list.",
)
_NAMES = {
    TicketView.ASSIGNED_TO_ME: gettext_lazy("Mine"),
    TicketView.UNASSIGNED: gettext_lazy("Unassigned"),
    TicketView.OVERDUE: gettext_lazy("Overdue"),
    TicketView.NEW: gettext_lazy("New conversations"),
    TicketView.OPEN: gettext_lazy("All open"),
    TicketView.PENDING: gettext_lazy("Waiting for the customer"),
    TicketView.WAITING: gettext_lazy("Waiting for others"),
    TicketView.SNOOZED: gettext_lazy("Snoozed"),
    TicketView.MENTIONED: gettext_lazy("Mentions"),
    TicketView.RETURNS: gettext_lazy("Returns"),
    TicketView.REPAIRS: gettext_lazy("Repairs"),
    TicketView.PARTS: gettext_lazy("Spare parts"),
    TicketView.EMAIL: gettext_lazy("E-mail"),
    TicketView.CHAT: gettext_lazy("Chat"),
    TicketView.PHONE: gettext_lazy("Telephone"),
    TicketView.LINE: gettext_lazy("LINE"),
    TicketView.SOLVED: gettext_lazy("Solved"),
    TicketView.SPAM: gettext_lazy("Spam"),
    TicketView.ALL: gettext_lazy("Everything"),
}


class TicketViewCount(graphene.ObjectType):
    """How many tickets a view holds."""

    view = graphene.Field(TicketViewEnum, required=True, description="The view.")
    count = graphene.Int(required=True, description="Capped: 100 means 100 or more.")


class InboxViewCount(graphene.ObjectType):
    """How many tickets any view holds."""

    id = graphene.ID(required=True, description="Of the view.")
    count = graphene.Int(description="Capped: 100 means 100 or more. Null where nobody counts.")


def name_of(view: View) -> str:
    """What a view is called, in the asking person's language."""
    if view.standard is not None:
        return str(_NAMES[view.standard])
    return view.saved.name if view.saved is not None else ""


def id_of(view: View) -> str:
    """The id by which the API knows a view."""
    if view.standard is not None:
        return to_global_id("InboxView", view.standard.value)
    return to_global_id("SavedView", view.saved.pk if view.saved is not None else 0)


_STANDARD_BY_ID = {to_global_id("InboxView", view.value): view for view in TicketView}


def view_by_id(ctx: Context, given: str, field: str = "viewId") -> View:
    """The view of an id, as far as the asking person sees it; raises InvalidInput or NotFound."""
    if given in _STANDARD_BY_ID:
        return View(standard=_STANDARD_BY_ID[given])
    pk = own_pk("SavedView", given, field=field)
    return View(saved=get_saved_view(ctx.shop, ctx.staff(MANAGE_ORDERS).member, ctx.access, pk))


def asker_of(ctx: Context) -> Asker:
    """The asking member of staff, as filters know them."""
    return Asker(ctx.shop, ctx.at, ctx.staff(MANAGE_ORDERS).member)


def list_in(ctx: Context, view: View, search: str, order: TicketOrder | None, *, thorough: bool = False) -> TicketList:
    """The conversations of a view that the asking person may see and that also meet ``search``."""
    visible = ctx.access.ticket_filter
    return list_of(view, asker_of(ctx), search=search, order=order, visible=visible, thorough=thorough)


def page_of_tickets(
    tickets: TicketList, ctx: Context, first: int | None, after: str | None, plan: PagePlan | None = None
) -> Page | Finished:
    """A page of a list; with a ``plan`` it is answered from columns."""
    size = page_size(first)
    key = Key(*decode_cursor(after, int, datetime, int)) if after is not None else None
    if key is not None and not 0 <= key.segment < tickets.segments:
        raise InvalidInput(gettext("This cursor is not one of ours."), "after")
    rows: Sequence[tuple[Any, Key]]
    if plan is not None:
        rows = tickets.page_of_columns(plan.rows.columns, limit=size, after=key)
        nodes: Sequence[Any] = plan.rows.finish(ctx, [row for row, _key in rows[:size]])
    else:
        rows = tickets.page(limit=size, after=key)
        nodes = [row for row, _key in rows[:size]]
        ctx.meet(nodes)
    page = Page(
        edges=[Edge(node, key) for node, (_row, key) in zip(nodes, rows, strict=False)],
        has_next_page=len(rows) > size,
        has_previous_page=after is not None,
        count=lambda: tickets.count(limit=MAX_COUNTED),
    )
    return page if plan is None else plan.finish(page)


def counts_of_standard_views(ctx: Context) -> list[dict[str, Any]]:
    """The badges of the lists that every shop has."""
    counts = view_counts(asker_of(ctx), visible=ctx.access.ticket_filter)
    return [{"view": view, "count": count} for view, count in counts.items()]


def counts_of_all_views(ctx: Context) -> list[dict[str, Any]]:
    """The badges of all lists that the asking person sees."""
    views = views_of(ctx.shop, ctx.staff(MANAGE_ORDERS).member, ctx.access)
    counts = counts_of(views, asker_of(ctx), visible=ctx.access.ticket_filter)
    return [{"id": id_of(view), "count": counts.get(view.key)} for view in views if view.is_counted]
