"""The arrival check's page, and the way out of such letters."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saleor_aftercare.core import links, tokens
from saleor_aftercare.core.models import Event, StoredFile
from saleor_aftercare.followups.models import FollowUpAnswer, FollowUpState
from saleor_aftercare.mail.models import Suppression
from tests.make import make_followup, make_letter, make_order, make_policy, make_shop, serial
from tests.portal.conftest import browse, photo, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def followup():
    return make_followup(state=FollowUpState.SENT)


def answer(visitor, followup, **data):
    """Send the page's form; each call is a page opened anew."""
    return visitor.post(path_of(followup), {"key": f"{serial():0>32}"} | data)


def path_of(followup) -> str:
    return f"arrival/{tokens.sign('followup', followup.pk)}/"


@pytest.mark.parametrize("choice", FollowUpAnswer.values)
def test_opening_the_link_chooses_the_answer_and_counts_for_nothing(followup, choice):
    visitor = browse(followup.shop)
    url = links.followup_answer(followup.shop, tokens.sign("followup", followup.pk), choice)

    html = text_of(visitor.client.get(url.removeprefix("https://aftercare.test")))
    visitor.client.head(url.removeprefix("https://aftercare.test"))

    assert f'value="{choice}" checked' in html
    assert html.count("checked") == 1
    followup.refresh_from_db()
    assert (followup.state, followup.answer) == (FollowUpState.SENT, "")
    assert not Event.objects.exists()


def test_sending_the_answer_counts(followup):
    response = answer(browse(followup.shop), followup, answer="all_well", comment="ignored", photos=[photo()])

    assert "glad to hear it" in text_of(response)
    followup.refresh_from_db()
    assert (followup.state, followup.answer) == (FollowUpState.ANSWERED, "all_well")
    assert Event.objects.get().data == {"answer": "all_well", "comment": "", "photos": []}


def test_something_wrong_comes_with_words_and_leads_on(followup):
    html = text_of(
        answer(browse(followup.shop), followup, answer="something_wrong", comment="<b>Broken</b>", photos=[photo()])
    )

    number = followup.order.number
    assert f"orders%2F{number}%2Freturn" in html
    assert f"orders%2F{number}%2Frepair" in html
    told = Event.objects.get().data
    assert (told["comment"], told["photos"]) == ("<b>Broken</b>", [StoredFile.objects.get().pk])


def test_a_bad_photo_is_told_and_costs_no_other(followup):
    visitor = browse(followup.shop)
    form = {"key": "k" * 32, "answer": "something_wrong", "comment": "Look"}

    wrong = visitor.post(path_of(followup), form | {"photos": [photo(), SimpleUploadedFile("x.jpg", b"no")]})
    right = visitor.post(path_of(followup), form)
    visitor.post(path_of(followup), form)

    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "crack.jpg" in text_of(wrong)
    assert len(Event.objects.get().data["photos"]) == 1


def test_answering_twice_is_friendly_and_the_last_answer_counts(followup):
    visitor = browse(followup.shop)
    for said in ("all_well", "all_well", "something_wrong"):
        assert answer(visitor, followup, answer=said).status_code == 200

    followup.refresh_from_db()
    assert followup.answer == "something_wrong"
    assert Event.objects.count() == 2
    assert "You have answered already" in text_of(visitor.get(path_of(followup)))


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": "something_wrong", "comment": "x" * 5001}])
def test_an_answer_that_is_none_is_told(followup, data):
    response = answer(browse(followup.shop), followup, **data)

    assert response.status_code == 422
    assert 'class="error"' in text_of(response)
    assert not Event.objects.exists()


def test_a_broken_link_gets_a_friendly_page(followup):
    visitor = browse(followup.shop)
    whole = path_of(followup)

    for path in (
        f"{whole[:-3]}/",
        "arrival/x/",
        f"arrival/{tokens.sign('other', followup.pk)}/",
        f"arrival/{tokens.sign('followup', 0)}/",
    ):
        response = visitor.get(path)
        assert response.status_code == 400
        assert "not complete" in text_of(response)
    assert browse(make_shop()).get(whole).status_code == 400


def test_a_question_that_was_never_sent_cannot_be_answered():
    followup = make_followup(state=FollowUpState.SCHEDULED)

    assert answer(browse(followup.shop), followup, answer="all_well").status_code == 409


def test_the_page_speaks_the_orders_language():
    order = make_order(language="ja", delivered=None)
    followup = make_followup(order.fulfillments.get(), state=FollowUpState.SENT)

    assert '<html lang="ja">' in text_of(browse(order.shop).get(path_of(followup)))


def test_the_page_takes_four_queries(followup, django_assert_num_queries):
    make_policy(followup.shop)

    with django_assert_num_queries(4):
        browse(followup.shop).get(path_of(followup))


def test_unsubscribing_asks_first_and_works_without_cookies():
    letter = make_letter()
    visitor = browse(letter.shop)
    visitor.client.handler.enforce_csrf_checks = True
    url = links.unsubscribe(letter.shop, tokens.sign("unsubscribe", letter.message_id)).removeprefix(
        "https://aftercare.test"
    )

    assert "Stop these e-mails?" in text_of(visitor.client.get(url))
    assert not Suppression.objects.exists()
    for _ in range(2):
        response = visitor.client.post(url, {"List-Unsubscribe": "One-Click"})
        assert "You will not get these e-mails any more" in text_of(response)

    assert Suppression.objects.get().email == letter.to_email


def test_an_unsubscribe_link_of_another_shop_or_nobody_does_nothing():
    letter = make_letter()
    token = tokens.sign("unsubscribe", letter.message_id)

    assert browse(make_shop()).post(f"unsubscribe/{token}/").status_code == 400
    assert browse(letter.shop).post("unsubscribe/forged/").status_code == 400
    assert not Suppression.objects.exists()
