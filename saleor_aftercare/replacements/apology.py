"""The letter that goes into the parcel with a replacement: the shop's own words, or ours, filled in and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.files import store
from saleor_aftercare.core.languages import Language, supported_language
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.printing.letter import MAX_BODY, MAX_SUBJECT, Letter, render_letter

from .models import Replacement

MAX_SIGNATURE: Final = 300


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter in one language, as staff may still change it before it is printed."""

    language: Language
    subject: str
    body: str
    signature: str


#: Ours stand in code, because a letter is written for its language and not translated sentence by sentence.
WORDS: Final[Mapping[Language, tuple[str, str, str]]] = {
    "en": (
        "Your replacement, and our apology",
        (
            "Dear {customer},\n\n"
            "something was not right with what you ordered, and we are sorry for the trouble that it gave you."
            " In this parcel you find your replacement: {goods}.\n\n"
            "We checked it before it left us. Should anything still not be as you expect, please write to us or call;"
            " we will put it right.\n\n"
            "Thank you for your patience."
        ),
        "With kind regards\n{shop}",
    ),
    "ja": (
        "交換品のお届けとお詫び",
        (
            "{customer} 様\n\n"
            "平素より格別のご愛顧を賜り、誠にありがとうございます。\n"
            "このたびはご注文の品に不都合があり、ご迷惑をおかけいたしましたこと、心よりお詫び申し上げます。\n\n"
            "交換品（{goods}）を同封いたしましたので、どうぞお納めください。出荷前に点検をいたしておりますが、"
            "お気づきの点がございましたら、お手数ながらご連絡くださいますようお願い申し上げます。\n\n"
            "今後とも変わらぬお引き立てを賜りますようお願い申し上げます。"
        ),
        "敬具\n{shop}",
    ),
}


def letter_for(replacement: Replacement) -> LetterText:
    """The letter in the customer's language, filled in: the shop's own words where it has any, else ours."""
    order = replacement.order
    settings = ShopSettings.objects.select_related("shop").get(shop=replacement.shop_id)
    language = supported_language(order.language, default=settings.default_language)
    own = settings.apology_letters.get(language, {})
    subject, body, signature = WORDS[language]
    goods = ("、" if language == "ja" else ", ").join(
        f"{line['quantity']} × {line['name']}" if line["quantity"] > 1 else line["name"] for line in replacement.lines
    )
    blanks = {
        "customer": order.customer_name,
        "goods": goods,
        "shop": settings.sender_name or settings.shop.name,
        "order": order.number,
        "case": replacement.case_number,
        "replacement_order": replacement.saleor_order_number,
    }
    return LetterText(
        language,
        fill(own.get("subject") or subject, blanks),
        fill(own.get("body") or body, blanks),
        fill(own.get("signature") or signature, blanks),
    )


def fill(text: str, blanks: Mapping[str, str]) -> str:
    """``text`` with ``{name}`` of every known blank replaced, once: what is put in is not looked at again."""
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        filled.append(f"{blanks[name]}{rest}" if brace and name in blanks else f"{{{part}")
    return "".join(filled)


def print_letter(replacement: Replacement, text: LetterText, *, at: datetime) -> StoredFile:
    """The letter as a stored PDF, addressed to where the replacement goes.

    Raises:
        InvalidInput: ``subject``, ``body`` or ``signature`` is empty or too long.
        Refused: the shop has no address, or the order has none.
    """
    for name, value, most in (
        ("subject", text.subject, MAX_SUBJECT),
        ("body", text.body, MAX_BODY),
        ("signature", text.signature, MAX_SIGNATURE),
    ):
        if len(value) > most or (name != "signature" and not value.strip()):
            raise InvalidInput(_("Between 1 and %(most)d characters.") % {"most": most}, name)
    shop, order = replacement.shop, replacement.order
    address = order.shipping_address or order.billing_address
    if not address:
        raise Refused(_("Order %(number)s has no address.") % {"number": order.number})
    settings = ShopSettings.objects.get(shop=shop)
    pdf = render_letter(
        Letter(
            sender=return_address_of(shop),
            recipient=PostalAddress.from_json(address),
            subject=text.subject,
            body=text.body,
            signature=text.signature,
            reference=replacement.case_number,
            written_on=at.astimezone(ZoneInfo(settings.time_zone)).date(),
            language=text.language,
            shop_name=settings.sender_name or shop.name,
        )
    )
    name = f"{replacement.case_number}-letter.pdf"
    return store(shop, name=name, content_type="application/pdf", data=pdf, at=at)
