"""What each role opens: every operation of the schema, and whose conversations, customers and money."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import saleor_aftercare
from saleor_aftercare.compensation.models import Settlement
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.graphql import roles
from saleor_aftercare.graphql.schema import graphql_schema
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.team.models import Role, RoleRule
from tests.compensation.scenes import received
from tests.graphql.api import Answer, Asker, as_staff, shop_with_key
from tests.graphql.test_main_job import staff_of
from tests.graphql.test_settlements import press, seen
from tests.house import House
from tests.make import DAY, NOON, make_order, make_repair, make_return, make_staff, make_ticket
from tests.make.team import make_role, make_team

pytestmark = pytest.mark.django_db

ORDERS, PAYMENTS, PRODUCTS, SETTINGS = "MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_PRODUCTS", "MANAGE_SETTINGS"
EVERYTHING = (ORDERS, PAYMENTS, PRODUCTS, SETTINGS)


def operations() -> set[str]:
    assert graphql_schema.query_type is not None
    assert graphql_schema.mutation_type is not None
    return {*graphql_schema.query_type.fields, *graphql_schema.mutation_type.fields}


def test_every_operation_of_the_schema_is_in_exactly_one_group_of_roles():
    named = [name for names, _roles in roles.GROUPS for name in names]

    assert sorted(operations() - set(named)) == []
    assert sorted(set(named) - operations()) == []
    assert sorted({name for name in named if named.count(name) > 1}) == []


def test_administrators_open_everything_and_an_operation_without_a_name_is_not_for_limited_roles():
    assert all(roles.may(Role.ADMINISTRATOR, name) for name in operations())
    assert [role.value for role in Role if roles.may(role, "somethingNew")] == ["administrator", "agent"]


@pytest.mark.parametrize("name", sorted(roles.DESK & {"tickets", "ticketCounts", "changesSince", "staffMembers"}))
def test_the_warehouse_reads_no_conversations_although_saleor_would_let_it(name: str):
    shop = shop_with_key()
    worker = make_role(shop, "Warehouse", Role.WAREHOUSE)
    fields = {"tickets": "totalCount", "ticketCounts": "count", "changesSince": "cursor", "staffMembers": "id"}[name]

    answer = as_staff(shop, EVERYTHING, member=worker).ask(f"{{ {name} {{ {fields} }} }}")

    assert answer.code == "PERMISSION_DENIED"


def test_a_case_tells_the_warehouse_nothing_of_its_conversation():
    shop = shop_with_key()
    ret = make_return(make_order(shop))
    make_ticket(ret.order, about=("return", ret.pk))
    query = f'{{ return(id: "{to_global_id("Return", ret.pk)}") {{ number ticket {{ number }} }} }}'
    worker = make_role(shop, "Warehouse", Role.WAREHOUSE)

    assert as_staff(shop, EVERYTHING, member=worker).ask(query).data["return"] == {"number": ret.number, "ticket": None}


class Outsourced:
    """A shop with two queues, and somebody of another company who answers in one of them."""

    def __init__(self) -> None:
        self.shop = shop_with_key()
        self.member = make_role(self.shop, "Partner agents", Role.OUTSOURCED, limit="20")
        self.team = make_team(self.shop, self.member)
        self.order, self.hidden = make_order(self.shop, delivered=NOON - DAY), make_order(self.shop)
        self.mine = make_ticket(self.order, team=self.team)
        self.given = make_ticket(shop=self.shop, assignee=self.member, customer_email=self.order.email)
        self.others = make_ticket(self.hidden, team=make_team(self.shop))
        self.nobodys = make_ticket(shop=self.shop, customer_email=self.order.email)
        self.asker = as_staff(self.shop, (ORDERS, PAYMENTS), member=self.member)

    def ids(self, query: str, name: str) -> set[str]:
        return {edge["node"]["id"] for edge in self.asker.ask(query).data[name]["edges"]}


def number(asker: Asker, ticket: Ticket) -> str:
    answer = asker.ask("query ($n: Int!) { ticket(number: $n) { number } }", n=ticket.number)
    return answer.code if "errors" in answer.body else "seen"


def test_outsourced_people_see_their_teams_queue_and_what_is_theirs_and_nothing_else():
    world = Outsourced()

    listed = world.asker.ask("{ tickets(view: ALL) { totalCount edges { node { number } } } }").data["tickets"]

    assert sorted(edge["node"]["number"] for edge in listed["edges"]) == sorted([world.mine.number, world.given.number])
    assert listed["totalCount"] == 2
    assert [number(world.asker, one) for one in (world.mine, world.given, world.others, world.nobodys)] == [
        "seen",
        "seen",
        "NOT_FOUND",
        "NOT_FOUND",
    ]


def test_outsourced_people_hear_of_changes_in_their_queue_only_and_count_only_it():
    world = Outsourced()

    changed = world.asker.ask('{ changesSince(cursor: "0") { tickets { number } } }').data["changesSince"]
    counts = world.asker.ask("{ ticketCounts { view count } }").data["ticketCounts"]

    assert {one["number"] for one in changed["tickets"]} == {world.mine.number, world.given.number}
    assert {one["view"]: one["count"] for one in counts}["OPEN"] == 2


@pytest.mark.parametrize(
    "mutation",
    [
        'ticketNoteAdd(id: $id, body: "Hm")',
        "ticketMarkRead(id: $id)",
        "ticketAssign(id: $id, toMe: true)",
        'ticketUpdate(id: $id, input: {action: "solve"})',
    ],
)
def test_outsourced_people_change_nothing_outside_their_queue(mutation: str):
    world = Outsourced()
    name = mutation.partition("(")[0]
    query = f"mutation ($id: ID!) {{ {mutation} {{ errors {{ code field }} }} }}"

    assert world.asker.ask(query, id=to_global_id("Ticket", world.others.pk)).refusal(name) == ("NOT_FOUND", "id")
    assert world.asker.ask(query, id=to_global_id("Ticket", world.mine.pk)).payload(name)


def test_outsourced_people_see_the_orders_and_cases_of_those_who_write_to_them(no_saleor: None):
    world = Outsourced()
    more = make_order(world.shop, email=world.order.email)
    seen_return, hidden_return = make_return(more), make_return(world.hidden)
    make_repair(world.hidden)

    theirs = world.asker.ask("query ($e: String!) { customer(email: $e) { orders { id } } }", e=world.order.email)
    assert {one["id"] for one in theirs.data["customer"]["orders"]} == {world.order.saleor_id, more.saleor_id}
    assert world.ids("{ returns { edges { node { id } } } }", "returns") == {to_global_id("Return", seen_return.pk)}
    assert world.ids("{ repairRequests { edges { node { id } } } }", "repairRequests") == set()
    order = "query ($id: ID!) { order(id: $id) { id } }"
    assert world.asker.ask(order, id=more.saleor_id).data["order"] == {"id": more.saleor_id}
    assert world.asker.ask(order, id=world.hidden.saleor_id).code == "NOT_FOUND"
    approve = "mutation ($id: ID!) { returnApprove(id: $id) { errors { code field } } }"
    hidden = world.asker.ask(approve, id=to_global_id("Return", hidden_return.pk))
    assert hidden.refusal("returnApprove") == ("NOT_FOUND", "id")


def test_outsourced_people_know_only_customers_who_write_to_them():
    world = Outsourced()
    query = "query ($e: String!) { customer(email: $e) { email tickets { number } } }"

    known = world.asker.ask(query, e=world.order.email).data["customer"]
    stranger = world.asker.ask(query, e=world.hidden.email).data["customer"]

    assert {one["number"] for one in known["tickets"]} == {world.mine.number, world.given.number}
    assert stranger is None


@pytest.mark.parametrize(
    "query",
    ["{ settings { version } }", "{ returnViewCounts { count } }", "{ carrierLists { id } }"],
)
def test_outsourced_people_take_no_lists_and_read_no_settings(query: str):
    assert Outsourced().asker.ask(query).code == "PERMISSION_DENIED"


def test_outsourced_people_take_no_table_of_canned_replies_and_bring_only_their_own():
    asker = Outsourced().asker
    export = "mutation { cannedRepliesExport { url errors { code field } } }"
    bring = """mutation ($file: Upload!) { cannedRepliesImport(file: $file, dryRun: false) {
      added errors { code field message } } }"""

    def send(personal: str) -> Answer:
        data = f"shortcut,title,personal,text_en\nx,Title,{personal},Hello\n"
        return asker.upload(bring, {"variables.file": SimpleUploadedFile("r.csv", data.encode())}, file=None)

    assert asker.ask(export).refusal("cannedRepliesExport") == ("PERMISSION_DENIED", None)
    assert send("no").refusal("cannedRepliesImport") == ("INVALID", "file")
    assert send("yes").payload("cannedRepliesImport")["added"] == 1


def test_agents_change_no_settings_although_saleor_would_let_them():
    shop = shop_with_key()
    agent = make_role(shop, "Customer support", Role.AGENT)
    query = 'mutation { settingsUpdate(input: {version: 1, senderName: "X"}) { errors { code field } } }'

    assert as_staff(shop, EVERYTHING, member=agent).ask(query).refusal("settingsUpdate") == ("PERMISSION_DENIED", None)
    assert as_staff(shop, EVERYTHING).ask(query).payload("settingsUpdate")


def test_somebody_whose_groups_saleor_has_not_told_sees_nothing_where_there_are_outsourced_people():
    world = Outsourced()
    newcomer = make_staff(world.shop)

    listed = as_staff(world.shop, (ORDERS,), member=newcomer).ask("{ tickets(view: ALL) { totalCount } }")

    assert listed.data["tickets"]["totalCount"] == 0


def test_nobody_gives_more_money_than_their_limit(house: House):
    _placed, ret = received(house)
    emma = staff_of(house)
    shown = seen(emma, ret)
    due, currency = Decimal(str(shown["total"]["amount"])), ret.order.currency
    # What Saleor told of her groups at her first visit.
    rule = RoleRule(shop=ret.shop, group_name="Full Access", role=Role.AGENT, money_limit=due - 1, currency=currency)
    rule.save()

    refused = press(emma, ret, shown["fingerprint"])
    rule.money_limit = due
    rule.save()

    assert refused.refusal("returnSettle") == ("PERMISSION_DENIED", None)
    assert press(emma, ret, shown["fingerprint"]).payload("returnSettle")
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        (Role.ADMINISTRATOR, ["CASES", "DESK", "DOCK", "OFFICE", "LEADERS"]),
        (Role.AGENT, ["CASES", "DESK", "DOCK", "OFFICE"]),
        (Role.OUTSOURCED, ["CASES", "DESK"]),
        (Role.WAREHOUSE, ["CASES", "DOCK"]),
    ],
)
def test_the_asking_person_is_told_what_their_role_opens(role: Role, rooms: list[str]):
    shop = shop_with_key()
    member = make_role(shop, role.label, role)

    answer = as_staff(shop, (ORDERS,), member=member).ask("{ viewer { rooms } }")

    assert answer.data == {"viewer": {"rooms": rooms}}


#: What each page of the Dashboard asks for first, and what it is there to do.
PAGES = {
    "/inbox": ["tickets", "inboxViews", "bulkAction", "staffMembers", "changesSince"],
    "/inbox/calls": ["calls", "ringingCalls"],
    "/inbox/mails": ["inboundMessages"],
    "/returns": ["returns"],
    "/withdrawals": ["withdrawals"],
    "/repairs": ["repairRequests"],
    "/parts": ["sparePartRequests"],
    "/packing": ["ordersToDispatch", "labelProviders", "returnFormsPrint"],
    "/receiving": ["receivingCounts", "receivingReturns", "strayParcels", "receivingBookings"],
    "/settings": ["settings", "connectionHealth"],
    "/settings/channels": ["channelAccounts"],
    "/settings/service-levels": ["businessCalendars", "slaPolicies"],
    "/settings/satisfaction": ["surveyFigures", "surveySettings"],
    "/settings/contacts": ["handledMonth", "handledMonths"],
    "/settings/replies": ["cannedReplies", "cannedReplySave"],
    "/settings/macros": ["macros", "macroSave"],
    "/settings/writing": ["writingPreferences", "writingPreferencesSave"],
    "/settings/team": ["teams", "roleRules", "permissionGroups", "staffProfiles"],
    "/settings/rules": ["rules", "ruleRuns"],
    "/settings/notices": ["noticePreferences", "myAbsences"],
    "/settings/marks": ["tagUses"],
    "/settings/policies": ["returnPolicy"],
    "/settings/reasons": ["returnReasonCatalogue"],
    "/settings/labels": ["labelProviders", "parcelDefaults"],
    "/settings/words": ["shopWords"],
}


def rooms_of_pages() -> dict[str, str]:
    text = (Path(saleor_aftercare.__file__).parent / "dashboard/src/lib/access.ts").read_text()
    return dict(re.findall(r'^  "(/[^"]*)": \{ room: "(\w+)"', text, re.MULTILINE))


def test_the_dashboard_shows_a_page_to_those_roles_whom_the_api_answers_on_it():
    rooms = rooms_of_pages()

    assert {page for page in PAGES if page not in rooms} == {"/settings/notices"}
    for page, asked in PAGES.items():
        answered = {role for role in Role if all(roles.may(role, name) for name in asked)}
        shown = {role for role in Role if page not in rooms or rooms[page] in roles.rooms_of(role)}
        assert (page, shown) == (page, answered)


def test_every_page_of_the_settings_says_who_may_open_it():
    places = (Path(saleor_aftercare.__file__).parent / "dashboard/src/app/places.ts").read_text()

    offered = set(re.findall(r'href: "([^"]+)"', places))
    assert offered <= set(PAGES)
    assert {page for page in PAGES if page.startswith("/settings")} <= offered
