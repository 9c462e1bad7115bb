"""Persons: whoever orders is known, old conversations get theirs, and all follow whom they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from saleor_aftercare.connection.events import FulfillmentDispatched
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import run_due, schedule
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox.actions import people as inbox_people
from saleor_aftercare.inbox.models import Ticket, TicketChannel
from saleor_aftercare.people import actions, queries
from saleor_aftercare.people.models import IdentityKind, Person
from tests.make import DAY, HOUR, NOON, make_order, make_shop, make_ticket

pytestmark = pytest.mark.django_db


def run_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        run_due()


def test_whoever_was_sent_a_parcel_is_known_before_they_write():
    order = make_order(delivered=NOON - DAY, shipping_address={"country": "JP", "phone": "090-1234-5678"})
    publish(FulfillmentDispatched(order.fulfillments.get().pk), shop=order.shop, at=NOON)

    run_at(NOON)

    person = queries.person_by(order.shop, IdentityKind.PHONE, "+819012345678")
    assert person is not None
    assert person == queries.person_of_order(order)
    assert person.name == order.customer_name


def test_old_conversations_get_their_persons_batch_by_batch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inbox_people, "BATCH", 2)
    shop = make_shop()
    order = make_order(shop=shop)
    about_order = make_ticket(order)
    same = [make_ticket(shop=shop, customer_email="mei@example.test") for _ in range(3)]
    nobody = make_ticket(shop=shop, customer_email="")
    before = Ticket.objects.get(pk=same[0].pk).updated_at
    schedule("inbox.give_persons", key="inbox:give_persons", shop=shop, due_at=NOON)

    run_at(NOON)

    persons = {row.pk: row.person for row in Ticket.objects.select_related("person")}
    assert persons[about_order.pk] == queries.person_of_order(order)
    assert len({persons[one.pk] for one in same}) == 1
    assert persons[nobody.pk] is None
    assert Person.objects.count() == 2
    assert Ticket.objects.get(pk=same[0].pk).updated_at == before


def test_a_merge_shows_in_every_open_inbox_and_parting_gives_back_what_was_begun_meanwhile():
    shop = make_shop()
    mei, again = (
        actions.person_of(shop, kind=IdentityKind.EMAIL, value=f"{name}@example.test", at=NOON)
        for name in ("mei", "again")
    )
    old = make_ticket(shop=shop, person=again, customer_email="again@example.test")
    merge = actions.merge_persons(mei, again, by_name="Emma", at=NOON)
    run_at(NOON)
    assert Ticket.objects.get(pk=old.pk).person == mei

    heard: Any = inbox.hear(
        shop,
        inbox.Said(
            source="inbound:1",
            channel=TicketChannel.EMAIL,
            sender=inbox.Sender(IdentityKind.EMAIL, "again@example.test"),
            email="again@example.test",
            body="Hello again.",
            at=NOON + HOUR,
        ),
    )
    assert heard.ticket.person == mei

    actions.undo_merge(merge, at=NOON + DAY)
    run_at(NOON + DAY)

    assert [row.person for row in Ticket.objects.order_by("pk")] == [again, again]


def test_who_becomes_a_vip_is_shown_so_wherever_they_write():
    shop = make_shop()
    mei = actions.person_of(shop, kind=IdentityKind.EMAIL, value="mei@example.test", at=NOON)
    ticket = make_ticket(shop=shop, person=mei)
    before = Ticket.objects.get(pk=ticket.pk).revision

    actions.describe(mei, is_vip=True, at=NOON)
    run_at(NOON)

    assert Ticket.objects.get(pk=ticket.pk).revision > before
