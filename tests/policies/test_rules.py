"""What the rules say about a line, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import (
    Exclusion,
    Fault,
    LegalBasis,
    Resolution,
    ReturnShippingPayer,
    WindowStart,
)
from saleor_aftercare.policies.rules import (
    GUARANTEE_RESOLUTIONS,
    REASONS,
    Rule,
    auto_approval,
    evidence_for,
    judge,
    keeps_item,
    window_end,
)

from .promises import DELIVERED, DISPATCHED, ORDERED, facts, lines, policies, policy

LAST = Rule(position=1)
THIRTY = DELIVERED + timedelta(days=30)


def judged(rules=None, *, today=DELIVERED, fault=None, **line):
    return judge(rules or policy(), facts(**line), today=today, reason_fault=fault)


# -- which rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"channels": frozenset({"europe"})}, {"channel": "japan"}),
        ({"countries": frozenset({"DE", "AT"})}, {"country": "JP"}),
        ({"product_types": frozenset({"Grinders"})}, {"product_type": "Kettles"}),
        ({"collections": frozenset({"coffee", "tea"})}, {"collections": frozenset({"outlet"})}),
        ({"products": frozenset({"UHJvZHVjdDox"})}, {"product_id": "UHJvZHVjdDoy"}),
        ({"skus": frozenset({"GRINDER-1"})}, {"sku": "GRINDER-2"}),
        ({"metadata": {"care": "wipe"}}, {"metadata": {"care": "wash"}}),
        ({"metadata": {"care": "wipe"}}, {"metadata": {}}),
    ],
)
def test_a_condition_holds_for_its_values_and_for_no_others(condition, other):
    rules = policy(Rule(position=0, window_days=5, **condition), LAST)

    assert judged(rules).rule.position == 0
    assert judged(rules, **other).rule.position == 1


def test_a_rule_for_what_is_not_shipped_leaves_parcels_alone():
    rules = policy(Rule(position=0, digital=True), LAST)

    assert judged(rules).rule.position == 1
    assert judged(rules, is_shipping_required=False).rule.position == 0


def test_all_conditions_of_a_rule_must_hold():
    rules = policy(Rule(position=0, countries=frozenset({"DE"}), skus=frozenset({"OTHER"})), LAST)

    assert judged(rules).rule.position == 1


@given(policies(), lines())
def test_the_first_rule_that_matches_decides_and_one_always_does(rules, line):
    chosen = judge(rules, line, today=ORDERED).rule

    assert chosen.matches(line)
    assert not any(rule.matches(line) for rule in rules.rules[: chosen.position])


# -- the window ------------------------------------------------------------------------------------------------------


def test_the_last_day_of_the_window_still_counts_and_the_next_asks_staff():
    assert (judged(today=THIRTY).verdict, judged(today=THIRTY).until) == (Verdict.ACCEPT, THIRTY)
    assert judged(today=THIRTY + timedelta(days=1)).decision == Decision(Verdict.ASK_STAFF, ("window_passed",))


@pytest.mark.parametrize(
    ("start", "day"),
    [(WindowStart.DELIVERED, DELIVERED), (WindowStart.DISPATCHED, DISPATCHED), (WindowStart.ORDERED, ORDERED)],
)
def test_days_are_counted_from_what_the_rule_names(start, day):
    assert judged(policy(Rule(position=0, window_days=8, window_from=start))).until == day + timedelta(days=8)


def test_grace_is_silent_and_counts_whole_days():
    rules = policy(Rule(position=0, window_days=30, grace_days=3))

    assert judged(rules, today=THIRTY + timedelta(days=3)).verdict == Verdict.ACCEPT
    assert judged(rules, today=THIRTY + timedelta(days=3)).until == THIRTY
    assert judged(rules, today=THIRTY + timedelta(days=4)).reasons == ("window_passed",)


def test_before_delivery_the_window_has_not_begun():
    assert judged(last_delivered=None, today=date(2030, 1, 1)).decision == Decision(Verdict.ACCEPT)
    assert judged(last_delivered=None).until is None


def test_the_window_of_several_parcels_runs_from_the_last_one():
    """C1.13: while a unit of the line is still to be sent, nothing is counted."""
    late = DELIVERED + timedelta(days=10)

    assert judged(shipped=1, today=date(2030, 1, 1)).until is None
    assert judged(shipped=2, last_delivered=late).until == late + timedelta(days=30)


def test_what_needs_no_shipping_is_delivered_when_it_is_dispatched():
    """C1.22: a digital line never stalls."""
    assert judged(is_shipping_required=False, last_delivered=None).until == DISPATCHED + timedelta(days=30)


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.integers(0, 3650),
    st.integers(0, 365),
    st.integers(-4000, 4000),
)
def test_a_window_is_that_many_whole_days_whatever_clocks_do(start, window, grace, offset):
    rules = policy(Rule(position=0, window_days=window, grace_days=grace))
    line = facts(last_delivered=start)
    today = start + timedelta(days=offset)

    accepted = judge(rules, line, today=today).verdict == Verdict.ACCEPT

    assert accepted == (offset <= window + grace)
    assert window_end(rules.rules[0], line) == start + timedelta(days=window)


# -- why not -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"order_canceled": True}, "order_canceled"),
        ({"is_gift_card": True}, "gift_card"),
        ({"shipped": 0, "returnable": 0, "last_delivered": None, "last_dispatched": None}, "not_shipped"),
        ({"returnable": 0}, "nothing_left"),
    ],
)
@pytest.mark.parametrize("fault", [None, Fault.MERCHANT])
def test_what_cannot_come_back_says_why_whoever_is_to_blame(line, reason, fault):
    assert judged(fault=fault, **line).decision == Decision(Verdict.REFUSE, (reason,))
    assert reason in REASONS


@pytest.mark.parametrize("exclusion", [e for e in Exclusion if e])
def test_excluded_goods_are_refused_with_the_reason(exclusion):
    """C1.22: digital, hygiene, custom-made, perishable lines: per line, with the reason shown."""
    found = judged(policy(Rule(position=0, exclusion=exclusion)))

    assert found.decision == Decision(Verdict.REFUSE, (exclusion.value,))
    assert found.exclusion == exclusion
    assert exclusion.value in REASONS


def test_an_exclusion_is_of_its_line_not_of_the_order():
    rules = policy(Rule(position=0, skus=frozenset({"TEA-1"}), exclusion=Exclusion.PERISHABLE), LAST)

    assert judged(rules, sku="TEA-1").verdict == Verdict.REFUSE
    assert judged(rules).verdict == Verdict.ACCEPT


def test_without_automatic_approval_staff_look_at_every_request():
    assert judged(policy(auto_approve=False)).decision == Decision(Verdict.ASK_STAFF, ("needs_review",))


# -- faults ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.MERCHANT, Fault.CARRIER])
def test_faulty_goods_within_the_window_are_taken_back_at_the_sellers_cost(fault):
    found = judged(fault=fault)

    assert (found.verdict, found.who_pays) == (Verdict.ACCEPT, ReturnShippingPayer.MERCHANT)
    assert found.bases == (LegalBasis.GUARANTEE,)


def test_faulty_goods_beyond_the_window_are_a_case_of_the_guarantee_never_of_the_window():
    found = judged(today=THIRTY + timedelta(days=300), fault=Fault.MERCHANT)

    assert found.decision == Decision(Verdict.ASK_STAFF, ("guarantee",))
    assert found.bases == (LegalBasis.GUARANTEE,)


def test_final_sale_goods_that_are_faulty_are_still_a_case_of_the_guarantee():
    rules = policy(Rule(position=0, exclusion=Exclusion.FINAL_SALE))
    found = judged(rules, fault=Fault.MERCHANT)

    assert found.decision == Decision(Verdict.ASK_STAFF, ("guarantee",))
    assert set(found.resolutions) >= set(GUARANTEE_RESOLUTIONS)
    assert judged(rules).bases == (LegalBasis.GUARANTEE,)


@pytest.mark.parametrize(
    ("country", "last_day"),
    [("DE", date(2028, 3, 5)), ("ES", date(2029, 3, 5)), ("JP", date(2036, 3, 5)), ("GB", date(2032, 3, 5))],
)
def test_the_guarantee_ends_with_the_years_of_the_country(country, last_day):
    inside = judged(country=country, today=last_day, fault=Fault.MERCHANT)
    outside = judged(country=country, today=last_day + timedelta(days=1), fault=Fault.MERCHANT)

    assert inside.bases == (LegalBasis.GUARANTEE,)
    assert (outside.bases, outside.reasons) == ((LegalBasis.GOODWILL,), ("window_passed",))


def test_goods_of_29_february_are_guaranteed_until_the_end_of_a_february():
    found = judged(last_delivered=date(2024, 2, 29), today=date(2026, 2, 28), fault=Fault.MERCHANT)

    assert found.bases == (LegalBasis.GUARANTEE,)


@given(policies(), lines(), st.integers(0, 2000), st.sampled_from([Fault.MERCHANT, Fault.CARRIER]))
def test_a_fault_is_never_refused_for_a_rule_of_the_shop(rules, line, age, fault):
    found = judge(rules, line, today=ORDERED + timedelta(days=age), reason_fault=fault)

    if found.verdict == Verdict.REFUSE:
        assert found.reasons[0] in {"order_canceled", "gift_card", "not_shipped", "nothing_left"}
    assert found.who_pays == ReturnShippingPayer.MERCHANT
    assert set(found.resolutions) >= {Resolution.REPAIR, Resolution.EXCHANGE, Resolution.REFUND}


@given(policies(), lines(), st.integers(0, 2000), st.sampled_from([None, *Fault]))
def test_every_judgement_explains_itself_in_known_words(rules, line, age, fault):
    found = judge(rules, line, today=ORDERED + timedelta(days=age), reason_fault=fault)

    assert set(found.reasons) <= REASONS.keys()
    assert bool(found.reasons) == (found.verdict != Verdict.ACCEPT)


# -- withdrawal ------------------------------------------------------------------------------------------------------

EU = {"withdrawal_countries": frozenset({"DE"}), "withdrawal_days": 14}


def test_the_right_to_withdraw_ends_with_its_own_day_not_with_the_windows():
    rules = policy(Rule(position=0, window_days=7), **EU)
    last = DELIVERED + timedelta(days=14)

    assert LegalBasis.WITHDRAWAL in judged(rules, today=last).bases
    assert LegalBasis.WITHDRAWAL not in judged(rules, today=last + timedelta(days=1)).bases


def test_goods_of_several_parcels_can_all_be_withdrawn_from_after_the_last_of_them():
    """C1.13: multi-shipment order: the window runs from the last parcel."""
    rules = policy(Rule(position=0, window_days=7), **EU)
    later = DELIVERED + timedelta(days=10)

    last = later + timedelta(days=15)  # the 29th of March is a Sunday
    assert LegalBasis.WITHDRAWAL in judged(rules, today=last, order_delivered=later).bases
    assert LegalBasis.WITHDRAWAL not in judged(rules, today=last + timedelta(days=1), order_delivered=later).bases
    assert LegalBasis.WITHDRAWAL in judged(rules, today=last + timedelta(days=90), order_delivered=None).bases


def test_final_sale_does_not_touch_the_right_to_withdraw_and_the_laws_exceptions_do():
    sale = policy(Rule(position=0, exclusion=Exclusion.FINAL_SALE), **EU)
    hygiene = policy(Rule(position=0, exclusion=Exclusion.HYGIENE), **EU)

    assert LegalBasis.WITHDRAWAL in judged(sale).bases
    assert LegalBasis.WITHDRAWAL not in judged(hygiene).bases


def test_what_was_not_sent_yet_can_be_withdrawn_from_though_nothing_can_come_back():
    found = judged(policy(**EU), shipped=0, returnable=0, last_delivered=None, last_dispatched=None)

    assert (found.verdict, found.bases) == (Verdict.REFUSE, (LegalBasis.WITHDRAWAL,))


@pytest.mark.parametrize(
    "values", [EU | {"withdrawal_enabled": False}, {"withdrawal_countries": frozenset({"FR"})}, {}]
)
def test_there_is_no_such_right_where_the_policy_knows_none(values):
    assert LegalBasis.WITHDRAWAL not in judged(policy(**values)).bases


# -- approval, keeping, evidence --------------------------------------------------------------------------------------


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def approved(rules, value="10", reasons=("changed_mind",), earlier=0):
    return auto_approval(rules, value=euros(value), reasons=reasons, returns_in_180_days=earlier)


def test_requests_within_all_limits_need_nobody():
    rules = policy(
        auto_approve_limit={"EUR": Decimal(100)},
        auto_approve_reasons=frozenset({"changed_mind"}),
        auto_approve_max_returns=2,
    )

    assert approved(rules, "100", earlier=2) == Decision(Verdict.ACCEPT)


@pytest.mark.parametrize(
    ("limits", "asked", "reason"),
    [
        ({"auto_approve_limit": {"EUR": Decimal(100)}}, {"value": "100.01"}, "value_above_limit"),
        (
            {"auto_approve_reasons": frozenset({"too_small"})},
            {"reasons": ("too_small", "defective")},
            "reason_needs_review",
        ),
        ({"auto_approve_max_returns": 2}, {"earlier": 3}, "many_returns"),
        ({"auto_approve": False}, {}, "needs_review"),
    ],
)
def test_each_limit_leads_to_a_person_and_says_so(limits, asked, reason):
    assert approved(policy(**limits), **asked) == Decision(Verdict.ASK_STAFF, (reason,))
    assert reason in REASONS


def test_a_currency_without_a_limit_has_none():
    rules = policy(auto_approve_limit={"JPY": Decimal(1)}, keep_item_limit={"JPY": Decimal(1)})

    assert approved(rules, "999999").verdict == Verdict.ACCEPT
    assert not keeps_item(rules, collective_net=euros("0.01"))


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=8))
def test_splitting_a_request_never_keeps_more_than_asking_at_once(cents):
    """C1.18: the keep-item threshold is on the collective value, without tax."""
    rules = policy(keep_item_limit={"EUR": Decimal(20)})
    parts = [Decimal(one) / 100 for one in cents]
    at_once = keeps_item(rules, collective_net=euros(str(sum(parts))))

    one_by_one = [keeps_item(rules, collective_net=euros(str(sum(parts[: n + 1])))) for n in range(len(parts))]

    assert one_by_one[-1] == at_once
    assert sum((p for p, kept in zip(parts, one_by_one, strict=True) if kept), Decimal(0)) <= 20


def test_photos_are_asked_for_by_reason():
    rules = policy(evidence={"defective": 2})

    assert (evidence_for(rules, "defective"), evidence_for(rules, "changed_mind")) == (2, 0)
