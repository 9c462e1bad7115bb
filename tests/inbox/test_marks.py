"""How conversations are marked: tags, fields of the shop's own, priority, order, cases."""

from __future__ import annotations

from typing import Any

import pytest

from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions.fields import FieldDraft
from saleor_aftercare.inbox.models import (
    CaseKind,
    FieldDefinition,
    FieldKind,
    Priority,
    Tag,
    Ticket,
    TicketState,
    TicketTag,
)
from saleor_aftercare.people.actions import person_of_order
from tests.inbox.test_staff import answer
from tests.make import NOON, make_order, make_shop, make_staff, make_ticket

pytestmark = pytest.mark.django_db


def tag(shop: Shop, name: str) -> Tag:
    return actions.find_or_create_tag(shop, name)


def mark(ticket: Ticket, **changes: Any) -> Ticket:
    return actions.change_tags(ticket, at=NOON, staff=None, **changes)


def names(ticket: Ticket) -> list[str]:
    return sorted(ticket.tags.values_list("name", flat=True))


# -- tags --------------------------------------------------------------------------------------------------------


def test_a_tag_is_the_same_whatever_its_case_and_width():
    shop = make_shop()

    first = tag(shop, " Glass  broken ")

    assert first.name == "Glass broken"
    assert tag(shop, "GLASS BROKEN") == tag(shop, "ｇｌａｓｓ broken") == first
    assert tag(make_shop(), "Glass broken") != first


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a,b", 'say "hi"', "\x00"])
def test_what_cannot_be_a_tag_is_refused(name: str):
    with pytest.raises(InvalidInput) as refused:
        tag(make_shop(), name)

    assert refused.value.field == "name"
    assert not Tag.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_same_tag_at_once_get_one(at_once: Any):
    shop = make_shop()

    assert len(set(at_once([lambda: tag(shop, "Fragile").pk, lambda: tag(shop, "fragile").pk]))) == 1


def test_tags_are_put_on_and_taken_off_and_told_once():
    ticket = make_ticket()
    urgent, glass, old = (tag(ticket.shop, name) for name in ("Urgent", "Glass", "Old"))
    mark(ticket, add=[old])

    mark(ticket, add=[urgent, glass, old], remove=[old])
    mark(ticket, add=[urgent], remove=[old])

    assert names(ticket) == ["Glass", "Urgent"]
    events = Event.objects.filter(kind="ticket.tagged").order_by("pk").values_list("data", flat=True)
    assert list(events) == [
        {"added": [old.pk], "removed": []},
        {"added": sorted([urgent.pk, glass.pk]), "removed": [old.pk]},
    ]


def test_tags_of_other_shops_and_more_than_thirty_are_refused():
    ticket = make_ticket()

    with pytest.raises(InvalidInput, match="no such tag"):
        mark(ticket, add=[tag(make_shop(), "Glass")])
    with pytest.raises(InvalidInput, match="At most 30"):
        mark(ticket, add=[tag(ticket.shop, f"t{n}") for n in range(31)])

    assert not TicketTag.objects.exists()


def test_a_tag_gets_another_name_unless_another_has_it():
    ticket = make_ticket()
    glass, broken = tag(ticket.shop, "Glass"), tag(ticket.shop, "Broken")
    mark(ticket, add=[glass])
    before = Ticket.objects.get(pk=ticket.pk).updated_at

    actions.edit_tag(glass, name="Glassware", color="info", at=NOON.replace(hour=20))
    with pytest.raises(InvalidInput, match="Merge the two"):
        actions.edit_tag(broken, name="GLASSWARE", at=NOON)
    with pytest.raises(InvalidInput) as refused:
        actions.edit_tag(broken, color="#ff0000", at=NOON)

    assert names(ticket) == ["Glassware"]
    assert tag(ticket.shop, "glassware").color == "info"
    assert Ticket.objects.get(pk=ticket.pk).updated_at > before
    assert refused.value.field == "color"


def test_merged_tags_leave_no_conversation_without_and_none_marked_twice():
    shop = make_shop()
    keep, drop = tag(shop, "Broken"), tag(shop, "Defect")
    both, one = make_ticket(shop=shop), make_ticket(shop=shop)
    mark(both, add=[keep, drop])
    mark(one, add=[drop])

    actions.merge_tags(keep, drop, at=NOON)

    assert (names(both), names(one)) == (["Broken"], ["Broken"])
    assert list(Tag.objects.values_list("name", flat=True)) == ["Broken"]
    with pytest.raises(InvalidInput):
        actions.merge_tags(keep, keep, at=NOON)


def test_an_archived_tag_stays_where_it_is_and_comes_back_when_somebody_uses_it():
    ticket = make_ticket()
    glass = tag(ticket.shop, "Glass")
    mark(ticket, add=[glass])

    actions.archive_tag(glass, archived=True, at=NOON)

    assert names(ticket) == ["Glass"]
    assert tag(ticket.shop, "glass").archived_at is None


# -- fields ------------------------------------------------------------------------------------------------------


def field(shop: Shop, key: str, kind: FieldKind = FieldKind.TEXT, **values: Any) -> FieldDefinition:
    labels = {"en": key.capitalize(), "ja": "項目"}
    return actions.save_field(shop, FieldDraft(**({"key": key, "kind": kind, "labels": labels} | values)))


OPTIONS = (("a", {"en": "Line A"}), ("b", {"en": "Line B"}))


@pytest.mark.parametrize(
    ("kind", "raw", "held"),
    [
        (FieldKind.TEXT, "  two\nlines ", "two lines"),
        (FieldKind.NUMBER, "0012.500", "12.5"),
        (FieldKind.NUMBER, "1e3", "1000"),
        (FieldKind.NUMBER, "-0.10", "-0.1"),
        (FieldKind.DATE, "2026-11-22", "2026-11-22"),
        (FieldKind.CHECKBOX, "true", "true"),
        (FieldKind.CHOICE, "b", "b"),
        (FieldKind.NUMBER, "  ", None),
    ],
)
def test_a_field_holds_one_spelling_of_what_was_written(kind: FieldKind, raw: str, held: str | None):
    ticket = make_ticket()
    field(ticket.shop, "line", kind, options=OPTIONS if kind == FieldKind.CHOICE else ())

    actions.set_fields(ticket, {"line": raw}, at=NOON, staff=None)

    assert Ticket.objects.get(pk=ticket.pk).fields.get("line") == held


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (FieldKind.TEXT, "x" * 1001),
        (FieldKind.NUMBER, "twelve"),
        (FieldKind.NUMBER, "NaN"),
        (FieldKind.NUMBER, "1e99"),
        (FieldKind.DATE, "22.11.2026"),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.CHECKBOX, "yes"),
        (FieldKind.CHOICE, "c"),
    ],
)
def test_what_a_field_cannot_hold_is_refused_by_its_name_and_nothing_is_filled_in(kind: FieldKind, raw: str):
    ticket = make_ticket()
    field(ticket.shop, "line", kind, options=OPTIONS if kind == FieldKind.CHOICE else ())
    field(ticket.shop, "other")

    with pytest.raises(InvalidInput) as refused:
        actions.set_fields(ticket, {"other": "fine", "line": raw}, at=NOON, staff=None)

    assert refused.value.field == "fields.line"
    assert Ticket.objects.get(pk=ticket.pk).fields == {}


def test_fields_that_are_not_named_stay_and_none_empties_one():
    ticket = make_ticket(fields={"a": "1", "b": "2"})
    field(ticket.shop, "a")
    field(ticket.shop, "b")

    actions.set_fields(ticket, {"a": None}, at=NOON, staff=None)

    assert Ticket.objects.get(pk=ticket.pk).fields == {"b": "2"}
    assert Event.objects.get(kind="ticket.described").data["changed"] == ["fields"]


def test_nothing_is_solved_before_its_required_fields_are_filled_in_whoever_solves_it():
    ticket = make_ticket()
    field(ticket.shop, "cause", required_to_solve=True)
    checked = field(ticket.shop, "checked", FieldKind.CHECKBOX, required_to_solve=True)

    with pytest.raises(InvalidInput, match="“Cause”") as refused:
        actions.move_ticket(ticket, "solve", at=NOON, staff=None)
    assert refused.value.field == "fields.cause"
    with pytest.raises(InvalidInput, match="“Cause”"):
        answer(ticket, sending=actions.Sending(move="solve"))

    actions.set_fields(ticket, {"cause": "Glass", "checked": "false"}, at=NOON, staff=None)
    with pytest.raises(InvalidInput) as refused:
        actions.move_ticket(ticket, "solve", at=NOON, staff=None)
    assert refused.value.field == "fields.checked"
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.NEW

    actions.archive_field(checked, archived=True, at=NOON)
    assert actions.move_ticket(ticket, "solve", at=NOON, staff=None).state == TicketState.SOLVED


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"key": "Line"}, "key"),
        ({"key": "9line"}, "key"),
        ({"key": "line"}, "key"),
        ({"labels": {}}, "labels"),
        ({"labels": {"fr": "Ligne"}}, "labels"),
        ({"labels": {"en": "x" * 61}}, "labels"),
        ({"options": OPTIONS}, "options"),
        ({"kind": FieldKind.CHOICE}, "options"),
        ({"kind": FieldKind.CHOICE, "options": (*OPTIONS, OPTIONS[0])}, "options.2.value"),
        ({"kind": FieldKind.CHOICE, "options": (("a", {}),)}, "options.0.labels"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused_by_name(values: dict[str, Any], at: str):
    shop = make_shop()
    field(shop, "line")

    with pytest.raises(InvalidInput) as refused:
        field(shop, **({"key": "new"} | values))

    assert refused.value.field == at
    assert FieldDefinition.objects.count() == 1


def test_a_field_keeps_its_key_and_kind_and_moves_to_another_place():
    shop = make_shop()
    first, second = field(shop, "first"), field(shop, "second")

    renamed = FieldDraft(key="first", kind=FieldKind.TEXT, labels={"ja": "最初"}, required_to_solve=True)
    actions.save_field(shop, renamed, definition=first)
    with pytest.raises(InvalidInput, match="keeps its key"):
        actions.save_field(shop, FieldDraft(key="first", kind=FieldKind.DATE, labels={"en": "x"}), definition=first)
    actions.order_fields(shop, [second])

    shown = FieldDefinition.objects.order_by("position").values_list("key", "labels", "required_to_solve")
    assert list(shown) == [("second", {"en": "Second", "ja": "項目"}, False), ("first", {"ja": "最初"}, True)]


# -- the rest ----------------------------------------------------------------------------------------------------


def test_a_priority_is_set_once_and_told():
    ticket = make_ticket()

    actions.set_priority(ticket, Priority.URGENT, at=NOON, staff=make_staff(ticket.shop, name="Mei"))
    actions.set_priority(ticket, Priority.URGENT, at=NOON, staff=None)
    with pytest.raises(InvalidInput):
        actions.set_priority(ticket, 9, at=NOON, staff=None)

    assert Ticket.objects.get(pk=ticket.pk).priority == Priority.URGENT
    assert Event.objects.get(kind="ticket.prioritized").data == {"priority": 3, "before": 1}
    assert ticket.messages.get(event="ticket.priority_urgent").event_data == {"by": "Mei"}


def test_the_language_of_answers_can_be_another():
    ticket = make_ticket()

    actions.describe(ticket, language="ja", at=NOON, staff=None)
    for wrong in ("", "japanese", "日本"):
        with pytest.raises(InvalidInput) as refused:
            actions.describe(ticket, language=wrong, at=NOON, staff=None)
        assert refused.value.field == "language"

    assert Ticket.objects.get(pk=ticket.pk).language == "ja"
    assert Event.objects.get(kind="ticket.described").data["before"] == {"language": "en"}


def test_an_order_of_the_same_customer_is_linked_and_unlinked():
    order = make_order()
    ticket = make_ticket(shop=order.shop, customer_email=order.email)

    actions.link_order(ticket, order, at=NOON, staff=None)
    assert Ticket.objects.get(pk=ticket.pk).order == order
    actions.link_order(ticket, None, at=NOON, staff=None)

    assert Ticket.objects.get(pk=ticket.pk).order is None
    assert list(ticket.messages.exclude(event="").order_by("pk").values_list("event", flat=True)) == [
        "ticket.order_linked",
        "ticket.order_unlinked",
    ]


def test_an_order_under_another_address_of_the_same_person_is_linked():
    order = make_order(email="mei@work.test")
    person = person_of_order(order, at=NOON)
    ticket = make_ticket(shop=order.shop, customer_email="mei@home.test", person=person)

    assert actions.link_order(ticket, order, at=NOON, staff=None).order_id == order.pk


def test_an_order_of_somebody_else_shows_them_the_conversation_only_if_staff_mean_it():
    order = make_order()
    ticket = make_ticket(shop=order.shop)

    with pytest.raises(Refused, match="somebody else") as refused:
        actions.link_order(ticket, order, at=NOON, staff=None)
    assert refused.value.field == "orderId"
    assert Ticket.objects.get(pk=ticket.pk).order is None

    assert actions.link_order(ticket, order, across_customers=True, at=NOON, staff=None).order_id == order.pk
    with pytest.raises(InvalidInput, match="no such order"):
        actions.link_order(ticket, make_order(), at=NOON, staff=None)


def test_a_case_leaves_the_conversation_where_it_was_told_and_is_told_in_one():
    shop = make_shop()
    old = make_ticket(shop=shop, about=(CaseKind.RETURN, 7))
    new = make_ticket(shop=shop, customer_email=old.customer_email)

    actions.link_case(
        new,
        kind=CaseKind.RETURN,
        case_id=7,
        number="RMA-1007",
        customer_email=old.customer_email,
        at=NOON,
        staff=None,
    )

    assert (old.links.count(), new.links.count()) == (0, 1)
    assert old.messages.get(event="ticket.case_left").event_data["number"] == "RMA-1007"
    with pytest.raises(Refused):
        actions.link_case(
            make_ticket(shop=shop),
            kind=CaseKind.RETURN,
            case_id=7,
            number="RMA-1007",
            customer_email=old.customer_email,
            at=NOON,
            staff=None,
        )
