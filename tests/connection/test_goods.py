"""What Saleor says about the goods of a line: weights, collections, metadata, and money paid with gift cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.connection.goods import (
    MAX_GRAMS,
    MAX_METADATA,
    collection_slugs,
    public_metadata,
    unit_weight_g,
)


def weighed(unit, value):
    return {"weight": {"unit": unit, "value": value}}


@pytest.mark.parametrize(
    ("unit", "value", "grams"),
    [("KG", 1.35, 1350), ("G", 99.5, 100), ("LB", 1.0, 454), ("OZ", 1.0, 28), ("TONNE", 0.001, 1000), ("G", 0.2, 1)],
)
def test_weights_are_read_in_every_unit_of_saleor(unit, value, grams):
    assert unit_weight_g(weighed(unit, value)) == grams


def test_the_variant_comes_before_the_product_and_that_before_its_type():
    nothing = weighed("KG", 0.0)
    kind = {"productType": weighed("KG", 1.0)}

    assert unit_weight_g(weighed("KG", 3.0) | {"product": weighed("KG", 2.0) | kind}) == 3000
    assert unit_weight_g(nothing | {"product": weighed("KG", 2.0) | kind}) == 2000
    assert unit_weight_g(nothing | {"product": nothing | kind}) == 1000
    assert unit_weight_g(nothing | {"product": nothing | {"productType": nothing}}) is None


@pytest.mark.parametrize(
    "variant",
    [
        {},
        {"product": None},
        weighed("KG", -1),
        weighed("STONE", 5),
        weighed("TONNE", 99),
        weighed("G", "NaN"),
        weighed("G", "x"),
    ],
)
def test_a_weight_that_makes_no_sense_is_no_weight(variant):
    assert unit_weight_g(variant) is None


@given(st.sampled_from(["G", "KG", "LB", "OZ", "TONNE"]), st.floats(allow_nan=True, allow_infinity=True))
def test_whatever_number_comes_a_weight_fits_its_column(unit, value):
    grams = unit_weight_g(weighed(unit, value))

    assert grams is None or 1 <= grams <= MAX_GRAMS


def test_metadata_that_a_rule_cannot_name_is_left_out():
    items = [{"key": f"k{n:03}", "value": "v"} for n in range(80)]
    long = [{"key": "a" * 101, "value": "v"}, {"key": "b", "value": "v" * 201}]

    kept = public_metadata({"metadata": [*long, *items]})

    assert len(kept) == MAX_METADATA
    assert kept["k000"] == "v"
    assert "b" not in kept


def test_collections_are_sorted_and_each_once():
    assert collection_slugs({"collections": [{"slug": "b"}, {"slug": "a"}, {"slug": "b"}]}) == ["a", "b"]
    assert collection_slugs({"collections": None}) == []
