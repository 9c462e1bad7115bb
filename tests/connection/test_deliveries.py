"""From Saleor's event to our rows: late, twice, out of order, broken, or lost, it ends the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from saleor_aftercare.connection import client, reconcile
from saleor_aftercare.connection.models import Fulfillment, InboundWebhook, Order, WebhookState
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Event, Job, JobState, Shop
from saleor_aftercare.sandbox import (
    PracticeTransport,
    ReturnedLine,
    cancel_fulfillment,
    cancel_order,
    fulfill,
    pay_by_card,
    place_order,
    return_products,
    update_tracking,
)
from saleor_aftercare.sandbox.fulfilling import SentLine
from tests.house import House


def customer_of(house: House) -> Any:
    return next(user for user in house.saleor.state.users if not user.is_staff)


def place(house: House, quantity: int = 2) -> Any:
    placed = place_order(house.saleor, user=customer_of(house), lines=[("KETTLE-KAZE-BLK", quantity), ("WHETSTONE", 1)])
    pay_by_card(house.saleor, placed)
    return placed


def live(house: House) -> Any:
    """The whole life of an order, without anything being delivered meanwhile."""
    placed = place(house, 3)
    kettle = placed.lines[0]
    first = fulfill(house.saleor, placed, [SentLine(kettle.id, 2)], tracking_number="TRK-1")
    fulfill(house.saleor, placed)
    update_tracking(house.saleor, placed, first, "TRK-2")
    return_products(house.saleor, placed, [ReturnedLine(1, fulfillment_line=first.lines[0].id)])
    return placed


def told(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def assert_like_saleor(house: House, placed: Any) -> None:
    order = house.order(placed)
    assert (order.status, order.number, order.user_id) == (placed.status, placed.number, placed.user or "")
    ours = {
        f.saleor_id: (f.status, f.tracking_number, sum(line.quantity for line in f.lines.all()))
        for f in order.fulfillments.filter(gone=False)
    }
    assert ours == {
        f.id: (f.status, f.tracking_number, sum(line.quantity for line in f.lines)) for f in placed.fulfillments
    }


# -- every kind of day -------------------------------------------------------------------------------------------------


def test_a_lucky_day(house):
    placed = live(house)

    house.settle()

    assert_like_saleor(house, placed)
    assert told("fulfillment.dispatched") == 2
    assert set(InboundWebhook.objects.values_list("state", flat=True)) <= {WebhookState.APPLIED, WebhookState.IGNORED}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("deferred", [True, False])
def test_out_of_order_and_twice_it_ends_the_same(house, seed, deferred):
    house.hooks.disorder.shuffle = house.hooks.disorder.duplicate = True
    house.hooks.disorder.deferred = deferred
    house.saleor.random.seed(seed)

    placed = live(house)
    house.settle()

    assert_like_saleor(house, placed)
    assert told("fulfillment.dispatched") == 2


def test_jobs_in_any_order_end_the_same(house):
    placed = live(house)
    house.hooks.pump()
    for n, job in enumerate(Job.objects.filter(kind="connection.apply_webhook").order_by("-pk")):
        Job.objects.filter(pk=job.pk).update(due_at=clock.now() - timedelta(hours=1) + timedelta(seconds=n))

    house.settle()

    assert_like_saleor(house, placed)
    assert told("fulfillment.dispatched") == 2


def test_an_order_that_saleor_could_not_tell_is_asked_for(house):
    house.hooks.disorder.broken_order = True

    placed = live(house)
    house.settle()

    assert_like_saleor(house, placed)
    failed = InboundWebhook.objects.filter(state=WebhookState.FAILED)
    assert failed.count() > 0
    assert set(failed.values_list("error", flat=True)) == {"The delivery carries no order."}
    assert house.failed_jobs() == []


def test_an_order_is_asked_for_again_while_saleor_is_away(house):
    house.hooks.disorder.broken_order = True
    house.hooks.disorder.lose = {f"FULFILLMENT_{what}" for what in ("CREATED", "APPROVED", "TRACKING_NUMBER_UPDATED")}
    placed = live(house)
    house.saleor.faults.add("500", times=99, operation="AftercareInstallation")
    house.settle()
    assert not Order.objects.exists()

    house.saleor.faults.clear()
    reconcile.schedule_all(at=clock.now())
    house.settle()

    assert_like_saleor(house, placed)


@pytest.mark.parametrize(
    "lost",
    [
        {"FULFILLMENT_CREATED", "FULFILLMENT_APPROVED"},
        {"ORDER_CREATED", "ORDER_CONFIRMED", "ORDER_UPDATED", "ORDER_FULFILLED", "FULFILLMENT_CREATED",
         "FULFILLMENT_APPROVED", "FULFILLMENT_TRACKING_NUMBER_UPDATED"},
    ],
    ids=["parcels", "everything"],
)  # fmt: skip
def test_what_never_arrived_is_found_by_reconciling(house, lost):
    house.hooks.disorder.lose = lost
    placed = live(house)
    house.settle()

    assert reconcile.run_all() == 1
    house.settle()

    assert_like_saleor(house, placed)
    assert told("fulfillment.dispatched") == 2


def test_five_minutes_of_our_own_trouble_lose_nothing(house):
    placed = live(house)
    Shop.objects.update(saleor_api_url="https://gone.test/graphql/")
    house.hooks.pump()
    Shop.objects.update(saleor_api_url="https://shop.test/graphql/")

    reconcile.run_all()
    house.settle()

    assert_like_saleor(house, placed)


# -- what an event means -----------------------------------------------------------------------------------------------


def test_a_cancelled_order_and_a_cancelled_parcel_are_told(house):
    unsent, sent = place(house), place(house)
    parcel = fulfill(house.saleor, sent)
    house.settle()
    cancel_order(house.saleor, unsent)
    cancel_fulfillment(house.saleor, sent, parcel)

    house.settle()

    assert told("order.canceled") == told("fulfillment.canceled") == 1
    assert house.order(unsent).canceled


def test_our_own_changes_come_back_and_change_nothing(house):
    placed = live(house)
    house.settle()
    before = list(Event.objects.values_list("kind", flat=True))
    request = {
        "fulfillmentLines": [{"fulfillmentLineId": placed.fulfillments[0].lines[0].id, "quantity": 1}],
        "refund": False,
    }

    client.mutate(house.shop, "return-products", order=placed.id, input=request)
    house.settle()

    hook = InboundWebhook.objects.latest("pk")
    assert json.loads(bytes(hook.body))["issuingPrincipal"]["id"] == house.shop.app_id
    assert_like_saleor(house, placed)
    assert list(Event.objects.values_list("kind", flat=True)) == before


def test_staff_who_use_the_dashboard_are_no_customers(house):
    staff = next(user for user in house.saleor.state.users if user.is_staff)
    with house.saleor.changing():
        house.saleor.announce("CUSTOMER_UPDATED", staff)

    house.settle()

    assert InboundWebhook.objects.latest("pk").state == WebhookState.IGNORED


def test_a_customers_language_is_followed(house):
    placed = place(house)
    house.settle()
    customer = customer_of(house)
    with house.saleor.changing():
        customer.language_code = "EN" if house.order(placed).language != "en" else "JA"
        house.saleor.announce("CUSTOMER_UPDATED", customer)

    house.settle()

    assert house.order(placed).language == customer.language_code.lower()


def test_a_deleted_customer_is_told_with_the_account(house):
    customer = customer_of(house)
    with house.saleor.changing():
        house.saleor.announce("CUSTOMER_DELETED", customer)

    house.settle()

    event = Event.objects.get(kind="customer.deleted")
    assert (event.subject, event.subject_id, event.data) == ("shop", house.shop.pk, {"user_id": customer.id})


def test_a_delivery_is_applied_once_however_often_its_job_runs(house):
    live(house)
    house.settle()
    events = Event.objects.count()

    Job.objects.filter(kind="connection.apply_webhook").update(state=JobState.PENDING, finished_at=None)
    jobs.run_due()

    assert Event.objects.count() == events
    assert house.failed_jobs() == []


def test_a_delivery_that_cannot_be_applied_leaves_nothing_half_done(house):
    placed = live(house)
    house.settle()
    hook = InboundWebhook.objects.filter(kind="OrderUpdated").latest("pk")
    payload = json.loads(bytes(hook.body))
    payload["order"]["updatedAt"] = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    payload["order"]["status"] = "CANCELED"
    payload["order"]["fulfillments"][-1]["lines"] = [{"id": "x", "quantity": 1, "orderLine": {"id": "nowhere"}}]
    InboundWebhook.objects.filter(pk=hook.pk).update(body=json.dumps(payload).encode(), state=WebhookState.RECEIVED)
    Job.objects.filter(key=f"webhook:{hook.pk}").update(state=JobState.PENDING, finished_at=None)

    house.settle()

    hook.refresh_from_db()
    assert hook.state == WebhookState.FAILED
    assert_like_saleor(house, placed)
    assert told("order.canceled") == 0


# -- reconciling -------------------------------------------------------------------------------------------------------


def test_reconciling_goes_on_where_it_was_interrupted(house, monkeypatch):
    house.hooks.disorder.lose = {"ORDER_CREATED", "ORDER_CONFIRMED", "ORDER_UPDATED"}
    monkeypatch.setattr(reconcile, "PAGE", 3)
    start = clock.now()
    with time_machine.travel(start, tick=False) as moment:
        placed = []
        for _ in range(8):
            moment.shift(timedelta(minutes=10))
            placed.append(place(house))
        moment.shift(timedelta(minutes=10))
        transport = _Interrupted(house.saleor, after=2)
        with client.using_transport(transport), pytest.raises(ProviderUnavailable):
            reconcile.run(house.shop, at=clock.now())
        assert Order.objects.count() == 6
        shop = house.shop
        assert shop.reconciled_to == Order.objects.latest("updated_at").updated_at

        assert reconcile.run(house.shop, at=clock.now()) < 8

    assert {order.saleor_id for order in Order.objects.all()} == {one.id for one in placed}


class _Interrupted(PracticeTransport):
    """A Saleor that goes away after so many answers."""

    def __init__(self, saleor, *, after: int) -> None:
        super().__init__(saleor)
        self.after = after

    def handle_request(self, request):
        if len(self.calls) >= self.after:
            self.shop.faults.add("timeout")
        return super().handle_request(request)


def test_a_quiet_shop_is_reconciled_with_one_page(house):
    live(house)
    house.settle()
    reconcile.run(house.shop, at=clock.now())
    transport = PracticeTransport(house.saleor)

    with client.using_transport(transport):
        reconcile.run(house.shop, at=clock.now())

    assert len(transport.calls) == 1


def test_drafts_are_nobodys_orders(house):
    from saleor_aftercare.sandbox.ordering import create_draft

    channel = house.saleor.state.channels[0]
    create_draft(house.saleor, {"channel_id": channel.id, "user_email": "x@example.com", "lines": []})

    reconcile.run_all()
    house.settle()

    assert Order.objects.count() == Fulfillment.objects.count() == 0


# -- our webhooks ------------------------------------------------------------------------------------------------------


def hooks_of(house: House) -> dict[str, Any]:
    return {hook.name: hook for hook in house.saleor.installed("saleor.aftercare").webhooks}


def test_webhooks_that_are_right_are_left_alone(house):
    assert reconcile.update_webhooks(house.shop) == 0


def test_webhooks_of_an_older_release_are_brought_up_to_date(house, settings):
    before = hooks_of(house)
    before["Aftercare orders"].query = "subscription { event { ... on OrderCreated { order { id } } } }"
    before["Aftercare fulfillments"].events.remove("FULFILLMENT_CREATED")
    before["Aftercare app"].is_active = False
    before["Aftercare customers"].name = "Aftercare shoppers"
    app = house.saleor.installed("saleor.aftercare")

    assert reconcile.update_webhooks(house.shop) == 5
    assert reconcile.update_webhooks(house.shop) == 0

    names = {hook.name for hook in app.webhooks}
    assert names == {"Aftercare orders", "Aftercare fulfillments", "Aftercare app", "Aftercare customers"}
    settings.PUBLIC_URL = "https://new.aftercare.test"
    assert reconcile.update_webhooks(house.shop) == 4
    assert {hook.target_url for hook in app.webhooks} == {"https://new.aftercare.test/saleor/webhooks/"}


def test_a_webhook_that_somebody_else_added_is_left_alone(house):
    foreign = hooks_of(house)["Aftercare app"]
    app = house.saleor.installed("saleor.aftercare")
    app.webhooks.append(type(foreign)(**vars(foreign) | {"id": "V2ViaG9vazo5OTk=", "name": "Merchant's own"}))

    assert reconcile.update_webhooks(house.shop) == 0

    assert "Merchant's own" in {hook.name for hook in app.webhooks}
