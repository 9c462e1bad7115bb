"""The policy in words says what the rules do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.policies import presets
from saleor_aftercare.policies.models import (
    AfterWindow,
    Exclusion,
    Resolution,
    ReturnShippingPayer,
    TenderOrder,
    WindowStart,
)
from saleor_aftercare.policies.phrases import exclusion_sentence, window_sentence
from saleor_aftercare.policies.rules import Rule, judge, window_end
from saleor_aftercare.policies.words import anchor_of, policy_page, return_clause

from .promises import ORDERED, facts, lines, policies, policy

LATER = "After that we do not take them back. Your rights by law remain, also for faulty items."
ASK = "When the period has passed, ask us all the same"
_START = {"delivery": WindowStart.DELIVERED, "dispatch": WindowStart.DISPATCHED, "your order": WindowStart.ORDERED}
_WINDOW = re.compile(r"until (\d+) days? after (delivery|dispatch|your order)\.")


def page_text(rules, language="en", country=None, **more):
    page = policy_page(rules, language, country, **more)
    return "\n".join(line for s in page.sections for line in (s.title, *s.sentences))


def section(rules, anchor, language="en", country=None, **more):
    found = {s.anchor: s for s in policy_page(rules, language, country, **more).sections}
    return "\n".join((found[anchor].title, *found[anchor].sentences))


@settings(max_examples=200)
@given(policies(), lines(), st.integers(0, 500))
def test_the_page_never_contradicts_the_judgement(rules, line, age):
    """A line accepted until X is described with the same days from the same start; an excluded one as excluded."""
    found = judge(rules, line, today=ORDERED + timedelta(days=age))
    text = section(rules, anchor_of(found.rule))

    if found.rule.exclusion:
        assert exclusion_sentence(found.rule.exclusion) in text
        assert _WINDOW.search(text) is None
        return
    days, start = _WINDOW.search(text).groups()
    assert (int(days), _START[start]) == (found.rule.window_days, found.rule.window_from)
    if found.until is not None:
        promised = {
            WindowStart.ORDERED: line.ordered_on,
            WindowStart.DISPATCHED: line.last_dispatched,
            WindowStart.DELIVERED: line.last_delivered or line.last_dispatched,
        }[_START[start]]
        assert found.until == promised + timedelta(days=int(days))
    if found.verdict == Verdict.REFUSE:
        assert found.reasons[0] in {"order_canceled", "gift_card", "not_shipped", "nothing_left", "window_over"}
    assert (LATER in text) == (found.rule.after_window == AfterWindow.REFUSE)
    if found.reasons == ("window_over",):
        assert LATER in text


EVERYTHING = Rule(
    position=0,
    name="Shoes",
    product_types=frozenset({"Footwear"}),
    countries=frozenset({"DE", "JP"}),
    window_days=21,
    window_from=WindowStart.DISPATCHED,
    who_pays=ReturnShippingPayer.MERCHANT,
    return_fee={"EUR": Decimal("4.90"), "JPY": Decimal(500)},
    restocking_percent=Decimal("12.50"),
    resolutions=(Resolution.STORE_CREDIT, Resolution.REFUND),
    store_credit_bonus_percent=Decimal("5.00"),
)


@pytest.mark.parametrize(
    "said",
    [
        "Shoes",
        "Footwear",
        "Germany, Japan",
        "until 21 days after dispatch",
        "We pay for the way back.",
        "€4.90 / ¥500",
        "12.5%",
        "Store credit, Refund to the original means of payment",
        "5% more",
        "several parcels, the last parcel counts",
    ],
)
def test_every_promise_of_a_rule_is_in_words(said):
    assert said in section(policy(EVERYTHING, Rule(position=1)), "rule-1")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"auto_approve": True}, "often approved at once"),
        ({"auto_approve": False}, "look at every request before"),
        ({"ship_within_days": 9}, "within 9 days"),
        ({"evidence": {"defective": 2}}, "“It is defective” please add 2 photos"),
        ({"refund_original_shipping": True}, "we also refund the delivery costs"),
        ({"refund_original_shipping": False}, "do not refund the delivery costs"),
        ({"tender_order": TenderOrder.GIFT_CARD_FIRST}, "gift card gets its part back first"),
        ({"tender_order": TenderOrder.CARD_FIRST}, "gift card gets its part back last"),
        ({"withdrawal_countries": frozenset({"FR"}), "withdrawal_days": 30}, "within 30 days of receiving"),
        ({"statement": {"en": "We love returns.\nReally."}}, "Really."),
    ],
)
def test_every_promise_of_the_policy_is_in_words(values, said):
    assert said in page_text(policy(**values), reasons={"defective": "It is defective"})


def test_the_page_says_of_each_rule_whether_asking_late_is_worth_it():
    lenient, strict = Rule(position=0), Rule(position=0, after_window=AfterWindow.REFUSE)
    excluded = Rule(position=1, exclusion=Exclusion.FINAL_SALE)
    mixed = policy(replace(strict, skus=frozenset({"TEA-1"})), Rule(position=1))

    assert f"{ASK}: we look" in page_text(policy(lenient))
    assert LATER not in page_text(policy(lenient))
    assert ASK not in page_text(policy(strict, excluded))
    assert LATER in page_text(policy(strict, excluded))
    assert LATER in section(mixed, "rule-1")
    assert LATER not in section(mixed, "rule-2")
    assert f"{ASK}, unless a rule above says otherwise." in page_text(mixed)


def test_the_return_clause_says_when_nothing_is_taken_back_later():
    rules = policy(Rule(position=0, window_days=8, after_window=AfterWindow.REFUSE))

    period = dict(return_clause(rules, "ja").items)["返品の期限"]

    assert period == (
        "商品到着後8日以内であれば返品いただけます。 期限を過ぎた返品はお受けできません。"
        "不良品の場合を含め、法律上の権利には影響しません。"
    )


def test_an_exchange_in_advance_is_explained_where_exchanges_are_offered():
    rule = Rule(position=0, resolutions=(Resolution.EXCHANGE,))

    assert "first item back within 5 days" in page_text(policy(rule, advance_exchange_days=5))
    assert "in advance" not in page_text(policy(advance_exchange_days=5))


@pytest.mark.parametrize("exclusion", [e for e in Exclusion if e])
def test_an_excluded_item_says_why_and_that_faults_are_another_matter(exclusion):
    text = section(policy(Rule(position=0, exclusion=exclusion)), "rule-1")

    assert exclusion_sentence(exclusion) in text
    assert "Your rights remain if such an item is faulty." in text


def test_what_is_silent_is_not_told():
    quiet = policy(
        Rule(position=0, grace_days=7),
        keep_item_limit={"EUR": Decimal(17)},
        auto_approve_limit={"EUR": Decimal(83)},
        auto_approve_max_returns=77,
    )

    assert not re.search(r"\b(7|17|83|77)\b", page_text(quiet))


def test_a_reader_in_one_country_sees_what_may_hold_there():
    rules = policy(
        Rule(position=0, name="Japan only", countries=frozenset({"JP"})),
        Rule(position=1, name="Europe channel", channels=frozenset({"europe"})),
        Rule(position=2),
        withdrawal_countries=frozenset({"DE"}),
    )

    german = policy_page(rules, "en", "DE", channel="europe")
    japanese = policy_page(rules, "en", "JP", channel="japan")

    assert {"rule-2", "rule-3", "withdrawal"} <= {s.anchor for s in german.sections}
    assert "rule-1" not in {s.anchor for s in german.sections}
    assert {"rule-1", "rule-3", "clause"} <= {s.anchor for s in japanese.sections}
    assert {"rule-2", "withdrawal"}.isdisjoint({s.anchor for s in japanese.sections})


def test_anchors_are_the_same_in_every_language_and_each_once():
    for make in (presets.eu, presets.japan, presets.us):
        english, japanese = (policy_page(make(), language) for language in ("en", "ja"))
        anchors = [s.anchor for s in english.sections]
        assert anchors == [s.anchor for s in japanese.sections]
        assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("make", [presets.eu, presets.japan, presets.us])
def test_japanese_pages_are_in_japanese(make):
    for section_ in policy_page(make(), "ja").sections:
        for text in (section_.title, *section_.sentences):
            assert re.search(r"[ぁ-んァ-ン一-龥]", text), text


def test_the_return_clause_says_whether_until_when_and_on_whose_cost():
    """特定商取引法 art. 15-3 with art. 11: acceptance, period, cost; faults apart from them."""
    clause = return_clause(presets.japan(), "ja")

    labels = [label for label, _text in clause.items]
    assert labels[:3] == ["返品の可否", "返品の期限", "返品の送料"]
    assert labels[-1] == "不良品・誤送の場合"
    said = dict(clause.items)
    assert said["返品の期限"] == "商品到着後8日以内であれば返品いただけます。"
    assert said["返品の送料"].startswith("返送料はお客様のご負担となります。")


def test_a_shop_that_takes_nothing_back_says_so_in_its_clause():
    clause = return_clause(policy(Rule(position=0, exclusion=Exclusion.FINAL_SALE)), "en")

    assert dict(clause.items)["Returns"] == exclusion_sentence(Exclusion.FINAL_SALE)
    assert "Faulty or wrong items" in dict(clause.items)


def test_the_clause_of_a_channel_knows_only_its_rules():
    rules = policy(
        Rule(position=0, name="Europe", channels=frozenset({"europe"}), window_days=99), Rule(position=1, window_days=8)
    )

    assert "99" not in str(return_clause(rules, "en", channel="japan").items)
    assert "Europe: You may return them until 99 days" in str(return_clause(rules, "en", channel="europe").items)


def test_one_day_is_singular():
    assert window_sentence(Rule(position=0, window_days=1)) == "You may return them until 1 day after delivery."


def test_the_window_that_is_described_is_the_one_that_is_counted():
    line = facts()
    rule = Rule(position=0, window_days=8, window_from=WindowStart.ORDERED)

    assert window_sentence(rule) == "You may return them until 8 days after your order."
    assert window_end(rule, line) == line.ordered_on + timedelta(days=8)
