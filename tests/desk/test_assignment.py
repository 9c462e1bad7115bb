"""Who gets a conversation: fairly, only people who are there, and once however many workers ask."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.desk.assignment import give_by_turn, give_to_somebody_else, hand_over_if_away, in_turn
from saleor_aftercare.inbox.models import Tag, Ticket, TicketState
from saleor_aftercare.team.models import Absence, Team
from tests.make import DAY, HOUR, NOON, make_shop, make_staff, make_ticket
from tests.make.team import make_agent, make_team
from tests.policies.race import race

pytestmark = pytest.mark.django_db


def team_of(n: int, *, how: str = "round_robin", **profile: Any) -> tuple[Team, list[StaffMember]]:
    shop = make_shop()
    members = [make_agent(shop, **profile) for _ in range(n)]
    return make_team(shop, *members, assignment=how), members


def queued(team: Team, **values: Any) -> Ticket:
    return make_ticket(shop=team.shop, team=team, **values)


def away(member: StaffMember, *, stand_in: StaffMember | None = None, **values: Any) -> Absence:
    return Absence.objects.create(
        **{"shop": member.shop, "member": member, "starts_at": NOON - DAY, "stand_in": stand_in} | values
    )


@given(st.sets(st.integers(1, 50), min_size=1), st.integers(0, 60))
def test_everybody_has_one_turn_before_anybody_has_two(keys: set[int], last: int):
    members = [StaffMember(pk=key) for key in keys]
    turns, after = [], last or None

    for _ in range(2 * len(keys)):
        after = in_turn(members, after)[0].pk
        turns.append(after)

    assert set(turns[: len(keys)]) == keys
    assert turns[: len(keys)] == turns[len(keys) :]


def test_conversations_go_round():
    team, (ann, bea, cem) = team_of(3)

    given_to = [give_by_turn(queued(team), at=NOON) for _ in range(5)]

    assert given_to == [ann, bea, cem, ann, bea]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["round_robin", "least_busy"])
def test_of_many_conversations_at_once_nobody_gets_two_more_than_another(how: str):
    team, members = team_of(3, how=how)
    tickets = [queued(team) for _ in range(8)]

    race(*[lambda ticket=ticket: give_by_turn(ticket, at=NOON) for ticket in tickets])

    counts = Counter(Ticket.objects.values_list("assignee", flat=True))
    assert sorted(counts.values()) == [2, 3, 3]
    assert set(counts) == {one.pk for one in members}


@pytest.mark.django_db(transaction=True)
def test_one_conversation_that_two_workers_give_out_goes_to_one_person():
    team, (ann, _bea) = team_of(2)
    ticket = queued(team)

    answers = race(*[lambda: give_by_turn(ticket, at=NOON)] * 2)

    ticket.refresh_from_db()
    assert ticket.assignee == ann
    assert sorted(map(str, answers)) == sorted([str(ann), "None"])
    assert ticket.messages.filter(event="ticket.assigned").count() == 1


def test_least_busy_weighs_the_shops_turn_most_and_urgent_ones_twice():
    team, (ann, bea, cem) = team_of(3, how="least_busy")
    for _ in range(3):
        queued(team, assignee=ann, state=TicketState.PENDING)
    queued(team, assignee=bea, state=TicketState.OPEN)
    queued(team, assignee=cem, state=TicketState.NEW, priority=3)
    for state in (TicketState.SOLVED, TicketState.ON_HOLD):
        queued(team, assignee=ann, state=state)

    # 3, 4 and 8; then 7, 4 and 8; then 7, 8 and 8.
    assert [give_by_turn(queued(team), at=NOON) for _ in range(3)] == [ann, bea, ann]


def test_by_hand_and_without_a_team_nobody_gets_anything():
    team, _members = team_of(2, how="manual")

    assert give_by_turn(queued(team), at=NOON) is None
    assert give_by_turn(make_ticket(shop=team.shop), at=NOON) is None


def test_what_is_solved_or_somebodys_stays_where_it_is():
    team, (_ann, bea) = team_of(2)

    assert give_by_turn(queued(team, state=TicketState.SOLVED), at=NOON) is None
    assert give_by_turn(queued(team, assignee=bea), at=NOON) is None


def test_language_channel_and_skill_decide_as_long_as_somebody_has_them():
    shop = make_shop()
    english = make_agent(shop, languages=["en"])
    japanese = make_agent(shop, languages=["ja"], channels=["email"])
    smith = make_agent(shop, languages=["ja"], channels=["email"], skills=["Knives"])
    team = make_team(shop, english, japanese, smith, assignment="round_robin")
    knives = queued(team, language="ja", channel="email")
    knives.tags.add(Tag.objects.create(shop=shop, name="Knives", key="knives"))

    assert give_by_turn(knives, at=NOON) == smith
    assert give_by_turn(queued(team, language="en-GB", channel="chat"), at=NOON) == english
    # Nobody has Japanese by telephone: the language goes before the channel.
    assert give_by_turn(queued(team, language="ja", channel="phone"), at=NOON) == japanese
    # Nobody speaks French: whoever is there.
    assert give_by_turn(queued(team, language="fr"), at=NOON) in {english, japanese, smith}


def test_who_is_away_does_not_take_turns_or_has_enough_gets_nothing():
    shop = make_shop()
    ann, bea = make_agent(shop), make_agent(shop, takes_turns=False)
    cem, dee = make_agent(shop, capacity=1), make_staff(shop)
    team = make_team(shop, ann, bea, cem, dee, assignment="round_robin")
    away(ann, ends_at=NOON + HOUR)
    queued(team, assignee=cem, state=TicketState.PENDING)

    assert [give_by_turn(queued(team), at=NOON) for _ in range(2)] == [dee, dee]
    # An absence ends at its last moment, exclusive.
    assert give_by_turn(queued(team), at=NOON + HOUR) == ann


def test_when_the_customer_writes_to_somebody_who_is_away_the_stand_in_gets_it():
    team, (ann, bea, cem) = team_of(3)
    away(ann, stand_in=bea)
    away(bea, stand_in=cem)
    ticket = queued(team, assignee=ann)

    assert hand_over_if_away(ticket, at=NOON) == cem
    ticket.refresh_from_db()
    assert ticket.assignee == cem
    assert hand_over_if_away(ticket, at=NOON) is None


def test_stand_ins_who_stand_in_for_each_other_are_none_and_the_team_goes_on():
    team, (ann, bea, cem) = team_of(3)
    away(ann, stand_in=bea)
    away(bea, stand_in=ann)

    assert hand_over_if_away(queued(team, assignee=ann), at=NOON) == cem


def test_with_nobody_there_the_conversation_is_nobodys_and_so_everybodys():
    team, (ann,) = team_of(1)
    away(ann)
    ticket = queued(team, assignee=ann)

    assert hand_over_if_away(ticket, at=NOON) is None
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_a_missed_answer_goes_to_somebody_else_where_the_team_wants_that():
    team, (ann, bea) = team_of(2)
    ticket = queued(team, assignee=ann)

    assert give_to_somebody_else(ticket, at=NOON) == bea
    Team.objects.update(reassigns_on_breach=False)
    ticket = Ticket.objects.select_related("team", "shop").get(pk=ticket.pk)
    assert give_to_somebody_else(ticket, at=NOON) is None


def test_a_missed_answer_stays_with_the_only_one_there():
    team, (ann,) = team_of(1)
    ticket = queued(team, assignee=ann)

    assert give_to_somebody_else(ticket, at=NOON) is None
    ticket.refresh_from_db()
    assert ticket.assignee == ann


def test_nobody_of_another_team_or_shop_gets_it():
    team, (ann,) = team_of(1)
    team_of(2)
    make_team(team.shop, make_agent(team.shop), assignment="round_robin")

    assert [give_by_turn(queued(team), at=NOON) for _ in range(2)] == [ann, ann]
