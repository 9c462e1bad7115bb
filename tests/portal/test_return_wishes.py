"""What is wished for in a return: choices, exchanges, the sum, the last look before it is sent."""

import json

import pytest
from django.core.cache import cache

from saleor_aftercare.access.models import Draft
from saleor_aftercare.connection.models import Order
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.returns.models import Return
from tests.make import Line, make_policy
from tests.portal.conftest import text_of
from tests.portal.filling import ALL, Form, make_shelf_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_shelf_order()


def test_the_choices_are_those_of_the_rule_in_its_order(order):
    form = Form(order)
    form.pick(1)
    form.explain("changed_mind")

    html = form.page("resolution/")

    places = [html.index(f'value="{wish}"') for wish in ALL]
    assert places == sorted(places)
    assert "worth 5 % more" in html


def test_what_the_rule_does_not_allow_cannot_be_slipped_in():
    order = make_shelf_order(resolutions=(Resolution.EXCHANGE,))
    form = Form(order)
    form.pick(1)
    form.explain("changed_mind")

    html = text_of(form.wish("refund"))

    assert "Please choose what you would like." in html
    assert 'value="refund"' not in html
    assert form.send()["Location"].endswith("/resolution/?again=1")
    assert not Return.objects.exists()


def test_store_credit_is_offered_only_where_the_shop_can_give_it(order):
    order.shop.permissions = ["MANAGE_ORDERS"]
    order.shop.save()
    form = Form(order)
    form.pick(1)
    form.explain("changed_mind")

    assert 'value="store_credit"' not in form.page("resolution/")


def test_one_choice_serves_all_lines_and_each_may_have_its_own(order):
    form = Form(order)
    form.pick(1, 1)
    form.explain("changed_mind", "changed_mind")
    assert "For all items" in form.page("resolution/")

    form.wish("store_credit")
    together = [line["resolution"] for line in Draft.objects.get().data["lines"].values()]
    form.wish("each", "refund", "store_credit")
    apart = [line["resolution"] for line in Draft.objects.get().data["lines"].values()]

    assert (together, apart) == (["store_credit", "store_credit"], ["refund", "store_credit"])


def test_lines_with_different_choices_are_asked_one_by_one(order):
    form = Form(order)
    form.pick(1, 1)
    form.explain("defective", "changed_mind")
    order.shop.permissions = ["MANAGE_ORDERS"]
    make_policy(order.shop, resolutions=(Resolution.REFUND,))

    assert "For all items" not in form.page("resolution/")


def test_an_exchange_names_the_variant_what_is_left_of_it_and_what_it_costs(order, shelf):
    shelf.put("V-42", "Hand grinder White", due="5.00", available=3)
    shelf.put("V-43", "Hand grinder Red", rest="2.50")
    shelf.put("V-44", "Hand grinder Blue", available=0)
    form = Form(order)
    form.pick(2)
    form.explain("too_small")

    html = form.page("resolution/")
    form.wish("exchange", variants={0: "V-42"})
    check = form.page("check/")
    form.send()

    assert "Hand grinder White – only 3 left – you pay €10.00 more" in html
    assert "Hand grinder Red – in stock – you get €5.00 back" in html
    assert '<option value="V-44" disabled>Hand grinder Blue – sold out' in html
    assert "Exchange: Hand grinder White" in check
    assert "€10.00" in check
    line = Return.objects.get().lines.get()
    assert (line.resolution, line.exchange_variant_id, line.exchange_name) == ("exchange", "V-42", "Hand grinder White")


@pytest.mark.parametrize("variant", ["V-44", "UHJvZHVjdFZhcmlhbnQ6OTk5", "<script>", "x" * 500, "\x00"])
def test_a_variant_that_is_not_offered_is_refused(order, shelf, variant):
    shelf.put("V-44", "Hand grinder Blue", available=0)
    form = Form(order)
    form.pick(1)
    form.explain("too_small")

    html = text_of(form.wish("exchange", variants={0: variant}))

    assert "This is not available any more. Please choose another one." in html
    assert form.send()["Location"].endswith("/resolution/?again=1")
    assert not Return.objects.exists()


def test_what_sold_out_meanwhile_is_told_in_the_last_step(order, shelf):
    """C3: the replacement sells out between the choice and the request."""
    shelf.put("V-42", "Hand grinder White", available=1)
    form = Form(order)
    form.pick(1)
    form.explain("too_small")
    form.wish("exchange", variants={0: "V-42"})
    shelf.others.clear()
    cache.clear()

    html = text_of(form.again(form.send()))

    assert "This is not available any more. Please choose another one." in html
    assert not Return.objects.exists()


def test_without_an_answer_from_saleor_the_same_again_can_be_asked_for(order, shelf):
    shelf.silent = True
    form = Form(order)
    form.pick(1)
    form.explain("too_small")

    html = form.page("resolution/")
    form.wish("exchange")
    form.send()

    assert "The shop does not answer right now" in html
    line = Return.objects.get().lines.get()
    assert (line.resolution, line.exchange_variant_id) == ("exchange", "")


def test_saleor_is_asked_once_for_all_steps_of_a_minute(order, shelf):
    form = Form(order)
    form.pick(1, 1)
    form.explain("too_small", "too_small")

    for _try in range(3):
        form.page("resolution/")
    form.wish("exchange")
    form.page("check/")

    assert shelf.asked == 1


def test_the_sum_is_the_servers_and_follows_the_choice(order):
    form = Form(order)
    form.pick(2)
    form.explain("changed_mind")

    form.wish("store_credit")
    credit = form.page("check/")
    form.wish("refund")
    refund = form.page("check/")

    assert "€62.79" in credit  # 59.80 and five percent
    assert "€2.99 of it as a bonus" in credit
    assert "€59.80" in refund


def test_a_script_gets_the_sum_alone_and_the_choice_is_kept(order):
    form = Form(order)
    form.pick(2)
    form.explain("changed_mind")
    pk = form.lines[0].pk

    answer = form.visitor.client.post(
        form.visitor.url(f"{form.path}{form.key}/resolution/"),
        {f"line-{pk}-resolution": "store_credit"},
        headers={"X-Aftercare-Sum": "1"},
    )

    html = text_of(answer)
    assert answer.status_code == 200
    assert "<html" not in html
    assert "€62.79" in html
    assert Draft.objects.get().data["lines"][str(pk)]["resolution"] == "store_credit"


def test_words_are_kept_while_they_are_written_and_give_way_to_a_form_that_was_sent(order):
    form = Form(order)
    form.pick(1)
    pk = form.lines[0].pk

    answer = form.visitor.client.post(
        form.visitor.url(f"{form.path}{form.key}/reasons/"),
        {f"line-{pk}-note": "Half a sent"},
        headers={"X-Aftercare-Keep": "1"},
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert Draft.objects.get().data["lines"][str(pk)]["note"] == "Half a sent"


def test_without_script_the_sum_is_worked_out_on_a_button(order):
    form = Form(order)
    form.pick(2)
    form.explain("changed_mind")

    answer = form.wish("", "store_credit", update="1")

    assert answer["Location"].endswith("/resolution/")
    assert "€62.79" in form.page("resolution/")


# -- hostile and large -----------------------------------------------------------------------------------------------


def test_a_hundred_lines_take_no_more_queries(django_assert_max_num_queries):
    order = make_shelf_order(*[Line(product_name=f"Cup {n}", sku=f"C{n}") for n in range(100)])
    form = Form(order)
    form.pick(*[1] * 100)
    form.explain(*["changed_mind"] * 100)
    form.wish("refund")

    for step, most in (("", 8), ("reasons/", 10), ("resolution/", 12), ("check/", 13)):
        with django_assert_max_num_queries(most):
            assert form.visitor.get(f"{form.path}{form.key}/{step}").status_code == 200
    form.send()
    assert Return.objects.get().lines.count() == 100


@pytest.mark.parametrize(
    "lines",
    [
        {"999999": {"quantity": 1}},
        {"1": {"quantity": 1, "reason": "nonsense", "resolution": "gold", "photos": [999]}},
        {"1": {"quantity": 1, "reason": "defective", "resolution": ["refund"]}},
    ],
)
def test_a_draft_with_nonsense_in_it_breaks_nothing(order, lines):
    form = Form(order)
    form.fill_in("changed_mind")
    text = json.dumps(lines).replace('"1"', f'"{form.lines[0].pk}"')
    Draft.objects.update(data={"lines": json.loads(text)})

    for step in ("", "reasons/", "resolution/", "check/"):
        assert form.visitor.get(f"{form.path}{form.key}/{step}").status_code in {200, 303}
    assert form.send().status_code == 303
    assert not Return.objects.exists()
