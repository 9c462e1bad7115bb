"""What the team does over the inbox: views, many at once, ready-made words, macros, rules, and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import ShopOwned, StoredFile
from saleor_aftercare.core.workflow import Stateful, Workflow
from saleor_aftercare.inbox.models import Ticket, TicketMessage
from saleor_aftercare.team.models import Team

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class SavedView(ShopOwned):
    """A list of conversations with a name: somebody's own, a team's, or everybody's."""

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="views", null=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="views", null=True)
    query = models.CharField(max_length=500)  #: in the language of the search field
    order = models.CharField(max_length=12, default="newest")  #: newest, oldest, breach, priority
    #: What a wide list shows of each conversation, from left to right; none: the usual rows.
    columns = ArrayField(models.CharField(max_length=12), default=list, db_default=[])
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["shop", "position", "id"], name="savedview_order")]


class BulkState(models.TextChoices):
    PLANNING = "planning"  #: what it would do is being worked out; nothing is changed
    PLANNED = "planned"  #: that is shown, and waits for somebody's word
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  #: somebody stopped it half-way
    UNDOING = "undoing"
    UNDONE = "undone"


_B = BulkState


class BulkAction(Stateful, ShopOwned):
    """One action on many conversations, as one job with progress; what it changed, so that it can be taken back."""

    workflow: ClassVar = Workflow(
        {
            (_B.PLANNING, "plan"): _B.PLANNED,
            (_B.PLANNING, "stop"): _B.STOPPED,
            (_B.PLANNED, "confirm"): _B.RUNNING,
            (_B.PLANNED, "stop"): _B.STOPPED,
            (_B.RUNNING, "finish"): _B.DONE,
            (_B.RUNNING, "stop"): _B.STOPPED,
            (_B.DONE, "undo"): _B.UNDOING,
            (_B.STOPPED, "undo"): _B.UNDOING,
            (_B.UNDOING, "finish"): _B.UNDONE,
        }
    )

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=20)  #: "assign", "solve", "tag", "macro", …
    values = models.JSONField(default=dict)
    keys = ArrayField(models.BigIntegerField())  #: of the tickets, in the order of work
    done = models.PositiveIntegerField(default=0)  #: how many were looked at, for planning or for doing it
    undone = models.PositiveIntegerField(default=0)  #: how many were looked at again for undoing
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.RUNNING)
    created_at = models.DateTimeField()

    items: RelatedManager[BulkItem]

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(state__in=BulkState.values), name="bulkaction_state")]
        indexes = [models.Index(fields=["shop", "member", "-id"], name="bulkaction_newest")]


class BulkItem(models.Model):
    """What a bulk action changed in one conversation, or why it could not."""

    bulk = models.ForeignKey(BulkAction, on_delete=models.CASCADE, related_name="items")
    bulk_id: int
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    ticket_id: int
    before = models.JSONField(default=dict)  #: the values that it changed, as they were
    after = models.JSONField(default=dict)  #: and as it left them: undoing skips what people changed since
    problem = models.CharField(max_length=300, blank=True)  #: why nothing was changed, or not taken back
    plan = models.JSONField(null=True)  #: what a macro would do: {"fingerprint", "steps", "amounts", "letters"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "ticket"], name="bulkitem_once")]


class CannedReply(ShopOwned):
    """A ready-made text with variables, in several languages."""

    shortcut = models.CharField(max_length=40)  #: typed after "/"
    title = models.CharField(max_length=150)
    folder = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+", null=True)  #: null: everybody's
    texts = models.JSONField(default=dict)  #: by language: {"en": {"subject", "body"}}, Markdown with Liquid
    attachments = models.ManyToManyField(StoredFile, related_name="+")
    tokens = models.TextField(blank=True)  #: its words, for suggestions
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "owner", "shortcut"],
                name="cannedreply_shortcut",
                condition=models.Q(archived_at__isnull=True),
                nulls_distinct=False,
            )
        ]


class Macro(ShopOwned):
    """Steps that are done together: words, state, marks, and what is done to the cases of a conversation."""

    name = models.CharField(max_length=100)
    steps = models.JSONField()  #: [{"do": "reply" | "tag" | "state" | "approve_return" | …, …}]
    used = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "name"], name="macro_name", condition=models.Q(archived_at__isnull=True)
            )
        ]


class MacroRun(ShopOwned):
    """A macro was run on a conversation, once per key; each step and what became of it."""

    key = models.CharField(max_length=80)
    macro = models.ForeignKey(Macro, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    steps = models.JSONField()  #: the steps as confirmed, each with "state" and "error"
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="macrorun_key")]


class Rule(ShopOwned):
    """When something happens, if it is so, then do that; in order, each version kept."""

    key = models.UUIDField()
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    enabled = models.BooleanField(default=True)
    document = models.JSONField()  #: {"when": […], "if": {…}, "then": […], "stop": bool}
    replaced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key", "version"], name="rule_version"),
            models.UniqueConstraint(
                fields=["shop", "key"], name="rule_in_force", condition=models.Q(replaced_at__isnull=True)
            ),
        ]


class RuleRun(ShopOwned):
    """A rule did something to a conversation because of one event; never twice."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=120)  #: the event
    done = models.JSONField(default=list)  #: the steps, each with what came of it: [{"do", …, "problem"}]
    caused = ArrayField(models.BigIntegerField(), default=list)  #: keys of the events that the steps made
    #: Keys of the rules whose steps led to the event, and this one: none of them acts on what these steps cause.
    chain = ArrayField(models.UUIDField(), default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "ticket", "source"], name="rulerun_once")]
        indexes = [models.Index(fields=["shop", "rule", "-id"], name="rulerun_newest")]


class TrialState(models.TextChoices):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class RuleTrial(Stateful, ShopOwned):
    """What a rule would have done to past conversations; nothing is written but this."""

    workflow: ClassVar = Workflow(
        {(TrialState.RUNNING, "finish"): TrialState.DONE, (TrialState.RUNNING, "stop"): TrialState.STOPPED}
    )

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    document = models.JSONField()  #: the rule as it was tried
    since = models.DateTimeField()  #: conversations that began from then on
    cursor = models.BigIntegerField(default=0)  #: the oldest conversation that was looked at; 0: none yet
    total = models.PositiveIntegerField()
    looked_at = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)  #: the newest that matched: [{"ticket", "event", "at", "steps"}]
    state = models.CharField(max_length=10, choices=TrialState.choices, default=TrialState.RUNNING)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(state__in=TrialState.values), name="ruletrial_state")]
        indexes = [models.Index(fields=["shop", "-id"], name="ruletrial_newest")]


class HandledContact(ShopOwned):
    """A contact that a person answered: counted once, for the one who answered first; what invoices rest on."""

    #: The customer's message or call.
    contact = models.OneToOneField(TicketMessage, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True)
    channel = models.CharField(max_length=10)
    contacted_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    month = models.DateField()  #: first day of the month of the answer, in the shop's time zone
    #: Why it does not count after all, as long as the month is open: "spam", "merged", …
    void_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "month", "member"], name="handled_month"),
            models.Index(fields=["shop", "ticket"], name="handled_ticket"),
            models.Index(fields=["shop", "month", "answered_at", "id"], name="handled_newest"),
        ]


class MonthClose(ShopOwned):
    """A month is closed: its handled contacts are final."""

    month = models.DateField()
    totals = models.JSONField()  #: per member, team and channel, as they were then
    digest = models.CharField(max_length=64)  #: SHA-256 over the rows, so that a later change shows
    by = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "month"], name="monthclose_once")]
