"""The support inbox: tickets, their messages, and the cases they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow
from saleor_aftercare.mail.models import OutboundMessage

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class TicketState(models.TextChoices):
    NEW = "new"  #: nobody has answered yet
    OPEN = "open"  #: the shop's turn
    PENDING = "pending"  #: the customer's turn
    SOLVED = "solved"  #: done; a new message reopens it
    CLOSED = "closed"  #: done for good; a new message opens a linked ticket
    SPAM = "spam"


S = TicketState
TICKET_WORKFLOW = Workflow(
    {
        (S.NEW, "answer"): S.PENDING,
        (S.OPEN, "answer"): S.PENDING,
        (S.PENDING, "answer"): S.PENDING,
        (S.SOLVED, "answer"): S.PENDING,
        (S.NEW, "hear"): S.NEW,
        (S.OPEN, "hear"): S.OPEN,
        (S.PENDING, "hear"): S.OPEN,
        (S.SOLVED, "hear"): S.OPEN,
        (S.SPAM, "hear"): S.SPAM,
        (S.NEW, "wait"): S.PENDING,
        (S.OPEN, "wait"): S.PENDING,
        (S.NEW, "solve"): S.SOLVED,
        (S.OPEN, "solve"): S.SOLVED,
        (S.PENDING, "solve"): S.SOLVED,
        (S.PENDING, "reopen"): S.OPEN,
        (S.SOLVED, "reopen"): S.OPEN,
        (S.SOLVED, "close"): S.CLOSED,
        (S.NEW, "spam"): S.SPAM,
        (S.OPEN, "spam"): S.SPAM,
        (S.PENDING, "spam"): S.SPAM,
        (S.SPAM, "not_spam"): S.OPEN,
    }
)

#: Moves that staff make by a button; the others follow from messages.
STAFF_ACTIONS = ("solve", "wait", "reopen", "close", "spam", "not_spam")
#: States in which somebody of the shop, or the customer, still has something to do.
ACTIVE_STATES = (S.NEW, S.OPEN, S.PENDING)


class TicketChannel(models.TextChoices):
    PORTAL = "portal"
    EMAIL = "email"
    FOLLOW_UP = "follow_up"
    API = "api"
    STAFF = "staff"  #: opened by staff for a customer


class MessageKind(models.TextChoices):
    CUSTOMER = "customer"
    STAFF = "staff"  #: a public answer, mailed
    NOTE = "note"  #: internal; never leaves the shop
    SYSTEM = "system"  #: one line about something that happened


class Ticket(Stateful, ShopOwned):
    """One conversation with one customer."""

    workflow: ClassVar = TICKET_WORKFLOW

    number = models.BigIntegerField()
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=TicketState.choices, default=S.NEW)
    channel = models.CharField(max_length=10, choices=TicketChannel.choices)
    language = models.CharField(max_length=10)
    customer_name = models.CharField(max_length=300, blank=True)
    customer_email = models.CharField(max_length=254)  #: lower case
    customer_user_id = models.CharField(max_length=60, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tickets", null=True)
    order_id: int | None
    assignee = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="tickets", null=True)
    assignee_id: int | None
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()  #: anything about it changed
    #: Rises with every change in the shop: what the dashboard's poll compares. See ``actions.thread.revision``.
    revision = models.BigIntegerField(default=0)
    last_message_at = models.DateTimeField()
    last_message_preview = models.CharField(max_length=200, blank=True)
    last_message_kind = models.CharField(max_length=10, choices=MessageKind.choices)
    last_message_id = models.BigIntegerField(default=0)
    unread = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True)  #: a human answer is due; null once given

    messages: RelatedManager[TicketMessage]
    links: RelatedManager[TicketLink]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="ticket_number"),
            models.CheckConstraint(condition=models.Q(state__in=TicketState.values), name="ticket_state"),
        ]
        indexes = [
            models.Index(fields=["shop", "-last_message_at", "-id"], name="ticket_newest"),
            models.Index(
                fields=["shop", "-last_message_at", "-id"],
                name="ticket_active",
                condition=models.Q(state__in=["new", "open", "pending"]),
            ),
            models.Index(fields=["shop", "state", "-last_message_at", "-id"], name="ticket_by_state"),
            models.Index(
                fields=["shop", "assignee", "-last_message_at", "-id"],
                name="ticket_by_assignee",
                condition=models.Q(state__in=["new", "open", "pending"]),
            ),
            models.Index(
                fields=["shop", "due_at"],
                name="ticket_due",
                condition=models.Q(due_at__isnull=False, state__in=["new", "open"]),
            ),
            models.Index(fields=["shop", "customer_email", "-last_message_at"], name="ticket_by_customer"),
            models.Index(fields=["shop", "revision"], name="ticket_revision"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class TicketMessage(ShopOwned):
    """Something said in a ticket; never changed afterwards."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    ticket_id: int
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    author_name = models.CharField(max_length=300, blank=True)
    author_email = models.CharField(max_length=254, blank=True)
    body = models.TextField()  #: Markdown as written; for SYSTEM empty, the words come from ``event``
    language = models.CharField(max_length=10)
    event = models.CharField(max_length=60, blank=True)  #: "return.approved"
    event_data = models.JSONField(default=dict)
    outbound = models.ForeignKey(OutboundMessage, on_delete=models.PROTECT, related_name="+", null=True)
    attachments = models.ManyToManyField(StoredFile, related_name="+")
    #: What this message came from, unique in the shop, so that a repeated event adds nothing.
    source = models.CharField(max_length=120, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "source"], name="ticketmessage_source"),
            models.CheckConstraint(condition=models.Q(kind__in=MessageKind.values), name="ticketmessage_kind"),
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="ticketmessage_thread")]


class CaseKind(models.TextChoices):
    """Kinds of case that a ticket can be about; the rows live in domains that the inbox does not import."""

    RETURN = "return"
    REPAIR = "repair"
    SPARE_PART = "spare_part"
    FOLLOW_UP = "follow_up"
    WITHDRAWAL = "withdrawal"


class TicketLink(ShopOwned):
    """A case that a ticket is about; every case has exactly one ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    ticket_id: int
    kind = models.CharField(max_length=12, choices=CaseKind.choices)
    case_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "kind", "case_id"], name="ticketlink_case")]
        indexes = [models.Index(fields=["shop", "kind", "ticket"], name="ticketlink_by_kind")]
