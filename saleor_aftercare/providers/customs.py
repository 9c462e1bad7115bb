"""Which parcels customs look at."""

from __future__ import annotations

from typing import Final

from saleor_aftercare.core.address import PostalAddress

#: The customs territory of the European Union, as far as country codes tell (Regulation (EU) 952/2013 art. 4), Monaco
#: included. Büsingen, Livigno, Ceuta, Melilla and the Åland exceptions have no code of their own.
# fmt: off
EU_CUSTOMS: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MC", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on
#: One customs territory each.
_UNIONS: Final = (EU_CUSTOMS, frozenset({"CH", "LI"}), frozenset({"US", "PR"}), frozenset({"GB", "IM", "JE", "GG"}))


def crosses_border(sender: PostalAddress, recipient: PostalAddress) -> bool:
    """Whether a parcel between these two needs a customs declaration.

    Northern Ireland (postal codes BT…) is in the EU's single market for goods: parcels between it and the EU need none.
    """
    if sender.country == recipient.country:
        return False
    if any({sender.country, recipient.country} <= union for union in _UNIONS):
        return False
    return not (_northern_ireland(sender, recipient) or _northern_ireland(recipient, sender))


def _northern_ireland(one: PostalAddress, other: PostalAddress) -> bool:
    in_north = one.country == "GB" and one.postal_code.upper().startswith("BT")
    return in_north and other.country in EU_CUSTOMS
