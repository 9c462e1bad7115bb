"""Who somebody is: found by whatever they are known by, never twice."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.models import Shop

from .events import PersonDescribed
from .knowing import MAX_NAME, identity_of, is_address, normal_value, person_of, verify_identity
from .merging import merge_persons, merge_when_apart, undo_merge
from .models import Identity, IdentityKind, Person
from .numbers import numbers_of

MAX_NOTE = 10_000
#: More ways to recognise one person are a mistake, or an attack.
MAX_IDENTITIES = 100

__all__ = [
    "add_identity",
    "describe",
    "identity_of",
    "is_address",
    "mark_spam",
    "merge_persons",
    "normal_value",
    "person_of",
    "person_of_customer",
    "person_of_order",
    "remove_identity",
    "undo_merge",
    "unmark_spam",
    "verify_identity",
]


@transaction.atomic
def person_of_customer(
    shop: Shop,
    *,
    email: str,
    user_id: str,
    name: str = "",
    language: str = "",
    verified_at: datetime | None = None,
    at: datetime,
) -> Person | None:
    """The person behind an address and, when Saleor says so, an account; None when neither is given.

    Where a guest is known by the address and somebody by the account, they are one person from now on: Saleor puts
    only orders of the account's owner under an account. Two accounts that use one address stay two persons.
    """
    guest: dict[str, Any] = {"name": name, "language": language, "verified_at": verified_at, "at": at}
    address = email.strip().lower()
    if not user_id:
        return person_of(shop, kind=IdentityKind.EMAIL, value=address, **guest) if is_address(address) else None
    owner = Identity.objects.filter(shop=shop, kind=IdentityKind.SALEOR, value=user_id).first()
    known = Identity.objects.filter(shop=shop, kind=IdentityKind.EMAIL, value=address).first()
    is_guest = known is not None and not _has_account(known.person_id)
    if owner is None and is_guest:
        # The guest has an account now.
        person = person_of(shop, kind=IdentityKind.EMAIL, value=address, **guest)
        _join_identity(person, IdentityKind.SALEOR, user_id, verified_at=at, at=at)
        return person
    if owner is not None and known is not None and is_guest and owner.person_id != known.person_id:
        merge_when_apart(owner.person_id, known.person_id, by_name="Saleor", at=at)
    person = person_of(shop, kind=IdentityKind.SALEOR, value=user_id, **{**guest, "verified_at": at})
    if known is None and is_address(address):
        _join_identity(person, IdentityKind.EMAIL, address, verified_at=verified_at, at=at)
    return person


def person_of_order(order: Order, *, at: datetime) -> Person | None:
    """Whoever placed an order, known afterwards by its address, account and telephone numbers; None for nobody's.

    An order proves its address: the shop wrote there. A number that somebody else is known by stays theirs.
    """
    with transaction.atomic():
        person = person_of_customer(
            order.shop,
            email=order.email,
            user_id=order.user_id,
            name=order.customer_name,
            language=order.language,
            verified_at=order.placed_at,
            at=at,
        )
        if person is not None:
            for number in numbers_of(order):
                _join_identity(person, IdentityKind.PHONE, number, verified_at=None, at=at)
    return person


def _join_identity(
    person: Person, kind: IdentityKind, value: str, *, verified_at: datetime | None, at: datetime
) -> None:
    """Let the person be known by this too, unless somebody is already."""
    Identity.objects.get_or_create(
        shop_id=person.shop_id,
        kind=kind,
        value=normal_value(kind, value),
        defaults={"person": person, "verified_at": verified_at, "created_at": at},
    )


def _has_account(person_pk: int) -> bool:
    return Identity.objects.filter(person=person_pk, kind=IdentityKind.SALEOR).exists()


# -- what staff change -----------------------------------------------------------------------------------------


@transaction.atomic
def add_identity(person: Person, *, kind: IdentityKind, value: str, at: datetime) -> Identity:
    """Let a person be known by one more address or number. Doing so twice changes nothing.

    Raises InvalidInput("value") when it is none, or somebody else is known by it: those two may be one person, and
    are then merged instead.
    """
    held = lock_person(person)
    normal = normal_value(kind, value)
    if held.identities.count() >= MAX_IDENTITIES:
        raise InvalidInput(_("At most %(limit)d.") % {"limit": MAX_IDENTITIES}, "value")
    identity, _is_new = Identity.objects.get_or_create(
        shop_id=held.shop_id, kind=kind, value=normal, defaults={"person": held, "created_at": at}
    )
    if identity.person_id != held.pk:
        raise InvalidInput(_("Somebody else is known by this. If they are one person, merge them."), "value")
    return identity


@transaction.atomic
def remove_identity(identity: Identity) -> Person:
    """Forget a way to recognise somebody; raises Conflict for their account in Saleor, and for the only one left."""
    held = lock_person(identity.person)
    if identity.kind == IdentityKind.SALEOR:
        raise Conflict(_("Saleor says that this account is theirs."))
    if held.identities.count() < 2:
        raise Conflict(_("Nobody could recognise this person any more."))
    held.identities.filter(pk=identity.pk).delete()
    return held


@transaction.atomic
def describe(person: Person, *, at: datetime, by: Actor = SYSTEM, **changes: Any) -> Person:
    """Change what staff may say of a person: ``name``, ``note``, ``language``, ``is_vip``. Twice the same is nothing.

    Raises InvalidInput naming the one that cannot be.
    """
    held = lock_person(person)
    if "name" in changes:
        changes["name"] = texts.one_line(changes["name"], "name", limit=MAX_NAME)
    if "note" in changes:
        changes["note"] = texts.paragraphs(changes["note"], "note", limit=MAX_NOTE, required=False)
    if "language" in changes:
        changes["language"] = language_tag(changes["language"], "language")
    changes = {name: value for name, value in changes.items() if getattr(held, name) != value}
    if changes:
        for name, value in changes.items():
            setattr(held, name, value)
        held.save(update_fields=list(changes))
        publish(PersonDescribed(held.pk, changed=sorted(changes)), shop=held.shop, at=at, actor=by)
    return held


def mark_spam(person: Person, *, at: datetime) -> bool:
    """Whatever comes from them is spam from now on; False for one whom we know to be a customer."""
    rows = Identity.objects.filter(person=person)
    if rows.filter(verified_at__isnull=False).exists():
        return False
    rows.update(spam_since=at)
    return True


def unmark_spam(person: Person) -> None:
    """It is none after all."""
    Identity.objects.filter(person=person).update(spam_since=None)


# -- what an identity can be -----------------------------------------------------------------------------------


def language_tag(text: str, field: str) -> str:
    """A language as BCP 47 writes it, or nothing; raises InvalidInput(field)."""
    tag = text.strip().lower().replace("_", "-")
    if tag and not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,4})?", tag):
        raise InvalidInput(_("Not a language, such as en or ja."), field)
    return tag


def lock_person(person: Person) -> Person:
    """The person as they are now, held by this transaction; raises Conflict when they were merged away."""
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if held.merged_into_id is not None:
        raise Conflict(_("This person was merged into another."))
    return held
