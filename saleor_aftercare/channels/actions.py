"""Taking in what somebody sent: kept byte for byte first, understood afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core import files, jobs
from saleor_aftercare.core.errors import Conflict, NotFound
from saleor_aftercare.core.models import Shop, StoredFile

from .messengers import schedule_reading
from .models import ChannelAccount, ChannelKind, InboundMessage, InboundState

#: What a mail is stored as.
MAIL_TYPE: Final = "message/rfc822"


def take_in(account: ChannelAccount, raw: bytes, *, at: datetime) -> InboundMessage:
    """Keep a raw mail and have it read; once per account however often the same bytes are delivered.

    Nothing about the bytes can make this fail: whoever fetched them may forget them once it has returned and the
    caller's transaction, if there is one, has committed. The job ``channels.read`` says what they mean.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if known := _taken_in(account, digest):
        return known
    try:
        with transaction.atomic():
            file = files.store(account.shop, name=f"{digest[:16]}.eml", content_type=MAIL_TYPE, data=raw, at=at)
            inbound = InboundMessage.objects.create(
                shop=account.shop, account=account, digest=digest, raw=file, received_at=at
            )
            _have_it_read(inbound, at=at)
    except IntegrityError:
        # Another worker took it in since we looked; any other breach of the table is our bug and shows here.
        return InboundMessage.objects.select_related("shop").get(account=account, digest=digest)
    return inbound


def _taken_in(account: ChannelAccount, digest: str) -> InboundMessage | None:
    return InboundMessage.objects.select_related("shop").filter(account=account, digest=digest).first()


@transaction.atomic
def try_again(shop: Shop, pk: int, *, at: datetime) -> InboundMessage:
    """Have something read once more that could not be read or filed, by whatever channel it came.

    Raises:
        NotFound: not in this shop.
        Conflict: it has not failed (any more), or its time of keeping is over.
    """
    row = _failed(shop, pk)
    if row.raw_id is None:
        raise Conflict(_("This mail is not kept any more."), "id")
    row.state, row.error = InboundState.RECEIVED, ""
    row.save(update_fields=["state", "error"])
    if row.account.kind == ChannelKind.EMAIL:
        _have_it_read(row, at=at)
    else:
        schedule_reading(row.account, at=at)
    return row


@transaction.atomic
def dismiss(shop: Shop, pk: int) -> InboundMessage:
    """Somebody has looked at a mail that could not be read, and nothing more is to be done; raises as above."""
    row = _failed(shop, pk)
    row.state, row.outcome = InboundState.IGNORED, "dismissed"
    row.save(update_fields=["state", "outcome"])
    return row


def _failed(shop: Shop, pk: int) -> InboundMessage:
    rows = InboundMessage.objects.select_for_update(of=("self",)).select_related("shop", "account__shop")
    row = rows.filter(shop=shop, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such mail."), "id")
    if row.state != InboundState.FAILED:
        raise Conflict(_("This mail does not wait for another try."), "id")
    return row


def _have_it_read(inbound: InboundMessage, *, at: datetime) -> None:
    jobs.schedule(
        "channels.read",
        key=f"channels.read:{inbound.pk}",
        shop=inbound.shop,
        due_at=at,
        payload={"inbound": inbound.pk},
        again=True,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery."""

    inbound: InboundMessage
    state: InboundState
    outcome: str
    kind: str = ""
    message_id: str = ""
    guesses: Sequence[Mapping[str, str]] = ()
    error: str = ""


def settle(outcomes: Sequence[Outcome]) -> None:
    """Write down what became of deliveries, in one statement."""
    rows = [one.inbound for one in outcomes]
    for one, row in zip(outcomes, rows, strict=True):
        row.state, row.outcome, row.error = one.state, one.outcome[:60], one.error[:300]
        row.kind, row.message_id, row.guesses = one.kind[:12], one.message_id[:250], list(one.guesses)
    columns = [
        [getattr(row, name) for row in rows] for name in ("pk", "state", "outcome", "error", "kind", "message_id")
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [*columns, [json.dumps(row.guesses) for row in rows]])


_SETTLE: Final = """
UPDATE aftercare_inboundmessage AS inbound SET state = settled.state, outcome = settled.outcome, error = settled.error,
  kind = settled.kind, message_id = settled.message_id, guesses = settled.guesses::jsonb
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS settled (id, state, outcome, error, kind, message_id, guesses)
WHERE inbound.id = settled.id
"""


#: Raw mails that one statement lets go.
_BATCH: Final = 200


def prune(*, at: datetime) -> int:
    """Let go of raw mails whose time of keeping is over, in every shop; what became of them stays. Returns how many.

    A mail that could not be read stays until somebody has looked at it.
    """
    gone = 0
    while True:
        rows = list(InboundMessage.objects.raw(_OVER, [at, _BATCH]))
        with transaction.atomic():
            InboundMessage.objects.filter(pk__in=[row.pk for row in rows]).update(raw=None)
            StoredFile.objects.filter(pk__in=[row.raw_id for row in rows if row.raw_id]).delete()
        gone += len(rows)
        if len(rows) < _BATCH:
            return gone


_OVER: Final = """
SELECT m.id, m.raw_id FROM aftercare_inboundmessage AS m JOIN aftercare_shopsettings AS s USING (shop_id)
WHERE m.raw_id IS NOT NULL AND m.state IN ('filed', 'ignored')
  AND s.raw_mail_days > 0 AND m.received_at < %s - s.raw_mail_days * interval '1 day'
ORDER BY m.id LIMIT %s
"""
