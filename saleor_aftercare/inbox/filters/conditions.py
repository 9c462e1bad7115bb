"""What the operators of the search field mean, as conditions on rows of conversations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.models import (
    ACTIVE_STATES,
    CaseKind,
    MessageKind,
    Priority,
    ReplyDraft,
    TicketLink,
    TicketMessage,
    TicketState,
    TicketTag,
)
from saleor_aftercare.inbox.search import query
from saleor_aftercare.inbox.search.entries import shop_mark
from saleor_aftercare.inbox.search.models import SearchEntry
from saleor_aftercare.inbox.search.vocabulary import vocabulary
from saleor_aftercare.inbox.search.words import quoted
from saleor_aftercare.people.models import Identity, IdentityKind
from saleor_aftercare.team.models import Membership, Team

from .language import Condition
from .operators import fold

NOBODY: Final = Q(pk__in=[])


@dataclass(frozen=True)
class Asker:
    """In whose name, and when, a filter is read."""

    shop: Shop
    at: datetime
    me: StaffMember | None = None  #: None: a rule or another machine, of whom nothing is "mine"

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the shop's days begin."""
        return ZoneInfo(settings_of(self.shop).time_zone)


def condition(one: Condition, asker: Asker) -> Q:
    """What ``one`` says about a conversation."""
    found = reduce(or_, (_MEANINGS[one.name](value, asker) for value in one.values))
    return ~found if one.negated else found


def holds_words(text: str, asker: Asker) -> Q:
    """Conversations with a message that holds all words of ``text``; all conversations when there are none."""
    terms = query(text).render(vocabulary().expand)
    return _indexed(f"{quoted(shop_mark(asker.shop.pk))} & {terms}") if terms else Q()


def _indexed(tsquery: str) -> Q:
    entries = SearchEntry.objects.annotate(found=RawSQL("tokens @@ %s::tsquery", [tsquery]))
    return Q(Exists(entries.filter(found=True, ticket_id=OuterRef("pk"))))


def _is(value: str, asker: Asker) -> Q:
    states = {
        "open": ACTIVE_STATES,
        "new": (TicketState.NEW,),
        "pending": (TicketState.PENDING,),
        "waiting": (TicketState.WAITING,),
        "snoozed": (TicketState.ON_HOLD,),
        "solved": (TicketState.SOLVED, TicketState.CLOSED),
        "closed": (TicketState.CLOSED,),
        "spam": (TicketState.SPAM,),
        "merged": (TicketState.MERGED,),
    }
    if value in states:
        return Q(state__in=states[value])
    if value == "overdue":
        answer = Q(state__in=(TicketState.NEW, TicketState.OPEN), due_at__lt=asker.at)
        return answer | Q(breach_at__lt=asker.at)
    if value == "mentioned":
        notes = TicketMessage.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.NOTE)
        return Q(Exists(notes.filter(mentions__contains=[asker.me.pk]))) if asker.me else NOBODY
    return {
        "unread": Q(unread=True),
        "read": Q(unread=False),
        "mine": Q(assignee=asker.me) if asker.me else NOBODY,
        "assigned": Q(assignee__isnull=False),
        "unassigned": Q(assignee__isnull=True),
        "vip": Q(person__is_vip=True),
    }[value]


def _assignee(value: str, asker: Asker) -> Q:
    if value == "none":
        return Q(assignee__isnull=True)
    if value == "me":
        return _is("mine", asker)
    named = Q(email__iexact=value) if "@" in value else Q(name__iexact=value) | Q(email__istartswith=f"{value}@")
    return Q(assignee__in=StaffMember.objects.filter(named, shop=asker.shop))


def _team(value: str, asker: Asker) -> Q:
    if value == "none":
        return Q(team__isnull=True)
    if value == "mine":
        mine = Membership.objects.filter(member=asker.me)
        return Q(team__in=mine.values("team")) if asker.me else NOBODY
    return Q(team__in=Team.objects.filter(shop=asker.shop, name__iexact=value))


def _tag(value: str, asker: Asker) -> Q:
    return Q(Exists(TicketTag.objects.filter(ticket=OuterRef("pk"), tag__shop=asker.shop, tag__key=fold(value))))


def _from(value: str, asker: Asker) -> Q:
    said = TicketMessage.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.CUSTOMER)
    if "@" in value:
        return Q(customer_email=value) | Q(Exists(said.filter(author_email__iexact=value)))
    return Q(customer_name__icontains=value) | Q(customer_email__icontains=value)


def _to(value: str, asker: Asker) -> Q:
    ours = ChannelAccount.objects.filter(Q(address__icontains=value) | Q(name__iexact=value), shop=asker.shop)
    if "@" not in value:
        return Q(account__in=ours)
    written = TicketMessage.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.STAFF)
    return Q(account__in=ours) | Q(Exists(written.filter(outbound__to_email__iexact=value)))


_DIGITS = re.compile(r"\D")


def _customer(value: str, asker: Asker) -> Q:
    known = Identity.objects.filter(shop=asker.shop)
    if "@" in value:
        same = known.filter(kind=IdentityKind.EMAIL, value=value)
        return Q(customer_email=value) | Q(person__in=same.values("person"))
    digits = _DIGITS.sub("", value)
    if len(digits) >= 7 and not any(map(str.isalpha, value)):
        return Q(person__in=known.filter(kind=IdentityKind.PHONE, value__endswith=digits[-8:]).values("person"))
    return Q(customer_name__icontains=value) | Q(person__name__icontains=value)


def _order(value: str, _asker: Asker) -> Q:
    return Q(order__isnull=True) if value == "none" else Q(order__number__iexact=value)


def _number(value: str, _asker: Asker) -> Q:
    return Q(number=int(value)) | Q(order__number=value)


_CASES = {
    "return": CaseKind.RETURN,
    "repair": CaseKind.REPAIR,
    "part": CaseKind.SPARE_PART,
    "withdrawal": CaseKind.WITHDRAWAL,
}


def _has(value: str, asker: Asker) -> Q:
    if value == "order":
        return Q(order__isnull=False)
    if value in _CASES:
        return Q(Exists(TicketLink.objects.filter(shop=asker.shop, kind=_CASES[value], ticket=OuterRef("pk"))))
    if value == "tag":
        return Q(Exists(TicketTag.objects.filter(ticket=OuterRef("pk"))))
    if value == "draft":
        return Q(Exists(ReplyDraft.objects.filter(ticket=OuterRef("pk"), member=asker.me))) if asker.me else NOBODY
    messages = TicketMessage.objects.filter(ticket=OuterRef("pk"))
    chosen = {
        "attachment": Q(attachments__isnull=False),
        "note": Q(kind=MessageKind.NOTE),
        "call": Q(call__isnull=False),
    }[value]
    return Q(Exists(messages.filter(chosen)))


_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def moment(value: str, asker: Asker) -> datetime:
    """When a day, month, year or span begins for people who live where the shop is."""
    if value[-1] in _UNITS:
        return asker.at - int(value[:-1]) * _UNITS[value[-1]]
    today = asker.at.astimezone(asker.zone).date()
    if value in {"today", "yesterday"}:
        first = today - timedelta(days=value == "yesterday")
    elif value[-1] in "my":
        months = int(value[:-1]) * (12 if value[-1] == "y" else 1)
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        # The same day of that month, or its last one.
        first = date(max(year, 1), month + 1, min(today.day, _days_of(max(year, 1), month + 1)))
    else:
        year, month, day = (int(one) for one in f"{value}-01-01".split("-")[:3])
        first = date(year, month, day)
    return datetime(first.year, first.month, first.day, tzinfo=asker.zone)


def _days_of(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


_MEANINGS: Final[dict[str, Callable[[str, Asker], Q]]] = {
    "is": _is,
    "state": lambda value, _asker: Q(state=value),
    "assignee": _assignee,
    "team": _team,
    "tag": _tag,
    "priority": lambda value, _asker: Q(priority=Priority[value.upper()]),
    "channel": lambda value, _asker: Q(channel=value),
    "from": _from,
    "to": _to,
    "customer": _customer,
    "order": _order,
    "number": _number,
    "has": _has,
    "before": lambda value, asker: Q(last_message_at__lt=moment(value, asker)),
    "after": lambda value, asker: Q(last_message_at__gte=moment(value, asker)),
    "language": lambda value, _asker: Q(language__istartswith=value),
}
#: Conditions that speak about states: without one, spam and what goes on elsewhere stay out.
_OF_STATES: Final = {"is": {"new", "pending", "waiting", "snoozed", "solved", "closed", "open", "spam", "merged"}}


def speaks_of_states(conditions: Iterable[Condition]) -> bool:
    """Whether somebody asked for conversations of certain states."""
    return any(
        not one.negated and (one.name in {"state", "number"} or set(one.values) & _OF_STATES.get(one.name, set()))
        for one in conditions
    )
