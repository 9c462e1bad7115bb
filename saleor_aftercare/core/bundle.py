"""What the bundler made of the dashboard, by its manifest (https://vite.dev/guide/backend-integration)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from django.templatetags.static import static

import saleor_aftercare

FOLDER: Final = "aftercare"
MANIFEST: Final = Path(saleor_aftercare.__file__).parent / "static" / FOLDER / ".vite" / "manifest.json"


#: The dashboard's pages: the inbox and all others, and the pop-up.
APP: Final = "src/app/main.tsx"


class NotBuiltError(Exception):
    """The dashboard has not been built; a wheel always holds it, a source tree needs `make dashboard`."""


@dataclass(frozen=True)
class Entry:
    """What a page links to: its script, the modules that this one imports, and their style sheets."""

    script: str
    modules: tuple[str, ...]
    styles: tuple[str, ...]


def entry(source: str) -> Entry:
    """The files of one entry, such as ``src/app/main.tsx``, as addresses; raises NotBuiltError."""
    try:
        stamp = MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotBuiltError(str(MANIFEST)) from None
    return _entry(source, stamp)


def build() -> str:
    """What the dashboard's pages that are open compare with their own build; "" where there is none.

    A build is named by its entry's file: whatever changes in it, or in what it loads, changes that name.
    """
    try:
        return entry(APP).script.rpartition("/")[2]
    except NotBuiltError:
        return ""


@functools.lru_cache(maxsize=8)
def _entry(source: str, _stamp: int) -> Entry:
    manifest: dict[str, Any] = orjson.loads(MANIFEST.read_bytes())
    if source not in manifest:
        raise NotBuiltError(source)
    chunks = _with_imports(manifest, source)
    styles = dict.fromkeys(style for chunk in reversed(chunks) for style in chunk.get("css", ()))
    return Entry(
        script=_address(chunks[0]["file"]),
        modules=tuple(_address(chunk["file"]) for chunk in chunks[1:]),
        styles=tuple(_address(style) for style in styles),
    )


def _with_imports(manifest: dict[str, Any], source: str) -> list[dict[str, Any]]:
    """The entry's chunk and all that it imports, each once, the entry first."""
    names = [source]
    for name in names:
        names += [one for one in manifest[name].get("imports", ()) if one not in names]
    return [manifest[name] for name in names]


def _address(file: str) -> str:
    return static(f"{FOLDER}/{file}")
