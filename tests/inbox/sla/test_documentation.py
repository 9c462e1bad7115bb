"""The worked examples of docs/sla-explain.md are true, and its tables complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from saleor_aftercare.inbox.sla.events import EventKind
from saleor_aftercare.inbox.sla.targets import TargetState

from .sample import DOCUMENT, answer

PAGE = (Path(__file__).parents[3] / "docs" / "sla-explain.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)]


def part_of(shown, whole):
    """``whole`` with nothing but what is shown of it; lists are shown in full."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        return {key: part_of(value, whole.get(key)) for key, value in shown.items()}
    return whole


@pytest.mark.parametrize(("question", "shown"), list(zip(BLOCKS[::2], BLOCKS[1::2], strict=True)))
def test_each_example_is_answered_as_shown(question, shown):
    assert part_of(shown, answer(question)) == shown


def test_there_are_examples():
    assert len(BLOCKS) == 4


@pytest.mark.parametrize(
    "name", [*EventKind, *TargetState, *answer(DOCUMENT), *answer(DOCUMENT)["targets"]["resolution"]]
)
def test_each_type_state_and_key_is_told(name):
    if name not in ("version", "now", "time_zone"):
        assert f"`{name}`" in PAGE
