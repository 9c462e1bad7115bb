"""Two people who press at the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from saleor_aftercare.core.errors import AftercareError


def race(*presses: Callable[[], Any]) -> list[Any]:
    """What each press gave, or the error that it met."""
    barrier = threading.Barrier(len(presses))

    def press(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=10)
            return act()
        except AftercareError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))
