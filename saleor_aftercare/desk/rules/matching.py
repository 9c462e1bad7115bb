"""Whether a rule's conditions hold. Pure: facts in, answer out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from .documents import FIELDS, Condition, Kind, RuleDocument


@dataclass(frozen=True)
class Facts:
    """What a rule may ask about one conversation, when something happened in it."""

    state: str
    priority: str
    channel: str
    account: str  #: keys as text; empty: none
    language: str
    team: str
    assignee: str
    tag: frozenset[str]  #: their keys: casefolded
    case: frozenset[str]
    subject: str
    text: str  #: what the customer said then, or last
    sender: str  #: address and name
    order_total: Decimal | None  #: in the order's own currency
    order_country: str
    order_channel: str
    earlier_tickets: Decimal
    has_order: bool
    is_vip: bool
    in_working_hours: bool
    search: frozenset[str] = frozenset()  #: of the lines that a rule asks about, those that find it


def folded(text: str) -> str:
    """What makes two spellings one: neither case nor width.

    >>> folded("ＧＲＩＮＤＥＲ"), folded("Straße") == folded("STRASSE"), folded("ｶﾞﾗｽ")
    ('grinder', True, 'ガラス')
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether one condition is so. What is not known (the total of no order) is neither at least nor at most."""
    value: Any = facts.sender if condition.field == "from" else getattr(facts, condition.field)
    return _QUESTIONS[FIELDS[condition.field]](condition, value)


def _is_so(condition: Condition, value: bool) -> bool:
    return value == (condition.op == "is")


def _compares(condition: Condition, value: Decimal | None) -> bool:
    if value is None:
        return False
    bound = Decimal(condition.values[0])
    return value >= bound if condition.op == "at_least" else value <= bound


def _contains(condition: Condition, value: str) -> bool:
    found = any(folded(one) in folded(value) for one in condition.values)
    return found == (condition.op == "contains")


def _has(condition: Condition, value: frozenset[str]) -> bool:
    keys = {folded(one) for one in condition.values}
    if condition.op == "all_of":
        return keys <= value
    return bool(keys & value) == (condition.op == "any_of")


def _is_found(condition: Condition, value: frozenset[str]) -> bool:
    return (condition.values[0] in value) == (condition.op == "matches")


def _is_one_of(condition: Condition, value: str) -> bool:
    wanted = condition.values
    if condition.field == "language":
        value, wanted = value.partition("-")[0], tuple(one.partition("-")[0] for one in wanted)
    return (folded(value) in {folded(one) for one in wanted}) == (condition.op == "any_of")


_QUESTIONS: Final[Mapping[Kind, Callable[[Condition, Any], bool]]] = {
    Kind.FLAG: _is_so,
    Kind.NUMBER: _compares,
    Kind.TEXT: _contains,
    Kind.SET: _has,
    Kind.SEARCH: _is_found,
    Kind.CHOICE: _is_one_of,
}


def searches_of(rule: RuleDocument) -> list[str]:
    """The lines of the search field that a rule asks about."""
    return [one.values[0] for one in rule.conditions if FIELDS[one.field] == Kind.SEARCH]


def answers(rule: RuleDocument, facts: Facts) -> list[bool]:
    """Whether each condition is so, in their order."""
    return [holds(one, facts) for one in rule.conditions]


def decides(rule: RuleDocument, found: Sequence[bool]) -> bool:
    """Whether the rule acts when its conditions are ``found`` so; without conditions it always does."""
    return not found or (any(found) if rule.any_is_enough else all(found))


def matches(rule: RuleDocument, facts: Facts) -> bool:
    """Whether the rule acts."""
    return decides(rule, answers(rule, facts))
