"""Calls, visitors at the chat window and the contact form, over the API."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine

from saleor_aftercare.channels.models import Call, CallOutcome, ChannelKind, ChatSession
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketState
from saleor_aftercare.people.models import Identity, Person
from tests.graphql.api import Asker, as_staff, nobody, shop_with_key
from tests.make import DAY, NOON, make_message, make_order, make_shop, make_staff, make_ticket
from tests.make.doors import make_call, make_channel

pytestmark = pytest.mark.django_db

CALL = "id isInbound number numberShown outcome durationSeconds person { name } member { name } ticket { number }"
LIST = f"query($which: CallList!) {{ calls(which: $which) {{ edges {{ node {{ {CALL} }} }} }} }}"
LOG = f"""mutation($input: CallInput!) {{
  callLog(input: $input) {{ call {{ {CALL} callBackAt }} ticket {{ number state }} errors {{ field code }} }} }}"""


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@dataclass
class Desk:
    """Somebody of a shop's staff, and the shop."""

    shop: Shop
    member: StaffMember
    asker: Asker

    def data(self, query: str, **variables):
        return self.asker.ask(query, **variables).data


@pytest.fixture
def mei() -> Desk:
    shop = shop_with_key()
    member = make_staff(shop)
    return Desk(shop, member, as_staff(shop, member=member))


def known(desk: Desk, number: str = "+81312345678", name: str = "山田 花子") -> Person:
    person = Person.objects.create(shop=desk.shop, name=name, created_at=NOON)
    Identity.objects.create(shop=desk.shop, person=person, kind="phone", value=number, created_at=NOON)
    return person


def names(found) -> list[str]:
    return [edge["node"]["number"] for edge in found["calls"]["edges"]]


def test_the_lists_hold_what_they_say(mei):
    make_call(mei.shop, number="+811", started_at=NOON - 3 * DAY)
    make_call(mei.shop, number="+812", outcome=CallOutcome.MISSED, started_at=NOON - DAY)
    make_call(mei.shop, number="+813", outcome=CallOutcome.MISSED, is_inbound=False, started_at=NOON - 2 * DAY)
    make_call(mei.shop, number="+814", call_back_at=NOON, started_at=NOON)
    make_call(mei.shop, number="+815", call_back_at=NOON, called_back_at=NOON, started_at=NOON - 4 * DAY)
    make_call(make_shop(), number="+816")

    assert names(mei.data(LIST, which="ALL")) == ["+814", "+812", "+813", "+811", "+815"]
    assert names(mei.data(LIST, which="MISSED")) == ["+812"]
    assert names(mei.data(LIST, which="CALL_BACK")) == ["+814"]
    assert mei.data("{ callBackCount }") == {"callBackCount": 1}


def test_a_page_of_calls_costs_the_same_for_one_and_for_many(mei, django_assert_num_queries):
    def one() -> None:
        number = f"+8190{Call.objects.count():08d}"
        person = known(mei, number)
        call = make_call(mei.shop, number=number, person=person, member=mei.member)
        make_message(make_ticket(shop=mei.shop, person=person), call=call)

    one()
    mei.data(LIST, which="ALL")
    with django_assert_num_queries(9):
        mei.data(LIST, which="ALL")
    for _ in range(5):
        one()
    with django_assert_num_queries(9):
        assert len(mei.data(LIST, which="ALL")["calls"]["edges"]) == 6


def test_a_call_is_noted_with_its_promise(mei):
    at = (NOON + timedelta(hours=2)).isoformat()
    given = {"isInbound": True, "number": "+81 3-1234-5678", "outcome": "ANSWERED", "note": "Later", "callBackAt": at}

    payload = mei.data(LOG, input=given)["callLog"]

    assert payload["errors"] == []
    assert (payload["call"]["number"], payload["call"]["callBackAt"]) == ("+81312345678", at)
    assert payload["ticket"] == {"number": Ticket.objects.get().number, "state": "PENDING"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": "call me"}, "number"),
        ({"callBackAt": "2025-06-01T00:00:00Z"}, "callBackAt"),
        ({"durationSeconds": -1}, "durationSeconds"),
        ({"startedAt": "2024-06-01T00:00:00Z"}, "startedAt"),
        ({"ticketId": "VGlja2V0OjA="}, "ticketId"),
        ({"personId": "x"}, "personId"),
    ],
)
def test_what_cannot_be_noted_names_its_field(mei, given, field):
    payload = mei.data(LOG, input={"isInbound": True, "outcome": "ANSWERED"} | given)["callLog"]

    assert [one["field"] for one in payload["errors"]] == [field]
    assert not Call.objects.exists()


def test_a_call_back_is_put_off_done_and_taken_back(mei):
    call = make_call(mei.shop, call_back_at=NOON + DAY)
    ident = to_global_id("Call", call.pk)
    put = "mutation($id: ID!, $at: DateTime) { callBackSet(id: $id, at: $at) { call { callBackAt } errors { field } } }"
    done = "mutation($id: ID!) { callBackDone(id: $id) { call { calledBackAt } errors { field } } }"

    later = mei.data(put, id=ident, at=(NOON + 2 * DAY).isoformat())["callBackSet"]
    assert later["call"]["callBackAt"] == (NOON + 2 * DAY).isoformat()
    assert mei.data(done, id=ident)["callBackDone"]["call"]["calledBackAt"] == NOON.isoformat()
    assert mei.data(put, id=ident, at=None)["callBackSet"]["call"]["callBackAt"] is None


def test_another_shops_call_does_not_exist(mei):
    ident = to_global_id("Call", make_call(make_shop(), call_back_at=NOON).pk)
    done = "mutation($id: ID!) { callBackDone(id: $id) { errors { code } } }"

    assert mei.data(done, id=ident)["callBackDone"]["errors"] == [{"code": "NOT_FOUND"}]


def test_who_calls_is_known_by_the_number_however_it_is_written(mei):
    known(mei)
    make_call(mei.shop, number="+81312345678")
    ask = "query($number: String!) { caller(number: $number) { number numberShown person { name } calls { number } } }"

    assert mei.data(ask, number="+81 (3) 1234-5678")["caller"] == {
        "number": "+81312345678",
        "numberShown": "03-1234-5678",
        "person": {"name": "山田 花子"},
        "calls": [{"number": "+81312345678"}],
    }
    assert mei.data(ask, number="hello") == {"caller": None}


def test_what_rings_now_is_told(mei):
    make_call(mei.shop, number="+811", outcome="", duration_s=None)
    make_call(mei.shop, number="+812")

    assert mei.data("{ ringingCalls { number } }") == {"ringingCalls": [{"number": "+811"}]}


# -- visitors --------------------------------------------------------------------------------------------------


def test_staff_see_who_is_at_the_other_end(mei):
    account = make_channel(mei.shop, ChannelKind.CHAT)
    ticket = make_ticket(shop=mei.shop, channel=TicketChannel.CHAT, number=7)
    ChatSession.objects.create(
        shop=mei.shop,
        account=account,
        token_digest="d",
        ticket_id=ticket.pk,
        language="en",
        visitor_email="ana@customer.test",
        page_url="https://shop.example/mugs",
        seen_at=NOON,
        typing_until=NOON + timedelta(seconds=3),
        created_at=NOON,
    )
    ask = "{ ticket(number: 7) { visitor { present typing email emailProved pageUrl } } }"

    assert mei.data(ask)["ticket"]["visitor"] == {
        "present": True,
        "typing": True,
        "email": "ana@customer.test",
        "emailProved": False,
        "pageUrl": "https://shop.example/mugs",
    }
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert mei.data(ask)["ticket"]["visitor"]["present"] is False


# -- the contact form ------------------------------------------------------------------------------------------

SEND = "mutation($input: ContactFormInput!) { contactFormSend(input: $input) { errors { field code } } }"


def test_a_storefront_sends_the_form_for_anybody(mei):
    make_channel(mei.shop, ChannelKind.FORM)
    make_order(mei.shop, number="1042", email="ana@customer.test")
    visitor = nobody(mei.shop)
    form = visitor.ask('{ contactForm(language: "ja") { token topics maxFiles maxFileBytes } }').data["contactForm"]
    assert (len(form["topics"]), form["maxFiles"], form["maxFileBytes"]) == (6, 6, 10_485_760)

    with time_machine.travel(NOON + timedelta(seconds=20), tick=False):
        given = {
            "token": form["token"],
            "name": "Ana",
            "email": "ana@customer.test",
            "message": "Where is it?",
            "orderNumber": "1042",
            "topic": form["topics"][0],
            "language": "ja",
        }
        assert visitor.ask(SEND, input=given).data["contactFormSend"]["errors"] == []

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.state, ticket.order.number) == (TicketChannel.FORM, TicketState.NEW, "1042")
    assert (ticket.language, ticket.subject) == ("ja", form["topics"][0])


def test_the_form_names_what_is_wrong(mei):
    make_channel(mei.shop, ChannelKind.FORM)
    visitor = nobody(mei.shop)
    token = visitor.ask("{ contactForm { token } }").data["contactForm"]["token"]
    given = {"token": token, "name": "Ana", "email": "no", "message": "Hello"}

    assert visitor.ask(SEND, input=given).data["contactFormSend"]["errors"] == [{"field": "email", "code": "INVALID"}]
    assert not Ticket.objects.exists()


def test_a_shop_without_a_form_says_so(mei):
    assert nobody(mei.shop).ask("{ contactForm { token } }").data == {"contactForm": None}
