"""What the search field offers while somebody types: operators and their values, in English and Japanese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import Tag
from saleor_aftercare.team.models import Team

from .language import Span, piece_at
from .operators import OPERATORS, Operator, fold

#: Offers at once.
MAX_OFFERS: Final = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may stand at the caret: ``insert`` takes the place of ``start`` to ``end``."""

    insert: str
    start: int
    end: int
    operator: str
    value: str = ""  #: empty: the operator itself is offered
    alias: str = ""  #: how else it may be written


def offers(shop: Shop, text: str, caret: int) -> list[Offer]:
    """What fits what is written before the caret: names of operators, or values behind one; at most one query."""
    piece = piece_at(text, caret)
    if piece.operator is None:
        return _operators(piece)
    operator = OPERATORS[piece.operator]
    return [_value(operator, piece, value, alias) for value, alias in _values(shop, operator, piece.written)]


def _operators(piece: Span) -> list[Offer]:
    written = fold(piece.written)
    found = []
    for operator in OPERATORS.values():
        # Where nothing is written yet, all are offered in their order.
        if any(fold(name).startswith(written) for name in (operator.name, *operator.aliases)):
            name = operator.name if piece.written.isascii() else operator.aliases[0]
            found.append(Offer(f"{name}:", piece.start, piece.end, operator.name, alias=operator.aliases[0]))
    return found[:MAX_OFFERS]


def _value(operator: Operator, piece: Span, value: str, alias: str) -> Offer:
    insert = f'"{value}"' if any(map(str.isspace, value)) or "," in value else value
    return Offer(insert, piece.start, piece.end, operator.name, value, alias)


def _values(shop: Shop, operator: Operator, written: str) -> Iterable[tuple[str, str]]:
    wanted = fold(written)
    fixed = [
        (value, spellings[-1] if spellings and not spellings[-1].isascii() else "")
        for value, spellings in operator.choices.items()
        if any(fold(one).startswith(wanted) for one in (value, *spellings))
    ]
    return [*fixed, *((name, "") for name in _names(shop, operator.name, wanted))][:MAX_OFFERS]


def _names(shop: Shop, operator: str, wanted: str) -> list[str]:
    """What the shop itself has: tags, teams, people."""
    if operator == "tag":
        tags = Tag.objects.filter(shop=shop, archived_at=None, key__startswith=wanted).order_by("key")
        return list(tags.values_list("name", flat=True)[:MAX_OFFERS])
    if operator == "team":
        teams = Team.objects.filter(shop=shop, archived_at=None, name__istartswith=wanted).order_by("name")
        return list(teams.values_list("name", flat=True)[:MAX_OFFERS])
    if operator == "assignee":
        people = StaffMember.objects.filter(shop=shop).order_by("name", "email")
        named = [one.name or one.email for one in people[:500]]
        return [name for name in named if any(fold(word).startswith(wanted) for word in [name, *name.split()])]
    return []
