"""The operators of the search field: their names in English and Japanese, and what may stand behind them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.inbox.models import Priority, TicketChannel, TicketState


class BadValue(ValueError):
    """This cannot stand behind this operator."""


#: Every kind of quotes: none is part of a value.
QUOTES: Final = '"“”„«»「」『』'
_NO_QUOTES: Final = str.maketrans("", "", QUOTES)


def fold(text: str) -> str:
    """A value as it is compared: whatever its case and width, and its quotes."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.translate(_NO_QUOTES).split())


@dataclass(frozen=True)
class Operator:
    """What stands before the colon."""

    name: str
    aliases: tuple[str, ...]  #: other names that are understood; the first is the Japanese one that is shown
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: fixed values, each with other spellings
    free: Callable[[str], str] | None = None  #: reads any other value, or raises BadValue

    def read(self, raw: str) -> str:
        """A value in its common spelling; raises BadValue."""
        wanted = fold(raw)
        for value, spellings in self.choices.items():
            if wanted == value or wanted in spellings:
                return value
        if self.free is None or not wanted or not is_storable(raw):
            raise BadValue(raw)
        return self.free(wanted)


def _text(value: str) -> str:
    if len(value) > 100:
        raise BadValue(value)
    return value


def _code(value: str) -> str:
    bare = value.lstrip("#")
    if not bare or len(bare) > 30 or any(map(str.isspace, bare)):
        raise BadValue(value)
    return bare


def _number(value: str) -> str:
    bare = value.lstrip("#")
    if not re.fullmatch(r"[0-9]{1,15}", bare):
        raise BadValue(value)
    return str(int(bare))


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise BadValue(value)
    return value


_SPAN = re.compile(r"([1-9][0-9]{0,3})(h|d|w|m|y)")
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?|年)?")


def _moment(value: str) -> str:
    """A day, month or year, or so long ago: 2026-11-22, 2026-11, 2026, 7d."""
    if _SPAN.fullmatch(value):
        return value
    found = _DATE.fullmatch(value)
    if found is None:
        raise BadValue(value)
    year, month, day = (int(one) if one else None for one in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise BadValue(value) from None
    if not 1990 <= first.year <= 2200:
        raise BadValue(value)
    return first.isoformat()[: 10 if day else 7 if month else 4]


_STATES = {
    TicketState.NEW: ("新規",),
    TicketState.OPEN: ("要対応", "対応中"),
    TicketState.PENDING: ("返信待ち",),
    TicketState.WAITING: ("他者待ち",),
    TicketState.ON_HOLD: ("on-hold", "snoozed", "保留"),
    TicketState.SOLVED: ("解決済み", "解決"),
    TicketState.CLOSED: ("終了",),
    TicketState.SPAM: ("迷惑メール", "迷惑"),
    TicketState.MERGED: ("統合済み",),
}
_IS = {
    "open": ("active", "未解決"),
    "new": ("新規",),
    "pending": ("返信待ち",),
    "waiting": ("他者待ち",),
    "snoozed": ("on_hold", "on-hold", "保留"),
    "solved": ("done", "解決済み", "解決"),
    "closed": ("終了",),
    "spam": ("迷惑メール", "迷惑"),
    "merged": ("統合済み",),
    "overdue": ("late", "期限切れ"),
    "unread": ("未読",),
    "read": ("既読",),
    "mine": ("me", "自分"),
    "assigned": ("担当あり",),
    "unassigned": ("担当なし", "未割当"),
    "mentioned": ("メンション",),
    "vip": (),
}
_HAS = {
    "attachment": ("file", "files", "attachments", "添付", "添付ファイル"),
    "order": ("注文",),
    "return": ("返品",),
    "repair": ("修理",),
    "part": ("spare_part", "部品"),
    "withdrawal": ("撤回",),
    "note": ("メモ",),
    "call": ("電話",),
    "tag": ("タグ",),
    "draft": ("下書き",),
}
_PRIORITIES = {
    Priority.LOW.name.lower(): ("低",),
    Priority.NORMAL.name.lower(): ("標準", "中"),
    Priority.HIGH.name.lower(): ("高",),
    Priority.URGENT.name.lower(): ("緊急",),
}
_CHANNELS = {
    TicketChannel.PORTAL: ("ポータル",),
    TicketChannel.EMAIL: ("mail", "e-mail", "メール"),
    TicketChannel.FORM: ("フォーム",),
    TicketChannel.CHAT: ("チャット",),
    TicketChannel.PHONE: ("call", "電話"),
    TicketChannel.LINE: (),
    TicketChannel.FOLLOW_UP: ("follow-up", "フォローアップ"),
    TicketChannel.API: (),
    TicketChannel.STAFF: ("スタッフ",),
}
_DAYS = {"today": ("今日", "本日"), "yesterday": ("昨日",)}


def _plain(choices: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {str(value): spellings for value, spellings in choices.items()}


OPERATORS: Final[Mapping[str, Operator]] = {
    one.name: one
    for one in (
        Operator("is", ("状況",), _IS),
        Operator("state", ("状態", "status"), _plain({state.value: spelled for state, spelled in _STATES.items()})),
        Operator("assignee", ("担当", "assigned"), {"me": ("自分",), "none": ("なし",)}, _text),
        Operator("team", ("チーム",), {"mine": ("自分",), "none": ("なし",)}, _text),
        Operator("tag", ("タグ", "label"), {}, _text),
        Operator("priority", ("優先度",), _PRIORITIES),
        Operator(
            "channel",
            ("経路", "チャネル", "via"),
            _plain({channel.value: spelled for channel, spelled in _CHANNELS.items()}),
        ),
        Operator("from", ("差出人",), {}, _text),
        Operator("to", ("宛先",), {}, _text),
        Operator("customer", ("顧客", "お客様"), {}, _text),
        Operator("order", ("注文",), {"none": ("なし",)}, _code),
        Operator("number", ("番号",), {}, _number),
        Operator("has", ("あり",), _HAS),
        Operator("before", ("以前",), _DAYS, _moment),
        Operator("after", ("以後", "since"), _DAYS, _moment),
        Operator("language", ("言語", "lang"), {}, _language),
    )
}
_NAMES: Final = {
    fold(name): operator.name for operator in OPERATORS.values() for name in (operator.name, *operator.aliases)
}


def operator_of(name: str) -> str | None:
    """The operator that is called so."""
    return _NAMES.get(fold(name))
