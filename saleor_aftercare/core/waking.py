"""When this process wakes workers for rows that it has committed; see :mod:`.jobs`."""

from __future__ import annotations

import threading
import time

#: Wake-ups closer together than this are one.
QUIET_S = 0.05
#: How long nobody waits for a broker that did not answer; the sweep finds the rows.
BROKEN_S = 5.0


class WakeUps:
    """This process's wake-ups: at once after a quiet moment, else one for all that come within the next moment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_at = 0.0  #: monotonic seconds; a wake-up is on its way to workers for everything until then
        self.broken_until = 0.0

    def delay_s(self) -> float | None:
        """How long the wake-up for a row of this moment is to wait; None when one that sees it is on its way."""
        now = time.monotonic()
        with self.lock:
            if now < self.broken_until or self.next_at > now + QUIET_S:
                return None
            delay = max(0.0, self.next_at - now)
            self.next_at = now + QUIET_S if delay == 0 else self.next_at + QUIET_S
            return delay

    def note_that_broker_is_away(self) -> None:
        """Nobody is woken for a while."""
        self.broken_until = time.monotonic() + BROKEN_S
