"""The practice shop speaks only what Saleor speaks, in each version."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    validate,
)

from saleor_aftercare.connection import documents
from saleor_aftercare.sandbox import schema as practice

SCHEMAS = Path(__file__).parents[3] / "shared" / "saleor" / "schema"


def saleors(version: str) -> GraphQLSchema:
    """Saleor's own schema of this version, where it is at hand."""
    files = sorted(SCHEMAS.glob(f"schema-{version}*.graphql"))
    if not files:
        pytest.skip(f"Saleor's {version} schema is not beside this repository")
    return build_schema(files[0].read_text(encoding="utf-8"), assume_valid=True)


def differences(ours: GraphQLSchema, theirs: GraphQLSchema) -> list[str]:
    """Everything that we serve and Saleor does not, or differently."""
    found: list[str] = []
    for name, kind in ours.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        other = theirs.type_map.get(name)
        if type(other) is not type(kind):
            found.append(f"{name}: {type(other).__name__} in Saleor")
        elif isinstance(kind, GraphQLEnumType):
            found += [f"{name}.{value}" for value in kind.values.keys() - other.values.keys()]
        elif isinstance(kind, GraphQLUnionType):
            names = {x.name for x in other.types}
            found += [f"{name} | {x.name}" for x in kind.types if x.name not in names]
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            names = {x.name for x in other.interfaces}
            found += [f"{name} & {x.name}" for x in kind.interfaces if x.name not in names]
            for field, definition in kind.fields.items():
                found += _field_differences(f"{name}.{field}", definition, other.fields.get(field))
        elif isinstance(kind, GraphQLInputObjectType):
            for field, definition in kind.fields.items():
                theirs_field = other.fields.get(field)
                theirs_type = str(getattr(theirs_field, "type", None))
                if not _accepts(theirs_type, str(definition.type)):
                    found.append(f"input {name}.{field}: {definition.type}")
            required = {f for f, d in other.fields.items() if str(d.type).endswith("!")}
            found += [f"input {name} lacks {field}" for field in required - kind.fields.keys()]
    return found


def _field_differences(path: str, ours: object, theirs: object) -> list[str]:
    if theirs is None or str(ours.type) != str(theirs.type):
        return [f"{path}: {ours.type} (Saleor: {getattr(theirs, 'type', None)})"]
    found = []
    for name, argument in ours.args.items():
        other = theirs.args.get(name)
        if other is None or not _accepts(str(other.type), str(argument.type)):
            found.append(f"{path}({name}: {argument.type})")
    required = {name for name, a in theirs.args.items() if str(a.type).endswith("!")}
    return found + [f"{path} lacks argument {name}" for name in required - ours.args.keys()]


def _accepts(theirs: str, ours: str) -> bool:
    """What goes into our argument goes into theirs too: we may insist on what they leave open."""
    return ours in {theirs, f"{theirs}!"}


@pytest.mark.parametrize("version", practice.VERSIONS)
def test_what_it_serves_is_a_subset_of_saleors_schema(version):
    assert differences(practice.build_schema(version), saleors(version)) == []


def test_the_comparison_notices_what_saleor_does_not_have():
    theirs = build_schema("type Query { a(x: Int!): String  e: E } enum E { ONE }")
    ours = build_schema("type Query { a: String!  b: Int  e: E } enum E { ONE TWO } type T { x: Int }")

    assert sorted(differences(ours, theirs)) == [
        "E.TWO",
        "Query.a: String! (Saleor: String)",
        "Query.b: Int (Saleor: None)",
        "T: NoneType in Saleor",
    ]


def test_what_came_with_3_23_is_missing_from_3_22():
    old, new = practice.build_schema("3.22"), practice.build_schema("3.23")

    assert "reason" not in old.type_map["OrderReturnProductsInput"].fields
    assert "reason" in new.type_map["OrderReturnProductsInput"].fields
    assert "CustomerDeleted" not in old.type_map
    assert "CustomerDeleted" in new.type_map


@pytest.mark.parametrize("version", documents.SUPPORTED)
def test_every_document_that_aftercare_sends_is_served(version: documents.Version) -> None:
    schema = practice.build_schema(f"{version[0]}.{version[1]}")
    stems = [documents.versions_of(path.stem) for path in documents.OPERATIONS.glob("*.graphql")]
    names = sorted({name for name, versions in stems if version in versions})

    refused = {
        name: [error.message for error in errors]
        for name in names
        if (errors := validate(schema, parse(documents.document(name, version))))
    }

    assert names
    assert refused == {}
