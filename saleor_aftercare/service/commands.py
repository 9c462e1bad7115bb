"""Command lines of the long-running processes, for the console script and the demo alike."""

import shutil
from pathlib import Path

from saleor_aftercare.service.processes import python


def web(*, host: str, port: int, workers: int, threads: int, application: str = "service") -> list[str]:
    """Return granian's command line for ``saleor_aftercare.<application>.wsgi``."""
    return python(
        "granian",
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(threads), "--no-ws", "--log-level", "warning"),
        # A worker that crashes is replaced; one that hangs at the end is not waited for.
        *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
        f"saleor_aftercare.{application}.wsgi:application",
    )


def web_environ(metrics: Path, *, threads: int) -> dict[str, str]:
    """Return what a web process needs on top of the deployment's settings.

    Its threads come and go, so connections are kept in a pool; its workers share their metrics through the folder
    ``metrics``, which starts empty because Prometheus counts from a process's start.
    """
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    return {"DATABASE_POOL_SIZE": str(threads), "PROMETHEUS_MULTIPROC_DIR": str(metrics)}


def worker(*, concurrency: int) -> list[str]:
    """Return Celery's command line for a worker; it needs no talk with other workers."""
    return python(
        *("celery", "--app", "saleor_aftercare.service.celery", "--quiet", "worker", "--concurrency", str(concurrency)),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    )


def beat() -> list[str]:
    """Return Celery's command line for the one process that ticks."""
    return python("celery", "--app", "saleor_aftercare.service.celery", "--quiet", "beat", "--pidfile", "")
