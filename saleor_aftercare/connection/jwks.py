"""A shop's public keys, and the two things signed with them: deliveries and tokens."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import jwt
from jwt import PyJWK, PyJWKSet
from jwt.api_jws import PyJWS

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable, Unauthenticated
from saleor_aftercare.core.models import Shop

from .client import fetch_json

#: An unknown key id makes us ask Saleor again, this often at most: anybody can send an unknown key id.
REFETCH_EVERY = timedelta(minutes=1)
LEEWAY_S = 10
#: One for all deliveries: making one costs more than verifying with it.
_JWS = PyJWS(algorithms=["RS256"])
#: How long after a failure nobody waits for a Saleor's keys.
SILENCE_S = 10.0


def jwks_url(api_url: str) -> str:
    """Where a Saleor publishes its keys: always at the root of the API's origin."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json"


def fetch_jwks(api_url: str) -> dict[str, Any]:
    """The key set of a Saleor; raises ProviderUnavailable, or ProviderError when it is not one."""
    jwks = fetch_json(jwks_url(api_url))
    try:
        PyJWKSet.from_dict(jwks)
    except (jwt.PyJWTError, AttributeError, TypeError) as error:
        raise ProviderError("Saleor's key set cannot be read.") from error
    return dict(jwks)


_parsed: dict[tuple[int, str, str], PyJWK] = {}


def _key(shop: Shop, kid: str) -> PyJWK | None:
    stamp = shop.jwks_fetched_at.isoformat() if shop.jwks_fetched_at else ""
    key = _parsed.get((shop.pk, stamp, kid))
    if key is None:
        for one in PyJWKSet.from_dict(shop.jwks).keys if shop.jwks else ():
            if one.key_id == kid:
                key = one
                if len(_parsed) > 1000:
                    _parsed.clear()
                _parsed[shop.pk, stamp, kid] = one
    return key


def signing_key(shop: Shop, kid: str) -> PyJWK:
    """The key ``kid`` of the shop, asking Saleor again when it is new to us.

    Raises Unauthenticated when Saleor has no such key, ProviderError when Saleor cannot be asked.
    """
    if key := _key(shop, kid):
        return key
    shop.refresh_from_db(fields=["jwks", "jwks_fetched_at"])
    if not (key := _key(shop, kid)):
        now = clock.real_now()
        if shop.jwks_fetched_at is None or now - shop.jwks_fetched_at >= REFETCH_EVERY:
            shop.jwks = _ask_for_keys(shop)
            shop.jwks_fetched_at = now
            shop.save(update_fields=["jwks", "jwks_fetched_at"])
            key = _key(shop, kid)
    if not key:
        raise Unauthenticated("Signed with a key that this shop's Saleor does not have.")
    return key


_silent_until: dict[int, float] = {}


def _ask_for_keys(shop: Shop) -> dict[str, Any]:
    """Fetch, but leave a Saleor that did not answer alone for a while, so that bad tokens cannot tie up our threads."""
    if time.monotonic() < _silent_until.get(shop.pk, 0.0):
        raise ProviderUnavailable("Saleor's keys could not be fetched a moment ago.")
    try:
        return fetch_jwks(shop.saleor_api_url)
    except ProviderError:
        _silent_until[shop.pk] = time.monotonic() + SILENCE_S
        raise


def verify_detached(shop: Shop, body: bytes, signature: str) -> None:
    """Check a delivery's detached JWS (RFC 7797, RS256) over the raw body; raises as :func:`signing_key`."""
    if signature.count(".") != 2 or len(signature) > 4096:
        raise Unauthenticated("The signature is not a detached JWS.")
    try:
        header = _JWS.get_unverified_header(signature)
        if header.get("alg") != "RS256" or header.get("b64") is not False:
            raise Unauthenticated("The signature is not an unencoded RS256 JWS.")
        key = signing_key(shop, str(header.get("kid", "")))
        _JWS.decode_complete(signature, key=key.key, algorithms=["RS256"], detached_payload=body)
    except jwt.PyJWTError as error:
        raise Unauthenticated("The signature does not fit the body.") from error


def unverified_issuer(token: str) -> str:
    """The ``iss`` that a token claims, to find the shop to verify it with; raises Unauthenticated."""
    if len(token) > 8192:
        raise Unauthenticated("The token is too long.")
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise Unauthenticated("Not a token.") from error
    return str(claims.get("iss", ""))


def verify_token(shop: Shop, token: str) -> dict[str, Any]:
    """The claims of a user token of this shop's Saleor; raises as :func:`signing_key`.

    Checks signature (RS256), expiry and issuer. Type, app and permissions are the caller's to check. A token that was
    verified before is only looked at again when its times or the shop's key say so: the Dashboard sends the same one
    with every poll.
    """
    digest = hashlib.sha256(token.encode()).digest()
    seen = _seen.get((shop.pk, digest))
    try:
        if seen is not None and seen.holds(shop):
            return dict(seen.claims)
        kid = str(jwt.get_unverified_header(token).get("kid", ""))
        key = signing_key(shop, kid)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.key,
            algorithms=["RS256"],
            issuer=shop.saleor_api_url,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "iss", "type"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("The token has expired.") from error
    except jwt.PyJWTError as error:
        raise Unauthenticated("The token is not valid.") from error
    if len(_seen) > MAX_SEEN:
        _seen.clear()
    _seen[shop.pk, digest] = _Seen(kid, key, clock.real_now(), dict(claims))
    return claims


class _Seen(NamedTuple):
    """A token that was valid at a moment, by a key."""

    kid: str
    key: PyJWK
    at: datetime
    claims: Mapping[str, Any]

    def holds(self, shop: Shop) -> bool:
        """Whether it still is: the shop has that key, and neither has the token expired nor has time gone back."""
        now = clock.real_now()
        alive = self.at <= now and now.timestamp() - LEEWAY_S < int(self.claims["exp"])
        return alive and self.claims["iss"] == shop.saleor_api_url and _key(shop, self.kid) is self.key


#: Tokens per process that were verified, by shop and digest.
MAX_SEEN: Final = 5_000
_seen: dict[tuple[int, bytes], _Seen] = {}
