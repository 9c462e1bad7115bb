"""The accounts that customers write to and are answered from, as settings show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.channels import accounts, oauth
from saleor_aftercare.channels.account_values import MAX_SIGNATURE
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.mail.markdown import render_markdown
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.channels import ChannelAdapter
from saleor_aftercare.providers.credentials import Credential

from .core.context import MANAGE_ORDERS, Context
from .core.scalars import DateTimeType
from .settings import EDITORS


@dataclass(frozen=True)
class FieldOf:
    """A field of an adapter, with the section that it belongs to."""

    section: str
    wanted: Credential


class ChannelFieldType(graphene.ObjectType):
    """What an adapter wants to be told."""

    class Meta:
        name = "ChannelField"

    section = graphene.String(required=True, description="Send it back with a value.")
    name = graphene.String(required=True, description="Send it back with a value.")
    label = graphene.String(required=True, description="For people, in the asking person's language.")
    help = graphene.String(required=True, description="An example, or a default; may be empty.")
    secret = graphene.Boolean(required=True, description="Is never shown again.")
    required = graphene.Boolean(required=True, description="Without it the adapter does not work.")
    choices = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="The values that it may have; empty: any."
    )

    @staticmethod
    def resolve_name(root: FieldOf, _info: Any) -> str:
        return root.wanted.name

    @staticmethod
    def resolve_label(root: FieldOf, _info: Any) -> str:
        return _(root.wanted.label)

    @staticmethod
    def resolve_help(root: FieldOf, _info: Any) -> str:
        return _(root.wanted.help) if root.wanted.help else ""

    @staticmethod
    def resolve_secret(root: FieldOf, _info: Any) -> bool:
        return root.wanted.secret

    @staticmethod
    def resolve_required(root: FieldOf, _info: Any) -> bool:
        return root.wanted.required

    @staticmethod
    def resolve_choices(root: FieldOf, _info: Any) -> Sequence[str]:
        return root.wanted.choices


class ChannelAdapterType(graphene.ObjectType):
    """A way in, a way out, or both; one that is neither is a set of fields that accounts may have besides."""

    class Meta:
        name = "ChannelAdapter"

    slug = graphene.String(required=True, description="Its name for machines; the section of its fields.")
    name = graphene.String(required=True, description="Its name for people.")
    hears = graphene.Boolean(required=True, description="Messages come in by it.")
    sends = graphene.Boolean(required=True, description="Messages go out by it.")
    polls = graphene.Boolean(required=True, description="It is asked every minute for what came.")
    installed = graphene.Boolean(required=True, description="This server can use it.")
    doors = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Where it tells us things by itself: inbound, tracking, …",
    )
    incoming_fields = graphene.List(
        graphene.NonNull(ChannelFieldType), required=True, description="What it must be told to hear."
    )
    outgoing_fields = graphene.List(
        graphene.NonNull(ChannelFieldType), required=True, description="What it must be told to send."
    )

    @staticmethod
    def resolve_name(root: ChannelAdapter, _info: Any) -> str:
        return _(root.name)

    @staticmethod
    def resolve_doors(root: ChannelAdapter, _info: Any) -> Sequence[str]:
        return root.hooks

    @staticmethod
    def resolve_incoming_fields(root: ChannelAdapter, _info: Any) -> list[FieldOf]:
        return [FieldOf(root.slug, one) for one in root.fields(incoming=True, outgoing=False)]

    @staticmethod
    def resolve_outgoing_fields(root: ChannelAdapter, _info: Any) -> list[FieldOf]:
        return [FieldOf(root.slug, one) for one in root.fields(incoming=False, outgoing=True)]


class ChannelValueType(graphene.ObjectType):
    """What was entered into a field of an account."""

    class Meta:
        name = "ChannelValue"

    section = graphene.String(required=True, description="The adapter that it is for.")
    name = graphene.String(required=True, description="The field.")
    value = graphene.String(description="As entered; null for secrets.")


class ChannelDoorType(graphene.ObjectType):
    """An address at which a service tells us things; whoever knows it is believed."""

    class Meta:
        name = "ChannelDoor"

    door = graphene.String(required=True, description="inbound: messages. tracking: what became of letters.")
    url = graphene.String(required=True, description="To be entered at the service.")


class ChannelTextType(graphene.ObjectType):
    """Words in one language."""

    class Meta:
        name = "ChannelText"

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="Markdown with variables.")


class ChannelAccountType(graphene.ObjectType):
    """A mailbox, a LINE account, a telephone system, … that customers reach the shop by."""

    class Meta:
        name = "ChannelAccount"

    id = graphene.ID(required=True, description="For mutations.")
    kind = graphene.String(required=True, description="email, form, chat, phone or line.")
    name = graphene.String(required=True, description="For staff.")
    address = graphene.String(required=True, description="What others write to.")
    incoming = graphene.String(required=True, description="The adapter that hears; empty: nothing comes in.")
    outgoing = graphene.String(required=True, description="The adapter that sends; empty: the service's own.")
    version = graphene.Int(required=True, description="Send it back with a change.")
    enabled = graphene.Boolean(required=True, description="It is used.")
    is_default = graphene.Boolean(required=True, description="Of its kind: what nobody chose another for leaves by it.")
    language = graphene.String(required=True, description="Of whoever writes there; empty: the shop's.")
    sender_name = graphene.String(required=True, description="Who letters are from; empty: the shop's.")
    signatures = graphene.List(
        graphene.NonNull(ChannelTextType), required=True, description="What stands under letters."
    )
    auto_reply = graphene.Boolean(required=True, description="A first message is acknowledged at once.")
    team_id = graphene.ID(description="Whose queue new conversations go to.")
    heard_at = graphene.Field(DateTimeType, description="When the incoming side last worked.")
    problem = graphene.String(required=True, description="Why nothing is heard at present; empty: all is well.")
    problem_since = graphene.Field(DateTimeType, description="Since when.")
    sending_problem = graphene.String(required=True, description="Why nothing can be sent; empty: all is well.")
    sending_problem_since = graphene.Field(DateTimeType, description="Since when.")
    verified_at = graphene.Field(DateTimeType, description="When a test last found all of it working.")
    authority = graphene.String(required=True, description="Who is signed in to: google, microsoft, or empty.")
    connected = graphene.Boolean(required=True, description="Somebody has signed in there.")
    values = graphene.List(
        graphene.NonNull(ChannelValueType),
        required=True,
        description="What its adapters were told; empty without MANAGE_APPS or MANAGE_SETTINGS.",
    )
    doors = graphene.List(
        graphene.NonNull(ChannelDoorType),
        required=True,
        description="Where its services tell us things; empty without MANAGE_APPS or MANAGE_SETTINGS.",
    )

    @staticmethod
    def resolve_id(root: ChannelAccount, _info: Any) -> str:
        return to_global_id("ChannelAccount", root.pk)

    @staticmethod
    def resolve_signatures(root: ChannelAccount, _info: Any) -> list[dict[str, str]]:
        return [{"language": language, "text": text} for language, text in sorted(root.signatures.items())]

    @staticmethod
    def resolve_team_id(root: ChannelAccount, _info: Any) -> str | None:
        return to_global_id("Team", root.team_id) if root.team_id is not None else None

    @staticmethod
    def resolve_authority(root: ChannelAccount, _info: Any) -> str:
        return oauth.authority_of(root)

    @staticmethod
    def resolve_connected(root: ChannelAccount, _info: Any) -> bool:
        return oauth.is_connected(root)

    @staticmethod
    def resolve_values(root: ChannelAccount, info: graphene.ResolveInfo) -> list[dict[str, str | None]]:
        if not _may_edit(info.context):
            return []
        found = []
        for adapter in registry.channel_adapters(root.kind):
            values = accounts.values_of(root, adapter.slug)
            hidden = {one.name for one in adapter.every_field() if one.secret}
            for name, value in values.items():
                shown = None if name in hidden else value
                found.append({"section": adapter.slug, "name": name, "value": shown})
        return found

    @staticmethod
    def resolve_doors(root: ChannelAccount, info: graphene.ResolveInfo) -> list[dict[str, str]]:
        if not _may_edit(info.context):
            return []
        doors = {
            door: accounts.hook_url(root, door)
            for adapter in registry.channel_adapters(root.kind)
            for door in adapter.hooks
            if (root.outgoing if door == "tracking" else root.incoming) == adapter.slug
        }
        return [{"door": door, "url": url} for door, url in doors.items()]


def _may_edit(ctx: Context) -> bool:
    staff = ctx.staff()
    return any(staff.may(permission) for permission in EDITORS)


class ChannelAccountQueries(graphene.ObjectType):
    """Reading accounts; staff with MANAGE_ORDERS."""

    channel_accounts = graphene.List(
        graphene.NonNull(ChannelAccountType),
        kind=graphene.String(description="email, form, chat, phone or line; all where it is left out."),
        required=True,
        description="The shop's accounts, at most 100 (staff with MANAGE_ORDERS).",
    )
    channel_account = graphene.Field(
        ChannelAccountType,
        id=graphene.ID(required=True, description="Of the account."),
        required=True,
        description="One account of the shop (staff with MANAGE_ORDERS).",
    )
    channel_adapters = graphene.List(
        graphene.NonNull(ChannelAdapterType),
        kind=graphene.String(required=True, description="email, form, chat, phone or line."),
        required=True,
        description="What hears and sends for a kind of channel (staff with MANAGE_ORDERS).",
    )

    channel_signature_preview = graphene.String(
        text=graphene.String(required=True, description="Markdown with variables, up to 2000 characters."),
        required=True,
        description="A signature as its reader will see it, in the asking person's words: sanitised HTML, safe to"
        " insert (staff with MANAGE_ORDERS).",
    )

    @staticmethod
    def resolve_channel_signature_preview(_root: None, info: graphene.ResolveInfo, text: str) -> str:
        ctx: Context = info.context
        staff = ctx.staff(MANAGE_ORDERS)
        if len(text) > MAX_SIGNATURE:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_SIGNATURE}, "text")
        liquid.check(text, "text")
        words = {
            "staff": {"name": staff.member.display_name, "email": staff.member.email},
            "shop": {"name": ctx.shop.name},
        }
        filled = liquid.render(text, words).without_missing
        return render_markdown(filled).replace("<a ", '<a target="_blank" ')

    @staticmethod
    def resolve_channel_accounts(
        _root: None, info: graphene.ResolveInfo, kind: str | None = None
    ) -> list[ChannelAccount]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return accounts.accounts_of(ctx.shop, kind)

    @staticmethod
    def resolve_channel_account(_root: None, info: graphene.ResolveInfo, id: str) -> ChannelAccount:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return accounts.account_of(ctx.shop, own_pk("ChannelAccount", id))

    @staticmethod
    def resolve_channel_adapters(_root: None, info: graphene.ResolveInfo, kind: str) -> tuple[ChannelAdapter, ...]:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return registry.channel_adapters(kind)
