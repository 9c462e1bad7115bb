"""The lists that Japanese carriers' programs read, and the numbers that they give back."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, ProviderError
from saleor_aftercare.providers.labels.lists import base
from saleor_aftercare.providers.labels.lists.base import CarrierProgram, ListedParcel
from saleor_aftercare.providers.labels.lists.japan_post import JapanPostYuPriR
from saleor_aftercare.providers.labels.lists.sagawa import SagawaEHiden
from saleor_aftercare.providers.labels.lists.yamato import YamatoB2Cloud

HANAKO = PostalAddress(
    name="山田 花子",
    street1="梅田1-2-3",
    street2="メゾン梅田405号室",
    city="大阪市北区",
    country_area="大阪府",
    postal_code="530-0001",
    country="JP",
    phone="+81 90 1234 5678",
)
SHOP = PostalAddress(
    company="株式会社風とやかん",
    name="返品係",
    street1="神宮前1-2-3",
    city="渋谷区",
    country_area="東京都",
    postal_code="1500001",
    country="JP",
    phone="03-1234-5678",
)
YAMATO = YamatoB2Cloud({"customer_code": "0312345678", "freight_number": "01"})
SAGAWA = SagawaEHiden({})
JAPAN_POST = JapanPostYuPriR({"slip_type": "1100780"})
EVERY_LIST = pytest.mark.parametrize("shipping_list", [YAMATO, SAGAWA, JAPAN_POST], ids=lambda one: one.slug)


def parcel(**values: object) -> ListedParcel:
    """A parcel of Hanako's to the shop."""
    given_values = {
        "number": "RMA-1001",
        "sender": HANAKO,
        "recipient": SHOP,
        "goods": "手挽きミル",
        "ships_on": date(2026, 11, 22),
    }
    return ListedParcel(**{**given_values, **values})  # type: ignore[arg-type]


def rows(data: bytes) -> list[dict[str, str]]:
    """The list as a spreadsheet would show it."""
    return list(csv.DictReader(io.StringIO(data.decode("cp932"), newline="")))


def cell(parcel_: ListedParcel, shipping_list: CarrierProgram, column: str) -> str:
    return rows(shipping_list.write([parcel_]))[0][column]


# -- what is written ---------------------------------------------------------------------------------------------


def test_yamatos_row_is_a_collect_slip_from_the_customer_to_the_shop():
    (row,) = rows(YAMATO.write([parcel()]))

    assert {name: value for name, value in row.items() if value} == {
        "お客様管理番号": "RMA-1001",
        "送り状種類": "5",
        "出荷予定日": "2026/11/22",
        "お届け先電話番号": "0312345678",
        "お届け先郵便番号": "150-0001",
        "お届け先住所": "東京都渋谷区神宮前1-2-3",
        "お届け先会社・部門１": "株式会社風とやかん",
        "お届け先名": "返品係",
        "敬称": "様",
        "ご依頼主電話番号": "09012345678",
        "ご依頼主郵便番号": "530-0001",
        "ご依頼主住所": "大阪府大阪市北区梅田1-2-3",
        "ご依頼主アパートマンション": "メゾン梅田405号室",
        "ご依頼主名": "山田 花子",
        "品名１": "手挽きミル",
        "記事": "RMA-1001",
        "発行枚数": "1",
        "請求先顧客コード": "0312345678",
        "運賃管理番号": "01",
    }


def test_yamatos_columns_stand_where_b2_cloud_reads_them():
    header = YAMATO.write([parcel()]).decode("cp932").splitlines()[0].replace('"', "").split(",")

    assert len(header) == 42
    assert [header.index(name) + 1 for name in ("送り状種類", "伝票番号", "お届け先名", "運賃管理番号")] == [
        2,
        4,
        16,
        42,
    ]


def test_sagawas_row_is_paid_on_arrival():
    (row,) = rows(SAGAWA.write([parcel()]))

    assert len(row) == 74
    assert (row["元着区分"], row["お客様管理番号"], row["出荷個数"]) == ("2", "RMA-1001", "1")
    assert [row[f"お届け先住所{n}"] for n in "１２３"] == ["東京都渋谷区神宮前1-2-3", "", ""]
    assert [row[f"ご依頼主住所{n}"] for n in "１２"] == ["大阪府大阪市北区梅田1-2-3", "メゾン梅田405号室"]
    assert (row["お届け先名称１"], row["お届け先名称２"]) == ("株式会社風とやかん", "返品係")


def test_japan_posts_row_is_a_yu_pack_paid_on_arrival():
    (row,) = rows(JAPAN_POST.write([parcel()]))

    assert (row["郵便種別"], row["元／着払／代引"], row["送り状種別"]) == ("0", "1", "1100780")
    assert row["発送予定日"] == "20261122"
    assert [row[f"ご依頼主 住所{n}"] for n in "１２３"] == ["大阪府大阪市北区", "梅田1-2-3", "メゾン梅田405号室"]


@EVERY_LIST
def test_a_list_is_shift_jis_with_crlf_and_every_field_quoted(shipping_list):
    data = shipping_list.write([parcel(), parcel(number="RMA-1002")])

    assert data.endswith(b'"\r\n')
    assert data.count(b"\r\n") == 3
    assert b"\n" not in data.replace(b"\r\n", b"")


@EVERY_LIST
def test_signs_that_shift_jis_spells_otherwise_are_kept_and_unknown_ones_become_geta(shipping_list):
    sender = PostalAddress(**{**HANAKO.to_json(), "name": "𠮷田〜🙂 花子", "street1": "梅田1−2−3"})

    written = "".join(rows(shipping_list.write([parcel(sender=sender)]))[0].values())

    assert "〓田～〓 花子" in written
    assert "梅田1－2－3" in written


@EVERY_LIST
@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_nothing_that_a_customer_types_is_a_formula_in_a_spreadsheet(shipping_list, name):
    sender = PostalAddress(**{**HANAKO.to_json(), "name": name})

    values = rows(shipping_list.write([parcel(sender=sender)]))[0].values()

    assert not [value for value in values if value[:1] in set("=+-@\t\r")]


@EVERY_LIST
def test_an_address_that_no_slip_could_hold_is_refused_and_not_cut(shipping_list):
    sender = PostalAddress(**{**HANAKO.to_json(), "street1": "長い町名" * 30})

    with pytest.raises(ProviderError, match="too long") as refused:
        shipping_list.write([parcel(sender=sender)])

    assert refused.value.field == "customer.street1"


def test_a_long_street_goes_on_where_the_building_stands():
    street = "西中島南方町" * 5
    sender = PostalAddress(**{**HANAKO.to_json(), "street1": street, "street2": "405"})

    (row,) = rows(YAMATO.write([parcel(sender=sender)]))

    assert base.width(row["ご依頼主住所"]) <= 64
    assert row["ご依頼主住所"] + row["ご依頼主アパートマンション"] == f"大阪府大阪市北区{street} 405"


def plain(value: str) -> str:
    """Without blanks, and without the wide forms of signs that would begin a formula."""
    return value.replace(" ", "").translate(str.maketrans("＝＋－＠", "=+-@"))


@given(st.text(max_size=200), st.lists(st.integers(2, 60), min_size=1, max_size=4))
def test_spreading_a_text_loses_nothing_but_blanks_or_says_that_it_does_not_fit(value, fields):
    parts = base.spread(value, fields)

    whole = base.text(value)
    if parts is None:
        assert base.width(whole) > sum(fields) - 2 * len(fields)
    else:
        assert [base.width(part) <= most for part, most in zip(parts, fields, strict=True)] == [True] * len(fields)
        assert plain("".join(parts)) == plain(whole)


@given(st.text(max_size=120))
def test_whatever_people_type_is_one_line_of_shift_jis(value):
    written = base.text(value)

    assert written.encode("cp932").decode("cp932") == written
    assert len(written.splitlines()) <= 1


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sender": PostalAddress(**{**HANAKO.to_json(), "country": "FR"})}, "customer.country"),
        ({"recipient": PostalAddress(**{**SHOP.to_json(), "phone": ""})}, "shop.phone"),
        ({"recipient": PostalAddress(**{**SHOP.to_json(), "postal_code": "15-1"})}, "shop.postal_code"),
        ({"sender": PostalAddress(**{**HANAKO.to_json(), "street1": "", "street2": ""})}, "customer.street1"),
    ],
)
def test_a_parcel_that_no_slip_could_be_printed_for_is_refused_with_the_reason(values, field):
    with pytest.raises(ProviderError) as refused:
        parcel(**values)

    assert refused.value.field == field


@pytest.mark.parametrize("number", ["", "rma-1", "RMA 1", "RMA-1234567890123", "ＲＭＡ"])
def test_a_number_that_the_programs_would_change_is_refused(number):
    with pytest.raises(InvalidInput) as refused:
        parcel(number=number)

    assert refused.value.field == "number"


@pytest.mark.parametrize(
    ("make", "credentials", "field"),
    [
        (YamatoB2Cloud, {}, "customer_code"),
        (YamatoB2Cloud, {"customer_code": "0312345678", "freight_number": "1"}, "freight_number"),
        (YamatoB2Cloud, {"customer_code": "0312345678", "classification": "12"}, "classification"),
        (SagawaEHiden, {"customer_code": "123"}, "customer_code"),
        (JapanPostYuPriR, {"slip_type": "ゆう"}, "slip_type"),
    ],
)
def test_unusable_credentials_are_named(make, credentials, field):
    with pytest.raises(ProviderError) as refused:
        make(credentials)

    assert refused.value.field == field


# -- what comes back -----------------------------------------------------------------------------------------------


def exported(shipping_list: CarrierProgram, tracking: dict[str, str], *, column: str) -> bytes:
    """The list as the program exports it: our rows with the numbers filled in."""
    parcels = [parcel(number=number) for number in tracking]
    data = shipping_list.write(parcels).decode("cp932")
    table = list(csv.reader(io.StringIO(data, newline="")))
    if column not in table[0]:
        table = [[*table[0], column], *([*row, ""] for row in table[1:])]
    place = table[0].index(column)
    for row, value in zip(table[1:], tracking.values(), strict=True):
        row[place] = value
    return base.encode(table)


@pytest.mark.parametrize(
    ("shipping_list", "column"),
    [(YAMATO, "伝票番号"), (SAGAWA, "お問い合せ送り状No."), (JAPAN_POST, "お問い合わせ番号")],
)
def test_what_the_program_exports_gives_every_parcel_its_number(shipping_list, column):
    data = exported(
        shipping_list, {"RMA-1001": "4912 3456 7890", "RMA-1002": "", "RMA-1003": "491234567905"}, column=column
    )

    assert [(one.number, one.tracking_number) for one in shipping_list.read_back(data)] == [
        ("RMA-1001", "491234567890"),
        ("RMA-1003", "491234567905"),
    ]


def test_yamatos_export_without_a_header_line_is_read_by_position():
    headed = exported(YAMATO, {"RMA-1001": "491234567890"}, column="伝票番号")

    found = YAMATO.read_back(headed.split(b"\r\n", 1)[1])

    assert [(one.number, one.tracking_number, one.line) for one in found] == [("RMA-1001", "491234567890", 1)]


def test_a_file_that_went_through_a_spreadsheet_is_still_read():
    data = '\ufeffお客様側管理番号\tお問い合わせ番号\r\nrma-1001\t="012345678905"\r\n'.encode()

    assert JAPAN_POST.read_back(data)[0].tracking_number == "012345678905"


@EVERY_LIST
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Shift_JIS|no CSV|no columns|No line"),
        ("氏名,住所\r\n山田,大阪\r\n".encode("cp932"), "no columns|No line"),
        (b"x" * (base.MAX_FILE_BYTES + 1), "larger"),
    ],
)
def test_a_file_of_something_else_is_refused_and_the_field_named(shipping_list, data, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        shipping_list.read_back(data)

    assert refused.value.field == "file"


def test_a_number_with_two_tracking_numbers_is_refused_with_both_lines():
    data = exported(YAMATO, {"RMA-1001": "491234567890"}, column="伝票番号")
    data += exported(YAMATO, {"RMA-1001": "491234567905"}, column="伝票番号").split(b"\r\n", 1)[1]

    with pytest.raises(InvalidInput, match="lines 2 and 3"):
        YAMATO.read_back(data)


@EVERY_LIST
@given(st.binary(max_size=400))
def test_no_file_makes_a_crash(shipping_list, data):
    with contextlib.suppress(InvalidInput):
        shipping_list.read_back(data)
