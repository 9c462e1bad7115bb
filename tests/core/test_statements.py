"""Statements that Django wrote once say for all arguments what Django would write for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db.models import Count, QuerySet

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.statements import KEY, MOMENT, NOW, PERSON, SHOP, TEXT, Statement, written
from saleor_aftercare.inbox.models import Ticket, TicketMessage, TicketState
from tests.make import DAY, NOON, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db

Make = Callable[..., QuerySet[Any, Any]]


def test_arguments_stand_where_the_samples_stood() -> None:
    def make(shop: int, at: Any) -> QuerySet[Ticket, Any]:
        rows = Ticket.objects.filter(shop=shop, state=TicketState.NEW, due_at__lt=at, breach_at__gt=at)
        return rows.values_list("number", "subject")

    kept = written(make, SHOP, NOW)

    assert kept is not None
    assert kept.names == ("number", "subject")
    parameters = kept.parameters(7, NOON)
    assert sorted(map(str, parameters)) == sorted(map(str, [7, "new", NOON, NOON]))
    assert {type(one) for one in parameters} == {int, str, type(NOON)}


def test_arguments_inside_of_arrays_are_found() -> None:
    def make(person: int) -> QuerySet[TicketMessage, Any]:
        return TicketMessage.objects.filter(mentions__contains=[3, person]).values_list("pk")

    kept = written(make, PERSON)

    assert kept is not None
    assert kept.parameters(11) == [3, 11]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda at: Ticket.objects.filter(due_at__lt=at - timedelta(hours=1)), id="computed"),
        pytest.param(lambda at: Ticket.objects.filter(due_at__year=at.year), id="derived"),
        pytest.param(lambda at: Ticket.objects.filter(pk__in=range(at.day % 4 + 1)), id="text"),
        pytest.param(lambda at: Ticket.objects.filter(due_at__lt=at).annotate(n=Count("messages")), id="no column"),
        pytest.param(lambda _at: Ticket.objects.none(), id="nothing"),
        pytest.param(lambda _at: Ticket.objects.filter(due_at=NOW.one), id="a sample of its own"),
        pytest.param(
            lambda at: TicketMessage.objects.filter(mentions__contains=[at.year, at.month]), id="derived in a list"
        ),
    ],
)
def test_what_depends_on_its_arguments_in_another_way_is_not_kept(make: Make) -> None:
    assert written(make, NOW) is None


def test_rows_are_those_of_values_list_with_moments_in_utc() -> None:
    make_ticket(subject="other shop's")
    ticket = make_ticket(due_at=NOON + DAY)

    def make(shop: int) -> QuerySet[Ticket, Any]:
        return Ticket.objects.filter(shop=shop).values_list("pk", "subject", "due_at", "order__number", "breach_at")

    kept = written(make, SHOP)

    assert kept is not None
    assert kept.rows(ticket.shop_id) == list(make(ticket.shop_id))
    assert kept.rows(ticket.shop_id)[0][2].tzinfo is UTC
    assert kept.rows(0) == []


def test_objects_are_whole_models_with_converted_columns(django_assert_num_queries: Any) -> None:
    shop = make_shop(permissions=["MANAGE_ORDERS"], jwks={"keys": [1]})
    asked = Statement(lambda url: Shop.objects.filter(saleor_api_url=url).defer("app_token"), TEXT)

    (found,) = asked.objects(Shop, shop.saleor_api_url)

    with django_assert_num_queries(0):
        assert found == shop
        assert (found.jwks, found.permissions) == ({"keys": [1]}, ["MANAGE_ORDERS"])
    with django_assert_num_queries(1):
        assert found.app_token == shop.app_token
    found.name = "Renamed"
    found.save(update_fields=["name"])
    assert Shop.objects.get(pk=shop.pk).name == "Renamed"


def test_an_argument_that_looks_like_sql_is_only_a_value() -> None:
    member = make_staff(make_shop(), name="'; DROP TABLE aftercare_shop; --%s")
    asked = Statement(lambda shop, name: StaffMember.objects.filter(shop=shop, name=name), SHOP, TEXT)
    assert asked.objects(StaffMember, member.shop_id, member.name) == [member]
    assert asked.objects(StaffMember, member.shop_id, "%s") == []


def test_a_statement_that_cannot_be_kept_is_a_mistake_of_whoever_wrote_it() -> None:
    asked = Statement(lambda at: Ticket.objects.filter(due_at__year=at.year), MOMENT)
    with pytest.raises(TypeError):
        asked.rows(NOON)


def test_samples_are_all_different() -> None:
    values = [value for sample in (KEY, SHOP, PERSON, NOW, MOMENT, TEXT) for value in sample]
    assert len(set(values)) == 12
