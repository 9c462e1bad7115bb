"""Asking: what a request rests on, what it must say, and when nobody has to decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.connection.models import Fulfillment, FulfillmentLine
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import CUSTOMER, SYSTEM, Actor
from saleor_aftercare.core.models import ActorKind, Event
from saleor_aftercare.policies.models import AfterWindow, Exclusion, Fault, LegalBasis, ReasonOption, Resolution
from saleor_aftercare.policies.rules import Rule
from saleor_aftercare.returns import actions, queries
from saleor_aftercare.returns.actions import GiftRecipient, UnitsAsked
from saleor_aftercare.returns.models import Return, ReturnState
from tests.make import DAY, NOON, Line, make_file, make_fulfillment, make_order, make_policy, make_shop

pytestmark = pytest.mark.django_db

MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
EVERYTHING = tuple(Resolution)


def delivered(policy: dict[str, Any] | None = None, **values: Any) -> Any:
    order = make_order(delivered=NOON - DAY, **values)
    make_policy(order.shop, **{"resolutions": EVERYTHING} | (policy or {}))
    return order


def ask(order: Any, quantity: int = 1, *, reason: str = "changed_mind", line: int = 0, **values: Any) -> Return:
    of_units = {"note", "photos", "answers", "resolution", "exchange_variant_id", "unsent", "legal_basis"}
    unit = {name: values.pop(name) for name in of_units & values.keys()}
    units = values.pop("units", None) or [UnitsAsked(order.lines.all()[line], quantity, reason, **unit)]
    return actions.request_return(order, units=units, **{"note": "", "at": NOON, "actor": CUSTOMER} | values)


# -- what it rests on ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "resolution", "basis", "payer"),
    [
        ("changed_mind", Resolution.REFUND, LegalBasis.VOLUNTARY, "customer"),
        ("too_small", Resolution.EXCHANGE, LegalBasis.EXCHANGE, "customer"),
        ("defective", Resolution.REFUND, LegalBasis.GUARANTEE, "merchant"),
        ("damaged_in_transit", Resolution.EXCHANGE, LegalBasis.GUARANTEE, "merchant"),
    ],
)
def test_a_line_rests_on_what_its_reason_and_its_wish_make_of_it(reason, resolution, basis, payer):
    ret = ask(delivered(), reason=reason, resolution=resolution)

    line = ret.lines.get()
    assert (line.legal_basis, ret.legal_basis, ret.payer) == (basis, basis, payer)
    assert (line.resolution, line.rule_position) == (resolution, 0)


def test_one_case_keeps_the_bases_of_its_lines_apart_and_is_named_by_the_strongest():
    order = delivered(lines=(Line(), Line(sku="LID-1")))
    fine, broken = order.lines.all()

    ret = ask(order, units=[UnitsAsked(fine, 1, "changed_mind"), UnitsAsked(broken, 1, "defective")])

    assert [line.legal_basis for line in ret.lines.order_by("pk")] == ["voluntary", "guarantee"]
    assert (ret.legal_basis, ret.payer) == ("guarantee", "merchant")


def test_after_the_window_a_fault_is_a_matter_of_the_guarantee_and_a_change_of_mind_one_of_goodwill():
    order = make_order(delivered=NOON - 60 * DAY)
    make_policy(order.shop)

    broken, unwanted = ask(order, reason="defective"), ask(order)

    assert (broken.legal_basis, broken.verdict, broken.verdict_reasons) == ("guarantee", "ask_staff", ["guarantee"])
    assert (unwanted.legal_basis, unwanted.verdict_reasons) == ("goodwill", ["window_passed"])


def test_goods_are_excluded_line_by_line_with_the_reason_and_faults_open_the_door_again():
    """C1.22: excluded per line with the reason shown, not per order."""
    order = make_order(delivered=NOON - DAY, lines=(Line(), Line(sku="EARPLUGS")))
    make_policy(
        order.shop,
        rules=[Rule(position=0, skus=frozenset({"EARPLUGS"}), exclusion=Exclusion.HYGIENE), Rule(position=1)],
    )
    kettle, earplugs = queries.eligibility(order, at=NOON)

    assert (kettle.returnable, earplugs.returnable, earplugs.reasons) == (2, 0, ("hygiene",))
    with pytest.raises(Refused, match="hygiene") as refused:
        ask(order, line=1)
    assert refused.value.field == "lines.0"
    assert ask(order, line=0).state == ReturnState.REQUESTED
    assert ask(order, line=1, reason="defective").legal_basis == LegalBasis.GUARANTEE


# -- what it must say ------------------------------------------------------------------------------------------------


def with_question(order: Any) -> None:
    ReasonOption.objects.create(
        shop=order.shop,
        code="smell",
        labels={"en": "It smells"},
        fault=Fault.CUSTOMER,
        questions=[
            {
                "code": "of",
                "labels": {"en": "Of what?"},
                "kind": "choice",
                "required": True,
                "options": [{"code": "smoke", "labels": {"en": "Smoke"}}, {"code": "glue", "labels": {"en": "Glue"}}],
            },
            {"code": "since", "labels": {"en": "Since when?"}, "kind": "text", "required": False, "options": []},
        ],
    )


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "lines.0.answers.of"),
        ({"of": "  "}, "lines.0.answers.of"),
        ({"of": "roses"}, "lines.0.answers.of"),
        ({"of": "smoke", "since": "x" * 1001}, "lines.0.answers.since"),
        ({"of": "smoke", "who": "me"}, "lines.0.answers.who"),
    ],
)
def test_a_reason_may_ask_back_and_what_does_not_answer_it_is_named(answers, field):
    order = delivered()
    with_question(order)

    with pytest.raises(InvalidInput) as wrong:
        ask(order, reason="smell", answers=answers)

    assert wrong.value.field == field
    assert not Return.objects.exists()


def test_answers_are_kept_with_the_line():
    order = delivered()
    with_question(order)

    ret = ask(order, reason="smell", answers={"of": "glue", "since": " yesterday "})

    assert ret.lines.get().answers == {"of": "glue", "since": "yesterday"}


def test_reasons_for_staff_alone_and_retired_ones_cannot_be_chosen_by_customers():
    order = delivered()
    ReasonOption.objects.create(shop=order.shop, code="old", labels={"en": "Old"}, active=False)

    for reason in ("undeliverable", "old", "", "no_such"):
        with pytest.raises(InvalidInput) as wrong:
            ask(order, reason=reason)
        assert wrong.value.field == "lines.0.reason"
    assert ask(order, reason="undeliverable", actor=MEI).lines.get().reason == "undeliverable"


def test_the_policy_wants_photos_of_what_is_broken_from_customers_and_takes_staffs_word():
    order = delivered({"evidence": {"defective": 2}})
    photos = tuple(make_file(order.shop, name=f"{n}.jpg", content_type="image/jpeg") for n in range(2))

    with pytest.raises(InvalidInput, match="at least 2") as wrong:
        ask(order, reason="defective", photos=photos[:1])

    assert wrong.value.field == "lines.0.photos"
    assert ask(order, reason="defective", photos=photos).lines.get().photos.count() == 2
    assert ask(order, reason="defective", actor=MEI).source == "portal"


def test_a_photo_of_another_shop_is_no_evidence():
    order = delivered()

    with pytest.raises(InvalidInput) as wrong:
        ask(order, photos=(make_file(make_shop(), name="a.jpg", content_type="image/jpeg"),))

    assert wrong.value.field == "lines.0.photos"


@pytest.mark.parametrize(
    ("offered", "wish", "variant", "field"),
    [
        ((Resolution.REFUND,), Resolution.EXCHANGE, "", "lines.0.resolution"),
        ((Resolution.REFUND,), "a pony", "", "lines.0.resolution"),
        (EVERYTHING, Resolution.REFUND, "UHJvZHVjdFZhcmlhbnQ6MQ==", "lines.0.exchangeVariantId"),
        (EVERYTHING, Resolution.EXCHANGE, "x" * 61, "lines.0.exchangeVariantId"),
    ],
)
def test_only_what_the_rules_offer_can_be_wished_for(offered, wish, variant, field):
    order = delivered({"resolutions": offered})

    with pytest.raises(InvalidInput) as wrong:
        ask(order, resolution=wish, exchange_variant_id=variant)

    assert wrong.value.field == field


# -- which rules -----------------------------------------------------------------------------------------------------


def test_the_rules_that_were_shown_count_for_two_days_after_newer_ones_came():
    """A policy changed while a form was open."""
    order = make_order(delivered=NOON - 10 * DAY)
    shown = make_policy(order.shop, window_days=30, auto_approve=True)
    make_policy(order.shop, window_days=5, created_at=NOON - DAY)

    judged_by_old = ask(order, policy_version=shown.version)
    judged_by_new = ask(order)

    assert (judged_by_old.policy, judged_by_old.state) == (shown, ReturnState.APPROVED)
    assert (judged_by_new.policy.version, judged_by_new.verdict_reasons) == (2, ["window_passed"])


def test_rules_that_were_replaced_longer_ago_must_be_read_again():
    order = make_order(delivered=NOON - DAY)
    shown = make_policy(order.shop)
    make_policy(order.shop, window_days=5, created_at=NOON - 3 * DAY)

    with pytest.raises(Conflict, match="rules have changed") as conflict:
        ask(order, policy_version=shown.version)
    with pytest.raises(InvalidInput) as wrong:
        ask(order, policy_version=99)

    assert conflict.value.field == wrong.value.field == "policyVersion"


def test_open_cases_keep_the_policy_that_their_customers_saw():
    """A policy changed while a case is open: it is approved, and kept waiting for, by the old one."""
    order = make_order(delivered=NOON - DAY)
    seen = make_policy(order.shop, window_days=14, ship_within_days=7)
    ret = ask(order)
    make_policy(order.shop, window_days=0, ship_within_days=1)

    actions.approve_return(ret, at=NOON, actor=MEI)

    assert Return.objects.get(pk=ret.pk).policy == seen
    assert ret.expires_on == (NOON + 7 * DAY).date()


# -- staff, gifts, replacements ---------------------------------------------------------------------------------------


def test_staff_go_beyond_the_rules_with_a_reason_that_stays_on_the_case():
    order = delivered({"exclusion": Exclusion.FINAL_SALE})
    with pytest.raises(Refused):
        ask(order, actor=MEI)
    with pytest.raises(Refused) as refused:
        ask(order, override="Please")

    ret = ask(order, actor=MEI, override="A loyal customer", source="staff")

    assert refused.value.field == "overrideReason"
    assert (ret.legal_basis, ret.override_reason, ret.overridden_by) == ("goodwill", "A loyal customer", "Mei Tanaka")
    assert ret.state == ReturnState.REQUESTED
    with pytest.raises(Refused, match="Only 1"):
        ask(order, 2, actor=MEI, override="More")


def test_the_recipient_of_a_gift_is_offered_anything_but_the_payers_money():
    """C1.19: a gift recipient must not see the price, nor refund the payer."""
    order = delivered()
    friend = GiftRecipient(" Friend@Example.com ", "A Friend", "ja")

    with pytest.raises(InvalidInput) as wrong:
        ask(order, gift=friend)
    ret = ask(order, gift=friend, resolution=Resolution.EXCHANGE)

    assert wrong.value.field == "lines.0.resolution"
    assert (ret.contact_email, ret.contact_name, ret.contact_language) == ("friend@example.com", "A Friend", "ja")
    with pytest.raises(InvalidInput) as wrong:
        ask(order, gift=GiftRecipient("nobody"), resolution=Resolution.EXCHANGE)
    assert wrong.value.field == "giftRecipient.email"


def test_the_window_runs_from_the_last_parcel_and_not_before_all_of_them_arrived():
    """C1.13: multi-shipment order."""
    order = make_order(lines=[Line(quantity=3, total=Decimal(30))], fulfilled=False)
    line = order.lines.get()
    make_policy(order.shop, window_days=30)
    make_fulfillment(order, units={line: 1}, delivered=NOON - 40 * DAY)
    late = make_fulfillment(order, units={line: 1}, delivered=NOON - 2 * DAY)

    assert queries.eligibility(order, at=NOON)[0].until is None
    make_fulfillment(order, units={line: 1}, delivered=NOON - 20 * DAY)
    order = type(order).objects.get(pk=order.pk)
    assert queries.eligibility(order, at=NOON)[0].until == (NOON + 28 * DAY).date()
    Fulfillment.objects.filter(pk=late.pk).update(delivered_at=None, delivered_source="", delivered_confidence=None)
    order = type(order).objects.get(pk=order.pk)
    assert queries.eligibility(order, at=NOON)[0].until is None


def test_a_line_can_be_withdrawn_from_until_the_orders_other_goods_have_been_there_long_enough():
    """C1.13: the shop's own window is over and refuses; the law's has not begun, for a parcel is still to come."""
    order = make_order(lines=[Line(quantity=1), Line(sku="KETTLE-1", quantity=1)], fulfilled=False)
    grinder, kettle = order.lines.all()
    rule = Rule(position=0, window_days=7, after_window=AfterWindow.REFUSE)
    make_policy(order.shop, rules=[rule], withdrawal_countries=["FR"], withdrawal_days=14)
    make_fulfillment(order, units={grinder: 1}, delivered=NOON - 60 * DAY)

    def verdict() -> tuple[str, bool]:
        judgement = queries.eligibility(type(order).objects.get(pk=order.pk), at=NOON)[0].judgement
        return judgement.reasons[0], LegalBasis.WITHDRAWAL in judgement.bases

    assert verdict() == ("window_passed", True)
    make_fulfillment(order, units={kettle: 1}, delivered=NOON - 30 * DAY)
    assert verdict() == ("window_over", False)


def test_units_three_to_five_may_come_back_while_the_first_two_are_on_their_way():
    """C1.2: no line-level flag blocks units 3-5 of 5, and none lets a unit come back twice."""
    order = delivered(lines=[Line(quantity=5, total=Decimal(50))])

    ask(order, 2)
    ask(order, 3)

    with pytest.raises(Refused):
        ask(order, 1)
    assert sorted(Return.objects.values_list("lines__quantity", flat=True)) == [2, 3]


def test_a_fulfilment_that_saleor_deleted_leaves_its_units_counted_once():
    """C1.15: Saleor deletes the emptied fulfilment, and our references dangle."""
    order = delivered()
    ret = ask(order)
    Fulfillment.objects.filter(order=order).update(gone=True)
    FulfillmentLine.objects.filter(fulfillment__order=order).update(quantity=0)

    assert queries.eligibility(order, at=NOON)[0].facts.returnable == 0
    with pytest.raises(Conflict, match="Saleor"):
        actions.approve_return(ret, at=NOON, actor=MEI)
    assert Return.objects.get(pk=ret.pk).state == ReturnState.REQUESTED


def test_where_no_label_can_be_made_the_request_waits_for_staff():
    order = delivered({"auto_approve": True})
    order.shop.settings.return_address = {}
    order.shop.settings.save()

    ret = ask(order)

    assert (ret.state, Return.objects.get().state) == ("requested", "requested")
    assert Event.objects.get().kind == "return.requested"
    assert SYSTEM.kind == ActorKind.SYSTEM
