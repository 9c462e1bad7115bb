"""Transfer encodings undone (RFC 2045 §6), where they are damaged, misnamed or not what the header says."""

from __future__ import annotations

import binascii
import re
from typing import Final

from .charsets import is_utf8
from .guesses import Guesses

_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n \t\0"
_PROSE: Final = re.compile(rb"[a-z,.;:!?)>] +[A-Za-z<(]|[\x80-\xff]{3}|^--?[ -]|<[a-z/!]", re.MULTILINE)
_BASE64_LINES: Final = re.compile(rb"(?:[A-Za-z0-9+/]{60,80}\r?\n)+[A-Za-z0-9+/]{0,80}={0,2}\s*\Z")
_BASE64_SHORT: Final = re.compile(rb"(?:[A-Za-z0-9+/]{4}){4,19}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)\s*\Z")
_ENCODED_BYTE: Final = re.compile(rb"=(?:[89A-F][0-9A-F]|3D|1B|20|0D)")
_SPACED_BREAK: Final = re.compile(rb"=[ \t]+(?=\r?\n|\Z)")
_LINES_AFTER_END: Final = re.compile(rb"=[\r\n \t]+(?=[^\s=A-Za-z0-9+/]|[A-Za-z0-9+/]+[^A-Za-z0-9+/=\r\n])")

_NAMES: Final = {
    "base64": "base64", "b": "base64", "b64": "base64", "bas64": "base64", "base64base64": "base64",
    "quotedprintable": "qp", "quotedprintible": "qp", "q": "qp", "qp": "qp", "quoted": "qp",
    "uuencode": "uu", "xuuencode": "uu", "uue": "uu", "xuue": "uu", "xuu": "uu", "uuencoded": "uu",
    "7bit": "", "8bit": "", "binary": "", "7bits": "", "8bits": "", "": "", "none": "", "text": "",
}  # fmt: skip


def undo(data: bytes, encoding: str, *, is_text: bool, where: str, guesses: Guesses) -> bytes:
    """The bytes of a part.

    Args:
        data: the body as it stands in the mail.
        encoding: the value of ``Content-Transfer-Encoding``.
        is_text: only text is looked at for an encoding that the header does not tell.
        where: said in a guess.
    """
    plain = re.sub(r"[^a-z0-9]", "", encoding.partition(";")[0].partition("(")[0].lower())
    name = _NAMES.get(plain)
    if name is None:
        guesses.add(where, declared=encoding, used="8bit", why="The transfer encoding is unknown; nothing was decoded.")
        name = ""
    if name == "base64":
        return _base64(data, encoding, is_text=is_text, where=where, guesses=guesses)
    if name == "qp":
        return quoted_printable(data)
    if name == "uu":
        return uudecoded(data)
    return _undeclared(data, encoding, where, guesses) if is_text else data


def _undeclared(data: bytes, encoding: str, where: str, guesses: Guesses) -> bytes:
    """Text under no encoding that is plainly encoded all the same."""
    head = data[:4000]
    if head.isascii() and b"=" in data:
        encoded = _ENCODED_BYTE.findall(head)
        high = sum(1 for found in encoded if found[1:2] in b"89ABCDEF")
        if high >= 6 or (high >= 2 and b"=\n" in head.replace(b"\r", b"")):
            decoded = quoted_printable(data)
            if is_utf8(decoded) or high >= 12:
                guesses.add(where, declared=encoding, used="quoted-printable", why="The text is quoted-printable.")
                return decoded
    stripped = data.strip()
    if stripped and (_BASE64_LINES.match(stripped) or _BASE64_SHORT.match(stripped)):
        decoded = decode_base64(stripped)
        if is_utf8(decoded) and not any(byte < 9 for byte in decoded[:2000]):
            guesses.add(where, declared=encoding, used="base64", why="The text is base64.")
            return decoded
    return data


def _base64(data: bytes, encoding: str, *, is_text: bool, where: str, guesses: Guesses) -> bytes:
    if is_text and _is_prose(data):
        guesses.add(where, declared=encoding, used="8bit", why="The text is not base64; nothing was decoded.")
        return data
    tail = b""
    if is_text:
        # A mailing list or a virus scanner wrote its footer behind the encoded text.
        found = _LINES_AFTER_END.search(data)
        if found:
            data, tail = data[: found.start() + 1], data[found.end() :]
            guesses.add(
                where, declared=encoding, used="base64", why="Plain text stands behind the base64; it was kept."
            )
    if data.translate(None, _ALPHABET):
        why = "Characters that are no base64 were left out."
        guesses.add(where, declared=encoding, used="base64", why=why)
    decoded = decode_base64(data)
    return decoded + b"\n" + tail if tail else decoded


def _is_prose(data: bytes) -> bool:
    head = data[:4000].strip()
    if not head:
        return False
    first = head.split(b"\n", 1)[0].strip()
    if _NOT_BASE64.sub(b"", first) == first.rstrip(b"=") and len(first) >= 16 and len(first) % 4 == 0:
        return False
    if len(_PROSE.findall(head)) <= len(head) // 100:
        return False
    # What was broken on the way still decodes to text; prose decodes to noise.
    decoded = decode_base64(head)
    return not is_utf8(decoded[:-3]) or any(byte < 9 for byte in decoded)


def decode_base64(data: bytes) -> bytes:
    """Base64 with anything else in between left out, joined where padding stands in the middle."""
    if data.count(b"=") <= 2:
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            pass
    pieces = []
    for chunk in data.split(b"="):
        plain = _NOT_BASE64.sub(b"", chunk)
        if len(plain) % 4 == 1:
            plain = plain[:-1]
        pieces.append(binascii.a2b_base64(plain + b"=" * (-len(plain) % 4)))
    return b"".join(pieces)


def quoted_printable(data: bytes) -> bytes:
    """Quoted-printable; soft breaks with spaces behind them are soft breaks, and what is no escape stays."""
    if b"=" not in data:
        return data
    return binascii.a2b_qp(_SPACED_BREAK.sub(b"=", data).replace(b"=\r\r\n", b"=\r\n"))


_UU_BEGIN: Final = re.compile(rb"(?m)^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,500}?)[ \t]*\r?$")


def uudecoded(data: bytes) -> bytes:
    """The file in a uuencoded body; the bytes as they are when there is none."""
    found = _UU_BEGIN.search(data)
    return uu_lines(data, found.end())[0] if found else data


def uu_lines(data: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of uuencoded lines from ``at`` on, and where the text behind them begins; the end may be missing."""
    pieces: list[bytes] = []
    for found in re.compile(rb"[^\n]*(?:\n|\Z)").finditer(data, at):
        line = found[0].strip(b"\r\n")
        at = found.end()
        if not line and not pieces:
            if at >= len(data):
                break
            continue
        if line.strip() == b"end":
            break
        decoded = _uu_line(line)
        if decoded is None:
            at = found.start()
            break
        pieces.append(decoded)
    return b"".join(pieces), at


def _uu_line(line: bytes) -> bytes | None:
    if not line or not 0x20 <= line[0] <= 0x60:
        return b"" if not line.strip() else None
    length = (line[0] - 32) & 63
    needed = (length * 4 + 2) // 3
    if len(line) - 1 > needed + 4 or any(byte > 0x60 or byte < 0x20 for byte in line):
        return None
    padded = line[: 1 + needed].ljust(1 + (length + 2) // 3 * 4, b" ")
    try:
        return binascii.a2b_uu(padded)
    except binascii.Error:
        return None


def find_uu(data: bytes, at: int) -> tuple[int, int, bytes] | None:
    """The next uuencoded file in a text: where its first line begins and ends, and its name."""
    found = _UU_BEGIN.search(data, at)
    return (found.start(), found.end(), found[1]) if found else None
