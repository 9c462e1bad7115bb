"""Job handlers that tests tell what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from saleor_aftercare.core import jobs
from saleor_aftercare.core.models import Job


class Handler:
    """The handler of jobs of kind ``test.work``: writes down each run, then does what a test wants."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.act: Callable[[Job], None] | None = None

    def __call__(self, job: Job) -> None:
        self.ran.append(job.key)
        if self.act is not None:
            self.act(job)


_handler = Handler()
jobs.handles("test.work")(_handler)


@pytest.fixture
def handler() -> Iterator[Handler]:
    """What jobs of kind ``test.work`` do."""
    _handler.__init__()
    yield _handler
    _handler.__init__()


def refuse(error: BaseException) -> Callable[[Job], None]:
    """What a handler does that cannot."""

    def act(_job: Job) -> None:
        raise error

    return act
