"""The chat window: both sides talk, nobody else listens, and who has left gets the answer by mail."""

import json
import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client

from saleor_aftercare.channels import chat
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, ChatSession
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.inbox import chatting
from saleor_aftercare.inbox.actions.replies import reply
from saleor_aftercare.inbox.models import MessageKind, Presence, Ticket, TicketChannel, TicketMessage, TicketState
from saleor_aftercare.inbox.sla.models import BusinessCalendar
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.people.models import Identity
from tests.make import NOON, make_message, make_shop, make_staff
from tests.make.doors import make_channel

from .conftest import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> ChannelAccount:
    cache.clear()
    return make_channel(kind=ChannelKind.CHAT)


@pytest.fixture
def mei(account) -> StaffMember:
    return make_staff(account.shop, last_seen_at=NOON)


class Visitor:
    """Somebody at the chat window."""

    def __init__(self, account: ChannelAccount, *, language: str = "en") -> None:
        self.client, self.shop, self.token = Client(enforce_csrf_checks=True), account.shop, ""
        self.language, self.serial = language, 0

    def ask(self, door: str, method: str = "post", data=None, **query):
        headers = {"X-Chat-Language": self.language} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        path = f"/portal/{self.shop.handle}/chat/{door}/"
        if method == "get":
            return self.client.get(path, query, headers=headers)
        if data is not None and door == "say":
            return self.client.post(path, data, headers=headers)
        return self.client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)

    def open(self, **data) -> "Visitor":
        self.token = self.ask("open", data=data).json()["token"]
        return self

    def say(self, text: str, *, key: str = "", files=()):
        self.serial += 1
        return self.ask("say", data={"text": text, "key": key or f"key{self.serial:09d}", "files": list(files)})

    def news(self, after: int = 0, **query):
        return self.ask("news", "get", after=after, **query)

    def lines(self, after: int = 0) -> list[tuple[bool, str]]:
        return [(one["mine"], one["html"]) for one in self.news(after).json()["lines"]]


@pytest.fixture
def visitor(account) -> Visitor:
    return Visitor(account).open(page="https://shop.example/mugs?session=secret")


def answer(text: str = "Hello, how can I help?", *, at=NOON, staff: StaffMember | None = None) -> TicketMessage:
    ticket = Ticket.objects.get(channel=TicketChannel.CHAT)
    member = staff or StaffMember.objects.filter(shop=ticket.shop).first() or make_staff(ticket.shop)
    return reply(
        ticket,
        body=text,
        last_seen_message_id=ticket.last_message_id,
        force=True,
        attachments=(),
        at=at,
        staff=member,
    )


def leave(minutes: int = 3) -> None:
    """Time passes without a sign of the visitor's page, and jobs run."""
    for minute in range(1, minutes + 1):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            run_due()


def code_of_mail() -> str:
    letter = OutboundMessage.objects.filter(kind="inbox/chat_code").order_by("-pk").first()
    found = re.search(r"\b\d{6}\b", letter.words().text)
    return found[0] if found else ""


# -- talking ---------------------------------------------------------------------------------------------------


def test_both_sides_talk(visitor, mei):
    said = visitor.say("Do you have blue mugs?")
    answer("**Yes**, two left.")

    assert said.status_code == 201
    assert visitor.lines() == [
        (True, "<p>Do you have blue mugs?</p>"),
        (False, "<p><strong>Yes</strong>, two left.</p>\n"),
    ]
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.subject, ticket.state) == ("chat", "Do you have blue mugs?", TicketState.PENDING)


def test_opening_the_window_alone_opens_no_conversation_and_keeps_no_query_of_the_page(visitor):
    assert not Ticket.objects.exists()
    assert ChatSession.objects.get().page_url == "https://shop.example/mugs"


def test_whoever_gives_no_name_is_a_visitor_and_a_name_that_is_given_replaces_it(visitor):
    visitor.say("Hello")
    assert (Ticket.objects.get().customer_name, TicketMessage.objects.get().author_name) == ("Visitor", "Visitor")

    visitor.ask("email", data={"email": "ana@customer.test", "name": "Ana"})
    visitor.ask("code", data={"code": code_of_mail()})

    assert Ticket.objects.get().customer_name == "Ana"


def test_what_is_sent_twice_is_said_once(visitor):
    answers = [visitor.say("Hello", key="samekey0001").json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert TicketMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_words_sent_in_two_threads_are_said_once(account):
    session = chat.open_chat(account, language="en", page_url="", ip="203.0.113.7", at=NOON)[1]
    start = threading.Barrier(2)

    def speak() -> None:
        start.wait()
        chatting.say(session, "Hello", key="samekey0001", keep_files=list, at=NOON)
        connection.close()

    threads = [threading.Thread(target=speak) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Ticket.objects.count(), TicketMessage.objects.count()) == (1, 1)


def test_a_second_message_stays_in_the_conversation(visitor):
    visitor.say("One")
    visitor.say("Two")

    assert (Ticket.objects.count(), TicketMessage.objects.count()) == (1, 2)


def test_files_come_along(visitor):
    line = visitor.say("", files=[photo()]).json()["line"]

    assert [one["name"] for one in line["files"]] == ["crack.jpg"]
    assert Ticket.objects.get().subject == "Chat"


def test_what_visitors_write_is_text_whatever_it_looks_like(visitor):
    visitor.say("<img src=x onerror=alert(1)> **no**")

    assert visitor.lines() == [(True, "<p>&lt;img src=x onerror=alert(1)&gt; **no**</p>")]


def test_notes_and_lines_of_the_shop_are_not_for_visitors(visitor, mei):
    visitor.say("Hello")
    ticket = Ticket.objects.get()
    make_message(ticket, kind=MessageKind.NOTE, body="Careful: joker")
    make_message(ticket, kind=MessageKind.SYSTEM, body="", event="ticket.assigned")

    assert visitor.lines() == [(True, "<p>Hello</p>")]


def test_an_answer_that_can_still_be_taken_back_is_not_shown(visitor, mei):
    visitor.say("Hello")
    message = answer()
    TicketMessage.objects.filter(pk=message.pk).update(held_until=NOON + timedelta(seconds=10))

    assert visitor.lines() == [(True, "<p>Hello</p>")]


def test_what_a_merge_brought_from_elsewhere_is_not_for_the_visitor(visitor, mei):
    visitor.say("Hello")
    ticket = Ticket.objects.get()
    make_message(ticket, body="My card number is …", source="inbound:7", channel=TicketChannel.EMAIL)
    make_message(ticket, kind=MessageKind.STAFF, body="To somebody else", channel=TicketChannel.EMAIL)

    assert visitor.lines() == [(True, "<p>Hello</p>")]


def test_typing_is_seen_on_both_sides(visitor, mei):
    visitor.say("Hello")
    ticket = Ticket.objects.get()
    Presence.objects.create(ticket=ticket, member=mei, is_writing=True, until=NOON + timedelta(seconds=20))

    assert visitor.news(typing="1").json()["typing"] is True
    assert ChatSession.objects.get().typing_until == NOON + timedelta(seconds=6)
    visitor.news(typing="0")
    assert ChatSession.objects.get().typing_until is None


def test_nothing_new_costs_no_byte_and_few_queries(visitor, mei, django_assert_num_queries):
    visitor.say("Hello")
    version = visitor.news().json()["v"]
    newest = Ticket.objects.get().last_message_id

    with django_assert_num_queries(4):
        nothing = visitor.news(newest, v=version)

    assert (nothing.status_code, nothing.content) == (204, b"")


# -- is anybody there ------------------------------------------------------------------------------------------


def test_somebody_is_there_who_was_seen_just_now(mei, visitor):
    assert visitor.news().json()["here"] is True


def test_nobody_is_there_when_all_were_seen_long_ago(account):
    make_staff(account.shop, last_seen_at=NOON - timedelta(hours=1))

    assert Visitor(account).ask("standing", "get").json() == {"here": False}


def test_outside_the_hours_nobody_is_there_unless_the_shop_says_always(account, mei):
    document = {"time_zone": "Asia/Tokyo", "hours": {"mon": [{"start": "09:00", "end": "18:00"}]}}
    BusinessCalendar.objects.create(shop=account.shop, name="Shop", document=document, is_default=True)
    assert Visitor(account).ask("standing", "get").json() == {"here": False}  # 21:00 in Tokyo

    cache.clear()
    ChannelAccount.objects.update(config={"chat": {"hours": "always"}})
    assert Visitor(account).ask("standing", "get").json() == {"here": True}


def test_another_shops_staff_are_not_here(account):
    make_staff(make_shop(), last_seen_at=NOON)

    assert Visitor(account).ask("standing", "get").json() == {"here": False}


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


# -- the window ------------------------------------------------------------------------------------------------


def test_the_frame_may_stand_on_the_shops_storefronts_and_nowhere_else(account):
    frame = Client().get(f"/portal/{account.shop.handle}/chat/frame/", {"lang": "ja"})

    (origin,) = account.shop.settings.allowed_origins
    assert f"frame-ancestors {origin}" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert '<html lang="ja" class="framed">' in frame.content.decode()
    page = Client().get(f"/portal/{account.shop.handle}/chat/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_shop_without_storefronts_is_framed_by_nobody(account):
    account.shop.settings.__class__.objects.update(allowed_origins=[])

    frame = Client().get(f"/portal/{account.shop.handle}/chat/frame/")

    assert "frame-ancestors 'none'" in frame["Content-Security-Policy"]


def test_the_script_names_the_frame_and_can_be_loaded_anywhere(account):
    ChannelAccount.objects.update(config={"chat": {"color": "#ffd400"}})

    script = Client().get(f"/portal/{account.shop.handle}/chat/widget.js")

    config = json.loads(script.content.decode().partition("=")[2].partition(";\n")[0])
    assert config["frame"].endswith(f"/portal/{account.shop.handle}/chat/frame/")
    assert (config["color"], config["ink"]) == ("#ffd400", "#000000")
    assert config["words"]["ja"]["open"]
    assert script["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert script["Cache-Control"] == "public, max-age=300"
