"""A shop's promises in plain words: the public policy page, and the return clause of Japanese law.

Written from the same rules that judge, so that nobody can promise one thing and do another. What is silent stays
silent: grace, limits for keeping goods, and the limits of automatic approval are no promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saleor_aftercare.core.languages import supported_language

from .law import EEA_COUNTRIES, REFUND_DAYS, SEND_BACK_DAYS, guarantee_years
from .models import AfterWindow, Exclusion, Preset, Resolution, TenderOrder
from .phrases import (
    choice_sentences,
    countries_in_words,
    exclusion_sentence,
    fee_sentences,
    listed,
    payer_sentence,
    refusal_sentences,
    scope_sentences,
    window_details,
    window_sentence,
)
from .reasons import in_language
from .rules import Policy, Rule


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with its sentences; ``anchor`` names it in links, and stays the same in every language."""

    anchor: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The whole policy, as a customer reads it."""

    language: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """The return clause (返品特約): what 特定商取引法 art. 15-3 wants shown in the offer and on the last screen."""

    title: str
    items: tuple[tuple[str, str], ...]  #: label and text


def policy_page(
    policy: Policy,
    language: str,
    country: str | None = None,
    *,
    channel: str | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Page:
    """The policy in plain sentences, in ``language``.

    With ``country`` and ``channel`` only what may hold there; without, everything. ``reasons`` are the labels of the
    reasons whose evidence the policy asks for.
    """
    code = supported_language(language)
    with translation.override(code):
        sections = [_own_words(policy, code)]
        sections += [_rule_section(rule, policy, code) for rule in rules_for(policy, country, channel)]
        sections += [_request(policy, reasons or {}), _money(policy), _withdrawal(policy, code, country)]
        sections += [_guarantee(country), _clause_section(policy, code, country, channel)]
    return Page(language=code, sections=tuple(section for section in sections if section is not None))


def rules_for(policy: Policy, country: str | None, channel: str | None) -> list[Rule]:
    """The rules that may decide for deliveries to ``country`` from ``channel``; None means anywhere."""
    return [
        rule
        for rule in policy.rules
        if (not country or not rule.countries or country in rule.countries)
        and (not channel or not rule.channels or channel in rule.channels)
    ]


def anchor_of(rule: Rule) -> str:
    """Where a rule stands on the policy page."""
    return f"rule-{rule.position + 1}"


def _own_words(policy: Policy, language: str) -> Section | None:
    text = in_language(policy.statement, language)
    paragraphs = tuple(part.strip() for part in text.split("\n") if part.strip())
    return Section(anchor="about", title=_("In our own words"), sentences=paragraphs) if paragraphs else None


def _rule_section(rule: Rule, policy: Policy, language: str) -> Section:
    sentences = scope_sentences(rule, language)
    if rule.exclusion:
        sentences += [exclusion_sentence(rule.exclusion), _("Your rights remain if such an item is faulty.")]
    else:
        sentences += [window_sentence(rule), *window_details(rule)]
        sentences += [payer_sentence(rule), *fee_sentences(rule, language), *choice_sentences(rule)]
    return Section(anchor=anchor_of(rule), title=_title(rule, policy), sentences=tuple(sentences))


def _title(rule: Rule, policy: Policy) -> str:
    if rule.name:
        return rule.name
    if rule.exclusion:
        return str(Exclusion(rule.exclusion).label)
    if rule.is_for_everything:
        return _("All items") if len(policy.rules) == 1 else _("All other items")
    return _("Certain items")


# -- what holds for all ------------------------------------------------------------------------------------------------


def _request(policy: Policy, reasons: Mapping[str, str]) -> Section:
    sentences = [
        _("Requests within these rules are often approved at once; others we look at in person.")
        if policy.auto_approve
        else _("We look at every request before we approve it."),
        *_late(policy),
        ngettext(
            "After the approval please send the parcel within %(days)d day.",
            "After the approval please send the parcel within %(days)d days.",
            policy.ship_within_days,
        )
        % {"days": policy.ship_within_days},
    ]
    for code, photos in sorted(policy.evidence.items()):
        if photos:
            sentences.append(
                ngettext(
                    "For the reason “%(reason)s” please add %(photos)d photo.",
                    "For the reason “%(reason)s” please add %(photos)d photos.",
                    photos,
                )
                % {"reason": reasons.get(code, code), "photos": photos}
            )
    if any(Resolution.EXCHANGE in rule.resolutions for rule in policy.rules):
        sentences.append(
            ngettext(
                "When we send an exchange in advance, please send the first item back within %(days)d day.",
                "When we send an exchange in advance, please send the first item back within %(days)d days.",
                policy.advance_exchange_days,
            )
            % {"days": policy.advance_exchange_days}
        )
    return Section(anchor="request", title=_("How to return something"), sentences=tuple(sentences))


def _late(policy: Policy) -> list[str]:
    """That asking late is worth it, where it is; rules that refuse say so themselves."""
    lenient = {rule.after_window == AfterWindow.ASK_STAFF for rule in policy.rules if not rule.exclusion}
    if lenient == {True}:
        return [_("When the period has passed, ask us all the same: we look at your request in person.")]
    if lenient == {True, False}:
        return [_("When the period has passed, ask us all the same, unless a rule above says otherwise.")]
    return []


def _money(policy: Policy) -> Section:
    return Section(
        anchor="money",
        title=_("What you get back"),
        sentences=(
            _("You get back what you paid for the items, after discounts, with tax."),
            _("When the whole order comes back, we also refund the delivery costs.")
            if policy.refund_original_shipping
            else _("We do not refund the delivery costs of the order, except on a statutory withdrawal or for faults."),
            _("When you paid with a gift card and something else, the gift card gets its part back first.")
            if policy.tender_order == TenderOrder.GIFT_CARD_FIRST
            else _("When you paid with a gift card and something else, the gift card gets its part back last."),
        ),
    )


def _withdrawal(policy: Policy, language: str, country: str | None) -> Section | None:
    if not policy.withdrawal_enabled or not policy.withdrawal_countries:
        return None
    if country and country not in policy.withdrawal_countries:
        return None
    sentences = (
        []
        if country
        else [
            _("This right exists for deliveries to: %(places)s.")
            % {"places": countries_in_words(policy.withdrawal_countries, language)}
        ]
    )
    sentences += [
        ngettext(
            "As a consumer you may withdraw from the contract within %(days)d day of receiving the last item,"
            " and at any time before, without giving a reason.",
            "As a consumer you may withdraw from the contract within %(days)d days of receiving the last item,"
            " and at any time before, without giving a reason.",
            policy.withdrawal_days,
        )
        % {"days": policy.withdrawal_days},
        _("A withdrawal needs no approval and costs no fee."),
        _(
            "We pay back everything you paid for these items, standard delivery included, within %(days)d days,"
            " by the means you paid with; we may wait until the items, or your proof of sending them, are here."
        )
        % {"days": REFUND_DAYS},
        _("Please send the items back within %(days)d days of your declaration.") % {"days": SEND_BACK_DAYS},
        _("Where we do not pay for the way back, you bear its direct cost."),
        _("You are liable for lost value only where you did more with an item than trying it out needs."),
    ]
    excluded = {rule.exclusion for rule in policy.rules} - {Exclusion.NONE, Exclusion.FINAL_SALE}
    if excluded:
        labels = [str(one.label) for one in Exclusion if one in excluded]
        sentences.append(_("The law makes exceptions for: %(goods)s.") % {"goods": listed(labels)})
    return Section(anchor="withdrawal", title=_("Statutory right of withdrawal"), sentences=tuple(sentences))


def _guarantee(country: str | None) -> Section:
    sentences = [
        _("For items that are faulty, wrong or not as described the seller is liable by law, whatever stands above."),
        _("Tell us, also when the return period has passed or the item is excluded: it costs you nothing."),
    ]
    years = guarantee_years(country) if country else None
    if country in EEA_COUNTRIES and years is not None:
        sentences.append(
            _("In your country this holds for faults that show within %(years)d years of delivery.") % {"years": years}
        )
    if country == "JP":
        sentences.append(_("Please tell us within a year of noticing it."))
    return Section(anchor="guarantee", title=_("Faulty items"), sentences=tuple(sentences))


# -- Japan -----------------------------------------------------------------------------------------------------------


def return_clause(policy: Policy, language: str, *, channel: str | None = None) -> Clause:
    """The clause as 特定商取引法 art. 15-3 with its enforcement rules wants it: whether, until when, on whose cost.

    For the offer and for the last screen before the order is placed (art. 12-6), where it must be easy to notice.
    Goods delivered in Japan; the general rule first, what differs from it after it.
    """
    with translation.override(supported_language(language)):
        rules = rules_for(policy, "JP", channel)
        general, others = rules[-1], rules[:-1]
        kept = [_("%(name)s: %(text)s") % {"name": _title(rule, policy), "text": _differs(rule)} for rule in others]
        items = [
            (
                _("Returns"),
                _exclusion_or(general, _("We accept returns for the customer's convenience under these conditions.")),
            ),
            (_("Period"), _exclusion_or(general, " ".join((window_sentence(general), *refusal_sentences(general))))),
            (_("Return shipping"), _exclusion_or(general, payer_sentence(general))),
        ]
        fees = [] if general.exclusion else fee_sentences(general, supported_language(language))
        if fees:
            items.append((_("Fees"), " ".join(fees)))
        if kept:
            items.append((_("Exceptions"), " ".join(kept)))
        items.append(
            (
                _("Faulty or wrong items"),
                _("We exchange, repair or refund them at our cost, also after this period. Please tell us."),
            )
        )
        return Clause(title=_("Returns and exchanges (return clause)"), items=tuple(items))


def _exclusion_or(rule: Rule, text: str) -> str:
    return exclusion_sentence(rule.exclusion) if rule.exclusion else text


def _differs(rule: Rule) -> str:
    if rule.exclusion:
        return exclusion_sentence(rule.exclusion)
    return " ".join((window_sentence(rule), *refusal_sentences(rule), payer_sentence(rule)))


def _clause_section(policy: Policy, language: str, country: str | None, channel: str | None) -> Section | None:
    if country != "JP" and not (country is None and policy.preset == Preset.JAPAN):
        return None
    clause = return_clause(policy, language, channel=channel)
    return Section(
        anchor="clause",
        title=clause.title,
        sentences=tuple(_("%(name)s: %(text)s") % {"name": label, "text": text} for label, text in clause.items),
    )
