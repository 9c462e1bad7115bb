"""The Celery application: wakes workers and ticks. What is to be done stands in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_aftercare.service.settings")

app = Celery("saleor_aftercare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["saleor_aftercare"])


@app.task(name="aftercare.reconcile")  # type: ignore[untyped-decorator]
def reconcile() -> None:
    """Find what webhooks lost, in every shop."""
    from saleor_aftercare.connection.reconcile import run_all

    run_all()
