"""Reading questions and answers, one by one and in figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import Survey, SurveySettings
from .policy import SATISFIED, share_interval


class Grouping(StrEnum):
    """What figures are told by."""

    MONTH = "month"
    MEMBER = "member"
    TEAM = "team"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Figures:
    """The answers of one group; ``key`` is a month's first day, the key of a row, or a channel; None: nobody's."""

    key: Any
    asked: int
    answers: int
    satisfied: int

    @property
    def share(self) -> float | None:
        """The CSAT: the share of 4 and 5 of 5; None without answers."""
        return self.satisfied / self.answers if self.answers else None

    @property
    def low(self) -> float | None:
        """Where the share lies at least, by Wilson's 95 % interval."""
        return share_interval(self.satisfied, self.answers)[0] if self.answers else None

    @property
    def high(self) -> float | None:
        """Where it lies at most."""
        return share_interval(self.satisfied, self.answers)[1] if self.answers else None


def settings_of(shop: Shop) -> SurveySettings:
    """Whether and when customers are asked; the defaults, not saved, where nobody has said so."""
    return SurveySettings.objects.filter(shop=shop).first() or SurveySettings(shop=shop)


def answer_token(survey: Survey) -> str:
    """What the links in the mail carry: whoever has it may answer, and nothing else."""
    return tokens.sign("survey", survey.pk)


def survey_by_token(shop: Shop, token: str) -> Survey:
    """The question whose mail carries ``token``; raises InvalidInput for a forged one, NotFound for another shop's."""
    pk = tokens.unsign("survey", token, max_age=None)
    survey = Survey.objects.select_related("shop").filter(shop=shop, pk=pk).first()
    if survey is None:
        raise NotFound(_("There is no such question."))
    return survey


def surveys_about(shop: Shop, subject: str, keys: Collection[int]) -> dict[int, Survey]:
    """The question about each of these, where one was asked and counts."""
    rows = Survey.objects.filter(shop=shop, subject=subject, subject_id__in=keys, void_reason="")
    return {row.subject_id: row for row in rows}


def figures(shop: Shop, *, first: date, last: date, by: Grouping | None) -> list[Figures]:
    """The answers to questions that were asked from ``first`` to ``last``, both included, days of the shop.

    By month in order, else the most answers first; without ``by`` one row for all. Figures of several months are
    never averaged: they are counted anew.
    """
    zone = ZoneInfo(ShopSettings.objects.values_list("time_zone", flat=True).get(shop=shop))
    rows: QuerySet[Survey, Any] = Survey.objects.filter(
        shop=shop,
        kind="csat",
        void_reason="",
        sent_at__gte=datetime.combine(first, time.min, zone),
        sent_at__lte=datetime.combine(last, time.max, zone),
    )
    counts = {
        "asked": Count("pk"),
        "answers": Count("score"),
        "good": Count("pk", filter=Q(score__gte=SATISFIED)),
    }
    if by is None:
        found = rows.aggregate(**counts)
        return [Figures(None, found["asked"], found["answers"], found["good"])]
    group = {
        Grouping.MONTH: TruncMonth("sent_at", tzinfo=zone),
        Grouping.MEMBER: F("member_id"),
        Grouping.TEAM: F("team_id"),
        Grouping.CHANNEL: F("channel"),
    }[by]
    grouped = rows.annotate(group=group).values_list("group").annotate(**counts).order_by()
    told = [Figures(*row) for row in grouped]
    if by is Grouping.MONTH:
        months = [Figures(one.key.date(), one.asked, one.answers, one.satisfied) for one in told]
        return sorted(months, key=lambda one: one.key)
    return sorted(told, key=lambda one: (-one.answers, -one.asked, str(one.key)))


def comments(shop: Shop, *, first: date, last: date, limit: int) -> list[Survey]:
    """The newest answers of the same time that came with words."""
    zone = ZoneInfo(ShopSettings.objects.values_list("time_zone", flat=True).get(shop=shop))
    rows = Survey.objects.filter(
        shop=shop,
        void_reason="",
        answered_at__gte=datetime.combine(first, time.min, zone),
        answered_at__lte=datetime.combine(last, time.max, zone),
    )
    return list(rows.exclude(comment="").order_by("-answered_at", "-pk")[:limit])
