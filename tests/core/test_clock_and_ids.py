"""The clock that the demo moves, global ids, and numbers that people read to each other."""

import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import from_global_id, next_number, next_numbers, own_pk, to_global_id
from saleor_aftercare.core.models import Shop
from tests.make import NOON, make_shop


def test_without_a_clock_file_now_is_now():
    with time_machine.travel(NOON, tick=False):
        assert clock.now() == clock.real_now() == NOON


def test_the_demo_moves_the_clock_by_rewriting_one_file(settings, tmp_path):
    settings.AFTERCARE_CLOCK_FILE = tmp_path / "clock"
    with time_machine.travel(NOON, tick=False):
        assert clock.now() == NOON
        for stamp, text, moved in ((1, "+86400\n", 1), (2, "-86400", -1), (3, "", 0)):
            fresh = tmp_path / "fresh"
            fresh.write_text(text)
            os.utime(fresh, ns=(stamp, stamp))
            fresh.replace(settings.AFTERCARE_CLOCK_FILE)

            assert clock.now() == NOON + timedelta(days=moved)
            assert clock.real_now() == NOON


def test_now_is_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_global_id_comes_back_as_what_it_was_made_of():
    assert from_global_id("Order", to_global_id("Order", "3b97-é")) == "3b97-é"
    assert own_pk("Return", to_global_id("Return", 7)) == 7


@pytest.mark.parametrize(
    "value",
    [
        "", "7", "Return:7", to_global_id("Order", 7), to_global_id("Return", ""), to_global_id("Return", "-1"),
        to_global_id("Return", "７"), to_global_id("Return", "9" * 19), to_global_id("Return", "1; DROP"),
        "UmV0dXJuOjc", "UmV0\ndXJuOjc=", "/w==", None, 7, "\ud800", "é",
    ],
)  # fmt: skip
def test_what_is_no_id_of_ours_is_refused_by_name(value):
    with pytest.raises(InvalidInput) as refused:
        own_pk("Return", value, field="returnId")

    assert refused.value.field == "returnId"


@pytest.mark.django_db
def test_every_shop_and_every_series_counts_for_itself():
    ours, theirs = make_shop(), make_shop()

    given = [next_number(ours, "return"), next_number(ours, "return"), next_number(theirs, "return")]

    assert given == [1001, 1002, 1001]
    assert next_number(ours, "ticket", first=1) == 1
    assert list(next_numbers(ours, "return", 3)) == [1003, 1004, 1005]
    assert list(next_numbers(theirs, "ticket", 2)) == [1001, 1002]
    assert next_number(ours, "return") == 1006


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_the_same_number():
    shop, numbers = make_shop(), []

    def take():
        for _ in range(25):
            with transaction.atomic():
                numbers.append(next_number(Shop.objects.get(), "return"))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == list(range(1001, 1101))
    assert next_number(shop, "return") == 1101


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.23.28", (3, 23)),
        ("3.9.1", (3, 9)),
        ("3.24.0-alpha.1", (3, 24)),
        ("3.24", (3, 24)),
        ("", (0, 0)),
        ("main", (0, 0)),
    ],
)
def test_a_shops_version_is_read_as_numbers(text, version):
    assert Shop(saleor_version=text).schema_version == version
