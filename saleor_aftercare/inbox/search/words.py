"""What counts as a word, in English, Japanese and every other language; used alike for messages and for searches.

Spelling does not matter: case, accents, half and full width, hiragana and katakana. Languages that put no spaces
between words are cut into pairs of neighbouring characters, each with its place, so that any piece of a sentence is
found. English words count with and without their endings. A number with signs in it (RMA-118, 090-1234-5678) counts
without the signs, and a telephone number also by its last eight digits, whatever country code stands before them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Longer words are cut, in messages and in searches alike.
MAX_WORD = 60
#: PostgreSQL knows no higher place, and no more than 255 places of one word.
MAX_PLACE = 16_000
MAX_PLACES = 200
#: As much of a text is looked at.
MAX_TEXT = 60_000
#: Between two texts of one message, so that no phrase reaches from one into the other.
GAP = 10
#: Marks a telephone number by its end.
PHONE_MARK = "☎"
_PHONE_DIGITS = 8

#: Scripts without spaces between words: kana, Han, Hangul, Thai, Lao, Burmese, Khmer.
_UNSPACED = (
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u104f\u1780-\u17d3\U00020000-\U0003ffff"
)
_WORD = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|[^\\W_{_UNSPACED}]+(?:[-_./@+'’]+[^\\W_{_UNSPACED}]+)*")
_SIGNS = re.compile(r"[-_./@+'’]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_PHONE = re.compile(r"(?<![^\W_])(?<!\+)[+(]{0,2}\d[\d().\- ]{7,20}\d(?![^\W_])")
_ASCII_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Token:
    """One spelling of something at a place; several may share a place."""

    text: str
    place: int


def normalise(text: str) -> str:
    """One spelling for all: lower case, no accents, full-width kana as hiragana, half-width letters."""
    text = text[:MAX_TEXT]
    if text.isascii():
        return text.lower()
    loose = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", loose)).casefold().translate(_TO_HIRAGANA)


def is_unspaced(word: str) -> bool:
    """Whether a normalised word is of a script without spaces."""
    found = _WORD.match(word)
    return found is not None and found["unspaced"] is not None


@functools.lru_cache(20_000)
def stem(word: str) -> str:
    """An English word without the endings that say how many and when; other words as they are."""
    if len(word) < 4 or not _ASCII_WORD.fullmatch(word):
        return word
    word = word.removesuffix("'s").replace("'", "")
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= 3 and re.search("[aeiouy]", bare):
            word = bare[:-1] if bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def squeezed(word: str) -> str:
    """A word without the signs in it."""
    return _SIGNS.sub("", word)


def contracted(word: str) -> str:
    """What a word with an apostrophe is searched for by: don't, customer's."""
    return stem(word) if _ASCII_WORD.fullmatch(word) and len(word) > 3 else squeezed(word)


def parts_of(word: str) -> list[str]:
    """A word cut at the signs in it."""
    return _SIGNS.split(word)


def words_of(text: str) -> Iterator[re.Match[str]]:
    """The words of a normalised text, in order."""
    return _WORD.finditer(text)


def phone_token(text: str) -> str | None:
    """What a telephone number is found by; None for what is none."""
    digits = "".join(filter(str.isdigit, text))
    return PHONE_MARK + digits[-_PHONE_DIGITS:] if 9 <= len(digits) <= 15 else None


def phones_in(text: str) -> Iterator[re.Match[str]]:
    """What looks like a telephone number in a normalised text."""
    return _PHONE.finditer(text)


def bigrams(run: str) -> list[str]:
    """The pairs of neighbours of a run; one character alone for a run of one."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def scan(text: str, *, place: int = 1) -> Iterator[Token]:
    """Every spelling by which a text is found, each with its place, beginning at ``place``."""
    text = normalise(text)
    for found in words_of(text):
        word = found[0]
        if found["unspaced"] is not None:
            for pair in bigrams(word):
                yield Token(pair, place)
                # A search for one character finds it here, and needs not look at all pairs that begin with it.
                if len(pair) == 2 and _HAN.match(pair):
                    yield Token(pair[0], place)
                place += 1
            if len(word) > 1:
                yield Token(word[-1], place)
                place += 1
            continue
        word = word.replace("’", "'")
        parts = parts_of(word)
        if len(parts) > 1:
            yield from _compound(word, place)
        for part in (one[:MAX_WORD] for one in parts):
            yield Token(part, place)
            if (bare := stem(part)) != part:
                yield Token(bare, place)
            place += 1
    for phone in phones_in(text):
        if (mark := phone_token(phone[0])) is not None:
            yield Token(mark, place)
    if (mark := phone_token(text)) is not None and text.strip("+0123456789") == "":
        yield Token(mark, place)


def _compound(word: str, place: int) -> Iterator[Token]:
    if "@" in word:
        yield Token(word[:MAX_WORD], place)
    elif any(map(str.isdigit, word)) or "'" in word:
        yield Token(squeezed(word)[:MAX_WORD], place)
        if "'" in word:
            yield Token(contracted(word)[:MAX_WORD], place)


def tokens(text: str) -> list[str]:
    """The words of a text as the index knows them, each once, in the order of the text."""
    return list(dict.fromkeys(token.text for token in scan(text)))


def vector(texts: Iterable[tuple[str, str]], *, marks: Iterable[str] = ()) -> str:
    """A tsvector as PostgreSQL reads it, of texts with their weights (A to D); ``marks`` go in without a place."""
    places: dict[str, list[str]] = {mark: [] for mark in marks}
    place = 1
    for text, weight in texts:
        letter = "" if weight == "D" else weight
        last = place - GAP
        for token in scan(text, place=place):
            last = token.place
            if last > MAX_PLACE:
                break
            held = places.setdefault(token.text, [])
            if len(held) < MAX_PLACES:
                held.append(f"{last}{letter}")
        place = last + GAP
    return " ".join(f"{quoted(word)}:{','.join(held)}" if held else quoted(word) for word, held in places.items())


def quoted(word: str) -> str:
    """A word as a lexeme in a tsvector or tsquery literal."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
