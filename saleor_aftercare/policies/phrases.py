"""The sentences that a rule says, in the present language; ``words`` puts them together."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_aftercare.core.countries import COUNTRY_NAMES
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.core.money import Money

from .law import EEA_COUNTRIES
from .models import AfterWindow, Exclusion, Resolution, ReturnShippingPayer, WindowStart
from .rules import Rule


def scope_sentences(rule: Rule, language: str) -> list[str]:
    """What the rule is for, as far as a customer can tell."""
    found = []
    if rule.countries:
        found.append(
            _("This holds for deliveries to: %(places)s.") % {"places": countries_in_words(rule.countries, language)}
        )
    if rule.product_types:
        found.append(_("This holds for: %(goods)s.") % {"goods": listed(sorted(rule.product_types))})
    if rule.digital:
        found.append(_("This holds for what is not sent in a parcel."))
    if rule.collections or rule.products or rule.skus or rule.metadata or rule.channels:
        found.append(_("This holds for certain items; the page of your order says which rule is for each item."))
    return found


def exclusion_sentence(exclusion: Exclusion) -> str:
    """Why goods are excluded; raises KeyError for goods that are not."""
    return {
        Exclusion.FINAL_SALE: _("These items are sold for good and cannot be returned."),
        Exclusion.HYGIENE: _("For reasons of hygiene these items cannot be returned once their seal was opened."),
        Exclusion.CUSTOM_MADE: _("Items made to your specifications cannot be returned."),
        Exclusion.PERISHABLE: _("Items that spoil or expire quickly cannot be returned."),
        Exclusion.DIGITAL: _("Digital content cannot be returned once it was supplied."),
        Exclusion.SEALED_MEDIA: _("Recordings and software cannot be returned once their seal was opened."),
    }[exclusion]


def window_sentence(rule: Rule) -> str:
    """Until when an item may be returned: the same days that ``rules.window_end`` counts."""
    days = rule.window_days
    text = {
        WindowStart.DELIVERED: ngettext(
            "You may return them until %(days)d day after delivery.",
            "You may return them until %(days)d days after delivery.",
            days,
        ),
        WindowStart.DISPATCHED: ngettext(
            "You may return them until %(days)d day after dispatch.",
            "You may return them until %(days)d days after dispatch.",
            days,
        ),
        WindowStart.ORDERED: ngettext(
            "You may return them until %(days)d day after your order.",
            "You may return them until %(days)d days after your order.",
            days,
        ),
    }[rule.window_from]
    return text % {"days": days}


def window_details(rule: Rule) -> list[str]:
    """How the days are counted, and what comes after them."""
    counted = (
        _("The last day counts.")
        if rule.window_from == WindowStart.ORDERED
        else _("The last day counts. When an item comes in several parcels, the last parcel counts.")
    )
    return [counted, *refusal_sentences(rule)]


def refusal_sentences(rule: Rule) -> list[str]:
    """That nothing is taken back later, where the rule says so; rights by law have no such end."""
    if rule.after_window != AfterWindow.REFUSE:
        return []
    return [_("After that we do not take them back. Your rights by law remain, also for faulty items.")]


def payer_sentence(rule: Rule) -> str:
    """Who pays the way back."""
    if rule.who_pays == ReturnShippingPayer.MERCHANT:
        return _("We pay for the way back.")
    return _("You pay for the way back, unless the item is faulty, wrong or arrived damaged: then we do.")


def fee_sentences(rule: Rule, language: str) -> list[str]:
    """What is kept back; nothing where nothing is."""
    found = []
    fees = [Money(amount, currency).format(language) for currency, amount in sorted(rule.return_fee.items()) if amount]
    if fees:
        found.append(_("For each return we keep a fee of %(amounts)s.") % {"amounts": either(fees)})
    if rule.restocking_percent:
        found.append(
            _("We keep %(percent)s%% of the price for putting the item back into stock.")
            % {"percent": percent_in_words(rule.restocking_percent)}
        )
    if found:
        found.append(_("No fee is kept for faulty, wrong or damaged items, and none on a statutory withdrawal."))
    return found


def choice_sentences(rule: Rule) -> list[str]:
    """What the customer may choose between."""
    found = [
        _("You may choose between: %(choices)s.")
        % {"choices": listed([str(Resolution(one).label) for one in rule.resolutions])}
        if len(rule.resolutions) > 1
        else _("What you get: %(choice)s.") % {"choice": Resolution(rule.resolutions[0]).label}
    ]
    if Resolution.STORE_CREDIT in rule.resolutions and rule.store_credit_bonus_percent:
        found.append(
            _("With store credit you get %(percent)s%% more.")
            % {"percent": percent_in_words(rule.store_credit_bonus_percent)}
        )
    return found


def countries_in_words(codes: Collection[str], language: str) -> str:
    """Names of countries as a reader of ``language`` expects them; the EEA by its own name when all of it is meant."""
    names = Locale.parse(supported_language(language)).territories
    left = set(codes)
    found = []
    if left >= EEA_COUNTRIES:
        found.append(_("the European Economic Area"))
        left -= EEA_COUNTRIES
    found += sorted(str(names.get(code) or COUNTRY_NAMES.get(code, code)) for code in left)
    return listed(found)


def percent_in_words(percent: Decimal) -> str:
    """Without superfluous zeros.

    >>> percent_in_words(Decimal("5.00")), percent_in_words(Decimal("12.50"))
    ('5', '12.5')
    """
    return f"{percent.normalize():f}"


def listed(parts: Collection[str]) -> str:
    """The parts, separated as the language separates them."""
    return _(", ").join(parts)


def either(parts: Collection[str]) -> str:
    """One of the parts, whichever applies."""
    return _(" / ").join(parts)
