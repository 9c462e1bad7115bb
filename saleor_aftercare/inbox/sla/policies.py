"""SLA policies: which targets hold for which tickets. The first policy whose conditions all hold decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from saleor_aftercare.core.errors import InvalidInput

MAX_MINUTES: Final = 366 * 24 * 60
DEFAULT_ANSWER_HOURS: Final = 24


class TargetKind(StrEnum):
    FIRST_RESPONSE = "first_response"  #: from the customer's first message to the first human public answer
    NEXT_RESPONSE = "next_response"  #: from the first unanswered message after an answer to the next answer
    RESOLUTION = "resolution"  #: from the ticket's creation until it is solved


class Measure(StrEnum):
    WORKING = "working"  #: only the calendar's working time counts
    CALENDAR = "calendar"  #: time as the clock runs


class Standing(StrEnum):
    """What a ticket's state means to its clocks."""

    OPEN = "open"
    PENDING_CUSTOMER = "pending_customer"
    PENDING_THIRD_PARTY = "pending_third_party"
    ON_HOLD = "on_hold"  #: snoozed
    SOLVED = "solved"
    CLOSED = "closed"
    SPAM = "spam"
    MERGED = "merged"  #: into another ticket, which is answered instead


#: States in which somebody else's turn may stop the clock.
PENDING: Final = frozenset({Standing.PENDING_CUSTOMER, Standing.PENDING_THIRD_PARTY, Standing.ON_HOLD})
#: States in which a ticket is done; they stop every clock.
DONE: Final = frozenset({Standing.SOLVED, Standing.CLOSED})
#: States in which nobody owes anybody anything here.
VOID: Final = frozenset({Standing.SPAM, Standing.MERGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """So many minutes, a warning before their end, and the states in which they do not pass."""

    minutes: int
    measure: Measure = Measure.WORKING
    warn_before_minutes: int | None = None
    pause_on: frozenset[Standing] = PENDING

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= MAX_MINUTES:
            raise InvalidInput(f"must be 1 to {MAX_MINUTES}", "minutes")
        if self.warn_before_minutes is not None and not 1 <= self.warn_before_minutes < self.minutes:
            raise InvalidInput("must be at least 1, and less than the target itself", "warn_before_minutes")
        if not self.pause_on <= PENDING:
            raise InvalidInput(f"only these pause: {', '.join(sorted(PENDING))}", "pause_on")

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What conditions look at; an empty text is "not known"."""

    channel: str = ""
    priority: str = ""
    tags: frozenset[str] = frozenset()
    language: str = ""
    team: str = ""
    customer: str = ""
    vip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All that are given must hold; without any, they hold for every ticket. Letter case makes no difference.

    ``tags`` wants one of them, ``tags_all`` every one; a language holds for its regions too (de for de-CH).
    """

    channel: frozenset[str] = frozenset()
    priority: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    tags_all: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    team: frozenset[str] = frozenset()
    customer: frozenset[str] = frozenset()
    vip: bool | None = None

    def judge(self, facts: Facts) -> tuple[bool, str]:
        """Whether they hold, and why, or the first that does not."""
        reasons: list[str] = []
        for holds, reason in self._each(facts):
            if not holds:
                return False, reason
            reasons.append(reason)
        return True, ", ".join(reasons) or "it has no conditions"

    def _each(self, facts: Facts) -> Iterable[tuple[bool, str]]:
        for name in ("channel", "priority", "language", "team", "customer"):
            wanted: frozenset[str] = getattr(self, name)
            value: str = getattr(facts, name)
            if wanted:
                found = _folded(_language_family(value) if name == "language" else (value,)) & _folded(wanted)
                yield bool(found), _sentence(name, value, wanted, holds=bool(found))
        tags = _folded(facts.tags)
        if self.tags:
            found = tags & _folded(self.tags)
            yield bool(found), _sentence("tags", ", ".join(sorted(facts.tags)), self.tags, holds=bool(found))
        if self.tags_all:
            missing = _folded(self.tags_all) - tags
            yield not missing, f"tags lack {', '.join(sorted(missing))}" if missing else "tags hold all that are wanted"
        if self.vip is not None:
            yield facts.vip is self.vip, f"vip is {str(facts.vip).lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is promised to the tickets for which its conditions hold; a target of None is not promised.

    ``calendar`` is the name of a calendar, None the shop's own. Within ``reopen_grace_minutes`` after a ticket was
    solved a customer's message reopens it, later ones belong to a new ticket; None is without limit.
    """

    name: str
    when: Conditions = Conditions()
    first_response: Target | None = None
    next_response: Target | None = None
    resolution: Target | None = None
    calendar: str | None = None
    reopen_grace_minutes: int | None = None

    def target(self, kind: TargetKind) -> Target | None:
        """The target of this kind."""
        found: Target | None = getattr(self, kind.value)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The policy that decides and why; the names of those before it, with the condition that did not hold."""

    policy: Policy
    why: str
    passed_over: tuple[tuple[str, str], ...] = ()


def default_policy(answer_within_hours: int = DEFAULT_ANSWER_HOURS) -> Policy:
    """What every shop promises: a person answers each message within a day, by the clock, weekends or not."""
    answer = Target(minutes=answer_within_hours * 60, measure=Measure.CALENDAR)
    return Policy(name="default", first_response=answer, next_response=answer)


def choose(policies: Sequence[Policy], facts: Facts, *, default: Policy) -> Choice:
    """The first policy whose conditions hold, else the default."""
    passed: list[tuple[str, str]] = []
    for policy in policies:
        holds, why = policy.when.judge(facts)
        if holds:
            return Choice(policy=policy, why=f"the first whose conditions hold: {why}", passed_over=tuple(passed))
        passed.append((policy.name, why))
    why = "no policy's conditions hold" if policies else "there are no policies"
    return Choice(policy=default, why=f"{why}, so the default does", passed_over=tuple(passed))


def _folded(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value.casefold() for value in values)


def _language_family(tag: str) -> tuple[str, ...]:
    """``zh-Hant-TW`` is also ``zh-Hant`` and ``zh``."""
    parts = tag.replace("_", "-").split("-")
    return tuple("-".join(parts[:length]) for length in range(1, len(parts) + 1))


def _sentence(name: str, value: str, wanted: frozenset[str], *, holds: bool) -> str:
    shown = value or "not known" if name != "tags" else value or "none"
    verb = "are" if name == "tags" else "is"
    return f"{name} {verb} {shown}" if holds else f"{name} {verb} {shown}, wanted {' or '.join(sorted(wanted))}"
