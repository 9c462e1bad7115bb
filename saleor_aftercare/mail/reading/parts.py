"""A mail as a tree of parts (RFC 2045 to 2049), walked without trusting it.

Python's own parser is not used: it recurses as deep as a mail wants, tries every line against every open boundary,
and takes what it cannot read for text. This one cuts the bytes of a part at its boundary and knows its limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .guesses import Guesses
from .headers_in import Headers, read_headers
from .parameters import read_value
from .transfer import undo

#: Deeper and further parts stay unopened inside the part that holds them.
MAX_DEPTH: Final = 25
MAX_PARTS: Final = 1000

_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}\Z")
_LIKELY_BOUNDARY: Final = re.compile(
    rb"(?m)^--([^\s-][^\r\n]{0,200}?|-[^\r\n]{1,200}?)[ \t]*\r?\n(?=Content-)", re.IGNORECASE
)
#: Types by the end of a file's name, for parts that say nothing of use.
TYPES_BY_SUFFIX: Final = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "heic": "image/heic", "webp": "image/webp", "txt": "text/plain", "csv": "text/csv", "zip": "application/zip",
    "ics": "text/calendar", "eml": "message/rfc822", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "mp4": "video/mp4", "mov": "video/quicktime", "vcf": "text/vcard", "html": "text/html", "htm": "text/html",
    "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "rtf": "application/rtf", "svg": "image/svg+xml",
}  # fmt: skip


@dataclass(slots=True)
class Part:
    """One part: its header, what it says it is, its body still encoded, and the parts in it."""

    number: str  #: ``1.2``; empty for the mail itself
    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str  #: ``attachment``, ``inline`` or whatever stands there; empty when nothing does
    file_name: str  #: as written and decoded; empty when there is none
    body: bytes
    within: str = ""  #: the content type of the part that holds it
    children: list[Part] = field(default_factory=list)

    @property
    def where(self) -> str:
        """For guesses."""
        return f"part {self.number}" if self.number else "mail"

    @property
    def content_id(self) -> str:
        """Without brackets; empty when there is none."""
        return (
            self.headers.raw("content-id")[0].decode("utf-8", "replace").strip(" <>\t\"'")
            if (self.headers.has("content-id"))
            else ""
        )

    def content(self, guesses: Guesses) -> bytes:
        """The body with its transfer encoding undone."""
        encoding = self.headers.plain("content-transfer-encoding")
        is_text = self.content_type.startswith("text/")
        return undo(self.body, encoding, is_text=is_text, where=self.where, guesses=guesses)

    def walk(self) -> Iterator[Part]:
        """This part and everything in it, depth first."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


class _Budget:
    def __init__(self) -> None:
        self.left = MAX_PARTS


def read_parts(raw: bytes, guesses: Guesses) -> Part:
    """The tree of a whole mail."""
    return _read_part(raw, "", "", 0, _Budget(), guesses)


def _read_part(data: bytes, number: str, within: str, depth: int, budget: _Budget, guesses: Guesses) -> Part:
    budget.left -= 1
    where = f"part {number}" if number else "mail"
    headers, body_at = read_headers(data, 0, where=where, guesses=guesses)
    part = _described(headers, data[body_at:], number, within, guesses)
    if part.content_type.startswith("multipart/"):
        _open_multipart(part, depth, budget, guesses)
    return part


def open_message(part: Part, guesses: Guesses) -> Part:
    """The mail in a ``message/rfc822`` part, as a tree with limits of its own."""
    return _read_part(part.content(guesses).lstrip(b"\r\n"), part.number, part.content_type, 0, _Budget(), guesses)


def _described(headers: Headers, body: bytes, number: str, within: str, guesses: Guesses) -> Part:
    where = f"part {number}" if number else "mail"
    declared = headers.undecoded("content-type", guesses)
    content_type, parameters = read_value(declared, where=f"{where} content-type", guesses=guesses)
    disposition, more = read_value(
        headers.undecoded("content-disposition", guesses), where=f"{where} content-disposition", guesses=guesses
    )
    name = more.get("filename") or parameters.get("name") or more.get("name") or parameters.get("filename") or ""
    if not _TYPE.match(content_type):
        usual = "message/rfc822" if within == "multipart/digest" else "text/plain"
        suffix = name.rpartition(".")[2].lower()
        used = TYPES_BY_SUFFIX.get(suffix, "application/octet-stream") if name else usual
        if content_type.startswith("multipart"):
            used = "multipart/mixed"
        elif content_type.startswith("text") or content_type in {"plain", "html"}:
            used = "text/html" if "html" in content_type else "text/plain"
        if declared:
            guesses.add(where, declared=declared, used=used, why="The content type is none.")
        content_type = used
    return Part(number, headers, content_type, parameters, disposition, name, body, within)


def _open_multipart(part: Part, depth: int, budget: _Budget, guesses: Guesses) -> None:
    if depth >= MAX_DEPTH:
        guesses.add("mail", declared="", used="", why=f"Parts nested deeper than {MAX_DEPTH} were not opened.")
        part.content_type = "application/octet-stream"
        return
    pieces = _cut(part, part.parameters.get("boundary", ""), guesses)
    if pieces is None:
        # No part is to be found: the whole is text, as a reader without MIME would show it.
        guesses.add(part.where, declared=part.content_type, used="text/plain", why="The boundary does not occur.")
        part.content_type = "text/html" if part.body[:500].lstrip()[:1] == b"<" else "text/plain"
        return
    for index, piece in enumerate(pieces, 1):
        if budget.left <= 0:
            guesses.add("mail", declared="", used="", why=f"Only the first {MAX_PARTS} parts were opened.")
            return
        number = f"{part.number}.{index}" if part.number else str(index)
        part.children.append(_read_part(piece, number, part.content_type, depth + 1, budget, guesses))


def _cut(part: Part, boundary: str, guesses: Guesses) -> list[bytes] | None:
    """The bytes of each part; None when nothing separates any."""
    if boundary:
        pieces = _cut_at(part.body, boundary.encode("utf-8", "replace"), part, guesses)
        if pieces is not None:
            return pieces
    found = _LIKELY_BOUNDARY.search(part.body)
    if not found:
        return None
    used = found[1].decode("utf-8", "replace")
    guesses.add(
        part.where, declared=boundary, used=used, why="The boundary does not occur; the first likely line was taken."
    )
    return _cut_at(part.body, found[1], part, guesses)


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each boundary line: where it begins with the line end before it, where it ends, and whether it closes."""
    line = b"--" + boundary.rstrip()
    at = body.find(line)
    while at >= 0:
        end = at + len(line)
        found = _AFTER_BOUNDARY.match(body, end) if at == 0 or body[at - 1 : at] in {b"\n", b"\r"} else None
        if found:
            begin = at - 2 if body[at - 2 : at] == b"\r\n" else max(at - 1, 0)
            yield begin, found.end(), found[1] is not None
        at = body.find(line, end)


_AFTER_BOUNDARY: Final = re.compile(rb"(--)?[ \t]{0,200}(?=\r|\n|\Z|--)")


def _cut_at(body: bytes, boundary: bytes, part: Part, guesses: Guesses) -> list[bytes] | None:
    pieces: list[bytes] = []
    begin: int | None = None
    for start, end, closes in _delimiters(body, boundary):
        if begin is not None:
            # A part without even a header may be empty: its line end is that of the boundary.
            pieces.append(body[begin : max(begin, start)])
        begin = None if closes else _line_end(body, end)
        if (closes and not _more_parts(body, end, boundary)) or len(pieces) > MAX_PARTS:
            break
    if begin is not None and len(pieces) <= MAX_PARTS:
        why = "The closing boundary is missing; the mail may be cut off."
        guesses.add(part.where, declared="", used="", why=why)
        pieces.append(body[begin:])
    return pieces or None


def _more_parts(body: bytes, at: int, boundary: bytes) -> bool:
    """Whether a closing boundary came too early: some gateways append parts behind it."""
    return body.find(b"--" + boundary, at) >= 0


def _line_end(data: bytes, at: int) -> int:
    if data[at : at + 2] == b"\r\n":
        return at + 2
    return at + 1 if data[at : at + 1] in {b"\r", b"\n"} else at
