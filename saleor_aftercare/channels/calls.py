"""Telephone calls: noted by staff, or told by a telephone system as they ring, are answered and end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings, StaffMember
from saleor_aftercare.core import clock, signatures
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.phones import e164
from saleor_aftercare.people.models import Identity, IdentityKind, Person

from .accounts import note_working, values_of
from .events import CallBackPromised, CallEnded
from .models import Call, CallOutcome, ChannelAccount, ChannelKind

MAX_BODY: Final = 20_000
MAX_DURATION_S: Final = 24 * 3600
#: Telephone systems' clocks are as wrong as others'; what is further away is a mistake.
MOST_AHEAD: Final = timedelta(minutes=10)
MOST_BEHIND: Final = timedelta(days=30)
#: A call that nobody told the end of is not going on any more.
LONGEST_RINGING: Final = timedelta(minutes=5)


class CallStep(StrEnum):
    """What a telephone system tells of a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNews:
    """One thing that happened to a call; ``call_id`` is the telephone system's own."""

    call_id: str
    step: CallStep
    is_inbound: bool
    number: str  #: E.164 of the other side; "" when it is withheld
    at: datetime
    agent: str = ""  #: mail address of whoever took it, or made it
    outcome: str = ""  #: of ENDED, where the system knows better than the steps before
    duration_s: int | None = None


# -- told by a telephone system ------------------------------------------------------------------------------------


def take_in_call(account: ChannelAccount, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Call:
    """Take what a telephone system tells; told twice or in another order it comes to the same.

    Raises:
        Unauthenticated: the account wants requests signed, and this one is not.
        InvalidInput: names the field that cannot be used.
    """
    if len(body) > MAX_BODY:
        raise InvalidInput(f"The body may have {MAX_BODY} bytes at most.")
    secret = values_of(account, "cti").get("secret", "")
    if secret:
        signatures.check_signature(headers.get(signatures.HEADER, ""), secret, body, at=clock.real_now())
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidInput("The body is not JSON.") from None
    news = read_news(document, region=region_of(account), at=at)
    with transaction.atomic():
        call = tell(account, news, at=at)
        note_working(account, at=at)
    return call


def read_news(document: Any, *, region: str, at: datetime) -> CallNews:
    """``{"call_id", "event", "direction", "number", "at", "agent"?, "outcome"?, "duration_s"?}``.

    Raises InvalidInput that names the field.
    """
    if not isinstance(document, dict):
        raise InvalidInput("The body must be a JSON object.")
    call_id = _text(document, "call_id", limit=120, required=True)
    step = _one_of(document, "event", CallStep)
    direction = _one_of(document, "direction", ("inbound", "outbound"))
    number = _text(document, "number", limit=60)
    told_at = _moment(document, at=at)
    outcome = _one_of(document, "outcome", CallOutcome.values) if document.get("outcome") else ""
    return CallNews(
        call_id=call_id,
        step=CallStep(step),
        is_inbound=direction == "inbound",
        # "anonymous", "unknown" and whatever else exchanges write for a number that is withheld.
        number=(e164(number, region=region) or "") if any(char.isdecimal() for char in number) else "",
        at=told_at,
        agent=_text(document, "agent", limit=254).lower(),
        outcome=outcome if step == CallStep.ENDED else "",
        duration_s=_duration(document),
    )


@transaction.atomic
def tell(account: ChannelAccount, news: CallNews, *, at: datetime) -> Call:
    """Write down what happened to a call; steps come in any order and more than once."""
    known, _new = Call.objects.get_or_create(
        account=account,
        external_id=news.call_id,
        defaults={
            "shop": account.shop,
            "is_inbound": news.is_inbound,
            "number": news.number,
            "started_at": news.at,
        },
    )
    call = Call.objects.select_for_update(of=("self",)).select_related("shop").get(pk=known.pk)
    had_ended, before = bool(call.outcome), call.outcome
    call.started_at = min(call.started_at, news.at)
    call.number = call.number or news.number
    call.member = call.member or _member(account.shop, news.agent)
    if call.person_id is None:
        call.person = person_by_number(account.shop, call.number)
    if news.step == CallStep.ANSWERED:
        call.answered_at = min(filter(None, [call.answered_at, news.at]))
    if news.step == CallStep.ENDED:
        call.ended_at = max(filter(None, [call.ended_at, news.at]))
        call.duration_s = news.duration_s if news.duration_s is not None else call.duration_s
        call.outcome = news.outcome or call.outcome
    if call.ended_at is not None:
        _conclude(call)
    call.save()
    if call.outcome and (not had_ended or before != call.outcome):
        publish(CallEnded(call.pk, outcome=call.outcome), shop=call.shop, at=at)
    return call


def _conclude(call: Call) -> None:
    """What follows from the steps where the telephone system did not say."""
    guessed = {"", CallOutcome.MISSED.value, CallOutcome.NO_ANSWER.value}
    if call.outcome in guessed:
        unheard = CallOutcome.MISSED if call.is_inbound else CallOutcome.NO_ANSWER
        call.outcome = CallOutcome.ANSWERED.value if call.answered_at else call.outcome or unheard.value
    if call.outcome == CallOutcome.ANSWERED and call.duration_s is None and call.ended_at:
        talked = call.ended_at - (call.answered_at or call.started_at)
        call.duration_s = min(max(0, int(talked.total_seconds())), MAX_DURATION_S)


def _member(shop: Shop, agent: str) -> StaffMember | None:
    return StaffMember.objects.filter(shop=shop, email__iexact=agent).first() if agent else None


# -- noted by staff ------------------------------------------------------------------------------------------------


@transaction.atomic
def note_call(
    shop: Shop,
    *,
    is_inbound: bool,
    number: str,
    outcome: str,
    started_at: datetime,
    duration_s: int | None,
    member: StaffMember,
    person: Person | None,
    at: datetime,
) -> Call:
    """Write down a call that somebody of the staff had; ``number`` as they typed it, "" for one that was withheld.

    Raises InvalidInput that names the field.
    """
    if outcome not in CallOutcome.values:
        raise InvalidInput(_("Please choose one of these."), "outcome")
    account = ChannelAccount.objects.filter(shop=shop, kind=ChannelKind.PHONE, enabled=True, archived_at=None)
    default = account.order_by("-is_default", "pk").first()
    normal = e164(number, region=region_of(default) if default else home_of(shop)) if number.strip() else ""
    if normal is None:
        raise InvalidInput(_("Not a telephone number."), "number")
    if not at - MOST_BEHIND <= started_at <= at + MOST_AHEAD:
        raise InvalidInput(_("Choose a moment within the last 30 days."), "startedAt")
    if duration_s is not None and not 0 <= duration_s <= MAX_DURATION_S:
        raise InvalidInput(_("At most 24 hours."), "durationSeconds")
    return Call.objects.create(
        shop=shop,
        account=default,
        is_inbound=is_inbound,
        number=normal,
        person=person or person_by_number(shop, normal),
        member=member,
        outcome=outcome,
        started_at=started_at,
        duration_s=duration_s if outcome == CallOutcome.ANSWERED else None,
    )


# -- calling back --------------------------------------------------------------------------------------------------


@transaction.atomic
def promise_call_back(call: Call, *, due_at: datetime | None, at: datetime) -> Call:
    """Somebody promised to call then; None takes the promise back.

    Raises:
        InvalidInput("callBackAt"): not in the future, or more than a year away.
    """
    if due_at is not None and not at < due_at <= at + timedelta(days=366):
        raise InvalidInput(_("Choose a moment in the future, within a year."), "callBackAt")
    locked = Call.objects.select_for_update(of=("self",)).select_related("shop").get(pk=call.pk)
    locked.call_back_at, locked.called_back_at = due_at, None
    locked.save(update_fields=["call_back_at", "called_back_at"])
    if due_at is not None:
        publish(CallBackPromised(locked.pk, due_at=due_at.isoformat()), shop=locked.shop, at=at)
    return locked


@transaction.atomic
def call_back_done(call: Call, *, at: datetime) -> Call:
    """The customer was called, or needs no call any more; doing so twice changes nothing."""
    Call.objects.filter(pk=call.pk, call_back_at__isnull=False, called_back_at=None).update(called_back_at=at)
    call.refresh_from_db()
    return call


def called_back(call: Call) -> int:
    """An answered call to a customer keeps the promises made to that number; returns how many there were."""
    if not call.number or call.outcome != CallOutcome.ANSWERED:
        return 0
    open_ones = Call.objects.filter(
        shop=call.shop_id, number=call.number, call_back_at__isnull=False, called_back_at=None
    )
    return open_ones.exclude(pk=call.pk).filter(started_at__lt=call.started_at).update(called_back_at=call.started_at)


# -- finding -------------------------------------------------------------------------------------------------------


def get_call(shop: Shop, pk: int) -> Call:
    """A call of this shop; raises NotFound."""
    call = Call.objects.select_related("shop", "person", "member").filter(shop=shop, pk=pk).first()
    if call is None:
        raise NotFound(_("There is no such call."), "id")
    return call


def ringing(shop: Shop, *, at: datetime) -> list[Call]:
    """Calls that ring or go on now, the newest first."""
    rows = Call.objects.filter(shop=shop, outcome="", started_at__gt=at - timedelta(hours=4), started_at__lte=at)
    going = rows.select_related("person", "member").order_by("-started_at")[:20]
    return [one for one in going if one.answered_at or one.started_at > at - LONGEST_RINGING]


def person_by_number(shop: Shop, number: str) -> Person | None:
    """Who is known by this number."""
    if not number:
        return None
    known = Identity.objects.select_related("person").filter(shop=shop, kind=IdentityKind.PHONE, value=number).first()
    return known.person if known else None


def region_of(account: ChannelAccount) -> str:
    """Where a number without a country code is from."""
    return values_of(account, "phone").get("region", "") or home_of(account.shop)


def home_of(shop: Shop) -> str:
    """The shop's country; "" while it has not said."""
    address: dict[str, str] = ShopSettings.objects.values_list("return_address", flat=True).get(shop=shop)
    return address.get("country", "")


# -- reading -------------------------------------------------------------------------------------------------------


def _text(document: Mapping[str, Any], name: str, *, limit: int, required: bool = False) -> str:
    value = document.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or len(value) > limit or not value.isprintable() or (required and not value.strip()):
        raise InvalidInput(f"Must be text of at most {limit} characters.", name)
    return value.strip()


def _one_of(document: Mapping[str, Any], name: str, known: Any) -> str:
    value = document.get(name)
    choices = [str(one) for one in known]
    if not isinstance(value, str) or value not in choices:
        raise InvalidInput(f"Must be one of {', '.join(choices)}.", name)
    return value


def _moment(document: Mapping[str, Any], *, at: datetime) -> datetime:
    """When it happened; now where the system does not say."""
    value = document.get("at")
    if value is None:
        return at
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput("Must be a time with its zone, such as 2026-11-12T10:00:00+09:00.", "at")
    if not at - MOST_BEHIND <= moment <= at + MOST_AHEAD:
        raise InvalidInput("Must be within the last 30 days.", "at")
    return moment


def _duration(document: Mapping[str, Any]) -> int | None:
    value = document.get("duration_s")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_DURATION_S:
        raise InvalidInput(f"Must be 0 to {MAX_DURATION_S} seconds.", "duration_s")
    return value
