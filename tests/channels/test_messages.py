"""The outbox of messengers: every answer leaves once, or says that nobody knows."""

from datetime import timedelta

import httpx
import pytest
import time_machine

from saleor_aftercare.channels import messages
from saleor_aftercare.channels.models import ChannelAccount, ChannelMessage
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event, Job, JobState
from saleor_aftercare.inbox.actions.messengers import send_by_messenger
from saleor_aftercare.inbox.actions.resending import resend
from saleor_aftercare.inbox.models import MessageKind, TicketChannel, TicketMessage
from saleor_aftercare.mail.models import DeliveryState
from saleor_aftercare.people.models import Identity, Person
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.messengers.line import Line
from saleor_aftercare.providers.registry import MessengerKind
from saleor_aftercare.sandbox.line import PracticeLine
from tests.make import NOON, make_file, make_message, make_shop, make_staff, make_ticket
from tests.make.doors import make_line

pytestmark = pytest.mark.django_db

ANA = "U00000000000000000000000000000ana"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def there():
    there = PracticeLine(people={ANA: {"displayName": "Ana"}})
    kind = MessengerKind(
        slug="line", name="LINE", credentials=Line.wants, build=lambda values: Line(values, transport=there)
    )
    with registry.offering_messenger(kind):
        yield there


@pytest.fixture
def account():
    return make_line()


def send(account: ChannelAccount, **values) -> ChannelMessage:
    return messages.send(account, **({"key": "m:1", "recipient": ANA, "text": "Hello", "at": NOON} | values))


def token_of(there: PracticeLine) -> dict[str, str]:
    event = there.says(ANA, {"type": "text", "text": "?"}, at=NOON)
    return {"token": event["replyToken"], "until": (NOON + timedelta(seconds=50)).isoformat()}


def later(minutes: int) -> None:
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        run_due()


def test_a_message_leaves_and_knows_its_reference(there, account):
    message = send(account, files=[make_file(account.shop, data=b"x", name="a.pdf")])
    run_due()

    message.refresh_from_db()
    assert (message.state, message.error, message.provider_reference) == (DeliveryState.SENT, "", "460000001")
    assert [one["type"] for one in there.arrived[0].messages] == ["text", "text"]
    assert "/files/~" in there.arrived[0].messages[1]["text"]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en-GB", "Anleitung.pdf (1.2\N{NO-BREAK SPACE}MB)", "The link works until {day}."),
        ("ja", "Anleitung.pdf（1.2\N{NO-BREAK SPACE}MB）", "リンクは{day}までご利用いただけます。"),
        ("", "Anleitung.pdf (1.2\N{NO-BREAK SPACE}MB)", "The link works until {day}."),
    ],
)
def test_a_file_that_line_does_not_take_is_a_link_that_says_name_size_and_its_end(
    there, account, client, language: str, first: str, last: str
):
    data = b"%PDF-1.7" + b"x" * 1_258_000
    send(account, files=[make_file(account.shop, data=data, name="Anleitung.pdf")], language=language)
    run_due()

    caption, link, until = there.arrived[0].messages[1]["text"].split("\n")

    end = (NOON + timedelta(days=29)).date()
    day = f"{end.year}年{end.month}月{end.day}日" if language == "ja" else f"{end:%-d %B %Y}"
    assert (caption, until) == (first, last.format(day=day))
    assert link.endswith("?openExternalBrowser=1")
    path = "/files/" + link.partition("/files/")[2]
    with time_machine.travel(NOON + timedelta(days=29, hours=23), tick=False):
        opened = client.get(path, secure=True)
    with time_machine.travel(NOON + timedelta(days=30, minutes=1), tick=False):
        over = client.get(path, secure=True)
    assert (opened.status_code, opened.content) == (200, data)
    assert over.status_code == 410


def test_asking_twice_writes_one_message(there, account):
    assert send(account).pk == send(account, text="Another").pk
    run_due()

    assert len(there.arrived) == 1


def test_a_lost_answer_of_a_push_is_sent_again_and_arrives_once(there, account):
    there.lost = [httpx.ReadTimeout]
    message = send(account)
    run_due()
    later(10)

    message.refresh_from_db()
    assert (message.state, len(there.arrived)) == (DeliveryState.SENT, 1)


def test_a_lost_answer_of_a_reply_is_nobodys_to_repeat(there, account):
    there.lost = [httpx.ReadTimeout]
    message = send(account, reply_with=token_of(there))
    run_due()
    later(10)

    message.refresh_from_db()
    assert (message.state, len(there.arrived)) == (DeliveryState.UNKNOWN, 1)
    assert Event.objects.get(kind="channel.message_not_sent").data == {"maybe": True}


def test_a_worker_that_died_while_pushing_is_followed_by_one_that_sends_it_once(there, account):
    message = send(account)
    message.move("send", at=NOON)

    run_due()

    message.refresh_from_db()
    assert (message.state, len(there.arrived)) == (DeliveryState.SENT, 1)


def test_a_push_from_yesterday_is_not_repeated_because_line_has_forgotten_its_key(there, account):
    message = send(account, at=NOON - timedelta(hours=24))
    message.move("send", at=NOON - timedelta(hours=24))

    run_due()

    message.refresh_from_db()
    assert (message.state, there.arrived) == (DeliveryState.UNKNOWN, [])


def test_line_being_away_delays_and_loses_nothing(there, account):
    there.failures = [httpx.ConnectError, 429]
    message = send(account)
    run_due()
    message.refresh_from_db()
    assert message.state == DeliveryState.PENDING

    later(10)
    later(60)

    message.refresh_from_db()
    assert (message.state, message.error) == (DeliveryState.SENT, "")


def test_the_months_quota_is_told_where_the_answer_was_written(there, account):
    there.quota = 0
    ticket = make_ticket(shop=account.shop, channel=TicketChannel.LINE, account=account)
    written = make_message(ticket, kind=MessageKind.STAFF)
    written.sent = send(account)
    written.save()
    run_due()

    assert written.sent.__class__.objects.get().error == "The LINE account has used up its messages of this month."
    assert TicketMessage.objects.order_by("pk").last().event == "message.not_sent"


def test_a_token_that_line_refuses_is_a_problem_of_the_account(there, account):
    there.failures = [401]
    send(account)
    run_due()

    account.refresh_from_db()
    assert (account.problem, account.problem_since) == ("LINE does not accept the channel access token.", NOON)


def test_what_works_again_has_no_problem(there, account):
    ChannelAccount.objects.update(problem="Something", problem_since=NOON)
    send(account)
    run_due()

    account.refresh_from_db()
    assert (account.problem, account.problem_since) == ("", None)


def test_staff_send_again_what_failed_and_only_that(there, account):
    there.quota = 0
    message = send(account)
    run_due()
    message.refresh_from_db()
    there.quota = 5

    messages.retry(message, at=NOON)
    run_due()
    message.refresh_from_db()

    assert (message.state, len(there.arrived)) == (DeliveryState.SENT, 1)
    with pytest.raises(Conflict):
        messages.retry(message, at=NOON)
    assert Job.objects.exclude(state=JobState.DONE).count() == 0


def test_an_answer_reaches_whoever_wrote_as_plain_text(there, account):
    person = Person.objects.create(shop=account.shop, name="Ana", created_at=NOON)
    Identity.objects.create(shop=account.shop, person=person, kind="line", value=ANA, created_at=NOON)
    ticket = make_ticket(shop=account.shop, channel=TicketChannel.LINE, account=account, person=person)
    written = make_message(ticket, kind=MessageKind.STAFF, body="**Yes**, see [here](https://us.example/).")

    send_by_messenger(ticket, written, at=NOON)
    run_due()

    assert there.arrived[0].messages == [{"type": "text", "text": "Yes, see here (https://us.example/)."}]
    written.refresh_from_db()
    assert written.sent.state == DeliveryState.SENT


@pytest.mark.parametrize("change", [{"enabled": False}, {"archived_at": NOON}])
def test_an_account_that_is_switched_off_answers_nobody(there, account, change):
    ChannelAccount.objects.update(**change)
    ticket = make_ticket(shop=account.shop, channel=TicketChannel.LINE, account=account)
    written = make_message(ticket, kind=MessageKind.STAFF)

    with pytest.raises(Conflict, match="switched off"):
        send_by_messenger(ticket, written, at=NOON)

    assert not ChannelMessage.objects.exists()


def test_nobody_is_written_to_under_another_shops_identity(there, account):
    other = make_shop()
    person = Person.objects.create(shop=other, created_at=NOON)
    Identity.objects.create(shop=other, person=person, kind="line", value=ANA, created_at=NOON)
    ticket = make_ticket(shop=account.shop, channel=TicketChannel.LINE, account=account)
    written = make_message(ticket, kind=MessageKind.STAFF)

    with pytest.raises(Conflict, match="Nobody is known"):
        send_by_messenger(ticket, written, at=NOON)


def test_staff_send_an_answer_again_where_they_wrote_it(there, account):
    there.quota = 0
    ticket = make_ticket(shop=account.shop, channel=TicketChannel.LINE, account=account)
    written = make_message(ticket, kind=MessageKind.STAFF)
    written.sent = send(account)
    written.save()
    run_due()
    there.quota = 5

    resend(TicketMessage.objects.get(pk=written.pk), at=NOON, staff=make_staff(account.shop))
    run_due()

    assert ChannelMessage.objects.get().state == DeliveryState.SENT
    assert TicketMessage.objects.filter(event="message.resent").count() == 1
    with pytest.raises(Conflict, match="does not wait"):
        resend(TicketMessage.objects.get(pk=written.pk), at=NOON, staff=make_staff(account.shop))
