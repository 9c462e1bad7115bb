"""What a spare-part request must say."""

from __future__ import annotations

import dataclasses

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.parts.policy import SparePartForm, check_form, check_reason

FORM = SparePartForm(
    product_name="Hand grinder",
    serial_number="SN-1",
    part_description="The small spring.",
    quantity=1,
    customer_name="Ada Example",
    customer_email="ada@customer.test",
    photos=(),
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product_name", ""),
        ("product_name", " \t\n"),
        ("product_name", "x" * 401),
        ("serial_number", "x" * 101),
        ("part_description", ""),
        ("part_description", " \n "),
        ("part_description", "x" * 5001),
        ("customer_name", "x" * 301),
        ("customer_email", ""),
        ("customer_email", "ada"),
        ("customer_email", "a@b.test\nBcc: c@d.test"),
        ("quantity", 0),
        ("quantity", -1),
        ("quantity", 100),
        ("quantity", True),
        ("photos", tuple(StoredFile(pk=n) for n in range(7))),
    ],
)
def test_bad_input_is_named(field, value):
    with pytest.raises(InvalidInput) as caught:
        check_form(dataclasses.replace(FORM, **{field: value}))

    assert caught.value.field == field
    assert caught.value.message


def test_the_longest_good_form_is_accepted_as_it_is():
    form = dataclasses.replace(
        FORM, product_name="x" * 400, serial_number="", part_description="あ" * 5000, customer_name="", quantity=99
    )

    assert check_form(form) == form


def test_text_is_trimmed_and_freed_of_control_characters_and_html_is_just_text():
    form = dataclasses.replace(
        FORM,
        product_name=" Hand\r\n grinder\x00 ",
        part_description=" <script>alert(1)</script>\r\nline\x00 two\x07 \n",
        customer_email=" Ada@Customer.test ",
    )

    checked = check_form(form)

    assert checked.product_name == "Hand grinder"
    assert checked.part_description == "<script>alert(1)</script>\nline two"
    assert checked.customer_email == "ada@customer.test"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 5001])
def test_a_reason_is_needed_to_decline(reason):
    with pytest.raises(InvalidInput) as caught:
        check_reason(reason)

    assert caught.value.field == "reason"
