"""Which conversation a mail joins, and which it must not (domains.md §5)."""

from __future__ import annotations

import pytest
from django.db import connection

from saleor_aftercare.core.models import Event
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketMessage, TicketState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.mail.naming import letters_called
from saleor_aftercare.people.models import Identity, IdentityKind
from tests.inbox.mails import answer, hear, letter_of, make_mailbox, message_of, raw_mail, ticket_of
from tests.make import DAY, NOON, make_letter, make_order, make_ticket

pytestmark = pytest.mark.django_db

MALLORY = "Mallory <mallory@stranger.test>"


def reply_to(letter_id: str, **values: str) -> bytes:
    return raw_mail("Here it is.", subject="Re: Grinder", In_Reply_To=letter_id, References=letter_id, **values)


def test_a_first_mail_opens_a_conversation_with_its_sender():
    box = make_mailbox()

    inbound = hear(box, raw_mail("It does not grind.", subject="Grinder  broken", message_id="<one@customer.test>"))

    ticket = ticket_of(inbound)
    assert (inbound.state, inbound.outcome, inbound.kind) == ("filed", "new_ticket", "message")
    assert inbound.message_id == "one@customer.test"
    assert (ticket.number, ticket.state, ticket.channel, ticket.subject) == (1001, "new", "email", "Grinder broken")
    assert (ticket.customer_name, ticket.customer_email) == ("Ada Example", "ada@customer.test")
    assert (ticket.account, ticket.unread, ticket.due_at) == (box, True, NOON + DAY)
    assert ticket.person.identities.get().value == "ada@customer.test"
    message = message_of(inbound)
    assert (message.kind, message.body, message.channel) == (MessageKind.CUSTOMER, "It does not grind.", "email")
    kinds = Event.objects.filter(subject="ticket").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["ticket.opened", "ticket.customer_wrote"]


def test_an_answer_to_our_letter_joins_its_conversation_by_the_token():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)

    inbound = hear(box, reply_to(letter.message_id))

    assert (inbound.state, inbound.outcome) == ("filed", "thread:token")
    assert ticket_of(inbound) == ticket
    assert Ticket.objects.get().state == TicketState.OPEN


def test_the_token_in_our_address_is_enough_where_the_program_drops_the_headers():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    token = answer(ticket).message_id.strip("<>").partition("@")[0]

    inbound = hear(box, raw_mail("Here.", subject="photo", To=f"support+{token}@komorebi.test"))

    assert (inbound.outcome, ticket_of(inbound)) == ("thread:token", ticket)


def test_a_forged_token_counts_for_nothing():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    real = answer(ticket).message_id.strip("<>").partition("@")[0]
    forged = f"{real.partition('.')[0]}.{'0' * 16}"

    inbound = hear(box, raw_mail("Hm.", subject="photo", To=f"support+{forged}@komorebi.test"))

    assert inbound.outcome == "new_ticket"
    assert ticket_of(inbound) != ticket


def test_a_token_of_another_shop_counts_for_nothing():
    theirs = make_mailbox(address="a@other.test")
    ours = make_mailbox()
    letter = answer(ticket_of(hear(theirs)))

    inbound = hear(ours, reply_to(letter.message_id))

    assert inbound.outcome == "new_ticket"
    assert ticket_of(inbound).shop == ours.shop


@pytest.mark.parametrize(
    ("told", "stands_in_the_mail"),
    [
        ("0102018c-5f-000000", "<0102018c-5f-000000@eu-west-1.amazonses.com>"),
        ("0102018c-5f-000000", "<0102018c-5f-000000@email.amazonses.com>"),
        ("0b2c-44f1", "<0b2c-44f1@mtasv.net>"),
        ("<2026.9@smtp-relay.mailin.fr>", "<2026.9@smtp-relay.mailin.fr>"),
        ("2026.9@service.test", "<2026.9@service.test>"),
    ],
)
@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_an_answer_is_found_where_the_mail_service_put_a_message_id_of_its_own(
    told: str, stands_in_the_mail: str, header: str
):
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    OutboundMessage.objects.filter(pk=answer(ticket).pk).update(provider_reference=told)

    inbound = hear(box, raw_mail("Here.", subject="photo", **{header: stands_in_the_mail}))

    assert (inbound.outcome, ticket_of(inbound)) == (f"thread:{header.lower()}", ticket)


@pytest.mark.parametrize(
    ("told", "stands_in_the_mail"),
    [
        ("17", "<17@stranger.test>"),
        ("0102-ab", "<0102-ab@amazonses.com.stranger.test>"),
        ("0102-ab", "<0102-ab@notamazonses.com>"),
        ("", "<@email.amazonses.com>"),
    ],
)
def test_a_name_of_the_mail_service_counts_at_its_own_domain_only(told: str, stands_in_the_mail: str):
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    OutboundMessage.objects.filter(pk=answer(ticket).pk).update(provider_reference=told)

    inbound = hear(box, raw_mail("Here.", subject="photo", In_Reply_To=stands_in_the_mail))

    assert inbound.outcome == "new_ticket"


def test_a_name_of_the_mail_service_opens_nothing_to_a_stranger_nor_in_another_shop():
    box, elsewhere = make_mailbox(), make_mailbox(address="a@other.test")
    letter = answer(ticket_of(hear(box)))
    OutboundMessage.objects.filter(pk=letter.pk).update(provider_reference="0102-ab")
    known = "<0102-ab@email.amazonses.com>"

    assert hear(box, raw_mail("Hm.", sender=MALLORY, subject="x", In_Reply_To=known)).outcome == "new_ticket"
    assert hear(elsewhere, raw_mail("Hm.", subject="x", In_Reply_To=known)).outcome == "new_ticket"


def test_letters_are_found_by_their_indexes_under_either_name():
    one = make_letter()
    values = {field.attname: getattr(one, field.attname) for field in OutboundMessage._meta.concrete_fields}
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            **values | {"id": None, "key": f"k{n}", "message_id": f"<{n}@komorebi.test>", "provider_reference": f"r{n}"}
        )
        for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE aftercare_outboundmessage")

    plan = OutboundMessage.objects.filter(letters_called(["r7@email.amazonses.com"]), shop=one.shop).explain()

    assert "outbound_reference" in plan
    assert "message_id" in plan
    assert "Seq Scan" not in plan


def test_what_the_customer_adds_to_their_own_mail_joins_it():
    box = make_mailbox()
    ticket = ticket_of(hear(box, raw_mail(message_id="<first@customer.test>")))

    inbound = hear(box, raw_mail("I forgot the photo.", In_Reply_To="<first@customer.test>"))

    assert (inbound.outcome, ticket_of(inbound)) == ("thread:in_reply_to", ticket)


def test_the_newest_reference_that_we_know_counts():
    box = make_mailbox()
    old = ticket_of(hear(box, raw_mail(message_id="<old@customer.test>", subject="Old")))
    new = ticket_of(hear(box, raw_mail(message_id="<new@customer.test>", subject="New")))

    inbound = hear(
        box, raw_mail("More.", subject="Hm", References="<old@customer.test> <new@customer.test> <x@elsewhere.test>")
    )

    assert inbound.outcome == "thread:references"
    assert (ticket_of(inbound), old.messages.count()) == (new, 1)


def test_a_number_in_the_subject_joins_for_the_customer_of_that_conversation():
    box = make_mailbox()
    ticket = ticket_of(hear(box))

    inbound = hear(box, raw_mail("Any news?", subject=f"AW: [#{ticket.number}] whatever"))

    assert (inbound.outcome, ticket_of(inbound)) == ("thread:ticket", ticket)


def test_a_number_in_the_subject_opens_nothing_to_a_stranger():
    box = make_mailbox()
    ticket = ticket_of(hear(box))

    inbound = hear(box, raw_mail("Let me in.", sender=MALLORY, subject=f"Re: [#{ticket.number}] Grinder"))

    assert (inbound.outcome, ticket_of(inbound).customer_email) == ("new_ticket", "mallory@stranger.test")
    assert (ticket.messages.count(), ticket_of(inbound).follows) == (1, None)


def test_an_answer_without_headers_joins_by_subject_and_a_fresh_question_of_the_same_subject_does_not():
    box = make_mailbox()
    ticket = ticket_of(hear(box, raw_mail(subject="コーヒーミル")))

    joined = hear(box, raw_mail("追加です。", subject="Re: コーヒーミル"))
    fresh = hear(box, raw_mail("別の件です。", subject="コーヒーミル"))

    assert (joined.outcome, ticket_of(joined)) == ("thread:subject", ticket)
    assert fresh.outcome == "new_ticket"


def test_the_subject_of_somebody_elses_conversation_joins_nothing():
    box = make_mailbox()
    hear(box, raw_mail(subject="Grinder"))

    inbound = hear(box, raw_mail("Mine too.", sender=MALLORY, subject="Re: Grinder"))

    assert inbound.outcome == "new_ticket"


def test_many_people_who_answer_one_newsletter_do_not_meet():
    """C7, chatwoot#13502: replies to one Message-ID are scoped by contact."""
    box = make_mailbox()
    shared = {"subject": "Re: Spring sale", "In_Reply_To": "<newsletter@komorebi.test>"}

    first = hear(box, raw_mail("Unsubscribe me.", **shared))
    second = hear(box, raw_mail("How much?", sender="Bob <bob@customer.test>", **shared))
    again = hear(box, raw_mail("Hello?", sender="Bob <bob@customer.test>", **shared))

    assert ticket_of(first) != ticket_of(second)
    assert (again.outcome, ticket_of(again)) == ("thread:subject", ticket_of(second))
    assert ticket_of(first).messages.count() == 1


def test_a_stranger_who_knows_our_token_gets_a_conversation_of_their_own_that_says_which_it_may_belong_to():
    """The ticket trick: a sign-up mail of a third party that was directed to our address shows nowhere else."""
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    before = TicketMessage.objects.filter(ticket=ticket).count()

    inbound = hear(
        box, reply_to(letter.message_id, sender="Chat Inc <no-reply@chat.example>", Reply_To="feedback@chat.example")
    )

    apart = ticket_of(inbound)
    assert (inbound.outcome, apart.follows) == ("follow_up", ticket)
    assert (apart.customer_email, apart.order) == ("feedback@chat.example", None)
    assert TicketMessage.objects.filter(ticket=ticket).count() == before
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.PENDING


def test_a_proved_second_address_of_the_customer_belongs_to_the_conversation_and_a_claimed_one_does_not():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    for value, proved in (("ada@work.test", NOON), ("ada@claimed.test", None)):
        Identity.objects.create(
            shop=box.shop,
            person=ticket.person,
            kind=IdentityKind.EMAIL,
            value=value,
            verified_at=proved,
            created_at=NOON,
        )

    proved = hear(box, reply_to(letter.message_id, sender="ADA@work.test"))
    claimed = hear(box, reply_to(letter.message_id, sender="ada@claimed.test"))

    assert ticket_of(proved) == ticket
    assert ticket_of(claimed) != ticket


def test_a_sender_who_is_somebody_else_by_reply_to_is_taken_for_that_somebody():
    """Lying senders: what staff see of a customer must belong to whoever gets the answer."""
    order = make_order(email="ada@customer.test", number="77")
    box = make_mailbox(order.shop)

    inbound = hear(box, raw_mail("Refund order #77, please.", Reply_To="Mallory <mallory@stranger.test>"))

    ticket = ticket_of(inbound)
    assert (ticket.customer_email, ticket.order) == ("mallory@stranger.test", None)
    assert ticket.person.identities.get().value == "mallory@stranger.test"


def test_an_order_that_a_mail_names_is_linked_when_it_is_the_senders_own():
    order = make_order(email="ada@customer.test", number="77")
    other = make_order(order.shop, email="bob@customer.test", number="78")
    box = make_mailbox(order.shop)

    mine = hear(box, raw_mail("Where is order #77?"))
    theirs = hear(box, raw_mail(f"Where is order #{other.number}?"))

    assert ticket_of(mine).order == order
    assert ticket_of(theirs).order is None


def test_an_answer_to_a_letter_about_a_case_joins_the_conversation_of_the_case():
    ticket = make_ticket(customer_email="ada@customer.test", about=(CaseKind.RETURN, 7))
    box = make_mailbox(ticket.shop)
    make_letter(
        ticket.shop, message_id="<r7@komorebi.test>", subject_type="return", subject_id=7, to_email="ada@customer.test"
    )

    inbound = hear(box, raw_mail("Thanks!", In_Reply_To="<r7@komorebi.test>"))

    assert (inbound.outcome, ticket_of(inbound)) == ("thread:in_reply_to", ticket)


def test_a_mail_to_a_merged_conversation_goes_to_the_one_that_was_kept():
    box = make_mailbox()
    first, second = ticket_of(hear(box, raw_mail(subject="A"))), ticket_of(hear(box, raw_mail(subject="B")))
    letter = answer(second)
    Ticket.objects.filter(pk=second.pk).update(state=TicketState.MERGED, merged_into=first)

    inbound = hear(box, reply_to(letter.message_id))

    assert ticket_of(inbound) == first


def test_a_solved_conversation_reopens_within_the_shops_days_and_later_another_one_follows_it():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    solved = Ticket.objects.filter(pk=ticket.pk)

    solved.update(state=TicketState.SOLVED, state_since=NOON - 14 * DAY)
    within = hear(box, reply_to(letter.message_id))
    solved.update(state=TicketState.SOLVED, state_since=NOON - 15 * DAY)
    later = hear(box, reply_to(letter.message_id))
    again = hear(box, reply_to(letter.message_id))

    assert (within.outcome, ticket_of(within)) == ("thread:token", ticket)
    follow_up = ticket_of(later)
    assert (later.outcome, follow_up.follows, follow_up.subject) == ("follow_up", ticket, "Re: Grinder")
    assert ticket_of(again) == follow_up
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.SOLVED


def test_a_closed_conversation_stays_closed():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    letter = answer(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.CLOSED)

    inbound = hear(box, reply_to(letter.message_id))

    assert (inbound.outcome, ticket_of(inbound).follows) == ("follow_up", ticket)


def test_a_letter_knows_the_mail_that_it_answers_and_the_next_answer_comes_back_to_it():
    box = make_mailbox()
    ticket = ticket_of(hear(box, raw_mail(message_id="<one@customer.test>")))

    letter = answer(ticket)

    assert letter == letter_of(ticket)
    assert letter.headers["In-Reply-To"] == "<one@customer.test>"
    assert letter.headers["References"] == "<one@customer.test>"


def test_spam_stays_spam_and_what_a_spammer_writes_next_is_spam_too():
    box = make_mailbox()
    ticket = ticket_of(hear(box))
    Identity.objects.filter(value="ada@customer.test").update(spam_since=NOON)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.SPAM)

    joined = hear(box, raw_mail("Buy!", subject="Re: Grinder", In_Reply_To=f"<{hear(box).message_id}>"))
    fresh = hear(box, raw_mail("Buy more!", subject="Offer"))

    assert ticket_of(fresh).state == TicketState.SPAM
    assert (ticket_of(fresh).unread, ticket_of(fresh).due_at) == (False, None)
    assert ticket_of(joined).state == TicketState.SPAM
