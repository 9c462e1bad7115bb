from __future__ import annotations

from collections.abc import Iterator

import pytest

from saleor_aftercare.followups import facts, tasks  # noqa: F401  the handler registers itself
from saleor_aftercare.mail import tasks as mail_tasks  # noqa: F401
from saleor_aftercare.mail import transport


class Elsewhere:
    """What other domains would answer."""

    def __init__(self) -> None:
        self.return_open = self.ticket_open = False


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Answers of the other domains, in place of those that reactions.py registers."""
    says = Elsewhere()
    before = dict(facts._knowers)
    facts._knowers.clear()
    facts.knows("return_open")(lambda _order: says.return_open)
    facts.knows("ticket_open")(lambda _order: says.ticket_open)
    yield says
    facts._knowers.clear()
    facts._knowers.update(before)
    transport.hang_up()
