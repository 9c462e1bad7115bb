"""What the rules say, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """From best to worst for whoever asks."""

    ACCEPT = "accept"
    ASK_STAFF = "ask_staff"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Decision:
    """A verdict and the machine codes of its reasons, most important first."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()

    @classmethod
    def worst(cls, decisions: list[Decision]) -> Decision:
        """The verdict for several things together: the worst one, with the reasons of all, each once."""
        order = list(Verdict)
        verdict = max((d.verdict for d in decisions), key=order.index)
        return cls(verdict, tuple(dict.fromkeys(r for d in decisions for r in d.reasons)))
