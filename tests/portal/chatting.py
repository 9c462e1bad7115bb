"""A visitor at the chat window, and staff who answer."""

import json
import re
from datetime import timedelta

import time_machine
from django.test import Client

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.inbox.actions.replies import reply
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketMessage
from saleor_aftercare.mail.models import OutboundMessage
from tests.make import NOON, make_staff


class Visitor:
    """Somebody at the chat window."""

    def __init__(self, account: ChannelAccount, *, language: str = "en") -> None:
        self.client, self.shop, self.token = Client(enforce_csrf_checks=True), account.shop, ""
        self.language, self.serial = language, 0

    def ask(self, door: str, method: str = "post", data=None, **query):
        headers = {"X-Chat-Language": self.language} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        path = f"/portal/{self.shop.handle}/chat/{door}/"
        if method == "get":
            return self.client.get(path, query, headers=headers)
        if data is not None and door == "say":
            return self.client.post(path, data, headers=headers)
        return self.client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)

    def open(self, **data) -> "Visitor":
        self.token = self.ask("open", data=data).json()["token"]
        return self

    def say(self, text: str, *, key: str = "", files=()):
        self.serial += 1
        return self.ask("say", data={"text": text, "key": key or f"key{self.serial:09d}", "files": list(files)})

    def news(self, after: int = 0, **query):
        return self.ask("news", "get", after=after, **query)

    def lines(self, after: int = 0) -> list[tuple[bool, str]]:
        return [(one["mine"], one["html"]) for one in self.news(after).json()["lines"]]


def answer(text: str = "Hello, how can I help?", *, at=NOON, staff: StaffMember | None = None) -> TicketMessage:
    ticket = Ticket.objects.get(channel=TicketChannel.CHAT)
    member = staff or StaffMember.objects.filter(shop=ticket.shop).first() or make_staff(ticket.shop)
    return reply(
        ticket,
        body=text,
        last_seen_message_id=ticket.last_message_id,
        force=True,
        attachments=(),
        at=at,
        staff=member,
    )


def leave(minutes: int = 3) -> None:
    """Time passes without a sign of the visitor's page, and jobs run."""
    for minute in range(1, minutes + 1):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            run_due()


def code_of_mail() -> str:
    letter = OutboundMessage.objects.filter(kind="inbox/chat_code").order_by("-pk").first()
    found = re.search(r"\b\d{6}\b", letter.words().text)
    return found[0] if found else ""
