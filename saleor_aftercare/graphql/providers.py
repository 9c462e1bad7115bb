"""Where labels come from: the providers that a shop may use, and its credentials with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import InvalidInput, PermissionDenied, ProviderError
from saleor_aftercare.parcels import accounts, tracking
from saleor_aftercare.parcels.measures import Measures, save_usual
from saleor_aftercare.parcels.models import ProviderAccount
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import Credential, Credentials
from saleor_aftercare.providers.labels.base import Capabilities

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType
from .settings import EDITORS


@dataclass(frozen=True)
class _Field:
    """A credential as settings ask for it, with what the shop has entered."""

    wanted: Credential
    value: str


@dataclass(frozen=True)
class _Provider:
    """A provider as one shop sees it."""

    kind: registry.LabelProviderKind
    account: ProviderAccount | None
    chosen: bool


class LabelCapabilitiesType(graphene.ObjectType):
    """What a provider can do beside selling a label."""

    class Meta:
        name = "LabelCapabilities"

    voids = graphene.Boolean(required=True, description="Takes unused labels back.")
    tracks = graphene.Boolean(required=True, description="Tells where parcels are.")
    exports = graphene.Boolean(required=True, description="Works by shipping lists for the carrier's own program.")
    uploads = graphene.Boolean(required=True, description="Staff upload the labels.")
    customs = graphene.Boolean(required=True, description="Parcels may cross a customs border.")
    dropoff_codes = graphene.Boolean(required=True, description="Gives QR codes in place of printed labels.")
    finds = graphene.Boolean(required=True, description="Can be asked whether a label was bought.")
    deduplicates = graphene.Boolean(required=True, description="Sells a label for one reference only once.")


class LabelCredentialType(graphene.ObjectType):
    """One field of a provider's credentials."""

    class Meta:
        name = "LabelCredential"

    name = graphene.String(required=True, description="Send it back with a value.")
    label = graphene.String(required=True, description="For people, in the asking person's language.")
    help = graphene.String(required=True, description="An example, or a default; may be empty.")
    secret = graphene.Boolean(required=True, description="Is never shown again.")
    required = graphene.Boolean(required=True, description="Without it the provider does not work.")
    choices = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="The values that it may have; empty: any."
    )
    value = graphene.String(description="As entered; null for secrets, and for staff who may not change settings.")
    is_set = graphene.Boolean(required=True, description="Something was entered.")

    @staticmethod
    def resolve_name(root: _Field, _info: Any) -> str:
        return root.wanted.name

    @staticmethod
    def resolve_label(root: _Field, _info: Any) -> str:
        return _(root.wanted.label)

    @staticmethod
    def resolve_help(root: _Field, _info: Any) -> str:
        return _(root.wanted.help) if root.wanted.help else ""

    @staticmethod
    def resolve_secret(root: _Field, _info: Any) -> bool:
        return root.wanted.secret

    @staticmethod
    def resolve_required(root: _Field, _info: Any) -> bool:
        return root.wanted.required

    @staticmethod
    def resolve_choices(root: _Field, _info: Any) -> Sequence[str]:
        return root.wanted.choices

    @staticmethod
    def resolve_value(root: _Field, info: graphene.ResolveInfo) -> str | None:
        staff = info.context.staff()
        shown = not root.wanted.secret and any(staff.may(permission) for permission in EDITORS)
        return root.value if shown else None

    @staticmethod
    def resolve_is_set(root: _Field, _info: Any) -> bool:
        return bool(root.value)


class LabelProviderType(graphene.ObjectType):
    """Somewhere that labels may come from."""

    class Meta:
        name = "LabelProvider"

    slug = graphene.String(required=True, description="Its name for machines.")
    name = graphene.String(required=True, description="Its name for people.")
    installed = graphene.Boolean(required=True, description="This server can use it.")
    ready = graphene.Boolean(required=True, description="It has every credential that it needs.")
    chosen = graphene.Boolean(required=True, description="New labels come from it.")
    capabilities = graphene.Field(LabelCapabilitiesType, required=True, description="What it can do.")
    credentials = graphene.List(
        graphene.NonNull(LabelCredentialType), required=True, description="What it wants to know."
    )
    version = graphene.Int(required=True, description="Of the credentials; send it back with a change. 0: none yet.")
    verified_at = graphene.Field(DateTimeType, description="When it last did something for the shop.")
    rejected_at = graphene.Field(DateTimeType, description="Since when it does not accept the credentials.")
    error = graphene.String(description="Why it does not accept them.")
    tracks_outbound = graphene.Boolean(required=True, description="It is asked about parcels to customers, too.")

    @staticmethod
    def resolve_slug(root: _Provider, _info: Any) -> str:
        return root.kind.slug

    @staticmethod
    def resolve_name(root: _Provider, _info: Any) -> str:
        return _(root.kind.name)

    @staticmethod
    def resolve_installed(root: _Provider, _info: Any) -> bool:
        return root.kind.installed

    @staticmethod
    def resolve_ready(root: _Provider, _info: Any) -> bool:
        try:
            Credentials(values=accounts.credentials_of(root.account)).check(root.kind.credentials)
        except ProviderError:
            return False
        return root.kind.installed

    @staticmethod
    def resolve_capabilities(root: _Provider, _info: Any) -> Capabilities:
        return root.kind.capabilities

    @staticmethod
    def resolve_credentials(root: _Provider, _info: Any) -> list[_Field]:
        values = accounts.credentials_of(root.account)
        return [_Field(one, values.get(one.name, "")) for one in root.kind.credentials]

    @staticmethod
    def resolve_version(root: _Provider, _info: Any) -> int:
        return root.account.version if root.account is not None else 0

    @staticmethod
    def resolve_verified_at(root: _Provider, _info: Any) -> Any:
        return root.account.verified_at if root.account is not None else None

    @staticmethod
    def resolve_rejected_at(root: _Provider, _info: Any) -> Any:
        return root.account.rejected_at if root.account is not None else None

    @staticmethod
    def resolve_error(root: _Provider, _info: Any) -> str | None:
        return (root.account.error or None) if root.account is not None else None

    @staticmethod
    def resolve_tracks_outbound(root: _Provider, _info: Any) -> bool:
        return root.account is not None and root.account.tracks_outbound


class ParcelDefaultsType(graphene.ObjectType):
    """What a return parcel is taken for where nobody measured it and the goods' own weight is not known."""

    class Meta:
        name = "ParcelDefaults"

    length_cm = graphene.Int(required=True, description="In whole centimetres.")
    width_cm = graphene.Int(required=True, description="In whole centimetres.")
    height_cm = graphene.Int(required=True, description="In whole centimetres.")
    weight_g = graphene.Int(required=True, description="With packing, in grams.")


def _defaults(settings: ShopSettings) -> Measures:
    return Measures(
        length_cm=settings.parcel_length_cm,
        width_cm=settings.parcel_width_cm,
        height_cm=settings.parcel_height_cm,
        weight_g=settings.parcel_weight_g,
    )


class ProviderQueries(graphene.ObjectType):
    """Reading where labels come from."""

    label_providers = graphene.List(
        graphene.NonNull(LabelProviderType),
        required=True,
        description="Where labels may come from, in the order of the settings page (staff with MANAGE_ORDERS).",
    )

    parcel_defaults = graphene.Field(
        ParcelDefaultsType,
        required=True,
        description="What carriers are told of a parcel that nobody measured (staff with MANAGE_ORDERS).",
    )

    @staticmethod
    def resolve_parcel_defaults(_root: None, info: graphene.ResolveInfo) -> Measures:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return _defaults(ctx.settings)

    @staticmethod
    def resolve_label_providers(_root: None, info: graphene.ResolveInfo) -> list[_Provider]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        held = {one.provider: one for one in ProviderAccount.objects.filter(shop=ctx.shop)}
        chosen = ctx.settings.label_provider
        return [_Provider(kind, held.get(kind.slug), kind.slug == chosen) for kind in registry.label_provider_kinds()]


# -- mutations -------------------------------------------------------------------------------------------------


class LabelCredentialInput(graphene.InputObjectType):
    """A credential to save; those that are left out stay as they are."""

    name = graphene.String(required=True, description="One of the provider's credentials.")
    value = graphene.String(required=True, description="Empty: delete it.")


class LabelProviderInput(graphene.InputObjectType):
    """What to change; what is left out stays."""

    provider = graphene.String(required=True, description="Its slug.")
    version = graphene.Int(description="Of the credentials, as read; CONFLICT when somebody saved meanwhile.")
    credentials = graphene.List(graphene.NonNull(LabelCredentialInput), description="Each at most 4000 characters.")
    choose = graphene.Boolean(default_value=False, description="New labels come from it.")
    tracks_outbound = graphene.Boolean(description="Ask it about parcels to customers, too.")


def _check_editor(ctx: Context) -> None:
    """Only who may change the shop's settings."""
    staff = ctx.staff()
    if not any(staff.may(permission) for permission in EDITORS):
        raise PermissionDenied(_("You need the permission %(code)s.") % {"code": " / ".join(EDITORS)})


class _ProviderMutation(AftercareMutation):
    """Base of what is done with one provider."""

    class Meta:
        abstract = True

    provider = graphene.Field(LabelProviderType, description="The provider as it is now.")

    @classmethod
    def told(cls, ctx: Context, slug: str, **values: Any) -> _ProviderMutation:
        """The payload about a provider that was just changed."""
        chosen = accounts.chosen_provider(ctx.shop) == slug
        seen = _Provider(registry.label_provider_kind(slug), accounts.account_of(ctx.shop, slug), chosen)
        return cls(provider=seen, **values)


class LabelProviderUpdate(_ProviderMutation):
    """Save a shop's credentials with a provider, and choose it. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        input = LabelProviderInput(required=True, description="What to change.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> LabelProviderUpdate:
        _check_editor(ctx)
        with transaction.atomic():
            cls._save(ctx, input)
        return cls.told(ctx, input.provider)

    @staticmethod
    def _save(ctx: Context, input: Any) -> None:
        slug = input.provider
        if input.credentials is not None:
            changes = {one.name: one.value for one in input.credentials}
            if len(changes) != len(input.credentials):
                raise InvalidInput(_("A credential is listed twice."), "credentials")
            accounts.save_account(ctx.shop, provider=slug, changes=changes, version=input.version or None, at=ctx.at)
        if input.tracks_outbound is not None:
            accounts.track_outbound(ctx.shop, provider=slug, wanted=input.tracks_outbound, at=ctx.at)
            if input.tracks_outbound:
                tracking.schedule_outbound(ctx.shop, slug, due_at=ctx.at)
        if input.choose:
            accounts.choose_provider(ctx.shop, provider=slug, at=ctx.at)


class LabelProviderTest(_ProviderMutation):
    """Ask the provider whether the saved credentials work; nothing is bought. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        provider = graphene.String(required=True, description="Its slug.")

    problem = graphene.String(description="What the provider said against it; null when all is well.")

    @classmethod
    def perform(cls, ctx: Context, *, provider: str) -> LabelProviderTest:
        _check_editor(ctx)
        problem = None
        try:
            accounts.verify_account(ctx.shop, provider=provider, at=ctx.at, actor=ctx.somebody.actor)
        except ProviderError as error:
            problem = error.message
        return cls.told(ctx, provider, problem=problem)


class ParcelDefaultsInput(graphene.InputObjectType):
    """What to change; what is left out stays. The three sides are given together."""

    length_cm = graphene.Int(description="1 to 200 whole centimetres.")
    width_cm = graphene.Int(description="1 to 200 whole centimetres.")
    height_cm = graphene.Int(description="1 to 200 whole centimetres.")
    weight_g = graphene.Int(description="With packing, 1 to 70000 grams.")


class ParcelDefaultsUpdate(AftercareMutation):
    """Say what the shop's return parcels are like as a rule. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        input = ParcelDefaultsInput(required=True, description="What to change.")

    parcel_defaults = graphene.Field(ParcelDefaultsType, description="As they are now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> ParcelDefaultsUpdate:
        _check_editor(ctx)
        usual = Measures(
            length_cm=input.length_cm, width_cm=input.width_cm, height_cm=input.height_cm, weight_g=input.weight_g
        )
        return cls(parcel_defaults=_defaults(save_usual(ctx.shop, usual)))


class ProviderMutations(graphene.ObjectType):
    """What staff decide about where labels come from."""

    label_provider_update = LabelProviderUpdate.Field()
    label_provider_test = LabelProviderTest.Field()
    parcel_defaults_update = ParcelDefaultsUpdate.Field()
