"""Tokens as Saleor makes them: RS256, one key for users' tokens and webhooks, claims in Saleor's order and names.

Expiry is real time: moving the demo's clock must not open a door.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

if TYPE_CHECKING:
    from .records import App, Extension, User
    from .store import PracticeShop

ACCESS_TTL_S = 300
REFRESH_TTL_S = 30 * 24 * 3600


@dataclass(frozen=True)
class KeyPair:
    """The shop's RSA key and its RFC 7638 thumbprint."""

    private: rsa.RSAPrivateKey
    kid: str

    @classmethod
    def generate(cls) -> KeyPair:
        """A new key."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return cls(private, thumbprint(private))

    @classmethod
    def load_or_create(cls, path: Path) -> KeyPair:
        """The key kept at ``path``; made at first use."""
        if path.exists():
            loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
            if not isinstance(loaded, rsa.RSAPrivateKey):
                raise TypeError(f"{path.name} holds no RSA key")
            return cls(loaded, thumbprint(loaded))
        made = cls.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            made.private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        path.chmod(0o600)
        return made

    def jwks(self) -> dict[str, Any]:
        """The public half as served at ``/.well-known/jwks.json``."""
        public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        key = {"kty": "RSA", "key_ops": ["verify"], "n": public["n"], "e": public["e"]}
        return {"keys": [key | {"use": "sig", "kid": self.kid, "alg": "RS256"}]}


@cache
def shared_keys() -> KeyPair:
    """One key for all shops in memory of this process: making one takes a while."""
    return KeyPair.generate()


def thumbprint(private: rsa.RSAPrivateKey) -> str:
    """RFC 7638: sha256 over the required members in lexical order."""
    public = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
    members = {"e": public["e"], "kty": "RSA", "n": public["n"]}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def sign_detached(keys: KeyPair, body: bytes) -> str:
    """A detached, unencoded-payload JWS over ``body`` (RFC 7797), with Saleor's header."""
    header = {"alg": "RS256", "b64": False, "crit": ["b64"], "kid": keys.kid, "typ": "JWT"}
    protected = base64.urlsafe_b64encode(json.dumps(header, separators=(",", ":")).encode()).rstrip(b"=")
    signature = RSAAlgorithm(RSAAlgorithm.SHA256).sign(protected + b"." + body, keys.private)
    return f"{protected.decode()}..{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _encode(shop: PracticeShop, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, shop.keys.private, "RS256", headers={"kid": shop.keys.kid})


def _claims(shop: PracticeShop, user: User, kind: str, ttl_s: int) -> dict[str, Any]:
    issued = int(time.time())
    return {
        "iat": issued,
        "owner": "saleor",
        "iss": shop.api_url,
        "exp": issued + ttl_s,
        "token": user.token_key,
        "email": user.email,
        "type": kind,
        "user_id": user.id,
        "is_staff": user.is_staff,
    }


def access_token(shop: PracticeShop, user: User, *, audience: str = "", ttl_s: int = ACCESS_TTL_S) -> str:
    """What a signed-in customer or staff member holds; a negative ``ttl_s`` makes an expired one."""
    extra = {"aud": f"custom:{audience}"} if audience else {}
    return _encode(shop, _claims(shop, user, "access", ttl_s) | extra)


def refresh_token(shop: PracticeShop, user: User, *, audience: str = "") -> tuple[str, str]:
    """A refresh token and the CSRF token inside it."""
    csrf = secrets.token_urlsafe(48)
    extra = {"csrfToken": csrf} | ({"aud": f"custom:{audience}"} if audience else {})
    return _encode(shop, _claims(shop, user, "refresh", REFRESH_TTL_S) | extra), csrf


def app_user_token(
    shop: PracticeShop,
    user: User,
    app: App,
    *,
    extension: Extension | None = None,
    ttl_s: int = ACCESS_TTL_S,
) -> str:
    """What the Dashboard hands to an app's page, or to one of its extensions."""
    granted = extension.permissions if extension else app.permissions
    claims = _claims(shop, user, "thirdparty", ttl_s) | {
        "app": app.id,
        "permissions": [code for code in granted if code in user.permissions],
        "user_permissions": list(user.permissions),
    }
    if extension is not None:
        claims["app_extension"] = extension.id
    if app.audience:
        claims["aud"] = app.audience
    return _encode(shop, claims)


def read_token(shop: PracticeShop, token: str) -> dict[str, Any]:
    """The claims of one of our tokens; raises jwt.PyJWTError."""
    return jwt.decode(
        token,
        shop.keys.private.public_key(),
        algorithms=["RS256"],
        issuer=shop.api_url,
        options={"verify_aud": False},
    )
