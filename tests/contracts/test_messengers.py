"""The promises of ``Messenger``, kept by every adapter and by the fake that other tests use."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from saleor_aftercare.core.errors import InvalidInput, ProviderUnavailable, Unauthenticated
from saleor_aftercare.providers.messengers.base import (
    Content,
    ContentGone,
    MaybeSent,
    Messenger,
    Outgoing,
    Profile,
    RecipientGone,
    What,
)
from saleor_aftercare.providers.messengers.line import Line
from saleor_aftercare.sandbox.line import SECRET, TOKEN, PracticeLine
from tests.fakes_messengers import FakeMessenger
from tests.make import NOON

ANA = "U00000000000000000000000000000ana"
WEBHOOK = tuple[bytes, Mapping[str, str]]


@dataclass
class Stage:
    """An adapter, and what stands on the other side of it."""

    messenger: Messenger
    say: Callable[[str], WEBHOOK]  #: Ana writes something
    lose_answers: Callable[[], None]  #: the next answer gets lost
    be_away: Callable[[], None]  #: the next request finds nobody
    arrived: Callable[[], int]  #: how many messages Ana got
    content: str  #: the reference of a file of four bytes


def _line() -> Stage:
    there = PracticeLine(
        people={ANA: {"displayName": "Ana", "language": "ja"}}, contents={"77": ("image/png", b"\x89PNG")}
    )
    return Stage(
        Line({"channel_secret": SECRET, "access_token": TOKEN}, transport=there),
        lambda text: there.webhook(there.says(ANA, {"type": "text", "text": text}, at=NOON)),
        lambda: there.lost.append(httpx.ReadTimeout),
        lambda: there.failures.append(httpx.ConnectError),
        lambda: len(there.arrived),
        "77",
    )


def _fake() -> Stage:
    fake = FakeMessenger(people={ANA: Profile("Ana", "ja")}, contents={"77": b"\x89PNG"})

    def say(text: str) -> WEBHOOK:
        event = {"key": f"k{text}", "who": ANA, "text": text, "at": NOON.isoformat()}
        return json.dumps({"events": [event]}).encode(), {"X-Fake": "yes"}

    def lose() -> None:
        fake.lost_answers += 1

    return Stage(
        fake, say, lose, lambda: fake.failures.append(ProviderUnavailable("Away.")), lambda: len(fake.arrived), "77"
    )


@pytest.fixture(params=[_line, _fake], ids=["line", "fake"])
def stage(request: pytest.FixtureRequest) -> Stage:
    made: Stage = request.param()
    return made


def message(**values: Any) -> Outgoing:
    return Outgoing(**{"key": "shop:1", "recipient": ANA, "text": "Hello"} | values)


def test_what_somebody_says_is_read(stage: Stage) -> None:
    body, headers = stage.say("The lid is broken")

    (event,) = stage.messenger.events(headers, body)
    told = stage.messenger.read(event.document)

    assert (told.what, told.sender, told.text, told.at) == (What.SAID, ANA, "The lid is broken", NOON)
    assert event.key
    assert told.message_id


def test_an_event_survives_being_kept_as_json(stage: Stage) -> None:
    body, headers = stage.say("ひび割れ")
    (event,) = stage.messenger.events(headers, body)

    again = json.loads(json.dumps(event.document))

    assert stage.messenger.read(again) == stage.messenger.read(event.document)


def test_a_forged_webhook_is_refused(stage: Stage) -> None:
    body, _headers = stage.say("Hello")

    with pytest.raises(Unauthenticated):
        stage.messenger.events({}, body)


@pytest.mark.parametrize("document", [{}, {"who": 7}, {"timestamp": "yesterday"}, {"source": []}])
def test_an_event_that_cannot_be_read_names_what_is_wrong(stage: Stage, document: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        stage.messenger.read(document)

    assert caught.value.field


def test_a_person_has_a_name_and_a_stranger_has_none(stage: Stage) -> None:
    assert stage.messenger.profile(ANA) == Profile("Ana", "ja")
    assert stage.messenger.profile("Unobody") == Profile()


def test_a_file_is_fetched_within_its_limit(stage: Stage) -> None:
    content = Content(reference=stage.content, name="crack.png")

    assert stage.messenger.fetch(content, limit_bytes=4).data == b"\x89PNG"
    with pytest.raises(ContentGone):
        stage.messenger.fetch(content, limit_bytes=3)


def test_a_file_that_is_gone_is_told_apart(stage: Stage) -> None:
    with pytest.raises(ContentGone):
        stage.messenger.fetch(Content(reference="78", name="x"), limit_bytes=10)


def test_sending_twice_with_one_key_arrives_once(stage: Stage) -> None:
    references = [stage.messenger.send(message(), at=NOON) for _ in range(2)]

    assert stage.arrived() == 1
    assert all(references)


def test_a_lost_answer_may_be_repeated_where_the_adapter_says_so(stage: Stage) -> None:
    stage.lose_answers()
    with pytest.raises(MaybeSent):
        stage.messenger.send(message(), at=NOON)

    assert stage.messenger.is_repeatable(message(), at=NOON)
    stage.messenger.send(message(), at=NOON)

    assert stage.arrived() == 1


def test_whoever_is_away_may_be_asked_again(stage: Stage) -> None:
    stage.be_away()

    with pytest.raises(ProviderUnavailable) as caught:
        stage.messenger.send(message(), at=NOON)

    assert not isinstance(caught.value, MaybeSent)
    assert stage.arrived() == 0


def test_nobody_is_written_to_who_is_not_there(stage: Stage) -> None:
    with pytest.raises(RecipientGone):
        stage.messenger.send(message(recipient="Unobody"), at=NOON)


def test_the_account_says_whose_it_is(stage: Stage) -> None:
    assert stage.messenger.verify(webhook_url="https://us.example/").name
