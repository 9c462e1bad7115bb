"""What a shop promises: read by everybody, edited and tried out by staff."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saleor_aftercare.connection.reasons import ReasonPages, reason_pages
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import PermissionDenied
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.policies import actions, presets, queries
from saleor_aftercare.policies.documents import read_policy
from saleor_aftercare.policies.models import Preset
from saleor_aftercare.policies.reasons import Reason
from saleor_aftercare.policies.words import Clause, policy_page, return_clause

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import value_of
from .order_numbers import find_order_by_number
from .orders import find_order
from .policy_inputs import ReturnPolicyInput, ReturnReasonInput, plain
from .policy_preview import OrderPreview, ReturnPolicyPreview, preview
from .policy_types import (
    PolicyVersion,
    PresetEnum,
    ReturnClauseType,
    ReturnPolicyPageType,
    ReturnPolicyType,
    ReturnReasonType,
)

#: Any of these lets a member of staff change what the shop promises.
EDITORS = ("MANAGE_SETTINGS", "MANAGE_APPS")

_PRESETS = {Preset.EU: presets.eu, Preset.JAPAN: presets.japan, Preset.US: presets.us}


def editor(ctx: Context) -> None:
    """Raise PermissionDenied for anybody but staff who may edit the shop's promises."""
    staff = ctx.staff()
    if not any(staff.may(permission) for permission in EDITORS):
        raise PermissionDenied(_("You need the permission %(code)s.") % {"code": " / ".join(EDITORS)})


class SaleorReason(graphene.ObjectType):
    """One of Saleor's own reasons: a page."""

    id = graphene.ID(required=True, description="Page, global id.")
    title = graphene.String(required=True, description="Its title.")


class SaleorReasonsType(graphene.ObjectType):
    """Saleor's own reasons, as far as the merchant chose page types for them in Saleor."""

    class Meta:
        name = "SaleorReasons"

    refunds = graphene.List(graphene.NonNull(SaleorReason), required=True, description="For refunds.")
    returns = graphene.List(
        graphene.NonNull(SaleorReason), required=True, description="For returns; none before Saleor 3.23."
    )


class PolicyQueries(graphene.ObjectType):
    """Reading promises. Storefronts need no token, only the header Saleor-Api-Url."""

    return_policy = graphene.Field(
        ReturnPolicyType, required=True, description="The rules in force (staff with MANAGE_ORDERS)."
    )
    return_policy_preset = graphene.Field(
        ReturnPolicyType,
        required=True,
        preset=graphene.Argument(PresetEnum, required=True, description="Not CUSTOM, which is the policy in force."),
        description="A set of defaults to start from, not saved (staff with MANAGE_ORDERS).",
    )
    return_policy_preview = graphene.Field(
        ReturnPolicyPreview,
        required=True,
        document=graphene.Argument(ReturnPolicyInput, required=True, description="A policy, saved or not."),
        order_id=graphene.ID(description="Saleor's global id of an order; this or its number."),
        order_number=graphene.String(description="The number that people use."),
        description="What that policy would mean for that order today (staff with MANAGE_ORDERS).",
    )
    return_policy_page = graphene.Field(
        ReturnPolicyPageType,
        required=True,
        language=graphene.String(description="Such as ja or en-GB; left out: the request's language."),
        country=graphene.String(description="Only what may hold for deliveries there; ISO 3166-1 alpha-2."),
        channel=graphene.String(description="Only what may hold for orders of this channel; its slug."),
        description="The policy in plain words, for everybody.",
    )
    return_clause = graphene.Field(
        ReturnClauseType,
        required=True,
        language=graphene.String(description="Left out: the request's language."),
        channel=graphene.String(description="The channel's slug."),
        description="The return clause (返品特約) to show in the offer and on the last screen of a Japanese checkout.",
    )
    return_reasons = graphene.List(
        graphene.NonNull(ReturnReasonType),
        required=True,
        language=graphene.String(description="Left out: the request's language."),
        description="The reasons that may be chosen now, in their order; staff see those for staff alone, too.",
    )
    return_reason_catalogue = graphene.List(
        graphene.NonNull(ReturnReasonType),
        required=True,
        description="Every reason, those not offered any more included (staff with MANAGE_ORDERS).",
    )
    saleor_reasons = graphene.Field(
        SaleorReasonsType, required=True, description="Saleor's own reasons, to map ours to (staff with MANAGE_ORDERS)."
    )

    @staticmethod
    def resolve_return_policy(_root: None, info: graphene.ResolveInfo) -> PolicyVersion:
        ctx: Context = info.context
        return PolicyVersion.of(queries.policy_of(ctx.staff(MANAGE_ORDERS).shop))

    @staticmethod
    def resolve_return_policy_preset(_root: None, info: graphene.ResolveInfo, preset: Any) -> PolicyVersion:
        ctx: Context = info.context
        shop = ctx.staff(MANAGE_ORDERS).shop
        make = _PRESETS.get(value_of(preset))
        if make is None:
            return PolicyVersion.of(queries.policy_of(shop))
        return PolicyVersion(make(), version=queries.policy_of(shop).version, created_at=ctx.at, created_by="")

    @staticmethod
    def resolve_return_policy_preview(
        _root: None,
        info: graphene.ResolveInfo,
        document: Any,
        order_id: str | None = None,
        order_number: str | None = None,
    ) -> OrderPreview:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        order = (
            find_order(ctx, order_id, field="orderId") if order_id else find_order_by_number(ctx, order_number or "")
        )
        return preview(ctx, order, read_policy(plain(document), reasons=_codes(ctx)))

    @staticmethod
    def resolve_return_policy_page(
        _root: None,
        info: graphene.ResolveInfo,
        language: str | None = None,
        country: str | None = None,
        channel: str | None = None,
    ) -> dict[str, Any]:
        ctx: Context = info.context
        policy = queries.policy_of(ctx.shop)
        code = _language(ctx, language)
        page = policy_page(
            queries.as_rules(policy),
            code,
            (country or "").upper() or None,
            channel=channel or None,
            reasons=queries.reason_labels(ctx.shop, code),
        )
        return {
            "language": page.language,
            "version": policy.version,
            "in_force_since": policy.created_at,
            "url": links.policy(ctx.shop),
            "sections": page.sections,
        }

    @staticmethod
    def resolve_return_clause(
        _root: None, info: graphene.ResolveInfo, language: str | None = None, channel: str | None = None
    ) -> Clause:
        ctx: Context = info.context
        rules = queries.as_rules(queries.policy_of(ctx.shop))
        return return_clause(rules, _language(ctx, language), channel=channel or None)

    @staticmethod
    def resolve_return_reasons(_root: None, info: graphene.ResolveInfo, language: str | None = None) -> list[Reason]:
        ctx: Context = info.context
        return queries.reasons_of(ctx.shop, staff=ctx.is_staff, language=_language(ctx, language))

    @staticmethod
    def resolve_return_reason_catalogue(_root: None, info: graphene.ResolveInfo) -> list[Reason]:
        ctx: Context = info.context
        return queries.all_reasons_of(ctx.staff(MANAGE_ORDERS).shop, language=_language(ctx, None))

    @staticmethod
    def resolve_saleor_reasons(_root: None, info: graphene.ResolveInfo) -> ReasonPages:
        ctx: Context = info.context
        return reason_pages(ctx.staff(MANAGE_ORDERS).shop)


def _language(ctx: Context, wish: str | None) -> str:
    return supported_language(wish or get_language() or "", default=ctx.settings.default_language)


def _codes(ctx: Context) -> set[str]:
    return {reason.code for reason in queries.all_reasons_of(ctx.shop, language="en")}


class ReturnPolicyUpdate(AftercareMutation):
    """Put a whole policy into force; open cases keep theirs. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        version = graphene.Int(required=True, description="The version read; CONFLICT when somebody saved meanwhile.")
        document = ReturnPolicyInput(required=True, description="The policy; errors name places such as rules.2.skus.")

    return_policy = graphene.Field(ReturnPolicyType, description="The policy in force now.")

    @classmethod
    def perform(cls, ctx: Context, *, version: int, document: Any) -> ReturnPolicyUpdate:
        editor(ctx)
        saved = actions.save_policy(
            ctx.shop, document=plain(document), version=version, at=ctx.at, actor=ctx.staff().actor
        )
        return cls(return_policy=PolicyVersion.of(saved))


class ReturnReasonSave(AftercareMutation):
    """Change a reason, or add one. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        code = graphene.String(description="The reason to change; left out: a new one.")
        input = ReturnReasonInput(required=True, description="The whole reason.")

    reasons = graphene.List(graphene.NonNull(ReturnReasonType), description="The whole catalogue as it is now.")
    code = graphene.String(description="The reason's code.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, code: str | None = None) -> ReturnReasonSave:
        editor(ctx)
        row = actions.save_reason(ctx.shop, code=code, form=plain(input), at=ctx.at, actor=ctx.staff().actor)
        return cls(reasons=queries.all_reasons_of(ctx.shop, language=_language(ctx, None)), code=row.code)


class ReturnReasonsOrder(AftercareMutation):
    """Show the reasons in another order. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        codes = graphene.List(
            graphene.NonNull(graphene.String), required=True, description="Every reason's code, once."
        )

    reasons = graphene.List(graphene.NonNull(ReturnReasonType), description="The whole catalogue as it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, codes: list[str]) -> ReturnReasonsOrder:
        editor(ctx)
        actions.order_reasons(ctx.shop, codes=codes, at=ctx.at, actor=ctx.staff().actor)
        return cls(reasons=queries.all_reasons_of(ctx.shop, language=_language(ctx, None)))


class PolicyMutations(graphene.ObjectType):
    """What a shop promises."""

    return_policy_update = ReturnPolicyUpdate.Field()
    return_reason_save = ReturnReasonSave.Field()
    return_reasons_order = ReturnReasonsOrder.Field()
