"""Many tickets at little cost."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.inbox.models import Ticket


def copies(ticket: Ticket, count: int, **values: Any) -> list[Ticket]:
    given = Ticket.objects.filter(pk=ticket.pk).values().get() | values
    del given["id"]
    return [Ticket(**given | {"number": 50_000 + n}) for n in range(count)]
