"""Rate limits that hold over every process, because the counter is a row."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _

from . import clock
from .errors import RateLimited
from .models import RateCounter


def prune() -> int:
    """Delete the counters of windows that are over; returns how many."""
    return RateCounter.objects.filter(expires_at__lt=clock.real_now()).delete()[0]


def hit(name: str, who: str, *, limit: int, per: timedelta) -> None:
    """Count one try of ``who`` at ``name``; raises RateLimited when it is more than ``limit`` in this window.

    Windows are fixed, aligned to the epoch, on the real clock. ``who`` may be personal: only its hash is stored.
    """
    wait_s = _hit(name, [who], limit=limit, per=per).get(who)
    if wait_s is not None:
        raise RateLimited(_("Too many tries. Please wait a while and try again."), retry_after_s=wait_s)


def hit_all(name: str, who: Collection[str], *, limit: int, per: timedelta) -> set[str]:
    """Count one try of each, as :func:`hit` does; returns those who have had too many."""
    return set(_hit(name, who, limit=limit, per=per))


def _hit(name: str, who: Collection[str], *, limit: int, per: timedelta) -> dict[str, int]:
    """Count; of those over the limit how many seconds are left of the window. Rows are locked in one order."""
    seconds = int(per.total_seconds())
    epoch = int(clock.real_now().timestamp())
    window = epoch - epoch % seconds
    keys = {hashlib.sha256(f"{name}\0{seconds}\0{one}".encode()).hexdigest(): one for one in who}
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [window, window + seconds, sorted(keys)])
        return {keys[key]: window + seconds - epoch for key, hits in cursor.fetchall() if hits > limit}


_HIT = """
INSERT INTO aftercare_ratecounter (key, window_start, expires_at, hits)
SELECT key, to_timestamp(%s), to_timestamp(%s), 1 FROM unnest(%s::text[]) WITH ORDINALITY AS one (key, n) ORDER BY n
ON CONFLICT (key, window_start) DO UPDATE SET hits = aftercare_ratecounter.hits + 1 RETURNING key, hits
"""
