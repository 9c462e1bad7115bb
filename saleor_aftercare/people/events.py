"""What happens to persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class PersonsMerged(DomainEvent):
    """``dropped`` was found to be this person."""

    kind: ClassVar = "person.merged"
    subject: ClassVar = "person"
    dropped: int
    merge: int  #: key of the PersonMerge


@dataclass(frozen=True)
class PersonsParted(DomainEvent):
    """A merge was taken back: ``other`` is somebody else after all."""

    kind: ClassVar = "person.parted"
    subject: ClassVar = "person"
    other: int
    merge: int  #: key of the PersonMerge


@dataclass(frozen=True)
class PersonDescribed(DomainEvent):
    """Staff say something else of them than before."""

    kind: ClassVar = "person.described"
    subject: ClassVar = "person"
    changed: list[str]  #: "name", "note", "language", "is_vip"
