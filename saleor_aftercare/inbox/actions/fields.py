"""The fields that a shop adds to its conversations: what they are, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.events import TicketDescribed
from saleor_aftercare.inbox.models import FieldDefinition, FieldKind, Ticket

from .thread import actor_of, change, lock

MAX_FIELDS: Final = 50
MAX_OPTIONS: Final = 100
MAX_TEXT: Final = 1000
MAX_LABEL: Final = 60
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class FieldDraft:
    """A field as somebody wants it. ``key`` and ``kind`` of one that exists never change."""

    key: str
    kind: FieldKind
    labels: Mapping[str, str]
    options: Sequence[tuple[str, Mapping[str, str]]] = field(default=())  #: (value, labels)
    required_to_solve: bool = False


# -- definitions -----------------------------------------------------------------------------------------------


@transaction.atomic
def save_field(shop: Shop, draft: FieldDraft, *, definition: FieldDefinition | None = None) -> FieldDefinition:
    """Add a field to the shop's conversations, or change one; raises InvalidInput naming what is wrong with it."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if definition is None:
        definition = _new_field(shop, draft)
    elif (definition.key, definition.kind) != (draft.key, draft.kind):
        raise InvalidInput(_("A field keeps its key and its kind: make another one."), "key")
    definition.labels = _checked_labels(draft.labels, "labels")
    definition.options = _checked_options(draft)
    definition.required_to_solve = draft.required_to_solve
    definition.save()
    return definition


def _new_field(shop: Shop, draft: FieldDraft) -> FieldDefinition:
    rows = FieldDefinition.objects.filter(shop=shop)
    if not _KEY.fullmatch(draft.key):
        raise InvalidInput(_("Lower-case letters, digits and underscores, beginning with a letter."), "key")
    if rows.filter(key=draft.key).exists():
        raise InvalidInput(_("There is a field of this key already."), "key")
    if rows.filter(archived_at=None).count() >= MAX_FIELDS:
        raise InvalidInput(_("At most %(limit)d fields.") % {"limit": MAX_FIELDS}, "key")
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return FieldDefinition(shop=shop, key=draft.key, kind=draft.kind, position=0 if last is None else last + 1)


def _checked_labels(labels: Mapping[str, str], at: str) -> dict[str, str]:
    checked: dict[str, str] = {}
    for language, text in labels.items():
        if language not in LANGUAGES:
            raise InvalidInput(_("Not a language, such as en or ja."), at)
        if words := texts.one_line(text, at, limit=MAX_LABEL):
            checked[language] = words
    if not checked:
        raise InvalidInput(_("Please fill in this field."), at)
    return checked


def _checked_options(draft: FieldDraft) -> list[dict[str, Any]]:
    if draft.kind != FieldKind.CHOICE:
        if draft.options:
            raise InvalidInput(_("Only a choice has options."), "options")
        return []
    if not 1 <= len(draft.options) <= MAX_OPTIONS:
        raise InvalidInput(_("Between 1 and %(limit)d options.") % {"limit": MAX_OPTIONS}, "options")
    options: dict[str, dict[str, Any]] = {}
    for index, (raw, labels) in enumerate(draft.options):
        value = texts.one_line(raw, f"options.{index}.value", limit=MAX_LABEL, required=True)
        if value in options:
            raise InvalidInput(_("This stands here twice."), f"options.{index}.value")
        options[value] = {"value": value, "labels": _checked_labels(labels, f"options.{index}.labels")}
    return list(options.values())


@transaction.atomic
def order_fields(shop: Shop, definitions: Sequence[FieldDefinition]) -> None:
    """Show the fields in this order; those that are not named come after them, as they stood."""
    named = [one.pk for one in definitions]
    rest = FieldDefinition.objects.filter(shop=shop).exclude(pk__in=named).order_by("position", "pk")
    for position, pk in enumerate([*dict.fromkeys(named), *rest.values_list("pk", flat=True)]):
        FieldDefinition.objects.filter(shop=shop, pk=pk).update(position=position)


def archive_field(definition: FieldDefinition, *, archived: bool, at: datetime) -> FieldDefinition:
    """Ask for a field no more, or again; what conversations hold stays."""
    if (definition.archived_at is not None) != archived:
        definition.archived_at = at if archived else None
        definition.save(update_fields=["archived_at"])
    return definition


# -- values ----------------------------------------------------------------------------------------------------


@transaction.atomic
def set_fields(ticket: Ticket, values: Mapping[str, str | None], *, at: datetime, staff: StaffMember | None) -> Ticket:
    """Fill in fields of the shop's own, by key; None or nothing empties one. What is not named stays.

    Raises InvalidInput("fields.<key>") for a field that there is not, and for what it cannot hold.
    """
    locked = lock(ticket)
    known = {one.key: one for one in FieldDefinition.objects.filter(shop=locked.shop, archived_at=None)}
    held = dict(locked.fields)
    for key, raw in values.items():
        definition = known.get(key)
        if definition is None:
            raise InvalidInput(_("There is no such field."), f"fields.{key}"[:60])
        value = read_value(definition, raw or "")
        if value is None:
            held.pop(key, None)
        else:
            held[key] = value
    if held != locked.fields:
        change(locked, at=at, fields=held)
        event = TicketDescribed(locked.pk, changed=["fields"])
        publish(event, shop=locked.shop, at=at, actor=actor_of(staff))
    return locked


def read_value(definition: FieldDefinition, raw: str) -> str | None:
    """What a field holds after somebody wrote ``raw`` into it, in its one spelling; None for nothing.

    Raises InvalidInput("fields.<key>").
    """
    name = f"fields.{definition.key}"
    text = texts.one_line(raw, name, limit=MAX_TEXT)
    if not text:
        return None
    match definition.kind:
        case FieldKind.NUMBER:
            return _number(text, name)
        case FieldKind.DATE:
            return _day(text, name)
        case FieldKind.CHECKBOX:
            if text not in {"true", "false"}:
                raise InvalidInput(_("true or false."), name)
        case FieldKind.CHOICE:
            if all(text != option["value"] for option in definition.options):
                raise InvalidInput(_("None of the options."), name)
        case _:
            pass
    return text


def _number(text: str, name: str) -> str:
    wrong = InvalidInput(_("Not a number."), name)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise wrong
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _day(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InvalidInput(_("Not a day, such as 2026-11-22."), name) from None


def check_may_solve(ticket: Ticket) -> None:
    """Raise InvalidInput("fields.<key>") for the first field that has to be filled in before, and is not.

    A box has to be ticked.
    """
    required = FieldDefinition.objects.filter(shop=ticket.shop_id, archived_at=None, required_to_solve=True)
    for one in required.order_by("position", "pk"):
        value = ticket.fields.get(one.key)
        if value is None or (one.kind == FieldKind.CHECKBOX and value != "true"):
            raise InvalidInput(
                _("“%(label)s” has to be filled in before this is solved.") % {"label": label_of(one)},
                f"fields.{one.key}",
            )


def label_of(definition: FieldDefinition) -> str:
    """What the field is called in the language of the moment, else in any."""
    language = (get_language() or "en").partition("-")[0]
    labels: dict[str, str] = definition.labels
    return labels.get(language) or next(iter(labels.values()), definition.key)
