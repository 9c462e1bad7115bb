"""Changing what a shop promises."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import Shop

from . import queries
from .documents import Document, read_policy, store
from .events import PolicySaved
from .models import ReturnPolicy


@transaction.atomic
def save_policy(shop: Shop, *, document: Document, version: int, at: datetime, actor: Actor) -> ReturnPolicy:
    """Put a whole document into force as a new version; open cases keep the one that their customers saw.

    ``version`` is the one that the editor had read. Saving what is in force already makes no new version.

    Raises:
        InvalidInput: names the place in the document.
        Conflict: somebody else saved meanwhile.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    current = queries.policy_of(shop)
    if current.version != version:
        raise Conflict(_("Somebody else has saved these settings meanwhile; reload and try again."), "version")
    reasons = {reason.code for reason in queries.all_reasons_of(shop, language="en", policy=current)}
    policy = read_policy(document, reasons=reasons)
    if policy == queries.as_rules(current):
        return current
    saved = store(shop, policy, version=version + 1, at=at, created_by=actor.name)
    publish(PolicySaved(saved.pk, version=saved.version), shop=shop, at=at, actor=actor)
    return saved
