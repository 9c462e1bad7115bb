"""A stand-in for LINE's Messaging API: it takes messages as LINE does, and writes webhooks as LINE signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx

TOKEN: Final = "practice-line-token"  # noqa: S105  opens nothing but this stand-in
SECRET: Final = "practice-line-secret"  # noqa: S105
_MAX_UTF16: Final = 5000


@dataclass(frozen=True)
class Arrived:
    """A message that somebody's telephone shows."""

    to: str
    messages: list[dict[str, Any]]
    by: str  #: "reply" or "push"


@dataclass
class PracticeLine(httpx.BaseTransport):
    """One LINE Official Account and the people who follow it; hand it to ``Line`` as its transport."""

    people: dict[str, dict[str, str]] = field(default_factory=dict)  #: profiles by user id
    contents: dict[str, tuple[str, bytes]] = field(default_factory=dict)  #: by message id
    gone: set[str] = field(default_factory=set)  #: contents that were taken back
    endpoint: str = ""
    chat_mode: str = "bot"
    quota: int = 1000
    arrived: list[Arrived] = field(default_factory=list)
    #: Answers to give in place of the right one, the next first: a status, or an error of httpx to raise.
    failures: list[int | type[httpx.TransportError]] = field(default_factory=list)
    #: The same, but after the message was taken: the answer is lost.
    lost: list[type[httpx.TransportError]] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _serial: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as LINE would."""
        request.read()
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, int):
                return httpx.Response(failure, json={"message": "practice"}, request=request)
            raise failure("practice", request=request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal(401, "Authentication failed. Confirm that the access token…")
        path = request.url.path
        answer = self._answer(request, path)
        if self.lost and path.startswith("/v2/bot/message/") and request.method == "POST":
            raise self.lost.pop(0)("practice", request=request)
        return answer

    def _answer(self, request: httpx.Request, path: str) -> httpx.Response:
        match (request.method, path.strip("/").split("/")):
            case ("GET", ["v2", "bot", "info"]):
                info = {
                    "userId": "U0",
                    "basicId": "@practice",
                    "displayName": "Kaze & Kettle",
                    "chatMode": self.chat_mode,
                }
                return httpx.Response(200, json=info)
            case ("GET", ["v2", "bot", "channel", "webhook", "endpoint"]):
                if not self.endpoint:
                    return _refusal(404, "Not found")
                return httpx.Response(200, json={"endpoint": self.endpoint, "active": True})
            case ("GET", ["v2", "bot", "profile", user]):
                profile = self.people.get(user)
                return httpx.Response(200, json=profile) if profile else _refusal(404, "Not found")
            case ("GET", ["v2", "bot", "message", key, "content"]):
                return self._content(key)
            case ("POST", ["v2", "bot", "message", "reply"]):
                return self._reply(json.loads(request.content))
            case ("POST", ["v2", "bot", "message", "push"]):
                return self._push(json.loads(request.content), request.headers.get("x-line-retry-key", ""))
            case _:
                return _refusal(404, "Not found")

    def _content(self, key: str) -> httpx.Response:
        if key in self.gone:
            return _refusal(410, "Gone")
        if key not in self.contents:
            return _refusal(404, "Not found")
        kind, data = self.contents[key]
        return httpx.Response(200, content=data, headers={"content-type": kind})

    def _reply(self, body: dict[str, Any]) -> httpx.Response:
        to = self._tokens.pop(body.get("replyToken", ""), "")
        if not to:
            return _refusal(400, "Invalid reply token")
        return self._deliver(to, body["messages"], "reply")

    def _push(self, body: dict[str, Any], key: str) -> httpx.Response:
        if key and key in self._keys:
            accepted = {"x-line-accepted-request-id": self._keys[key]}
            return httpx.Response(409, json={"message": "The retry key is already accepted"}, headers=accepted)
        if body.get("to") not in self.people:
            return httpx.Response(
                400, json={"message": "The property, 'to', in the request body is invalid (line: -, column: -)"}
            )
        if self.quota < 1:
            return _refusal(429, "You have reached your monthly limit.")
        answer = self._deliver(body["to"], body["messages"], "push")
        if answer.status_code == 200:
            self.quota -= 1
            self._keys[key] = answer.headers["x-line-request-id"]
        return answer

    def _deliver(self, to: str, messages: list[dict[str, Any]], by: str) -> httpx.Response:
        problem = _problem_of(messages)
        if problem:
            return httpx.Response(400, json={"message": "The request body has 1 error(s)", "details": [problem]})
        self.arrived.append(Arrived(to, messages, by))
        sent = [{"id": str(460_000_000 + self._next()), "quoteToken": "q"} for _one in messages]
        return httpx.Response(200, json={"sentMessages": sent}, headers={"x-line-request-id": str(uuid.uuid4())})

    # -- what people do ------------------------------------------------------------------------------------------

    def says(self, user: str, message: dict[str, Any], *, at: datetime, **changes: Any) -> dict[str, Any]:
        """An event of somebody's message; a message without id gets one."""
        token = f"reply{self._next()}"
        self._tokens[token] = user
        said = {"id": str(500_000_000 + self._next()), **message}
        return self.event("message", user, at=at, replyToken=token, message=said, **changes)

    def event(self, kind: str, user: str, *, at: datetime, **values: Any) -> dict[str, Any]:
        """An event as it stands in a webhook."""
        return {
            "type": kind,
            "mode": "active",
            "timestamp": int(at.timestamp() * 1000),
            "source": {"type": "user", "userId": user},
            "webhookEventId": f"01PRACTICE{self._next():016d}",
            "deliveryContext": {"isRedelivery": False},
            **values,
        }

    @staticmethod
    def webhook(*events: dict[str, Any], secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a webhook, signed."""
        body = json.dumps({"destination": "U0", "events": list(events)}, ensure_ascii=False).encode()
        mac = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        return body, {"Content-Type": "application/json; charset=utf-8", "X-Line-Signature": mac}

    def _next(self) -> int:
        self._serial += 1
        return self._serial


def _refusal(status: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"message": message})


def _problem_of(messages: list[dict[str, Any]]) -> dict[str, str] | None:
    if not 0 < len(messages) <= 5:
        return {"message": "Size must be between 1 and 5", "property": "messages"}
    for n, one in enumerate(messages):
        if one["type"] == "text" and not 0 < len(one["text"].encode("utf-16-le")) // 2 <= _MAX_UTF16:
            return {"message": "Length must be between 0 and 5000", "property": f"messages[{n}].text"}
        if one["type"] == "image" and not one["originalContentUrl"].startswith("https://"):
            return {"message": "invalid uri", "property": f"messages[{n}].originalContentUrl"}
    return None
