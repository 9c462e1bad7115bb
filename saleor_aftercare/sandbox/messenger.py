"""The practice shop's LINE account and telephone: customers write and call, and see what the shop answers.

LINE's side is :class:`~.line.PracticeLine`; its pages keep what was said, to be read as on a telephone.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta

import httpx

from .aftercare import Aftercare
from .line import SECRET, TOKEN, PracticeLine
from .records import LineMessage, User

LINE_ADDRESS = "@kaze-kettle"
PHONE_ADDRESS = "+81312345678"
#: How calls of the practice telephone end, and how long people then have talked.
CALLS = {"answered": 184, "missed": 0}


def line_id(user: User) -> str:
    """A customer's user id at LINE, as one channel knows it."""
    return f"U{hashlib.md5(user.id.encode(), usedforsecurity=False).hexdigest()}"


class Messenger:
    """One LINE Official Account, with the practice shop's customers as its friends."""

    def __init__(self, aftercare: Aftercare) -> None:
        self.aftercare = aftercare
        self.line = PracticeLine()

    def set_up(self) -> None:
        """The merchant connects the account; a second time changes nothing."""
        self.aftercare.add_account(
            "line",
            {
                "name": "Kaze & Kettle",
                "address": LINE_ADDRESS,
                "incoming": "line",
                "outgoing": "line",
                "values": [
                    {"section": "line", "name": "channel_secret", "value": SECRET},
                    {"section": "line", "name": "access_token", "value": TOKEN},
                ],
            },
        )

    def talk_with(self, user: User) -> list[LineMessage]:
        """What was said, oldest first."""
        return [one for one in self.aftercare.shop.state.line_messages if one.user == user.id]

    def say(self, user: User, text: str) -> None:
        """A customer writes to the shop. Raises AftercareError when it cannot be told."""
        shop = self.aftercare.shop
        self._befriend(user)
        with shop.changing():
            number = shop.count("LineEvent")
        said = {"type": "text", "id": str(600_000_000 + number), "text": text}
        event = self.line.says(line_id(user), said, at=shop.now())
        body, headers = self.line.webhook({**event, "webhookEventId": uuid.uuid4().hex})
        self.aftercare.knock("line", "line", body, headers)
        with shop.changing():
            shop.state.line_messages.append(LineMessage(shop.new_id("LineMessage"), user.id, text, shop.now()))

    def answer(self, request: httpx.Request) -> httpx.Response:
        """LINE's API: what the shop sends arrives on the customer's telephone."""
        shop = self.aftercare.shop
        people = {line_id(user): user for user in shop.state.users if not user.is_staff}
        for user in people.values():
            self._befriend(user)
        before = len(self.line.arrived)
        response = self.line.handle_request(request)
        for arrived in self.line.arrived[before:]:
            with shop.changing():
                for one in arrived.messages:
                    text = str(one.get("text") or one.get("originalContentUrl") or "")
                    shop.state.line_messages.append(
                        LineMessage(shop.new_id("LineMessage"), people[arrived.to].id, text, shop.now(), by_shop=True)
                    )
        return response

    def _befriend(self, user: User) -> None:
        self.line.people[line_id(user)] = {
            "userId": line_id(user),
            "displayName": user.full_name,
            "language": user.language_code.lower(),
        }


@dataclass(frozen=True)
class Telephone:
    """A telephone system that tells Aftercare of its calls."""

    aftercare: Aftercare

    def set_up(self) -> None:
        """The merchant connects it; a second time changes nothing."""
        self.aftercare.add_account("phone", {"name": "Kaze & Kettle", "address": PHONE_ADDRESS, "incoming": "cti"})

    def call(self, number: str, *, ends: str) -> None:
        """Somebody calls; ``ends`` is one of CALLS. Raises AftercareError."""
        shop = self.aftercare.shop
        talked = timedelta(seconds=CALLS[ends])
        rang = shop.now() - talked - timedelta(seconds=8)
        owner = next(u for u in shop.state.users if u.is_staff)
        steps = [("ringing", rang), ("ended", shop.now())]
        if talked:
            steps.insert(1, ("answered", rang + timedelta(seconds=8)))
        call = f"practice-{uuid.uuid4().hex}"
        for event, at in steps:
            news = {"call_id": call, "event": event, "direction": "inbound", "number": number, "at": at.isoformat()}
            if event == "answered":
                news["agent"] = owner.email
            self.aftercare.knock("phone", "calls", json.dumps(news).encode(), {"Content-Type": "application/json"})
