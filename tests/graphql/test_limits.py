"""Deep, wide and dear queries are refused before they cost anything."""

from __future__ import annotations

import time

import pytest
from graphql import GraphQLError, parse

from saleor_aftercare.graphql.core.documents import DocumentError, Documents
from saleor_aftercare.graphql.core.limits import MAX_COST, MAX_DEPTH, Measure
from saleor_aftercare.graphql.schema import graphql_schema


def refuse(text: str, **variables: object) -> str:
    with pytest.raises(DocumentError) as caught:
        Documents(graphql_schema).get(text, variables)
    return caught.value.errors[0].message


def accept(text: str, **variables: object) -> None:
    Documents(graphql_schema).get(text, variables)


def nested(levels: int) -> str:
    """``order { returns { order { … id } } }`` with this many levels."""
    names = ["order(id: 1)", *(["returns", "order"] * levels)][: levels - 1]
    return "{ " + " { ".join(names) + " { id " + "} " * len(names) + "}"


def test_depth_is_bounded():
    assert "levels deep" in refuse(nested(MAX_DEPTH + 1))
    assert Measure(graphql_schema, parse(nested(MAX_DEPTH))).check() > 0


def test_depth_counts_through_fragments():
    text = "query { order(id: 1) { ...A } }" + "".join(
        f" fragment {name} on Order {{ returns {{ order {{ ...{following} }} }} }}"
        for name, following in zip("ABCDEF", "BCDEFG", strict=True)
    )

    assert "levels deep" in refuse(text + " fragment G on Order { id }")


def test_fragments_that_contain_themselves_are_refused():
    assert "contains itself" in refuse("{ order(id: 1) { ...A } } fragment A on Order { returns { order { ...A } } }")


def test_aliases_are_bounded():
    many = " ".join(f"a{n}: name" for n in range(41))

    assert "aliases" in refuse(f"{{ shop {{ {many} }} }}")


def test_root_fields_are_bounded():
    many = " ".join(f"a{n}: viewer {{ kind }}" for n in range(16))

    assert "at its root" in refuse(f"{{ {many} }}")


def test_mutations_are_bounded_like_queries():
    many = " ".join(f'a{n}: guestAccessConfirm(challenge: "x", code: "{n}") {{ token }}' for n in range(16))

    assert "at its root" in refuse(f"mutation {{ {many} }}")


def test_repeated_fields_count():
    assert "fields" in refuse("{ shop { " + "name " * 81 + "} }")


def test_fragments_do_not_hide_width():
    spreads = " ".join(f"...F{n}" for n in range(9))
    fragments = " ".join(f"fragment F{n} on ShopInfo {{ {'name ' * 10} }}" for n in range(9))

    assert "One selection" in refuse(f"{{ shop {{ {spreads} }} }} {fragments}")


def test_fragments_that_double_are_counted_without_being_expanded():
    chain = " ".join(f"fragment F{n} on Order {{ a{n}: returns {{ order {{ ...F{n + 1} }} }} }}" for n in range(3))
    doubling = " ".join(f"fragment G{n} on Order {{ ...G{n + 1} ...G{n + 1} }}" for n in range(60))
    started = time.perf_counter()

    message = refuse(
        f"{{ order(id: 1) {{ ...G0 }} }} {doubling} fragment G60 on Order {{ id }} {chain}"
        " fragment F3 on Order { id }"
    )

    assert "fields" in message
    assert time.perf_counter() - started < 0.5


def test_the_cost_of_pages_multiplies():
    text = """{ tickets(first: 100) { edges { node { messages(first: 100) { edges { node { id body } } } } } } }"""

    assert "would cost" in refuse(text)
    assert Measure(graphql_schema, parse(text)).check() > MAX_COST


def test_the_cost_of_pages_in_variables_is_that_of_the_values():
    text = """query ($n: Int, $m: Int) {
        tickets(first: $n) { edges { node { messages(first: $m) { edges { node { id body } } } } } }
    }"""

    accept(text, n=10, m=10)
    assert "would cost" in refuse(text, n=100, m=100)


def test_a_page_size_beyond_the_largest_is_measured_as_that():
    assert "would cost" in refuse(
        "{ tickets(first: 999999999) { edges { node { messages(last: 1000000) { edges { node { id body } } } } } } }"
    )


def test_asking_saleor_for_each_row_of_a_list_is_too_dear():
    assert "would cost" in refuse(
        "{ returns(first: 50) { edges { node { settlementPreview { total { amount } } } } } }"
    )
    accept("{ return(id: 1) { settlementPreview { total { amount } } } }")


def test_text_and_tokens_are_bounded():
    assert "characters" in refuse("{ shop { name } }" + " " * 40_000)
    assert "token" in refuse("{ shop { name } }" + "," * 10 + "#\n" + "{a}" * 2_000).lower()


def test_nesting_beyond_the_parser_is_refused():
    assert refuse("{ a " * 3000)


def test_what_is_unknown_is_left_to_the_validator():
    assert "Cannot query field" in refuse("{ unknown { deeper } }")
    assert "Unknown fragment" in refuse("{ shop { ...Missing } }")


def test_subscriptions_do_not_exist():
    assert refuse("subscription { ticketChanged { id } }")


def test_measuring_never_accepts_what_is_over():
    with pytest.raises(GraphQLError):
        Measure(graphql_schema, parse(nested(30)), {}).check()
