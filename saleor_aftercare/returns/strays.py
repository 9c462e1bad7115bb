"""Parcels that nobody expected: kept on a list, matched to a return, or dealt with otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.ids import next_number
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import is_storable

from .events import StrayParcelClosed, StrayParcelFound, StrayParcelMatched
from .goods import StrayParcel, StrayState
from .models import Return
from .reception import MAX_KEY, MAX_TEXT

MAX_SEARCH = 300
MAX_ORDERS = 20
#: How many of the newest orders are searched for a name.
SEARCHED_ORDERS = 10_000


@transaction.atomic
def note_stray(
    shop: Shop,
    *,
    code: str,
    sender: str,
    contents: str,
    photos: Sequence[StoredFile],
    at: datetime,
    actor: Actor,
    key: str = "",
) -> StrayParcel:
    """Keep a parcel in mind that belongs to no return that anybody could find (C1.12).

    ``key`` makes a repeated request count once. Raises InvalidInput when nothing is said about it at all.
    """
    key = key.strip() or uuid.uuid4().hex
    for name, text, limit in (
        ("key", key, MAX_KEY),
        ("code", code, 120),
        ("sender", sender, 300),
        ("contents", contents, MAX_TEXT),
    ):
        if len(text.strip()) > limit:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": limit}, name)
    if not (code.strip() or sender.strip() or contents.strip() or photos):
        raise InvalidInput(_("Say what can be said: a code, the sender, what is in it, or a photo."), "contents")
    stray, created = StrayParcel.objects.get_or_create(
        shop=shop,
        key=key,
        defaults={
            "number": f"STR-{next_number(shop, 'stray')}",
            "state": StrayState.OPEN,
            "state_since": at,
            "found_at": at,
            "code": code.strip(),
            "sender": " ".join(sender.split()),
            "contents": contents.strip(),
            "found_by": actor.name,
        },
    )
    if created:
        stray.photos.set(photos)
        publish(StrayParcelFound(stray.pk), shop=shop, at=at, actor=actor)
    return stray


@transaction.atomic
def match_stray(stray: StrayParcel, ret: Return, *, at: datetime, actor: Actor) -> StrayParcel:
    """Say which return it belongs to; receiving it is the next step. Raises NotFound or Conflict."""
    if ret.shop_id != stray.shop_id:
        raise NotFound(_("There is no such return."), "returnId")
    stray.move("match", at=at, ret=ret)
    publish(StrayParcelMatched(stray.pk, return_id=ret.pk), shop=stray.shop, at=at, actor=actor)
    return stray


def orders_like(shop: Shop, text: str) -> list[Order]:
    """Orders whose goods a parcel may hold, newest first, at most twenty: by e-mail, or by a part of the name.

    Names are looked for among the newest orders only: nobody sends back what was bought years ago without asking, and
    a name would be looked for in every row. For a number there is ``connection.orders``.
    """
    words = " ".join(text.split())
    if len(words) < 2 or len(words) > MAX_SEARCH or not is_storable(words):
        return []
    rows = Order.objects.filter(shop=shop).exclude(status="DRAFT").order_by("-placed_at", "-id")
    if "@" in words:
        return list(rows.filter(email=words.lower())[:MAX_ORDERS])
    newest = Order.objects.filter(shop=shop).order_by("-id").values("pk")[:SEARCHED_ORDERS]
    return list(rows.filter(pk__in=newest, customer_name__icontains=words)[:MAX_ORDERS])


@transaction.atomic
def close_stray(stray: StrayParcel, *, resolution: str, at: datetime, actor: Actor) -> StrayParcel:
    """Say what became of it otherwise: handed to a neighbour, sent on, thrown away. Raises InvalidInput or Conflict."""
    resolution = resolution.strip()
    if not resolution or len(resolution) > MAX_TEXT:
        raise InvalidInput(_("Please say what became of it."), "resolution")
    stray.move("close", at=at, resolution=resolution)
    publish(StrayParcelClosed(stray.pk), shop=stray.shop, at=at, actor=actor)
    return stray
