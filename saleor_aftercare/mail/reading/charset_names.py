"""Names of charsets as mails write them, and the codec of Python that reads what such mails really hold.

A label is read as browsers read it (WHATWG Encoding Standard) where senders mean more than it says: ``shift_jis`` is
Windows' CP932, ``gb2312`` is GB 18030, ``ks_c_5601-1987`` is CP949, ``iso-8859-1`` may hold Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from .phrases import words

#: Read by :mod:`.japanese`, for Python's own codec knows no vendor characters.
ISO_2022_JP: Final = "iso-2022-jp"
EUC_JP: Final = "euc-jp"

#: Labels that say nothing: the bytes have to.
UNSAID: Final = words(
    "unknown unknown8bit xunknown binary none default 8bit 7bit null undefined xuserdefined charset autodetect auto"
    " en japanese xautodetect jisautodetect autodetectjp xjisautodetect other foo iso"
)

_ALIASES: Final[dict[str, str]] = {
    name: codec
    for codec, names in {
        "ascii": "usascii ascii ansix341968 ansix341986 iso646us 646 us cp367 ibm367 asciiascii iso646 isoir6",
        "utf-8": "utf8 utf8mac utf8mb4 utf8mb3 unicode11utf8 xunicode20utf8 cp65001 utf8n utf8sig utf utf8bom",
        "utf-7": "utf7 unicode11utf7 xunicode20utf7 csunicode11utf7 cp65000 utf7imap",
        "utf-16": "utf16 unicode iso10646ucs2 ucs2 csunicode",
        "utf-16-le": "utf16le ucs2le xutf16le unicodefffe",
        "utf-16-be": "utf16be ucs2be unicodefeff",
        "utf-32": "utf32 ucs4 iso10646ucs4",
        "utf-32-le": "utf32le",
        "utf-32-be": "utf32be",
        "cp932": "shiftjis sjis xsjis mskanji shiftjisms windows31j cp932 ms932 cswindows31j csshiftjis xmscp932"
        " cp943 cp943c ibm943 sjiswin shiftjis2004 shiftjisx0213 xmacjapanese macjapanese windows932 sjisdocomo"
        " sjiskddi sjissoftbank sjismac xshiftjis jis xwindows932 ansi932",
        ISO_2022_JP: "iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpms iso2022jpext csiso2022jp"
        " csiso2022jp2 cp50220 cp50221 cp50222 xwindows50220 xwindows50221 xwindowsiso2022jp iso2022jpesc"
        " iso2022jpsio iso2022jpkddi iso2022jpmobile jis7 jis8 jisencoding csjisencoding iso2022 iso2022jp1978 jisms"
        " iso2022jpcp932 windows50220 windows50221 xiso2022jp",
        EUC_JP: "eucjp xeucjp xeuc eucjpms eucjpwin cp51932 ujis eucjisx0213 eucjis2004 cseucpkdfmtjapanese xujis"
        " extendedunixcodepackedformatforjapanese eucjpascii cp20932",
        "gb18030": "gb2312 gbk gb18030 xgbk cp936 ms936 windows936 chinese csgb2312 csiso58gb231280 gb231280 euccn"
        " eucgb2312cn gb23121980 isoir58 xgb2312 xcp20936 gb180302000 gb180302005 xeuccn",
        "hz": "hz hzgb hzgb2312",
        "cp950": "big5 big5eten csbig5 xbig5 cp950 xxbig5 big5tw cnbig5 windows950 big5 bigfive",
        "big5hkscs": "big5hkscs hkscs",
        "cp949": "ksc56011987 euckr ksc5601 csksc56011987 korean ksc56011989 isoir149 windows949 cp949 uhc ms949"
        " xwindows949 cseuckr ksx1001 johab5601 xeuckr ksc5601ks",
        "johab": "johab cp1361",
        "iso2022_kr": "iso2022kr csiso2022kr",
        "cp874": "tis620 windows874 iso885911 dos874 cp874 iso8859111",
        "cp1250": "windows1250 cp1250 xcp1250 win1250",
        "cp1251": "windows1251 cp1251 xcp1251 win1251",
        "cp1252": "windows1252 cp1252 xcp1252 xansi ansi win1252 westeuropean",
        "cp1253": "windows1253 cp1253 xcp1253",
        "cp1254": "windows1254 cp1254 xcp1254 iso88599 latin5 l5 csisolatin5 isoir148",
        "cp1255": "windows1255 cp1255 xcp1255 iso88598i",
        "cp1256": "windows1256 cp1256 xcp1256",
        "cp1257": "windows1257 cp1257 xcp1257",
        "cp1258": "windows1258 cp1258 xcp1258",
        "latin-1": "iso88591 latin1 l1 cp819 ibm819 isoir100 csisolatin1 iso885911987 iso8859 8859 88591",
        "iso8859-2": "iso88592 latin2 l2 csisolatin2 isoir101 iso885921987",
        "iso8859-3": "iso88593 latin3 l3",
        "iso8859-4": "iso88594 latin4 l4",
        "iso8859-5": "iso88595 cyrillic csisolatincyrillic",
        "iso8859-6": "iso88596 arabic iso88596i iso88596e",
        "iso8859-7": "iso88597 greek greek8 ecma118 elot928 suneugreek",
        "iso8859-8": "iso88598 hebrew iso88598e visual logical",
        "iso8859-10": "iso885910 latin6 l6",
        "iso8859-13": "iso885913 latin7",
        "iso8859-14": "iso885914 latin8",
        "iso8859-15": "iso885915 latin9 latin0 l9 csisolatin9",
        "iso8859-16": "iso885916 latin10",
        "koi8-r": "koi8r koi8 koi cskoi8r",
        "koi8-u": "koi8u koi8ru",
        "mac_roman": "macintosh macroman xmacroman mac csmacintosh",
        "mac_cyrillic": "xmaccyrillic maccyrillic xmacukrainian",
        "cp437": "cp437 ibm437 437 cspc8codepage437",
        "cp850": "cp850 ibm850 850",
        "cp852": "cp852 ibm852 852",
        "cp858": "cp858 ibm00858",
        "cp862": "cp862 ibm862 dos862",
        "cp866": "cp866 ibm866 866 csibm866",
    }.items()
    for name in words(names)
}

#: The rest of what Python can read, by Python's own name of it; never its transformations (rot13, zlib, idna …).
_FURTHER: Final = words(
    "cp037 cp500 cp720 cp737 cp775 cp855 cp856 cp857 cp860 cp861 cp863 cp864 cp865 cp869 cp1006 cp1026 cp1125 cp1140"
    " kz1048 ptcp154 koi8-t mac-greek mac-iceland mac-latin2 mac-turkish hp-roman8"
)
_PUNCTUATION: Final = re.compile(r"[^a-z0-9]+")
MAX_LABEL: Final = 60


def codec_for(label: str) -> str | None:
    """The codec for a label, ``""`` for a label that says nothing, None for one that nobody knows.

    >>> codec_for("Shift_JIS"), codec_for("x-unknown"), codec_for("rot13"), codec_for("_iso-2022-jp$ESC")
    ('cp932', '', None, 'iso-2022-jp')
    """
    plain = _PUNCTUATION.sub("", label[:MAX_LABEL].lower())
    if not plain or plain in UNSAID:
        return ""
    for candidate in (plain, plain.removeprefix("cs"), plain.removeprefix("x")):
        if codec := _ALIASES.get(candidate):
            return codec
    try:
        name = codecs.lookup(label[:MAX_LABEL].strip().strip("\"'")).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return name if name in _FURTHER else None
