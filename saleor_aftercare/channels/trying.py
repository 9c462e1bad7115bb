"""Trying an account before, or after, it is saved: in and out, and what is wrong in words that name the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput, ProviderError
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail import headers as head
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.senders.base import Posting

from . import messengers
from .account_values import check_changes, check_fields, write_secrets
from .models import ChannelAccount
from .polling import open_mailbox
from .posting import note_sending, sender_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one direction did; ``field`` is ``SECTION.NAME`` of what to look at, or "" where nobody can tell."""

    problem: str = ""
    field: str = ""
    folders: tuple[str, ...] = ()
    messages: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How both did; None for a direction that the account does not have, or that cannot be tried."""

    incoming: Verdict | None
    outgoing: Verdict | None


def drafted(
    shop: Shop,
    account: ChannelAccount | None,
    *,
    kind: str,
    changes: Mapping[str, Any],
    fields: Mapping[tuple[str, str], str],
    at: datetime,
) -> ChannelAccount:
    """The account as it would be when these changes were saved; raises InvalidInput as saving does."""
    draft = account or ChannelAccount(shop=shop, kind=kind, created_at=at, secrets=write_secrets({"hook": ""}))
    for name, value in check_changes(draft, changes).items():
        setattr(draft, name, value)
    check_fields(draft, fields)
    return draft


def try_account(draft: ChannelAccount, *, at: datetime) -> Report:
    """Sign in where it hears and where it sends, changing nothing there. Calls out: not inside a transaction."""
    if draft.kind in messengers.IDENTITIES:
        return Report(None, _try_messenger(draft))
    adapters = {one.slug: one for one in registry.channel_adapters(draft.kind)}
    hears = adapters.get(draft.incoming)
    incoming = _try_incoming(draft, at=at) if hears is not None and hears.polls else None
    outgoing = _try_outgoing(draft, at=at) if draft.outgoing else None
    return Report(incoming, outgoing)


def note_tried(account: ChannelAccount, report: Report, *, at: datetime) -> None:
    """Write down how a saved account did."""
    verdicts = [one for one in (report.incoming, report.outgoing) if one is not None]
    if report.outgoing is not None:
        note_sending(account, report.outgoing.problem, at=at)
    if verdicts and not any(one.problem for one in verdicts):
        ChannelAccount.objects.filter(pk=account.pk).update(verified_at=at)
        account.verified_at = at


def _try_incoming(draft: ChannelAccount, *, at: datetime) -> Verdict:
    try:
        found = open_mailbox(draft, at=at).verify()
    except ProviderError as error:
        return _verdict(draft.incoming, error)
    return Verdict(folders=found.folders, messages=found.messages)


def _try_outgoing(draft: ChannelAccount, *, at: datetime) -> Verdict:
    try:
        sender_of(draft, at=at).verify(draft.address)
    except ProviderError as error:
        return _verdict(draft.outgoing, error)
    return Verdict()


def _try_messenger(draft: ChannelAccount) -> Verdict:
    try:
        return Verdict(problem=" ".join(messengers.try_messenger(draft)))
    except ProviderError as error:
        return _verdict(draft.outgoing or draft.kind, error)


def _verdict(section: str, error: ProviderError) -> Verdict:
    # The sender's address is a column of the account, no field of its server.
    field = error.field if error.field == "address" else f"{section}.{error.field}" if error.field else ""
    return Verdict(problem=error.message, field=field or "")


def send_test_letter(account: ChannelAccount, *, to_email: str, at: datetime) -> None:
    """Send a short letter to whoever asks for it, to see it arrive; nothing is kept of it.

    Raises:
        InvalidInput: there is nowhere to send it to.
        ProviderError: it could not be sent, and why.
    """
    if not to_email:
        raise InvalidInput(_("Saleor knows no e-mail address of yours."), "id")
    message = EmailMultiAlternatives(
        subject=_("A letter from %(address)s") % {"address": account.address},
        body=_("This account can send: whoever reads this has had a letter by it."),
        from_email=head.mailbox(account.sender_name or account.name, account.address),
        to=[to_email],
        headers={
            "Message-ID": head.new_message_id(account.shop, account.address),
            "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",
        },
    )
    made: Any = message.message()
    sender = sender_of(account, at=at)
    try:
        sender.open()
        sender.post(
            Posting(
                sender=account.address,
                recipients=(to_email,),
                raw=made.as_bytes(linesep="\r\n"),
                message=lambda: message,
            )
        )
    except ProviderError as error:
        note_sending(account, error.message, at=at)
        raise
    finally:
        sender.close()
    note_sending(account, "", at=at)
