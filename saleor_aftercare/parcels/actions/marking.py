"""What people say became of a parcel, and the label that they bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.money import Money
from saleor_aftercare.parcels.handing import ways_of
from saleor_aftercare.parcels.hearing import hear_of_parcel
from saleor_aftercare.parcels.making import keep_label
from saleor_aftercare.parcels.models import REPLACEABLE_STATES, UNSENT_STATES, Parcel, ParcelState, TrackingStatus
from saleor_aftercare.parcels.queries import locked_parcel
from saleor_aftercare.providers.documents import as_pdf
from saleor_aftercare.providers.labels.base import Cost, Label

MAX_TRACKING: Final = 100
MAX_CARRIER: Final = 60


def upload_label(
    parcel: Parcel,
    *,
    data: bytes,
    carrier: str,
    tracking_number: str = "",
    tracking_url: str = "",
    cost: Money | None = None,
    expires_on: date | None = None,
    at: datetime,
    actor: Actor,
) -> Parcel:
    """Staff got the label elsewhere: a PDF or a picture of at most 10 MB.

    Also ends the wait where a purchase is UNKNOWN: staff found the label with the provider.

    Raises:
        InvalidInput: field ``file``, ``carrier``, ``trackingNumber``, ``trackingUrl`` or ``cost``.
        Conflict: it has a label, or was given up.
    """
    carrier, number, url = (" ".join(text.split()) for text in (carrier, tracking_number, tracking_url))
    if not carrier or len(carrier) > MAX_CARRIER:
        raise InvalidInput(_("Please name the carrier, in at most %(limit)d characters.") % {"limit": 60}, "carrier")
    if len(number) > MAX_TRACKING or not number.isprintable():
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_TRACKING}, "trackingNumber")
    if cost is not None and cost.amount < 0:
        raise InvalidInput(_("This cannot be less than 0."), "cost")
    try:
        pdf = as_pdf(data)
    except ProviderError:
        raise InvalidInput(
            _("The label must be a PDF or a picture (PNG, JPEG, GIF) of at most 10 MB."), "file"
        ) from None
    try:
        label = Label(
            carrier=carrier,
            tracking_number=number,
            tracking_url=url,
            cost=Cost(cost.amount, cost.currency) if cost is not None else None,
            pdf=pdf,
            expires_on=expires_on,
        )
    except ProviderError:
        raise InvalidInput(_("Not a web address."), "trackingUrl") from None
    if parcel.state == ParcelState.FAILED:
        parcel = _to_staff(parcel, at=at)
    parcel.workflow.target(parcel.state, "make")
    kept = keep_label(parcel, label, at=at, actor=actor)
    if kept.state != ParcelState.READY or kept.tracking_number != number:
        raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
    return kept


@transaction.atomic
def _to_staff(parcel: Parcel, *, at: datetime) -> Parcel:
    """A provider failed; staff get the label themselves."""
    locked = locked_parcel(parcel)
    locked.move("retry", at=at, provider="upload", error="", asked_at=None, provider_reference="")
    locked.move("export", at=at)
    return locked


@transaction.atomic
def set_tracking(
    parcel: Parcel, *, tracking_number: str, carrier: str = "", tracking_url: str = "", at: datetime, actor: Actor
) -> Parcel:
    """Note, or mend, the number by which a parcel is followed.

    Raises InvalidInput, or Conflict for a parcel whose way has ended.
    """
    number, name, url = (" ".join(text.split()) for text in (tracking_number, carrier, tracking_url))
    _check_number(number)
    if len(name) > MAX_CARRIER:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_CARRIER}, "carrier")
    if url:
        try:
            Label(carrier="-", tracking_url=url)
        except ProviderError:
            raise InvalidInput(_("Not a web address."), "trackingUrl") from None
    locked = locked_parcel(parcel)
    if locked.state in {ParcelState.ARRIVED, ParcelState.VOID}:
        raise Conflict(_("This parcel is not under way any more."))
    locked.tracking_number = number
    locked.carrier = name or locked.carrier
    locked.tracking_url = url or ("" if number != parcel.tracking_number else locked.tracking_url)
    locked.save(update_fields=["tracking_number", "carrier", "tracking_url"])
    return locked


def mark_handed_over(parcel: Parcel, *, tracking_number: str = "", at: datetime, actor: Actor) -> Parcel:
    """The customer, or staff for the customer, says that it was sent. Saying so twice changes nothing."""
    if tracking_number.strip():
        parcel = set_tracking(parcel, tracking_number=tracking_number, at=at, actor=actor)
    return _mark(parcel, TrackingStatus.HANDED_OVER, at=at, actor=actor)


def mark_arrived(parcel: Parcel, *, at: datetime, actor: Actor) -> Parcel:
    """It is at the warehouse, unopened."""
    return _mark(parcel, TrackingStatus.DELIVERED, at=at, actor=actor)


def mark_lost(parcel: Parcel, *, at: datetime, actor: Actor) -> Parcel:
    """The carrier does not have it any more. Raises Conflict unless it was sent."""
    return _mark(parcel, TrackingStatus.LOST, at=at, actor=actor)


def mark_returned(parcel: Parcel, *, at: datetime, actor: Actor) -> Parcel:
    """The carrier brought it back to the customer. Raises Conflict unless it was sent."""
    return _mark(parcel, TrackingStatus.RETURNED_TO_SENDER, at=at, actor=actor)


_MARKS: Final = {
    TrackingStatus.HANDED_OVER: ("ship", {ParcelState.IN_TRANSIT, ParcelState.ARRIVED}),
    TrackingStatus.DELIVERED: ("arrive", {ParcelState.ARRIVED}),
    TrackingStatus.LOST: ("lose", {ParcelState.LOST}),
    TrackingStatus.RETURNED_TO_SENDER: ("give_back", {ParcelState.RETURNED}),
}


@transaction.atomic
def _mark(parcel: Parcel, status: TrackingStatus, *, at: datetime, actor: Actor) -> Parcel:
    action, done = _MARKS[status]
    locked = locked_parcel(parcel)
    if locked.state in done:
        return locked
    locked.workflow.target(locked.state, action)
    hear_of_parcel(locked, status, source=actor.kind, at=at, actor=actor)
    locked.refresh_from_db()
    return locked


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be done with a parcel now, for screens."""

    staff: tuple[str, ...]
    customer: tuple[str, ...]


def choices_of(parcel: Parcel) -> Choice:
    """The actions that staff, and the customer, may take now; the same rules as the actions themselves."""
    staff: list[str] = []
    moves = parcel.actions
    replaceable = parcel.state in REPLACEABLE_STATES and not hasattr(parcel, "replacement")
    if replaceable:
        staff.append("replace")
    if parcel.state in {ParcelState.FAILED, ParcelState.UNKNOWN}:
        staff.append("retry")
    if parcel.state in {ParcelState.AWAITING_NUMBER, ParcelState.UNKNOWN, ParcelState.FAILED}:
        staff.append("upload")
    if parcel.state in {*UNSENT_STATES, ParcelState.EXPIRED} and parcel.void_wanted_at is None:
        staff.append("void")
    names = {"ship": "mark_sent", "arrive": "mark_arrived", "lose": "mark_lost", "give_back": "mark_returned"}
    staff += [name for move, name in names.items() if move in moves]
    if parcel.state not in {ParcelState.ARRIVED, ParcelState.VOID}:
        staff.append("set_tracking")
    customer = ["replace"] if replaceable else []
    if parcel.state in UNSENT_STATES or parcel.state == ParcelState.EXPIRED:
        customer.append("mark_sent")
    if parcel.state in UNSENT_STATES and len(ways_of(parcel)) > 1:
        customer.append("choose_handover")
        staff.append("choose_handover")
    return Choice(tuple(staff), tuple(customer))


def _check_number(number: str) -> None:
    if not number or len(number) > MAX_TRACKING or not number.isprintable():
        raise InvalidInput(
            _("Please enter the number on the receipt, at most %(limit)d characters.") % {"limit": MAX_TRACKING},
            "trackingNumber",
        )
