"""What may be had in exchange, for one page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.replacements.queries import ExchangeOption, options_for_lines

from .draft import Picked, ReturnForm

#: Seconds for which what the shop offered is not asked again: a form asks at every choice. Nothing is reserved.
FRESH: Final = 60
#: From so few left on, the customer is told how many.
FEW: Final = 5


@dataclass(frozen=True)
class Offer:
    """A variant in the list of an exchange."""

    variant_id: str  #: Saleor global ID; empty for the same again
    name: str
    label: str
    can_be_had: bool
    difference: Decimal = Decimal(0)  #: what a unit costs on top; negative: what is left over


@dataclass(frozen=True)
class Offers:
    """By order line, what it may be exchanged for."""

    by_line: Mapping[int, Sequence[Offer]]
    is_silent: bool = False  #: Saleor did not answer: only the same again can be offered

    def of(self, one: Picked) -> Sequence[Offer]:
        """What a line may be exchanged for; nothing when all of it is sold out."""
        offers = self.by_line.get(one.pk, ())
        return offers if any(offer.can_be_had for offer in offers) else ()

    def find(self, one: Picked, variant_id: str) -> Offer | None:
        """The offer, if it can be had."""
        return next((o for o in self.of(one) if o.variant_id == variant_id and o.can_be_had), None)

    def has(self, one: Picked, variant_id: str) -> bool:
        """Whether it can be had."""
        return self.find(one, variant_id) is not None

    def has_all(self, picked: Sequence[Picked]) -> bool:
        """Whether everything that is wished for in exchange can be had now, as far as anybody knows."""
        return all(
            self.is_silent or self.has(one, one.variant_id) for one in picked if one.resolution == Resolution.EXCHANGE
        )

    def first(self, one: Picked) -> str:
        """What is proposed."""
        return next((offer.variant_id for offer in self.of(one) if offer.can_be_had), "")


def offers_for(form: ReturnForm) -> Offers:
    """What each picked line may be exchanged for; one request to Saleor, or none while it was asked just now."""
    wanted = [one for one in form.picked if Resolution.EXCHANGE in one.offered]
    if not wanted:
        return Offers({})
    try:
        options = _options(form, wanted)
    except (ProviderError, ProviderUnavailable):
        return Offers({one.pk: [same_again(one)] for one in wanted}, is_silent=True)
    return Offers({one.pk: [_offer(form, one, option) for option in _fitting(form, options[one.pk])] for one in wanted})


def _options(form: ReturnForm, wanted: Sequence[Picked]) -> dict[int, list[ExchangeOption]]:
    lines = ",".join(str(one.pk) for one in wanted)
    key = f"portal-offers:{form.order.pk}:{hashlib.sha256(lines.encode()).hexdigest()}"
    known: dict[int, list[ExchangeOption]] | None = cache.get(key)
    if known is None:
        known = options_for_lines([one.one.order_line for one in wanted])
        cache.set(key, known, FRESH)
    return known


def _fitting(form: ReturnForm, options: Sequence[ExchangeOption]) -> list[ExchangeOption]:
    """The recipient of a gift is offered what costs no more than the gift did: a difference would tell its price."""
    return [option for option in options if not form.visit.is_gift or not option.due.amount]


def _offer(form: ReturnForm, one: Picked, option: ExchangeOption) -> Offer:
    enough = option.available is None or option.available >= one.quantity
    told = [
        _("The same again: %(name)s") % {"name": option.name} if option.same else option.name,
        _stock(option, enough),
    ]
    if enough and not form.visit.is_gift:
        told.append(_difference(form, one, option))
    return Offer(
        option.variant_id, option.name, " – ".join(filter(None, told)), enough, option.due.amount - option.rest.amount
    )


def _stock(option: ExchangeOption, enough: bool) -> str:
    if not enough:
        return _("sold out")
    if option.available is not None and option.available < FEW:
        return _("only %(count)d left") % {"count": option.available}
    return _("in stock")


def _difference(form: ReturnForm, one: Picked, option: ExchangeOption) -> str:
    def amount(unit: Money) -> str:
        return form.visit.words.money(Money(unit.amount * one.quantity, unit.currency).rounded())

    if option.due.amount:
        return _("you pay %(amount)s more") % {"amount": amount(option.due)}
    if option.rest.amount:
        return _("you get %(amount)s back") % {"amount": amount(option.rest)}
    return ""


def same_again(one: Picked) -> Offer:
    """The same once more, where nobody can say now whether there is any left."""
    name = " ".join(filter(None, (one.line.name, one.line.variant)))
    return Offer("", name, _("The same again: %(name)s") % {"name": name}, True)
