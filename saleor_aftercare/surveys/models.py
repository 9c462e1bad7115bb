"""What customers think of how they were helped."""

from __future__ import annotations

from django.db import models

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.people.models import Person
from saleor_aftercare.team.models import Team


class SurveySettings(ShopOwned):
    """Whether and when customers are asked; one row per shop, made when somebody first changes it."""

    version = models.PositiveIntegerField(default=1)
    enabled = models.BooleanField(default=True)
    delay_hours = models.PositiveSmallIntegerField(default=4)  #: after the conversation was solved
    quiet_days = models.PositiveSmallIntegerField(default=30)  #: nobody is asked twice within them, about anything
    open_days = models.PositiveSmallIntegerField(default=14)  #: so long an answer counts

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="surveysettings_shop")]


class Survey(ShopOwned):
    """One question to one person about one thing; the last answer inside its time counts."""

    kind = models.CharField(max_length=10, default="csat")
    subject = models.CharField(max_length=30)  #: what of ours it is about: "ticket"
    subject_id = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    person_id: int | None
    email = models.CharField(max_length=254, default="")  #: lower case; asked there
    member = models.ForeignKey(StaffMember, on_delete=models.SET_NULL, related_name="+", null=True)  #: whom it is about
    member_id: int | None
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, related_name="+", null=True)
    team_id: int | None
    channel = models.CharField(max_length=10, blank=True)  #: by which the conversation came
    language = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True)  #: 1 to 5
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=20, blank=True)  #: "staff", "spam"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "subject", "subject_id"], name="survey_once"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5), name="survey_score"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "person", "-sent_at"], name="survey_person"),
            models.Index(fields=["shop", "email", "-sent_at"], name="survey_email"),
            models.Index(
                fields=["shop", "answered_at"], name="survey_answered", condition=models.Q(answered_at__isnull=False)
            ),
        ]
