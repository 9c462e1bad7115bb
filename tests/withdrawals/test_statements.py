"""What is declared, and what cannot be smuggled into it."""

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.withdrawals.statements import Statement, draw_up, order_numbers


def state(**values) -> Statement:
    given = {
        "shop_name": "Komorebi Coffee",
        "name": "Ada Example",
        "email": "ada@customer.test",
        "contract": "1042",
        "whole": True,
        "language": "en",
    }
    return draw_up(Shop(handle="komorebi"), **(given | values))


def test_the_statement_in_english():
    assert state().text == (
        "I hereby withdraw from the whole contract that I concluded with Komorebi Coffee, order number 1042.\n"
        "\n"
        "Name: Ada Example\n"
        "Acknowledgement of receipt to: ada@customer.test"
    )


def test_the_statement_in_german_for_some_goods():
    text = state(language="de-AT", whole=False, goods="1 Mühle\nFilter").text

    assert text == (
        "Hiermit widerrufe ich den Vertrag, den ich mit Komorebi Coffee unter der Bestellnummer 1042 geschlossen"
        " habe, hinsichtlich der folgenden Waren:\n"
        "1 Mühle\nFilter\n"
        "\n"
        "Name: Ada Example\n"
        "Eingangsbestätigung an: ada@customer.test"
    )


def test_it_survives_the_way_through_a_form():
    statement = state(whole=False, goods="one mug")

    assert Statement.from_json(statement.to_json()) == statement


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "Click https://evil.example/"),
        ("name", "www.evil.example"),
        ("name", "evil.com/win now"),
        ("contract", " "),
        ("contract", "x" * 101),
        ("contract", "http://evil.example"),
        ("email", "nobody"),
        ("email", "ada@customer.test\nBcc: all@customer.test"),
        ("email", f"{'a' * 250}@customer.test"),
    ],
)
def test_what_cannot_stand_in_a_statement_is_refused_by_the_name_of_its_field(field, value):
    with pytest.raises(InvalidInput) as error:
        state(**{field: value})

    assert error.value.field == field


@pytest.mark.parametrize("goods", ["", "  \n ", "x" * 1001, "my prize: https://evil.example/"])
def test_goods_in_words_are_measured_too(goods):
    with pytest.raises(InvalidInput) as error:
        state(whole=False, goods=goods)

    assert error.value.field == "goods"


@pytest.mark.parametrize(
    "name", ["Dr. Ada Example-O'Neil", "山田 花子", "Åsa Öst", "J. R. R. Tolkien, 2. Etage", "St.John"]
)
def test_real_names_are_no_web_addresses(name):
    assert state(name=name).name == name


def test_control_characters_and_turned_text_do_not_get_in():
    statement = state(name="Ada\r\nBcc: x\x00\u202e Example\u200b", contract="10\t42")

    assert statement.name == "Ada Bcc: x Example"
    assert statement.contract == "10 42"


def test_an_address_in_capitals_is_the_same_address():
    assert state(email=" Ada@Customer.TEST ").email == "ada@customer.test"


@pytest.mark.parametrize(
    ("contract", "numbers"),
    [
        ("1042", ["1042"]),
        ("# 1042", ["1042"]),
        ("order 1042 of 3 May 2026", ["1042", "2026"]),
        ("SO-1042", ["SO-1042", "1042"]),
        ("the blue shoes", []),
        ("1" * 99, ["1" * 30]),
    ],
)
def test_the_order_number_is_found_in_what_people_write(contract, numbers):
    assert order_numbers(contract) == numbers
