"""Which adapters exist. The only module that imports one; everybody else sees the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop

from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.providers.credentials import Credential

from .channels import ChannelAdapter
from .deliveries import Delivery
from .labels.base import Capabilities, LabelProvider
from .labels.carriers import sdk as karrio_sdk
from .labels.carriers.adapter import adapter_of
from .labels.carriers.table import CARRIERS, credentials_of
from .labels.lists.provider import CREDENTIALS as LIST_CREDENTIALS
from .labels.lists.provider import JapanPostLabels, ListedLabels, SagawaLabels, YamatoLabels
from .labels.printable import PrintableLabels
from .labels.upload import UploadedLabels
from .labels.webhook import WebhookLabels
from .mail_servers import check_server
from .mailboxes import hooks, imap
from .mailboxes.base import Mailbox, Told
from .messengers.base import Messenger
from .messengers.line import Line
from .oauth import OAUTH_FIELDS, SORTING
from .senders.base import Sender
from .senders.mail_services import SERVICES, MailService
from .senders.smtp import SmtpSender
from .windows import DOORS

#: What a shop has until it chooses otherwise.
DEFAULT_LABEL_PROVIDER: Final = PrintableLabels.slug

_NO_CREDENTIALS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelProviderKind:
    """A provider that a shop may choose, as settings show it.

    ``installed`` is False where the deployment lacks the extra that the adapter needs.
    """

    slug: str
    name: str
    capabilities: Capabilities
    credentials: tuple[Credential, ...] = ()
    installed: bool = True
    build: Callable[[Mapping[str, str]], LabelProvider]


_LABEL_PROVIDERS: Final[dict[str, LabelProviderKind]] = {
    kind.slug: kind
    for kind in (
        LabelProviderKind(
            slug=PrintableLabels.slug,
            name=gettext_noop("Own printed label"),
            capabilities=PrintableLabels.capabilities,
            build=PrintableLabels,
        ),
        LabelProviderKind(
            slug=UploadedLabels.slug,
            name=gettext_noop("Uploaded label"),
            capabilities=UploadedLabels.capabilities,
            build=UploadedLabels,
        ),
        LabelProviderKind(
            slug=WebhookLabels.slug,
            name=gettext_noop("Own program (webhook)"),
            capabilities=WebhookLabels.most,
            credentials=WebhookLabels.wants,
            build=WebhookLabels,
        ),
        *(
            LabelProviderKind(
                slug=carrier.slug,
                name=carrier.name,
                capabilities=carrier.capabilities,
                credentials=credentials_of(carrier),
                installed=karrio_sdk.installed(carrier.slug),
                build=adapter_of(carrier),
            )
            for carrier in CARRIERS
        ),
        *(
            LabelProviderKind(
                slug=provider.slug,
                name=name,
                capabilities=ListedLabels.capabilities,
                credentials=LIST_CREDENTIALS[provider.slug],
                build=provider,
            )
            for provider, name in (
                (YamatoLabels, "Yamato Transport (B2 Cloud)"),
                (SagawaLabels, "Sagawa Express (e-Hiden III)"),
                (JapanPostLabels, "Japan Post (Yu-Pack Print R)"),
            )
        ),
    )
}


def label_provider_kinds() -> tuple[LabelProviderKind, ...]:
    """Every provider that a shop may choose, in the order in which settings show them."""
    return tuple(_LABEL_PROVIDERS.values())


def label_provider_slugs() -> tuple[str, ...]:
    """Their slugs."""
    return tuple(_LABEL_PROVIDERS)


def label_provider_kind(slug: str) -> LabelProviderKind:
    """The provider of that name.

    Raises:
        ProviderError: nobody goes by that slug (the shop chose it under another release).
    """
    try:
        return _LABEL_PROVIDERS[slug]
    except KeyError:
        raise ProviderError(f"There is no label provider called {slug!r}", "label_provider") from None


def label_provider(slug: str, credentials: Mapping[str, str] = _NO_CREDENTIALS) -> LabelProvider:
    """The adapter of that name, holding one shop's decrypted ``credentials``.

    Raises:
        ProviderError: nobody goes by that slug, or its extra is not installed.
        CredentialsRejected: the credentials lack something.
    """
    return label_provider_kind(slug).build(credentials)


@contextmanager
def offering(kind: LabelProviderKind) -> Iterator[None]:
    """Let shops choose one more provider for a while: a stand-in, in tests and in demonstrations."""
    before = _LABEL_PROVIDERS.get(kind.slug)
    _LABEL_PROVIDERS[kind.slug] = kind
    try:
        yield
    finally:
        del _LABEL_PROVIDERS[kind.slug]
        if before is not None:
            _LABEL_PROVIDERS[kind.slug] = before


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerKind:
    """A messenger that a shop may connect, as settings show it."""

    slug: str
    name: str
    credentials: tuple[Credential, ...]
    build: Callable[[Mapping[str, str]], Messenger]


_MESSENGERS: Final[dict[str, MessengerKind]] = {
    Line.slug: MessengerKind(slug=Line.slug, name="LINE", credentials=Line.wants, build=Line),
}


def messenger_kind(slug: str) -> MessengerKind:
    """The messenger of that name.

    Raises:
        ProviderError: nobody goes by that slug (the account was made under another release).
    """
    try:
        return _MESSENGERS[slug]
    except KeyError:
        raise ProviderError(f"There is no messenger called {slug!r}", "incoming") from None


def messenger(slug: str, credentials: Mapping[str, str]) -> Messenger:
    """The adapter of that name, holding one account's decrypted ``credentials``.

    Raises:
        ProviderError: nobody goes by that slug.
        CredentialsRejected: the credentials lack something.
    """
    return messenger_kind(slug).build(credentials)


@contextmanager
def offering_messenger(kind: MessengerKind) -> Iterator[None]:
    """Let accounts be of another messenger for a while: a stand-in, in tests and in demonstrations."""
    before = _MESSENGERS.get(kind.slug)
    _MESSENGERS[kind.slug] = kind
    try:
        yield
    finally:
        del _MESSENGERS[kind.slug]
        if before is not None:
            _MESSENGERS[kind.slug] = before


# -- accounts of channels ------------------------------------------------------------------------------------------

_MAIL: Final[tuple[ChannelAdapter, ...]] = (
    ChannelAdapter(
        slug=imap.ImapMailbox.slug,
        channel="email",
        name=gettext_noop("IMAP mailbox"),
        incoming=imap.ImapMailbox.wants,
        check=imap.check,
    ),
    ChannelAdapter(
        slug=SmtpSender.slug,
        channel="email",
        name=gettext_noop("SMTP server"),
        outgoing=SmtpSender.wants,
        check=check_server,
    ),
    *(
        ChannelAdapter(
            slug=one.slug,
            channel="email",
            name=one.name,
            incoming=one.hears if one.inbound else None,
            outgoing=one.sends,
            further=one.tells,
            hooks=tuple(door for door in ("inbound", "tracking") if getattr(one, door)),
            installed=one.installed,
            check=one.check,
        )
        for one in SERVICES
    ),
    *(ChannelAdapter(slug=slug, channel="email", name=name, further=fields) for slug, name, fields in OAUTH_FIELDS),
    ChannelAdapter(slug="mail", channel="email", name=gettext_noop("Mail"), further=SORTING),
)
_LINE: Final = ChannelAdapter(
    slug=Line.slug,
    channel="line",
    name="LINE",
    incoming=Line.wants,
    outgoing=Line.wants,
    hooks=("line",),
    check=Line.check,
)
_SERVICES: Final[dict[str, MailService]] = {one.slug: one for one in SERVICES}


def channel_adapters(channel: str) -> tuple[ChannelAdapter, ...]:
    """What hears and sends for a kind of channel, in the order in which settings show it."""
    return tuple(one for one in (*_MAIL, _LINE, *DOORS) if one.channel == channel)


def mailbox(slug: str, values: Mapping[str, str], *, access_token: str = "") -> Mailbox:
    """The mailbox of one account; raises ProviderError for a slug that names none, CredentialsRejected(field)."""
    if slug != imap.ImapMailbox.slug:
        raise ProviderError(f"There is no kind of mailbox called {slug!r}", "incoming")
    return imap.ImapMailbox(values, access_token=access_token)


def mail_services() -> tuple[str, ...]:
    """The slugs of the mail services."""
    return tuple(_SERVICES)


def mail_service(slug: str) -> MailService:
    """The mail service of that name; raises ProviderError."""
    try:
        return _SERVICES[slug]
    except KeyError:
        raise ProviderError(f"There is no mail service called {slug!r}", "outgoing") from None


def mail_sender(slug: str, values: Mapping[str, str], *, access_token: str = "") -> Sender:
    """What takes the letters of one account; raises as :func:`mailbox` does."""
    if slug == SmtpSender.slug:
        return SmtpSender(values, access_token=access_token)
    return mail_service(slug).sender(values)


def mails_delivered(slug: str, values: Mapping[str, str], delivery: Delivery, *, url: str) -> list[bytes]:
    """The raw mails that a mail service brought to its inbound door; raises as :func:`hooks.heard` does."""
    return hooks.heard(mail_service(slug), values, delivery, url=url)


def news_delivered(slug: str, values: Mapping[str, str], delivery: Delivery, *, url: str) -> list[Told]:
    """What a mail service says of our letters at its tracking door; raises as :func:`hooks.told` does."""
    return hooks.told(mail_service(slug), values, delivery, url=url)
