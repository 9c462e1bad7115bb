"""Who of the staff does what: roles, teams, skills, absences, and what each wants to be told."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.crypto import EncryptedTextField
from saleor_aftercare.core.models import ShopOwned

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator"  #: everything, and the settings
    AGENT = "agent"  #: answers everybody, and puts money right
    WAREHOUSE = "warehouse"  #: receives, inspects and packs; no conversations
    OUTSOURCED = "outsourced"  #: their own queue, the customer data it needs, no export, money up to a limit


class RoleRule(ShopOwned):
    """Which role a Saleor permission group has here; without a rule the permissions of the token decide."""

    group_name = models.CharField(max_length=150)  #: as Saleor calls it
    role = models.CharField(max_length=15, choices=Role.choices)
    money_limit = models.DecimalField(max_digits=14, decimal_places=3, null=True)  #: per case; null: no limit of ours
    currency = models.CharField(max_length=3, blank=True)  #: of the limit; other currencies are then above it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "group_name"], name="rolerule_group"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="rolerule_role"),
            models.CheckConstraint(
                condition=models.Q(money_limit__isnull=True)
                | models.Q(money_limit__gte=Decimal(0)) & ~models.Q(currency=""),
                name="rolerule_limit_has_currency",
            ),
        ]


class Team(ShopOwned):
    """People who share a queue."""

    name = models.CharField(max_length=100)
    #: How a new conversation finds its person: "manual", "round_robin", "least_busy".
    assignment = models.CharField(max_length=12, default="manual")
    #: A missed answer gives a conversation to somebody else of the team; not where people give them out by hand.
    reassigns_on_breach = models.BooleanField(default=True)
    is_outsourced = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)
    #: Who had the last turn; round-robin goes on behind them.
    last_turn = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="+", null=True)

    memberships: RelatedManager[Membership]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="team_name"),
            models.CheckConstraint(
                condition=models.Q(assignment__in=["manual", "round_robin", "least_busy"]), name="team_assignment"
            ),
        ]


class Membership(models.Model):
    """Somebody belongs to a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    team_id: int
    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="memberships")
    member_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "member"], name="membership_once")]


class Profile(ShopOwned):
    """What we know of a member of staff beyond Saleor; one per member, made at their first visit."""

    member = models.OneToOneField(StaffMember, on_delete=models.CASCADE, related_name="profile")
    member_id: int
    languages = ArrayField(models.CharField(max_length=10), default=list)  #: empty: any
    channels = ArrayField(models.CharField(max_length=10), default=list)  #: empty: any
    skills = ArrayField(models.CharField(max_length=60), default=list)  #: tags that they are good at
    capacity = models.PositiveSmallIntegerField(default=0)  #: open conversations at most; 0: no limit
    takes_turns = models.BooleanField(default=True)  #: is given conversations by rules and rotation
    preferences = models.JSONField(default=dict)  #: team.preferences.Preferences.to_json()
    writing = models.JSONField(default=dict)  #: team.writing.Writing.to_json()
    single_keys = models.BooleanField(default=True)  #: keys without Ctrl do something in the inbox (WCAG 2.1.4)


class Absence(ShopOwned):
    """Somebody is away: gets nothing new, and what is theirs goes on to a stand-in when the customer writes."""

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="absences")
    member_id: int
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  #: exclusive; null: until further notice
    stand_in = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="absence_ends_after_its_start",
            )
        ]
        indexes = [models.Index(fields=["shop", "member", "starts_at"], name="absence_member")]


class NoticeKind(models.TextChoices):
    MENTION = "mention"
    ASSIGNED = "assigned"
    REPLIED = "replied"  #: the customer answered in a conversation of theirs
    DUE_SOON = "due_soon"
    BREACHED = "breached"
    CALL_BACK = "call_back"  #: somebody promised the customer a call, and it is time
    RULE = "rule"  #: a rule of the shop says so


class Notice(ShopOwned):
    """Something that one member of staff is told, once."""

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    member_id: int
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    subject = models.CharField(max_length=30)  #: what of ours it is about: "ticket"
    subject_id = models.BigIntegerField()
    source = models.CharField(max_length=120)  #: what it came from; a second notice of it is none
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  #: in a digest

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "member", "source"], name="notice_once"),
            models.CheckConstraint(condition=models.Q(kind__in=NoticeKind.values), name="notice_kind"),
        ]
        indexes = [
            models.Index(fields=["shop", "member", "-id"], name="notice_newest"),
            models.Index(fields=["shop", "member"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["created_at"], name="notice_unmailed", condition=models.Q(mailed_at__isnull=True)),
        ]


class NoticeHook(ShopOwned):
    """A Slack-compatible address that notices are posted to."""

    name = models.CharField(max_length=100)
    url = EncryptedTextField()  #: holds its own secret
    kinds = ArrayField(models.CharField(max_length=10, choices=NoticeKind.choices), default=list)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="hooks", null=True)  #: null: the whole shop
    problem = models.CharField(max_length=300, blank=True)  #: why the last post failed
    created_at = models.DateTimeField()
