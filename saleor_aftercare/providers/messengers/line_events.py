"""What LINE's webhooks tell (Messaging API, "Webhook event objects")."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, Unauthenticated

from .base import Content, RawEvent, Told, What

SIGNATURE: Final = "X-Line-Signature"
MAX_EVENTS: Final = 200
#: LINE says that a reply token must be used within a minute; a token nearer to its end than this is left alone.
TOKEN_LIFETIME: Final = timedelta(seconds=50)
_LONGEST_ID: Final = 100
_NAMES: Final = {"image": "image.jpg", "video": "video.mp4", "audio": "audio.m4a"}


def check_signature(header: str, secret: str, body: bytes) -> None:
    """Return when ``header`` was made with the channel's secret over exactly these bytes; raises Unauthenticated."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    if not secret or not hmac.compare_digest(expected, header.encode("utf-8", "surrogateescape")):
        raise Unauthenticated(f"The header {SIGNATURE} does not fit the body.")


def read_events(body: bytes) -> Sequence[RawEvent]:
    """The events of a webhook; raises InvalidInput when there is no list of them."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidInput("The body is not JSON.") from None
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list) or len(events) > MAX_EVENTS or not all(isinstance(one, dict) for one in events):
        raise InvalidInput(f"Must be a list of at most {MAX_EVENTS} events.", "events")
    return [_raw(one) for one in events]


def _raw(event: Mapping[str, Any]) -> RawEvent:
    """An event without a usable id is known by what it says."""
    document = {name: value for name, value in event.items() if name != "deliveryContext"}
    key = event.get("webhookEventId")
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_ID:
        key = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return RawEvent(key, document)


def read_event(event: Mapping[str, Any]) -> Told:
    """What an event says; raises InvalidInput that names what cannot be read."""
    at = _moment(event.get("timestamp"), "timestamp")
    source = _object(event.get("source"))
    # In a group or a room nobody speaks to the shop alone, and in standby another program answers.
    spoken_to = event.get("mode") == "active" and source.get("type") == "user"
    sender = _text(source.get("userId"), _LONGEST_ID)
    if not spoken_to or not sender:
        return Told(what=What.OTHER, at=at)
    match event.get("type"):
        case "message":
            return _said(event, at=at, sender=sender)
        case "unsend":
            unsent = _id(_object(event.get("unsend")).get("messageId"), "unsend.messageId")
            return Told(what=What.UNSENT, at=at, sender=sender, message_id=unsent)
        case "follow":
            return Told(what=What.FOLLOWED, at=at, sender=sender)
        case "unfollow":
            return Told(what=What.UNFOLLOWED, at=at, sender=sender)
        case _:
            return Told(what=What.OTHER, at=at, sender=sender)


def _said(event: Mapping[str, Any], *, at: datetime, sender: str) -> Told:
    message = _object(event.get("message"))
    message_id = _id(message.get("id"), "message.id")
    token = _text(event.get("replyToken"), 200)
    return Told(
        what=What.SAID,
        at=at,
        sender=sender,
        message_id=message_id,
        text=_words(message),
        content=_content(message, message_id),
        reply_with={"token": token, "until": (at + TOKEN_LIFETIME).isoformat()} if token else {},
    )


def _words(message: Mapping[str, Any]) -> str:
    match message.get("type"):
        case "text":
            return _text(message.get("text"), 10_000)
        case "sticker":
            said = _text(message.get("text"), 200)
            keywords = message.get("keywords")
            hints = ", ".join(_text(one, 40) for one in keywords[:5]) if isinstance(keywords, list) else ""
            return _("[Sticker] %(words)s") % {"words": said or hints} if said or hints else _("[Sticker]")
        case "location":
            return _place(message)
        case "image" | "video" | "audio" | "file":
            return ""
        case _:
            return _("[A message of a kind that cannot be shown here]")


def _place(message: Mapping[str, Any]) -> str:
    lines = [_text(message.get("title"), 200), _text(message.get("address"), 300)]
    latitude, longitude = message.get("latitude"), message.get("longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        lines.append(f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=17")
    return "\n".join(line for line in lines if line) or _("[A place]")


def _content(message: Mapping[str, Any], message_id: str) -> Content | None:
    kind = _text(message.get("type"), 20)
    if kind not in {"image", "video", "audio", "file"}:
        return None
    provider = _object(message.get("contentProvider"))
    url = _text(provider.get("originalContentUrl"), 2000) if provider.get("type") == "external" else ""
    name = _text(message.get("fileName"), 200) if kind == "file" else _NAMES[kind]
    return Content(reference=message_id, name=name or "file", url=url)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object, limit: int) -> str:
    return value.replace("\x00", "")[:limit].strip() if isinstance(value, str) else ""


def _id(value: object, field: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID or not value.isascii() or not value.isalnum():
        raise InvalidInput("Must be an id of letters and digits.", field)
    return value


def _moment(value: object, field: str) -> datetime:
    """Milliseconds since 1970."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 253_402_300_800_000:
        raise InvalidInput("Must be milliseconds since 1970.", field)
    return datetime.fromtimestamp(value / 1000, UTC)
