"""Statements that Django writes once, for the few queries of which writing takes longer than running.

Django writes the text of a queryset anew each time, which for a page of the inbox costs more than all else that is
done for it. :func:`written` lets it write twice, with two sets of samples for what varies, and keeps the text with the
places where the samples turned up; asked again, other values stand there. A statement that depends on its values in
any other way (one that is computed from them, a text that differs) shows in the two writings and is not kept: the
caller then asks its queryset as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import Col
from psycopg.types.datetime import TimestamptzLoader

M = TypeVar("M", bound=models.Model)


class Sample(NamedTuple):
    """Two values that stand for one that varies; nothing else of a statement may equal them."""

    one: Any
    other: Any


KEY: Final = Sample(1_907_452_613, 1_840_266_977)  #: of the table that is asked
SHOP: Final = Sample(1_729_384_061, 1_650_913_447)
PERSON: Final = Sample(1_583_206_919, 1_491_774_271)
NOW: Final = Sample(
    datetime(2087, 3, 11, 4, 17, 39, 216_473, tzinfo=UTC), datetime(2063, 10, 26, 21, 48, 6, 907_151, tzinfo=UTC)
)
MOMENT: Final = Sample(
    datetime(2094, 5, 2, 13, 29, 51, 664_307, tzinfo=UTC), datetime(2071, 12, 19, 8, 3, 24, 381_949, tzinfo=UTC)
)
TEXT: Final = Sample("\ue0d7 a sample \ue1c2", "\ue2b5 another sample \ue3f8")

#: Finds a parameter among the arguments.
Place: TypeAlias = Callable[[Sequence[Any]], Any]
#: What Django does to a column's value: functions of the value, the column and the connection.
Converters: TypeAlias = Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]


class Written:
    """A statement with places for its arguments."""

    def __init__(self, sql: str, places: Sequence[Place], columns: Sequence[Col], converters: Converters) -> None:
        self.sql = sql
        self.names = tuple(column.target.attname for column in columns)  #: of the model's attributes
        self._has_moments = any(isinstance(column.target, models.DateTimeField) for column in columns)
        self._places = tuple(places)
        self._converters = tuple(converters)

    def parameters(self, *arguments: Any) -> list[Any]:
        """What stands in the places of the text, for those who put it into a larger one."""
        return [place(arguments) for place in self._places]

    def rows(self, *arguments: Any) -> list[tuple[Any, ...]]:
        """Its rows, as ``values_list`` would give them."""
        with connection.cursor() as cursor:
            if self._has_moments:
                # Django's own loader is written in Python, and costs more than all else that is read of a row.
                cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
            cursor.execute(self.sql, self.parameters(*arguments))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return list(map(self._convert, found)) if self._converters else found

    def objects(self, model: type[M], *arguments: Any) -> list[M]:
        """Its rows as models, other columns deferred."""
        using = connection.alias
        return [model.from_db(using, self.names, row) for row in self.rows(*arguments)]

    def _convert(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for at, converters, column in self._converters:
            for convert in converters:
                values[at] = convert(values[at], column, connection)
        return tuple(values)


class Statement:
    """A queryset of a few arguments that is asked again and again: written when it is asked first."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *samples: Sample) -> None:
        self._make, self._samples = make, samples

    @cached_property
    def _written(self) -> Written:
        found = written(self._make, *self._samples)
        if found is None:
            raise TypeError("This queryset has no statement that holds for all arguments.")
        return found

    def rows(self, *arguments: Any) -> list[tuple[Any, ...]]:
        """Its rows, as ``values_list`` would give them."""
        return self._written.rows(*arguments)

    def objects(self, model: type[M], *arguments: Any) -> list[M]:
        """Its rows as models."""
        return self._written.objects(model, *arguments)


def written(make: Callable[..., QuerySet[Any, Any]], *samples: Sample) -> Written | None:
    """The statement of the queryset that ``make`` makes of as many arguments as there are ``samples``, one each.

    None where its text is not the same for all arguments, or a parameter is neither an argument nor always the same.
    """
    one, other = make(*(sample.one for sample in samples)), make(*(sample.other for sample in samples))
    try:
        (sql, first), (same, second) = one.query.sql_with_params(), other.query.sql_with_params()
    except EmptyResultSet:
        return None
    columns = _columns(one)
    if sql != same or len(first) != len(second) or columns is None:
        return None
    places = [_place(a, b, samples) for a, b in zip(first, second, strict=True)]
    known = [place for place in places if place is not None]
    return Written(sql, known, *columns) if len(known) == len(places) else None


def _columns(rows: QuerySet[Any, Any]) -> tuple[list[Col], Converters] | None:
    """The columns, and how their values are converted; None where some are not plain columns."""
    compiler = rows.query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    columns = [column for column, _sql, _alias in compiler.select]
    if not all(isinstance(column, Col) for column in columns):
        return None
    converters = compiler.get_converters(columns)
    return columns, [(at, tuple(functions), column) for at, (functions, column) in converters.items()]


def _place(one: Any, other: Any, samples: Sequence[Sample]) -> Place | None:
    if type(one) is not type(other):
        return None
    for at, sample in enumerate(samples):
        if isinstance(one, type(sample.one)) and one == sample.one and other == sample.other:
            return _argument(at, type(one) if type(one) is not type(sample.one) else None)
    # A sample in both would be one that does not follow its argument.
    return _constant(one) if one == other and not any(one in sample for sample in samples) else None


def _argument(at: int, kind: type | None) -> Place:
    # Django wraps some integers, to tell the driver how wide their column is.
    return (lambda arguments: arguments[at]) if kind is None else (lambda arguments: kind(arguments[at]))


def _constant(value: Any) -> Place:
    plain = value.value if isinstance(value, Enum) else value  # which takes the driver less
    return lambda _arguments: plain
