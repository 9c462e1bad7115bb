"""The planned execution answers exactly as graphql-core does, errors included."""

from __future__ import annotations

from typing import Any

import graphene
import pytest
from graphql import ExecutionContext, execute, parse

from saleor_aftercare.graphql.core.executor import PlannedExecution
from saleor_aftercare.graphql.core.scalars import enum_from
from saleor_aftercare.returns.models import ReturnReason

Reason = enum_from(ReturnReason, {member.name: "." for member in ReturnReason}, ".")


class Named(graphene.Interface):
    name = graphene.String()

    @classmethod
    def resolve_type(cls, _row: Any, _info: Any) -> Any:
        return Leaf


class Leaf(graphene.ObjectType):
    class Meta:
        interfaces = (Named,)

    name = graphene.String()
    number = graphene.Int(required=True)
    text = graphene.String(required=True)
    yes = graphene.Boolean()
    id = graphene.ID()
    reason = graphene.Field(Reason)
    broken = graphene.String()
    broken_hard = graphene.String(required=True)
    words = graphene.List(graphene.String)
    sure_words = graphene.List(graphene.NonNull(graphene.String))
    leaf = graphene.Field(lambda: Leaf)
    leaves = graphene.List(lambda: Leaf)
    sure_leaves = graphene.List(graphene.NonNull(lambda: Leaf), required=True)
    matrix = graphene.List(graphene.List(graphene.Int))
    echo = graphene.String(text=graphene.String(required=True), times=graphene.Int(default_value=1))
    named = graphene.Field(Named)

    @staticmethod
    def resolve_broken(_row: Any, _info: Any) -> None:
        raise ValueError("broken")

    @staticmethod
    def resolve_broken_hard(_row: Any, _info: Any) -> None:
        raise ValueError("broken hard")

    @staticmethod
    def resolve_echo(_row: Any, info: graphene.ResolveInfo, text: str, times: int) -> str:
        return f"{info.context}:{text * times}"


class Row:
    """A row of attributes; what is not said is missing."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


DICT = {"name": "dict", "number": 1, "text": "t", "sure_leaves": []}
ROW = Row(
    name="row",
    number=2,
    text="t",
    yes=True,
    id="x",
    reason="too_small",
    words=["a", None, "b"],
    sure_words=["a", "b"],
    leaf=DICT,
    leaves=[DICT, None, Row(number=3, text="u", sure_leaves=())],
    sure_leaves=(DICT,),
    matrix=[[1, 2], None, [3]],
    named=Row(name="n"),
)
ODD = Row(
    number="12",
    text=5,
    yes=1,
    id=7,
    reason=ReturnReason.OTHER,
    words="text",
    sure_words=["a", None],
    leaf=Row(),
    leaves=5,
    sure_leaves=[None],
    matrix=[["x"]],
)
WRONG = Row(number="x", text=None, reason="unknown", yes=[], sure_leaves=None, leaf=Row(number=2.5), words={"a": 1})


class Query(graphene.ObjectType):
    row = graphene.Field(Leaf)
    odd = graphene.Field(Leaf)
    wrong = graphene.Field(Leaf)
    sure = graphene.Field(Leaf, required=True)
    rows = graphene.List(Leaf)
    sure_rows = graphene.List(graphene.NonNull(Leaf), required=True)

    @staticmethod
    def resolve_row(_root: None, _info: Any) -> Row:
        return ROW

    @staticmethod
    def resolve_odd(_root: None, _info: Any) -> Row:
        return ODD

    @staticmethod
    def resolve_wrong(_root: None, _info: Any) -> Row:
        return WRONG

    @staticmethod
    def resolve_sure(_root: None, _info: Any) -> Row:
        return WRONG

    @staticmethod
    def resolve_rows(_root: None, _info: Any) -> list[Any]:
        return [ROW, DICT, WRONG]

    @staticmethod
    def resolve_sure_rows(_root: None, _info: Any) -> list[Any]:
        return [ROW, DICT]


class Change(graphene.Mutation):
    row = graphene.Field(Leaf)
    rows = graphene.List(graphene.NonNull(Leaf))

    @staticmethod
    def mutate(_root: None, _info: Any) -> Change:
        return Change(row=ROW, rows=[ROW, ODD])


class Mutation(graphene.ObjectType):
    change = Change.Field()


SCHEMA = graphene.Schema(query=Query, mutation=Mutation).graphql_schema
ALL = "name number text yes id reason words sureWords matrix"

QUERIES = [
    f"{{ row {{ {ALL} }} }}",
    f"{{ odd {{ {ALL} }} }}",
    f"{{ wrong {{ {ALL} }} }}",
    f"{{ rows {{ {ALL} leaf {{ number }} leaves {{ number text }} sureLeaves {{ number }} }} }}",
    f"{{ sureRows {{ {ALL} leaf {{ number leaf {{ number }} }} }} }}",
    "{ row { __typename n: name again: name leaves { __typename number } } }",
    "{ row { broken name } rows { broken number } }",
    "{ row { brokenHard name } odd { number } }",
    "{ rows { brokenHard } }",
    "{ sureRows { brokenHard } row { name } }",
    "{ row { leaves { brokenHard number } } }",
    "{ row { sureLeaves { brokenHard number } name } }",
    "{ row { leaf { sureLeaves { number } leaf { brokenHard } } } }",
    "{ sure { number } row { name } }",
    "{ sure { sureLeaves { number } } }",
    "{ odd { leaves { number } sureLeaves { number } leaf { number } } }",
    "{ wrong { leaf { number text } sureWords words } }",
    '{ row { echo(text: "a", times: 2) b: echo(text: "b") } }',
    "query ($t: String!) { row { echo(text: $t) leaves { echo(text: $t) } } }",
    (
        "query ($no: Boolean!) { row { name @skip(if: $no) number @include(if: $no) ...F @include(if: $no) } } "
        "fragment F on Leaf { text }"
    ),
    "{ row { ...F ... on Leaf { number leaf { text } } } } fragment F on Leaf { name leaf { name number } }",
    "{ row { named { name __typename } } }",
    "{ rows { named { name } } }",
    "mutation { change { row { name broken } rows { number brokenHard } } again: change { row { number } } }",
    '{ __schema { queryType { name fields { name type { kind ofType { name } } } } } __type(name: "Leaf") { name } }',
    "{ __typename }",
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_plan_answers_as_the_book_does(query: str):
    def answer(how: type[ExecutionContext]) -> Any:
        result = execute(
            SCHEMA,
            parse(query),
            context_value="ctx",
            variable_values={"t": "x", "no": True},
            execution_context_class=how,
        )
        errors = [(error.message, error.path, error.locations) for error in result.errors or []]
        return result.data, errors

    assert answer(PlannedExecution) == answer(ExecutionContext)


def test_fields_keep_the_order_of_the_question():
    result = execute(SCHEMA, parse("{ row { text leaf { number } name } }"), execution_context_class=PlannedExecution)

    assert list(result.data["row"]) == ["text", "leaf", "name"]


def test_variables_of_one_request_are_not_those_of_the_next():
    document = parse("query ($t: String!) { row { echo(text: $t) } }")

    def ask(text: str) -> Any:
        return execute(
            SCHEMA, document, context_value=1, variable_values={"t": text}, execution_context_class=PlannedExecution
        ).data

    assert ask("a") == {"row": {"echo": "1:a"}}
    assert ask("b") == {"row": {"echo": "1:b"}}
