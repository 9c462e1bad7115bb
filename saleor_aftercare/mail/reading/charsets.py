"""Bytes to text, whatever the mail says about their charset and however wrong it is; the same bytes give the same text.

The declared charset is believed as far as the bytes allow. They overrule it where they prove it wrong: escape
sequences under ``us-ascii``, valid UTF-8 under a one-byte charset, vendor characters under a standard's name. Where
nothing is declared or nothing fits, every likely charset is tried and the most plausible text
taken (:mod:`.plausible`).
A decision that the mail did not make is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from . import japanese, plausible
from .charset_names import EUC_JP, ISO_2022_JP, codec_for
from .guesses import Guesses

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: One byte is one character in them, so that they never fail: valid UTF-8 under such a name is UTF-8.
_ONE_BYTE: Final = re.compile(r"latin-1|iso8859-|cp12|cp874|koi8|mac|cp437|cp8")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_THREE_BYTES: Final = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_HIGH_WORDS: Final = re.compile(rb"[^\x00-\x20]*[\x80-\xff][^\x00-\x20]*")
_C1: Final = re.compile(rb"[\x80-\x9f]")
#: Longer bytes are judged by their beginning.
_SAMPLE: Final = 20_000


def decode(
    data: bytes, declared: str | None, *, where: str, guesses: Guesses, hint: str = "", quiet: bool = False
) -> str:
    """The text of ``data``.

    Args:
        data: the bytes, after their transfer encoding was undone.
        declared: the label of the mail; None or empty when it has none.
        where: said in a guess.
        guesses: where guesses go.
        hint: the label of a neighbour (the body's, for a header), tried first where nothing is declared.
        quiet: nothing is recorded; for text of which only markers are looked for.
    """
    label = (declared or "").partition("*")[0].strip().strip("\"'").strip()
    codec = codec_for(label) if label else ""
    text, used, why = _decide(data, codec, hint)
    if quiet or not why:
        return text
    if codec is None:
        why = f"The charset is unknown. {why}"
    guesses.add(where, declared=label, used=used, why=why)
    return text


def is_utf8(data: bytes) -> bool:
    """Whether bytes are valid UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decide(data: bytes, codec: str | None, hint: str) -> tuple[str, str, str]:
    """Text, codec used, and why it was not simply the declared one ("" when it was)."""
    for bom, codec_of_bom in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(codec_of_bom, "replace")
            same = not codec or codec.startswith(codec_of_bom[:6])
            return text, codec_of_bom, "" if same else "The text begins with the byte order mark of another charset."
    if data.isascii() and codec not in _WIDE:
        return _decide_ascii(data, codec)
    if codec in _WIDE:
        return _utf_16_or_32(data, codec)
    if codec == ISO_2022_JP:
        return _iso_2022_jp(data)
    if not codec or codec == "ascii":
        return _undeclared(data, codec, hint)
    return _declared(data, codec)


_WIDE: Final = frozenset(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"))
_SEVEN_BITS: Final = frozenset(("hz", "utf-7", "iso2022_kr"))


def _decide_ascii(data: bytes, codec: str | None) -> tuple[str, str, str]:
    if codec == ISO_2022_JP and japanese.has_stripped_escapes(data):
        text = japanese.decode_iso_2022_jp(japanese.restore_escapes(data))[0]
        return text, ISO_2022_JP, "The escape characters of ISO-2022-JP were lost on the way and put back."
    if codec == ISO_2022_JP:
        return _iso_2022_jp(data)
    if codec in _SEVEN_BITS:
        try:
            text = data.decode(codec)
            # UTF-7 may hold halves of characters, which no database takes.
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), codec, ""
        except UnicodeDecodeError:
            return data.decode("ascii"), "ascii", f"The text is no valid {codec}."
    if b"\x1b" in data and japanese.has_escapes(data):
        why = "The text holds escape sequences of ISO-2022-JP."
        return japanese.decode_iso_2022_jp(data)[0], ISO_2022_JP, why
    if not codec and data.count(b"\0") * 4 > len(data):
        return _utf_16_or_32(data, "utf-16")
    return data.decode("ascii"), "ascii", ""


def _iso_2022_jp(data: bytes) -> tuple[str, str, str]:
    if is_utf8(data) and not data.isascii():
        return data.decode("utf-8"), "utf-8", "The text is valid UTF-8 and not ISO-2022-JP."
    if not data.isascii() and not japanese.has_escapes(data):
        text, used, _why = _guess(data, ("utf-8", "cp932", EUC_JP, "cp1252"))
        return text, used, "The text has no escape sequence of ISO-2022-JP but bytes of eight bits."
    text, standard = japanese.decode_iso_2022_jp(data)
    return text, ISO_2022_JP, "" if standard else "The text holds more than ISO-2022-JP allows; read as CP50221."


def _utf_16_or_32(data: bytes, codec: str) -> tuple[str, str, str]:
    width = 4 if "32" in codec else 2
    if b"\0" not in data and is_utf8(data):
        return data.decode("utf-8"), "utf-8", "The text has no zero byte and is valid UTF-8."
    if codec in {"utf-16", "utf-32"}:
        sample = data[:_SAMPLE]
        zeros_first = sample[::width].count(0)
        zeros_last = sample[width - 1 :: width].count(0)
        if zeros_first == zeros_last:
            big, little = (plausible.score(sample.decode(f"{codec}-{end}", "replace")) for end in ("be", "le"))
            zeros_first += big > little
        end = "be" if zeros_first > zeros_last or (zeros_first == zeros_last and width == 4) else "le"
        why = "No byte order mark; the order was taken from the zero bytes."
        return data.decode(f"{codec}-{end}", "replace"), f"{codec}-{end}", why
    return data.decode(codec, "replace"), codec, "" if len(data) % width == 0 else "The text ends inside a character."


def _undeclared(data: bytes, codec: str | None, hint: str) -> tuple[str, str, str]:
    said = "The charset is not declared" if not codec else "The text is not ASCII"
    if is_utf8(data):
        return data.decode("utf-8"), "utf-8", f"{said}; the text is valid UTF-8."
    if japanese.has_escapes(data):
        return japanese.decode_iso_2022_jp(data)[0], ISO_2022_JP, f"{said}; it holds escapes of ISO-2022-JP."
    near = codec_for(hint) if hint else None
    if near and near not in {"ascii", "utf-8", ISO_2022_JP}:
        text = _strict(data, near)
        if text is not None:
            return text, near, f"{said}; the charset of the body fits."
    text, used, why = _guess(data, plausible.CANDIDATES)
    return text, used, f"{said}; {why}"


def _one_byte(data: bytes, codec: str) -> tuple[str, str, str] | None:
    """A charset with one byte to a character, which any bytes fit; None for one that is read as every other."""
    if is_utf8(data) and not _likelier_one_byte(data, codec):
        return data.decode("utf-8"), "utf-8", "The text is valid UTF-8, which text of one byte a character hardly is."
    if codec in _WESTERN and (elsewhere := _not_western(data, codec)):
        return elsewhere
    windows = _WINDOWS_OF.get(codec)
    if windows and _C1.search(data) and (text := _strict(data, windows)) is not None:
        return text, windows, "The text holds characters of a Windows charset."
    if codec == "cp1252":
        return _decode_1252(data), codec, ""
    if codec == "latin-1" and _C1.search(data):
        return _decode_1252(data), "cp1252", "The text holds characters of Windows-1252."
    return (data.decode("latin-1"), codec, "") if codec == "latin-1" else None


def _declared(data: bytes, codec: str) -> tuple[str, str, str]:
    if codec == "utf-8":
        return _utf_8(data)
    if _ONE_BYTE.match(codec) and (read := _one_byte(data, codec)):
        return read
    if codec == EUC_JP:
        text, standard = japanese.decode_euc_jp(data)
        if "�" not in text and not standard:
            return text, codec, "The text holds vendor characters; read as CP51932."
    text_or_none = _strict(data, codec)
    if text_or_none is not None:
        return _unless_other(data, text_or_none, codec)
    if is_utf8(data):
        return data.decode("utf-8"), "utf-8", "The text does not fit and is valid UTF-8."
    if japanese.has_escapes(data):
        return japanese.decode_iso_2022_jp(data)[0], ISO_2022_JP, "The text holds escape sequences of ISO-2022-JP."
    text, used, _why = _guess(data, (codec, *(name for name in plausible.CANDIDATES if name != codec)))
    if used == codec:
        return text, codec, "Some bytes do not fit and were replaced."
    return text, used, "The text does not fit; the most plausible reading was taken."


#: What programs write that call it by the ISO name beside it; the ISO charsets have control characters there.
_WINDOWS_OF: Final = {
    "iso8859-2": "cp1250",
    "iso8859-5": "cp1251",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
_WESTERN: Final = frozenset(("latin-1", "cp1252", "iso8859-15"))
#: Bytes beyond ASCII without which nothing is said against a declared charset, and as many as are looked at.
_ENOUGH: Final = 6
_SHORT_SAMPLE: Final = 2_000


def _not_western(data: bytes, codec: str) -> tuple[str, str, str] | None:
    """Another reading of what would be rubbish in the charsets that programs name when they do not know."""
    sample = b" ".join(_HIGH_WORDS.findall(data[:_SAMPLE]))[:_SHORT_SAMPLE]
    if sum(map(len, _HIGH.findall(sample))) < _ENOUGH:
        return None
    declared = plausible.score(_lenient(sample, "cp1252" if codec == "latin-1" else codec))
    if declared > _READABLE:
        return None
    best, best_score = "", declared + _FAR
    for other in plausible.CANDIDATES:
        if other not in {"utf-8", "cp1252", codec} and (text := _strict(data, other)) is not None:
            score = plausible.score(text[:_SHORT_SAMPLE]) + plausible.LEANING.get(other, 0.0)
            if score > best_score:
                best, best_score = other, score
    if not best:
        return None
    return _lenient(data, best), best, "The text makes no sense in the declared charset; the most plausible was taken."


#: A text above reads well enough to be left as declared; another reading has to be this much better.
_READABLE: Final = 0.5
_FAR: Final = 0.5


def _likelier_one_byte(data: bytes, codec: str) -> bool:
    """Whether bytes that are valid UTF-8 read better in the declared charset: a very short text may."""
    if len(data) > 200 or codec in {"latin-1", "cp1252"}:
        return False
    return plausible.score(data.decode(codec, "replace")) > plausible.score(data.decode("utf-8")) + 1


def _unless_other(data: bytes, text: str, codec: str) -> tuple[str, str, str]:
    """The declared reading, unless the bytes read far better as UTF-8 or as Japan's other charset."""
    if is_utf8(data):
        sample = data[:_SAMPLE].decode("utf-8", "ignore")
        margin = 0.0 if len(_THREE_BYTES.findall(data[:_SAMPLE])) > 1 else 0.2
        if plausible.score(sample) > plausible.score(text[:_SAMPLE]) + margin:
            return data.decode("utf-8"), "utf-8", "The text is valid UTF-8 and makes more sense so."
    for other in _OTHERS.get(codec, ()):
        if codec == EUC_JP and b"\x8e" in data:
            break  # half-width kana of EUC-JP (0x8E and a byte each) would be rare characters in CP932
        elsewhere = _strict(data, other)
        if elsewhere and plausible.score(elsewhere[:_SAMPLE]) > plausible.score(text[:_SAMPLE]) + 0.4:
            return elsewhere, other, "The text makes far more sense in another charset of East Asia."
    return text, codec, ""


#: What East Asian mail is when it is not what it says.
_OTHERS: Final = {
    "cp932": (EUC_JP,),
    EUC_JP: ("cp932",),
    "gb18030": ("cp932", EUC_JP),
    "cp950": (EUC_JP, "cp932", "gb18030"),
    "cp949": (EUC_JP, "cp932", "gb18030"),
}


def _utf_8(data: bytes) -> tuple[str, str, str]:
    try:
        return data.decode("utf-8"), "utf-8", ""
    except UnicodeDecodeError:
        pass
    if japanese.has_escapes(data) and len(_HIGH.findall(data)) * 4 < data.count(b"\x1b"):
        return japanese.decode_iso_2022_jp(data)[0], ISO_2022_JP, "The text holds escape sequences of ISO-2022-JP."
    text = data.decode("utf-8", "replace")
    # Two bytes fit together by accident now and then, three hardly.
    good = sum(1 for char in text[:_SAMPLE] if (char > "\u07ff" and char != "�") or plausible.is_latin(char))
    bad = text[:_SAMPLE].count("�")
    if good >= bad:
        return text, "utf-8", "Some bytes are no valid UTF-8 and were replaced."
    guessed, used, _why = _guess(data, plausible.CANDIDATES)
    if plausible.score(guessed[:_SAMPLE]) > plausible.score(text[:_SAMPLE]):
        return guessed, used, "The text is no valid UTF-8; the most plausible reading was taken."
    return text, "utf-8", "Some bytes are no valid UTF-8 and were replaced."


def _guess(data: bytes, candidates: tuple[str, ...]) -> tuple[str, str, str]:
    """The most plausible reading; the earlier candidate wins a tie."""
    sample = data[:_SAMPLE]
    best, best_score = candidates[0], float("-inf")
    for codec in candidates:
        score = plausible.score(_lenient(sample, codec)) + plausible.LEANING.get(codec, 0.0)
        if score > best_score:
            best, best_score = codec, score
    return _lenient(data, best), best, "the most plausible reading was taken."


def _strict(data: bytes, codec: str) -> str | None:
    if codec == EUC_JP:
        text = japanese.decode_euc_jp(data)[0]
        return None if "�" in text else text
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _lenient(data: bytes, codec: str) -> str:
    reader = _READERS.get(codec)
    return reader(data) if reader else data.decode(codec, "replace")


#: What cp1252 leaves empty is a control character to browsers.
_WINDOWS_1252: Final = {byte: bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def _decode_1252(data: bytes) -> str:
    return data.decode("latin-1").translate(_WINDOWS_1252)


_READERS: Final[dict[str, Callable[[bytes], str]]] = {
    EUC_JP: lambda data: japanese.decode_euc_jp(data)[0],
    ISO_2022_JP: lambda data: japanese.decode_iso_2022_jp(data)[0],
    "cp1252": _decode_1252,
}
