"""A rule as a value: what it may say, and what a saved document of one means. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.inbox.filters import parse
from saleor_aftercare.inbox.models import STAFF_ACTIONS, CaseKind, Priority, TicketChannel, TicketState


class When(StrEnum):
    """What a rule waits for."""

    OPENED = "opened"
    CUSTOMER_WROTE = "customer_wrote"
    STAFF_ANSWERED = "staff_answered"  #: a person did
    NOTE_WRITTEN = "note_written"
    STATE_CHANGED = "state_changed"
    ASSIGNED = "assigned"
    TEAM_CHANGED = "team_changed"
    TAGGED = "tagged"
    PRIORITIZED = "prioritized"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    WAITED = "waited"  #: nothing of ``since`` has happened for some hours


#: What time may have passed since; the newest of its kind counts.
SINCE: Final = (When.OPENED, When.CUSTOMER_WROTE, When.STAFF_ANSWERED, When.STATE_CHANGED)


class Kind(StrEnum):
    """What kind of value a field has, and so what may be asked about it."""

    CHOICE = "choice"  #: one of several: any_of, none_of
    SET = "set"  #: several of many: any_of, all_of, none_of
    TEXT = "text"  #: contains, contains_not
    NUMBER = "number"  #: at_least, at_most
    FLAG = "flag"  #: is, is_not
    SEARCH = "search"  #: a line of the search field: matches, matches_not


OPERATORS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.CHOICE: ("any_of", "none_of"),
    Kind.SET: ("any_of", "all_of", "none_of"),
    Kind.TEXT: ("contains", "contains_not"),
    Kind.NUMBER: ("at_least", "at_most"),
    Kind.FLAG: ("is", "is_not"),
    Kind.SEARCH: ("matches", "matches_not"),
}
FIELDS: Final[Mapping[str, Kind]] = {
    "state": Kind.CHOICE,
    "priority": Kind.CHOICE,
    "channel": Kind.CHOICE,
    "account": Kind.CHOICE,
    "language": Kind.CHOICE,
    "team": Kind.CHOICE,
    "assignee": Kind.CHOICE,
    "tag": Kind.SET,
    "case": Kind.SET,
    "subject": Kind.TEXT,
    "text": Kind.TEXT,
    "from": Kind.TEXT,
    "order_total": Kind.NUMBER,
    "order_country": Kind.CHOICE,
    "order_channel": Kind.CHOICE,
    "earlier_tickets": Kind.NUMBER,
    "has_order": Kind.FLAG,
    "is_vip": Kind.FLAG,
    "in_working_hours": Kind.FLAG,
    "search": Kind.SEARCH,
}
#: Fields whose values are keys of rows, by the name of their kind.
REFERENCES: Final = {"team": "Team", "assignee": "StaffMember", "account": "ChannelAccount"}
#: What a choice may be, where the product knows.
CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "state": [state for state in TicketState.values if state != TicketState.MERGED],
    "priority": [str(value) for value in Priority.values],
    "channel": TicketChannel.values,
    "case": CaseKind.values,
}

MAX_RULES: Final = 100
MAX_CONDITIONS: Final = 20
MAX_STEPS: Final = 10
MAX_VALUES: Final = 50
MAX_VALUE: Final = 200
MAX_TEXT: Final = 5000
MAX_WAIT_H: Final = 24 * 60

#: What a step does, and how many values it takes at least and at most.
STEPS: Final[Mapping[str, tuple[int, int]]] = {
    "assign": (1, 1),  #: key of a member
    "assign_in_turn": (0, 0),
    "unassign": (0, 0),
    "team": (1, 1),  #: key of a team
    "tag": (1, MAX_VALUES),
    "untag": (1, MAX_VALUES),
    "priority": (1, 1),
    "state": (1, 1),  #: one of STAFF_ACTIONS
    "snooze": (1, 1),  #: hours
    "note": (1, 1),
    "reply": (1, 1),
    "notify": (1, MAX_VALUES),  #: keys of members, "assignee", "team"
}
STEP_REFERENCES: Final = {"assign": "StaffMember", "team": "Team", "notify": "StaffMember"}
#: Who may be told besides members by name.
GROUPS: Final = ("assignee", "team")
#: One of these among the values stands for "nobody", "none".
NOBODY: Final = ""


@dataclass(frozen=True)
class Condition:
    """Something that has to be so."""

    field: str
    op: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """Something that is done."""

    do: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleDocument:
    """A whole rule but for its name and place."""

    when: tuple[When, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    any_is_enough: bool = False  #: one condition that holds; else all of them have to
    stop: bool = False  #: later rules do not see the event any more
    since: When = When.CUSTOMER_WROTE  #: of WAITED
    wait_h: int = 24  #: of WAITED

    def to_json(self) -> dict[str, Any]:
        """The document of a row."""
        return {
            "when": [one.value for one in self.when],
            "if": [{"field": one.field, "op": one.op, "values": list(one.values)} for one in self.conditions],
            "then": [{"do": one.do, "values": list(one.values)} for one in self.steps],
            "any": self.any_is_enough,
            "stop": self.stop,
            "since": self.since.value,
            "wait_h": self.wait_h,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RuleDocument:
        """Read what :meth:`to_json` wrote."""
        return cls(
            when=tuple(map(When, document["when"])),
            conditions=tuple(Condition(one["field"], one["op"], tuple(one["values"])) for one in document["if"]),
            steps=tuple(Step(one["do"], tuple(one["values"])) for one in document["then"]),
            any_is_enough=document["any"],
            stop=document["stop"],
            since=When(document["since"]),
            wait_h=document["wait_h"],
        )

    def checked(self) -> RuleDocument:
        """This rule in one spelling, when it makes sense.

        Raises InvalidInput ("when", "since", "waitHours", "conditions.N.…", "steps.N.…"). Whether rows that it names
        exist is not looked at.
        """
        if not self.when:
            raise InvalidInput(_("Say when this rule looks."), "when")
        if self.since not in SINCE:
            raise InvalidInput(_("Time cannot be counted from that."), "since")
        texts.whole_number(self.wait_h, "waitHours", low=1, high=MAX_WAIT_H)
        if len(self.conditions) > MAX_CONDITIONS:
            raise InvalidInput(_("At most %(limit)d conditions.") % {"limit": MAX_CONDITIONS}, "conditions")
        if not 1 <= len(self.steps) <= MAX_STEPS:
            raise InvalidInput(_("Between 1 and %(limit)d steps.") % {"limit": MAX_STEPS}, "steps")
        return RuleDocument(
            when=tuple(dict.fromkeys(self.when)),
            conditions=tuple(_condition(one, f"conditions.{n}") for n, one in enumerate(self.conditions)),
            steps=tuple(_step(one, f"steps.{n}") for n, one in enumerate(self.steps)),
            any_is_enough=self.any_is_enough,
            stop=self.stop,
            since=self.since,
            wait_h=self.wait_h,
        )


def _condition(one: Condition, where: str) -> Condition:
    kind = FIELDS.get(one.field)
    if kind is None:
        raise InvalidInput(_("Nothing of that name can be asked about."), f"{where}.field")
    if one.op not in OPERATORS[kind]:
        raise InvalidInput(_("This cannot be asked so."), f"{where}.op")
    values = _values(one.values, f"{where}.values", limit=MAX_VALUE, empty=one.field in REFERENCES)
    if kind == Kind.FLAG:
        return Condition(one.field, one.op, ())
    if not values:
        raise InvalidInput(_("Please fill in this field."), f"{where}.values")
    if kind == Kind.NUMBER:
        _number(values[0], f"{where}.values")
        if len(values) > 1:
            raise InvalidInput(_("One number is enough."), f"{where}.values")
    if kind == Kind.SEARCH and (len(values) > 1 or (problems := parse(values[0]).problems)):
        unread = problems[0].text if len(values) == 1 else values[1]
        raise InvalidInput(_("“%(text)s” is not understood.") % {"text": unread}, f"{where}.values")
    known = CHOICES.get(one.field)
    if known is not None and not set(values) <= set(known):
        raise InvalidInput(_("There is no such choice."), f"{where}.values")
    if one.field in REFERENCES:
        _keys(values, f"{where}.values", besides=(NOBODY,))
    return Condition(one.field, one.op, values)


def _step(one: Step, where: str) -> Step:
    if one.do not in STEPS:
        raise InvalidInput(_("There is no such step."), f"{where}.do")
    low, high = STEPS[one.do]
    place = f"{where}.values"
    if one.do in {"note", "reply"}:
        body = texts.paragraphs(one.values[0] if one.values else "", place, limit=MAX_TEXT)
        return Step(one.do, (body,))
    values = _values(one.values, place, limit=MAX_VALUE, empty=False)
    if not low <= len(values) <= high:
        raise InvalidInput(_("Please fill in this field."), place)
    if one.do == "priority" and values[0] not in CHOICES["priority"]:
        raise InvalidInput(_("There is no such choice."), place)
    if one.do == "state" and values[0] not in STAFF_ACTIONS:
        raise InvalidInput(_("Unknown action."), place)
    if one.do == "snooze":
        hours = _number(values[0], place)
        if hours != hours.to_integral_value() or not 1 <= hours <= MAX_WAIT_H:
            words = _("A whole number from %(low)d to %(high)d.") % {"low": 1, "high": MAX_WAIT_H}
            raise InvalidInput(words, place)
    if one.do in STEP_REFERENCES:
        _keys(values, place, besides=GROUPS if one.do == "notify" else ())
    return Step(one.do, values)


def _values(values: Sequence[str], where: str, *, limit: int, empty: bool) -> tuple[str, ...]:
    if len(values) > MAX_VALUES:
        raise InvalidInput(_("At most %(limit)d values.") % {"limit": MAX_VALUES}, where)
    found = dict.fromkeys(texts.one_line(value, where, limit=limit, required=not empty) for value in values)
    return tuple(found)


def _number(value: str, where: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise InvalidInput(_("Not a number."), where) from None
    if not number.is_finite() or not 0 <= number < Decimal(10) ** 12:
        raise InvalidInput(_("Not a number."), where)
    return number


def _keys(values: Sequence[str], where: str, *, besides: Sequence[str]) -> None:
    for value in values:
        if value not in besides and not (value.isascii() and value.isdigit() and len(value) < 19):
            raise InvalidInput(_("There is no such choice."), where)
