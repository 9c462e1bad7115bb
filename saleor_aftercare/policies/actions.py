"""Changing what a shop promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.events import Actor, publish
from saleor_aftercare.core.models import Shop

from . import queries
from .documents import Document, read_policy, store
from .events import PolicySaved, ReasonsSaved
from .models import ReasonOption, ReturnPolicy
from .reason_forms import code_for, read_reason
from .reasons import BUILT_IN, as_row

#: Reasons of one shop, those not offered any more included.
MAX_REASONS: Final = 100


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


@transaction.atomic
def save_reason(shop: Shop, *, code: str | None, form: Mapping[str, Any], at: datetime, actor: Actor) -> ReasonOption:
    """Change a reason, built-in or the shop's own; ``code`` None adds one, at the end.

    Codes never change and never go away: old cases name them. What is not offered any more is made inactive.

    Raises:
        InvalidInput: names the field.
        NotFound: there is no reason of that code.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    known = [reason.code for reason in queries.all_reasons_of(shop, language="en")]
    if code is not None and code not in known:
        raise NotFound(_("There is no such reason."), "code")
    if code is None and len(known) >= MAX_REASONS:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_REASONS}, "code")
    columns = read_reason(form, built_in=code in BUILT_IN)
    if code is None:
        code = code_for(columns["labels"], known)
        known.append(code)
    _keep_order(shop, known)
    row, _created = ReasonOption.objects.update_or_create(
        shop=shop, code=code, defaults=columns, create_defaults=columns | {"position": len(known) - 1}
    )
    publish(ReasonsSaved(shop.pk, codes=(code,)), shop=shop, at=at, actor=actor)
    return row


@transaction.atomic
def order_reasons(shop: Shop, *, codes: Sequence[str], at: datetime, actor: Actor) -> None:
    """Show the reasons in this order, everywhere; ``codes`` names each reason of the shop once.

    Raises InvalidInput("codes") for a code that is unknown, missing, or named twice.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    known = {reason.code for reason in queries.all_reasons_of(shop, language="en")}
    if sorted(codes) != sorted(known):
        raise InvalidInput(_("Name each reason once; reload when somebody has added one."), "codes")
    _keep_order(shop, codes)
    publish(ReasonsSaved(shop.pk, codes=tuple(codes)), shop=shop, at=at, actor=actor)


def _keep_order(shop: Shop, codes: Sequence[str]) -> None:
    """Write down every reason's place; a built-in one gets a row with its own words and settings for that."""
    rows = {row.code: row for row in ReasonOption.objects.filter(shop=shop)}
    missing = [code for code in codes if code not in rows and code in BUILT_IN]
    made = [as_row(shop, code) for code in missing]
    for row in (*rows.values(), *made):
        if row.code in codes:
            row.position = codes.index(row.code)
    ReasonOption.objects.bulk_create(made)
    ReasonOption.objects.bulk_update(rows.values(), ["position"])
