"""What is to be done to many conversations: as it was asked for, and as a row remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.actions.tags import tag_key
from saleor_aftercare.inbox.models import STAFF_ACTIONS, Priority, Tag, Ticket
from saleor_aftercare.team.models import Team

from . import macros
from .macro_steps import Step
from .models import BulkAction, Macro


class BulkKind(StrEnum):
    """What may be done to many at once."""

    ASSIGN = "assign"
    TEAM = "team"
    PRIORITY = "priority"
    TAG = "tag"
    MOVE = "move"  #: solve, close, reopen, wait, wait_for_others, wake, spam, not_spam
    SNOOZE = "snooze"
    READ = "read"
    MERGE = "merge"  #: into one of them
    MACRO = "macro"  #: planned first, and done when somebody has seen the plan


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, as it was asked for and checked."""

    kind: BulkKind
    assignee: StaffMember | None = None
    team: Team | None = None
    priority: int | None = None
    add_tags: tuple[Tag, ...] = ()
    remove_tags: tuple[Tag, ...] = ()
    move: str = ""
    until: datetime | None = None
    keep: Ticket | None = None  #: the conversation that the others go on in
    across_customers: bool = False
    macro: Macro | None = None

    def check(self, at: datetime) -> None:
        """Raise InvalidInput naming what makes no sense."""
        if self.kind == BulkKind.SNOOZE and (self.until is None or self.until <= at):
            raise InvalidInput(_("Choose a moment in the future."), "until")
        if self.kind == BulkKind.MOVE and self.move not in STAFF_ACTIONS:
            raise InvalidInput(_("Unknown action."), "move")
        if self.kind == BulkKind.PRIORITY and self.priority not in Priority.values:
            raise InvalidInput(_("Unknown priority."), "priority")
        if self.kind == BulkKind.TAG and not self.add_tags and not self.remove_tags:
            raise InvalidInput(_("Choose at least one tag."), "addTags")
        if self.kind == BulkKind.MACRO and self.macro is None:
            raise InvalidInput(_("Please fill in this field."), "macroId")

    def to_json(self) -> dict[str, Any]:
        """For the row."""
        return {
            "assignee": self.assignee.pk if self.assignee else None,
            "team": self.team.pk if self.team else None,
            "priority": self.priority,
            "add_tags": [tag.pk for tag in self.add_tags],
            "remove_tags": [tag.pk for tag in self.remove_tags],
            "move": self.move,
            "until": self.until.isoformat() if self.until else None,
            "keep": self.keep.pk if self.keep else None,
            "across_customers": self.across_customers,
            "macro": self.macro.pk if self.macro else None,
            "steps": [step.to_json() for step in macros.steps_of(self.macro)] if self.macro else [],
        }

    @classmethod
    def from_row(cls, row: BulkAction) -> Order:
        """As it was asked for; raises NotFound for people, teams, tags and macros that are gone since."""
        values = row.values
        wanted = [*values["add_tags"], *values["remove_tags"]]
        tags = Tag.objects.filter(shop=row.shop_id).in_bulk(wanted)
        if any(key not in tags for key in wanted):
            raise NotFound(_("There is no such tag."), "tags")
        macro = values.get("macro")
        return cls(
            kind=BulkKind(row.action),
            assignee=row_named(StaffMember, row.shop, values["assignee"]),
            team=row_named(Team, row.shop, values["team"]),
            priority=values["priority"],
            add_tags=tuple(tags[key] for key in values["add_tags"]),
            remove_tags=tuple(tags[key] for key in values["remove_tags"]),
            move=values["move"],
            until=datetime.fromisoformat(values["until"]) if values["until"] else None,
            keep=row_named(Ticket, row.shop, values.get("keep")),
            across_customers=values.get("across_customers", False),
            macro=macros.get_macro(row.shop, macro) if macro is not None else None,
        )


def row_named(model: Any, shop: Shop, pk: int | None) -> Any:
    """The row that an action names, None for none; raises NotFound when it is gone."""
    if pk is None:
        return None
    found = model.objects.filter(shop=shop, pk=pk).first()
    if found is None:
        raise NotFound(_("What this action names is gone."), "id")
    return found


# -- what of a conversation it changes ---------------------------------------------------------------------------

_WRITES: Final = {
    BulkKind.ASSIGN: "assignee",
    BulkKind.TEAM: "team",
    BulkKind.PRIORITY: "priority",
    BulkKind.TAG: "tags",
    BulkKind.MOVE: "standing",
    BulkKind.SNOOZE: "standing",
    BulkKind.READ: "unread",
}
#: Steps of macros whose traces can be wiped away; everything else has reached somebody, or moved something, for good.
_STEP_WRITES: Final = {
    "assign": "assignee",
    "team": "team",
    "priority": "priority",
    "tag": "tags",
    "untag": "tags",
    "field": "fields",
    "state": "standing",
    "snooze": "standing",
}


class Undo(StrEnum):
    """How much of a macro can be taken back."""

    ALL = "all"
    PART = "part"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Traces:
    """What of a conversation an action writes and can write back."""

    names: frozenset[str]
    tags: Q  #: on the rows that hang tags on conversations
    fields: tuple[str, ...] = ()


def traces_of(row: BulkAction) -> Traces:
    """What an action changes in each conversation, as far as it can be taken back."""
    kind = BulkKind(row.action)
    if kind == BulkKind.MACRO:
        return traces_of_steps([Step.from_json(one) for one in row.values["steps"]])
    names = frozenset({_WRITES[kind]} if kind in _WRITES else ())
    return Traces(names, Q(tag__in=[*row.values["add_tags"], *row.values["remove_tags"]]))


def traces_of_steps(steps: list[Step]) -> Traces:
    """The same of the steps of a macro. Behind an answer, where a conversation stands is no longer ours to restore."""
    names = {_STEP_WRITES[step.do] for step in steps if step.do in _STEP_WRITES}
    if any(step.do not in _STEP_WRITES and step.do != "note" for step in steps):
        names.discard("standing")
    tags = [tag_key(name) for step in steps if step.do in {"tag", "untag"} for name in step.values]
    fields = tuple(dict.fromkeys(step.values[0] for step in steps if step.do == "field"))
    return Traces(frozenset(names), Q(tag__key__in=tags), fields)


def undo_of(steps: list[Step]) -> Undo:
    """How much of these steps can be taken back."""
    if not traces_of_steps(steps).names:
        return Undo.NOTHING
    return Undo.ALL if all(step.do in _STEP_WRITES for step in steps) else Undo.PART
