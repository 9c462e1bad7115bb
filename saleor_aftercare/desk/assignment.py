"""Who gets a conversation: in turn, or whoever has least to do; only people who are there and can answer it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.inbox.actions.staff import assign
from saleor_aftercare.inbox.models import ACTIVE_STATES, Priority, Ticket, TicketState
from saleor_aftercare.team.models import Profile, Team
from saleor_aftercare.team.queries import available, away, profiles_of, stand_in_for

#: What an open conversation weighs for whoever has it: most while it is the shop's turn.
WEIGHTS: Final = {
    TicketState.NEW: 4,
    TicketState.OPEN: 4,
    TicketState.WAITING: 1,
    TicketState.PENDING: 1,
    TicketState.ON_HOLD: 0,
}
#: An urgent one weighs as much as two.
URGENT_WEIGHS: Final = 2


def load_of(members: Collection[StaffMember]) -> dict[int, tuple[int, int]]:
    """How many open conversations each has, and what they weigh; one query."""
    loads = {one.pk: (0, 0) for one in members}
    rows = Ticket.objects.filter(assignee__in=list(loads), state__in=ACTIVE_STATES)
    for member, state, priority, n in rows.values_list("assignee", "state", "priority").annotate(n=Count("pk")):
        count, weight = loads[member]
        factor = URGENT_WEIGHS if priority == Priority.URGENT else 1
        loads[member] = (count + n, weight + n * WEIGHTS[TicketState(state)] * factor)
    return loads


def in_turn(members: Iterable[StaffMember], after: int | None) -> list[StaffMember]:
    """Members in the order of their turns: first those behind ``after``, who had the last one."""
    rows = sorted(members, key=lambda one: one.pk)
    if after is None:
        return rows
    return [one for one in rows if one.pk > after] + [one for one in rows if one.pk <= after]


def skills_needed(ticket: Ticket, team: Team) -> set[str]:
    """The tags of a conversation that somebody of the team is good at."""
    known = Profile.objects.filter(shop=team.shop_id, member__memberships__team=team).values_list("skills", flat=True)
    names = set(ticket.tags.values_list("name", flat=True))
    return names & {skill for skills in known for skill in skills}


def candidates(ticket: Ticket, team: Team, *, without: Collection[int], at: datetime) -> list[StaffMember]:
    """Who of the team may get it: those who know language, channel and skills; else fewer of these; else anybody.

    Who has as many as they can take gets no more, so there may be nobody.
    """
    skills = skills_needed(ticket, team)
    wishes: list[dict[str, Any]] = [
        {"language": ticket.language, "channel": ticket.channel, "skills": skills},
        {"language": ticket.language, "channel": ticket.channel},
        {"language": ticket.language},
        {},
    ]
    for wish in wishes:
        found = [one for one in available(ticket.shop, at=at, team=team, **wish) if one.pk not in without]
        free = _with_room(ticket, found)
        if free:
            return free
    return []


def _with_room(ticket: Ticket, members: list[StaffMember]) -> list[StaffMember]:
    profiles = profiles_of(ticket.shop, members)
    limited = [one for one in members if profiles[one.pk].capacity]
    loads = load_of(limited) if limited else {}
    return [one for one in members if one not in limited or loads[one.pk][0] < profiles[one.pk].capacity]


@transaction.atomic
def give_by_turn(
    ticket: Ticket, *, at: datetime, without: Collection[int] = (), only_if: int | None = None
) -> StaffMember | None:
    """Give a conversation to somebody of its team, as the team does it; None when nobody can have it, or by hand.

    ``without`` are keys of people who shall not get it. It is given only as long as its assignee is still ``only_if``
    (None: nobody). The team's row is held, so that of two conversations at once each goes to another person.
    """
    if ticket.team_id is None:
        return None  # should it have got one since, that is an event of its own
    locked = Ticket.objects.select_for_update(of=("self",)).select_related("shop").get(pk=ticket.pk)
    if locked.team_id is None or locked.assignee_id != only_if or locked.state not in ACTIVE_STATES:
        return None
    team = Team.objects.select_for_update(of=("self",)).select_related("shop").get(pk=locked.team_id)
    if team.assignment == "manual":
        return None
    free = in_turn(candidates(locked, team, without=without, at=at), team.last_turn_id)
    if not free:
        return None
    chosen = free[0]
    if team.assignment == "least_busy":
        loads = load_of(free)
        chosen = min(free, key=lambda one: loads[one.pk][1])
    Team.objects.filter(pk=team.pk).update(last_turn=chosen)
    assign(locked, assignee=chosen, at=at, staff=None)
    return chosen


@transaction.atomic
def hand_over_if_away(ticket: Ticket, *, at: datetime) -> StaffMember | None:
    """The customer wrote and their person is away: the stand-in gets it, else somebody in turn, else nobody has it.

    Returns who has it now; None when nothing was to be done, or nobody has it.
    """
    if ticket.assignee_id is None:
        return None  # whoever gets it from now on is there
    locked = Ticket.objects.select_for_update(of=("self",)).select_related("shop", "assignee__shop").get(pk=ticket.pk)
    if locked.assignee is None or locked.state not in ACTIVE_STATES:
        return None
    before = locked.assignee
    if not _is_away(before, at=at):
        return None
    if (stand_in := stand_in_for(before, at=at)) is not None:
        assign(locked, assignee=stand_in, at=at, staff=None)
        return stand_in
    if (chosen := give_by_turn(locked, at=at, without=[before.pk], only_if=before.pk)) is not None:
        return chosen
    assign(locked, assignee=None, at=at, staff=None)
    return None


def _is_away(member: StaffMember, *, at: datetime) -> bool:
    return member.absences.filter(away(at)).exists()


def give_to_somebody_else(ticket: Ticket, *, at: datetime) -> StaffMember | None:
    """An answer was missed: somebody else of the team gets it, where the team wants that; None when it stays."""
    team = ticket.team
    if team is None or not team.reassigns_on_breach:
        return None
    without = [ticket.assignee_id] if ticket.assignee_id is not None else []
    return give_by_turn(ticket, at=at, without=without, only_if=ticket.assignee_id)
