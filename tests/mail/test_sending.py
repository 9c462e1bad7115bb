"""Sending: once, whatever breaks, and honest about what nobody can know."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRecipientsRefused

from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.models import Event, Job, JobState
from saleor_aftercare.mail import letters, tasks
from saleor_aftercare.mail.models import DELIVERY_WORKFLOW, DeliveryState, OutboundMessage, Purpose
from tests.crash import WorkerDied, dies_at_statement
from tests.machines import assert_one_winner, illegal_pairs, legal_moves, unreachable
from tests.mail.post import Post
from tests.make import NOON, make_letter, make_suppression

pytestmark = pytest.mark.django_db


def scheduled(**values: Any) -> OutboundMessage:
    letter = make_letter(**values)
    letters._schedule(letter, at=NOON)
    return letter


def states(letter: OutboundMessage) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, Job.objects.filter(kind="mail.send").latest("pk").state


def run_until_quiet() -> None:
    """Run what is due now and all that is put off, by moving the clock; dead workers' leases end meanwhile."""
    with time_machine.travel(clock.real_now(), tick=False) as travel:
        for _round in range(20):
            jobs.take_back_expired_leases()
            jobs.run_due()
            travel.shift(timedelta(hours=1))


def test_a_letter_is_sent_and_says_so(post):
    letter = scheduled()

    jobs.run_due()

    assert states(letter) == (DeliveryState.SENT, JobState.DONE)
    (sent,) = post.taken
    assert sent.message()["Message-ID"] == letter.message_id


def test_the_job_may_run_as_often_as_it_likes(post):
    letter = scheduled()
    jobs.run_due()
    job = Job.objects.get(kind="mail.send")

    tasks.send_letter(job)
    tasks.send_letter(job)

    assert len(post.taken) == 1
    assert states(letter)[0] == DeliveryState.SENT


@pytest.mark.parametrize(
    ("answer", "letter_state", "job_state"),
    [
        (AnymailAPIError("busy", status_code=429), DeliveryState.PENDING, JobState.PENDING),
        (AnymailAPIError("broken", status_code=503), DeliveryState.PENDING, JobState.PENDING),
        (AnymailAPIError("no", status_code=422), DeliveryState.FAILED, JobState.DONE),
        (AnymailInvalidAddress("ada@"), DeliveryState.FAILED, JobState.DONE),
        (AnymailRecipientsRefused(), DeliveryState.FAILED, JobState.DONE),
        (AnymailAPIError("no answer"), DeliveryState.UNKNOWN, JobState.DONE),
        (smtplib.SMTPServerDisconnected("gone"), DeliveryState.UNKNOWN, JobState.DONE),
        (TimeoutError(), DeliveryState.UNKNOWN, JobState.DONE),
    ],
)
def test_what_a_mail_services_answer_means(post, answer, letter_state, job_state):
    letter = scheduled()
    post.before.append(answer)

    jobs.run_due()

    assert states(letter) == (letter_state, job_state)
    assert letter.error != ""
    assert "ada" not in letter.error


@pytest.mark.parametrize("backend", ["no.such.Backend", "anymail.backends.mailgun.EmailBackend"])
def test_a_backend_that_is_not_set_up_costs_no_letter(settings, backend):
    settings.EMAIL_BACKEND = backend
    letter = scheduled()

    jobs.run_due()

    assert states(letter) == (DeliveryState.PENDING, JobState.PENDING)


def test_no_address_is_ever_logged(post, capfd, caplog):
    letter = scheduled(repeat_if_lost=True)
    post.before += [AnymailInvalidAddress(letter.to_email), OSError(letter.to_email), RuntimeError("our bug")]

    jobs.run_due()
    letters.retry(OutboundMessage.objects.get(pk=letter.pk), at=clock.now())
    run_until_quiet()

    assert states(letter)[0] == DeliveryState.SENT
    printed = "".join(capfd.readouterr()) + caplog.text
    assert "job_deferred" in printed
    assert "customer.test" not in printed


def test_what_was_put_off_is_sent_later_once(post):
    letter = scheduled()
    post.before += [AnymailAPIError("busy", status_code=429)] * 3

    run_until_quiet()

    assert states(letter) == (DeliveryState.SENT, JobState.DONE)
    assert len(post.taken) == 1


def test_a_server_that_never_takes_it_ends_in_failed_and_staff_hear_of_it(post):
    letter = scheduled(subject_type="return", subject_id=7)
    post.before += [AnymailAPIError("busy", status_code=429)] * 99

    with time_machine.travel(clock.real_now(), tick=False) as travel:
        for _round in range(20):
            jobs.run_due()
            travel.shift(timedelta(hours=15))

    assert states(letter) == (DeliveryState.FAILED, JobState.DONE)
    event = Event.objects.get(kind="mail.failed")
    assert event.subject_id == letter.pk
    assert event.data == {"letter_kind": "inbox/reply", "about": "return", "about_id": 7}


def test_a_lost_letter_waits_for_staff(post):
    letter = scheduled()
    post.after.append(TimeoutError())

    run_until_quiet()

    assert states(letter)[0] == DeliveryState.UNKNOWN
    assert Event.objects.filter(kind="mail.lost", subject_id=letter.pk).count() == 1
    assert len(post.taken) == 1


def test_a_lost_letter_better_had_twice_is_sent_again_under_the_same_message_id(post):
    letter = scheduled(repeat_if_lost=True)
    post.after.append(TimeoutError())

    run_until_quiet()

    assert states(letter)[0] == DeliveryState.SENT
    assert [sent.message()["Message-ID"] for sent in post.taken] == [letter.message_id] * 2


def test_staff_can_send_a_failed_letter_again(post):
    letter = scheduled()
    post.before.append(AnymailAPIError("no", status_code=422))
    jobs.run_due()
    letter.refresh_from_db()

    letters.retry(letter, at=clock.now())
    jobs.run_due()

    assert states(letter)[0] == DeliveryState.SENT
    assert len(post.taken) == 1


def test_a_sent_letter_cannot_be_sent_again(post):
    letter = scheduled()
    jobs.run_due()
    letter.refresh_from_db()

    with pytest.raises(Conflict):
        letters.retry(letter, at=NOON)

    assert len(post.taken) == 1


@pytest.mark.parametrize(("purpose", "noticed"), [(Purpose.TRANSACTIONAL, 1), (Purpose.SERVICE, 0)])
def test_a_suppressed_address_gets_nothing(post, purpose, noticed):
    letter = scheduled(purpose=purpose)
    make_suppression(letter.shop, letter.to_email)

    jobs.run_due()

    assert states(letter) == (DeliveryState.FAILED, JobState.DONE)
    assert post.taken == []
    assert Event.objects.filter(kind="mail.failed").count() == noticed


# -- the worker dies between every two steps -----------------------------------------------------------------------


@pytest.mark.parametrize("repeat", [False, True])
def test_a_worker_that_dies_at_any_statement_never_sends_a_second_letter_or_loses_one(post, repeat):
    steps = 0
    for n in range(1, 30):
        Post.reset()
        letter = scheduled(repeat_if_lost=repeat)
        if not dies_at_statement(n, jobs.run_due):
            break
        steps += 1

        run_until_quiet()

        letter.refresh_from_db()
        copies = [sent.message()["Message-ID"] for sent in Post.taken]
        if repeat:
            assert letter.state == DeliveryState.SENT, n
            assert copies, n
            assert set(copies) == {letter.message_id}, n
        else:
            assert len(copies) <= 1, n
            assert letter.state == (DeliveryState.UNKNOWN if not copies else letter.state), n
            assert letter.state in {DeliveryState.SENT, DeliveryState.UNKNOWN}, n
    assert steps >= 6


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_while_handing_over_leaves_the_letter_to_staff(post, moment):
    letter = scheduled()
    getattr(Post, moment).append(WorkerDied())
    with pytest.raises(WorkerDied):
        jobs.run_due()
    assert states(letter) == (DeliveryState.SENDING, JobState.RUNNING)

    run_until_quiet()

    assert states(letter) == (DeliveryState.UNKNOWN, JobState.DONE)
    assert len(post.taken) == (1 if moment == "after" else 0)


# -- the machine ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "action", "target"), legal_moves(DELIVERY_WORKFLOW))
def test_every_legal_move_of_a_letter(state, action, target):
    letter = make_letter(state=state)

    letter.move(action, at=NOON)

    letter.refresh_from_db()
    assert letter.state == target


@pytest.mark.parametrize(("state", "action"), illegal_pairs(DELIVERY_WORKFLOW))
def test_every_other_move_of_a_letter_is_a_conflict(state, action):
    letter = make_letter(state=state)

    with pytest.raises(Conflict):
        letter.move(action, at=NOON)

    letter.refresh_from_db()
    assert letter.state == state


def test_two_workers_cannot_both_begin_to_send():
    assert_one_winner(make_letter, "send")


def test_all_states_of_a_letter_are_reachable():
    assert DELIVERY_WORKFLOW.states() == frozenset(DeliveryState.values)
    assert unreachable(DELIVERY_WORKFLOW, first=DeliveryState.PENDING) == set()
