"""What a request must look like, whatever the rules say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.reasons import Question, Reason

MAX_NOTE: Final = 5000
MAX_ANSWER: Final = 1000
#: Saleor's own columns hold larger orders than people return at once.
MAX_LINES: Final = 200


def check_form(order: Order, units: Sequence[tuple[OrderLine, int, str, Sequence[StoredFile]]], note: str) -> None:
    """Raise InvalidInput, naming the field, for what nobody can mean."""
    if not units:
        raise InvalidInput(_("Please choose at least one item."), "lines")
    if len(units) > MAX_LINES:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_LINES}, "lines")
    if len({line.pk for line, _quantity, _note, _photos in units}) != len(units):
        raise InvalidInput(_("An item is listed twice."), "lines")
    texts.paragraphs(note, "note", limit=MAX_NOTE, required=False)
    for n, (line, quantity, words, photos) in enumerate(units):
        if line.order_id != order.pk:
            raise InvalidInput(_("This item is not part of the order."), f"lines.{n}")
        if quantity < 1:
            raise InvalidInput(_("The quantity must be at least 1."), f"lines.{n}.quantity")
        texts.paragraphs(words, f"lines.{n}.note", limit=MAX_NOTE, required=False)
        check_photos(photos, f"lines.{n}.photos", shop_id=order.shop_id)


def check_photos(photos: Sequence[StoredFile], field: str, *, shop_id: int, already: int = 0) -> None:
    """Raise InvalidInput for too many, and for files of another shop."""
    if already + len(photos) > MAX_FILES:
        raise InvalidInput(_("At most %(limit)d photos.") % {"limit": MAX_FILES}, field)
    if any(photo.shop_id != shop_id for photo in photos):
        raise InvalidInput(_("There is no such file."), field)


def checked_answers(reason: Reason, answers: Mapping[str, str], *, field: str) -> dict[str, str]:
    """The answers to a reason's questions, trimmed; raises InvalidInput(``field``.CODE) for what does not fit."""
    questions = {question.code: question for question in reason.questions}
    for code in answers:
        if code not in questions:
            raise InvalidInput(_("This is not asked for the chosen reason."), f"{field}.{code[:40]}")
    kept = {}
    for code, question in questions.items():
        answer = _answer(question, answers.get(code, ""), f"{field}.{code}")
        if answer:
            kept[code] = answer
    return kept


def _answer(question: Question, given: object, field: str) -> str:
    answer = texts.paragraphs(str(given or ""), field, limit=MAX_ANSWER, required=question.required)
    if answer and question.kind == "choice" and answer not in {option.code for option in question.options}:
        raise InvalidInput(_("Please choose one of the answers."), field)
    return answer


def checked_resolution(
    resolution: str, *, offered: Sequence[Resolution], is_gift: bool, exchange_variant_id: str, field: str
) -> Resolution:
    """The resolution, if it may be chosen here; raises InvalidInput(``field``.resolution or .exchangeVariantId).

    The recipient of a gift is never given the payer's money back.
    """
    choices = [one for one in offered if not (is_gift and one == Resolution.REFUND)]
    if resolution not in choices:
        labels = ", ".join(str(one.label) for one in choices)
        words = _("Please choose one of: %(choices)s.") if labels else _("Please write to us about this item.")
        raise InvalidInput(words % {"choices": labels} if labels else words, f"{field}.resolution")
    if exchange_variant_id and resolution != Resolution.EXCHANGE:
        raise InvalidInput(_("Another variant is chosen for an exchange only."), f"{field}.exchangeVariantId")
    texts.one_line(exchange_variant_id, f"{field}.exchangeVariantId", limit=60)
    return Resolution(resolution)
