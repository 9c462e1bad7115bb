"""Asking Saleor: every way of failing is told apart, above all whether something may have been done."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from saleor_aftercare.connection import client
from saleor_aftercare.connection.client import MaybeDone, NotSent, SaleorRejected, TokenRejected
from saleor_aftercare.core.models import Shop
from tests.make import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop(saleor_api_url="https://shop.test/graphql/", app_token="secret")


def error(code: str = "", path: list[Any] | None = None, message: str = "No.") -> dict[str, Any]:
    told: dict[str, Any] = {"message": message, "extensions": {"exception": {"code": code}}}
    return told | ({"path": path} if path else {})


def grant(shop: Shop, answer: httpx.Response | Exception) -> dict[str, Any]:
    """Send a mutation to a Saleor that answers so."""

    def serve(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with client.using_transport(httpx.MockTransport(serve)):
        return client.mutate(shop, "grant-refund", id="x", input={})


def ok(data: Any, *errors: dict[str, Any], status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"data": data} | ({"errors": list(errors)} if errors else {}))


FIELD = "orderGrantRefundCreate"

CASES = {
    "refused connection": (httpx.ConnectError("no"), NotSent),
    "no connection in time": (httpx.ConnectTimeout("no"), NotSent),
    "all connections in use": (httpx.PoolTimeout("no"), NotSent),
    "an address that is none": (httpx.InvalidURL("no"), NotSent),
    "too many requests": (httpx.Response(429), NotSent),
    "no answer in time": (httpx.ReadTimeout("no"), MaybeDone),
    "could not send it all in time": (httpx.WriteTimeout("no"), MaybeDone),
    "connection lost": (httpx.RemoteProtocolError("no"), MaybeDone),
    "connection broken": (httpx.ReadError("no"), MaybeDone),
    "500": (httpx.Response(500), MaybeDone),
    "502": (httpx.Response(502), MaybeDone),
    "503 by a proxy": (httpx.Response(503), MaybeDone),
    "a redirect": (httpx.Response(302, headers={"Location": "https://evil.test/"}), MaybeDone),
    "no json": (httpx.Response(200, text="<html>"), MaybeDone),
    "a list": (httpx.Response(200, json=[]), MaybeDone),
    "no data": (httpx.Response(200, json={}), MaybeDone),
    "null data": (ok(None), MaybeDone),
    "a null payload": (ok({FIELD: None}), MaybeDone),
    "an unknown error": (ok({FIELD: None}, error("InternalServerError", [FIELD])), MaybeDone),
    "an error in the answer": (ok({FIELD: None}, error("GraphQLError", [FIELD, "grantedRefund", "id"])), MaybeDone),
    "a permission in the answer": (ok({FIELD: None}, error("PermissionDenied", [FIELD, "grantedRefund"])), MaybeDone),
    "errors of no shape": (httpx.Response(200, json={"errors": "no", "data": {FIELD: None}}), MaybeDone),
    "too large an answer": (httpx.Response(200, content=b" " * (client.MAX_RESPONSE_BYTES + 1)), MaybeDone),
    "401": (httpx.Response(401), TokenRejected),
    "403": (httpx.Response(403), TokenRejected),
    "permission denied": (ok({FIELD: None}, error("PermissionDenied", [FIELD])), TokenRejected),
    "expired": (ok(None, error("ExpiredSignatureError")), TokenRejected),
    "an invalid document": (ok(None, error("GraphQLError"), status=400), SaleorRejected),
    "too costly": (ok(None, error("QueryCostError"), status=400), SaleorRejected),
    "refused by a rule": (
        ok({FIELD: {"errors": [{"field": "amount", "message": "Too much.", "code": "INVALID"}]}}),
        SaleorRejected,
    ),
}


@pytest.mark.parametrize(("answer", "kind"), CASES.values(), ids=CASES)
def test_each_failure_of_a_mutation_is_of_its_kind(shop, answer, kind):
    with pytest.raises(kind) as failed:
        grant(shop, answer)

    assert type(failed.value) is kind


def test_a_refusal_carries_saleors_code_field_and_words(shop):
    with pytest.raises(SaleorRejected, match=r"Saleor: Too much\.") as failed:
        grant(shop, CASES["refused by a rule"][0])

    assert (failed.value.saleor_code, failed.value.field) == ("INVALID", "amount")


@pytest.mark.parametrize(("header", "wait"), [("30", 30), ("999999", 3600), ("soon", None), ("", None), ("-1", None)])
def test_a_busy_saleor_may_say_when_to_come_again(shop, header, wait):
    with pytest.raises(NotSent) as failed:
        grant(shop, httpx.Response(429, headers={"Retry-After": header}))

    assert failed.value.retry_after_s == wait


def test_our_token_goes_to_saleor_only_and_into_no_message(shop):
    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"Location": "https://evil.test/graphql/"})

    with client.using_transport(httpx.MockTransport(serve)), pytest.raises(MaybeDone) as failed:
        client.call(shop, "order", id="x")

    assert [str(request.url) for request in seen] == ["https://shop.test/graphql/"]
    assert seen[0].headers["Authorization"] == "Bearer secret"
    assert json.loads(seen[0].content)["variables"] == {"id": "x"}
    assert "secret" not in str(failed.value)


def test_a_disconnected_shop_is_not_asked():
    shop = make_shop(connected=False)

    with (
        client.using_transport(httpx.MockTransport(lambda _request: pytest.fail("asked"))),
        pytest.raises(TokenRejected),
    ):
        client.call(shop, "order", id="x")


def test_each_version_gets_its_own_document():
    asked = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append("reason\n" in json.loads(request.content)["query"].partition("returned:")[2])
        return ok({"order": None})

    with client.using_transport(httpx.MockTransport(serve)):
        for version in ("3.22.67", "3.23.28", "3.99.0"):
            client.call(make_shop(saleor_version=version), "order-money", id="x")

    assert asked == [False, True, True]
