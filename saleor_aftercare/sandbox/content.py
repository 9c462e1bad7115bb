"""What Kaze & Kettle says about its goods and reasons: collections, weights, and the pages that name reasons."""

from __future__ import annotations

from .records import Collection, Page, PageType
from .store import PracticeShop

#: slug → name and the goods in it, by slug
COLLECTIONS = {
    "outlet": ("Outlet", ("kaze-lid",)),
    "tea-room": ("Tea room", ("asatsuyu-sencha", "hojicha")),
}

#: what somebody put on the scales, in kilograms; other goods weigh nothing, as far as the shop knows
WEIGHTS = {"kaze-kettle": 1.35, "michi-shoes": 0.9, "asatsuyu-sencha": 0.12, "hojicha": 0.1}

#: which setting names the type → its name and the titles of its pages
REASONS = {
    "refunds": ("Refund reason", ("Faulty goods", "Damaged in transit", "Change of mind", "Other")),
    "returns": ("Return reason", ("Faulty", "Wrong item", "Wrong size", "Not wanted", "Other")),
}


def describe_goods(shop: PracticeShop) -> None:
    """Put goods into collections and on the scales, and write the pages that name reasons."""
    state = shop.state
    by_slug = {product.slug: product.id for product in state.products}
    for slug, (name, goods) in COLLECTIONS.items():
        members = [by_slug[one] for one in goods if one in by_slug]
        state.collections.append(Collection(shop.new_id("Collection"), slug, name, members))
    state.weights.update({by_slug[slug]: weight for slug, weight in WEIGHTS.items() if slug in by_slug})
    for which, (name, titles) in REASONS.items():
        kind = PageType(shop.new_id("PageType"), f"{which}-reason", name, metadata={"reasons-of": which})
        state.page_types.append(kind)
        for title in titles:
            slug = f"{which}-{title.lower().replace(' ', '-')}"
            state.pages.append(Page(shop.new_id("Page"), slug, title, kind.id))
