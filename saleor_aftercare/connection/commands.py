"""Effects in Saleor, each a row that is sent at most once.

``pending → sending → sent | failed | unknown``. A command is written before it is sent; its reference stands in what
Saleor stores, so that after a lost answer Saleor can be read back. Nothing that may have happened is ever sent
again: ``unknown`` becomes ``sent`` or, once Saleor shows that nothing happened, ``pending``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import Conflict, ProviderUnavailable
from saleor_aftercare.core.models import Shop

from . import client
from .effects import EFFECTS
from .models import CommandState, ShopCommand

log = structlog.get_logger(__name__)

S = CommandState

#: A request that was under way this long ago has ended in Saleor, one way or the other.
SETTLED_AFTER: Final = timedelta(minutes=2)


def write_command(
    shop: Shop,
    *,
    kind: str,
    reference: str,
    subject: tuple[str, int],
    order_id: str,
    request: dict[str, Any],
    at: datetime,
    trace: dict[str, Any] | None = None,
    secret: str = "",
) -> ShopCommand:
    """The command of ``reference``, written now if it is new; its request never changes afterwards.

    ``trace`` is what reading back compares with, where the request itself does not say enough; ``secret`` is what
    must not stand readable in the database, and is put into the request when it is sent.
    """
    command, _created = ShopCommand.objects.get_or_create(
        shop=shop,
        reference=reference,
        defaults={
            "kind": kind,
            "subject": subject[0],
            "subject_id": subject[1],
            "order_id": order_id,
            "request": request,
            "trace": trace or {},
            "secret": secret,
            "state": S.PENDING,
            "state_since": at,
        },
    )
    return command


def carry_out(command: ShopCommand, *, at: datetime) -> ShopCommand:
    """Send a pending command, or find out what became of one; afterwards it is SENT or FAILED.

    Must run outside any transaction (RuntimeError otherwise): each step is written down before the next one starts,
    and a rollback must not forget it.

    Raises:
        ProviderUnavailable: it is not known yet, or Saleor cannot be reached; call again later.
        Conflict: another worker is sending it at this moment.
    """
    find_out(command, at=at)
    if command.state == S.PENDING:
        _send(command, at=at)
    return command


def find_out(command: ShopCommand, *, at: datetime) -> ShopCommand:
    """Learn what became of a command that was sent, without sending it; afterwards it is PENDING, SENT or FAILED.

    Raises ProviderUnavailable while that is not known yet.
    """
    if command.state == S.SENDING:
        _give_up_on_a_dead_sender(command, at=at)
    if command.state == S.UNKNOWN:
        _read_back(command, at=at)
    return command


def drop(command: ShopCommand, *, reason: str, at: datetime) -> None:
    """Never send a pending command: what it says is overtaken. Raises Conflict when it was sent."""
    command.move("drop", at=at, error=reason, error_code="DROPPED")


def _send(command: ShopCommand, *, at: datetime) -> None:
    effect = EFFECTS[command.kind]
    with transaction.atomic(durable=True):
        command.move("send", at=clock.real_now())
    try:
        if effect.deciding:
            payload = client.mutate_together(command.shop, effect.operation, effect.deciding, **effect.fill(command))
        else:
            payload = client.mutate(command.shop, effect.operation, **effect.fill(command))
    except client.NotSent:
        command.move("postpone", at=at)
        raise
    except client.SaleorRejected as error:
        if error.saleor_code in effect.done_codes:
            command.move("confirm", at=at, response={"already": error.saleor_code})
            return
        command.move("reject", at=at, error=error.message[:500], error_code=error.saleor_code[:60])
        log.warning("command_rejected", command=command.pk, kind=command.kind, reason=error.saleor_code)
    except client.MaybeDone:
        command.move("lose", at=clock.real_now())
        log.warning("command_unknown", command=command.pk, kind=command.kind)
        raise
    else:
        command.move("confirm", at=at, response=effect.keep(payload))


def _give_up_on_a_dead_sender(command: ShopCommand, *, at: datetime) -> None:
    """A command that says it is being sent for minutes was left by a worker that died."""
    waited = clock.real_now() - command.state_since
    if waited < SETTLED_AFTER:
        raise ProviderUnavailable(
            "Waiting to see what became of a request.", retry_after_s=int((SETTLED_AFTER - waited).total_seconds()) + 1
        )
    command.move("lose", at=command.state_since)


def _read_back(command: ShopCommand, *, at: datetime) -> None:
    effect = EFFECTS[command.kind]
    found = effect.found(command, effect.read(command))
    if found is not None:
        command.move("confirm", at=at, response=found)
        return
    waited = clock.real_now() - command.state_since
    if waited < SETTLED_AFTER:
        # Saleor may still be working on it: no trace yet proves nothing.
        raise ProviderUnavailable(
            "Waiting to see what became of a request.", retry_after_s=int((SETTLED_AFTER - waited).total_seconds()) + 1
        )
    command.move("disprove", at=at)


def retry_failed(command: ShopCommand, *, at: datetime) -> None:
    """Let a refused command be sent again, because somebody mended the cause. Raises Conflict."""
    if command.state != S.FAILED:
        raise Conflict("Only a refused command can be sent again.")
    command.move("retry", at=at, error="", error_code="")
