"""Rate limits that hold over every process, because the counter is a row."""

from __future__ import annotations

import hashlib
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
    seconds = int(per.total_seconds())
    epoch = int(clock.real_now().timestamp())
    window = epoch - epoch % seconds
    key = hashlib.sha256(f"{name}\0{seconds}\0{who}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO aftercare_ratecounter (key, window_start, expires_at, hits)"
            " VALUES (%s, to_timestamp(%s), to_timestamp(%s), 1)"
            " ON CONFLICT (key, window_start) DO UPDATE SET hits = aftercare_ratecounter.hits + 1 RETURNING hits",
            [key, window, window + seconds],
        )
        hits = cursor.fetchone()[0]
    if hits > limit:
        raise RateLimited(
            _("Too many tries. Please wait a while and try again."), retry_after_s=window + seconds - epoch
        )
