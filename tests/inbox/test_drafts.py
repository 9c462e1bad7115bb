"""What somebody is writing is kept, whatever two tabs do; and who else is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox import actions, drafts, presence
from saleor_aftercare.inbox.drafts import MAX_DRAFT, SEAM, Saved
from saleor_aftercare.inbox.models import Presence, ReplyDraft, Ticket
from tests.make import NOON, make_file, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db


def save(ticket: Ticket, staff: StaffMember, body: str, version: int, **values: Any) -> Saved:
    return drafts.save_draft(ticket, staff=staff, body=body, version=version, **{"is_note": False, "at": NOON} | values)


# -- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_per_person_and_kind_and_its_version_rises():
    ticket = make_ticket()
    mei, ken = make_staff(ticket.shop), make_staff(ticket.shop)

    first = save(ticket, mei, "Dear Ada", 0, cc=["a@b.test"], language="ja", seen_message_id=7).draft
    second = save(ticket, mei, "Dear Ada,", first.version).draft
    save(ticket, mei, "ask the workshop", 0, is_note=True)
    save(ticket, ken, "Hello", 0)

    assert (first.version, second.version) == (1, 2)
    assert (first.cc, first.language, first.seen_message_id) == (["a@b.test"], "ja", 7)
    mine = drafts.drafts_of(ticket.shop, mei, [ticket.pk])
    assert [(one.is_note, one.body) for one in mine] == [(False, "Dear Ada,"), (True, "ask the workshop")]


def test_a_second_tab_that_did_not_see_the_first_overwrites_nothing():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    save(ticket, mei, "From the telephone", 0)

    saved = save(ticket, mei, "From the desk", 0)

    assert saved.met == "From the telephone"
    assert saved.draft.body == "From the telephone" + SEAM + "From the desk"
    assert save(ticket, mei, "Only this", saved.draft.version).met is None


@pytest.mark.parametrize(
    ("kept", "written", "body"),
    [
        ("Dear Ada", "Dear Ada, thank you", "Dear Ada, thank you"),
        ("Dear Ada, thank you", "Dear Ada", "Dear Ada, thank you"),
        ("", "Dear Ada", "Dear Ada"),
        ("Dear Ada", "", "Dear Ada"),
    ],
)
def test_what_is_part_of_the_other_text_is_not_written_twice(kept: str, written: str, body: str):
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    save(ticket, mei, kept, 0)

    assert save(ticket, mei, written, 0).draft.body == body


class TwoTabs(TestCase):
    """Whatever two tabs save in whatever order, what one wrote is never lost by what the other did not see."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["left", "right"]),
                st.sampled_from(["save", "look"]),
                st.text(alphabet="abc", min_size=1, max_size=3),
            ),
            max_size=12,
        )
    )
    def test_no_word_is_lost_that_was_not_seen(self, steps: list[tuple[str, str, str]]):
        ticket = make_ticket(messages=())
        mei = make_staff(ticket.shop)
        seen = {"left": 0, "right": 0}
        kept: str = ""
        version = 0
        for tab, act, text in steps:
            if act == "look":
                seen[tab] = version
                continue
            draft = save(ticket, mei, text, seen[tab]).draft
            assert draft.version == version + 1
            assert text in draft.body
            if seen[tab] != version:
                assert kept in draft.body
            kept, version = draft.body, draft.version
            seen[tab] = version


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"body": "x" * (MAX_DRAFT + 1)}, "body"),
        ({"body": "a\0b"}, "body"),
        ({"cc": ["Ada <ada@x.test>"]}, "cc.0"),
        ({"language": "x" * 11}, "language"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_named(values: dict[str, Any], field: str):
    ticket = make_ticket()

    with pytest.raises(InvalidInput) as refused:
        save(ticket, make_staff(ticket.shop), **({"body": "x", "version": 0} | values))

    assert refused.value.field == field
    assert not ReplyDraft.objects.exists()


def test_a_sent_draft_is_empty_and_a_late_tab_does_not_bring_it_back_unseen():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    file = make_file(ticket.shop)
    version = save(ticket, mei, "Dear Ada", 0).draft.version
    drafts.attach(ticket, [file], staff=mei, at=NOON)

    actions.reply(ticket, body="Dear Ada", last_seen_message_id=0, force=True, attachments=[file], at=NOON, staff=mei)

    draft = ReplyDraft.objects.get()
    assert (draft.body, list(draft.attachments.all())) == ("", [])
    assert draft.version > version


def test_only_files_of_ones_own_draft_can_be_sent():
    ticket = make_ticket()
    mei, ken = make_staff(ticket.shop), make_staff(ticket.shop)
    own, kens, loose = make_file(ticket.shop), make_file(ticket.shop), make_file(ticket.shop)
    drafts.attach(ticket, [own], staff=mei, at=NOON)
    drafts.attach(ticket, [kens], staff=ken, at=NOON)

    assert drafts.files_of(ticket, mei, [own.pk, own.pk], field="attachmentIds") == [own]
    for other in (kens, loose):
        with pytest.raises(InvalidInput) as refused:
            drafts.files_of(ticket, mei, [own.pk, other.pk], field="attachmentIds")
        assert refused.value.field == "attachmentIds.1"


def test_six_files_lie_beside_a_draft_at_most_and_one_that_is_taken_away_is_gone():
    ticket = make_ticket()
    mei = make_staff(ticket.shop)
    files = [make_file(ticket.shop) for _ in range(7)]
    drafts.attach(ticket, files[:6], staff=mei, at=NOON)

    with pytest.raises(InvalidInput, match="6"):
        drafts.attach(ticket, files[6:], staff=mei, at=NOON)
    draft = drafts.detach(ticket, files[0].pk, staff=mei, at=NOON)

    assert set(draft.attachments.all()) == set(files[1:6])


# -- presence --------------------------------------------------------------------------------------------------------


def test_who_looks_and_who_writes_is_seen_by_others_until_they_give_no_sign():
    ticket = make_ticket()
    mei, ken = make_staff(ticket.shop, name="Mei"), make_staff(ticket.shop, name="Ken")

    assert presence.give_sign(ticket, staff=mei, is_writing=False, at=NOON) == []
    there = presence.give_sign(ticket, staff=ken, is_writing=True, at=NOON)
    presence.give_sign(ticket, staff=mei, is_writing=True, at=NOON)

    assert [(one.member, one.is_writing) for one in there] == [(mei, False)]
    seen = presence.present_at([ticket.pk], at=NOON, besides=ken)
    assert [(one.member, one.is_writing) for one in seen[ticket.pk]] == [(mei, True)]
    assert presence.present_in(ticket.shop, at=NOON + timedelta(seconds=25), besides=ken) == []
    assert Presence.objects.count() == 2


def test_who_goes_is_gone_and_old_signs_are_forgotten():
    shop = make_shop()
    first, second = make_ticket(shop=shop), make_ticket(shop=shop)
    mei = make_staff(shop)
    presence.give_sign(first, staff=mei, is_writing=False, at=NOON)

    presence.give_sign(second, staff=mei, is_writing=False, at=NOON + timedelta(minutes=1))
    assert Presence.objects.get().ticket == second
    presence.leave(second, staff=mei)

    assert not Presence.objects.exists()


def test_presence_of_another_shop_is_not_seen():
    presence.give_sign(make_ticket(), staff=make_staff(), is_writing=True, at=NOON)

    shop = make_shop()
    assert presence.present_in(shop, at=NOON, besides=make_staff(shop)) == []
