"""C1.17: duties and import charges go back with goods that cross a customs border."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation.models import SettlementState
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.money import Money
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import LegalBasis
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.settlement import ImportCharges, SettlementPreview
from tests.compensation.scenes import paid_back
from tests.compensation.test_exchanged_units import back, look, settle, sold
from tests.house import House

pytestmark = pytest.mark.django_db
D = Decimal


def charges(amount: str, note: str = "Import VAT, receipt 4711", currency: str = "USD") -> ImportCharges:
    return ImportCharges(amount=Money(D(amount), currency), note=note)


def at_home(house: House, ret: Return) -> Return:
    """The goods come back to the country that they went to."""
    settings = ShopSettings.objects.get(shop=house.shop)
    country = ret.order.shipping_address["country"]
    settings.return_address = {**settings.return_address, "country": country, "country_area": ""}
    settings.save(update_fields=["return_address"])
    return queries.get_return(house.shop, ret.pk)


def codes(seen: SettlementPreview) -> set[str]:
    return {notice.code for notice in seen.notices}


def test_they_are_a_line_of_the_sum_and_are_given_exactly_so(house: House):
    bought = sold(house, 2)
    ret = back(house, bought)

    seen = look(ret, import_charges=charges("12.34"))
    settlement = settle(house, ret, import_charges=charges("12.34"))

    assert [(i.kind.value, i.amount, i.reason) for i in seen.breakdown.items] == [
        ("goods", D("139.00"), ""),
        ("import_charges", D("12.34"), "Import VAT, receipt 4711"),
    ]
    assert (settlement.state, settlement.refund) == (SettlementState.DONE, D("151.34"))
    assert paid_back(house, bought) == D("151.34")
    ret.refresh_from_db()
    assert (ret.import_charges, ret.import_charges_note) == (D("12.34"), "Import VAT, receipt 4711")
    letter = OutboundMessage.objects.get(kind="returns/refunded")
    assert "Duties and charges on import: Import VAT, receipt 4711" in letter.text
    assert look(ret).breakdown.total == 0


def test_on_withdrawal_staff_read_what_the_law_gives_back(house: House):
    ret = back(house, sold(house))
    assert "import_charges_possible" in codes(look(ret))
    ret.lines.update(legal_basis=LegalBasis.WITHDRAWAL)

    seen = look(ret)

    told = {notice.code: notice for notice in seen.notices}["import_charges_owed"]
    assert "art. 13(1)" in told.message
    assert (told.blocks, seen.crosses_border) == (False, True)


def test_within_one_customs_territory_there_are_none(house: House):
    ret = at_home(house, back(house, sold(house)))

    seen = look(ret)

    assert (seen.crosses_border, codes(seen) & {"import_charges_possible", "import_charges_owed"}) == (False, set())
    with pytest.raises(InvalidInput, match="cross no customs border") as error:
        look(ret, import_charges=charges("1.00"))
    assert error.value.field == "importCharges.amount"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (charges("-1.00"), "importCharges.amount"),
        (charges("1.005"), "importCharges.amount"),
        (charges("1.00", currency="EUR"), "importCharges.amount"),
        (charges("1.00", note="  "), "importCharges.note"),
        (charges("1.00", note="x" * 501), "importCharges.note"),
    ],
)
def test_what_makes_no_sense_is_named(house: House, wrong: ImportCharges, field: str):
    ret = back(house, sold(house))

    with pytest.raises(InvalidInput) as error:
        look(ret, import_charges=wrong)

    assert error.value.field == field


def test_never_more_than_the_order_holds(house: House):
    bought = sold(house)
    ret = back(house, bought)
    shipping = house.order(bought).shipping
    wanted: dict[str, Any] = {"import_charges": charges(f"{shipping + D('0.01'):.2f}")}

    seen = look(ret, **wanted)

    assert (seen.possible, seen.notices[0].code) == (False, "import_charges_too_high")
    with pytest.raises(Refused, match="Enter less"):
        settle(house, ret, **wanted)
    assert settle(house, ret, import_charges=charges(f"{shipping:.2f}")).refund == D("139.00") + shipping
