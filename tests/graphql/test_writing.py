"""Writing over the API: answers that wait, drafts, presence, one's own way of writing, canned replies."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.desk.models import CannedReply
from saleor_aftercare.inbox.models import CaseKind, MessageKind, Ticket, TicketMessage
from saleor_aftercare.mail.models import OutboundMessage
from tests.graphql.api import Asker, as_customer, as_staff, shop_with_key
from tests.make import make_file, make_order, make_return, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db

REPLY = """mutation ($id: ID!, $input: TicketReplyInput!) { ticketReply(id: $id, input: $input) {
  ticket { state lastMessageId drafts { body version } }
  message { id heldUntil attachments { name } delivery }
  errors { code field message } } }"""
BACK = """mutation ($id: ID!) { ticketReplyTakeBack(messageId: $id) {
  ticket { state messages { totalCount } } draft { body cc attachments { id } version } errors { code field } } }"""
SAVE = """mutation ($id: ID!, $input: TicketDraftInput!) { ticketDraftSave(id: $id, input: $input) {
  draft { id body version isNote cc language seenMessageId } met errors { code field } } }"""
CANNED = """mutation ($input: CannedReplyInput!) { cannedReplySave(input: $input) {
  cannedReply { id shortcut title folder personal texts { language text } attachments { name } version used }
  errors { code field } } }"""


def gid(ticket: Ticket) -> str:
    return to_global_id("Ticket", ticket.pk)


def reply(staff: Asker, ticket: Ticket, **values: Any) -> Any:
    seen = to_global_id("TicketMessage", Ticket.objects.get(pk=ticket.pk).last_message_id)
    return staff.ask(REPLY, id=gid(ticket), input={"body": "Hello", "lastSeenMessageId": seen} | values)


# -- answers -----------------------------------------------------------------------------------------------------------


def test_an_answer_is_held_shown_to_staff_hidden_from_the_customer():
    order = make_order(shop_with_key())
    ret = make_return(order)
    ticket = make_ticket(order, about=(CaseKind.RETURN, ret.pk))
    staff = as_staff(order.shop)

    sent = reply(staff, ticket, holdSeconds=10, cc=["ken@x.test"], key="k").payload("ticketReply")

    assert (sent["ticket"]["state"], sent["message"]["heldUntil"]) == ("NEW", "2025-06-02T12:00:10+00:00")
    seen = "query ($n: Int!) { ticket(number: $n) { messages { totalCount edges { node { heldUntil } } } } }"
    assert staff.ask(seen, n=ticket.number).data["ticket"]["messages"]["totalCount"] == 2
    theirs = "query ($id: ID!) { return(id: $id) { ticket { messages { totalCount edges { node { body } } } } } }"
    shown = as_customer(order).ask(theirs, id=to_global_id("Return", ret.pk)).data["return"]["ticket"]["messages"]
    assert (shown["totalCount"], len(shown["edges"])) == (1, 1)

    colleague = as_staff(order.shop)
    assert colleague.ask(BACK, id=sent["message"]["id"]).refusal("ticketReplyTakeBack") == ("CONFLICT", None)


def test_its_writer_gets_the_draft_back():
    shop = shop_with_key()
    mei = make_staff(shop)
    staff = as_staff(shop, member=mei)
    ticket = make_ticket(shop=shop)
    sent = reply(staff, ticket, holdSeconds=10, cc=["ken@x.test"]).payload("ticketReply")

    back = staff.ask(BACK, id=sent["message"]["id"]).payload("ticketReplyTakeBack")

    assert (back["draft"]["body"], back["draft"]["cc"]) == ("Hello", ["ken@x.test"])
    assert back["ticket"] == {"state": "NEW", "messages": {"totalCount": 1}}
    assert staff.ask(BACK, id=sent["message"]["id"]).refusal("ticketReplyTakeBack") == ("NOT_FOUND", "messageId")


def test_nobody_takes_back_an_answer_of_another_shop():
    shop = shop_with_key()
    sent = reply(as_staff(shop), make_ticket(shop=shop), holdSeconds=10).payload("ticketReply")

    stranger = as_staff(shop_with_key())

    assert stranger.ask(BACK, id=sent["message"]["id"]).refusal("ticketReplyTakeBack") == ("NOT_FOUND", "messageId")
    assert TicketMessage.objects.filter(kind=MessageKind.STAFF).count() == 1


def test_an_answer_at_once_may_solve_and_takes_the_drafts_files_with_it():
    shop = shop_with_key()
    mei = make_staff(shop)
    staff = as_staff(shop, member=mei)
    ticket = make_ticket(shop=shop)
    upload = SimpleUploadedFile("label.pdf", b"%PDF-1.7 x")
    attach = """mutation ($id: ID!, $uploads: [Upload!]!) { ticketDraftAttach(id: $id, files: $uploads) {
      draft { attachments { id name } version } errors { code field } } }"""
    made = staff.upload(attach, {"variables.uploads.0": upload}, id=gid(ticket), uploads=[None])
    (file,) = made.payload("ticketDraftAttach")["draft"]["attachments"]

    sent = reply(staff, ticket, attachmentIds=[file["id"]], move="SOLVE").payload("ticketReply")

    assert sent["ticket"]["state"] == "SOLVED"
    assert sent["ticket"]["drafts"] == [{"body": "", "version": 2}]
    assert sent["message"] == {
        "id": sent["message"]["id"],
        "heldUntil": None,
        "attachments": [{"name": "label.pdf"}],
        "delivery": "PENDING",
    }
    stranger = to_global_id("File", make_file(shop).pk)
    assert reply(staff, ticket, attachmentIds=[stranger]).refusal("ticketReply") == ("INVALID", "attachmentIds.0")


def test_the_same_key_sends_once():
    shop = shop_with_key()
    staff = as_staff(shop, member=make_staff(shop))
    ticket = make_ticket(shop=shop)

    first = reply(staff, ticket, key="press-1").payload("ticketReply")
    again = reply(staff, ticket, key="press-1").payload("ticketReply")

    assert first["message"]["id"] == again["message"]["id"]
    assert OutboundMessage.objects.count() == 1


def test_the_same_key_sends_once_though_its_files_lie_in_no_draft_any_more():
    shop = shop_with_key()
    staff = as_staff(shop, member=make_staff(shop))
    ticket = make_ticket(shop=shop)
    attach = """mutation ($id: ID!, $uploads: [Upload!]!) { ticketDraftAttach(id: $id, files: $uploads) {
      draft { attachments { id } } errors { code field } } }"""
    upload = SimpleUploadedFile("label.pdf", b"%PDF-1.7 x")
    made = staff.upload(attach, {"variables.uploads.0": upload}, id=gid(ticket), uploads=[None])
    files = [one["id"] for one in made.payload("ticketDraftAttach")["draft"]["attachments"]]

    first = reply(staff, ticket, key="press-1", attachmentIds=files).payload("ticketReply")
    again = reply(staff, ticket, key="press-1", attachmentIds=files).payload("ticketReply")

    assert first["message"] == again["message"]
    assert again["message"]["attachments"] == [{"name": "label.pdf"}]
    assert OutboundMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"key": "k" * 61}, "key"),
        ({"key": "\x00"}, "key"),
        ({"body": "Order {{ order.number }}"}, "body"),
        ({"cc": ["x"]}, "cc.0"),
        ({"holdSeconds": 61}, "holdSeconds"),
        ({"move": "SNOOZE"}, "until"),
        ({"channel": "LINE"}, "channel"),
        ({"attachmentIds": ["x"]}, "attachmentIds.0"),
        ({"cannedReplyIds": ["x"]}, "cannedReplyIds.0"),
    ],
)
def test_what_an_answer_cannot_do_is_named(values: dict[str, Any], field: str):
    shop = shop_with_key()

    assert reply(as_staff(shop), make_ticket(shop=shop), **values).refusal("ticketReply")[1] == field
    assert not OutboundMessage.objects.exists()


def test_a_note_names_people_and_shows_them_to_staff():
    shop = shop_with_key()
    ken = make_staff(shop, name="Ken")
    ticket = make_ticket(shop=shop)
    note = """mutation ($id: ID!, $people: [ID!]!) { ticketNoteAdd(id: $id, body: "@Ken", mentions: $people, key: "n") {
      message { mentions { name } kind } errors { code field } } }"""
    staff = as_staff(shop)

    made = staff.ask(note, id=gid(ticket), people=[to_global_id("StaffMember", ken.pk)]).payload("ticketNoteAdd")

    assert made["message"] == {"mentions": [{"name": "Ken"}], "kind": "NOTE"}
    stranger = to_global_id("StaffMember", make_staff().pk)
    assert staff.ask(note.replace('"n"', '"m"'), id=gid(ticket), people=[stranger]).refusal("ticketNoteAdd") == (
        "INVALID",
        "mentions",
    )


# -- drafts and presence -----------------------------------------------------------------------------------------------


def test_a_draft_is_there_in_another_tab_and_what_both_wrote_stays():
    shop = shop_with_key()
    mei = make_staff(shop)
    staff = as_staff(shop, member=mei)
    ticket = make_ticket(shop=shop)
    seen = to_global_id("TicketMessage", ticket.last_message_id)
    first = {"body": "Dear Ada", "version": 0, "cc": ["ken@x.test"], "language": "en", "seenMessageId": seen}

    saved = staff.ask(SAVE, id=gid(ticket), input=first).payload("ticketDraftSave")
    met = staff.ask(SAVE, id=gid(ticket), input={"body": "Other", "version": 0}).payload("ticketDraftSave")

    assert saved["met"] is None
    assert saved["draft"] | {"id": ""} == {
        "id": "",
        "body": "Dear Ada",
        "version": 1,
        "isNote": False,
        "cc": ["ken@x.test"],
        "language": "en",
        "seenMessageId": seen,
    }
    assert (met["met"], met["draft"]["body"]) == ("Dear Ada", "Dear Ada\n\n---\n\nOther")
    mine = "query ($n: Int!) { ticket(number: $n) { drafts { body } signature } }"
    assert staff.ask(mine, n=ticket.number).data["ticket"]["drafts"] == [{"body": "Dear Ada\n\n---\n\nOther"}]
    assert as_staff(shop).ask(mine, n=ticket.number).data["ticket"] == {"drafts": [], "signature": None}


def test_who_is_there_is_told_by_the_poll_and_by_the_ticket():
    shop = shop_with_key()
    mei = as_staff(shop, member=make_staff(shop, name="Mei"))
    ken = as_staff(shop, member=make_staff(shop, name="Ken"))
    ticket = make_ticket(shop=shop)
    give = """mutation ($id: ID!, $gone: Boolean) { ticketPresenceGive(id: $id, isWriting: true, gone: $gone) {
      presence { member { name } isWriting } errors { code } } }"""
    poll = "{ changesSince { presence { ticketId member { name } isWriting } } }"

    assert mei.ask(give, id=gid(ticket)).payload("ticketPresenceGive")["presence"] == []
    there = ken.ask(poll).data["changesSince"]["presence"]
    own = mei.ask(poll).data["changesSince"]["presence"]
    asked = ken.ask("query ($n: Int!) { ticket(number: $n) { presence { member { name } } } }", n=ticket.number)

    assert there == [{"ticketId": gid(ticket), "member": {"name": "Mei"}, "isWriting": True}]
    assert own == []
    assert asked.data["ticket"]["presence"] == [{"member": {"name": "Mei"}}]
    mei.ask(give, id=gid(ticket), gone=True)
    assert ken.ask(poll).data["changesSince"]["presence"] == []


def test_drafts_and_presence_of_a_list_take_one_query_each(django_assert_num_queries):
    shop = shop_with_key()
    staff = as_staff(shop, member=make_staff(shop))
    tickets = [make_ticket(shop=shop) for _ in range(5)]
    for ticket in tickets:
        staff.ask(SAVE, id=gid(ticket), input={"body": "x", "version": 0}).payload("ticketDraftSave")
    plain = "{ tickets { edges { node { number } } } }"
    full = "{ tickets { edges { node { number drafts { body attachments { id } } presence { isWriting } } } } }"
    staff.ask(plain)
    staff.ask(full)

    with CaptureQueriesContext(connection) as few:
        staff.ask(plain)
    with django_assert_num_queries(len(few) + 3):
        assert len(staff.ask(full).data["tickets"]["edges"]) == 5


def test_ones_own_way_of_writing_is_kept_and_what_cannot_be_is_named():
    shop = shop_with_key()
    staff = as_staff(shop, member=make_staff(shop))
    read = "{ writingPreferences { undoSeconds afterwards signatures { language text } } }"
    save = """mutation ($input: WritingPreferencesInput!) { writingPreferencesSave(input: $input) {
      preferences { undoSeconds } errors { code field } } }"""
    assert staff.ask(read).data["writingPreferences"] == {"undoSeconds": 10, "afterwards": "stay", "signatures": []}

    wish = {"undoSeconds": 0, "afterwards": "next", "signatures": [{"language": "ja", "text": "{{ staff.name }}"}]}
    staff.ask(save, input=wish).payload("writingPreferencesSave")

    assert staff.ask(read).data["writingPreferences"] == wish
    for change, field in (
        ({"undoSeconds": 61}, "undoSeconds"),
        ({"afterwards": "dance"}, "afterwards"),
        ({"signatures": [{"language": "fr", "text": "x"}]}, "signatures.fr"),
        ({"signatures": [{"language": "en", "text": "{{ x"}]}, "signatures.en"),
    ):
        assert staff.ask(save, input=wish | change).refusal("writingPreferencesSave") == ("INVALID", field)
    assert as_staff(shop, ("MANAGE_PRODUCTS",)).ask(read).code == "PERMISSION_DENIED"


# -- canned replies ----------------------------------------------------------------------------------------------------


def canned_input(**values: Any) -> dict[str, Any]:
    return {
        "shortcut": "sorry",
        "title": "We are sorry",
        "texts": [{"language": "en", "text": "Sorry, {{ customer.first_name }}: {{ order.number }}"}],
    } | values


def test_a_canned_reply_is_saved_filled_in_counted_and_taken_away():
    shop = shop_with_key()
    mei = make_staff(shop)
    staff = as_staff(shop, member=mei)
    ticket = make_ticket(shop=shop)

    upload = SimpleUploadedFile("guide.pdf", b"%PDF-1.7 x")
    made = staff.upload(CANNED, {"variables.input.attachments.0": upload}, input=canned_input(attachments=[None]))
    row = made.payload("cannedReplySave")["cannedReply"]
    asked = {"id": row["id"], "t": gid(ticket)}
    filled = staff.ask(
        "query ($id: ID!, $t: ID!) { cannedReplyFilled(id: $id, ticketId: $t) { text language missing } }", **asked
    ).data["cannedReplyFilled"]
    attached = staff.ask(
        "mutation ($id: ID!, $t: ID!) { cannedReplyAttach(id: $id, ticketId: $t) {"
        " draft { attachments { name } } errors { code } } }",
        **asked,
    ).payload("cannedReplyAttach")

    assert (row["attachments"], row["version"], row["personal"]) == ([{"name": "guide.pdf"}], 1, False)
    assert filled == {"text": "Sorry, Ada: {{ order.number }}", "language": "en", "missing": ["order.number"]}
    assert attached["draft"]["attachments"] == [{"name": "guide.pdf"}]
    reply(staff, ticket, cannedReplyIds=[row["id"]]).payload("ticketReply")
    assert CannedReply.objects.get().used == 1

    gone = """mutation ($id: ID!, $v: Int!) { cannedReplyDelete(id: $id, version: $v) { errors { code field } } }"""
    assert staff.ask(gone, id=row["id"], v=7).refusal("cannedReplyDelete") == ("CONFLICT", "version")
    staff.ask(gone, id=row["id"], v=1).payload("cannedReplyDelete")
    assert staff.ask("{ cannedReplies { id } }").data["cannedReplies"] == []


def test_the_list_of_canned_replies_takes_the_same_queries_however_long(django_assert_num_queries):
    shop = shop_with_key()
    staff = as_staff(shop, member=make_staff(shop))
    listed = "{ cannedReplies { id texts { text } attachments { name } personal } }"
    for n in range(2):
        staff.ask(CANNED, input=canned_input(shortcut=f"n{n}")).payload("cannedReplySave")
    staff.ask(listed)

    with CaptureQueriesContext(connection) as few:
        staff.ask(listed)
    needed = len(few)
    for n in range(2, 12):
        staff.ask(CANNED, input=canned_input(shortcut=f"n{n}")).payload("cannedReplySave")
    with django_assert_num_queries(needed):
        assert len(staff.ask(listed).data["cannedReplies"]) == 12


def test_suggestions_and_variables_are_for_staff():
    shop = shop_with_key()
    staff = as_staff(shop)
    staff.ask(CANNED, input=canned_input(title="Grinder does not grind")).payload("cannedReplySave")
    ticket = make_ticket(shop=shop)
    query = "query ($t: ID!) { cannedReplySuggestions(ticketId: $t) { shortcut } }"

    assert staff.ask(query, t=gid(ticket)).data["cannedReplySuggestions"] == [{"shortcut": "sorry"}]
    assert staff.ask(query, t=gid(make_ticket(shop=make_shop()))).code == "NOT_FOUND"
    names = [one["name"] for one in staff.ask("{ templateVariables { name description } }").data["templateVariables"]]
    assert "order.number" in names


def test_somebody_elses_own_canned_reply_does_not_exist():
    shop = shop_with_key()
    mine = as_staff(shop, member=make_staff(shop))
    made = mine.ask(CANNED, input=canned_input(personal=True)).payload("cannedReplySave")["cannedReply"]
    other = as_staff(shop, member=make_staff(shop))

    answer = other.ask(CANNED, input=canned_input(id=made["id"], version=1))

    assert answer.refusal("cannedReplySave") == ("NOT_FOUND", "id")


def test_single_keys_are_switched_off_for_one_person_and_stay_so():
    """WCAG 2.1.4: who speaks to the machine presses keys without meaning to."""
    shop = shop_with_key()
    mine, other = as_staff(shop, member=make_staff(shop)), as_staff(shop, member=make_staff(shop))
    read = "{ viewer { singleKeys } }"
    switch = """mutation ($on: Boolean!) { keyboardUpdate(singleKeys: $on) {
      viewer { singleKeys } errors { code field } } }"""
    assert mine.ask(read).data["viewer"] == {"singleKeys": True}

    assert mine.ask(switch, on=False).payload("keyboardUpdate") == {"viewer": {"singleKeys": False}, "errors": []}

    assert (mine.ask(read).data["viewer"]["singleKeys"], other.ask(read).data["viewer"]["singleKeys"]) == (False, True)
    mine.ask("""mutation { writingPreferencesSave(input: {undoSeconds: 5}) { errors { code } } }""")
    assert mine.ask(read).data["viewer"]["singleKeys"] is False
    mine.ask(switch, on=True).payload("keyboardUpdate")
    assert mine.ask(read).data["viewer"]["singleKeys"] is True
    stranger = as_staff(shop, ("MANAGE_PRODUCTS",)).ask(switch, on=False)
    assert stranger.refusal("keyboardUpdate") == ("PERMISSION_DENIED", None)
