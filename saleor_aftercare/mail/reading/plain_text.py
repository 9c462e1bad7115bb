"""Plain text as people write it in mails: flowed lines (RFC 3676), files in the text (uuencode), signed text (PGP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .transfer import find_uu, uu_lines

#: More files than these in one text stay text.
MAX_UU: Final = 20


def tidy(text: str) -> str:
    """One kind of line end, no zero bytes; spaces at line ends stay, for ``"-- "`` needs one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").replace("\ufeff", "")


def unflow(text: str, *, delsp: bool) -> str:
    """The paragraphs of ``format=flowed``, each on one line, with the depth of its quotes kept.

    Args:
        text: with single line feeds.
        delsp: ``DelSp=yes``: the space before a soft break is part of the break (as Japanese needs).
    """
    lines: list[str] = []
    paragraph: list[str] = []
    depth_before = 0

    def close() -> None:
        if paragraph:
            content = "".join(paragraph).rstrip(" ") if depth_before else "".join(paragraph)
            lines.append(">" * depth_before + (" " if depth_before and content else "") + content)
            paragraph.clear()

    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        is_signature = content == "-- "
        if paragraph and (depth != depth_before or is_signature):
            close()
        depth_before = depth
        flows = content.endswith(" ") and not is_signature
        paragraph.append(content[:-1] if flows and delsp else content)
        if not flows:
            close()
    close()
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file that stood in the text."""

    name: str
    data: bytes


def take_uu(data: bytes) -> tuple[bytes, list[UuFile]]:
    """The text without its uuencoded files, and the files."""
    files: list[UuFile] = []
    pieces: list[bytes] = []
    at = search = 0
    while len(files) < MAX_UU and (found := find_uu(data, search)):
        begin, lines_at, name = found
        content, end = uu_lines(data, lines_at)
        search = lines_at
        if content:
            files.append(UuFile(name.decode("utf-8", "replace"), content))
            pieces.append(data[at:begin])
            at = search = end
    pieces.append(data[at:])
    return b"".join(pieces), files


_BEGIN, _SIGNED, _END = (
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
)


def strip_pgp(text: str) -> tuple[str, bool]:
    """The words of a clear-signed text (RFC 9580 §7) without the armour, and whether there was any."""
    begin = text.find(_BEGIN)
    signed = text.find(_SIGNED, begin) if begin >= 0 else -1
    if signed < 0:
        return text, begin >= 0
    end = text.find(_END, signed)
    behind = text[end + len(_END) :] if end >= 0 else ""
    # Between the first line and the blank one stand the names of hashes.
    _hashes, _blank, words = text[begin + len(_BEGIN) : signed].partition("\n\n")
    return text[:begin] + re.sub(r"(?m)^- ", "", words) + behind.lstrip("\n"), True
