"""Deciding about the team."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.channels.models import ChannelKind
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import NotFound, PermissionDenied
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.inbox.actions.queues import set_team
from saleor_aftercare.team import deciding, queries
from saleor_aftercare.team.access import RoleChoice
from saleor_aftercare.team.models import Absence, Role

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, DecimalType, value_of
from .inbox import TicketType
from .team import MANAGE_SETTINGS, AbsenceType, AssignmentEnum, RoleEnum, RoleRuleType, StaffProfileType, TeamType
from .threads import find_ticket


class RoleRuleInput(graphene.InputObjectType):
    """The role of one permission group."""

    group = graphene.String(required=True, description="As Saleor calls it.")
    role = graphene.Field(RoleEnum, required=True, description="What its people may do.")
    limit = graphene.Field(DecimalType, description="The most that they may give on a case; omitted: no limit.")
    currency = graphene.String(default_value="", description="Of the limit.")


class RoleRulesSave(AftercareMutation):
    """Decide the roles of all groups anew; groups that are not named have what their permissions say."""

    class Arguments:
        rules = graphene.List(graphene.NonNull(RoleRuleInput), required=True, description="All of them.")

    permissions = (MANAGE_SETTINGS,)
    rules = graphene.List(graphene.NonNull(RoleRuleType), description="As they stand now.")

    @classmethod
    def perform(cls, ctx: Context, *, rules: list[Any]) -> RoleRulesSave:
        staff = ctx.staff()
        choices = [
            RoleChoice(
                one.group, Role(value_of(one.role)), deciding.limit_of(one.limit, one.currency, f"rules.{n}.limit")
            )
            for n, one in enumerate(rules)
        ]
        saved = deciding.save_roles(ctx.shop, choices, by=staff.member, permissions=staff.permissions)
        return cls(rules=sorted(saved, key=lambda one: one.group_name))


class TeamInput(graphene.InputObjectType):
    """A team as it is to be."""

    name = graphene.String(required=True, description="Up to 100 characters.")
    assignment = graphene.Field(AssignmentEnum, required=True, description="How conversations are given out.")
    is_outsourced = graphene.Boolean(default_value=False, description="People of another company.")
    reassigns_on_breach = graphene.Boolean(default_value=True, description="A missed answer goes to somebody else.")
    member_ids = graphene.List(graphene.NonNull(graphene.ID), required=True, description="Who belongs to it.")


class TeamSave(AftercareMutation):
    """Make a team, or change one."""

    class Arguments:
        id = graphene.ID(description="The team; omitted: a new one.")
        input = TeamInput(required=True, description="As it is to be.")

    permissions = (MANAGE_SETTINGS,)
    team = graphene.Field(TeamType, description="The team.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None) -> TeamSave:
        team = queries.get_team(ctx.shop, own_pk("Team", id)) if id is not None else None
        asked = deciding.TeamAsked(
            name=input.name,
            assignment=str(value_of(input.assignment)),
            is_outsourced=bool(input.is_outsourced),
            reassigns_on_breach=bool(input.reassigns_on_breach),
            members=[own_pk("StaffMember", one, field="memberIds") for one in input.member_ids],
        )
        return cls(team=deciding.save_team(ctx.shop, team=team, asked=asked))


class TeamArchive(AftercareMutation):
    """Give a team up; what stands in its queue stays there until somebody moves it."""

    class Arguments:
        id = graphene.ID(required=True, description="The team.")

    permissions = (MANAGE_SETTINGS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> TeamArchive:
        deciding.archive_team(queries.get_team(ctx.shop, own_pk("Team", id)), at=ctx.at)
        return cls()


class StaffProfileInput(graphene.InputObjectType):
    """What somebody knows and takes."""

    languages = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    channels = graphene.List(graphene.NonNull(graphene.String), required=True, description="Empty: any.")
    skills = graphene.List(graphene.NonNull(graphene.String), required=True, description="Tags they are good at.")
    capacity = graphene.Int(required=True, description="Open conversations at most; 0: no limit.")
    takes_turns = graphene.Boolean(required=True, description="Is given conversations in turn.")


class StaffProfileSave(AftercareMutation):
    """Say what a member of staff knows and takes."""

    class Arguments:
        member_id = graphene.ID(required=True, description="Who.")
        input = StaffProfileInput(required=True, description="What they know and take.")

    permissions = (MANAGE_SETTINGS,)
    profile = graphene.Field(StaffProfileType, description="As it stands now.")

    @classmethod
    def perform(cls, ctx: Context, *, member_id: str, input: Any) -> StaffProfileSave:
        member = queries.get_member(ctx.shop, own_pk("StaffMember", member_id, field="memberId"), field="memberId")
        asked = deciding.ProfileAsked(
            input.languages, input.channels, input.skills, input.capacity, bool(input.takes_turns)
        )
        return cls(profile=deciding.save_profile(member, asked, known_channels=ChannelKind.values))


class AbsenceInput(graphene.InputObjectType):
    """When somebody is away."""

    member_id = graphene.ID(description="Who; omitted: the asking person. Others only administrators.")
    starts_at = graphene.Field(DateTimeType, required=True, description="From then on.")
    ends_at = graphene.Field(DateTimeType, description="Until then; omitted: until further notice.")
    stand_in_id = graphene.ID(description="Who gets what is theirs.")


def _check_whose(ctx: Context, member: StaffMember) -> None:
    if member.pk != ctx.staff().member.pk and not ctx.access.is_admin:
        raise PermissionDenied(_("Only administrators decide this for others."))


def _absence(ctx: Context, id: str) -> Absence:
    row = Absence.objects.select_related("member__shop").filter(shop=ctx.shop, pk=own_pk("Absence", id)).first()
    if row is None:
        raise NotFound(_("There is no such absence."), "id")
    _check_whose(ctx, row.member)
    return row


class AbsenceSave(AftercareMutation):
    """Be away, or say for another member that they are."""

    class Arguments:
        id = graphene.ID(description="The absence; omitted: a new one.")
        input = AbsenceInput(required=True, description="When.")

    permissions = ()
    absence = graphene.Field(AbsenceType, description="As it stands now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None) -> AbsenceSave:
        absence = _absence(ctx, id) if id is not None else None
        member = absence.member if absence is not None else ctx.staff().member
        if absence is None and input.member_id is not None:
            member = queries.get_member(ctx.shop, own_pk("StaffMember", input.member_id, field="memberId"))
        _check_whose(ctx, member)
        stand_in = None
        if input.stand_in_id is not None:
            key = own_pk("StaffMember", input.stand_in_id, field="standInId")
            stand_in = queries.get_member(ctx.shop, key, field="standInId")
        saved = deciding.save_absence(
            member, absence=absence, starts_at=input.starts_at, ends_at=input.ends_at, stand_in=stand_in
        )
        return cls(absence=saved)


class AbsenceDelete(AftercareMutation):
    """Be there after all."""

    class Arguments:
        id = graphene.ID(required=True, description="The absence.")

    permissions = ()

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> AbsenceDelete:
        deciding.delete_absence(_absence(ctx, id))
        return cls()


class TicketTeamSet(AftercareMutation):
    """Put a conversation into a team's queue, or into nobody's."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        team_id = graphene.ID(description="The team; null: nobody's queue.")

    permissions = (MANAGE_ORDERS,)
    ticket = graphene.Field(TicketType, description="The ticket in its queue.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, team_id: str | None = None) -> TicketTeamSet:
        ticket = find_ticket(ctx, id)
        team = None
        if team_id is not None:
            team = queries.get_team(ctx.shop, own_pk("Team", team_id, field="teamId"), field="teamId")
        return cls(ticket=set_team(ticket, team, at=ctx.at, staff=ctx.staff().member))


class TeamMutations(graphene.ObjectType):
    """Deciding about the team."""

    role_rules_save = RoleRulesSave.Field()
    team_save = TeamSave.Field()
    team_archive = TeamArchive.Field()
    staff_profile_save = StaffProfileSave.Field()
    absence_save = AbsenceSave.Field()
    absence_delete = AbsenceDelete.Field()
    ticket_team_set = TicketTeamSet.Field()
