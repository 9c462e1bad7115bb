"""What the dashboard's poll compares."""

from __future__ import annotations

from django.db.models.expressions import RawSQL


def revision() -> RawSQL:
    """The writing transaction's own number, for ``Ticket.revision``.

    A poll that remembers the oldest transaction still under way misses nothing and repeats little, however
    transactions overlap. See ``queries.changes_since``.
    """
    return RawSQL("pg_current_xact_id()::text::bigint", ())
