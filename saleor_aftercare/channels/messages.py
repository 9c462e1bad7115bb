"""The outbox of every channel that is not mail: one row per message, sent once however often the job runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.shop import settings_of, speaking_to_staff
from saleor_aftercare.core import clock, jobs
from saleor_aftercare.core import files as stored
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import MAX_ATTEMPTS, handles
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.models import Job, StoredFile
from saleor_aftercare.core.words import Words
from saleor_aftercare.mail.models import DeliveryState
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.messengers.base import MaybeSent, Messenger, Outgoing, OutgoingFile

from .accounts import note_problem, note_working
from .events import MessageNotSent
from .messengers import messenger_of
from .models import ChannelAccount, ChannelMessage

SEND: Final = "channels.send"
#: Messengers know a key again for a day; a try after that would be a second message.
REPEATABLE_FOR: Final = timedelta(hours=23)


@transaction.atomic
def send(
    account: ChannelAccount,
    *,
    key: str,
    recipient: str,
    text: str,
    files: Sequence[StoredFile] = (),
    reply_with: Mapping[str, Any] | None = None,
    language: str = "",
    at: datetime,
) -> ChannelMessage:
    """Write a message and have it sent, in the caller's transaction.

    ``key`` is unique in the shop: a second call with it writes nothing and returns the first message. ``text`` is
    plain. ``reply_with`` is what the messenger let us answer with, as it came with the customer's message. ``language``
    is the recipient's, for what is said about files; the shop's where none is known.
    """
    if known := ChannelMessage.objects.filter(shop=account.shop, key=key).first():
        return known
    message = ChannelMessage(
        shop=account.shop,
        account=account,
        key=key,
        recipient=recipient,
        text=text,
        language=language[:10],
        reply_with=dict(reply_with or {}),
        state_since=at,
        created_at=at,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return ChannelMessage.objects.get(shop=account.shop, key=key)
    if files:
        message.attachments.set(files)
    _schedule(message, at=at)
    return message


@transaction.atomic
def retry(message: ChannelMessage, *, at: datetime) -> ChannelMessage:
    """Send a message again that failed or was lost; staff have looked at why.

    Raises:
        Conflict: it is not failed or lost (any more).
    """
    message.move("retry", at=at, error="", reply_with={})
    _schedule(message, at=at)
    return message


def _schedule(message: ChannelMessage, *, at: datetime) -> None:
    jobs.schedule(
        SEND,
        key=f"channel-message:{message.pk}",
        shop=message.shop,
        due_at=at,
        payload={"message": message.pk},
        again=True,
    )


@handles(SEND)
def send_message(job: Job) -> None:
    """Send one message.

    It is moved to SENDING before the first byte leaves. One found in SENDING belongs to a worker that died, or to an
    answer that was lost: it is sent again where the messenger knows its key again, and becomes UNKNOWN otherwise.
    """
    message = ChannelMessage.objects.select_related("account__shop", "shop").get(pk=job.payload["message"])
    with speaking_to_staff(message.shop):
        _send(message, job)


def _send(message: ChannelMessage, job: Job) -> None:
    at = clock.now()
    if message.state not in {DeliveryState.PENDING, DeliveryState.SENDING}:
        return
    outgoing = _outgoing(message, at=at)
    try:
        messenger = messenger_of(message.account)
    except ProviderError as error:
        _reject(message, error, at=at)
        return
    if message.state == DeliveryState.SENDING:
        if not _repeatable(message, messenger, outgoing, tried_at=message.state_since, at=at):
            _lose(message, "The worker died while sending.", at=at)
            return
        message.move("postpone", at=at)
    message.move("send", at=at)
    try:
        reference = messenger.send(outgoing, at=at)
    except MaybeSent as error:
        if not _repeatable(message, messenger, outgoing, tried_at=at, at=at):
            _lose(message, error.message, at=clock.now())
            return
        _postpone(message, job, error, at=clock.now())
    except ProviderUnavailable as error:
        _postpone(message, job, error, at=clock.now())
    except ProviderError as error:
        _reject(message, error, at=clock.now())
    else:
        message.move("confirm", at=clock.now(), error="", provider_reference=reference[:200])
        if message.account.problem:
            note_working(message.account, at=at)


def _repeatable(
    message: ChannelMessage, messenger: Messenger, outgoing: Outgoing, *, tried_at: datetime, at: datetime
) -> bool:
    return at - message.created_at < REPEATABLE_FOR and messenger.is_repeatable(outgoing, at=tried_at)


def _outgoing(message: ChannelMessage, *, at: datetime) -> Outgoing:
    settings = settings_of(message.shop)
    language = supported_language(message.language, default=settings.default_language)
    words = Words(language, settings.time_zone)
    with translation.override(language):
        # The last whole day on which the address opens the file.
        until = words.day((at + stored.LASTING).astimezone(ZoneInfo(settings.time_zone)).date() - timedelta(days=1))
        files = [
            OutgoingFile(
                name=file.name,
                content_type=file.content_type,
                size_bytes=file.size_bytes,
                url=stored.lasting_url(file),
                thumbnail_url=stored.lasting_thumbnail_url(file) or "",
                caption=_("%(name)s (%(size)s)") % {"name": file.name, "size": filesizeformat(file.size_bytes)},
                until=_("The link works until %(day)s.") % {"day": until},
            )
            for file in message.attachments.order_by("pk")
        ]
    return Outgoing(
        key=f"{message.shop_id}:{message.key}",
        recipient=message.recipient,
        text=message.text,
        files=files,
        reply_with=message.reply_with,
    )


def _postpone(message: ChannelMessage, job: Job, error: ProviderUnavailable, *, at: datetime) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        _reject(message, error, at=at)
        return
    message.move("postpone", at=at, error=error.message[:300])
    raise error


@transaction.atomic
def _reject(message: ChannelMessage, error: ProviderError, *, at: datetime) -> None:
    """Nobody gets it; staff are told where they wrote it."""
    action = "suppress" if message.state == DeliveryState.PENDING else "reject"
    message.move(action, at=at, error=error.message[:300])
    if isinstance(error, CredentialsRejected):
        note_problem(message.account, error.message, at=at)
    publish(MessageNotSent(message.pk, maybe=False), shop=message.shop, at=at)


@transaction.atomic
def _lose(message: ChannelMessage, error: str, *, at: datetime) -> None:
    """It may have arrived: a person decides whether it is sent again."""
    message.move("lose", at=at, error=error[:300])
    publish(MessageNotSent(message.pk, maybe=True), shop=message.shop, at=at)
