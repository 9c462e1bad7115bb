"""Asking for a return: what is picked and why, kept from step to step and sent once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from saleor_aftercare.access import drafts
from saleor_aftercare.access.models import Draft
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import files
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.returns.models import Return, ReturnState
from tests.make import DAY, NOON, Line, make_order, make_policy, make_return, make_session, make_shop
from tests.portal.conftest import browse, photo, sign_in, text_of
from tests.portal.filling import Form

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_order(
        lines=[
            Line(quantity=3),
            Line(product_name="Filter", sku="F"),
            Line(product_name="Gift card", is_gift_card=True),
        ],
        delivered=NOON - DAY,
    )


def test_a_return_from_the_first_step_to_its_page(order):
    form = Form(order)

    form.pick(2, 1)
    form.explain(
        "not_as_described",
        "too_small",
        note="Thanks",
        note_0="The handle broke",
        photos_0=[photo("a.jpg"), photo("b.jpg")],
    )
    form.wish("refund")
    check = form.page("check/")
    sent = form.send()

    assert "It is not as described" in check
    assert "1-2-3 Minamiaoyama" in check
    ret = Return.objects.get()
    assert sent["Location"] == form.visitor.url(f"returns/{ret.number}/")
    rows = [(r.order_line, r.quantity, r.reason, r.note, r.photos.count()) for r in ret.lines.order_by("pk")]
    assert rows == [
        (form.lines[0], 2, "not_as_described", "The handle broke", 2),
        (form.lines[1], 1, "too_small", "", 0),
    ]
    assert (ret.note, ret.state, ret.source) == ("Thanks", ReturnState.REQUESTED, "portal")
    page = text_of(form.visitor.get(f"returns/{ret.number}/"))
    assert "Your return request has been sent." in page


def test_lines_that_may_not_come_back_have_no_field_and_say_why(order):
    html = text_of(sign_in(order).get(f"orders/{order.number}/return/"))

    first, _filter, gift_card = order.lines.all()
    assert f'name="quantity-{first.pk}"' in html
    assert 'max="3"' in html
    assert f'name="quantity-{gift_card.pk}"' not in html
    assert "Gift cards cannot be returned." in html


@pytest.mark.parametrize("quantity", ["-1", "4", "1.5", "a", "9" * 30, "１", "<b>"])
def test_an_impossible_quantity_is_told_beside_its_line(order, quantity):
    form = Form(order)

    response = form.pick(quantity)

    if quantity == "１":  # a full-width digit is a digit
        assert response.status_code == 303
        return
    html = text_of(response)
    assert response.status_code == 200
    assert "from 0 to 3" in html
    assert f'id="id_quantity-{form.lines[0].pk}_error"' in html
    assert f'href="#id_quantity-{form.lines[0].pk}"' in html
    assert "lines" not in Draft.objects.get().data


def test_nothing_picked_is_told(order):
    response = Form(order).pick(0, 0)

    assert response.status_code == 200
    assert "Please choose at least one item." in text_of(response)


def test_a_line_that_may_not_come_back_cannot_be_slipped_in(order):
    response = Form(order).pick(1, 0, 1)

    assert response.status_code == 200
    assert "lines" not in Draft.objects.get().data


def test_going_back_keeps_what_was_filled_in(order):
    form = Form(order)
    form.pick(2)
    form.explain("defective", note_0="Broken", photos_0=[photo()])

    assert 'value="2"' in form.page("")
    form.pick(3, step=f"{form.key}/")
    reasons = form.page("reasons/")

    assert '<option value="defective" selected>' in reasons
    assert "Broken" in reasons
    assert "crack.jpg" in reasons
    assert Draft.objects.get().data["lines"][str(form.lines[0].pk)]["quantity"] == 3


def test_photos_are_kept_when_another_field_is_wrong(order):
    form = Form(order)
    form.pick(1)

    wrong = form.explain("", photos_0=[photo()])
    right = form.explain("defective")
    form.wish("refund")
    form.send()

    assert wrong.status_code == 200
    assert "Please choose a reason." in text_of(wrong)
    assert "crack.jpg" in text_of(wrong)
    assert right.status_code == 303
    assert Return.objects.get().lines.get().photos.count() == 1


def test_a_bad_file_is_named_and_costs_none_of_the_others(order):
    form = Form(order)
    form.pick(1)

    response = form.explain("defective", photos_0=[photo(), SimpleUploadedFile("letter.jpg", b"no picture")])

    assert response.status_code == 200
    assert "“letter.jpg”: This is not a picture" in text_of(response).replace("&quot;", '"')
    assert StoredFile.objects.get().name == "crack.jpg"


def test_a_file_over_ten_megabytes_is_refused(order):
    form = Form(order)
    form.pick(1)

    big = SimpleUploadedFile("big.jpg", b"x" * (files.MAX_UPLOAD_BYTES + 1), content_type="image/jpeg")
    response = form.explain("defective", photos_0=[big])

    assert response.status_code == 200
    assert "larger than 10 MB" in text_of(response)
    assert not StoredFile.objects.exists()


def test_a_seventh_photo_is_refused_and_six_are_kept(order):
    form = Form(order)
    form.pick(1)

    response = form.explain("defective", photos_0=[photo(f"{n}.jpg") for n in range(7)])

    assert response.status_code == 200
    assert "You can add 6 files at most." in text_of(response)
    assert StoredFile.objects.count() == 6


def test_a_photo_can_be_removed_again(order):
    form = Form(order)
    form.pick(1)
    form.explain("defective", photos_0=[photo("a.jpg"), photo("b.jpg")])
    first = StoredFile.objects.get(name="a.jpg")

    response = form.explain("defective", note_0="Still here", remove=str(first.pk))

    assert response["Location"].endswith("/reasons/")
    assert [file.name for file in StoredFile.objects.all()] == ["b.jpg"]
    assert "Still here" in form.page("reasons/")


def test_only_photos_of_this_form_can_be_removed(order):
    form, theirs = Form(order), Form(order)
    theirs.pick(1)
    theirs.explain("defective", photos_0=[photo()])
    form.pick(1)

    form.explain("defective", remove=str(StoredFile.objects.get().pk))

    assert StoredFile.objects.count() == 1


def test_sending_twice_makes_one_return(order):
    form = Form(order)
    form.pick(1)
    form.explain("defective")
    form.wish("refund")

    first, second = form.send(), form.send()

    assert first["Location"] == second["Location"]
    assert Return.objects.count() == 1
    assert form.visitor.get(f"{form.path}{form.key}/reasons/")["Location"] == first["Location"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_return(order):
    form = Form(order)
    form.pick(1)
    form.explain("defective")
    form.wish("refund")

    def press(_n: int) -> str:
        try:
            return str(form.send()["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        places = set(pool.map(press, range(2)))

    assert len(places) == 1
    assert Return.objects.count() == 1


def test_units_taken_meanwhile_are_told_before_anything_is_sent(order):
    form = Form(order)
    form.pick(3)
    form.explain("defective")
    form.wish("refund")
    make_return(order, units={form.lines[0]: 2})

    response = form.send()

    assert response.status_code == 422
    assert "Only 1 of these can be returned now." in text_of(response)
    assert Return.objects.count() == 1
    assert Draft.objects.get().result == ""


def test_an_order_cancelled_meanwhile_is_told(order):
    form = Form(order)
    form.pick(1)
    form.explain("defective")
    form.wish("refund")
    Order.objects.update(status="CANCELED")

    assert "This order was cancelled." in text_of(form.again(form.send()))
    assert not Return.objects.exists()


def test_a_step_cannot_be_skipped(order):
    form = Form(order)
    form.pick(1)

    assert form.visitor.get(f"{form.path}{form.key}/check/")["Location"].endswith("/reasons/")
    assert form.send()["Location"].endswith("/reasons/")
    assert not Return.objects.exists()


def test_a_form_survives_signing_in_again(order):
    form = Form(order)
    form.pick(2)
    make_session(order, token="acs_again")
    form.visitor = browse(order.shop, token="acs_again")

    assert form.explain("defective").status_code == 303


@pytest.mark.parametrize("step", ["", "reasons/", "resolution/", "check/"])
def test_a_form_of_another_order_does_not_exist(order, step):
    form = Form(order)
    form.pick(1)
    stranger = make_order(order.shop, delivered=NOON)

    response = sign_in(stranger).get(f"orders/{stranger.number}/return/{form.key}/{step}")

    assert response.status_code == 404
    assert sign_in(stranger).get(f"{form.path}{form.key}/{step}").status_code == 404


def test_an_expired_session_leads_to_the_door_and_back(order):
    visitor = browse(order.shop)

    response = visitor.get(f"orders/{order.number}/return/")

    assert response["Location"] == visitor.url(
        f"?next=%2Fportal%2F{order.shop.handle}%2Forders%2F{order.number}%2Freturn%2F"
    )


def test_where_the_shop_decides_at_once_the_form_says_so():
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop, auto_approve=True, who_pays="merchant")
    form = Form(order)
    form.pick(1)
    form.explain("changed_mind")
    form.wish("refund")

    check = form.page("check/")
    form.send()

    assert "approved at once" in check
    assert "We pay the return shipping." in check
    assert Return.objects.get().state == ReturnState.APPROVED


def test_scripts_in_notes_are_text(order):
    script = "<script>alert(1)</script>"
    form = Form(order)
    form.pick(1)
    form.explain("defective", note_0=f"{script}\x00", note=script, photos_0=[photo('"><script>.jpg')])

    form.wish("refund")
    assert "<script>alert" not in form.page("check/") + form.page("reasons/")
    form.send()
    page = text_of(form.visitor.get(f"returns/{Return.objects.get().number}/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_endless_notes_are_told_and_cut_nothing_else(order):
    form = Form(order)
    form.pick(1)

    response = form.explain("defective", note_0="x" * 6000)

    assert response.status_code == 200
    assert "5000" in text_of(response)


@pytest.mark.parametrize(("step", "queries"), [("", 8), ("reasons/", 10), ("resolution/", 11), ("check/", 11)])
def test_each_step_takes_few_queries_however_many_lines(order, step, queries, django_assert_num_queries):
    form = Form(order)
    form.pick(1, 1)
    form.explain("defective", "defective", photos_0=[photo()], photos_1=[photo()])
    form.wish("refund")

    with django_assert_num_queries(queries):
        assert form.visitor.get(f"{form.path}{form.key}/{step}").status_code == 200


def test_old_forms_are_thrown_away_with_photos_that_went_nowhere(order):
    sent, left = Form(order), Form(order)
    for form in (sent, left):
        form.pick(1)
        form.explain("defective", photos_0=[photo()])
        form.wish("refund")
    sent.send()

    assert drafts.purge(at=NOON + DAY) == 0
    assert drafts.purge(at=NOON + 3 * DAY) == 2
    assert StoredFile.objects.count() == Return.objects.get().lines.get().photos.count() == 1


def test_another_shops_settings_do_not_leak_into_the_page(order):
    make_shop(settings={"sender_name": "Somebody else"})

    assert "Somebody else" not in text_of(sign_in(order).get(f"orders/{order.number}/return/"))
