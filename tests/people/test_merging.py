"""Two persons turn out to be one, or not after all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.people import actions, queries
from saleor_aftercare.people.merging import gather_stragglers
from saleor_aftercare.people.models import Identity, IdentityKind, Person, PersonMerge
from tests.make import DAY, NOON, make_shop, make_ticket

pytestmark = pytest.mark.django_db


def make_person(shop: Shop, email: str, **values: Any) -> Person:
    person = actions.person_of(shop, kind=IdentityKind.EMAIL, value=email, at=NOON)
    Person.objects.filter(pk=person.pk).update(**values)
    person.refresh_from_db()
    return person


def merge(keep: Person, drop: Person) -> PersonMerge:
    return actions.merge_persons(keep, drop, by_name="Mei", at=NOON)


def picture() -> list[Any]:
    """Everything that belongs to persons, as it stands."""
    return [
        list(Person.objects.order_by("pk").values()),
        list(Identity.objects.order_by("pk").values()),
        list(Ticket.objects.order_by("pk").values_list("pk", "person")),
        list(TicketMessage.objects.order_by("pk").values_list("pk", "person")),
    ]


def test_whoever_is_kept_has_everything_and_the_other_leads_to_them():
    shop = make_shop()
    kept = make_person(shop, "mei@work.test", note="Calls.")
    dropped = make_person(shop, "mei@home.test", name="Mei", language="ja", note="Mornings.", is_vip=True)
    ticket = make_ticket(shop=shop, person=dropped)
    TicketMessage.objects.update(person=dropped)

    merge(kept, dropped)

    kept.refresh_from_db()
    assert (kept.name, kept.language, kept.note, kept.is_vip) == ("Mei", "ja", "Calls.\n\nMornings.", True)
    assert [one.value for one in queries.identities_of(kept)] == ["mei@work.test", "mei@home.test"]
    assert Ticket.objects.get().person == TicketMessage.objects.get().person == kept
    assert queries.get_person(shop, dropped.pk) == kept
    assert actions.person_of(shop, kind=IdentityKind.EMAIL, value="mei@home.test", at=NOON) == kept
    event = Event.objects.get(kind="person.merged")
    assert (event.subject_id, event.data["dropped"]) == (kept.pk, dropped.pk)
    assert ticket.pk in PersonMerge.objects.get().moved["rows"]["ticket.person"]


def test_taken_back_everything_is_as_it_was():
    shop = make_shop()
    kept = make_person(shop, "mei@work.test", note="Calls.")
    dropped = make_person(shop, "mei@home.test", name="Mei", note="Mornings.", is_vip=True)
    make_ticket(shop=shop, person=dropped)
    make_ticket(shop=shop, person=kept)
    before = picture()

    actions.undo_merge(merge(kept, dropped), at=NOON + 30 * DAY)

    assert picture() == before


def test_what_was_written_about_them_since_stays():
    shop = make_shop()
    kept, dropped = make_person(shop, "a@example.test"), make_person(shop, "b@example.test", note="Mornings.")
    done = merge(kept, dropped)
    actions.describe(kept, at=NOON, note="Mornings, and never on Mondays.")
    later = make_ticket(shop=shop, person=kept)

    actions.undo_merge(done, at=NOON)

    kept.refresh_from_db()
    assert kept.note == "Mornings, and never on Mondays."
    assert Ticket.objects.get(pk=later.pk).person == kept


def test_a_merge_is_taken_back_once_within_thirty_days_and_the_later_one_first():
    shop = make_shop()
    a, b, c = (make_person(shop, f"{name}@example.test") for name in "abc")
    first = merge(b, c)
    second = merge(a, b)

    with pytest.raises(Conflict, match="later merge"):
        actions.undo_merge(first, at=NOON)
    actions.undo_merge(second, at=NOON)
    with pytest.raises(Conflict, match="already"):
        actions.undo_merge(second, at=NOON)
    with pytest.raises(Conflict, match="30 days"):
        actions.undo_merge(first, at=NOON + 31 * DAY)

    assert queries.get_person(shop, c.pk) == b


def test_nobody_is_merged_with_themselves_with_another_shops_or_in_a_ring():
    shop = make_shop()
    a, b = make_person(shop, "a@example.test"), make_person(shop, "b@example.test")
    stranger = make_person(make_shop(), "a@example.test")

    for other in (a, stranger):
        with pytest.raises(InvalidInput, match="two persons"):
            merge(a, other)
    merge(a, b)
    with pytest.raises(Conflict, match="merged into another"):
        merge(b, a)

    assert PersonMerge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_the_same_persons_crosswise_one_wins(at_once: Any):
    shop = make_shop()
    a, b = make_person(shop, "a@example.test"), make_person(shop, "b@example.test")

    found = at_once([lambda: merge(a, b).pk, lambda: merge(b, a).pk])

    assert sorted(isinstance(one, str) for one in found) == [False, True]
    assert "CONFLICT" in found
    assert Person.objects.filter(merged_into=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_comes_while_its_sender_is_merged_finds_whom_they_were_merged_into(at_once: Any):
    shop = make_shop()
    a, b = make_person(shop, "a@example.test"), make_person(shop, "b@example.test")

    def write() -> int:
        return actions.person_of(shop, kind=IdentityKind.EMAIL, value="b@example.test", at=NOON).pk

    found = at_once([lambda: merge(a, b).pk, write, write])

    assert not {"CONFLICT", "INVALID"} & {str(one) for one in found}
    assert write() == a.pk
    assert Person.objects.count() == 2


def test_rows_that_were_written_for_the_dropped_one_meanwhile_follow_and_come_back():
    shop = make_shop()
    kept, dropped = make_person(shop, "a@example.test"), make_person(shop, "b@example.test")
    done = merge(kept, dropped)
    late = make_ticket(shop=shop, person=dropped)

    gather_stragglers(done)
    assert Ticket.objects.get(pk=late.pk).person == kept

    actions.undo_merge(done, at=NOON)
    assert Ticket.objects.get(pk=late.pk).person == dropped


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_any_merges_taken_back_in_the_reverse_order_leave_everything_as_it_was(pairs: list[tuple[int, int]]):
    shop = make_shop()
    people = [make_person(shop, f"{n}@example.test", name=f"P{n}", note=f"note {n}") for n in range(5)]
    for person in people:
        make_ticket(shop=shop, person=person)
    before = picture()

    done = []
    for keep, drop in pairs:
        try:
            done.append(merge(people[keep], people[drop]))
        except (Conflict, InvalidInput):
            continue
    alive = Person.objects.filter(shop=shop, merged_into=None)
    assert alive.count() == 5 - len(done)
    assert set(Ticket.objects.filter(shop=shop).values_list("person", flat=True)) <= set(
        alive.values_list("pk", flat=True)
    )
    for one in reversed(done):
        actions.undo_merge(one, at=NOON)

    assert picture() == before
