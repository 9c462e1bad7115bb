"""What happened is written down once, and one broken reaction stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction

from saleor_aftercare.core import events, jobs
from saleor_aftercare.core.events import CUSTOMER, Actor, DomainEvent, Happening, publish, publish_all, reacts_to
from saleor_aftercare.core.models import ActorKind, Event, Job, JobState
from tests.make import HOUR, NOON, make_shop

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class LampLit(DomainEvent):
    kind: ClassVar = "test.lamp_lit"
    subject: ClassVar = "lamp"
    watts: int = 40


@pytest.fixture
def reactions() -> Iterator[dict[str, list[Event]]]:
    """Two reactions to LampLit, one of which crashes for lamps of more than 100 watts."""
    seen: dict[str, list[Event]] = {"careful": [], "fragile": []}

    @reacts_to(LampLit)
    def careful(event: Event) -> None:
        seen["careful"].append(event)

    @reacts_to(LampLit)
    def fragile(event: Event) -> None:
        if event.data["watts"] > 100:
            raise RuntimeError("too bright")
        seen["fragile"].append(event)

    yield seen
    del events._reactions[LampLit.kind]


def test_an_event_says_who_did_what_when_and_to_what():
    shop = make_shop()

    row = publish(LampLit(7, watts=60), shop=shop, at=NOON, actor=Actor(ActorKind.STAFF, "Mei", 3))

    stored = Event.objects.get()
    assert stored == row
    assert (stored.shop, stored.kind, stored.subject, stored.subject_id) == (shop, "test.lamp_lit", "lamp", 7)
    assert (stored.at, stored.actor_kind, stored.actor_name, stored.data) == (NOON, "staff", "Mei", {"watts": 60})


def test_every_reaction_runs_in_a_job_of_its_own(reactions):
    publish(LampLit(7), shop=make_shop(), at=NOON, actor=CUSTOMER)
    assert Job.objects.filter(kind="core.react", state=JobState.PENDING).count() == 2

    jobs.run_due()

    assert [[event.subject_id for event in seen] for seen in reactions.values()] == [[7], [7]]


def test_many_events_are_published_in_their_order_by_one_statement(reactions, django_assert_num_queries):
    shop = make_shop()
    happened = [Happening(LampLit(7, watts=watts), NOON + watts * HOUR, CUSTOMER) for watts in (3, 1, 2)]

    with django_assert_num_queries(1):
        rows = publish_all(happened, shop=shop)

    assert list(Event.objects.order_by("pk")) == rows
    assert [(row.data["watts"], row.at, row.actor_kind) for row in Event.objects.order_by("pk")] == [
        (3, NOON + 3 * HOUR, "customer"),
        (1, NOON + HOUR, "customer"),
        (2, NOON + 2 * HOUR, "customer"),
    ]
    jobs_of = Job.objects.order_by("pk").values_list("payload", "due_at")
    assert [(payload["event"], payload["reaction"], due_at) for payload, due_at in jobs_of] == [
        (row.pk, name, row.at) for row in rows for name in ("careful", "fragile")
    ]
    assert publish_all([], shop=shop) == []


def test_a_crashing_reaction_does_not_stop_the_other(reactions):
    publish(LampLit(7, watts=1000), shop=make_shop(), at=NOON)

    jobs.run_due()

    assert len(reactions["careful"]) == 1
    crashed, fine = Job.objects.order_by("-error")
    assert (crashed.payload["reaction"], crashed.state, crashed.error) == (
        "fragile",
        "pending",
        "crashed: RuntimeError",
    )
    assert (fine.payload["reaction"], fine.state) == ("careful", "done")


def test_what_is_rolled_back_did_not_happen_and_nobody_reacts(reactions):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        publish(LampLit(7), shop=make_shop(), at=NOON)
        raise ZeroDivisionError

    assert Event.objects.count() == Job.objects.count() == 0


def test_a_reaction_that_is_gone_is_not_forgotten_silently(reactions, caplog):
    publish(LampLit(7), shop=make_shop(), at=NOON)
    Job.objects.filter(payload__reaction="careful").update(payload={"event": Event.objects.get().pk, "reaction": "old"})

    jobs.run_due()

    assert "crashed: LookupError" in Job.objects.values_list("error", flat=True)


def test_two_reactions_of_one_name_would_run_for_each_other(reactions):
    def careful(_event: Event) -> None: ...

    with pytest.raises(RuntimeError, match="careful"):
        reacts_to(LampLit)(careful)
