"""A repair request from the form to the slip in the mail."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest

from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import CUSTOMER, Actor
from saleor_aftercare.core.files import content_of
from saleor_aftercare.core.models import ActorKind, Event, Job, StoredFile
from saleor_aftercare.repairs import actions, letters, queries, tasks
from saleor_aftercare.repairs.models import REPAIR_WORKFLOW, RepairRequest, RepairState
from tests.crash import dies_at_statement
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import NOON, make_file, make_order, make_repair, make_shop

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def ask(shop: Any, **values: Any) -> RepairRequest:
    return actions.request_repair(
        shop,
        **{
            "order": None,
            "order_line": None,
            "product_name": "Hand grinder",
            "serial_number": "SN-1",
            "description": "It does not grind.",
            "photos": (),
            "customer_name": "Ada Example",
            "customer_email": "ada@customer.test",
            "language": "en",
            "at": NOON,
            "actor": CUSTOMER,
        }
        | values,
    )


def published() -> list[str]:
    return list(Event.objects.filter(subject="repair").order_by("pk").values_list("kind", flat=True))


def slip_job(repair: RepairRequest) -> Job:
    return Job.objects.get(kind="repairs.make_slip", payload__repair=repair.pk)


def text_of(file: StoredFile) -> str:
    with pypdfium2.PdfDocument(content_of(file)) as pdf:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


# -- asking --------------------------------------------------------------------------------------------------------


def test_a_request_gets_a_number_of_its_shop_and_is_told():
    shop, other = make_shop(), make_shop()

    first, second, elsewhere = ask(shop), ask(shop), ask(other)

    assert (first.number, second.number, elsewhere.number) == ("REP-1001", "REP-1002", "REP-1001")
    assert (first.state, first.requested_at) == (RepairState.REQUESTED, NOON)
    assert published() == ["repair.requested"] * 3


def test_it_knows_the_order_the_line_and_the_photos():
    order = make_order()
    photo = make_file(order.shop, name="a.jpg", content_type="image/jpeg")

    repair = ask(order.shop, order=order, order_line=order.lines.get(), photos=[photo])

    assert (repair.order, repair.order_line) == (order, order.lines.get())
    assert list(repair.photos.all()) == [photo]


@pytest.mark.parametrize("field", ["order", "order_line", "photos", "description"])
def test_nothing_foreign_and_nothing_empty_gets_in(field):
    shop, order = make_shop(), make_order()
    values: dict[str, Any] = {
        "order": {"order": order},
        "order_line": {"order_line": order.lines.get()},
        "photos": {"photos": [make_file()]},
        "description": {"description": " "},
    }[field]

    with pytest.raises(InvalidInput) as caught:
        ask(shop, **values)

    assert caught.value.field == field
    assert not RepairRequest.objects.exists()
    assert published() == []
    assert ask(shop).number == "REP-1001"


# -- deciding ------------------------------------------------------------------------------------------------------


def test_an_accepted_repair_gets_its_slip():
    order = make_order()
    repair = make_repair(order, description="The <b>handle</b> turns.")

    actions.accept_repair(repair, at=NOON, actor=MEI)
    jobs.run_due()

    repair.refresh_from_db()
    assert repair.intake_slip is not None
    assert repair.intake_slip.content_type == "application/pdf"
    assert published() == ["repair.accepted", "repair.slip_created"]
    text = text_of(repair.intake_slip)
    for words in (repair.number, "Hand grinder", repair.serial_number, "The <b>handle</b> turns.", "Ada Example"):
        assert words in text


def test_a_product_bought_elsewhere_gets_a_slip_too():
    repair = make_repair(customer_name="", language="ja", customer_email="ada@customer.test")

    actions.accept_repair(repair, at=NOON, actor=MEI)
    jobs.run_due()

    repair.refresh_from_db()
    assert repair.intake_slip is not None
    assert "修理" in text_of(repair.intake_slip)


def test_the_slip_is_made_once_however_often_the_job_runs():
    repair = make_repair()
    actions.accept_repair(repair, at=NOON, actor=MEI)

    for _run in range(3):
        tasks.make_slip(slip_job(repair))

    assert StoredFile.objects.count() == 1
    assert published().count("repair.slip_created") == 1


def test_a_worker_that_dies_at_any_statement_makes_one_slip_in_the_end():
    for n in range(1, 40):
        repair = make_repair()
        actions.accept_repair(repair, at=NOON, actor=MEI)
        job = slip_job(repair)

        died = dies_at_statement(n, lambda job=job: tasks.make_slip(job))
        tasks.make_slip(job)

        repair.refresh_from_db()
        assert repair.intake_slip is not None
        assert StoredFile.objects.filter(shop=repair.shop).count() == 1, n
        if not died:
            break
    assert n > 5


def test_a_repair_that_was_canceled_meanwhile_gets_no_slip():
    repair = make_repair()
    actions.accept_repair(repair, at=NOON, actor=MEI)
    actions.cancel_repair(repair, at=NOON, actor=CUSTOMER)

    jobs.run_due()

    repair.refresh_from_db()
    assert repair.intake_slip is None
    assert not StoredFile.objects.exists()


def test_without_a_return_address_nothing_is_accepted():
    repair = make_repair(shop=make_shop(settings={"return_address": {}}))

    with pytest.raises(Refused):
        actions.accept_repair(repair, at=NOON, actor=MEI)

    repair.refresh_from_db()
    assert repair.state == RepairState.REQUESTED
    assert published() == []
    assert not Job.objects.exists()


def test_a_declined_repair_keeps_its_reason():
    repair = make_repair()

    actions.decline_repair(repair, reason=" Too old. ", at=NOON, actor=MEI)

    repair.refresh_from_db()
    assert (repair.state, repair.decline_reason) == (RepairState.DECLINED, "Too old.")
    assert Event.objects.get(kind="repair.declined").actor_name == "Mei Tanaka"


def test_without_a_reason_nothing_is_declined():
    repair = make_repair()

    with pytest.raises(InvalidInput) as caught:
        actions.decline_repair(repair, reason="", at=NOON, actor=MEI)

    assert caught.value.field == "reason"
    repair.refresh_from_db()
    assert repair.state == RepairState.REQUESTED


# -- reading and writing -------------------------------------------------------------------------------------------


def test_another_shops_request_does_not_exist():
    repair, other = make_repair(), make_shop()
    token = queries.status_token(repair)

    assert queries.find_repair(repair.shop, f" {repair.number.lower()} ") == repair
    assert queries.repair_by_status_token(repair.shop, repair.number, token) == repair
    for look in (
        lambda: queries.get_repair(other, repair.pk),
        lambda: queries.find_repair(other, repair.number),
        lambda: queries.repair_by_status_token(other, repair.number, token),
        lambda: queries.repair_by_status_token(repair.shop, "REP-9", token),
    ):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(InvalidInput):
        queries.repair_by_status_token(repair.shop, repair.number, "forged")


def test_an_orders_requests_newest_first():
    order = make_order()
    first, second = make_repair(order), make_repair(order)

    assert queries.repairs_of_order(order) == [second, first]


def test_its_letters():
    repair = make_repair(make_order(language="ja"), state=RepairState.ACCEPTED, decline_reason="古い型です")
    repair.intake_slip = make_file(repair.shop)
    repair.save()

    requested = letters.write_requested(repair, at=NOON)
    accepted = letters.write_accepted(repair, at=NOON)
    declined = letters.write_declined(repair, at=NOON)

    assert requested.subject == f"修理のお申し込み {repair.number} を受け付けました"
    assert repair.description in requested.text
    assert list(accepted.attachments.all()) == [repair.intake_slip]
    assert accepted.repeat_if_lost
    assert "1-2-3 Minamiaoyama" in accepted.text
    assert "古い型です" in declined.text
    assert letters.write_requested(repair, at=NOON) == requested


# -- the machine ---------------------------------------------------------------------------------------------------

CHANGES = {"decline": {"decline_reason": "No."}, "check_in": {"checked_in_at": NOON}}


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(REPAIR_WORKFLOW))
def test_every_legal_move(state, action, target):
    repair = make_repair(state=state)

    repair.move(action, at=NOON, **CHANGES.get(action, {}))

    repair.refresh_from_db()
    assert repair.state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(REPAIR_WORKFLOW))
def test_every_other_move_is_a_conflict(state, action):
    repair = make_repair(state=state)

    with pytest.raises(Conflict):
        repair.move(action, at=NOON, **CHANGES.get(action, {}))

    repair.refresh_from_db()
    assert repair.state == state


def test_two_clerks_cannot_both_decide():
    assert_one_winner(make_repair, "accept")


def test_all_states_are_reachable():
    assert REPAIR_WORKFLOW.states() == frozenset(RepairState.values)
    assert unreachable(REPAIR_WORKFLOW, first=RepairState.REQUESTED) == set()
