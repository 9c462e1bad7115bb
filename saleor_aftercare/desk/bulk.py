"""One action on many conversations, as one job: it goes on where a worker died, can be stopped, and be taken back.

Each conversation is changed by the same verb of the inbox that a button calls, in a transaction of its own with the
note of what it changed. Taking back restores exactly that, and leaves alone what people changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, Conflict, InvalidInput, NotFound
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions.queues import set_team
from saleor_aftercare.inbox.actions.standing import Standing, mark_unread, restore_standing, standing_of
from saleor_aftercare.inbox.models import STAFF_ACTIONS, Priority, Tag, Ticket, TicketTag
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Team

from .models import BulkAction, BulkItem, BulkState

#: Conversations of one action.
MAX_TICKETS: Final = 10_000
#: Conversations between two looks at whether somebody stopped it.
CHUNK: Final = 25
#: Chunks of one job; the next goes on, so that no lease runs out.
CHUNKS_PER_JOB: Final = 20
#: Actions of one person that are under way.
MAX_RUNNING: Final = 3


class BulkKind(StrEnum):
    """What may be done to many at once."""

    ASSIGN = "assign"
    TEAM = "team"
    PRIORITY = "priority"
    TAG = "tag"
    MOVE = "move"  #: solve, close, reopen, wait, wait_for_others, wake, spam, not_spam
    SNOOZE = "snooze"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, as it was asked for and checked."""

    kind: BulkKind
    assignee: StaffMember | None = None
    team: Team | None = None
    priority: int | None = None
    add_tags: tuple[Tag, ...] = ()
    remove_tags: tuple[Tag, ...] = ()
    move: str = ""
    until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """For the row."""
        return {
            "assignee": self.assignee.pk if self.assignee else None,
            "team": self.team.pk if self.team else None,
            "priority": self.priority,
            "add_tags": [tag.pk for tag in self.add_tags],
            "remove_tags": [tag.pk for tag in self.remove_tags],
            "move": self.move,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_row(cls, row: BulkAction) -> Order:
        """As it was asked for; raises NotFound for people, teams and tags that are gone since."""
        values = row.values
        wanted = tags_of(row)
        tags = Tag.objects.filter(shop=row.shop_id).in_bulk(wanted)
        if any(key not in tags for key in wanted):
            raise NotFound(_("There is no such tag."), "tags")
        return cls(
            kind=BulkKind(row.action),
            assignee=_row(StaffMember, row.shop, values["assignee"]),
            team=_row(Team, row.shop, values["team"]),
            priority=values["priority"],
            add_tags=tuple(tags[key] for key in values["add_tags"]),
            remove_tags=tuple(tags[key] for key in values["remove_tags"]),
            move=values["move"],
            until=datetime.fromisoformat(values["until"]) if values["until"] else None,
        )


def tags_of(row: BulkAction) -> list[int]:
    """The tags that an action adds or takes off, as keys."""
    return [*row.values["add_tags"], *row.values["remove_tags"]]


def _row(model: Any, shop: Shop, pk: int | None) -> Any:
    if pk is None:
        return None
    found = model.objects.filter(shop=shop, pk=pk).first()
    if found is None:
        raise NotFound(_("What this action names is gone."), "id")
    return found


@transaction.atomic
def start(
    shop: Shop, order: Order, keys: Sequence[int], *, me: StaffMember, access: Access, at: datetime
) -> BulkAction:
    """Do ``order`` to the conversations of these keys that ``me`` may see, in the background.

    Raises InvalidInput("ids", "until" or "input"), Conflict while three of one's own are under way.
    """
    if not keys:
        raise InvalidInput(_("Choose at least one conversation."), "ids")
    if len(keys) > MAX_TICKETS:
        raise InvalidInput(_("At most %(limit)d conversations at once.") % {"limit": MAX_TICKETS}, "ids")
    _check(order, at)
    StaffMember.objects.select_for_update(no_key=True).get(pk=me.pk)
    running = BulkAction.objects.filter(shop=shop, member=me, state__in=[BulkState.RUNNING, BulkState.UNDOING])
    if running.count() >= MAX_RUNNING:
        raise Conflict(_("Please wait until one of your other actions is done."))
    mine = set(Ticket.objects.filter(access.ticket_filter, shop=shop, pk__in=keys).values_list("pk", flat=True))
    ordered = [key for key in dict.fromkeys(keys) if key in mine]
    if not ordered:
        raise NotFound(_("There is no such conversation."), "ids")
    row = BulkAction.objects.create(
        shop=shop,
        member=me,
        action=order.kind.value,
        values=order.to_json(),
        keys=ordered,
        state=BulkState.RUNNING,
        state_since=at,
        created_at=at,
    )
    _go_on(row, at)
    return row


def _check(order: Order, at: datetime) -> None:
    if order.kind == BulkKind.SNOOZE and (order.until is None or order.until <= at):
        raise InvalidInput(_("Choose a moment in the future."), "until")
    if order.kind == BulkKind.MOVE and order.move not in STAFF_ACTIONS:
        raise InvalidInput(_("Unknown action."), "move")
    if order.kind == BulkKind.PRIORITY and order.priority not in Priority.values:
        raise InvalidInput(_("Unknown priority."), "priority")
    if order.kind == BulkKind.TAG and not order.add_tags and not order.remove_tags:
        raise InvalidInput(_("Choose at least one tag."), "addTags")


def _go_on(row: BulkAction, at: datetime) -> None:
    done = row.undone if row.state == BulkState.UNDOING else row.done
    schedule("desk.bulk", key=f"bulk:{row.pk}:{row.state}:{done}", shop=row.shop, due_at=at, payload={"bulk": row.pk})


def get_bulk(shop: Shop, me: StaffMember, pk: int) -> BulkAction:
    """An action of one's own; raises NotFound."""
    row = BulkAction.objects.select_related("shop", "member").filter(shop=shop, member=me, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such action."), "id")
    return row


def stop(row: BulkAction, *, at: datetime) -> BulkAction:
    """Do no more; what is done stays, and can be taken back. Raises Conflict when it is over already."""
    row.move("stop", at=at)
    return row


@transaction.atomic
def undo(row: BulkAction, *, at: datetime) -> BulkAction:
    """Take back what it changed, in the background. Raises Conflict when it still runs or was taken back already."""
    row.move("undo", at=at)
    _go_on(row, at)
    return row


# -- the work --------------------------------------------------------------------------------------------------


@handles("desk.bulk")
def work(job: Job) -> None:
    """Some chunks of an action, or of taking it back; the next job goes on."""
    pk = job.payload["bulk"]
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
    tickets = _held(keys)
    with speaking_to_staff(row.shop):
        try:
            order = Order.from_row(row)
        except NotFound:
            row.move("stop", at=at)
            return False
        items = [_do(row, order, tickets[key], at) for key in keys if key in tickets]
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


def _do(row: BulkAction, order: Order, ticket: Ticket, at: datetime) -> BulkItem | None:
    item = BulkItem(bulk=row, ticket=ticket)
    try:
        with transaction.atomic():
            before = _values(row, ticket)
            changed = _apply(order, ticket, at=at, staff=row.member)
            after = _values(row, changed)
    except AftercareError as error:
        item.problem = error.message[:300]
        return item
    if before == after:
        return None
    item.before, item.after = before, after
    return item


def _apply(order: Order, ticket: Ticket, *, at: datetime, staff: StaffMember) -> Ticket:
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


def _values(row: BulkAction, ticket: Ticket) -> dict[str, Any]:
    """What of a conversation this action changes, as it stands now."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    match BulkKind(row.action):
        case BulkKind.ASSIGN:
            return {"assignee": ticket.assignee_id}
        case BulkKind.TEAM:
            return {"team": ticket.team_id}
        case BulkKind.PRIORITY:
            return {"priority": ticket.priority}
        case BulkKind.TAG:
            rows = TicketTag.objects.filter(ticket=ticket, tag__in=tags_of(row))
            return {"tags": sorted(rows.values_list("tag_id", flat=True))}
        case BulkKind.MOVE | BulkKind.SNOOZE:
            return {"standing": standing_of(ticket).to_json()}
        case BulkKind.READ:
            return {"unread": ticket.unread}


# -- taking back -----------------------------------------------------------------------------------------------


def _backward(row: BulkAction, at: datetime) -> bool:
    # The last that was changed is the first that is taken back.
    left = row.keys[: row.done][::-1][row.undone : row.undone + CHUNK]
    items = {item.ticket_id: item for item in BulkItem.objects.filter(bulk=row, ticket__in=left, problem="")}
    tickets = _held(items)
    with speaking_to_staff(row.shop):
        for key in left:
            if key in items and key in tickets:
                _take_back(row, items[key], tickets[key], at=at)
    BulkItem.objects.bulk_update([item for item in items.values() if item.problem], ["problem"])
    row.undone += len(left)
    BulkAction.objects.filter(pk=row.pk).update(undone=row.undone)
    if row.undone >= row.done:
        row.move("finish", at=at)
        return False
    return True


def _take_back(row: BulkAction, item: BulkItem, ticket: Ticket, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            now = _values(row, ticket)
            if not _is_as_left(now, item.after):
                raise Conflict(_("Somebody changed it since."))
            _restore(BulkKind(row.action), item, now, ticket, at=at, staff=row.member)
    except AftercareError as error:
        item.problem = error.message[:300]


def _is_as_left(now: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether nobody changed it since; that somebody has read it is no change."""
    if "standing" in after:
        return bool(now["standing"] | {"unread": None} == after["standing"] | {"unread": None})
    return now == after


def _restore(
    kind: BulkKind, item: BulkItem, now: Mapping[str, Any], ticket: Ticket, *, at: datetime, staff: StaffMember
) -> None:
    before = item.before
    match kind:
        case BulkKind.ASSIGN:
            person = _row(StaffMember, ticket.shop, before["assignee"])
            actions.assign(ticket, assignee=person, at=at, staff=staff)
        case BulkKind.TEAM:
            set_team(ticket, _row(Team, ticket.shop, before["team"]), at=at, staff=staff)
        case BulkKind.PRIORITY:
            actions.set_priority(ticket, before["priority"], at=at, staff=staff)
        case BulkKind.TAG:
            tags = Tag.objects.filter(shop=ticket.shop_id)
            missing = tags.filter(pk__in=set(before["tags"]) - set(now["tags"]))
            extra = tags.filter(pk__in=set(now["tags"]) - set(before["tags"]))
            actions.change_tags(ticket, add=missing, remove=extra, at=at, staff=staff)
        case BulkKind.MOVE | BulkKind.SNOOZE:
            was_read_since = now["standing"]["unread"] != item.after["standing"]["unread"]
            standing = before["standing"] | ({"unread": False} if was_read_since else {})
            restore_standing(ticket, Standing.from_json(standing), at=at, staff=staff)
        case BulkKind.READ:
            mark_unread(ticket, at=at)
