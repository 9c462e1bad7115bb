"""What every state machine is tested for: legal moves, illegal pairs, the race, all states reachable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.workflow import Workflow
from tests.make import NOON


def legal_moves(workflow: Workflow) -> list[tuple[str, str, str]]:
    """Every (state, action, next state) of the table."""
    return [(state, action, target) for (state, action), target in workflow.moves.items()]


def illegal_pairs(workflow: Workflow) -> list[tuple[str, str]]:
    """Every pair of a state and an action that the table does not hold."""
    actions = sorted({action for _state, action in workflow.moves})
    return [(s, a) for s in sorted(workflow.states()) for a in actions if (s, a) not in workflow.moves]


def unreachable(workflow: Workflow, *, first: str) -> set[str]:
    """The states that no row can get to."""
    reached: set[str] = set()
    fresh = {str(first)}
    while fresh:
        reached |= fresh
        fresh = {target for (state, _action), target in workflow.moves.items() if state in reached} - reached
    return set(workflow.states()) - reached


def assert_one_winner(make: Callable[[], Any], action: str, **changes: Any) -> None:
    """Two who act on the same row at once: the second gets a Conflict, and nothing of theirs is written."""
    row = make()
    stale = type(row).objects.get(pk=row.pk)
    row.move(action, at=NOON, **changes)
    after = type(row).objects.filter(pk=row.pk).values().get()

    with pytest.raises(Conflict):
        stale.move(action, at=NOON, **changes)

    assert type(row).objects.filter(pk=row.pk).values().get() == after
