"""What messengers tell: kept event by event as it came, and read in the order in which it came."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core import files, jobs
from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.people.models import Identity, IdentityKind
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.messengers.base import (
    Content,
    ContentGone,
    Messenger,
    Profile,
    RawEvent,
    Told,
    What,
)

from .accounts import hook_url, note_working, values_of
from .models import ChannelAccount, InboundMessage, InboundState

log = structlog.get_logger(__name__)

READ: Final = "channels.read_messenger"
MAX_BODY: Final = 1_000_000
#: A file that could not be had for so long is given up: the words that came after it are waiting.
FETCH_WITHIN: Final = timedelta(minutes=15)
#: How an account's messages count as said by somebody: the identity that its people have.
IDENTITIES: Final = {"line": IdentityKind.LINE}


@dataclass(frozen=True)
class Heard:
    """An event that was read; ``name`` and ``language`` are what the messenger tells of somebody new."""

    inbound: InboundMessage
    told: Told
    name: str = ""
    language: str = ""
    files: tuple[StoredFile, ...] = ()
    problem: str = ""  #: why a file is missing


def messenger_of(account: ChannelAccount) -> Messenger:
    """The account's adapter; raises ProviderError, and CredentialsRejected where a secret is missing."""
    slug = account.outgoing or account.incoming or account.kind
    return registry.messenger(slug, values_of(account, slug))


def address_of(inbound: InboundMessage) -> tuple[str, dict[str, Any]]:
    """Who said this, as the messenger calls them, and what it lets us answer with; ("", {}) when it is kept no more."""
    if inbound.raw is None:
        return "", {}
    try:
        told = messenger_of(inbound.account).read(orjson.loads(files.content_of(inbound.raw)))
    except (ProviderError, InvalidInput):
        return "", {}
    return told.sender, dict(told.reply_with)


def take_in_events(account: ChannelAccount, headers: Mapping[str, str], body: bytes, *, at: datetime) -> int:
    """Keep what a webhook tells, and have it read; returns how many events were new.

    Raises:
        Unauthenticated: the webhook is forged.
        InvalidInput: it is too large, or holds no list of events.
    """
    if len(body) > MAX_BODY:
        raise InvalidInput(f"The body may have {MAX_BODY} bytes at most.")
    events = messenger_of(account).events(headers, body)
    with transaction.atomic():
        new = sum(_keep(account, event, at=at) for event in events)
        note_working(account, at=at)
        if new:
            schedule_reading(account, at=at)
    return new


def schedule_reading(account: ChannelAccount, *, at: datetime) -> None:
    """One reader per account at a time, so that what somebody wrote stays in its order."""
    jobs.schedule(
        READ,
        key=f"messenger:{account.pk}",
        shop=account.shop,
        due_at=at,
        payload={"account": account.pk},
        again=True,
    )


def _keep(account: ChannelAccount, event: RawEvent, *, at: datetime) -> bool:
    digest = hashlib.sha256(f"event\0{event.key}".encode()).hexdigest()
    if InboundMessage.objects.filter(account=account, digest=digest).exists():
        return False
    try:
        with transaction.atomic():
            raw = files.store(
                account.shop,
                name=f"{account.kind}-{digest[:12]}.json",
                content_type="application/json",
                data=orjson.dumps(event.document),
                at=at,
            )
            InboundMessage.objects.create(
                shop=account.shop, account=account, digest=digest, raw=raw, message_id=event.key[:250], received_at=at
            )
    except IntegrityError:
        return False  # delivered twice at once; the other one keeps it
    return True


def read_events(account: ChannelAccount, *, at: datetime) -> Iterator[Heard]:
    """What was kept and not read yet, oldest first; whoever iterates settles each before asking for the next.

    Raises ProviderUnavailable when a file is to be had later: it, and what came after it, are still unread.
    """
    messenger = messenger_of(account)
    while inbound := _next(account):
        if (heard := _read(account, messenger, inbound, at=at)) is not None:
            yield heard


def _next(account: ChannelAccount) -> InboundMessage | None:
    unread = InboundMessage.objects.filter(account=account, state=InboundState.RECEIVED)
    return unread.select_related("raw").order_by("pk").first()


def _read(account: ChannelAccount, messenger: Messenger, inbound: InboundMessage, *, at: datetime) -> Heard | None:
    document: dict[str, Any] = orjson.loads(files.content_of(inbound.raw)) if inbound.raw else {}
    try:
        told = messenger.read(document)
    except InvalidInput as error:
        settle(inbound, InboundState.FAILED, error=f"{error.field}: {error.message}" if error.field else error.message)
        return None
    except Exception as error:  # the edge: one event that our reader trips over must not hold up the others
        log.exception("event_unreadable", inbound=inbound.pk)
        settle(inbound, InboundState.FAILED, error=f"{type(error).__name__} while reading")
        return None
    if told.what == What.OTHER or not told.sender:
        settle(inbound, InboundState.IGNORED, outcome="nothing_said")
        return None
    data, problem = _fetch(messenger, told.content, inbound, at=at) if told.content else ((), "")
    profile = _profile(account, messenger, told)
    stored = tuple(_store(account, name, kind, content, at=at) for name, kind, content in data)
    return Heard(inbound, told, " ".join(profile.name.split()), profile.language[:10], stored, problem)


def _fetch(
    messenger: Messenger, content: Content, inbound: InboundMessage, *, at: datetime
) -> tuple[Sequence[tuple[str, str, bytes]], str]:
    """The file, or in the shop's language why there is none."""
    try:
        fetched = messenger.fetch(content, limit_bytes=files.MAX_UPLOAD_BYTES)
    except ContentGone as error:
        return (), error.message
    except ProviderUnavailable:
        if at - inbound.received_at < FETCH_WITHIN:
            raise
        return (), _("“%(name)s” could not be fetched.") % {"name": content.name}
    except ProviderError as error:
        return (), error.message
    return ((content.name, fetched.content_type.partition(";")[0].strip().lower(), fetched.data),), ""


class _Held(io.BytesIO):
    """Bytes with the name that they came under."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name = name


def _store(account: ChannelAccount, name: str, kind: str, data: bytes, *, at: datetime) -> StoredFile:
    """A picture is redrawn, as every picture of ours; other files are kept as they are, and only ever saved to disk."""
    if kind.startswith("image/"):
        try:
            return files.store_picture(account.shop, _Held(name, data), at=at, field="content")
        except InvalidInput:
            kind = "application/octet-stream"
    return files.store(account.shop, name=name, content_type=kind[:100], data=data, at=at)


def _profile(account: ChannelAccount, messenger: Messenger, told: Told) -> Profile:
    """What is known of whoever speaks: by us, else by the messenger."""
    rows = Identity.objects.filter(shop=account.shop, kind=IDENTITIES[account.kind], value=told.sender)
    known = rows.values_list("person__name", flat=True).first()
    if known or told.what != What.SAID:
        return Profile(known or "")
    try:
        return messenger.profile(told.sender)
    except ProviderError:
        log.info("profile_unknown", account=account.pk)  # a name is worth no delay
        return Profile()


def settle(inbound: InboundMessage, state: InboundState, *, outcome: str = "", error: str = "") -> None:
    """What became of an event; in the transaction that made it so."""
    inbound.state, inbound.kind, inbound.outcome, inbound.error = state, "message", outcome[:60], error[:300]
    inbound.save(update_fields=["state", "kind", "outcome", "error"])


def try_messenger(account: ChannelAccount) -> tuple[str, ...]:
    """What will not work, in words; () when all will. Raises ProviderError where the messenger refuses us.

    An account that is not saved yet has no address that webhooks could lead to, and is not asked for it.
    """
    url = hook_url(account, account.kind) if account.pk else ""
    return messenger_of(account).verify(webhook_url=url).problems
