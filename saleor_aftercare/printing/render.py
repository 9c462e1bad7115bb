"""Sets a page: a template's name and data in, PDF bytes out."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, cast

import typst

from .codes import Symbol
from .fonts import FONT_DIR, MAIN_FAMILIES
from .text import breakable, printable
from .words import words_of

TEMPLATE_DIR: Final = Path(__file__).parent.parent / "templates" / "aftercare" / "print"

Data: TypeAlias = "str | int | float | bool | Symbol | Sequence[Data] | Mapping[str, Data] | None"

_compilers = threading.local()


def render_pdf(template: str, data: Mapping[str, Data], *, title: str, language: str, issued_on: date) -> bytes:
    """The PDF of one template: tagged (PDF/UA-1), fonts embedded, equal bytes for equal arguments.

    The template finds ``data`` with every string made printable as ``d``, with ``title``, ``language``, ``fonts``
    and ``lost`` (some character could not be printed), and the fixed words of the language as ``w``. Templates
    are ours; ``data`` may hold anything that people type.

    Raises:
        InvalidInput: no paper is laid out in ``language``.
    """
    payload, lost = _prepare(data)
    frame = {"title": printable(title)[0], "language": language, "fonts": _families(), "lost": lost}
    inputs = {"data": json.dumps({**payload, **frame}, ensure_ascii=False), "words": _words_json(language)}
    document = _compiler(template).compile(
        format="pdf",
        sys_inputs=inputs,
        timestamp=datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC),
        pdf_standards="ua-1",
    )
    return cast("bytes", document)


@cache
def _words_json(language: str) -> str:
    return json.dumps(asdict(words_of(language)), ensure_ascii=False)


def _compiler(template: str) -> typst.Compiler:
    """This thread's compiler: a compiler must not be shared by threads, and building one costs several pages."""
    compilers: dict[str, typst.Compiler] = _compilers.__dict__
    if template not in compilers:
        compilers[template] = typst.Compiler(TEMPLATE_DIR / f"{template}.typ", root=TEMPLATE_DIR, font_paths=_fonts())
    return compilers[template]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_DIR])


@cache
def _families() -> list[str]:
    return [*MAIN_FAMILIES, *sorted(set(_fonts().families()) - set(MAIN_FAMILIES))]


def _prepare(data: Mapping[str, Data]) -> tuple[dict[str, Data], bool]:
    """A copy of ``data`` that can be printed, and whether any character was lost."""
    lost = False

    def walk(value: Data) -> Data:
        nonlocal lost
        if isinstance(value, str):
            text, gone = printable(value)
            lost = lost or gone
            return breakable(text)
        if isinstance(value, Symbol):
            return asdict(value)
        if isinstance(value, Mapping):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, Sequence):
            return [walk(item) for item in value]
        return value

    return {key: walk(value) for key, value in data.items()}, lost
