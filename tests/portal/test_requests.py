"""Asking for a repair and for a spare part."""

import pytest

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs.models import RepairRequest
from tests.make import DAY, NOON, make_order, make_policy
from tests.portal.conftest import browse, photo, sign_in, text_of

pytestmark = pytest.mark.django_db

FORMS = {
    "repair": (RepairRequest, "repairs", {"description": "It squeaks."}),
    "part": (SparePartRequest, "parts", {"part_description": "The spring", "quantity": "2"}),
}


@pytest.fixture
def order() -> Order:
    return make_order(delivered=NOON - DAY)


def ask(visitor, order: Order, kind: str, **data):
    filled = {"key": "k" * 32, "product": str(order.lines.get().pk), "serial_number": "SN-1"} | FORMS[kind][2]
    return visitor.post(f"orders/{order.number}/{kind}/", filled | data)


@pytest.mark.parametrize("kind", FORMS)
def test_a_request_from_the_form_to_its_page(order, kind):
    rows, path, words = FORMS[kind]
    visitor = sign_in(order)
    assert visitor.get(f"orders/{order.number}/{kind}/").status_code == 200

    response = ask(visitor, order, kind, photos=[photo()])

    case = rows.objects.get()
    assert response["Location"] == visitor.url(f"{path}/{case.number}/")
    assert (case.order, case.order_line) == (order, order.lines.get())
    assert (case.product_name, case.serial_number) == ("Hand grinder (Black)", "SN-1")
    assert (case.customer_email, case.photos.count()) == (order.email, 1)
    html = text_of(visitor.get(f"{path}/{case.number}/"))
    assert next(iter(words.values())) in html
    assert "request has been sent." in html


@pytest.mark.parametrize("kind", FORMS)
def test_sending_twice_makes_one_request(order, kind):
    visitor = sign_in(order)

    places = {ask(visitor, order, kind)["Location"] for _ in range(2)}

    assert len(places) == 1
    assert FORMS[kind][0].objects.count() == 1


@pytest.mark.parametrize("kind", FORMS)
def test_another_product_needs_a_name(order, kind):
    visitor = sign_in(order)

    wrong = ask(visitor, order, kind, product="other")
    right = ask(visitor, order, kind, product="other", product_name="Old kettle")

    assert wrong.status_code == 422
    assert 'id="id_product_name_error"' in text_of(wrong)
    assert right.status_code == 303
    case = FORMS[kind][0].objects.get()
    assert (case.product_name, case.order_line) == ("Old kettle", None)


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("repair", {"product": ""}, "product"),
        ("repair", {"product": "999999"}, "product"),
        ("repair", {"description": " "}, "description"),
        ("repair", {"description": "x" * 5001}, "description"),
        ("repair", {"serial_number": "x" * 101}, "serial_number"),
        ("part", {"part_description": ""}, "part_description"),
        ("part", {"quantity": "0"}, "quantity"),
        ("part", {"quantity": "-1"}, "quantity"),
        ("part", {"quantity": "100"}, "quantity"),
        ("part", {"quantity": "two"}, "quantity"),
        ("part", {"quantity": ""}, "quantity"),
    ],
)
def test_a_wrong_field_is_told_where_it_stands_and_photos_are_kept(order, kind, data, field):
    visitor = sign_in(order)

    wrong = ask(visitor, order, kind, photos=[photo()], **data)

    html = text_of(wrong)
    assert wrong.status_code == 422
    assert f'id="id_{field}_error"' in html
    assert f'href="#id_{field}"' in html
    assert 'role="alert"' in html
    assert "crack.jpg" in html
    assert not FORMS[kind][0].objects.exists()
    ask(visitor, order, kind)
    assert FORMS[kind][0].objects.get().photos.count() == 1


@pytest.mark.parametrize("kind", FORMS)
def test_a_line_of_another_order_is_no_choice(order, kind):
    theirs = make_order(order.shop)

    response = ask(sign_in(order), order, kind, product=str(theirs.lines.get().pk))

    assert response.status_code == 422
    assert not FORMS[kind][0].objects.exists()


@pytest.mark.parametrize("kind", FORMS)
def test_a_bad_photo_is_told_and_a_photo_can_be_removed(order, kind):
    visitor = sign_in(order)
    wrong = ask(visitor, order, kind, photos=[photo(), photo("b.jpg")] + [photo(f"{n}.jpg") for n in range(5)])
    assert "You can add 6 files at most." in text_of(wrong)

    response = ask(visitor, order, kind, remove=str(StoredFile.objects.get(name="b.jpg").pk))

    assert response.status_code == 200
    assert StoredFile.objects.count() == 5
    assert "b.jpg" not in text_of(response)
    assert "SN-1" in text_of(response)


@pytest.mark.parametrize("kind", FORMS)
def test_the_form_is_for_whoever_is_signed_in_for_that_order(order, kind):
    assert browse(order.shop).get(f"orders/{order.number}/{kind}/").status_code == 303
    assert ask(browse(order.shop), order, kind).status_code == 303
    assert sign_in(make_order(order.shop)).get(f"orders/{order.number}/{kind}/").status_code == 404
    assert not FORMS[kind][0].objects.exists()


@pytest.mark.parametrize("kind", FORMS)
def test_scripts_in_every_field_are_text(order, kind):
    script = "<script>alert(1)</script>"
    visitor = sign_in(order)
    field = next(iter(FORMS[kind][2]))

    ask(visitor, order, kind, product="other", product_name=script, serial_number=script, **{field: script})

    _rows, path, _words = FORMS[kind]
    html = text_of(visitor.get(f"{path}/{FORMS[kind][0].objects.get().number}/"))
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)") == 3


@pytest.mark.parametrize("kind", FORMS)
def test_the_form_takes_three_queries(order, kind, django_assert_num_queries):
    visitor = sign_in(order)
    make_policy(order.shop)

    with django_assert_num_queries(3):
        visitor.get(f"orders/{order.number}/{kind}/")
