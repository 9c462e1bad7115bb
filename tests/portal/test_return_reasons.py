"""Why something comes back: questions, evidence and suggestions; and what the law says where the rules refuse."""

import pytest

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.policies.models import Exclusion, LegalBasis, ReasonOption
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns.models import Return
from tests.make import DAY, NOON, make_order, make_policy, make_shop
from tests.portal.conftest import photo, sign_in, text_of
from tests.portal.filling import ALL, Form, make_shelf_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_shelf_order()


def question(*, required: bool = True) -> dict[str, object]:
    return {
        "code": "where",
        "labels": {"en": "Where is it broken?", "ja": "どこが壊れていますか"},
        "kind": "choice",
        "required": required,
        "options": [{"code": "handle", "labels": {"en": "At the handle", "ja": "ハンドル"}}],
    }


def test_a_question_that_was_not_seen_is_shown_before_it_is_missed(order):
    ReasonOption.objects.create(shop=order.shop, code="broken", labels={"en": "Broken"}, questions=[question()])
    form = Form(order)
    form.pick(1)

    first = form.explain("broken", seen=False)
    html = text_of(form.visitor.client.get(first["Location"]))

    assert first["Location"].endswith("/reasons/?more=1")
    assert "Where is it broken?" in html
    assert "Please answer this question." not in html
    second = text_of(form.explain("broken"))
    assert "Please answer this question." in second


def test_an_answer_is_kept_shown_and_sent(order):
    ReasonOption.objects.create(shop=order.shop, code="broken", labels={"en": "Broken"}, questions=[question()])
    form = Form(order)
    form.pick(1)

    form.explain("broken", answers_0={"where": "handle"})
    form.wish("refund")
    check = form.page("check/")
    form.send()

    assert "At the handle" in check
    assert Return.objects.get().lines.get().answers == {"where": "handle"}


@pytest.mark.parametrize("answer", ["nowhere", "<script>", "x" * 2000])
def test_an_answer_that_is_not_offered_is_refused(order, answer):
    ReasonOption.objects.create(shop=order.shop, code="broken", labels={"en": "Broken"}, questions=[question()])
    form = Form(order)
    form.pick(1)

    assert form.explain("broken", answers_0={"where": answer}).status_code == 200
    assert not Return.objects.exists()


def test_photos_that_the_rules_want_are_asked_for():
    order = make_shelf_order(evidence={"damaged_in_transit": 2})
    form = Form(order)
    form.pick(1)

    missing = text_of(form.explain("damaged_in_transit", photos_0=[photo("a.jpg")]))
    enough = form.explain("damaged_in_transit", photos_0=[photo("b.jpg")])

    assert "Please add at least 2 photos." in missing
    assert enough["Location"].endswith("/resolution/")


def test_a_suggested_repair_takes_words_and_photos_along(order):
    form = Form(order)
    form.pick(1)
    assert "Ask for a repair instead" in form.page("reasons/")
    pk = form.lines[0].pk

    switched = form.explain("defective", note_0="The handle broke", photos_0=[photo()], repair=str(pk))
    page = text_of(form.visitor.client.get(switched["Location"]))
    key = switched["Location"].partition("key=")[2]
    form.visitor.post(f"orders/{order.number}/repair/", {"key": key, "product": str(pk), "description": "It broke"})

    assert "The handle broke" in page
    assert "crack.jpg" in page
    repair = RepairRequest.objects.get()
    assert [file.name for file in repair.photos.all()] == ["crack.jpg"]
    assert StoredFile.objects.count() == 1


# -- what the rules refuse, and the law does not ---------------------------------------------------------------------


def test_an_excluded_item_can_be_reported_as_faulty():
    """C1.22: excluded per line with the reason shown; the legal guarantee holds all the same."""
    order = make_shelf_order(exclusion=Exclusion.HYGIENE)
    form = Form(order)
    html = text_of(form.visitor.get(form.path))
    form.pick(1)
    reasons = form.page("reasons/")

    assert "for reasons of hygiene" in html
    assert "Is something wrong with it?" in html
    assert 'value="changed_mind"' not in reasons
    form.explain("defective", note_0="Broken")
    form.wish("repair")
    check = form.page("check/")
    form.send()
    assert "We pay the return shipping." in check
    assert Return.objects.get().lines.get().legal_basis == LegalBasis.GUARANTEE


def test_a_reason_that_is_not_offered_for_it_is_refused():
    order = make_shelf_order(exclusion=Exclusion.FINAL_SALE)
    form = Form(order)
    form.pick(1)

    assert "Please choose a reason." in text_of(form.explain("changed_mind"))


def test_after_the_window_a_repair_is_one_press_away():
    order = make_shelf_order(window_days=0)

    html = text_of(sign_in(order).get(f"orders/{order.number}/return/"))

    assert "The return period has passed" in html
    assert f"repair/?line={order.lines.all()[0].pk}" in html


def test_the_last_step_shows_the_right_to_withdraw_where_the_law_gives_it(order):
    make_policy(order.shop, resolutions=ALL, withdrawal_enabled=True, withdrawal_countries=frozenset({"FR"}))
    form = Form(order)
    form.fill_in("changed_mind")

    check = form.page("check/")

    assert f"withdraw/?order={order.number}" in check


def test_a_japanese_order_shows_the_return_clause():
    shop = make_shop()
    make_policy(shop, window_days=8)
    address = {"name": "山田", "street1": "1-1", "city": "港区", "postal_code": "107-0062", "country": "JP"}
    order = make_order(shop, delivered=NOON - DAY, shipping_address=address, language="ja")
    form = Form(order)
    form.fill_in("changed_mind")

    assert "返品" in form.page("check/").partition('id="clause"')[2]


def test_a_version_that_never_was_is_told(order):
    form = Form(order)
    form.fill_in("changed_mind")

    answer = form.send(policy="999")

    assert answer.status_code == 422
    assert not Return.objects.exists()


def test_the_version_that_was_shown_is_pinned(order):
    """§2.13: a policy changed while the form is open."""
    form = Form(order)
    form.fill_in("changed_mind")
    shown = form.page("check/")
    make_policy(order.shop, resolutions=ALL, created_at=NOON)

    form.send(policy="1")

    assert 'name="policy" value="1"' in shown
    assert Return.objects.get().policy.version == 1
