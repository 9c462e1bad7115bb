from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox.actions import add_note, edit_tag, merge_tags, receive_message
from saleor_aftercare.inbox.models import MessageKind, Tag, TicketMessage, TicketTag
from saleor_aftercare.inbox.search import entries, query, tasks
from saleor_aftercare.inbox.search import vocabulary as vocabulary_module
from saleor_aftercare.inbox.search.finding import MAX_HITS, find
from saleor_aftercare.inbox.search.models import SearchEntry
from saleor_aftercare.inbox.search.vocabulary import Vocabulary, read_statistics
from tests.make import (
    HOUR,
    NOON,
    make_file,
    make_fulfillment,
    make_message,
    make_order,
    make_shop,
    make_staff,
    make_ticket,
)

pytestmark = pytest.mark.django_db


def indexed(*args, **values):
    ticket = make_ticket(*args, **values)
    entries.refresh([ticket.pk])
    return ticket


def found(shop, text):
    return list(find(shop, query(text)).tickets)


def test_a_message_is_found_as_soon_as_it_is_written():
    ticket = make_ticket(messages=())
    file = make_file(ticket.shop, name="broken-handle.jpg")

    receive_message(
        ticket,
        body="The crank came off.",
        author_name="Jade",
        author_email="jade@zoo.test",
        attachments=[file],
        source=None,
        at=NOON,
    )
    add_note(ticket, body="She is right: 在庫なし", at=NOON, staff=make_staff(ticket.shop))

    for text in ("crank", "cra", "jade@zoo.test", "broken-handle", "在庫", "grinder", str(ticket.number), "庫"):
        assert found(ticket.shop, text) == [ticket.pk], text
    assert found(ticket.shop, "cranberry ") == []


def test_what_a_conversation_bears_is_found_together_with_the_words_of_each_message():
    order = make_order(number="4711", customer_name="山田 花子")
    make_fulfillment(order, tracking_number="1234-5678-9012")
    ticket = make_ticket(order, messages=("The zipper broke.", "And now the strap."))
    TicketTag.objects.create(ticket=ticket, tag=Tag.objects.create(shop=ticket.shop, name="Angry", key="angry"))
    TicketMessage.objects.create(
        shop=ticket.shop,
        ticket=ticket,
        kind=MessageKind.SYSTEM,
        language="en",
        event="return.requested",
        event_data={"number": "RMA-118"},
        created_at=NOON,
    )
    entries.refresh([ticket.pk])

    for text in (
        "4711 zipper",
        "#4711",
        "山田 strap",
        "花子",
        "1234-5678-9012",
        "angry zipper",
        "RMA-118 strap",
        "rma118",
    ):
        assert found(ticket.shop, text) == [ticket.pk], text
    # Two messages' own words add up; next to each other they stand in none.
    assert found(ticket.shop, "zipper strap ") == [ticket.pk]
    assert found(ticket.shop, '"zipper strap"') == []


def test_a_new_case_is_found_by_its_number_in_the_whole_conversation():
    ticket = indexed(messages=("The zipper broke.",))

    from saleor_aftercare.inbox.actions import add_line

    add_line(ticket, event="return.requested", data={"number": "RMA-118"}, source="event:1", at=NOON)

    assert found(ticket.shop, "RMA-118 zipper ") == [ticket.pk]


def test_another_shops_words_are_not_there():
    mine, theirs = indexed(shop=make_shop()), indexed(shop=make_shop())

    assert found(mine.shop, "grind") == [mine.pk]
    assert found(theirs.shop, "grind") == [theirs.pk]


def test_the_conversation_with_the_newest_such_message_comes_first():
    shop = make_shop()
    first, second = indexed(shop=shop), indexed(shop=shop)
    make_message(first, body="It grinds again.", created_at=NOON + HOUR)
    entries.refresh([first.pk])

    assert found(shop, "grind") == [first.pk, second.pk]


@pytest.mark.parametrize(
    ("body", "finds", "misses"),
    [
        (
            "充電ができません",
            ["充電", "電", "できません", "充", "がで", "ん", "充電ができ"],
            ["電充", "できる", "充で"],
        ),
        ("ﾊﾞｯﾃﾘｰの交換", ["バッテリー", "ばってりー", "交換", "リー", "換"], ["バッタ"]),
        ("We re-charged it twice", ["re-charged", "twi", '"it twice"', "charging"], ['"twice it"', "wice"]),
        ("Model BR-900X, not the 900", ["br-900x", "BR900X", "br-9", "900x", "900"], ["br-800"]),
        ("call +81 90 1234 5678", ["090-1234-5678", "+819012345678", "09012345678"], ["090-1234-5679"]),
    ],
)
def test_pieces_find_their_message_and_others_do_not(body, finds, misses):
    ticket = indexed(messages=(body,), customer_name="", customer_email="x@y.test", subject="s")

    assert [text for text in finds if found(ticket.shop, text) != [ticket.pk]] == []
    assert [text for text in misses if found(ticket.shop, text) != []] == []


def known(monkeypatch, **counts):
    """Statistics as a large shop has them."""
    ordered = sorted(counts.items())
    words = Vocabulary(tuple(word for word, _ in ordered), tuple(float(count) for _, count in ordered), 1e6)
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding.vocabulary", lambda: words)


def test_a_word_that_is_everywhere_is_looked_for_in_the_newest_messages_only(monkeypatch):
    known(monkeypatch, crank=500_000)
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding.WALK", 2)
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding.TOO_FEW", 1)
    shop = make_shop()
    tickets = [indexed(shop=shop, messages=("The crank came off.",)) for _ in range(3)]

    hits = find(shop, query("crank "))

    assert (hits.tickets, hits.complete) == ((tickets[2].pk, tickets[1].pk), False)
    assert find(shop, query("crank "), thorough=True).tickets == tuple(ticket.pk for ticket in reversed(tickets))


def test_common_words_are_looked_up_among_the_newest_messages(monkeypatch):
    known(monkeypatch, crank=20_000, handl=500_000)
    shop = make_shop()
    ticket = indexed(shop=shop, messages=("The crank came off the handle.",))

    for text in ("crank ", "crank handle "):
        hits = find(shop, query(text))
        assert (hits.tickets, hits.complete) == ((ticket.pk,), False)
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding._newest", lambda _shop: "'§0.0' & ")
    assert find(shop, query("crank ")).tickets == ()


def test_the_rarest_word_decides_how_a_search_is_done(monkeypatch):
    known(monkeypatch, the=900_000, crank=20_000)
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding._newest", lambda _shop: pytest.fail("not needed"))
    ticket = indexed(messages=("The odd crank came off.",))

    assert find(ticket.shop, query("the odd crank ")).complete
    assert found(ticket.shop, "the odd crank ") == [ticket.pk]


def test_words_of_different_messages_find_their_conversation():
    shop = make_shop()
    ticket = indexed(shop=shop, messages=("The crank came off.", "I also want an invoice.", "部品をください。"))
    indexed(shop=shop, messages=("The crank is fine.",))
    indexed(shop=shop, messages=("An invoice, please.",))

    for text in (
        "crank invoice ",
        "invoice crank",
        "crank invo",
        "部品 crank ",
        '"came off" invoice ',
        "crank off invoice ",
    ):
        assert found(shop, text) == [ticket.pk], text
    assert found(shop, '"crank invoice"') == []
    assert found(shop, "crank invoice zipper ") == []
    assert find(shop, query("crank invoice ")).complete


@pytest.mark.parametrize(("crank", "invoice"), [(500_000, 600_000), (20_000, 600_000), (20_000, 0), (0, 0)])
def test_words_of_different_messages_find_it_however_common_they_are(monkeypatch, crank, invoice):
    known(monkeypatch, crank=crank, invoic=invoice)
    shop = make_shop()
    ticket = indexed(shop=shop, messages=("The crank came off.", "I also want an invoice."))
    indexed(shop=shop, messages=("The crank is fine.",))

    assert found(shop, "crank invoice ") == [ticket.pk]
    assert find(shop, query("crank invoice "), thorough=True).tickets == (ticket.pk,)


def test_of_many_conversations_with_the_rarest_word_the_newest_are_looked_through_and_that_is_said(monkeypatch):
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding.CANDIDATES", 2)
    shop = make_shop()
    together = indexed(shop=shop, messages=("The crank and its invoice.",))
    apart = [indexed(shop=shop, messages=("The crank came off.", "My invoice?")) for _ in range(4)]

    hits = find(shop, query("crank invoice "))

    assert (set(hits.tickets), hits.complete) == ({together.pk, *(one.pk for one in apart[1:])}, False)
    assert len(find(shop, query("crank invoice "), thorough=True).tickets) == 5


def test_a_letter_behind_a_word_of_another_message_is_found():
    ticket = indexed(messages=("The crank came off.", "Zebra crossing"))

    assert found(ticket.shop, "crank z") == [ticket.pk]
    assert found(ticket.shop, "crank q") == []


def test_hits_are_bounded_and_say_so(monkeypatch):
    monkeypatch.setattr("saleor_aftercare.inbox.search.finding.MAX_HITS", 2)
    shop = make_shop()
    tickets = [indexed(shop=shop) for _ in range(3)]

    hits = find(shop, query("grind"))

    assert hits.tickets == (tickets[2].pk, tickets[1].pk)
    assert not hits.complete
    assert MAX_HITS == 400


def test_erased_messages_are_found_no_more():
    ticket = indexed(messages=("The crank came off.",))

    ticket.messages.all().delete()

    assert SearchEntry.objects.count() == 0
    assert found(ticket.shop, "crank") == []


def test_messages_older_than_the_index_are_indexed_in_the_background(monkeypatch):
    monkeypatch.setattr("saleor_aftercare.inbox.search.tasks.STEP", 2)
    shop = make_shop()
    tickets = [make_ticket(shop=shop) for _ in range(5)]
    Job.objects.create(shop=shop, kind="search.fill", key="search.fill:first", due_at=NOON)

    run_due()

    assert found(shop, "grind") == [ticket.pk for ticket in reversed(tickets)]
    assert Job.objects.exclude(state="done").count() == 0


def test_a_renamed_tag_is_found_by_its_new_name_and_by_no_other(monkeypatch):
    monkeypatch.setattr(tasks, "TICKETS", 2)
    shop = make_shop()
    tag, other = (Tag.objects.create(shop=shop, name=name, key=name.lower()) for name in ("Zephyr", "Sirocco"))
    tickets = [make_ticket(shop=shop) for _ in range(5)]
    for ticket in tickets:
        TicketTag.objects.create(ticket=ticket, tag=tag)
    entries.refresh([ticket.pk for ticket in tickets])
    assert len(found(shop, "zephyr ")) == 5

    edit_tag(tag, name="Mistral", at=NOON)
    run_due()
    assert (found(shop, "zephyr "), len(found(shop, "mistral "))) == ([], 5)
    edit_tag(tag, name="Zephyr", at=NOON)
    run_due()
    assert (len(found(shop, "zephyr ")), found(shop, "mistral ")) == (5, [])

    merge_tags(other, Tag.objects.get(pk=tag.pk), at=NOON)
    run_due()
    assert (found(shop, "zephyr "), len(found(shop, "sirocco "))) == ([], 5)


def test_another_hue_of_a_tag_writes_no_entries():
    tag = Tag.objects.create(shop=make_shop(), name="Zephyr", key="zephyr")

    edit_tag(tag, name="Zephyr", color="info", at=NOON)

    assert not Job.objects.exists()


def test_a_common_beginning_is_searched_for_by_the_common_words_that_begin_so():
    words = Vocabulary(("come", "condition", "contact", "customer"), (9e5, 5e5, 8e5, 9e5))

    assert words.expand("con") == ["'con'", "'contact'", "'condition'"]
    assert words.expand("kat") == ["'kat':*"]
    assert words.expand("ka") == ["'ka'"]
    assert words.expand("100") == ["'100'"]
    assert words.expand("10012") == ["'10012':*"]


def test_statistics_name_the_common_words_once_there_are_some():
    assert read_statistics() == Vocabulary()
    shop = make_shop()
    for _ in range(30):
        indexed(shop=shop)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE aftercare_searchentry")

    known = read_statistics()
    assert known.beginning_with("grin") == [("grind", 30.0), ("grinder", 30.0)]
    vocabulary_module._memory.read_at = None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="abcdé 'grinders-猫電池アがー19@.\\\"()&|!:*<>\n", min_size=1, max_size=60), st.data())
def test_whatever_is_written_its_own_words_find_it(text, data):
    ticket = indexed(messages=(text,))
    words = text.replace('"', " ").split()
    word = data.draw(st.sampled_from(words or [""]))

    if query(word + " "):
        assert ticket.pk in found(ticket.shop, word + " ")
        assert ticket.pk in found(ticket.shop, word)
    assert found(ticket.shop, '"') == []
