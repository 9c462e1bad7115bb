"""The return form: a sheet that travels with the goods, for a customer who may want to send something back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput

from .addresses import recipient_lines, sender_lines
from .codes import code_128, qr_link
from .render import Data, render_pdf
from .text import shorten
from .words import Language, long_date, words_of

MAX_ITEMS: Final = 40
MAX_REASONS: Final = 14
MAX_WISHES: Final = 5
MAX_NOTE: Final = 700

_CODE_WIDTH_MM: Final = 91.0
_CODE_HEIGHT_MM: Final = 13.0
_QR_WIDTH_MM: Final = 30.0


@dataclass(frozen=True, slots=True)
class FormItem:
    """One kind of goods in the parcel; ``note`` says why it cannot come back, "" when it can."""

    name: str
    sku: str
    quantity: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForm:
    """All that is printed for one order.

    ``url`` opens this order's return page and is printed as a QR code and in letters. ``reasons`` and ``wishes`` are
    in the form's language, in the order in which they are numbered. ``until`` is the last day of the return window,
    inclusive, where it is known when the parcel leaves; ``terms`` says the rest in plain words, "" for nothing.
    ``recipient`` is the shop's return address, ``customer`` the one that the goods go to.
    """

    order_number: str
    url: str
    customer: PostalAddress
    recipient: PostalAddress
    items: tuple[FormItem, ...]
    reasons: tuple[str, ...]
    wishes: tuple[str, ...]
    who_pays: str
    terms: str
    until: date | None
    issued_on: date
    language: Language
    shop_name: str


def render_return_form(form: ReturnForm) -> bytes:
    """The form as one A4 PDF, label for the way back included; asking twice gives the same bytes.

    More than 40 kinds of goods are cut off with a line that says how many.

    Raises:
        InvalidInput: an order number that cannot be a barcode, a link too long for a code, an unknown language, or a
            return address that lacks something (``recipient.street1``).
    """
    return render_return_forms([form])


def render_return_forms(forms: list[ReturnForm]) -> bytes:
    """Several forms in one PDF, a sheet each and each in its own language; for printing at dispatch.

    Raises InvalidInput as :func:`render_return_form`, and for an empty list.
    """
    if not forms:
        raise InvalidInput("There is nothing to print", "orders")
    first = forms[0]
    title = words_of(first.language).form_title.format(number=first.order_number)
    return render_pdf(
        "return_form",
        {"shop": shorten(first.shop_name, 60), "forms": [_data(form) for form in forms]},
        title=title if len(forms) == 1 else f"{title} (+{len(forms) - 1})",
        language=first.language,
        issued_on=first.issued_on,
    )


def _data(form: ReturnForm) -> dict[str, Data]:
    if lacking := form.recipient.missing():
        raise InvalidInput(f"The return address has no {lacking[0]}", f"recipient.{lacking[0]}")
    shown, left = form.items[:MAX_ITEMS], len(form.items) - MAX_ITEMS
    return {
        "language": form.language,
        "w": asdict(words_of(form.language)),
        "shop": shorten(form.shop_name, 60),
        "order": shorten(form.order_number, 40),
        "url": shorten(form.url, 200),
        "qr": qr_link(form.url, width_mm=_QR_WIDTH_MM),
        "bars": code_128(form.order_number, max_width_mm=_CODE_WIDTH_MM, height_mm=_CODE_HEIGHT_MM),
        "issued": long_date(form.issued_on, form.language),
        "until": long_date(form.until, form.language) if form.until else "",
        "who_pays": shorten(form.who_pays, 120),
        "terms": shorten(form.terms.strip(), MAX_NOTE),
        "sender": sender_lines(form.customer, recipient=form.recipient, language=form.language),
        "recipient": recipient_lines(form.recipient, sender=form.customer, language=form.language),
        "items": [
            {
                "name": shorten(" ".join(item.name.split()), 110),
                "sku": shorten(item.sku, 40),
                "quantity": item.quantity,
                "note": shorten(" ".join(item.note.split()), 110),
            }
            for item in shown
        ],
        "more": f"+ {left}" if left > 0 else "",
        "reasons": [shorten(" ".join(one.split()), 60) for one in form.reasons[:MAX_REASONS]],
        "wishes": [shorten(" ".join(one.split()), 60) for one in form.wishes[:MAX_WISHES]],
    }
