"""Which policy decides, and why."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox.sla.policies import (
    Conditions,
    Facts,
    Measure,
    Standing,
    Target,
    choose,
    default_policy,
)

from .logs import policy


def only(*values: str) -> frozenset[str]:
    return frozenset(values)


FACTS = Facts(
    channel="email",
    priority="high",
    tags=only("Damage", "gift"),
    language="de-CH",
    team="care",
    customer="eva@example.com",
    vip=True,
)


@pytest.mark.parametrize(
    ("when", "holds", "why"),
    [
        (Conditions(), True, "it has no conditions"),
        (Conditions(channel=only("email", "chat")), True, "channel is email"),
        (Conditions(channel=only("chat")), False, "channel is email, wanted chat"),
        (Conditions(channel=only("EMAIL"), priority=only("High")), True, "channel is email, priority is high"),
        (Conditions(tags=only("damage", "late")), True, "tags are Damage, gift"),
        (Conditions(tags=only("late")), False, "tags are Damage, gift, wanted late"),
        (Conditions(tags_all=only("damage", "gift")), True, "tags hold all that are wanted"),
        (Conditions(tags_all=only("damage", "late")), False, "tags lack late"),
        (Conditions(language=only("de")), True, "language is de-CH"),
        (Conditions(language=only("de-ch")), True, "language is de-CH"),
        (Conditions(language=only("d")), False, "language is de-CH, wanted d"),
        (Conditions(team=only("sales")), False, "team is care, wanted sales"),
        (Conditions(customer=only("Eva@Example.com")), True, "customer is eva@example.com"),
        (Conditions(vip=True), True, "vip is true"),
        (Conditions(vip=False), False, "vip is true"),
        (Conditions(channel=only("email"), vip=False), False, "vip is true"),
    ],
)
def test_conditions_say_whether_they_hold_and_why(when, holds, why):
    assert when.judge(FACTS) == (holds, why)


def test_what_is_not_known_meets_no_condition():
    assert Conditions(team=only("care")).judge(Facts()) == (False, "team is not known, wanted care")
    assert Conditions(tags=only("x")).judge(Facts()) == (False, "tags are none, wanted x")


def test_the_first_policy_that_holds_decides_and_those_before_it_are_told():
    policies = [
        policy("vips", when=Conditions(vip=False)),
        policy("mails", when=Conditions(channel=only("email"))),
        policy("everything"),
    ]

    choice = choose(policies, FACTS, default=default_policy())

    assert (choice.policy.name, choice.why) == ("mails", "the first whose conditions hold: channel is email")
    assert choice.passed_over == (("vips", "vip is true"),)


def test_where_no_policy_holds_the_default_does():
    choice = choose([policy("chats", when=Conditions(channel=only("chat")))], FACTS, default=default_policy(36))

    assert (choice.policy.name, choice.why) == ("default", "no policy's conditions hold, so the default does")
    assert choice.policy.first_response == Target(minutes=36 * 60, measure=Measure.CALENDAR)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 366 * 24 * 60 + 1}, "minutes"),
        ({"minutes": 60, "warn_before_minutes": 60}, "warn_before_minutes"),
        ({"minutes": 60, "warn_before_minutes": 0}, "warn_before_minutes"),
        ({"minutes": 60, "pause_on": frozenset({Standing.SOLVED})}, "pause_on"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(wrong, field):
    with pytest.raises(InvalidInput) as refused:
        Target(**wrong)

    assert refused.value.field == field
