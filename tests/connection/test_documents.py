"""Every document that we send holds for every Saleor that we send it to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.validation import NoDeprecatedCustomRule

from saleor_aftercare.connection.documents import OPERATIONS, SUPPORTED, document, nearest, versions_of

SCHEMAS = Path(__file__).parents[3] / "shared" / "saleor" / "schema"

FILES = sorted(OPERATIONS.glob("*.graphql"))
CASES = [
    pytest.param(name, version, id=f"{name} {version[0]}.{version[1]}")
    for name, versions in sorted({versions_of(path.stem) for path in FILES})
    for version in versions
]


@cache
def saleors(version: tuple[int, int]) -> GraphQLSchema:
    files = sorted(SCHEMAS.glob(f"schema-{version[0]}.{version[1]}*.graphql"))
    if not files:
        pytest.skip(f"Saleor's {version[0]}.{version[1]} schema is not beside this repository")
    return build_schema(files[0].read_text(encoding="utf-8"), assume_valid=True)


@pytest.mark.parametrize(("name", "version"), CASES)
def test_saleor_understands_the_document(name, version):
    errors = validate(saleors(version), parse(document(name, version)))

    assert [error.message for error in errors] == []


#: ``where`` compares addresses with their case, so a guest is still looked up by ``filter``.
#: Shops whose stock still goes by shipping zones need the country for what is available; others ignore it.
DEPRECATED_ON_PURPOSE = {"order-lookup", "product-offers", "search-offers", "variant-offers"}


@pytest.mark.parametrize("name", sorted({versions_of(path.stem)[0] for path in FILES} - DEPRECATED_ON_PURPOSE))
def test_nothing_is_used_that_saleor_is_about_to_drop(name):
    newest = SUPPORTED[-1]

    errors = validate(saleors(newest), parse(document(name, newest)), [NoDeprecatedCustomRule])

    assert [error.message for error in errors] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_one_operation_that_is_named_after_it(path):
    (operation,) = parse(path.read_text()).definitions
    assert isinstance(operation, OperationDefinitionNode)

    name, _versions = versions_of(path.stem)
    assert operation.name is not None
    words = name.removeprefix("subscribe-").split("-")
    assert operation.name.value == "Aftercare" + "".join(word.capitalize() for word in words)


def test_every_supported_version_has_every_operation_exactly_once():
    names = {versions_of(path.stem)[0] for path in FILES}

    for name in names:
        claims = [
            version for path in FILES for version in versions_of(path.stem)[1] if versions_of(path.stem)[0] == name
        ]
        assert sorted(claims) == sorted(SUPPORTED), name


@pytest.mark.parametrize(
    ("stem", "name", "versions"),
    [
        ("order", "order", SUPPORTED),
        ("order-money-3.22", "order-money", ((3, 22),)),
        ("subscribe-customers-3.23-3.24", "subscribe-customers", ((3, 23), (3, 24))),
        ("order-note", "order-note", SUPPORTED),
    ],
)
def test_a_file_name_says_for_which_versions_it_holds(stem, name, versions):
    assert versions_of(stem) == (name, versions)


@pytest.mark.parametrize(
    ("asking", "answered"),
    [((3, 9), (3, 22)), ((0, 0), (3, 22)), ((3, 23), (3, 23)), ((3, 30), (3, 24)), ((4, 0), (3, 24))],
)
def test_a_version_that_we_were_not_made_for_gets_the_documents_of_the_nearest(asking, answered):
    assert nearest(asking) == answered
    assert document("order-money", asking) == document("order-money", answered)


def test_a_document_that_there_is_not_is_our_bug():
    with pytest.raises(LookupError, match="no-such"):
        document("no-such", (3, 23))


def test_a_fragment_comes_once_however_often_it_is_used():
    assert document("subscribe-orders", (3, 23)).count("fragment AddressFields") == 1


def test_no_query_selects_what_nulls_whole_orders():
    for name, version in (case.values for case in CASES):
        fields: set[str] = set()

        def walk(node, fields=fields):
            for child in getattr(getattr(node, "selection_set", None), "selections", ()):
                if isinstance(child, FieldNode):
                    fields.add(child.name.value)
                walk(child)

        for definition in parse(document(name, version)).definitions:
            walk(definition)
        if name in ("stock", "restock"):  # of a variant, which an app with MANAGE_PRODUCTS may read
            fields.discard("privateMetadata")
        assert not fields & {"origin", "privateMetadata"}, name


def test_every_subscription_says_what_happened_when_and_to_whom():
    for path in OPERATIONS.glob("subscribe-*.graphql"):
        name, versions = versions_of(path.stem)
        text = document(name, versions[0])
        assert all(word in text for word in ("__typename", "issuedAt", "recipient")), path.stem
