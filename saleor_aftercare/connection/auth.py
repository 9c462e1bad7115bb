"""Who is asking, proved by a token that Saleor issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.utils.translation import gettext as _

from saleor_aftercare.core import clock
from saleor_aftercare.core.address import full_name
from saleor_aftercare.core.errors import (
    NotFound,
    PermissionDenied,
    ProviderError,
    ProviderUnavailable,
    Unauthenticated,
)
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import ActorKind, Shop
from saleor_aftercare.core.statements import SHOP, TEXT, Statement

from . import client, jwks
from .models import Order, StaffMember
from .shop import shop_by_api_url

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Staff:
    """A member of the shop's staff, through the Dashboard."""

    shop: Shop
    member: StaffMember
    permissions: frozenset[str]  #: all that this person has in Saleor
    token: str

    @property
    def actor(self) -> Actor:
        """For events."""
        return Actor(ActorKind.STAFF, self.member.display_name, self.member.pk)

    def may(self, permission: str) -> bool:
        """Whether Saleor gave this person ``permission``."""
        return permission in self.permissions

    def need(self, permission: str) -> None:
        """Raise PermissionDenied unless this person has ``permission``."""
        if not self.may(permission):
            raise PermissionDenied(_("You need the permission %(permission)s.") % {"permission": permission})


@dataclass(frozen=True)
class Customer:
    """A signed-in customer of the shop."""

    shop: Shop
    user_id: str  #: Saleor global ID
    email: str

    @property
    def actor(self) -> Actor:
        """For events."""
        return Actor(ActorKind.CUSTOMER)

    def covers(self, order: Order) -> bool:
        """Whether this person may see and act on ``order``."""
        return order.shop_id == self.shop.pk and self.user_id != "" and order.user_id == self.user_id


@dataclass(frozen=True)
class Guest:
    """Somebody who proved that one order is theirs."""

    shop: Shop
    order: Order
    email: str

    @property
    def actor(self) -> Actor:
        """For events."""
        return Actor(ActorKind.CUSTOMER)

    def covers(self, order: Order) -> bool:
        """Whether this person may see and act on ``order``."""
        return order.pk == self.order.pk


Principal = Staff | Customer | Guest


def verify_staff_or_customer(token: str, *, api_url: str | None) -> Staff | Customer:
    """The person behind a Saleor user token.

    A ``thirdparty`` token of our own app makes Staff, an ``access`` token a Customer (also when that user is
    staff: it then sees that user's own orders). ``refresh`` and all other kinds are refused, although the same
    key signs them. ``api_url`` names the shop; None takes the token's word and verifies it.

    Raises Unauthenticated.
    """
    try:
        shop = shop_by_api_url(api_url or jwks.unverified_issuer(token))
    except NotFound:
        raise Unauthenticated("The app is not installed in that shop.") from None
    try:
        claims = jwks.verify_token(shop, token)
    except ProviderError as error:
        log.warning("keys_unavailable", shop=shop.pk, reason=error.code)
        raise Unauthenticated("The token cannot be checked: Saleor does not give its keys.") from error
    user_id, email = str(claims.get("user_id", "")), str(claims.get("email", "")).lower()
    if not user_id:
        raise Unauthenticated("The token names nobody.")
    if claims["type"] == "access":
        return Customer(shop, user_id, email)
    if claims["type"] != "thirdparty":
        raise Unauthenticated("A token of this kind opens nothing here.")
    if claims.get("app") != shop.app_id:
        raise Unauthenticated("The token was made for another app.")
    if claims.get("is_staff") is not True:
        raise Unauthenticated("The token is not one of a staff member.")
    permissions = claims.get("user_permissions")
    if not isinstance(permissions, list):
        raise Unauthenticated("The token carries no permissions.")
    member = _meet(shop, user_id, email, token)
    return Staff(shop, member, frozenset(map(str, permissions)), token)


#: How often we look whether somebody has another name, or other permission groups, now.
SEEN_EVERY = timedelta(minutes=15)


_MET = Statement(lambda shop, user_id: StaffMember.objects.filter(shop=shop, user_id=user_id), SHOP, TEXT)


def _meet(shop: Shop, user_id: str, email: str, token: str) -> StaffMember:
    now = clock.real_now()
    known = _MET.objects(StaffMember, shop.pk, user_id)
    if known:
        member, created = known[0], False
    else:
        member, created = StaffMember.objects.get_or_create(
            shop=shop, user_id=user_id, defaults={"email": email, "last_seen_at": now}
        )
    if created or member.email != email or member.last_seen_at < now - SEEN_EVERY:
        member.email, member.last_seen_at = email, now
        _ask_who_they_are(member, token)
        member.save(update_fields=["email", "last_seen_at", "name", "groups", "groups_at"])
    return member


def _ask_who_they_are(member: StaffMember, token: str) -> None:
    """Name and permission groups, asked with the person's own token: Saleor tells everybody theirs.

    Unanswered, what we know stays: the name, for which the address stands in, and the groups.
    """
    shop = member.shop
    try:
        me = client.call_url(shop.saleor_api_url, token, "me", shop.schema_version, {}).get("me")
    except ProviderError as error:
        log.info("staff_unknown", reason=error.code)
        return
    if not me:
        return
    member.name = full_name(me.get("firstName"), me.get("lastName"))[:200] or member.name
    groups = me.get("permissionGroups")
    if groups is not None:
        member.groups = sorted({str(group["name"])[:150] for group in groups})
        member.groups_at = member.last_seen_at


def confirm_staff(staff: Staff) -> None:
    """Ask Saleor whether the token still holds, before money moves: a signature cannot show a deactivated user.

    Raises Unauthenticated, or ProviderUnavailable when Saleor cannot be asked.
    """
    answer = client.call(staff.shop, "token-verify", token=staff.token).get("tokenVerify")
    if answer is None:
        raise ProviderUnavailable(_("Saleor did not say whether you are still signed in."))
    user = answer.get("user") or {}
    if not answer.get("isValid") or user.get("id") != staff.member.user_id or user.get("isActive") is False:
        raise Unauthenticated(_("You are no longer signed in to Saleor."))
