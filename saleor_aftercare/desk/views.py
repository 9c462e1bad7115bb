"""Lists of conversations with a name: those that every shop has, and those that people save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.texts import one_line
from saleor_aftercare.inbox.filters import Filter, ProblemCode
from saleor_aftercare.inbox.filters.conditions import Asker
from saleor_aftercare.inbox.filters.language import MAX_LENGTH
from saleor_aftercare.inbox.list_statements import EVERYTHING, TicketOrder
from saleor_aftercare.inbox.lists import (
    UNCOUNTED_VIEWS,
    VIEW_FILTERS,
    TicketList,
    TicketView,
    count_filters,
    read_filter,
)
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Membership, Team

from .models import SavedView

#: Views of one person, one team or the whole shop.
MAX_VIEWS: Final = 50
#: Views whose numbers somebody is shown.
MAX_COUNTED_VIEWS: Final = 60
MAX_NAME: Final = 60


class Column(StrEnum):
    """What a wide list may show of a conversation."""

    NUMBER = "number"
    CUSTOMER = "customer"
    SUBJECT = "subject"
    STATE = "state"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    TEAM = "team"
    TAGS = "tags"
    CASE = "case"
    CHANNEL = "channel"
    ORDER = "order"
    LANGUAGE = "language"
    DUE = "due"
    CREATED = "created"
    UPDATED = "updated"


@dataclass(frozen=True)
class View:
    """A list with a name: one of every shop's, or a saved one."""

    standard: TicketView | None = None
    saved: SavedView | None = None

    @property
    def key(self) -> str:
        """What it is counted by: the standard view's name, or the saved one's key."""
        return self.standard.value if self.standard is not None else f"saved:{self.saved.pk if self.saved else 0}"

    @property
    def query(self) -> str:
        """Its filter, in the language of the search field."""
        if self.standard is not None:
            return VIEW_FILTERS[self.standard]
        return self.saved.query if self.saved is not None else ""

    @property
    def order(self) -> TicketOrder:
        """What stands first as long as nobody chooses otherwise."""
        if self.saved is not None:
            return TicketOrder(self.saved.order)
        return TicketOrder.BREACH if self.standard == TicketView.OVERDUE else TicketOrder.NEWEST

    @property
    def columns(self) -> tuple[Column, ...]:
        """What a wide list shows of each conversation, from left to right; none: the usual rows."""
        return tuple(map(Column, self.saved.columns)) if self.saved is not None else ()

    @property
    def is_counted(self) -> bool:
        """Whether a number is shown beside it."""
        return self.standard not in UNCOUNTED_VIEWS


STANDARD: Final = tuple(View(standard=view) for view in TicketView)


def shared_with(me: StaffMember, access: Access) -> Q:
    """The saved views that somebody sees: their own, their teams', and the shop's.

    Outsourced people see none of the shop's, which say how it works; administrators see those of every team.
    """
    if access.is_admin:
        return Q(owner=me) | Q(owner=None, team=None) | Q(owner=None, team__archived_at=None, team__isnull=False)
    teams = Membership.objects.filter(member=me, team__archived_at=None).values("team")
    seen = Q(owner=me) | Q(owner=None, team__in=teams)
    return seen if access.is_outsourced else seen | Q(owner=None, team=None)


def saved_views(shop: Shop, me: StaffMember, access: Access) -> list[SavedView]:
    """What somebody sees beside the standard views, in its order."""
    rows = SavedView.objects.filter(shared_with(me, access), shop=shop).select_related("owner", "team")
    return list(rows.order_by("position", "pk")[: 3 * MAX_VIEWS])


def get_saved_view(shop: Shop, me: StaffMember, access: Access, pk: int) -> SavedView:
    """A saved view that ``me`` sees; raises NotFound."""
    seen = SavedView.objects.filter(shared_with(me, access), shop=shop, pk=pk)
    row = seen.select_related("owner", "team").first()
    if row is None:
        raise NotFound(_("There is no such view."), "id")
    return row


def views_of(shop: Shop, me: StaffMember, access: Access) -> list[View]:
    """All lists that somebody may choose from."""
    return [*STANDARD, *(View(saved=row) for row in saved_views(shop, me, access))]


def counts_of(views: Iterable[View], asker: Asker, *, visible: Q) -> dict[str, int | None]:
    """The numbers beside views by their keys, in one query; None where nobody counts."""
    counted = {view.key: view.query for view in list(views)[:MAX_COUNTED_VIEWS] if view.is_counted}
    return count_filters(counted, asker, visible=visible)


def list_of(
    view: View,
    asker: Asker,
    *,
    search: str = "",
    order: TicketOrder | None = None,
    visible: Q = EVERYTHING,
    thorough: bool = False,
) -> TicketList:
    """The conversations of a view that also meet ``search``."""
    both = read_filter(view.query).and_also(read_filter(search)) if search else read_filter(view.query)
    return TicketList(both, asker, visible, order or view.order, thorough)


# -- saving ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a view to be."""

    name: str
    query: str
    order: TicketOrder = TicketOrder.NEWEST
    is_shared: bool = False  #: with the team, or with everybody when there is none
    team: Team | None = None
    columns: tuple[Column, ...] = ()


@transaction.atomic
def save_view(
    shop: Shop,
    draft: Draft,
    *,
    me: StaffMember,
    access: Access,
    view: SavedView | None = None,
    version: int | None = None,
) -> SavedView:
    """Make a view, or change one of which ``version`` was seen.

    Raises:
        InvalidInput: "name", "query" (it says what is not understood), "columns", or "teamId".
        PermissionDenied: it is somebody else's, or outsourced people want to share one.
        Conflict: somebody changed it meanwhile.
    """
    name = one_line(draft.name, "name", limit=MAX_NAME, required=True)
    query = checked_query(draft.query)
    if draft.team is not None and (draft.team.shop_id != shop.pk or draft.team.archived_at is not None):
        raise InvalidInput(_("There is no such team."), "teamId")
    if len(set(draft.columns)) != len(draft.columns):
        raise InvalidInput(_("This stands here twice."), "columns")
    if draft.is_shared and access.is_outsourced:
        raise PermissionDenied(_("You may save views for yourself only."))
    # Views are few: whoever saves one waits for the other, so that limits and positions hold.
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    row = SavedView(shop=shop, position=0)
    if view is not None:
        row = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
        _check_may_change(row, me, access)
        if version != row.version:
            raise Conflict(_("Somebody changed this meanwhile; reload and try again."), "version")
        row.version += 1
    row.name, row.query, row.order = name, query.text, draft.order.value
    row.columns = [column.value for column in draft.columns]
    row.owner = None if draft.is_shared else me
    row.team = draft.team if draft.is_shared else None
    siblings = SavedView.objects.filter(shop=shop, owner=row.owner, team=row.team).exclude(pk=row.pk)
    if siblings.filter(name__iexact=name).exists():
        raise InvalidInput(_("There is a view of this name already."), "name")
    if siblings.count() >= MAX_VIEWS:
        raise InvalidInput(_("At most %(limit)d views.") % {"limit": MAX_VIEWS}, "name")
    if view is None:
        row.position = min(siblings.count(), 30_000)
    row.save()
    return row


def checked_query(text: str) -> Filter:
    """A filter that means something; raises InvalidInput("query") and names what it does not understand."""
    if len(text) > MAX_LENGTH:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_LENGTH}, "query")
    found = read_filter(text)
    wrong = [one for one in found.problems if one.code not in {ProblemCode.UNKNOWN_OPERATOR, ProblemCode.OPEN_QUOTE}]
    if wrong:
        raise InvalidInput(_("“%(text)s” is not understood.") % {"text": wrong[0].text[:60]}, "query")
    if len(found.text) > MAX_LENGTH:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_LENGTH}, "query")
    return found


@transaction.atomic
def delete_view(view: SavedView, *, me: StaffMember, access: Access) -> None:
    """Nobody sees it any more. Raises PermissionDenied for somebody else's."""
    _check_may_change(view, me, access)
    SavedView.objects.filter(pk=view.pk).delete()


@transaction.atomic
def sort_views(shop: Shop, keys: Sequence[int], *, me: StaffMember, access: Access) -> list[SavedView]:
    """Put the views that one may change into an order; those not named follow behind."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    rows = {row.pk: row for row in saved_views(shop, me, access) if may_change(row, me, access)}
    wanted = [key for key in dict.fromkeys(keys) if key in rows]
    ordered = [rows[key] for key in wanted] + [row for key, row in rows.items() if key not in wanted]
    for position, row in enumerate(ordered):
        row.position = position
    SavedView.objects.bulk_update(ordered, ["position"])
    return saved_views(shop, me, access)


def may_change(view: SavedView, me: StaffMember, access: Access) -> bool:
    """One's own views are one's own; shared ones are changed by everybody who works for the shop itself."""
    return view.owner_id == me.pk if view.owner_id is not None else not access.is_outsourced


def _check_may_change(view: SavedView, me: StaffMember, access: Access) -> None:
    if not may_change(view, me, access):
        raise PermissionDenied(_("Only those who work for the shop itself may change this view."))
