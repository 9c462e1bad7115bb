"""How much a text looks like one that somebody wrote: the judge between readings of bytes without a charset.

Not a language model: it knows which characters stand beside which. Text read in a wrong charset mixes scripts, turns
letters into symbols, switches case within words, or holds characters that hardly anybody uses.
"""

from __future__ import annotations

from typing import Final

from .charset_names import EUC_JP

#: Tried in this order where nothing is declared.
CANDIDATES: Final = ("utf-8", "cp932", EUC_JP, "cp1252", "gb18030", "cp949", "cp950", "cp1251", "koi8-r", "cp1250")

#: Added to a score, for charsets are not equally common and permissive ones fit by accident.
LEANING: Final = {
    "utf-8": 0.1,
    "cp932": 0.06,
    EUC_JP: 0.05,
    "cp1252": 0.04,
    "cp950": -0.06,
    "koi8-r": -0.05,
    "cp1251": -0.04,
    "cp1250": -0.05,
}

_KANA = "kana"
_HALF = "half"
_HAN = "han"
_HANGUL = "hangul"
_LATIN = "latin"
_CYRILLIC = "cyrillic"
_OTHER = "other"
_MARK = "mark"
_BAD = "bad"

#: What Latin text in mails is written with, beyond ASCII.
_LATIN_LETTERS: Final = frozenset(
    "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþßÿœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽąćęłńśźżĄĆĘŁŃŚŹŻčďěňřťůČĎĚŇŘŤŮőűŐŰăîșțşţğıİ"
)
_MARKS: Final = frozenset(
    "‘’“”„‚«»‹›–—…•·°©®™€£¥§¿¡ª º½¼¾²³µ×÷´¨\u3000、。・「」『』（）【】！？ー〜～：；，．／☆★○●◎◇◆□■△▲▽▼※→←↑↓"
    "＝＋－％＃＆＊＠￥〒々〆〇≪≫《》〈〉…―‐①②③④⑤⑥⑦⑧⑨⑩"
)
#: The commonest characters of Japanese, Chinese (both scripts) and Korean mail; a reading full of them is right.
_COMMON_HAN: Final = frozenset(
    "日本人一大年会中国月上出来分生時行見事者前年後合今間学高長部社新場東京都市県区町名様株式田山木村川藤佐井松"
    "中小野原島林美子郎御願致注文商品返送料金配達届電話番号確認連絡交換返金修理保証不良購入問合受付有無対応予定"
    "件明細住所氏名担当弊社発送到着破損動作色黒白赤青寸法数量税込円個箱袋開封希望至急先週末土曜火水木金以下内容"
    "添付写真画像願宜何卒失礼申訳頂戴承知了解感謝度下記通通知自動返信不在休暇期間戻次第"
    "的是不我了在有他这这中来个上们到说国和地也子时道出而要于就下得可你年生会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从"
    "這們說國來個時對過發無經當進將還沒從產品訂單貨換請問謝謝您好收到電話號碼订单货换请问谢您号码退款坏快递"
)

_COMMON_HANGUL: Final = frozenset(
    "이다는을가에의하고기한지사로도니어시리자를은인나요해있그대서아들수정만전과일보것상주원세국부라으제스동여장게안구성신조경소오"
    "물비우문화용위생면개선실적공무교결반품환불송녕감불량취확부탁드립습청언착직않았했겠었받연락번호색박김최강윤임철영희민현준"
)


def is_latin(char: str) -> bool:
    """Whether a character beyond ASCII is a letter of European languages in Latin script."""
    return char in _LATIN_LETTERS


def score(text: str) -> float:
    """From about -3 (rubbish) to 1 (reads like a language); 0 for text without anything beyond ASCII."""
    points = 0.0
    count = 0
    before = ""
    accents = 0
    runs: dict[str, int] = {}
    for at, char in enumerate(text):
        if char < "\x80":
            kind = _LATIN if char.isalpha() else ""
            if kind and before and before not in {_LATIN, _MARK, _HAN, _KANA, _HANGUL}:
                points -= 0.3
            if char < "\x20" and char not in "\t\r\n\f\x1b":
                points -= 1
                count += 1
            before = kind
            accents = 0
            continue
        kind, value = _judge(char)
        count += 1
        points += value
        runs[kind] = runs.get(kind, 0) + 1
        if kind == _HAN and before == _LATIN and text[at - 1].islower() and text[at + 1 : at + 2].islower():
            points -= 1.2  # one character in the middle of a word: "Gr廻e" was "Grüße"
        if before and kind != before and frozenset((kind, before)) in _STRANGE:
            points -= 0.6
        accents = accents + 1 if kind == _LATIN else 0
        if accents > 1:
            # "größe" has two letters with marks in a row; three are a charset that is none.
            points -= 0.2 if accents == 2 else 0.8
        before = kind
    if not count:
        return 0.0
    return points / count + _mixture(runs, count)


_STRANGE: Final = frozenset(
    frozenset(pair)
    for pair in (
        (_HALF, _HAN),
        (_HALF, _LATIN),
        (_HALF, _OTHER),
        (_CYRILLIC, _LATIN),
        (_HANGUL, _HAN),
        (_HANGUL, _KANA),
        (_OTHER, _HAN),
        (_OTHER, _LATIN),
        (_CYRILLIC, _HAN),
        (_HALF, _CYRILLIC),
    )
)


def _mixture(runs: dict[str, int], count: int) -> float:
    """Japanese holds kana among its characters: where there are none, a little doubt; where there are, trust."""
    if runs.get(_KANA, 0) * 5 >= count:
        return 0.15
    scripts = sum(
        1 for kind in (_KANA, _HAN, _HANGUL, _LATIN, _CYRILLIC, _HALF, _OTHER) if runs.get(kind, 0) * 10 > count
    )
    return -0.1 * max(0, scripts - 2)


def _judge(char: str) -> tuple[str, float]:
    """The script of a character beyond ASCII, and how welcome it is."""
    code = ord(char)
    if char in _LATIN_LETTERS:
        return _LATIN, 0.75
    if char in _MARKS:
        return _MARK, 0.4
    for first, last, kind, value in _RANGES:
        if first <= code <= last:
            if kind == _HAN and value > 0:
                return _HAN, 1.0 if char in _COMMON_HAN else _commonness(char)
            if kind == _HANGUL and value > 0:
                return _HANGUL, 1.0 if char in _COMMON_HANGUL else value if _encodes(char, "euc_kr") else -0.3
            return kind, value
    return _OTHER, 0.0


def _commonness(char: str) -> float:
    """A character by the tables of the charsets: their first levels hold the few thousand that people use."""
    for codec, first, last, value in (
        ("cp932", 0x88, 0x97, 0.75),
        ("gb2312", 0xB0, 0xD7, 0.65),
        ("big5", 0xA4, 0xC6, 0.55),
    ):
        encoded = _encodes(char, codec)
        if encoded and first <= encoded[0] <= last:
            return value
    return 0.1


def _encodes(char: str, codec: str) -> bytes:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return b""


_RANGES: Final = (
    (0x3041, 0x3096, _KANA, 1.0),
    (0x30A1, 0x30FC, _KANA, 0.9),
    (0x4E00, 0x9FFF, _HAN, 0.35),
    (0xAC00, 0xD7A3, _HANGUL, 0.4),
    (0xFF61, 0xFF9F, _HALF, 0.3),
    (0x0430, 0x044F, _CYRILLIC, 0.85),
    (0x0410, 0x042F, _CYRILLIC, 0.5),
    (0x0401, 0x0491, _CYRILLIC, 0.4),
    (0xFF01, 0xFF5E, _MARK, 0.35),
    (0x0080, 0x009F, _BAD, -2.0),
    (0xFFFD, 0xFFFD, _BAD, -2.5),
    (0xE000, 0xF8FF, _BAD, -1.5),
    (0x00A0, 0x00BF, _OTHER, -0.6),
    (0x00C0, 0x024F, _LATIN, 0.0),
    (0x0250, 0x036F, _OTHER, -0.8),
    (0x0370, 0x03FF, _OTHER, 0.3),
    (0x0590, 0x06FF, _OTHER, 0.4),
    (0x0E00, 0x0E7F, _OTHER, 0.4),
    (0x2020, 0x2021, _MARK, -0.8),
    (0x2030, 0x2030, _MARK, -0.5),
    (0x2000, 0x203F, _MARK, 0.1),
    (0x2460, 0x2473, _MARK, 0.3),
    (0x2500, 0x257F, _OTHER, -1.0),
    (0x2100, 0x27BF, _OTHER, -0.3),
    (0x3200, 0x33FF, _MARK, 0.3),
    (0x3130, 0x318F, _HANGUL, -0.3),
    (0x3400, 0x4DBF, _HAN, -0.8),
    (0xF900, 0xFAFF, _HAN, -0.3),
    (0x1F300, 0x1FAFF, _MARK, 0.6),
    (0x20000, 0x3FFFF, _HAN, -1.0),
    (0xD800, 0xDFFF, _BAD, -2.5),
)
