"""Asking the API as somebody: tokens with Saleor's real claims, signed by a key that the shop's row trusts."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core.models import Shop
from tests.make import make_session, make_shop, make_staff, serial

ALL = ("MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_SETTINGS")


@functools.cache
def signing_key(name: str) -> rsa.RSAPrivateKey:
    """A key pair per name; "saleor" is the one that shops of :func:`trust` know."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def jwks() -> dict[str, Any]:
    """The key set that the shop's Saleor publishes."""
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key("saleor").public_key()))
    return {"keys": [key | {"kid": "1", "use": "sig", "alg": "RS256"}]}


def trust(shop: Shop) -> Shop:
    """Let the shop's row know the key."""
    shop.jwks = jwks()
    shop.save(update_fields=["jwks"])
    return shop


def sign(claims: Mapping[str, Any], *, key: str = "saleor", kid: str = "1") -> str:
    """A token as Saleor signs it."""
    return jwt.encode(dict(claims), signing_key(key), algorithm="RS256", headers={"kid": kid})


def claims(shop: Shop, **changes: Any) -> dict[str, Any]:
    """What every token of a shop's Saleor says."""
    now = int(time.time())
    return {
        "iat": now,
        "exp": now + 300,
        "iss": shop.saleor_api_url,
        "owner": "saleor",
        "token": "jwt-token-key",
    } | changes


def staff_claims(member: StaffMember, permissions: tuple[str, ...] = ALL, **changes: Any) -> dict[str, Any]:
    """What App Bridge's token says."""
    return claims(
        member.shop,
        type="thirdparty",
        is_staff=True,
        email=member.email,
        user_id=member.user_id,
        app=member.shop.app_id,
        permissions=list(permissions),
        user_permissions=list(permissions),
        **changes,
    )


def customer_claims(order: Order, **changes: Any) -> dict[str, Any]:
    """What the storefront's token of an order's customer says."""
    base = claims(order.shop, type="access", is_staff=False, email=order.email, user_id=order.user_id)
    return base | changes


@dataclass
class Answer:
    """A response, read."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The data of an answer without errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def code(self) -> str:
        """The code of the only error."""
        (error,) = self.body["errors"]
        return error["extensions"]["code"]

    def payload(self, name: str) -> dict[str, Any]:
        """A mutation's payload without errors."""
        found = self.data[name]
        assert found["errors"] == []
        return found

    def refusal(self, name: str) -> tuple[str, str | None]:
        """Code and field of the only error in a mutation's payload."""
        (error,) = self.data[name]["errors"]
        return error["code"], error["field"]


@dataclass
class Asker:
    """Somebody with a token, or nobody."""

    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Language": "en"} | self.headers
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def ask(self, query: str, **variables: Any) -> Answer:
        """POST one operation as JSON."""
        return self.post({"query": query, "variables": variables})

    def post(self, body: Any) -> Answer:
        """POST any JSON."""
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        response = Client().post(
            "/graphql/", data, content_type="application/json", headers=self._headers(), secure=True
        )
        return read(response)

    def upload(self, query: str, files: Mapping[str, SimpleUploadedFile], **variables: Any) -> Answer:
        """POST a GraphQL multipart request; keys of ``files`` are places such as ``variables.input.photos.0``."""
        names = {str(n): place for n, place in enumerate(files)}
        return self.form(
            operations=json.dumps({"query": query, "variables": variables}),
            map=json.dumps({name: [place] for name, place in names.items()}),
            **{name: files[place] for name, place in names.items()},
        )

    def form(self, **fields: Any) -> Answer:
        """POST any multipart form."""
        return read(Client().post("/graphql/", fields, headers=self._headers(), secure=True))


def read(response: Any) -> Answer:
    """Read a JSON answer."""
    return Answer(response.status_code, json.loads(response.content), response.headers)


def shop_with_key(**values: Any) -> Shop:
    """A shop whose tokens verify."""
    return trust(make_shop(**values))


def as_staff(shop: Shop, permissions: tuple[str, ...] = ALL, *, member: StaffMember | None = None) -> Asker:
    """Somebody of the shop's staff."""
    trust(shop)
    return Asker(sign(staff_claims(member or make_staff(shop), permissions)))


def as_customer(order: Order) -> Asker:
    """The signed-in customer of an order."""
    trust(order.shop)
    return Asker(sign(customer_claims(order)))


def as_guest(order: Order) -> Asker:
    """Somebody who proved that the order is theirs."""
    token = f"acg_guest-{serial()}"
    make_session(order, token=token)
    return Asker(token)


def nobody(shop: Shop) -> Asker:
    """Somebody without a token."""
    return Asker(headers={"Saleor-Api-Url": shop.saleor_api_url})
