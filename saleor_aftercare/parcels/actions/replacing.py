"""A new label in place of one that is not of use any more: it expired, or the carrier brought the parcel back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import Actor
from saleor_aftercare.parcels.contents import contents_of
from saleor_aftercare.parcels.measures import UNMEASURED, Measures
from saleor_aftercare.parcels.models import REPLACEABLE_STATES, Parcel, ParcelState
from saleor_aftercare.parcels.queries import locked_parcel

from .voiding import void_parcel
from .wanting import add_parcel


@transaction.atomic
def replace_parcel(
    parcel: Parcel,
    *,
    recipient: PostalAddress,
    send_by: date | None,
    provider: str = "",
    measures: Measures = UNMEASURED,
    at: datetime,
    actor: Actor,
) -> Parcel:
    """The parcel that takes this one's place, with a label of its own; asked again, the same one.

    What it holds, who pays and how it is handed in stay; so does what staff measured, unless ``measures`` says
    otherwise. It goes to ``recipient``, for a wrong address may be why the first came back. The old label goes back to
    its provider where it was not used; its cost stays noted.

    Raises:
        Conflict: the label is still of use, or was given up.
        Refused: the customer has asked often enough; else as ``want_parcel``.
    """
    # The order's row first, as everywhere: two presses of the button wait for each other here.
    if parcel.order_id is None:
        raise Conflict(_("This parcel belongs to no order."))
    Order.objects.select_for_update().get(pk=parcel.order_id)
    locked = locked_parcel(parcel)
    known = Parcel.objects.select_related("shop", "order").filter(replaces=locked).first()
    if known is not None:
        return known
    if locked.state not in REPLACEABLE_STATES or locked.order is None:
        raise Conflict(_("The label of this parcel is still of use, or was given up."))
    old = Measures(
        length_cm=locked.length_cm, width_cm=locked.width_cm, height_cm=locked.height_cm, weight_g=locked.weight_g
    )
    new = add_parcel(
        (locked.subject, locked.subject_id),
        locked.case_number,
        locked.order,
        shop=locked.shop,
        payer=locked.payer,
        send_by=send_by,
        contents=contents_of(locked.contents),
        recipient=recipient,
        provider=provider,
        measures=old if measures == UNMEASURED else measures,
        handover=locked.handover,
        language=locked.language,
        at=at,
        actor=actor,
    )
    new.replaces = locked
    new.save(update_fields=["replaces"])
    if locked.state == ParcelState.EXPIRED:
        void_parcel(locked, at=at, actor=actor)
    return new
