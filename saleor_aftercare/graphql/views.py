"""Views of the inbox: what may be chosen, what people save, and help with the search field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.desk.models import SavedView
from saleor_aftercare.desk.views import (
    Column,
    Draft,
    View,
    counts_of,
    delete_view,
    get_saved_view,
    may_change,
    save_view,
    sort_views,
    views_of,
)
from saleor_aftercare.inbox.filters import parse
from saleor_aftercare.inbox.filters.help import Offer, offers
from saleor_aftercare.inbox.filters.language import Problem, ProblemCode
from saleor_aftercare.inbox.list_statements import TicketOrder
from saleor_aftercare.team.models import Team

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import enum_from, value_of
from .inbox import StaffMemberType
from .view_lists import TicketOrderEnum, TicketViewEnum, asker_of, id_of, name_of

ProblemCodeEnum = enum_from(
    ProblemCode,
    {
        "UNKNOWN_OPERATOR": "No such operator: taken for words.",
        "UNKNOWN_VALUE": "This cannot stand behind this operator.",
        "MISSING_VALUE": "Nothing stands behind the operator.",
        "TOO_MUCH": "More than is looked at.",
        "OPEN_QUOTE": "Nobody closed the quotes; the text's end does.",
    },
    "What is wrong with a piece of a search.",
    name="SearchProblemCode",
)
InboxColumnEnum = enum_from(
    Column,
    {
        "NUMBER": "Its number.",
        "CUSTOMER": "Who wrote.",
        "SUBJECT": "What it is about.",
        "STATE": "Where it stands.",
        "PRIORITY": "How urgent it is.",
        "ASSIGNEE": "Who takes care of it.",
        "TEAM": "In whose queue it stands.",
        "TAGS": "What it is marked with.",
        "CASE": "Whether it is about a return, a repair or a part.",
        "CHANNEL": "How it began.",
        "ORDER": "The number of its order.",
        "LANGUAGE": "Which language is spoken.",
        "DUE": "When the next promise is broken.",
        "CREATED": "When it began.",
        "UPDATED": "When somebody last wrote.",
    },
    "What a wide list may show of a conversation.",
    name="InboxColumn",
)
_PROBLEMS = {
    ProblemCode.UNKNOWN_OPERATOR: gettext_lazy("There is no such operator; it is searched for as a word."),
    ProblemCode.UNKNOWN_VALUE: gettext_lazy("This operator does not know that value."),
    ProblemCode.MISSING_VALUE: gettext_lazy("Write what it should be."),
    ProblemCode.TOO_MUCH: gettext_lazy("This is more than a search can hold."),
    ProblemCode.OPEN_QUOTE: gettext_lazy("The closing quote is missing."),
}
#: What operators are for, shown beside them.
_OPERATORS = {
    "is": gettext_lazy("open, unread, overdue, mine …"),
    "state": gettext_lazy("Where a conversation stands"),
    "assignee": gettext_lazy("Who takes care of it"),
    "team": gettext_lazy("In whose queue it stands"),
    "tag": gettext_lazy("What it is marked with"),
    "priority": gettext_lazy("How urgent it is"),
    "channel": gettext_lazy("How it began"),
    "from": gettext_lazy("Who wrote"),
    "to": gettext_lazy("To which address or account"),
    "customer": gettext_lazy("Name, address or telephone number"),
    "order": gettext_lazy("Number of the order"),
    "number": gettext_lazy("Number of the conversation or order"),
    "has": gettext_lazy("attachment, order, return, note …"),
    "before": gettext_lazy("Last message earlier than: 2026-11-22, 2026-11, 7d"),
    "after": gettext_lazy("Last message since: 2026-11-22, today, 7d"),
    "language": gettext_lazy("Language of the customer"),
}


class InboxViewType(graphene.ObjectType):
    """A list of conversations with a name."""

    class Meta:
        name = "InboxView"

    id = graphene.ID(required=True, description="Global id, opaque; for `tickets(viewId:)`.")
    name = graphene.String(required=True, description="What it is called, in the asking person's language.")
    standard = graphene.Field(TicketViewEnum, description="Which of those that every shop has; null for a saved one.")
    query = graphene.String(required=True, description="Its filter, in the language of the search field.")
    order = graphene.Field(TicketOrderEnum, required=True, description="What stands first.")
    columns = graphene.List(
        graphene.NonNull(InboxColumnEnum),
        required=True,
        description="What a wide list shows of each conversation, from left to right; none: the usual rows.",
    )
    is_shared = graphene.Boolean(required=True, description="Others see it too.")
    owner = graphene.Field(StaffMemberType, description="Whose own it is.")
    team_id = graphene.ID(description="The team that it is shared with; null for everybody or nobody.")
    team_name = graphene.String(description="What that team is called.")
    is_mine_to_change = graphene.Boolean(required=True, description="The asking person may change and delete it.")
    version = graphene.Int(required=True, description="For saving it; 0 for those of every shop.")
    count = graphene.Int(description="Capped: 100 means 100 or more. Null where nobody counts.")

    @staticmethod
    def resolve_id(root: View, _info: Any) -> str:
        return id_of(root)

    @staticmethod
    def resolve_name(root: View, _info: Any) -> str:
        return name_of(root)

    @staticmethod
    def resolve_is_shared(root: View, _info: Any) -> bool:
        return root.saved is None or root.saved.owner_id is None

    @staticmethod
    def resolve_owner(root: View, _info: Any) -> Any:
        return root.saved.owner if root.saved is not None else None

    @staticmethod
    def resolve_team_id(root: View, _info: Any) -> str | None:
        return to_global_id("Team", root.saved.team_id) if root.saved and root.saved.team_id else None

    @staticmethod
    def resolve_team_name(root: View, _info: Any) -> str | None:
        return root.saved.team.name if root.saved and root.saved.team else None

    @staticmethod
    def resolve_is_mine_to_change(root: View, info: graphene.ResolveInfo) -> bool:
        ctx: Context = info.context
        return root.saved is not None and may_change(root.saved, ctx.staff(MANAGE_ORDERS).member, ctx.access)

    @staticmethod
    def resolve_version(root: View, _info: Any) -> int:
        return root.saved.version if root.saved is not None else 0

    @staticmethod
    def resolve_count(root: View, info: graphene.ResolveInfo) -> int | None:
        return _counts(info.context).get(root.key)


def _counts(ctx: Context) -> Mapping[str, int | None]:
    held = ctx.loaded.setdefault("view counts", {})
    if not held:
        views = views_of(ctx.shop, ctx.staff(MANAGE_ORDERS).member, ctx.access)
        held.update(counts_of(views, asker_of(ctx), visible=ctx.access.ticket_filter))
    return held


# -- help with the search field --------------------------------------------------------------------------------


class SearchProblem(graphene.ObjectType):
    """A piece of a search that was not understood; places count UTF-16 units, as browsers do."""

    start = graphene.Int(required=True, description="Where it begins.")
    end = graphene.Int(required=True, description="Behind its end.")
    code = graphene.Field(ProblemCodeEnum, required=True, description="What is wrong.")
    message = graphene.String(required=True, description="The same as a sentence.")


class SearchOffer(graphene.ObjectType):
    """Something that may stand at the caret; places count UTF-16 units, as browsers do."""

    insert = graphene.String(required=True, description="What takes the place of `start` to `end`.")
    start = graphene.Int(required=True, description="Where it goes.")
    end = graphene.Int(required=True, description="Behind what it replaces.")
    operator = graphene.String(required=True, description="The operator, or the one that the value is for.")
    value = graphene.String(description="The value; null when the operator itself is offered.")
    alias = graphene.String(description="Another spelling of it, e.g. the Japanese one.")
    hint = graphene.String(description="What the operator is for.")


class SearchHelp(graphene.ObjectType):
    """What the search field may show while somebody types."""

    query = graphene.String(required=True, description="The text in its common spelling.")
    problems = graphene.List(graphene.NonNull(SearchProblem), required=True, description="What is not understood.")
    offers = graphene.List(graphene.NonNull(SearchOffer), required=True, description="What may stand at the caret.")


def _units(text: str, at: int) -> int:
    """A place in a text, in UTF-16 units."""
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def _place(text: str, units: int) -> int:
    """The place in a text of so many UTF-16 units."""
    raw = text.encode("utf-16-le", "surrogatepass")[: max(units, 0) * 2]
    return len(raw.decode("utf-16-le", "ignore"))


def _as_problem(text: str, one: Problem) -> dict[str, Any]:
    return {
        "start": _units(text, one.start),
        "end": _units(text, one.end),
        "code": one.code,
        "message": str(_PROBLEMS[one.code]),
    }


def _as_offer(text: str, one: Offer) -> dict[str, Any]:
    return {
        "insert": one.insert,
        "start": _units(text, one.start),
        "end": _units(text, one.end),
        "operator": one.operator,
        "value": one.value or None,
        "alias": one.alias or None,
        "hint": None if one.value else str(_OPERATORS[one.operator]),
    }


class ViewQueries(graphene.ObjectType):
    """Which lists there are."""

    inbox_views = graphene.List(
        graphene.NonNull(InboxViewType),
        required=True,
        description="Every list that the asking person may choose. Staff with MANAGE_ORDERS.",
    )
    search_help = graphene.Field(
        SearchHelp,
        text=graphene.String(required=True, description="What stands in the search field."),
        caret=graphene.Int(description="Where the caret is, in UTF-16 units; without it nothing is offered."),
        required=True,
        description="Help with the language of the search field. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_inbox_views(_root: None, info: graphene.ResolveInfo) -> list[View]:
        ctx: Context = info.context
        return views_of(ctx.shop, ctx.staff(MANAGE_ORDERS).member, ctx.access)

    @staticmethod
    def resolve_search_help(
        _root: None, info: graphene.ResolveInfo, *, text: str, caret: int | None = None
    ) -> dict[str, Any]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        found = parse(text)
        fitting = offers(ctx.shop, text, _place(text, caret)) if caret is not None else []
        return {
            "query": found.text,
            "problems": [_as_problem(text, one) for one in found.problems],
            "offers": [_as_offer(text, one) for one in fitting],
        }


# -- mutations -------------------------------------------------------------------------------------------------


class InboxViewInput(graphene.InputObjectType):
    """What a saved view is to be."""

    name = graphene.String(required=True, description="Up to 60 characters.")
    query = graphene.String(required=True, description="Its filter, in the language of the search field.")
    order = graphene.Argument(TicketOrderEnum, description="What stands first; NEWEST when not said.")
    is_shared = graphene.Boolean(default_value=False, description="Others see it too.")
    team_id = graphene.ID(description="Of a shared one: only this team sees it.")
    columns = graphene.List(
        graphene.NonNull(InboxColumnEnum),
        default_value=[],
        description="What a wide list shows, from left to right, each once; none: the usual rows.",
    )


class InboxViewSave(AftercareMutation):
    """Save a list under a name, or change a saved one of which `version` was seen."""

    class Arguments:
        id = graphene.ID(description="The saved view to change; without it a new one is made.")
        version = graphene.Int(description="Of the view to change.")
        input = InboxViewInput(required=True, description="What it is to be.")

    permissions = (MANAGE_ORDERS,)
    view = graphene.Field(InboxViewType, description="The view, saved.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None, version: int | None = None) -> InboxViewSave:
        me = ctx.staff().member
        draft = Draft(
            name=input.name,
            query=input.query,
            order=TicketOrder(value_of(input.get("order")) or TicketOrder.NEWEST),
            is_shared=bool(input.is_shared),
            team=_team(ctx, input.get("team_id")),
            columns=tuple(Column(value_of(one)) for one in input.columns or ()),
        )
        row = save_view(
            ctx.shop, draft, me=me, access=ctx.access, view=_saved(ctx, id) if id else None, version=version
        )
        return cls(view=View(saved=row))


class InboxViewDelete(AftercareMutation):
    """Delete a saved view; the conversations in it stay."""

    class Arguments:
        id = graphene.ID(required=True, description="The saved view.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> InboxViewDelete:
        delete_view(_saved(ctx, id), me=ctx.staff().member, access=ctx.access)
        return cls()


class InboxViewsSort(AftercareMutation):
    """Put the saved views that one may change into an order; those not named follow behind."""

    class Arguments:
        ids = graphene.List(graphene.NonNull(graphene.ID), required=True, description="In their new order, up to 200.")

    permissions = (MANAGE_ORDERS,)
    views = graphene.List(graphene.NonNull(InboxViewType), description="All lists, in their order.")

    @classmethod
    def perform(cls, ctx: Context, *, ids: list[str]) -> InboxViewsSort:
        me = ctx.staff().member
        keys = [own_pk("SavedView", one, field="ids") for one in ids[:200]]
        sort_views(ctx.shop, keys, me=me, access=ctx.access)
        return cls(views=views_of(ctx.shop, me, ctx.access))


def _saved(ctx: Context, given: str) -> SavedView:
    return get_saved_view(ctx.shop, ctx.staff().member, ctx.access, own_pk("SavedView", given))


def _team(ctx: Context, given: str | None) -> Team | None:
    if given is None:
        return None
    team = Team.objects.filter(shop=ctx.shop, pk=own_pk("Team", given, field="teamId"), archived_at=None).first()
    if team is None:
        raise NotFound(_("There is no such team."), "teamId")
    return team


class ViewMutations(graphene.ObjectType):
    """Saving lists."""

    inbox_view_save = InboxViewSave.Field()
    inbox_view_delete = InboxViewDelete.Field()
    inbox_views_sort = InboxViewsSort.Field()
