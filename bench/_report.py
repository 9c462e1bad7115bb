"""How every benchmark measures and says what it found."""

from __future__ import annotations

import importlib
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table: a figure, the floor or peer of the same run, and what was to be reached.

    ``ratio`` is figure ÷ floor; ``target`` its bound: at most that where ``lower_is_better``, else at least.
    A ``target`` of None makes the line information only.
    """

    name: str
    figure: float
    floor: float
    unit: str
    target: float | None
    lower_is_better: bool = True
    floor_name: str = "floor"
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.figure / self.floor

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where there is none."""
        if self.target is None:
            return None
        return self.ratio <= self.target if self.lower_is_better else self.ratio >= self.target

    def line(self) -> str:
        """The result for the terminal."""
        verdict = {True: "met", False: "MISSED", None: "for information"}[self.met]
        bound = "" if self.target is None else f" (target {'≤' if self.lower_is_better else '≥'} {self.target:g}×)"
        text = (
            f"{self.name}: {self.figure:,.4g} {self.unit}; {self.floor_name}: {self.floor:,.4g} {self.unit};"
            f" ratio {self.ratio:.2f}×{bound}: {verdict}"
        )
        return f"{text}\n    {self.note}" if self.note else text


def run_one(name: str) -> tuple[Result, ...]:
    """The results of ``bench.<name>``, printed as they come."""
    print(f"\n== {name}", flush=True)
    return tuple(importlib.import_module(f"bench.{name}").run())


def report(results: Sequence[Result]) -> Sequence[Result]:
    """Print every result; hands them back for the table of ``python -m bench``."""
    for result in results:
        print(result.line(), flush=True)
    return results


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table."""
    rows = ["| what | figure | beside | ratio | target | reached |", "|---|---|---|---|---|---|"]
    for result in results:
        target = "" if result.target is None else f"{'≤' if result.lower_is_better else '≥'} {result.target:g}×"
        reached = {True: "yes", False: "**no**", None: "for information"}[result.met]
        rows.append(
            f"| {result.name} | {result.figure:,.4g} {result.unit}"
            f" | {result.floor_name}: {result.floor:,.4g} {result.unit} | {result.ratio:.2f}× | {target} | {reached} |"
        )
    return "\n".join(rows)


def side_by_side(jobs: dict[str, Callable[[int], object]], *, rounds: int, warm_up: int = 5) -> dict[str, float]:
    """The median processor time of each job in milliseconds (all threads), the jobs taking turns.

    Turns make a busy machine hurt all of them alike, so that ratios hold. Each job gets the number of the round,
    never the same twice, to make its input new.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(warm_up + rounds):
        for name, job in jobs.items():
            begin = time.process_time()
            job(turn)
            if turn >= warm_up:
                times[name].append((time.process_time() - begin) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}
