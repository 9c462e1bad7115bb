"""The inbox's rows from columns are those that the resolvers would answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.inbox import dashboards_document
from saleor_aftercare.graphql.core.projections import Projection
from saleor_aftercare.graphql.ticket_rows import TICKET_ROWS
from saleor_aftercare.inbox.models import Ticket, TicketState
from tests.graphql.api import as_staff, shop_with_key
from tests.make import HOUR, NOON, make_return, make_staff, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Any:
    """A shop with conversations of every kind that rows tell apart."""
    shop = shop_with_key()
    nameless = make_staff(shop)
    nameless.name = ""
    nameless.save()
    tickets = [make_ticket(shop=shop, messages=("one", "two")) for _ in range(6)]
    changes: list[dict[str, Any]] = [
        {"assignee": nameless, "due_at": NOON - HOUR, "breach_at": NOON - HOUR},
        {"assignee": make_staff(shop), "due_at": NOON + HOUR * 40_000},
        {"customer_name": "", "language": "ja", "unread": False},
        {"state": TicketState.WAITING, "channel": "line"},
        {"state": TicketState.ON_HOLD, "channel": "phone"},
        {"subject": '"quoted" <b>ケトル</b>'},
    ]
    for ticket, change in zip(tickets, changes, strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(**change)
    return shop


@pytest.mark.parametrize("order", [None, "OLDEST", "BREACH", "PRIORITY"])
@pytest.mark.parametrize("first", [2, 50])
def test_columns_and_resolvers_answer_alike(
    shop: Any, monkeypatch: pytest.MonkeyPatch, order: str | None, first: int
) -> None:
    document = re.sub(r"first: \d+", f"first: {first}", dashboards_document("InboxTickets"))
    variables = {"view": "ALL", "order": order, "search": None, "after": None}
    staff = as_staff(shop)

    by_columns = staff.ask(document, **variables)
    monkeypatch.setattr(Projection, "page", lambda *_args: None)
    by_resolvers = staff.ask(document, **variables)

    assert by_columns.data == by_resolvers.data
    assert len(by_columns.data["tickets"]["edges"]) == min(first, 6)


def test_cases_of_rows_are_those_of_their_conversation(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from saleor_aftercare.inbox.models import CaseKind, TicketLink

    ticket = Ticket.objects.filter(shop=shop).first()
    for _ in range(2):
        ret = make_return(shop=shop)
        TicketLink.objects.create(shop=shop, ticket=ticket, kind=CaseKind.RETURN, case_id=ret.pk)
    document = dashboards_document("InboxTickets")
    variables = {"view": "RETURNS", "search": None, "after": None}

    by_columns = as_staff(shop).ask(document, **variables)
    monkeypatch.setattr(Projection, "page", lambda *_args: None)
    by_resolvers = as_staff(shop).ask(document, **variables)

    (edge,) = by_columns.data["tickets"]["edges"]
    assert len(edge["node"]["returns"]) == 2
    assert by_columns.data == by_resolvers.data


def test_the_dashboards_list_is_answered_from_columns(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[Any] = []
    page = Projection.page

    def noted(self: Projection, *args: Any) -> Any:
        found = page(self, *args)
        plans.append((self, found))
        return found

    monkeypatch.setattr(Projection, "page", noted)
    as_staff(shop).ask(dashboards_document("InboxTickets"), view="OPEN", search=None, after=None)

    ((projection, found),) = plans
    assert projection is TICKET_ROWS
    assert found is not None
