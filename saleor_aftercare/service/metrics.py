"""Prometheus metrics of the web processes, and of the queue as the database sees it.

With PROMETHEUS_MULTIPROC_DIR set (`aftercare web` does) the workers share their counters through files in it, so that
any of them can answer for all.
"""

import os
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from saleor_aftercare.channels.health import broken
from saleor_aftercare.core import clock
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.withdrawals.queries import waiting

REQUESTS = Counter("aftercare_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "aftercare_request_seconds",
    "Time to answer a request.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; ``route`` is a URL pattern, so that the number of series stays small."""
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


class JobQueue(Collector):
    """How much waits, how long the longest has waited, and what needs a person."""

    def collect(self) -> Iterable[Metric]:
        """Ask the database at the moment of the scrape; one aggregate over partial indexes."""
        now = clock.now()
        due = Q(state=JobState.PENDING, due_at__lte=now)
        seen = Job.objects.filter(state__in=[JobState.PENDING, JobState.RUNNING, JobState.FAILED]).aggregate(
            due=Count("pk", filter=due),
            oldest=Min("due_at", filter=due),
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
        )
        lag = (now - seen["oldest"]).total_seconds() if seen["oldest"] else 0.0
        yield GaugeMetricFamily("aftercare_jobs_due", "Jobs that wait for a worker.", seen["due"])
        yield GaugeMetricFamily("aftercare_jobs_running", "Jobs under a lease.", seen["running"])
        yield GaugeMetricFamily("aftercare_jobs_failed", "Jobs that wait for a person.", seen["failed"])
        yield GaugeMetricFamily("aftercare_jobs_lag_seconds", "How long the oldest due job has waited.", lag)


class Withdrawals(Collector):
    """Declared withdrawals that wait, for whoever must not miss a deadline of the law."""

    def collect(self) -> Iterable[Metric]:
        """Ask the database at the moment of the scrape."""
        seen = waiting(at=clock.now())
        yield GaugeMetricFamily("aftercare_withdrawals_open", "Withdrawals in force.", seen.in_force)
        yield GaugeMetricFamily("aftercare_withdrawals_unmatched", "Withdrawals without an order.", seen.unmatched)
        yield GaugeMetricFamily(
            "aftercare_withdrawals_overdue", "Withdrawals whose refund was due and need not wait.", seen.overdue
        )


class Accounts(Collector):
    """Mailboxes and other accounts that do not work, for whoever must know before customers wait for answers."""

    def collect(self) -> Iterable[Metric]:
        """Ask the database at the moment of the scrape."""
        seen = broken(at=clock.now())
        yield GaugeMetricFamily("aftercare_accounts", "Accounts of channels that are switched on.", seen.all)
        yield GaugeMetricFamily("aftercare_accounts_deaf", "Accounts that cannot be heard by now.", seen.deaf)
        yield GaugeMetricFamily("aftercare_accounts_mute", "Accounts that letters cannot leave by.", seen.mute)
        yield GaugeMetricFamily(
            "aftercare_accounts_silence_seconds", "How long the mailbox asked longest ago has waited.", seen.silence_s
        )


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape; with METRICS_TOKEN set, only to who carries it."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not constant_time_compare(given, token):
        return HttpResponse("The metrics want their bearer token.", status=401, content_type="text/plain")
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    queue = CollectorRegistry()
    queue.register(JobQueue())
    queue.register(Withdrawals())
    queue.register(Accounts())
    body = generate_latest(registry) + generate_latest(queue)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
