"""What had to be guessed about a mail, so that somebody who asks "why does it look so?" gets an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

#: More guesses than these are counted, not told.
MAX_GUESSES: Final = 100


@dataclass(frozen=True, slots=True)
class Guess:
    """One decision that the mail did not make for us."""

    where: str  #: ``header Subject``, ``part 1.2``, ``attachment 3``, ``mail``
    declared: str  #: what the mail said; empty when it said nothing
    used: str  #: what was taken instead
    why: str  #: one sentence in English


@dataclass(slots=True)
class Guesses:
    """The guesses of one mail in the order in which they were made, each once."""

    made: list[Guess] = field(default_factory=list)
    left_out: int = 0
    _seen: set[Guess] = field(default_factory=set)

    def add(self, where: str, *, declared: str, used: str, why: str) -> None:
        """Remember a guess; ``declared`` comes from the mail and is cut to what a line can show."""
        guess = Guess(where, _shown(declared), used, why)
        if guess in self._seen:
            return
        if len(self.made) >= MAX_GUESSES:
            self.left_out += 1
            return
        self._seen.add(guess)
        self.made.append(guess)

    def all(self) -> tuple[Guess, ...]:
        """Every guess; the last one says how many are left out, if any are."""
        if not self.left_out:
            return tuple(self.made)
        return (*self.made, Guess("mail", "", "", f"{self.left_out} further guesses are left out."))


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text[:80])
