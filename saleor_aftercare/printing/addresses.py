"""Addresses as the templates want them."""

from __future__ import annotations

from saleor_aftercare.core.address import PostalAddress

from .render import Data
from .text import shorten

#: Longer lines do not exist on envelopes; they would push the rest of the address off the label.
MAX_LINE_LENGTH = 90


def sender_lines(sender: PostalAddress, *, recipient: PostalAddress, language: str) -> Data:
    """The sender's lines: no honorific, phone last, country only where the parcel crosses a border."""
    return _lines(sender, language, honorific=False, country=sender.country != recipient.country)


def recipient_lines(recipient: PostalAddress, *, sender: PostalAddress, language: str) -> Data:
    """The addressee's lines: with 様 or 御中 in Japan, phone last, country where the parcel crosses a border."""
    return _lines(recipient, language, honorific=True, country=sender.country != recipient.country)


def _lines(address: PostalAddress, language: str, *, honorific: bool, country: bool) -> Data:
    layout = address.layout(language, honorific=honorific, country=country, phone=True)
    return [{"kind": line.kind.value, "text": shorten(line.text, MAX_LINE_LENGTH)} for line in layout]
