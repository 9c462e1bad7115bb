"""JSON from strangers: whatever is wrong is told with its path, on one line."""

from __future__ import annotations

import json

import pytest

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.reading import Place, parse


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b'{"a": 1', "line 1, column 8: Expecting ',' delimiter"),
        (b"\xff", "byte 0 is no UTF-8"),
        (b'{"a": 1, "b": 2, "a": 3}', 'the key "a" stands twice in one object'),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b"[" * 200_000, "is nested too deeply"),
        (b"9" * 10_000, "is no JSON: Exceeds the limit (4300 digits) for integer string conversion"),
    ],
)
def test_what_is_no_json_is_told_where(raw, message):
    with pytest.raises(InvalidInput) as refused:
        parse(raw)

    assert refused.value.field == "document"
    assert refused.value.message.startswith(message)
    assert len(refused.value.message.splitlines()) == 1


def test_a_byte_order_mark_is_no_mistake():
    assert parse(b'\xef\xbb\xbf{"a": 1}').value == {"a": 1}


def test_an_unknown_field_is_named_with_the_known_ones():
    place = Place({"houres": 1}, "calendar")

    with pytest.raises(InvalidInput, match="is unknown; known here: hours, name") as refused:
        place.fields(required=("hours",), optional=("name",))

    assert refused.value.field == "calendar.houres"


def test_a_missing_field_is_named():
    with pytest.raises(InvalidInput, match="is missing") as refused:
        Place({"hours": None}, "calendar").fields(required=("hours",))

    assert refused.value.field == "calendar.hours"


def test_a_key_with_line_breaks_stays_on_one_line():
    with pytest.raises(InvalidInput) as refused:
        Place({"a\nb": 1}, "ticket").fields()

    assert refused.value.field == 'ticket."a\\nb"'


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (lambda place: place.text(), 5, "must be a text, not a number"),
        (lambda place: place.text(), " ", "must not be empty"),
        (lambda place: place.text(), "a\u2028b", "must be one line without control characters"),
        (lambda place: place.text(), "\ud800", "must be one line without control characters"),
        (lambda place: place.text(most=3), "abcd", "has 4 characters; at most 3 are allowed"),
        (lambda place: place.whole(1, 5), True, "must be a whole number, not true or false"),
        (lambda place: place.whole(1, 5), 1.0, "must be a whole number, not 1.0"),
        (lambda place: place.whole(1, 5), "1", "must be a whole number, not a text"),
        (lambda place: place.whole(1, 5), 6, "must be 1 to 5"),
        (lambda place: place.flag(), 1, "must be true or false, not a number"),
        (lambda place: place.items(most=1), [1, 2], "has 2 entries; it must have 0 to 1"),
        (lambda place: place.items(most=1), {}, "must be a list, not an object"),
        (lambda place: place.date(), "2026-02-30", '"2026-02-30" does not exist'),
        (lambda place: place.date(), "20260203", '"20260203" is not a date such as'),
        (lambda place: place.instant(), "2026-02-03T10:00:00", '"2026-02-03T10:00:00" has no offset from UTC'),
        (lambda place: place.instant(), "2026-02-03", '"2026-02-03" is not a time in ISO 8601'),
        (lambda place: place.instant(), "2026-W05-2T10:00Z", '"2026-W05-2T10:00Z" is not a time in ISO 8601'),
        (lambda place: place.instant(), "2026-02-03T25:00:00Z", '"2026-02-03T25:00:00Z" does not exist'),
        (lambda place: place.instant(), 1770000000, "1770000000 is not a time in ISO 8601"),
    ],
)
def test_a_value_of_another_kind_is_refused(read, value, message):
    with pytest.raises(InvalidInput) as refused:
        read(Place(value, "events[3].at"))

    assert refused.value.field == "events[3].at"
    assert refused.value.message.startswith(message)
    assert len(refused.value.message.splitlines()) == 1


def test_one_text_stands_for_a_list_of_one():
    assert Place("email", "x").texts() == Place(["email"], "x").texts() == {"email"}


def test_a_long_value_is_shown_in_part():
    with pytest.raises(InvalidInput) as refused:
        Place(json.loads('"' + "x" * 500 + '"'), "at").date()

    assert len(refused.value.message) < 120
