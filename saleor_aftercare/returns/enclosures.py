"""Papers for the outgoing parcel: a return form with a label, per order or for everything that is dispatched today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import links
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, Refused
from saleor_aftercare.core.languages import Language, supported_language
from saleor_aftercare.core.models import Shop
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import Exclusion, ReturnPolicy
from saleor_aftercare.policies.rules import reason_text
from saleor_aftercare.policies.words import anchor_of, policy_page, return_clause, rules_for
from saleor_aftercare.printing.return_form import FormItem, ReturnForm, render_return_forms

from .eligibility import LineEligibility, eligibilities

#: Sheets in one file: a print run, not an archive.
MAX_FORMS: Final = 100


def print_return_forms(shop: Shop, *, orders: Iterable[int], at: datetime) -> bytes:
    """The return forms of these orders (their keys) as one PDF, a sheet each; raises as :func:`return_forms`."""
    return render_return_forms(return_forms(shop, orders=orders, at=at))


def return_forms(shop: Shop, *, orders: Iterable[int], at: datetime) -> list[ReturnForm]:
    """What stands on the return forms of these orders (their keys), in the order given.

    Each in its customer's language, with the rules in force now. As many queries however many orders, and one more for
    each language.

    Raises:
        InvalidInput: ``orders`` is empty, longer than 100, or names one that is not of this shop.
        Refused: an order without an address, or the shop has no return address.
    """
    keys = list(dict.fromkeys(orders))
    if not 0 < len(keys) <= MAX_FORMS:
        raise InvalidInput(_("Choose 1 to %(limit)d orders.") % {"limit": MAX_FORMS}, "orders")
    rows = {row.pk: row for row in Order.objects.filter(shop=shop, pk__in=keys).select_related("shop__settings")}
    if len(rows) != len(keys):
        raise InvalidInput(_("There is no such order."), "orders")
    policy = policies.policy_of(shop)
    lines = eligibilities(rows.values(), at=at, policy=policy)
    papers = _Papers(shop, policy, at)
    return [papers.form(rows[pk], lines[pk]) for pk in keys]


def orders_to_dispatch(shop: Shop, *, at: datetime, days: int = 1, limit: int = MAX_FORMS) -> list[Order]:
    """Orders that were placed and not shipped yet, or shipped in the last ``days``, newest first: packed now."""
    recently = Q(fulfillments__shipped_at__gte=at - timedelta(days=days), fulfillments__dispatched=True)
    waiting = Q(status__in=["UNFULFILLED", "PARTIALLY_FULFILLED"])
    rows = Order.objects.filter(recently | waiting, shop=shop).distinct()
    return list(rows.order_by("-placed_at", "-id")[:limit])


class _Papers:
    """What the forms of one print run share, read once per language."""

    def __init__(self, shop: Shop, policy: ReturnPolicy, at: datetime) -> None:
        self.shop, self.policy, self.at = shop, policy, at
        self.settings = shop.settings
        self.rules = policies.as_rules(policy)
        self._reasons: dict[Language, tuple[str, ...]] = {}

    def form(self, order: Order, lines: list[LineEligibility]) -> ReturnForm:
        """One order's form."""
        language = supported_language(order.language, default=self.settings.default_language)
        address = order.shipping_address or order.billing_address
        if not address:
            raise Refused(_("Order %(number)s has no address.") % {"number": order.number}, "orders")
        customer = PostalAddress.from_json(address)
        goods = [one for one in lines if one.order_line.quantity]
        with translation.override(language):
            return ReturnForm(
                order_number=order.number,
                url=links.order(self.shop, order.number),
                customer=customer,
                recipient=policies.return_address_for(self.shop, self.policy, customer.country),
                items=tuple(_item(one) for one in goods),
                reasons=self._reasons_in(language),
                wishes=_wishes(goods),
                who_pays=_who_pays(goods),
                terms=self._terms(language, customer.country, order.channel),
                until=None,
                issued_on=self.at.astimezone(ZoneInfo(self.settings.time_zone)).date(),
                language=language,
                shop_name=self.settings.sender_name or self.shop.name,
            )

    def _terms(self, language: Language, country: str, channel: str) -> str:
        """In Japan the clause that the law wants shown; elsewhere what the policy says of most goods."""
        if country == "JP":
            clause = return_clause(self.rules, language, channel=channel)
            return " ".join(f"【{label}】{text}" for label, text in clause.items)
        general = rules_for(self.rules, country, channel)[-1]
        page = policy_page(self.rules, language, country, channel=channel, reasons={})
        section = next((one for one in page.sections if one.anchor == anchor_of(general)), None)
        return " ".join(section.sentences) if section else ""

    def _reasons_in(self, language: Language) -> tuple[str, ...]:
        if language not in self._reasons:
            found = policies.reasons_of(self.shop, staff=False, language=language, policy=self.policy)
            self._reasons[language] = tuple(one.label for one in found)
        return self._reasons[language]


def _item(one: LineEligibility) -> FormItem:
    line = one.order_line
    name = " ".join(filter(None, (line.product_name, line.variant_name)))
    note = ""
    if line.is_gift_card:
        note = reason_text("gift_card")
    elif one.judgement.exclusion != Exclusion.NONE:
        note = reason_text(one.judgement.exclusion.value)
    return FormItem(name, line.sku, line.quantity, note)


def _wishes(goods: list[LineEligibility]) -> tuple[str, ...]:
    offered = dict.fromkeys(choice for one in goods for choice in one.judgement.resolutions)
    return tuple(str(choice.label) for choice in offered)


def _who_pays(goods: list[LineEligibility]) -> str:
    payers = {one.judgement.who_pays for one in goods}
    if len(payers) == 1:
        return str(payers.pop().label)
    return _("Who pays the way back depends on the item.")
