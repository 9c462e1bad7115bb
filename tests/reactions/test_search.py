"""Conversations are found by what they bear, also when that changes."""

from __future__ import annotations

import pytest

from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.models import Tag
from saleor_aftercare.inbox.search import entries, query
from saleor_aftercare.inbox.search.finding import find
from tests.make import NOON, make_staff, make_ticket

pytestmark = pytest.mark.django_db


def test_a_new_tag_and_a_new_subject_find_all_messages_and_old_ones_none():
    ticket = make_ticket(messages=("The crank came off.", "And the lid."), subject="Grinder")
    entries.refresh([ticket.pk])
    tag = Tag.objects.create(shop=ticket.shop, name="Angry", key="angry")
    staff = make_staff(ticket.shop)

    actions.change_tags(ticket, add=[tag], at=NOON, staff=staff)
    actions.describe(ticket, subject="Mill", at=NOON, staff=staff)
    run_due()

    def found(text: str) -> tuple[int, ...]:
        return find(ticket.shop, query(text)).tickets

    assert found("angry crank ") == found("mill lid ") == (ticket.pk,)
    assert found("grinder ") == ()


def test_merged_conversations_are_found_where_they_go_on():
    kept = make_ticket(messages=("The crank came off.",), subject="Grinder")
    other = make_ticket(shop=kept.shop, messages=("Also the lid.",), subject="Mill", customer_email=kept.customer_email)
    entries.refresh([kept.pk, other.pk])

    actions.merge_tickets(kept, other, at=NOON, staff=make_staff(kept.shop))
    run_due()

    assert find(kept.shop, query("grinder lid ")).tickets == (kept.pk,)
    assert find(kept.shop, query("mill lid ")).tickets == ()
