"""Trials: what a rule would have done, and that trying does nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Event
from saleor_aftercare.desk.models import RuleRun, RuleTrial
from saleor_aftercare.desk.rules.documents import Condition
from saleor_aftercare.desk.rules.trials import look_at_some, start_trial, stop_trial, try_on_one
from saleor_aftercare.inbox.models import Ticket
from tests.make import DAY, NOON, make_message, make_order, make_shop, make_staff, make_ticket

from .rules import BROKEN, WAITS

pytestmark = pytest.mark.django_db


def world(n: int) -> Any:
    shop = make_shop()
    for index in range(n):
        make_ticket(make_order(shop), messages=["Broken handle" if index % 2 else "Hello"], created_at=NOON - DAY)
    return shop


def test_a_trial_finds_what_it_would_have_acted_on_and_changes_nothing():
    shop = world(4)
    make_ticket(shop=shop, messages=["broken long ago"], created_at=NOON - 40 * DAY)
    member = make_staff(shop)
    before = list(Ticket.objects.order_by("pk").values())

    trial = start_trial(member, BROKEN, days=30, at=NOON)
    look_at_some(trial.pk, at=NOON)

    trial.refresh_from_db()
    assert (trial.state, trial.total, trial.looked_at, trial.matched) == ("done", 4, 4, 2)
    assert [one["when"] for one in trial.found] == ["customer_wrote"] * 2
    assert list(Ticket.objects.order_by("pk").values()) == before
    assert not RuleRun.objects.exists()
    assert not Event.objects.exists()


def test_a_trial_goes_on_in_batches_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("saleor_aftercare.desk.rules.trials.BATCH", 2)
    shop = world(5)
    member = make_staff(shop)
    trial = start_trial(member, BROKEN, days=30, at=NOON)

    run_due()
    whole = RuleTrial.objects.get()
    assert (whole.state, whole.looked_at, whole.matched) == ("done", 5, 2)

    other = start_trial(member, BROKEN, days=30, at=NOON)
    look_at_some(other.pk, at=NOON)
    other.refresh_from_db()
    assert (other.state, other.looked_at) == ("running", 2)
    stop_trial(other, at=NOON)
    look_at_some(other.pk, at=NOON)
    other.refresh_from_db()
    assert (other.state, other.looked_at, trial.pk < other.pk) == ("stopped", 2, True)


def test_a_trial_of_time_counts_the_pauses_between_messages():
    shop = make_shop()
    ticket = make_ticket(shop=shop, messages=[], created_at=NOON - 9 * DAY)
    for days in (9, 8, 3):
        make_message(ticket, body="Hello?", created_at=NOON - days * DAY)
    make_message(make_ticket(shop=shop, messages=[], created_at=NOON - DAY), body="Hi", created_at=NOON - DAY)

    trial = start_trial(make_staff(shop), WAITS, days=30, at=NOON)
    look_at_some(trial.pk, at=NOON)

    trial.refresh_from_db()
    assert trial.matched == 1
    assert trial.found[0]["at"] == (NOON - 6 * DAY).isoformat()


def test_a_trial_asks_as_often_however_many_conversations_there_are():
    def queries(n: int) -> int:
        trial = start_trial(make_staff(world(n)), BROKEN, days=30, at=NOON)
        with CaptureQueriesContext(connection) as asked:
            look_at_some(trial.pk, at=NOON)
        return len(asked)

    assert queries(2) == queries(8)


@pytest.mark.parametrize("days", [0, 91])
def test_a_trial_looks_back_for_a_bounded_time(days: int):
    with pytest.raises(InvalidInput) as refused:
        start_trial(make_staff(), BROKEN, days=days, at=NOON)
    assert refused.value.field == "days"


def test_a_rule_is_tried_on_one_conversation_condition_by_condition():
    shop = make_shop()
    ticket = make_ticket(make_order(shop), messages=["My grinder is broken"])
    document = replace(BROKEN, conditions=(*BROKEN.conditions, Condition("is_vip", "is", ())))

    assert try_on_one(shop, document, ticket, at=NOON) == (False, [True, False])
    assert try_on_one(shop, replace(document, any_is_enough=True), ticket, at=NOON) == (True, [True, False])
