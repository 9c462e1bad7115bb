from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from saleor_aftercare.core.errors import AftercareError


@pytest.fixture
def at_once() -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Run several pieces of work at the same moment, each in a connection of its own; their results or error codes."""

    def run(work: list[Callable[[], Any]]) -> list[Any]:
        start = threading.Barrier(len(work))
        outcomes: list[Any] = []

        def act(piece: Callable[[], Any]) -> None:
            try:
                start.wait(10)
                outcomes.append(piece())
            except AftercareError as error:
                outcomes.append(error.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=act, args=[piece]) for piece in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(outcomes) == len(work)
        return outcomes

    return run
