"""The promises that a shop starts with, by the country of its company. Sensible, and meant to be changed."""

from __future__ import annotations

from typing import Final

from .law import EEA_COUNTRIES, JAPAN_RETURN_DAYS, WITHDRAWAL_DAYS
from .models import Exclusion, Preset, Resolution, ReturnShippingPayer, WindowStart
from .rules import Policy, Rule

_ALL: Final = (Resolution.REFUND, Resolution.STORE_CREDIT, Resolution.EXCHANGE, Resolution.REPAIR)
_EVIDENCE: Final = {"damaged_in_transit": 1}


def eu() -> Policy:
    """European Union: withdrawal in every EEA country, 30 days from delivery beside it, the customer sends back.

    Goods made for one person are excluded by a product's metadata, because the law lets a shop exclude them and no
    shop can list them.
    """
    return Policy(
        preset=Preset.EU,
        rules=(
            _made_to_order(0),
            Rule(position=1, window_days=30, who_pays=ReturnShippingPayer.CUSTOMER, resolutions=_ALL),
        ),
        evidence=_EVIDENCE,
        withdrawal_enabled=True,
        withdrawal_countries=EEA_COUNTRIES,
        withdrawal_days=WITHDRAWAL_DAYS,
        ship_within_days=14,
    )


def japan() -> Policy:
    """Japan: eight days from delivery, the customer pays the way back unless the goods are faulty, and no more.

    As many days as 特定商取引法 art. 15-3 gives where a shop shows no return clause. Outbound shipping stays paid.
    """
    return Policy(
        preset=Preset.JAPAN,
        rules=(
            _made_to_order(0),
            Rule(position=1, digital=True, exclusion=Exclusion.DIGITAL, resolutions=_ALL),
            Rule(
                position=2,
                window_days=JAPAN_RETURN_DAYS,
                window_from=WindowStart.DELIVERED,
                who_pays=ReturnShippingPayer.CUSTOMER,
                resolutions=(Resolution.EXCHANGE, Resolution.REFUND, Resolution.REPAIR),
            ),
        ),
        evidence=_EVIDENCE,
        refund_original_shipping=False,
        withdrawal_enabled=False,
        ship_within_days=7,
    )


def us() -> Policy:
    """United States: 30 days from delivery, the customer pays the way back, outbound shipping stays paid."""
    return Policy(
        preset=Preset.US,
        rules=(
            _made_to_order(0),
            Rule(position=1, digital=True, exclusion=Exclusion.DIGITAL, resolutions=_ALL),
            Rule(
                position=2,
                window_days=30,
                grace_days=3,
                who_pays=ReturnShippingPayer.CUSTOMER,
                resolutions=_ALL,
            ),
        ),
        evidence=_EVIDENCE,
        refund_original_shipping=False,
        withdrawal_enabled=False,
        ship_within_days=14,
    )


def _made_to_order(position: int) -> Rule:
    return Rule(
        position=position,
        metadata={"made_to_order": "yes"},
        exclusion=Exclusion.CUSTOM_MADE,
        resolutions=_ALL,
    )


def for_country(country: str) -> Policy:
    """The preset for a company there; where nobody has thought of the country, the EU's, which is the kindest.

    >>> for_country("JP").preset, for_country("US").preset, for_country("").preset
    (Preset.JAPAN, Preset.US, Preset.EU)
    """
    return {"JP": japan, "US": us}.get(country, eu)()
