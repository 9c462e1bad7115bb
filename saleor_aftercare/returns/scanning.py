"""Finding what a scanned, photographed or typed code belongs to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.parcels.models import Parcel

from .goods import StrayParcel
from .models import OPEN_STATES, Return

MAX_CODE: Final = 300
MAX_CANDIDATES: Final = 20
#: What some scanners put before what they read: the symbology identifier of ISO/IEC 15424.
_SYMBOLOGY: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_OUR_NUMBER: Final = re.compile(r"\b(RMA|STR)-\d{1,12}\b")


class Match(StrEnum):
    """Why something is a candidate."""

    NUMBER = "number"  #: the return's own number, as our QR code and barcode say it
    LABEL = "label"  #: the reference or tracking number of the parcel's label
    ORDER = "order"  #: the number of the order
    OUTBOUND = (
        "outbound"  #: the tracking number with which the order left: it came back (RTS), or the old label is on it
    )
    SENDER = "sender"  #: the name of the customer
    STRAY = "stray"  #: a parcel that nobody expected, noted before


@dataclass(frozen=True)
class Candidate:
    """What a code may belong to: a return, an order without one, or a stray parcel."""

    match: Match
    ret: Return | None = None
    order: Order | None = None
    stray: StrayParcel | None = None


def readings(text: str) -> list[str]:
    """What a code may mean, likeliest first; every carrier prints something around its tracking number.

    Full-width characters of a Japanese keyboard, control characters (GS1's FNC1), spaces and hyphens do not matter.

    >>> readings("ＲＭＡ－１００１")
    ['RMA-1001', 'RMA1001']
    >>> readings("a403512345678a")  # Yamato, Sagawa, Japan Post: Codabar with its start and stop letters
    ['A403512345678A', '403512345678']
    >>> readings("420941059400111899223197428490")  # USPS: the postal code before the tracking number
    ['420941059400111899223197428490', '9400111899223197428490']
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = _SYMBOLOGY.sub("", text.strip()).replace("\u2212", "-").upper()
    found = [text]
    if number := _OUR_NUMBER.search(text):
        found.insert(0, number[0])
    plain = re.sub(r"[\s\-_.]", "", text)
    found.append(plain)
    if codabar := re.fullmatch(r"[A-D](\d{8,})[A-D]", plain):
        found.append(codabar[1])
    if usps := re.fullmatch(r"420(?:\d{5}|\d{9})(9\d{21})", plain):
        found.append(usps[1])
    if re.fullmatch(r"\d{34}", plain):  # FedEx, whose tracking number is the end of what it prints
        found += [plain[-14:].lstrip("0"), plain[-12:]]
    if "/" in text:
        found.append(text.rstrip("/").rpartition("/")[2])
    return [one for one in dict.fromkeys(found) if one]


def find_by_scan(shop: Shop, text: str) -> list[Candidate]:
    """What a scanned or typed code may belong to, surest first, at most twenty.

    Raises InvalidInput for nothing, or for more than any code holds.
    """
    if not text.strip() or len(text) > MAX_CODE:
        raise InvalidInput(_("Scan or type a code of up to %(limit)d characters.") % {"limit": MAX_CODE}, "code")
    codes = readings(text)
    sure = _by_number(shop, codes) or _by_label(shop, codes)
    if sure:
        return sure
    found = _by_order(shop, codes)
    return (found or _by_sender(shop, text))[:MAX_CANDIDATES]


def _returns(shop: Shop, which: Q) -> list[Return]:
    rows = Return.objects.filter(which, shop=shop).select_related("order").order_by("-pk")
    return list(rows[:MAX_CANDIDATES])


def _by_number(shop: Shop, codes: list[str]) -> list[Candidate]:
    strays = StrayParcel.objects.filter(shop=shop, number__in=codes)
    return [Candidate(Match.NUMBER, ret=one, order=one.order) for one in _returns(shop, Q(number__in=codes))] + [
        Candidate(Match.STRAY, stray=one) for one in strays
    ]


def _by_label(shop: Shop, codes: list[str]) -> list[Candidate]:
    which = Q(tracking_number__in=codes) | Q(reference__in=codes) | Q(reference__in=[one.lower() for one in codes])
    parcels = Parcel.objects.filter(which, shop=shop, subject="return").values_list("subject_id", flat=True)
    keys = list(dict.fromkeys(parcels[:MAX_CANDIDATES]))
    found = [Candidate(Match.LABEL, ret=one, order=one.order) for one in _returns(shop, Q(pk__in=keys))]
    strays = StrayParcel.objects.filter(shop=shop, code__in=codes, state="open").order_by("-pk")
    return found + [Candidate(Match.STRAY, stray=one) for one in strays[:MAX_CANDIDATES]]


def _by_order(shop: Shop, codes: list[str]) -> list[Candidate]:
    numbers = [one.lstrip("#") for one in codes]
    by_number = Order.objects.filter(shop=shop, number__in=numbers).order_by("-pk")[:MAX_CANDIDATES]
    found = _of_orders(shop, by_number, Match.ORDER)
    if found:
        return found
    outbound = Order.objects.filter(shop=shop, fulfillments__tracking_number__in=codes).distinct().order_by("-pk")
    return _of_orders(shop, outbound[:MAX_CANDIDATES], Match.OUTBOUND)


def _by_sender(shop: Shop, text: str) -> list[Candidate]:
    """Open returns whose customer is called like this; a name finds no order, for there would be no end."""
    name = " ".join(text.split())
    if len(name) < 2 or any(c.isdigit() for c in name):
        return []
    which = Q(state__in=OPEN_STATES) & (
        Q(order__customer_name__icontains=name) | Q(gift_recipient_name__icontains=name)
    )
    return [Candidate(Match.SENDER, ret=one, order=one.order) for one in _returns(shop, which)]


def _of_orders(shop: Shop, orders: Iterable[Order], match: Match) -> list[Candidate]:
    orders = list(orders)
    found = []
    rows = _returns(shop, Q(order__in=orders)) if orders else []
    for order in orders:
        own = [one for one in rows if one.order_id == order.pk]
        found += [Candidate(match, ret=one, order=order) for one in own] or [Candidate(match, order=order)]
    return found
