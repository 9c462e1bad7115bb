"""Reads about the team; every one within a shop."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import Absence, Membership, Notice, NoticeHook, Profile, RoleRule, Team
from .preferences import Preferences


def teams_of(shop: Shop) -> list[Team]:
    """The teams of today by name, their members by name with them."""
    members = Membership.objects.select_related("member").order_by("member__name", "member_id")
    rows = Team.objects.filter(shop=shop, archived_at=None).order_by("name")
    return list(rows.prefetch_related(Prefetch("memberships", members)))


def get_team(shop: Shop, pk: int, *, field: str = "id") -> Team:
    """A team of today; raises NotFound."""
    team = Team.objects.select_related("shop").filter(shop=shop, pk=pk, archived_at=None).first()
    if team is None:
        raise NotFound(_("There is no such team."), field)
    return team


def get_member(shop: Shop, pk: int, *, field: str = "id") -> StaffMember:
    """Somebody of the staff; raises NotFound."""
    member = StaffMember.objects.select_related("shop").filter(shop=shop, pk=pk).first()
    if member is None:
        raise NotFound(_("There is no such person."), field)
    return member


def away(at: datetime) -> Q:
    """The condition on absences that hold ``at`` a moment."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def absence_of(member: StaffMember, *, at: datetime) -> Absence | None:
    """The absence that somebody has now; the one that ends last of several."""
    rows = Absence.objects.filter(away(at), shop=member.shop_id, member=member).select_related("stand_in")
    return max(rows, key=lambda row: (row.ends_at is None, row.ends_at or at), default=None)


def stand_in_for(member: StaffMember, *, at: datetime) -> StaffMember | None:
    """Who stands in for somebody who is away: the first along the chain of stand-ins who is there; None for nobody."""
    seen = {member.pk}
    while (absence := absence_of(member, at=at)) is not None:
        if absence.stand_in is None or absence.stand_in.pk in seen:
            return None
        member = absence.stand_in
        seen.add(member.pk)
    return member if len(seen) > 1 else None


def profiles_of(shop: Shop, members: Iterable[StaffMember]) -> dict[int, Profile]:
    """What we know of each member; who never said anything has the defaults, unsaved."""
    found = {row.member_id: row for row in Profile.objects.filter(shop=shop, member__in=list(members))}
    return {one.pk: found.get(one.pk) or Profile(shop=shop, member=one) for one in members}


def available(
    shop: Shop,
    *,
    language: str = "",
    channel: str = "",
    skills: Collection[str] = (),
    at: datetime,
    team: Team | None = None,
) -> list[StaffMember]:
    """Who of ``team`` (None: of any team) takes turns, is not away, and knows language, channel and every skill.

    In the order of their keys. Somebody who named no language or channel knows all of them; nobody knows a skill that
    they did not name.
    """
    teams = Team.objects.filter(shop=shop, archived_at=None)
    belonging = Membership.objects.filter(team=team) if team else Membership.objects.filter(team__in=teams)
    rows: QuerySet[StaffMember] = StaffMember.objects.filter(shop=shop, pk__in=belonging.values("member"))
    members = list(rows.exclude(pk__in=Absence.objects.filter(away(at), shop=shop).values("member")).order_by("pk"))
    profiles = profiles_of(shop, members)
    return [one for one in members if _suits(profiles[one.pk], language, channel, skills)]


def _suits(profile: Profile, language: str, channel: str, skills: Collection[str]) -> bool:
    spoken = {one.partition("-")[0] for one in profile.languages}
    return (
        profile.takes_turns
        and (not language or not spoken or language.partition("-")[0] in spoken)
        and (not channel or not profile.channels or channel in profile.channels)
        and set(skills) <= set(profile.skills)
    )


def preferences_of(shop: Shop, members: Iterable[StaffMember]) -> dict[int, Preferences]:
    """What each member wants to be told."""
    rows = profiles_of(shop, list(members))
    return {pk: Preferences.from_json(row.preferences) for pk, row in rows.items()}


def role_rules_of(shop: Shop) -> list[RoleRule]:
    """The roles of Saleor's permission groups, by the group's name."""
    return list(RoleRule.objects.filter(shop=shop).order_by("group_name"))


def known_groups(shop: Shop) -> list[str]:
    """The permission groups that any member of staff was seen in, by name."""
    rows = StaffMember.objects.filter(shop=shop).values_list("groups", flat=True)
    return sorted({group for groups in rows for group in groups})


def notices_of(member: StaffMember) -> QuerySet[Notice]:
    """What somebody was told, newest first."""
    return Notice.objects.filter(shop=member.shop_id, member=member).order_by("-pk")


def unread_notices(member: StaffMember, *, cap: int = 100) -> int:
    """How many of them were not read, at most ``cap``."""
    return Notice.objects.filter(shop=member.shop_id, member=member, read_at=None)[:cap].count()


def hooks_of(shop: Shop) -> list[NoticeHook]:
    """The addresses that notices are posted to, by name."""
    return list(NoticeHook.objects.filter(shop=shop).select_related("team").order_by("name", "pk"))


def get_hook(shop: Shop, pk: int) -> NoticeHook:
    """One of them; raises NotFound."""
    hook = NoticeHook.objects.select_related("shop", "team").filter(shop=shop, pk=pk).first()
    if hook is None:
        raise NotFound(_("There is no such address."), "id")
    return hook
