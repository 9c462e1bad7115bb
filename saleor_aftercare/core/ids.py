"""Identifiers: Saleor's and our relay ids, and the numbers that people read to each other."""

from __future__ import annotations

import base64
import binascii

from django.db import connection

from .errors import InvalidInput
from .models import Shop


def to_global_id(kind: str, pk: object) -> str:
    """A relay id: base64 of ``Kind:pk``.

    >>> to_global_id("Return", 7)
    'UmV0dXJuOjc='
    """
    return base64.b64encode(f"{kind}:{pk}".encode()).decode()


def from_global_id(kind: str, value: object, *, field: str = "id") -> str:
    """The part after the colon of a relay id of ``kind``; raises InvalidInput for anything else."""
    try:
        text = base64.b64decode(str(value), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    name, _, pk = text.partition(":")
    if name != kind or not pk:
        raise InvalidInput(f"Not an id of {kind}.", field)
    return pk


def own_pk(kind: str, value: object, *, field: str = "id") -> int:
    """The primary key in one of our own relay ids; raises InvalidInput for anything else."""
    pk = from_global_id(kind, value, field=field)
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        raise InvalidInput(f"Not an id of {kind}.", field)
    return int(pk)


def next_number(shop: Shop, series: str, *, first: int = 1001) -> int:
    """The next number of a series of one shop, in the caller's transaction.

    The counter row stays locked until commit: numbers have no gaps but those of rolled-back work, and never repeat.
    """
    return next_numbers(shop, series, 1, first=first)[0]


def next_numbers(shop: Shop, series: str, count: int, *, first: int = 1001) -> range:
    """The next numbers of a series, as :func:`next_number` gives one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO aftercare_numberseries (shop_id, series, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (shop_id, series) DO UPDATE SET last = aftercare_numberseries.last + %s RETURNING last",
            [shop.pk, series, first + count - 1, count],
        )
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)
