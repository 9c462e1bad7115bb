"""Promises over the API and on the portal's public page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.test import Client

from saleor_aftercare.connection.client import using_transport
from saleor_aftercare.core.models import Shop
from saleor_aftercare.policies.models import Exclusion, ReturnPolicy
from saleor_aftercare.policies.rules import Rule
from tests.graphql.api import Answer, as_customer, as_staff, nobody, shop_with_key
from tests.make import DAY, NOON, Line, make_order, make_policy

pytestmark = pytest.mark.django_db

RULE: dict[str, Any] = {
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
DOCUMENT: dict[str, Any] = {
    "preset": "CUSTOM",
    "rules": [RULE],
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
SAVE = """mutation ($v: Int!, $d: ReturnPolicyInput!) { returnPolicyUpdate(version: $v, document: $d) {
  returnPolicy { version createdBy rules { name anchor windowDays exclusion resolutions returnFee { amount currency }
    metadata { key value } restockingPercent } keepItemLimit { amount currency } }
  errors { field code } } }"""
PREVIEW = """query ($d: ReturnPolicyInput!, $id: ID, $n: String) {
  returnPolicyPreview(document: $d, orderId: $id, orderNumber: $n) {
    value { amount } approvedAtOnce approvalMessages keepsItems
    lines { orderLine { sku } verdict messages ifFaulty rule ruleName returnableQuantity until exclusion resolutions
      whoPays returnFee { amount } } } }"""


def save(shop: Shop, *, version: int = 1, permissions: tuple[str, ...] = ("MANAGE_SETTINGS",), **values: Any) -> Answer:
    return as_staff(shop, permissions).ask(SAVE, v=version, d=DOCUMENT | values)


def test_a_document_is_saved_whole_and_read_back():
    shop = shop_with_key()
    make_policy(shop)
    rules = [
        RULE
        | {
            "name": "Outlet",
            "collections": ["outlet"],
            "metadata": [{"key": "a", "value": "b"}],
            "exclusion": "FINAL_SALE",
            "resolutions": [],
        },
        RULE | {"returnFee": [{"amount": "4.9", "currency": "eur"}], "restockingPercent": 10},
    ]

    saved = save(shop, rules=rules, keepItemLimit=[{"amount": "15", "currency": "EUR"}]).payload("returnPolicyUpdate")

    assert saved["returnPolicy"] == {
        "version": 2,
        "createdBy": ReturnPolicy.objects.get(shop=shop, version=2).created_by,
        "rules": [
            {
                "name": "Outlet",
                "anchor": "rule-1",
                "windowDays": 30,
                "exclusion": "FINAL_SALE",
                "resolutions": [],
                "returnFee": [],
                "metadata": [{"key": "a", "value": "b"}],
                "restockingPercent": "0.00",
            },
            {
                "name": "",
                "anchor": "rule-2",
                "windowDays": 30,
                "exclusion": "NONE",
                "resolutions": ["REFUND"],
                "returnFee": [{"amount": "4.90", "currency": "EUR"}],
                "metadata": [],
                "restockingPercent": "10.00",
            },
        ],
        "keepItemLimit": [{"amount": "15.00", "currency": "EUR"}],
    }


def test_a_bad_document_names_its_place_in_the_apis_spelling():
    shop = shop_with_key()
    make_policy(shop)

    answer = save(shop, rules=[RULE | {"skus": ["A"]}, RULE | {"windowDays": -1}])

    assert answer.data["returnPolicyUpdate"]["errors"] == [{"field": "rules.1.windowDays", "code": "INVALID"}]
    assert answer.data["returnPolicyUpdate"]["returnPolicy"] is None


def test_a_stale_version_is_a_conflict():
    shop = shop_with_key()
    make_policy(shop)

    answer = save(shop, version=7)

    assert answer.data["returnPolicyUpdate"]["errors"] == [{"field": "version", "code": "CONFLICT"}]


@pytest.mark.parametrize(
    "mutation",
    [
        "returnPolicyUpdate(version: 1, document: $d) { errors { code } }",
        'returnReasonsOrder(codes: ["defective"]) { errors { code } }',
        (
            "returnReasonSave(input: {labels: [], fault: CUSTOMER, active: true, staffOnly: false, questions: []}) "
            "{ errors { code } }"
        ),
    ],
)
def test_only_those_who_may_change_settings_change_promises(mutation):
    shop = shop_with_key()
    make_policy(shop)
    head = "mutation ($d: ReturnPolicyInput!)" if "$d" in mutation else "mutation"
    variables = {"d": DOCUMENT | {"shipWithinDays": 3}} if "$d" in mutation else {}
    name = mutation.split("(")[0]

    for asker in (as_staff(shop, ("MANAGE_ORDERS",)), as_customer(make_order(shop))):
        payload = asker.ask(f"{head} {{ {mutation} }}", **variables).data[name]
        assert payload["errors"][0]["code"] == "PERMISSION_DENIED"

    assert ReturnPolicy.objects.filter(shop=shop).count() == 1


def test_everybody_reads_the_policy_in_words_and_only_staff_its_rules():
    shop = shop_with_key()
    make_policy(shop, window_days=21)

    page = (
        nobody(shop)
        .ask(
            '{ returnPolicyPage(language: "en", country: "de") { language version url sections { anchor sentences } } }'
        )
        .data["returnPolicyPage"]
    )

    assert (page["language"], page["version"]) == ("en", 1)
    assert page["url"] == f"https://aftercare.test/portal/{shop.handle}/policy/"
    assert "You may return them until 21 days after delivery." in page["sections"][0]["sentences"]
    for query in ("returnPolicy { version }", "returnReasonCatalogue { code }", "saleorReasons { refunds { id } }"):
        denied = nobody(shop).ask(f"{{ {query} }}")
        assert denied.status == 401 or denied.body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_storefront_reads_the_return_clause_and_the_reasons():
    shop = shop_with_key()
    make_policy(shop, window_days=8, evidence={"defective": 1})

    data = (
        nobody(shop)
        .ask(
            '{ returnClause(language: "ja") { title items { label text } }'
            ' returnReasons(language: "ja") { code label photosRequired fault questions { code required } } }'
        )
        .data
    )

    assert data["returnClause"]["title"] == "返品・交換について（返品特約）"
    assert data["returnClause"]["items"][1] == {
        "label": "返品の期限",
        "text": "商品到着後8日以内であれば返品いただけます。",
    }
    assert data["returnReasons"][0] == {
        "code": "defective",
        "label": "不良品・故障",
        "photosRequired": 1,
        "fault": "MERCHANT",
        "questions": [{"code": "noticed", "required": False}],
    }
    assert "undeliverable" not in {reason["code"] for reason in data["returnReasons"]}


def test_a_reason_is_added_renamed_and_moved_by_staff():
    shop = shop_with_key()
    staff = as_staff(shop, ("MANAGE_SETTINGS", "MANAGE_ORDERS"))
    added = staff.ask(
        """mutation { returnReasonSave(input: {labels: [{language: "en", text: "Too heavy"}], fault: CUSTOMER,
        active: true, staffOnly: false, questions: [], suggests: EXCHANGE, saleorRefundReference: "UGFnZTox"})
        { code reasons { code label suggests saleorRefundReference } errors { code } } }"""
    ).payload("returnReasonSave")
    codes = [reason["code"] for reason in added["reasons"]]

    moved = staff.ask(
        "mutation ($c: [String!]!) { returnReasonsOrder(codes: $c) { reasons { code } errors { code } } }",
        c=["too_heavy", *(code for code in codes if code != "too_heavy")],
    ).payload("returnReasonsOrder")

    assert added["code"] == "too_heavy"
    assert added["reasons"][-1] == {
        "code": "too_heavy",
        "label": "Too heavy",
        "suggests": "EXCHANGE",
        "saleorRefundReference": "UGFnZTox",
    }
    assert moved["reasons"][0]["code"] == "too_heavy"


# -- preview ---------------------------------------------------------------------------------------------------------


def outlet_order(shop: Shop) -> Any:
    order = make_order(
        shop, delivered=NOON - 10 * DAY, lines=(Line(sku="A"), Line(sku="B")), shipping_address={"country": "DE"}
    )
    order.lines.filter(sku="B").update(collections=["outlet"])
    return order


def test_an_unsaved_document_is_tried_out_on_an_order():
    shop = shop_with_key()
    make_policy(shop)
    order = outlet_order(shop)
    rules = [
        RULE | {"name": "Outlet", "collections": ["outlet"], "exclusion": "FINAL_SALE", "resolutions": []},
        RULE | {"windowDays": 14, "returnFee": [{"amount": "4.90", "currency": "EUR"}]},
    ]

    seen = as_staff(shop).ask(PREVIEW, d=DOCUMENT | {"rules": rules, "autoApprove": True}, n=f"#{order.number}")

    preview = seen.data["returnPolicyPreview"]
    assert preview["lines"] == [
        {
            "orderLine": {"sku": "A"},
            "verdict": "ACCEPT",
            "messages": [],
            "ifFaulty": "ACCEPT",
            "rule": 1,
            "ruleName": "",
            "returnableQuantity": 2,
            "until": (NOON + 4 * DAY).date().isoformat(),
            "exclusion": "NONE",
            "resolutions": ["REFUND"],
            "whoPays": "CUSTOMER",
            "returnFee": {"amount": "4.90"},
        },
        {
            "orderLine": {"sku": "B"},
            "verdict": "REFUSE",
            "messages": ["This item is excluded from returns."],
            "ifFaulty": "ASK_STAFF",
            "rule": 0,
            "ruleName": "Outlet",
            "returnableQuantity": 2,
            "until": (NOON + 20 * DAY).date().isoformat(),
            "exclusion": "FINAL_SALE",
            "resolutions": [],
            "whoPays": "CUSTOMER",
            "returnFee": None,
        },
    ]
    assert (preview["value"]["amount"], preview["approvedAtOnce"], preview["keepsItems"]) == ("59.80", True, False)
    assert ReturnPolicy.objects.filter(shop=shop).count() == 1


def test_a_preview_says_where_the_document_is_wrong():
    shop = shop_with_key()
    order = outlet_order(shop)

    answer = as_staff(shop).ask(PREVIEW, d=DOCUMENT | {"rules": [RULE | {"windowDays": -1}]}, id=order.saleor_id)

    assert answer.body["errors"][0]["extensions"] == {"code": "INVALID", "field": "rules.0.windowDays"}


@contextmanager
def saleor_knows(order: dict[str, Any] | None) -> Iterator[list[Any]]:
    """A Saleor with this order alone; yields what it was asked."""
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content)["variables"])
        edges = [{"node": order}] if order is not None else []
        return httpx.Response(200, json={"data": {"orders": {"edges": edges}}})

    with using_transport(httpx.MockTransport(answer)):
        yield asked


def test_a_preview_is_for_staff_and_for_orders_of_the_shop():
    shop, other = shop_with_key(), shop_with_key()
    theirs = outlet_order(other)

    with saleor_knows(None):
        foreign = as_staff(shop).ask(PREVIEW, d=DOCUMENT, n=theirs.number)
    customer = as_customer(theirs).ask(PREVIEW, d=DOCUMENT, id=theirs.saleor_id)

    assert foreign.body["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert customer.body["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"


# -- the page --------------------------------------------------------------------------------------------------------


def page(shop: Shop, language: str = "en", **query: str) -> str:
    response = Client().get(f"/portal/{shop.handle}/policy/", query, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def test_the_public_page_shows_what_holds_with_anchors_and_escapes_what_people_wrote():
    shop = shop_with_key()
    make_policy(
        shop,
        rules=[
            Rule(position=0, name="<b>Outlet</b>", skus=frozenset({"A"}), exclusion=Exclusion.FINAL_SALE),
            Rule(position=1, window_days=45),
        ],
        statement={"en": "<script>alert(1)</script>"},
    )

    html = page(shop)

    assert '<section class="card policy" id="rule-1"' in html
    assert "&lt;b&gt;Outlet&lt;/b&gt;" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "You may return them until 45 days after delivery." in html


def test_the_public_page_is_there_in_japanese_and_for_one_country():
    shop = shop_with_key()
    make_policy(
        shop,
        rules=[Rule(position=0, name="Nur hier", countries=frozenset({"DE"})), Rule(position=1, window_days=8)],
    )

    japanese = page(shop, "ja", country="jp")

    assert "商品到着後8日以内であれば返品いただけます。" in japanese
    assert "返品特約" in japanese
    assert "Nur hier" not in japanese
    assert "Nur hier" in page(shop, "en", country="??")


def test_every_page_of_the_portal_leads_to_the_policy():
    shop = shop_with_key()

    front = Client().get(f"/portal/{shop.handle}/").content.decode()

    assert f'href="/portal/{shop.handle}/policy/"' in front


def test_the_page_is_read_in_few_queries(django_assert_max_num_queries):
    shop = shop_with_key()
    make_policy(shop, rules=[*(Rule(position=n, skus=frozenset({str(n)})) for n in range(30)), Rule(position=30)])

    with django_assert_max_num_queries(5):
        page(shop)
