"""A worker that dies in the middle of its work, between any two statements that reach the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection


class WorkerDied(BaseException):
    """The process is gone: nothing below the edge may catch this."""


def dies_at_statement(n: int, work: Callable[[], object]) -> bool:
    """Run ``work`` with a worker that dies before its ``n``-th statement; False when there were fewer."""
    left = n

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise WorkerDied
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            work()
    except WorkerDied:
        return True
    return False
