"""What becomes of requests after the window: staff look, or they are refused, and never a right by law."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.policies.models import AfterWindow, Fault, LegalBasis
from saleor_aftercare.policies.rules import Rule, judge, reason_text, withdrawal_is_open

from .promises import DELIVERED, ORDERED, lines, policies, policy
from .test_rules import THIRTY, judged

REFUSES = Rule(position=0, window_days=30, after_window=AfterWindow.REFUSE)


def test_a_rule_may_refuse_what_comes_after_the_window():
    late = THIRTY + timedelta(days=1)

    assert judged(policy(REFUSES), today=THIRTY).verdict == Verdict.ACCEPT
    assert judged(policy(REFUSES), today=late).decision == Decision(Verdict.REFUSE, ("window_over",))
    assert reason_text("window_over") == "The return period has passed."


def test_the_days_of_grace_are_over_before_anything_is_refused():
    rules = policy(replace(REFUSES, grace_days=3))

    assert judged(rules, today=THIRTY + timedelta(days=3)).verdict == Verdict.ACCEPT
    assert judged(rules, today=THIRTY + timedelta(days=4)).reasons == ("window_over",)


@pytest.mark.parametrize("fault", [Fault.MERCHANT, Fault.CARRIER])
@pytest.mark.parametrize(("country", "reason"), [("DE", "guarantee"), ("US", "window_passed")])
def test_faulty_goods_are_never_refused_for_the_window(fault, country, reason):
    found = judged(policy(REFUSES), today=THIRTY + timedelta(days=60), fault=fault, country=country)

    assert found.decision == Decision(Verdict.ASK_STAFF, (reason,))


def test_nothing_is_refused_for_the_window_while_the_customer_may_withdraw():
    rules = policy(replace(REFUSES, window_days=7), withdrawal_countries=frozenset({"DE"}), withdrawal_days=14)
    last = DELIVERED + timedelta(days=14)  # a Thursday

    assert judged(rules, today=last).decision == Decision(Verdict.ASK_STAFF, ("window_passed",))
    assert LegalBasis.WITHDRAWAL in judged(rules, today=last).bases
    assert judged(rules, today=last + timedelta(days=1)).reasons == ("window_over",)


@given(policies(), lines(), st.integers(0, 2000), st.sampled_from([None, *Fault]))
def test_only_goods_that_are_not_faulty_and_cannot_be_withdrawn_from_are_refused_for_the_window(
    rules, line, age, fault
):
    today = ORDERED + timedelta(days=age)
    found = judge(rules, line, today=today, reason_fault=fault)
    asked = judge(
        replace(rules, rules=tuple(replace(one, after_window=AfterWindow.ASK_STAFF) for one in rules.rules)),
        line,
        today=today,
        reason_fault=fault,
    )

    if found.reasons == ("window_over",):
        assert fault not in {Fault.MERCHANT, Fault.CARRIER}
        assert found.rule.after_window == AfterWindow.REFUSE
        assert not withdrawal_is_open(rules, found.rule, line, today=today)
        assert asked.decision == Decision(Verdict.ASK_STAFF, ("window_passed",))
    else:
        assert found.decision == asked.decision
    assert found.bases == asked.bases
