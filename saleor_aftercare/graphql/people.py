"""Persons as staff see them: what they are known by, and what they had with the shop."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import graphene

from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.people.models import Identity, IdentityKind, Person

from .core.context import Context
from .core.loaders import bulk
from .core.scalars import DateTimeType, Node, enum_from

IdentityKindEnum = enum_from(
    IdentityKind,
    {
        "EMAIL": "An e-mail address.",
        "PHONE": "A telephone number, E.164.",
        "LINE": "A LINE user.",
        "SALEOR": "An account in the shop.",
    },
    "What somebody is known by.",
)


class IdentityType(graphene.ObjectType):
    """One way to recognise a person."""

    class Meta:
        name = "Identity"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    kind = graphene.Field(IdentityKindEnum, required=True, description="What it is.")
    value = graphene.String(required=True, description="The address, number, or id.")
    verified_at = graphene.Field(DateTimeType, description="When they proved that it is theirs; null: never.")
    spam_since = graphene.Field(DateTimeType, description="Since when what comes from here is spam; null: it is not.")

    @staticmethod
    def resolve_id(root: Identity, _info: Any) -> str:
        return to_global_id("Identity", root.pk)


@bulk(Person, list[Identity])
def identities_of_person(ctx: Context, pks: Collection[int]) -> dict[int, list[Identity]]:
    """What each person is known by, as it became known; in one query."""
    found: dict[int, list[Identity]] = {}
    for identity in Identity.objects.filter(shop=ctx.shop, person__in=pks).order_by("pk"):
        found.setdefault(identity.person_id, []).append(identity)
    return found


class PersonType(graphene.ObjectType):
    """Somebody who writes to the shop, over all their addresses, numbers and accounts."""

    class Meta:
        name = "Person"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="As they call themselves; may be empty.")
    language = graphene.String(required=True, description="What they are written to in; empty: the shop's.")
    note = graphene.String(required=True, description="What staff should know.")
    is_vip = graphene.Boolean(required=True, description="Somebody whom the shop looks after specially.")
    created_at = graphene.Field(DateTimeType, required=True, description="When they first wrote or ordered.")
    identities = graphene.List(
        graphene.NonNull(IdentityType), required=True, description="What they are known by, as it became known."
    )

    @staticmethod
    def resolve_id(root: Person, _info: Any) -> str:
        return to_global_id("Person", root.pk)

    @staticmethod
    def resolve_identities(root: Person, info: graphene.ResolveInfo) -> list[Identity]:
        return identities_of_person(info.context, root.pk)
