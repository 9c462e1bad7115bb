"""Promises against a running Saleor: what it says about goods decides, and its own reasons can be named."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from .driver import GraphQL, Saleor
from .test_main_job import GUEST, bought

pytestmark = pytest.mark.saleor

_RULE: dict[str, Any] = {
    "name": "",
    "channels": [],
    "countries": [],
    "productTypes": [],
    "collections": [],
    "products": [],
    "skus": [],
    "metadata": [],
    "digital": False,
    "exclusion": "NONE",
    "windowDays": 30,
    "windowFrom": "DELIVERED",
    "graceDays": 0,
    "whoPays": "CUSTOMER",
    "returnFee": [],
    "restockingPercent": "0",
    "resolutions": ["REFUND"],
    "storeCreditBonusPercent": "0",
}
_DOCUMENT: dict[str, Any] = {
    "preset": "CUSTOM",
    "rules": [_RULE],
    "autoApprove": False,
    "autoApproveLimit": [],
    "autoApproveReasons": [],
    "autoApproveMaxReturns": None,
    "keepItemLimit": [],
    "evidence": [],
    "refundOriginalShipping": True,
    "returnAddresses": [],
    "shipWithinDays": 14,
    "advanceExchangeDays": 14,
    "tenderOrder": "CARD_FIRST",
    "withdrawalEnabled": True,
    "withdrawalCountries": [],
    "withdrawalDays": 14,
    "statement": [],
}
_PREVIEW = """query($d:ReturnPolicyInput!,$id:ID!){returnPolicyPreview(document:$d,orderId:$id)
  {lines{verdict rule exclusion messages}}}"""


def test_collections_and_metadata_of_saleor_decide_which_rule_holds(saleor: Saleor, staff: GraphQL):
    """The collection is not published: a merchant may keep one for this alone."""
    order = saleor.place_order(quantity=1, email=GUEST)
    product = saleor.staff("query($id:ID!){order(id:$id){lines{variant{product{id}}}}}", id=order["id"])["order"][
        "lines"
    ][0]["variant"]["product"]["id"]
    slug, key = f"final-sale-{uuid4().hex[:8]}", f"aftercare_{uuid4().hex[:8]}"
    collection = saleor.staff(
        "mutation($i:CollectionCreateInput!){collectionCreate(input:$i){collection{id} errors{field message}}}",
        i={"name": slug, "slug": slug, "products": [product]},
    )["collectionCreate"]["collection"]["id"]
    saleor.staff(
        "mutation($id:ID!,$m:[MetadataInput!]!){updateMetadata(id:$id,input:$m){errors{message}}}",
        id=product,
        m=[{"key": key, "value": "yes"}],
    )
    try:
        saleor.mark_as_paid(order)
        saleor.fulfill(order)
        known = bought(saleor, staff, order)
        rules = {
            "collection": _RULE | {"collections": [slug], "exclusion": "FINAL_SALE"},
            "metadata": _RULE | {"metadata": [{"key": key, "value": "yes"}], "exclusion": "HYGIENE"},
            "nothing": _RULE | {"metadata": [{"key": key, "value": "no"}], "exclusion": "PERISHABLE"},
        }

        seen = {
            name: staff(_PREVIEW, d=_DOCUMENT | {"rules": [rule, _RULE]}, id=known["id"])["returnPolicyPreview"]
            for name, rule in rules.items()
        }
    finally:
        saleor.staff("mutation($id:ID!){collectionDelete(id:$id){errors{message}}}", id=collection)
        saleor.staff(
            "mutation($id:ID!,$k:[String!]!){deleteMetadata(id:$id,keys:$k){errors{message}}}", id=product, k=[key]
        )

    assert {name: found["lines"][0]["exclusion"] for name, found in seen.items()} == {
        "collection": "FINAL_SALE",
        "metadata": "HYGIENE",
        "nothing": "NONE",
    }
    assert seen["collection"]["lines"][0]["verdict"] == "REFUSE"


def test_the_reasons_of_saleor_can_be_named(saleor: Saleor, staff: GraphQL):
    settings = saleor.staff("{refundSettings{reasonReferenceType{id}}}")["refundSettings"]
    chosen = (settings["reasonReferenceType"] or {}).get("id")

    found = staff("{saleorReasons{refunds{id title}}}")["saleorReasons"]["refunds"]

    titles = (
        saleor.staff(
            "query($t:[ID!]!){pages(first:100,where:{pageType:{oneOf:$t}}){edges{node{id title}}}}", t=[chosen or ""]
        )["pages"]["edges"]
        if chosen
        else []
    )
    assert sorted((one["id"], one["title"]) for one in found) == sorted(
        (edge["node"]["id"], edge["node"]["title"]) for edge in titles
    )
