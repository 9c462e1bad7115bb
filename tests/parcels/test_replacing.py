"""A new label in place of one that is not of use any more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, ProviderError, Refused
from saleor_aftercare.core.events import CUSTOMER, SYSTEM
from saleor_aftercare.parcels.actions import choices_of, replace_parcel
from saleor_aftercare.parcels.measures import Measures
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.parcels.queries import get_parcel, stranded_parcels
from tests.make import NOON
from tests.make.parcels import WAREHOUSE_ADDRESS, make_parcel

pytestmark = pytest.mark.django_db


def replaced(parcel: Parcel, **values: Any) -> Parcel:
    terms = {"recipient": WAREHOUSE_ADDRESS, "send_by": NOON.date(), "at": NOON, "actor": SYSTEM}
    return replace_parcel(parcel, **(terms | values))


def bought(order, state: ParcelState, **values: Any) -> Parcel:
    paid = {"cost": Decimal("4.20"), "cost_currency": "EUR", "provider_reference": "fake-1"}
    return make_parcel(order, state=state, provider="fake", **(paid | values))


def test_c1_14_an_expired_label_is_replaced_given_back_and_what_it_cost_stays_noted(order, fake):
    """C1.14: the old one is void for us at once, and its provider is asked for the money."""
    old = bought(order, ParcelState.EXPIRED)

    new = replaced(old)
    jobs.run_due()

    old, new = get_parcel(order.shop, old.pk), get_parcel(order.shop, new.pk)
    assert (old.state, old.cost, old.void_wanted_at) == (ParcelState.VOID, Decimal("4.200"), None)
    assert fake.voided == ["fake-1"]
    assert (new.state, new.position, new.tracking_number) == (ParcelState.READY, 2, "FAKE00000001")
    assert new.replaces == old
    assert (new.contents, new.payer, new.send_by) == (old.contents, old.payer, NOON.date())


def test_a_provider_that_does_not_take_the_expired_label_back_holds_nothing_up_and_is_told(order, fake):
    fake.void_failures = [ProviderError("Too old")]
    old = bought(order, ParcelState.EXPIRED)

    replaced(old)
    jobs.run_due()

    old.refresh_from_db()
    assert (old.state, old.error, old.cost) == (ParcelState.VOID, "Too old", Decimal("4.200"))


def test_c1_12_a_label_that_was_used_is_not_given_back(order, fake):
    """C1.12, RTS: the carrier carried it, there and back."""
    old = bought(order, ParcelState.RETURNED)

    replaced(old)
    jobs.run_due()

    old.refresh_from_db()
    assert (old.state, old.cost, fake.voided) == (ParcelState.RETURNED, Decimal("4.200"), [])


@pytest.mark.parametrize("state", [ParcelState.EXPIRED, ParcelState.RETURNED])
def test_pressed_twice_it_is_one_new_label(order, fake, state):
    old = bought(order, state)

    first, second = replaced(old), replaced(old)
    jobs.run_due()

    assert first.pk == second.pk
    assert Parcel.objects.count() == 2
    assert fake.purchases == [first.reference]
    assert "replace" not in choices_of(get_parcel(order.shop, old.pk)).staff
    assert stranded_parcels(order.shop, "return", old.subject_id) == []


@pytest.mark.parametrize("state", sorted(set(ParcelState.values) - {"expired", "returned"}))
def test_a_label_that_is_of_use_or_was_given_up_is_not_replaced(order, fake, state):
    old = bought(order, ParcelState(state))

    with pytest.raises(Conflict):
        replaced(old)

    assert Parcel.objects.count() == 1


def test_customers_get_as_many_new_labels_as_further_ones(order, fake):
    old = bought(order, ParcelState.RETURNED)
    for _n in range(3):
        old = replaced(old, actor=CUSTOMER)
        Parcel.objects.filter(pk=old.pk).update(state=ParcelState.RETURNED)
        old.refresh_from_db()

    with pytest.raises(Refused):
        replaced(old, actor=CUSTOMER)

    assert replaced(old).position == 5


def test_what_was_measured_stays_unless_it_is_measured_again(order, fake):
    old = bought(order, ParcelState.RETURNED, length_cm=60, width_cm=40, height_cm=40, weight_g=9000)
    kept = replaced(old)
    Parcel.objects.filter(pk=kept.pk).update(state=ParcelState.EXPIRED)
    kept.refresh_from_db()

    again = replaced(kept, measures=Measures(weight_g=500))

    assert (kept.length_cm, kept.weight_g) == (60, 9000)
    assert (again.length_cm, again.weight_g) == (None, 500)
