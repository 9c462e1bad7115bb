"""Every letter is a row, before, while and after it is sent."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.html import escape

from saleor_aftercare.core.crypto import EncryptedTextField
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow


class DeliveryState(models.TextChoices):
    PENDING = "pending"  #: written, not handed over yet
    SENDING = "sending"  #: being handed to the mail server
    SENT = "sent"  #: the mail server took it
    FAILED = "failed"  #: the mail server refused it for good, or we suppressed it
    UNKNOWN = "unknown"  #: the worker died while handing it over; it may have left
    BOUNCED = "bounced"  #: it came back: the customer does not have it


_D = DeliveryState
DELIVERY_WORKFLOW = Workflow(
    {
        (_D.PENDING, "send"): _D.SENDING,
        (_D.PENDING, "suppress"): _D.FAILED,
        (_D.SENDING, "confirm"): _D.SENT,
        (_D.SENDING, "reject"): _D.FAILED,
        (_D.SENDING, "postpone"): _D.PENDING,
        (_D.SENDING, "lose"): _D.UNKNOWN,
        (_D.FAILED, "retry"): _D.PENDING,
        (_D.UNKNOWN, "retry"): _D.PENDING,
        (_D.SENT, "bounce"): _D.BOUNCED,
        (_D.UNKNOWN, "bounce"): _D.BOUNCED,
        (_D.BOUNCED, "retry"): _D.PENDING,
    }
)


class Purpose(models.TextChoices):
    """Why we write; decides who may still be written to, and what the letter must offer."""

    TRANSACTIONAL = "transactional"  #: about something the customer asked for: cases, codes
    CONVERSATION = "conversation"  #: a person's answer
    SERVICE = "service"  #: unasked, helpful and without advertising: arrival checks
    MARKETING = "marketing"  #: advertising; needs consent


class Words(NamedTuple):
    """What the customer reads."""

    subject: str
    text: str
    html: str  #: "" for a letter without


class OutboundMessage(Stateful, ShopOwned):
    """One mail to one person, rendered when it was written so that a retry sends the same words."""

    workflow: ClassVar = DELIVERY_WORKFLOW

    key = models.CharField(max_length=200)  #: unique in the shop: asking twice writes one letter
    kind = models.CharField(max_length=60)  #: the template, "returns/approved"
    purpose = models.CharField(max_length=15, choices=Purpose.choices, default=Purpose.TRANSACTIONAL)
    subject_type = models.CharField(max_length=30, blank=True)  #: what of ours it is about: "return"
    subject_id = models.BigIntegerField(null=True)
    to_email = models.CharField(max_length=254)
    to_name = models.CharField(max_length=300, blank=True)
    cc = ArrayField(models.CharField(max_length=254), default=list)  #: who reads it too
    from_email = models.CharField(max_length=400)  #: "Name <address>"
    reply_to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    #: JSON: marks that stand in the words, each with the secret that the customer reads in its place.
    sealed = EncryptedTextField(blank=True, default="")
    headers = models.JSONField(default=dict)
    #: Which of the shop's accounts sends it, as the room that keeps accounts knows it; null: the service's own server.
    account = models.BigIntegerField(null=True)
    attachments = models.ManyToManyField(StoredFile, related_name="+")
    #: RFC 5322, with angle brackets; the same for every try, so that a reader shows a repeated letter once
    message_id = models.CharField(max_length=200, unique=True)
    repeat_if_lost = models.BooleanField(default=False)  #: better twice than never (codes, labels)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    #: What the mail service calls it; its news of the letter bear this name.
    provider_reference = models.CharField(max_length=200, blank=True, default="", db_default="")
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())  #: when it was written; its Date

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="outbound_key"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="outbound_state"),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="outbound_purpose"),
        ]
        indexes = [
            models.Index(fields=["shop", "subject_type", "subject_id"], name="outbound_subject"),
            models.Index(fields=["shop", "to_email", "-id"], name="outbound_to"),
            models.Index(fields=["state_since"], name="outbound_open", condition=models.Q(state="sending")),
            models.Index(
                fields=["shop", "provider_reference"],
                name="outbound_reference",
                condition=~models.Q(provider_reference=""),
            ),
        ]

    def words(self) -> Words:
        """The words with their secrets: for the one who reads the letter, never for a page, a log or an export."""
        if not self.sealed:
            return Words(self.subject, self.text, self.html)
        subject, text, html = self.subject, self.text, self.html
        for mark, secret in orjson.loads(self.sealed).items():
            subject, text = subject.replace(mark, secret), text.replace(mark, secret)
            html = html.replace(mark, escape(secret))
        return Words(subject, text, html)


class SuppressionReason(models.TextChoices):
    BOUNCED = "bounced"  #: the mailbox does not exist; nothing is written to it
    COMPLAINED = "complained"  #: a letter was called spam: nothing unasked any more
    OPTED_OUT = "opted_out"  #: the customer said no to letters they did not ask for


class Suppression(ShopOwned):
    """An address that we do not write to, and why."""

    email = models.CharField(max_length=254)  #: lower case
    reason = models.CharField(max_length=20, choices=SuppressionReason.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "email", "reason"], name="suppression_once"),
            models.CheckConstraint(condition=models.Q(reason__in=SuppressionReason.values), name="suppression_reason"),
        ]
