"""What a shop promises: calendars, policies, and where every conversation stands against them."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.inbox.models import Ticket, TicketMessage


class BusinessCalendar(ShopOwned):
    """When a shop, or a team of it, works."""

    name = models.CharField(max_length=100)
    document = models.JSONField()  #: core.calendars.Calendar.to_json()
    version = models.PositiveIntegerField(default=1)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="businesscalendar_name"),
            models.UniqueConstraint(
                fields=["shop"], name="businesscalendar_default", condition=models.Q(is_default=True)
            ),
        ]


class SlaPolicy(ShopOwned):
    """A version of what is promised, and to whom; the first that matches holds. Rows are never changed."""

    key = models.UUIDField()  #: the same for all versions
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    document = models.JSONField()  #: conditions, targets, pauses: inbox.sla.policies.Policy.to_json()
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="+", null=True)
    calendar_id: int | None
    replaced_at = models.DateTimeField(null=True)  #: null: in force
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key", "version"], name="slapolicy_version"),
            models.UniqueConstraint(
                fields=["shop", "key"], name="slapolicy_in_force", condition=models.Q(replaced_at__isnull=True)
            ),
        ]


class SlaEvent(ShopOwned):
    """Something that starts, stops or pauses a clock; the log that every deadline is worked out from."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="sla_events")
    ticket_id: int
    kind = models.CharField(max_length=30)  #: inbox.sla.targets.EventKind
    #: The message that is the event; it moves and goes with it.
    message = models.ForeignKey(TicketMessage, on_delete=models.CASCADE, related_name="+", null=True)
    message_id: int | None
    data = models.JSONField(default=dict)  #: inbox.sla.journal
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "kind"], name="slaevent_message", condition=models.Q(message__isnull=False)
            )
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="slaevent_ticket")]


class SlaClock(models.Model):
    """One target of one conversation as last worked out; a view of the log, rewritten whole."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    ticket_id: int
    target = models.CharField(max_length=15)  #: first_response, next_response, resolution
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10)  #: running, paused, met, breached
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  #: null while paused
    warn_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    elapsed_s = models.PositiveIntegerField(default=0)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)  #: when we noticed; told once

    #: While it is worked out: whether the row differs, and when it had been noticed before.
    is_changed: bool = False
    was: tuple[datetime | None, datetime | None] = (None, None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "target"], name="slaclock_target")]
        indexes = [
            models.Index(fields=["due_at"], name="slaclock_due", condition=models.Q(state="running")),
            models.Index(
                fields=["warn_at"],
                name="slaclock_warn",
                condition=models.Q(state="running", warn_at__isnull=False, warned_at__isnull=True),
            ),
        ]
