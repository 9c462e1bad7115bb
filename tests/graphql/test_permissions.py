"""Who may do and read what: every mutation and every root query, for every kind of asker and across shops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import JobState
from saleor_aftercare.graphql.schema import graphql_schema
from saleor_aftercare.inbox.models import TicketMessage
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.models import Return, ReturnState
from tests.graphql.api import Asker, as_customer, as_guest, as_staff, nobody, shop_with_key
from tests.graphql.doors import (
    CUSTOMERS,
    ELSEWHERE,
    EVERYBODY,
    OPEN,
    ORDERS,
    PAYMENTS,
    PROMISES,
    PROMISES_QUERIES,
    STAFF,
    STAFF_QUERIES,
    WAREHOUSE,
    WAREHOUSE_QUERIES,
    World,
)
from tests.make import make_order, make_repair, make_return, make_spare_part

pytestmark = pytest.mark.django_db


def mutation(name: str, arguments: str) -> str:
    return f"mutation {{ {name}({arguments}) {{ errors {{ code field message }} }} }}"


def test_every_mutation_is_in_these_tables():
    assert graphql_schema.mutation_type is not None
    assert set(graphql_schema.mutation_type.fields) == {
        *STAFF,
        *CUSTOMERS,
        *OPEN,
        *WAREHOUSE,
        *PROMISES,
        *ELSEWHERE,
    }


@pytest.mark.parametrize("name", STAFF)
def test_staff_mutations_refuse_everybody_without_each_permission(name: str):
    world = World()
    arguments, needed = STAFF[name]
    query = world.fill(mutation(name, arguments))
    askers: list[Asker] = [as_customer(world.order), as_guest(world.order), as_staff(world.shop, ())]
    askers += [as_staff(world.shop, tuple(p for p in [ORDERS, PAYMENTS] if p != one)) for one in needed]

    for asker in askers:
        assert asker.ask(query).refusal(name) == ("PERMISSION_DENIED", None)
    world.ret.refresh_from_db()
    world.ticket.refresh_from_db()
    assert (world.ret.state, world.ticket.state, world.ticket.unread) == ("requested", "new", True)
    assert TicketMessage.objects.filter(ticket=world.ticket).count() == 1


@pytest.mark.parametrize("name", [*STAFF, *CUSTOMERS])
def test_without_a_token_no_mutation_does_anything(name: str):
    world = World()
    arguments = STAFF[name][0] if name in STAFF else CUSTOMERS[name]

    answer = nobody(world.shop).ask(world.fill(mutation(name, arguments)))

    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


ABOUT_A_ROW = {
    **{name: arguments for name, (arguments, _needed) in STAFF.items() if name != "settingsUpdate"},
    **CUSTOMERS,
}


@pytest.mark.parametrize(
    "name", [name for name in ABOUT_A_ROW if name not in ("jobRetry", "messageSend", "returnsBulkUpdate")]
)
def test_what_is_in_another_shop_does_not_exist_for_staff(name: str, no_saleor: None):
    world = World()
    stranger = as_staff(shop_with_key())

    code, field = stranger.ask(world.fill(mutation(name, ABOUT_A_ROW[name]))).refusal(name)

    assert code == "NOT_FOUND"
    assert field in {"id", "replacementId", "orderId", "orderIds.0", "ids.0", "fulfillmentId", "ticketId", None}
    assert_untouched(world)


def test_returns_of_another_shop_are_not_decided_in_bulk():
    world = World()

    arguments = "ids: [<RETURN>], action: APPROVE"
    query = (
        f"mutation {{ returnsBulkUpdate({arguments}) {{ count results {{ errors {{ code }} }} errors {{ code }} }} }}"
    )
    made = as_staff(shop_with_key()).ask(world.fill(query)).payload("returnsBulkUpdate")

    assert made == {"count": 0, "results": [{"errors": [{"code": "NOT_FOUND"}]}], "errors": []}
    assert_untouched(world)


def test_another_shops_job_cannot_be_retried():
    world = World()

    answer = as_staff(shop_with_key()).ask(world.fill(mutation("jobRetry", "id: <JOB>")))

    assert answer.refusal("jobRetry") == ("CONFLICT", "id")
    world.job.refresh_from_db()
    assert world.job.state == JobState.FAILED


@pytest.mark.parametrize("name", CUSTOMERS)
@pytest.mark.parametrize("whose", ["another customer", "another guest", "another shop's customer"])
def test_another_customers_case_does_not_exist(name: str, whose: str, no_saleor: None):
    world = World()
    neighbour = make_order(world.shop)
    asker = {
        "another customer": lambda: as_customer(neighbour),
        "another guest": lambda: as_guest(neighbour),
        "another shop's customer": lambda: as_customer(make_order(shop_with_key(), user_id=world.order.user_id)),
    }[whose]()

    code, field = asker.ask(world.fill(mutation(name, CUSTOMERS[name]))).refusal(name)

    by_id = {name for name, arguments in CUSTOMERS.items() if arguments.startswith("id:")}
    assert (code, field) == ("NOT_FOUND", "id" if name in by_id else "orderId")
    assert_untouched(world)


def test_a_guest_sees_one_order_and_not_the_customers_others(no_saleor: None):
    world = World()
    other = make_order(world.shop, user_id=world.order.user_id, email=world.order.email)

    guest = as_guest(other)

    assert guest.ask(world.fill("{ order(id: <ORDER>) { id } }")).code == "NOT_FOUND"
    edges = guest.ask("{ orders { edges { node { id } } } }").data["orders"]["edges"]
    assert [edge["node"]["id"] for edge in edges] == [other.saleor_id]


def assert_untouched(world: World) -> None:
    """Nothing of the world has moved, and nothing was added."""
    assert list(Return.objects.values_list("pk", "state")) == [(world.ret.pk, ReturnState.REQUESTED)]
    assert list(RepairRequest.objects.values_list("pk", "state")) == [(world.repair.pk, "requested")]
    assert TicketMessage.objects.count() == 1
    world.ticket.refresh_from_db()
    assert (world.ticket.unread, world.ticket.assignee_id) == (True, None)


#: Every root query that names a row.
BY_ID = {
    "ticket": "{ ticket(id: <TICKET>) { id } }",
    "return": "{ return(id: <RETURN>) { id } }",
    "repairRequest": "{ repairRequest(id: <REPAIR>) { id } }",
    "sparePartRequest": "{ sparePartRequest(id: <PART>) { id } }",
    "order": "{ order(id: <ORDER>) { id } }",
}


@pytest.mark.parametrize("name", BY_ID)
def test_a_row_of_another_shop_cannot_be_read(name: str, no_saleor: None):
    world = World()
    query = world.fill(BY_ID[name])

    own = as_staff(world.shop).ask(query)
    foreign = as_staff(shop_with_key()).ask(query)

    assert own.data[name]["id"]
    assert (foreign.code, foreign.body["data"]) == ("NOT_FOUND", {name: None})


@pytest.mark.parametrize("name", [name for name in BY_ID if name != "ticket"])
def test_a_row_of_another_customer_reads_like_one_that_does_not_exist(name: str, no_saleor: None):
    world = World()
    nothing = World.__new__(World)
    nothing.__dict__.update(world.__dict__)
    query = world.fill(BY_ID[name])
    missing = query.replace(world.ids()["ORDER"], to_global_id("Order", "0"))
    for kind, row in (("Return", world.ret), ("RepairRequest", world.repair), ("SparePartRequest", world.part)):
        missing = missing.replace(to_global_id(kind, row.pk), to_global_id(kind, 10**9))

    own = as_customer(world.order).ask(query)
    asker = as_customer(make_order(world.shop))
    foreign, absent = asker.ask(query), asker.ask(missing)

    assert own.data[name]["id"]
    assert foreign.code == "NOT_FOUND"
    assert foreign.body == absent.body


def test_every_query_is_in_these_tables():
    assert graphql_schema.query_type is not None
    assert set(graphql_schema.query_type.fields) == {*STAFF_QUERIES, *EVERYBODY, *WAREHOUSE_QUERIES, *PROMISES_QUERIES}


@pytest.mark.parametrize("name", STAFF_QUERIES)
def test_staff_queries_are_for_staff_with_manage_orders(name: str):
    world = World()
    for asker in (as_customer(world.order), as_guest(world.order), as_staff(world.shop, (PAYMENTS,))):
        answer = asker.ask(STAFF_QUERIES[name])
        assert (answer.status, answer.code) == (200, "PERMISSION_DENIED")


@pytest.mark.parametrize("query", ["{ returns { totalCount } }", "{ repairRequests { totalCount } }"])
def test_staff_without_manage_orders_read_no_cases(query: str):
    assert as_staff(shop_with_key(), (PAYMENTS,)).ask(query).code == "PERMISSION_DENIED"


LISTS = ["returns", "repairRequests", "sparePartRequests"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_ones_own_only(name: str):
    world = World()
    neighbour, elsewhere = World(), World()
    more = make_order(world.shop)
    make_return(more)
    make_repair(more)
    make_spare_part(more)
    make_repair(shop=world.shop)
    query = f"{{ {name} {{ totalCount edges {{ node {{ id }} }} }} }}"

    def count(asker: Asker) -> int:
        found = asker.ask(query).data[name]
        assert found["totalCount"] == len(found["edges"])
        return int(found["totalCount"])

    without_order = 1 if name == "repairRequests" else 0
    assert count(as_staff(world.shop)) == 2 + without_order
    assert count(as_customer(world.order)) == 1
    assert count(as_guest(world.order)) == 1
    assert count(as_staff(neighbour.shop)) == count(as_customer(elsewhere.order)) == 1


BAD_IDS: dict[str, Callable[[World], Any]] = {
    "another kind": lambda world: to_global_id("Ticket", world.ret.pk),
    "no number": lambda world: to_global_id("Return", "x"),
    "negative": lambda world: to_global_id("Return", "-1"),
    "beyond all numbers": lambda world: to_global_id("Return", "9" * 30),
    "no base64": lambda world: "%%%",
    "empty": lambda world: "",
    "NUL": lambda world: "\0",
}


@pytest.mark.parametrize("kind", BAD_IDS)
def test_a_bad_id_is_named(kind: str):
    world = World()
    staff = as_staff(world.shop)
    bad = BAD_IDS[kind](world)

    read = staff.ask("query ($id: ID!) { return(id: $id) { id } }", id=bad)
    done = staff.ask("mutation ($id: ID!) { returnApprove(id: $id) { errors { code field } } }", id=bad)

    assert (read.code, read.body["errors"][0]["extensions"]["field"]) == ("INVALID", "id")
    assert done.refusal("returnApprove") == ("INVALID", "id")


@pytest.mark.parametrize("bad", ["", "x", "\0", to_global_id("Order", ""), to_global_id("Return", 1)])
def test_a_bad_order_id_is_an_order_that_does_not_exist(bad: str):
    world = World()

    answer = as_customer(world.order).ask("query ($id: ID!) { order(id: $id) { id } }", id=bad)

    assert answer.code == "NOT_FOUND"
