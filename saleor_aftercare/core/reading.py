"""JSON from strangers, read value by value: whatever is wrong with one names its path, such as ``hours.mon[1].end``.

Nothing is guessed: unknown keys, keys given twice, other types and numbers in quotes are errors.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from saleor_aftercare.core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(?P<offset>Z|[+-]\d{2}:\d{2})?", re.ASCII)
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*", re.ASCII)


class BadDocument(InvalidInput):
    """``field`` is the whole path of what is wrong."""


def parse(raw: bytes) -> Place:
    """The document in ``raw``: UTF-8 JSON, with or without a byte order mark."""
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_pairs, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadDocument(f"byte {error.start} is no UTF-8", "document") from None
    except json.JSONDecodeError as error:
        raise BadDocument(f"line {error.lineno}, column {error.colno}: {error.msg}", "document") from None
    except RecursionError:
        raise BadDocument("is nested too deeply", "document") from None
    except ValueError as error:  # a number with thousands of digits
        raise BadDocument(f"is no JSON: {error}", "document") from None
    return Place(value, "")


@dataclass(frozen=True, slots=True)
class Place:
    """A value of a document, and its path from the top."""

    value: Any
    path: str

    def fail(self, message: str) -> NoReturn:
        """Say what is wrong here."""
        raise BadDocument(message, self.path or "document")

    def fields(self, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, Place]:
        """The fields of an object; a key with null counts as not given."""
        needed = tuple(required)
        known = (*needed, *optional)
        if not isinstance(self.value, dict):
            self.fail(f"must be an object, not {_kind(self.value)}")
        for key in self.value:
            if key not in known:
                self.under(key).fail(f"is unknown; known here: {', '.join(known)}")
        found = {key: self.under(key) for key, value in self.value.items() if value is not None}
        for key in needed:
            if key not in found:
                self.under(key).fail("is missing")
        return found

    def under(self, key: str) -> Place:
        """The field ``key`` of this object."""
        name = key if _PLAIN_KEY.fullmatch(key) else json.dumps(key[:60])
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Place(value, f"{self.path}.{name}" if self.path else name)

    def entries(self) -> dict[str, Place]:
        """The fields of an object whose keys are names."""
        if not isinstance(self.value, dict):
            self.fail(f"must be an object, not {_kind(self.value)}")
        return {key: self.under(key) for key in self.value}

    def items(self, *, most: int, least: int = 0) -> list[Place]:
        """The items of a list."""
        if not isinstance(self.value, list):
            self.fail(f"must be a list, not {_kind(self.value)}")
        if not least <= len(self.value) <= most:
            self.fail(f"has {len(self.value)} entries; it must have {least} to {most}")
        return [Place(value, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def text(self, *, most: int = 200) -> str:
        """A text of one line that is not empty."""
        if not isinstance(self.value, str):
            self.fail(f"must be a text, not {_kind(self.value)}")
        if not self.value.strip():
            self.fail("must not be empty")
        if len(self.value) > most:
            self.fail(f"has {len(self.value)} characters; at most {most} are allowed")
        if not self.value.isprintable():
            self.fail("must be one line without control characters")
        return self.value.strip()

    def texts(self, *, most: int = 1000) -> frozenset[str]:
        """One text, or a list of them."""
        if isinstance(self.value, str):
            return frozenset({self.text()})
        return frozenset(item.text() for item in self.items(most=most))

    def choice(self, kind: type[E]) -> E:
        """One of an enum's values."""
        try:
            return kind(self.value)
        except ValueError:
            return self.fail(f"{_shown(self.value)} is none of: {', '.join(kind)}")

    def one_of(self, names: Collection[str]) -> str:
        """One of the names given elsewhere in the document."""
        name = self.text()
        if name not in names:
            self.fail(f"{_shown(name)} is not given; there are: {', '.join(names) or 'none'}")
        return name

    def whole(self, least: int, most: int) -> int:
        """A whole number."""
        if isinstance(self.value, float):
            self.fail(f"must be a whole number, not {self.value}")
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail(f"must be a whole number, not {_kind(self.value)}")
        if not least <= self.value <= most:
            self.fail(f"must be {least} to {most}")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self.fail(f"must be true or false, not {_kind(self.value)}")
        return self.value

    def date(self) -> date:
        """A day as YYYY-MM-DD."""
        return self._parsed(_DATE, date.fromisoformat, 'a date such as "2026-12-24"')

    def instant(self) -> datetime:
        """A moment in ISO 8601 with its offset from UTC."""
        example = 'a time in ISO 8601 with its offset, such as "2026-12-24T09:30:00+01:00"'
        at = self._parsed(_INSTANT, datetime.fromisoformat, example)
        if at.utcoffset() is None:
            self.fail(f"{_shown(self.value)} has no offset from UTC; write {example}")
        return at

    def matching(self, pattern: re.Pattern[str], example: str) -> re.Match[str]:
        """A text of this form."""
        found = pattern.fullmatch(self.value) if isinstance(self.value, str) else None
        if found is None:
            self.fail(f"{_shown(self.value)} is not {example}")
        return found

    @contextmanager
    def here(self, fields: Mapping[str, Place] | None = None) -> Iterator[None]:
        """What a rule finds wrong inside is told with the path of this place, or of the field it names."""
        try:
            yield
        except BadDocument:
            raise
        except InvalidInput as error:
            at = (fields or {}).get(error.field or "", self)
            raise BadDocument(error.message, at.path or "document") from None

    def _parsed(self, pattern: re.Pattern[str], parser: Callable[[str], T], example: str) -> T:
        text = self.matching(pattern, example).string
        try:
            return parser(text)
        except (ValueError, OverflowError):
            return self.fail(f"{_shown(text)} does not exist")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _value in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise BadDocument(f"the key {_shown(twice)} stands twice in one object", "document")
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadDocument(f"{name} is no JSON", "document")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    text = text if text.isprintable() else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
