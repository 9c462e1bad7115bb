"""A repair and a spare part as the customer and staff live through them, with every reaction at work."""

from __future__ import annotations

import pytest
from django.core import mail

from saleor_aftercare.core import jobs
from saleor_aftercare.core.events import CUSTOMER, Actor
from saleor_aftercare.core.models import ActorKind, JobState
from saleor_aftercare.core.models import Job as JobRow
from saleor_aftercare.inbox.models import CaseKind, Ticket, TicketLink
from saleor_aftercare.parts import actions as part_actions
from saleor_aftercare.repairs import actions
from tests.make import NOON, make_file, make_order

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def nothing_failed() -> bool:
    return not JobRow.objects.exclude(state=JobState.DONE).exists()


def ticket_of(kind: CaseKind, pk: int) -> Ticket:
    return TicketLink.objects.get(kind=kind, case_id=pk).ticket


def test_a_repair_from_the_form_to_the_slip_in_the_mail():
    order = make_order(language="ja", customer_name="山田 花子")
    photo = make_file(order.shop, name="a.jpg", content_type="image/jpeg")
    repair = actions.request_repair(
        order.shop,
        order=order,
        order_line=order.lines.get(),
        product_name="手挽きミル",
        serial_number="SN-1",
        description="ハンドルが<b>空回り</b>します。",
        photos=[photo],
        customer_name=order.customer_name,
        customer_email=order.email,
        language=order.language,
        at=NOON,
        actor=CUSTOMER,
    )
    jobs.run_due()
    actions.accept_repair(repair, at=NOON, actor=MEI)
    jobs.run_due()

    requested, accepted = mail.outbox
    assert requested.subject == f"修理のお申し込み {repair.number} を受け付けました"
    assert "ハンドルが<b>空回り</b>します。" in requested.body
    assert accepted.subject == f"修理 {repair.number}：商品をお送りください"
    ((name, content, content_type),) = accepted.attachments
    assert (name, content_type) == (f"{repair.number}.pdf", "application/pdf")
    assert content.startswith(b"%PDF")
    ticket = ticket_of(CaseKind.REPAIR, repair.pk)
    first, *told = ticket.messages.order_by("pk")
    assert first.body == repair.description
    assert list(first.attachments.all()) == [photo]
    assert {line.event for line in told} >= {"repair.accepted", "repair.slip_created"}
    assert nothing_failed()


def test_a_spare_part_that_is_not_made_any_more():
    order = make_order()
    part = part_actions.request_spare_part(
        order.shop,
        order=order,
        order_line=None,
        product_name="Hand grinder",
        serial_number="",
        part_description="The small spring.",
        quantity=2,
        photos=(),
        customer_name=order.customer_name,
        customer_email=order.email,
        language=order.language,
        at=NOON,
        actor=CUSTOMER,
    )
    jobs.run_due()
    part_actions.decline_spare_part(part, reason="It is no longer made.", at=NOON, actor=MEI)
    jobs.run_due()

    requested, declined = mail.outbox
    assert requested.subject == f"We have received your spare-part request {part.number}"
    assert "It is no longer made." in declined.body
    assert ticket_of(CaseKind.SPARE_PART, part.pk).messages.filter(event="spare_part.declined").count() == 1
    assert nothing_failed()
