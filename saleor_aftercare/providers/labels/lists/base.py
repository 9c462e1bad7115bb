"""What the lists of all carriers have in common: text that fits, addresses inside Japan, bytes in CP932."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Protocol, runtime_checkable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, ProviderError

#: The shortest of what the three programs keep of our number (Yu-Pri R: 15 bytes).
MAX_NUMBER: Final = 15
#: A list is read by a person's program, not by ours: more parcels than this make two lists.
MAX_PARCELS: Final = 500
MAX_FILE_BYTES: Final = 5 * 1024 * 1024

_NUMBER = re.compile(rf"[0-9A-Z][0-9A-Z-]{{0,{MAX_NUMBER - 1}}}")
_TRACKING = re.compile(r"[0-9]{10,14}")

#: Characters whose usual Unicode form Windows' Shift_JIS (CP932) does not know, and the form that it does.
_TO_CP932: Final = str.maketrans(
    {"〜": "～", "−": "－", "‖": "∥", "—": "―", "¢": "￠", "£": "￡", "¬": "￢", "–": "－", "\u00a0": " "}
)
#: What a program made for spreadsheets would take for a formula.
_FORMULA: Final = str.maketrans({"=": "＝", "+": "＋", "-": "－", "@": "＠"})
#: Typographers' sign for a character that the type case does not hold.
GETA: Final = "〓"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedParcel:
    """One parcel of a list: a customer in Japan sends it to a shop in Japan, and the shop pays on arrival.

    ``number`` is ours, printed on the slip and given back with the tracking number: 1–15 of ``0-9 A-Z -``.
    ``goods`` says what is inside, as carriers want to know.

    Raises:
        InvalidInput: an unusable ``number``.
        ProviderError: an address outside Japan, or one without what a slip needs; names whose it is and what.
    """

    number: str
    sender: PostalAddress
    recipient: PostalAddress
    goods: str
    ships_on: date

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise InvalidInput(f"A parcel's number must be 1 to {MAX_NUMBER} of 0-9, A-Z and -", "number")
        for whose, address in (("customer", self.sender), ("shop", self.recipient)):
            if address.country != "JP":
                raise _unusable(whose, "country")
            if lacking := address.missing():
                raise _unusable(whose, lacking[0])
            if not postal_code(address):
                raise _unusable(whose, "postal_code")
        if not phone(self.recipient):
            raise _unusable("shop", "phone")


#: What is wrong with an address, by the field at fault.
_FAULTS: Final = {
    "country": gettext_noop("It is not in Japan."),
    "name": gettext_noop("It has no name."),
    "street1": gettext_noop("It has no street."),
    "city": gettext_noop("It has no town."),
    "postal_code": gettext_noop("Its postal code is not seven digits."),
    "phone": gettext_noop("It has no telephone number."),
}


def _unusable(whose: str, field: str) -> ProviderError:
    return _faulty(whose, _(_FAULTS[field]), field)


def _faulty(whose: str, fault: str, field: str) -> ProviderError:
    sentence = (
        _("The return address cannot be used. %(fault)s")
        if whose == "shop"
        else _("The customer's address cannot be used. %(fault)s")
    )
    return ProviderError(sentence % {"fault": fault}, f"{whose}.{field}")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A tracking number that came back: for our ``number``, from line ``line`` of the file (1 is the first)."""

    number: str
    tracking_number: str
    line: int


@runtime_checkable
class CarrierProgram(Protocol):
    """The program of one carrier, as far as its files go."""

    slug: ClassVar[str]
    carrier: ClassVar[str]

    def write(self, parcels: Sequence[ListedParcel]) -> bytes:
        """The file to import, in CP932 with CRLF. Raises ProviderError for a parcel that does not fit."""
        ...

    def read_back(self, data: bytes) -> list[NumberRead]:
        """The numbers in an exported file; lines without one are left out.

        Raises InvalidInput("file") for a file of another program, or one that two numbers fight over.
        """
        ...


# -- text ----------------------------------------------------------------------------------------------------------


def text(value: str) -> str:
    """``value`` as one line that CP932 can hold and no spreadsheet takes for a formula; unknown signs become 〓."""
    signs = unicodedata.normalize("NFC", value).translate(_TO_CP932)
    one_line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in signs).split())
    known = "".join(char if _encodable(char) else GETA for char in one_line)
    return known[:1].translate(_FORMULA) + known[1:]


def _encodable(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def width(value: str) -> int:
    """Bytes in CP932: what the programs count. A full-width character has two."""
    return len(value.encode("cp932", errors="replace"))


def cut(value: str, most: int) -> str:
    """As much of the beginning of ``value`` as fits ``most`` bytes."""
    kept, used = [], 0
    for char in text(value):
        used += width(char)
        if used > most:
            break
        kept.append(char)
    return "".join(kept).rstrip()


def spread(value: str, fields: Sequence[int]) -> list[str] | None:
    """``value`` over fields of so many bytes each, broken where it must; None when it does not fit."""
    left, parts = text(value), []
    for most in fields:
        part = cut(left, most) if left else ""
        parts.append(part)
        left = left[len(part) :].lstrip()
    return None if left else parts


def phone(address: PostalAddress) -> str:
    """The number as dialled inside Japan, digits only; "" for none or a foreign one."""
    digits = re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", address.phone))
    if digits.startswith("+81"):
        digits = f"0{digits[3:].lstrip('0')}"
    return digits if re.fullmatch(r"0[0-9]{9,10}", digits) else ""


def postal_code(address: PostalAddress) -> str:
    """``150-0001``; "" for what is no Japanese postal code."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", address.postal_code))
    return f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else ""


def place(address: PostalAddress) -> str:
    """Prefecture, city and street in one line, without the building."""
    return "".join(filter(None, (address.country_area, address.city, address.city_area, address.street1)))


def too_long(whose: str, carrier: str) -> ProviderError:
    """An address that no slip of this carrier could hold is not cut: a parcel would go astray."""
    fault = _("It is too long for %(carrier)s's list.") % {"carrier": carrier}
    return _faulty(whose, fault, "street1")


# -- files ---------------------------------------------------------------------------------------------------------


def encode(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV: every field quoted, CRLF, CP932."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("cp932")


def decode(data: bytes) -> list[list[str]]:
    """The rows of a file that a carrier's program, or a spreadsheet after it, has written.

    CP932 as the programs write it, or UTF-8 with a byte-order mark as spreadsheets do; commas or tabs.
    Raises InvalidInput("file").
    """
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024 // 1024
        raise InvalidInput(_("The file is larger than %(limit)d MB.") % {"limit": limit}, "file")
    try:
        content = data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data.decode("cp932")
    except UnicodeDecodeError:
        message = _("The file is not in Shift_JIS; export it from the carrier's program again.")
        raise InvalidInput(message, "file") from None
    if "\x00" in content:
        raise InvalidInput(_("The file is no CSV."), "file")
    first = content.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        return [row for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error:
        raise InvalidInput(_("The file is no CSV."), "file") from None


def numbers_in(
    rows: Sequence[Sequence[str]], *, number: Sequence[str], tracking: Sequence[str], at: tuple[int, int] | None
) -> list[NumberRead]:
    """Our numbers with their tracking numbers, found by the columns' names, else at the places ``at`` (from 0).

    ``number`` and ``tracking`` are the names under which the program's versions know the columns.
    """
    if not rows:
        raise InvalidInput(_("The file is empty."), "file")
    names = [unicodedata.normalize("NFKC", cell).strip() for cell in rows[0]]
    named = _column(names, number), _column(names, tracking)
    headed = None not in named
    places = named if headed else at
    if places is None:
        names_wanted = {"number": number[0], "tracking": tracking[0]}
        raise InvalidInput(_("The file has no columns %(number)s and %(tracking)s.") % names_wanted, "file")
    ours, theirs = (place or 0 for place in places)
    found: dict[str, NumberRead] = {}
    for line, row in enumerate(rows[1:] if headed else rows, start=2 if headed else 1):
        if len(row) <= max(ours, theirs):
            continue
        key = _clean(row[ours]).upper()
        value = re.sub(r"[\s-]", "", _clean(row[theirs]))
        if not _NUMBER.fullmatch(key) or not _TRACKING.fullmatch(value):
            continue
        known = found.get(key)
        if known is not None and known.tracking_number != value:
            twice = {"key": key, "first": known.line, "second": line}
            message = _("%(key)s has two tracking numbers, in lines %(first)d and %(second)d.")
            raise InvalidInput(message % twice, "file")
        found.setdefault(key, NumberRead(key, value, line))
    if not found:
        raise InvalidInput(_("No line of the file has one of our numbers with a tracking number."), "file")
    return list(found.values())


def _column(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    known = {unicodedata.normalize("NFKC", one) for one in wanted}
    return next((n for n, name in enumerate(names) if name in known), None)


def _clean(cell: str) -> str:
    """Without the marks by which spreadsheets and programs keep leading zeros: ``="0123"``, ``'0123``."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    quoted = re.fullmatch(r'="(.*)"', plain)
    return (quoted[1] if quoted else plain).lstrip("'").strip()
