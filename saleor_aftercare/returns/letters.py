"""The letters about a return; each is written once, by its key.

They go to whoever asked: to the recipient of a gift, and never to its payer, where it was one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from saleor_aftercare.compensation.models import Refund, RefundMethod, RefundState, Settlement, StoreCredit
from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of, settings_of
from saleor_aftercare.core import links
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.core.money import Money
from saleor_aftercare.core.words import Words
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose
from saleor_aftercare.parcels.handing import way_of, ways_of
from saleor_aftercare.parcels.models import Handover, Parcel, ParcelState
from saleor_aftercare.parcels.sheets import last_day
from saleor_aftercare.policies.models import Resolution

from .breakdown import LABELS, PAID_KINDS, ItemKind
from .models import Hitch, Return, ReturnLine
from .queries import status_token


def status_url(ret: Return) -> str:
    """The return's page, opened for reading by whoever has the link."""
    return links.return_status(ret.shop, ret.number, status_token(ret))


def write_requested(ret: Return, *, at: datetime) -> OutboundMessage:
    """We have your request."""
    settings = ShopSettings.objects.get(shop=ret.shop)
    context = {"items": _items(ret), "answer_within_hours": settings.answer_within_hours}
    return _write(ret, "requested", context, at=at)


def write_question(ret: Return, *, at: datetime) -> OutboundMessage:
    """Staff want to know something; one letter per question."""
    return _write(ret, "question", {"question": ret.question}, suffix=f":{ret.state_since.isoformat()}", at=at)


def write_approved(ret: Return, *, at: datetime) -> OutboundMessage:
    """Here is your label; better had twice than never. A renewed return gets a letter of its own."""
    parcels = list(_parcels(ret, ParcelState.READY))
    # Our own A4 sheet holds the packing slip; beside any other label it is a sheet of its own.
    papers = [(one.a4, one.a6, one.customs, one.slip if one.a4 is None else None) for one in parcels]
    printable = [file for found in papers for file in found if file is not None]
    codes = [parcel.dropoff_image for parcel in parcels if parcel.dropoff_image is not None]
    labels_end = min((parcel.expires_on for parcel in parcels if parcel.expires_on is not None), default=None)
    lines, language = _lines(ret), _language(ret)
    context = {
        "items": [item for line in lines if (item := _item(line, _approved(line), _wish(ret, line)))],
        "not_approved": [item for line in lines if (item := _item(line, line.quantity - _approved(line)))],
        "reason": ret.decline_reason,
        "payer": ret.payer,
        "send_by": _day(ret, last_day(ret.expires_on, labels_end)),
        "has_label": any(parcel.a6 is not None for parcel in parcels),
        "own_label": any(parcel.a4 is not None for parcel in parcels),
        "dropoff": any(way_of(parcel) == Handover.DROPOFF for parcel in parcels),
        "has_choice": any(len(ways_of(parcel)) > 1 for parcel in parcels),
        "carrier": next((carrier for parcel in parcels if (carrier := _carrier(parcel))), ""),
        "parcels": max(1, len(parcels)),
        "instructions": str(settings_of(ret.shop).return_instructions.get(language, "")),
        "address_lines": list(_address(ret, parcels).lines(language, country=True)),
    }
    label = parcels[-1].pk if parcels else ""
    return _write(
        ret,
        "approved",
        context,
        attachments=[*printable, *codes],
        repeat_if_lost=True,
        suffix=f":{label}" if label else "",
        at=at,
    )


def _address(ret: Return, parcels: Sequence[Parcel]) -> PostalAddress:
    """Where it goes: as on the label; by the country that it comes from."""
    return PostalAddress.from_json(parcels[0].recipient) if parcels else return_address_of(ret.shop)


def write_declined(ret: Return, *, at: datetime) -> OutboundMessage:
    """We cannot accept it, for this reason."""
    return _write(ret, "declined", {"reason": ret.decline_reason}, at=at)


def write_canceled(ret: Return, *, at: datetime) -> OutboundMessage:
    """You keep the goods."""
    return _write(ret, "canceled", {}, at=at)


def write_reminder(ret: Return, *, at: datetime) -> OutboundMessage:
    """The last day comes near; once for each last day."""
    context = {"items": _items(ret), "send_by": _day(ret, ret.expires_on)}
    return _write(ret, "reminder", context, suffix=f":{ret.expires_on}", at=at)


def write_expired(ret: Return, *, at: datetime) -> OutboundMessage:
    """No parcel came; ask for a new label if you still want to send it."""
    return _write(ret, "expired", {"items": _items(ret)}, suffix=f":{ret.expires_on}", at=at)


def write_sent(ret: Return, *, at: datetime) -> OutboundMessage:
    """The parcel is on its way."""
    parcel = next(_parcels(ret, ParcelState.IN_TRANSIT), None)
    context = {
        "items": _items(ret),
        "carrier": _carrier(parcel) if parcel else "",
        "tracking_number": parcel.tracking_number if parcel else "",
    }
    return _write(ret, "sent", context, at=at)


def write_lost(ret: Return, *, at: datetime) -> OutboundMessage:
    """The carrier does not have it any more."""
    parcel = next(_parcels(ret, ParcelState.LOST), None)
    return _write(ret, "lost", {"tracking_number": parcel.tracking_number if parcel else ""}, at=at)


def write_came_back(ret: Return, parcel: Parcel, *, at: datetime) -> OutboundMessage:
    """The carrier brings a parcel back to the customer, who may ask for a new label; once for each parcel."""
    context = {
        "carrier": _carrier(parcel),
        "tracking_number": parcel.tracking_number,
        "send_by": _day(ret, ret.expires_on) if ret.hitch == Hitch.CAME_BACK else "",
    }
    return _write(ret, "came_back", context, suffix=f":{parcel.pk}", at=at)


def write_label_expired(ret: Return, *, at: datetime) -> OutboundMessage:
    """The label ended before the return did; once for each label that did."""
    newest = max((parcel.pk for parcel in _parcels(ret, ParcelState.EXPIRED)), default=0)
    context = {"items": _items(ret), "send_by": _day(ret, ret.expires_on)}
    return _write(ret, "label_expired", context, suffix=f":{newest}", at=at)


def write_arrived(ret: Return, *, at: datetime) -> OutboundMessage:
    """The parcel is here, unopened."""
    return _write(ret, "arrived", {}, at=at)


def write_received(ret: Return, *, at: datetime, after: str = "") -> OutboundMessage:
    """The parcel was opened: what is accepted, what is not and why, and what was not in it.

    ``after`` names what changed since the first such letter, which then gets another one.
    """
    lines = [line for line in _lines(ret) if not line.kept]
    context = {
        "accepted": [item for line in lines if (item := _item(line, _accepted(line), _wish(ret, line)))],
        "rejected": [item for line in lines if (item := _item(line, line.quantity_rejected, line.reject_reason))],
        "missing": [item for line in lines if (item := _item(line, _missing(line)))],
        "sendback_payer": ret.sendback_payer,
        "stored_until": _day(ret, ret.sendback_stored_until),
    }
    return _write(ret, "received", context, suffix=f":{after}" if after else "", at=at)


def write_sent_back(ret: Return, *, at: datetime) -> OutboundMessage:
    """What we did not accept is on its way back to the customer."""
    items = [item for line in _lines(ret) if (item := _item(line, line.quantity_rejected, line.reject_reason))]
    return _write(ret, "sent_back", {"items": items, "tracking_number": ret.sendback_tracking}, at=at)


def write_kept(ret: Return, *, at: datetime) -> OutboundMessage:
    """You need not send it back; one letter per decision, which may concern some of the lines."""
    kept = [line for line in _lines(ret) if line.kept]
    context = {"items": [item for line in kept if (item := _item(line, _approved(line), _wish(ret, line)))]}
    return _write(ret, "kept", context, suffix=":" + ",".join(str(line.pk) for line in kept), at=at)


def write_refunded(ret: Return, refund: Refund, *, at: datetime) -> OutboundMessage:
    """The money is on its way: of a refund that stands for itself."""
    context = {"amount": refund.money.format(_language(ret)), "method": refund.method, "sum": [], "instead_of": ""}
    return _write(ret, "refunded", context, suffix=f":{refund.pk}", at=at)


def write_settled(ret: Return, settlement: Settlement, *, at: datetime) -> OutboundMessage:
    """The money of a settlement is on its way; with how it comes about where that is more than one item."""
    language = _language(ret)
    amount = settlement.money(settlement.refund).format(language)
    rows: list[dict[str, str]] = []
    if len(settlement.items) > 1:
        with translation.override(language):
            rows = [_sum_row(item, settlement, language) for item in settlement.items]
            given = (
                (translation.gettext("Store credit"), settlement.credit),
                (translation.gettext("Exchange"), settlement.exchange),
            )
            rows += [
                {"label": label, "amount": settlement.money(-part).format(language)} for label, part in given if part
            ]
            rows.append({"label": translation.gettext("Refund"), "amount": amount})
    by_hand = settlement.refunds.filter(state=RefundState.SUCCEEDED, method=RefundMethod.MANUAL).exists()
    method = RefundMethod.MANUAL if by_hand else RefundMethod.PAYMENT_APP
    context = {"amount": amount, "method": method, "sum": rows, "instead_of": settlement.instead_of}
    return _write(ret, "refunded", context, suffix=f":settlement:{settlement.pk}", at=at)


def _sum_row(item: dict[str, Any], settlement: Settlement, language: str) -> dict[str, str]:
    kind = item["kind"]
    label = str(LABELS[ItemKind(kind)]) if kind in set(ItemKind) else str(item["label"])
    if item.get("name") and kind in PAID_KINDS and item.get("units"):
        label = f"{item['units']} × {item['name']}"
    if item.get("order"):
        label = translation.gettext("%(what)s (paid with order %(number)s)") % {"what": label, "number": item["order"]}
    label = f"{label}: {item['reason']}" if item.get("reason") else label
    return {"label": label, "amount": Money.read(item["amount"], settlement.currency).format(language)}


def write_store_credit(ret: Return, credit: StoreCredit, *, at: datetime) -> OutboundMessage:
    """Here is your code; better had twice than never."""
    language = _language(ret)
    context = {
        "amount": credit.money.format(language),
        "bonus": credit.bonus_money.format(language) if credit.bonus else "",
        "restores": credit.restores,
        "instead_of": credit.settlement.instead_of if credit.settlement is not None and not credit.restores else "",
        "code": credit.code,
        "valid_until": _day(ret, credit.expires_on),
    }
    return _write(ret, "store_credit", context, suffix=f":{credit.pk}", repeat_if_lost=True, at=at)


def _lines(ret: Return) -> Sequence[ReturnLine]:
    return list(ret.lines.select_related("order_line").order_by("pk"))


def _parcels(ret: Return, state: ParcelState) -> Iterator[Parcel]:
    rows = Parcel.objects.filter(shop=ret.shop, subject="return", subject_id=ret.pk, state=state)
    files = ("a4", "a6", "slip", "customs", "dropoff_image")
    return iter(rows.select_related("shop", *files).order_by("position"))


def _carrier(parcel: Parcel) -> str:
    """Who carries it; empty for our own label, with which the customer chooses."""
    return parcel.carrier if parcel.tracking_number and parcel.provider != "printable" else ""


def _approved(line: ReturnLine) -> int:
    return line.quantity if line.quantity_approved is None else line.quantity_approved


def _accepted(line: ReturnLine) -> int:
    return (line.quantity_received or 0) - line.quantity_rejected


def _missing(line: ReturnLine) -> int:
    """Units that we wait for in vain: not in the parcel, or something else in their place."""
    return max(0, _approved(line) - line.unsent - (line.quantity_received or 0))


def _items(ret: Return) -> list[dict[str, Any]]:
    return [item for line in _lines(ret) if (item := _item(line, _approved(line), _wish(ret, line)))]


def _item(line: ReturnLine, quantity: int, detail: str = "") -> dict[str, Any] | None:
    if quantity <= 0:
        return None
    name = " ".join(filter(None, (line.order_line.product_name, line.order_line.variant_name)))
    return {"name": name, "quantity": quantity, "detail": detail}


def _wish(ret: Return, line: ReturnLine) -> str:
    """What the customer asked for, in their language: ``Exchange: Trail shoe 42``."""
    with translation.override(_language(ret)):
        wish = str(Resolution(line.resolution).label)
        return f"{wish}: {line.exchange_name}" if line.exchange_name else wish


def _language(ret: Return) -> str:
    settings = ShopSettings.objects.get(shop=ret.shop)
    return supported_language(ret.contact_language, default=settings.default_language)


def _day(ret: Return, day: Any) -> str:
    return Words(_language(ret), "UTC").day(day) if day else ""


def _write(
    ret: Return,
    what: str,
    context: dict[str, Any],
    *,
    at: datetime,
    attachments: list[StoredFile] | None = None,
    repeat_if_lost: bool = False,
    suffix: str = "",
) -> OutboundMessage:
    return letters.write(
        shop=ret.shop,
        kind=f"returns/{what}",
        key=f"return:{ret.pk}:{what}{suffix}",
        to_email=ret.contact_email,
        to_name=ret.contact_name,
        language=ret.contact_language,
        context={
            "number": ret.number,
            "order_number": ret.order.number,
            "status_url": status_url(ret),
            **context,
        },
        subject=("return", ret.pk),
        attachments=attachments or (),
        repeat_if_lost=repeat_if_lost,
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )
