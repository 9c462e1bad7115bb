"""Postal addresses: read from Saleor, kept as JSON, written in the order that the post expects."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.address import LineKind, PostalAddress, full_name
from saleor_aftercare.core.errors import InvalidInput

TOKYO = PostalAddress(
    name="山田 太郎",
    street1="神南1丁目19番11号",
    street2="502号室",
    city="渋谷区",
    postal_code="1500041",
    country_area="東京都",
    country="JP",
    phone="03-1234-5678",
)


def test_a_japanese_address_runs_from_large_to_small_and_honours_the_addressee():
    assert TOKYO.lines("ja", honorific=True) == (
        "〒150-0041",
        "東京都渋谷区",
        "神南1丁目19番11号",
        "502号室",
        "山田 太郎 様",
    )


def test_a_japanese_address_keeps_its_order_on_an_english_paper():
    assert TOKYO.lines("en") == ("〒150-0041", "東京都渋谷区", "神南1丁目19番11号", "502号室", "山田 太郎")


def test_a_japanese_address_in_latin_letters_runs_from_small_to_large():
    address = PostalAddress(
        name="John Smith",
        street1="1-19-11 Jinnan",
        city="Shibuya-ku",
        country_area="Tokyo",
        postal_code="150-0041",
        country="JP",
    )

    assert address.lines("ja", honorific=True) == ("John Smith", "1-19-11 Jinnan", "Shibuya-ku, Tokyo 150-0041")


@pytest.mark.parametrize(
    ("name", "company", "expected"),
    [
        ("", "株式会社みどり", ["株式会社みどり 御中"]),
        ("返品センター", "株式会社みどり", ["株式会社みどり", "返品センター 御中"]),
        ("佐藤 花子", "株式会社みどり", ["株式会社みどり", "佐藤 花子 様"]),
    ],
)
def test_companies_and_departments_get_onchu_and_people_get_sama(name: str, company: str, expected: list[str]):
    address = PostalAddress(name=name, company=company, street1="本町2-4-7", city="大阪市", country="JP")

    named = [
        line.text for line in address.layout("ja", honorific=True) if line.kind in {LineKind.NAME, LineKind.COMPANY}
    ]

    assert named == expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("DE", ("10115 Berlin",)),
        ("US", ("Berlin, CT 10115",)),
        ("GB", ("Berlin", "CT", "10115")),
        ("NZ", ("Berlin 10115", "CT")),
    ],
)
def test_the_line_with_the_city_follows_the_country(country: str, expected: tuple[str, ...]):
    area = "" if country == "DE" else "CT"
    address = PostalAddress(
        name="A", street1="B 1", city="Berlin", country_area=area, postal_code="10115", country=country
    )

    assert address.lines("en")[2:] == expected


def test_the_country_is_named_in_capitals_only_when_asked():
    address = PostalAddress(name="A", street1="B 1", city="Paris", country="FR", phone="+33 1")

    assert address.lines("en", country=True, phone=True) == ("A", "B 1", "Paris", "FRANCE", "+33 1")
    assert address.lines("en") == ("A", "B 1", "Paris")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("1500041", "〒150-0041"),
        ("１５０－００４１", "〒150-0041"),
        ("〒150-0041", "〒150-0041"),
        ("150", "〒150"),
    ],
)
def test_japanese_postal_codes_are_printed_one_way(typed: str, printed: str):
    address = PostalAddress(name="山田", street1="神南1", postal_code=typed, country="JP")

    assert address.lines("ja")[0] == printed


def test_saleors_address_is_read_with_nulls_and_the_family_name_first_in_japanese():
    address = PostalAddress.from_saleor(
        {
            "firstName": "太郎",
            "lastName": "山田",
            "companyName": None,
            "streetAddress1": " 神南1丁目 ",
            "city": "渋谷区",
            "countryArea": "東京都",
            "postalCode": "150-0041",
            "country": {"code": "JP", "country": "Japan"},
        }
    )

    assert address == PostalAddress(
        name="山田 太郎",
        street1="神南1丁目",
        city="渋谷区",
        country_area="東京都",
        postal_code="150-0041",
        country="JP",
    )


def test_saleors_address_keeps_the_given_name_first_in_latin_letters():
    address = PostalAddress.from_saleor({"firstName": "Ada", "lastName": "Example", "country": {"code": "FR"}})

    assert address.name == "Ada Example"


@pytest.mark.parametrize(
    ("first", "last", "together"),
    [
        ("太郎", "山田", "山田 太郎"),
        ("たろう", "", "たろう"),
        ("", "山田", "山田"),
        ("Taro", "Yamada", "Taro Yamada"),
        (" Ada\n", None, "Ada"),
        (None, None, ""),
    ],
)
def test_a_name_is_put_together_as_its_owner_writes_it(first: str | None, last: str | None, together: str):
    assert full_name(first, last) == together


def test_an_address_survives_json_and_keys_of_a_newer_release():
    assert PostalAddress.from_json({**TOKYO.to_json(), "what3words": "x"}) == TOKYO


@pytest.mark.parametrize("country", ["", "XX", "JPN", "日本", "J\nP"])
def test_an_unknown_country_is_refused(country: str):
    with pytest.raises(InvalidInput) as caught:
        PostalAddress(name="A", country=country)

    assert caught.value.field == "country"


def test_a_field_longer_than_saleors_is_refused_by_name():
    with pytest.raises(InvalidInput) as caught:
        PostalAddress(street1="x" * 257, country="GB")

    assert caught.value.field == "street1"


def test_line_breaks_and_control_characters_cannot_add_lines():
    address = PostalAddress(name="A\nB\x00C\u2028D\ud800", street1="1", city="Paris", country="fr")

    assert address.lines("en")[0] == "A BC D"
    assert address.country == "FR"


def test_what_a_parcel_lacks_is_named():
    assert PostalAddress(country="GB").missing() == ("name", "street1", "city")
    assert TOKYO.missing() == ()
