"""The beginning and the end of a leased job's turn, as its row knows them; see :mod:`.jobs`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from . import clock
from .models import Job, JobState

_BEGIN = """
UPDATE aftercare_job AS job SET lease_until = %s, attempts = turn.attempts
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS in_a_hurry,
  unnest(%s::bigint[], %s::uuid[], %s::int[]) AS turn (id, lease, attempts)
WHERE job.id = turn.id AND job.lease = turn.lease AND job.state = 'running' RETURNING job.id
"""


def begin(jobs: Sequence[Job], *, until: datetime) -> list[Job]:
    """Count an attempt of each, and lease it anew as its turn comes; those that were not taken away meanwhile."""
    for job in jobs:
        job.attempts += 1
    columns = [[getattr(job, name) for job in jobs] for name in ("pk", "lease", "attempts")]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [until, *columns])
        ours = {pk for (pk,) in cursor.fetchall()}
    return [job for job in jobs if job.pk in ours]


# Nobody waits for the disk here: a job whose end is lost in a crash of the database runs again when its lease is over,
# as it does after a crash of its worker. What the job itself has written is on the disk by then.
_END = """
UPDATE aftercare_job AS job SET lease = NULL, lease_until = NULL, error = %(error)s,
  state = CASE WHEN job.due_at = turn.due_at THEN %(state)s ELSE 'pending' END,
  attempts = CASE WHEN job.due_at = turn.due_at THEN job.attempts ELSE 0 END,
  finished_at = CASE WHEN job.due_at = turn.due_at THEN %(finished_at)s::timestamptz END,
  due_at = CASE WHEN job.due_at = turn.due_at THEN coalesce(%(due_at)s::timestamptz, job.due_at) ELSE job.due_at END
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS in_a_hurry,
  unnest(%(ids)s::bigint[], %(leases)s::uuid[], %(was_due)s::timestamptz[]) AS turn (id, lease, due_at)
WHERE job.id = turn.id AND job.lease = turn.lease AND job.state = 'running'
"""


def end(jobs: Sequence[Job], state: JobState, error: str = "", *, due_at: datetime | None = None) -> None:
    """End their leases. A job that somebody scheduled again meanwhile is due again, however its turn ended.

    ``due_at``: when it is due next, if that is another moment.
    """
    if not jobs:
        return
    values: dict[str, Any] = {
        "ids": [job.pk for job in jobs],
        "leases": [job.lease for job in jobs],
        "was_due": [job.due_at for job in jobs],
        "due_at": due_at,
        "state": state.value,
        "error": error[:500],
        "finished_at": None if state == JobState.PENDING else clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_END, values)
