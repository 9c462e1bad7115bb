"""The languages that we write in, and which of them somebody gets."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["en", "ja"]

#: In the order in which switches show them.
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ja")


def supported_language(code: str, *, default: str = "en") -> Language:
    """The language to write in for somebody who prefers ``code`` (BCP 47, any case).

    >>> supported_language("ja-JP"), supported_language("fr", default="ja"), supported_language("fr")
    ('ja', 'ja', 'en')
    """
    for wish in (code, default):
        primary = wish.lower().replace("_", "-").partition("-")[0]
        if primary in LANGUAGES:
            return primary
    return "en"
