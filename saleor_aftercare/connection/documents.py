"""The GraphQL documents that we send, read from ``operations/`` and put together for one Saleor version.

``name.graphql`` holds for every version we support; ``name-3.22.graphql`` and ``name-3.23-3.24.graphql`` hold for
those versions (inclusive). Fragments stand one to a file under ``fragments/``. A test validates every document
against every schema that it claims to hold for.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

OPERATIONS = Path(__file__).parent / "operations"

#: Saleor's minor versions that we are made for; a newer one is treated as the newest of these.
SUPPORTED = ((3, 22), (3, 23), (3, 24))

_RANGE = re.compile(r"-(\d+)\.(\d+)(?:-(\d+)\.(\d+))?$")
_SPREAD = re.compile(r"\.\.\.\s*([A-Z]\w*)")

Version = tuple[int, int]


def nearest(version: Version) -> Version:
    """The supported version whose documents a Saleor of ``version`` gets."""
    return min(max(version, SUPPORTED[0]), SUPPORTED[-1])


def versions_of(stem: str) -> tuple[str, tuple[Version, ...]]:
    """The operation's name and the supported versions that a file name stands for.

    >>> versions_of("customers-3.23-3.24")
    ('customers', ((3, 23), (3, 24)))
    """
    found = _RANGE.search(stem)
    if not found:
        return stem, SUPPORTED
    low = (int(found[1]), int(found[2]))
    high = (int(found[3]), int(found[4])) if found[3] else low
    return stem[: found.start()], tuple(v for v in SUPPORTED if low <= v <= high)


@cache
def document(name: str, version: Version) -> str:
    """The text of operation ``name`` for a Saleor of ``version``, with the fragments that it uses."""
    wanted = nearest(version)
    for path in sorted(OPERATIONS.glob("*.graphql")):
        stem, versions = versions_of(path.stem)
        if stem == name and wanted in versions:
            return _with_fragments(path.read_text())
    raise LookupError(f"No document {name!r} for Saleor {wanted[0]}.{wanted[1]}")


def _with_fragments(text: str) -> str:
    parts, seen, todo = [text], set[str](), [text]
    while todo:
        for name in _SPREAD.findall(todo.pop()):
            if name not in seen:
                seen.add(name)
                fragment = (OPERATIONS / "fragments" / f"{name}.graphql").read_text()
                parts.append(fragment)
                todo.append(fragment)
    return "\n".join(parts)
