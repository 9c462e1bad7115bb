"""What is decided about the team: roles of groups, teams, who knows what, and who is away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money

from .access import RoleChoice, role_of
from .models import Absence, Membership, Profile, Role, RoleRule, Team
from .preferences import Preferences

MAX_TEAMS: Final = 100
MAX_GROUPS: Final = 100
MAX_SKILLS: Final = 50
MAX_CAPACITY: Final = 1000


class Assignment(StrEnum):
    """How a team's conversations find their person."""

    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"


@transaction.atomic
def save_roles(
    shop: Shop, choices: Sequence[RoleChoice], *, by: StaffMember, permissions: Collection[str]
) -> list[RoleRule]:
    """Decide the roles of permission groups anew, all of them.

    Raises:
        InvalidInput ("rules.N.group", "rules.N.limit", "rules"): a group twice or without a name, or a limit of money
            without currency.
        Conflict: whoever decides would no longer be an administrator, and could not take it back.
    """
    if len(choices) > MAX_GROUPS:
        raise InvalidInput(_("At most %(limit)d groups.") % {"limit": MAX_GROUPS}, "rules")
    seen = set[str]()
    rows = []
    for n, one in enumerate(choices):
        group = texts.one_line(one.group, f"rules.{n}.group", limit=150, required=True)
        if group in seen:
            raise InvalidInput(_("This group has a role already."), f"rules.{n}.group")
        seen.add(group)
        limit = Money.of(one.limit.amount, one.limit.currency, field=f"rules.{n}.limit") if one.limit else None
        rows.append(
            RoleRule(
                shop=shop,
                group_name=group,
                role=one.role,
                money_limit=limit.amount if limit else None,
                currency=limit.currency if limit else "",
            )
        )
    groups = by.groups if by.groups_at is not None else None
    if role_of(groups, permissions, choices)[0] != Role.ADMINISTRATOR:
        raise Conflict(_("You would no longer be an administrator yourself, and could not take this back."), "rules")
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    RoleRule.objects.filter(shop=shop).delete()
    return RoleRule.objects.bulk_create(rows)


@dataclass(frozen=True)
class TeamAsked:
    """A team as somebody wants it."""

    name: str
    assignment: str
    is_outsourced: bool
    reassigns_on_breach: bool
    members: Collection[int]  #: keys


@transaction.atomic
def save_team(shop: Shop, *, team: Team | None, asked: TeamAsked) -> Team:
    """A new team, or another word about one; raises InvalidInput ("name", "assignment", "memberIds")."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    name = texts.one_line(asked.name, "name", limit=100, required=True)
    if asked.assignment not in set(Assignment):
        raise InvalidInput(_("There is no such choice."), "assignment")
    others = Team.objects.filter(shop=shop)
    namesakes = others.filter(name=name)
    if (namesakes if team is None else namesakes.exclude(pk=team.pk)).exists():
        raise InvalidInput(_("There is a team of this name already."), "name")
    if team is None:
        if others.filter(archived_at=None).count() >= MAX_TEAMS:
            raise InvalidInput(_("At most %(limit)d teams.") % {"limit": MAX_TEAMS}, "name")
        team = Team(shop=shop)
    members = StaffMember.objects.filter(shop=shop, pk__in=asked.members)
    if len(members) != len(set(asked.members)):
        raise InvalidInput(_("There is no such person."), "memberIds")
    team.name, team.assignment = name, asked.assignment
    team.is_outsourced, team.reassigns_on_breach = asked.is_outsourced, asked.reassigns_on_breach
    team.save()
    Membership.objects.filter(team=team).exclude(member__in=members).delete()
    Membership.objects.bulk_create([Membership(team=team, member=one) for one in members], ignore_conflicts=True)
    return team


@transaction.atomic
def archive_team(team: Team, *, at: datetime) -> Team:
    """The team is no more: nothing new comes into its queue; what stands there stays until somebody moves it."""
    if team.archived_at is None:
        # Another team may have the name from now on.
        team.name, team.archived_at = f"{team.name[:80]} ({at:%Y-%m-%d} {team.pk})", at
        team.save(update_fields=["name", "archived_at"])
        Membership.objects.filter(team=team).delete()
    return team


@dataclass(frozen=True)
class ProfileAsked:
    """What somebody knows and takes."""

    languages: Collection[str]
    channels: Collection[str]
    skills: Collection[str]
    capacity: int
    takes_turns: bool


@transaction.atomic
def save_profile(member: StaffMember, asked: ProfileAsked, *, known_channels: Collection[str]) -> Profile:
    """What a member knows and takes; raises InvalidInput ("languages", "channels", "skills", "capacity")."""
    languages = [texts.one_line(one, "languages", limit=10, required=True).lower() for one in asked.languages]
    if set(asked.channels) - set(known_channels):
        raise InvalidInput(_("There is no such channel."), "channels")
    skills = [texts.one_line(one, "skills", limit=60, required=True) for one in asked.skills]
    if len(languages) > 20:
        raise InvalidInput(_("At most %(limit)d values.") % {"limit": 20}, "languages")
    if len(skills) > MAX_SKILLS:
        raise InvalidInput(_("At most %(limit)d values.") % {"limit": MAX_SKILLS}, "skills")
    profile, _is_new = Profile.objects.get_or_create(shop=member.shop, member=member)
    profile.languages = list(dict.fromkeys(languages))
    profile.channels = [one for one in known_channels if one in set(asked.channels)]
    profile.skills = list(dict.fromkeys(skills))
    profile.capacity = texts.whole_number(asked.capacity, "capacity", low=0, high=MAX_CAPACITY)
    profile.takes_turns = asked.takes_turns
    profile.save(update_fields=["languages", "channels", "skills", "capacity", "takes_turns"])
    return profile


@transaction.atomic
def save_preferences(member: StaffMember, preferences: Preferences) -> Preferences:
    """What somebody wants to be told; raises InvalidInput ("digest", "hour")."""
    preferences = preferences.checked()
    profile, _is_new = Profile.objects.get_or_create(shop=member.shop, member=member)
    profile.preferences = preferences.to_json()
    profile.save(update_fields=["preferences"])
    return preferences


@transaction.atomic
def save_absence(
    member: StaffMember,
    *,
    absence: Absence | None,
    starts_at: datetime,
    ends_at: datetime | None,
    stand_in: StaffMember | None,
) -> Absence:
    """Somebody will be away; raises InvalidInput ("endsAt", "standInId")."""
    if ends_at is not None and ends_at <= starts_at:
        raise InvalidInput(_("The end must be after the start."), "endsAt")
    if stand_in is not None and (stand_in.pk == member.pk or stand_in.shop_id != member.shop_id):
        raise InvalidInput(_("Somebody else has to stand in."), "standInId")
    if absence is None:
        if Absence.objects.filter(shop=member.shop_id, member=member).count() >= 500:
            raise InvalidInput(_("At most %(limit)d absences.") % {"limit": 500}, "startsAt")
        absence = Absence(shop=member.shop, member=member)
    absence.starts_at, absence.ends_at, absence.stand_in = starts_at, ends_at, stand_in
    absence.save()
    return absence


def delete_absence(absence: Absence) -> None:
    """Somebody is there after all."""
    absence.delete()


def limit_of(amount: Decimal | None, currency: str, field: str) -> Money | None:
    """A limit as asked for; raises InvalidInput(field)."""
    return None if amount is None else Money.of(amount, currency, field=field)
