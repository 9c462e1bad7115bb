"""Every example of docs/graphql.md is a valid document within the limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import parse

from saleor_aftercare.graphql.core import limits
from saleor_aftercare.graphql.core.documents import Documents
from saleor_aftercare.graphql.core.paging import MAX_COUNTED, MAX_PAGE
from saleor_aftercare.graphql.schema import graphql_schema

TEXT = (Path(__file__).parents[2] / "docs" / "graphql.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```graphql\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_asked(example: str):
    assert Documents(graphql_schema).get(example, {}).document.definitions == parse(example).definitions


def test_there_are_examples_for_customers_guests_and_staff():
    names = {name for example in EXAMPLES for name in re.findall(r"^(?:query|mutation) (\w+)", example, re.MULTILINE)}

    assert {"AccountOrders", "AskForReturn", "Enter", "Inbox", "Settle", "ReturnForm", "ReturnsToDecide"} <= names


def test_the_limits_in_the_docs_are_the_real_ones():
    limits_text = TEXT[TEXT.index("## Limits") :]
    for number in (
        f"Depth {limits.MAX_DEPTH};",
        f"{limits.MAX_FIELDS} fields",
        f"{limits.MAX_WIDTH} in one selection",
        f"{limits.MAX_ALIASES} aliases",
        f"{limits.MAX_ROOTS} root fields",
        f"1 to {MAX_PAGE} rows",
        f"cost of {limits.MAX_COST:,}",
        f"null beyond {MAX_COUNTED:,}",
    ):
        assert number in limits_text
