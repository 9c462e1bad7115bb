"""From a webhook to a conversation, each event once and in its order."""

import io
import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from PIL import Image

from saleor_aftercare.channels import messengers
from saleor_aftercare.channels.accounts import hook_url
from saleor_aftercare.channels.actions import try_again
from saleor_aftercare.channels.models import ChannelAccount, InboundMessage, InboundState
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job, JobState, StoredFileContent
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketChannel, TicketMessage, TicketState
from saleor_aftercare.people.models import Identity
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.messengers.line import Line
from saleor_aftercare.providers.registry import MessengerKind
from saleor_aftercare.sandbox.line import PracticeLine
from tests.make import NOON, make_shop
from tests.make.doors import make_channel, make_line

pytestmark = pytest.mark.django_db

ANA = "U00000000000000000000000000000ana"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def there():
    there = PracticeLine(people={ANA: {"displayName": "山田 花子", "language": "ja"}})
    kind = MessengerKind(
        slug="line", name="LINE", credentials=Line.wants, build=lambda values: Line(values, transport=there)
    )
    with registry.offering_messenger(kind):
        yield there


@pytest.fixture
def account():
    return make_line()


def post(account: ChannelAccount, *events, signature: str | None = None):
    body, headers = PracticeLine.webhook(*events)
    path = hook_url(account, "line").partition("://")[2].partition("/")[2]
    given = {"X-Line-Signature": headers["X-Line-Signature"] if signature is None else signature}
    return Client(enforce_csrf_checks=True).post(f"/{path}", body, content_type="application/json", headers=given)


def say(there: PracticeLine, text: str, **changes):
    return there.says(ANA, {"type": "text", "text": text}, at=NOON, **changes)


def said() -> list[str]:
    return list(TicketMessage.objects.order_by("pk").values_list("body", flat=True))


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(data, "JPEG")
    return data.getvalue()


def test_a_first_message_opens_a_conversation_with_its_writer(there, account):
    answer = post(account, say(there, "カップが割れていました"))
    run_due()

    assert (answer.status_code, answer.json()) == (200, {"events": 1})
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.account, ticket.state) == (TicketChannel.LINE, account, TicketState.NEW)
    assert (ticket.customer_name, ticket.language, ticket.subject) == ("山田 花子", "ja", "カップが割れていました")
    identity = Identity.objects.get(kind="line")
    assert (identity.value, identity.person, identity.verified_at) == (ANA, ticket.person, NOON)
    assert InboundMessage.objects.get().outcome == "new_ticket"


def test_what_follows_joins_the_conversation_in_its_order(there, account):
    post(account, say(there, "1"), say(there, "2"))
    post(account, say(there, "3"))
    run_due()

    assert Ticket.objects.count() == 1
    assert said() == ["1", "2", "3"]
    assert set(TicketMessage.objects.values_list("author_name", flat=True)) == {"山田 花子"}


def test_a_redelivered_event_is_heard_once(there, account):
    event = say(there, "Hello")
    again = event | {"deliveryContext": {"isRedelivery": True}}

    answers = [post(account, one).json() for one in (event, again, event)]
    run_due()

    assert answers == [{"events": 1}, {"events": 0}, {"events": 0}]
    assert said() == ["Hello"]


def test_a_forged_webhook_leaves_nothing(there, account):
    answer = post(account, say(there, "Hello"), signature="AAAA")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "UNAUTHENTICATED")
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("key", ["1-x", "x", "99999999-hook", "9" * 30 + "-hook", "-", "１-hook"])
def test_a_door_that_is_none_says_no_more_than_that(there, key):
    answer = Client().post(f"/channels/{key}/line/", b"{}", content_type="application/json")

    assert answer.status_code == 404


def test_a_door_of_another_channel_is_none(there):
    mailbox = make_channel()

    assert post(mailbox, say(there, "Hello")).status_code == 404


def test_a_picture_is_kept_without_hidden_data(there, account):
    event = there.says(ANA, {"type": "image", "id": "77", "contentProvider": {"type": "line"}}, at=NOON)
    there.contents["77"] = ("image/jpeg", picture())
    post(account, event)
    run_due()

    message = TicketMessage.objects.get()
    (file,) = message.attachments.all()
    assert (message.body, file.name, file.content_type) == ("", "image.jpg", "image/jpeg")
    assert Ticket.objects.get().subject == "Message by LINE"


def test_a_file_is_kept_as_it_is(there, account):
    event = there.says(ANA, {"type": "file", "id": "78", "fileName": "領収書.xlsx", "fileSize": 3}, at=NOON)
    there.contents["78"] = ("application/vnd.ms-excel", b"abc")
    post(account, event)
    run_due()

    (file,) = TicketMessage.objects.get().attachments.all()
    assert (file.name, file.content_type, file.size_bytes) == ("領収書.xlsx", "application/vnd.ms-excel", 3)


def test_what_calls_itself_a_picture_and_is_none_is_only_a_file(there, account):
    there.contents["79"] = ("image/png", b"<svg onload=alert(1)>")
    post(account, there.says(ANA, {"type": "image", "id": "79", "contentProvider": {"type": "line"}}, at=NOON))
    run_due()

    (file,) = TicketMessage.objects.get().attachments.all()
    assert file.content_type == "application/octet-stream"


def test_a_file_that_is_gone_is_said_to_be_missing(there, account):
    post(account, there.says(ANA, {"type": "file", "id": "80", "fileName": "a.pdf", "fileSize": 3}, at=NOON))
    run_due()

    assert said() == ["[A file is missing] LINE does not have the file any more."]


def test_a_file_that_line_does_not_hand_out_now_holds_up_what_came_after_it_and_no_longer_than_a_while(there, account):
    file = there.says(ANA, {"type": "file", "id": "81", "fileName": "a.pdf", "fileSize": 3}, at=NOON)
    there.failures = [503]
    post(account, file, say(there, "That is the receipt"))

    run_due()
    assert said() == []

    there.failures = [503]
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        run_due()
    assert said() == ["[A file is missing] “a.pdf” could not be fetched.", "That is the receipt"]


def test_a_message_taken_back_is_read_by_nobody(there, account):
    event = say(there, "My card is 4242…")
    post(account, event)
    run_due()
    post(account, there.event("unsend", ANA, at=NOON, unsend={"messageId": event["message"]["id"]}))
    run_due()

    message = TicketMessage.objects.get()
    assert (message.kind, message.event, message.body) == (MessageKind.SYSTEM, "line.unsent", "")
    assert Ticket.objects.get().last_message_preview == ""


def test_taking_back_what_nobody_has_does_nothing(there, account):
    post(account, there.event("unsend", ANA, at=NOON, unsend={"messageId": "12345"}))
    run_due()

    assert InboundMessage.objects.get().outcome == "unsent_unknown"


def test_blocking_the_account_stands_in_the_conversation(there, account):
    post(account, say(there, "Hello"))
    run_due()
    post(account, there.event("unfollow", ANA, at=NOON))
    run_due()

    assert list(TicketMessage.objects.order_by("pk").values_list("event", flat=True)) == ["", "line.unfollowed"]


def test_following_alone_opens_nothing(there, account):
    post(account, there.event("follow", ANA, at=NOON, follow={"isUnblocked": False}))
    run_due()

    assert not Ticket.objects.exists()
    assert (InboundMessage.objects.get().state, InboundMessage.objects.get().outcome) == (
        InboundState.IGNORED,
        "followed",
    )


def test_an_event_that_cannot_be_read_is_kept_and_holds_up_nobody(there, account):
    broken = say(there, "x") | {"timestamp": "yesterday"}
    post(account, broken, say(there, "Hello"))
    run_due()

    assert said() == ["Hello"]
    failed = InboundMessage.objects.get(state=InboundState.FAILED)
    assert (failed.error, failed.raw is not None) == ("timestamp: Must be milliseconds since 1970.", True)


def test_somebody_without_a_name_is_heard_too(there, account):
    there.people.clear()
    post(account, say(there, "Hello"))
    run_due()

    assert (Ticket.objects.get().customer_name, said()) == ("", ["Hello"])


def test_a_token_that_line_refuses_is_a_problem_of_the_account_and_loses_nothing(there, account):
    there.failures = [401]
    post(account, there.says(ANA, {"type": "file", "id": "82", "fileName": "a.pdf", "fileSize": 3}, at=NOON))
    run_due()

    assert said() == ["[A file is missing] LINE does not accept the channel access token."]


def test_two_shops_with_the_same_person_know_nothing_of_each_other(there):
    ours, theirs = make_line(), make_line(make_shop())
    post(ours, say(there, "ours"))
    post(theirs, say(there, "theirs"))
    run_due()

    assert sorted(Ticket.objects.values_list("shop", "subject")) == sorted(
        [(ours.shop_id, "ours"), (theirs.shop_id, "theirs")]
    )


@pytest.mark.django_db(transaction=True)
def test_the_same_webhook_in_two_threads_is_one_message(there, account):
    body, headers = PracticeLine.webhook(say(there, "Hello"))
    start, counts = threading.Barrier(2), []

    def deliver() -> None:
        start.wait()
        counts.append(messengers.take_in_events(account, headers, body, at=NOON))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_due()

    assert sorted(counts) == [0, 1]
    assert said() == ["Hello"]


def test_a_reader_that_died_after_its_work_repeats_nothing(there, account):
    post(account, say(there, "Hello"))
    run_due()
    Job.objects.filter(kind=messengers.READ).update(state=JobState.PENDING)
    InboundMessage.objects.update(state=InboundState.RECEIVED)

    run_due()

    assert said() == ["Hello"]


def test_an_event_that_failed_is_read_again_when_staff_say_so(there, account):
    event = say(there, "Hello")
    post(account, event | {"timestamp": "yesterday"})
    run_due()
    failed = InboundMessage.objects.get()
    StoredFileContent.objects.filter(file=failed.raw).update(data=json.dumps(event).encode())

    try_again(account.shop, failed.pk, at=NOON)
    run_due()

    assert said() == ["Hello"]
