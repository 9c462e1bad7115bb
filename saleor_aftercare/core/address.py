"""A postal address: what Saleor knows about a place, and how its lines are written on paper.

The order of the lines follows the country of the address, not the language of the reader: a parcel is read by
the post office that delivers it. Japanese addresses run from large to small (〒, prefecture, city, street,
company, name) when they are written in Japanese, and from small to large when they are written in Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from .countries import COUNTRY_NAMES
from .errors import InvalidInput

#: Saleor's own columns hold at most 256 characters; first and last name together need one more than twice that.
MAX_FIELD_LENGTH: Final = 256
MAX_NAME_LENGTH: Final = 513

_EAST_ASIAN: Final = frozenset({"JP", "CN", "TW", "HK", "MO", "KR"})
_CITY_AREA_POSTAL: Final = frozenset(
    {"US", "CA", "AU", "PR", "GU", "VI", "AS", "MP", "UM", "JP", "CN", "TW", "KR", "BR", "IN", "TH", "ID", "VN", "PH"}
)
_CITY_THEN_POSTAL_LINE: Final = frozenset({"GB", "IE", "JE", "GG", "IM", "ZA", "KE"})
_CITY_POSTAL: Final = frozenset({"NZ", "SG", "HK", "MY", "SA", "BD", "LK", "NP"})

#: A "name" that ends so is a department, and a department is addressed like its company (御中, not 様).
_DEPARTMENT: Final = re.compile(r"(係|部|課|室|店|窓口|センター|デスク|事務局|倉庫)$")


class LineKind(StrEnum):
    """What a printed line of an address says, so that a sheet can set names larger than streets."""

    POSTAL = "postal"
    PLACE = "place"
    STREET = "street"
    COMPANY = "company"
    NAME = "name"
    COUNTRY = "country"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class AddressLine:
    """One line of a printed address."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """A place that a parcel can be sent to or from.

    Every field is one line of text, trimmed, "" where unknown; ``country`` is ISO 3166-1 alpha-2 in capitals.
    An address may be incomplete (Saleor lets shops skip its validation): ``missing()`` says what a parcel lacks.

    Raises:
        InvalidInput: unknown country, or a field longer than Saleor itself could hold; ``field`` names it.
    """

    name: str = ""
    company: str = ""
    street1: str = ""
    street2: str = ""
    city: str = ""
    city_area: str = ""
    postal_code: str = ""
    country_area: str = ""
    country: str
    phone: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str):
                raise InvalidInput(f"Address: {field.name} must be text", field.name)
            value = _one_line(value)
            limit = MAX_NAME_LENGTH if field.name == "name" else MAX_FIELD_LENGTH
            if len(value) > limit:
                raise InvalidInput(f"Address: {field.name} is longer than {limit} characters", field.name)
            object.__setattr__(self, field.name, value)
        object.__setattr__(self, "country", self.country.upper())
        if self.country not in COUNTRY_NAMES:
            raise InvalidInput("Address: country must be an ISO 3166-1 alpha-2 code", "country")

    @classmethod
    def from_saleor(cls, data: Mapping[str, Any]) -> Self:
        """Read Saleor's ``Address`` object; absent and null fields are "".

        ``country`` may be Saleor's ``{code}`` object or the bare code of an input.
        Names in Chinese characters or kana are put family name first.
        """
        country = data.get("country")
        code = country.get("code") if isinstance(country, Mapping) else country
        name = full_name(data.get("firstName"), data.get("lastName"))
        return cls(
            country=code or "",
            name=name,
            company=data.get("companyName") or "",
            street1=data.get("streetAddress1") or "",
            street2=data.get("streetAddress2") or "",
            city=data.get("city") or "",
            city_area=data.get("cityArea") or "",
            postal_code=data.get("postalCode") or "",
            country_area=data.get("countryArea") or "",
            phone=data.get("phone") or "",
        )

    def to_json(self) -> dict[str, str]:
        """Every field by its own name; ``from_json`` reads it back to an equal address."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote; keys that a newer release may have added are ignored."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        if "country" not in values:
            raise InvalidInput("Address: country is missing", "country")
        return cls(**values)

    def missing(self) -> tuple[str, ...]:
        """The fields without which nobody can deliver a parcel here; () for a usable address."""
        lacking = []
        if not self.name and not self.company:
            lacking.append("name")
        if not self.street1 and not self.street2:
            lacking.append("street1")
        if not self.city and not self.city_area and not self.country_area and not self.postal_code:
            lacking.append("city")
        return tuple(lacking)

    @property
    def country_name(self) -> str:
        """The English name of the country, as on international mail."""
        return COUNTRY_NAMES[self.country]

    def layout(
        self, language: str, *, honorific: bool = False, country: bool = False, phone: bool = False
    ) -> tuple[AddressLine, ...]:
        """The lines in the order in which they are written on a parcel, each with its kind; no empty line.

        ``honorific`` adds 様 or 御中 where the address is written the Japanese way: for the addressee, never
        for the sender. ``country`` adds the country in capitals, for parcels that cross a border.
        ``language`` decides only for Japanese addresses without any Japanese character in them.
        """
        if self._runs_large_to_small(language):
            lines = self._large_to_small(honorific=honorific)
        else:
            lines = self._small_to_large()
        if country:
            lines.append((LineKind.COUNTRY, self.country_name.upper()))
        if phone and self.phone:
            lines.append((LineKind.PHONE, self.phone))
        return tuple(AddressLine(kind, text) for kind, text in lines if text)

    def lines(
        self, language: str, *, honorific: bool = False, country: bool = False, phone: bool = False
    ) -> tuple[str, ...]:
        """The texts of ``layout``."""
        return tuple(line.text for line in self.layout(language, honorific=honorific, country=country, phone=phone))

    def _runs_large_to_small(self, language: str) -> bool:
        if self.country not in _EAST_ASIAN:
            return False
        place = self.street1 + self.street2 + self.city + self.city_area + self.country_area
        if self.country == "JP":
            unlettered = not any(char.isalpha() for char in place)
            return has_east_asian(place + self.name + self.company) or (language == "ja" and unlettered)
        return has_east_asian(place)

    def _large_to_small(self, *, honorific: bool) -> list[tuple[LineKind, str]]:
        japanese = self.country == "JP"
        place = [part for part in (self.country_area, self.city, self.city_area) if part]
        company, name = self.company, self.name
        if honorific and japanese:
            if name:
                name = f"{name} {'御中' if _DEPARTMENT.search(name) else '様'}"
            elif company:
                company = f"{company} 御中"
        return [
            (LineKind.POSTAL, _japanese_postal_code(self.postal_code) if japanese else self.postal_code),
            (LineKind.PLACE, ("" if all(map(has_east_asian, place)) else " ").join(place)),
            (LineKind.STREET, self.street1),
            (LineKind.STREET, self.street2),
            (LineKind.COMPANY, company),
            (LineKind.NAME, name),
        ]

    def _small_to_large(self) -> list[tuple[LineKind, str]]:
        return [
            (LineKind.NAME, self.name),
            (LineKind.COMPANY, self.company),
            (LineKind.STREET, self.street1),
            (LineKind.STREET, self.street2),
            (LineKind.PLACE, self.city_area),
            *((LineKind.PLACE, text) for text in self._locality()),
        ]

    def _locality(self) -> tuple[str, ...]:
        city, area, postal = self.city, self.country_area, self.postal_code
        if self.country in _CITY_AREA_POSTAL:
            region = " ".join(filter(None, (area, postal)))
            return (", ".join(filter(None, (city, region))),)
        if self.country in _CITY_THEN_POSTAL_LINE:
            return city, area, postal
        if self.country in _CITY_POSTAL:
            return " ".join(filter(None, (city, postal))), area
        return " ".join(filter(None, (postal, city))), area


def full_name(first: str | None, last: str | None) -> str:
    """Somebody's name as Saleor has its parts, in one line; in Chinese characters or kana the family name comes first.

    ``山田 太郎``, ``Taro Yamada``.
    """
    first, last = _one_line(first or ""), _one_line(last or "")
    return (f"{last} {first}" if has_east_asian(first + last) else f"{first} {last}").strip()


def has_east_asian(text: str) -> bool:
    """Whether any character is kana, hangul or a Chinese character."""
    return any(
        unicodedata.name(char, "").startswith(("CJK ", "HIRAGANA ", "KATAKANA ", "HALFWIDTH KATAKANA ", "HANGUL "))
        for char in text
        if char > "\u10ff"
    )


def _japanese_postal_code(value: str) -> str:
    """``〒100-0001``; digits may be full width or lack the hyphen, anything else is kept as it was typed.

    >>> _japanese_postal_code("１０００００１")
    '〒100-0001'
    """
    plain = unicodedata.normalize("NFKC", value).removeprefix("〒").strip()
    digits = re.sub(r"\D", "", plain)
    if re.fullmatch(r"\d{3}\D?\d{4}", plain):
        return f"〒{digits[:3]}-{digits[3:]}"
    return f"〒{plain}" if plain else ""


def _one_line(value: str) -> str:
    """Without line breaks, control characters, lone surrogates, or runs of spaces."""
    kept = (
        " " if char.isspace() else char
        for char in value
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cs"}
    )
    return " ".join("".join(kept).split())
