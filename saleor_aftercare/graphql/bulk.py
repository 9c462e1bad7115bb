"""Many conversations at once: what is done to them, how far it is, stopping it and taking it back."""

from __future__ import annotations

from typing import Any, NamedTuple

import graphene
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import confirm_staff
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.desk import bulk, macros
from saleor_aftercare.desk.bulk import MAX_TICKETS, BulkKind, Order
from saleor_aftercare.desk.bulk_macros import BulkPlan, plan_of
from saleor_aftercare.desk.models import BulkAction, BulkItem, BulkState, Macro
from saleor_aftercare.inbox.list_statements import TicketOrder
from saleor_aftercare.inbox.models import Tag
from saleor_aftercare.team.models import Team

from .bulk_plans import BulkMacroPlan
from .compensation import HANDLE_PAYMENTS
from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, enum_from, value_of
from .threads import find_ticket
from .view_lists import TicketOrderEnum, list_in, view_by_id

#: Conversations that are named when something could not be done.
MAX_NAMED = 20

BulkKindEnum = enum_from(
    BulkKind,
    {
        "ASSIGN": "Give them to somebody, or to nobody.",
        "TEAM": "Put them into a team's queue, or into nobody's.",
        "PRIORITY": "Say how urgent they are.",
        "TAG": "Mark them with tags, or take tags off.",
        "MOVE": "One of the moves of `ticket.actions`.",
        "SNOOZE": "Put them off.",
        "READ": "Mark them as read.",
        "MERGE": "Let them go on in one of them; up to 100.",
        "MACRO": "Run a macro; up to 500. It is only planned until bulkActionConfirm.",
    },
    "What may be done to many conversations at once.",
    name="BulkActionKind",
)
BulkStateEnum = enum_from(
    BulkState,
    {
        "PLANNING": "What a macro would do is being worked out; nothing is changed.",
        "PLANNED": "That is shown by `plan`, and waits for bulkActionConfirm.",
        "RUNNING": "Under way.",
        "DONE": "All were looked at.",
        "STOPPED": "Somebody stopped it half-way.",
        "UNDOING": "It is being taken back.",
        "UNDONE": "It was taken back.",
    },
    "How far an action on many conversations is.",
    name="BulkActionState",
)


class BulkProblem(graphene.ObjectType):
    """A conversation to which it could not be done, or for which it could not be taken back."""

    number = graphene.Int(required=True, description="Of the conversation.")
    message = graphene.String(required=True, description="Why, in the shop's language.")


class BulkActionType(graphene.ObjectType):
    """One action on many conversations."""

    class Meta:
        name = "BulkAction"

    id = graphene.ID(required=True, description="Global id, opaque.")
    kind = graphene.Field(BulkKindEnum, required=True, description="What is done.")
    state = graphene.Field(BulkStateEnum, required=True, description="How far it is.")
    total = graphene.Int(required=True, description="Of how many conversations.")
    done = graphene.Int(required=True, description="How many were looked at, and not yet taken back.")
    changed = graphene.Int(required=True, description="How many it changed; the others were so already, or refused.")
    failed = graphene.Int(required=True, description="To how many it could not be done, or not be taken back.")
    problems = graphene.List(
        graphene.NonNull(BulkProblem), required=True, description=f"The first {MAX_NAMED} of them, and why."
    )
    created_at = graphene.Field(DateTimeType, required=True, description="When it was asked for.")
    plan = graphene.Field(BulkMacroPlan, description="MACRO: what was worked out; null before that.")
    may_stop = graphene.Boolean(required=True, description="It is under way, or waits to be confirmed.")
    may_undo = graphene.Boolean(required=True, description="It changed something that can be taken back.")

    @staticmethod
    def resolve_id(root: BulkAction, _info: Any) -> str:
        return to_global_id("BulkAction", root.pk)

    @staticmethod
    def resolve_kind(root: BulkAction, _info: Any) -> str:
        return root.action

    @staticmethod
    def resolve_total(root: BulkAction, _info: Any) -> int:
        return len(root.keys)

    @staticmethod
    def resolve_done(root: BulkAction, _info: Any) -> int:
        return root.done - root.undone

    @staticmethod
    def resolve_changed(root: BulkAction, info: graphene.ResolveInfo) -> int:
        return _figures(info.context, root).changed

    @staticmethod
    def resolve_failed(root: BulkAction, info: graphene.ResolveInfo) -> int:
        return _figures(info.context, root).failed

    @staticmethod
    def resolve_problems(root: BulkAction, _info: Any) -> list[dict[str, Any]]:
        rows = BulkItem.objects.filter(bulk=root).exclude(problem="").order_by("pk")
        named = rows.values_list("ticket__number", "problem")[:MAX_NAMED]
        return [{"number": number, "message": problem} for number, problem in named]

    @staticmethod
    def resolve_plan(root: BulkAction, _info: Any) -> BulkPlan | None:
        return plan_of(root) if root.action == BulkKind.MACRO and root.state != BulkState.PLANNING else None

    @staticmethod
    def resolve_may_stop(root: BulkAction, _info: Any) -> bool:
        return "stop" in root.actions

    @staticmethod
    def resolve_may_undo(root: BulkAction, info: graphene.ResolveInfo) -> bool:
        return "undo" in root.actions and _figures(info.context, root).restorable > 0


class _Figures(NamedTuple):
    changed: int
    failed: int
    restorable: int


def _figures(ctx: Context, row: BulkAction) -> _Figures:
    held = ctx.loaded.setdefault("bulk figures", {})
    if row.pk not in held:
        is_changed = ~Q(after={})
        counts = BulkItem.objects.filter(bulk=row).aggregate(
            changed=Count("pk", filter=is_changed),
            failed=Count("pk", filter=~Q(problem="")),
            restorable=Count("pk", filter=is_changed & ~Q(before={})),
        )
        held[row.pk] = _Figures(**counts)
    found: _Figures = held[row.pk]
    return found


class BulkQueries(graphene.ObjectType):
    """How far actions on many conversations are."""

    bulk_action = graphene.Field(
        BulkActionType,
        id=graphene.ID(
            description="Of one's own action; when not said, the newest that is under way or waits to be confirmed."
        ),
        description="An action of the asking person; null when there is none. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_bulk_action(_root: None, info: graphene.ResolveInfo, *, id: str | None = None) -> BulkAction | None:
        ctx: Context = info.context
        me = ctx.staff(MANAGE_ORDERS).member
        if id is not None:
            return bulk.get_bulk(ctx.shop, me, own_pk("BulkAction", id))
        return bulk.under_way(ctx.shop, me)


class BulkSelectionInput(graphene.InputObjectType):
    """Which conversations: those of `ids`, or all of a list but some."""

    ids = graphene.List(graphene.NonNull(graphene.ID), description=f"Of conversations, up to {MAX_TICKETS:,}.")
    view_id = graphene.ID(description="Of a list of `inboxViews`, whole.")
    search = graphene.String(description="Narrows that list, as in `tickets(search:)`.")
    order = graphene.Argument(TicketOrderEnum, description="As in `tickets(order:)`; the first come first.")
    except_ids = graphene.List(graphene.NonNull(graphene.ID), description="Of that list, but these.")


class BulkActionInput(graphene.InputObjectType):
    """What is to be done; only what belongs to `kind` is looked at."""

    kind = graphene.Argument(BulkKindEnum, required=True, description="What is done.")
    assignee_id = graphene.ID(description="ASSIGN: who gets them; nobody when not said.")
    team_id = graphene.ID(description="TEAM: whose queue; nobody's when not said.")
    priority = graphene.Int(description="PRIORITY: 0 low, 1 normal, 2 high, 3 urgent.")
    add_tag_ids = graphene.List(graphene.NonNull(graphene.ID), description="TAG: to mark them with.")
    remove_tag_ids = graphene.List(graphene.NonNull(graphene.ID), description="TAG: to take off.")
    move = graphene.String(description="MOVE: one of `ticket.actions`.")
    until = graphene.Field(DateTimeType, description="SNOOZE: when they come back.")
    keep_id = graphene.ID(description="MERGE: the one that the others go on in; the oldest when not said.")
    across_customers = graphene.Boolean(
        default_value=False,
        description="MERGE: although they are with different customers, who will read each other's words.",
    )
    macro_id = graphene.ID(description="MACRO: which one.")


class BulkActionStart(AftercareMutation):
    """Do something to many conversations, in the background; ask `bulkAction` how far it is."""

    class Arguments:
        selection = BulkSelectionInput(required=True, description="Which conversations.")
        input = BulkActionInput(required=True, description="What is to be done.")

    permissions = (MANAGE_ORDERS,)
    bulk_action = graphene.Field(BulkActionType, description="The action, under way.")

    @classmethod
    def perform(cls, ctx: Context, *, selection: Any, input: Any) -> BulkActionStart:
        keys = _chosen(ctx, selection)
        staff = ctx.staff()
        row = bulk.start(
            ctx.shop,
            _order(ctx, input),
            keys,
            me=staff.member,
            access=ctx.access,
            permissions=staff.permissions,
            at=ctx.at,
        )
        return cls(bulk_action=row)


class BulkActionConfirm(AftercareMutation):
    """Have a macro done as `plan` shows it; what is no longer so when its turn comes is left alone, and named.

    Money also needs HANDLE_PAYMENTS, and Saleor is asked whether the person is still signed in.
    """

    class Arguments:
        id = graphene.ID(required=True, description="Of one's own action.")

    permissions = (MANAGE_ORDERS,)
    bulk_action = graphene.Field(BulkActionType, description="The action, under way.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> BulkActionConfirm:
        staff = ctx.staff()
        row = bulk.get_bulk(ctx.shop, staff.member, own_pk("BulkAction", id))
        if row.state == BulkState.PLANNED and plan_of(row).moves_money:
            staff = ctx.staff(HANDLE_PAYMENTS)
            confirm_staff(staff)
        return cls(bulk_action=bulk.confirm(row, permissions=staff.permissions, at=ctx.at))


class BulkActionStop(AftercareMutation):
    """Do no more; what is done stays, and can be taken back."""

    class Arguments:
        id = graphene.ID(required=True, description="Of one's own action.")

    permissions = (MANAGE_ORDERS,)
    bulk_action = graphene.Field(BulkActionType, description="The action, stopped.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> BulkActionStop:
        row = bulk.get_bulk(ctx.shop, ctx.staff().member, own_pk("BulkAction", id))
        return cls(bulk_action=bulk.stop(row, at=ctx.at))


class BulkActionUndo(AftercareMutation):
    """Take back what an action changed; what people changed since stays as it is."""

    class Arguments:
        id = graphene.ID(required=True, description="Of one's own action.")

    permissions = (MANAGE_ORDERS,)
    bulk_action = graphene.Field(BulkActionType, description="The action, being taken back.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> BulkActionUndo:
        row = bulk.get_bulk(ctx.shop, ctx.staff().member, own_pk("BulkAction", id))
        return cls(bulk_action=bulk.undo(row, at=ctx.at))


class BulkMutations(graphene.ObjectType):
    """Many conversations at once."""

    bulk_action_start = BulkActionStart.Field()
    bulk_action_confirm = BulkActionConfirm.Field()
    bulk_action_stop = BulkActionStop.Field()
    bulk_action_undo = BulkActionUndo.Field()


def _chosen(ctx: Context, selection: Any) -> list[int]:
    ids, view_id = selection.get("ids"), selection.get("view_id")
    if (ids is None) == (view_id is None):
        raise InvalidInput(_("Choose conversations, or a whole list."), "ids")
    if ids is not None:
        if len(ids) > MAX_TICKETS:
            raise InvalidInput(_("At most %(limit)d conversations at once.") % {"limit": MAX_TICKETS}, "ids")
        return [own_pk("Ticket", one, field="ids") for one in ids]
    order = TicketOrder(value_of(selection.order)) if selection.get("order") else None
    # Whoever chooses a whole list means all of it.
    chosen = list_in(ctx, view_by_id(ctx, view_id), selection.get("search") or "", order, thorough=True)
    keys = chosen.keys(limit=MAX_TICKETS)
    if keys is None:
        raise InvalidInput(_("This search finds too much to choose all of it; please narrow it."), "search")
    left_out = {own_pk("Ticket", one, field="exceptIds") for one in (selection.get("except_ids") or ())[:MAX_TICKETS]}
    return [key for key in keys if key not in left_out]


def _order(ctx: Context, given: Any) -> Order:
    kind = BulkKind(value_of(given.kind))
    return Order(
        kind=kind,
        assignee=_one(ctx, StaffMember, "StaffMember", given.get("assignee_id"), "assigneeId"),
        team=_one(ctx, Team, "Team", given.get("team_id"), "teamId"),
        priority=given.get("priority"),
        add_tags=_tags(ctx, given.get("add_tag_ids"), "addTagIds"),
        remove_tags=_tags(ctx, given.get("remove_tag_ids"), "removeTagIds"),
        move=given.get("move") or "",
        until=given.get("until"),
        keep=find_ticket(ctx, given.keep_id, field="keepId") if given.get("keep_id") else None,
        across_customers=bool(given.across_customers),
        macro=_macro(ctx, given.get("macro_id")),
    )


def _macro(ctx: Context, given: str | None) -> Macro | None:
    if given is None:
        return None
    return macros.get_macro(ctx.shop, own_pk("Macro", given, field="macroId"), field="macroId")


def _one(ctx: Context, model: Any, kind: str, given: str | None, field: str) -> Any:
    if given is None:
        return None
    found = model.objects.filter(shop=ctx.shop, pk=own_pk(kind, given, field=field)).first()
    if found is None:
        raise NotFound(_("There is no such row."), field)
    return found


def _tags(ctx: Context, given: list[str] | None, field: str) -> tuple[Tag, ...]:
    keys = [own_pk("Tag", one, field=field) for one in (given or ())[:50]]
    found = Tag.objects.filter(shop=ctx.shop).in_bulk(keys)
    if len(found) != len(set(keys)):
        raise NotFound(_("There is no such tag."), field)
    return tuple(found.values())
