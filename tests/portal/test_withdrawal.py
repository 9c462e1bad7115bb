"""The withdrawal function: two steps, for everybody, in the consumer's language."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.policies.models import Exclusion
from saleor_aftercare.policies.rules import Rule
from saleor_aftercare.withdrawals import queries
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalState
from saleor_aftercare.withdrawals.words import LANGUAGES, labels_of, words_of
from tests.make import DAY, NOON, Line, make_eu_policy, make_order, make_shop, make_withdrawal
from tests.portal.conftest import Browser, browse, sign_in, text_of
from tests.portal.withdrawing import confirm, declare, field, seen, shop, state

pytestmark = pytest.mark.django_db

__all__ = ["shop"]


# -- two steps -------------------------------------------------------------------------------------------------------


def test_a_guest_declares_in_two_steps_without_session_cookie_or_token(shop):
    """C2: entry, statement, confirm, received."""
    browser = Browser(Client(enforce_csrf_checks=True), shop)

    first = browser.get("withdraw/")
    second = state(browser)
    assert Withdrawal.objects.count() == 0
    response = confirm(browser, second)
    done = browser.client.get(response["Location"])

    withdrawal = Withdrawal.objects.get()
    assert [first.status_code, second.status_code, response.status_code, done.status_code] == [200, 200, 303, 200]
    assert (withdrawal.name, withdrawal.contract, withdrawal.email) == ("Ada Example", "1042", "ada@customer.test")
    assert (withdrawal.whole_contract, withdrawal.state) == (True, WithdrawalState.UNMATCHED)
    assert withdrawal.number in seen(done)
    assert "2 June 2025, 14:00:00 (UTC+02:00, Europe/Berlin)" in seen(done)


def test_what_was_shown_is_what_is_kept_word_for_word(shop):
    browser = browse(shop)

    page = state(browser, scope="some", goods="1 × blue mug\nfilters")
    confirm(browser, page)

    shown = html.unescape(re.search(r'<p class="address pre">(.*?)</p>', text_of(page), re.DOTALL)[1])
    assert shown == Withdrawal.objects.get().statement
    assert "blue mug\nfilters" in shown


def test_the_moment_of_the_confirmation_counts_not_that_of_the_statement(shop):
    browser = browse(shop)
    page = state(browser)

    with time_machine.travel(NOON + timedelta(hours=5), tick=False):
        confirm(browser, page)

    assert Withdrawal.objects.get().declared_at == NOON + timedelta(hours=5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_statutory_labels_stand_on_link_and_button_alone(shop, language):
    labels = labels_of(language)
    query = f"?lang={language}"

    first = browse(shop).get(f"withdraw/{query}".rstrip("?"), lang=language)
    second = state(browse(shop), query=query)

    assert f'<html lang="{language}">' in text_of(first)
    assert re.search(rf"<a [^>]*>{re.escape(labels.withdraw)}</a>", text_of(first))
    assert re.search(rf'<button class="[^"]*">{re.escape(labels.confirm)}</button>', text_of(second))


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_english_is_left_on_the_pages_of_another_language(shop, language):
    browser = browse(shop)
    query = f"?lang={language}"
    english = words_of("en")

    pages = [
        browser.get("withdraw/", lang=language),
        state(browser, query=query, name="", email="x"),
        state(browser, query=query),
    ]
    pages.append(browser.client.get(confirm(browser, pages[2], query=query)["Location"]))
    withdrawal = Withdrawal.objects.get()
    pages.append(browser.get(f"withdrawals/{withdrawal.number}/", t=queries.status_token(withdrawal), lang=language))

    for page in pages:
        words = seen(page)
        for name in ("skip", "lead", "name_hint", "scope", "go_on", "check_lead", "next", "step_look", "missing_name"):
            assert getattr(english, name).partition("{")[0][:40] not in words
        assert not {"There is", "Language", "Withdraw from", "Send", "Please"} & set(re.findall("[A-Z][a-z ]+", words))
    assert [page.status_code for page in pages] == [200, 422, 200, 200, 200]
    assert OutboundMessage.objects.get().language == language


def test_the_browser_says_which_language_when_the_link_does_not(shop):
    response = Client().get(f"/portal/{shop.handle}/withdraw/", headers={"Accept-Language": "fr-CH, de;q=0.8"})

    assert '<html lang="fr">' in text_of(response)
    assert response["Content-Language"] == "fr"


def test_the_storefronts_link_fills_in_the_order_number(shop):
    assert 'name="contract" value="1042"' in text_of(browse(shop).get("withdraw/", order="1042"))


# -- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": ""}, "missing_name"),
        ({"contract": "  "}, "missing_contract"),
        ({"email": ""}, "missing_email"),
        ({"email": "ada@"}, "bad_email"),
        ({"scope": ""}, "missing_scope"),
        ({"scope": "everything"}, "missing_scope"),
        ({"scope": "some", "goods": " "}, "missing_goods"),
        ({"name": "see https://evil.example"}, "no_addresses"),
        ({"scope": "some", "goods": "win at www.evil.example"}, "no_addresses"),
        ({"name": "x" * 201}, "too_long"),
        ({"scope": "some", "goods": "x" * 2000}, "too_long"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field_in_the_pages_language(shop, values, problem):
    response = state(browse(shop), query="?lang=de", **values)

    words = getattr(words_of("de"), problem).partition("{")[0]
    assert response.status_code == 422
    assert words in seen(response)
    assert Withdrawal.objects.count() == 0


@pytest.mark.parametrize("name", ["Ada\r\nBcc: all@customer.test", "Ada\x00\x07 Example", "<script>alert(1)</script>"])
def test_hostile_names_stay_text(shop, name):
    done = declare(browse(shop), name=name)

    assert done.status_code == 200
    assert "<script>alert" not in text_of(done)
    letter = OutboundMessage.objects.get()
    assert "\n" not in letter.to_name
    assert "<script" not in letter.html
    assert "\x00" not in Withdrawal.objects.get().name


def test_a_body_of_a_megabyte_is_refused_in_words(shop):
    response = state(browse(shop), scope="some", goods="x" * 1_000_000)

    assert response.status_code in {413, 422}
    assert Withdrawal.objects.count() == 0


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "x" * 30_000])
def test_a_confirmation_without_a_statement_of_ours_starts_again(shop, token):
    response = browse(shop).post("withdraw/confirm/", {"d": token})

    assert response.status_code == 422
    assert words_of("en").form_too_old in seen(response)
    assert Withdrawal.objects.count() == 0


def test_a_statement_of_another_shop_cannot_be_confirmed_here(shop):
    page = state(browse(shop))
    other = make_shop()
    make_eu_policy(other)

    assert confirm(browse(other), page).status_code == 422
    assert Withdrawal.objects.count() == 0


def test_a_statement_can_be_confirmed_for_a_day(shop):
    page = state(browse(shop))

    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        response = confirm(browse(shop), page)

    assert response.status_code == 422


def test_pressed_twice_it_counts_once(shop):
    browser = browse(shop)
    page = state(browser)

    assert confirm(browser, page).status_code == confirm(browser, page).status_code == 303
    assert Withdrawal.objects.count() == OutboundMessage.objects.count() == 1


def test_going_back_to_change_something_keeps_what_was_filled_in(shop):
    browser = browse(shop)

    page = browser.post("withdraw/", {"d": field(state(browser, scope="some", goods="one mug")), "change": "1"})

    assert page.status_code == 200
    assert 'value="Ada Example"' in text_of(page)
    assert "one mug" in seen(page)


def test_who_declares_very_often_waits_and_is_told_that_a_mail_counts_too(shop):
    for _ in range(10):
        assert declare(browse(shop)).status_code == 200

    response = confirm(browse(shop), state(browse(shop)))

    assert response.status_code == 429
    assert "A mail to us counts just as much" in seen(response)
    assert Withdrawal.objects.count() == 10


# -- no enumeration --------------------------------------------------------------------------------------------------


def test_a_hit_and_a_miss_get_the_same_pages_by_the_same_queries(shop):
    """C2: guest flow: generic answers."""
    order = make_order(shop, delivered=NOON - DAY)
    answers = []
    for contract, email in ((order.number, order.email), (order.number, "x@y.test"), ("99999999", order.email)):
        browser = browse(shop)
        with CaptureQueriesContext(connection) as queries_made:
            page = state(browser, contract=contract, email=email)
            response = confirm(browser, page)
            done = browser.client.get(response["Location"])
        number = Withdrawal.objects.latest("pk").number
        text = seen(done).replace(contract, "#").replace(email, "@").replace(number, "WD")
        shapes = [q["sql"].split()[:2] for q in queries_made if "SAVEPOINT" not in q["sql"]]
        answers.append((response.status_code, done.status_code, text, shapes))

    assert answers[0] == answers[1] == answers[2]


def test_the_receipt_never_tells_whether_the_order_was_found(shop):
    order = make_order(shop, delivered=NOON - DAY)
    browser = browse(shop)
    receipt = confirm(browser, state(browser, contract=order.number, email=order.email))["Location"]
    before = seen(browser.client.get(receipt))

    Withdrawal.objects.update(state=WithdrawalState.OPEN, order=order)

    assert seen(browser.client.get(receipt)) == before


# -- signed in -------------------------------------------------------------------------------------------------------


def test_who_is_signed_in_is_not_asked_again(shop):
    order = make_order(shop, delivered=NOON - DAY)
    browser = sign_in(order)

    page = browser.get("withdraw/", order=order.number)
    text = text_of(page)

    assert not re.search(r'name="(name|email|contract)"', text)
    assert f"The acknowledgement of receipt goes to {order.email}." in seen(page)
    assert "You can withdraw until 16 June 2025." in seen(page)


def test_a_signed_in_customer_chooses_among_their_orders(shop):
    order = make_order(shop, delivered=NOON - DAY)
    gone = make_order(shop, user_id=order.user_id, status="CANCELED")
    foreign = make_order(shop)

    page = sign_in(order, guest=False).get("withdraw/")

    assert f"order={order.number}" in text_of(page)
    assert f"order={gone.number}" not in text_of(page)
    assert f"order={foreign.number}" not in text_of(page)


def test_the_list_of_orders_takes_as_many_queries_for_many_as_for_one(shop):
    order = make_order(shop, delivered=NOON - DAY)
    browser = sign_in(order, guest=False)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries_made:
            assert browser.get("withdraw/").status_code == 200
        counts.append(len(queries_made))
        for _more in range(5):
            make_order(shop, user_id=order.user_id, delivered=NOON - DAY)

    assert counts[0] == counts[1] <= 12


def test_chosen_pieces_are_declared_for_the_order_at_once(shop):
    order = make_order(shop, delivered=NOON - DAY, lines=[Line(quantity=3)])
    browser = sign_in(order)
    line = order.lines.get()

    page = browser.post(f"withdraw/?order={order.number}", {"scope": "some", f"units-{line.pk}": "2"})
    confirm(browser, page)

    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.state, withdrawal.order, withdrawal.email) == (WithdrawalState.OPEN, order, order.email)
    assert [(one.order_line, one.quantity) for one in withdrawal.lines.all()] == [(line, 2)]
    assert "- 2 × Hand grinder (Black)" in withdrawal.statement


@pytest.mark.parametrize("typed", ["4", "-1", "two", "1.5", "99999999"])
def test_more_than_was_bought_cannot_be_chosen(shop, typed):
    order = make_order(shop, delivered=NOON - DAY, lines=[Line(quantity=3)])
    line = order.lines.get()

    page = sign_in(order).post(f"withdraw/?order={order.number}", {"scope": "some", f"units-{line.pk}": typed})

    assert page.status_code == 422
    assert "Please choose a number from 0 to 3." in seen(page)


def test_exceptions_are_shown_with_their_reason_and_never_silently_dropped():
    """C1.22: per line, with the reason shown."""
    shop = make_shop()
    engraved = Rule(position=0, skus=frozenset({"ENGRAVED"}), exclusion=Exclusion.CUSTOM_MADE)
    soap = Rule(position=1, skus=frozenset({"SOAP"}), exclusion=Exclusion.HYGIENE)
    make_eu_policy(shop, rules=[engraved, soap, Rule(position=2)])
    order = make_order(
        shop,
        delivered=NOON - DAY,
        lines=[Line(sku="ENGRAVED", product_name="Engraved mug"), Line(sku="SOAP", product_name="Soap"), Line()],
    )
    browser = sign_in(order)

    page = browser.get("withdraw/", order=order.number)
    check = browser.post(f"withdraw/?order={order.number}", {"scope": "whole"})

    mug, soap_line = order.lines.get(sku="ENGRAVED"), order.lines.get(sku="SOAP")
    assert "No right to withdraw: This was made to your specifications" in seen(page)
    assert "Only as long as the seal is unbroken" in seen(page)
    assert f'name="units-{mug.pk}"' not in text_of(page)
    assert f'name="units-{soap_line.pk}"' in text_of(page)
    assert "Engraved mug (Black) No right to withdraw" in seen(check)


def test_a_session_that_ended_between_the_steps_stops_nobody(shop):
    order = make_order(shop, delivered=NOON - DAY)
    browser = sign_in(order)
    page = browser.post(f"withdraw/?order={order.number}", {"scope": "whole"})

    response = confirm(browse(shop), page)

    assert response.status_code == 303
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.state, withdrawal.contract, withdrawal.email) == ("unmatched", order.number, order.email)


def test_somebody_elses_order_is_no_more_than_a_number_to_fill_in(shop):
    mine, theirs = make_order(shop, delivered=NOON - DAY), make_order(shop, delivered=NOON - DAY)

    page = sign_in(mine).get("withdraw/", order=theirs.number)

    assert f'value="{theirs.number}"' in text_of(page)
    assert "Hand grinder" not in seen(page)


def test_an_order_that_was_declared_already_says_so(shop):
    order = make_order(shop, delivered=NOON - DAY)
    before = make_withdrawal(order)

    page = sign_in(order).get("withdraw/", order=order.number)

    assert f"You declared withdrawal {before.number} for this order." in seen(page)
