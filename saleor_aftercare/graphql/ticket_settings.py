"""The words and fields that a shop marks its conversations with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import graphene
from django.db.models import Count
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.inbox import actions
from saleor_aftercare.inbox.actions.tags import tag_key
from saleor_aftercare.inbox.models import FieldDefinition, FieldKind, Tag, TicketTag

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk
from .core.mutations import AftercareMutation
from .core.scalars import value_of
from .ticket_marks import TagType, TicketFieldDefinition, TicketFieldKindEnum, definitions

MANAGE_SETTINGS = "MANAGE_SETTINGS"
#: Tags that one answer lists.
MAX_TAGS = 2000


@bulk(Tag, int)
def uses_of_tag(ctx: Context, pks: Collection[int]) -> dict[int, int]:
    """How many conversations bear each tag; in one query."""
    rows = TicketTag.objects.filter(tag__in=pks, tag__shop=ctx.shop).values("tag").annotate(n=Count("pk"))
    return {row["tag"]: row["n"] for row in rows.order_by()}


class TagUse(graphene.ObjectType):
    """A tag, and how much it is used."""

    tag = graphene.Field(TagType, required=True, description="The tag.")
    ticket_count = graphene.Int(required=True, description="How many conversations bear it.")

    @staticmethod
    def resolve_tag(root: Tag, _info: Any) -> Tag:
        return root

    @staticmethod
    def resolve_ticket_count(root: Tag, info: graphene.ResolveInfo) -> int:
        return uses_of_tag(info.context, root.pk)


class TicketSettingsQueries(graphene.ObjectType):
    """What conversations can be marked with."""

    tags = graphene.List(
        graphene.NonNull(TagType),
        search=graphene.String(description="Only those whose names hold this, whatever its case."),
        first=graphene.Int(description="At most so many, 1 to 2000; all when not said."),
        required=True,
        description="Tags that are offered, by name. Staff with MANAGE_ORDERS.",
    )
    tag_uses = graphene.List(
        graphene.NonNull(TagUse),
        required=True,
        description="All tags, archived ones too, with how much they are used. Staff with MANAGE_ORDERS.",
    )
    ticket_field_definitions = graphene.List(
        graphene.NonNull(TicketFieldDefinition),
        required=True,
        description="The shop's own fields in their order, archived ones too. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_tags(
        _root: None, info: graphene.ResolveInfo, *, search: str | None = None, first: int | None = None
    ) -> list[Tag]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        limit = MAX_TAGS if first is None else first
        if not 1 <= limit <= MAX_TAGS:
            raise InvalidInput(_("Between 1 and %(limit)d.") % {"limit": MAX_TAGS}, "first")
        rows = Tag.objects.filter(shop=ctx.shop, archived_at=None)
        if search and is_storable(search):
            rows = rows.filter(key__contains=tag_key(search))
        return list(rows.order_by("key")[:limit])

    @staticmethod
    def resolve_tag_uses(_root: None, info: graphene.ResolveInfo) -> list[Tag]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        rows = list(Tag.objects.filter(shop=ctx.shop).order_by("key")[:MAX_TAGS])
        ctx.meet(rows)
        return rows

    @staticmethod
    def resolve_ticket_field_definitions(_root: None, info: graphene.ResolveInfo) -> list[FieldDefinition]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return definitions(ctx)


def _tag(ctx: Context, id: str, field: str = "id") -> Tag:
    tag = Tag.objects.filter(shop=ctx.shop, pk=own_pk("Tag", id, field=field)).first()
    if tag is None:
        raise NotFound(_("There is no such tag."), field)
    return tag


class TagSave(AftercareMutation):
    """Make a tag, or give one another name or hue; archived it is offered no more. Needs MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(description="The tag; null for a new one.")
        name = graphene.String(description="Up to 60 characters without commas and quotes; needed for a new one.")
        color = graphene.String(description="info, success, warning, attention, error, or empty.")
        archived = graphene.Boolean(description="Whether it is offered no more; conversations keep it.")

    permissions = (MANAGE_SETTINGS,)
    tag = graphene.Field(TagType, description="The tag, saved.")

    @classmethod
    def perform(
        cls,
        ctx: Context,
        *,
        id: str | None = None,
        name: str | None = None,
        color: str | None = None,
        archived: bool | None = None,
    ) -> TagSave:
        if id is None:
            tag = actions.find_or_create_tag(ctx.shop, name or "")
            name = None
        else:
            tag = _tag(ctx, id)
        if name is not None or color is not None:
            tag = actions.edit_tag(tag, name=name, color=color, at=ctx.at)
        if archived is not None:
            tag = actions.archive_tag(tag, archived=archived, at=ctx.at)
        return cls(tag=tag)


class TagsMerge(AftercareMutation):
    """Two tags meant the same: what bears the other bears this one, and the other is gone. Needs MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="The tag that stays.")
        other_id = graphene.ID(required=True, description="The tag that goes.")

    permissions = (MANAGE_SETTINGS,)
    tag = graphene.Field(TagType, description="The tag that stays.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, other_id: str) -> TagsMerge:
        kept, other = _tag(ctx, id), _tag(ctx, other_id, "otherId")
        return cls(tag=actions.merge_tags(kept, other, at=ctx.at))


class TicketFieldLabelInput(graphene.InputObjectType):
    """What something is called in one language."""

    language = graphene.String(required=True, description="en, ja.")
    text = graphene.String(required=True, description="Up to 60 characters; empty leaves the language out.")


class TicketFieldOptionInput(graphene.InputObjectType):
    """One of the values that a field of kind CHOICE can have."""

    value = graphene.String(required=True, description="As stored, up to 60 characters.")
    labels = graphene.List(graphene.NonNull(TicketFieldLabelInput), required=True, description="What it is called.")


class TicketFieldInputDefinition(graphene.InputObjectType):
    """A field as it is wanted."""

    key = graphene.String(required=True, description="Lower-case letters, digits and underscores; never changes.")
    kind = graphene.Argument(TicketFieldKindEnum, required=True, description="What it holds; never changes.")
    labels = graphene.List(graphene.NonNull(TicketFieldLabelInput), required=True, description="What it is called.")
    options = graphene.List(
        graphene.NonNull(TicketFieldOptionInput), default_value=[], description="Of CHOICE, up to 100."
    )
    required_to_solve = graphene.Boolean(default_value=False, description="Nothing is solved before it is filled in.")


def _field(ctx: Context, id: str, name: str = "id") -> FieldDefinition:
    pk = own_pk("TicketFieldDefinition", id, field=name)
    row = FieldDefinition.objects.filter(shop=ctx.shop, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such field."), name)
    return row


def _words(labels: Any) -> dict[str, str]:
    return {one.language: one.text for one in labels}


class TicketFieldSave(AftercareMutation):
    """Add a field to the shop's conversations, or change one. Needs MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(description="The field; null for a new one.")
        input = TicketFieldInputDefinition(required=True, description="As it is wanted.")

    permissions = (MANAGE_SETTINGS,)
    field = graphene.Field(TicketFieldDefinition, description="The field, saved.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None) -> TicketFieldSave:
        draft = actions.FieldDraft(
            key=input.key.strip(),
            kind=FieldKind(value_of(input.kind)),
            labels=_words(input.labels),
            options=[(one.value, _words(one.labels)) for one in input.options],
            required_to_solve=input.required_to_solve,
        )
        known = _field(ctx, id) if id is not None else None
        return cls(field=actions.save_field(ctx.shop, draft, definition=known))


class TicketFieldArchive(AftercareMutation):
    """Ask for a field no more, or again; conversations keep what they hold. Needs MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="The field.")
        archived = graphene.Boolean(required=True, description="false brings it back.")

    permissions = (MANAGE_SETTINGS,)
    field = graphene.Field(TicketFieldDefinition, description="The field, changed.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, archived: bool) -> TicketFieldArchive:
        return cls(field=actions.archive_field(_field(ctx, id), archived=archived, at=ctx.at))


class TicketFieldsOrder(AftercareMutation):
    """Show the shop's own fields in another order. Needs MANAGE_SETTINGS."""

    class Arguments:
        ids = graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="The fields in their order; others come after."
        )

    permissions = (MANAGE_SETTINGS,)
    fields = graphene.List(graphene.NonNull(TicketFieldDefinition), description="All fields in their order.")

    @classmethod
    def perform(cls, ctx: Context, *, ids: list[str]) -> TicketFieldsOrder:
        if len(ids) > MAX_TAGS:
            raise InvalidInput(_("At most %(limit)d.") % {"limit": MAX_TAGS}, "ids")
        keys = [own_pk("TicketFieldDefinition", one, field=f"ids.{at}") for at, one in enumerate(ids)]
        known = {row.pk: row for row in FieldDefinition.objects.filter(shop=ctx.shop, pk__in=keys)}
        for at, pk in enumerate(keys):
            if pk not in known:
                raise NotFound(_("There is no such field."), f"ids.{at}")
        actions.order_fields(ctx.shop, [known[pk] for pk in keys])
        ctx.forget()
        return cls(fields=definitions(ctx))


class TicketSettingsMutations(graphene.ObjectType):
    """Editing what conversations can be marked with."""

    tag_save = TagSave.Field()
    tags_merge = TagsMerge.Field()
    ticket_field_save = TicketFieldSave.Field()
    ticket_field_archive = TicketFieldArchive.Field()
    ticket_fields_order = TicketFieldsOrder.Field()
