"""A spare-part request from the form to the decision."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.events import CUSTOMER, Actor
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.parts import actions, letters, queries
from saleor_aftercare.parts.models import SPARE_PART_WORKFLOW, SparePartRequest, SparePartState
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.make import NOON, make_file, make_order, make_shop, make_spare_part

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)


def ask(shop: Any, **values: Any) -> SparePartRequest:
    return actions.request_spare_part(
        shop,
        **{
            "order": None,
            "order_line": None,
            "product_name": "Hand grinder",
            "serial_number": "SN-1",
            "part_description": "The small spring.",
            "quantity": 2,
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
    return list(Event.objects.filter(subject="spare_part").order_by("pk").values_list("kind", flat=True))


# -- asking --------------------------------------------------------------------------------------------------------


def test_a_request_gets_a_number_of_its_shop_and_is_told():
    shop, other = make_shop(), make_shop()

    first, second, elsewhere = ask(shop), ask(shop), ask(other)

    assert (first.number, second.number, elsewhere.number) == ("PRT-1001", "PRT-1002", "PRT-1001")
    assert (first.state, first.requested_at) == (SparePartState.REQUESTED, NOON)
    assert published() == ["spare_part.requested"] * 3


def test_it_knows_the_order_the_line_and_the_photos():
    order = make_order()
    photo = make_file(order.shop, name="a.jpg", content_type="image/jpeg")

    part = ask(order.shop, order=order, order_line=order.lines.get(), photos=[photo])

    assert (part.order, part.order_line) == (order, order.lines.get())
    assert list(part.photos.all()) == [photo]


@pytest.mark.parametrize("field", ["order", "order_line", "photos", "part_description"])
def test_nothing_foreign_and_nothing_empty_gets_in(field):
    shop, order = make_shop(), make_order()
    values: dict[str, Any] = {
        "order": {"order": order},
        "order_line": {"order_line": order.lines.get()},
        "photos": {"photos": [make_file()]},
        "part_description": {"part_description": " "},
    }[field]

    with pytest.raises(InvalidInput) as caught:
        ask(shop, **values)

    assert caught.value.field == field
    assert not SparePartRequest.objects.exists()
    assert published() == []
    assert ask(shop).number == "PRT-1001"


# -- deciding ------------------------------------------------------------------------------------------------------


def test_an_accepted_request_is_told():
    part = make_spare_part()

    actions.accept_spare_part(part, at=NOON, actor=MEI)

    part.refresh_from_db()
    assert part.state == SparePartState.ACCEPTED
    assert published() == ["spare_part.accepted"]


def test_a_declined_part_keeps_its_reason():
    part = make_spare_part()

    actions.decline_spare_part(part, reason=" Too old. ", at=NOON, actor=MEI)

    part.refresh_from_db()
    assert (part.state, part.decline_reason) == (SparePartState.DECLINED, "Too old.")
    assert Event.objects.get(kind="spare_part.declined").actor_name == "Mei Tanaka"


def test_without_a_reason_nothing_is_declined():
    part = make_spare_part()

    with pytest.raises(InvalidInput) as caught:
        actions.decline_spare_part(part, reason="", at=NOON, actor=MEI)

    assert caught.value.field == "reason"
    part.refresh_from_db()
    assert part.state == SparePartState.REQUESTED


# -- reading and writing -------------------------------------------------------------------------------------------


def test_another_shops_request_does_not_exist():
    part, other = make_spare_part(), make_shop()
    token = queries.status_token(part)

    assert queries.find_spare_part(part.shop, f" {part.number.lower()} ") == part
    assert queries.spare_part_by_status_token(part.shop, part.number, token) == part
    for look in (
        lambda: queries.get_spare_part(other, part.pk),
        lambda: queries.find_spare_part(other, part.number),
        lambda: queries.spare_part_by_status_token(other, part.number, token),
        lambda: queries.spare_part_by_status_token(part.shop, "PRT-9", token),
    ):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(InvalidInput):
        queries.spare_part_by_status_token(part.shop, part.number, "forged")


def test_an_orders_requests_newest_first():
    order = make_order()
    first, second = make_spare_part(order), make_spare_part(order)

    assert queries.spare_parts_of_order(order) == [second, first]


def test_its_letters():
    part = make_spare_part(make_order(language="ja"), quantity=3, decline_reason="廃番です")

    requested = letters.write_requested(part, at=NOON)
    accepted = letters.write_accepted(part, at=NOON)
    declined = letters.write_declined(part, at=NOON)

    assert requested.subject == f"交換部品のお申し込み {part.number} を受け付けました"
    assert "数量: 3" in accepted.text
    assert part.part_description in accepted.text
    assert "廃番です" in declined.text
    assert letters.write_requested(part, at=NOON) == requested


# -- the machine ---------------------------------------------------------------------------------------------------

CHANGES = {"decline": {"decline_reason": "No."}}


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(SPARE_PART_WORKFLOW))
def test_every_legal_move(state, action, target):
    part = make_spare_part(state=state)

    part.move(action, at=NOON, **CHANGES.get(action, {}))

    part.refresh_from_db()
    assert part.state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(SPARE_PART_WORKFLOW))
def test_every_other_move_is_a_conflict(state, action):
    part = make_spare_part(state=state)

    with pytest.raises(Conflict):
        part.move(action, at=NOON, **CHANGES.get(action, {}))

    part.refresh_from_db()
    assert part.state == state


def test_two_clerks_cannot_both_decide():
    assert_one_winner(make_spare_part, "accept")


def test_all_states_are_reachable():
    assert SPARE_PART_WORKFLOW.states() == frozenset(SparePartState.values)
    assert unreachable(SPARE_PART_WORKFLOW, first=SparePartState.REQUESTED) == set()
