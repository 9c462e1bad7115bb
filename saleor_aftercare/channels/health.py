"""How the accounts of all shops do, for whoever runs the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from .models import ChannelAccount


@dataclass(frozen=True, slots=True)
class Broken:
    """Accounts that are switched on, and those of them that do not work."""

    all: int
    deaf: int  #: nothing can be heard from them
    mute: int  #: nothing can be sent by them
    silence_s: float  #: since the mailbox that was asked longest ago was asked; 0.0 where none has to be


def broken(*, at: datetime) -> Broken:
    """Count over every connected shop; one aggregate over a table that stays small."""
    polled = Q(incoming="imap", heard_at__isnull=False)
    seen = ChannelAccount.objects.filter(enabled=True, archived_at=None, shop__disconnected_at=None).aggregate(
        all=Count("pk"),
        deaf=Count("pk", filter=~Q(problem="")),
        mute=Count("pk", filter=~Q(sending_problem="")),
        oldest=Min("heard_at", filter=polled),
    )
    silence = (at - seen["oldest"]).total_seconds() if seen["oldest"] else 0.0
    return Broken(seen["all"], seen["deaf"], seen["mute"], max(silence, 0.0))
