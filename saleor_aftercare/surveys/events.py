"""What happens to questions that customers are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class SurveyAsked(DomainEvent):
    """Somebody was asked what they think."""

    kind: ClassVar = "survey.asked"
    subject: ClassVar = "survey"
    about: str  #: what of ours it is about: "ticket"
    about_id: int


@dataclass(frozen=True)
class SurveyAnswered(DomainEvent):
    """They said so; each answer that differs from the one before is told."""

    kind: ClassVar = "survey.answered"
    subject: ClassVar = "survey"
    about: str
    about_id: int
    score: int  #: 1 to 5
    comment: str
    member: int | None  #: key of the StaffMember whom it is about
    changed: bool  #: they had answered before


@dataclass(frozen=True)
class SurveySettingsSaved(DomainEvent):
    """Whether and when customers are asked is another now."""

    kind: ClassVar = "survey.settings_saved"
    subject: ClassVar = "survey_settings"
    version: int
    enabled: bool
    delay_hours: int
    quiet_days: int
    open_days: int
