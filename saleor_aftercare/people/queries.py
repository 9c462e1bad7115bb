"""Reads about persons; every one within a shop."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.phones import e164
from saleor_aftercare.core.texts import is_storable

from .merging import UNDO_WITHIN
from .models import Identity, IdentityKind, Person, PersonMerge

#: Persons that a search or a suggestion shows.
MAX_FOUND = 20
MAX_WORDS = 8


def get_person(shop: Shop, pk: int) -> Person:
    """A person of this shop; one who was merged is whom they were merged into. Raises NotFound."""
    person = Person.objects.filter(shop=shop, pk=pk).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return present(person)


def present(person: Person) -> Person:
    """Who a person is now, however often they were merged."""
    while person.merged_into_id is not None:
        person = Person.objects.get(pk=person.merged_into_id)
    return person


def person_by(shop: Shop, kind: IdentityKind, value: str) -> Person | None:
    """Who is known by this, if anybody."""
    if not is_storable(value):
        return None
    value = value.strip().lower() if kind == IdentityKind.EMAIL else value.strip()
    identity = Identity.objects.filter(shop=shop, kind=kind, value=value).select_related("person").first()
    return identity.person if identity else None


def person_of_order(order: Order) -> Person | None:
    """Whoever placed the order, if we know them: by their account, else by the address."""
    if order.user_id and (person := person_by(order.shop, IdentityKind.SALEOR, order.user_id)):
        return person
    return person_by(order.shop, IdentityKind.EMAIL, order.email)


def identities_of(person: Person) -> QuerySet[Identity]:
    """What a person is known by, as it became known."""
    return Identity.objects.filter(shop=person.shop_id, person=person).order_by("pk")


def orders_of(person: Person) -> QuerySet[Order]:
    """All orders of the accounts and addresses of a person, newest first; drafts are none."""
    rows = Order.objects.filter(of_identities(identities_of(person)), shop=person.shop_id)
    return rows.exclude(status="DRAFT").order_by("-placed_at", "-pk")


def of_identities(identities: Iterable[Identity]) -> Q:
    """The condition on orders that they belong to one of these."""
    emails = [one.value for one in identities if one.kind == IdentityKind.EMAIL]
    users = [one.value for one in identities if one.kind == IdentityKind.SALEOR]
    return Q(email__in=emails) | Q(user_id__in=users)


def find_people(shop: Shop, text: str, *, region: str = "", limit: int = MAX_FOUND) -> list[Person]:
    """Persons by a whole address or number, by the beginning of an address, or by words of the name.

    ``region`` is where a telephone number without its country code is from.
    """
    wanted = text.strip()
    if not wanted or not is_storable(wanted):
        return []
    known = Q(value__startswith=wanted.lower(), kind=IdentityKind.EMAIL)
    if number := e164(wanted, region=region):
        known |= Q(value=number, kind=IdentityKind.PHONE)
    keys = Identity.objects.filter(known, shop=shop).order_by("value").values_list("person_id", flat=True)[:limit]
    named = Q()
    for word in wanted.split()[:MAX_WORDS]:
        named &= Q(name__icontains=word)
    rows = Person.objects.filter(shop=shop, merged_into=None)
    found = list(rows.filter(pk__in=list(keys)).order_by("name", "pk"))
    if len(found) < limit:
        found += rows.filter(named).exclude(pk__in=[p.pk for p in found]).order_by("name", "pk")[: limit - len(found)]
    return found


def look_alikes(person: Person) -> list[Person]:
    """Persons who may be the same one: of the same name, and with an order sent to the same number or place.

    The name alone tells nothing: there are many of every Tanaka. Newest first.
    """
    if not person.name:
        return []
    rows = Person.objects.filter(shop=person.shop_id, name=person.name, merged_into=None).exclude(pk=person.pk)
    others = list(rows.order_by("-pk")[:MAX_FOUND])
    if not others:
        return []
    traces = _traces([person, *others])
    mine = traces[person.pk]
    return [other for other in others if mine & traces[other.pk]]


def _traces(people: Collection[Person]) -> dict[int, set[tuple[str, str]]]:
    """What is known of where each person lives and telephones, in two queries."""
    found: dict[int, set[tuple[str, str]]] = {one.pk: set() for one in people}
    owner: dict[tuple[str, str], int] = {}
    for identity in Identity.objects.filter(person__in=found):
        if identity.kind == IdentityKind.PHONE:
            found[identity.person_id].add(("phone", identity.value))
        owner[identity.kind, identity.value] = identity.person_id
    mine = Q(email__in=[value for kind, value in owner if kind == IdentityKind.EMAIL])
    mine |= Q(user_id__in=[value for kind, value in owner if kind == IdentityKind.SALEOR])
    shop = next(iter(people)).shop_id
    rows = Order.objects.filter(mine, shop=shop).order_by("-placed_at", "-pk")[:200]
    for order in rows:
        pk = owner.get((IdentityKind.SALEOR, order.user_id)) or owner.get((IdentityKind.EMAIL, order.email))
        if pk is None:
            continue
        for address in (order.shipping_address, order.billing_address):
            number = e164(str(address.get("phone") or ""), region=str(address.get("country") or ""))
            if number:
                found[pk].add(("phone", number))
            place = f"{address.get('postal_code') or ''} {address.get('street1') or ''}".casefold().split()
            if len(place) > 1:
                found[pk].add(("place", " ".join(place)))
    return found


def last_merge_of(people: Collection[int], *, at: datetime) -> dict[int, PersonMerge]:
    """The newest merge into each person that can still be taken back."""
    rows = PersonMerge.objects.filter(kept__in=people, undone_at=None, at__gt=at - UNDO_WITHIN).order_by("pk")
    return {row.kept_id: row for row in rows.select_related("dropped")}
