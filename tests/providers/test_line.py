"""LINE's own shapes, limits and errors."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable, Unauthenticated
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.messengers.base import (
    Content,
    ContentGone,
    MaybeSent,
    Outgoing,
    OutgoingFile,
    Told,
    What,
)
from saleor_aftercare.providers.messengers.line import Line, split
from saleor_aftercare.sandbox.line import SECRET, TOKEN, PracticeLine
from tests.make import NOON

FILES = Path(__file__).parents[1] / "files" / "line"
USER = "U4af4980629abcdef0123456789abcdef"
SENT_AT = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def there() -> PracticeLine:
    return PracticeLine(people={USER: {"displayName": "山田 花子", "language": "ja"}})


@pytest.fixture
def line(there: PracticeLine) -> Line:
    return Line({"channel_secret": SECRET, "access_token": TOKEN}, transport=there)


def recorded(name: str) -> dict[str, Any]:
    return dict(json.loads((FILES / f"{name}.json").read_text()))


def told(line: Line, name: str) -> Told:
    body, headers = PracticeLine.webhook(*recorded(name)["events"])
    (event,) = line.events(headers, body)
    return line.read(event.document)


def message(text: str = "Hello", **values: Any) -> Outgoing:
    return Outgoing(**{"key": "1:ticket-message:7", "recipient": USER, "text": text} | values)


def token_of(there: PracticeLine) -> dict[str, str]:
    event = there.says(USER, {"type": "text", "text": "?"}, at=NOON)
    return {"token": event["replyToken"], "until": (NOON + timedelta(seconds=50)).isoformat()}


# -- webhooks --------------------------------------------------------------------------------------------------


def test_a_text_is_read_with_what_it_can_be_answered_by(line):
    assert told(line, "text") == Told(
        what=What.SAID,
        at=SENT_AT,
        sender=USER,
        message_id="444573844083572737",
        text="マグカップの取っ手が割れていました $",
        reply_with={"token": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA", "until": "2025-06-02T12:00:50+00:00"},
    )


@pytest.mark.parametrize(
    ("name", "text", "content"),
    [
        ("image", "", Content(reference="354718705033693859", name="image.jpg")),
        (
            "external_image",
            "",
            Content(reference="354718705033693860", name="image.jpg", url="https://pictures.example/a.jpg"),
        ),
        ("file", "", Content(reference="325708", name="領収書.pdf")),
        ("video", "", Content(reference="325709", name="video.mp4")),
        ("sticker", "[Sticker] cony, sally, Staring, hi", None),
        (
            "location",
            "my location\n東京都千代田区紀尾井町1-3\nhttps://www.openstreetmap.org/?mlat=35.679660&mlon=139.736690#map=17",
            None,
        ),
        ("unknown_kind", "[A message of a kind that cannot be shown here]", None),
    ],
)
def test_every_kind_of_message_says_something(line, name, text, content):
    found = told(line, name)

    assert (found.what, found.text, found.content) == (What.SAID, text, content)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("follow", What.FOLLOWED),
        ("unfollow", What.UNFOLLOWED),
        ("unsend", What.UNSENT),
        ("postback", What.OTHER),
        ("group", What.OTHER),
        ("standby", What.OTHER),
    ],
)
def test_what_is_no_message_is_told_apart(line, name, what):
    assert told(line, name).what == what


def test_a_redelivered_event_is_the_same_event(line):
    keys = []
    for name in ("text", "redelivered"):
        body, headers = PracticeLine.webhook(*recorded(name)["events"])
        keys += line.events(headers, body)

    assert keys[0] == keys[1]


def test_lines_verify_button_sends_no_event(line):
    body, headers = PracticeLine.webhook()

    assert line.events(headers, body) == []


def test_one_changed_byte_breaks_the_signature(line):
    body, headers = PracticeLine.webhook(*recorded("text")["events"])

    with pytest.raises(Unauthenticated):
        line.events(headers, body.replace(b"444573844083572737", b"444573844083572738"))


@pytest.mark.parametrize("signature", ["", "x", "署名", "\udcff"])
def test_an_odd_signature_is_refused(line, signature):
    body, _headers = PracticeLine.webhook()

    with pytest.raises(Unauthenticated):
        line.events({"X-Line-Signature": signature}, body)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"events": {}}', b'{"events": ["x"]}', b"[" * 100_000])
def test_a_body_without_events_is_refused(line, body):
    import base64
    import hashlib
    import hmac

    mac = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()

    with pytest.raises(InvalidInput):
        line.events({"X-Line-Signature": mac}, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_whatever_stands_in_an_event_is_read_or_refused(data):
    line = Line({"channel_secret": SECRET, "access_token": TOKEN})
    event = recorded("location")["events"][0]
    event[data.draw(st.sampled_from(sorted(event)))] = data.draw(json_values)
    event["message"] = {
        **recorded("location")["events"][0]["message"],
        **data.draw(
            st.dictionaries(
                st.sampled_from(["id", "type", "text", "keywords", "latitude", "contentProvider"]), json_values
            )
        ),
    }

    with suppress(InvalidInput):
        assert line.read(event).what in What


# -- sending ---------------------------------------------------------------------------------------------------


def test_an_answer_within_the_minute_is_a_reply_which_costs_nothing(line, there):
    line.send(message(reply_with=token_of(there)), at=NOON + timedelta(seconds=49))

    assert [(one.by, one.messages) for one in there.arrived] == [("reply", [{"type": "text", "text": "Hello"}])]
    assert there.quota == 1000


def test_a_later_answer_is_a_push(line, there):
    line.send(message(reply_with=token_of(there)), at=NOON + timedelta(seconds=50))

    assert ([one.by for one in there.arrived], there.quota) == (["push"], 999)


def test_a_reply_token_that_was_used_gives_way_to_a_push(line, there):
    token = token_of(there)
    line.send(message(reply_with=token), at=NOON)
    line.send(message(reply_with=token, key="another"), at=NOON)

    assert [one.by for one in there.arrived] == ["reply", "push"]


def test_a_reply_is_not_repeatable_and_a_push_is(line, there):
    with_token = message(reply_with=token_of(there))

    assert not line.is_repeatable(with_token, at=NOON)
    assert line.is_repeatable(with_token, at=NOON + timedelta(minutes=1))


def test_a_long_answer_arrives_whole_and_once_however_often_it_breaks_off(line, there):
    long = message("\n\n".join(f"{n} {'あ' * 1200}" for n in range(30)))
    there.failures = []
    there.lost = [httpx.ReadTimeout, httpx.ReadTimeout]
    for _try in range(2):
        with pytest.raises(MaybeSent):
            line.send(long, at=NOON)

    line.send(long, at=NOON)

    texts = [one["text"] for call in there.arrived for one in call.messages]
    assert [len(call.messages) for call in there.arrived] == [5, 3]
    assert "\n\n".join(texts) == long.text


def test_pictures_are_shown_and_other_files_are_links(line, there):
    photo = OutgoingFile(
        "crack.jpg", "image/jpeg", 1000, "https://us.example/crack.jpg", "https://us.example/small.jpg"
    )
    paper = OutgoingFile("label.pdf", "application/pdf", 1000, "https://us.example/label.pdf")

    line.send(message(files=[photo, paper]), at=NOON)

    assert there.arrived[0].messages == [
        {"type": "text", "text": "Hello"},
        {"type": "text", "text": "label.pdf\nhttps://us.example/label.pdf?openExternalBrowser=1"},
        {
            "type": "image",
            "originalContentUrl": "https://us.example/crack.jpg",
            "previewImageUrl": "https://us.example/small.jpg",
        },
    ]


def test_the_months_quota_is_a_reason_and_no_retry(line, there):
    there.quota = 0

    with pytest.raises(ProviderError, match="messages of this month") as caught:
        line.send(message(), at=NOON)

    assert not isinstance(caught.value, ProviderUnavailable)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, CredentialsRejected),
        (403, CredentialsRejected),
        (429, ProviderUnavailable),
        (500, MaybeSent),
        (400, ProviderError),
    ],
)
def test_every_refusal_becomes_ours(line, there, status, kind):
    there.failures = [status]

    with pytest.raises(kind):
        line.send(message(), at=NOON)

    assert there.arrived == []


def test_a_file_that_was_taken_back_is_gone(line, there):
    there.gone.add("99")

    with pytest.raises(ContentGone):
        line.fetch(Content(reference="99", name="x"), limit_bytes=10)


def test_a_file_on_somebody_elses_server_is_not_asked_for(line, there):
    with pytest.raises(ContentGone, match=r"pictures\.example"):
        line.fetch(Content(reference="1", name="x", url="https://pictures.example/a.jpg"), limit_bytes=10)


def test_a_recording_that_is_being_prepared_is_fetched_later(line, there):
    there.failures = [202]

    with pytest.raises(ProviderUnavailable) as caught:
        line.fetch(Content(reference="1", name="x"), limit_bytes=10)

    assert caught.value.retry_after_s == 10


@pytest.mark.parametrize(
    ("endpoint", "mode", "problems"),
    [
        ("https://us.example/hook", "bot", 0),
        ("https://other.example/", "bot", 1),
        ("", "bot", 1),
        ("https://us.example/hook", "chat", 1),
    ],
)
def test_the_test_button_says_what_will_not_work(line, there, endpoint, mode, problems):
    there.endpoint, there.chat_mode = endpoint, mode

    found = line.verify(webhook_url="https://us.example/hook")

    assert (found.name, found.address, len(found.problems)) == ("Kaze & Kettle", "@practice", problems)


@pytest.mark.parametrize(
    ("credentials", "field"),
    [
        ({}, "channel_secret"),
        ({"channel_secret": "s"}, "access_token"),
        ({"channel_secret": "s", "access_token": "ü"}, "access_token"),
    ],
)
def test_unusable_credentials_are_named(credentials, field):
    with pytest.raises(CredentialsRejected) as caught:
        Line(credentials)

    assert caught.value.field == field


# -- splitting -------------------------------------------------------------------------------------------------


@given(st.text(max_size=200), st.integers(min_value=2, max_value=40))
def test_every_piece_fits_and_nothing_but_white_space_gets_lost(text, limit):
    pieces = split(text, limit)

    assert all(0 < len(piece.encode("utf-16-le", "surrogatepass")) // 2 <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
