"""Letters leave by the shop's own mailboxes: what the mail room asks about accounts is answered here."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from django.utils.translation import gettext as _

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail.accounts import Letterhead, kept_by
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.senders.base import Posting, Sender

from .account_values import values_of
from .accounts import sender_for
from .models import ChannelAccount, ChannelKind
from .oauth import access_token


def letterhead_of(account: ChannelAccount) -> Letterhead | None:
    """Who letters of this mailbox are from; None for one that does not send by itself."""
    if not account.outgoing or not account.enabled or account.archived_at is not None:
        return None
    return Letterhead(
        key=account.pk,
        name=account.sender_name,
        address=account.address,
        hears=bool(account.incoming),
        sorts=bool(account.incoming) and account.config.get("mail", {}).get("plus") == "yes",
    )


class _Keeper:
    """See :class:`saleor_aftercare.mail.accounts.Accounts`."""

    def letterhead(self, shop: Shop) -> Letterhead | None:
        account = sender_for(shop, ChannelKind.EMAIL)
        return letterhead_of(account) if account is not None else None

    def state(self, key: int) -> Hashable:
        found = (
            ChannelAccount.objects.filter(pk=key, enabled=True, archived_at=None)
            .exclude(outgoing="")
            .values_list("version", flat=True)
            .first()
        )
        if found is None:
            raise ProviderUnavailable("The account that this letter leaves by is switched off.")
        return found

    def sender(self, key: int) -> Sender:
        account = ChannelAccount.objects.select_related("shop").get(pk=key)
        return _Watched(account)


class _Watched:
    """An account's sender that writes down on the account whether it could be opened."""

    def __init__(self, account: ChannelAccount) -> None:
        self._account = account
        self._inner: Sender | None = None

    def open(self) -> None:
        self._opened()

    def _opened(self) -> Sender:
        at = clock.now()
        with speaking_to_staff(self._account.shop):
            try:
                inner = sender_of(self._account, at=at)
                inner.open()
            except ProviderError as error:
                note_sending(self._account, error.message, at=at)
                raise
        note_sending(self._account, "", at=at)
        self._inner = inner
        return inner

    def post(self, posting: Posting) -> str:
        inner = self._inner or self._opened()
        try:
            return inner.post(posting)
        except ProviderUnavailable as error:
            if error.field:
                note_sending(self._account, error.message, at=clock.now())
            raise

    def is_alive(self) -> bool:
        return self._inner is not None and self._inner.is_alive()

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()

    def verify(self, sender: str) -> None:
        sender_of(self._account, at=clock.now()).verify(sender)


def sender_of(account: ChannelAccount, *, at: datetime) -> Sender:
    """The account's sender, not open yet; may call out for a token.

    Raises CredentialsRejected or ProviderUnavailable.
    """
    if not account.outgoing:
        raise ProviderUnavailable(_("This account does not send."), "outgoing")
    values = values_of(account, account.outgoing)
    return registry.mail_sender(account.outgoing, values, access_token=access_token(account, at=at))


def note_sending(account: ChannelAccount, problem: str, *, at: datetime) -> None:
    """Write down why letters cannot leave by this account, or that they can."""
    rows = ChannelAccount.objects.filter(pk=account.pk)
    if problem:
        rows.filter(sending_problem_since=None).update(sending_problem_since=at)
        rows.update(sending_problem=problem[:300])
    else:
        rows.exclude(sending_problem="").update(sending_problem="", sending_problem_since=None)


kept_by(_Keeper())
