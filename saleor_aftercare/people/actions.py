"""Who somebody is: found by whatever they are known by, never twice."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.models import Shop, inserted

from .events import PersonDescribed
from .merging import merge_persons, merge_when_apart, undo_merge
from .models import Identity, IdentityKind, Person
from .numbers import numbers_of

MAX_NAME = 300
MAX_NOTE = 10_000
#: More ways to recognise one person are a mistake, or an attack.
MAX_IDENTITIES = 100
_E164 = re.compile(r"\+[1-9]\d{4,14}")

__all__ = [
    "add_identity",
    "describe",
    "identity_of",
    "mark_spam",
    "merge_persons",
    "person_of",
    "person_of_customer",
    "person_of_order",
    "remove_identity",
    "undo_merge",
    "unmark_spam",
    "verify_identity",
]


def person_of(
    shop: Shop,
    *,
    kind: IdentityKind,
    value: str,
    name: str = "",
    language: str = "",
    verified_at: datetime | None = None,
    at: datetime,
) -> Person:
    """The person known by this identity, made when there is none; two callers at once get the same one.

    The row is held until the caller's transaction ends, so that nobody merges the person away meanwhile. Name and
    language are kept where none were known; ``verified_at`` is when the identity was proved to be theirs.

    Raises InvalidInput("value") for what no identity of that kind can be.
    """
    identity = identity_of(shop, kind=kind, value=value, name=name, language=language, verified_at=verified_at, at=at)
    return identity.person


def identity_of(
    shop: Shop,
    *,
    kind: IdentityKind,
    value: str,
    name: str = "",
    language: str = "",
    verified_at: datetime | None = None,
    at: datetime,
) -> Identity:
    """The identity and, in ``person``, whoever is known by it; as :func:`person_of`, in one statement or two."""
    value = normal_value(kind, value)
    # No savepoint: what cannot be told apart here takes the caller's transaction with it.
    with transaction.atomic(savepoint=False):
        identity = _held(shop, kind, value)
        if identity is None:
            person = Person(shop=shop, name=_cut(name), language=language[:10], created_at=at)
            identity = Identity(shop=shop, kind=kind, value=value, verified_at=verified_at, created_at=at)
            if _made(person, identity):
                return identity
            identity = _held(shop, kind, value)
            if identity is None:
                raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
        if verified_at is not None and identity.verified_at is None:
            verify_identity(identity, at=verified_at)
        _complete(identity.person, name=name, language=language)
    return identity


def _held(shop: Shop, kind: IdentityKind, value: str) -> Identity | None:
    """The identity with its person, the person held; None when nobody is known by it."""
    merged: int | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [shop.pk, kind, value])
            row = cursor.fetchone()
        if row is None:
            return None
        identity = Identity.from_db(connection.alias, _OF_IDENTITY, row[: len(_OF_IDENTITY)])
        identity.person = Person.from_db(connection.alias, _OF_PERSON, row[len(_OF_IDENTITY) :])
        if identity.person.merged_into_id is None:
            return identity
        # Merged while we waited for the person: then the identity went along, and the next look finds whose it is.
        if identity.person_id == merged:
            raise LookupError(f"identity {identity.pk} belongs to a person who was merged")
        merged = identity.person_id


_OF_IDENTITY: Final = tuple(field.attname for field in Identity._meta.concrete_fields)
_OF_PERSON: Final = tuple(field.attname for field in Person._meta.concrete_fields)
_HOLD: Final = f"""
SELECT {", ".join(f"i.{name}" for name in _OF_IDENTITY)}, {", ".join(f"p.{name}" for name in _OF_PERSON)}
FROM aftercare_identity AS i JOIN aftercare_person AS p ON p.id = i.person_id
WHERE i.shop_id = %s AND i.kind = %s AND i.value = %s FOR NO KEY UPDATE OF p
"""  # noqa: S608  names of columns


#: Both or neither. Where somebody else was faster, the person stays without identity and is taken back.
_MAKE = """
WITH person AS (
    INSERT INTO aftercare_person (shop_id, name, language, note, is_vip, created_at)
    VALUES (%(shop)s, %(name)s, %(language)s, '', false, %(at)s) RETURNING id
), identity AS (
    INSERT INTO aftercare_identity (shop_id, person_id, kind, value, verified_at, created_at)
    SELECT %(shop)s, person.id, %(kind)s, %(value)s, %(verified_at)s::timestamptz, %(at)s FROM person
    ON CONFLICT (shop_id, kind, value) DO NOTHING RETURNING id
)
SELECT person.id, identity.id FROM person LEFT JOIN identity ON true
"""


def _made(person: Person, identity: Identity) -> bool:
    """Write a person and what they are known by; False when somebody is known by that already."""
    values: dict[str, Any] = {
        "shop": person.shop_id,
        "name": person.name,
        "language": person.language,
        "kind": identity.kind,
        "value": identity.value,
        "verified_at": identity.verified_at,
        "at": person.created_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, values)
        person_pk, identity_pk = cursor.fetchone()
    if identity_pk is None:
        Person.objects.filter(pk=person_pk).delete()
        return False
    inserted(person, person_pk)
    inserted(identity, identity_pk)
    identity.person = person
    return True


def _complete(person: Person, *, name: str, language: str) -> None:
    changes: dict[str, str] = {}
    if name.strip() and not person.name:
        changes["name"] = _cut(name)
    if language and not person.language:
        changes["language"] = language[:10]
    if changes:
        Person.objects.filter(pk=person.pk).update(**changes)
        for field, value in changes.items():
            setattr(person, field, value)


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


def verify_identity(identity: Identity, *, at: datetime) -> None:
    """They proved that it is theirs; what is theirs sends no spam."""
    Identity.objects.filter(pk=identity.pk).update(verified_at=at, spam_since=None)
    identity.verified_at, identity.spam_since = at, None


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


def normal_value(kind: IdentityKind, value: str) -> str:
    """The one spelling of an identity; raises InvalidInput("value")."""
    value = value.strip()
    if kind == IdentityKind.EMAIL:
        if not is_address(value):
            raise InvalidInput(_("Not an e-mail address."), "value")
        return value.lower()
    if kind == IdentityKind.PHONE and not _E164.fullmatch(value):
        raise InvalidInput(_("Not a telephone number with its country code, such as +81 90 1234 5678."), "value")
    if not value or len(value) > 254 or not texts.is_storable(value):
        raise InvalidInput(_("Please fill in this field."), "value")
    return value


def is_address(text: str) -> bool:
    """Whether a mail could come from there. Phones in Japan have addresses that no standard allows (``a..b@``)."""
    before, at_sign, host = text.strip().rpartition("@")
    readable = texts.is_storable(text) and not any(char.isspace() for char in text.strip())
    return bool(before and at_sign and host) and readable and len(text.strip()) <= 254


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


def _cut(name: str) -> str:
    return " ".join(name.split())[:MAX_NAME]
