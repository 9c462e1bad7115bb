"""The team: who may do what, who answers together, who knows what, and who is away. Reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.money import Money
from saleor_aftercare.team import queries
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.deciding import Assignment
from saleor_aftercare.team.models import Absence, Membership, Profile, Role, RoleRule, Team

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, row_of
from .core.scalars import DateTimeType, MoneyType, Node, enum_from
from .inbox import StaffMemberType

MANAGE_SETTINGS = "MANAGE_SETTINGS"

RoleEnum = enum_from(
    Role,
    {
        "ADMINISTRATOR": "Everything, and the settings.",
        "AGENT": "Answers everybody, and puts money right.",
        "WAREHOUSE": "Receives, inspects and packs; no conversations.",
        "OUTSOURCED": "Their own queue, the customer data it needs, no export, money up to a limit.",
    },
    "What a member of staff may do.",
)
AssignmentEnum = enum_from(
    Assignment,
    {
        "MANUAL": "People take conversations, or give them to each other.",
        "ROUND_ROBIN": "One after the other.",
        "LEAST_BUSY": "Whoever has least to do.",
    },
    "How a new conversation finds its person.",
    "TeamAssignment",
)


class AccessType(graphene.ObjectType):
    """What the asking member of staff may see and do."""

    class Meta:
        name = "Access"

    role = graphene.Field(RoleEnum, required=True, description="By their permission groups, else by permissions.")
    is_administrator = graphene.Boolean(required=True, description="May change settings.")
    may_export = graphene.Boolean(required=True, description="May take lists out of the shop.")
    sees_conversations = graphene.Boolean(required=True, description="Talks with customers.")
    sees_all_customers = graphene.Boolean(required=True, description="Also those who wrote to somebody else.")
    limits = graphene.List(
        graphene.NonNull(MoneyType),
        description="The most to give on a case, by currency; null: no limit. Another currency is above it.",
    )

    @staticmethod
    def resolve_is_administrator(root: Access, _info: Any) -> bool:
        return root.is_admin

    @staticmethod
    def resolve_sees_conversations(root: Access, _info: Any) -> bool:
        return root.sees_customers

    @staticmethod
    def resolve_limits(root: Access, _info: Any) -> list[Money] | None:
        return None if root.limits is None else [Money(root.limits[one], one) for one in sorted(root.limits)]


@bulk(Team, list[int])
def members_of(ctx: Context, teams: Collection[int]) -> Mapping[int, list[int]]:
    """The keys of each team's members; announces them."""
    found: dict[int, list[int]] = {}
    for team, member in Membership.objects.filter(team__in=teams).order_by("pk").values_list("team_id", "member_id"):
        found.setdefault(team, []).append(member)
        ctx.announce(("row", StaffMember), [member])
    return found


class TeamType(graphene.ObjectType):
    """People who share a queue."""

    class Meta:
        name = "Team"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="Unique in the shop.")
    assignment = graphene.Field(AssignmentEnum, required=True, description="How conversations are given out.")
    is_outsourced = graphene.Boolean(required=True, description="People of another company.")
    reassigns_on_breach = graphene.Boolean(
        required=True, description="A missed answer gives a conversation to somebody else."
    )
    members = graphene.List(graphene.NonNull(StaffMemberType), required=True, description="Who belongs to it.")

    @staticmethod
    def resolve_id(root: Team, _info: Any) -> str:
        return to_global_id("Team", root.pk)

    @staticmethod
    def resolve_members(root: Team, info: graphene.ResolveInfo) -> list[StaffMember]:
        rows = [row_of(info.context, StaffMember, pk) for pk in members_of(info.context, root.pk)]
        return sorted((one for one in rows if one is not None), key=lambda one: (one.display_name, one.pk))


class RoleRuleType(graphene.ObjectType):
    """Which role a permission group of Saleor has here."""

    class Meta:
        name = "RoleRule"

    group = graphene.String(required=True, description="As Saleor calls it.")
    role = graphene.Field(RoleEnum, required=True, description="What its people may do.")
    limit = graphene.Field(MoneyType, description="The most that they may give on a case; null: no limit.")

    @staticmethod
    def resolve_group(root: RoleRule, _info: Any) -> str:
        return root.group_name

    @staticmethod
    def resolve_limit(root: RoleRule, _info: Any) -> Money | None:
        return None if root.money_limit is None else Money(root.money_limit, root.currency)


class AbsenceType(graphene.ObjectType):
    """Somebody is away."""

    class Meta:
        name = "Absence"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    starts_at = graphene.Field(DateTimeType, required=True, description="From then on.")
    ends_at = graphene.Field(DateTimeType, description="Until then; null: until further notice.")
    stand_in = graphene.Field(StaffMemberType, description="Who gets what is theirs when the customer writes.")
    member = graphene.Field(StaffMemberType, required=True, description="Who is away.")

    @staticmethod
    def resolve_id(root: Absence, _info: Any) -> str:
        return to_global_id("Absence", root.pk)

    @staticmethod
    def resolve_stand_in(root: Absence, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.stand_in_id)

    @staticmethod
    def resolve_member(root: Absence, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.member_id)


@bulk("absences", list[Absence])
def absences_of(ctx: Context, members: Collection[int]) -> Mapping[int, list[Absence]]:
    """Each member's absences of now and later, soonest first."""
    found: dict[int, list[Absence]] = {}
    rows = Absence.objects.filter(shop=ctx.shop, member__in=members).exclude(ends_at__lte=ctx.at)
    for row in rows.order_by("starts_at", "pk"):
        found.setdefault(row.member_id, []).append(row)
        ctx.meet([row])
    return found


class StaffProfileType(graphene.ObjectType):
    """What a member of staff knows and takes."""

    class Meta:
        name = "StaffProfile"

    member = graphene.Field(StaffMemberType, required=True, description="Who.")
    groups = graphene.List(graphene.NonNull(graphene.String), description="Saleor's groups; null: not told yet.")
    languages = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    channels = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    skills = graphene.List(graphene.NonNull(graphene.String), required=True, description="Tags they are good at.")
    capacity = graphene.Int(required=True, description="Open conversations at most; 0: no limit.")
    takes_turns = graphene.Boolean(required=True, description="Is given conversations in turn.")
    absences = graphene.List(graphene.NonNull(AbsenceType), required=True, description="Now and later.")

    @staticmethod
    def resolve_groups(root: Profile, _info: Any) -> list[str] | None:
        return None if root.member.groups_at is None else root.member.groups

    @staticmethod
    def resolve_absences(root: Profile, info: graphene.ResolveInfo) -> list[Absence]:
        return absences_of(info.context, root.member_id)


class TeamQueries(graphene.ObjectType):
    """Reading about the team."""

    my_access = graphene.Field(AccessType, required=True, description="What the asking member of staff may do.")
    teams = graphene.List(graphene.NonNull(TeamType), required=True, description="By name. MANAGE_ORDERS.")
    role_rules = graphene.List(
        graphene.NonNull(RoleRuleType), required=True, description="Roles of groups. Administrators."
    )
    permission_groups = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Groups that staff were seen in. Administrators."
    )
    staff_profiles = graphene.List(
        graphene.NonNull(StaffProfileType), required=True, description="Everybody we have met. Administrators."
    )
    my_absences = graphene.List(graphene.NonNull(AbsenceType), required=True, description="One's own, now and later.")

    @staticmethod
    def resolve_my_access(_root: None, info: graphene.ResolveInfo) -> Access:
        ctx: Context = info.context
        return ctx.access

    @staticmethod
    def resolve_teams(_root: None, info: graphene.ResolveInfo) -> list[Team]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        rows = list(Team.objects.filter(shop=ctx.shop, archived_at=None).order_by("name"))
        ctx.meet(rows)
        return rows

    @staticmethod
    def resolve_role_rules(_root: None, info: graphene.ResolveInfo) -> list[RoleRule]:
        ctx: Context = info.context
        ctx.staff(MANAGE_SETTINGS)
        return queries.role_rules_of(ctx.shop)

    @staticmethod
    def resolve_permission_groups(_root: None, info: graphene.ResolveInfo) -> list[str]:
        ctx: Context = info.context
        ctx.staff(MANAGE_SETTINGS)
        return queries.known_groups(ctx.shop)

    @staticmethod
    def resolve_staff_profiles(_root: None, info: graphene.ResolveInfo) -> list[Profile]:
        ctx: Context = info.context
        ctx.staff(MANAGE_SETTINGS)
        members = list(StaffMember.objects.filter(shop=ctx.shop).order_by("name", "pk")[:500])
        ctx.meet(members)
        ctx.announce("absences", [one.pk for one in members])
        profiles = queries.profiles_of(ctx.shop, members)
        for one in members:
            profiles[one.pk].member = one
        return [profiles[one.pk] for one in members]

    @staticmethod
    def resolve_my_absences(_root: None, info: graphene.ResolveInfo) -> list[Absence]:
        ctx: Context = info.context
        return absences_of(ctx, ctx.staff().member.pk)
