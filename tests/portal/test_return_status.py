"""The page of a return: every step, parcels, what was given, and what the customer can do."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.compensation.models import Settlement, SettlementState, StoreCredit, StoreCreditState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.parcels.models import Parcel, ParcelState
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.replacements.models import Replacement, ReplacementState
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.queries import status_token
from tests.make import DAY, NOON, make_event, make_file, make_order, make_return, serial
from tests.portal.conftest import browse, photo, sign_in, text_of

pytestmark = pytest.mark.django_db

S = ReturnState


@pytest.fixture
def order() -> Order:
    return make_order(delivered=NOON - DAY)


def make_case(order: Order, state: ReturnState, **values: Any) -> Return:
    """A return that got as far as ``state``."""
    values.setdefault("expires_on", (NOON + 10 * DAY).date())
    ret = make_return(order, state=state, **values)
    ReturnLine.objects.filter(ret=ret).update(quantity_approved=1)
    for kind in ("approved",):
        make_event(order.shop, kind=f"return.{kind}", subject="return", subject_id=ret.pk, at=NOON)
    return ret


def make_parcel(ret: Return, state: ParcelState = ParcelState.READY, **values: Any) -> Parcel:
    """Its parcel, with a label to print."""
    n = serial()
    return Parcel.objects.create(
        **{
            "shop": ret.shop,
            "subject": "return",
            "subject_id": ret.pk,
            "case_number": ret.number,
            "order": ret.order,
            "reference": f"ref-{n}",
            "provider": "printable",
            "state": state,
            "state_since": NOON,
            "payer": "customer",
            "a4": make_file(ret.shop),
            "a6": make_file(ret.shop),
            "created_at": NOON,
        }
        | values
    )


def page_of(order: Order, ret: Return) -> str:
    return text_of(sign_in(order).get(f"returns/{ret.number}/"))


def test_an_approved_return_shows_labels_deadline_and_address(order):
    ret = make_case(order, S.APPROVED)
    make_parcel(ret)

    html = page_of(order, ret)

    assert html.count("https://aftercare.test/files/") == 2
    assert "Label, 100 × 150 mm (PDF)" in html
    assert "Please send the parcel by 12 June 2025." in html
    assert "1-2-3 Minamiaoyama" in html


def test_labels_are_gone_once_the_parcel_is_here(order):
    ret = make_case(order, S.RECEIVED)
    make_parcel(ret, ParcelState.ARRIVED)

    assert "https://aftercare.test/files/" not in page_of(order, ret)


def test_a_code_to_be_scanned_is_shown_as_a_picture_with_its_text(order):
    ret = make_case(order, S.APPROVED)
    make_parcel(ret, dropoff_code="DROP-77", dropoff_image=make_file(ret.shop), a4=None, slip=make_file(ret.shop))

    by_label = page_of(order, ret)
    assert "Label, 100 × 150 mm (PDF)" in by_label
    assert "Code for handing in" not in by_label
    assert "Packing slip, A4 (PDF)" in by_label

    answer = sign_in(order).post(f"returns/{ret.number}/handover/", {"parcel": "1", "handover": "dropoff"})

    assert answer.status_code == 303
    by_code = page_of(order, ret)
    assert 'alt="Code for handing in: DROP-77"' in by_code
    assert "Label, 100 × 150 mm (PDF)" not in by_code
    assert "Packing slip, A4 (PDF)" in by_code
    assert "You need not print a label." in by_code


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ({}, {"parcel": "1", "handover": "dropoff"}),  # the provider gave no code
        ({"dropoff_code": "D"}, {"parcel": "1", "handover": "pigeon"}),
        ({"dropoff_code": "D"}, {"parcel": "1"}),
        ({"dropoff_code": "D"}, {"parcel": "7", "handover": "dropoff"}),
        ({"dropoff_code": "D"}, {"parcel": "x", "handover": "dropoff"}),
        ({"dropoff_code": "D", "state": ParcelState.IN_TRANSIT}, {"parcel": "1", "handover": "dropoff"}),
    ],
)
def test_a_way_of_handing_in_that_is_not_offered_is_refused_and_changes_nothing(order, values, sent):
    ret = make_case(order, S.APPROVED)
    image = {"dropoff_image": make_file(ret.shop)} if values else {}
    parcel = make_parcel(ret, **{"state": ParcelState.READY, **values, **image})
    assert "How do you hand the parcel in?" not in page_of(order, ret) or values.get("state") is None

    answer = sign_in(order).post(f"returns/{ret.number}/handover/", sent)

    assert answer.status_code in {400, 404, 409}
    assert Parcel.objects.get(pk=parcel.pk).handover == "label"


def test_a_parcel_that_came_back_is_explained_and_gets_one_new_label_however_often_it_is_asked_for(order):
    """C1.12: RTS."""
    ret = make_case(order, S.APPROVED, hitch="came_back")
    make_parcel(ret, ParcelState.RETURNED)
    html = page_of(order, ret)
    assert "Your parcel comes back to you" in html
    assert "I need a second parcel" not in html
    assert "You need not print a label." not in html

    for _twice in range(2):
        assert sign_in(order).post(f"returns/{ret.number}/label/", {"replace": "1"}).status_code == 303

    assert list(Parcel.objects.order_by("position").values_list("state", flat=True)) == ["returned", "wanted"]
    ret.refresh_from_db()
    assert (ret.state, ret.hitch) == (S.APPROVED, "")
    assert "Your label is being made" in page_of(order, ret)


def test_the_way_of_a_return_has_dates_for_what_happened_and_one_next_step(order):
    ret = make_case(
        order,
        S.RECEIVED,
        requested_at=NOON - 4 * DAY,
        sent_at=NOON - 3 * DAY,
        arrived_at=NOON - 2 * DAY,
        received_at=NOON - DAY,
    )

    way = page_of(order, ret).partition('<ol class="way">')[2].partition("</ol>")[0]

    assert way.count('class="way__done"') == 5
    assert way.count('aria-current="step"') == 1
    for day in ("29 May 2025", "30 May 2025", "31 May 2025", "1 June 2025"):
        assert day in way
    assert "Refunded" in way


@pytest.mark.parametrize(
    ("state", "word"),
    [(S.DECLINED, "Declined"), (S.CANCELED, "Cancelled"), (S.EXPIRED, "Expired"), (S.LOST, "Lost on the way")],
)
def test_a_way_that_ended_says_where(order, state, word):
    html = page_of(order, make_case(order, state))

    assert "way__stopped" in html
    assert word in html


def test_a_question_is_answered_with_photos(order):
    ret = make_case(order, S.MORE_INFO, question="Which handle?")
    visitor = sign_in(order)
    assert "Which handle?" in text_of(visitor.get(f"returns/{ret.number}/"))

    empty = visitor.post(f"returns/{ret.number}/answer/", {"key": "k" * 32, "text": ""})
    done = visitor.post(f"returns/{ret.number}/answer/", {"key": "k" * 32, "text": "The left", "photos": [photo()]})
    again = visitor.post(f"returns/{ret.number}/answer/", {"key": "k" * 32, "text": "The left"})

    assert empty.status_code == 422
    assert done["Location"] == again["Location"] == visitor.url(f"returns/{ret.number}/")
    ret.refresh_from_db()
    assert (ret.state, ret.answer) == (S.REQUESTED, "The left")
    assert ret.lines.get().photos.count() == 1


def test_photos_can_be_added_and_must_be_something(order):
    ret = make_case(order, S.APPROVED)
    visitor = sign_in(order)

    nothing = visitor.post(f"returns/{ret.number}/photos/", {"key": "a" * 32, "note": ""})
    visitor.post(f"returns/{ret.number}/photos/", {"key": "b" * 32, "note": "See here", "photos": [photo()]})

    assert nothing.status_code == 422
    assert ret.lines.get().photos.count() == 1


def test_i_have_sent_it_notes_the_number_and_the_receipt(order):
    ret = make_case(order, S.APPROVED)
    parcel = make_parcel(ret)
    visitor = sign_in(order)

    visitor.post(f"returns/{ret.number}/sent/", {"key": "k" * 32, "tracking_number": "1Z 999", "photos": [photo()]})

    ret.refresh_from_db()
    parcel.refresh_from_db()
    assert (ret.state, ret.sent_at) == (S.IN_TRANSIT, NOON)
    assert (parcel.state, parcel.tracking_number) == (ParcelState.IN_TRANSIT, "1Z 999")
    assert ret.lines.get().photos.count() == 1
    assert "the return cannot be cancelled here" in page_of(order, ret)


def test_a_return_without_a_label_can_be_sent_too(order):
    ret = make_case(order, S.APPROVED)

    sign_in(order).post(f"returns/{ret.number}/sent/", {"key": "k" * 32, "tracking_number": ""})

    ret.refresh_from_db()
    assert ret.state == S.IN_TRANSIT


def test_an_expired_return_gets_a_new_label(order):
    """C1.14: the label is older than its validity."""
    ret = make_case(order, S.EXPIRED, expires_on=(NOON - DAY).date())
    make_parcel(ret, ParcelState.EXPIRED)
    assert "Ask for a new label" in page_of(order, ret)

    sign_in(order).post(f"returns/{ret.number}/renew/")

    ret.refresh_from_db()
    assert ret.state == S.APPROVED
    assert ret.expires_on > NOON.date()


def test_a_second_parcel_gets_a_label_of_its_own(order):
    ret = make_case(order, S.APPROVED)
    make_parcel(ret)
    assert "I need a second parcel" in page_of(order, ret)

    sign_in(order).post(f"returns/{ret.number}/label/")

    assert [p.position for p in Parcel.objects.order_by("position")] == [1, 2]
    assert "Parcel 2" in page_of(order, ret)


def test_once_sent_it_cannot_be_cancelled_and_a_sentence_says_what_helps(order):
    ret = make_case(order, S.IN_TRANSIT, sent_at=NOON)
    visitor = sign_in(order)

    answer = visitor.post(f"returns/{ret.number}/cancel/")

    assert answer.status_code == 409
    assert "Please write to us" in text_of(answer)
    assert "/cancel/" not in page_of(order, ret)


def test_what_was_rejected_stands_with_its_reason_and_what_becomes_of_it(order):
    """C1.20: who pays to ship back, and until when it is stored."""
    ret = make_case(
        order, S.RECEIVED, received_at=NOON, sendback_payer="customer", sendback_stored_until=(NOON + 30 * DAY).date()
    )
    ReturnLine.objects.filter(ret=ret).update(quantity_rejected=1, reject_reason="Worn <b>outdoors</b>")

    html = page_of(order, ret)

    assert "1 not accepted" in html
    assert "Worn &lt;b&gt;outdoors&lt;/b&gt;" in html
    assert "We can send them back to you at your cost. We keep them for you until 2 July 2025." in html


def test_what_was_approved_in_part_is_told_at_each_item(order):
    ret = make_case(order, S.APPROVED, decline_reason="One was a present.")
    ReturnLine.objects.filter(ret=ret).update(quantity=2, quantity_approved=1)

    html = page_of(order, ret)

    assert "Your return is approved in part" in html
    assert "1 approved" in html
    assert "One was a present." in html


def test_the_sum_is_shown_as_it_was_decided_and_credit_without_its_code(order):
    ret = make_case(order, S.RESOLVED, received_at=NOON)
    settlement = Settlement.objects.create(
        shop=ret.shop,
        key="k",
        order=order,
        subject="return",
        subject_id=ret.pk,
        state=SettlementState.DONE,
        state_since=NOON,
        finished_at=NOON,
        currency="EUR",
        items=[
            {"kind": "goods", "label": "x", "amount": "29.90", "line": 1, "name": "Hand grinder", "units": 1},
            {"kind": "bonus", "label": "x", "amount": "1.50", "line": None},
        ],
        credit=Decimal("31.40"),
        bonus=Decimal("1.50"),
        created_at=NOON,
    )
    StoreCredit.objects.create(
        shop=ret.shop,
        key="c",
        order=order,
        settlement=settlement,
        subject="return",
        subject_id=ret.pk,
        amount=Decimal("31.40"),
        bonus=Decimal("1.50"),
        currency="EUR",
        code="SECRET-CODE-9876",
        state=StoreCreditState.ISSUED,
        state_since=NOON,
        created_at=NOON,
        issued_at=NOON,
        gift_card_id="R2lmdENhcmQ6MQ==",
    )

    html = page_of(order, ret)

    assert "Returned items, at the price paid" in html
    assert "1 × Hand grinder" in html
    assert html.count("€31.40") == 2
    assert "Code ending in 9876" in html
    assert "SECRET" not in html


def test_goods_in_exchange_are_shown_with_the_way_to_pay(order):
    ret = make_case(order, S.RECEIVED, received_at=NOON)
    ReturnLine.objects.filter(ret=ret).update(resolution=Resolution.EXCHANGE, exchange_name="White")
    Replacement.objects.create(
        shop=ret.shop,
        key="r",
        external_reference="ref",
        order=order,
        subject="return",
        subject_id=ret.pk,
        case_number=ret.number,
        lines=[{"variant_id": "V", "name": "Hand grinder White", "quantity": 1}],
        currency="EUR",
        credit=Decimal("29.90"),
        due=Decimal("5.00"),
        state=ReplacementState.AWAITING_PAYMENT,
        state_since=NOON,
        saleor_order_id="T3JkZXI6MQ==",
        saleor_order_number="77",
        payment_url="https://store.test/pay/77",
        created_at=NOON,
    )

    html = page_of(order, ret)

    assert "1 × Hand grinder White" in html
    assert "Order 77" in html
    assert "You still pay €5.00." in html
    assert 'href="https://store.test/pay/77"' in html


@pytest.mark.parametrize("action", ["answer", "photos", "sent", "renew", "label", "cancel", "message"])
def test_a_link_alone_may_not_act(order, action):
    ret = make_case(order, S.APPROVED)
    visitor = browse(order.shop)
    link = visitor.url(f"returns/{ret.number}/{action}/?t={status_token(ret)}")

    answer = visitor.client.post(link, {"key": "k" * 32, "text": "x", "note": "x"})

    assert answer.status_code == 303
    assert "?next=" in answer["Location"]
    ret.refresh_from_db()
    assert ret.state == S.APPROVED
    assert not Parcel.objects.exists()


@pytest.mark.parametrize("action", ["answer", "photos", "sent", "renew", "label", "cancel", "message"])
def test_another_customers_return_does_not_exist(order, action):
    theirs = make_case(make_order(order.shop), S.APPROVED)

    assert sign_in(order).post(f"returns/{theirs.number}/{action}/", {"key": "k" * 32}).status_code == 404


@pytest.mark.parametrize(
    ("state", "queries"), [(S.REQUESTED, 8), (S.APPROVED, 11), (S.IN_TRANSIT, 10), (S.RESOLVED, 12)]
)
def test_a_status_page_takes_few_queries_however_much_is_on_it(order, state, queries, django_assert_num_queries):
    ret = make_case(order, state, received_at=NOON if state == S.RESOLVED else None)
    for line in [order.lines.get()]:
        ReturnLine.objects.get(ret=ret, order_line=line).photos.add(make_file(ret.shop), make_file(ret.shop))
    if state != S.REQUESTED:
        for n in (1, 2, 3):
            make_parcel(ret, ParcelState.READY, position=n, expires_on=(NOON + timedelta(days=n)).date())
    visitor = sign_in(order)

    with django_assert_num_queries(queries):
        assert visitor.get(f"returns/{ret.number}/").status_code == 200
