"""Finding what webhooks lost: Saleor gives up on a delivery after five minutes, and may lose one for good."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import AftercareError, InvalidInput
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop

from . import client
from .install import check_connection
from .manifest import wanted_webhooks, webhook_target
from .orders import remember_order

log = structlog.get_logger(__name__)

#: Saleor's clock and ours, and transactions that commit late.
OVERLAP = timedelta(minutes=2)
PAGE = 50
MAX_PAGES = 200


#: A shop whose Saleor does not know us any more is asked so long whether it does again.
ASK_AGAIN_FOR = timedelta(days=30)


def shops_to_ask(*, at: datetime) -> QuerySet[Shop]:
    """Connected shops, and those that may come back because the app was only deactivated."""
    may_be_back = Q(disconnected_at=None) | Q(disconnected_at__gt=at - ASK_AGAIN_FOR)
    return Shop.objects.filter(may_be_back).exclude(app_token="").order_by("pk")


def run_all() -> int:
    """Reconcile every shop now; one shop's trouble is not another's. Returns how many succeeded."""
    done = 0
    for shop in shops_to_ask(at=clock.now()):
        try:
            done += reconcile(shop, at=clock.now())
        except AftercareError as error:
            log.warning("reconcile_failed", shop=shop.pk, reason=error.code)
    return done


def schedule_all(*, at: datetime) -> int:
    """Have every shop reconciled, in a job of its own; returns how many."""
    shops = list(shops_to_ask(at=at))
    for shop in shops:
        schedule_one(shop, at=at)
    return len(shops)


def schedule_one(shop: Shop, *, at: datetime) -> None:
    """Have one shop reconciled; once more, where that is going on already."""
    schedule("connection.reconcile", key="reconcile", shop=shop, due_at=at, again=True)


def reconcile(shop: Shop, *, at: datetime) -> bool:
    """Look whether we are still installed, learn what we missed, mend our webhooks; False when we are not."""
    if not check_connection(shop, at=at):
        return False
    run(shop, at=at)
    update_webhooks(shop)
    return True


def run(shop: Shop, *, at: datetime) -> int:
    """Read every order that changed since the last time, oldest change first; returns how many.

    ``reconciled_to`` only moves over orders that were applied, page by page, so that an interruption costs nothing;
    it is Saleor's own time, so that a clock that runs ahead of Saleor's skips nothing. A new tracking number alone does
    not count as a change of the order in Saleor (measured on 3.23): where its delivery is lost, it is learnt with the
    order's next change.
    """
    started = shop.reconciled_to or shop.connected_at
    since, after, seen = started - OVERLAP, None, 0
    for _page in range(MAX_PAGES):
        orders = client.call(shop, "orders-updated", since=since.isoformat(), first=PAGE, after=after)["orders"]
        newest = started
        for edge in orders["edges"]:
            seen += 1
            if edge["node"]["status"] == "DRAFT":
                continue
            try:
                newest = max(newest, remember_order(shop, edge["node"], issued_at=at).updated_at)
            except InvalidInput as error:
                log.warning("order_unreadable", shop=shop.pk, reason=error.message)
        _advance(shop, newest)
        if not orders["pageInfo"]["hasNextPage"]:
            return seen
        after = orders["pageInfo"]["endCursor"]
    return seen


def _advance(shop: Shop, to: datetime) -> None:
    if shop.reconciled_to is None or to > shop.reconciled_to:
        shop.reconciled_to = to
        shop.save(update_fields=["reconciled_to"])


def update_webhooks(shop: Shop) -> int:
    """Bring our webhooks in Saleor to what this release wants, for Saleor never reads a manifest twice.

    Returns how many were created, changed or deleted. Only webhooks with names of ours are touched.
    """
    version = shop.schema_version
    app = client.call(shop, "webhooks").get("app") or {}
    present = {w["name"]: w for w in app.get("webhooks") or ()}
    changed = 0
    for wanted in wanted_webhooks(version):
        target = {"targetUrl": webhook_target(), "query": wanted.query(version), "asyncEvents": list(wanted.events)}
        found = present.pop(wanted.name, None)
        if found is None:
            client.mutate(shop, "webhook-create", input={"name": wanted.name, "isActive": True, **target})
        elif (
            found["targetUrl"] != target["targetUrl"]
            or not found["isActive"]
            or _squeeze(found["subscriptionQuery"] or "") != _squeeze(wanted.query(version))
            or {e["eventType"] for e in found["asyncEvents"]} != set(wanted.events)
        ):
            client.mutate(shop, "webhook-update", id=found["id"], input={"isActive": True, **target})
        else:
            continue
        changed += 1
    for name, obsolete in present.items():
        if name.startswith("Aftercare "):
            client.mutate(shop, "webhook-delete", id=obsolete["id"])
            changed += 1
    if changed:
        log.info("webhooks_updated", shop=shop.pk, changed=changed)
    return changed


def _squeeze(query: str) -> str:
    return " ".join(query.split())
