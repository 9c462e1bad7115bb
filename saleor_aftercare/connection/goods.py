"""What Saleor says about the goods of an order line, beyond its price: what return rules and labels ask for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

#: Grams of one unit of Saleor's WeightUnitsEnum.
GRAMS: Final = {
    "G": Decimal(1),
    "KG": Decimal(1000),
    "TONNE": Decimal(1_000_000),
    "OZ": Decimal("28.349523125"),
    "LB": Decimal("453.59237"),
}
#: Nothing that a parcel carries weighs more than a tonne.
MAX_GRAMS: Final = 1_000_000
#: A product may have any number of metadata, of any length; rules compare short ones.
MAX_METADATA: Final = 50
MAX_KEY: Final = 100
MAX_VALUE: Final = 200
MAX_COLLECTIONS: Final = 100


def unit_weight_g(variant: Mapping[str, Any]) -> int | None:
    """The weight of one unit in whole grams; None while nobody weighed it.

    Saleor ships by the variant's weight, else the product's, else the product type's; zero means that it was left out.
    """
    product = variant.get("product") or {}
    for holder in (variant, product, product.get("productType") or {}):
        grams = _grams(holder.get("weight") or {})
        if 0 < grams <= MAX_GRAMS:
            return max(1, int(grams.to_integral_value(rounding=ROUND_HALF_UP)))
    return None


def _grams(weight: Mapping[str, Any]) -> Decimal:
    try:
        value = Decimal(str(weight.get("value") or 0))
    except InvalidOperation:
        return Decimal(0)
    return value * GRAMS.get(str(weight.get("unit")), Decimal(0)) if value.is_finite() else Decimal(0)


def collection_slugs(product: Mapping[str, Any]) -> list[str]:
    """The slugs of the product's collections, published or not, sorted; at most ``MAX_COLLECTIONS``."""
    return sorted({str(one["slug"])[:255] for one in product.get("collections") or ()})[:MAX_COLLECTIONS]


def public_metadata(product: Mapping[str, Any]) -> dict[str, str]:
    """The product's public metadata that a rule can name, by key; what is longer than a rule may say is left out."""
    entries = {
        str(item["key"]): str(item["value"])
        for item in product.get("metadata") or ()
        if len(str(item["key"])) <= MAX_KEY and len(str(item["value"])) <= MAX_VALUE
    }
    return dict(sorted(entries.items())[:MAX_METADATA])
