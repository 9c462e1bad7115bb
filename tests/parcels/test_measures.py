"""How large and heavy a parcel is said to be."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.parcels.making import label_request
from saleor_aftercare.parcels.measures import Measures, save_usual
from saleor_aftercare.providers.labels.base import Box
from tests.make.parcels import make_parcel

pytestmark = pytest.mark.django_db


def test_a_parcel_that_nobody_measured_is_the_shops_usual_one(order):
    save_usual(order.shop, Measures(length_cm=60, width_cm=40, height_cm=35, weight_g=2500))

    request = label_request(make_parcel(order))

    assert (request.box, request.weight_g, request.usual_weight_g) == (Box(60, 40, 35), None, 2500)


def test_until_the_shop_says_otherwise_that_is_a_shoe_box_of_a_kilogram(order):
    request = label_request(make_parcel(order))

    assert (request.box, request.usual_weight_g) == (Box(30, 22, 12), 1000)


def test_what_staff_measured_outranks_everything(order):
    order.lines.update(weight_g=800)

    request = label_request(make_parcel(order, length_cm=50, width_cm=50, height_cm=50, weight_g=4200))

    assert (request.box, request.weight_g) == (Box(50, 50, 50), 4200)


def test_the_weight_of_the_variants_counts_where_saleor_knows_all_of_it(order):
    order.lines.update(weight_g=800)

    assert label_request(make_parcel(order)).weight_g == 1000


def test_a_parcel_is_never_said_to_be_lighter_than_what_is_known_of_it(order):
    """One of two weights is known, and is more than the shop's usual parcel."""
    line = order.lines.all()[0]
    line.weight_g = 3000
    line.save()
    contents = [
        {"name": line.product_name, "quantity": 1, "reason": "", "line": line.pk},
        {"name": "Something else", "quantity": 1, "reason": "", "line": None},
    ]

    request = label_request(make_parcel(order, contents=contents))

    assert (request.weight_g, request.usual_weight_g) == (None, 3200)


def test_what_is_left_out_of_the_usual_parcel_stays(order):
    save_usual(order.shop, Measures(weight_g=300))

    request = label_request(make_parcel(order))

    assert (request.box, request.usual_weight_g) == (Box(30, 22, 12), 300)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"length_cm": 0, "width_cm": 1, "height_cm": 1}, "lengthCm"),
        ({"length_cm": 1, "width_cm": 201, "height_cm": 1}, "widthCm"),
        ({"length_cm": 1, "width_cm": 1, "height_cm": -5}, "heightCm"),
        ({"length_cm": 30}, "widthCm"),
        ({"height_cm": 30, "length_cm": 2}, "widthCm"),
        ({"weight_g": 0}, "weightG"),
        ({"weight_g": 70_001}, "weightG"),
    ],
)
def test_what_no_parcel_is_names_its_field(values, field):
    with pytest.raises(InvalidInput) as caught:
        Measures(**values)

    assert caught.value.field == field
