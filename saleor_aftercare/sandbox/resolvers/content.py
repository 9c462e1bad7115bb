"""Collections, weights, gift cards that paid, and the pages that name reasons."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.records import Collection, GiftCard, Order, Page, PageType, Product, ProductType, Variant

from . import field
from .common import page, the_shop

Info = GraphQLResolveInfo

#: Tags of page types that hold reasons, in metadata of the type: which of the settings names it.
REASONS_OF = "reasons-of"


@field("Product.collections")
def collections(product: Product, info: Info) -> list[Collection]:
    """Saleor shows an app those that are not published, too [seen live, MANAGE_ORDERS alone]."""
    return [c for c in the_shop(info).state.collections if product.id in c.products]


@field("Product.weight")
def weight(product: Product, info: Info) -> dict[str, Any]:
    return _kilograms(the_shop(info).state.weights.get(product.id, 0.0))


field("ProductType.weight", "ProductVariant.weight")(lambda record, _info: _own_weight(record))


def _own_weight(_record: ProductType | Variant) -> dict[str, Any]:
    """Nobody weighs variants here; Saleor answers zero for that, not null [seen live]."""
    return _kilograms(0.0)


def _kilograms(value: float) -> dict[str, Any]:
    return {"unit": "KG", "value": value}


@field("Order.giftCards")
def gift_cards(order: Order, info: Info) -> list[GiftCard]:
    return [card for card in the_shop(info).state.gift_cards if card.id in order.gift_cards]


@field("Query.pages")
def pages(_: Any, info: Info, where: dict[str, Any] | None = None, **paging: Any) -> dict[str, Any]:
    wanted = where or {}
    kinds = wanted.get("page_type") or {}
    rows = [
        p
        for p in the_shop(info).state.pages
        if (wanted.get("ids") is None or p.id in wanted["ids"])
        and (kinds.get("eq") is None or p.page_type == kinds["eq"])
        and (kinds.get("one_of") is None or p.page_type in kinds["one_of"])
    ]
    return page(rows, **paging)


@field("Page.pageType")
def type_of(found: Page, info: Info) -> PageType:
    return next(kind for kind in the_shop(info).state.page_types if kind.id == found.page_type)


def _reason_type(which: str) -> Any:
    def resolve(_: Any, info: Info) -> dict[str, PageType | None]:
        kinds = the_shop(info).state.page_types
        return {"reasonReferenceType": next((k for k in kinds if k.metadata.get(REASONS_OF) == which), None)}

    return resolve


field("Query.refundSettings")(_reason_type("refunds"))
field("Query.returnSettings")(_reason_type("returns"))
