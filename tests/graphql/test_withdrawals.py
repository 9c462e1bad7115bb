"""Withdrawals over the API: for storefronts, for customers, for staff."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Exclusion
from saleor_aftercare.policies.rules import Rule
from saleor_aftercare.returns.models import LegalBasis, ReturnLine, ReturnState
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalState
from tests.graphql.api import as_customer, as_guest, as_staff, nobody, trust
from tests.make import DAY, NOON, Line, make_eu_policy, make_order, make_return, make_shop, make_withdrawal

pytestmark = pytest.mark.django_db

INFO = """query($l:String){withdrawalInfo(language:$l,orderNumber:"1042"){available url language linkLabel confirmLabel
  periodDays countries labels{language}}}"""
DECLARE = """mutation($i:WithdrawalDeclareInput!){withdrawalDeclare(input:$i){receipt{number statement declaredAt email
  sendBackBy refundDueOn} errors{field code message}}}"""
LIST = """query($v:WithdrawalView,$s:String){withdrawals(view:$v,search:$s){totalCount edges{node{number state flags
  refundDueOn refundDuty declaredAt name contract order{number} acknowledgement{state} return{number state}}}}}"""
ONE = """query($n:String!){withdrawal(number:$n){number statement flags notices decidedBy periodExplained actions
  offers{sent unsent coverage orderLine{id}} timeline{event text} ticket{number} statusUrl exceptions{reason}}}"""


@pytest.fixture
def shop() -> Shop:
    shop = trust(make_shop(settings={"time_zone": "Europe/Berlin"}))
    make_eu_policy(shop)
    return shop


def wish(**values: Any) -> dict[str, Any]:
    return {"key": "form-0001", "name": "Ada Example", "email": "ada@customer.test", "contract": "1042"} | values


def gid(withdrawal: Withdrawal) -> str:
    return to_global_id("Withdrawal", withdrawal.pk)


def test_a_storefront_without_a_token_reads_link_labels_and_period(shop):
    info = nobody(shop).ask(INFO, l="de").data["withdrawalInfo"]

    assert info["linkLabel"] == "Vertrag widerrufen"
    assert info["confirmLabel"] == "Widerruf bestätigen"
    assert info["url"].endswith(f"/portal/{shop.handle}/withdraw/?order=1042&lang=de")
    assert (info["available"], info["periodDays"], len(info["labels"])) == (True, 14, 24)
    assert "FR" in info["countries"]


def test_without_the_right_the_storefront_learns_so():
    shop = make_shop()
    make_eu_policy(shop, withdrawal_countries=frozenset())

    info = nobody(shop).ask(INFO).data["withdrawalInfo"]

    assert (info["available"], info["countries"]) == (False, [])


def test_anybody_declares_without_a_token_and_learns_nothing_of_the_order(shop):
    order = make_order(shop, delivered=NOON - DAY)
    hit = nobody(shop).ask(DECLARE, i=wish(contract=order.number, email=order.email)).payload("withdrawalDeclare")
    miss = nobody(shop).ask(DECLARE, i=wish(key="form-0002")).payload("withdrawalDeclare")

    assert set(hit["receipt"]) == set(miss["receipt"])
    assert hit["receipt"]["refundDueOn"] == "2025-06-16"
    assert OutboundMessage.objects.filter(kind="withdrawals/acknowledged").count() == 2
    assert [w.state for w in Withdrawal.objects.order_by("pk")] == [WithdrawalState.UNMATCHED] * 2


def test_sent_twice_it_counts_once(shop):
    first = nobody(shop).ask(DECLARE, i=wish()).payload("withdrawalDeclare")["receipt"]
    second = nobody(shop).ask(DECLARE, i=wish()).payload("withdrawalDeclare")["receipt"]

    assert first == second
    assert Withdrawal.objects.count() == 1


def test_a_customer_declares_some_pieces_of_an_order_and_is_not_asked_who_they_are(shop):
    order = make_order(shop, delivered=NOON - DAY)
    line = order.lines.get()

    receipt = (
        as_customer(order)
        .ask(
            DECLARE,
            i={
                "key": "form-0001",
                "orderId": order.saleor_id,
                "lines": [{"orderLineId": line.saleor_id, "quantity": 1}],
            },
        )
        .payload("withdrawalDeclare")["receipt"]
    )

    withdrawal = Withdrawal.objects.get()
    assert receipt["email"] == order.email
    assert "- 1 × Hand grinder (Black)" in receipt["statement"]
    assert (withdrawal.order, withdrawal.state, withdrawal.source) == (order, WithdrawalState.OPEN, "api")
    assert [one.quantity for one in withdrawal.lines.all()] == [1]


def test_a_guests_token_names_its_order(shop):
    order = make_order(shop, delivered=NOON - DAY)

    as_guest(order).ask(DECLARE, i={"key": "form-0001", "language": "fr"}).payload("withdrawalDeclare")

    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.order, withdrawal.language, withdrawal.whole_contract) == (order, "fr", True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "x"}, "key"),
        ({"key": "x" * 60}, "key"),
        ({"name": ""}, "name"),
        ({"name": "https://evil.example"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"contract": ""}, "contract"),
        ({"goods": "x" * 1001}, "goods"),
        ({"orderId": "T3JkZXI6MQ=="}, "orderId"),
        ({"lines": [{"orderLineId": "x", "quantity": 1}]}, "lines"),
    ],
)
def test_bad_input_names_its_field(shop, changes, field):
    assert nobody(shop).ask(DECLARE, i=wish(**changes)).refusal("withdrawalDeclare") == ("INVALID", field)
    assert Withdrawal.objects.count() == 0


@pytest.mark.parametrize(("quantity", "code"), [(0, "INVALID"), (3, "INVALID"), (-1, "INVALID")])
def test_pieces_that_are_not_there_cannot_be_named(shop, quantity, code):
    order = make_order(shop, delivered=NOON - DAY)
    given = {"orderLineId": order.lines.get().saleor_id, "quantity": quantity}

    answer = as_customer(order).ask(DECLARE, i={"key": "form-0001", "orderId": order.saleor_id, "lines": [given]})

    assert answer.refusal("withdrawalDeclare") == (code, "lines.0.quantity")


def test_an_excepted_line_cannot_be_named_and_says_why():
    shop = trust(make_shop())
    engraved = Rule(position=0, skus=frozenset({"E"}), exclusion=Exclusion.CUSTOM_MADE)
    make_eu_policy(shop, rules=[engraved, Rule(position=1)])
    order = make_order(shop, delivered=NOON - DAY, lines=[Line(sku="E")])
    given = {"orderLineId": order.lines.get().saleor_id, "quantity": 1}

    answer = as_customer(order).ask(DECLARE, i={"key": "form-0001", "orderId": order.saleor_id, "lines": [given]})

    assert answer.refusal("withdrawalDeclare") == ("REFUSED", "lines.0.orderLineId")


def test_somebody_elses_order_cannot_be_named(shop):
    mine, theirs = make_order(shop), make_order(shop)

    answer = as_customer(mine).ask(DECLARE, i={"key": "form-0001", "orderId": theirs.saleor_id})

    assert answer.refusal("withdrawalDeclare") == ("NOT_FOUND", "orderId")


def test_staff_cannot_declare_for_somebody(shop):
    assert as_staff(shop).ask(DECLARE, i=wish()).refusal("withdrawalDeclare")[0] == "PERMISSION_DENIED"


# -- reading ---------------------------------------------------------------------------------------------------------


def test_a_customer_sees_their_own_and_nothing_that_is_internal(shop):
    mine = make_withdrawal(make_order(shop, delivered=NOON - DAY), flags=["late"], decided_by="Mei Tanaka")
    make_withdrawal(make_order(shop))
    make_withdrawal(shop=shop, state=WithdrawalState.UNMATCHED)

    nodes = as_customer(mine.order).ask(LIST).data["withdrawals"]["edges"]
    one = as_customer(mine.order).ask(ONE, n=mine.number).data["withdrawal"]

    assert [edge["node"]["number"] for edge in nodes] == [mine.number]
    assert (one["flags"], one["notices"], one["decidedBy"], one["periodExplained"], one["offers"]) == (
        [],
        [],
        None,
        None,
        [],
    )
    assert one["actions"] == ["prove"]


def test_another_customers_and_another_shops_do_not_exist(shop):
    theirs = make_withdrawal(make_order(shop))
    elsewhere = make_withdrawal()

    assert as_customer(make_order(shop)).ask(ONE, n=theirs.number).code == "NOT_FOUND"
    assert as_staff(shop).ask(ONE, n=elsewhere.number).code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("OPEN", {"open", "returned", "due"}),
        ("DUE_SOON", {"due"}),
        ("NEEDS_STAFF", {"open", "due"}),
        ("UNMATCHED", {"unmatched"}),
        ("OUT_OF_SCOPE", {"out"}),
        ("SETTLED", {"settled"}),
        ("ALL", {"open", "returned", "due", "unmatched", "out", "settled"}),
    ],
)
def test_staff_have_lists(shop, view, expected):
    rows = {
        "open": make_withdrawal(make_order(shop)),
        "returned": make_withdrawal(order := make_order(shop), ret=make_return(order)),
        "due": make_withdrawal(make_order(shop), refund_due_on=(NOON + 2 * DAY).date()),
        "unmatched": make_withdrawal(shop=shop, state=WithdrawalState.UNMATCHED),
        "out": make_withdrawal(make_order(shop), state=WithdrawalState.OUT_OF_SCOPE),
        "settled": make_withdrawal(make_order(shop), state=WithdrawalState.SETTLED),
    }

    edges = as_staff(shop).ask(LIST, v=view).data["withdrawals"]["edges"]

    assert {edge["node"]["number"] for edge in edges} == {rows[name].number for name in expected}


def test_staff_find_by_number_order_and_address(shop):
    order = make_order(shop)
    found = make_withdrawal(order)
    make_withdrawal(make_order(shop))

    for search in (found.number.lower(), order.number, f"#{order.number}", order.email.upper(), "\x00", "nothing"):
        edges = as_staff(shop).ask(LIST, s=search).data["withdrawals"]["edges"]
        hits = [found.number] if search not in {"\x00", "nothing"} else []
        assert [edge["node"]["number"] for edge in edges] == hits


def test_the_list_takes_as_many_queries_for_many_as_for_one(shop):
    staff = as_staff(shop)
    counts = []
    for _ in range(2):
        for _more in range(3):
            order = make_order(shop, delivered=NOON - DAY)
            make_withdrawal(order, ret=make_return(order, state=ReturnState.APPROVED))
        with CaptureQueriesContext(connection) as queries:
            assert len(staff.ask(LIST).data["withdrawals"]["edges"]) in {3, 6}
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_staff_read_what_to_look_at_and_how_the_period_was_counted(shop):
    order = make_order(shop, delivered=NOON - 30 * DAY)
    withdrawal = make_withdrawal(order, flags=["late"], period_ends_on=(NOON - 14 * DAY).date())

    one = as_staff(shop).ask(ONE, n=withdrawal.number).data["withdrawal"]

    assert one["flags"] == ["LATE"]
    assert one["notices"][0].startswith("The period to withdraw ended on 19 May 2025")
    assert one["periodExplained"] == "The last parcel arrived on 3 May 2025; 14 days end on 19 May 2025."
    assert one["offers"] == [
        {"sent": 2, "unsent": 0, "coverage": "COVERED", "orderLine": {"id": order.lines.get().saleor_id}}
    ]
    assert one["actions"] == ["carry_out", "out_of_scope", "prove"]


# -- staff act -------------------------------------------------------------------------------------------------------


def test_staff_match_a_declaration_to_its_order(shop):
    withdrawal = make_withdrawal(shop=shop, state=WithdrawalState.UNMATCHED, whole_contract=False, goods="one grinder")
    order = make_order(shop, delivered=NOON - DAY)
    lines = [{"orderLineId": order.lines.get().saleor_id, "quantity": 1}]

    answer = as_staff(shop).ask(
        "mutation($id:ID!,$o:ID!,$l:[WithdrawalLineInput!]){withdrawalMatch(id:$id,orderId:$o,lines:$l)"
        "{withdrawal{state order{number} lines{quantity} flags} errors{code}}}",
        id=gid(withdrawal),
        o=order.saleor_id,
        l=lines,
    )

    assert answer.payload("withdrawalMatch")["withdrawal"] == {
        "state": "OPEN",
        "order": {"number": order.number},
        "lines": [{"quantity": 1}],
        "flags": [],
    }


def test_out_of_scope_needs_a_reason_that_is_mailed_and_calls_the_return_off(shop):
    """C2: not approvable: staff can only mark out of scope with a reason."""
    order = make_order(shop, delivered=NOON - DAY)
    ret = make_return(order, state=ReturnState.APPROVED, legal_basis=LegalBasis.WITHDRAWAL)
    ReturnLine.objects.filter(ret=ret).update(quantity_approved=1)
    withdrawal = make_withdrawal(order, ret=ret)
    mutation = (
        "mutation($id:ID!,$r:String!){withdrawalMarkOutOfScope(id:$id,reason:$r)"
        "{withdrawal{state outOfScopeReason decidedBy} errors{code field}}}"
    )

    assert as_staff(shop).ask(mutation, id=gid(withdrawal), r=" ").refusal("withdrawalMarkOutOfScope") == (
        "INVALID",
        "reason",
    )
    marked = as_staff(shop).ask(mutation, id=gid(withdrawal), r="Bought for a business.")

    ret.refresh_from_db()
    assert marked.payload("withdrawalMarkOutOfScope")["withdrawal"]["outOfScopeReason"] == "Bought for a business."
    assert ret.state == ReturnState.CANCELED
    letter = OutboundMessage.objects.get(kind="withdrawals/out_of_scope")
    assert "Bought for a business." in letter.text


def test_out_of_scope_can_be_taken_back(shop):
    withdrawal = make_withdrawal(make_order(shop, delivered=NOON - DAY), state=WithdrawalState.OUT_OF_SCOPE)
    unknown = make_withdrawal(shop=shop, state=WithdrawalState.OUT_OF_SCOPE, order=None)
    mutation = "mutation($id:ID!){withdrawalReopen(id:$id){withdrawal{state} errors{code}}}"

    assert as_staff(shop).ask(mutation, id=gid(withdrawal)).payload("withdrawalReopen")["withdrawal"] == {
        "state": "OPEN"
    }
    assert as_staff(shop).ask(mutation, id=gid(unknown)).payload("withdrawalReopen")["withdrawal"] == {
        "state": "UNMATCHED"
    }


def test_a_customer_proves_that_the_goods_are_on_their_way(shop):
    withdrawal = make_withdrawal(make_order(shop, delivered=NOON - DAY))
    mutation = (
        "mutation($id:ID!,$t:String!){withdrawalProveSending(id:$id,trackingNumber:$t)"
        "{withdrawal{sentProofAt proofTrackingNumber} errors{code field}}}"
    )

    assert as_customer(withdrawal.order).ask(mutation, id=gid(withdrawal), t="").refusal("withdrawalProveSending") == (
        "INVALID",
        "trackingNumber",
    )
    proved = as_customer(withdrawal.order).ask(mutation, id=gid(withdrawal), t="4400150461")

    assert proved.payload("withdrawalProveSending")["withdrawal"]["proofTrackingNumber"] == "4400150461"


@pytest.mark.parametrize(
    "mutation",
    [
        "withdrawalMatch(id:$id,orderId:$id)",
        "withdrawalCarryOut(id:$id)",
        'withdrawalMarkOutOfScope(id:$id,reason:"x")',
        "withdrawalReopen(id:$id)",
    ],
)
def test_only_staff_who_manage_orders_decide(shop, mutation):
    withdrawal = make_withdrawal(make_order(shop))
    document = f"mutation($id:ID!){{{mutation}{{errors{{code}}}}}}"

    for asker in (as_customer(withdrawal.order), as_guest(withdrawal.order), as_staff(shop, ("HANDLE_PAYMENTS",))):
        answer = asker.ask(document, id=gid(withdrawal))
        assert answer.data[mutation.partition("(")[0]]["errors"] == [{"code": "PERMISSION_DENIED"}]
