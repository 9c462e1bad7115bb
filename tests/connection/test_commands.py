"""Effects in Saleor: whatever breaks at whatever moment, each happens once or not at all, and we know which."""

from __future__ import annotations

from contextlib import suppress

import httpx
import pytest
from django.db import connection, transaction

from saleor_aftercare.connection import client, commands
from saleor_aftercare.connection.commands import carry_out, write_command
from saleor_aftercare.connection.models import CommandState, ShopCommand
from saleor_aftercare.core.errors import AftercareError, Conflict, ProviderUnavailable
from saleor_aftercare.sandbox import (
    PracticeShop,
    PracticeTransport,
    ReturnedLine,
    fill,
    return_products,
)
from tests.connection.deeds import KINDS, Deed, make_deed
from tests.house import House, build_house
from tests.make import NOON


@pytest.fixture(params=KINDS)
def deed(request: pytest.FixtureRequest, house: House) -> Deed:
    """Each kind of effect in turn, on Saleor 3.23."""
    return make_deed(house, request.param)


# -- the good day ------------------------------------------------------------------------------------------------------


def test_an_effect_happens_once_however_often_it_is_asked_for(deed):
    for _ in range(3):
        command = deed.carry_out()
        assert command.state == CommandState.SENT

    assert deed.count() == 1


def test_what_saleor_gave_it_is_kept(house):
    granted = make_deed(house, "grant_refund")
    returned = make_deed(house, "record_return")

    kept = [deed.carry_out().response for deed in (granted, returned)]

    parcel = next(f for f in returned.placed.fulfillments if f.status == "RETURNED")
    assert kept == [{"granted_refund": granted.placed.granted_refunds[0].id}, {"fulfillment": parcel.id}]


def test_a_reference_is_one_command_whose_request_never_changes(house):
    deed = make_deed(house, "grant_refund")

    again = write_command(
        house.shop, kind="grant_refund", reference="test:grant_refund", subject=("test", 2), order_id="x",
        request={"id": "other"}, at=NOON,
    )  # fmt: skip

    assert again == deed.command
    assert again.request == deed.command.request


# -- answers that get lost ---------------------------------------------------------------------------------------------


def test_after_a_lost_answer_saleor_is_read_and_nothing_is_sent_again(deed):
    deed.house.saleor.faults.add("lost")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()
    assert deed.state == CommandState.UNKNOWN

    command = deed.carry_out()

    assert command.state == CommandState.SENT
    assert deed.count() == 1


def test_what_never_arrived_is_sent_once_saleor_can_no_longer_be_at_it(deed):
    deed.house.saleor.faults.add("timeout")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()
    assert deed.count() == 0

    with pytest.raises(ProviderUnavailable) as early:
        deed.carry_out()
    assert 0 < early.value.retry_after_s <= 121
    assert (deed.count(), deed.state) == (0, CommandState.UNKNOWN)

    assert deed.carry_out_later().state == CommandState.SENT
    assert deed.count() == 1


def test_a_500_tells_nothing_so_saleor_is_read_first(deed):
    deed.house.saleor.faults.add("500")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()

    assert deed.carry_out_later().state == CommandState.SENT
    assert deed.count() == 1


def test_a_busy_saleor_has_done_nothing_and_is_asked_again(deed):
    busy = httpx.MockTransport(lambda _request: httpx.Response(429, headers={"Retry-After": "30"}))
    with client.using_transport(busy), pytest.raises(client.NotSent) as later:
        deed.carry_out()
    assert (later.value.retry_after_s, deed.state) == (30, CommandState.PENDING)

    assert deed.carry_out().state == CommandState.SENT
    assert deed.count() == 1


def test_a_saleor_that_cannot_be_reached_has_done_nothing(deed):
    deed.house.saleor.api_url, api_url = "https://elsewhere.test/graphql/", deed.house.saleor.api_url
    with pytest.raises(client.NotSent):
        deed.carry_out()
    assert deed.state == CommandState.PENDING

    deed.house.saleor.api_url = api_url
    assert deed.carry_out().state == CommandState.SENT
    assert deed.count() == 1


def test_while_saleor_is_away_an_unknown_effect_stays_unknown(deed):
    deed.house.saleor.faults.add("lost")
    deed.house.saleor.faults.add("500", times=3)
    for _ in range(4):
        with pytest.raises(ProviderUnavailable):
            deed.carry_out_later()

    assert deed.carry_out_later().state == CommandState.SENT
    assert deed.count() == 1


def test_a_rejected_token_fails_the_effect_and_it_can_be_tried_again(deed):
    deed.house.saleor.faults.add("token")

    command = deed.carry_out()
    assert (command.state, command.error_code) == (CommandState.FAILED, "PermissionDenied")
    assert deed.carry_out().state == CommandState.FAILED
    assert deed.count() == 0

    commands.retry_failed(ShopCommand.objects.get(), at=NOON)
    assert deed.carry_out().state == CommandState.SENT
    assert deed.count() == 1


# -- workers that die --------------------------------------------------------------------------------------------------


class Death(BaseException):
    """A worker's process ends."""


class Deathly(httpx.BaseTransport):
    """Saleor as seen by a worker that dies before its call leaves, or after that was carried out."""

    def __init__(self, saleor: PracticeShop, *, after: bool) -> None:
        self.inner = PracticeTransport(saleor)
        self.after = after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.after:
            self.inner.handle_request(request)
        raise Death


@pytest.mark.parametrize("after", [False, True], ids=["before it left", "after Saleor did it"])
def test_a_worker_that_dies_while_sending_is_followed_by_one_that_finds_out(deed, after):
    with client.using_transport(Deathly(deed.house.saleor, after=after)), pytest.raises(Death):
        deed.carry_out()
    assert (deed.state, deed.count()) == (CommandState.SENDING, int(after))

    with pytest.raises(ProviderUnavailable):
        deed.carry_out()
    assert deed.count() == int(after)

    assert deed.carry_out_later().state == CommandState.SENT
    assert deed.count() == 1


def test_a_worker_that_dies_while_reading_back_changes_nothing(deed):
    deed.house.saleor.faults.add("lost")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()
    with client.using_transport(Deathly(deed.house.saleor, after=True)), pytest.raises(Death):
        deed.carry_out()

    assert deed.state == CommandState.UNKNOWN
    assert deed.carry_out().state == CommandState.SENT
    assert deed.count() == 1


@pytest.mark.parametrize("step", range(1, 7))
@pytest.mark.parametrize("fault", [None, "lost", "timeout", "500"])
def test_a_worker_that_dies_between_any_two_steps_leaves_it_to_the_next(deed, step, fault):
    """Every write of the command's row is a step; the worker dies with the ``step``-th one."""
    if fault:
        deed.house.saleor.faults.add(fault)
    steps = 0

    def dying(execute, sql, params, many, context):
        nonlocal steps
        done = execute(sql, params, many, context)
        if sql.startswith('UPDATE "aftercare_shopcommand"'):
            steps += 1
            if steps == step:
                raise Death
        return done

    for attempt in range(8):
        with suppress(Death, AftercareError), connection.execute_wrapper(dying):
            deed.carry_out_later(3 * (attempt + 1))
        assert deed.count() <= 1

    assert deed.state == CommandState.SENT
    assert deed.count() == 1


def test_of_two_workers_at_once_one_sends(deed):
    first, second = (ShopCommand.objects.get() for _ in range(2))
    carry_out(first, at=NOON)

    with pytest.raises(Conflict):
        carry_out(second, at=NOON)

    assert deed.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_out_of_a_transaction_that_could_forget_it(saleor):
    with build_house(saleor) as house:
        deed = make_deed(house, "manual_refund")
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            deed.carry_out()

        assert (deed.count(), deed.state) == (0, CommandState.PENDING)


# -- what Saleor refuses -----------------------------------------------------------------------------------------------


def test_a_refusal_is_final_and_says_why(house):
    deed = make_deed(house, "grant_refund")
    ShopCommand.objects.update(request={**deed.command.request, "input": {
        "amount": "99999999", "reason": "RMA-1001/1", "transactionId": deed.placed.transactions[0].id,
    }})  # fmt: skip

    command = deed.carry_out()

    assert (command.state, command.error_code) == (CommandState.FAILED, "AMOUNT_GREATER_THAN_AVAILABLE")
    assert "charged amount" in command.error
    assert deed.count() == 0


def test_a_refund_that_is_under_way_already_counts_as_requested(house):
    deed = make_deed(house, "request_refund")
    deed.carry_out()
    ShopCommand.objects.update(state=CommandState.PENDING)

    command = deed.carry_out()

    assert (command.state, command.response) == (CommandState.SENT, {"already": "REFUND_IS_PENDING"})
    assert deed.count() == 1


def test_only_a_refused_effect_can_be_retried(house):
    deed = make_deed(house, "grant_refund")
    for state in set(CommandState.values) - {CommandState.FAILED}:
        ShopCommand.objects.update(state=state)
        with pytest.raises(Conflict):
            commands.retry_failed(ShopCommand.objects.get(), at=NOON)
    assert deed.count() == 0


def test_an_answer_that_breaks_inside_may_have_been_done(house):
    deed = make_deed(house, "manual_refund")
    broken = {
        "data": {"transactionCreate": None},
        "errors": [{"message": "No.", "path": ["transactionCreate", "transaction", "id"],
                    "extensions": {"exception": {"code": "PermissionDenied"}}}],
    }  # fmt: skip
    with (
        client.using_transport(httpx.MockTransport(lambda _r: httpx.Response(200, json=broken))),
        pytest.raises(client.MaybeDone),
    ):
        deed.carry_out()

    assert deed.state == CommandState.UNKNOWN


# -- reading back ------------------------------------------------------------------------------------------------------


@pytest.fixture
def old_house(db: None):
    """Aftercare in a Saleor 3.22, whose returns carry no reason."""
    saleor = PracticeShop(version="3.22.67")
    fill(saleor, orders=False)
    with build_house(saleor) as house:
        house.settle()
        yield house


def test_a_return_in_saleor_3_22_is_found_by_its_units(old_house):
    deed = make_deed(old_house, "record_return")
    old_house.saleor.faults.add("lost")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()

    assert deed.carry_out().state == CommandState.SENT
    assert deed.count() == 1


def test_somebody_elses_return_of_other_units_is_not_taken_for_ours(old_house):
    deed = make_deed(old_house, "record_return")
    line = deed.placed.fulfillments[0].lines[0]
    return_products(old_house.saleor, deed.placed, [ReturnedLine(2, fulfillment_line=line.id)])
    old_house.saleor.faults.add("timeout")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()

    command = deed.carry_out_later()

    assert command.state == CommandState.FAILED  # there is nothing left to return
    assert deed.count() == 1


def test_a_return_by_hand_with_another_reason_is_not_taken_for_ours(house):
    deed = make_deed(house, "record_return")
    line = deed.placed.fulfillments[0].lines[0]
    return_products(house.saleor, deed.placed, [ReturnedLine(1, fulfillment_line=line.id)], reason="by hand")
    house.saleor.faults.add("timeout")
    with pytest.raises(client.MaybeDone):
        deed.carry_out()

    assert deed.carry_out_later().state == CommandState.SENT
    assert deed.count() == 2
