"""Several mails filed in one go: as if each had come alone, and none takes another one with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

import saleor_aftercare.tasks  # noqa: F401  for the handlers and reactions that it registers
from saleor_aftercare.channels import actions as channels
from saleor_aftercare.channels.models import ChannelAccount, InboundMessage
from saleor_aftercare.core import jobs
from saleor_aftercare.core.models import Event, Job, JobState, RateCounter, Shop
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox import intake_mails
from saleor_aftercare.inbox.intake import MAX_PER_HOUR
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.inbox.search.models import SearchEntry
from saleor_aftercare.inbox.sla.models import SlaClock, SlaEvent
from saleor_aftercare.inbox.tasks import TOGETHER
from saleor_aftercare.mail.models import OutboundMessage, Suppression
from saleor_aftercare.people.actions import mark_spam
from saleor_aftercare.people.models import Identity, Person
from tests.crash import dies_at_statement
from tests.inbox.mails import ADA, answer, hear, make_mailbox, raw_mail, ticket_of
from tests.make import NOON, make_shop

pytestmark = pytest.mark.django_db

AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
BOB = "Bob <bob@customer.test>"
EVE = "Eve <eve@customer.test>"


def take_in(box: ChannelAccount, *mails: bytes) -> list[int]:
    """Mails that have come and are not read yet."""
    return [channels.take_in(box, raw, at=NOON).pk for raw in mails]


def read_all() -> None:
    """Have all mails read that wait, and nothing that follows from it."""
    Job.objects.exclude(kind="channels.read").delete()
    while claimed := jobs.claim():
        jobs.run_claimed([job for job in claimed if job.kind == "channels.read"])


def outcomes() -> list[str]:
    return list(InboundMessage.objects.order_by("pk").values_list("outcome", flat=True))


def words(ticket: Ticket) -> list[str]:
    spoken = ticket.messages.filter(kind=MessageKind.CUSTOMER)
    return list(spoken.order_by("pk").values_list("body", flat=True))


def state_of(shop: Shop) -> dict[str, list[Any]]:
    """All that mails leave behind in a shop, without keys."""
    rows = InboundMessage.objects.filter(shop=shop).order_by("pk")
    place = {f"inbound:{row.pk}": n for n, row in enumerate(rows)}
    messages = TicketMessage.objects.filter(shop=shop).order_by("pk")
    spoken = messages.values_list("source", "ticket__number", "body", "is_automatic", "author_name", "person__name")
    entries = SearchEntry.objects.filter(shop=shop)
    log = SlaEvent.objects.filter(shop=shop).values_list("ticket__number", "kind", "at", "data")
    assert not entries.exclude(ticket_id=F("message__ticket_id")).exists()
    return {
        "mails": list(rows.values_list("state", "outcome", "kind")),
        "tickets": list(
            Ticket.objects.filter(shop=shop)
            .order_by("number")
            .values_list("number", "state", "subject", "customer_email", "last_message_preview", "unread", "due_at")
        ),
        "messages": sorted((place.get(source, -1), *rest) for source, *rest in spoken),
        "entries": sorted(place.get(source, -1) for (source,) in entries.values_list("message__source")),
        "clocks": sorted(SlaClock.objects.filter(ticket__shop=shop).values_list("ticket__number", "target", "due_at")),
        "log": sorted(log, key=str),
        "events": sorted(Event.objects.filter(shop=shop).values_list("kind", "at", "actor_kind")),
        "persons": sorted(Identity.objects.filter(shop=shop).values_list("value", "person__name")),
    }


def odd_mails(box: ChannelAccount) -> list[bytes]:
    """A first mail, an answer, one with the same subject, a machine's, a copy, one without sender, one in Chinese."""
    letter = answer(ticket_of(hear(box, raw_mail("The first.", message_id="<first@customer.test>"))))
    Job.objects.all().delete()
    return [
        raw_mail("New.", sender=BOB, subject="Kettle", message_id="<bob@customer.test>"),
        raw_mail("An answer.", In_Reply_To=letter.message_id),
        raw_mail("A picture of\r\n> what you asked", sender=EVE, subject="Re: Kettle"),
        raw_mail("I am away.", sender="Mei <mei@customer.test>", Auto_Submitted="auto-replied"),
        raw_mail("New.", sender=BOB, subject="Kettle", message_id="<bob@customer.test>", X_Copy="1"),
        raw_mail("Who am I?", sender=""),
        raw_mail("我們的咖啡機壞了。\0", sender="陳 <chan@customer.test>", subject="咖啡機"),
    ]


def test_mails_of_different_people_take_few_statements_however_many_they_are():
    box = make_mailbox(auto_reply=True)
    take_in(box, *(raw_mail(f"About order {n}", sender=f"c{n}@customer.test") for n in range(TOGETHER)))

    with CaptureQueriesContext(connection) as captured:
        read_all()

    assert sum("SAVEPOINT" not in one["sql"] for one in captured.captured_queries) == 30
    assert outcomes() == ["new_ticket"] * TOGETHER
    assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1001, 1001 + TOGETHER))
    assert Job.objects.filter(kind="inbox.acknowledge").count() == TOGETHER
    assert list(Job.objects.filter(kind="channels.read").values_list("state", "attempts").distinct()) == [("done", 1)]


def test_together_leaves_behind_exactly_what_one_by_one_leaves():
    boxes = [make_mailbox(make_shop()), make_mailbox(make_shop())]
    with time_machine.travel(NOON, tick=False):
        for raw in odd_mails(boxes[0]):
            take_in(boxes[0], raw)
            read_all()
        take_in(boxes[1], *odd_mails(boxes[1]))
        read_all()

    alone, in_company = (state_of(box.shop) for box in boxes)
    assert in_company == alone
    assert [outcome for _state, outcome, *_rest in alone["mails"]] == [
        "new_ticket",
        "new_ticket",
        "thread:token",
        "new_ticket",
        "auto_reply",
        "copy",
        "new_ticket",
        "new_ticket",
    ]


def test_mails_of_one_conversation_are_heard_in_their_order():
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))
    take_in(
        box,
        raw_mail("One.", In_Reply_To=letter.message_id),
        raw_mail("Between.", sender=BOB),
        raw_mail("Two.", In_Reply_To=letter.message_id),
        raw_mail("Three.", subject="Re: Grinder"),
    )

    read_all()

    assert words(Ticket.objects.get(number=1001)) == ["It does not grind.", "One.", "Two.", "Three."]
    assert words(Ticket.objects.get(number=1002)) == ["Between."]


def test_a_mail_that_adds_to_one_of_the_same_moment_joins_it():
    box = make_mailbox()
    take_in(
        box,
        raw_mail("One.", message_id="<one@customer.test>"),
        raw_mail("Two.", sender=ADA, message_id="<two@customer.test>", References="<one@customer.test>"),
    )

    read_all()

    assert words(Ticket.objects.get()) == ["One.", "Two."]


def test_two_who_belong_to_one_conversation_write_into_it_one_after_the_other():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    OutboundMessage.objects.filter(pk=letter.pk).update(cc=["bob@customer.test"])
    take_in(
        box,
        raw_mail("Ada.", In_Reply_To=letter.message_id),
        raw_mail("Bob.", sender=BOB, References=letter.message_id),
    )

    read_all()

    assert words(ticket) == ["It does not grind.", "Ada.", "Bob."]


def test_answers_to_two_conversations_that_were_merged_meet_in_one():
    box = make_mailbox()
    first, second = ticket_of(hear(box)), ticket_of(hear(box, raw_mail("Kettle.", sender=BOB, subject="Kettle")))
    letters = [answer(first), answer(second)]
    OutboundMessage.objects.filter(pk=letters[0].pk).update(cc=["bob@customer.test"])
    inbox.merge_tickets(first, second, across_customers=True, at=NOON, staff=None)
    take_in(
        box,
        raw_mail("Ada.", In_Reply_To=letters[0].message_id),
        raw_mail("Bob.", sender=BOB, In_Reply_To=letters[1].message_id),
    )

    read_all()

    assert words(first)[-2:] == ["Ada.", "Bob."]
    assert Ticket.objects.exclude(state=TicketState.MERGED).count() == 1


def test_copies_that_come_at_the_same_moment_are_heard_once():
    first = make_mailbox()
    second = make_mailbox(first.shop, address="sales@komorebi.test")
    raw = raw_mail(message_id="<both@customer.test>")
    take_in(first, raw)
    take_in(second, b"Delivered-To: sales@komorebi.test\r\n" + raw)

    read_all()

    assert outcomes() == ["new_ticket", "copy"]


def test_a_mail_that_breaks_the_reader_keeps_no_other_one_from_being_filed(monkeypatch: pytest.MonkeyPatch):
    box = make_mailbox()
    genuine = intake_mails.read

    def fragile(raw: bytes, **given: Any) -> Any:
        if b"poison" in raw:
            raise RecursionError("deep")
        return genuine(raw, **given)

    monkeypatch.setattr(intake_mails, "read", fragile)
    take_in(box, raw_mail("One.", sender=BOB), raw_mail("poison"), raw_mail("Two.", sender=EVE))

    read_all()

    assert outcomes() == ["new_ticket", "crashed", "new_ticket"]
    assert sorted(Ticket.objects.values_list("customer_email", flat=True)) == ["bob@customer.test", "eve@customer.test"]
    assert not Job.objects.filter(kind="channels.read").exclude(state=JobState.DONE).exists()


def test_a_mail_that_cannot_be_filed_keeps_no_other_one_from_being_filed(monkeypatch: pytest.MonkeyPatch):
    """Whatever breaks while they are written, the transaction of all goes back, and each one is tried by itself."""
    box = make_mailbox()
    take_in(box, raw_mail("One.", sender=BOB), raw_mail("Mine."), raw_mail("Two.", sender=EVE))
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE aftercare_ticket ADD CONSTRAINT refuses_ada CHECK (customer_email <> 'ada@customer.test')"
        )

    read_all()

    assert outcomes() == ["new_ticket", "crashed", "new_ticket"]
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1001, 1002]
    assert Event.objects.filter(kind="ticket.opened").count() == 2


def test_reports_about_letters_are_heard_beside_mails_of_people():
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))
    report = (
        "From: MAILER-DAEMON@mx.test\r\nTo: support@komorebi.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        "Final-Recipient: rfc822; ada@customer.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}\r\n\r\n--b--\r\n"
    ).encode()
    take_in(box, raw_mail("One.", sender=BOB), report, raw_mail("Two.", sender=EVE))

    read_all()

    assert outcomes()[1:] == ["new_ticket", "bounce", "new_ticket"]
    assert Suppression.objects.get().email == "ada@customer.test"


def test_who_writes_too_often_opens_nothing_in_company_either():
    box = make_mailbox()
    with time_machine.travel(NOON, tick=False):
        for n in range(MAX_PER_HOUR):
            take_in(box, raw_mail(f"No. {n}", subject=f"Subject {n}"))
        read_all()
        assert Ticket.objects.count() == MAX_PER_HOUR
        take_in(box, raw_mail("One more", subject="More"), raw_mail("Hello.", sender=BOB))
        read_all()

    assert outcomes()[-2:] == ["loop", "new_ticket"]
    assert Ticket.objects.count() == MAX_PER_HOUR + 1


def test_what_comes_from_a_spammer_opens_spam_and_the_others_do_not():
    box = make_mailbox(auto_reply=True)
    mark_spam(ticket_of(hear(box)).person, at=NOON)
    take_in(box, raw_mail("Buy!", subject="Watches"), raw_mail("Hello.", sender=BOB))

    read_all()

    assert Ticket.objects.get(subject="Watches").state == TicketState.SPAM
    assert Ticket.objects.get(customer_email="bob@customer.test").state == TicketState.NEW


def test_what_is_large_is_not_read_with_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake_mails, "MAX_TOGETHER", 2_000)
    box = make_mailbox()
    take_in(box, raw_mail("One.", sender=BOB), raw_mail("x " * 2_000), raw_mail("Two.", sender=EVE), raw_mail("Three."))

    read_all()

    assert outcomes() == ["new_ticket"] * 4
    assert [ticket.messages.get().body[:5] for ticket in Ticket.objects.order_by("pk")] == [
        "One.",
        "x x x",
        "Two.",
        "Three",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_any_two_statements_loses_and_doubles_no_mail():
    box = make_mailbox()
    letter = answer(ticket_of(hear(box)))
    died, n = 0, 0
    while True:
        n += 1
        Job.objects.all().delete()
        RateCounter.objects.all().delete()
        before = TicketMessage.objects.filter(kind=MessageKind.CUSTOMER).count()
        take_in(
            box,
            raw_mail(f"Answer {n}.", In_Reply_To=letter.message_id),
            raw_mail(f"Bob {n}.", sender=BOB, subject=f"Bob {n}"),
            raw_mail(f"More {n}.", In_Reply_To=letter.message_id),
        )
        is_over = not dies_at_statement(n, read_all)
        died += not is_over
        with time_machine.travel(datetime.now(UTC) + jobs.LEASE + timedelta(seconds=1)):
            jobs.take_back_expired_leases()
            read_all()

        assert TicketMessage.objects.filter(kind=MessageKind.CUSTOMER).count() == before + 3
        assert not InboundMessage.objects.exclude(state="filed").exists()
        if is_over:
            break

    assert died > 40
    spoken = words(Ticket.objects.get(number=1001))
    assert spoken[1:] == [f"{word} {i}." for i in range(1, n + 1) for word in ("Answer", "More")]
    assert Ticket.objects.count() == 1 + n


@pytest.mark.django_db(transaction=True)
def test_two_workers_file_mails_of_the_same_people_at_once_each_once(at_once: AtOnce):
    box = make_mailbox()
    people = [f"c{n}@customer.test" for n in range(8)]
    letters = {who: answer(ticket_of(hear(box, raw_mail("First.", sender=who)))) for who in people}
    Job.objects.all().delete()
    mails = [
        raw_mail(f"{turn}.", sender=who, In_Reply_To=letters[who].message_id)
        for turn in range(3)
        for who in (people if turn % 2 else reversed(people))
    ]
    mails += [raw_mail("New.", sender=f"new{n}@customer.test") for n in range(6)]
    mails += [raw_mail(f"Again {n}.", sender="new0@customer.test", subject=f"Other {n}") for n in range(6)]
    take_in(box, *mails)
    claims = [jobs.claim(9) for _ in range(4)]

    at_once([lambda claimed=claimed: jobs.run_claimed(claimed) for claimed in claims])

    assert not InboundMessage.objects.exclude(state="filed").exists()
    assert TicketMessage.objects.filter(kind=MessageKind.CUSTOMER).count() == 8 + 24 + 6 + 6
    assert (Person.objects.count(), Ticket.objects.count()) == (14, 20)
    assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1001, 1021))
    for who in people:
        assert sorted(words(Ticket.objects.get(customer_email=who))) == ["0.", "1.", "2.", "First."]
