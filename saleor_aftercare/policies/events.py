"""What happens to a shop's promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class PolicySaved(DomainEvent):
    """A new version of the rules is in force; open cases keep theirs. ``subject_id`` is the new row's."""

    kind: ClassVar = "policy.saved"
    subject: ClassVar = "policy"
    version: int


@dataclass(frozen=True)
class ReasonsSaved(DomainEvent):
    """The catalogue of reasons was edited. ``subject_id`` is the shop's."""

    kind: ClassVar = "policy.reasons_saved"
    subject: ClassVar = "shop"
    codes: tuple[str, ...]
