"""Telling members of staff what concerns them: in the app, by a collecting mail, and in the team's own chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import jobs
from saleor_aftercare.core.models import Shop

from .models import Notice, NoticeHook, NoticeKind
from .queries import preferences_of

MAX_SOURCE = 120


@transaction.atomic
def notify(
    shop: Shop,
    *,
    members: Iterable[StaffMember],
    kind: NoticeKind,
    subject: str,
    subject_id: int,
    source: str,
    data: Mapping[str, Any],
    at: datetime,
    team_id: int | None = None,
) -> list[Notice]:
    """Tell each of ``members`` once per ``source``, as they want to be told; returns what is new.

    ``data`` is what a sentence about it needs ({"number", "subject", "by"}). Hooks of the shop, and of the team
    ``team_id``, get it once however many members there are, also when there are none.
    """
    _post(shop, kind=kind, subject=subject, subject_id=subject_id, source=source, data=data, team_id=team_id, at=at)
    people = {one.pk: one for one in members if one.shop_id == shop.pk}
    wishes = preferences_of(shop, people.values())
    wanted = {pk: one for pk, one in wishes.items() if kind in one.app or kind in one.mail}
    known = Notice.objects.filter(shop=shop, member__in=wanted, source=source[:MAX_SOURCE])
    told = set(known.values_list("member_id", flat=True))
    rows = [
        Notice(
            shop=shop,
            member=people[pk],
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            source=source[:MAX_SOURCE],
            data=dict(data),
            created_at=at,
            # Who only wants the mail has no number on the bell.
            read_at=None if kind in wish.app else at,
            mailed_at=None if kind in wish.mail else at,
        )
        for pk, wish in sorted(wanted.items())
        if pk not in told
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    zone = settings_of(shop).time_zone
    for row in rows:
        if row.mailed_at is None:
            due_at = wanted[row.member_id].next_mail(at, zone)
            jobs.schedule(
                "team.digest",
                key=f"notices:{row.member_id}:{due_at.isoformat()}",
                shop=shop,
                due_at=due_at,
                payload={"member": row.member_id},
            )
    # Whoever told the same at this moment made some of them; their keys are read, for a skipped row gets none.
    return list(known.filter(member__in=[row.member_id for row in rows]).order_by("pk"))


def _post(
    shop: Shop,
    *,
    kind: NoticeKind,
    subject: str,
    subject_id: int,
    source: str,
    data: Mapping[str, Any],
    team_id: int | None,
    at: datetime,
) -> None:
    hooks = NoticeHook.objects.filter(Q(team=None) | Q(team=team_id), shop=shop, kinds__contains=[kind])
    for pk in hooks.order_by("pk").values_list("pk", flat=True):
        jobs.schedule(
            "team.post",
            key=f"hook:{pk}:{source}"[:200],
            shop=shop,
            due_at=at,
            payload={
                "hook": pk,
                "kind": kind.value,
                "subject": subject,
                "subject_id": subject_id,
                "data": dict(data),
            },
        )


@transaction.atomic
def mark_read(member: StaffMember, *, keys: Iterable[int] | None, at: datetime) -> int:
    """Somebody has seen these notices of theirs, or all of them; returns how many were new to them."""
    rows = Notice.objects.filter(shop=member.shop_id, member=member, read_at=None)
    return (rows if keys is None else rows.filter(pk__in=list(keys))).update(read_at=at)
