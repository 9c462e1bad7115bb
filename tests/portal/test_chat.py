"""The chat window: both sides talk, and nobody else listens."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from saleor_aftercare.channels import chat
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind, ChatSession
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.inbox import chatting
from saleor_aftercare.inbox.models import MessageKind, Presence, Ticket, TicketChannel, TicketMessage, TicketState
from saleor_aftercare.inbox.sla.models import BusinessCalendar
from tests.make import NOON, make_message, make_shop, make_staff
from tests.make.doors import make_channel

from .chatting import Visitor, answer, code_of_mail
from .conftest import photo

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
