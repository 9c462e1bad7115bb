"""Teams, roles, and what people know."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import Shop
from saleor_aftercare.team.models import Membership, Profile, Role, RoleRule, Team

from .base import NOON, serial
from .shops import make_shop, make_staff


def make_team(shop: Shop | None = None, *members: StaffMember, **values: Any) -> Team:
    """A team whose conversations are given out by hand."""
    shop = shop or (members[0].shop if members else make_shop())
    team = Team.objects.create(**{"shop": shop, "name": f"Team {serial()}"} | values)
    for member in members:
        Membership.objects.create(team=team, member=member)
    return team


def make_agent(shop: Shop, **values: Any) -> StaffMember:
    """Somebody of the staff with a profile; ``values`` are the profile's."""
    name = values.pop("name", "Mei Tanaka")
    member = make_staff(shop, name=name)
    Profile.objects.create(shop=shop, member=member, **values)
    return member


def make_role(
    shop: Shop, group: str, role: Role, *, limit: str | None = None, currency: str = "EUR", **values: Any
) -> StaffMember:
    """Somebody in a permission group to which the shop gave ``role``."""
    RoleRule.objects.get_or_create(
        shop=shop,
        group_name=group,
        defaults={
            "role": role,
            "money_limit": Decimal(limit) if limit is not None else None,
            "currency": currency if limit is not None else "",
        },
    )
    return make_staff(shop, groups=[group], groups_at=NOON, **values)
