"""Reads about promises; every one takes the shop, or a row of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import return_address_of
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.models import Shop

from . import presets
from .documents import store
from .models import (
    AfterWindow,
    Exclusion,
    Preset,
    ReasonOption,
    Resolution,
    ReturnPolicy,
    ReturnRule,
    ReturnShippingPayer,
    TenderOrder,
    WindowStart,
)
from .reasons import Reason, catalogue
from .rules import Policy, ReturnAddress, Rule


def policy_of(shop: Shop) -> ReturnPolicy:
    """The policy in force with its rules; a shop that never saved any gets the preset of its country."""
    policy = _newest(shop)
    if policy is None:
        settings = ShopSettings.objects.filter(shop=shop).only("return_address").first()
        country = (settings.return_address if settings else {}).get("country", "")
        with transaction.atomic():
            # Two first askers meet here; the second one finds what the first one made.
            Shop.objects.select_for_update().get(pk=shop.pk)
            policy = _newest(shop) or store(shop, presets.for_country(country), version=1, at=shop.connected_at)
    return policy


def _newest(shop: Shop) -> ReturnPolicy | None:
    return ReturnPolicy.objects.filter(shop=shop).prefetch_related("rules").order_by("-version").first()


def as_rules(policy: ReturnPolicy) -> Policy:
    """The policy as the pure rules want it; no query where ``rules`` are prefetched, one otherwise."""
    return Policy(
        rules=tuple(_rule(row) for row in policy.rules.all()),
        preset=Preset(policy.preset),
        auto_approve=policy.auto_approve,
        auto_approve_limit=_amounts(policy.auto_approve_limit),
        auto_approve_reasons=frozenset(policy.auto_approve_reasons),
        auto_approve_max_returns=policy.auto_approve_max_returns,
        keep_item_limit=_amounts(policy.keep_item_limit),
        evidence=dict(policy.evidence),
        refund_original_shipping=policy.refund_original_shipping,
        withdrawal_enabled=policy.withdrawal_enabled,
        withdrawal_countries=frozenset(policy.withdrawal_countries),
        withdrawal_days=policy.withdrawal_days,
        return_addresses=tuple(
            ReturnAddress(countries=frozenset(entry["countries"]), address=PostalAddress.from_json(entry["address"]))
            for entry in policy.return_addresses
        ),
        ship_within_days=policy.ship_within_days,
        advance_exchange_days=policy.advance_exchange_days,
        tender_order=TenderOrder(policy.tender_order),
        statement=dict(policy.statement),
    )


def _rule(row: ReturnRule) -> Rule:
    return Rule(
        position=row.position,
        name=row.name,
        channels=frozenset(row.channels),
        countries=frozenset(row.countries),
        product_types=frozenset(row.product_types),
        collections=frozenset(row.collections),
        products=frozenset(row.products),
        skus=frozenset(row.skus),
        metadata=dict(row.metadata),
        digital=row.digital,
        exclusion=Exclusion(row.exclusion),
        window_days=row.window_days,
        window_from=WindowStart(row.window_from),
        grace_days=row.grace_days,
        after_window=AfterWindow(row.after_window),
        who_pays=ReturnShippingPayer(row.who_pays),
        return_fee=_amounts(row.return_fee),
        restocking_percent=row.restocking_percent,
        resolutions=tuple(Resolution(one) for one in row.resolutions),
        store_credit_bonus_percent=row.store_credit_bonus_percent,
    )


def _amounts(stored: Mapping[str, str]) -> dict[str, Decimal]:
    return {currency: Decimal(amount) for currency, amount in stored.items()}


def reasons_of(shop: Shop, *, staff: bool, language: str, policy: ReturnPolicy | None = None) -> list[Reason]:
    """The reasons that somebody may choose now, in the shop's order and in ``language``.

    Customers see those that are active and not for staff alone; ``policy`` (the one in force when left out) says how
    many photos each one needs. Two queries at most.
    """
    return [
        reason
        for reason in all_reasons_of(shop, language=language, policy=policy)
        if reason.active and (staff or not reason.staff_only)
    ]


def all_reasons_of(shop: Shop, *, language: str, policy: ReturnPolicy | None = None) -> list[Reason]:
    """The whole catalogue, with what is not offered any more: old cases name it, and staff edit it."""
    rows = ReasonOption.objects.filter(shop=shop)
    return catalogue(rows, language=language, photos=(policy or policy_of(shop)).evidence)


def reason_label(shop: Shop, code: str, language: str) -> str:
    """A reason in ``language``, offered or not; the code itself for one that nobody knows. One query."""
    return reason_labels(shop, language).get(code, code)


def reason_of(shop: Shop, code: str, language: str) -> Reason | None:
    """A reason with its questions in ``language``, offered or not; None for one that nobody knows. One query."""
    rows = ReasonOption.objects.filter(shop=shop)
    return next((one for one in catalogue(rows, language=language, photos={}) if one.code == code), None)


def reason_labels(shop: Shop, language: str) -> dict[str, str]:
    """The labels of all reasons of a shop by code, for lists. One query."""
    rows = ReasonOption.objects.filter(shop=shop)
    return {reason.code: reason.label for reason in catalogue(rows, language=language, photos={})}


def return_address_for(
    shop: Shop, policy: ReturnPolicy, country: str, *, settings: ShopSettings | None = None
) -> PostalAddress:
    """Where parcels from ``country`` come back to: the policy's first match, else the shop's own address.

    ``settings`` saves its query to whoever has read them. Raises Refused, for staff to read, while neither is complete.
    """
    for entry in policy.return_addresses:
        if country in entry["countries"]:
            return PostalAddress.from_json(entry["address"])
    return return_address_of(shop, settings)


def withdrawal_period_of(policy: ReturnPolicy, country: str) -> int | None:
    """Days of the statutory right of withdrawal for deliveries to ``country``; None where there is none."""
    if not policy.withdrawal_enabled or country not in policy.withdrawal_countries:
        return None
    return policy.withdrawal_days
