"""Duties and charges on import that go back with goods which cross a customs border (C1.17)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.queries import return_address_for
from saleor_aftercare.providers.customs import crosses_border

from .models import Return

MAX_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class ImportCharges:
    """What staff give back of duties, import tax and a carrier's fee for them."""

    amount: Money
    note: str  #: what it is, and by which document; the customer reads it


def crosses_customs_border(ret: Return) -> bool:
    """Whether customs looked at the goods: they went to one customs territory and come back to another."""
    if not ret.order.shipping_address.get("country"):
        return False
    sender = PostalAddress.from_json(ret.order.shipping_address)
    try:
        recipient = return_address_for(ret.shop, ret.policy, sender.country)
    except Refused:
        return False
    return crosses_border(sender, recipient)


def charges_due(ret: Return, chosen: ImportCharges | None) -> tuple[Money, str]:
    """What goes back, and why: what staff say now, else what they said before.

    Raises InvalidInput (fields ``importCharges.amount`` and ``importCharges.note``).
    """
    currency = ret.order.currency
    if chosen is None:
        return Money(ret.import_charges, currency).rounded(), ret.import_charges_note
    amount, note = chosen.amount, chosen.note.strip()
    if amount.currency != currency or amount.amount < 0 or amount.rounded() != amount:
        text = _("The amount must be 0 %(currency)s or more.") % {"currency": currency}
        raise InvalidInput(text, "importCharges.amount")
    if not amount:
        return amount, ""
    if not crosses_customs_border(ret):
        raise InvalidInput(_("The goods of this return cross no customs border."), "importCharges.amount")
    if not note or len(note) > MAX_NOTE:
        text = _("Please say what the charges are, in at most %(limit)d characters; the customer will read it.")
        raise InvalidInput(text % {"limit": MAX_NOTE}, "importCharges.note")
    return amount, note
