"""Text with variables that merchants write: what is filled in, what is named, and what hostile text cannot do."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.liquid import MAX_OUTPUT, MAX_SOURCE, Rendered, check, left_over, render

VALUES: dict[str, Any] = {
    "customer": {"name": "Ada", "phone": ""},
    "order": {"number": "1001", "items": [{"name": "Mill"}, {"name": "Cup"}], "placed_on": date(2025, 6, 10)},
}


def test_variables_are_filled_in_and_those_without_a_value_are_named_once():
    found = render("Dear {{ customer.name }}: {{ parcel.number }}, {{parcel.number}} {{ customer.phone }}", VALUES)

    assert found == Rendered(
        "Dear Ada: {{ parcel.number }}, {{ parcel.number }} {{ customer.phone }}", ("parcel.number", "customer.phone")
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% for item in order.items %}- {{ item.name }}\n{% endfor %}", "- Mill\n- Cup\n"),
        ("{% if parcel.number %}sent{% else %}not sent{% endif %}", "not sent"),
        ("{% unless customer.phone %}no telephone{% endunless %}", "no telephone"),
        ("{{ customer.phone | default: 'none' }}", "none"),
        ("{{ customer.name | upcase }} {{ order.items | size }}", "ADA 2"),
        ("{{ customer.name | truncate: 2 }}", "A…"),
        ("{% comment %}for us{% endcomment %}{{ order.number }}", "1001"),
        ("Braces { and } and }} mean nothing", "Braces { and } and }} mean nothing"),
    ],
)
def test_conditions_loops_and_filters(source: str, text: str):
    assert render(source, VALUES) == Rendered(text, ())


@pytest.mark.parametrize(("language", "text"), [("en", "June 10, 2025"), ("ja", "2025年6月10日")])
def test_dates_are_written_as_the_reader_writes_them(language: str, text: str):
    with translation.override(language):
        assert render("{{ order.placed_on | date: '%1000000000d' }}", VALUES).text == text


def test_a_group_of_values_is_no_text_and_what_python_knows_of_it_stays_hidden():
    found = render("{{ order }}{{ customer.__class__ }}{{ customer.keys }}{{ customer.name.upper }}", VALUES)

    assert found.missing == ("order", "customer.__class__", "customer.keys", "customer.name.upper")


def test_a_value_is_not_filled_in_again():
    assert render("{{ customer.name }}", {"customer": {"name": "{{ order.number }}"}}) == Rendered(
        "{{ order.number }}", ()
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ customer",
        "{% if %}",
        "{% if a %}",
        "{% endfor %}",
        "{% assign a = 1 %}",
        "{% capture a %}{% endcapture %}",
        "{% include 'a' %}",
        "{% render 'a' %}",
        "{{ 'a' | append: 'b' }}",
        "{{ 'a' | replace: 'a', 'aaaa' }}",
        "{{ a | nothing }}",
        "a\0b",
        "\ue000a\ue001",
        "x" * (MAX_SOURCE + 1),
        "{{" * 9000,
        "{%" * 9000,
        "{{ a }}" * 2000,
        "{% if a %}" * 250,
        "{{ " + "a[" * 200 + "]" * 200 + " }}",
        "{{ '" + "a" * 19_000 + "' }}",
    ],
)
def test_what_is_no_template_is_refused_at_once(source: str):
    began = time.perf_counter()

    with pytest.raises(InvalidInput) as refused:
        check(source, "texts.en.body")

    assert refused.value.field == "texts.en.body"
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in (1..100000000) %}a{% endfor %}",
        "{% for a in (1..400) %}{% for b in (1..400) %}x{% endfor %}{% endfor %}",
        "{% for a in (1..400) %}" + "x" * 1000 + "{% endfor %}",
    ],
)
def test_what_would_take_long_or_grow_large_stops(source: str):
    began = time.perf_counter()

    with pytest.raises(InvalidInput):
        render(source, VALUES)

    assert time.perf_counter() - began < 0.5


@given(st.text(alphabet="{}%|. :'ab1()[]_\nifendorcasewhn", max_size=300))
def test_any_text_is_filled_in_or_refused_and_stays_small(source: str):
    with contextlib.suppress(InvalidInput):
        assert len(render(source, VALUES).text) <= MAX_OUTPUT


def test_variables_left_in_a_finished_text_are_found():
    assert left_over("{{ order.number }} {{customer.name | upcase}} {{ this }} {{ 1 + 1 }} { order.number }") == (
        "order.number",
        "customer.name",
    )
