"""Asking customers, and taking their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of as shop_settings_of
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import CUSTOMER, Actor, publish
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose
from saleor_aftercare.mail.suppression import blocking_reason

from .events import SurveyAnswered, SurveyAsked, SurveySettingsSaved
from .models import Survey, SurveySettings
from .policy import HIGHEST, LOWEST
from .queries import answer_token, settings_of
from .words import SCORES

MAX_COMMENT: Final = 2000
LIMITS: Final = {"delay_hours": (0, 720), "quiet_days": (0, 365), "open_days": (1, 90)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is asked, and about what; the people and places that the answer will be counted for."""

    about: str  #: "ticket"
    about_id: int
    number: int
    title: str
    email: str
    name: str
    language: str
    person_id: int | None = None
    member_id: int | None = None
    team_id: int | None = None
    channel: str = ""


@transaction.atomic
def ask(shop: Shop, asked: Asked, *, at: datetime) -> Survey | None:
    """Ask one person once about one thing, by mail.

    Returns None, and asks nothing, when the shop does not ask, when the person was asked anything within the shop's
    quiet days, when they refused such mails or cannot get any, or when they are staff themselves. A second call
    returns the first question.
    """
    settings = settings_of(shop)
    email = asked.email.strip().lower()
    if not settings.enabled or not email or StaffMember.objects.filter(shop=shop, email__iexact=email).exists():
        return None
    if blocking_reason(shop, email, Purpose.SERVICE) is not None:
        return None
    # Two conversations of one person may be solved at once.
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    known = Survey.objects.filter(shop=shop, kind="csat", subject=asked.about, subject_id=asked.about_id).first()
    if known is not None:
        return known
    same = Q(email=email) | (Q(person=asked.person_id) if asked.person_id is not None else Q())
    if Survey.objects.filter(same, shop=shop, sent_at__gt=at - timedelta(days=settings.quiet_days)).exists():
        return None
    survey = Survey.objects.create(
        shop=shop,
        subject=asked.about,
        subject_id=asked.about_id,
        person_id=asked.person_id,
        email=email,
        member_id=asked.member_id,
        team_id=asked.team_id,
        channel=asked.channel,
        language=asked.language,
        sent_at=at,
        closes_at=at + timedelta(days=settings.open_days),
    )
    token = answer_token(survey)
    letters.write(
        shop=shop,
        kind="surveys/csat",
        key=f"survey:{survey.pk}",
        to_email=email,
        to_name=asked.name,
        language=asked.language,
        context={
            "ticket_number": asked.number,
            "subject": asked.title,
            "scores": _scores(shop, token, asked.language),
            "open_days": settings.open_days,
        },
        subject=("survey", survey.pk),
        purpose=Purpose.SERVICE,
        at=at,
    )
    publish(SurveyAsked(survey.pk, about=asked.about, about_id=asked.about_id), shop=shop, at=at)
    return survey


def _scores(shop: Shop, token: str, language: str) -> list[dict[str, object]]:
    with translation.override(supported_language(language, default=shop_settings_of(shop).default_language)):
        return [
            {"score": score, "label": str(label), "url": links.survey_answer(shop, token, score)}
            for score, label in SCORES.items()
        ]


@transaction.atomic
def answer(survey: Survey, *, score: int, comment: str, at: datetime) -> Survey:
    """Take an answer; the last one counts, and the same one again changes nothing. It opens nothing and wakes nobody.

    Raises:
        InvalidInput: ``score`` is not 1 to 5, or ``comment`` is too long.
        Refused: the time to answer is over, or the question does not count any more.
    """
    if not LOWEST <= score <= HIGHEST:
        raise InvalidInput(_("Please choose an answer."), "score")
    words = comment.strip()
    if len(words) > MAX_COMMENT or not is_storable(words):
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_COMMENT}, "comment")
    row = Survey.objects.select_for_update(of=("self",)).select_related("shop").get(pk=survey.pk)
    if at >= row.closes_at or row.void_reason:
        raise Refused(_("The time to answer this question is over. Thank you all the same!"))
    if (row.score, row.comment) == (score, words):
        return row
    event = SurveyAnswered(
        row.pk,
        about=row.subject,
        about_id=row.subject_id,
        score=score,
        comment=words,
        member=row.member_id,
        changed=row.score is not None,
    )
    row.score, row.comment, row.answered_at = score, words, at
    row.save(update_fields=["score", "comment", "answered_at"])
    publish(event, shop=row.shop, at=at, actor=CUSTOMER)
    return row


def void(shop: Shop, *, about: str, about_id: int, reason: str) -> int:
    """The question about this does not count (any more), such as when it was spam; returns how many that were."""
    rows = Survey.objects.filter(shop=shop, subject=about, subject_id=about_id, void_reason="")
    return rows.update(void_reason=reason)


@transaction.atomic
def save_settings(
    shop: Shop,
    *,
    version: int,
    enabled: bool,
    delay_hours: int,
    quiet_days: int,
    open_days: int,
    at: datetime,
    actor: Actor,
) -> SurveySettings:
    """Say whether and when customers are asked. Raises InvalidInput naming the field, or Conflict."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    row = settings_of(shop)
    if row.version != version:
        raise Conflict(_("Somebody else has saved these settings meanwhile; reload and try again."), "version")
    given = {"delay_hours": delay_hours, "quiet_days": quiet_days, "open_days": open_days}
    for name, value in given.items():
        least, most = LIMITS[name]
        if not least <= value <= most:
            raise InvalidInput(_("Between %(least)d and %(most)d.") % {"least": least, "most": most}, name)
        setattr(row, name, value)
    row.enabled, row.version = enabled, row.version + 1
    row.save()
    publish(SurveySettingsSaved(row.pk, version=row.version, enabled=enabled, **given), shop=shop, at=at, actor=actor)
    return row
