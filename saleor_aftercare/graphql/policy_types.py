"""What a shop promises, as types: enums, rules, reasons, and the policy in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import graphene

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.money import Money
from saleor_aftercare.policies.models import (
    AfterWindow,
    Exclusion,
    Fault,
    LegalBasis,
    Preset,
    Resolution,
    ReturnPolicy,
    ReturnShippingPayer,
    TenderOrder,
    WindowStart,
)
from saleor_aftercare.policies.queries import as_rules
from saleor_aftercare.policies.reasons import Choice, Question, Reason
from saleor_aftercare.policies.rules import Policy, ReturnAddress, Rule
from saleor_aftercare.policies.words import Clause

from .core.scalars import DateTimeType, DecimalType, MoneyType, enum_from

ReturnShippingPayerEnum = enum_from(
    ReturnShippingPayer,
    {"CUSTOMER": "The customer pays.", "MERCHANT": "The shop pays."},
    "Who pays the way back.",
)
LegalBasisEnum = enum_from(
    LegalBasis,
    {
        "WITHDRAWAL": "Statutory withdrawal: no reason, no approval, no fee.",
        "VOLUNTARY": "The shop takes goods back by its own rules.",
        "EXCHANGE": "The shop exchanges goods by its own rules.",
        "GUARANTEE": "The seller is liable for faults: it costs the customer nothing.",
        "WARRANTY": "Somebody promised more than the law gives.",
        "GOODWILL": "Nothing obliges the shop; a person decided.",
    },
    "Why goods may come back.",
)
ResolutionEnum = enum_from(
    Resolution,
    {
        "REFUND": "Money, to the original means of payment.",
        "STORE_CREDIT": "A gift card of the shop.",
        "EXCHANGE": "The same goods again, or others.",
        "REPAIR": "The goods come home mended.",
    },
    "What the customer gets for what comes back.",
)
FaultEnum = enum_from(
    Fault,
    {"MERCHANT": "The seller's.", "CARRIER": "The carrier's.", "CUSTOMER": "Nobody's but the customer's."},
    "Whose doing a reason is.",
    name="ReturnFault",
)
ExclusionEnum = enum_from(
    Exclusion,
    {
        "NONE": "Not excluded.",
        "FINAL_SALE": "Sold for good, by the shop's own decision.",
        "HYGIENE": "Sealed goods that hygiene forbids to take back once opened.",
        "CUSTOM_MADE": "Made to the customer's specifications.",
        "PERISHABLE": "Spoils or expires quickly.",
        "DIGITAL": "Digital content that was supplied.",
        "SEALED_MEDIA": "Sealed recordings or software that was opened.",
    },
    "Why goods are excluded; all but FINAL_SALE are exceptions to the right of withdrawal, too.",
    name="ReturnExclusion",
)
WindowStartEnum = enum_from(
    WindowStart,
    {
        "DELIVERED": "The last parcel's arrival.",
        "DISPATCHED": "The last parcel's dispatch.",
        "ORDERED": "The day of the order.",
    },
    "What the return window is counted from.",
    name="ReturnWindowStart",
)
AfterWindowEnum = enum_from(
    AfterWindow,
    {
        "ASK_STAFF": "Staff look at it.",
        "REFUSE": "It is refused, except for faulty goods and while the customer may withdraw.",
    },
    "What becomes of a request after the return window.",
    name="ReturnAfterWindow",
)
PresetEnum = enum_from(
    Preset,
    {
        "EU": "European Union.",
        "JAPAN": "Japan.",
        "US": "United States.",
        "CUSTOM": "The shop's own.",
    },
    "The defaults that a set of rules grew from.",
    name="ReturnPolicyPreset",
)
TenderOrderEnum = enum_from(
    TenderOrder,
    {"GIFT_CARD_FIRST": "The gift card.", "CARD_FIRST": "The other means of payment."},
    "Which money goes back first when an order was paid with a gift card and something else.",
    name="ReturnTenderOrder",
)


def strings(description: str) -> graphene.List:
    """A list of texts that is always there."""
    return graphene.List(graphene.NonNull(graphene.String), required=True, description=description)


class MetadataRule(graphene.ObjectType):
    """A condition on a product's public metadata."""

    key = graphene.String(required=True, description="The key.")
    value = graphene.String(required=True, description="The value that it must have, exactly.")


class ReturnRuleType(graphene.ObjectType):
    """What holds for some goods. The first rule that matches an order line decides; the last one has no conditions."""

    class Meta:
        name = "ReturnRule"

    name = graphene.String(required=True, description="For people; the heading on the policy page.")
    anchor = graphene.String(required=True, description="Where it stands on the policy page.")
    channels = strings("Slugs of channels; empty: every one. So for each condition.")
    countries = strings("Of the delivery address, ISO 3166-1 alpha-2.")
    product_types = strings("Names of product types.")
    collections = strings("Slugs of collections, published or not.")
    products = strings("Saleor's global ids.")
    skus = strings("SKUs of variants.")
    metadata = graphene.List(
        graphene.NonNull(MetadataRule), required=True, description="Of the product; all must hold."
    )
    digital = graphene.Boolean(required=True, description="Only what needs no shipping.")
    exclusion = graphene.Field(ExclusionEnum, required=True, description="Why such goods are excluded, or NONE.")
    window_days = graphene.Int(required=True, description="Whole days, the last one included.")
    window_from = graphene.Field(WindowStartEnum, required=True, description="What the days are counted from.")
    grace_days = graphene.Int(required=True, description="Silently accepted after the last day.")
    after_window = graphene.Field(
        AfterWindowEnum, required=True, description="What becomes of later requests; never of rights by law."
    )
    who_pays = graphene.Field(ReturnShippingPayerEnum, required=True, description="Who pays the way back.")
    return_fee = graphene.List(
        graphene.NonNull(MoneyType), required=True, description="Kept once per return, by currency."
    )
    restocking_percent = graphene.Field(DecimalType, required=True, description="Of the goods' price, kept.")
    resolutions = graphene.List(
        graphene.NonNull(ResolutionEnum), required=True, description="What customers may choose, as offered."
    )
    store_credit_bonus_percent = graphene.Field(
        DecimalType, required=True, description="On top, for those who take store credit."
    )

    @staticmethod
    def resolve_anchor(root: Rule, _info: Any) -> str:
        return f"rule-{root.position + 1}"

    @staticmethod
    def resolve_metadata(root: Rule, _info: Any) -> list[dict[str, str]]:
        return [{"key": key, "value": value} for key, value in sorted(root.metadata.items())]

    @staticmethod
    def resolve_return_fee(root: Rule, _info: Any) -> list[Money]:
        return amounts(root.return_fee)


def _sorted(name: str) -> Any:
    def resolve(root: Any, _info: Any) -> list[str]:
        return sorted(getattr(root, name))

    return staticmethod(resolve)


for _name in ("channels", "countries", "product_types", "collections", "products", "skus"):
    setattr(ReturnRuleType, f"resolve_{_name}", _sorted(_name))


def amounts(by_currency: Mapping[str, Decimal]) -> list[Money]:
    """Amounts by currency as a list, in the order of the currencies."""
    return [Money(amount, currency) for currency, amount in sorted(by_currency.items())]


class EvidenceRule(graphene.ObjectType):
    """Photos that a reason needs."""

    reason = graphene.String(required=True, description="Code of the reason.")
    photos = graphene.Int(required=True, description="How many at least.")


class ReturnAddressRule(graphene.ObjectType):
    """Where parcels from some countries go instead."""

    countries = strings("ISO 3166-1 alpha-2.")
    address = graphene.Field("saleor_aftercare.graphql.settings.AddressType", required=True, description="The address.")

    @staticmethod
    def resolve_countries(root: ReturnAddress, _info: Any) -> list[str]:
        return sorted(root.countries)

    @staticmethod
    def resolve_address(root: ReturnAddress, _info: Any) -> PostalAddress:
        return root.address


class TextInLanguage(graphene.ObjectType):
    """A text and its language."""

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="The text.")


class ReturnPolicyType(graphene.ObjectType):
    """The promises of a shop about returns; cases keep the version that their customers saw."""

    class Meta:
        name = "ReturnPolicy"

    version = graphene.Int(required=True, description="Raised by every change.")
    created_at = graphene.Field(DateTimeType, required=True, description="In force from then on.")
    created_by = graphene.String(required=True, description="Who saved it; empty for the first one.")
    preset = graphene.Field(PresetEnum, required=True, description="What it grew from.")
    rules = graphene.List(graphene.NonNull(ReturnRuleType), required=True, description="In their order.")
    auto_approve = graphene.Boolean(required=True, description="Within the rules nobody has to decide.")
    auto_approve_limit = graphene.List(
        graphene.NonNull(MoneyType), required=True, description="Of the order's returns taken together."
    )
    auto_approve_reasons = strings("Codes of reasons; empty: every one.")
    auto_approve_max_returns = graphene.Int(description="Of the same person within 180 days; null: any number.")
    keep_item_limit = graphene.List(
        graphene.NonNull(MoneyType),
        required=True,
        description="Goods worth no more, without tax and all of an order's returns together, may be kept.",
    )
    evidence = graphene.List(graphene.NonNull(EvidenceRule), required=True, description="Photos by reason.")
    refund_original_shipping = graphene.Boolean(
        required=True, description="Outbound shipping goes back when the whole order does."
    )
    return_addresses = graphene.List(
        graphene.NonNull(ReturnAddressRule), required=True, description="The first that names the country."
    )
    ship_within_days = graphene.Int(required=True, description="After approval; then the return expires.")
    advance_exchange_days = graphene.Int(required=True, description="To send the old unit back.")
    tender_order = graphene.Field(TenderOrderEnum, required=True, description="Which money goes back first.")
    withdrawal_enabled = graphene.Boolean(required=True, description="Consumers may withdraw by law.")
    withdrawal_countries = strings("Of the delivery address, ISO 3166-1 alpha-2.")
    withdrawal_days = graphene.Int(required=True, description="After the last parcel's arrival.")
    statement = graphene.List(
        graphene.NonNull(TextInLanguage), required=True, description="The shop's own words on the policy page."
    )


class PolicyVersion:
    """A policy as ``ReturnPolicyType`` shows it: the rules, and where they come from."""

    def __init__(self, policy: Policy, *, version: int, created_at: datetime, created_by: str) -> None:
        self.version = version
        self.created_at = created_at
        self.created_by = created_by
        self.preset = policy.preset
        self.rules = policy.rules
        self.auto_approve = policy.auto_approve
        self.auto_approve_limit = amounts(policy.auto_approve_limit)
        self.auto_approve_reasons = sorted(policy.auto_approve_reasons)
        self.auto_approve_max_returns = policy.auto_approve_max_returns
        self.keep_item_limit = amounts(policy.keep_item_limit)
        self.evidence = [{"reason": code, "photos": photos} for code, photos in sorted(policy.evidence.items())]
        self.refund_original_shipping = policy.refund_original_shipping
        self.return_addresses = policy.return_addresses
        self.ship_within_days = policy.ship_within_days
        self.advance_exchange_days = policy.advance_exchange_days
        self.tender_order = policy.tender_order
        self.withdrawal_enabled = policy.withdrawal_enabled
        self.withdrawal_countries = sorted(policy.withdrawal_countries)
        self.withdrawal_days = policy.withdrawal_days
        self.statement = _texts(policy.statement)

    @classmethod
    def of(cls, row: ReturnPolicy) -> PolicyVersion:
        """A saved version."""
        return cls(as_rules(row), version=row.version, created_at=row.created_at, created_by=row.created_by)


def _texts(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"language": language, "text": text} for language, text in sorted(by_language.items())]


# -- reasons -----------------------------------------------------------------------------------------------------------


class ReturnReasonChoice(graphene.ObjectType):
    """An answer that a question offers."""

    code = graphene.String(required=True, description="Send this back.")
    label = graphene.String(required=True, description="In the language asked for.")
    labels = graphene.List(graphene.NonNull(TextInLanguage), required=True, description="In every language.")

    @staticmethod
    def resolve_labels(root: Choice, _info: Any) -> list[dict[str, str]]:
        return _texts(root.labels)


class ReturnReasonQuestion(graphene.ObjectType):
    """What is asked of somebody who chose a reason."""

    code = graphene.String(required=True, description="Send the answer under this.")
    label = graphene.String(required=True, description="In the language asked for.")
    labels = graphene.List(graphene.NonNull(TextInLanguage), required=True, description="In every language.")
    kind = graphene.String(required=True, description="choice or text.")
    required = graphene.Boolean(required=True, description="Without an answer the request is refused.")
    options = graphene.List(graphene.NonNull(ReturnReasonChoice), required=True, description="For kind choice.")

    @staticmethod
    def resolve_labels(root: Question, _info: Any) -> list[dict[str, str]]:
        return _texts(root.labels)


class ReturnReasonType(graphene.ObjectType):
    """Why goods come back."""

    class Meta:
        name = "ReturnReasonOption"

    code = graphene.String(required=True, description="Stable; send this back.")
    label = graphene.String(required=True, description="In the language asked for.")
    fault = graphene.Field(FaultEnum, required=True, description="Whose doing it is.")
    questions = graphene.List(graphene.NonNull(ReturnReasonQuestion), required=True, description="What to ask then.")
    suggests = graphene.Field(ResolutionEnum, description="To be offered before a refund.")
    photos_required = graphene.Int(required=True, description="By the policy in force.")
    built_in = graphene.Boolean(required=True, description="Its words are translated with the product.")
    active = graphene.Boolean(required=True, description="May be chosen.")
    staff_only = graphene.Boolean(required=True, description="By staff alone.")
    labels = graphene.List(
        graphene.NonNull(TextInLanguage), required=True, description="The shop's own words, by language."
    )
    saleor_return_reference = graphene.String(required=True, description="Page of Saleor's return reasons, or empty.")
    saleor_refund_reference = graphene.String(required=True, description="Page of Saleor's refund reasons, or empty.")

    @staticmethod
    def resolve_labels(root: Reason, _info: Any) -> list[dict[str, str]]:
        return _texts(root.labels)


# -- in words --------------------------------------------------------------------------------------------------------


class ReturnPolicySection(graphene.ObjectType):
    """A heading with its sentences."""

    anchor = graphene.String(required=True, description="The same in every language.")
    title = graphene.String(required=True, description="The heading.")
    sentences = strings("Plain text, one sentence or two each.")


class ReturnPolicyPageType(graphene.ObjectType):
    """The policy in plain words."""

    class Meta:
        name = "ReturnPolicyPage"

    language = graphene.String(required=True, description="The language it is written in.")
    version = graphene.Int(required=True, description="Of the policy.")
    in_force_since = graphene.Field(DateTimeType, required=True, description="When this version was saved.")
    url = graphene.String(required=True, description="The same as a page of the portal.")
    sections = graphene.List(graphene.NonNull(ReturnPolicySection), required=True, description="From top to bottom.")


class ReturnClauseItem(graphene.ObjectType):
    """One point of a return clause."""

    label = graphene.String(required=True, description="What it is about.")
    text = graphene.String(required=True, description="What holds.")


class ReturnClauseType(graphene.ObjectType):
    """The return clause (返品特約) that Japanese law wants in the offer and on the last screen of a checkout."""

    class Meta:
        name = "ReturnClause"

    title = graphene.String(required=True, description="The heading.")
    items = graphene.List(graphene.NonNull(ReturnClauseItem), required=True, description="In the order to show them.")

    @staticmethod
    def resolve_items(root: Clause, _info: Any) -> list[dict[str, str]]:
        return [{"label": label, "text": text} for label, text in root.items]
