from __future__ import annotations

import pytest

from saleor_aftercare.followups import facts
from tests.make import make_followup


def test_a_fact_that_no_followup_asks_for_cannot_be_answered():
    with pytest.raises(LookupError, match="weather"):
        facts.knows("weather")


def test_a_fact_has_one_answerer(elsewhere):
    with pytest.raises(RuntimeError, match="return_open"):
        facts.knows("return_open")(lambda _order: True)


@pytest.mark.django_db
def test_without_an_answerer_nothing_is_decided(elsewhere):
    followup = make_followup()
    del facts._knowers["ticket_open"]

    with pytest.raises(LookupError, match="ticket_open"):
        facts.gather(followup)


@pytest.mark.django_db
def test_facts_are_as_they_are_now(elsewhere):
    followup = make_followup()
    elsewhere.return_open = True
    followup.order.status = "CANCELED"
    followup.order.save()

    known = facts.gather(followup)

    assert (known.return_open, known.ticket_open, known.order_canceled) == (True, False, True)
