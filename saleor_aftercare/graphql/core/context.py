"""What every resolver knows: who is asking in which shop, when, and what was loaded already."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Customer, Guest, Principal, Staff
from saleor_aftercare.connection.models import Order, ShopSettings
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core.errors import PermissionDenied, Unauthenticated
from saleor_aftercare.core.models import Shop, ShopOwned
from saleor_aftercare.graphql import roles
from saleor_aftercare.inbox.models import Ticket, TicketState
from saleor_aftercare.team.access import Access, access_of

#: What the Dashboard's pages need of a person for nearly everything.
MANAGE_ORDERS = "MANAGE_ORDERS"


class Context:
    """One request's asker, clock and memory; graphql-core hands it to each resolver as ``info.context``."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        tenant: Shop | None,
        principal: Principal | None,
        at: datetime,
        memory: dict[Any, Any],
    ) -> None:
        self.request = request
        self.at = at
        #: What was worked out about this document and holds for every request of it.
        self.memory = memory
        self._tenant = tenant
        self.principal: Principal | None = None
        #: A member of the staff who may manage orders: may see what is internal.
        self.is_staff = False
        if principal is not None:
            self.act_as(principal)
        self.rows: defaultdict[type[models.Model], dict[Any, Any]] = defaultdict(dict)
        self.known: defaultdict[object, dict[Any, None]] = defaultdict(dict)
        self.loaded: dict[object, dict[Any, Any]] = {}

    # -- who is asking ---------------------------------------------------------------------------------------

    def act_as(self, principal: Principal) -> None:
        """Answer the rest of this request to ``principal``, who was proved."""
        self.principal = principal
        self._tenant = principal.shop
        self._access: Access | None = None
        self.is_staff = isinstance(principal, Staff) and principal.may(MANAGE_ORDERS)

    @property
    def shop(self) -> Shop:
        """The shop being asked; for somebody without a token, the one that the request names.

        Raises:
            Unauthenticated: neither a token nor a header says which shop.
        """
        if self._tenant is None:
            raise Unauthenticated(_("Say which shop you mean: send the header Saleor-Api-Url."))
        return self._tenant

    @property
    def somebody(self) -> Principal:
        """Who is asking; raises Unauthenticated when the request carries no token."""
        if self.principal is None:
            raise Unauthenticated(_("Please sign in: this needs a token."))
        return self.principal

    def staff(self, *permissions: str) -> Staff:
        """The asking member of staff, who has every one of ``permissions``; raises PermissionDenied otherwise."""
        person = self.somebody
        if not isinstance(person, Staff):
            raise PermissionDenied(_("Only the shop's staff may do this."))
        for permission in permissions:
            if not person.may(permission):
                raise PermissionDenied(_("You need the permission %(code)s.") % {"code": permission})
        return person

    @property
    def access(self) -> Access:
        """What the asking member of staff may see and do by their role; raises PermissionDenied for others."""
        if self._access is None:
            person = self.staff()
            self._access = access_of(person.shop, person.member, person.permissions)
        return self._access

    def enter(self, operation: str) -> None:
        """Raise PermissionDenied when the asking member of staff has a role that ``operation`` is not for."""
        if isinstance(self.principal, Staff) and not roles.may(self.access.role, operation):
            raise PermissionDenied(_("Your role does not allow this; an administrator can change it."))

    def reader(self) -> Principal:
        """Whoever may read cases at all: customers, guests, and staff with MANAGE_ORDERS."""
        person = self.somebody
        return self.staff(MANAGE_ORDERS) if isinstance(person, Staff) else person

    def covers(self, order: Order | None) -> bool:
        """Whether the asking person may see what belongs to ``order``; what belongs to none only staff see."""
        person = self.reader()
        if isinstance(person, Staff):
            if self.access.is_outsourced:
                return order is not None and Order.objects.filter(self.mine(), pk=order.pk).exists()
            return order is None or order.shop_id == person.shop.pk
        return order is not None and person.covers(order)

    def mine(self, prefix: str = "") -> Q:
        """The condition on rows of this shop that the asking person may see; ``prefix`` leads to their order."""
        person = self.reader()
        shop = Q(shop=person.shop)
        if isinstance(person, Guest):
            return shop & Q(**{f"{prefix}pk": person.order.pk})
        if isinstance(person, Customer):
            return shop & Q(**{f"{prefix}user_id": person.user_id})
        if self.access.is_outsourced:
            # Orders that their conversations are about, and the other orders of whoever writes in these.
            theirs = Ticket.objects.filter(self.access.ticket_filter, shop=person.shop).exclude(state=TicketState.SPAM)
            writers = theirs.exclude(customer_email="").values("customer_email")
            about = theirs.exclude(order=None).values("order")
            return shop & (Q(**{f"{prefix}pk__in": about}) | Q(**{f"{prefix}email__in": writers}))
        return shop

    # -- what was loaded ---------------------------------------------------------------------------------------

    def announce(self, kind: object, keys: Iterable[Any]) -> None:
        """Tell the loaders of ``kind`` which keys this answer is about, so that the first question brings all."""
        self.known[kind].update(dict.fromkeys(keys))

    def meet(self, rows: Iterable[models.Model]) -> None:
        """Remember model rows, and announce them and whatever they point to.

        Loaders of what belongs to a row find its key under the row's class; ``loaders.row_of`` finds those of
        foreign keys under ``("row", class)``.
        """
        for row in rows:
            kind, pk = type(row), row.pk
            if self.rows[kind].setdefault(pk, row) is not row:
                continue
            self.known[kind][pk] = None
            joined = row._state.fields_cache  # noqa: SLF001  where select_related leaves its rows
            if isinstance(row, ShopOwned) and row.shop_id == self.shop.pk:
                joined["shop"] = self.shop
            for target, name, column in _pointers(kind):
                key = getattr(row, column)
                if key is not None:
                    self.known["row", target][key] = None
                    if name in joined and key not in self.rows[target]:
                        self.meet([joined[name]])

    def forget(self) -> None:
        """Drop everything loaded: a mutation has changed what stands in the database."""
        self.known.clear()
        self.loaded.clear()
        self.rows.clear()

    @property
    def settings(self) -> ShopSettings:
        """The shop's settings, read once."""
        held = self.loaded.setdefault("settings", {})
        if not held:
            held[None] = settings_of(self.shop)
        found: ShopSettings = held[None]
        return found


@functools.cache
def _pointers(kind: type[models.Model]) -> tuple[tuple[type[models.Model], str, str], ...]:
    """The foreign keys of a model but the shop: what they point to, their name, and the column."""
    return tuple(
        (field.related_model, field.name, field.attname)
        for field in kind._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is not Shop
    )
