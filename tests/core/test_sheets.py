"""Tables as spreadsheets write and read them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.sheets import Row, as_meant, harmless, read_rows, write_rows


def read(data: bytes, *, most_bytes: int = 10_000, most_rows: int = 10) -> list[Row]:
    return read_rows(data, most_bytes=most_bytes, most_rows=most_rows)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''@x"])
def test_nothing_that_is_written_is_a_formula(value: str):
    assert harmless(value) == f"'{value}"
    assert as_meant(harmless(value)) == value


@pytest.mark.parametrize("value", ["", "Mei", "'tis so", "1=1", "a@b.test", "山田"])
def test_other_text_stays_as_it_is(value: str):
    assert harmless(value) == value == as_meant(value)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t'=+-@")), min_size=1))
def test_what_is_written_is_read_as_it_was_meant(cells: list[str]):
    text = "".join(write_rows([["head", *cells], ["x", *cells]]))

    rows = read(text.encode(), most_bytes=10**9)

    assert [row.cells for row in rows] == [("head", *cells), ("x", *cells)]
    assert all(not cell.startswith(tuple("=+-@\t\r\n")) for row in csv.reader(io.StringIO(text)) for cell in row)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_all_usual_programs_are_read(encoding: str, delimiter: str):
    text = f'a{delimiter}b\r\n\r\n"ご連絡{delimiter}\n①"{delimiter}"say ""yes"""\r\n'

    assert read(text.encode(encoding)) == [
        Row(1, ("a", "b")),
        Row(3, (f"ご連絡{delimiter}\n①", 'say "yes"')),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no CSV"),
        (b" \r\n \r\n", "no CSV"),
        (b"\xef\xbb\xbf", "no CSV"),
        (b"PK\x03\x04\x00\x00", "no CSV"),
        (b"a,b\r\nx,\x81\xff\r\n", "Line 2: the letters cannot be read"),
        (b"\xef\xbb\xbfa\r\nb\r\n\x83", "Line 3: the letters cannot be read"),
        ("a,b\r\nCafé,Grüße schön".encode("cp1252"), "Line 2: the letters cannot be read"),
        (b'a,b\r\nx,y\r\n"never closed,z\r\n', "Line 3: this is no CSV"),
        (b'a,b\r\n"x"y,z\r\n', "Line 2: this is no CSV"),
        (b"a\n" * 11, "At most 10 rows"),
        (b"a" * 10_001, "larger than"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(data: bytes, message: str):
    with pytest.raises(InvalidInput, match=message) as refused:
        read(data)

    assert refused.value.field == "file"


@given(st.binary(max_size=200))
def test_no_bytes_are_anything_but_a_table_or_refused(data: bytes):
    try:
        rows = read(data)
    except InvalidInput:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row.cells)
