"""Changing calendars and policies: versions, checks, and what other shops have to do with it (nothing)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.models import Event, Job
from saleor_aftercare.inbox.sla import editing, queries
from saleor_aftercare.inbox.sla.models import BusinessCalendar, SlaPolicy
from saleor_aftercare.team.models import Team
from tests.make import NOON, make_shop

from .rows import OFFICE, save_calendar, save_policy

pytestmark = pytest.mark.django_db

HOUR_OF_WORK = {"first_response": {"working_minutes": 60}}
HOUR_BY_THE_CLOCK = {"first_response": {"calendar_minutes": 60}}


def test_the_first_calendar_is_the_shops_own_and_another_can_take_its_place():
    shop = make_shop()
    first = save_calendar(shop, is_default=False)
    assert first.is_default

    second = save_calendar(shop, name="Nights")

    assert [(one.name, one.is_default) for one in queries.calendars_of(shop)] == [("Nights", True), ("Office", False)]
    editing.remove_calendar(shop, pk=second.pk, at=NOON, actor=SYSTEM)
    assert [(one.name, one.is_default) for one in queries.calendars_of(shop)] == [("Office", True)]


def test_every_version_of_a_calendar_stays_known():
    shop = make_shop()
    row = save_calendar(shop)
    always = {"time_zone": "UTC", "always_open": True}

    save_calendar(shop, always, pk=row.pk, version=1)

    saved = Event.objects.filter(shop=shop, kind="sla.calendar_saved").order_by("pk")
    assert [(one.data["version"], one.data["document"]) for one in saved] == [(1, OFFICE), (2, always)]


def test_who_saves_a_calendar_or_policy_that_somebody_saved_meanwhile_is_told():
    shop = make_shop()
    row, policy = save_calendar(shop), save_policy(shop, HOUR_OF_WORK)

    with pytest.raises(Conflict, match="reload"):
        save_calendar(shop, pk=row.pk, version=0)
    with pytest.raises(Conflict, match="reload"):
        save_policy(shop, HOUR_BY_THE_CLOCK, key=policy.key, version=0)

    assert queries.policies_of(shop) == [policy]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"document": {"time_zone": "Mars/Olympus", "always_open": True}}, "time_zone"),
        (
            {"document": {"time_zone": "UTC", "hours": {"mon": [{"start": "09:00", "end": "25:00"}]}}},
            "hours.mon[0].end",
        ),
        ({"document": OFFICE | {"holidays": {"country": "XX"}}}, "holidays.country"),
        ({"document": {"time_zone": "UTC"}}, "hours"),
        (
            {"document": {"time_zone": "UTC", "openings": [{"date": "2020-01-01", "start": "09:00", "end": "10:00"}]}},
            "hours",
        ),
        ({"document": {}}, "time_zone"),
    ],
)
def test_what_is_wrong_with_a_calendar_is_named(change: dict[str, Any], field: str):
    values = {"document": OFFICE} | change

    with pytest.raises(InvalidInput) as caught:
        save_calendar(make_shop(), **values)

    assert caught.value.field == field
    assert not BusinessCalendar.objects.exists()


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"targets": {"first_response": {}}}, "targets.first_response"),
        ({"targets": {"first_response": {"working_minutes": 60}}}, "targets.first_response.working_minutes"),
        ({"targets": {"first_response": {"calendar_minutes": 0}}}, "targets.first_response.calendar_minutes"),
        ({"targets": {}, "when": {"channel": "fax"}}, "when.channel"),
        ({"targets": {}, "when": {"priority": "huge"}}, "when.priority"),
        ({"targets": {}, "when": {"team": "77"}}, "when.team"),
        ({"targets": {}, "when": {"customer": "ada"}}, "when.customer"),
        ({"targets": {}, "when": {"mood": "angry"}}, "when.mood"),
        ({"targets": {}, "calendar": "x"}, "document"),
        ({}, "targets"),
    ],
)
def test_what_is_wrong_with_a_policy_is_named(document: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as caught:
        editing.save_policy(
            make_shop(), key=None, version=0, name="All", document=document, calendar_pk=None, at=NOON, actor=SYSTEM
        )

    assert caught.value.field == field
    assert not SlaPolicy.objects.exists()


def test_names_are_unique_whatever_their_case_and_default_is_taken():
    shop = make_shop()
    save_policy(shop, HOUR_BY_THE_CLOCK, name="Urgent")

    for name in ("urgent", "Default"):
        with pytest.raises(InvalidInput) as caught:
            save_policy(shop, HOUR_BY_THE_CLOCK, name=name)
        assert caught.value.field == "name"


def test_a_policy_is_replaced_never_changed_and_saving_the_same_makes_no_version():
    shop = make_shop()
    first = save_policy(shop, HOUR_BY_THE_CLOCK)
    second = save_policy(shop, {"resolution": {"calendar_minutes": 60}}, key=first.key, version=1)
    again = save_policy(shop, {"resolution": {"calendar_minutes": 60}}, key=first.key, version=2)

    assert (second.version, again.pk) == (2, second.pk)
    old = SlaPolicy.objects.get(pk=first.pk)
    assert (old.document, old.replaced_at) == ({"targets": HOUR_BY_THE_CLOCK}, NOON)
    editing.retire_policy(shop, key=first.key, at=NOON, actor=SYSTEM)
    assert queries.policies_of(shop) == []
    assert SlaPolicy.objects.count() == 2


def test_policies_are_put_in_another_order():
    shop = make_shop()
    keys = [save_policy(shop, HOUR_BY_THE_CLOCK, name=name).key for name in ("One", "Two", "Three")]

    editing.order_policies(shop, keys=[keys[2], keys[1], keys[0]], at=NOON, actor=SYSTEM)

    assert [(one.name, one.version) for one in queries.policies_of(shop)] == [("Three", 2), ("Two", 1), ("One", 2)]
    for wrong in ([keys[0]], [keys[0], keys[0], keys[1]], [*keys, uuid.uuid4()]):
        with pytest.raises(InvalidInput):
            editing.order_policies(shop, keys=wrong, at=NOON, actor=SYSTEM)


def test_a_calendar_that_policies_count_in_stays():
    shop = make_shop()
    own, nights = save_calendar(shop), save_calendar(shop, name="Nights", is_default=False)
    save_policy(shop, HOUR_OF_WORK)
    save_policy(shop, HOUR_OF_WORK, name="At night", calendar_pk=nights.pk)

    for row in (own, nights):
        with pytest.raises(Refused):
            editing.remove_calendar(shop, pk=row.pk, at=NOON, actor=SYSTEM)

    assert BusinessCalendar.objects.count() == 2


def test_another_shops_calendars_policies_and_teams_do_not_exist():
    shop, other = make_shop(), make_shop()
    row, policy = save_calendar(other), save_policy(other, HOUR_OF_WORK)
    team = Team.objects.create(shop=other, name="Berlin")

    with pytest.raises(NotFound):
        save_calendar(shop, pk=row.pk, version=1)
    with pytest.raises(NotFound):
        editing.remove_calendar(shop, pk=row.pk, at=NOON, actor=SYSTEM)
    with pytest.raises(NotFound):
        save_policy(shop, HOUR_OF_WORK, calendar_pk=row.pk)
    with pytest.raises(NotFound):
        save_policy(shop, HOUR_BY_THE_CLOCK, key=policy.key, version=1)
    with pytest.raises(NotFound):
        editing.retire_policy(shop, key=policy.key, at=NOON, actor=SYSTEM)
    with pytest.raises(InvalidInput):
        save_policy(shop, HOUR_BY_THE_CLOCK, {"team": str(team.pk)})
    assert not Job.objects.filter(shop=shop).exists()
