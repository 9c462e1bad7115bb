"""Why goods come back: the reasons that every shop starts with, and how a reason reads in a language.

A shop's own rows (``ReasonOption``) add to these and overrule them, code by code; see ``queries.reasons_of``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from saleor_aftercare.core.languages import LANGUAGES, supported_language
from saleor_aftercare.core.models import Shop

from .models import Fault, ReasonOption, Resolution


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An answer that a question offers."""

    code: str
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)  #: by language, for those who edit it


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of somebody who chose a reason. ``options`` are for ``kind`` "choice"; "text" has none."""

    code: str
    label: str
    kind: str  #: "choice" or "text"
    required: bool
    options: tuple[Choice, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)  #: by language, for those who edit it


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A reason as somebody reads it, in one language."""

    code: str
    label: str
    fault: Fault
    questions: tuple[Question, ...] = ()
    suggests: Resolution | None = None  #: offered before a refund
    photos_required: int = 0  #: by the policy in force
    active: bool = True
    staff_only: bool = False
    built_in: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)  #: by language; of a built-in one only what overrules it
    saleor_return_reference: str = ""  #: Page ID
    saleor_refund_reference: str = ""  #: Page ID

    def told(self, answers: Mapping[str, str]) -> list[str]:
        """Answers to the reason's questions, one line each; what was asked in an earlier time keeps its codes."""
        asked = {one.code: one for one in self.questions}
        lines = []
        for code, value in answers.items():
            question = asked.get(code)
            labels = {option.code: option.label for option in question.options} if question is not None else {}
            lines.append(f"{question.label if question is not None else code} {labels.get(value, value)}")
        return lines


@dataclass(frozen=True, kw_only=True)
class _BuiltIn:
    """A reason whose words are translated with the product."""

    code: str
    label: str  #: msgid
    fault: Fault
    suggests: Resolution | None = None
    staff_only: bool = False
    #: Questions with msgids in place of labels.
    questions: tuple[Question, ...] = ()


_WHEN_NOTICED = Question(
    code="noticed",
    label=gettext_noop("When did you notice it?"),
    kind="choice",
    required=False,
    options=(
        Choice(code="on_arrival", label=gettext_noop("When it arrived")),
        Choice(code="after_use", label=gettext_noop("After using it for a while")),
    ),
)

BUILT_IN: Final[Mapping[str, _BuiltIn]] = {
    reason.code: reason
    for reason in (
        _BuiltIn(
            code="defective",
            label=gettext_noop("It is defective"),
            fault=Fault.MERCHANT,
            suggests=Resolution.REPAIR,
            questions=(_WHEN_NOTICED,),
        ),
        _BuiltIn(
            code="wrong_item",
            label=gettext_noop("I received the wrong item"),
            fault=Fault.MERCHANT,
            suggests=Resolution.EXCHANGE,
        ),
        _BuiltIn(
            code="not_as_described",
            label=gettext_noop("It is not as described"),
            fault=Fault.MERCHANT,
        ),
        _BuiltIn(
            code="too_small",
            label=gettext_noop("It is too small"),
            fault=Fault.CUSTOMER,
            suggests=Resolution.EXCHANGE,
        ),
        _BuiltIn(
            code="too_large",
            label=gettext_noop("It is too large"),
            fault=Fault.CUSTOMER,
            suggests=Resolution.EXCHANGE,
        ),
        _BuiltIn(
            code="damaged_in_transit",
            label=gettext_noop("It arrived damaged"),
            fault=Fault.CARRIER,
            suggests=Resolution.EXCHANGE,
        ),
        _BuiltIn(code="changed_mind", label=gettext_noop("I changed my mind"), fault=Fault.CUSTOMER),
        _BuiltIn(code="other", label=gettext_noop("Another reason"), fault=Fault.CUSTOMER),
        _BuiltIn(
            code="undeliverable",
            label=gettext_noop("The parcel could not be delivered"),
            fault=Fault.CUSTOMER,
            staff_only=True,
        ),
    )
}


def catalogue(rows: Iterable[ReasonOption], *, language: str, photos: Mapping[str, int]) -> list[Reason]:
    """Every reason of a shop, active or not, in its order: the built-in ones as ``rows`` overrule them, and theirs.

    ``photos`` are those that the policy asks for, by code. Where a shop has put its reasons into an order, built-in
    ones that came with a later release follow at the end.
    """
    own = {row.code: row for row in rows}
    newcomers = len(own) + len(BUILT_IN)
    placed: list[tuple[int, int, Reason]] = []
    with translation.override(supported_language(language)):
        for n, code in enumerate(dict.fromkeys((*BUILT_IN, *own))):
            row = own.get(code)
            position = row.position if row is not None else n + (newcomers if own else 0)
            placed.append((position, n, _reason(code, row, language, photos.get(code, 0))))
    return [reason for _position, _n, reason in sorted(placed, key=lambda entry: entry[:2])]


def _reason(code: str, row: ReasonOption | None, language: str, photos: int) -> Reason:
    start = BUILT_IN.get(code)
    if row is None:
        built_in = BUILT_IN[code]
        return Reason(
            code=code,
            label=gettext(built_in.label),
            fault=built_in.fault,
            questions=tuple(_translated(question) for question in built_in.questions),
            suggests=built_in.suggests,
            photos_required=photos,
            staff_only=built_in.staff_only,
            built_in=True,
        )
    return Reason(
        code=code,
        label=in_language(row.labels, language) or (gettext(start.label) if start else code),
        fault=Fault(row.fault),
        questions=tuple(_question(entry, language) for entry in row.questions),
        suggests=Resolution(row.suggests) if row.suggests else None,
        photos_required=photos,
        active=row.active,
        staff_only=row.staff_only,
        built_in=start is not None,
        labels=row.labels,
        saleor_return_reference=row.saleor_return_reference,
        saleor_refund_reference=row.saleor_refund_reference,
    )


def _translated(question: Question) -> Question:
    return replace(
        question,
        label=gettext(question.label),
        labels=_in_every_language(question.label),
        options=tuple(
            replace(option, label=gettext(option.label), labels=_in_every_language(option.label))
            for option in question.options
        ),
    )


def _in_every_language(msgid: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            labels[language] = gettext(msgid)
    return labels


def _question(entry: Mapping[str, Any], language: str) -> Question:
    return Question(
        code=entry["code"],
        label=in_language(entry["labels"], language) or entry["code"],
        kind=entry["kind"],
        required=entry["required"],
        labels=entry["labels"],
        options=tuple(
            Choice(
                code=option["code"],
                label=in_language(option["labels"], language) or option["code"],
                labels=option["labels"],
            )
            for option in entry.get("options", ())
        ),
    )


def in_language(labels: Mapping[str, str], language: str) -> str:
    """The label for a reader of ``language``: that language's, else the first one that there is; "" for none.

    >>> in_language({"en": "Too small", "ja": "小さい"}, "ja-JP"), in_language({"ja": "小さい"}, "en")
    ('小さい', '小さい')
    """
    wish = supported_language(language)
    return next((labels[code] for code in (wish, *LANGUAGES) if labels.get(code)), "")


def as_row(shop: Shop, code: str) -> ReasonOption:
    """A built-in reason as a row that says the same, not saved; its own label stays translated with the product."""
    start = BUILT_IN[code]
    return ReasonOption(
        shop=shop,
        code=code,
        fault=start.fault,
        suggests=start.suggests or "",
        staff_only=start.staff_only,
        questions=[
            {
                "code": question.code,
                "labels": _in_every_language(question.label),
                "kind": question.kind,
                "required": question.required,
                "options": [
                    {"code": option.code, "labels": _in_every_language(option.label)} for option in question.options
                ],
            }
            for question in start.questions
        ],
    )
