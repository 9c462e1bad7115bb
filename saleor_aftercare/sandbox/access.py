"""Who is calling the practice shop's API, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jwt
from graphql import GraphQLError

from .records import App, User
from .store import PracticeShop
from .tokens import read_token


class PermissionDenied(GraphQLError):
    """Saleor's refusal: HTTP 200 with an error that carries this code."""

    def __init__(self, *permissions: str) -> None:
        names = ", ".join(permissions)
        super().__init__(
            f"To access this path, you need one of the following permissions: {names}",
            extensions={"exception": {"code": "PermissionDenied"}},
        )


@dataclass
class Caller:
    """An app, a user, or nobody; with the shop they talk to."""

    shop: PracticeShop
    app: App | None = None
    user: User | None = None
    permissions: frozenset[str] = frozenset()
    token_error: str = ""
    #: The app a payload is built for, and what is being told; set while a subscription runs.
    recipient: App | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str | None:
        """Whose deed it is, for history and ``issuingPrincipal``."""
        if self.app is not None:
            return self.app.id
        return self.user.id if self.user is not None else None

    def need(self, *permissions: str) -> None:
        """Go on with any of ``permissions``; AUTHENTICATED_APP and AUTHENTICATED_USER count as such."""
        if self.token_error:
            raise GraphQLError(self.token_error, extensions={"exception": {"code": "ExpiredSignatureError"}})
        held = set(self.permissions)
        if self.app is not None:
            held.add("AUTHENTICATED_APP")
        if self.user is not None:
            held.add("AUTHENTICATED_USER")
        if not held.intersection(permissions):
            raise PermissionDenied(*permissions)


def identify(shop: PracticeShop, authorization: str) -> Caller:
    """The caller behind an ``Authorization`` (or ``Authorization-Bearer``) header; unknown tokens are nobody's."""
    token = authorization.removeprefix("Bearer ").removeprefix("JWT ").strip()
    if not token:
        return Caller(shop)
    if token.count(".") != 2:
        app = shop.app_by_token(token)
        permissions = frozenset(app.permissions) if app else frozenset()
        return Caller(shop, app=app, permissions=permissions)
    try:
        claims = read_token(shop, token)
    except jwt.ExpiredSignatureError:
        return Caller(shop, token_error="Signature has expired")  # noqa: S106 - a message
    except jwt.PyJWTError:
        return Caller(shop, token_error="Invalid token")  # noqa: S106 - a message
    user = shop.user(claims["user_id"])
    if user is None or not user.is_active or claims.get("token") != user.token_key:
        return Caller(shop, token_error="Invalid token")  # noqa: S106 - a message
    if claims["type"] == "access":
        return Caller(shop, user=user, permissions=frozenset(user.permissions))
    if claims["type"] == "thirdparty":
        held = frozenset(user.permissions) & frozenset(claims["permissions"])
        return Caller(shop, user=user, permissions=held)
    return Caller(shop, token_error="Invalid token")  # noqa: S106 - a message
