"""Hand-overs from a storefront, sessions, and forgetting."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta

import pytest
from django.db import connection

from saleor_aftercare.access import actions, drafts
from saleor_aftercare.access.models import CustomerSession, Draft, GuestChallenge
from saleor_aftercare.connection.auth import Customer
from saleor_aftercare.core.errors import NotFound, Unauthenticated
from saleor_aftercare.core.models import Shop, StoredFile
from tests.make import HOUR, NOON, make_challenge, make_file, make_order, make_session, make_shop

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def hand_over(order, *, order_id=None, user_id=None, at=NOON):
    customer = Customer(order.shop, order.user_id if user_id is None else user_id, order.email)
    return actions.open_handover(
        customer,
        order_id=order.saleor_id if order_id is None else order_id,
        return_url="https://store.test/account",
        language="ja",
        at=at,
    )


# -- hand-over ---------------------------------------------------------------------------------------------------------


def test_a_code_is_traded_once_for_a_session_of_half_an_hour():
    order = make_order()
    code = hand_over(order)

    token, session = actions.trade_handover(code, at=NOON + 30 * timedelta(seconds=1))

    assert (session.user_id, session.order, session.language) == (order.user_id, None, "ja")
    assert session.return_url == "https://store.test/account"
    assert actions.session_for(token, at=NOON + 29 * MINUTE) == session
    assert actions.principal_of(session) == Customer(order.shop, order.user_id, order.email)
    with pytest.raises(Unauthenticated):
        actions.trade_handover(code, at=NOON)
    assert CustomerSession.objects.count() == 1


@pytest.mark.parametrize("seconds", [60, 61, 3600])
def test_a_code_ends_after_a_minute(seconds):
    code = hand_over(make_order())

    with pytest.raises(Unauthenticated):
        actions.trade_handover(code, at=NOON + timedelta(seconds=seconds))


def test_a_code_is_no_session_and_a_session_no_code():
    code = hand_over(make_order())
    with pytest.raises(Unauthenticated):
        actions.session_for(code, at=NOON)

    token, _session = actions.trade_handover(code, at=NOON)
    with pytest.raises(Unauthenticated):
        actions.trade_handover(token, at=NOON)


def test_somebody_elses_order_is_as_if_it_did_not_exist(house):
    theirs = make_order(house.shop, user_id="User:2")

    told = set()
    for order_id in (theirs.saleor_id, "T3JkZXI6bm9uZQ==", "nonsense"):
        with pytest.raises(NotFound) as refused:
            hand_over(theirs, order_id=order_id, user_id="User:1")
        told.add((refused.value.message, refused.value.field))

    assert len(told) == 1
    assert CustomerSession.objects.count() == 0


def test_a_hand_over_needs_no_order():
    order = make_order()

    _token, session = actions.trade_handover(hand_over(order, order_id=""), at=NOON)

    assert session.covers(order)


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_with_one_code_one_gets_in():
    code = hand_over(make_order())
    opened, together = [], threading.Barrier(4)

    def trade():
        together.wait()
        with contextlib.suppress(Unauthenticated):
            opened.append(actions.trade_handover(code, at=NOON))
        connection.close()

    threads = [threading.Thread(target=trade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == CustomerSession.objects.count() == 1


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_a_session_of_a_customer_covers_their_orders_and_one_of_a_guest_its_order():
    shop = make_shop()
    first, second = make_order(shop, user_id="User:1"), make_order(shop, user_id="User:1")
    theirs, elsewhere = make_order(shop, user_id="User:2"), make_order(user_id="User:1")
    orders = (first, second, theirs, elsewhere)

    customer, guest = make_session(first, guest=False), make_session(first)

    assert [customer.covers(order) for order in orders] == [True, True, False, False]
    assert [guest.covers(order) for order in orders] == [True, False, False, False]


def test_a_session_that_is_used_stays_open_and_one_that_is_not_ends():
    session = make_session(token="acs_token")

    actions.extend_session(session, at=NOON + 5 * MINUTE)
    assert session.expires_at == NOON + 30 * MINUTE  # too early to write

    actions.extend_session(session, at=NOON + 20 * MINUTE)
    assert actions.session_for("acs_token", at=NOON + 49 * MINUTE) == session
    with pytest.raises(Unauthenticated):
        actions.session_for("acs_token", at=NOON + 50 * MINUTE)


def test_signing_out_ends_this_session_only():
    order = make_order()
    mine, theirs = make_session(order, token="acs_mine"), make_session(order, token="acs_theirs")

    actions.close_session(mine)

    with pytest.raises(Unauthenticated):
        actions.session_for("acs_mine", at=NOON)
    assert actions.session_for("acs_theirs", at=NOON) == theirs


def test_a_token_of_the_portal_opens_no_api():
    make_session(token="acs_token")

    with pytest.raises(Unauthenticated):
        actions.authenticate("acs_token", api_url=None)


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_what_is_over_is_forgotten_and_what_is_not_is_kept():
    order = make_order()
    make_challenge(order, expires_at=NOON - MINUTE)
    make_challenge(order, expires_at=NOON + MINUTE)
    make_session(order, expires_at=NOON - MINUTE)
    make_session(order, expires_at=NOON + MINUTE)
    old = drafts.open_draft(order, kind="return", key=drafts.new_key(), at=NOON - 49 * HOUR)
    young = drafts.open_draft(order, kind="return", key=drafts.new_key(), at=NOON)
    unsent, elsewhere = make_file(order.shop), make_file(order.shop)
    old.files.add(unsent)

    assert actions.prune(at=NOON) == 3

    assert (GuestChallenge.objects.count(), CustomerSession.objects.count()) == (1, 1)
    assert list(Draft.objects.all()) == [young]
    assert list(StoredFile.objects.all()) == [elsewhere]


def test_handing_over_does_not_hold_up_the_rest_of_the_shop():
    """A lock on the shop's row would make every INSERT that names the shop wait."""
    code = hand_over(make_order())

    with connection.execute_wrapper(_no_lock_on(Shop)):
        actions.trade_handover(code, at=NOON)


def _no_lock_on(model):
    def watch(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and model._meta.db_table in sql:
            assert "FOR UPDATE OF" in sql
        return execute(sql, params, many, context)

    return watch
