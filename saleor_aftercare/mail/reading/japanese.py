"""ISO-2022-JP and EUC-JP as Japanese mail programs write them.

RFC 1468 knows ASCII and JIS X 0208. Programs write more under the same label: half-width kana (``ESC ( I``, shift-out,
or as eight bits: CP50220 to CP50222), the rows of NEC and IBM (① ㈱ 髙: iso-2022-jp-ms), JIS X 0212 and JIS X 0213
(iso-2022-jp-1 and -2004), Chinese and Korean (RFC 1554). All of them are read, whatever the label says.
"""

from __future__ import annotations

import re
from typing import Final

#: What an escape sequence switches to.
_ASCII, _KANA, _JIS, _JIS_0212, _JIS_0213, _JIS_0213_2, _CHINESE, _KOREAN, _LATIN = range(9)
_SETS: Final = {
    b"(B": _ASCII,
    b"(J": _ASCII,
    b"(H": _ASCII,
    b"(I": _KANA,
    b"$@": _JIS,
    b"$B": _JIS,
    b"$(@": _JIS,
    b"$(B": _JIS,
    b"$(D": _JIS_0212,
    b"$(O": _JIS_0213,
    b"$(Q": _JIS_0213,
    b"$(P": _JIS_0213_2,
    b"$A": _CHINESE,
    b"$(C": _KOREAN,
}
_SWITCH: Final = re.compile(rb"(\x1b(?:\([BJHI]|\$[@BA]|\$\([@BDOQPC]|&@(?=\x1b)|\.[AF])|\r\n|\n|\x0e|\x0f)")
_ESCAPES: Final = re.compile(rb"\x1b(?:\$[@BA(]|\([BJIH]|\.[AF])")
#: The same sequences after a program took the control character out of them.
_STRIPPED: Final = re.compile(rb"(?<!\x1b)\$[@B]((?:[!-~]{2}){1,60}?)\([BJ]")
_KANA_FIRST: Final = 0xFF61
#: From here on phones of au had their pictograms; a geta mark is what Japan prints for a missing character.
_EMOJI_ROWS: Final = 0x75
_PLAIN_ESCAPES: Final = frozenset((b"\x1b$B", b"\x1b(B", b"\x1b(J", b"\x1b$@"))


def has_escapes(data: bytes) -> bool:
    """Whether bytes switch character sets as ISO-2022-JP does."""
    return b"\x1b" in data and _ESCAPES.search(data) is not None


def has_stripped_escapes(data: bytes) -> bool:
    """Whether bytes look like ISO-2022-JP whose ESC characters were lost on the way (``$B$3$s(B``)."""
    return b"\x1b" not in data and _STRIPPED.search(data, 0, 100_000) is not None


def restore_escapes(data: bytes) -> bytes:
    """Put the ESC characters back that :func:`has_stripped_escapes` misses."""
    return _STRIPPED.sub(lambda found: b"\x1b$B" + found[1] + b"\x1b(B", data)


def decode_iso_2022_jp(data: bytes) -> tuple[str, bool]:
    """The text, and whether nothing but RFC 1468 was needed to read it; what cannot be read becomes U+FFFD."""
    if b"\x0e" not in data and {data[at : at + 3] for at in _positions(data)} <= _PLAIN_ESCAPES:
        try:
            return data.decode("iso2022_jp"), True
        except UnicodeDecodeError:
            pass
    pieces: list[str] = []
    charset = shifted_from = _ASCII
    for index, piece in enumerate(_SWITCH.split(data)):
        if index % 2 == 0:
            pieces.append(_decode_run(piece, charset))
        elif piece in {b"\n", b"\r\n"}:
            # RFC 1468: a line ends in ASCII; a sender who forgot loses one line, not the rest of the mail.
            pieces.append(piece.decode())
            charset = _ASCII
        elif piece == b"\x0e":
            charset, shifted_from = _KANA, charset
        elif piece == b"\x0f":
            charset = shifted_from if charset == _KANA else _ASCII
        else:
            charset = _SETS.get(piece[1:], _LATIN if piece[1:2] == b"." else charset)
    return "".join(pieces), False


def _positions(data: bytes) -> list[int]:
    return [found.start() for found in re.finditer(rb"\x1b", data)]


def _decode_run(data: bytes, charset: int) -> str:
    if not data:
        return ""
    if charset in {_ASCII, _LATIN}:
        return data.decode("ascii") if data.isascii() else _eight_bits(data)
    if charset == _KANA:
        return "".join(chr(_KANA_FIRST + byte - 0x21) if 0x21 <= byte <= 0x5F else chr(byte) for byte in data)
    return _decode_pairs(data, charset)


def _eight_bits(data: bytes) -> str:
    """Bytes beyond ASCII between escapes: UTF-8 or CP932, for half-width kana are single bytes in it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp932", "replace")


def _decode_pairs(data: bytes, charset: int) -> str:
    """Two bytes to a character; single spaces and control characters in between stand for themselves."""
    pieces: list[str] = []
    at = 0
    while at < len(data):
        first = data[at] & 0x7F
        if first <= 0x20 or first == 0x7F:
            pieces.append(chr(first))
            at += 1
            continue
        if at + 1 >= len(data):
            pieces.append("�")
            break
        second = data[at + 1] & 0x7F
        if second <= 0x20:
            pieces.append("�")
            at += 1
            continue
        pieces.append(_pair(first, second, charset))
        at += 2
    return "".join(pieces)


def _pair(first: int, second: int, charset: int) -> str:
    if charset == _JIS:
        try:
            return _shifted(first, second).decode("cp932")
        except UnicodeDecodeError:
            if first >= _EMOJI_ROWS:
                return "〓"
            charset = _JIS_0213  # rows that CP932 leaves empty
    high = bytes((first | 0x80, second | 0x80))
    codec, data = {
        _JIS_0212: ("euc_jp", b"\x8f" + high),
        _JIS_0213: ("euc_jis_2004", high),
        _JIS_0213_2: ("euc_jis_2004", b"\x8f" + high),
        _CHINESE: ("gb18030", high),
        _KOREAN: ("cp949", high),
    }[charset]
    return data.decode(codec, "replace")


def _shifted(first: int, second: int) -> bytes:
    """A pair of JIS bytes as Shift_JIS; user-defined rows above 94 go where CP932 has them."""
    lead = ((first - 0x21) >> 1) + 0x81
    if lead > 0x9F:
        lead += 0x40
    trail = second + 0x7E if first % 2 == 0 else second + 0x1F + (second >= 0x60)
    return bytes((lead, trail))


def decode_euc_jp(data: bytes) -> tuple[str, bool]:
    """The text, and whether standard EUC-JP was enough to read it; vendor rows are read as CP51932 and eucJP-ms do."""
    try:
        return data.decode("euc_jp"), True
    except UnicodeDecodeError:
        pass
    pieces: list[str] = []
    at = 0
    while at < len(data):
        first = data[at]
        if first < 0x80:
            end = _end_of_ascii(data, at)
            pieces.append(data[at:end].decode("ascii"))
            at = end
        elif first == 0x8E and at + 1 < len(data) and 0xA1 <= data[at + 1] <= 0xDF:
            pieces.append(chr(_KANA_FIRST + data[at + 1] - 0xA1))
            at += 2
        elif first == 0x8F and at + 2 < len(data):
            pieces.append(data[at : at + 3].decode("euc_jp", "replace"))
            at += 3
        elif 0xA1 <= first <= 0xFE and at + 1 < len(data) and 0xA1 <= data[at + 1] <= 0xFE:
            pieces.append(_pair(first & 0x7F, data[at + 1] & 0x7F, _JIS))
            at += 2
        else:
            pieces.append("�")
            at += 1
    return "".join(pieces), False


_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")


def _end_of_ascii(data: bytes, at: int) -> int:
    found = _NOT_ASCII.search(data, at)
    return found.start() if found else len(data)
