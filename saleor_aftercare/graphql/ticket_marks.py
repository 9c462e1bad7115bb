"""What staff mark conversations with: priority, tags, the shop's own fields; and which others they belong to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import graphene
from django.utils.translation import get_language

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import FieldDefinition, FieldKind, Priority, Tag, Ticket, TicketTag
from saleor_aftercare.people.models import Person

from .core.context import Context
from .core.loaders import bulk
from .core.scalars import DateTimeType, Node, enum_from

TicketPriorityEnum = enum_from(
    Priority,
    {
        "LOW": "May wait.",
        "NORMAL": "As it comes.",
        "HIGH": "Before others.",
        "URGENT": "Now.",
    },
    "How urgent a conversation is.",
    name="TicketPriority",
)
TicketFieldKindEnum = enum_from(
    FieldKind,
    {
        "TEXT": "A line of text.",
        "NUMBER": "A decimal number.",
        "DATE": "A day: 2026-11-22.",
        "CHOICE": "One of its options.",
        "CHECKBOX": "true or false.",
    },
    "What a field of the shop's own holds.",
    name="TicketFieldKind",
)


class TagType(graphene.ObjectType):
    """A word that conversations are marked with."""

    class Meta:
        name = "Tag"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="As shown; unique in the shop, whatever its case.")
    color = graphene.String(required=True, description="One of the pills' hues, or empty.")
    archived = graphene.Boolean(required=True, description="Nothing more is marked with it.")

    @staticmethod
    def resolve_id(root: Tag, _info: Any) -> str:
        return to_global_id("Tag", root.pk)

    @staticmethod
    def resolve_archived(root: Tag, _info: Any) -> bool:
        return root.archived_at is not None


class TicketFieldOption(graphene.ObjectType):
    """One of the values that a field of kind CHOICE can have."""

    value = graphene.String(required=True, description="As stored.")
    label = graphene.String(required=True, description="In the asking person's language.")


class TicketFieldLabel(graphene.ObjectType):
    """What something is called in one language."""

    language = graphene.String(required=True, description="en, ja.")
    text = graphene.String(required=True, description="The words.")


class TicketFieldOptionLabels(graphene.ObjectType):
    """One option in every language, for whoever edits the definition."""

    value = graphene.String(required=True, description="As stored.")
    labels = graphene.List(graphene.NonNull(TicketFieldLabel), required=True, description="In every language.")

    @staticmethod
    def resolve_labels(root: dict[str, Any], _info: Any) -> list[TicketFieldLabel]:
        return _labels(root["labels"])


class TicketFieldDefinition(graphene.ObjectType):
    """A field that the shop added to its conversations."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    key = graphene.String(required=True, description="Its name for programs; never changes.")
    kind = graphene.Field(TicketFieldKindEnum, required=True, description="What it holds; never changes.")
    label = graphene.String(required=True, description="In the asking person's language.")
    labels = graphene.List(graphene.NonNull(TicketFieldLabel), required=True, description="In every language.")
    options = graphene.List(
        graphene.NonNull(TicketFieldOption), required=True, description="Of CHOICE: what may be chosen."
    )
    option_labels = graphene.List(
        graphene.NonNull(TicketFieldOptionLabels), required=True, description="The same in every language."
    )
    required_to_solve = graphene.Boolean(required=True, description="Nothing is solved before it is filled in.")
    archived = graphene.Boolean(required=True, description="It is not asked for any more.")

    @staticmethod
    def resolve_id(root: FieldDefinition, _info: Any) -> str:
        return to_global_id("TicketFieldDefinition", root.pk)

    @staticmethod
    def resolve_label(root: FieldDefinition, _info: Any) -> str:
        return label_of(root.labels, root.key)

    @staticmethod
    def resolve_labels(root: FieldDefinition, _info: Any) -> list[TicketFieldLabel]:
        return _labels(root.labels)

    @staticmethod
    def resolve_options(root: FieldDefinition, _info: Any) -> list[TicketFieldOption]:
        return [
            TicketFieldOption(value=one["value"], label=label_of(one["labels"], one["value"])) for one in root.options
        ]

    @staticmethod
    def resolve_option_labels(root: FieldDefinition, _info: Any) -> list[dict[str, Any]]:
        return list(root.options)

    @staticmethod
    def resolve_archived(root: FieldDefinition, _info: Any) -> bool:
        return root.archived_at is not None


@dataclass(frozen=True)
class FieldValue:
    """A field of a conversation with what it holds."""

    definition: FieldDefinition
    value: str | None


class TicketFieldValue(graphene.ObjectType):
    """A field of the shop's own on one conversation."""

    definition = graphene.Field(TicketFieldDefinition, required=True, description="Which field.")
    value = graphene.String(description="12.5, 2026-11-22, true, text, or an option's value; null: not filled in.")


def label_of(labels: Mapping[str, str], otherwise: str) -> str:
    """The words in the asking person's language, else in any, else ``otherwise``."""
    language = (get_language() or "en").partition("-")[0]
    return labels.get(language) or next((text for text in labels.values() if text), otherwise)


def _labels(labels: Mapping[str, str]) -> list[TicketFieldLabel]:
    return [TicketFieldLabel(language=language, text=text) for language, text in sorted(labels.items())]


@bulk(Ticket, list[Tag])
def tags_of_ticket(ctx: Context, pks: Collection[int]) -> dict[int, list[Tag]]:
    """The tags of each ticket, by name; in one query."""
    found: dict[int, list[Tag]] = {}
    rows = TicketTag.objects.filter(ticket__in=pks, tag__shop=ctx.shop).select_related("tag")
    for row in sorted(rows, key=lambda row: row.tag.key):
        found.setdefault(row.ticket_id, []).append(row.tag)
    return found


def definitions(ctx: Context) -> list[FieldDefinition]:
    """The shop's own fields in their order, archived ones too; read once per request."""
    held: dict[Any, list[FieldDefinition]] = ctx.loaded.setdefault("field definitions", {})
    if None not in held:
        held[None] = list(FieldDefinition.objects.filter(shop=ctx.shop).order_by("position", "pk"))
    return held[None]


def internal(root: Any, info: graphene.ResolveInfo) -> Ticket | None:
    """The row, for staff; None for what a customer sees of a conversation."""
    return root if info.context.is_staff and isinstance(root, Ticket) else None


class MarksOfTicket:
    """How a conversation is marked; staff only."""

    priority = graphene.Field(TicketPriorityEnum, description="How urgent it is. Staff only.")
    tags = graphene.List(graphene.NonNull(TagType), required=True, description="By name. Staff only.")
    fields = graphene.List(
        graphene.NonNull(TicketFieldValue),
        required=True,
        description="The shop's own fields, filled in or not, in their order. Staff only.",
    )
    wake_at = graphene.Field(DateTimeType, description="When it comes back from its snooze. Staff only.")
    person = graphene.Field(
        "saleor_aftercare.graphql.people.PersonType", description="Who writes, over all their addresses. Staff only."
    )

    @staticmethod
    def resolve_priority(root: Any, info: graphene.ResolveInfo) -> int | None:
        row = internal(root, info)
        return row.priority if row else None

    @staticmethod
    def resolve_tags(root: Any, info: graphene.ResolveInfo) -> list[Tag]:
        row = internal(root, info)
        return tags_of_ticket(info.context, row.pk) if row else []

    @staticmethod
    def resolve_fields(root: Any, info: graphene.ResolveInfo) -> list[FieldValue]:
        row = internal(root, info)
        if row is None:
            return []
        held = row.fields
        return [
            FieldValue(one, held.get(one.key))
            for one in definitions(info.context)
            if one.archived_at is None or one.key in held
        ]

    @staticmethod
    def resolve_wake_at(root: Any, info: graphene.ResolveInfo) -> datetime | None:
        row = internal(root, info)
        return row.wake_at if row else None

    @staticmethod
    def resolve_person(root: Any, info: graphene.ResolveInfo) -> Person | None:
        from .people import person_of_ticket

        row = internal(root, info)
        return person_of_ticket(info.context, row) if row else None
