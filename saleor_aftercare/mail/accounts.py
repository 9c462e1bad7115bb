"""By whose account a letter leaves. The room that keeps accounts stands above this one, and makes itself known here."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.models import Shop
from saleor_aftercare.providers.senders.base import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who a letter is from: a mailbox of the shop rather than the shop itself.

    ``key`` is the account's, opaque here. ``hears`` says that answers to ``address`` come back to us; ``sorts`` that
    what is written to ``name+anything@`` does, too, so that an answer can be known by where it is sent.
    """

    key: int
    name: str
    address: str
    hears: bool
    sorts: bool


class Accounts(Protocol):
    """What the keeper of accounts can say."""

    def letterhead(self, shop: Shop) -> Letterhead | None:
        """Of the account that letters leave by which nobody gave another; None: by the service's own server."""
        ...

    def state(self, key: int) -> Hashable:
        """Changes whenever the account does; raises ProviderUnavailable while it may not be used."""
        ...

    def sender(self, key: int) -> Sender:
        """The account's sender, not open yet; raises ProviderUnavailable or CredentialsRejected."""
        ...


class _Nobody:
    """A house without accounts."""

    def letterhead(self, _shop: Shop) -> Letterhead | None:
        return None

    def state(self, _key: int) -> Hashable:
        raise ProviderUnavailable("Nobody here knows the account that this letter leaves by.")

    def sender(self, _key: int) -> Sender:
        raise ProviderUnavailable("Nobody here knows the account that this letter leaves by.")


_keeper: Accounts = _Nobody()


def kept_by(keeper: Accounts) -> None:
    """Say who keeps the accounts; once, while the house is built."""
    global _keeper  # noqa: PLW0603
    _keeper = keeper


def keeper() -> Accounts:
    """Who keeps the accounts."""
    return _keeper
