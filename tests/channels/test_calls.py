"""Telephone systems tell of calls twice, late and in any order; what stands afterwards is the same."""

import itertools
import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.channels import calls
from saleor_aftercare.channels.accounts import hook_url
from saleor_aftercare.channels.models import Call, CallOutcome, ChannelAccount, ChannelKind
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event
from saleor_aftercare.core.signatures import HEADER, signature
from saleor_aftercare.inbox.actions.calls import file_call, log_call
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.people.models import Identity, Person
from saleor_aftercare.team.models import Notice
from tests.make import DAY, NOON, make_shop, make_staff, make_ticket
from tests.make.doors import make_channel

pytestmark = pytest.mark.django_db

NUMBER = "+819012345678"
RINGING = {"event": "ringing", "at": NOON.isoformat()}
ANSWERED = {"event": "answered", "at": (NOON + timedelta(seconds=10)).isoformat()}
ENDED = {"event": "ended", "at": (NOON + timedelta(seconds=130)).isoformat()}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def account() -> ChannelAccount:
    return make_channel(kind=ChannelKind.PHONE, incoming="cti", name="Telephone")


def tell(account: ChannelAccount, *, headers: dict[str, str] | None = None, raw: bytes | None = None, **values):
    news = {"call_id": "c1", "event": "ringing", "direction": "inbound", "number": "090-1234-5678"} | values
    path = hook_url(account, "calls").partition("://")[2].partition("/")[2]
    body = raw if raw is not None else json.dumps(news).encode()
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/{path}", body, content_type="application/json", headers=headers or {})


def known(account: ChannelAccount, name: str = "山田 花子", number: str = NUMBER) -> Person:
    person = Person.objects.create(shop=account.shop, name=name, language="ja", created_at=NOON)
    Identity.objects.create(shop=account.shop, person=person, kind="phone", value=number, created_at=NOON)
    return person


def lines() -> list[tuple[str, str]]:
    return list(TicketMessage.objects.order_by("pk").values_list("kind", "body"))


def test_a_call_that_was_answered_is_a_contact_and_its_answer(account):
    person = known(account)
    member = make_staff(account.shop, email="mei@komorebi.test")
    for step in (RINGING, ANSWERED | {"agent": "Mei@komorebi.test"}, ENDED):
        assert tell(account, **step).status_code == 200
    run_due()

    call = Call.objects.get()
    assert (call.number, call.person, call.member, call.outcome) == (NUMBER, person, member, CallOutcome.ANSWERED)
    assert (call.started_at, call.duration_s) == (NOON, 120)
    ticket = Ticket.objects.get()
    assert (ticket.person, ticket.channel, ticket.state, ticket.assignee) == (person, "phone", "pending", member)
    assert lines() == [("customer", "Called the shop."), ("staff", "We talked on the telephone for 2 minutes.")]
    assert Event.objects.get(kind="ticket.staff_answered").data["staff"] == member.pk


def test_a_missed_call_waits_for_an_answer(account):
    tell(account, **RINGING)
    tell(account, **ENDED)
    run_due()

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.unread, Call.objects.get().outcome) == (TicketState.NEW, True, CallOutcome.MISSED)
    assert lines() == [("customer", "Called the shop; nobody took the call.")]


def test_a_withheld_number_that_nobody_answered_leads_to_no_conversation(account):
    for step in (RINGING, ENDED):
        tell(account, number="anonymous", **step)
    run_due()

    assert (Call.objects.get().number, Ticket.objects.count()) == ("", 0)


def test_every_order_of_the_steps_comes_to_the_same(account):
    found = set()
    for n, order in enumerate(itertools.permutations([RINGING, ANSWERED, ENDED])):
        for step in order:
            tell(account, call_id=f"c{n}", **step)
        call = Call.objects.get(external_id=f"c{n}")
        found.add((call.started_at, call.answered_at, call.ended_at, call.outcome, call.duration_s))
    run_due()

    assert found == {
        (
            NOON,
            NOON + timedelta(seconds=10),
            NOON + timedelta(seconds=130),
            "answered",
            120,
        )
    }
    assert TicketMessage.objects.filter(kind=MessageKind.STAFF).count() == 6


@given(steps=st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_repeated_and_shuffled_steps_depend_on_which_came_and_on_nothing_else(account, steps):
    def outcome(some):
        Call.objects.all().delete()
        for step in some:
            news = calls.read_news(
                {"call_id": "x", "direction": "inbound", "number": NUMBER, **[RINGING, ANSWERED, ENDED][step]},
                region="JP",
                at=NOON + timedelta(minutes=5),
            )
            call = calls.tell(account, news, at=NOON)
        return (call.started_at, call.answered_at, call.ended_at, call.outcome, call.duration_s)

    assert outcome(steps) == outcome(sorted(set(steps)))


def test_the_telephone_systems_own_outcome_counts(account):
    tell(account, **ENDED, outcome="voicemail")
    run_due()

    assert lines() == [("customer", "Called the shop and left a message on the answering machine.")]


def test_a_call_to_a_customer_that_nobody_took_is_a_line_for_the_shop(account):
    known(account)
    for step in (RINGING, ENDED):
        tell(account, direction="outbound", **step)
    run_due()

    line = TicketMessage.objects.get()
    assert (line.kind, line.event, line.event_data) == (MessageKind.SYSTEM, "call.no_answer", {"number": NUMBER})
    assert (line.call, Ticket.objects.get().unread) == (Call.objects.get(), False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"call_id": ""}, "call_id"),
        ({"call_id": 7}, "call_id"),
        ({"call_id": "x" * 121}, "call_id"),
        ({"call_id": "a\x00"}, "call_id"),
        ({"event": "hungup"}, "event"),
        ({"event": None}, "event"),
        ({"direction": "sideways"}, "direction"),
        ({"number": 81}, "number"),
        ({"number": "1" * 61}, "number"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2025-06-02T12:00:00"}, "at"),
        ({"at": (NOON + DAY).isoformat()}, "at"),
        ({"at": (NOON - 40 * DAY).isoformat()}, "at"),
        ({"outcome": "eaten"}, "outcome"),
        ({"duration_s": -1}, "duration_s"),
        ({"duration_s": "12"}, "duration_s"),
        ({"duration_s": True}, "duration_s"),
        ({"agent": ["a"]}, "agent"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(account, changes, field):
    answer = tell(account, **changes)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert not Call.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"[" * 9000, b"x" * 30_000])
def test_a_body_that_is_none_is_refused(account, raw):
    assert tell(account, raw=raw).status_code == 400


def test_an_account_with_a_secret_takes_only_what_is_signed(account):
    signed = make_channel(
        account.shop, ChannelKind.PHONE, incoming="cti", fields={"cti": {"secret": "sixteen-letters!"}}
    )
    body = json.dumps({"call_id": "s", "direction": "inbound", "number": NUMBER, **RINGING}).encode()
    now = NOON + timedelta(minutes=5)

    assert tell(signed, raw=body).status_code == 401
    assert tell(signed, raw=body, headers={HEADER: signature("another-secret!!", body, at=now)}).status_code == 401
    assert tell(signed, raw=body, headers={HEADER: signature("sixteen-letters!", body, at=now)}).status_code == 200


def test_two_systems_of_a_shop_may_use_the_same_ids(account):
    other = make_channel(account.shop, ChannelKind.PHONE, incoming="cti")
    tell(account, **RINGING)
    tell(other, **RINGING)

    assert Call.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_step_in_two_threads_is_one_call_and_one_event(account):
    news = calls.read_news(
        {"call_id": "x", "direction": "inbound", "number": NUMBER, **ENDED},
        region="JP",
        at=NOON + timedelta(minutes=5),
    )
    start = threading.Barrier(2)

    def deliver() -> None:
        start.wait()
        calls.tell(account, news, at=NOON)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Call.objects.count(), Event.objects.filter(kind="channel.call_ended").count()) == (1, 1)


def test_what_rings_now_is_known_until_it_ends_or_was_forgotten(account):
    now = NOON + timedelta(minutes=5)
    tell(account, call_id="old", **RINGING)
    tell(account, call_id="now", event="ringing", at=now.isoformat())
    tell(account, call_id="talk", event="answered", at=(NOON - timedelta(hours=1)).isoformat())
    tell(account, call_id="over", event="ended", at=now.isoformat())

    assert [one.external_id for one in calls.ringing(account.shop, at=now)] == ["now", "talk"]


# -- noted by staff --------------------------------------------------------------------------------------------


def note(account: ChannelAccount, **values):
    member = values.pop("staff", None) or make_staff(account.shop)
    given = {
        "ticket": None,
        "person": None,
        "is_inbound": True,
        "number": "０９０-１２３４-５６７８",
        "outcome": "answered",
        "started_at": NOON,
        "duration_s": 60,
        "note": "Wants a blue one instead.",
        "call_back_at": None,
        "at": NOON,
    }
    return log_call(account.shop, staff=member, **(given | values))


def test_a_noted_call_is_a_contact_an_answer_and_a_note_that_stays_in_the_shop(account):
    note(account)

    assert lines() == [
        ("customer", "Called the shop."),
        ("staff", "We talked on the telephone for 1 minute."),
        ("note", "Wants a blue one instead."),
    ]
    assert (Call.objects.get().number, Ticket.objects.get().state) == (NUMBER, TicketState.PENDING)


def test_a_call_is_noted_in_the_conversation_that_it_was_about(account):
    ticket = make_ticket(shop=account.shop)

    message = note(account, ticket=ticket, is_inbound=False)

    assert (message.ticket, message.kind) == (ticket, MessageKind.STAFF)
    assert Ticket.objects.count() == 1


def test_whoever_is_unknown_is_called_by_their_number_as_it_is_written_at_home(account):
    assert note(account).ticket.customer_name == "090-1234-5678"
    assert note(account, number="").ticket.customer_name == "Number withheld"


def test_a_person_who_is_known_by_the_number_is_found(account):
    person = known(account)

    assert note(account).ticket.person == person


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "call me"}, "number"),
        ({"outcome": "maybe"}, "outcome"),
        ({"started_at": NOON + DAY}, "startedAt"),
        ({"started_at": NOON - 31 * DAY}, "startedAt"),
        ({"duration_s": 90_000}, "durationSeconds"),
        ({"note": "x" * 50_001}, "note"),
        ({"call_back_at": NOON - DAY}, "callBackAt"),
    ],
)
def test_what_cannot_be_noted_names_its_field_and_leaves_nothing(account, changes, field):
    with pytest.raises(InvalidInput) as caught:
        note(account, **changes)

    assert caught.value.field == field
    assert (Call.objects.count(), Ticket.objects.count()) == (0, 0)


# -- calling back ----------------------------------------------------------------------------------------------


def test_a_promised_call_is_reminded_of_where_it_was_promised(account):
    member = make_staff(account.shop)
    note(account, staff=member, call_back_at=NOON + timedelta(hours=2))
    run_due()
    assert not Notice.objects.filter(kind="call_back").exists()

    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        run_due()
        run_due()

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.unread) == (TicketState.OPEN, True)
    assert [one.event for one in ticket.messages.filter(kind=MessageKind.SYSTEM)] == ["call.due"]
    assert [(one.member, one.kind, one.subject_id) for one in Notice.objects.filter(kind="call_back")] == [
        (member, "call_back", ticket.pk)
    ]


@pytest.mark.parametrize("how", ["called", "done", "put off", "taken back"])
def test_a_promise_that_was_kept_or_changed_is_not_reminded_of(account, how):
    member = make_staff(account.shop)
    call = note(account, staff=member, call_back_at=NOON + timedelta(hours=2)).call
    run_due()
    at = NOON + timedelta(hours=1)
    match how:
        case "called":
            note(account, is_inbound=False, started_at=at, at=at, note="")
        case "done":
            calls.call_back_done(call, at=at)
        case "put off":
            calls.promise_call_back(call, due_at=NOON + timedelta(hours=5), at=at)
        case _:
            calls.promise_call_back(call, due_at=None, at=at)

    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        run_due()

    assert not Notice.objects.filter(kind="call_back").exists()


def test_filing_a_call_twice_changes_nothing(account):
    call = note(account).call
    before = lines()

    file_call(call, at=NOON)

    assert lines() == before


def test_another_shops_number_finds_nobody_here(account):
    known(make_channel(make_shop(), ChannelKind.PHONE))

    assert note(account).ticket.person.name == ""
