"""How a member of staff writes: how long they may take an answer back, what they sign with, where they go then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.texts import paragraphs, whole_number

from .models import Profile

MAX_UNDO_S: Final = 60
MAX_SIGNATURE: Final = 1000
#: After sending: stay, the next conversation of the list, or back to the list.
AFTERWARDS: Final = ("stay", "next", "list")


@dataclass(frozen=True)
class Writing:
    """One person's way of writing."""

    undo_s: int = 10  #: 0 sends at once
    signatures: Mapping[str, str] = field(default_factory=dict)  #: by language, Markdown with Liquid
    afterwards: str = "stay"

    def to_json(self) -> dict[str, Any]:
        """The document of the row."""
        return {"undo_s": self.undo_s, "signatures": dict(self.signatures), "afterwards": self.afterwards}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Writing:
        """Read a row's document; an empty one has the defaults."""
        return cls(**document) if document else cls()


def checked(undo_s: int, signatures: Mapping[str, str], afterwards: str) -> Writing:
    """A way of writing that makes sense; raises InvalidInput("undoSeconds", "signatures.LANGUAGE" or "afterwards")."""
    whole_number(undo_s, "undoSeconds", low=0, high=MAX_UNDO_S)
    if afterwards not in AFTERWARDS:
        raise InvalidInput(_("Unknown action."), "afterwards")
    kept: dict[str, str] = {}
    for language, text in signatures.items():
        name = f"signatures.{language}"
        if language not in LANGUAGES:
            raise InvalidInput(_("Not a language of this app."), name)
        words = paragraphs(text, name, limit=MAX_SIGNATURE, required=False)
        liquid.check(words, name)
        if words:
            kept[language] = words
    return Writing(undo_s, kept, afterwards)


@transaction.atomic
def save_writing(member: StaffMember, writing: Writing, *, at: datetime) -> Writing:
    """Keep somebody's way of writing, as :func:`checked` made it."""
    Profile.objects.get_or_create(member=member, defaults={"shop_id": member.shop_id})
    Profile.objects.filter(member=member).update(writing=writing.to_json())
    return writing


def writing_of(member: StaffMember) -> Writing:
    """How somebody writes; by default for whoever never said."""
    return Writing.from_json(Profile.objects.filter(member=member).values_list("writing", flat=True).first() or {})
