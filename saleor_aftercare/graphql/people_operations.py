"""Finding persons, and what staff say of them."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.ids import own_pk
from saleor_aftercare.core.phones import e164
from saleor_aftercare.people import actions, queries
from saleor_aftercare.people.models import Identity, IdentityKind, Person, PersonMerge

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import value_of
from .people import IdentityKindEnum, PersonType
from .ticket_mutations import find_person


class PeopleQueries(graphene.ObjectType):
    """Reading about persons."""

    person = graphene.Field(
        PersonType,
        id=graphene.ID(required=True, description="The person; one who was merged is whom they were merged into."),
        description="Somebody who writes to the shop. Staff with MANAGE_ORDERS.",
    )
    people = graphene.List(
        graphene.NonNull(PersonType),
        search=graphene.String(
            required=True, description="The beginning of an address, a whole number, or words of the name."
        ),
        required=True,
        description="Up to 20 persons. Staff with MANAGE_ORDERS who see all customers.",
    )

    @staticmethod
    def resolve_person(_root: None, info: graphene.ResolveInfo, *, id: str) -> Person:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return find_person(ctx, id)

    @staticmethod
    def resolve_people(_root: None, info: graphene.ResolveInfo, *, search: str) -> list[Person]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        if not ctx.access.sees_all_customers:
            return []
        found = queries.find_people(ctx.shop, search[:300], region=_region(ctx))
        ctx.meet(found)
        return found


def _region(ctx: Context) -> str:
    """Where a telephone number without its country code is from: where the shop is."""
    return str(ctx.settings.return_address.get("country") or "")


class PersonUpdateInput(graphene.InputObjectType):
    """What staff say of a person; what is not named stays."""

    name = graphene.String(description="Up to 300 characters.")
    language = graphene.String(description="en, ja; empty: the shop's.")
    note = graphene.String(description="What staff should know, up to 10,000 characters.")
    is_vip = graphene.Boolean(description="Somebody whom the shop looks after specially.")


class PersonUpdate(AftercareMutation):
    """Change what staff say of a person."""

    class Arguments:
        id = graphene.ID(required=True, description="The person.")
        input = PersonUpdateInput(required=True, description="What to change.")

    permissions = (MANAGE_ORDERS,)
    person = graphene.Field(PersonType, description="The person, changed.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> PersonUpdate:
        person = find_person(ctx, id)
        changes = {name: value for name, value in input.items() if value is not None}
        return cls(person=actions.describe(person, at=ctx.at, by=ctx.staff().actor, **changes))


class PersonIdentityAdd(AftercareMutation):
    """Let a person be known by one more address or telephone number."""

    class Arguments:
        id = graphene.ID(required=True, description="The person.")
        kind = IdentityKindEnum(required=True, description="EMAIL or PHONE; the others come by themselves.")
        value = graphene.String(required=True, description="The address; the number as people write it.")

    permissions = (MANAGE_ORDERS,)
    person = graphene.Field(PersonType, description="The person, known by it.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, kind: Any, value: str) -> PersonIdentityAdd:
        person = find_person(ctx, id)
        wanted = IdentityKind(value_of(kind))
        if wanted not in {IdentityKind.EMAIL, IdentityKind.PHONE}:
            raise InvalidInput(_("Only addresses and telephone numbers are added by hand."), "kind")
        if wanted == IdentityKind.PHONE:
            value = e164(value, region=_region(ctx)) or value
        actions.add_identity(person, kind=wanted, value=value, at=ctx.at)
        return cls(person=person)


class PersonIdentityRemove(AftercareMutation):
    """Forget a way to recognise somebody."""

    class Arguments:
        id = graphene.ID(required=True, description="The identity.")

    permissions = (MANAGE_ORDERS,)
    person = graphene.Field(PersonType, description="The person, not known by it any more.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> PersonIdentityRemove:
        rows = Identity.objects.filter(shop=ctx.shop, pk=own_pk("Identity", id)).select_related("person")
        identity = rows.first()
        if identity is None:
            raise NotFound(_("There is no such address or number."), "id")
        return cls(person=actions.remove_identity(identity))


class PersonsMerge(AftercareMutation):
    """Two persons are one: this one has all that was the other's, and is found by all that the other was."""

    class Arguments:
        id = graphene.ID(required=True, description="The person who stays.")
        other_id = graphene.ID(required=True, description="The person who was the same.")

    permissions = (MANAGE_ORDERS,)
    person = graphene.Field(PersonType, description="The person with everything.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, other_id: str) -> PersonsMerge:
        kept, other = find_person(ctx, id), find_person(ctx, other_id, "otherId")
        actions.merge_persons(kept, other, by_name=ctx.staff().member.display_name, at=ctx.at)
        kept.refresh_from_db()
        return cls(person=kept)


class PersonMergeUndo(AftercareMutation):
    """Take a merge of persons back, within 30 days."""

    class Arguments:
        id = graphene.ID(required=True, description="The merge.")

    permissions = (MANAGE_ORDERS,)
    person = graphene.Field(PersonType, description="The person who stayed.")
    other = graphene.Field(PersonType, description="The person who is somebody else after all.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> PersonMergeUndo:
        merge = PersonMerge.objects.filter(shop=ctx.shop, pk=own_pk("PersonMerge", id)).first()
        if merge is None:
            raise NotFound(_("There is no such merge."), "id")
        actions.undo_merge(merge, at=ctx.at)
        kept, other = (Person.objects.get(shop=ctx.shop, pk=pk) for pk in (merge.kept_id, merge.dropped_id))
        return cls(person=kept, other=other)


class PeopleMutations(graphene.ObjectType):
    """What staff say of persons."""

    person_update = PersonUpdate.Field()
    person_identity_add = PersonIdentityAdd.Field()
    person_identity_remove = PersonIdentityRemove.Field()
    persons_merge = PersonsMerge.Field()
    person_merge_undo = PersonMergeUndo.Field()
