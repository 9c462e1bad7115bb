"""The words of the withdrawal function, in the languages that its pages and letters speak.

They stand in code and not in the gettext catalogues (docs/adr/0008, 0013): the function must speak the consumer's
language where the rest of the portal does not, some of it is statutory, and mypy says what a language still lacks.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from .base import Words
from .dates import day, moment
from .de import DE
from .en import EN
from .es import ES
from .fr import FR
from .it import IT
from .ja import JA
from .labels import STATUTORY, Labels, labels_of
from .nl import NL

Language: TypeAlias = Literal["en", "de", "es", "fr", "it", "nl", "ja"]

_WORDS: Final = MappingProxyType({"en": EN, "de": DE, "es": ES, "fr": FR, "it": IT, "nl": NL, "ja": JA})
#: In the order in which menus show them.
LANGUAGES: Final[tuple[str, ...]] = tuple(_WORDS)


def spoken(code: str) -> str:
    """The language of ours that ``code`` (BCP 47, any case) asks for; empty for one that these pages do not speak.

    >>> spoken("de-AT"), spoken("pl")
    ('de', '')
    """
    primary = code.lower().replace("_", "-").partition("-")[0]
    return primary if primary in _WORDS else ""


def words_of(language: str) -> Words:
    """The words of a language; English for one that these pages do not speak."""
    return _WORDS[spoken(language) or "en"]


__all__ = ["LANGUAGES", "STATUTORY", "Labels", "Language", "Words", "day", "labels_of", "moment", "spoken", "words_of"]
