"""A letter on the shop's own paper: what goes into a parcel with a replacement, or by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from saleor_aftercare.core.address import PostalAddress

from .addresses import recipient_lines, sender_lines
from .render import Data, render_pdf
from .text import shorten
from .words import Language, long_date, words_of

MAX_BODY: Final = 6000
MAX_SUBJECT: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that is printed of one letter.

    ``body`` is plain text in the letter's language: an empty line parts paragraphs, line feeds are kept. ``reference``
    and ``signature`` (several lines) may be "".
    """

    sender: PostalAddress
    recipient: PostalAddress
    subject: str
    body: str
    signature: str
    reference: str
    written_on: date
    language: Language
    shop_name: str


def render_letter(letter: Letter) -> bytes:
    """The letter as A4 PDF, address where a window envelope shows it; asking twice gives the same bytes.

    A long body goes on to further pages, and is cut with "…" at 6000 characters.

    Raises:
        InvalidInput: an unknown language.
    """
    words = words_of(letter.language)
    name = letter.recipient.name or letter.recipient.company
    data: dict[str, Data] = {
        "shop": shorten(letter.shop_name, 60),
        "sender": sender_lines(letter.sender, recipient=letter.recipient, language=letter.language),
        "recipient": recipient_lines(letter.recipient, sender=letter.sender, language=letter.language),
        "subject": shorten(" ".join(letter.subject.split()), MAX_SUBJECT),
        "paragraphs": [
            part.strip("\n") for part in shorten(letter.body.strip(), MAX_BODY).replace("\r\n", "\n").split("\n\n")
        ],
        "signature": shorten(letter.signature.strip(), 300),
        "reference": shorten(letter.reference, 60),
        "date": long_date(letter.written_on, letter.language),
    }
    return render_pdf(
        "letter",
        data,
        title=words.letter_title.format(name=shorten(name, 60)),
        language=letter.language,
        issued_on=letter.written_on,
    )
