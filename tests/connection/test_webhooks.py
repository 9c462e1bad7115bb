"""What comes through Saleor's door: every real delivery, once, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client

from saleor_aftercare.connection import client, jwks, webhooks
from saleor_aftercare.connection.models import InboundWebhook, WebhookState
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Unauthenticated
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.sandbox import PracticeShop, PracticeTransport, sign_detached
from saleor_aftercare.sandbox.tokens import KeyPair
from tests.connection.conftest import read_recordings, recorded, recorded_jwks
from tests.make import DAY, NOON, make_shop, make_webhook

API_URL = "https://shop.test/graphql/"
APP_ID = "QXBwOjE="

SIGNED = [one for one in read_recordings() if "Saleor-Signature" in one.headers]


# -- real recordings ---------------------------------------------------------------------------------------------------


@pytest.fixture
def recorded_shop(db: None) -> Shop:
    """The tenant that the recorded Saleor would be."""
    return make_shop(
        saleor_api_url="http://127.0.0.1:8000/graphql/",
        app_id=APP_ID,
        jwks=recorded_jwks(),
        jwks_fetched_at=datetime.now(UTC),
    )


@pytest.mark.parametrize("delivery", SIGNED, ids=lambda one: one.name)
def test_every_real_delivery_verifies_and_no_changed_one(recorded_shop, delivery):
    jwks.verify_detached(recorded_shop, delivery.body, delivery.signature)

    for body in (delivery.body + b" ", delivery.body[:-1], delivery.body.replace(b'"', b"'", 1), b""):
        with pytest.raises(Unauthenticated):
            jwks.verify_detached(recorded_shop, body, delivery.signature)


def test_a_real_deliverys_signature_fits_no_other_delivery(recorded_shop):
    with pytest.raises(Unauthenticated, match="does not fit"):
        jwks.verify_detached(recorded_shop, recorded("0018").body, recorded("0019").signature)


def test_a_real_delivery_of_somebody_elses_subscription_is_answered_400_and_not_stored(recorded_shop):
    one = recorded("0018")

    response = deliver(one.body, one.signature, api_url=one.headers["Saleor-Api-Url"])

    assert (response.status_code, response.json()["error"]["field"]) == (400, "__typename")
    assert InboundWebhook.objects.count() == 0


def test_a_retried_delivery_has_the_same_bytes():
    assert recorded("0097").body == recorded("0101").body


# -- the door ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keys() -> KeyPair:
    """Saleor's key; making one takes a moment."""
    return KeyPair.generate()


@pytest.fixture
def shop(db: None, keys: KeyPair) -> Shop:
    """An installed shop that signs with ``keys``."""
    return make_shop(saleor_api_url=API_URL, app_id=APP_ID, jwks=keys.jwks(), jwks_fetched_at=datetime.now(UTC))


def event(kind: str = "OrderUpdated", **values: Any) -> dict[str, Any]:
    return {
        "__typename": kind,
        "issuedAt": datetime.now(UTC).isoformat(),
        "issuingPrincipal": None,
        "recipient": {"id": APP_ID},
    } | values


def deliver(body: bytes, signature: str, *, api_url: str = API_URL) -> Any:
    return Client(raise_request_exception=False).post(
        "/saleor/webhooks/",
        body,
        content_type="application/json",
        headers={"Saleor-Api-Url": api_url, "Saleor-Signature": signature, "Saleor-Event": "order_updated"},
    )


def send(keys: KeyPair, payload: Any, **kwargs: Any) -> Any:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return deliver(body, sign_detached(keys, body), **kwargs)


def assert_nothing_kept() -> None:
    assert InboundWebhook.objects.count() == 0
    assert Job.objects.count() == 0


def test_a_delivery_is_stored_byte_for_byte_with_a_job(shop, keys):
    body = json.dumps(event()).encode()

    response = send(keys, body)

    assert (response.status_code, response.json()) == (200, {"stored": True})
    hook = InboundWebhook.objects.get()
    assert bytes(hook.body) == body
    assert (hook.shop, hook.kind, hook.state) == (shop, "OrderUpdated", WebhookState.RECEIVED)
    assert hook.digest == hashlib.sha256(body).hexdigest()
    job = Job.objects.get()
    assert (job.kind, job.shop, job.payload) == ("connection.apply_webhook", shop, {"webhook": hook.pk})


def test_a_delivery_that_comes_again_is_answered_and_not_stored_again(shop, keys):
    body = json.dumps(event()).encode()

    answers = [send(keys, body).json() for _ in range(3)]

    assert answers == [{"stored": True}, {"stored": False}, {"stored": False}]
    assert InboundWebhook.objects.count() == Job.objects.count() == 1


def _forged(keys: KeyPair, body: bytes, **header: Any) -> str:
    """A detached JWS with a header of the forger's choice, signed with HMAC over Saleor's public key."""
    protected = {"alg": "HS256", "b64": False, "crit": ["b64"], "kid": keys.kid, "typ": "JWT"} | header
    encoded = base64.urlsafe_b64encode(json.dumps(protected).encode()).rstrip(b"=")
    public = json.dumps(keys.jwks()["keys"][0]).encode()
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(encoded + b"." + body, public)
    return f"{encoded.decode()}..{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


FORGERIES = {
    "no signature": lambda keys, body: "",
    "not a jws": lambda keys, body: "nonsense",
    "dots only": lambda keys, body: "..",
    "too long": lambda keys, body: "a." * 3000,
    "not ascii": lambda keys, body: "é.é.é",
    "another key": lambda keys, body: sign_detached(KeyPair.generate(), body),
    "another key under this kid": lambda keys, body: sign_detached(KeyPair(KeyPair.generate().private, keys.kid), body),
    "cut off": lambda keys, body: sign_detached(keys, body)[:-8],
    "of another body": lambda keys, body: sign_detached(keys, body + b" "),
    "hs256 with the public key": _forged,
    "rs256 in name": lambda keys, body: _forged(keys, body, alg="RS256"),
    "none": lambda keys, body: _forged(keys, body, alg="none"),
    "none without a signature": lambda keys, body: _forged(keys, body, alg="none").rsplit(".", 1)[0] + ".",
    "encoded payload": lambda keys, body: _forged(keys, body, alg="RS256", b64=True),
    "kid of another kind": lambda keys, body: _forged(keys, body, alg="RS256", kid=7),
    "a token of a user": lambda keys, body: jwt.encode({"a": 1}, keys.private, "RS256", headers={"kid": keys.kid}),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_what_saleor_did_not_sign_is_answered_401_and_not_stored(shop, keys, forge):
    body = json.dumps(event()).encode()

    with client.using_transport(PracticeTransport(PracticeShop())):
        response = deliver(body, forge(keys, body))

    assert (response.status_code, response.json()["error"]["code"]) == (401, "UNAUTHENTICATED")
    assert_nothing_kept()


@pytest.mark.parametrize("recipient", [None, {}, {"id": "QXBwOjI="}, {"id": None}, "QXBwOjE=", [APP_ID]])
def test_a_delivery_for_another_installation_is_refused(shop, keys, recipient):
    response = send(keys, event(recipient=recipient))

    assert (response.status_code, response.json()["error"]["field"]) == (401, "recipient")
    assert_nothing_kept()


@pytest.mark.parametrize("api_url", ["https://other.test/graphql/", "https://evil.test/graphql/", ""])
def test_a_delivery_of_one_shop_opens_no_other(shop, keys, api_url):
    make_shop(saleor_api_url="https://other.test/graphql/", app_id=APP_ID, jwks=KeyPair.generate().jwks(),
              jwks_fetched_at=datetime.now(UTC))  # fmt: skip

    assert send(keys, event(), api_url=api_url).status_code == 401
    assert_nothing_kept()


def test_a_shop_that_uninstalled_us_is_not_heard(shop, keys):
    Shop.objects.filter(pk=shop.pk).update(disconnected_at=NOON, app_token="")

    assert send(keys, event()).status_code == 401
    assert_nothing_kept()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nonsense", b"{", b"[]", b'"x"', b"null", b"{}", b'{"__typename": 7}', b'{"__typename": null}',
        json.dumps({"__typename": "x" * 81}).encode(), b'{"a":' * 50_000, b"\xff\xfe", b'{"__typename": NaN}',
        b'{"__typename": "\\ud800"}',
    ],
    ids=lambda body: body[:20],
)  # fmt: skip
def test_signed_bytes_that_are_no_delivery_are_answered_400(shop, keys, body):
    response = send(keys, body)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "INVALID")
    assert_nothing_kept()


def test_ten_megabytes_are_refused_before_they_are_read(shop, keys):
    body = json.dumps(event(padding="x" * 10 * 1024 * 1024)).encode()

    assert send(keys, body).status_code == 413
    assert_nothing_kept()


def test_a_large_order_is_not_too_large(shop, keys):
    assert send(keys, event(padding="x" * 4 * 1024 * 1024)).status_code == 200


def test_the_door_takes_only_posts():
    assert Client().get("/saleor/webhooks/").status_code == 405


def test_our_own_trouble_is_answered_5xx_so_that_saleor_sends_it_again(shop, keys):
    send(keys, event())

    def down(execute, sql, params, many, context):
        raise DatabaseError("the server is gone")

    with connection.execute_wrapper(down):
        response = send(keys, event())
    assert response.status_code >= 500

    assert InboundWebhook.objects.count() == 1


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def practice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> PracticeShop:
    """The Saleor behind ``shop``, reachable; it has a new key."""
    jwks._silent_until.clear()
    return PracticeShop()


def long_ago(shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(jwks_fetched_at=datetime.now(UTC) - timedelta(minutes=2))


def test_a_new_key_is_fetched_when_the_first_delivery_with_it_comes(shop, practice):
    long_ago(shop)

    with client.using_transport(PracticeTransport(practice)):
        assert send(practice.keys, event()).status_code == 200

    shop.refresh_from_db()
    assert shop.jwks == practice.keys.jwks()


def test_unknown_keys_make_us_ask_saleor_once_a_minute_at_most(shop, practice):
    long_ago(shop)
    transport = PracticeTransport(practice)
    stranger = KeyPair.generate()

    with client.using_transport(transport):
        assert [send(stranger, event()).status_code for _ in range(5)] == [401] * 5

    assert len(transport.calls) == 1


def test_while_keys_cannot_be_fetched_saleor_is_told_to_come_again_and_nobody_waits(shop, practice):
    long_ago(shop)
    practice.api_url = "https://away.test/graphql/"
    transport = PracticeTransport(practice)

    with client.using_transport(transport):
        assert [send(practice.keys, event()).status_code for _ in range(5)] == [503] * 5
        assert len(transport.calls) == 1
        assert_nothing_kept()

        practice.api_url = API_URL
        jwks._silent_until.clear()
        assert send(practice.keys, event()).status_code == 200


# -- remembering the shop ----------------------------------------------------------------------------------------------


def test_a_fresh_installation_is_heard_at_once(shop, keys):
    assert send(keys, event()).status_code == 200
    Shop.objects.filter(pk=shop.pk).update(app_id="QXBwOjI=")

    assert send(keys, event(recipient={"id": "QXBwOjI="})).status_code == 200


def test_storing_a_delivery_takes_one_statement(shop, keys, django_assert_num_queries):
    send(keys, event())

    with django_assert_num_queries(1):
        send(keys, event())


# -- forgetting --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_deliveries_are_forgotten_after_thirty_days():
    for state in WebhookState.values:
        make_webhook(state=state, received_at=NOON - 31 * DAY)
        make_webhook(state=state, received_at=NOON - 29 * DAY)

    assert webhooks.prune(at=NOON, batch=3) == 4

    assert InboundWebhook.objects.filter(received_at=NOON - 29 * DAY).count() == InboundWebhook.objects.count() == 4


def test_what_we_have_forgotten_cannot_be_played_again(house):
    house.sell([("KETTLE-KAZE-BLK", 1)])
    hook = InboundWebhook.objects.filter(kind="OrderUpdated").last()
    body, signature = bytes(hook.body), sign_detached(house.saleor.keys, bytes(hook.body))

    with time_machine.travel(clock.now() + 31 * DAY):
        assert webhooks.prune(at=clock.now()) > 0
        assert deliver(body, signature).status_code == 200
        house.settle()

    assert InboundWebhook.objects.get(digest=hook.digest).state == WebhookState.IGNORED
