"""What can be broken on purpose, so that people and tests see how Aftercare takes it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Literal

#: ``500``: answers 500 without doing it. ``timeout``: answers nothing, and did nothing. ``token``: rejects the app's
#: token as Saleor does after an uninstall. ``lost``: does it, and the answer gets lost.
How = Literal["500", "timeout", "token", "lost"]


@dataclass
class Fault:
    """One kind of trouble for the next ``left`` calls; ``operation`` limits it to documents that contain that word."""

    how: How
    left: int
    operation: str = ""


@dataclass
class Faults:
    """The troubles that are waiting, first one first."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, how: How, *, times: int = 1, operation: str = "") -> None:
        """Break the next ``times`` calls (that mention ``operation``)."""
        with self.lock:
            self.waiting.append(Fault(how, times, operation))

    def clear(self) -> None:
        """Everything works again."""
        with self.lock:
            self.waiting.clear()

    def take(self, document: str) -> How | None:
        """The trouble for this call, used up by asking."""
        with self.lock:
            for fault in self.waiting:
                if fault.operation in document:
                    fault.left -= 1
                    if fault.left <= 0:
                        self.waiting.remove(fault)
                    return fault.how
        return None
