"""The rows of the inbox's lists, from columns: what the Dashboard shows of fifty conversations at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from saleor_aftercare.connection.auth import Staff
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.list_statements import cases_by_ticket
from saleor_aftercare.inbox.models import CaseKind

from .core.context import Context
from .core.projections import Cell, Finish, Joined, Many, Mixed, Projection, named
from .inbox import MessageKindEnum, TicketChannelEnum, TicketStateEnum


def _global_id(kind: str) -> Any:
    return lambda _ctx: lambda pk: to_global_id(kind, pk)


def _is_me(ctx: Context) -> Finish:
    me = ctx.principal.member.pk if isinstance(ctx.principal, Staff) else None
    return lambda pk: pk == me


def _has_passed(ctx: Context) -> Finish:
    return lambda at: at < ctx.at


def _cases(kind: CaseKind) -> Any:
    def load(ctx: Context, keys: Sequence[int]) -> Mapping[int, Sequence[int]]:
        return {ticket: cases.get(kind, ()) for ticket, cases in _all_cases(ctx, keys).items()}

    return load


def _all_cases(ctx: Context, keys: Collection[int]) -> dict[int, dict[str, list[int]]]:
    """The cases of these conversations by kind, read once however many kinds are asked for."""
    held: dict[Any, Any] = ctx.loaded.setdefault("cases of rows", {})
    asked = tuple(keys)
    if asked not in held:
        held[asked] = cases_by_ticket(ctx.shop, asked)
    cases: dict[int, dict[str, list[int]]] = held[asked]
    return cases


TICKET_ROWS = Projection(
    {
        "id": Cell("pk", _global_id("Ticket")),
        "number": Cell("number"),
        "subject": Cell("subject"),
        "state": Cell("state", named(TicketStateEnum)),
        "channel": Cell("channel", named(TicketChannelEnum)),
        "language": Cell("language"),
        "assignee": Joined(
            "assignee_id",
            {
                "id": Cell("assignee_id", _global_id("StaffMember")),
                "name": Mixed(("assignee__name", "assignee__email"), StaffMember.shown_name),
                "email": Cell("assignee__email"),
                "isMe": Cell("assignee_id", _is_me),
            },
        ),
        "customerName": Cell("customer_name"),
        "customerEmail": Cell("customer_email"),
        "lastMessageAt": Cell("last_message_at"),
        "lastMessagePreview": Cell("last_message_preview"),
        "lastMessageKind": Cell("last_message_kind", named(MessageKindEnum)),
        "unread": Cell("unread"),
        "dueAt": Cell("due_at"),
        "breachAt": Cell("breach_at"),
        "overdue": Cell("due_at", _has_passed, default=False),
        "returns": Many(_cases(CaseKind.RETURN), {"id": lambda pk: to_global_id("Return", pk)}),
        "repairRequests": Many(_cases(CaseKind.REPAIR), {"id": lambda pk: to_global_id("RepairRequest", pk)}),
        "sparePartRequests": Many(_cases(CaseKind.SPARE_PART), {"id": lambda pk: to_global_id("SparePartRequest", pk)}),
    }
)
