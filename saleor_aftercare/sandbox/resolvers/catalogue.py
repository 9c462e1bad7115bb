"""Products, variants, prices and stock."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.ordering import allocated
from saleor_aftercare.sandbox.records import Channel, OrderLine, Product, Variant
from saleor_aftercare.sandbox.store import PracticeShop

from . import field
from .common import caller, found, mutation, page, taxed, the_shop
from .shop import no_argument

Info = GraphQLResolveInfo

#: What ``quantityAvailable`` never exceeds.
MOST_IN_A_CHECKOUT = 50


def picture_url(shop: PracticeShop, product: Product, size: int | None) -> str:
    """Where the drawing of a product is."""
    origin = shop.api_url.removesuffix("graphql/")
    return f"{origin}pictures/{product.slug}.png?size={size or 256}"


def _named(shop: PracticeShop, text: str, product: Product) -> bool:
    variants = [v for v in shop.state.variants if v.product == product.id]
    words = [product.name, product.name_ja, product.slug, *(v.sku for v in variants)]
    return text.lower() in " ".join(words).lower()


@field("Query.product")
def product(
    _: Any,
    info: Info,
    id: str | None = None,
    slug: str | None = None,
    channel: str | None = None,
    **__: Any,
) -> Any:
    if id is None and slug is None:
        raise no_argument("'id', 'slug'")
    caller(info).notes["channel"] = channel
    return the_shop(info).product(id, slug=slug)


@field("Query.products")
def products(
    _: Any,
    info: Info,
    filter: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    search: str | None = None,
    channel: str | None = None,
    sort_by: dict[str, Any] | None = None,
    **paging: Any,
) -> dict[str, Any]:
    del sort_by
    shop, wanted = the_shop(info), {**(where or {}), **(filter or {})}
    text = search or wanted.get("search") or ""
    rows = [
        p
        for p in shop.state.products
        if _named(shop, text, p)
        and (wanted.get("ids") is None or p.id in wanted["ids"])
        and (wanted.get("slugs") is None or p.slug in wanted["slugs"])
        and (channel is None or _sold_in(shop, p, channel))
    ]
    caller(info).notes["channel"] = channel
    return page(rows, **paging)


def _sold_in(shop: PracticeShop, product: Product, channel: str) -> bool:
    return any(v.product == product.id and channel in v.prices for v in shop.state.variants)


@field("Query.productVariant")
def product_variant(
    _: Any,
    info: Info,
    id: str | None = None,
    sku: str | None = None,
    channel: str | None = None,
    **__: Any,
) -> Any:
    if id is None and sku is None:
        raise no_argument("'id', 'external_reference', 'sku'")
    caller(info).notes["channel"] = channel
    return the_shop(info).variant(id, sku=sku)


@field("Query.productVariants")
def product_variants(
    _: Any,
    info: Info,
    ids: list[str] | None = None,
    channel: str | None = None,
    filter: dict[str, Any] | None = None,
    where: dict[str, Any] | None = None,
    search: str | None = None,
    **paging: Any,
) -> dict[str, Any]:
    shop, wanted = the_shop(info), {**(where or {}), **(filter or {})}
    ids = wanted.get("ids") if ids is None else ids
    text = (search or wanted.get("search") or "").lower()
    rows = []
    for variant in shop.state.variants:
        owner = shop.product(variant.product)
        names = f"{variant.sku} {variant.name} {owner.name if owner else ''} {owner.name_ja if owner else ''}"
        if (
            (ids is None or variant.id in ids)
            and (not wanted.get("sku") or variant.sku in wanted["sku"])
            and text in names.lower()
            and (channel is None or channel in variant.prices)
        ):
            rows.append(variant)
    caller(info).notes["channel"] = channel
    return page(rows, **paging)


@field("Product.variants")
def variants(product: Product, info: Info) -> list[Variant]:
    return [v for v in the_shop(info).state.variants if v.product == product.id]


@field("Product.defaultVariant")
def default_variant(product: Product, info: Info) -> Variant | None:
    return next((v for v in the_shop(info).state.variants if v.product == product.id), None)


@field("Product.productType")
def product_type(product: Product, info: Info) -> Any:
    types = the_shop(info).state.product_types
    return next(t for t in types if t.id == product.product_type)


@field("Product.category")
def category(product: Product, info: Info) -> Any:
    return next((c for c in the_shop(info).state.categories if c.id == product.category), None)


field("Product.description", "Product.externalReference", "ProductVariant.externalReference")(
    lambda _record, _info: None
)
field("Product.isAvailableForPurchase")(lambda _product, _info: True)
field("ProductType.isDigital")(lambda kind, _info: not kind.is_shipping_required)
field("ProductVariant.trackInventory")(lambda variant, _info: variant.track_inventory)


@field("Product.channel", "ProductVariant.channel")
def asked_channel(_record: Any, info: Info) -> str | None:
    slug: str | None = caller(info).notes.get("channel")
    return slug


@field("Product.thumbnail")
def thumbnail(product: Product, info: Info, size: int | None = None, **_: Any) -> dict[str, str]:
    return {"url": picture_url(the_shop(info), product, size), "alt": product.name}


@field("OrderLine.thumbnail")
def line_thumbnail(line: OrderLine, info: Info, size: int | None = None, **_: Any) -> dict[str, str] | None:
    shop = the_shop(info)
    variant = shop.variant(line.variant)
    owner = shop.product(variant.product) if variant else None
    return {"url": picture_url(shop, owner, size), "alt": owner.name} if owner else None


@field("Product.media", "ProductVariant.media")
def media(record: Product | Variant, info: Info) -> list[dict[str, str]]:
    shop = the_shop(info)
    owner = record if isinstance(record, Product) else shop.product(record.product)
    if owner is None:
        return []
    return [
        {
            "id": owner.id.replace("UHJvZHVjdD", "UHJvZHVjdE"),
            "url": picture_url(shop, owner, 512),
            "alt": owner.name,
            "type": "IMAGE",
        }
    ]


field("ProductMedia.url")(lambda item, _info, **_: item["url"])


@field("ProductVariant.product")
def owner_of(variant: Variant, info: Info) -> Any:
    return the_shop(info).product(variant.product)


@field("ProductVariant.pricing")
def pricing(variant: Variant, info: Info, **_: Any) -> dict[str, Any] | None:
    shop = the_shop(info)
    channel = shop.channel(caller(info).notes.get("channel"))
    if channel is None or channel.slug not in variant.prices:
        return None
    price = taxed(variant.prices[channel.slug], channel.tax_rate, channel.currency)
    return {"price": price, "priceUndiscounted": price, "onSale": False}


@field("ProductVariant.quantityAvailable")
def quantity_available(variant: Variant, info: Info, **_: Any) -> int:
    """No more than one checkout may hold, as in Saleor; goods that nobody counts are always there."""
    if not variant.track_inventory:
        return MOST_IN_A_CHECKOUT
    free = sum(variant.stock.values()) - allocated(the_shop(info), variant.id)
    return max(min(free, MOST_IN_A_CHECKOUT), 0)


@field("ProductVariant.translation", "Product.translation")
def translation(record: Variant | Product, _info: Info, language_code: str) -> dict[str, str] | None:
    return {"name": record.name_ja} if language_code == "JA" and record.name_ja else None


@field("Product.productVariants")
def variants_of_product(product: Product, info: Info, **paging: Any) -> dict[str, Any]:
    channel = caller(info).notes.get("channel")
    rows = [v for v in variants(product, info) if channel is None or channel in v.prices]
    return page(rows, **{k: v for k, v in paging.items() if k != "where"})


@field("Channel.taxConfiguration")
def tax_configuration(channel: Channel, _info: Info) -> dict[str, bool]:
    return {"pricesEnteredWithTax": channel.prices_entered_with_tax}


@field("ProductVariant.stocks")
def stocks(variant: Variant, info: Info, **_: Any) -> list[dict[str, Any]]:
    caller(info).need("MANAGE_PRODUCTS", "MANAGE_ORDERS")
    shop = the_shop(info)
    return [
        {
            "id": f"{variant.id}-{position}",
            "quantity": quantity,
            "quantityAllocated": 0,
            "warehouse": shop.warehouse(warehouse),
        }
        for position, (warehouse, quantity) in enumerate(variant.stock.items())
    ]


@field("Mutation.productVariantStocksUpdate")
@mutation("MANAGE_PRODUCTS")
def update_stocks(
    _: Any,
    info: Info,
    stocks: list[dict[str, Any]],
    variant_id: str | None = None,
    sku: str | None = None,
) -> dict[str, Any]:
    shop = the_shop(info)
    variant = found(shop.variant(variant_id, sku=sku), "variantId")
    with shop.changing():
        for item in stocks:
            found(shop.warehouse(item["warehouse"]), "warehouse")
            variant.stock[item["warehouse"]] = item["quantity"]
        shop.announce("PRODUCT_VARIANT_UPDATED", variant, principal=caller(info).id)
    return {"productVariant": variant}
