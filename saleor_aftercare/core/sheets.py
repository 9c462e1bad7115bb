"""Tables for spreadsheets: CSV of which nothing is taken for a formula, and CSV as such programs write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from .errors import InvalidInput

#: A spreadsheet takes what begins so for a formula (OWASP, CSV Injection); apostrophes before it were put there by us.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_KANA: Final = re.compile("[\u3041-\u30fe]")
_DELIMITERS: Final = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    line: int  #: of the file, from 1, where it begins
    cells: tuple[str, ...]


def harmless(value: Any) -> Any:
    """The value of a cell, so that no spreadsheet takes it for a formula; :func:`as_meant` takes it back.

    >>> harmless("=HYPERLINK(1)"), harmless("Mei"), harmless(-5), harmless("'=1")
    ("'=HYPERLINK(1)", 'Mei', -5, "''=1")
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def as_meant(cell: str) -> str:
    """A cell without the apostrophe that :func:`harmless` put before it.

    >>> as_meant("'=1"), as_meant("''=1"), as_meant("'tis so")
    ('=1', "'=1", "'tis so")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_rows(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV row by row, as spreadsheets read it: UTF-8 with its mark, CRLF, no formulas."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff"  # spreadsheets take it for UTF-8 only then
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


class _Echo:
    """A file that gives each line back."""

    def write(self, line: str) -> str:
        return line


def read_rows(data: bytes, *, most_bytes: int, most_rows: int) -> list[Row]:
    """The rows of a file that somebody saved from a spreadsheet, empty ones left out.

    UTF-8 or UTF-16 with a byte-order mark, UTF-8 without, or else Windows' Shift_JIS; commas, semicolons or tabs, as
    the first line has them. Raises InvalidInput("file") that names the line.
    """
    if len(data) > most_bytes:
        raise InvalidInput(_("The file is larger than %(limit)d MB.") % {"limit": most_bytes // 1024 // 1024}, "file")
    text = _decoded(data)
    if "\x00" in text or not text.strip():
        raise InvalidInput(_("The file is no CSV."), "file")
    first = next(line for line in text.splitlines() if line.strip())
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(as_meant(cell) for cell in cells)))
            if len(rows) > most_rows:
                raise InvalidInput(_("At most %(limit)d rows.") % {"limit": most_rows}, "file")
            line = reader.line_num + 1
    except csv.Error:
        raise InvalidInput(
            _("Line %(line)d: this is no CSV; a quotation mark is missing.") % {"line": line}, "file"
        ) from None
    return rows


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _as(data, "cp932")
        if not _KANA.search(text):
            # Nearly all bytes are letters in Shift_JIS: a file of Europe's Windows would come out as odd characters.
            raise _unreadable(error) from None
        return text


def _as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(error) from None


def _unreadable(error: UnicodeDecodeError) -> InvalidInput:
    line = error.object[: error.start].count(b"\n") + 1
    message = _("Line %(line)d: the letters cannot be read. Save the file as “CSV UTF-8”.") % {"line": line}
    return InvalidInput(message, "file")
