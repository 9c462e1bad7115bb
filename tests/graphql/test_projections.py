"""Rows answered from columns are answered as the book would, and what no plan knows goes by the book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import graphene
import orjson
import pytest
from graphql import execute, parse

from saleor_aftercare.graphql.core.executor import PlannedExecution
from saleor_aftercare.graphql.core.paging import Edge, Page, connection_of
from saleor_aftercare.graphql.core.projections import Cell, Joined, Many, Projection, named
from saleor_aftercare.graphql.core.scalars import DateTimeType, enum_from
from saleor_aftercare.returns.models import ReturnReason

Reason = enum_from(ReturnReason, {member.name: "." for member in ReturnReason}, ".")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Writer(graphene.ObjectType):
    name = graphene.String(required=True)
    is_me = graphene.Boolean(required=True)


class Word(graphene.ObjectType):
    text = graphene.String(required=True)
    length = graphene.Int(required=True)


class Card(graphene.ObjectType):
    number = graphene.Int(required=True)
    title = graphene.String()
    reason = graphene.Field(Reason)
    at = graphene.Field(DateTimeType)
    writer = graphene.Field(Writer)
    words = graphene.List(graphene.NonNull(Word), required=True)
    shout = graphene.String(times=graphene.Int(default_value=1))
    slow = graphene.String()

    @staticmethod
    def resolve_shout(row: Any, _info: Any, times: int) -> str:
        return "!" * times

    @staticmethod
    def resolve_slow(_row: Any, _info: Any) -> str:
        return "by the book"


Cards = connection_of(Card, "Card")
#: number, title, reason, at, key of the writer, name of the writer
ROWS = (
    (1, "one two", "defective", NOON, 7, "Aki"),
    (2, None, None, None, None, None),
)
COLUMNS = ("number", "title", "reason", "at", "writer_id", "writer__name")


def words_of(_ctx: Any, keys: Sequence[int]) -> Mapping[int, Sequence[str]]:
    return {row[0]: row[1].split() for row in ROWS if row[0] in keys and row[1] is not None}


CARDS = Projection(
    {
        "number": Cell("number"),
        "title": Cell("title"),
        "reason": Cell("reason", named(Reason)),
        "at": Cell("at"),
        "writer": Joined(
            "writer_id",
            {"name": Cell("writer__name"), "isMe": Cell("writer_id", lambda ctx: lambda key: key == ctx.me)},
        ),
        "words": Many(words_of, {"text": lambda word: word, "length": len}),
        "shout": Cell("title"),
    },
    key="number",
)


class Query(graphene.ObjectType):
    cards = graphene.Field(Cards, required=True)

    @staticmethod
    def resolve_cards(_root: None, info: graphene.ResolveInfo) -> Any:
        ctx = info.context
        ctx.plan = CARDS.page(info) if ctx.planned else None
        if ctx.plan is not None:
            at = [COLUMNS.index(column) for column in ctx.plan.rows.columns]
            rows: list[Any] = ctx.plan.rows.finish(ctx, [tuple(row[i] for i in at) for row in ctx.rows])
        else:
            rows = [
                {
                    "number": number,
                    "title": title,
                    "reason": reason,
                    "at": moment_,
                    "writer": writer and {"name": name, "is_me": writer == ctx.me},
                    "words": [{"text": word, "length": len(word)} for word in (title or "").split()],
                }
                for number, title, reason, moment_, writer, name in ctx.rows
            ]
        edges = [Edge(row, (key,)) for row, (key, *_rest) in zip(rows, ctx.rows, strict=True)]
        page = Page(edges, has_next_page=True, has_previous_page=False, count=lambda: 7)
        return page if ctx.plan is None else ctx.plan.finish(page)


schema = graphene.Schema(query=Query)


def answer(text: str, *, planned: bool, rows: Sequence[Any] = ROWS, **variables: Any) -> tuple[Any, bool]:
    context = SimpleNamespace(memory={}, planned=planned, plan=None, me=7, rows=rows)
    result: Any = execute(
        schema.graphql_schema,
        parse(text),
        context_value=context,
        variable_values=variables,
        execution_context_class=PlannedExecution,
    )
    assert result.errors is None
    # As the door sends it: moments are left to the JSON.
    return orjson.loads(orjson.dumps(result.data)), context.plan is not None


EVERYTHING = """{ cards { edges { node { ...All } } } }
fragment All on Card { number headline: title reason at writer { name isMe } words { text n: length } }"""


def test_a_selection_of_known_fields_is_answered_from_columns() -> None:
    assert answer(EVERYTHING, planned=True) == (
        {
            "cards": {
                "edges": [
                    {
                        "node": {
                            "number": 1,
                            "headline": "one two",
                            "reason": "DEFECTIVE",
                            "at": "2026-11-22T12:00:00+00:00",
                            "writer": {"name": "Aki", "isMe": True},
                            "words": [{"text": "one", "n": 3}, {"text": "two", "n": 3}],
                        }
                    },
                    {"node": {"number": 2, "headline": None, "reason": None, "at": None, "writer": None, "words": []}},
                ]
            }
        },
        True,
    )


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING,
        "{ cards { edges { node { number } } } }",
        "{ cards { e: edges { n: node { number, number } } } }",
        "{ cards { edges { node { ... on Card { words { length } } at } } } }",
        "{ cards { totalCount edges { cursor node { at } place: cursor } n: totalCount } }",
        """{ cards { pageInfo { endCursor hasNextPage } info: pageInfo { hasPreviousPage at: startCursor }
        edges { node { writer { isMe } } } } }""",
    ],
)
def test_columns_and_the_book_agree(text: str) -> None:
    by_columns, planned = answer(text, planned=True)
    assert planned
    assert by_columns == answer(text, planned=False)[0]


def test_what_is_answered_stands_in_the_order_in_which_it_was_asked_for() -> None:
    text = "{ cards { totalCount edges { cursor node { title number } } } }"
    (cards,) = answer(text, planned=True)[0].values()
    assert list(cards) == ["totalCount", "edges"]
    assert list(cards["edges"][0]) == ["cursor", "node"]
    assert list(cards["edges"][0]["node"]) == ["title", "number"]


@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS[1:]])
def test_pages_without_rows_and_rows_without_joined_ones_are_answered(rows: Sequence[Any]) -> None:
    text = EVERYTHING.replace("{ cards {", "{ cards { pageInfo { endCursor }", 1)
    assert answer(text, planned=True, rows=rows) == (answer(text, planned=False, rows=rows)[0], True)


@pytest.mark.parametrize(
    "text",
    [
        "{ cards { edges { node { slow } } } }",
        "{ cards { edges { node { shout(times: 2) } } } }",
        "{ cards { edges { node { __typename } } } }",
        "query A($no: Boolean = false) { cards { edges { node { number title @include(if: $no) } } } }",
        "{ cards { edges { node { number } } again: edges { node { title } } } }",
        "{ cards { edges { node { number } other: node { title } } } }",
        "{ cards { edges { node { number } } } cards { edges { node { title } } } }",
        "{ cards { edges { node { words { text } words { length } } } } }",
        "{ cards { edges { node { words { __typename } } } } }",
        "{ cards { __typename } }",
        "{ cards { totalCount } }",
        "{ cards { edges { cursor } } }",
        "{ cards { __typename edges { node { number } } } }",
        "{ cards { edges { __typename node { number } } } }",
        "{ cards { edges { node { number } } pageInfo { __typename } } }",
        "{ cards { edges { node { number } } pageInfo { endCursor } pageInfo { hasNextPage } } }",
        "query A($no: Boolean = false) { cards { edges { node { number } } totalCount @skip(if: $no) } }",
    ],
)
def test_what_no_plan_knows_goes_by_the_book(text: str) -> None:
    answered, planned = answer(text, planned=True)
    assert not planned
    assert answered == answer(text, planned=False)[0]


def test_a_plan_is_made_once_for_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    document = parse(EVERYTHING)
    made: list[object] = []
    make = Projection._page

    def counted(self: Projection, *args: Any) -> Any:
        made.append(args)
        return make(self, *args)

    monkeypatch.setattr(Projection, "_page", counted)
    memory: dict[Any, Any] = {}
    for _ in range(3):
        context = SimpleNamespace(memory=memory, planned=True, me=7, rows=ROWS)
        execute(schema.graphql_schema, document, context_value=context, execution_context_class=PlannedExecution)
    assert len(made) == 1
