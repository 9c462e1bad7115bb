"""Units of a return that are repaired: for the customer, or for the shop that keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.repairs.actions import cancel_repair
from saleor_aftercare.repairs.models import RepairFor, RepairRequest, RepairState
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.events import ReturnInspected
from saleor_aftercare.returns.goods import Inspection
from saleor_aftercare.returns.inspection import inspect, void_inspection
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.reception import LineReceived, receive_return
from tests.house import House
from tests.make import make_file, make_policy

from .tale import CUSTOMER, MEI, ask_back, both_languages, sell, story, subjects

pytestmark = pytest.mark.django_db

HERE = {"en": "Your repair {0}: your product is with us", "ja": "修理 {0}：商品をお預かりしました"}


def opened(house: House, *, resolution: Resolution = Resolution.REFUND, language: str = "en", **unit: Any) -> Return:
    """A return whose parcel was opened: two units of one line, one with a reason, an answer and a photo."""
    _placed, order = sell(house, language)
    make_policy(house.shop, version=50, resolutions=tuple(Resolution))
    asked = [
        returns.UnitsAsked(
            order.lines.get(),
            2,
            "defective",
            note="It squeaks.",
            answers={"noticed": "after_use"},
            resolution=resolution,
            **unit,
        )
    ]
    ret = returns.request_return(order, units=asked, note="Thank you.", at=clock.now(), actor=CUSTOMER)
    returns.approve_return(Return.objects.get(pk=ret.pk), at=clock.now(), actor=MEI)
    house.settle()
    return Return.objects.select_related("shop", "order").get(pk=ret.pk)


def received(house: House, ret: Return) -> Return:
    line = ret.lines.get()
    receive_return(ret, lines=[LineReceived(line, line.quantity)], at=clock.now(), actor=MEI)
    house.settle()
    return ret


def to_repair(ret: Return, quantity: int = 1, **values: Any) -> Inspection:
    given: dict[str, Any] = {"grade": "C", "disposition": "repair", "warehouse": None, "note": "Bearing worn out."}
    given |= {"photos": (), "serial_numbers": (), "at": clock.now(), "actor": MEI}
    return inspect(ret.lines.get(), quantity=quantity, **given | values)


def test_units_that_the_shop_keeps_become_a_repair_of_its_own_of_which_nobody_hears(house, mailoutbox):
    photo, found = (make_file(house.shop, name=f"{n}.jpg", content_type="image/jpeg") for n in ("mine", "theirs"))
    ret = received(house, opened(house, photos=(photo,)))
    tickets = Ticket.objects.count()
    mailoutbox.clear()

    judged = to_repair(ret, photos=(found,), serial_numbers=["SN-7"])
    house.settle()

    repair = RepairRequest.objects.get()
    judged.refresh_from_db()
    assert (repair.state, repair.for_whom, repair.quantity) == (RepairState.CHECKED_IN, RepairFor.SHOP, 1)
    assert (repair.customer_email, repair.customer_name, repair.serial_number) == ("", "", "SN-7")
    assert (repair.return_number, judged.repair_number) == (ret.number, repair.number)
    assert repair.findings == "Grade C: Visible wear\nBearing worn out."
    assert repair.description.startswith(f"From return {ret.number}, 1 × ")
    for told in ("It is defective", "After using it for a while", "It squeaks.", "Thank you."):
        assert told in repair.description
    assert list(repair.photos.order_by("pk")) == [photo, found]
    assert subjects(mailoutbox) == []
    assert Ticket.objects.count() == tickets
    assert Event.objects.get(kind="return.units_in_repair").data["repair"] == repair.number
    assert house.failed_jobs() == []


def test_a_judgement_told_twice_makes_one_repair_and_two_judgements_make_two(house):
    ret = received(house, opened(house))
    first = to_repair(ret)
    house.settle()

    event = ReturnInspected(ret.pk, first.pk, quantity=1, grade="C", disposition="repair")
    publish(event, shop=house.shop, at=clock.now(), actor=MEI)
    house.settle()
    to_repair(ret, note="")
    house.settle()

    numbers = list(RepairRequest.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == list(Inspection.objects.order_by("pk").values_list("repair_number", flat=True))
    assert len(set(numbers)) == 2
    assert house.failed_jobs() == []


def test_a_judgement_that_is_taken_back_ends_the_shops_own_repair(house):
    ret = received(house, opened(house))
    judged = to_repair(ret)
    house.settle()

    void_inspection(Inspection.objects.get(pk=judged.pk), at=clock.now(), actor=MEI)
    house.settle()
    anew = to_repair(ret)
    house.settle()

    old, new = RepairRequest.objects.order_by("pk")
    anew.refresh_from_db()
    assert (old.state, new.state) == (RepairState.CANCELED, RepairState.CHECKED_IN)
    assert anew.repair_number == new.number


def test_a_judgement_taken_back_before_anything_was_handed_over_makes_no_repair(house):
    ret = received(house, opened(house))
    judged = to_repair(ret)

    void_inspection(judged, at=clock.now(), actor=MEI)
    house.settle()

    assert not RepairRequest.objects.exists()
    assert house.failed_jobs() == []


def mixed(house: House, language: str = "en") -> Return:
    """One unit to be repaired for the customer, and another article for a refund, in one parcel."""
    skus = [variant.sku for variant in house.saleor.state.variants[:2]]
    email = {"en": "jade.guerrero@example.com", "ja": "hanako.yamada@example.com"}[language]
    order = house.order(house.sell([(sku, 1) for sku in skus], email=email))
    make_policy(house.shop, version=50, resolutions=tuple(Resolution))
    asked = [
        returns.UnitsAsked(line, 1, "defective", resolution=wish)
        for line, wish in zip(order.lines.order_by("pk"), (Resolution.REPAIR, Resolution.REFUND), strict=True)
    ]
    ret = returns.request_return(order, units=asked, note="", at=clock.now(), actor=CUSTOMER)
    returns.approve_return(Return.objects.get(pk=ret.pk), at=clock.now(), actor=MEI)
    house.settle()
    return Return.objects.select_related("shop", "order").get(pk=ret.pk)


@both_languages
def test_the_customers_own_repair_is_checked_in_when_its_unit_comes_with_the_return(house, mailoutbox, language):
    ret = mixed(house, language)
    mending, other = ret.lines.order_by("pk")
    repair = RepairRequest.objects.get()
    assert (repair.state, repair.number) == (RepairState.ACCEPTED, mending.repair_number)
    receive_return(ret, lines=[LineReceived(mending, 1), LineReceived(other, 1)], at=clock.now(), actor=MEI)
    house.settle()
    mailoutbox.clear()

    given: dict[str, Any] = {"grade": "D", "warehouse": None, "note": "Motor burnt.", "photos": ()}
    judged = inspect(mending, quantity=1, disposition="repair", at=clock.now(), actor=MEI, **given)
    house.settle()

    repair.refresh_from_db()
    judged.refresh_from_db()
    mending.refresh_from_db()
    assert RepairRequest.objects.count() == 1
    assert (repair.state, repair.for_whom, judged.repair_number) == (
        RepairState.CHECKED_IN, RepairFor.CUSTOMER, repair.number,
    )  # fmt: skip
    assert repair.findings.endswith("Motor burnt.")
    assert subjects(mailoutbox) == [HERE[language].format(repair.number)]
    assert "repair.checked_in" in story(Ticket.objects.filter(links__kind="repair").first())
    # For Saleor only what the shop keeps has come back.
    assert (mending.quantity_recorded, ret.lines.get(pk=other.pk).quantity_recorded) == (0, 1)
    assert house.failed_jobs() == []


@pytest.mark.parametrize("disposition", ["restock", "outlet", "scrap", "vendor"])
def test_what_is_to_be_repaired_for_the_customer_is_not_the_shops_to_give_away(house, disposition):
    ret = mixed(house)
    mending = ret.lines.order_by("pk").first()
    assert mending is not None
    receive_return(ret, lines=[LineReceived(mending, 1)], at=clock.now(), actor=MEI)
    place = ("V2FyZWhvdXNlOjE=", "East") if disposition == "restock" else None

    with pytest.raises(Refused, match="customer's own"):
        inspect(
            mending, quantity=1, grade="A", disposition=disposition, warehouse=place, note="", photos=(),
            at=clock.now(), actor=MEI,
        )  # fmt: skip

    assert not Inspection.objects.exists()


def test_a_repair_that_was_called_off_meanwhile_is_followed_by_another_one(house):
    ret = mixed(house)
    mending = ret.lines.order_by("pk").first()
    assert mending is not None
    cancel_repair(RepairRequest.objects.get(), at=clock.now(), actor=CUSTOMER)
    receive_return(ret, lines=[LineReceived(mending, 1)], at=clock.now(), actor=MEI)

    inspect(
        mending, quantity=1, grade="D", disposition="repair", warehouse=None, note="", photos=(),
        at=clock.now(), actor=MEI,
    )  # fmt: skip
    house.settle()

    old, new = RepairRequest.objects.order_by("pk")
    assert (old.state, new.state, new.for_whom) == (RepairState.CANCELED, RepairState.CHECKED_IN, RepairFor.CUSTOMER)
    assert house.failed_jobs() == []


def test_a_hand_over_at_approval_sends_the_slip_and_no_letter_that_says_to_wait(house, mailoutbox):
    _placed, order = sell(house)
    make_policy(house.shop, version=50, resolutions=tuple(Resolution))
    ret = ask_back(order, resolution=Resolution.REPAIR)
    house.settle()
    mailoutbox.clear()

    returns.approve_return(Return.objects.get(pk=ret.pk), at=clock.now(), actor=MEI)
    house.settle()

    repair = RepairRequest.objects.get()
    assert subjects(mailoutbox) == [f"Your repair {repair.number}: please send the product in"]
    assert Return.objects.get(pk=ret.pk).state == ReturnState.RESOLVED


def test_the_repair_of_a_gift_is_its_recipients_and_the_payer_hears_nothing(house, mailoutbox):
    """C1.19: gift recipient."""
    _placed, order = sell(house)
    make_policy(house.shop, version=50, resolutions=tuple(Resolution))
    friend = returns.GiftRecipient("friend@example.com", "A Friend", "ja")
    unit = returns.UnitsAsked(order.lines.get(), 1, "defective", resolution=Resolution.REPAIR)
    ret = returns.request_return(order, units=[unit], note="", at=clock.now(), actor=CUSTOMER, gift=friend)
    returns.approve_return(Return.objects.get(pk=ret.pk), at=clock.now(), actor=MEI)
    house.settle()

    repair = RepairRequest.objects.get()
    assert (repair.for_whom, repair.customer_email) == (RepairFor.RECIPIENT, "friend@example.com")
    assert {to for letter in mailoutbox for to in letter.to} == {'"A Friend" <friend@example.com>'}
    assert not Ticket.objects.filter(order=order).exists()
