"""A whole policy as somebody sends it: read and checked, and stored as rows.

A document has the fields of ``rules.Policy`` and ``rules.Rule``, amounts as lists of ``{amount, currency}``. Whatever
is wrong with it is an InvalidInput that names the place, such as ``rules.2.window_days``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final, TypeVar

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from saleor_aftercare.core import texts
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.countries import COUNTRY_NAMES
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money

from .law import EEA_COUNTRIES, WITHDRAWAL_DAYS
from .models import (
    AfterWindow,
    Exclusion,
    Preset,
    Resolution,
    ReturnPolicy,
    ReturnRule,
    ReturnShippingPayer,
    TenderOrder,
    WindowStart,
)
from .rules import Policy, ReturnAddress, Rule

MAX_RULES: Final = 100
MAX_VALUES: Final = 1000  #: of one condition
MAX_METADATA: Final = 10
MAX_ADDRESSES: Final = 20
MAX_STATEMENT: Final = 5000
MAX_CURRENCIES: Final = 50
MAX_DAYS: Final = 3650

#: Conditions and the longest value that their columns hold.
_CONDITIONS: Final = {"channels": 100, "product_types": 200, "collections": 255, "products": 60, "skus": 255}

E = TypeVar("E", bound=Enum)
Document = Mapping[str, Any]


def read_policy(document: Document, *, reasons: Collection[str]) -> Policy:
    """The document as rules; ``reasons`` are the codes of the shop's catalogue.

    Raises InvalidInput naming the field.
    """
    enabled = bool(document["withdrawal_enabled"])
    countries = _countries(document["withdrawal_countries"], "withdrawal_countries")
    days = _whole(document["withdrawal_days"], "withdrawal_days", 1, 365)
    if enabled and not countries.isdisjoint(EEA_COUNTRIES) and days < WITHDRAWAL_DAYS:
        raise InvalidInput(
            _("In the European Union the law gives consumers at least %(days)d days.") % {"days": WITHDRAWAL_DAYS},
            "withdrawal_days",
        )
    most = document.get("auto_approve_max_returns")
    return Policy(
        rules=_rules(document["rules"]),
        preset=_member(Preset, document["preset"], "preset"),
        auto_approve=bool(document["auto_approve"]),
        auto_approve_limit=_amounts(document["auto_approve_limit"], "auto_approve_limit"),
        auto_approve_reasons=_codes(document["auto_approve_reasons"], reasons, "auto_approve_reasons"),
        auto_approve_max_returns=None if most is None else _whole(most, "auto_approve_max_returns", 0, 1000),
        keep_item_limit=_amounts(document["keep_item_limit"], "keep_item_limit"),
        evidence=_evidence(document["evidence"], reasons),
        refund_original_shipping=bool(document["refund_original_shipping"]),
        withdrawal_enabled=enabled,
        withdrawal_countries=countries,
        withdrawal_days=days,
        return_addresses=_addresses(document["return_addresses"]),
        ship_within_days=_whole(document["ship_within_days"], "ship_within_days", 1, 365),
        advance_exchange_days=_whole(document["advance_exchange_days"], "advance_exchange_days", 1, 365),
        tender_order=_member(TenderOrder, document["tender_order"], "tender_order"),
        statement=_statement(document["statement"]),
    )


def _rules(entries: Sequence[Document]) -> tuple[Rule, ...]:
    if not entries:
        raise InvalidInput(_("There must be at least one rule."), "rules")
    if len(entries) > MAX_RULES:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_RULES}, "rules")
    rules = tuple(_rule(entry, n) for n, entry in enumerate(entries))
    last = len(rules) - 1
    for n, rule in enumerate(rules):
        if n == last and not rule.is_for_everything:
            raise InvalidInput(_("The last rule must be for everything: leave its conditions empty."), f"rules.{n}")
        if n < last and rule.is_for_everything:
            raise InvalidInput(
                _("A rule without conditions would hide the rules after it; only the last one may be so."), f"rules.{n}"
            )
    return rules


def _rule(entry: Document, n: int) -> Rule:
    at = f"rules.{n}"
    exclusion = _member(Exclusion, entry["exclusion"] or "", f"{at}.exclusion")
    conditions = {name: _values(entry[name], f"{at}.{name}", longest=longest) for name, longest in _CONDITIONS.items()}
    resolutions = tuple(
        dict.fromkeys(_member(Resolution, one, f"{at}.resolutions.{i}") for i, one in enumerate(entry["resolutions"]))
    )
    if not resolutions and not exclusion:
        raise InvalidInput(_("Please choose at least one thing that customers may ask for."), f"{at}.resolutions")
    return Rule(
        position=n,
        name=texts.one_line(str(entry["name"]), f"{at}.name", limit=100),
        countries=_countries(entry["countries"], f"{at}.countries"),
        metadata=_metadata(entry["metadata"], f"{at}.metadata"),
        digital=bool(entry["digital"]),
        exclusion=exclusion,
        window_days=_whole(entry["window_days"], f"{at}.window_days", 0, MAX_DAYS),
        window_from=_member(WindowStart, entry["window_from"], f"{at}.window_from"),
        grace_days=_whole(entry["grace_days"], f"{at}.grace_days", 0, 365),
        after_window=_member(AfterWindow, entry.get("after_window") or AfterWindow.ASK_STAFF, f"{at}.after_window"),
        who_pays=_member(ReturnShippingPayer, entry["who_pays"], f"{at}.who_pays"),
        return_fee=_amounts(entry["return_fee"], f"{at}.return_fee"),
        restocking_percent=_percent(entry["restocking_percent"], f"{at}.restocking_percent"),
        resolutions=resolutions,
        store_credit_bonus_percent=_percent(entry["store_credit_bonus_percent"], f"{at}.store_credit_bonus_percent"),
        **conditions,
    )


def _values(entries: Iterable[object], field: str, *, longest: int) -> frozenset[str]:
    values = frozenset(texts.one_line(str(one), f"{field}.{n}", limit=longest) for n, one in enumerate(entries)) - {""}
    if len(values) > MAX_VALUES:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_VALUES}, field)
    return values


def _countries(entries: Iterable[object], field: str) -> frozenset[str]:
    codes = [str(one).strip().upper() for one in entries]
    for n, code in enumerate(codes):
        if code not in COUNTRY_NAMES:
            raise InvalidInput(_("Not a country code such as DE or JP."), f"{field}.{n}")
    return frozenset(codes)


def _metadata(entries: Sequence[Document], field: str) -> dict[str, str]:
    if len(entries) > MAX_METADATA:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_METADATA}, field)
    found: dict[str, str] = {}
    for n, entry in enumerate(entries):
        key = texts.one_line(str(entry["key"]), f"{field}.{n}.key", limit=100, required=True)
        if key in found:
            raise InvalidInput(_("This key is listed twice."), f"{field}.{n}.key")
        found[key] = texts.one_line(str(entry["value"]), f"{field}.{n}.value", limit=200)
    return found


def _amounts(entries: Sequence[Document], field: str) -> dict[str, Decimal]:
    if len(entries) > MAX_CURRENCIES:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_CURRENCIES}, field)
    found: dict[str, Decimal] = {}
    for n, entry in enumerate(entries):
        currency = str(entry["currency"]).strip().upper()
        money = Money.of(entry["amount"], currency, field=f"{field}.{n}.amount")
        if currency in found:
            raise InvalidInput(_("This currency is listed twice."), f"{field}.{n}.currency")
        found[currency] = money.amount
    return found


def _evidence(entries: Sequence[Document], reasons: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for n, entry in enumerate(entries):
        code = str(entry["reason"])
        if code not in reasons or code in found:
            raise InvalidInput(_("Please choose a reason."), f"evidence.{n}.reason")
        photos = _whole(entry["photos"], f"evidence.{n}.photos", 0, MAX_FILES)
        if photos:
            found[code] = photos
    return found


def _codes(entries: Iterable[object], known: Collection[str], field: str) -> frozenset[str]:
    for n, code in enumerate(codes := [str(one) for one in entries]):
        if code not in known:
            raise InvalidInput(_("Please choose a reason."), f"{field}.{n}")
    return frozenset(codes)


def _addresses(entries: Sequence[Document]) -> tuple[ReturnAddress, ...]:
    if len(entries) > MAX_ADDRESSES:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_ADDRESSES}, "return_addresses")
    found: list[ReturnAddress] = []
    taken: set[str] = set()
    for n, entry in enumerate(entries):
        at = f"return_addresses.{n}"
        countries = _countries(entry["countries"], f"{at}.countries")
        if not countries:
            raise InvalidInput(_("Please name at least one country."), f"{at}.countries")
        if countries & taken:
            raise InvalidInput(_("A country is listed twice."), f"{at}.countries")
        taken |= countries
        try:
            address = PostalAddress.from_json(entry["address"])
        except InvalidInput as error:
            raise InvalidInput(error.message, f"{at}.address.{error.field}") from None
        if lacking := address.missing():
            raise InvalidInput(_("Please fill in this field."), f"{at}.address.{lacking[0]}")
        found.append(ReturnAddress(countries=countries, address=address))
    return tuple(found)


def _statement(entries: Sequence[Document]) -> dict[str, str]:
    found: dict[str, str] = {}
    for n, entry in enumerate(entries):
        language = str(entry["language"]).lower()
        if language not in LANGUAGES or language in found:
            raise InvalidInput(_("Not a language of this app."), f"statement.{n}.language")
        text = texts.paragraphs(str(entry["text"]), f"statement.{n}.text", limit=MAX_STATEMENT, required=False)
        if text:
            found[language] = text
    return found


def _whole(value: Any, field: str, low: int, high: int) -> int:
    if not isinstance(value, int):
        raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": low, "high": high}, field)
    return texts.whole_number(value, field, low=low, high=high)


def _percent(value: Any, field: str) -> Decimal:
    try:
        percent = Decimal(str(value))
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != round(percent, 2):
        raise InvalidInput(_("A percentage from 0 to 100, with at most two decimals."), field)
    return round(percent, 2)


def _member(choices: type[E], value: Any, field: str) -> E:
    try:
        return choices(value)
    except ValueError:
        raise InvalidInput(_("Not one of the choices."), field) from None


# -- rows --------------------------------------------------------------------------------------------------------------


def store(shop: Shop, policy: Policy, *, version: int, at: datetime, created_by: str = "") -> ReturnPolicy:
    """Write a version with its rules, in the caller's transaction; the row comes with ``rules`` prefetched."""
    row = ReturnPolicy.objects.create(
        shop=shop,
        version=version,
        created_at=at,
        created_by=created_by[:200],
        preset=policy.preset,
        auto_approve=policy.auto_approve,
        auto_approve_limit=_plain(policy.auto_approve_limit),
        auto_approve_reasons=sorted(policy.auto_approve_reasons),
        auto_approve_max_returns=policy.auto_approve_max_returns,
        keep_item_limit=_plain(policy.keep_item_limit),
        evidence=dict(policy.evidence),
        refund_original_shipping=policy.refund_original_shipping,
        withdrawal_enabled=policy.withdrawal_enabled,
        withdrawal_countries=sorted(policy.withdrawal_countries),
        withdrawal_days=policy.withdrawal_days,
        return_addresses=[
            {"countries": sorted(entry.countries), "address": entry.address.to_json()}
            for entry in policy.return_addresses
        ],
        ship_within_days=policy.ship_within_days,
        advance_exchange_days=policy.advance_exchange_days,
        tender_order=policy.tender_order,
        statement=dict(policy.statement),
    )
    ReturnRule.objects.bulk_create(_rule_row(row, rule) for rule in policy.rules)
    prefetch_related_objects([row], "rules")
    return row


def _rule_row(policy: ReturnPolicy, rule: Rule) -> ReturnRule:
    return ReturnRule(
        policy=policy,
        position=rule.position,
        name=rule.name,
        channels=sorted(rule.channels),
        countries=sorted(rule.countries),
        product_types=sorted(rule.product_types),
        collections=sorted(rule.collections),
        products=sorted(rule.products),
        skus=sorted(rule.skus),
        metadata=dict(rule.metadata),
        digital=rule.digital,
        exclusion=rule.exclusion,
        window_days=rule.window_days,
        window_from=rule.window_from,
        grace_days=rule.grace_days,
        after_window=rule.after_window,
        who_pays=rule.who_pays,
        return_fee=_plain(rule.return_fee),
        restocking_percent=rule.restocking_percent,
        resolutions=[str(one.value) for one in rule.resolutions],
        store_credit_bonus_percent=rule.store_credit_bonus_percent,
    )


def _plain(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amount:f}" for currency, amount in sorted(amounts.items())}
