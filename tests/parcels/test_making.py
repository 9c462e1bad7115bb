"""Getting a label: once, whatever is lost, and told when a person has to look."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable, Refused
from saleor_aftercare.core.events import CUSTOMER, SYSTEM
from saleor_aftercare.core.files import content_of
from saleor_aftercare.core.models import Event, Job, JobState
from saleor_aftercare.parcels import making
from saleor_aftercare.parcels.actions import add_parcel, retry_parcel, void_parcel, want_parcel
from saleor_aftercare.parcels.contents import Content
from saleor_aftercare.parcels.models import Parcel, ParcelState, ProviderAccount
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.labels.base import Capabilities, MaybeBought
from tests.fakes import FakeLabelProvider, fake_labels
from tests.make import NOON
from tests.make.parcels import make_parcel
from tests.printing.papers import codes_on, text_of

pytestmark = pytest.mark.django_db

#: A provider that can neither be asked nor deduplicates, as the carriers behind karrio.
FORGETFUL = Capabilities(voids=True)


def want(order: Order, **values) -> Parcel:
    line = order.lines.all()[0]
    content = Content(name=line.product_name, quantity=1, reason="Too small", order_line=line.pk)
    terms = {"payer": "merchant", "send_by": date(2025, 6, 16), "contents": [content], "at": NOON, "actor": SYSTEM}
    return want_parcel(("return", 7), "RMA-1001", order, shop=order.shop, **(terms | values))


def events(parcel: Parcel) -> list[str]:
    return list(
        Event.objects.filter(subject="parcel", subject_id=parcel.pk).order_by("pk").values_list("kind", flat=True)
    )


def now(parcel: Parcel) -> Parcel:
    return Parcel.objects.select_related("shop", "order", "a6", "a4").get(pk=parcel.pk)


def test_a_wanted_parcel_gets_its_label_with_cost_and_last_day(order, fake):
    parcel = want(order)

    jobs.run_due()

    made = now(parcel)
    assert made.state == ParcelState.READY
    assert (made.carrier, made.tracking_number) == ("Fake Parcel", "FAKE00000001")
    assert (made.cost, made.cost_currency) == (Decimal("4.200"), "EUR")
    assert (made.expires_on, made.send_by) == (date(2027, 1, 31), date(2025, 6, 16))
    assert made.provider_reference == "fake-1"
    assert content_of(made.a6).startswith(b"%PDF-")
    assert made.a4 is None
    assert codes_on(content_of(made.slip)) == [("Code128", "RMA-1001"), ("QRCode", "RMA-1001")]
    assert "16June2025" in text_of(content_of(made.slip)), "the customer's own deadline"
    assert "EUR" not in text_of(content_of(made.slip)), "no price"
    assert events(parcel) == ["parcel.ready"]


def test_wanting_one_position_twice_is_one_parcel(order, fake):
    first = want(order)

    assert want(order).pk == first.pk
    jobs.run_due()
    assert fake.purchases == [first.reference]


def test_our_own_label_has_both_papers_and_needs_no_provider(order):
    parcel = want(order, provider="printable")

    jobs.run_due()

    made = now(parcel)
    assert made.carrier == "printable"
    assert content_of(made.a6).startswith(b"%PDF-")
    assert content_of(made.a4).startswith(b"%PDF-")
    assert made.tracking_number == ""


def test_a_customer_who_pays_gets_our_own_label_and_nothing_is_billed_to_the_shop(order, fake):
    parcel = want(order, payer="customer")

    jobs.run_due()

    assert now(parcel).carrier == "printable"
    assert fake.requests == []


def test_a_label_bought_twice_is_not_even_when_the_worker_dies_before_it_is_stored(order, fake, monkeypatch):
    """“A label bought twice”: the provider is asked “did you sell it?” before it is asked again."""
    parcel = want(order)
    with monkeypatch.context() as patch:
        patch.setattr(making, "keep_label", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            making.make_label(now(parcel), tries=1, at=NOON)
    assert (now(parcel).state, fake.purchases) == (ParcelState.WANTED, [parcel.reference])

    making.make_label(now(parcel), tries=2, at=NOON)

    assert now(parcel).tracking_number == "FAKE00000001"
    assert fake.purchases == [parcel.reference]
    assert len(fake.requests) == 1


def test_a_label_paid_and_lost_is_found_again(order, fake):
    """“Paid and lost”: the answer to the purchase never came; the job asks and finds the label."""
    fake.lost_answers = 1
    parcel = want(order)

    with pytest.raises(MaybeBought):
        making.make_label(now(parcel), tries=1, at=NOON)
    assert now(parcel).state == ParcelState.UNKNOWN

    making.make_label(now(parcel), tries=2, at=NOON)

    assert (now(parcel).state, now(parcel).tracking_number) == (ParcelState.READY, "FAKE00000001")
    assert fake.purchases == [parcel.reference]


def test_where_a_provider_can_only_deduplicate_it_is_asked_to_buy_again(order):
    fake = FakeLabelProvider(capabilities=Capabilities(deduplicates=True), lost_answers=1)
    with fake_labels(fake):
        parcel = want(order)
        with pytest.raises(MaybeBought):
            making.make_label(now(parcel), tries=1, at=NOON)

        making.make_label(now(parcel), tries=2, at=NOON)

    assert now(parcel).state == ParcelState.READY
    assert fake.purchases == [parcel.reference]


def test_paid_and_lost_with_a_provider_that_cannot_be_asked_waits_for_staff_and_buys_nothing(order):
    """“Paid and lost”: nobody but a person can look, so nothing is bought until one has."""
    fake = FakeLabelProvider(capabilities=FORGETFUL, lost_answers=1)
    with fake_labels(fake):
        parcel = want(order)
        jobs.run_due()
        assert now(parcel).state == ParcelState.UNKNOWN
        assert events(parcel) == ["parcel.needs_staff"]

        making.make_label(now(parcel), tries=2, at=NOON)
        assert len(fake.purchases) == 1

        retry_parcel(now(parcel), at=NOON, actor=SYSTEM)
        jobs.run_due()

    assert now(parcel).state == ParcelState.READY
    assert len(fake.purchases) == 2


def test_a_worker_that_died_while_asking_leaves_a_mark_that_the_next_one_respects(order):
    fake = FakeLabelProvider(capabilities=FORGETFUL)
    with fake_labels(fake):
        parcel = make_parcel(order, provider="fake", asked_at=NOON)

        making.make_label(now(parcel), tries=2, at=NOON)

    assert fake.purchases == []
    assert (now(parcel).state, events(parcel)) == (ParcelState.UNKNOWN, ["parcel.needs_staff"])


def test_carrier_down_is_tried_again_with_growing_pauses_and_then_staff_choose(order, fake):
    """“Carrier down”: ten tries over more than an hour, then another provider makes the label."""
    fake.failures = [ProviderUnavailable("The carrier is down")] * 10
    with time_machine.travel(NOON, tick=False) as clock:
        parcel = want(order)
        pauses = []
        for _try in range(9):
            jobs.run_due()
            job = Job.objects.get(kind="parcels.make_label")
            assert job.state == JobState.PENDING
            pauses.append((job.due_at - NOON).total_seconds())
            clock.move_to(job.due_at)
        assert now(parcel).state == ParcelState.WANTED
        assert now(parcel).error == "The carrier is down"
        jobs.run_due()

    assert pauses == sorted(pauses)
    assert pauses[-1] > 3600
    failed = now(parcel)
    assert (failed.state, failed.error, failed.asked_at) == (ParcelState.FAILED, "The carrier is down", None)
    assert events(parcel) == ["parcel.failed"]
    assert fake.purchases == []

    retry_parcel(failed, provider="printable", at=NOON, actor=SYSTEM)
    jobs.run_due()

    assert (now(parcel).state, now(parcel).provider) == (ParcelState.READY, "printable")


def test_a_carrier_that_refuses_is_not_asked_again(order, fake):
    fake.failures = [ProviderError("The postal code does not exist")]
    parcel = want(order)

    jobs.run_due()

    assert (now(parcel).state, now(parcel).error) == (ParcelState.FAILED, "The postal code does not exist")
    assert len(fake.requests) == 1


def test_credentials_that_do_not_work_any_more_are_told_once_and_forgotten_when_they_do(order, fake):
    fake.failures = [CredentialsRejected("Wrong key"), CredentialsRejected("Wrong key")]
    parcel = want(order)
    jobs.run_due()
    retry_parcel(now(parcel), at=NOON, actor=SYSTEM)
    jobs.run_due()

    account = ProviderAccount.objects.get()
    assert account.rejected_at is not None
    assert account.error == "Wrong key"
    assert Event.objects.filter(kind="provider.rejected").count() == 1

    retry_parcel(now(parcel), at=NOON, actor=SYSTEM)
    jobs.run_due()

    account.refresh_from_db()
    assert (account.rejected_at, account.error) == (None, "")
    assert Event.objects.filter(kind="provider.verified").count() == 1
    assert now(parcel).state == ParcelState.READY


def test_a_return_address_that_lacks_something_is_told_before_anything_is_asked_for(order, fake):
    settings = order.shop.settings
    settings.return_address = {}
    settings.save()

    with pytest.raises(Refused) as caught:
        want(order)

    assert caught.value.field == "returnAddress"
    assert not Parcel.objects.exists()


def test_an_order_without_an_address_fails_with_the_reason(order, fake):
    Order.objects.filter(pk=order.pk).update(shipping_address={}, billing_address={})
    order.refresh_from_db()
    parcel = want(order)

    jobs.run_due()

    assert now(parcel).state == ParcelState.FAILED
    assert "address" in now(parcel).error
    assert fake.requests == []


def test_a_label_bought_while_its_parcel_was_given_up_goes_back_to_the_provider(order, fake):
    parcel = want(order)
    stale = now(parcel)
    label = fake.buy(making.label_request(stale))
    void_parcel(stale, at=NOON, actor=SYSTEM)

    making.keep_label(stale, label, at=NOON)
    jobs.run_due()

    kept = now(parcel)
    assert (kept.state, kept.a6_id, kept.provider_reference) == (ParcelState.VOID, None, "fake-1")
    assert (kept.cost, kept.void_wanted_at) == (Decimal("4.200"), None)
    assert fake.voided == ["fake-1"]


def test_two_workers_with_one_label_store_it_once(order, fake):
    parcel = want(order)
    label = fake.buy(making.label_request(now(parcel)))

    making.keep_label(now(parcel), label, at=NOON)
    making.keep_label(now(parcel), label, at=NOON)

    assert events(parcel) == ["parcel.ready"]
    assert now(parcel).void_wanted_at is None


def test_a_parcel_that_somebody_gave_up_meanwhile_is_not_bought(order, fake):
    parcel = want(order)
    stale = now(parcel)
    void_parcel(now(parcel), at=NOON, actor=SYSTEM)

    making.make_label(stale, tries=1, at=NOON)

    assert fake.purchases == []


def test_the_drop_off_code_is_kept_as_a_picture_that_reads_as_the_code(order):
    zxingcpp = pytest.importorskip("zxingcpp")
    from io import BytesIO

    from PIL import Image

    with fake_labels(FakeLabelProvider(dropoff=True)):
        parcel = want(order)
        jobs.run_due()

    made = now(parcel)
    assert made.dropoff_code == "QR:FAKE00000001"
    picture = Image.open(BytesIO(content_of(made.dropoff_image)))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["QR:FAKE00000001"]


def test_several_parcels_of_one_case_have_references_of_their_own_and_customers_get_three(order, fake):
    want(order)
    terms = {"shop": order.shop, "payer": "merchant", "send_by": None, "at": NOON}
    for _n in range(3):
        add_parcel(("return", 7), "RMA-1001", order, **terms, actor=CUSTOMER)

    with pytest.raises(Refused):
        add_parcel(("return", 7), "RMA-1001", order, **terms, actor=CUSTOMER)
    add_parcel(("return", 7), "RMA-1001", order, **terms, actor=SYSTEM)
    jobs.run_due()

    handle = order.shop.handle
    expected = [f"{handle}.RMA-1001", *(f"{handle}.RMA-1001.{n}" for n in range(2, 6))]
    assert list(Parcel.objects.order_by("position").values_list("reference", flat=True)) == expected
    assert sorted(fake.sold) == sorted(expected)


def test_the_weight_is_the_goods_own_with_packing_and_open_where_one_is_unknown(order, fake):
    line = order.lines.all()[0]
    assert making.label_request(now(want(order))).weight_g is None
    line.weight_g = 800
    line.save()

    request = making.label_request(now(want(order, position=2)))

    assert request.weight_g == 1000
    assert [one.weight_g for one in request.commodities] == [800]


def test_c1_17_customs_learn_what_it_is_what_it_was_worth_and_where_it_came_from(order, fake):
    """C1.17: commodity lines with the price that was paid, HS code and origin from the product's metadata."""
    line = order.lines.all()[0]
    line.metadata = {"hs_code": "8210.00", "country_of_origin": "jp"}
    line.save()

    request = making.label_request(now(want(order)))

    assert request.crosses_border
    (commodity,) = request.commodities
    assert (commodity.name, commodity.quantity, commodity.sku) == ("Hand grinder", 1, "GRINDER-1")
    assert (commodity.value, commodity.currency) == (Decimal("29.90"), "EUR")
    assert (commodity.hs_code, commodity.origin_country) == ("8210.00", "JP")


def test_the_last_job_of_a_label_is_its_expiry_at_midnight_of_the_shops_day(order, fake):
    parcel = want(order)
    jobs.run_due()

    job = Job.objects.get(kind="parcels.expire")

    assert job.payload == {"parcel": parcel.pk}
    assert job.due_at.isoformat() == "2027-02-01T00:00:00+00:00"
