"""What a shop promises, as inputs: a whole policy, and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphene

from .core.scalars import DecimalType, value_of
from .policy_types import (
    AfterWindowEnum,
    ExclusionEnum,
    FaultEnum,
    PresetEnum,
    ResolutionEnum,
    ReturnShippingPayerEnum,
    TenderOrderEnum,
    WindowStartEnum,
    strings,
)


class MoneyInput(graphene.InputObjectType):
    """An amount in one currency."""

    amount = graphene.Field(DecimalType, required=True, description="In major units.")
    currency = graphene.String(required=True, description="ISO 4217.")


class MetadataRuleInput(graphene.InputObjectType):
    """A condition on a product's public metadata."""

    key = graphene.String(required=True, description="The key; 100 characters at most.")
    value = graphene.String(required=True, description="The value that it must have; 200 characters at most.")


class EvidenceRuleInput(graphene.InputObjectType):
    """Photos that a reason needs."""

    reason = graphene.String(required=True, description="Code of the reason.")
    photos = graphene.Int(required=True, description="How many at least.")


class TextInLanguageInput(graphene.InputObjectType):
    """A text and its language."""

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="The text.")


class ReturnAddressRuleInput(graphene.InputObjectType):
    """Where parcels from some countries go instead."""

    countries = strings("ISO 3166-1 alpha-2; at least one.")
    address = graphene.InputField(
        "saleor_aftercare.graphql.settings.AddressInput", required=True, description="The address."
    )


class ReturnRuleInput(graphene.InputObjectType):
    """What holds for some goods; see `ReturnRule`."""

    name = graphene.String(required=True, description="For people; 100 characters at most, may be empty.")
    channels = strings("Slugs of channels; empty: every one. So for each condition.")
    countries = strings("Of the delivery address, ISO 3166-1 alpha-2.")
    product_types = strings("Names of product types.")
    collections = strings("Slugs of collections.")
    products = strings("Saleor's global ids.")
    skus = strings("SKUs of variants.")
    metadata = graphene.List(
        graphene.NonNull(MetadataRuleInput), required=True, description="Of the product; all must hold."
    )
    digital = graphene.Boolean(required=True, description="Only what needs no shipping.")
    exclusion = graphene.Field(ExclusionEnum, required=True, description="Why such goods are excluded, or NONE.")
    window_days = graphene.Int(required=True, description="0 to 3650.")
    window_from = graphene.Field(WindowStartEnum, required=True, description="What the days are counted from.")
    grace_days = graphene.Int(required=True, description="0 to 365.")
    after_window = graphene.Field(AfterWindowEnum, description="What becomes of later requests; ASK_STAFF unless said.")
    who_pays = graphene.Field(ReturnShippingPayerEnum, required=True, description="Who pays the way back.")
    return_fee = graphene.List(graphene.NonNull(MoneyInput), required=True, description="Kept once per return.")
    restocking_percent = graphene.Field(DecimalType, required=True, description="0 to 100.")
    resolutions = graphene.List(
        graphene.NonNull(ResolutionEnum), required=True, description="As offered; empty only for excluded goods."
    )
    store_credit_bonus_percent = graphene.Field(DecimalType, required=True, description="0 to 100.")


class ReturnPolicyInput(graphene.InputObjectType):
    """A whole policy; see `ReturnPolicy`."""

    preset = graphene.Field(PresetEnum, required=True, description="What it grew from.")
    rules = graphene.List(
        graphene.NonNull(ReturnRuleInput), required=True, description="At most 100; the last one has no conditions."
    )
    auto_approve = graphene.Boolean(required=True, description="Within the rules nobody has to decide.")
    auto_approve_limit = graphene.List(
        graphene.NonNull(MoneyInput), required=True, description="Of the order's returns taken together."
    )
    auto_approve_reasons = strings("Codes of reasons; empty: every one.")
    auto_approve_max_returns = graphene.Int(description="Of the same person within 180 days; null: any number.")
    keep_item_limit = graphene.List(
        graphene.NonNull(MoneyInput), required=True, description="Without tax, all of an order's returns together."
    )
    evidence = graphene.List(graphene.NonNull(EvidenceRuleInput), required=True, description="Photos by reason.")
    refund_original_shipping = graphene.Boolean(
        required=True, description="Outbound shipping goes back when the whole order does."
    )
    return_addresses = graphene.List(
        graphene.NonNull(ReturnAddressRuleInput), required=True, description="The first that names the country."
    )
    ship_within_days = graphene.Int(required=True, description="1 to 365.")
    advance_exchange_days = graphene.Int(required=True, description="1 to 365.")
    tender_order = graphene.Field(TenderOrderEnum, required=True, description="Which money goes back first.")
    withdrawal_enabled = graphene.Boolean(required=True, description="Consumers may withdraw by law.")
    withdrawal_countries = strings("Of the delivery address, ISO 3166-1 alpha-2.")
    withdrawal_days = graphene.Int(required=True, description="At least 14 where an EEA country is among them.")
    statement = graphene.List(
        graphene.NonNull(TextInLanguageInput), required=True, description="The shop's own words; 5,000 characters."
    )


class ReturnReasonChoiceInput(graphene.InputObjectType):
    """An answer that a question offers."""

    code = graphene.String(description="Of an answer that is there already; left out for a new one.")
    labels = graphene.List(graphene.NonNull(TextInLanguageInput), required=True, description="At least one language.")


class ReturnReasonQuestionInput(graphene.InputObjectType):
    """What is asked of somebody who chose a reason."""

    code = graphene.String(description="Of a question that is there already; left out for a new one.")
    labels = graphene.List(graphene.NonNull(TextInLanguageInput), required=True, description="At least one language.")
    kind = graphene.String(required=True, description="choice or text.")
    required = graphene.Boolean(required=True, description="Without an answer the request is refused.")
    options = graphene.List(
        graphene.NonNull(ReturnReasonChoiceInput), required=True, description="For kind choice: 2 to 20."
    )


class ReturnReasonInput(graphene.InputObjectType):
    """A reason, whole; see `ReturnReasonOption`."""

    labels = graphene.List(
        graphene.NonNull(TextInLanguageInput),
        required=True,
        description="At least one language; a built-in reason may have none, and keeps its own words then.",
    )
    fault = graphene.Field(FaultEnum, required=True, description="Whose doing it is.")
    active = graphene.Boolean(required=True, description="May be chosen.")
    staff_only = graphene.Boolean(required=True, description="By staff alone.")
    questions = graphene.List(graphene.NonNull(ReturnReasonQuestionInput), required=True, description="At most 10.")
    suggests = graphene.Field(ResolutionEnum, description="Offered before a refund; not REFUND itself.")
    saleor_return_reference = graphene.String(description="Page id, one of `saleorReasons.returns`.")
    saleor_refund_reference = graphene.String(description="Page id, one of `saleorReasons.refunds`.")


def plain(given: Any) -> Any:
    """An input as plain values all the way down: dicts, lists, texts and numbers."""
    if isinstance(given, Mapping):
        return {name: plain(value) for name, value in given.items()}
    if isinstance(given, list):
        return [plain(one) for one in given]
    return value_of(given)
