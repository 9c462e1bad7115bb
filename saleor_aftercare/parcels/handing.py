"""How a parcel is handed in: with a printed label on it, or by a code where the counter prints the label.

What is offered is what there is: before the label exists what its provider can do, afterwards what the provider gave.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.models import Shop
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.labels.base import Payer

from .accounts import provider_for
from .events import ParcelHandoverChosen
from .models import UNSENT_STATES, Handover, Parcel, ParcelState
from .queries import locked_parcel
from .telling import tell

BOTH = (Handover.LABEL, Handover.DROPOFF)
#: What there is always: a label, or an address to write on the parcel.
ONLY_LABEL = (Handover.LABEL,)


def ways_before(shop: Shop, *, payer: str, provider: str) -> tuple[Handover, ...]:
    """What whoever sends a parcel may choose between before there is one; ``provider`` is the shop's choice.

    A customer who pays the way back gets our own label, which no counter has a code for.
    """
    slug = provider if payer == Payer.MERCHANT else registry.DEFAULT_LABEL_PROVIDER
    return BOTH if _gives_codes(shop, slug) else ONLY_LABEL


def ways_of(parcel: Parcel) -> tuple[Handover, ...]:
    """What whoever sends this parcel may choose between now; one choice is none."""
    if parcel.state == ParcelState.READY:
        there = ((Handover.LABEL, parcel.a6_id), (Handover.DROPOFF, parcel.dropoff_image_id))
        return tuple(way for way, paper in there if paper is not None) or ONLY_LABEL
    if parcel.state in UNSENT_STATES:
        return BOTH if _gives_codes(parcel.shop, parcel.provider) else ONLY_LABEL
    return (Handover(parcel.handover),)


def way_of(parcel: Parcel) -> Handover:
    """How it is handed in, as far as that is possible: who wished for a code and got none has a label."""
    wish = Handover(parcel.handover)
    possible = ways_of(parcel)
    return wish if wish in possible else possible[0]


@transaction.atomic
def choose_handover(parcel: Parcel, handover: str, *, at: datetime, actor: Actor) -> Parcel:
    """Hand it in this way; may be changed until it was handed in. Choosing the same again changes nothing.

    Raises:
        InvalidInput: field ``handover``: not offered for this parcel.
        Conflict: it was handed over, or given up.
    """
    locked = locked_parcel(parcel)
    if locked.state not in UNSENT_STATES:
        raise Conflict(_("This parcel was handed over, or its label is not of use any more."))
    if handover not in ways_of(locked):
        raise InvalidInput(_("This way of handing the parcel in is not offered."), "handover")
    if locked.handover != handover:
        locked.handover = handover
        locked.save(update_fields=["handover"])
        tell(ParcelHandoverChosen, locked, at=at, actor=actor)
    return locked


def _gives_codes(shop: Shop, slug: str) -> bool:
    try:
        most = registry.label_provider_kind(slug)
        # Most can never give a code, whatever the shop entered for them: that needs no look at the account.
        return most.capabilities.dropoff_codes and provider_for(shop, slug).capabilities.dropoff_codes
    except ProviderError:
        return False
