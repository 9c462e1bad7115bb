"""Mailboxes without a password: connecting one, and keeping its tokens fresh.

Connecting takes three steps. Staff ask for it in the Dashboard; the page that this opens remembers the browser by a
cookie and goes on to whoever keeps the mailbox; what comes back is redeemed only in that browser, once, and within ten
minutes. So nobody can have somebody else's mailbox connected to a shop of theirs by passing an address on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import links, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.oauth import Authority, Tokens, authority

from .account_values import read_secrets, values_of, write_secrets
from .models import ChannelAccount

LIFETIME: Final = timedelta(minutes=10)
CALLBACK: Final = "/channels/oauth/callback/"


def authority_of(account: ChannelAccount) -> str:
    """Who keeps the mailbox, "" where it is opened with a password."""
    for section in (account.incoming, account.outgoing):
        auth: str = account.config.get(section, {}).get("auth", "") if section else ""
        if auth not in {"", "password"}:
            return auth
    return ""


def is_connected(account: ChannelAccount) -> bool:
    """Whether somebody said yes to the present authority."""
    return bool(read_secrets(account).get("tokens", {}).get("authority") == authority_of(account) != "")


# -- connecting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(account: ChannelAccount, *, member: StaffMember, at: datetime) -> str:
    """Where the browser is to be sent to connect this mailbox; the earlier such address is good no more.

    Raises InvalidInput for an account that is opened with a password, or that has no client.
    """
    locked = _locked(account)
    _authority(locked)
    nonce = tokens.random_token()
    pending = {
        "nonce": tokens.digest(nonce),
        "verifier": tokens.random_token() + tokens.random_token(),
        "member": member.pk,
        "until": (at + LIFETIME).isoformat(),
    }
    _write(locked, pending=pending)
    return links.absolute(f"/channels/oauth/start/{_state(locked, nonce)}/")


def consent_url(state: str, *, at: datetime) -> str:
    """Where whoever keeps the mailbox asks for consent; raises InvalidInput or NotFound for a state that is no good."""
    account, pending = _opened(state, at=at)
    return _authority(account).consent_url(
        redirect_uri=links.absolute(CALLBACK), state=state, verifier=pending["verifier"], address=account.address
    )


def finish(state: str, code: str, *, at: datetime) -> ChannelAccount:
    """Redeem what came back, once; calls out. Raises as :func:`consent_url` does, and what the authority says."""
    account, pending = _opened(state, at=at)
    with transaction.atomic():
        locked = _locked(account)
        if read_secrets(locked).get("pending") != pending:
            raise InvalidInput(_("This link has been used."), "state")
        _write(locked, pending=None)
    found = _authority(account).redeem(code, redirect_uri=links.absolute(CALLBACK), verifier=pending["verifier"], at=at)
    with transaction.atomic():
        locked = _locked(account)
        _keep(locked, found)
        locked.problem, locked.problem_since, locked.failures = "", None, 0
        locked.save(update_fields=["problem", "problem_since", "failures"])
    return locked


def _state(account: ChannelAccount, nonce: str) -> str:
    return tokens.sign("channel-oauth", [account.pk, nonce])


def _opened(state: str, *, at: datetime) -> tuple[ChannelAccount, dict[str, Any]]:
    pk, nonce = tokens.unsign("channel-oauth", state, max_age=LIFETIME, field="state")
    account = ChannelAccount.objects.select_related("shop").filter(pk=pk, archived_at=None).first()
    pending = read_secrets(account).get("pending") if account is not None else None
    if account is None or not pending or not tokens.same(pending["nonce"], tokens.digest(nonce)):
        raise InvalidInput(_("This link has been used."), "state")
    if datetime.fromisoformat(pending["until"]) < at:
        raise InvalidInput(_("This link has expired."), "state")
    if not StaffMember.objects.filter(shop=account.shop, pk=pending["member"]).exists():
        raise NotFound(_("There is no such person."), "state")
    return account, pending


# -- tokens ----------------------------------------------------------------------------------------------------------


def access_token(account: ChannelAccount, *, at: datetime) -> str:
    """A token that is good for what begins now; "" for an account with a password. May call out.

    The row is locked while a fresh one is fetched: of two workers one asks, and the other waits and finds it.
    Authorities may give out a new refresh token each time and forget the old one, so two must never ask at once.

    Raises:
        CredentialsRejected: nobody has connected the mailbox, or somebody has to connect it again.
        ProviderUnavailable: the authority cannot be reached.
    """
    slug = authority_of(account)
    if not slug:
        return ""
    if (held := _held(account, slug)).is_fresh(at=at):
        return held.access
    with transaction.atomic():
        locked = _locked(account)
        held = _held(locked, slug)
        if not held.is_fresh(at=at):
            held = _authority(locked).renew(held.refresh, at=at)
            _keep(locked, held)
        return held.access


def _held(account: ChannelAccount, slug: str) -> Tokens:
    kept = read_secrets(account).get("tokens", {})
    if kept.get("authority") != slug:
        raise CredentialsRejected(_("Connect this mailbox first."), "auth")
    return Tokens(kept["access"], kept["refresh"], datetime.fromisoformat(kept["expires_at"]))


def _keep(account: ChannelAccount, found: Tokens) -> None:
    before = read_secrets(account).get("tokens", {})
    kept = {
        "authority": authority_of(account),
        "access": found.access,
        "refresh": found.refresh or before.get("refresh", ""),
        "expires_at": found.expires_at.isoformat(),
    }
    _write(account, tokens=kept)


def _authority(account: ChannelAccount) -> Authority:
    slug = authority_of(account)
    if not slug:
        raise InvalidInput(_("This mailbox is opened with a password."), "id")
    try:
        return authority(slug, values_of(account, slug))
    except CredentialsRejected as error:
        raise InvalidInput(error.message, f"{slug}.{error.field}") from None


def _locked(account: ChannelAccount) -> ChannelAccount:
    locked = (
        ChannelAccount.objects.select_for_update(of=("self",))
        .select_related("shop")
        .filter(pk=account.pk, archived_at=None)
        .first()
    )
    if locked is None:
        raise NotFound(_("There is no such account."), "id")
    return locked


def _write(account: ChannelAccount, **changes: Any) -> None:
    kept = {**read_secrets(account), **changes}
    account.secrets = write_secrets({name: value for name, value in kept.items() if value})
    account.save(update_fields=["secrets"])
