"""One action on many conversations, as one job: it goes on where a worker died, can be stopped, and be taken back.

Each conversation is changed by the same verb of the inbox that a button calls, in a transaction of its own with the
note of what it changed. Taking back restores exactly that, and leaves alone what people changed since. A macro is
planned first, and done when somebody has seen the plan: see ``bulk_macros``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, NotFound
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.team.access import Access

from . import bulk_macros
from .bulk_changes import change, merge, take_back, values_of
from .bulk_orders import BulkKind, Order, Traces, traces_of
from .models import BulkAction, BulkItem, BulkState

__all__ = ["BulkKind", "Order", "confirm", "get_bulk", "start", "stop", "under_way", "undo"]

#: Conversations of one action.
MAX_TICKETS: Final = 10_000
#: Conversations that become one.
MAX_MERGED: Final = 100
#: Conversations between two looks at whether somebody stopped it.
CHUNK: Final = 25
#: Chunks of one job; the next goes on, so that no lease runs out.
CHUNKS_PER_JOB: Final = 20
#: Actions of one person that are under way.
MAX_RUNNING: Final = 3
_AT_WORK: Final = (BulkState.PLANNING, BulkState.RUNNING, BulkState.UNDOING)


@transaction.atomic
def start(
    shop: Shop,
    order: Order,
    keys: Sequence[int],
    *,
    me: StaffMember,
    access: Access,
    permissions: Collection[str] = (),
    at: datetime,
) -> BulkAction:
    """Do ``order`` to the conversations of these keys that ``me`` may see, in the background.

    A macro is only planned; :func:`confirm` has it done. ``permissions`` are what Saleor gave ``me``, for the macro.

    Raises InvalidInput("ids", "until" or "input"), Conflict while three of one's own are under way.
    """
    if not keys:
        raise InvalidInput(_("Choose at least one conversation."), "ids")
    _check_number(len(keys), MAX_TICKETS)
    order.check(at)
    StaffMember.objects.select_for_update(no_key=True).get(pk=me.pk)
    mine = BulkAction.objects.filter(shop=shop, member=me)
    if mine.filter(state__in=_AT_WORK).count() >= MAX_RUNNING:
        raise Conflict(_("Please wait until one of your other actions is done."))
    seen = set(Ticket.objects.filter(access.ticket_filter, shop=shop, pk__in=keys).values_list("pk", flat=True))
    ordered = [key for key in dict.fromkeys(keys) if key in seen]
    if not ordered:
        raise NotFound(_("There is no such conversation."), "ids")
    if order.kind == BulkKind.MERGE:
        order, ordered = _to_merge(shop, order, ordered)
    elif order.kind == BulkKind.MACRO:
        _check_number(len(ordered), bulk_macros.MAX_MACRO_TICKETS)
        # What was planned before and never done is not meant any more.
        for left in mine.filter(state=BulkState.PLANNED):
            left.move("stop", at=at, done=0)
    row = BulkAction.objects.create(
        shop=shop,
        member=me,
        action=order.kind.value,
        values=order.to_json() | {"permissions": sorted(permissions)},
        keys=ordered,
        state=BulkState.PLANNING if order.kind == BulkKind.MACRO else BulkState.RUNNING,
        state_since=at,
        created_at=at,
    )
    _go_on(row, at)
    return row


def _check_number(count: int, limit: int) -> None:
    if count > limit:
        raise InvalidInput(_("At most %(limit)d conversations at once.") % {"limit": limit}, "ids")


def _to_merge(shop: Shop, order: Order, keys: list[int]) -> tuple[Order, list[int]]:
    """The order with what is kept, by itself the oldest, and the others."""
    if len(keys) < 2:
        raise InvalidInput(_("Choose at least two conversations."), "ids")
    _check_number(len(keys), MAX_MERGED)
    kept = order.keep.pk if order.keep is not None else min(keys)
    if kept not in keys:
        raise InvalidInput(_("Choose one of these conversations."), "keepId")
    keep = Ticket.objects.get(shop=shop, pk=kept)
    return replace(order, keep=keep), [key for key in keys if key != kept]


def _go_on(row: BulkAction, at: datetime) -> None:
    done = row.undone if row.state == BulkState.UNDOING else row.done
    schedule("desk.bulk", key=f"bulk:{row.pk}:{row.state}:{done}", shop=row.shop, due_at=at, payload={"bulk": row.pk})


def get_bulk(shop: Shop, me: StaffMember, pk: int) -> BulkAction:
    """An action of one's own; raises NotFound."""
    row = BulkAction.objects.select_related("shop", "member").filter(shop=shop, member=me, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such action."), "id")
    return row


def under_way(shop: Shop, me: StaffMember) -> BulkAction | None:
    """The newest action of one's own that is being done, or waits for one's word."""
    rows = BulkAction.objects.filter(shop=shop, member=me, state__in=[*_AT_WORK, BulkState.PLANNED])
    return rows.order_by("-pk").first()


@transaction.atomic
def confirm(row: BulkAction, *, permissions: Collection[str], at: datetime) -> BulkAction:
    """Have done what was planned and shown, exactly that.

    Raises Conflict when it waits for nobody's word (any more), and when nothing of it can be done.
    """
    if row.state == BulkState.PLANNED and not BulkItem.objects.filter(bulk=row, plan__problem="").exists():
        raise Conflict(_("Nothing of this can be done."))
    row.move("confirm", at=at, done=0, values=row.values | {"permissions": sorted(permissions)})
    _go_on(row, at)
    return row


def stop(row: BulkAction, *, at: datetime) -> BulkAction:
    """Do no more; what is done stays, and can be taken back. Raises Conflict when it is over already."""
    changes = {} if row.state == BulkState.RUNNING else {"done": 0}
    row.move("stop", at=at, **changes)
    return row


@transaction.atomic
def undo(row: BulkAction, *, at: datetime) -> BulkAction:
    """Take back what it changed, in the background.

    Raises Conflict when it still runs or was taken back already, and for a macro of which nothing can be taken back.
    """
    is_over = row.state in {BulkState.DONE, BulkState.STOPPED}
    if row.action == BulkKind.MACRO and is_over and not restorable(row).exists():
        raise Conflict(_("Nothing of this can be taken back."))
    row.move("undo", at=at)
    _go_on(row, at)
    return row


def restorable(row: BulkAction) -> QuerySet[BulkItem]:
    """What of an action can be written back."""
    return BulkItem.objects.filter(bulk=row).exclude(before={}).exclude(after={})


# -- the work --------------------------------------------------------------------------------------------------


@handles("desk.bulk")
def work(job: Job) -> None:
    """Some chunks of an action, or of taking it back; the next job goes on."""
    pk = job.payload["bulk"]
    row = BulkAction.objects.get(pk=pk)
    if row.action == BulkKind.MACRO and row.state != BulkState.UNDOING:
        if left := bulk_macros.work(pk):
            _go_on(left, clock.now())
        return
    for _turn in range(CHUNKS_PER_JOB):
        if not _chunk(pk, clock.now()):
            return
    row = BulkAction.objects.select_related("shop").get(pk=pk)
    _go_on(row, clock.now())


@transaction.atomic
def _chunk(pk: int, at: datetime) -> bool:
    """One chunk with its progress, all or nothing; False when there is no more to do."""
    row = BulkAction.objects.select_for_update(of=("self",)).select_related("shop", "member").get(pk=pk)
    if row.state == BulkState.RUNNING:
        return _forward(row, at)
    if row.state == BulkState.UNDOING:
        return _backward(row, at)
    return False


def _forward(row: BulkAction, at: datetime) -> bool:
    keys = row.keys[row.done : row.done + CHUNK]
    kept = row.values.get("keep")
    tickets = _held([*keys, kept] if kept else keys)
    with speaking_to_staff(row.shop):
        try:
            order = Order.from_row(row)
        except NotFound:
            row.move("stop", at=at)
            return False
        traces = traces_of(row)
        items = [_do(row, order, tickets[key], traces, at) for key in keys if key in tickets]
    BulkItem.objects.bulk_create(item for item in items if item is not None)
    row.done += len(keys)
    BulkAction.objects.filter(pk=row.pk).update(done=row.done)
    if row.done >= len(row.keys):
        row.move("finish", at=at)
        return False
    return True


def _held(keys: Iterable[int]) -> dict[int, Ticket]:
    """Conversations, held in the order of their keys, so that two actions never wait for each other in a circle."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("shop", "person")
    return {ticket.pk: ticket for ticket in rows.filter(pk__in=list(keys)).order_by("pk")}


def _do(row: BulkAction, order: Order, ticket: Ticket, traces: Traces, at: datetime) -> BulkItem | None:
    item = BulkItem(bulk=row, ticket=ticket)
    try:
        with transaction.atomic():
            if order.kind == BulkKind.MERGE:
                merged = merge(order, ticket, at=at, staff=row.member)
                before, after = {"merge": None}, {"merge": merged.pk}
            else:
                before = values_of(ticket, traces)
                after = values_of(change(order, ticket, at=at, staff=row.member), traces)
    except AftercareError as error:
        item.problem = error.message[:300]
        return item
    if before == after:
        return None
    item.before, item.after = before, after
    return item


# -- taking back -----------------------------------------------------------------------------------------------


def _backward(row: BulkAction, at: datetime) -> bool:
    # The last that was changed is the first that is taken back.
    left = row.keys[: row.done][::-1][row.undone : row.undone + CHUNK]
    items = {item.ticket_id: item for item in restorable(row).filter(ticket__in=left)}
    kept = row.values.get("keep")
    tickets = _held([*items, kept] if kept else items)
    traces = traces_of(row)
    with speaking_to_staff(row.shop):
        for key in left:
            if key in items and key in tickets:
                try:
                    with transaction.atomic():
                        take_back(items[key], tickets[key], traces, at=at, staff=row.member)
                except AftercareError as error:
                    items[key].problem = error.message[:300]
                else:
                    # What a macro could not do wholly is now as if it had done nothing.
                    items[key].problem = ""
    BulkItem.objects.bulk_update(items.values(), ["problem"])
    row.undone += len(left)
    BulkAction.objects.filter(pk=row.pk).update(undone=row.undone)
    if row.undone >= row.done:
        row.move("finish", at=at)
        return False
    return True
