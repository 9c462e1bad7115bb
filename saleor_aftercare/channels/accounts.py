"""The accounts that a shop is written to and answers from: mailboxes, LINE accounts, telephone systems, …"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from saleor_aftercare.core import links, tokens
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.models import Shop

from .account_values import check_changes, check_fields, read_secrets, values_of, write_secrets
from .models import ChannelAccount, ChannelKind

#: What changes of an account may name; ``fields`` are those of its adapters, see :mod:`.account_values`.
CHANGEABLE: Final = frozenset(
    {
        "name",
        "address",
        "incoming",
        "outgoing",
        "enabled",
        "is_default",
        "language",
        "sender_name",
        "signatures",
        "auto_reply",
        "team",
    }
)
MOST_ACCOUNTS: Final = 100


class HasAccount(Protocol):
    """Something of a shop that came by an account, as a conversation does."""

    shop: Shop
    account_id: int | None


# -- finding -------------------------------------------------------------------------------------------------------


def accounts_of(shop: Shop, kind: str | None = None) -> list[ChannelAccount]:
    """The shop's accounts in the order in which settings show them; at most a hundred, those given up are left out."""
    rows = ChannelAccount.objects.filter(shop=shop, archived_at=None)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("kind", "-is_default", "name", "pk")[:MOST_ACCOUNTS])


def account_of(shop: Shop, pk: int) -> ChannelAccount:
    """One account of the shop; raises NotFound, also for one that was given up."""
    account = ChannelAccount.objects.filter(shop=shop, pk=pk, archived_at=None).first()
    if account is None:
        raise NotFound(_("There is no such account."), "id")
    return account


def sender_for(subject: Shop | HasAccount, kind: str) -> ChannelAccount | None:
    """The account that answers ``subject``: the one it came by, else the shop's default of that kind.

    None where neither sends at present: a letter then leaves by the service's own mail server.
    """
    shop = subject if isinstance(subject, Shop) else subject.shop
    usable = ChannelAccount.objects.filter(shop=shop, kind=kind, enabled=True, archived_at=None)
    if not isinstance(subject, Shop) and subject.account_id is not None:
        own = usable.filter(pk=subject.account_id).first()
        if own is not None:
            return own
    return usable.filter(is_default=True).first()


def own_addresses(shop: Shop) -> set[str]:
    """Every address that the shop writes from or is answered at, lower case: what comes from there is no customer's."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [shop.pk] * 3)
        return {address.lower() for (address,) in cursor.fetchall() if address}


#: One statement, for it is asked before every mail that is read.
_OWN: Final = """
SELECT address FROM aftercare_channelaccount WHERE shop_id = %s AND kind = 'email'
UNION SELECT sender_email FROM aftercare_shopsettings WHERE shop_id = %s
UNION SELECT reply_to_email FROM aftercare_shopsettings WHERE shop_id = %s
"""


def signature_of(account: ChannelAccount, language: str) -> str:
    """What stands under letters in that language, Markdown with Liquid; "" for none."""
    return str(account.signatures.get(language, ""))


# -- changing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_account(
    shop: Shop, *, kind: str, changes: Mapping[str, Any], fields: Mapping[tuple[str, str], str], at: datetime
) -> ChannelAccount:
    """Add an account; the first of its kind is what conversations without one are answered from.

    ``fields`` are what its adapters want to know, by ``(section, name)``.

    Raises:
        InvalidInput: names the column, or ``SECTION.NAME`` of a field.
    """
    if kind not in ChannelKind.values:
        raise InvalidInput(_("There is no such channel."), "kind")
    _lock(shop)
    if ChannelAccount.objects.filter(shop=shop, archived_at=None).count() >= MOST_ACCOUNTS:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MOST_ACCOUNTS}, "kind")
    account = ChannelAccount(shop=shop, kind=kind, created_at=at)
    account.secrets = write_secrets({"hook": tokens.random_token()})
    if not ChannelAccount.objects.filter(shop=shop, kind=kind, is_default=True).exists():
        changes = {"is_default": True, **changes}
    return _save(account, changes, fields)


@transaction.atomic
def change_account(
    account: ChannelAccount,
    *,
    version: int,
    changes: Mapping[str, Any],
    fields: Mapping[tuple[str, str], str],
    at: datetime,
) -> ChannelAccount:
    """Save some of an account; what is not named stays, a field given as "" is deleted.

    Raises:
        InvalidInput: as :func:`create_account`.
        Conflict: somebody saved meanwhile (``version`` is the one that the editor had read).
        NotFound: it was given up.
    """
    _lock(account.shop)
    account = _locked(account, version)
    if fields or {"incoming", "outgoing", "address"} & changes.keys():
        # Whether it works now is not known; the next try says so, at once.
        account.problem, account.problem_since, account.failures, account.verified_at = "", None, 0, None
    account.version += 1
    return _save(account, changes, fields)


@transaction.atomic
def give_up_account(account: ChannelAccount, *, version: int, at: datetime) -> None:
    """Take an account off the list for good: its secrets are forgotten, what came by it stays. Raises Conflict."""
    _lock(account.shop)
    account = _locked(account, version)
    account.enabled, account.is_default, account.secrets, account.config = False, False, "", {}
    account.address, account.problem, account.problem_since, account.archived_at = "", "", None, at
    account.version += 1
    account.save()


def _lock(shop: Shop) -> None:
    """One change of a shop's accounts at a time: which is the default is decided over all of them."""
    Shop.objects.select_for_update().only("pk").get(pk=shop.pk)


def _locked(account: ChannelAccount, version: int) -> ChannelAccount:
    locked = (
        ChannelAccount.objects.select_for_update(of=("self",))
        .select_related("shop")
        .filter(pk=account.pk, archived_at=None)
        .first()
    )
    if locked is None:
        raise NotFound(_("There is no such account."), "id")
    if locked.version != version:
        raise Conflict(_("Somebody else has saved these settings meanwhile; reload and try again."), "version")
    return locked


def _save(account: ChannelAccount, changes: Mapping[str, Any], fields: Mapping[tuple[str, str], str]) -> ChannelAccount:
    if unknown := changes.keys() - CHANGEABLE:
        raise LookupError(f"An account has no {', '.join(sorted(unknown))}")
    for name, value in check_changes(account, changes).items():
        setattr(account, name, value)
    check_fields(account, fields)
    others = ChannelAccount.objects.filter(shop=account.shop, kind=account.kind).exclude(pk=account.pk)
    if account.is_default:
        others.filter(is_default=True).update(is_default=False, version=F("version") + 1)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        if account.address and others.filter(address=account.address).exists():
            raise InvalidInput(_("Another account of this shop has this address."), "address") from None
        raise
    return account


# -- how it does ---------------------------------------------------------------------------------------------------


def note_working(account: ChannelAccount, *, at: datetime) -> None:
    """Its incoming side was asked, or told us something, and all was well."""
    ChannelAccount.objects.filter(pk=account.pk).update(heard_at=at, problem="", problem_since=None, failures=0)
    account.heard_at, account.problem, account.problem_since, account.failures = at, "", None, 0


def note_problem(account: ChannelAccount, problem: str, *, at: datetime) -> int:
    """It does not work, and why, for staff to read; returns how often in a row."""
    rows = ChannelAccount.objects.filter(pk=account.pk)
    rows.filter(problem_since=None).update(problem_since=at)
    rows.update(problem=problem[:300], failures=F("failures") + 1)
    account.refresh_from_db(fields=["problem", "problem_since", "failures"])
    return account.failures


# -- doors ---------------------------------------------------------------------------------------------------------


def hook_url(account: ChannelAccount, door: str) -> str:
    """Where a service tells us what it has for this account; whoever knows the address is believed to be the service.

    Services that sign what they send are held to their signature besides.
    """
    return links.absolute(f"/channels/{account.pk}-{read_secrets(account).get('hook', '')}/{door}/")


def account_at_hook(key: str) -> ChannelAccount:
    """The account of a key in such an address; raises NotFound, without saying which part was wrong."""
    pk, _dash, secret = key.partition("-")
    account = None
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        account = ChannelAccount.objects.select_related("shop").filter(pk=int(pk), archived_at=None).first()
    known = read_secrets(account).get("hook", "") if account is not None else ""
    if account is None or not known or not tokens.same(str(known), secret):
        raise NotFound("There is no such door.")
    return account


@transaction.atomic
def renew_hook(account: ChannelAccount, *, version: int, at: datetime) -> ChannelAccount:
    """Give the account's doors new addresses; the old ones are closed at once. Raises Conflict."""
    account = _locked(account, version)
    account.secrets = write_secrets(read_secrets(account) | {"hook": tokens.random_token()})
    account.version += 1
    account.save(update_fields=["secrets", "version"])
    return account


__all__ = [
    "account_at_hook",
    "account_of",
    "accounts_of",
    "change_account",
    "create_account",
    "give_up_account",
    "hook_url",
    "note_problem",
    "note_working",
    "own_addresses",
    "renew_hook",
    "sender_for",
    "signature_of",
    "values_of",
]
