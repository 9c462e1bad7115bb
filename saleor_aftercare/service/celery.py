"""The Celery application: wakes workers and ticks. What is to be done stands in the database."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_aftercare.service.settings")

app = Celery("saleor_aftercare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["saleor_aftercare"])


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_kwargs: Any) -> None:
    """Take the place of Celery's own set-up, so that a worker logs as the web service does."""
    from django.conf import settings

    from saleor_aftercare.core.logging import configure

    configure(settings.LOGGING)


@app.task(name="aftercare.reconcile")  # type: ignore[untyped-decorator]
def reconcile() -> None:
    """Find what webhooks lost, in every shop."""
    from saleor_aftercare.connection.reconcile import schedule_all
    from saleor_aftercare.core import clock

    schedule_all(at=clock.now())


@app.task(name="aftercare.mailboxes")  # type: ignore[untyped-decorator]
def mailboxes() -> None:
    """See that every mailbox is asked for what came, in every shop."""
    from saleor_aftercare.channels.polling import schedule_all
    from saleor_aftercare.core import clock

    schedule_all(at=clock.now())


@app.task(name="aftercare.exchanges")  # type: ignore[untyped-decorator]
def exchanges() -> None:
    """See that no exchange is left unfinished, in any shop."""
    from saleor_aftercare.core import clock
    from saleor_aftercare.replacements.watch import watch_all

    watch_all(at=clock.now())


@app.task(name="aftercare.deadlines")  # type: ignore[untyped-decorator]
def deadlines() -> None:
    """Notice answers that are due soon, or were missed, in every shop."""
    from saleor_aftercare.core import clock
    from saleor_aftercare.inbox.sla.tasks import watch_all

    watch_all(at=clock.now())


@app.task(name="aftercare.months")  # type: ignore[untyped-decorator]
def months() -> None:
    """Close the months of handled contacts whose time has come, in every shop."""
    from saleor_aftercare.core import clock
    from saleor_aftercare.desk.tasks import close_all

    close_all(at=clock.now())


@app.task(name="aftercare.prune")  # type: ignore[untyped-decorator]
def prune() -> None:
    """Delete what has had its time."""
    from saleor_aftercare.access import actions as access
    from saleor_aftercare.channels import actions as channels
    from saleor_aftercare.channels import chat
    from saleor_aftercare.connection import webhooks
    from saleor_aftercare.core import clock, jobs, limits

    at = clock.now()
    access.prune(at=at)
    chat.end_forgotten(at=at)
    webhooks.prune(at=at)
    channels.prune(at=at)
    jobs.prune(at=at)
    limits.prune()
