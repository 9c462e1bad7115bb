"""When to ask, and when not to."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saleor_aftercare.core.decision import Decision, Verdict
from saleor_aftercare.followups.policy import REASONS_NOT_TO, TOO_OLD, Facts, arrival_check_due, decide, waking_hour

TOKYO, BERLIN, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
GOOD = Facts(
    due_at=NOON,
    shop_connected=True,
    enabled=True,
    order_canceled=False,
    fulfillment_canceled=False,
    has_address=True,
    suppressed=False,
    return_open=False,
    ticket_open=False,
)


def test_it_is_asked_so_many_days_after_delivery_at_the_same_time_of_day():
    assert arrival_check_due(delivered_at=NOON, days=3, zone=BERLIN) == NOON + timedelta(days=3)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2025-06-02T08:59:59+09:00", TOKYO, "2025-06-02T09:00:00+09:00"),
        ("2025-06-02T09:00:00+09:00", TOKYO, "2025-06-02T09:00:00+09:00"),
        ("2025-06-02T19:59:59+09:00", TOKYO, "2025-06-02T19:59:59+09:00"),
        ("2025-06-02T20:00:00+09:00", TOKYO, "2025-06-03T09:00:00+09:00"),
        ("2025-06-02T00:00:00+00:00", NEW_YORK, "2025-06-02T13:00:00+00:00"),
        # The clocks go forward in the night of 30 March, and back in the night of 26 October.
        ("2025-03-29T22:00:00+01:00", BERLIN, "2025-03-30T09:00:00+02:00"),
        ("2025-10-25T22:00:00+02:00", BERLIN, "2025-10-26T09:00:00+01:00"),
        ("2025-12-31T23:00:00+00:00", BERLIN, "2026-01-01T09:00:00+01:00"),
    ],
)
def test_nobody_is_written_to_at_night(moment, zone, expected):
    result = waking_hour(datetime.fromisoformat(moment), zone)

    assert result == datetime.fromisoformat(expected)


def test_when_nothing_speaks_against_it_it_is_asked():
    assert decide(GOOD, at=NOON) == Decision(Verdict.ACCEPT)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"shop_connected": False}, "shop_disconnected"),
        ({"order_canceled": True}, "order_canceled"),
        ({"fulfillment_canceled": True}, "fulfillment_canceled"),
        ({"enabled": False}, "disabled"),
        ({"return_open": True}, "return_open"),
        ({"ticket_open": True}, "ticket_open"),
        ({"has_address": False}, "no_address"),
        ({"suppressed": True}, "suppressed"),
        ({"due_at": NOON - TOO_OLD - timedelta(seconds=1)}, "too_old"),
    ],
)
def test_why_it_is_not_asked(change, reason):
    assert decide(dataclasses.replace(GOOD, **change), at=NOON) == Decision(Verdict.REFUSE, (reason,))


def test_two_weeks_late_is_just_in_time():
    assert decide(dataclasses.replace(GOOD, due_at=NOON - TOO_OLD), at=NOON).verdict == Verdict.ACCEPT


def test_every_reason_is_told_strongest_first():
    facts = dataclasses.replace(GOOD, order_canceled=True, return_open=True, suppressed=True)

    assert decide(facts, at=NOON).reasons == ("order_canceled", "return_open", "suppressed")


def test_every_reason_fits_its_column():
    assert max(map(len, REASONS_NOT_TO)) <= 40
