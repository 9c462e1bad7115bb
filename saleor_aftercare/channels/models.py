"""How people reach the shop and are reached: accounts of channels, what came in as it came, what goes out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.crypto import EncryptedTextField
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful
from saleor_aftercare.mail.models import DELIVERY_WORKFLOW, DeliveryState
from saleor_aftercare.people.models import Person
from saleor_aftercare.team.models import Team


class ChannelKind(models.TextChoices):
    EMAIL = "email"
    FORM = "form"  #: the contact form of the portal
    CHAT = "chat"
    PHONE = "phone"
    LINE = "line"


class ChannelAccount(ShopOwned):
    """One mailbox, one LINE account, one telephone system, … of a shop; several per channel."""

    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    name = models.CharField(max_length=100)  #: for staff: "Support", "Shop Osaka"
    #: What others write to: the mailbox's address (lower case), the number (E.164), the LINE channel's id.
    address = models.CharField(max_length=254, blank=True)
    incoming = models.CharField(max_length=30, blank=True)  #: adapter that hears: "imap", "mailgun", "line", "cti"
    outgoing = models.CharField(max_length=30, blank=True)  #: adapter that sends; empty: the service's own mail server
    config = models.JSONField(default=dict)  #: of the adapters, without secrets: host, port, folder, …
    secrets = EncryptedTextField(blank=True)  #: JSON: passwords, tokens, refresh tokens
    cursor = models.JSONField(default=dict)  #: how far the incoming adapter has read
    version = models.PositiveIntegerField(default=1)
    enabled = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)  #: of its kind: what begins without an account is sent from here
    language = models.CharField(max_length=10, blank=True)  #: of whoever writes here, as long as they show no other
    sender_name = models.CharField(max_length=100, blank=True)
    signatures = models.JSONField(default=dict)  #: by language, Markdown with Liquid
    auto_reply = models.BooleanField(default=True)  #: a first message is acknowledged at once
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, related_name="accounts", null=True)
    team_id: int | None
    heard_at = models.DateTimeField(null=True)  #: when the incoming side last worked
    problem = models.CharField(max_length=300, blank=True)  #: why it does not work at present
    problem_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, db_default=0)  #: in a row; the next try waits the longer for each
    #: Why letters cannot leave by it at present.
    sending_problem = models.CharField(max_length=300, blank=True, default="", db_default="")
    sending_problem_since = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)  #: when a test last found it working
    #: Given up; kept, without its secrets, for what came and went through it. Its address may be used again.
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "kind", "address"], name="channelaccount_address", condition=~models.Q(address="")
            ),
            models.UniqueConstraint(
                fields=["shop", "kind"], name="channelaccount_default", condition=models.Q(is_default=True)
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ChannelKind.values), name="channelaccount_kind"),
        ]


class InboundState(models.TextChoices):
    RECEIVED = "received"  #: stored; a job will read it
    FILED = "filed"  #: became a message, or a line of one
    IGNORED = "ignored"  #: nothing that anybody must see; ``outcome`` says why
    FAILED = "failed"  #: could not be read or filed; staff see it, and it can be tried again


class InboundMessage(ShopOwned):
    """What somebody sent us, byte for byte; one row however often it is delivered."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="inbound")
    account_id: int
    digest = models.CharField(max_length=64)  #: SHA-256 of the bytes, hex
    #: The bytes; null once their time of keeping is over.
    raw = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    message_id = models.CharField(max_length=250, blank=True)  #: the sender's own; cut, and never unique
    kind = models.CharField(max_length=12, blank=True)  #: message, auto_reply, bounce, complaint; empty until read
    state = models.CharField(max_length=10, choices=InboundState.choices, default=InboundState.RECEIVED)
    outcome = models.CharField(max_length=60, blank=True)  #: "new_ticket", "thread:reference", "own_mail", "loop", …
    guesses = models.JSONField(default=list)  #: what had to be guessed to read it
    error = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="inboundmessage_once"),
            models.CheckConstraint(condition=models.Q(state__in=InboundState.values), name="inboundmessage_state"),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="inbound_failed", condition=models.Q(state="failed")),
            models.Index(fields=["shop", "message_id"], name="inbound_message_id", condition=~models.Q(message_id="")),
        ]


class ChannelMessage(Stateful, ShopOwned):
    """One message to one person by a messenger: the outbox of every channel that is not mail."""

    workflow: ClassVar = DELIVERY_WORKFLOW

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="sent")
    account_id: int
    key = models.CharField(max_length=200)  #: unique in the shop: asking twice sends once
    recipient = models.CharField(max_length=254)  #: as the channel knows them
    #: What the channel lets us answer with, and until when ({"token", "until"} for LINE); empty: unasked.
    reply_with = models.JSONField(default=dict)
    text = models.TextField()
    #: The recipient's, for what stands beside files; empty: the shop's.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    attachments = models.ManyToManyField(StoredFile, related_name="+")
    provider_reference = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="channelmessage_key"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="channelmessage_state"),
        ]
        indexes = [models.Index(fields=["state_since"], name="channelmsg_open", condition=models.Q(state="sending"))]


class ChatSession(ShopOwned):
    """A visitor at the chat window, from its opening until they are gone."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="chats")
    token_digest = models.CharField(max_length=64, unique=True)  #: what the visitor's page proves itself with
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="chats", null=True)
    person_id: int | None
    ticket_id = models.BigIntegerField(null=True)  #: the conversation, once something was said
    visitor_name = models.CharField(max_length=200, blank=True)
    visitor_email = models.CharField(max_length=254, blank=True)  #: where answers go when they have left
    language = models.CharField(max_length=10)
    page_url = models.CharField(max_length=500, blank=True)  #: without query
    seen_at = models.DateTimeField()  #: of the visitor's last poll
    typing_until = models.DateTimeField(null=True)
    #: The newest message that the visitor's page has shown; what came after goes by mail when they have left.
    shown_message_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: When they proved by a code that the address is theirs; what was said before is never mailed to one that is not.
    email_verified_at = models.DateTimeField(null=True)
    code_digest = models.CharField(max_length=128, blank=True)  #: of the code that was mailed to ``visitor_email``
    code_tries = models.PositiveSmallIntegerField(default=0)
    code_expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-seen_at"], name="chat_present", condition=models.Q(ended_at__isnull=True)),
            models.Index(fields=["ticket_id"], name="chat_ticket", condition=models.Q(ticket_id__isnull=False)),
        ]


class CallOutcome(models.TextChoices):
    ANSWERED = "answered"
    MISSED = "missed"
    NO_ANSWER = "no_answer"  #: we called, nobody took it
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    FAILED = "failed"


class Call(ShopOwned):
    """A telephone call, noted by staff or told by the telephone system."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="calls", null=True)
    external_id = models.CharField(max_length=120, blank=True)  #: of the telephone system
    is_inbound = models.BooleanField()
    number = models.CharField(max_length=40, blank=True)  #: E.164 of the other side; empty: withheld
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calls", null=True)
    person_id: int | None
    member = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="+", null=True)  #: who talked
    member_id: int | None
    #: Empty while it rings or goes on.
    outcome = models.CharField(max_length=10, choices=CallOutcome.choices, blank=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  #: as the telephone system told; what staff note has none
    ended_at = models.DateTimeField(null=True)
    duration_s = models.PositiveIntegerField(null=True)  #: of talking
    call_back_at = models.DateTimeField(null=True)  #: somebody promised to call then
    called_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"], name="call_external", condition=~models.Q(external_id="")
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "number", "-started_at"], name="call_number"),
            models.Index(
                fields=["shop", "call_back_at"],
                name="call_back",
                condition=models.Q(call_back_at__isnull=False, called_back_at__isnull=True),
            ),
        ]
