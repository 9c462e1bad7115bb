"""Asking mailboxes for what came: one job per account, that schedules itself; nothing is lost when one dies.

A batch of mails and the cursor behind it are written in one transaction. A worker that dies before has taken in
nothing and moved nothing; one that dies after it has left marks in the mailbox undone, which is all. The cursor only
moves from where the worker found it: should two ever poll one account, the slower one stops.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.mailboxes.base import Batch, Mailbox

from .account_values import values_of
from .accounts import note_problem, note_working
from .actions import take_in
from .models import ChannelAccount, ChannelKind
from .oauth import access_token

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)
#: A mailbox that does not work is asked less and less often, at last this often.
SLOWEST: Final = timedelta(minutes=30)
#: Well within a job's lease; what is left waits for the next visit, which comes at once.
_VISIT_S: Final = 120.0
#: After a cursor has become worthless, mails are looked for from so long before the last good visit.
_OVERLAP: Final = timedelta(days=1)


def schedule_all(*, at: datetime) -> None:
    """See that every mailbox that must be asked has its job, in every shop; one whose job was lost gets a new one."""
    for account in _polled().select_related("shop"):
        key = _key(account)
        if not Job.objects.filter(shop=account.shop, key=key, state__in=["pending", "running"]).exists():
            _schedule(account, due_at=at)


def poll_soon(account: ChannelAccount, *, at: datetime) -> None:
    """Ask this mailbox at once, for whoever presses the button or has just saved it."""
    if account.enabled and account.archived_at is None and _polls(account):
        _schedule(account, due_at=at)


@handles("channels.poll")
def poll(job: Job) -> None:
    """Take in what came to one mailbox, and come back."""
    account = _polled().select_related("shop").filter(pk=job.payload["account"]).first()
    if account is None:
        return
    at = clock.now()
    with speaking_to_staff(account.shop):
        try:
            is_through = _visit(account, at=at)
        except ProviderError as error:
            failures = note_problem(account, error.message, at=at)
            log.warning("mailbox_problem", account=account.pk, shop=account.shop_id, reason=error.code, times=failures)
            _schedule(account, due_at=at + wait_after(failures))
            return
    note_working(account, at=at)
    _schedule(account, due_at=at + EVERY if is_through else at)


def wait_after(failures: int) -> timedelta:
    """How long a mailbox is left alone after so many failures in a row.

    >>> [int(wait_after(n).total_seconds()) for n in (1, 2, 3, 5, 6, 100)]
    [60, 120, 240, 960, 1800, 1800]
    """
    doublings = min(failures - 1, 10)
    return min(timedelta(seconds=EVERY.total_seconds() * (1 << doublings)), SLOWEST)


def open_mailbox(account: ChannelAccount, *, at: datetime) -> Mailbox:
    """The account's mailbox; may call out for a token. Raises CredentialsRejected or ProviderUnavailable."""
    values = values_of(account, account.incoming)
    return registry.mailbox(account.incoming, values, access_token=access_token(account, at=at))


def _visit(account: ChannelAccount, *, at: datetime) -> bool:
    """Take in what is there; False when there may be more than one visit takes."""
    ends = time.monotonic() + _VISIT_S
    since = account.heard_at - _OVERLAP if account.heard_at else account.created_at
    mailbox = open_mailbox(account, at=at)
    problem: ProviderError | None = None
    try:
        for batch in mailbox.batches(account.cursor, since=since):
            if not _keep(account, batch, at=at):
                return True
            try:
                mailbox.finish(batch)
            except ProviderError as error:
                # The mails are ours; that they could not be marked must not keep the next ones away.
                problem = error
            if time.monotonic() > ends:
                return False
    finally:
        mailbox.close()
    if problem is not None:
        raise problem
    return True


@transaction.atomic
def _keep(account: ChannelAccount, batch: Batch, *, at: datetime) -> bool:
    """Take a batch in and move the cursor, both or neither; False when another worker was faster."""
    for raw in batch.mails:
        take_in(account, raw, at=at)
    cursor: Mapping[str, Any] = dict(batch.cursor)
    moved = ChannelAccount.objects.filter(pk=account.pk, cursor=account.cursor).update(cursor=cursor)
    account.cursor = cursor
    return moved == 1


def _polled() -> Any:
    return ChannelAccount.objects.filter(
        kind=ChannelKind.EMAIL, incoming="imap", enabled=True, archived_at=None, shop__disconnected_at=None
    )


def _polls(account: ChannelAccount) -> bool:
    return any(one.polls and one.slug == account.incoming for one in registry.channel_adapters(account.kind))


def _key(account: ChannelAccount) -> str:
    return f"channels.poll:{account.pk}"


def _schedule(account: ChannelAccount, *, due_at: datetime) -> None:
    jobs.schedule(
        "channels.poll",
        key=_key(account),
        shop=account.shop,
        due_at=due_at,
        payload={"account": account.pk},
        again=True,
    )
