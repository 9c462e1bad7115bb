"""Guests: a number and an address open nothing, the mailed code opens one order, and nobody learns who bought what."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.access import actions
from saleor_aftercare.access.models import CustomerSession, GuestChallenge
from saleor_aftercare.connection.auth import Guest
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import InvalidInput, RateLimited, Unauthenticated
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.sandbox import PracticeTransport, place_order
from tests.access.conftest import mailed_code
from tests.house import House
from tests.make import NOON, make_challenge, make_order, make_shop

EMAIL = "hanako.yamada@example.com"


def ask(house: House, *, number: str, email: str = EMAIL, ip: str = "198.51.100.7", language: str = "en") -> str:
    return actions.request_guest_access(
        house.shop, order_number=number, email=email, language=language, ip=ip, at=clock.now()
    )


def confirm(house: House, challenge: str, code: str, *, ip: str = "198.51.100.7") -> tuple[str, CustomerSession]:
    return actions.confirm_guest_access(house.shop, challenge=challenge, code=code, ip=ip, at=clock.now())


def letters() -> list[Any]:
    return list(OutboundMessage.objects.filter(kind="access/guest_code"))


# -- the way in --------------------------------------------------------------------------------------------------------


def test_the_mailed_code_opens_exactly_that_order(house, placed):
    other = house.sell([("WHETSTONE", 1)], email=EMAIL)
    challenge = ask(house, number=placed.number)
    jobs.run_due()

    token, session = confirm(house, challenge, mailed_code())

    assert token.startswith("acg_")
    guest = actions.authenticate(token, api_url=house.saleor.api_url)
    assert guest == Guest(house.shop, house.order(placed), EMAIL)
    assert guest.covers(house.order(placed))
    assert not guest.covers(house.order(other))
    assert session.covers(house.order(placed))
    assert not session.covers(house.order(other))


@pytest.mark.parametrize("number", ["#{}", " {} ", "＃{}"])
def test_numbers_and_addresses_may_be_typed_as_people_type_them(house, placed, number):
    wide = str.maketrans("0123456789@.", "０１２３４５６７８９＠．")
    challenge = ask(
        house, number=number.format(placed.number.translate(wide)), email=f" {EMAIL.upper().translate(wide)} "
    )
    jobs.run_due()

    assert confirm(house, challenge, " ".join(mailed_code().translate(wide)))


def test_the_letter_is_in_the_language_of_the_page_and_sent_once(house, placed):
    ask(house, number=placed.number, language="ja")
    jobs.run_due()
    Job.objects.filter(kind="access.send_code").update(state=JobState.PENDING, finished_at=None)
    jobs.run_due()

    (letter,) = letters()
    assert (letter.language, letter.to_email) == ("ja", EMAIL)


def test_an_order_that_we_never_heard_of_is_looked_up_in_saleor(house, placed):
    hanako = house.saleor.user(email=EMAIL)
    unheard = place_order(house.saleor, user=hanako, lines=[("WHETSTONE", 1)])
    assert not Order.objects.filter(saleor_id=unheard.id).exists()

    challenge = ask(house, number=unheard.number)
    jobs.run_due()

    assert confirm(house, challenge, mailed_code())[1].order.saleor_id == unheard.id


# -- nothing to learn --------------------------------------------------------------------------------------------------


def test_a_hit_and_a_miss_are_answered_alike_by_the_same_statements(house, placed):
    asked = {}
    for what, number, email in (
        ("hit", placed.number, EMAIL),
        ("another address", placed.number, "eve@example.com"),
        ("another number", "99999", EMAIL),
        ("nothing", "99999", "eve@example.com"),
    ):
        with CaptureQueriesContext(connection) as statements:
            challenge = ask(house, number=number, email=email)
        shape = [query["sql"].split(" ")[:3] for query in statements if "SAVEPOINT" not in query["sql"]]
        row = GuestChallenge.objects.latest("pk")
        asked[what] = (len(challenge), shape, row.order_id, row.code_digest, row.tries)

    assert len({str(answer) for answer in asked.values()}) == 1
    assert Job.objects.filter(kind="access.send_code").count() == 4
    jobs.run_due()
    assert len(letters()) == 1


def test_asking_never_waits_for_saleor(house, placed):
    transport = PracticeTransport(house.saleor)
    from saleor_aftercare.connection import client

    with client.using_transport(transport):
        ask(house, number=placed.number)
        ask(house, number="99999")

    assert transport.calls == []


def test_every_wrong_code_is_told_the_same(house, placed):
    hit, miss = ask(house, number=placed.number), ask(house, number="99999")
    jobs.run_due()
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    told = set()
    for challenge, text in (
        (hit, wrong),
        (miss, wrong),
        (hit, ""),
        (hit, "abcdef"),
        ("nonsense", code),
        ("", ""),
        (miss, ""),
    ):
        with pytest.raises(InvalidInput) as refused:
            confirm(house, challenge, text)
        told.add((refused.value.message, refused.value.field))

    assert len(told) == 1
    assert CustomerSession.objects.count() == 0


def test_a_code_cannot_be_tried_before_it_is_made(house, placed):
    challenge = ask(house, number=placed.number)

    for code in ("", "000000", "there is no such code"):
        with pytest.raises(InvalidInput):
            confirm(house, challenge, code)


@pytest.mark.parametrize(
    ("number", "email", "field"),
    [
        ("", EMAIL, "orderNumber"), ("#", EMAIL, "orderNumber"), ("9" * 31, EMAIL, "orderNumber"),
        ("1\0", EMAIL, "orderNumber"),
        ("1\n2", EMAIL, "orderNumber"), ("1", "", "email"), ("1", "eve", "email"), ("1", "a@b@c.test", "email"),
        ("1", "eve@example.com\nBcc: x@y.test", "email"), ("1", "a" * 300 + "@example.com", "email"),
    ],
)  # fmt: skip
def test_what_can_be_no_claim_is_refused_by_name(house, number, email, field):
    with pytest.raises(InvalidInput) as refused:
        ask(house, number=number, email=email)

    assert refused.value.field == field
    assert GuestChallenge.objects.count() == 0


# -- codes end ---------------------------------------------------------------------------------------------------------


def test_a_code_opens_once(house, placed):
    challenge = ask(house, number=placed.number)
    jobs.run_due()
    code = mailed_code()
    confirm(house, challenge, code)

    with pytest.raises(InvalidInput):
        confirm(house, challenge, code)

    assert CustomerSession.objects.count() == 1


def test_a_code_ends_after_ten_minutes(house, placed):
    challenge = ask(house, number=placed.number)
    jobs.run_due()

    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)), pytest.raises(InvalidInput):
        confirm(house, challenge, mailed_code())


def test_five_guesses_are_all_there_are(house, placed):
    challenge = ask(house, number=placed.number)
    jobs.run_due()
    code = mailed_code()
    for n in range(1, 6):
        with pytest.raises(InvalidInput):
            confirm(house, challenge, f"{(int(code) + n) % 10**6:06d}")

    with pytest.raises(InvalidInput):
        confirm(house, challenge, code)


def test_a_code_is_no_use_in_another_shop(house, placed):
    challenge = ask(house, number=placed.number)
    jobs.run_due()

    with pytest.raises(InvalidInput):
        actions.confirm_guest_access(make_shop(), challenge=challenge, code=mailed_code(), ip="x", at=clock.now())

    assert confirm(house, challenge, mailed_code())


def test_the_code_is_kept_nowhere_but_in_the_letter(house, placed):
    challenge = ask(house, number=placed.number)
    jobs.run_due()

    row = GuestChallenge.objects.get()
    code = mailed_code()
    assert code not in row.code_digest
    assert challenge not in (row.token_digest, row.code_digest)
    assert all(code not in str(job.payload) for job in Job.objects.all())


def test_a_letter_that_would_come_too_late_is_not_written(house, placed):
    ask(house, number=placed.number)

    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        jobs.run_due()

    assert letters() == []


# -- guessing ----------------------------------------------------------------------------------------------------------


def test_one_address_cannot_ask_for_ever(house):
    with time_machine.travel(NOON, tick=False):
        for n in range(20):
            ask(house, number=f"{n}", email=f"eve-{n}@example.com")

        with pytest.raises(RateLimited):
            ask(house, number="21", email="eve-21@example.com")
        ask(house, number="21", email="eve-21@example.com", ip="203.0.113.9")


def test_one_mailbox_is_not_flooded_from_many_addresses(house, placed):
    with time_machine.travel(NOON, tick=False):
        for n in range(5):
            ask(house, number=placed.number, ip=f"203.0.113.{n}")

        with pytest.raises(RateLimited) as refused:
            ask(house, number=placed.number, ip="203.0.113.99")

    assert refused.value.retry_after_s == 600
    assert GuestChallenge.objects.count() == 5


def test_hits_and_misses_are_counted_alike(house, placed):
    def tries(number: str) -> int:
        for n in range(100):
            try:
                ask(house, number=number, email=f"{number}-{n}@example.com", ip=f"{number}.{n}")
            except RateLimited:
                return n
        return 100

    with time_machine.travel(NOON, tick=False):
        assert tries(placed.number) == tries("99999") == 10


def test_codes_cannot_be_guessed_over_many_claims(house):
    with time_machine.travel(NOON, tick=False):
        for _ in range(30):
            with pytest.raises(InvalidInput):
                confirm(house, "nonsense", "123456")

        with pytest.raises(RateLimited):
            confirm(house, "nonsense", "123456")


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_share_no_try_and_no_session():
    order = make_order()
    challenge = make_challenge(order, token="claim")
    code = actions.issue_code(challenge, order)
    opened, together = [], threading.Barrier(8)

    def guess():
        together.wait()
        with contextlib.suppress(InvalidInput):
            opened.append(
                actions.confirm_guest_access(order.shop, challenge="claim", code=code, ip="198.51.100.7", at=NOON)
            )
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == CustomerSession.objects.count() == 1
    assert GuestChallenge.objects.get().tries <= 5


# -- the token ---------------------------------------------------------------------------------------------------------


def test_a_guests_token_ends_and_opens_no_other_shop(house, placed):
    challenge = ask(house, number=placed.number)
    jobs.run_due()
    token, _session = confirm(house, challenge, mailed_code())
    other = make_shop()

    assert actions.authenticate(token, api_url=None)
    for api_url in (other.saleor_api_url, "https://evil.test/graphql/"):
        with pytest.raises(Unauthenticated):
            actions.authenticate(token, api_url=api_url)
    for forged in ("acg_", "acg_nonsense", token + "x", token.removeprefix("acg_")):
        with pytest.raises(Unauthenticated):
            actions.authenticate(forged, api_url=None)
    with time_machine.travel(clock.now() + timedelta(minutes=31)), pytest.raises(Unauthenticated):
        actions.authenticate(token, api_url=None)
