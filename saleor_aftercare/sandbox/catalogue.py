"""What Kaze & Kettle sells, and where: the practice shop's channels, goods and ways to send them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .content import describe_goods
from .records import (
    Address,
    Category,
    Channel,
    Product,
    ProductType,
    ShippingMethod,
    Variant,
    Voucher,
    Warehouse,
)
from .store import PracticeShop

EUROPE, AMERICA, JAPAN = "europe", "united-states", "japan"

CHANNELS = (
    (EUROPE, "Europe", "EUR", "DE", Decimal("0.19")),
    (AMERICA, "United States", "USD", "US", Decimal(0)),
    (JAPAN, "Japan", "JPY", "JP", Decimal("0.10")),
)

CATEGORIES = {
    "kettles": "Kettles",
    "teaware": "Teaware",
    "knives": "Knives",
    "tea": "Tea",
    "shoes": "Shoes",
    "parts": "Spare parts",
    "gifts": "Gift cards",
}

#: slug → name, kind, needs shipping
TYPES = {
    "appliance": ("Appliance", "NORMAL", True),
    "kitchenware": ("Kitchenware", "NORMAL", True),
    "food": ("Food", "NORMAL", True),
    "footwear": ("Footwear", "NORMAL", True),
    "spare-part": ("Spare part", "NORMAL", True),
    "gift-card": ("Gift card", "GIFT_CARD", False),
}


class Item(NamedTuple):
    """A product: slug, names, type, category, prices in EUR, USD and JPY, variants as (SKU, name, Japanese name)."""

    slug: str
    name: str
    name_ja: str
    type: str
    category: str
    prices: tuple[str, str, str]
    variants: tuple[tuple[str, str, str], ...]


ITEMS = (
    Item(
        "kaze-kettle", "Kaze Gooseneck Kettle 1.2 L", "風 細口電気ケトル 1.2L",
        "appliance", "kettles", ("129.00", "139.00", "18700"),
        (("KETTLE-KAZE-BLK", "Black", "ブラック"), ("KETTLE-KAZE-CRM", "Cream", "クリーム")),
    ),
    Item(
        "nami-kettle", "Nami Stovetop Kettle", "波 直火用ケトル",
        "kitchenware", "kettles", ("64.50", "69.00", "9350"),
        (("KETTLE-NAMI", "0.9 L", "0.9L"),),
    ),
    Item(
        "iwa-teapot", "Iwa Cast-Iron Teapot", "岩 南部鉄器 急須",
        "kitchenware", "teaware", ("89.90", "95.00", "13200"),
        (("TEAPOT-IWA", "0.6 L", "0.6L"),),
    ),
    Item(
        "yunomi-cups", "Yunomi Cups, Set of Two", "夫婦湯呑み",
        "kitchenware", "teaware", ("33.33", "35.55", "4980"),
        (("CUPS-YUNOMI", "Indigo", "藍"),),
    ),
    Item(
        "gyuto-knife", "Gyuto Chef's Knife", "牛刀",
        "kitchenware", "knives", ("149.00", "159.00", "21780"),
        (("KNIFE-GYUTO-18", "18 cm", "18cm"), ("KNIFE-GYUTO-21", "21 cm", "21cm")),
    ),
    Item(
        "whetstone", "Whetstone 1000/3000", "両面砥石 #1000/#3000",
        "kitchenware", "knives", ("42.00", "45.00", "5940"),
        (("WHETSTONE", "Standard", "標準"),),
    ),
    Item(
        "asatsuyu-sencha", "Asatsuyu Sencha", "あさつゆ煎茶",
        "food", "tea", ("14.90", "15.90", "1620"),
        (("TEA-SENCHA-100", "100 g", "100g"),),
    ),
    Item(
        "hojicha", "Roasted Hojicha", "ほうじ茶",
        "food", "tea", ("9.95", "10.50", "980"),
        (("TEA-HOJICHA-80", "80 g", "80g"),),
    ),
    Item(
        "michi-shoes", "Michi Canvas Shoes", "道 キャンバスシューズ",
        "footwear", "shoes", ("79.00", "85.00", "10890"),
        tuple((f"SHOES-MICHI-{size}", str(size), f"{size - 15}cm") for size in range(38, 44)),
    ),
    Item(
        "kaze-lid", "Lid for Kaze Kettle", "風ケトル用 ふた",
        "spare-part", "parts", ("12.00", "13.00", "1650"),
        (("PART-KAZE-LID", "Black", "ブラック"),),
    ),
    Item(
        "kaze-base", "Heating Base for Kaze Kettle", "風ケトル用 電源台",
        "spare-part", "parts", ("39.00", "42.00", "5500"),
        (("PART-KAZE-BASE", "230 V", "230V"), ("PART-KAZE-BASE-JP", "100 V", "100V")),
    ),
    Item(
        "kaze-seal", "Silicone Seal for Kaze Kettle", "風ケトル用 シリコンパッキン",
        "spare-part", "parts", ("4.50", "4.90", "550"),
        (("PART-KAZE-SEAL", "Set of 2", "2個入り"),),
    ),
    Item(
        "gift-card", "Kaze & Kettle Gift Card", "Kaze & Kettle ギフトカード",
        "gift-card", "gifts", ("50.00", "50.00", "5000"),
        (("GIFT-50", "By e-mail", "メール送付"),),
    ),
)  # fmt: skip

#: name → prices in EUR, USD and JPY
SHIPPING = {
    "Standard": ("4.90", "5.90", "550"),
    "Express": ("12.90", "14.90", "1100"),
}

#: code → name, type, value type, values in EUR, USD and JPY
VOUCHERS = {
    "WELCOME10": ("Welcome", "ENTIRE_ORDER", "PERCENTAGE", ("10", "10", "10")),
    "KETTLE15": ("Kettle week", "ENTIRE_ORDER", "FIXED", ("15.00", "15.00", "2000")),
    "SHIPFREE": ("Free shipping", "SHIPPING", "PERCENTAGE", ("100", "100", "100")),
}

WAREHOUSE = Address(
    company_name="Kaze & Kettle",
    street_address_1="Lagerstraße 12",
    city="Leipzig",
    postal_code="04103",
    country="DE",
    phone="+493415550100",
)
WAREHOUSE_JP = Address(
    company_name="株式会社 Kaze & Kettle",
    street_address_1="港区海岸3-9-15",
    city="港区",
    country_area="東京都",
    postal_code="108-0022",
    country="JP",
    phone="+81355500100",
)


def stock_shelves(shop: PracticeShop) -> None:
    """Put channels, warehouses, goods, shipping methods and vouchers into an empty shop."""
    state, at = shop.state, shop.now()
    slugs = [slug for slug, *_ in CHANNELS]
    for slug, name, currency, country, tax_rate in CHANNELS:
        state.channels.append(Channel(shop.new_id("Channel"), slug, name, currency, country, tax_rate))
    for slug, name, address in (
        ("leipzig", "Warehouse Leipzig", WAREHOUSE),
        ("tokyo", "東京倉庫", WAREHOUSE_JP),
    ):
        state.warehouses.append(Warehouse(shop.new_id("Warehouse"), slug, name, address))
    categories = {}
    for slug, name in CATEGORIES.items():
        categories[slug] = Category(shop.new_id("Category"), slug, name)
    state.categories.extend(categories.values())
    types = {}
    for slug, (name, kind, ships) in TYPES.items():
        types[slug] = ProductType(shop.new_id("ProductType"), slug, name, kind, ships)
    state.product_types.extend(types.values())
    for item in ITEMS:
        product = Product(
            id=shop.new_id("Product"),
            slug=item.slug,
            name=item.name,
            name_ja=item.name_ja,
            product_type=types[item.type].id,
            category=categories[item.category].id,
            picture=item.slug,
            created=at,
            updated_at=at,
        )
        state.products.append(product)
        prices = {slug: Decimal(price) for slug, price in zip(slugs, item.prices, strict=True)}
        for sku, name, name_ja in item.variants:
            stock = {w.id: 40 for w in state.warehouses}
            state.variants.append(
                Variant(shop.new_id("ProductVariant"), product.id, name, name_ja, sku, dict(prices), stock)
            )
    for name, amounts in SHIPPING.items():
        prices = {slug: Decimal(price) for slug, price in zip(slugs, amounts, strict=True)}
        state.shipping_methods.append(ShippingMethod(shop.new_id("ShippingMethod"), name, prices))
    for code, (name, kind, value_type, amounts) in VOUCHERS.items():
        values = {slug: Decimal(value) for slug, value in zip(slugs, amounts, strict=True)}
        state.vouchers.append(Voucher(shop.new_id("Voucher"), name, kind, value_type, [code], at, values=values))
    describe_goods(shop)
