"""What staff change about conversations through the API, and how much that costs the database."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import CaseKind, Tag, Ticket, TicketMerge, TicketState
from saleor_aftercare.people.actions import person_of_order
from saleor_aftercare.people.models import Person
from tests.graphql.api import Asker, as_staff, shop_with_key
from tests.make import NOON, make_message, make_order, make_return, make_ticket

pytestmark = pytest.mark.django_db


def tid(ticket: Ticket) -> str:
    return to_global_id("Ticket", ticket.pk)


@pytest.fixture
def shop() -> Shop:
    return shop_with_key()


@pytest.fixture
def api(shop: Shop) -> Asker:
    return as_staff(shop)


UPDATE = """mutation($id: ID!, $input: TicketUpdateInput!) { ticketUpdate(id: $id, input: $input) {
  ticket { state subject language priority tags { name } fields { definition { key label } value } }
  errors { field code message } } }"""


def test_one_call_marks_describes_and_solves(shop: Shop, api: Asker):
    ticket = make_ticket(shop=shop)
    draft = actions.FieldDraft(key="cause", kind="text", labels={"en": "Cause", "ja": "原因"}, required_to_solve=True)
    actions.save_field(shop, draft)
    given = {
        "action": "solve",
        "subject": "Broken glass",
        "language": "ja",
        "priority": "URGENT",
        "addTags": ["Glass", "glass", "Broken"],
        "fields": [{"key": "cause", "value": "Transport"}],
    }

    answer = api.ask(UPDATE, id=tid(ticket), input=given).data["ticketUpdate"]

    assert answer["errors"] == []
    assert answer["ticket"] == {
        "state": "SOLVED",
        "subject": "Broken glass",
        "language": "ja",
        "priority": "URGENT",
        "tags": [{"name": "Broken"}, {"name": "Glass"}],
        "fields": [{"definition": {"key": "cause", "label": "Cause"}, "value": "Transport"}],
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"action": "explode"}, "action"),
        ({"action": "solve"}, "fields.cause"),
        ({"subject": " "}, "subject"),
        ({"language": "japanese"}, "language"),
        ({"addTags": ["a,b"]}, "addTags"),
        ({"addTags": ["x"] * 101}, "addTags"),
        ({"removeTags": ["nonsense"]}, "removeTags"),
        ({"fields": [{"key": "nope", "value": "x"}]}, "fields.nope"),
        ({"personId": "UGVyc29uOjE="}, "personId"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_happens(shop: Shop, api: Asker, given: dict[str, Any], field: str):
    ticket = make_ticket(shop=shop)
    actions.save_field(
        shop, actions.FieldDraft(key="cause", kind="text", labels={"en": "Cause"}, required_to_solve=True)
    )

    answer = api.ask(UPDATE, id=tid(ticket), input={"priority": "HIGH", **given}).data["ticketUpdate"]

    assert [one["field"] for one in answer["errors"]] == [field]
    held = Ticket.objects.get(pk=ticket.pk)
    assert (held.state, held.priority, held.subject) == (TicketState.NEW, 1, "Hand grinder")
    assert not Tag.objects.exists()


def test_a_preset_is_what_the_shops_clock_says(shop: Shop, api: Asker):
    ticket = make_ticket(shop=shop)
    snooze = """mutation($id: ID!, $preset: SnoozePreset, $until: DateTime) {
      ticketSnooze(id: $id, preset: $preset, until: $until) { ticket { state wakeAt } errors { field } } }"""

    presets = api.ask("{ snoozePresets { preset at } }").data["snoozePresets"]
    answer = api.ask(snooze, id=tid(ticket), preset="TOMORROW").data["ticketSnooze"]
    neither = api.ask(snooze, id=tid(ticket)).data["ticketSnooze"]

    tomorrow = next(one["at"] for one in presets if one["preset"] == "TOMORROW")
    assert answer["ticket"] == {"state": "ON_HOLD", "wakeAt": tomorrow}
    assert neither["errors"] == [{"field": "until"}]


def test_conversations_are_merged_and_parted_again(shop: Shop, api: Asker):
    kept, other, third = (make_ticket(shop=shop, customer_email="ada@customer.test") for _ in range(3))
    merge = """mutation($id: ID!, $others: [ID!]!) { ticketsMerge(id: $id, otherIds: $others) {
      ticket { id merges { isSplit other { id state mergedInto { id } } } } merges { id } errors { field code } } }"""

    answer = api.ask(merge, id=tid(kept), others=[tid(other), tid(third)]).data["ticketsMerge"]
    assert answer["errors"] == []
    gone = {"state": "MERGED", "mergedInto": {"id": tid(kept)}}
    assert [one["other"] for one in answer["ticket"]["merges"]] == [
        {"id": tid(third), **gone},
        {"id": tid(other), **gone},
    ]

    undo = "mutation($id: ID!) { ticketMergeUndo(id: $id) { other { id state } errors { field } } }"
    back = api.ask(undo, id=answer["merges"][0]["id"]).data["ticketMergeUndo"]
    assert back == {"other": {"id": tid(other), "state": "NEW"}, "errors": []}

    stranger = make_ticket(shop=shop)
    refused = api.ask(merge, id=tid(kept), others=[tid(stranger)]).data["ticketsMerge"]
    assert [one["code"] for one in refused["errors"]] == ["REFUSED"]
    assert TicketMerge.objects.filter(undone_at=None).count() == 1


def test_a_message_becomes_a_conversation_of_its_own(shop: Shop, api: Asker):
    ticket = make_ticket(shop=shop)
    message = make_message(ticket, body="Do you sell spoons?")

    answer = api.ask(
        """mutation($id: ID!, $messages: [ID!]!) { ticketSplit(id: $id, messageIds: $messages, subject: "Spoons") {
          other { subject messages { edges { node { kind body } } } } errors { field } } }""",
        id=tid(ticket),
        messages=[to_global_id("TicketMessage", message.pk)],
    ).data["ticketSplit"]

    assert answer["errors"] == []
    spoken = [edge["node"] for edge in answer["other"]["messages"]["edges"]]
    assert spoken[0] == {"kind": "CUSTOMER", "body": "Do you sell spoons?"}


def test_a_case_moves_into_the_conversation_of_its_customer(shop: Shop, api: Asker):
    ret = make_return(make_order(shop=shop))
    ticket = make_ticket(ret.order)
    elsewhere = make_ticket(ret.order, about=(CaseKind.RETURN, ret.pk))

    answer = api.ask(
        """mutation($id: ID!, $case: ID!) { ticketCaseLink(id: $id, caseId: $case) {
          ticket { returns { number } } errors { field } } }""",
        id=tid(ticket),
        case=to_global_id("Return", ret.pk),
    ).data["ticketCaseLink"]

    assert answer == {"ticket": {"returns": [{"number": ret.number}]}, "errors": []}
    assert not elsewhere.links.exists()


# -- persons -------------------------------------------------------------------------------------------------------

PERSON = """{ tickets { edges { node { person {
  name isVip orderCount returnCount ordersValue { amount currency } ticketCount storeCredit { amount }
  identities { kind value } orders(first: 3) { number } tickets(first: 3) { number } lastMerge { byName }
} } } } }"""


def test_a_list_of_conversations_tells_all_about_its_persons_in_as_many_queries_as_one(
    shop: Shop, api: Asker, django_assert_max_num_queries: Any
):
    def story() -> None:
        ret = make_return(make_order(shop=shop))
        make_ticket(ret.order, person=person_of_order(ret.order, at=NOON))

    story()
    with django_assert_max_num_queries(40) as one:
        first = api.ask(PERSON).data["tickets"]["edges"][0]["node"]["person"]
    for _ in range(4):
        story()
    with django_assert_max_num_queries(40) as five:
        api.ask(PERSON)

    assert (first["orderCount"], first["returnCount"], first["ticketCount"]) == (1, 1, 1)
    assert len(five) == len(one)


def test_persons_are_described_merged_and_parted(shop: Shop, api: Asker):
    mei, again = (person_of_order(make_order(shop=shop), at=NOON) for _ in range(2))
    assert mei is not None
    assert again is not None
    ids = {"id": to_global_id("Person", mei.pk), "other": to_global_id("Person", again.pk)}

    described = api.ask(
        """mutation($id: ID!) { personUpdate(id: $id, input: {isVip: true, note: "Calls"}) {
          person { isVip note } errors { field } } }""",
        id=ids["id"],
    ).data["personUpdate"]
    merged = api.ask(
        """mutation($id: ID!, $other: ID!) { personsMerge(id: $id, otherId: $other) {
          person { orderCount lastMerge { id } } errors { field } } }""",
        **ids,
    ).data["personsMerge"]
    found = api.ask("query($other: ID!) { person(id: $other) { id } }", other=ids["other"]).data["person"]
    parted = api.ask(
        "mutation($id: ID!) { personMergeUndo(id: $id) { other { id orderCount } errors { field } } }",
        id=merged["person"]["lastMerge"]["id"],
    ).data["personMergeUndo"]

    assert described["person"] == {"isVip": True, "note": "Calls"}
    assert merged["person"]["orderCount"] == 2
    assert found == {"id": ids["id"]}
    assert parted == {"other": {"id": ids["other"], "orderCount": 1}, "errors": []}


def test_a_person_of_another_shop_does_not_exist(api: Asker):
    stranger = person_of_order(make_order(), at=NOON)
    assert stranger is not None

    answer = api.ask(
        "mutation($id: ID!) { personUpdate(id: $id, input: {isVip: true}) { errors { code field } } }",
        id=to_global_id("Person", stranger.pk),
    ).data["personUpdate"]

    assert answer["errors"] == [{"code": "NOT_FOUND", "field": "id"}]
    assert not Person.objects.filter(is_vip=True).exists()
