"""A messenger that keeps the promises of the protocol and nothing more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from saleor_aftercare.core.errors import InvalidInput, ProviderError, Unauthenticated
from saleor_aftercare.providers.messengers.base import (
    Account,
    Content,
    ContentGone,
    Fetched,
    MaybeSent,
    Outgoing,
    Profile,
    RawEvent,
    RecipientGone,
    Told,
    What,
)


@dataclass
class FakeMessenger:
    """Whoever sends ``X-Fake: yes`` is believed; events are ``{"key", "who", "text"}``."""

    slug: ClassVar[str] = "fake"

    people: dict[str, Profile] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    failures: list[ProviderError] = field(default_factory=list)
    lost_answers: int = 0
    arrived: dict[str, Outgoing] = field(default_factory=dict)

    def events(self, headers: Mapping[str, str], body: bytes) -> Sequence[RawEvent]:
        if headers.get("X-Fake") != "yes":
            raise Unauthenticated("Not ours.")
        try:
            events = json.loads(body)["events"]
        except (ValueError, KeyError, TypeError):
            raise InvalidInput("Must be a list.", "events") from None
        return [RawEvent(one["key"], one) for one in events]

    def read(self, document: Mapping[str, Any]) -> Told:
        if not isinstance(document.get("who"), str):
            raise InvalidInput("Must be text.", "who")
        at = datetime.fromisoformat(document["at"])
        return Told(what=What.SAID, at=at, sender=document["who"], message_id=document["key"], text=document["text"])

    def profile(self, person: str) -> Profile:
        return self.people.get(person, Profile())

    def fetch(self, content: Content, *, limit_bytes: int) -> Fetched:
        data = self.contents.get(content.reference)
        if data is None or len(data) > limit_bytes:
            raise ContentGone("Gone.")
        return Fetched(data, "image/png")

    def is_repeatable(self, message: Outgoing, *, at: datetime) -> bool:
        return True

    def send(self, message: Outgoing, *, at: datetime) -> str:
        if self.failures:
            raise self.failures.pop(0)
        if message.recipient not in self.people:
            raise RecipientGone("Nobody.")
        self.arrived.setdefault(message.key, message)
        if self.lost_answers:
            self.lost_answers -= 1
            raise MaybeSent("The answer was lost.")
        return f"sent-{message.key}"

    def verify(self, *, webhook_url: str) -> Account:
        return Account("Fake", "@fake")
