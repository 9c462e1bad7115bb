"""What somebody of the staff may see and do: one answer, that every door asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import PermissionDenied
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.statements import SHOP, Statement

from .models import Membership, Role, RoleRule

#: What a member of staff needs in Saleor for a role, as long as no rule of the shop names one of their groups.
EDITORS: Final = frozenset({"MANAGE_APPS", "MANAGE_SETTINGS"})
MANAGE_ORDERS: Final = "MANAGE_ORDERS"
#: When groups have different roles: who leads leads, and a limit that somebody set is meant.
PRECEDENCE: Final = (Role.ADMINISTRATOR, Role.OUTSOURCED, Role.AGENT, Role.WAREHOUSE)


class Conversation(Protocol):
    """What of a ticket decides who may see it."""

    team_id: int | None
    assignee_id: int | None


@dataclass(frozen=True)
class Access:
    """What one member of staff may see and do in one shop."""

    member_id: int
    role: Role
    teams: frozenset[int] = frozenset()  #: keys of the teams whose queues are theirs; only read for outsourced people
    limits: Mapping[str, Decimal] | None = field(default=None)  #: money per case by currency; None: no limit of ours

    @property
    def is_admin(self) -> bool:
        """May change what the shop has decided."""
        return self.role == Role.ADMINISTRATOR

    @property
    def is_outsourced(self) -> bool:
        """Sees a part of the shop only."""
        return self.role == Role.OUTSOURCED

    @property
    def may_export(self) -> bool:
        """May take lists and papers of many customers out of the shop."""
        return self.role in {Role.ADMINISTRATOR, Role.AGENT}

    @property
    def sees_customers(self) -> bool:
        """Talks with customers, and so sees who they are and what they bought."""
        return self.role != Role.WAREHOUSE

    @property
    def sees_all_customers(self) -> bool:
        """Also those who wrote to somebody else."""
        return self.role in {Role.ADMINISTRATOR, Role.AGENT}

    @property
    def ticket_filter(self) -> Q:
        """The conversations that are theirs to see."""
        return self.tickets()

    def tickets(self, prefix: str = "") -> Q:
        """The same as a condition on rows from which ``prefix`` leads to a ticket."""
        if self.sees_all_customers:
            return Q()
        if not self.sees_customers:
            return Q(pk__in=[])
        return Q(**{f"{prefix}team__in": self.teams}) | Q(**{f"{prefix}assignee": self.member_id})

    def may_see(self, ticket: Conversation) -> bool:
        """Whether one conversation is theirs to see."""
        if self.sees_all_customers or not self.sees_customers:
            return self.sees_customers
        return ticket.assignee_id == self.member_id or ticket.team_id in self.teams

    def money_limit(self, currency: str) -> Money | None:
        """The most that they may give on a case; None: as much as Saleor lets them. Another currency is above it."""
        if self.limits is None:
            return None
        return Money(self.limits.get(currency, Decimal(0)), currency)

    def check_money(self, amount: Money) -> None:
        """Raise PermissionDenied for more than the limit."""
        limit = self.money_limit(amount.currency)
        if limit is not None and limit < amount:
            raise PermissionDenied(
                _("This is above your limit of %(limit)s %(currency)s; please ask a colleague.")
                % {"limit": limit.wire(), "currency": limit.currency}
            )


@dataclass(frozen=True)
class RoleChoice:
    """What a shop decided about one permission group."""

    group: str
    role: Role
    limit: Money | None


def role_of(
    groups: Collection[str] | None, permissions: Collection[str], choices: Iterable[RoleChoice]
) -> tuple[Role, dict[str, Decimal] | None]:
    """The role of somebody in ``groups`` (None: Saleor has not told them yet), and their limits by currency.

    The first of ``PRECEDENCE`` among the choices about their groups; without one, what the permissions say. Of
    several limits that come with that role the smallest of each currency holds. Somebody whose groups are not known
    is taken for outsourced where the shop has such people, so that nobody sees too much meanwhile.
    """
    choices = list(choices)
    if not EDITORS.isdisjoint(permissions):
        by_permission = Role.ADMINISTRATOR
    else:
        by_permission = Role.AGENT if MANAGE_ORDERS in permissions else Role.WAREHOUSE
    if groups is None:
        outsourced = [one for one in choices if one.role == Role.OUTSOURCED]
        if by_permission != Role.AGENT or not outsourced:
            return by_permission, None
        return Role.OUTSOURCED, _limits(outsourced)
    mine = [one for one in choices if one.group in groups]
    role = next((role for role in PRECEDENCE if any(one.role == role for one in mine)), by_permission)
    return role, _limits([one for one in mine if one.role == role])


def _limits(choices: Iterable[RoleChoice]) -> dict[str, Decimal] | None:
    limits: dict[str, Decimal] = {}
    for one in choices:
        if one.limit is not None:
            known = limits.get(one.limit.currency, one.limit.amount)
            limits[one.limit.currency] = min(known, one.limit.amount)
    return limits or None


_RULES: Final = Statement(
    lambda shop: RoleRule.objects.filter(shop=shop).values_list("group_name", "role", "money_limit", "currency"), SHOP
)


def access_of(shop: Shop, member: StaffMember, permissions: Collection[str]) -> Access:
    """What ``member``, whom Saleor gave ``permissions``, may see and do; one query, two for outsourced people."""
    choices = [
        RoleChoice(group, Role(role), Money(limit, currency) if limit is not None else None)
        for group, role, limit, currency in _RULES.rows(shop.pk)
    ]
    groups = member.groups if member.groups_at is not None else None
    role, limits = role_of(groups, permissions, choices)
    teams: frozenset[int] = frozenset()
    if role == Role.OUTSOURCED:
        mine = Membership.objects.filter(member=member, team__shop=shop, team__archived_at=None)
        teams = frozenset(mine.values_list("team_id", flat=True))
    return Access(member.pk, role, teams, limits)
