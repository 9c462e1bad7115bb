"""Secrets at rest, tokens, and limits on guessing."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from saleor_aftercare.core import crypto, limits, tokens
from saleor_aftercare.core.errors import InvalidInput, RateLimited
from saleor_aftercare.core.models import RateCounter, Shop
from tests.make import make_shop

MINUTE = timedelta(minutes=1)


# -- at rest -----------------------------------------------------------------------------------------------------------


def test_what_an_old_key_wrote_is_read_until_the_key_is_taken_out(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = (old,)
    stored = crypto.encrypt("app token")

    settings.ENCRYPTION_KEYS = (new, old)
    assert crypto.decrypt(stored) == "app token"
    rotated = crypto.rotate(stored)

    settings.ENCRYPTION_KEYS = (new,)
    assert crypto.decrypt(rotated) == "app token"
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        crypto.decrypt(stored)


def test_the_same_secret_never_looks_the_same():
    assert crypto.encrypt("秘密") != crypto.encrypt("秘密")
    assert crypto.decrypt(crypto.encrypt("秘密")) == "秘密"


@pytest.mark.django_db
def test_the_database_never_sees_an_app_token():
    shop = make_shop(app_token="open sesame")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM aftercare_shop s")
        (row,) = cursor.fetchone()

    assert "sesame" not in row
    assert Shop.objects.get().app_token == shop.app_token == "open sesame"


@pytest.mark.django_db
def test_rotation_writes_every_stored_secret_anew(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = (old,)
    make_shop(app_token="one", settings={"carrier_secret": "two"})
    settings.ENCRYPTION_KEYS = (new, old)

    assert crypto.reencrypt() == 2
    settings.ENCRYPTION_KEYS = (new,)

    shop = Shop.objects.get()
    assert (shop.app_token, shop.settings.carrier_secret) == ("one", "two")


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_a_signed_token_gives_back_its_value():
    token = tokens.sign("followup", [7, "é"])

    assert tokens.unsign("followup", token, max_age=None) == [7, "é"]


def test_a_token_of_another_purpose_or_with_a_changed_letter_is_refused():
    token = tokens.sign("followup", 7)
    changed = ("B" if token[0] != "B" else "C") + token[1:]

    for purpose, text in (
        ("file", token),
        ("followup", changed),
        ("followup", ""),
        ("followup", "a:b:c"),
        ("followup", token[:-2]),
    ):
        with pytest.raises(InvalidInput) as refused:
            tokens.unsign(purpose, text, max_age=None, field="t")
        assert refused.value.field == "t"


def test_a_token_ends():
    token = tokens.sign("file", 7)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)), pytest.raises(InvalidInput, match="expired"):
        tokens.unsign("file", token, max_age=timedelta(minutes=15))


def test_random_things_are_random():
    assert len({tokens.random_token("acg_") for _ in range(1000)}) == 1000
    assert tokens.random_token("acg_").startswith("acg_")
    codes = {tokens.random_code() for _ in range(500)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 450
    assert tokens.same("a", "a")
    assert not tokens.same("a", "ä")


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_try_after_the_last_allowed_one_is_told_when_to_come_back():
    with time_machine.travel(datetime(2026, 1, 1, 12, 0, 20, tzinfo=UTC), tick=False):
        for _ in range(3):
            limits.hit("door", "ada@example.com", limit=3, per=MINUTE)

        with pytest.raises(RateLimited) as refused:
            limits.hit("door", "ada@example.com", limit=3, per=MINUTE)
        assert refused.value.retry_after_s == 40

        limits.hit("door", "bob@example.com", limit=3, per=MINUTE)
        limits.hit("window", "ada@example.com", limit=3, per=MINUTE)
    with time_machine.travel(datetime(2026, 1, 1, 12, 1, tzinfo=UTC), tick=False):
        limits.hit("door", "ada@example.com", limit=3, per=MINUTE)


@pytest.mark.django_db
def test_many_are_counted_at_once_as_if_one_after_another():
    for _turn in range(3):
        assert limits.hit_all("door", {"ada", "bob"}, limit=3, per=60 * MINUTE) == set()
    limits.hit("door", "eve", limit=3, per=60 * MINUTE)

    assert limits.hit_all("door", {"bob", "eve"}, limit=3, per=60 * MINUTE) == {"bob"}
    assert limits.hit_all("door", set(), limit=3, per=60 * MINUTE) == set()


@pytest.mark.django_db
def test_who_was_counted_is_not_stored():
    limits.hit("door", "ada@example.com", limit=3, per=MINUTE)

    assert "ada" not in RateCounter.objects.get().key


@pytest.mark.django_db
def test_moving_the_demos_clock_opens_no_new_window(settings, tmp_path):
    settings.AFTERCARE_CLOCK_FILE = tmp_path / "clock"
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        limits.hit("door", "ada", limit=1, per=MINUTE)
        settings.AFTERCARE_CLOCK_FILE.write_text("86400")

        with pytest.raises(RateLimited):
            limits.hit("door", "ada", limit=1, per=MINUTE)


@pytest.mark.django_db
def test_counters_of_windows_that_are_over_are_forgotten():
    with time_machine.travel(datetime(2026, 1, 1, 12, 0, 20, tzinfo=UTC), tick=False):
        limits.hit("door", "ada", limit=3, per=MINUTE)
        limits.hit("door", "ada", limit=3, per=60 * MINUTE)
    with time_machine.travel(datetime(2026, 1, 1, 12, 2, tzinfo=UTC), tick=False):
        assert limits.prune() == 1

    assert RateCounter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted():
    passed, together = [], threading.Barrier(4)

    def guess():
        together.wait()
        for _ in range(10):
            try:
                limits.hit("door", "ada", limit=7, per=timedelta(days=1))
                passed.append(1)
            except RateLimited:
                pass
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 7
    assert RateCounter.objects.get().hits == 40
