"""Which providers a shop uses, with which credentials, and whether those still work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import Conflict, InvalidInput, ProviderError, Refused
from saleor_aftercare.core.events import SYSTEM, Actor, publish
from saleor_aftercare.core.models import Shop
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import Credentials, CredentialsRejected
from saleor_aftercare.providers.labels.base import LabelProvider

from .events import ProviderRejected, ProviderVerified
from .models import ProviderAccount

MAX_CREDENTIAL = 4000


def credentials_of(account: ProviderAccount | None) -> dict[str, str]:
    """An account's credentials in the clear; nothing for a provider that needs none."""
    return dict(json.loads(account.credentials)) if account is not None and account.credentials else {}


def account_of(shop: Shop, slug: str) -> ProviderAccount | None:
    """The shop's account with a provider, if it ever entered credentials for it."""
    return ProviderAccount.objects.filter(shop=shop, provider=slug).first()


def provider_for(shop: Shop, slug: str) -> LabelProvider:
    """The adapter with the shop's credentials.

    Raises ProviderError for a provider that this release or deployment lacks, CredentialsRejected for credentials
    that lack something.
    """
    return registry.label_provider(slug, credentials_of(account_of(shop, slug)))


def chosen_provider(shop: Shop) -> str:
    """The slug of the provider that the shop's labels come from."""
    return ShopSettings.objects.only("label_provider").get(shop=shop).label_provider


@transaction.atomic
def save_account(
    shop: Shop, *, provider: str, changes: Mapping[str, str], version: int | None = None, at: datetime
) -> ProviderAccount:
    """Save credentials; names left out stay, "" deletes one. Not verified yet afterwards, nor no longer rejected.

    Raises:
        InvalidInput: field ``provider``, or ``credentials.NAME`` for one that is unknown, missing or too long.
        Conflict: somebody saved meanwhile (``version`` is the one that the editor had read).
    """
    kind = _kind(provider)
    account, _created = ProviderAccount.objects.select_for_update().get_or_create(
        shop=shop, provider=provider, defaults={"updated_at": at}
    )
    if version is not None and account.version != version:
        raise Conflict(_("Somebody else has saved these settings meanwhile; reload and try again."), "version")
    values = credentials_of(account)
    for name, value in changes.items():
        text = value.strip()
        if len(text) > MAX_CREDENTIAL or "\x00" in text:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_CREDENTIAL}, f"credentials.{name}")
        values[name] = text
    values = {name: value for name, value in values.items() if value}
    try:
        values = Credentials(values=values).check(kind.credentials)
        kind.build(values)
    except CredentialsRejected as error:
        field = f"credentials.{error.field}" if error.field else "credentials"
        raise InvalidInput(error.message, field) from None
    account.credentials = json.dumps(values) if values else ""
    account.version += 1
    # Still rejected, as far as anybody knows: the provider takes that back, and so does Saleor's Dashboard then.
    account.verified_at, account.updated_at = None, at
    account.save()
    return account


@transaction.atomic
def choose_provider(shop: Shop, *, provider: str, at: datetime) -> None:
    """New labels come from this provider. Raises InvalidInput while it cannot make any."""
    kind = _kind(provider)
    if not kind.installed:
        raise InvalidInput(_("This server lacks what this provider needs: pip install “saleor-aftercare[carriers]”."))
    try:
        provider_for(shop, provider)
    except ProviderError as error:
        raise InvalidInput(error.message, f"credentials.{error.field}" if error.field else "provider") from None
    ShopSettings.objects.filter(shop=shop).update(label_provider=provider)


@transaction.atomic
def track_outbound(shop: Shop, *, provider: str, wanted: bool, at: datetime) -> ProviderAccount:
    """Ask this provider about the parcels that go to customers, too; raises InvalidInput where it does not track."""
    kind = _kind(provider)
    if wanted and not kind.capabilities.tracks:
        raise InvalidInput(_("This provider does not tell where parcels are."), "tracksOutbound")
    account, _created = ProviderAccount.objects.get_or_create(shop=shop, provider=provider, defaults={"updated_at": at})
    account.tracks_outbound = wanted
    account.save(update_fields=["tracks_outbound"])
    return account


def verify_account(shop: Shop, *, provider: str, at: datetime, actor: Actor = SYSTEM) -> ProviderAccount:
    """Ask the provider whether the credentials work, and keep the answer.

    Calls out: not inside a transaction. Raises what the provider raises.
    """
    kind = _kind(provider)
    account, _created = ProviderAccount.objects.get_or_create(shop=shop, provider=provider, defaults={"updated_at": at})
    try:
        kind.build(credentials_of(account)).verify()
    except CredentialsRejected as error:
        note_rejected(shop, provider, error, at=at, actor=actor)
        raise
    note_accepted(shop, provider, at=at, actor=actor)
    account.refresh_from_db()
    return account


@transaction.atomic
def note_rejected(shop: Shop, provider: str, error: ProviderError, *, at: datetime, actor: Actor = SYSTEM) -> None:
    """The provider did not accept the shop's credentials; told once until they work again."""
    account, _created = ProviderAccount.objects.get_or_create(shop=shop, provider=provider, defaults={"updated_at": at})
    rows = ProviderAccount.objects.filter(pk=account.pk, rejected_at=None)
    if rows.update(rejected_at=at, verified_at=None, error=error.message[:500]):
        publish(ProviderRejected(account.pk, provider=provider), shop=shop, at=at, actor=actor)


@transaction.atomic
def note_accepted(shop: Shop, provider: str, *, at: datetime, actor: Actor = SYSTEM) -> None:
    """The provider did something for the shop: its credentials work."""
    was_rejected = ProviderAccount.objects.filter(shop=shop, provider=provider).exclude(rejected_at=None).first()
    ProviderAccount.objects.filter(shop=shop, provider=provider).update(verified_at=at, rejected_at=None, error="")
    if was_rejected is not None:
        publish(ProviderVerified(was_rejected.pk, provider=provider), shop=shop, at=at, actor=actor)


def rejected_accounts(shop: Shop) -> list[ProviderAccount]:
    """Accounts whose credentials do not work; for the health page."""
    return list(ProviderAccount.objects.filter(shop=shop).exclude(rejected_at=None).order_by("provider"))


def _kind(slug: str) -> registry.LabelProviderKind:
    try:
        return registry.label_provider_kind(slug)
    except ProviderError:
        raise InvalidInput(_("There is no such label provider."), "provider") from None


def usable_provider(shop: Shop, slug: str) -> str:
    """``slug``, if labels can be asked of it now.

    Raises Refused (field ``provider``) where they cannot, InvalidInput where there is no such provider.
    """
    kind = _kind(slug)
    if not kind.installed:
        raise Refused(
            _("This server lacks what this provider needs: pip install “saleor-aftercare[carriers]”."), "provider"
        )
    try:
        provider_for(shop, slug)
    except ProviderError as error:
        raise Refused(_("Please enter this provider's credentials in the settings first."), "provider") from error
    return slug
