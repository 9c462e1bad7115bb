"""Figures of answers: Wilson's interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.surveys.policy import share_interval


@pytest.mark.parametrize(
    ("satisfied", "answers", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (9, 10, 0.596, 0.982), (450, 500, 0.871, 0.923)],
)
def test_the_interval_is_wilsons(satisfied: int, answers: int, low: float, high: float):
    assert [round(one, 3) for one in share_interval(satisfied, answers)] == [low, high]


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_share_lies_in_its_interval_and_more_answers_make_it_narrower(satisfied: int, others: int):
    answers = satisfied + others
    low, high = share_interval(satisfied, answers)
    assert 0 <= low <= high <= 1
    if answers:
        assert low <= satisfied / answers <= high
        closer_low, closer_high = share_interval(4 * satisfied, 4 * answers)
        assert closer_high - closer_low < high - low


@given(st.integers(1, 50), st.integers(0, 49))
def test_more_satisfied_than_answers_is_refused(more: int, answers: int):
    with pytest.raises(ValueError, match="of"):
        share_interval(answers + more, answers)
