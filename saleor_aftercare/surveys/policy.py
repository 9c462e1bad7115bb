"""What the answers mean, in figures. Pure."""

from __future__ import annotations

from math import sqrt
from typing import Final

LOWEST: Final = 1
HIGHEST: Final = 5
#: Answers from here on are counted as satisfied: the share of 4 and 5 is the CSAT.
SATISFIED: Final = 4
#: Of the normal distribution, for 95 of 100 intervals to hold the true share.
_Z: Final = 1.959963984540054


def share_interval(satisfied: int, answers: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson 1927): honest for a few answers, too, and never beyond 0 or 1.

    >>> [round(one, 3) for one in share_interval(9, 10)]
    [0.596, 0.982]
    """
    if not 0 <= satisfied <= answers:
        raise ValueError(f"{satisfied} of {answers}")
    if answers == 0:
        return 0.0, 1.0
    share, spread = satisfied / answers, _Z**2 / answers
    centre = (share + spread / 2) / (1 + spread)
    reach = _Z / (1 + spread) * sqrt(share * (1 - share) / answers + spread / (4 * answers))
    # Rounding must not push the share itself out of its interval.
    return max(0.0, min(share, centre - reach)), min(1.0, max(share, centre + reach))
