"""Finding conversations by a line of text: operators and words. ``parse(text).q(me, access, at)`` is its condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import TicketState
from saleor_aftercare.team.access import Access

from .conditions import Asker, condition, holds_words, speaks_of_states
from .language import Problem, ProblemCode, Reading, read

__all__ = ["Filter", "Problem", "ProblemCode", "parse"]


@dataclass(frozen=True)
class Filter:
    """What a line of text asks for."""

    reading: Reading

    @property
    def text(self) -> str:
        """The line in its common spelling."""
        return self.reading.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What of it was not understood."""
        return self.reading.problems

    @property
    def search(self) -> str:
        """The words that messages must hold, for ``inbox.search``; empty for none."""
        return self.reading.search()

    def __bool__(self) -> bool:
        return bool(self.reading.conditions or self.reading.words)

    def and_also(self, other: Filter) -> Filter:
        """Both at once."""
        mine, theirs = self.reading, other.reading
        joined = Reading(
            (*mine.conditions, *theirs.conditions),
            (*mine.words, *theirs.words),
            (*mine.problems, *theirs.problems),
            theirs.open_end if theirs.words else mine.open_end,
        )
        return Filter(joined)

    def q(self, me: StaffMember, access: Access, at: datetime) -> Q:
        """The conversations that ``me`` finds and may see, the words included."""
        asker = Asker(me.shop, at, me)
        return access.ticket_filter & self.conditions(asker) & holds_words(self.search, asker)

    def matches(self, shop: Shop, at: datetime) -> Q:
        """The conversations of a shop that a machine finds, of whom nothing is "mine"; the words included."""
        asker = Asker(shop, at)
        return self.conditions(asker) & holds_words(self.search, asker)

    def conditions(self, asker: Asker) -> Q:
        """What the operators and the words that must be missing say. Spam is found only when somebody asks for it."""
        found = Q(shop=asker.shop)
        if not speaks_of_states(self.reading.conditions):
            found &= ~Q(state__in=[TicketState.SPAM, TicketState.MERGED])
        for one in self.reading.conditions:
            found &= condition(one, asker)
        for words in self.reading.words:
            if words.negated and (unwanted := holds_words(f"{words.positive} ", asker)):
                found &= ~unwanted
        return found


def parse(text: str) -> Filter:
    """Read a line of text; never fails, see ``Filter.problems``."""
    return Filter(read(text))
