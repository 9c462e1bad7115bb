"""The words in an opaquely signed S/MIME mail (RFC 8551 §3.5.2): the content of a CMS SignedData, unverified.

Only the few levels of BER above the content are walked. Nothing is verified: who signed is for a mail program to say.
"""

from __future__ import annotations

from typing import Final

_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OID, _OCTETS, _EXPLICIT = 0x30, 0x06, 0x04, 0xA0
_MAX_CHUNKS: Final = 200_000


def content_of_signed(data: bytes) -> bytes | None:
    """What was signed; None when this is no SignedData with content (encrypted, or broken)."""
    try:
        return _content(data)
    except (IndexError, ValueError):
        return None


def _content(data: bytes) -> bytes | None:
    outer = _enter(data, 0, _SEQUENCE)
    tag, begin, end = _header(data, outer)
    if tag != _OID or data[begin:end] != _SIGNED_DATA:
        return None
    at = _enter(data, _enter(data, end, _EXPLICIT), _SEQUENCE)
    for _field in range(2):  # version, digest algorithms
        at = _skip(data, at)
    at = _skip(data, _enter(data, at, _SEQUENCE))  # the type of the content
    return _octets(data, _enter(data, at, _EXPLICIT))


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, where the value begins, and where it ends; -1 where its length is indefinite."""
    tag, length = data[at], data[at + 1]
    begin = at + 2
    if length == 0x80:
        return tag, begin, -1
    if length & 0x80:
        count = length & 0x7F
        if count > 6:
            raise ValueError("length")
        length = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    return tag, begin, begin + length


def _enter(data: bytes, at: int, expected: int) -> int:
    tag, begin, _end = _header(data, at)
    if tag != expected:
        raise ValueError("tag")
    return begin


def _skip(data: bytes, at: int) -> int:
    end = _header(data, at)[2]
    if end < 0:
        raise ValueError("indefinite")
    return end


def _octets(data: bytes, at: int) -> bytes | None:
    tag, begin, end = _header(data, at)
    if tag == _OCTETS:
        return data[begin:end]
    if tag != _OCTETS | 0x20:
        return None
    pieces: list[bytes] = []
    at = begin
    while len(pieces) < _MAX_CHUNKS and (end < 0 or at < end) and data[at] == _OCTETS:
        _tag, first, last = _header(data, at)
        pieces.append(data[first:last])
        at = last
        if at >= len(data):
            break
    return b"".join(pieces)
