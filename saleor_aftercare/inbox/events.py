"""What happens to conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _TicketEvent(DomainEvent):
    subject: ClassVar = "ticket"


@dataclass(frozen=True)
class TicketOpened(_TicketEvent):
    """A conversation began; its first message, if it has one, is told by CustomerWrote."""

    kind: ClassVar = "ticket.opened"
    channel: str
    follows: int | None = None  #: key of the conversation that this one goes on from


@dataclass(frozen=True)
class CustomerWrote(_TicketEvent):
    """A person on the customer's side said something; what their machines say is not told."""

    kind: ClassVar = "ticket.customer_wrote"
    message: int  #: key of the TicketMessage
    before: str  #: the state that it found


@dataclass(frozen=True)
class StaffAnswered(_TicketEvent):
    """Somebody of the shop said something that the customer reads."""

    kind: ClassVar = "ticket.staff_answered"
    message: int  #: key of the TicketMessage
    staff: int | None  #: key of the StaffMember; None for a machine of ours
    is_first: bool  #: nobody of the shop had said anything openly before


@dataclass(frozen=True)
class NoteWritten(_TicketEvent):
    """Somebody wrote something that stays in the shop."""

    kind: ClassVar = "ticket.note_written"
    message: int  #: key of the TicketMessage
    staff: int  #: key of the StaffMember


@dataclass(frozen=True)
class TicketMoved(_TicketEvent):
    """Its state changed by a button, a rule or the clock; what messages do to it is told by their own events."""

    kind: ClassVar = "ticket.moved"
    action: str  #: of the workflow: "solve", "snooze", "wake", …
    before: str
    after: str
    until: str | None = None  #: ISO 8601; of a snooze


@dataclass(frozen=True)
class TicketAssigned(_TicketEvent):
    """Somebody else takes care of it, or nobody."""

    kind: ClassVar = "ticket.assigned"
    assignee: int | None  #: key of the StaffMember
    before: int | None
    by: int | None = None  #: key of the StaffMember who gave it; None for a rule


@dataclass(frozen=True)
class TicketTeamChanged(_TicketEvent):
    """It stands in another team's queue, or in nobody's."""

    kind: ClassVar = "ticket.team_changed"
    team: int | None
    before: int | None


@dataclass(frozen=True)
class TicketPrioritized(_TicketEvent):
    """It is more, or less, urgent than before."""

    kind: ClassVar = "ticket.prioritized"
    priority: int
    before: int


@dataclass(frozen=True)
class TicketTagged(_TicketEvent):
    """It was marked with tags, or tags were taken off."""

    kind: ClassVar = "ticket.tagged"
    added: list[int] = field(default_factory=list)  #: keys of Tags
    removed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class TicketDescribed(_TicketEvent):
    """Subject, language, fields, order or person are other ones."""

    kind: ClassVar = "ticket.described"
    changed: list[str]  #: "subject", "language", "fields", "order", "person"
    before: dict[str, str] = field(default_factory=dict)  #: of subject and language, what they were


@dataclass(frozen=True)
class _Deadline(_TicketEvent):
    target: str  #: "first_response", "next_response" or "resolution"
    policy: str  #: its name
    due_at: str  #: ISO 8601


@dataclass(frozen=True)
class SlaWarned(_Deadline):
    """A target will be missed soon unless somebody acts; told once per deadline."""

    kind: ClassVar = "ticket.sla_warned"


@dataclass(frozen=True)
class SlaBreached(_Deadline):
    """A target was missed, and nobody has acted yet; told once per deadline."""

    kind: ClassVar = "ticket.sla_breached"


@dataclass(frozen=True)
class TicketsMerged(_TicketEvent):
    """``other`` goes on in this one."""

    kind: ClassVar = "ticket.merged"
    other: int
    merge: int  #: key of the TicketMerge


@dataclass(frozen=True)
class TicketSplit(_TicketEvent):
    """Some messages of this one became ``other``."""

    kind: ClassVar = "ticket.split"
    other: int
    merge: int  #: key of the TicketMerge


@dataclass(frozen=True)
class TicketMergeUndone(_TicketEvent):
    """A merge or a split was taken back; both conversations are as they were."""

    kind: ClassVar = "ticket.merge_undone"
    other: int
    merge: int  #: key of the TicketMerge


@dataclass(frozen=True)
class CalendarSaved(DomainEvent):
    """A calendar was made or changed; the document is what holds from now on, so that every version stays known."""

    kind: ClassVar = "sla.calendar_saved"
    subject: ClassVar = "calendar"
    name: str
    version: int
    is_default: bool
    document: dict[str, Any]


@dataclass(frozen=True)
class CalendarRemoved(DomainEvent):
    """A calendar that nothing counted in is gone."""

    kind: ClassVar = "sla.calendar_removed"
    subject: ClassVar = "calendar"
    name: str


@dataclass(frozen=True)
class SlaPolicySaved(DomainEvent):
    """A version of a policy is in force, or its last one no more. ``subject_id`` is that version's."""

    kind: ClassVar = "sla.policy_saved"
    subject: ClassVar = "sla_policy"
    name: str
    version: int
    retired: bool = False


@dataclass(frozen=True)
class SlaPoliciesOrdered(DomainEvent):
    """Policies are looked at in another order. ``subject_id`` is the shop's."""

    kind: ClassVar = "sla.policies_ordered"
    subject: ClassVar = "shop"
    keys: list[str]
