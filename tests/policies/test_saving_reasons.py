"""Reasons of a shop: offered, renamed, ordered, asked about, and never forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.policies import actions, queries
from saleor_aftercare.policies.models import (
    Fault,
    ReasonOption,
)
from saleor_aftercare.policies.reasons import BUILT_IN
from tests.make import NOON, make_policy, make_shop
from tests.policies.test_saving import MEI

pytestmark = pytest.mark.django_db


FORM: dict[str, Any] = {
    "labels": [{"language": "en", "text": "Too heavy"}, {"language": "ja", "text": "重すぎる"}],
    "fault": "customer",
    "active": True,
    "staff_only": False,
    "questions": [],
    "suggests": None,
}


def reason(shop, code=None, **values):
    return actions.save_reason(shop, code=code, form=FORM | values, at=NOON, actor=MEI)


def offered(shop, *, staff=False, language="en"):
    return [(one.code, one.label) for one in queries.reasons_of(shop, staff=staff, language=language)]


def test_every_shop_starts_with_the_same_reasons_in_both_languages():
    shop = make_shop()

    assert [code for code, _label in offered(shop)] == [code for code in BUILT_IN if code != "undeliverable"]
    assert offered(shop, language="ja")[0] == ("defective", "不良品・故障")
    assert offered(shop, staff=True)[-1] == ("undeliverable", "The parcel could not be delivered")
    assert ReasonOption.objects.count() == 0


def test_a_new_reason_comes_last_with_a_code_of_its_own():
    shop = make_shop()

    first, second = reason(shop), reason(shop)

    assert (first.code, second.code) == ("too_heavy", "too_heavy_2")
    assert offered(shop, language="ja")[-2:] == [("too_heavy", "重すぎる"), ("too_heavy_2", "重すぎる")]
    assert reason(shop, labels=[{"language": "ja", "text": "色が違う"}]).code == "reason"


def test_a_built_in_reason_can_be_renamed_and_keeps_its_translation_otherwise():
    shop = make_shop()

    reason(shop, "too_small", labels=[{"language": "en", "text": "Runs small"}], suggests="exchange")

    assert queries.reason_label(shop, "too_small", "en") == "Runs small"
    assert queries.reason_label(shop, "too_small", "ja") == "Runs small"
    reason(shop, "too_small", labels=[], suggests="exchange")
    assert queries.reason_label(shop, "too_small", "ja") == "小さすぎる"


def test_what_is_not_offered_any_more_still_has_its_words():
    shop = make_shop()
    reason(shop)

    reason(shop, "too_heavy", active=False)

    assert "too_heavy" not in dict(offered(shop, staff=True))
    assert queries.reason_label(shop, "too_heavy", "en") == "Too heavy"
    assert queries.reason_label(shop, "never_heard", "en") == "never_heard"


def test_reasons_stand_in_the_order_that_staff_gave_them():
    shop = make_shop()
    codes = [one.code for one in queries.all_reasons_of(shop, language="en")]

    actions.order_reasons(shop, codes=codes[::-1], at=NOON, actor=MEI)

    assert [one.code for one in queries.all_reasons_of(shop, language="en")] == codes[::-1]
    noticed = next(one for one in queries.all_reasons_of(shop, language="ja") if one.code == "defective").questions[0]
    assert (noticed.label, noticed.options[0].label) == ("いつお気づきになりましたか？", "届いたとき")


@pytest.mark.parametrize("codes", [[], ["defective"], [*BUILT_IN, "defective"], [*list(BUILT_IN)[1:], "mood"]])
def test_an_order_that_names_not_each_reason_once_is_refused(codes):
    shop = make_shop()

    with pytest.raises(InvalidInput) as refused:
        actions.order_reasons(shop, codes=codes, at=NOON, actor=MEI)

    assert refused.value.field == "codes"
    assert ReasonOption.objects.count() == 0


_CHOICE = {
    "labels": [{"language": "en", "text": "Which size?"}],
    "kind": "choice",
    "required": True,
    "options": [
        {"labels": [{"language": "en", "text": "Smaller"}]},
        {"labels": [{"language": "en", "text": "Larger"}]},
    ],
}


def test_questions_get_codes_that_stay():
    shop = make_shop()

    row = reason(shop, questions=[_CHOICE])
    question = row.questions[0]
    options = [option | {"labels": _CHOICE["options"][n]["labels"]} for n, option in enumerate(question["options"])]
    again = reason(shop, row.code, questions=[_CHOICE | {"code": question["code"], "options": options}])

    assert (question["code"], [o["code"] for o in question["options"]]) == ("which_size", ["smaller", "larger"])
    assert again.questions == row.questions


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"labels": []}, "labels"),
        ({"labels": [{"language": "tlh", "text": "x"}]}, "labels.0.language"),
        ({"labels": [{"language": "en", "text": "x" * 101}]}, "labels.0.text"),
        ({"fault": "moon"}, "fault"),
        ({"suggests": "refund"}, "suggests"),
        ({"saleor_refund_reference": "nonsense"}, "saleor_refund_reference"),
        ({"saleor_return_reference": to_global_id("Order", 1)}, "saleor_return_reference"),
        ({"questions": [_CHOICE] * 11}, "questions"),
        ({"questions": [_CHOICE | {"kind": "oracle"}]}, "questions.0.kind"),
        ({"questions": [_CHOICE | {"labels": []}]}, "questions.0.labels"),
        ({"questions": [_CHOICE | {"options": _CHOICE["options"][:1]}]}, "questions.0.options"),
        ({"questions": [_CHOICE | {"code": "No Spaces"}]}, "questions.0.code"),
        ({"questions": [_CHOICE | {"code": "a"}, _CHOICE | {"code": "a"}]}, "questions.1.code"),
    ],
)
def test_a_bad_reason_is_refused_at_its_place(values, field):
    shop = make_shop()

    with pytest.raises(InvalidInput) as refused:
        reason(shop, **values)

    assert refused.value.field == field
    assert ReasonOption.objects.count() == 0


def test_another_shops_reason_does_not_exist_for_this_one():
    mine, theirs = make_shop(), make_shop()
    reason(theirs)

    with pytest.raises(NotFound):
        reason(mine, "too_heavy")

    assert "too_heavy" not in dict(offered(mine))
    assert queries.reason_label(mine, "too_heavy", "en") == "too_heavy"


def test_photos_are_those_of_the_policy_and_reasons_take_three_queries(django_assert_num_queries):
    shop = make_shop()
    make_policy(shop, evidence={"defective": 2})
    reason(shop)

    with django_assert_num_queries(3):
        found = queries.reasons_of(shop, staff=False, language="en")

    assert next(one for one in found if one.code == "defective").photos_required == 2
    assert next(one for one in found if one.code == "defective").fault == Fault.MERCHANT
