"""How a parcel is handed in: with a label, or by a code; only what there is is offered."""

from __future__ import annotations

import pytest

from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.core.models import Event
from saleor_aftercare.parcels.actions import choices_of, choose_handover
from saleor_aftercare.parcels.handing import way_of, ways_before, ways_of
from saleor_aftercare.parcels.making import want_label
from saleor_aftercare.parcels.models import Handover, Parcel, ParcelState
from saleor_aftercare.parcels.queries import get_parcel
from saleor_aftercare.providers.labels.base import Capabilities
from tests.fakes import FakeLabelProvider, fake_labels
from tests.make import NOON, make_file
from tests.make.parcels import make_account, make_parcel

pytestmark = pytest.mark.django_db

BOTH = (Handover.LABEL, Handover.DROPOFF)
CODES = Capabilities(deduplicates=True, dropoff_codes=True)


def choose(parcel: Parcel, way: str) -> Parcel:
    return choose_handover(parcel, way, at=NOON, actor=CUSTOMER)


def test_before_there_is_a_parcel_the_shops_provider_says_what_may_be_chosen(shop):
    with fake_labels(FakeLabelProvider(capabilities=CODES)):
        assert ways_before(shop, payer="merchant", provider="fake") == BOTH
        # Who pays gets our own label, which no counter has a code for.
        assert ways_before(shop, payer="customer", provider="fake") == (Handover.LABEL,)
    with fake_labels():
        assert ways_before(shop, payer="merchant", provider="fake") == (Handover.LABEL,)
    assert ways_before(shop, payer="merchant", provider="printable") == (Handover.LABEL,)
    assert ways_before(shop, payer="merchant", provider="gone") == (Handover.LABEL,)


def test_a_program_offers_codes_only_if_the_merchant_says_that_it_gives_them(shop):
    account = make_account(shop, "webhook", url="https://labels.example.com/", secret="x" * 16, features="void")
    assert ways_before(shop, payer="merchant", provider="webhook") == (Handover.LABEL,)
    account.delete()
    make_account(shop, "webhook", url="https://labels.example.com/", secret="x" * 16, features="void+dropoff")

    assert ways_before(shop, payer="merchant", provider="webhook") == BOTH


def test_the_wish_is_told_to_the_provider_and_can_be_changed_until_it_is_handed_in(order):
    with fake_labels(FakeLabelProvider(capabilities=CODES, dropoff=True)) as fake:
        parcel = make_parcel(order, provider="fake")
        choose(parcel, "dropoff")
        want_label(parcel, at=NOON)
        jobs.run_due()

        (asked,) = fake.requests
        assert asked.prefers_dropoff
    ready = get_parcel(order.shop, parcel.pk)
    assert (ready.state, way_of(ready), ways_of(ready)) == (ParcelState.READY, Handover.DROPOFF, BOTH)
    choose(ready, "label")
    choose(ready, "label")
    assert way_of(get_parcel(order.shop, parcel.pk)) == Handover.LABEL
    assert Event.objects.filter(kind="parcel.handover_chosen").count() == 2

    Parcel.objects.filter(pk=parcel.pk).update(state=ParcelState.IN_TRANSIT)
    with pytest.raises(Conflict):
        choose(get_parcel(order.shop, parcel.pk), "dropoff")


def test_once_there_is_a_label_only_what_the_provider_gave_is_offered(order):
    """Whoever wished for a code and got none has a label."""
    parcel = make_parcel(order, state=ParcelState.READY, provider="fake", handover="dropoff", a6=make_file(order.shop))

    assert (way_of(parcel), ways_of(parcel)) == (Handover.LABEL, (Handover.LABEL,))
    assert "choose_handover" not in choices_of(parcel).customer
    with pytest.raises(InvalidInput) as caught:
        choose(parcel, "dropoff")
    assert caught.value.field == "handover"


def test_a_code_alone_is_the_only_way_and_no_label_of_ours_is_printed_beside_it(order):
    fake = FakeLabelProvider(capabilities=CODES, dropoff=True, prints=False)
    with fake_labels(fake):
        parcel = make_parcel(order, provider="fake")
        want_label(parcel, at=NOON)
        jobs.run_due()

    ready = get_parcel(order.shop, parcel.pk)
    assert (ready.a6, ready.a4) == (None, None)
    assert ready.slip is not None
    assert (way_of(ready), ways_of(ready)) == (Handover.DROPOFF, (Handover.DROPOFF,))
