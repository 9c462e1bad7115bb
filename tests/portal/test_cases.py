"""The pages of returns, repairs and spare parts."""

from datetime import timedelta

import pytest

from saleor_aftercare.access.models import Draft
from saleor_aftercare.compensation.models import RefundState
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import links
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import CaseKind, MessageKind, TicketMessage, TicketState
from saleor_aftercare.parts.models import SparePartRequest, SparePartState
from saleor_aftercare.parts.queries import status_token as part_token
from saleor_aftercare.repairs.models import RepairRequest, RepairState
from saleor_aftercare.repairs.queries import status_token as repair_token
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.queries import status_token as return_token
from tests.make import (
    DAY,
    NOON,
    make_file,
    make_message,
    make_order,
    make_policy,
    make_refund,
    make_repair,
    make_return,
    make_shop,
    make_spare_part,
    make_ticket,
)
from tests.portal.conftest import browse, photo, sign_in, text_of

pytestmark = pytest.mark.django_db

KINDS = ("returns", "repairs", "parts")


@pytest.fixture
def order() -> Order:
    order = make_order(delivered=NOON - DAY)
    make_policy(order.shop)
    return order


def make_case(kind: str, order: Order | None, **values):
    return {"returns": make_return, "repairs": make_repair, "parts": make_spare_part}[kind](order, **values)


def token_of(case: Return | RepairRequest | SparePartRequest) -> str:
    return {Return: return_token, RepairRequest: repair_token, SparePartRequest: part_token}[type(case)](case)


CASE_KIND = {"returns": CaseKind.RETURN, "repairs": CaseKind.REPAIR, "parts": CaseKind.SPARE_PART}


@pytest.mark.parametrize("kind", KINDS)
def test_the_link_from_a_mail_is_enough_to_read(order, kind):
    case = make_case(kind, order)
    visitor = browse(order.shop)

    response = visitor.get(f"{kind}/{case.number}/", t=token_of(case))

    assert response.status_code == 200
    html = text_of(response)
    assert case.number in html
    assert "Confirm that it is me" in html
    assert "/cancel/" not in html
    assert "/message/" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_link_opens_nothing_and_tells_nothing(order, kind):
    case, other = make_case(kind, order), make_case(kind, make_order(order.shop))
    visitor = browse(order.shop)
    answers = [
        visitor.get(f"{kind}/{number}/", t=token).status_code
        for number, token in (
            (case.number, ""),
            (case.number, "forged"),
            (case.number, token_of(other)),
            (case.number, token_of(case)[:-1]),
            ("RMA-0", token_of(case)),
        )
    ]

    assert answers == [303] * 5
    assert browse(make_shop()).get(f"{kind}/{case.number}/", t=token_of(case)).status_code == 303


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_alone_may_not_act(order, kind):
    case = make_case(kind, order)
    visitor = browse(order.shop)

    for action in ("cancel", "message"):
        url = visitor.url(f"{kind}/{case.number}/{action}/?t={token_of(case)}")
        assert visitor.client.post(url, {"body": "Hello", "key": "k" * 32}).status_code == 303

    case.refresh_from_db()
    assert case.state == "requested"
    assert not TicketMessage.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_another_customers_case_is_not_found(order, kind):
    theirs = make_case(kind, make_order(order.shop))
    visitor = sign_in(order)

    assert visitor.get(f"{kind}/{theirs.number}/").status_code == 404
    assert visitor.post(f"{kind}/{theirs.number}/cancel/").status_code == 404
    assert visitor.get(f"{kind}/{theirs.number}/message/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "requested"


@pytest.mark.parametrize("kind", KINDS)
def test_the_customer_may_cancel_and_pressing_twice_is_fine(order, kind):
    case = make_case(kind, order)
    visitor = sign_in(order)
    assert f"{kind}/{case.number}/cancel/" in text_of(visitor.get(f"{kind}/{case.number}/"))

    answers = [visitor.post(f"{kind}/{case.number}/cancel/") for _ in range(2)]

    assert {a["Location"] for a in answers} == {visitor.url(f"{kind}/{case.number}/")}
    case.refresh_from_db()
    assert case.state == "canceled"
    html = text_of(visitor.get(f"{kind}/{case.number}/"))
    assert "Cancelled" in html
    assert f"{kind}/{case.number}/cancel/" not in html


def test_what_has_arrived_cannot_be_cancelled_any_more(order):
    ret = make_return(order, state=ReturnState.RECEIVED)
    visitor = sign_in(order)

    response = visitor.post(f"returns/{ret.number}/cancel/")

    assert response.status_code == 409
    assert "Something changed meanwhile" in text_of(response)
    ret.refresh_from_db()
    assert ret.state == ReturnState.RECEIVED


@pytest.mark.parametrize(
    ("kind", "state"),
    [("returns", ReturnState.DECLINED), ("repairs", RepairState.DECLINED), ("parts", SparePartState.DECLINED)],
)
def test_a_refusal_shows_its_reason_as_text(order, kind, state):
    case = make_case(kind, order, state=state, decline_reason="Used <b>daily</b>.\nSorry.")

    html = text_of(sign_in(order).get(f"{kind}/{case.number}/"))

    assert "Used &lt;b&gt;daily&lt;/b&gt;.\nSorry." in html
    assert "way__stopped" in html


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (RefundState.PENDING, "Under way"),
        (RefundState.NEEDS_STAFF, "Under way"),
        (RefundState.SUCCEEDED, "Refunded"),
    ],
)
def test_the_refund_is_told_in_the_customers_words(order, state, word):
    ret = make_return(order, state=ReturnState.RECEIVED)
    make_refund(ret, state=state)

    html = text_of(sign_in(order).get(f"returns/{ret.number}/"))

    assert "€10.00" in html
    assert word in html


def test_an_accepted_repair_shows_its_intake_slip(order):
    repair = make_repair(order, state=RepairState.ACCEPTED, intake_slip=make_file(order.shop))

    html = text_of(sign_in(order).get(f"repairs/{repair.number}/"))

    assert "Intake slip (PDF)" in html
    assert "https://aftercare.test/files/" in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_status_page_speaks_the_orders_language(kind):
    order = make_order(language="ja")
    case = make_case(kind, order)
    visitor = browse(order.shop)

    assert '<html lang="ja">' in text_of(visitor.get(f"{kind}/{case.number}/", t=token_of(case)))


@pytest.mark.parametrize(("kind", "queries"), [("returns", 12), ("repairs", 7), ("parts", 7)])
def test_a_status_page_takes_few_queries(order, kind, queries, django_assert_num_queries):
    case = make_case(kind, order, **({"label": True, "state": ReturnState.APPROVED} if kind == "returns" else {}))
    ticket = make_ticket(order, messages=("One", "Two"), about=(CASE_KIND[kind], case.pk))
    make_message(ticket, kind=MessageKind.STAFF)
    visitor = sign_in(order)

    with django_assert_num_queries(queries):
        assert visitor.get(f"{kind}/{case.number}/").status_code == 200


def test_mailed_addresses_are_pages_of_the_portal(order):
    ret, repair, part = make_return(order), make_repair(order), make_spare_part(order)
    addresses = [
        links.return_status(order.shop, ret.number, return_token(ret)),
        links.repair_status(order.shop, repair.number, repair_token(repair)),
        links.spare_part_status(order.shop, part.number, part_token(part)),
        links.portal_home(order.shop),
    ]

    answers = [browse(order.shop).client.get(url.removeprefix("https://aftercare.test")) for url in addresses]

    assert [a.status_code for a in answers] == [200] * 4


# -- writing -----------------------------------------------------------------------------------------------------


def write(visitor, path: str, **data):
    return visitor.post(path, {"key": "k" * 32, "body": "Where is it?"} | data)


def test_a_message_about_a_case_joins_its_conversation(order):
    ret = make_return(order)
    ticket = make_ticket(order, messages=(), about=(CaseKind.RETURN, ret.pk))
    visitor = sign_in(order)

    response = write(visitor, f"returns/{ret.number}/message/", files=[photo()])

    assert response["Location"] == visitor.url(f"returns/{ret.number}/#messages")
    message = ticket.messages.get()
    assert (message.kind, message.body, message.author_email) == (MessageKind.CUSTOMER, "Where is it?", order.email)
    assert [file.name for file in message.attachments.all()] == ["crack.jpg"]
    assert "Where is it?" in text_of(visitor.get(f"returns/{ret.number}/"))


def test_a_message_about_a_case_whose_conversation_was_closed_opens_a_new_one(order):
    ret = make_return(order)
    closed = make_ticket(order, messages=(), about=(CaseKind.RETURN, ret.pk), state=TicketState.CLOSED)

    visitor = sign_in(order)

    response = write(visitor, f"returns/{ret.number}/message/")

    assert response.status_code == 303
    assert TicketMessage.objects.get(kind=MessageKind.CUSTOMER).ticket != closed
    assert "Where is it?" in text_of(visitor.get(f"returns/{ret.number}/"))


def test_a_message_about_an_order_opens_a_conversation_once(order):
    visitor = sign_in(order)

    for _ in range(2):
        assert write(visitor, f"orders/{order.number}/message/").status_code == 303

    message = TicketMessage.objects.get(kind=MessageKind.CUSTOMER)
    assert message.ticket.order == order


def test_a_message_about_a_case_without_conversation_is_not_lost(order):
    repair = make_repair(order)

    write(sign_in(order), f"repairs/{repair.number}/message/")

    assert TicketMessage.objects.get(kind=MessageKind.CUSTOMER).ticket.order == order


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 5001])
def test_an_impossible_message_is_told_at_its_field_and_files_are_kept(order, body):
    visitor = sign_in(order)

    response = write(visitor, f"orders/{order.number}/message/", body=body, files=[photo()])

    html = text_of(response)
    assert response.status_code == 422
    assert 'id="id_body_error"' in html
    assert "crack.jpg" in html
    assert not TicketMessage.objects.exists()
    write(visitor, f"orders/{order.number}/message/")
    assert TicketMessage.objects.get(kind=MessageKind.CUSTOMER).attachments.count() == 1


def test_a_file_can_be_taken_out_of_a_message_again(order):
    visitor = sign_in(order)
    write(visitor, f"orders/{order.number}/message/", body="", files=[photo()])

    response = write(visitor, f"orders/{order.number}/message/", remove=str(StoredFile.objects.get().pk))

    assert response.status_code == 200
    assert "Where is it?" in text_of(response)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("key", ["", "short", "x" * 41, "k" * 31 + "\x00", "k" * 31 + "/"])
def test_a_form_that_is_not_ours_is_refused(order, key):
    assert write(sign_in(order), f"orders/{order.number}/message/", key=key).status_code == 404
    assert not Draft.objects.exists()


def test_a_session_that_ended_while_writing_leads_to_the_door(order):
    visitor = sign_in(order, expires_at=NOON - timedelta(seconds=1))

    assert write(visitor, f"orders/{order.number}/message/").status_code == 303
    assert not TicketMessage.objects.exists()
