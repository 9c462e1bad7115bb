"""The parcels of a return on its page: where each is, its papers, and how it is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.core import files
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.parcels.handing import way_of, ways_of
from saleor_aftercare.parcels.models import (
    REPLACEABLE_STATES,
    UNSENT_STATES,
    Handover,
    Parcel,
    ParcelState,
    TrackingStatus,
)
from saleor_aftercare.parcels.queries import parcels_of_case
from saleor_aftercare.portal.visit import Visit
from saleor_aftercare.portal.words import PARCEL_STATES, TRACKING, Label
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.parcels import EXPECTING

#: Parcels that say nothing to whoever sends them.
HIDDEN: Final = (ParcelState.VOID,)
#: The provider whose labels name no carrier: the customer chooses one.
OWN_LABEL: Final = "printable"
_LABELS_HOLD: Final = (*EXPECTING, ReturnState.EXPIRED)


@dataclass(frozen=True)
class ParcelRow:
    """A parcel on the page."""

    title: str
    position: int
    label: Label
    carrier: str
    tracking: str
    tracking_url: str
    news: str
    way: Handover  #: how it is handed in
    can_choose: bool  #: between a label and a code
    a6: str
    a4: str
    slip: str  #: by itself, where no A4 sheet holds it
    customs: str
    code: str  #: the picture that is scanned where the parcel is handed in
    code_text: str
    is_waiting: bool  #: the label is being made
    is_stranded: bool  #: it is with the customer, and wants a new label

    @property
    def by_code(self) -> bool:
        """Handed in by a code, and without a label."""
        return self.way == Handover.DROPOFF


def parcel_rows(visit: Visit, ret: Return) -> list[ParcelRow]:
    """The parcels of a return, with papers as long as they may be used."""
    found = parcels_of_case(visit.shop, "return", ret.pk)
    shown = [one for one in found if one.state not in HIDDEN and not hasattr(one, "replacement")]
    for parcel in shown:
        parcel.shop = visit.shop
    return [_row(visit, ret, parcel, several=len(shown) > 1) for parcel in shown]


def _row(visit: Visit, ret: Return, parcel: Parcel, *, several: bool) -> ParcelRow:
    usable = parcel.state == ParcelState.READY and ret.state in _LABELS_HOLD
    way = way_of(parcel)
    by_code, by_label = usable and way == Handover.DROPOFF, usable and way == Handover.LABEL
    return ParcelRow(
        title=_("Parcel %(number)d") % {"number": parcel.position} if several else _("Your parcel"),
        position=parcel.position,
        label=PARCEL_STATES[parcel.state],
        carrier=parcel.carrier if parcel.tracking_number and parcel.provider != OWN_LABEL else "",
        tracking=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        news=_news_of(visit, parcel),
        way=way,
        can_choose=ret.state in _LABELS_HOLD and parcel.state in UNSENT_STATES and len(ways_of(parcel)) > 1,
        a6=_url_of(parcel.a6) if by_label else "",
        a4=_url_of(parcel.a4) if by_label else "",
        slip=_url_of(parcel.slip) if usable else "",
        customs=_url_of(parcel.customs) if usable else "",
        code=_url_of(parcel.dropoff_image) if by_code else "",
        code_text=parcel.dropoff_code if by_code else "",
        is_waiting=parcel.state in {ParcelState.WANTED, ParcelState.AWAITING_NUMBER, ParcelState.UNKNOWN},
        is_stranded=parcel.state in REPLACEABLE_STATES,
    )


def wants_new_label(ret: Return, parcels: Sequence[ParcelRow]) -> bool:
    """Whether the customer may ask for a label in place of one that is not of use any more."""
    return ret.state in EXPECTING and any(parcel.is_stranded for parcel in parcels)


def _url_of(file: StoredFile | None) -> str:
    """Where a file can be opened for a while."""
    return files.signed_url(file) if file is not None else ""


def _news_of(visit: Visit, parcel: Parcel) -> str:
    """The newest that was heard of a parcel, in words."""
    heard = [event for event in parcel.events.all() if event.status != TrackingStatus.INFO]
    if not heard:
        return ""
    newest = max(heard, key=lambda event: (event.at, event.pk))
    return f"{TRACKING[newest.status]} – {visit.words.moment(newest.at)}"
