"""Repairs and spare parts: letters to the customer, lines in the ticket."""

from __future__ import annotations

import pytest

from saleor_aftercare.core import clock
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.inbox import queries
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.parts import actions as parts
from saleor_aftercare.repairs import actions as repairs

from .tale import (
    MEI,
    both_languages,
    said,
    sell,
    story,
    subjects,
    wish,
)

pytestmark = pytest.mark.django_db


REPAIR = {
    "requested": {"en": "We have received your repair request {0}", "ja": "修理のお申し込み {0} を受け付けました"},
    "accepted": {"en": "Your repair {0}: please send the product in", "ja": "修理 {0}：商品をお送りください"},
    "declined": {"en": "About your repair request {0}", "ja": "修理のお申し込み {0} について"},
}
PART = {
    "requested": {
        "en": "We have received your spare-part request {0}",
        "ja": "交換部品のお申し込み {0} を受け付けました",
    },
    "accepted": {"en": "We have your spare part: request {0}", "ja": "交換部品をご用意できます（{0}）"},
    "declined": {"en": "About your spare-part request {0}", "ja": "交換部品のお申し込み {0} について"},
}


@both_languages
def test_a_repair_is_asked_for_accepted_with_its_slip_or_declined(house, mailoutbox, language):
    _placed, order = sell(house, language)
    good, bad, gone = (
        repairs.request_repair(house.shop, description=f"Broken {n}", **wish(house, order)) for n in range(3)
    )
    house.settle()
    assert subjects(mailoutbox) == [REPAIR["requested"][language].format(r.number) for r in (good, bad, gone)]

    repairs.accept_repair(good, at=clock.now(), actor=MEI)
    house.settle()
    (slip,) = mailoutbox[0].attachments
    assert (slip[2], bytes(slip[1])[:5]) == ("application/pdf", b"%PDF-")
    assert subjects(mailoutbox) == [REPAIR["accepted"][language].format(good.number)]

    repairs.decline_repair(bad, reason="Too old.", at=clock.now(), actor=MEI)
    repairs.cancel_repair(gone, at=clock.now(), actor=CUSTOMER)
    house.settle()
    assert subjects(mailoutbox) == [REPAIR["declined"][language].format(bad.number)]

    ticket = Ticket.objects.get()
    assert queries.case_ids([ticket]) == {ticket.pk: {"repair": [good.pk, bad.pk, gone.pk]}}
    assert said(ticket) == ["Broken 0", "Broken 1", "Broken 2"]
    assert ticket.messages.filter(attachments__isnull=False).count() == 3
    assert ticket.subject == f"{good.number} Hand grinder"
    assert story(ticket) == [
        *["repair.requested"] * 3,
        "repair.accepted",
        "repair.slip_created",
        "repair.declined",
        "repair.canceled",
    ]


@both_languages
def test_a_spare_part_is_asked_for_found_or_not(house, mailoutbox, language):
    _placed, order = sell(house, language)
    good, bad, gone = (
        parts.request_spare_part(house.shop, part_description=f"Spring {n}", quantity=1, **wish(house, order))
        for n in range(3)
    )
    house.settle()
    assert subjects(mailoutbox) == [PART["requested"][language].format(p.number) for p in (good, bad, gone)]

    parts.accept_spare_part(good, at=clock.now(), actor=MEI)
    parts.decline_spare_part(bad, reason="No longer made.", at=clock.now(), actor=MEI)
    parts.cancel_spare_part(gone, at=clock.now(), actor=CUSTOMER)
    house.settle()
    assert subjects(mailoutbox) == [
        PART["accepted"][language].format(good.number),
        PART["declined"][language].format(bad.number),
    ]

    ticket = Ticket.objects.get()
    assert said(ticket) == ["Spring 0", "Spring 1", "Spring 2"]
    assert story(ticket) == [
        *["spare_part.requested"] * 3,
        *["spare_part.accepted", "spare_part.declined", "spare_part.canceled"],
    ]


def test_things_bought_elsewhere_have_tickets_of_their_own(house):
    elsewhere = {"order": None, "order_line": None, "customer_name": "Ada", "customer_email": "ada@x.test"}
    _placed, order = sell(house)

    repairs.request_repair(house.shop, description="Broken", **wish(house, order) | elsewhere)
    parts.request_spare_part(house.shop, part_description="Spring", quantity=1, **wish(house, order) | elsewhere)
    house.settle()

    assert set(Ticket.objects.values_list("customer_email", "order", "customer_user_id")) == {("ada@x.test", None, "")}
    assert Ticket.objects.count() == 2
