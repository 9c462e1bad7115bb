"""Which role somebody has, and what it lets them see and give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saleor_aftercare.core.errors import PermissionDenied
from saleor_aftercare.core.money import Money
from saleor_aftercare.team.access import Access, RoleChoice, access_of, role_of
from saleor_aftercare.team.models import Role
from tests.make import make_shop, make_staff
from tests.make.team import make_role, make_team

ORDERS, SETTINGS, PRODUCTS = "MANAGE_ORDERS", "MANAGE_SETTINGS", "MANAGE_PRODUCTS"


def choice(group: str, role: Role, limit: str | None = None, currency: str = "EUR") -> RoleChoice:
    return RoleChoice(group, role, Money(Decimal(limit), currency) if limit else None)


@pytest.mark.parametrize(
    ("permissions", "role"),
    [
        ({ORDERS, SETTINGS}, Role.ADMINISTRATOR),
        ({SETTINGS}, Role.ADMINISTRATOR),
        ({ORDERS, PRODUCTS}, Role.AGENT),
        ({PRODUCTS}, Role.WAREHOUSE),
        (set(), Role.WAREHOUSE),
    ],
)
@pytest.mark.parametrize("groups", [None, [], ["Marketing"]])
def test_without_a_decision_about_their_groups_permissions_say_it(permissions: set[str], role: Role, groups):
    assert role_of(groups, permissions, [choice("Support", Role.WAREHOUSE)]) == (role, None)


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["A", "O", "G", "W"], Role.ADMINISTRATOR),
        (["G", "O"], Role.OUTSOURCED),
        (["W", "G"], Role.AGENT),
        (["W", "Marketing"], Role.WAREHOUSE),
    ],
)
def test_of_several_groups_who_leads_leads_and_a_restriction_is_meant(groups: list[str], role: Role):
    choices = [
        choice("A", Role.ADMINISTRATOR),
        choice("G", Role.AGENT),
        choice("O", Role.OUTSOURCED),
        choice("W", Role.WAREHOUSE),
    ]

    assert role_of(groups, {ORDERS, SETTINGS}, choices)[0] == role


def test_of_several_limits_the_smallest_of_each_currency_holds():
    choices = [
        choice("A", Role.OUTSOURCED, "50"),
        choice("B", Role.OUTSOURCED, "20"),
        choice("C", Role.OUTSOURCED, "3000", "JPY"),
        choice("D", Role.AGENT, "5"),
    ]

    role, limits = role_of(["A", "B", "C", "D"], {ORDERS}, choices)

    assert (role, limits) == (Role.OUTSOURCED, {"EUR": Decimal(20), "JPY": Decimal(3000)})


def test_somebody_unknown_is_taken_for_outsourced_where_there_are_such_people():
    choices = [choice("Partners", Role.OUTSOURCED, "20")]

    assert role_of(None, {ORDERS}, choices) == (Role.OUTSOURCED, {"EUR": Decimal(20)})
    assert role_of(None, {ORDERS, SETTINGS}, choices) == (Role.ADMINISTRATOR, None)
    assert role_of(None, {PRODUCTS}, choices) == (Role.WAREHOUSE, None)


def test_a_limit_holds_for_its_currency_and_others_are_above_it():
    access = Access(1, Role.OUTSOURCED, limits={"EUR": Decimal(20)})

    access.check_money(Money(Decimal(20), "EUR"))
    for money in (Money(Decimal("20.01"), "EUR"), Money(Decimal(1), "JPY")):
        with pytest.raises(PermissionDenied):
            access.check_money(money)
    assert Access(1, Role.AGENT).money_limit("EUR") is None


@pytest.mark.django_db
def test_access_is_read_in_one_query_and_in_two_for_outsourced_people(django_assert_num_queries):
    shop = make_shop()
    partner = make_role(shop, "Partners", Role.OUTSOURCED)
    team, boss = make_team(shop, partner), make_staff(shop)
    make_team(shop, partner, archived_at=partner.last_seen_at)

    with django_assert_num_queries(2):
        access = access_of(shop, partner, {ORDERS})
    with django_assert_num_queries(1):
        agent = access_of(shop, boss, {ORDERS, SETTINGS})

    assert (access.role, access.teams) == (Role.OUTSOURCED, {team.pk})
    assert (access.may_export, access.sees_all_customers, access.is_admin) == (False, False, False)
    assert agent.is_admin


@pytest.mark.django_db
def test_another_shops_decisions_say_nothing_here():
    make_role(make_shop(), "Partners", Role.OUTSOURCED)
    shop = make_shop()
    member = make_staff(shop, groups=["Partners"], groups_at=shop.connected_at)

    assert access_of(shop, member, {ORDERS}).role == Role.AGENT
