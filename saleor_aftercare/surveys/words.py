"""The answers in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

#: The best first, as people are asked.
SCORES: Final[Mapping[int, object]] = {
    5: _("5 – very satisfied"),
    4: _("4 – satisfied"),
    3: _("3 – neither satisfied nor dissatisfied"),
    2: _("2 – dissatisfied"),
    1: _("1 – very dissatisfied"),
}
