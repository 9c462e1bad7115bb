"""The support inbox: tickets, their messages, and the cases they are about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from saleor_aftercare.channels.models import Call, ChannelAccount, ChannelMessage, InboundMessage
from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.people.models import Person
from saleor_aftercare.team.models import Team

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .sla.journal import Seen
    from .sla.models import SlaEvent


class TicketState(models.TextChoices):
    NEW = "new"  #: nobody has answered yet
    OPEN = "open"  #: the shop's turn
    PENDING = "pending"  #: the customer's turn
    WAITING = "waiting"  #: somebody else's turn: a carrier, a maker, a workshop
    ON_HOLD = "on_hold"  #: put off until ``wake_at``, or until the customer writes
    SOLVED = "solved"  #: done; a new message reopens it
    CLOSED = "closed"  #: done for good; a new message opens a linked ticket
    SPAM = "spam"
    MERGED = "merged"  #: goes on in ``merged_into``


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
        (S.WAITING, "answer"): S.PENDING,
        (S.ON_HOLD, "answer"): S.PENDING,
        (S.WAITING, "hear"): S.OPEN,
        (S.ON_HOLD, "hear"): S.OPEN,
        (S.SPAM, "hear"): S.SPAM,
        (S.NEW, "wait"): S.PENDING,
        (S.OPEN, "wait"): S.PENDING,
        (S.NEW, "wait_for_others"): S.WAITING,
        (S.OPEN, "wait_for_others"): S.WAITING,
        (S.PENDING, "wait_for_others"): S.WAITING,
        (S.NEW, "snooze"): S.ON_HOLD,
        (S.OPEN, "snooze"): S.ON_HOLD,
        (S.PENDING, "snooze"): S.ON_HOLD,
        (S.WAITING, "snooze"): S.ON_HOLD,
        (S.ON_HOLD, "snooze"): S.ON_HOLD,
        (S.ON_HOLD, "wake"): S.OPEN,
        (S.NEW, "solve"): S.SOLVED,
        (S.OPEN, "solve"): S.SOLVED,
        (S.PENDING, "solve"): S.SOLVED,
        (S.WAITING, "solve"): S.SOLVED,
        (S.ON_HOLD, "solve"): S.SOLVED,
        (S.PENDING, "reopen"): S.OPEN,
        (S.WAITING, "reopen"): S.OPEN,
        (S.ON_HOLD, "reopen"): S.OPEN,
        (S.SOLVED, "reopen"): S.OPEN,
        (S.SOLVED, "close"): S.CLOSED,
        (S.NEW, "spam"): S.SPAM,
        (S.OPEN, "spam"): S.SPAM,
        (S.PENDING, "spam"): S.SPAM,
        (S.WAITING, "spam"): S.SPAM,
        (S.ON_HOLD, "spam"): S.SPAM,
        (S.SPAM, "not_spam"): S.OPEN,
        **{(state, "merge"): S.MERGED for state in (S.NEW, S.OPEN, S.PENDING, S.WAITING, S.ON_HOLD, S.SOLVED)},
        (S.MERGED, "unmerge"): S.OPEN,
        (S.MERGED, "unmerge_unanswered"): S.NEW,
    }
)

#: Moves that staff make by a button; the others follow from messages.
STAFF_ACTIONS = ("solve", "wait", "wait_for_others", "wake", "reopen", "close", "spam", "not_spam")
#: All that staff may do with a conversation as a whole; of these, some need more to be said than the move's name.
STAFF_VERBS = (*STAFF_ACTIONS, "snooze", "merge")
#: States in which somebody of the shop, or the customer, still has something to do.
ACTIVE_STATES = (S.NEW, S.OPEN, S.PENDING, S.WAITING, S.ON_HOLD)


class TicketChannel(models.TextChoices):
    PORTAL = "portal"
    EMAIL = "email"
    FORM = "form"
    CHAT = "chat"
    PHONE = "phone"
    LINE = "line"
    FOLLOW_UP = "follow_up"
    API = "api"
    STAFF = "staff"  #: opened by staff for a customer


class MessageKind(models.TextChoices):
    CUSTOMER = "customer"
    STAFF = "staff"  #: a public answer, mailed
    NOTE = "note"  #: internal; never leaves the shop
    SYSTEM = "system"  #: one line about something that happened


class Priority(models.IntegerChoices):
    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3


class Tag(ShopOwned):
    """A word that conversations are marked with."""

    name = models.CharField(max_length=60)  #: as shown; unique whatever its case
    key = models.CharField(max_length=60)  #: casefolded, NFKC
    color = models.CharField(max_length=10, blank=True)  #: one of the pills' hues
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="tag_key")]


class FieldKind(models.TextChoices):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHECKBOX = "checkbox"


class FieldDefinition(ShopOwned):
    """A field that a shop adds to its conversations; values stand in ``Ticket.fields`` by ``key``."""

    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=10, choices=FieldKind.choices)
    labels = models.JSONField(default=dict)  #: by language
    options = models.JSONField(default=list)  #: of CHOICE: [{"value", "labels"}]
    position = models.PositiveSmallIntegerField(default=0)
    required_to_solve = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="fielddefinition_key"),
            models.CheckConstraint(condition=models.Q(kind__in=FieldKind.values), name="fielddefinition_kind"),
        ]


class Ticket(Stateful, ShopOwned):
    """One conversation with one customer."""

    workflow: ClassVar = TICKET_WORKFLOW

    number = models.BigIntegerField()
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=TicketState.choices, default=S.NEW)
    channel = models.CharField(max_length=10, choices=TicketChannel.choices)
    account = models.ForeignKey(ChannelAccount, on_delete=models.SET_NULL, related_name="+", null=True)
    account_id: int | None
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tickets", null=True)
    person_id: int | None
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, related_name="tickets", null=True)
    team_id: int | None
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    tags = models.ManyToManyField(Tag, through="TicketTag", related_name="tickets")
    fields = models.JSONField(default=dict)  #: values of the shop's own fields by key
    wake_at = models.DateTimeField(null=True)  #: when a snoozed conversation comes back by itself
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True)
    merged_into_id: int | None
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="followed_by", null=True)
    follows_id: int | None
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
    #: The nearest moment at which a target is missed; null while none runs. See ``inbox.sla``.
    breach_at = models.DateTimeField(null=True)

    #: What ``inbox.sla`` last saw of it, and whether its log holds more since; see ``inbox.sla.actions.follow``.
    followed: Seen | None = None
    is_unheard: bool = False
    #: The log of a conversation that begins, while none of it is written; see ``inbox.sla.actions.begin``.
    first_log: list[SlaEvent] | None = None
    #: What is to be written into a log with that of others; see ``inbox.sla.actions.hold``.
    held_log: list[SlaEvent] | None = None

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
                condition=models.Q(state__in=["new", "open", "pending", "waiting", "on_hold"]),
            ),
            models.Index(fields=["shop", "state", "-last_message_at", "-id"], name="ticket_by_state"),
            models.Index(
                fields=["shop", "assignee", "-last_message_at", "-id"],
                name="ticket_by_assignee",
                condition=models.Q(state__in=["new", "open", "pending", "waiting", "on_hold"]),
            ),
            models.Index(
                fields=["shop", "due_at"],
                name="ticket_due",
                condition=models.Q(due_at__isnull=False, state__in=["new", "open"]),
            ),
            models.Index(
                fields=["shop", "breach_at", "id"],
                name="ticket_breach",
                condition=models.Q(breach_at__isnull=False),
            ),
            models.Index(
                fields=["shop", "team", "-last_message_at", "-id"],
                name="ticket_by_team",
                condition=models.Q(state__in=["new", "open", "pending", "waiting", "on_hold"]),
            ),
            models.Index(fields=["shop", "person", "-last_message_at"], name="ticket_by_person"),
            models.Index(fields=["wake_at"], name="ticket_wake", condition=models.Q(state="on_hold")),
            models.Index(fields=["shop", "customer_email", "-last_message_at"], name="ticket_by_customer"),
            models.Index(fields=["shop", "revision"], name="ticket_revision"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def moved(self, action: str, *, at: datetime, **changes: Any) -> dict[str, Any]:
        """As every row with states moves; the moment of waking up goes with the snooze."""
        if action != "snooze":
            changes["wake_at"] = None
        return super().moved(action, at=at, **changes)


class TicketTag(models.Model):
    """A conversation is marked with a tag."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="ticket_tags")
    ticket_id: int
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="ticket_tags")
    tag_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="tickettag_once")]
        indexes = [models.Index(fields=["tag", "-ticket"], name="tickettag_tag")]


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
    channel = models.CharField(max_length=10, choices=TicketChannel.choices, blank=True)  #: empty: the ticket's
    #: Somebody's program wrote it: an out-of-office answer, our acknowledgement, a rule. It answers nothing.
    is_automatic = models.BooleanField(default=False)
    quoted = models.TextField(blank=True)  #: what a mail quoted of older ones, folded away
    html = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, related_name="+", null=True)  #: as sent, made safe
    has_remote_content = models.BooleanField(default=False)  #: the HTML names pictures that stand elsewhere
    inbound = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="+", null=True)
    inbound_id: int | None
    #: Who wrote it: somebody of the customer's side, or of the shop's.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+", null=True)
    staff_id: int | None
    mentions = ArrayField(models.BigIntegerField(), default=list)  #: keys of StaffMembers whom a note names
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="+", null=True)
    outbound = models.ForeignKey(OutboundMessage, on_delete=models.PROTECT, related_name="+", null=True)
    sent = models.ForeignKey(ChannelMessage, on_delete=models.PROTECT, related_name="+", null=True)
    #: A public answer waits until then and can be taken back; null once it has left.
    held_until = models.DateTimeField(null=True)
    #: What is to be done as a held answer leaves: {"move": "solve", "cc": […]}. See ``actions.replies``.
    leaving = models.JSONField(default=dict)
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


class TicketMerge(ShopOwned):
    """Two conversations became one, or one became two; what moved, so that it can be taken back for 30 days."""

    kept = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    kept_id: int
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    other_id: int
    is_split = models.BooleanField(default=False)  #: ``other`` was made of messages of ``kept``
    moved = models.JSONField(default=dict)  #: {"messages": [key, …], "links": [key, …], "tags": [key, …]}
    by = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "kept", "-id"], name="ticketmerge_kept")]


class ReplyDraft(ShopOwned):
    """What somebody is writing in a conversation, kept while they write."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    ticket_id: int
    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    is_note = models.BooleanField()
    body = models.TextField()
    language = models.CharField(max_length=10, blank=True)
    cc = ArrayField(models.CharField(max_length=254), default=list)
    attachments = models.ManyToManyField(StoredFile, related_name="+")
    seen_message_id = models.BigIntegerField(default=0)  #: the newest message that its writer had seen
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "member", "is_note"], name="replydraft_one")]


class Presence(models.Model):
    """Somebody looks at a conversation, or writes in it; gone after some seconds without a sign."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    ticket_id: int
    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    member_id: int
    is_writing = models.BooleanField(default=False)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "member"], name="presence_once")]
