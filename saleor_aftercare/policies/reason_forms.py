"""A reason as somebody edits it, checked before it is stored."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import from_global_id
from saleor_aftercare.core.languages import LANGUAGES

from .models import Fault, Resolution

MAX_LABEL: Final = 100
MAX_QUESTIONS: Final = 10
MAX_OPTIONS: Final = 20
#: What may be offered before a refund.
SUGGESTIONS: Final = ("", Resolution.REPAIR, Resolution.EXCHANGE, Resolution.STORE_CREDIT)

_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")


def read_reason(form: Mapping[str, Any], *, built_in: bool) -> dict[str, Any]:
    """The columns of a ``ReasonOption`` but its code and position; raises InvalidInput naming the field.

    A reason of the shop's own needs a label in at least one language; a built-in one has words of its own.
    """
    labels = read_labels(form["labels"], "labels", required=not built_in)
    suggests = form.get("suggests") or ""
    if suggests not in SUGGESTIONS:
        raise InvalidInput(_("Not one of the choices."), "suggests")
    if form["fault"] not in Fault.values:
        raise InvalidInput(_("Not one of the choices."), "fault")
    return {
        "labels": labels,
        "fault": form["fault"],
        "active": bool(form["active"]),
        "staff_only": bool(form["staff_only"]),
        "questions": _questions(form["questions"]),
        "suggests": suggests,
        "saleor_return_reference": _page(form.get("saleor_return_reference"), "saleor_return_reference"),
        "saleor_refund_reference": _page(form.get("saleor_refund_reference"), "saleor_refund_reference"),
    }


def read_labels(entries: Sequence[Mapping[str, Any]], field: str, *, required: bool) -> dict[str, str]:
    """Texts by language, empty ones left out; raises InvalidInput."""
    labels: dict[str, str] = {}
    for n, entry in enumerate(entries):
        language = str(entry["language"]).lower()
        if language not in LANGUAGES or language in labels:
            raise InvalidInput(_("Not a language of this app."), f"{field}.{n}.language")
        if text := texts.one_line(str(entry["text"]), f"{field}.{n}.text", limit=MAX_LABEL):
            labels[language] = text
    if required and not labels:
        raise InvalidInput(_("Please fill in this field."), field)
    return labels


def code_for(labels: Mapping[str, str], taken: Collection[str], *, start: str = "reason") -> str:
    """A new code from the English words where there are any; not in ``taken``.

    >>> code_for({"en": "Too heavy!"}, {"too_heavy"})
    'too_heavy_2'
    """
    base = slugify(labels.get("en", "")).replace("-", "_")[:36].strip("_") or start
    code, n = base, 1
    while code in taken:
        n += 1
        code = f"{base}_{n}"
    return code


def _questions(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(entries) > MAX_QUESTIONS:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_QUESTIONS}, "questions")
    found: list[dict[str, Any]] = []
    for n, entry in enumerate(entries):
        at = f"questions.{n}"
        labels = read_labels(entry["labels"], f"{at}.labels", required=True)
        kind = entry["kind"]
        if kind not in {"choice", "text"}:
            raise InvalidInput(_("Not one of the choices."), f"{at}.kind")
        options = _options(entry.get("options") or (), f"{at}.options") if kind == "choice" else []
        if kind == "choice" and len(options) < 2:
            raise InvalidInput(_("Please give at least two answers to choose from."), f"{at}.options")
        code = _code(entry.get("code"), labels, {one["code"] for one in found}, f"{at}.code", start="question")
        found.append(
            {"code": code, "labels": labels, "kind": kind, "required": bool(entry["required"]), "options": options}
        )
    return found


def _options(entries: Sequence[Mapping[str, Any]], field: str) -> list[dict[str, Any]]:
    if len(entries) > MAX_OPTIONS:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_OPTIONS}, field)
    found: list[dict[str, Any]] = []
    for n, entry in enumerate(entries):
        labels = read_labels(entry["labels"], f"{field}.{n}.labels", required=True)
        taken = {one["code"] for one in found}
        code = _code(entry.get("code"), labels, taken, f"{field}.{n}.code", start="answer")
        found.append({"code": code, "labels": labels})
    return found


def _code(given: Any, labels: Mapping[str, str], taken: Collection[str], field: str, *, start: str) -> str:
    """The code that old answers name, or a new one."""
    if not given:
        return code_for(labels, taken, start=start)
    if not _CODE.fullmatch(str(given)) or given in taken:
        raise InvalidInput(_("Not a code, or listed twice."), field)
    return str(given)


def _page(value: Any, field: str) -> str:
    if not value:
        return ""
    from_global_id("Page", value, field=field)
    return texts.one_line(str(value), field, limit=60)
