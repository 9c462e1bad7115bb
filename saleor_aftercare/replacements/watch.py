"""The periodic look at exchanges: nothing stays unfinished because something was lost on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import Fulfillment, Order
from saleor_aftercare.core import clock
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import handles, schedule
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Event, Job, JobState, Shop

from .actions import look_at
from .events import UnfinishedExchangeFound
from .models import Replacement, ReplacementState

R = ReplacementState

#: An order that nobody works on for so long is taken up again.
STALE_AFTER: Final = timedelta(hours=1)
#: Whoever begins an exchange in the Dashboard finishes it within this time, or forgot it.
DRAFT_LEFT_AFTER: Final = timedelta(hours=1)
DRAFTS_SINCE: Final = timedelta(days=30)
PAGE: Final = 100
MAX_PAGES: Final = 20


def watch_all(*, at: datetime) -> int:
    """Take up what nobody works on, and look for drafts that were left; returns how many jobs were written."""
    written = 0
    for row in _forgotten(at):
        schedule(
            "replacements.run",
            key=f"replacement:{row.pk}",
            shop=row.shop,
            due_at=at,
            payload={"replacement": row.pk},
            again=True,
        )
        written += 1
    for row in _to_look_at():
        look_at(row, at=at)
        written += 1
    for shop in Shop.objects.filter(disconnected_at=None).order_by("pk"):
        schedule("replacements.find_drafts", key="replacement-drafts", shop=shop, due_at=at, again=True)
        written += 1
    return written


def _forgotten(at: datetime) -> list[Replacement]:
    """Orders that are to be made, and that no job makes."""
    rows = Replacement.objects.select_related("shop").filter(
        state__in=[R.PENDING, R.CREATING], state_since__lt=at - STALE_AFTER, shop__disconnected_at=None
    )
    keys = {f"replacement:{row.pk}": row for row in rows}
    busy = Job.objects.filter(key__in=keys, state__in=[JobState.PENDING, JobState.RUNNING])
    taken = {(job.shop_id, job.key) for job in busy.only("shop_id", "key")}
    return [row for key, row in keys.items() if (row.shop_id, key) not in taken]


def _to_look_at() -> list[Replacement]:
    """Orders that wait for money, and those of which our copy says that they were sent or called off."""
    orders = Order.objects.filter(shop=OuterRef("shop"), saleor_id=OuterRef("saleor_order_id"))
    left = Fulfillment.objects.filter(
        order__saleor_id=OuterRef("saleor_order_id"), shop=OuterRef("shop"), dispatched=True
    )
    rows = Replacement.objects.select_related("shop").filter(shop__disconnected_at=None)
    waiting = rows.filter(state=R.AWAITING_PAYMENT)
    moved = rows.filter(state=R.PLACED).filter(Exists(left) | Exists(orders.filter(status__in=["CANCELED", "EXPIRED"])))
    return [*waiting, *moved]


@handles("replacements.find_drafts")
def find_drafts(job: Job) -> None:
    """Exchanges that somebody began in Saleor's own Dashboard and never completed; each is told once."""
    if job.shop is None:
        raise LookupError("A job about a shop's drafts without a shop")
    at = clock.now()
    for node in _drafts(job.shop, since=at - DRAFTS_SINCE):
        created = parse_datetime(node["created"])
        if node["original"] and created is not None and created < at - DRAFT_LEFT_AFTER:
            _raise_to_staff(job.shop, node, at=at)


def _drafts(shop: Shop, *, since: datetime) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = None
    for _page in range(MAX_PAGES):
        drafts = client.call(shop, "unfinished-drafts", since=since.isoformat(), first=PAGE, after=after)["draftOrders"]
        found += [edge["node"] for edge in drafts["edges"]]
        if not drafts["pageInfo"]["hasNextPage"]:
            break
        after = drafts["pageInfo"]["endCursor"]
    return found


def _raise_to_staff(shop: Shop, node: dict[str, Any], *, at: datetime) -> None:
    """As a problem of the app, which Saleor's Dashboard shows, and in our own timelines."""
    order = Order.objects.filter(shop=shop, saleor_id=node["original"]).first()
    if order is None or _was_told(order, node["id"]):
        return
    number = str(node["number"])
    with translation.override(supported_language(shop.settings.default_language)):
        message = _("Draft order %(draft)s: an exchange for order %(order)s was begun and never completed.") % {
            "draft": number,
            "order": order.number,
        }
    client.mutate(shop, "problem-create", input={"key": f"exchange-draft-{number}", "message": message})
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if not _was_told(locked, node["id"]):
            publish(UnfinishedExchangeFound(locked.pk, draft_number=number, draft_id=node["id"]), shop=shop, at=at)


def _was_told(order: Order, draft_id: str) -> bool:
    told = Event.objects.filter(shop=order.shop, kind=UnfinishedExchangeFound.kind, subject_id=order.pk)
    return told.filter(data__draft_id=draft_id).exists()
