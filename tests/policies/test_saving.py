"""Policies and reasons as rows: presets, versions, documents that lie, and other shops' rows."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import Actor, ActorKind
from saleor_aftercare.core.models import Event
from saleor_aftercare.policies import actions, presets, queries
from saleor_aftercare.policies.law import EEA_COUNTRIES
from saleor_aftercare.policies.models import (
    Preset,
    Resolution,
    ReturnPolicy,
    ReturnRule,
    ReturnShippingPayer,
)
from saleor_aftercare.policies.rules import Rule
from tests.make import NOON, WAREHOUSE, make_policy, make_shop
from tests.policies.race import race

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka")

RULE: dict[str, Any] = {
    "name": "",
    "channels": [],
    "countries": [],
    "product_types": [],
    "collections": [],
    "products": [],
    "skus": [],
    "metadata": [],
    "digital": False,
    "exclusion": "",
    "window_days": 30,
    "window_from": "delivered",
    "grace_days": 0,
    "who_pays": "customer",
    "return_fee": [],
    "restocking_percent": Decimal(0),
    "resolutions": ["refund"],
    "store_credit_bonus_percent": Decimal(0),
}
DOCUMENT: dict[str, Any] = {
    "preset": "custom",
    "rules": [RULE],
    "auto_approve": False,
    "auto_approve_limit": [],
    "auto_approve_reasons": [],
    "auto_approve_max_returns": None,
    "keep_item_limit": [],
    "evidence": [],
    "refund_original_shipping": True,
    "return_addresses": [],
    "ship_within_days": 14,
    "advance_exchange_days": 14,
    "tender_order": "card_first",
    "withdrawal_enabled": True,
    "withdrawal_countries": [],
    "withdrawal_days": 14,
    "statement": [],
}
SALE = RULE | {"skus": ["SALE-1"], "exclusion": "final_sale", "resolutions": []}


def save(shop, *, version=1, **values):
    return actions.save_policy(shop, document=DOCUMENT | values, version=version, at=NOON, actor=MEI)


# -- presets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "preset"), [("DE", Preset.EU), ("JP", Preset.JAPAN), ("US", Preset.US), ("BR", Preset.EU)]
)
def test_a_new_shop_promises_what_suits_its_country(country, preset):
    shop = make_shop(settings={"return_address": WAREHOUSE.to_json() | {"country": country}})

    policy = queries.policy_of(shop)

    assert (policy.version, policy.preset, policy.created_at) == (1, preset, shop.connected_at)
    assert queries.as_rules(policy) == presets.for_country(country)
    assert queries.policy_of(shop).pk == policy.pk


def test_the_presets_differ_as_the_laws_do():
    eu, japan, us = presets.eu(), presets.japan(), presets.us()

    assert (eu.withdrawal_enabled, eu.withdrawal_countries, eu.withdrawal_days) == (True, EEA_COUNTRIES, 14)
    assert not japan.withdrawal_enabled
    assert not us.withdrawal_enabled
    assert [p.rules[-1].window_days for p in (eu, japan, us)] == [30, 8, 30]
    assert {p.rules[-1].who_pays for p in (eu, japan, us)} == {ReturnShippingPayer.CUSTOMER}
    assert [p.refund_original_shipping for p in (eu, japan, us)] == [True, False, False]
    assert Resolution.STORE_CREDIT not in japan.rules[-1].resolutions


def test_a_shop_without_an_address_starts_with_the_kindest_rules():
    assert queries.policy_of(make_shop(settings={"return_address": {}})).preset == Preset.EU


@pytest.mark.django_db(transaction=True)
def test_two_first_askers_find_one_policy():
    shop = make_shop()

    race(lambda: queries.policy_of(shop), lambda: queries.policy_of(shop))

    assert ReturnPolicy.objects.filter(shop=shop).count() == 1
    assert ReturnRule.objects.filter(policy__shop=shop).count() == 3


# -- versions --------------------------------------------------------------------------------------------------------


def test_saving_makes_a_version_with_its_rules_and_says_who():
    shop = make_shop()
    first = make_policy(shop)

    saved = save(shop, rules=[SALE, RULE | {"window_days": 60}], auto_approve=True)

    assert (saved.version, saved.created_by, saved.auto_approve) == (2, "Mei Tanaka", True)
    assert [(r.position, r.skus, r.exclusion, r.window_days) for r in saved.rules.all()] == [
        (0, ["SALE-1"], "final_sale", 30),
        (1, [], "", 60),
    ]
    assert first.rules.get().window_days == 30
    event = Event.objects.get(shop=shop, kind="policy.saved")
    assert (event.subject_id, event.data, event.actor_name) == (saved.pk, {"version": 2}, "Mei Tanaka")


def test_saving_what_is_in_force_makes_no_version():
    shop = make_shop()
    make_policy(shop)
    saved = save(shop, rules=[SALE | {"skus": ["B", "A"]}, RULE], keep_item_limit=[_money("5", "EUR")])

    again = save(
        shop, version=2, rules=[SALE | {"skus": ["A", "B", "A"]}, RULE], keep_item_limit=[_money("5.00", "eur")]
    )

    assert again.pk == saved.pk
    assert ReturnPolicy.objects.filter(shop=shop).count() == 2


def test_a_stale_version_is_a_conflict_and_changes_nothing():
    shop = make_shop()
    make_policy(shop)
    save(shop, ship_within_days=20)

    with pytest.raises(Conflict) as refused:
        save(shop, ship_within_days=25)

    assert refused.value.field == "version"
    assert queries.policy_of(shop).ship_within_days == 20


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_gets_a_conflict():
    shop = make_shop()
    make_policy(shop)

    outcomes = race(lambda: save(shop, ship_within_days=20), lambda: save(shop, ship_within_days=25))

    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "ReturnPolicy"]
    assert ReturnPolicy.objects.filter(shop=shop).count() == 2


def test_another_shops_policy_does_not_exist_for_this_one():
    mine, theirs = make_shop(), make_shop()
    make_policy(theirs, window_days=99)
    make_policy(mine)

    save(mine, ship_within_days=20)

    assert queries.policy_of(theirs).version == 1
    assert queries.policy_of(theirs).rules.get().window_days == 99


def test_a_policy_is_read_in_two_queries_however_many_rules_it_has(django_assert_num_queries):
    shop = make_shop()
    make_policy(shop, rules=[*(Rule(position=n, skus=frozenset({str(n)})) for n in range(20)), Rule(position=20)])

    with django_assert_num_queries(2):
        rules = queries.as_rules(queries.policy_of(shop))

    assert len(rules.rules) == 21


# -- documents that lie ----------------------------------------------------------------------------------------------


def _money(amount: object, currency: str) -> dict[str, object]:
    return {"amount": amount, "currency": currency}


def _with(rule: dict[str, Any]) -> dict[str, Any]:
    return {"rules": [SALE, SALE | {"skus": ["B"]}, RULE | rule]}


_ADDRESS = {"countries": ["US"], "address": WAREHOUSE.to_json()}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"rules": []}, "rules"),
        ({"rules": [SALE] * 100 + [RULE]}, "rules"),
        ({"rules": [SALE]}, "rules.0"),
        ({"rules": [RULE, RULE]}, "rules.0"),
        ({"rules": [SALE, RULE, RULE]}, "rules.1"),
        (_with({"window_days": -1}), "rules.2.window_days"),
        (_with({"window_days": 3651}), "rules.2.window_days"),
        (_with({"window_days": True}), "rules.2.window_days"),
        (_with({"after_window": "maybe"}), "rules.2.after_window"),
        (_with({"window_days": "30"}), "rules.2.window_days"),
        (_with({"window_from": "birth"}), "rules.2.window_from"),
        (_with({"grace_days": 366}), "rules.2.grace_days"),
        (_with({"who_pays": "nobody"}), "rules.2.who_pays"),
        (_with({"exclusion": "mood"}), "rules.2.exclusion"),
        (_with({"resolutions": []}), "rules.2.resolutions"),
        (_with({"resolutions": ["refund", "hug"]}), "rules.2.resolutions.1"),
        (_with({"restocking_percent": Decimal("100.01")}), "rules.2.restocking_percent"),
        (_with({"restocking_percent": Decimal("1.001")}), "rules.2.restocking_percent"),
        (_with({"restocking_percent": Decimal("NaN")}), "rules.2.restocking_percent"),
        (_with({"store_credit_bonus_percent": Decimal(-1)}), "rules.2.store_credit_bonus_percent"),
        (_with({"return_fee": [_money("1.001", "EUR")]}), "rules.2.return_fee.0.amount"),
        (_with({"return_fee": [_money("0.5", "JPY")]}), "rules.2.return_fee.0.amount"),
        (_with({"return_fee": [_money("1", "EUR"), _money("2", "eur")]}), "rules.2.return_fee.1.currency"),
        (_with({"return_fee": [_money("1", "XXQ")]}), "rules.2.return_fee.0.amount"),
        (_with({"name": "x" * 101}), "rules.2.name"),
        ({"rules": [RULE | {"countries": ["Germany"]}, RULE]}, "rules.0.countries.0"),
        ({"rules": [RULE | {"skus": [str(n) for n in range(1001)]}, RULE]}, "rules.0.skus"),
        ({"rules": [RULE | {"skus": ["x" * 256]}, RULE]}, "rules.0.skus.0"),
        ({"rules": [RULE | {"metadata": [{"key": "", "value": "x"}]}, RULE]}, "rules.0.metadata.0.key"),
        (
            {"rules": [RULE | {"metadata": [{"key": "a", "value": "x"}, {"key": "a", "value": "y"}]}, RULE]},
            "rules.0.metadata.1.key",
        ),
        ({"auto_approve_limit": [_money("-1", "EUR")]}, "auto_approve_limit.0.amount"),
        ({"auto_approve_reasons": ["mood"]}, "auto_approve_reasons.0"),
        ({"auto_approve_max_returns": -1}, "auto_approve_max_returns"),
        ({"keep_item_limit": [_money("Infinity", "EUR")]}, "keep_item_limit.0.amount"),
        ({"evidence": [{"reason": "mood", "photos": 1}]}, "evidence.0.reason"),
        ({"evidence": [{"reason": "defective", "photos": 99}]}, "evidence.0.photos"),
        ({"ship_within_days": 0}, "ship_within_days"),
        ({"advance_exchange_days": 366}, "advance_exchange_days"),
        ({"tender_order": "shells"}, "tender_order"),
        ({"preset": "mars"}, "preset"),
        ({"withdrawal_countries": ["DE", "JP"], "withdrawal_days": 13}, "withdrawal_days"),
        ({"withdrawal_countries": ["XX"]}, "withdrawal_countries.0"),
        ({"return_addresses": [_ADDRESS | {"countries": []}]}, "return_addresses.0.countries"),
        ({"return_addresses": [_ADDRESS, _ADDRESS]}, "return_addresses.1.countries"),
        (
            {"return_addresses": [_ADDRESS | {"address": WAREHOUSE.to_json() | {"country": "XX"}}]},
            "return_addresses.0.address.country",
        ),
        (
            {"return_addresses": [_ADDRESS | {"address": WAREHOUSE.to_json() | {"street1": ""}}]},
            "return_addresses.0.address.street1",
        ),
        ({"statement": [{"language": "tlh", "text": "x"}]}, "statement.0.language"),
        ({"statement": [{"language": "en", "text": "x" * 5001}]}, "statement.0.text"),
    ],
)
def test_a_bad_document_is_refused_at_its_place_and_changes_nothing(values, field):
    shop = make_shop()
    make_policy(shop)

    with pytest.raises(InvalidInput) as refused:
        save(shop, **values)

    assert refused.value.field == field
    assert ReturnPolicy.objects.filter(shop=shop).count() == 1


def test_texts_are_cleaned_of_what_no_page_can_show():
    shop = make_shop()
    make_policy(shop)

    saved = save(
        shop,
        rules=[SALE | {"skus": [" A ", "A", "", "B\0"], "name": "Final\nsale"}, RULE],
        statement=[{"language": "en", "text": "  <b>hello</b>\r\nthere\0 "}],
    )

    rule = saved.rules.all()[0]
    assert (rule.skus, rule.name) == (["A", "B"], "Final sale")
    assert saved.statement == {"en": "<b>hello</b>\nthere"}


def test_less_than_14_days_to_withdraw_is_fine_where_no_eu_country_is_named():
    shop = make_shop()
    make_policy(shop)

    assert save(shop, withdrawal_countries=["KR"], withdrawal_days=7).withdrawal_days == 7


def test_what_is_stored_is_what_was_sent():
    shop = make_shop()
    make_policy(shop)
    document = deepcopy(DOCUMENT) | {
        "rules": [
            RULE
            | {
                "metadata": [{"key": "made_to_order", "value": "yes"}],
                "return_fee": [_money("4.9", "EUR"), _money("500", "JPY")],
                "restocking_percent": Decimal("12.5"),
                "resolutions": ["exchange", "refund"],
                "digital": True,
            },
            RULE,
        ],
        "return_addresses": [_ADDRESS],
        "evidence": [{"reason": "defective", "photos": 2}, {"reason": "other", "photos": 0}],
    }

    saved = actions.save_policy(shop, document=document, version=1, at=NOON, actor=MEI)

    first = queries.as_rules(ReturnPolicy.objects.get(pk=saved.pk)).rules[0]
    assert first.return_fee == {"EUR": Decimal("4.90"), "JPY": Decimal(500)}
    assert (first.metadata, first.digital) == ({"made_to_order": "yes"}, True)
    assert first.resolutions == (Resolution.EXCHANGE, Resolution.REFUND)
    assert saved.evidence == {"defective": 2}


# -- addresses and periods -------------------------------------------------------------------------------------------


def test_parcels_come_back_to_the_address_of_their_country():
    shop = make_shop()
    portland = PostalAddress(company="Komorebi US", street1="1 NW Couch St", city="Portland", country="US")
    policy = save(shop, return_addresses=[{"countries": ["US", "CA"], "address": portland.to_json()}])

    assert queries.return_address_for(shop, policy, "CA") == portland
    assert queries.return_address_for(shop, policy, "DE") == WAREHOUSE


def test_without_any_address_staff_are_told_to_enter_one():
    shop = make_shop(settings={"return_address": {}})

    with pytest.raises(Refused):
        queries.return_address_for(shop, queries.policy_of(shop), "DE")


def test_the_period_to_withdraw_is_the_policys_where_the_right_exists():
    shop = make_shop()
    policy = make_policy(shop, withdrawal_countries=frozenset({"DE"}), withdrawal_days=30)

    assert queries.withdrawal_period_of(policy, "DE") == 30
    assert queries.withdrawal_period_of(policy, "JP") is None
    assert queries.withdrawal_period_of(make_policy(shop, withdrawal_enabled=False), "DE") is None
