"""Customers, staff, and signing in."""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.records import User
from saleor_aftercare.sandbox.store import ShopError, to_global_id
from saleor_aftercare.sandbox.tokens import access_token, read_token, refresh_token

from . import field
from .common import caller, mutation, page, the_shop
from .shop import matches, no_argument

Info = GraphQLResolveInfo


@field("Query.me")
def me(_: Any, info: Info) -> User | None:
    if caller(info).token_error:
        caller(info).need("AUTHENTICATED_USER")
    return caller(info).user


@field("Query.user")
def user(
    _: Any,
    info: Info,
    id: str | None = None,
    email: str | None = None,
    **__: Any,
) -> Any:
    caller(info).need("MANAGE_STAFF", "MANAGE_USERS", "MANAGE_ORDERS")
    if id is None and email is None:
        raise no_argument("'id', 'email', 'external_reference'")
    return the_shop(info).user(id, email=email)


@field("Query.customers")
def customers(
    _: Any,
    info: Info,
    filter: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    search: str | None = None,
    sort_by: dict[str, Any] | None = None,
    **paging: Any,
) -> dict[str, Any]:
    del sort_by
    caller(info).need("MANAGE_ORDERS", "MANAGE_USERS")
    text = (search or (filter or {}).get("search") or "").lower()
    wanted = where or {}
    rows = [
        u
        for u in the_shop(info).state.users
        if not u.is_staff
        and text in f"{u.email} {u.first_name} {u.last_name}".lower()
        and (wanted.get("ids") is None or u.id in wanted["ids"])
        and matches(u.email, wanted.get("email") or {})
        and matches(u.updated_at, wanted.get("updated_at") or {})
    ]
    return page(rows, **paging)


@field("Query.staffUsers")
def staff_users(_: Any, info: Info, **arguments: Any) -> dict[str, Any]:
    caller(info).need("MANAGE_STAFF")
    paging = {k: v for k, v in arguments.items() if k in {"first", "after", "last", "before"}}
    return page([u for u in the_shop(info).state.users if u.is_staff], **paging)


@field("User.orders")
def orders(user: User, info: Info, **paging: Any) -> dict[str, Any]:
    """A user's orders, newest first; an app with MANAGE_ORDERS sees drafts too [seen live]."""
    who = caller(info)
    if who.user is not user:
        who.need("MANAGE_ORDERS", "MANAGE_USERS")
    with_drafts = "MANAGE_ORDERS" in who.permissions
    mine = [o for o in the_shop(info).state.orders if o.user == user.id]
    rows = [o for o in mine if with_drafts or o.status != "DRAFT"]
    return page(sorted(rows, key=lambda o: int(o.number), reverse=True), **paging)


@field("User.userPermissions")
def user_permissions(user: User, _info: Info) -> list[dict[str, str]]:
    return permission_list(user.permissions)


@field("User.permissionGroups")
def permission_groups(user: User, info: Info) -> list[dict[str, str]]:
    """A person's groups, which Saleor tells that person without any permission."""
    known = sorted({name for one in the_shop(info).state.users for name in one.groups})
    return [{"id": to_global_id("Group", known.index(name) + 1), "name": name} for name in user.groups]


def permission_list(codes: list[str]) -> list[dict[str, str]]:
    """``Permission`` objects."""
    return [{"code": code, "name": code.replace("_", " ").capitalize()} for code in codes]


field("User.isConfirmed")(lambda _user, _info: True)
field("User.lastLogin", "User.externalReference", "User.note", "User.avatar")(lambda _user, _info, **_: None)
field("User.defaultShippingAddress", "User.defaultBillingAddress")(
    lambda user, _info: user.addresses[0] if user.addresses else None
)


@field("Mutation.tokenCreate")
@mutation()
def token_create(_: Any, info: Info, email: str, password: str, audience: str | None = None) -> dict[str, Any]:
    shop = the_shop(info)
    found = shop.user(email=email)
    if found is None or not secrets.compare_digest(found.password, password):
        raise ShopError("INVALID_CREDENTIALS", "Please, enter valid credentials", "email")
    refresh, csrf = refresh_token(shop, found, audience=audience or "")
    token = access_token(shop, found, audience=audience or "")
    return {"token": token, "refreshToken": refresh, "csrfToken": csrf, "user": found}


@field("Mutation.tokenRefresh")
@mutation()
def token_refresh(
    _: Any, info: Info, refresh_token: str | None = None, csrf_token: str | None = None
) -> dict[str, Any]:
    del csrf_token
    shop = the_shop(info)
    if not refresh_token:
        raise ShopError("JWT_MISSING_TOKEN", "Missing refreshToken", "refreshToken")
    try:
        claims = read_token(shop, refresh_token)
    except jwt.PyJWTError as error:
        code = "JWT_SIGNATURE_EXPIRED" if isinstance(error, jwt.ExpiredSignatureError) else "JWT_INVALID_TOKEN"
        raise ShopError(code, str(error), "refreshToken") from error
    found = shop.user(claims["user_id"])
    if claims["type"] != "refresh" or found is None or claims["token"] != found.token_key:
        raise ShopError("JWT_INVALID_TOKEN", "Incorrect refreshToken", "refreshToken")
    return {"token": access_token(shop, found), "user": found}


@field("Mutation.tokenVerify")
@mutation()
def token_verify(_: Any, info: Info, token: str) -> dict[str, Any]:
    """Also sees what a signature cannot: a user who was deactivated or signed out everywhere."""
    shop = the_shop(info)
    try:
        claims = read_token(shop, token)
    except jwt.PyJWTError:
        return {"isValid": False, "user": None, "payload": None}
    found = shop.user(claims["user_id"])
    valid = found is not None and found.is_active and found.token_key == claims["token"]
    return {
        "isValid": valid,
        "user": found if valid else None,
        "payload": claims if valid else None,
    }
