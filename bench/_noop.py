"""A Celery application with one task that does nothing: the peer of ``bench.due_jobs``."""

import os

from celery import Celery

app = Celery("noop", broker=os.environ.get("BENCH_BROKER_URL", "memory://"))
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)


@app.task(name="nothing")  # type: ignore[untyped-decorator]
def nothing() -> None:
    """Do nothing."""
