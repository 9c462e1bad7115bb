"""Whoever is known by an address, a number or an account, made where there is nobody: race-safe, and by the dozen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Shop, inserted

from .models import Identity, IdentityKind, Person

MAX_NAME: Final = 300
_E164: Final = re.compile(r"\+[1-9]\d{4,14}")


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
    (identity,) = identities_of(shop, [Known(kind, value, name, language, verified_at, at)])
    return identity


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody shows of themselves."""

    kind: IdentityKind
    value: str
    name: str
    language: str
    verified_at: datetime | None
    at: datetime


def identities_of(shop: Shop, shown: Sequence[Known]) -> list[Identity]:
    """As :func:`identity_of` for each, in as many statements as for one; persons are held in one order."""
    values = {(one.kind, normal_value(one.kind, one.value)): one for one in reversed(shown)}
    # No savepoint: what cannot be told apart here takes the caller's transaction with it.
    with transaction.atomic(savepoint=False):
        found = _held(shop, list(values))
        if missing := {key: one for key, one in values.items() if key not in found}:
            found |= _made(shop, missing)
            if faster := [key for key in missing if key not in found]:
                found |= _held(shop, faster)
        identities: list[Identity] = []
        for one in shown:
            identity = found.get((one.kind, normal_value(one.kind, one.value)))
            if identity is None:
                raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
            if one.verified_at is not None and identity.verified_at is None:
                verify_identity(identity, at=one.verified_at)
            _complete(identity.person, name=one.name, language=one.language)
            identities.append(identity)
    return identities


_Key = tuple[IdentityKind, str]


def _held(shop: Shop, keys: Sequence[_Key]) -> dict[_Key, Identity]:
    """Identities with their persons, the persons held; those that nobody is known by are left out."""
    found: dict[_Key, Identity] = {}
    merged: dict[_Key, int] = {}
    left = list(keys)
    while left:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [[kind for kind, _value in left], [value for _kind, value in left], shop.pk])
            rows = cursor.fetchall()
        left = []
        for row in rows:
            identity = Identity.from_db(connection.alias, _OF_IDENTITY, row[: len(_OF_IDENTITY)])
            identity.person = Person.from_db(connection.alias, _OF_PERSON, row[len(_OF_IDENTITY) :])
            key = (IdentityKind(identity.kind), identity.value)
            if identity.person.merged_into_id is None:
                found[key] = identity
                continue
            # Merged while we waited for the person: then the identity went along, and the next look finds whose it is.
            if merged.get(key) == identity.person_id:
                raise LookupError(f"identity {identity.pk} belongs to a person who was merged")
            merged[key] = identity.person_id
            left.append(key)
    return found


_OF_IDENTITY: Final = tuple(field.attname for field in Identity._meta.concrete_fields)
_OF_PERSON: Final = tuple(field.attname for field in Person._meta.concrete_fields)
_HOLD: Final = f"""
SELECT {", ".join(f"i.{name}" for name in _OF_IDENTITY)}, {", ".join(f"p.{name}" for name in _OF_PERSON)}
FROM unnest(%s::text[], %s::text[]) AS wanted (kind, value)
JOIN aftercare_identity AS i ON i.shop_id = %s AND i.kind = wanted.kind AND i.value = wanted.value
JOIN aftercare_person AS p ON p.id = i.person_id
ORDER BY p.id FOR NO KEY UPDATE OF p
"""  # noqa: S608  names of columns


#: Both or neither. Where somebody else was faster, the person stays without identity and is taken back.
_MAKE = """
WITH new AS (
    SELECT nextval(pg_get_serial_sequence('aftercare_person', 'id')) AS id, given.* FROM unnest(
      %(kind)s::text[], %(value)s::text[], %(name)s::text[], %(language)s::text[], %(verified_at)s::timestamptz[],
      %(at)s::timestamptz[]
    ) AS given (kind, value, name, language, verified_at, at)
), person AS (
    INSERT INTO aftercare_person (id, shop_id, name, language, note, is_vip, created_at)
    SELECT id, %(shop)s, name, language, '', false, at FROM new
), identity AS (
    INSERT INTO aftercare_identity (shop_id, person_id, kind, value, verified_at, created_at)
    SELECT %(shop)s, id, kind, value, verified_at, at FROM new ORDER BY kind, value
    ON CONFLICT (shop_id, kind, value) DO NOTHING RETURNING id, kind, value
)
SELECT new.kind, new.value, new.id, identity.id FROM new LEFT JOIN identity USING (kind, value)
"""


def _made(shop: Shop, missing: Mapping[_Key, Known]) -> dict[_Key, Identity]:
    """Write persons and what they are known by; left out is what somebody is known by already."""
    found: dict[_Key, Identity] = {}
    for (kind, value), one in missing.items():
        person = Person(shop=shop, name=cut(one.name), language=one.language[:10], created_at=one.at)
        identity = Identity(shop=shop, kind=kind, value=value, verified_at=one.verified_at, created_at=one.at)
        identity.person = person
        found[kind, value] = identity
    rows = found.values()
    values: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in ("kind", "value", "verified_at")}
    values |= {name: [getattr(row.person, name) for row in rows] for name in ("name", "language")}
    values |= {"shop": shop.pk, "at": [row.created_at for row in rows]}
    vain: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, values)
        for kind, value, person_pk, identity_pk in cursor.fetchall():
            if identity_pk is None:
                vain.append(person_pk)
                del found[IdentityKind(kind), value]
                continue
            identity = found[IdentityKind(kind), value]
            person = identity.person
            inserted(person, person_pk)
            inserted(identity, identity_pk)
            identity.person = person
    if vain:
        Person.objects.filter(pk__in=vain).delete()
    return found


def _complete(person: Person, *, name: str, language: str) -> None:
    changes: dict[str, str] = {}
    if name.strip() and not person.name:
        changes["name"] = cut(name)
    if language and not person.language:
        changes["language"] = language[:10]
    if changes:
        Person.objects.filter(pk=person.pk).update(**changes)
        for field, value in changes.items():
            setattr(person, field, value)


def verify_identity(identity: Identity, *, at: datetime) -> None:
    """They proved that it is theirs; what is theirs sends no spam."""
    Identity.objects.filter(pk=identity.pk).update(verified_at=at, spam_since=None)
    identity.verified_at, identity.spam_since = at, None


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


def cut(name: str) -> str:
    """A name as it is kept."""
    return " ".join(name.split())[:MAX_NAME]
