"""Two persons turn out to be one, or not after all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import publish

from .events import PersonsMerged, PersonsParted
from .models import Person, PersonMerge

#: Afterwards the two stories have grown together.
UNDO_WITHIN = timedelta(days=30)
_DESCRIPTION = ("name", "language", "note", "is_vip")


@transaction.atomic
def merge_persons(keep: Person, drop: Person, *, by_name: str, at: datetime) -> PersonMerge:
    """Let ``keep`` be known by everything that ``drop`` was, and have all that was theirs.

    Raises InvalidInput("id") for one person twice, or persons of two shops, and Conflict when one of them was merged
    already: so no chain of merges comes back to its start.
    """
    if keep.pk == drop.pk or keep.shop_id != drop.shop_id:
        raise InvalidInput(_("Choose two persons."), "id")
    kept, dropped = _locked(keep.pk, drop.pk)
    if kept.merged_into_id is not None or dropped.merged_into_id is not None:
        raise Conflict(_("This person was merged into another."))
    return _merge(kept, dropped, by_name=by_name, at=at)


@transaction.atomic
def merge_when_apart(keep_pk: int, drop_pk: int, *, by_name: str, at: datetime) -> None:
    """The same for a machine, which has nothing to do when somebody else was faster."""
    kept, dropped = _locked(keep_pk, drop_pk)
    if kept.pk != dropped.pk and kept.merged_into_id is None and dropped.merged_into_id is None:
        _merge(kept, dropped, by_name=by_name, at=at)


def _locked(first: int, second: int) -> tuple[Person, Person]:
    """Both as they are now, held in one order, so that two who merge them crosswise cannot wait for each other."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=[first, second]).order_by("pk")
    held = {row.pk: row for row in rows}
    return held[first], held[second]


def _merge(kept: Person, dropped: Person, *, by_name: str, at: datetime) -> PersonMerge:
    before = {name: getattr(kept, name) for name in _DESCRIPTION}
    kept.name = kept.name or dropped.name
    kept.language = kept.language or dropped.language
    kept.note = "\n\n".join(filter(None, (kept.note, dropped.note)))
    kept.is_vip = kept.is_vip or dropped.is_vip
    kept.save(update_fields=_DESCRIPTION)
    Person.objects.filter(pk=dropped.pk).update(merged_into=kept)
    merge = PersonMerge.objects.create(
        shop_id=kept.shop_id,
        kept=kept,
        dropped=dropped,
        moved={
            "rows": move_rows(dropped.pk, kept.pk),
            "before": before,
            "after": {name: getattr(kept, name) for name in _DESCRIPTION},
        },
        by_name=by_name[:200],
        at=at,
    )
    publish(PersonsMerged(kept.pk, dropped=dropped.pk, merge=merge.pk), shop=kept.shop, at=at)
    return merge


@transaction.atomic
def gather_stragglers(merge: PersonMerge) -> None:
    """Rows that somebody still wrote for the dropped person while they were being merged follow, too."""
    held = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    if held.undone_at is not None:
        return
    late = move_rows(held.dropped_id, held.kept_id)
    if late:
        rows = held.moved["rows"]
        held.moved["rows"] = {name: [*rows.get(name, []), *late.get(name, [])] for name in {**rows, **late}}
        held.save(update_fields=["moved"])


@transaction.atomic
def undo_merge(merge: PersonMerge, *, at: datetime) -> PersonMerge:
    """Take a merge back: what was the dropped person's is theirs again, unless it went elsewhere meanwhile.

    What somebody wrote about the kept person since stays. Raises Conflict when the merge was taken back already, is
    older than 30 days, or the kept person was merged into another since.
    """
    kept, dropped = _locked(merge.kept_id, merge.dropped_id)
    held = PersonMerge.objects.select_for_update().get(pk=merge.pk)
    if held.undone_at is not None:
        raise Conflict(_("This was taken back already."))
    if at - held.at > UNDO_WITHIN:
        raise Conflict(_("This can be taken back for 30 days only."))
    if kept.merged_into_id is not None:
        raise Conflict(_("Take back the later merge first."))
    Person.objects.filter(pk=dropped.pk).update(merged_into=None)
    for name, column in _pointers():
        keys = held.moved["rows"].get(name)
        if keys:
            column.model._default_manager.filter(pk__in=keys, **{column.name: kept.pk}).update(
                **{column.name: dropped.pk}
            )
    changed = [name for name, value in held.moved["after"].items() if getattr(kept, name) == value]
    for name in changed:
        setattr(kept, name, held.moved["before"][name])
    kept.save(update_fields=changed)
    held.undone_at = at
    held.save(update_fields=["undone_at"])
    publish(PersonsParted(kept.pk, other=dropped.pk, merge=held.pk), shop=kept.shop, at=at)
    return held


def move_rows(source: int, target: int) -> dict[str, list[int]]:
    """Let whatever points to one person point to another; returns the keys that moved, by model and column."""
    moved: dict[str, list[int]] = {}
    for name, column in _pointers():
        rows = column.model._default_manager.filter(**{column.name: source})
        keys = list(rows.values_list("pk", flat=True).order_by("pk"))
        if keys:
            column.model._default_manager.filter(pk__in=keys).update(**{column.name: target})
            moved[name] = keys
    return moved


def _pointers() -> Iterator[tuple[str, models.ForeignKey[Any, Any]]]:
    """Every column of every model that names a person, but those of the merges themselves.

    Found in the models, so that a domain that begins to know persons cannot be forgotten here.
    """
    for relation in Person._meta.get_fields(include_hidden=True):
        column = getattr(relation, "field", None)
        if isinstance(column, models.ForeignKey) and column.model not in {Person, PersonMerge}:
            yield f"{column.model._meta.model_name}.{column.name}", column
