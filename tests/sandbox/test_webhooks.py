"""Deliveries look and behave like Saleor's: headers, signature, sequences, retries and disorder."""

from __future__ import annotations

import json

import httpx
import jwt
import pytest
from jwt import PyJWKSet
from jwt.api_jws import PyJWS

from saleor_aftercare.sandbox import (
    PracticeTransport,
    SentLine,
    cancel_fulfillment,
    cancel_order,
    fulfill,
    mark_as_paid,
    pay_by_card,
    place_order,
    update_tracking,
)

HANAKO = "hanako.yamada@example.com"


def verify(body: bytes, signature: str, jwks: dict) -> None:
    """As a receiver does it with PyJWT."""
    assert signature.count(".") == 2
    header = jwt.get_unverified_header(signature)
    assert header["alg"] == "RS256"
    assert header["b64"] is False
    key = PyJWKSet.from_dict(jwks)[header["kid"]]
    PyJWS().decode_complete(signature, key=key.key, algorithms=["RS256"], detached_payload=body)


def test_a_delivery_carries_saleors_headers_and_a_detached_signature(shop, hooks, app, listener):
    order = place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])

    hooks.pump()

    request = listener.deliveries[0]
    jwks = httpx.Client(transport=PracticeTransport(shop)).get("https://shop.test/.well-known/jwks.json")
    verify(request.content, request.headers["Saleor-Signature"], jwks.json())
    with pytest.raises(jwt.InvalidSignatureError):
        verify(request.content + b" ", request.headers["Saleor-Signature"], jwks.json())
    assert request.headers["Saleor-Signature"] == request.headers["X-Saleor-Signature"]
    expected = {
        "User-Agent": "Saleor/3.23",
        "Content-Type": "application/json",
        "Saleor-Event": "order_created",
        "X-Saleor-Event": "order_created",
        "Saleor-Domain": "shop.test",
        "X-Saleor-Domain": "shop.test",
        "Saleor-Api-Url": "https://shop.test/graphql/",
        "X-Listener": "yes",
    }
    assert {name: request.headers[name] for name in expected} == expected
    assert json.loads(request.content) == {
        "__typename": "OrderCreated",
        "issuedAt": "2026-11-22T12:00:00+00:00",
        "version": "3.23.28",
        "recipient": {"id": app.id, "identifier": "listener"},
        "issuingPrincipal": None,
        "order": {"id": order.id, "number": "1", "status": "UNFULFILLED"},
    }


def test_each_action_is_told_in_the_sequence_that_was_recorded(shop, hooks, app, listener):
    user = shop.user(email=HANAKO)

    def told() -> list[str]:
        hooks.pump()
        events, listener.deliveries = listener.events, []
        return events

    order = place_order(shop, user=user, lines=[("KETTLE-NAMI", 1), ("TEA-HOJICHA-80", 2)])
    assert told() == ["ORDER_CREATED", "ORDER_CONFIRMED"]
    pay_by_card(shop, order)
    assert told() == ["ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED"]
    parcel = fulfill(shop, order, [SentLine(order.lines[0].id, 1)], tracking_number="1")
    assert told() == ["FULFILLMENT_CREATED", "ORDER_UPDATED", "FULFILLMENT_TRACKING_NUMBER_UPDATED"]
    fulfill(shop, order)
    assert told() == ["FULFILLMENT_CREATED", "FULFILLMENT_APPROVED", "ORDER_UPDATED", "ORDER_FULFILLED"]
    update_tracking(shop, order, parcel, "2")
    assert told() == ["FULFILLMENT_TRACKING_NUMBER_UPDATED", "ORDER_UPDATED"]
    cancel_fulfillment(shop, order, parcel)
    assert told() == ["FULFILLMENT_CANCELED", "ORDER_UPDATED"]
    other = place_order(shop, user=user, lines=[("KETTLE-NAMI", 1)])
    mark_as_paid(shop, other)
    assert told() == ["ORDER_CREATED", "ORDER_CONFIRMED", "ORDER_FULLY_PAID", "ORDER_UPDATED"]
    cancel_order(shop, other)
    assert told() == ["ORDER_CANCELLED", "ORDER_UPDATED"]


def test_trouble_of_the_receiver_is_retried_five_times_with_the_same_bytes(shop, hooks, app, listener):
    hooks.disorder.lose = {"ORDER_CONFIRMED"}
    listener.answers = [500] * 6
    place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])

    counts = [hooks.pump()] + [hooks.pump(forward_s=s) for s in (10, 20, 40, 80, 160, 1000)]

    assert counts == [1, 1, 1, 1, 1, 1, 0]
    assert len({request.content for request in listener.deliveries}) == 1
    assert [d.status for d in hooks.done][-1] == "FAILED"


@pytest.mark.parametrize("status", [302, 401, 404])
def test_a_refusal_ends_a_delivery_at_once(shop, hooks, app, listener, status):
    hooks.disorder.lose = {"ORDER_CONFIRMED"}
    listener.answers = [status]
    place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])

    assert hooks.pump(forward_s=1000) == 1


def test_a_deferred_payload_is_newer_than_its_event(shop, hooks, app, listener):
    order = place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])
    cancel_order(shop, order)

    hooks.pump()

    assert listener.payloads[0]["__typename"] == "OrderCreated"
    assert listener.payloads[0]["order"]["status"] == "CANCELED"


def test_saleor_3_22_builds_payloads_at_once(shop, hooks, app, listener):
    shop.version = "3.22.67"
    order = place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])
    cancel_order(shop, order)

    hooks.pump()

    assert listener.payloads[0]["order"]["status"] == "UNFULFILLED"


def test_disorder_shuffles_duplicates_loses_and_breaks(shop, hooks, app, listener):
    hooks.disorder.shuffle = hooks.disorder.duplicate = hooks.disorder.broken_order = True
    hooks.disorder.lose = {"ORDER_PAID"}
    order = place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])
    pay_by_card(shop, order)

    hooks.pump()

    told = ["ORDER_CONFIRMED", "ORDER_CREATED", "ORDER_FULLY_PAID", "ORDER_UPDATED"]
    assert sorted(listener.events) == sorted(told * 2)
    assert listener.events != sorted(listener.events)
    assert len({request.content for request in listener.deliveries}) == 4
    assert listener.payloads[0]["order"] is None
    assert listener.payloads[0]["errors"][0]["path"] == ["event", "order"]


def test_a_missing_permission_means_silence(shop, hooks, app, listener):
    app.permissions.remove("MANAGE_ORDERS")
    place_order(shop, user=shop.user(email=HANAKO), lines=[("KETTLE-NAMI", 1)])

    assert hooks.pump() == 0
