"""Reads about replacements; every one takes the shop, or a row of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.core.errors import InvalidInput, NotFound, Refused
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money, quantum, share_of_units

from .actions import ReplacementLine, lines_of
from .models import Purpose, Replacement, ReplacementState
from .offers import Offer, offers_of, offers_of_products, search_offers
from .policy import unit_worth


def get_replacement(shop: Shop, pk: int) -> Replacement:
    """A replacement of this shop; raises NotFound."""
    row = Replacement.objects.select_related("shop", "order").filter(shop=shop, pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such replacement."), "id")
    return row


def replacements_of(shop: Shop, subject: str, subject_id: int) -> list[Replacement]:
    """All replacements for one case, in the order of their promises; one query."""
    return replacements_of_cases(shop, subject, [subject_id])[subject_id]


def replacements_of_cases(shop: Shop, subject: str, subject_ids: Iterable[int]) -> dict[int, list[Replacement]]:
    """:func:`replacements_of` for many cases at once, by their key; cases without any have an empty list."""
    found: dict[int, list[Replacement]] = defaultdict(list)
    wanted = list(subject_ids)
    rows = Replacement.objects.select_related("shop", "order").filter(shop=shop, subject=subject, subject_id__in=wanted)
    for row in rows.order_by("pk"):
        found[row.subject_id].append(row)
    return {pk: found[pk] for pk in wanted}


def current_exchange(shop: Shop, subject: str, subject_id: int) -> Replacement | None:
    """The exchange that stands for a case: the last one that was not canceled."""
    return (
        Replacement.objects.select_related("shop", "order")
        .filter(shop=shop, subject=subject, subject_id=subject_id, purpose=Purpose.EXCHANGE)
        .exclude(state=ReplacementState.CANCELED)
        .order_by("-pk")
        .first()
    )


def price_of_exchange(row: Replacement, quantities: Mapping[int, int] | None = None) -> Money:
    """What the promised goods count for together; with ``quantities`` (by ReturnLine key) only for those units."""
    total = Decimal(0)
    for line in row.lines:
        units = line["quantity"]
        if quantities is not None:
            units = min(units, quantities.get(line["return_line"] or 0, 0))
        total += Decimal(line["list_price"]) * units
    return Money(total, row.currency).rounded()


def origin_of(order: Order) -> Replacement | None:
    """What made this order, when it is itself a replacement; no query for an order that nobody made from outside."""
    if not order.external_reference:
        return None
    return (
        Replacement.objects.select_related("order")
        .filter(shop_id=order.shop_id, saleor_order_id=order.saleor_id)
        .exclude(state=ReplacementState.CANCELED)
        .first()
    )


# -- what may be had ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExchangeOption:
    """A variant that a unit can be exchanged for, now."""

    variant_id: str
    product_id: str
    name: str
    sku: str
    price: Money  #: what the shop asks today, tax included
    due: Money  #: what the customer pays on top for one unit
    rest: Money  #: what is left over of one unit's value
    available: int | None  #: units that can be sent to the order's address; None: any number
    same: bool  #: the same variant again
    same_product: bool


def options_for(order_line: OrderLine, *, search: str = "") -> list[ExchangeOption]:
    """What a unit of an order line can be exchanged for: every variant of its product, the same one first.

    With ``search`` whatever matches of all that the shop sells in that channel, for staff. One request to Saleor;
    nothing is reserved by looking. Raises what ``client.call`` raises.
    """
    if not search.strip():
        return options_for_lines([order_line])[order_line.pk]
    offers = search_offers(order_line.order, search)
    known = next((one for one in offers if one.variant_id == order_line.variant_id), None)
    return _options(order_line, offers, known, unit_value(order_line))


def options_for_lines(order_lines: Sequence[OrderLine]) -> dict[int, list[ExchangeOption]]:
    """:func:`options_for` several lines of one order, by their key; one request to Saleor, at most one query."""
    if not order_lines:
        return {}
    order = order_lines[0].order
    offers = offers_of_products(order, (line.product_id for line in order_lines))
    made = origin_of(order)
    found = {}
    for line in order_lines:
        of_product = offers.get(line.product_id, [])
        known = next((one for one in of_product if one.variant_id == line.variant_id), None)
        found[line.pk] = _options(line, of_product, known, _unit_value(line, made))
    return found


def check_choices(choices: Mapping[str, tuple[OrderLine, str]]) -> dict[str, str]:
    """What customers chose by themselves, by input field: each a variant of the line's own product, and to be had.

    Returns the names of what was chosen, by field. One request to Saleor. Raises InvalidInput for anything else,
    Refused for what is sold out; both name the field.
    """
    options = options_for_lines([line for line, _variant in choices.values()])
    names = {}
    for field, (line, variant) in choices.items():
        chosen = next((one for one in options[line.pk] if one.variant_id == variant), None)
        if chosen is None:
            raise InvalidInput(_("The shop does not sell this here."), field)
        if chosen.available == 0:
            raise Refused(_("This is sold out."), field)
        names[field] = chosen.name
    return names


def _options(
    order_line: OrderLine, offers: Sequence[Offer], known: Offer | None, credit: Money
) -> list[ExchangeOption]:
    options = []
    for offer in offers:
        if offer.is_gift_card:
            continue
        worth = _worth(order_line, offer, known, credit)
        zero = Money.zero(credit.currency).rounded()
        options.append(
            ExchangeOption(
                variant_id=offer.variant_id,
                product_id=offer.product_id,
                name=offer.name,
                sku=offer.sku,
                price=offer.price,
                due=worth - credit if credit < worth else zero,
                rest=credit - worth if worth < credit else zero,
                available=offer.available,
                same=offer.variant_id == order_line.variant_id,
                same_product=offer.product_id == order_line.product_id,
            )
        )
    return sorted(options, key=lambda one: (not one.same, not one.same_product))


def unit_value(order_line: OrderLine) -> Money:
    """What one unit of a line is worth against other goods: what was paid for it, after every discount.

    C1.10: for a unit that came as a replacement, what it counted for then.
    """
    return _unit_value(order_line, origin_of(order_line.order))


def _unit_value(order_line: OrderLine, made: Replacement | None) -> Money:
    order = order_line.order
    if made is not None:
        for line in made.lines:
            if line["variant_id"] == order_line.variant_id:
                return Money.read(line["list_price"], order.currency)
    if not order_line.quantity:
        return Money.zero(order.currency).rounded()
    total = order.money(order_line.total).amount
    return order.money(share_of_units(total, order_line.quantity, 0, 1, quantum(order.currency)))


def _worth(order_line: OrderLine, offer: Offer, known: Offer | None, credit: Money) -> Money:
    """What a unit of ``offer`` counts for; ``known`` is what the shop offers of the variant that comes back."""
    if offer.variant_id == order_line.variant_id:
        # The same again is an even exchange, whatever the shop asks for it by now.
        return credit
    same_product = known is not None and offer.product_id == order_line.product_id
    return unit_worth(
        credit=credit, list_price=offer.price, replaced_list_price=known.price if known and same_product else None
    )


@dataclass(frozen=True)
class Wanted:
    """Units of ``order_line`` that come back for ``variant_id``; an empty id: for the same variant."""

    order_line: OrderLine
    quantity: int
    variant_id: str
    return_line: int | None
    name: str = ""  #: of the variant, as the customer saw it


@dataclass(frozen=True)
class Quote:
    """What exchanges cost and whether they can be had, at this moment."""

    lines: tuple[ReplacementLine, ...]
    in_stock: bool


def quote(order: Order, wanted: Sequence[Wanted]) -> Quote:
    """Ask Saleor for price and stock of what customers want in exchange. One request for all lines.

    What the shop does not sell, or not any more, in the order's channel counts as sold out, and so do gift cards,
    which are not given in exchange: staff offer something else.
    """
    ids = {one.variant_id or one.order_line.variant_id for one in wanted} | {o.order_line.variant_id for o in wanted}
    offers = offers_of(order, sorted(ids))
    lines, units = [], defaultdict[str, int](int)
    for one in wanted:
        variant = one.variant_id or one.order_line.variant_id
        offer = offers.get(variant)
        if offer is not None and offer.is_gift_card:
            del offers[variant]
            offer = None
        units[variant] += one.quantity
        lines.append(_quoted(one, variant, offer, offers.get(one.order_line.variant_id)))
    in_stock = all(variant in offers and offers[variant].has(count) for variant, count in units.items())
    return Quote(tuple(lines), in_stock)


def _quoted(one: Wanted, variant: str, offer: Offer | None, known: Offer | None) -> ReplacementLine:
    credit = unit_value(one.order_line)
    if offer is None:
        name = one.name or " ".join(filter(None, (one.order_line.product_name, one.order_line.variant_name)))
        return ReplacementLine(variant, one.quantity, name, credit, one.return_line, one.order_line.product_id)
    return ReplacementLine(
        variant_id=variant,
        quantity=one.quantity,
        name=offer.name,
        worth=_worth(one.order_line, offer, known, credit),
        return_line=one.return_line,
        product_id=offer.product_id,
        sku=offer.sku,
        asked=offer.price,
    )


def find_charge(order: Order, sku: str, amount: Money) -> ReplacementLine:
    """The line of an order over ``amount`` of the product that the shop keeps for charges.

    Raises InvalidInput (field ``chargeSku``) when there is no such product in the order's channel, or it would be
    shipped or counted.
    """
    offer = next((one for one in search_offers(order, sku) if one.sku == sku), None) if sku else None
    if offer is None:
        raise InvalidInput(_("Please enter in the settings which product stands for charges."), "chargeSku")
    if offer.ships or offer.available is not None:
        raise InvalidInput(
            _("A product for charges must not need shipping, nor may its stock be counted."), "chargeSku"
        )
    return ReplacementLine(offer.variant_id, 1, offer.name, amount, None, offer.product_id, offer.sku, asked=None)


def quote_again(row: Replacement, chosen: Mapping[int, str]) -> Quote:
    """What other goods would cost in place of those that were promised; ``chosen`` has variants by ReturnLine key.

    The credit, and the worth of lines that are not in ``chosen``, stay as promised. One request to Saleor.

    Raises InvalidInput (field ``lines``) for another case's line, or what the shop does not sell there.
    """
    promised = lines_of(row)
    if not chosen or set(chosen) - {line.return_line for line in promised}:
        raise InvalidInput(_("This item is not part of the exchange."), "lines")
    offers = offers_of(row.order, [*chosen.values(), *(line.variant_id for line in promised)])
    lines, in_stock = [], True
    for line in promised:
        variant = chosen.get(line.return_line or 0, line.variant_id)
        offer = offers.get(variant)
        if offer is None or offer.is_gift_card:
            raise InvalidInput(_("The shop does not sell this here."), "lines")
        in_stock &= offer.has(line.quantity)
        lines.append(line if variant == line.variant_id else _instead(line, offer, offers.get(line.variant_id)))
    return Quote(tuple(lines), in_stock)


def _instead(line: ReplacementLine, offer: Offer, before: Offer | None) -> ReplacementLine:
    """``offer`` in place of a promised line: within the product, today's difference to what was promised counts."""
    asked = before.price if before is not None else line.asked
    same_product = asked is not None and offer.product_id == line.product_id
    return ReplacementLine(
        variant_id=offer.variant_id,
        quantity=line.quantity,
        name=offer.name,
        worth=unit_worth(
            credit=line.worth, list_price=offer.price, replaced_list_price=asked if same_product else None
        ),
        return_line=line.return_line,
        product_id=offer.product_id,
        sku=offer.sku,
        asked=offer.price,
    )
