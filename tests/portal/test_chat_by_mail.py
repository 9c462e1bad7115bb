"""The chat window when somebody has left: by mail, to an address that is proved; and its doors, shut to others."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, ChatSession
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.people.models import Identity
from tests.make import NOON, make_shop, make_staff
from tests.make.doors import make_channel

from .chatting import Visitor, answer, code_of_mail, leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> ChannelAccount:
    cache.clear()
    return make_channel(kind=ChannelKind.CHAT)


@pytest.fixture
def mei(account) -> StaffMember:
    return make_staff(account.shop, last_seen_at=NOON)


@pytest.fixture
def visitor(account) -> Visitor:
    return Visitor(account).open(page="https://shop.example/mugs?session=secret")


# -- by mail ---------------------------------------------------------------------------------------------------


def test_an_answer_that_was_read_goes_nowhere_else(visitor, mei):
    visitor.say("Hello")
    visitor.ask("email", data={"email": "ana@customer.test"})
    answer()
    visitor.news(shown=Ticket.objects.get().last_message_id)
    leave()

    assert not OutboundMessage.objects.filter(kind="inbox/reply").exists()


def test_who_has_left_gets_by_mail_what_they_did_not_read_and_nothing_that_was_said_before(visitor, mei):
    visitor.say("My secret question")
    visitor.ask("email", data={"email": "Ana@Customer.test"})
    answer("Here is the answer.")
    leave()

    letter = OutboundMessage.objects.get(kind="inbox/reply")
    assert (letter.to_email, letter.subject_type) == ("ana@customer.test", "ticket")
    assert "Here is the answer." in letter.text
    assert "secret" not in letter.text
    assert "secret" not in letter.html
    assert TicketMessage.objects.get(kind=MessageKind.STAFF).outbound == letter
    assert TicketMessage.objects.filter(event="chat.mailed").count() == 1


def test_several_unread_answers_are_one_mail_and_are_mailed_once(visitor, mei):
    visitor.say("Hello")
    visitor.ask("email", data={"email": "ana@customer.test"})
    answer("First.")
    answer("Second.", at=NOON + timedelta(seconds=5))
    leave(5)

    (letter,) = OutboundMessage.objects.filter(kind="inbox/reply")
    assert "First.\n\nSecond." in letter.text


def test_who_is_still_there_gets_no_mail(visitor, mei):
    visitor.say("Hello")
    visitor.ask("email", data={"email": "ana@customer.test"})
    answer()
    for minute in range(1, 4):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            visitor.news()  # the page is open and has not shown it: the tab is hidden
            run_due()

    assert not OutboundMessage.objects.filter(kind="inbox/reply").exists()


def test_who_left_no_address_is_said_to_be_gone(visitor, mei):
    visitor.say("Hello")
    answer()
    leave()

    assert list(TicketMessage.objects.filter(kind=MessageKind.SYSTEM).values_list("event", flat=True)) == ["chat.left"]
    assert not OutboundMessage.objects.exists()


# -- the address -----------------------------------------------------------------------------------------------


def test_an_address_is_nobodys_until_a_code_proves_it(visitor):
    visitor.say("Hello")
    known = visitor.ask("email", data={"email": "ana@customer.test", "name": "Ana"}).json()

    assert known == {"email": "ana@customer.test", "proved": False}
    assert (Ticket.objects.get().person, Ticket.objects.get().customer_email) == (None, "")
    assert not Identity.objects.exists()

    assert visitor.ask("code", data={"code": f" {code_of_mail()} "}).json()["proved"] is True

    ticket, identity = Ticket.objects.get(), Identity.objects.get()
    assert (ticket.person, ticket.customer_email) == (identity.person, "ana@customer.test")
    assert (identity.value, identity.verified_at) == ("ana@customer.test", NOON)


@pytest.mark.parametrize("code", ["", "000000x", "٠٠٠", "abc"])
def test_a_wrong_code_proves_nothing(visitor, code):
    visitor.ask("email", data={"email": "ana@customer.test"})

    wrong = visitor.ask("code", data={"code": code})

    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "code")
    assert ChatSession.objects.get().email_verified_at is None


def test_five_wrong_codes_end_the_right_one(visitor):
    visitor.ask("email", data={"email": "ana@customer.test"})
    right = code_of_mail()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _try in range(5):
        visitor.ask("code", data={"code": wrong})

    assert visitor.ask("code", data={"code": right}).status_code == 400


def test_a_code_is_good_for_a_quarter_of_an_hour(visitor):
    visitor.ask("email", data={"email": "ana@customer.test"})

    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        assert visitor.ask("code", data={"code": code_of_mail()}).status_code == 400


def test_a_code_for_one_address_does_not_prove_the_next(visitor):
    visitor.ask("email", data={"email": "ana@customer.test"})
    first = code_of_mail()
    visitor.ask("email", data={"email": "bob@customer.test"})

    assert visitor.ask("code", data={"code": first}).status_code == 400


def test_the_code_stands_in_the_mail_and_nowhere_else(visitor):
    visitor.ask("email", data={"email": "ana@customer.test"})

    letter = OutboundMessage.objects.get()
    assert code_of_mail() not in letter.text
    assert code_of_mail() not in ChatSession.objects.get().code_digest


def test_a_mailbox_gets_five_codes_an_hour_whoever_asks(account):
    statuses = [Visitor(account).open().ask("email", data={"email": "ana@customer.test"}).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]


def test_the_conversation_is_mailed_to_a_proved_address_only(visitor, mei):
    visitor.say("Hello")
    answer("Good day.")
    visitor.ask("email", data={"email": "ana@customer.test"})
    assert visitor.ask("transcript").status_code == 403

    visitor.ask("code", data={"code": code_of_mail()})
    assert visitor.ask("transcript").status_code == 204

    letter = OutboundMessage.objects.get(kind="inbox/chat_transcript")
    assert letter.to_email == "ana@customer.test"
    assert "Hello" in letter.text
    assert "Good day." in letter.text


# -- doors -----------------------------------------------------------------------------------------------------


def test_an_ended_chat_is_over(visitor):
    visitor.say("Hello")
    assert visitor.ask("end").status_code == 204

    assert visitor.news().status_code == 401
    assert visitor.say("Again").status_code == 401


def test_a_page_that_was_left_for_two_hours_begins_anew(visitor):
    visitor.say("Hello")

    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert visitor.news().status_code == 401


@pytest.mark.parametrize("token", ["", "x", "acchat_x", "ä" * 3])
def test_without_a_token_nothing_is_told(account, visitor, token):
    visitor.say("Hello")
    stranger = Visitor(account)
    stranger.token = token.encode().decode("latin-1")

    assert stranger.news().status_code == 401


def test_another_shops_window_does_not_know_the_token(visitor):
    visitor.say("Hello")
    stranger = Visitor(make_channel(make_shop(), ChannelKind.CHAT))
    stranger.token = visitor.token

    assert stranger.news().status_code == 401


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"text": "", "key": "key00000001"}, "text"),
        ({"text": "x" * 4001, "key": "key00000001"}, "text"),
        ({"text": "x", "key": ""}, "key"),
        ({"text": "x", "key": "../../../..", "files": []}, "key"),
    ],
)
def test_what_cannot_be_said_names_its_field(visitor, data, field):
    refused = visitor.ask("say", data=data)

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "-1"}, {"shown": "9" * 30}])
def test_numbers_that_are_none_are_named(visitor, query):
    assert visitor.ask("news", "get", **query).status_code == 400


def test_a_visitor_who_writes_too_fast_has_to_wait(visitor):
    statuses = [visitor.say(f"{n}").status_code for n in range(31)]

    assert statuses == [201] * 30 + [429]


def test_one_address_opens_ten_windows_in_ten_minutes(account):
    statuses = [Visitor(account).ask("open").status_code for _ in range(11)]

    assert statuses == [201] * 10 + [429]


@pytest.mark.parametrize("body", ["[]", "x", "[" * 5000, '{"page": 7}', '{"name": "' + "x" * 300 + '"}'])
def test_a_body_that_is_none_is_refused(account, body):
    path = f"/portal/{account.shop.handle}/chat/open/"

    assert Client().post(path, body, content_type="application/json").status_code == 400


def test_a_chat_that_is_switched_off_has_no_door(account):
    ChannelAccount.objects.update(enabled=False)
    handle = account.shop.handle

    paths = ["", "frame/", "widget.js", "standing/"]
    assert {Client().get(f"/portal/{handle}/chat/{path}").status_code for path in paths} == {404}
    assert Visitor(account).ask("open").status_code == 404
