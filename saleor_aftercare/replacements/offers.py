"""What the shop has to offer, as Saleor says at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.money import Money

#: Variants that one answer holds at most.
PAGE: Final = 100
#: Products of one request: each may have a page of variants, and Saleor refuses queries that cost too much.
PRODUCTS: Final = 20
#: Saleor never says more than one checkout may hold; as many as that stand for "enough".
_MOST_TOLD: Final = 50


@dataclass(frozen=True)
class Offer:
    """A variant in an order's channel: today's price per unit, and how many can be sent to the order's address."""

    variant_id: str
    product_id: str
    name: str
    sku: str
    price: Money  #: tax included
    available: int | None  #: None: as many as anybody wants
    is_gift_card: bool
    ships: bool

    def has(self, quantity: int) -> bool:
        """Whether that many can be had now; Saleor reserves nothing for apps, so only for now."""
        return self.available is None or self.available >= min(quantity, _MOST_TOLD)


def offers_of(order: Order, variant_ids: Iterable[str]) -> dict[str, Offer]:
    """By variant id; what is not sold in the order's channel is left out. One request; raises what ``call`` raises."""
    wanted = list(dict.fromkeys(one for one in variant_ids if one))[:PAGE]
    if not wanted:
        return {}
    answer = client.call(order.shop, "variant-offers", ids=wanted, first=PAGE, **_where(order))
    return {offer.variant_id: offer for offer in _offers(order, answer.get("productVariants"))}


def offers_of_products(order: Order, product_ids: Iterable[str]) -> dict[str, list[Offer]]:
    """The variants of products by product id, in the shop's order; none of what the order's channel does not sell.

    One request; raises what ``call`` raises.
    """
    wanted = list(dict.fromkeys(one for one in product_ids if one))[:PRODUCTS]
    if not wanted:
        return {}
    answer = client.call(order.shop, "product-offers", products=wanted, count=len(wanted), first=PAGE, **_where(order))
    nodes = (edge["node"] for edge in (answer.get("products") or {}).get("edges") or ())
    return {node["id"]: _offers(order, node["productVariants"]) for node in nodes}


def search_offers(order: Order, text: str, *, limit: int = 20) -> list[Offer]:
    """Variants whose name or SKU matches, best first."""
    answer = client.call(order.shop, "search-offers", search=text.strip()[:100], first=limit, **_where(order))
    return _offers(order, answer.get("productVariants"))


def _offers(order: Order, connection: Mapping[str, Any] | None) -> list[Offer]:
    found = (_offer(edge["node"], order) for edge in (connection or {}).get("edges") or ())
    return [offer for offer in found if offer is not None]


def _where(order: Order) -> dict[str, str]:
    address = order.shipping_address or order.billing_address
    return {
        "channel": order.channel,
        "country": str(address.get("country") or "") or "US",
        "language": order.language.upper().replace("-", "_"),
    }


def _offer(node: Mapping[str, Any], order: Order) -> Offer | None:
    price = (node.get("pricing") or {}).get("price")
    product = node["product"]
    if price is None or product.get("isAvailableForPurchase") is False:
        return None
    stock = node.get("quantityAvailable") if node["trackInventory"] else None
    return Offer(
        variant_id=node["id"],
        product_id=product["id"],
        name=_name(node, product),
        sku=str(node.get("sku") or "")[:255],
        price=Money.read(price["gross"]["amount"], order.currency),
        available=None if stock is None else int(stock),
        is_gift_card=product["productType"]["kind"] == "GIFT_CARD",
        ships=bool(product["productType"]["isShippingRequired"]),
    )


def _name(node: Mapping[str, Any], product: Mapping[str, Any]) -> str:
    parts = []
    for one in (product, node):
        translated = (one.get("translation") or {}).get("name")
        name = str(translated or one.get("name") or "")
        # Saleor names a variant without a name by its id, which tells people nothing.
        parts.append("" if name == one["id"] else name)
    return " ".join(filter(None, parts))[:400]
