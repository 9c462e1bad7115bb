"""The schema as a contract: committed, described, and the same as what runs."""

from __future__ import annotations

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from saleor_aftercare.graphql.schema import PRINTED, graphql_schema, printed_schema

OWN = {name: kind for name, kind in graphql_schema.type_map.items() if not name.startswith("__")}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def test_the_committed_schema_is_the_one_that_runs():
    assert PRINTED.read_text(encoding="utf-8") == printed_schema(), "Run: python -m saleor_aftercare.graphql"


def test_every_type_field_argument_and_value_is_described():
    bare = []
    for name, kind in OWN.items():
        if name not in BUILT_IN and not kind.description:
            bare.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                bare += [] if field.description else [f"{name}.{field_name}"]
                bare += [f"{name}.{field_name}({arg})" for arg, one in field.args.items() if not one.description]
        elif isinstance(kind, GraphQLInputObjectType):
            bare += [f"{name}.{one}" for one, field in kind.fields.items() if not field.description]
        elif isinstance(kind, GraphQLEnumType):
            bare += [f"{name}.{one}" for one, value in kind.values.items() if not value.description]

    assert bare == []


def test_every_mutation_answers_with_errors_and_otherwise_nullable_fields():
    assert graphql_schema.mutation_type is not None
    for name, field in graphql_schema.mutation_type.fields.items():
        payload = field.type
        assert isinstance(payload, GraphQLObjectType), name
        assert str(payload.fields["errors"].type) == "[AftercareError!]!", name
        required = {one for one, value in payload.fields.items() if str(value.type).endswith("!")} - {"errors"}
        # The challenge says nothing about the order: it is always there.
        assert required == ({"challenge"} if name == "guestAccessRequest" else set()), name


def test_connections_have_saleors_shape():
    for name, kind in OWN.items():
        if name.endswith("CountableConnection"):
            assert isinstance(kind, GraphQLObjectType)
            assert set(kind.fields) == {"edges", "pageInfo", "totalCount"}, name
