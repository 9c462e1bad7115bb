"""Tenants, what happened, what is due, and the small tables that everything shares."""

from __future__ import annotations

import re
from typing import ClassVar

from django.db import connection, models
from django.db.models.functions import Now

from .crypto import EncryptedTextField
from .workflow import Stateful, Workflow


def inserted(row: models.Model, pk: int) -> None:
    """Tell ``row`` that a statement of our own inserted it as ``pk``: from now on saving updates it."""
    row.pk = pk
    row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001  Django's own way, of which it has no name


class Shop(models.Model):
    """A tenant: one Saleor, known by its API URL for as long as it lives."""

    saleor_api_url = models.URLField(max_length=500, unique=True)
    handle = models.SlugField(max_length=60, unique=True)  #: in the portal's addresses
    name = models.CharField(max_length=200, blank=True)
    app_id = models.CharField(max_length=60)  #: Saleor global ID of the present installation
    app_token = EncryptedTextField(blank=True)
    jwks = models.JSONField(default=dict)
    jwks_fetched_at = models.DateTimeField(null=True)
    saleor_version = models.CharField(max_length=20, blank=True)  #: "3.23.28"
    permissions = models.JSONField(default=list)  #: codes granted to the app
    connected_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True)  #: uninstalled, deactivated, or the token was revoked
    reconciled_to = models.DateTimeField(null=True)  #: Saleor's orders are known up to this moment

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(disconnected_at__isnull=False) | ~models.Q(app_token=""),
                name="shop_connected_has_token",
            )
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def connected(self) -> bool:
        """Saleor answers us with the token that we hold, as far as we know."""
        return self.disconnected_at is None

    @property
    def schema_version(self) -> tuple[int, int]:
        """``(3, 23)`` for Saleor 3.23.28; ``(0, 0)`` while unknown."""
        found = re.match(r"(\d{1,3})\.(\d{1,3})", self.saleor_version)
        return (int(found[1]), int(found[2])) if found else (0, 0)


class ShopOwned(models.Model):
    """A row of exactly one shop; every query names it."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+")
    shop_id: int

    class Meta:
        abstract = True


class ActorKind(models.TextChoices):
    STAFF = "staff"  #: a member of the shop's staff
    CUSTOMER = "customer"  #: signed in, or a guest who proved the order is theirs
    SYSTEM = "system"  #: ourselves, on schedule or by policy


class Event(ShopOwned):
    """Something that happened; written in the transaction that made it true, and never changed."""

    kind = models.CharField(max_length=60)  #: "return.approved"
    subject = models.CharField(max_length=30)  #: "return"
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.SYSTEM)
    actor_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "subject", "subject_id", "id"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}#{self.subject_id}"


class JobState(models.TextChoices):
    PENDING = "pending"  #: due at ``due_at``
    RUNNING = "running"  #: a worker holds the lease
    DONE = "done"
    FAILED = "failed"  #: needs a person
    CANCELLED = "cancelled"  #: no longer wanted


_J = JobState
JOB_WORKFLOW = Workflow(
    {
        (_J.PENDING, "claim"): _J.RUNNING,
        (_J.PENDING, "cancel"): _J.CANCELLED,
        (_J.RUNNING, "finish"): _J.DONE,
        (_J.RUNNING, "fail"): _J.FAILED,
        (_J.RUNNING, "retry_later"): _J.PENDING,
        (_J.FAILED, "retry"): _J.PENDING,
        (_J.CANCELLED, "reschedule"): _J.PENDING,
        (_J.DONE, "again"): _J.PENDING,
        (_J.FAILED, "again"): _J.PENDING,
    }
)


class Job(models.Model):
    """When to do what. The row is the schedule; Celery only carries it to a worker.

    State is written by :mod:`.jobs` alone, in bulk statements that follow ``JOB_WORKFLOW``; rows are also begun by
    :mod:`.events`, one per reaction.
    """

    workflow: ClassVar = JOB_WORKFLOW

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)  #: unique in the shop: asking twice schedules once
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="job_key", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state"),
            models.CheckConstraint(
                condition=~models.Q(state=JobState.RUNNING) | models.Q(lease__isnull=False, lease_until__isnull=False),
                name="job_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="job_due", condition=models.Q(state="pending")),
            models.Index(fields=["lease_until"], name="job_leased", condition=models.Q(state="running")),
            models.Index(fields=["shop", "-id"], name="job_failed", condition=models.Q(state="failed")),
            models.Index(fields=["finished_at"], name="job_ended", condition=models.Q(state__in=["done", "cancelled"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class NumberSeries(ShopOwned):
    """The last number given in one series of one shop; see ``ids.next_number``."""

    series = models.CharField(max_length=20)
    last = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "series"], name="numberseries")]


class RateCounter(models.Model):
    """Tries in one window; see ``limits.hit``."""

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    expires_at = models.DateTimeField()
    hits = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window_start"], name="ratecounter")]
        indexes = [models.Index(fields=["expires_at"], name="ratecounter_expiry")]


class StoredFile(ShopOwned):
    """A file that somebody gave us or that we made; the bytes stand in the database.

    In the database, because they are then there exactly when the row that names them is, on every machine, and
    in every backup (docs/adr/0003). Pictures are re-encoded before they get here.
    """

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class StoredFileContent(models.Model):
    """The bytes, apart from the row, so that listing files never loads them."""

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, primary_key=True, related_name="content")
    data = models.BinaryField()


__all__ = [
    "ActorKind",
    "Event",
    "Job",
    "JobState",
    "NumberSeries",
    "RateCounter",
    "Shop",
    "ShopOwned",
    "Stateful",
    "StoredFile",
    "StoredFileContent",
    "Workflow",
]
