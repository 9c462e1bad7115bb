"""Rules as the tests of rules write them."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.core.events import publish
from saleor_aftercare.core.models import Event
from saleor_aftercare.desk.models import Rule
from saleor_aftercare.desk.rules import saving
from saleor_aftercare.desk.rules.documents import Condition, RuleDocument, Step, When
from saleor_aftercare.inbox.events import CustomerWrote
from saleor_aftercare.inbox.models import Ticket
from tests.make import NOON, make_message


def rule(*steps: Step, when: When = When.CUSTOMER_WROTE, conditions: tuple[Condition, ...] = (), **values: Any):
    return RuleDocument(when=(when,), conditions=conditions, steps=steps, **values)


def save(shop: Any, document: RuleDocument, name: str = "A rule") -> Rule:
    return saving.save_rule(shop, key=None, version=None, name=name, document=document, at=NOON)


def wrote(ticket: Ticket, body: str = "Where is my parcel?") -> Event:
    message = make_message(ticket, body=body)
    return publish(CustomerWrote(ticket.pk, message=message.pk, before=ticket.state), shop=ticket.shop, at=NOON)


def tags(ticket: Ticket) -> set[str]:
    return set(ticket.tags.values_list("name", flat=True))


WAITS = rule(Step("tag", ("Waiting",)), when=When.WAITED, wait_h=48)
BROKEN = rule(Step("tag", ("Broken",)), conditions=(Condition("text", "contains", ("broken",)),))
