"""``winmail.dat``: Outlook's own envelope (MS-OXTNEF), for the files and words in it.

The reader of PyPI (tnefparse) is LGPL and unmaintained since 2021; what is needed of the format fits here: the list of
attributes, the MAPI properties of the message and of each file, and the text in its three shapes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from . import rtf
from .charsets import decode
from .guesses import Guesses

_SIGNATURE: Final = 0x223E9F78
_ATTACH_TITLE, _ATTACH_DATA, _ATTACH_REND, _ATTACHMENT = 0x8010, 0x800F, 0x9002, 0x9005
_BODY, _PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007

_PR_BODY, _PR_HTML, _PR_RTF = 0x1000, 0x1013, 0x1009
_PR_DATA, _PR_NAME, _PR_LONG_NAME, _PR_MIME, _PR_CONTENT_ID, _PR_DISPLAY = (
    0x3701,
    0x3704,
    0x3707,
    0x370E,
    0x3712,
    0x3001,
)
_PT_STRING, _PT_UNICODE, _PT_OBJECT, _PT_BINARY = 0x1E, 0x1F, 0x0D, 0x102
_FIXED: Final = {
    0x0: 4,
    0x1: 4,
    0x2: 4,
    0x3: 4,
    0x4: 4,
    0x5: 8,
    0x6: 8,
    0x7: 8,
    0xA: 4,
    0xB: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
_MULTIPLE: Final = 0x1000
#: Attributes, properties and files beyond are left out.
_MAX_ITEMS: Final = 5000
_MAX_FILES: Final = 200
_MAX_DEPTH: Final = 3


@dataclass(slots=True)
class TnefFile:
    """A file in the envelope."""

    name: str = ""
    content_type: str = ""
    content: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Tnef:
    """What the envelope held; text or HTML may be empty."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(data: bytes, guesses: Guesses, *, depth: int = 0) -> Tnef | None:
    """What is in the envelope; None when it is none or holds nothing of use. Broken ones give what can be read.

    Mails in it are envelopes again; their files are taken too, a few levels deep.
    """
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    found = Tnef()
    codepage = ""
    current: TnefFile | None = None
    for kind, value in _attributes(data):
        if kind == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == _ATTACH_REND and len(found.files) < _MAX_FILES:
            current = TnefFile()
            found.files.append(current)
        elif kind == _BODY:
            found.text = found.text or _text(value, codepage, guesses)
        elif kind == _PROPERTIES:
            _read_message(_properties(value), found, codepage, guesses)
        elif current is not None and kind == _ATTACH_TITLE:
            current.name = current.name or _text(value, codepage, guesses)
        elif current is not None and kind == _ATTACH_DATA:
            current.content = value
        elif current is not None and kind == _ATTACHMENT:
            _read_file(_properties(value), current, codepage, guesses)
    for file in list(found.files):
        inner = read_tnef(file.content, guesses, depth=depth + 1) if depth < _MAX_DEPTH else None
        if inner is not None and len(found.files) + len(inner.files) <= _MAX_FILES:
            found.files += inner.files
    found.files = [file for file in found.files if file.content or file.name]
    return found if found.files or found.text or found.html else None


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _item in range(_MAX_ITEMS):
        if at + 9 > len(data):
            return
        _level, kind, _type, length = struct.unpack_from("<BHHI", data, at)
        yield kind, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Id, type and first value of each property; ends where the list is broken."""
    try:
        yield from _each_property(data)
    except struct.error:
        return


def _each_property(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _item in range(min(count, _MAX_ITEMS)):
        kind, identity = struct.unpack_from("<HH", data, at)
        at += 4
        if identity >= 0x8000:
            at += 16
            named, number = struct.unpack_from("<II", data, at)
            at += 8 + ((number + 3) // 4 * 4 if named == 1 else 0)
        base = kind & ~_MULTIPLE
        values = 1
        if kind & _MULTIPLE or base in {_PT_STRING, _PT_UNICODE, _PT_OBJECT, _PT_BINARY}:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        first: bytes | None = None
        for _value in range(min(values, _MAX_ITEMS)):
            if base in _FIXED:
                length = _FIXED[base]
            else:
                (length,) = struct.unpack_from("<I", data, at)
                at += 4
            first = data[at : at + length] if first is None else first
            at += (length + 3) // 4 * 4
            if at > len(data) + 4:
                break
        yield identity, base, first or b""


def _read_message(properties: Iterator[tuple[int, int, bytes]], found: Tnef, codepage: str, guesses: Guesses) -> None:
    packed = b""
    for identity, kind, value in properties:
        if identity == _PR_BODY:
            found.text = _string(kind, value, codepage, guesses) or found.text
        elif identity == _PR_HTML:
            found.html = _string(kind, value, codepage, guesses)
        elif identity == _PR_RTF and kind == _PT_BINARY:
            packed = value
    if packed and not found.html:
        text, html = rtf.read_rtf(rtf.unpack(packed), guesses)
        found.html = html
        found.text = found.text or text


def _read_file(properties: Iterator[tuple[int, int, bytes]], file: TnefFile, codepage: str, guesses: Guesses) -> None:
    display = ""
    for identity, kind, value in properties:
        if identity == _PR_DATA:
            # An object begins with the id of its interface; what follows is a mail in Outlook's own format.
            file.content = value[16:] if kind == _PT_OBJECT else value or file.content
        elif identity == _PR_LONG_NAME:
            file.name = _string(kind, value, codepage, guesses) or file.name
        elif identity == _PR_NAME:
            file.name = file.name or _string(kind, value, codepage, guesses)
        elif identity == _PR_DISPLAY:
            display = _string(kind, value, codepage, guesses)
        elif identity == _PR_MIME:
            file.content_type = _string(kind, value, codepage, guesses).strip().lower()
        elif identity == _PR_CONTENT_ID:
            file.content_id = _string(kind, value, codepage, guesses).strip("<> ")
    file.name = file.name or display


def _string(kind: int, value: bytes, codepage: str, guesses: Guesses) -> str:
    if kind == _PT_UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return _text(value, codepage, guesses)


def _text(value: bytes, codepage: str, guesses: Guesses) -> str:
    return decode(value.rstrip(b"\0"), codepage, where="winmail.dat", guesses=guesses)
