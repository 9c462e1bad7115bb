"""Bulk loading without promises: the first row that asks brings the values of all its siblings.

Whoever resolves a list announces its rows (``Context.announce``). A loader asked for one of them loads the values
of every announced key that it does not hold yet, in one go. As resolvers of nested lists announce the rows of all
parents together, each level of a query costs one statement however many rows there are, and resolvers stay plain
synchronous functions: a DataLoader would cost twice the CPU for the same statements (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import models

from saleor_aftercare.core.models import ShopOwned

from .context import Context

K = TypeVar("K")
M = TypeVar("M", bound=models.Model)
V = TypeVar("V")


class Bulk(Generic[K, V]):
    """A loader of one kind of key; make it with :func:`bulk` and call it with the context and a key."""

    def __init__(self, kind: object, load: Callable[..., Mapping[K, V]], default: Callable[[], V]) -> None:
        self.kind = kind
        self.load = load
        self.default = default

    def __call__(self, ctx: Context, key: K, *args: Any) -> V:
        """The value of ``key``; ``args`` (hashable) go to the loading function and keep their own values apart."""
        held: dict[K, V] = ctx.loaded.setdefault((self, args), {})
        try:
            return held[key]
        except KeyError:
            pass
        known = ctx.known[self.kind]
        known[key] = None
        wanted = [k for k in known if k not in held]
        found = self.load(ctx, wanted, *args)
        for k in wanted:
            held[k] = found[k] if k in found else self.default()
        return held[key]


def bulk(kind: object, default: Callable[[], V]) -> Callable[[Callable[..., Mapping[K, V]]], Bulk[K, V]]:
    """Make a loader of ``load(ctx, keys, *args) -> {key: value}``; ``default()`` stands for keys it leaves out."""

    def make(load: Callable[..., Mapping[K, V]]) -> Bulk[K, V]:
        return Bulk(kind, load, default)

    return make


def row_of(ctx: Context, model: type[M], pk: Any) -> M | None:
    """The row that a foreign key points to; asked for one, it brings those of all rows met so far.

    Keys come from rows of this shop. Where the model names a shop itself, it is held to it once more.
    """
    held: dict[Any, M] = ctx.rows[model]
    if pk is None:
        return None
    if pk not in held:
        known = ctx.known["row", model]
        known[pk] = None
        rows = model._default_manager.filter(pk__in=[key for key in known if key not in held])
        if issubclass(model, ShopOwned):
            rows = rows.filter(shop=ctx.shop)
        ctx.meet(rows)
    return held.get(pk)


def related(ctx: Context, row: models.Model, name: str) -> list[Any]:
    """The rows behind a reverse or many-to-many relation of ``row``, brought for all rows of its kind met so far.

    In the order of their model, else of their making.
    """
    kind = type(row)
    held: dict[Any, list[Any]] = ctx.loaded.setdefault((kind, name), {})
    if row.pk not in held:
        ctx.meet([row])
        wanted = [one for pk, one in ctx.rows[kind].items() if pk not in held]
        models.prefetch_related_objects(wanted, name)
        for one in wanted:
            held[one.pk] = _in_order(getattr(one, name).all())
        for one in wanted:
            ctx.meet(held[one.pk])
    return held[row.pk]


def _in_order(rows: models.QuerySet[Any]) -> list[Any]:
    """Prefetched rows in their model's own order, else in that of their making."""
    return list(rows) if rows.ordered else sorted(rows, key=lambda row: row.pk)


def nothing() -> Any:
    """The default of loaders whose value may be missing."""
    return None


def group_by(rows: Sequence[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    """Rows under their key, in their order."""
    groups: dict[K, list[V]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
