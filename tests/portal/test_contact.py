"""The contact form: people get through, machines get nowhere, and strangers learn nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from saleor_aftercare.access import drafts
from saleor_aftercare.access.models import Draft
from saleor_aftercare.channels.models import ChannelAccount, ChannelKind
from saleor_aftercare.core.models import Job, StoredFile
from saleor_aftercare.inbox.models import Ticket, TicketChannel, TicketMessage, TicketState
from saleor_aftercare.people.models import Identity
from tests.make import NOON, make_order, make_shop
from tests.make.doors import make_channel

from .conftest import Browser, browse, photo, text_of

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "Ana Example",
    "email": "Ana@Customer.test",
    "order_number": "",
    "topic": "",
    "message": "Do you ship to Hokkaido?",
    "website": "",
}


@pytest.fixture
def at_form() -> Browser:
    return browse(make_channel(kind=ChannelKind.FORM, incoming="").shop)


def token_of(browser: Browser) -> str:
    return str(browser.get("contact/").context["token"])


def send(browser: Browser, *, seconds: float = 30, token: str | None = None, **changes):
    token = token or token_of(browser)
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        return browser.post("contact/", FILLED | {"token": token} | changes)


def test_a_message_opens_a_conversation_of_an_address_that_nobody_proved(at_form):
    answer = send(at_form, topic="Order and delivery")

    assert (answer.status_code, answer["Location"]) == (303, at_form.url("contact/done/"))
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.state, ticket.subject) == (TicketChannel.FORM, TicketState.NEW, "Order and delivery")
    assert (ticket.customer_name, ticket.customer_email, ticket.order) == ("Ana Example", "ana@customer.test", None)
    assert ticket.account == ChannelAccount.objects.get()
    assert TicketMessage.objects.get().body == "Do you ship to Hokkaido?"
    assert Identity.objects.get().verified_at is None


def test_whoever_writes_is_told_that_it_arrived_where_the_shop_wants_that(at_form):
    send(at_form)
    ChannelAccount.objects.update(auto_reply=False)
    send(at_form, message="Another question")
    send(at_form, message="Spam", website="x")

    first = Ticket.objects.order_by("pk").first()
    keys = Job.objects.filter(kind="inbox.acknowledge").values_list("key", flat=True)
    assert list(keys) == [f"inbox.acknowledge:{first.pk}"]


def test_without_a_topic_the_subject_is_how_the_message_begins(at_form):
    send(at_form)

    assert Ticket.objects.get().subject == "Do you ship to Hokkaido?"


def test_the_form_speaks_japanese_and_so_does_the_conversation(at_form):
    at_form.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ja"

    assert '<html lang="ja">' in text_of(at_form.get("contact/"))
    send(at_form)

    assert Ticket.objects.get().language == "ja"


def test_a_shop_words_its_own_topics(at_form):
    ChannelAccount.objects.update(config={"form": {"topics_en": "Wholesale\n\n  Press  "}})

    page = text_of(at_form.get("contact/", topic="Press"))

    assert '<option value="Press" selected>Press</option>' in page
    assert "Order and delivery" not in page


def test_a_topic_that_is_none_is_refused(at_form):
    answer = send(at_form, topic="Free money")

    assert answer.status_code == 422
    assert not Ticket.objects.exists()


def test_an_order_is_linked_only_where_it_was_placed_with_this_address_and_the_answer_is_the_same(at_form):
    ours = make_order(at_form.shop, email="ana@customer.test")
    theirs = make_order(at_form.shop, email="bob@customer.test")

    answers = [
        send(at_form, order_number=f"#{number}", message=f"About {number}")
        for number in (ours.number, theirs.number, "999999")
    ]

    assert len({(one.status_code, one["Location"]) for one in answers}) == 1
    assert list(Ticket.objects.order_by("pk").values_list("order", flat=True)) == [ours.pk, None, None]
    told = TicketMessage.objects.filter(event="form.order_unknown").order_by("pk")
    assert [one.event_data for one in told] == [{"number": theirs.number}, {"number": "999999"}]


def test_pressing_twice_opens_one_conversation(at_form):
    token = token_of(at_form)

    statuses = [send(at_form, token=token).status_code for _ in range(2)]

    assert statuses == [303, 303]
    assert Ticket.objects.count() == 1


def test_files_come_along_cleaned(at_form):
    send(at_form, files=[photo(), SimpleUploadedFile("note.txt", b"As agreed")])

    files = TicketMessage.objects.get().attachments.order_by("pk")
    assert [(one.name, one.content_type) for one in files] == [
        ("crack.jpg", "image/jpeg"),
        ("note.txt", "text/plain; charset=utf-8"),
    ]


def test_a_bad_file_is_named_and_the_good_ones_stay(at_form):
    answer = send(at_form, files=[photo(), SimpleUploadedFile("tool.exe", b"MZ\x00")])

    assert answer.status_code == 422
    assert "“tool.exe”: “tool.exe” is neither a picture, a PDF nor a text." in text_of(answer)
    assert not Ticket.objects.exists()
    assert [one.name for one in StoredFile.objects.all()] == ["crack.jpg"]

    send(at_form, **again(answer))
    assert [one.name for one in TicketMessage.objects.get().attachments.all()] == ["crack.jpg"]


# -- files while something else is wrong -------------------------------------------------------------------------


def again(answer, **changes):
    """What the browser sends from the page that ``answer`` shows: no file is chosen in it."""
    return {"token": answer.context["token"], "key": answer.context["key"], **changes}


def test_chosen_files_outlive_an_error_of_another_field(at_form):
    wrong = send(at_form, email="ana", files=[photo(), SimpleUploadedFile("note.txt", b"As agreed")])

    assert (wrong.status_code, Ticket.objects.count()) == (422, 0)
    page = text_of(wrong)
    assert ("crack.jpg" in page, "note.txt" in page, "choose your files" in page) == (True, True, False)

    sent = send(at_form, **again(wrong, files=[SimpleUploadedFile("more.txt", b"And this")]))
    assert sent.status_code == 303
    names = TicketMessage.objects.get().attachments.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["crack.jpg", "note.txt", "more.txt"]
    assert not Draft.objects.get().files.exists()


def test_a_kept_file_is_taken_away_by_its_button_and_what_was_typed_stays(at_form):
    wrong = send(at_form, name="", files=[photo(), SimpleUploadedFile("note.txt", b"As agreed")])
    first = StoredFile.objects.order_by("pk").first()

    page = send(at_form, **again(wrong, name="", message="Half a sen", remove=str(first.pk)))

    assert page.status_code == 200
    assert ("Half a sen" in text_of(page), "crack.jpg" in text_of(page)) == (True, False)
    assert 'class="error"' not in text_of(page)
    assert [one.name for one in StoredFile.objects.all()] == ["note.txt"]
    send(at_form, **again(page))
    assert [one.name for one in TicketMessage.objects.get().attachments.all()] == ["note.txt"]


def test_pressing_twice_with_kept_files_opens_one_conversation(at_form):
    wrong = send(at_form, name="", files=[photo()])

    statuses = [send(at_form, **again(wrong, message=f"Press {n}")).status_code for n in range(2)]

    assert (statuses, Ticket.objects.count()) == ([303, 303], 1)


def test_whoever_mends_a_field_quickly_is_no_machine(at_form):
    wrong = send(at_form, name="", files=[photo()])

    send(at_form, seconds=31, **again(wrong))

    assert Ticket.objects.get().state == TicketState.NEW


def test_kept_files_are_nobody_elses(at_form):
    wrong = send(at_form, name="", files=[photo()])
    other = browse(make_channel(make_shop(), ChannelKind.FORM).shop)
    pk = StoredFile.objects.get().pk

    send(other, key=wrong.context["key"], remove=str(pk), name="")
    send(other, key=wrong.context["key"])
    send(at_form, key="a" * 30, message="Another key", remove=str(pk), name="")
    send(at_form, key="\x00", message="No key")

    assert StoredFile.objects.get().pk == pk
    assert not TicketMessage.objects.filter(attachments__isnull=False).exists()


def test_files_that_went_nowhere_are_deleted_after_two_days(at_form):
    wrong = send(at_form, name="", files=[photo()])
    later = NOON + timedelta(days=2, minutes=1)

    assert drafts.purge(at=later) == 1
    assert not StoredFile.objects.exists()
    with time_machine.travel(later, tick=False):
        answer = at_form.post("contact/", FILLED | again(wrong, token=token_of(at_form)))
    assert answer.status_code == 303


def test_an_address_keeps_sixty_files_an_hour(at_form):
    note = b"As agreed"
    statuses = [
        send(at_form, name="", files=[SimpleUploadedFile(f"{n}.txt", note) for n in range(6)]).status_code
        for _ in range(11)
    ]

    assert statuses == [422] * 10 + [429]
    assert StoredFile.objects.count() == 60


def test_too_many_files_are_refused(at_form):
    answer = send(at_form, files=[photo() for _ in range(7)])

    assert (answer.status_code, Ticket.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("email", ""), ("email", "ana"), ("message", " "), ("message", "x" * 5001), ("name", "x" * 201)],
)
def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(at_form, field, value):
    answer = send(at_form, **{field: value})

    assert (answer.status_code, Ticket.objects.count()) == (422, 0)
    assert f'id="id_{field}_error"' in text_of(answer)
    kept = "message" if field != "message" else "name"
    assert FILLED[kept] in text_of(answer)


@pytest.mark.parametrize("field", ["name", "email", "order_number", "message", "website", "token", "topic"])
def test_null_characters_are_no_crash(at_form, field):
    assert send(at_form, **{field: "a\x00b"}).status_code in {303, 422}


# -- machines --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "changes"),
    [
        (1, {}),
        (30, {"website": "https://spam.test"}),
        (30, {"message": "Buy " + "https://spam.test " * 4}),
        (30, {"name": "Visit www.spam.test"}),
    ],
    ids=["too fast", "trap", "links", "link in the name"],
)
def test_what_a_machine_does_looks_sent_and_lies_among_the_spam(at_form, seconds, changes):
    answer = send(at_form, seconds=seconds, **changes)

    assert answer["Location"] == at_form.url("contact/done/")
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.unread, ticket.due_at) == (TicketState.SPAM, False, None)


def test_the_same_words_from_many_addresses_are_spam_from_the_fourth_on(at_form):
    for n in range(4):
        send(at_form, email=f"a{n}@spam.test", message="Great  OFFER" if n % 2 else "great offer")

    assert list(Ticket.objects.order_by("pk").values_list("state", flat=True)) == ["new", "new", "new", "spam"]


@pytest.mark.parametrize("token", ["", "x", "a" * 5000])
def test_a_form_without_our_token_is_shown_once_more(at_form, token):
    with time_machine.travel(NOON, tick=False):
        answer = at_form.post("contact/", FILLED | {"token": token})

    assert (answer.status_code, Ticket.objects.count()) == (422, 0)
    assert "Please look at it once more and send it." in text_of(answer)


def test_a_form_that_was_open_for_a_day_is_shown_once_more_and_then_sent(at_form):
    answer = send(at_form, seconds=86_401)
    assert (answer.status_code, Ticket.objects.count()) == (422, 0)

    answer = send(at_form, seconds=86_430, token=answer.context["token"])
    assert (answer.status_code, Ticket.objects.count()) == (303, 1)


def test_another_shops_token_opens_nothing(at_form):
    other = browse(make_channel(make_shop(), ChannelKind.FORM).shop)

    assert send(at_form, token=token_of(other)).status_code == 422


def test_one_mailbox_gets_five_an_hour(at_form):
    statuses = [send(at_form, message=f"Question {n}").status_code for n in range(6)]

    assert statuses == [303] * 5 + [429]
    assert Ticket.objects.count() == 5


def test_one_address_sends_ten_an_hour(at_form):
    statuses = [send(at_form, email=f"a{n}@x.test", message=f"Question {n}").status_code for n in range(11)]

    assert statuses == [303] * 10 + [429]


# -- doors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"enabled": False}, {"archived_at": NOON}, {"kind": ChannelKind.PHONE}])
def test_a_form_that_is_not_switched_on_is_no_page(at_form, change):
    ChannelAccount.objects.update(**change)

    assert at_form.get("contact/").status_code == 404
    assert at_form.post("contact/", FILLED).status_code == 404


def test_the_guests_door_leads_to_the_form_where_there_is_one(at_form):
    assert at_form.url("contact/") in text_of(at_form.get(""))
    assert "contact/" not in text_of(browse(make_shop()).get(""))


def test_the_form_stands_without_scripts_and_says_so_to_screen_readers(at_form):
    page = text_of(at_form.get("contact/"))

    assert '<div class="unseen" aria-hidden="true">' in page
    assert 'enctype="multipart/form-data"' in page
    assert at_form.get("contact/done/").status_code == 200
