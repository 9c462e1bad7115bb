"""Who is asking, in which shop, and how a guest gets in."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils import translation

from saleor_aftercare.access import actions as access
from saleor_aftercare.connection.auth import Customer, Guest, Principal, Staff
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import AftercareError
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.models import Shop
from saleor_aftercare.team.keyboard import save_single_keys, single_keys_of

from . import roles
from .core.context import MANAGE_ORDERS, Context
from .core.errors import as_payload
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, enum_of

ViewerKind = enum_of(
    "ViewerKind",
    {
        "STAFF": "A member of the shop's staff, by a token of the Dashboard.",
        "CUSTOMER": "A customer who is signed in to the storefront.",
        "GUEST": "Somebody who proved that one order is theirs.",
    },
    "What kind of person is asking.",
)
RoomEnum = enum_of(
    "Room",
    {
        "CASES": "Returns, repairs, spare parts and withdrawals, as far as they are theirs to see.",
        "DESK": "Conversations with customers, as far as they are theirs to see.",
        "DOCK": "Where goods come in and go out.",
        "OFFICE": "Everything about all customers, and lists to take out of the shop.",
        "LEADERS": "How the shop works.",
    },
    "A part of the app that a role opens.",
)


class ViewerType(graphene.ObjectType):
    """Who is asking."""

    class Meta:
        name = "Viewer"

    kind = graphene.Field(ViewerKind, required=True, description="Staff, customer or guest.")
    email = graphene.String(description="The address that the token, or the proved order, carries.")
    name = graphene.String(description="The name to show; null when it is not known.")
    user_id = graphene.ID(description="Saleor's global id of the user; null for guests.")
    permissions = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Saleor's permissions of a member of staff; empty for everybody else.",
    )
    rooms = graphene.List(
        graphene.NonNull(RoomEnum),
        required=True,
        description="What the role of a member of staff opens, besides what Saleor's permissions say; else empty.",
    )
    locale = graphene.String(description="The language that texts of this answer are in.")
    single_keys = graphene.Boolean(
        required=True, description="Whether keys without Ctrl or ⌘ do something for them in the inbox."
    )

    @staticmethod
    def resolve_kind(root: Principal, _info: Any) -> str:
        return {Staff: "STAFF", Customer: "CUSTOMER", Guest: "GUEST"}[type(root)]

    @staticmethod
    def resolve_email(root: Principal, _info: Any) -> str:
        return root.member.email if isinstance(root, Staff) else root.email

    @staticmethod
    def resolve_name(root: Principal, _info: Any) -> str | None:
        if isinstance(root, Staff):
            return root.member.display_name
        return (root.order.customer_name or None) if isinstance(root, Guest) else None

    @staticmethod
    def resolve_user_id(root: Principal, _info: Any) -> str | None:
        if isinstance(root, Staff):
            return root.member.user_id
        return root.user_id if isinstance(root, Customer) else None

    @staticmethod
    def resolve_permissions(root: Principal, _info: Any) -> list[str]:
        return sorted(root.permissions) if isinstance(root, Staff) else []

    @staticmethod
    def resolve_rooms(root: Principal, info: graphene.ResolveInfo) -> list[str]:
        return roles.rooms_of(info.context.access.role) if isinstance(root, Staff) else []

    @staticmethod
    def resolve_locale(_root: Principal, _info: Any) -> str:
        return translation.get_language() or "en"

    @staticmethod
    def resolve_single_keys(root: Principal, _info: Any) -> bool:
        return not isinstance(root, Staff) or single_keys_of(root.member)


class ShopInfo(graphene.ObjectType):
    """The shop that this answer is about."""

    name = graphene.String(required=True, description="Its name as customers know it.")
    handle = graphene.String(required=True, description="Its name in the portal's addresses.")
    saleor_api_url = graphene.String(required=True, description="The Saleor that it runs on.")
    dashboard_url = graphene.String(required=True, description="Its Dashboard; empty for everybody but staff.")
    portal_url = graphene.String(required=True, description="Where its customers start without a storefront.")
    default_language = graphene.String(required=True, description="The language of customers of whom none is known.")

    @staticmethod
    def resolve_dashboard_url(_root: Shop, info: graphene.ResolveInfo) -> str:
        ctx: Context = info.context
        return ctx.settings.dashboard_url if ctx.is_staff else ""

    @staticmethod
    def resolve_portal_url(root: Shop, _info: Any) -> str:
        return links.portal_home(root)

    @staticmethod
    def resolve_default_language(_root: Shop, info: graphene.ResolveInfo) -> str:
        ctx: Context = info.context
        return ctx.settings.default_language


class AccountQueries(graphene.ObjectType):
    """Who is asking, and where."""

    viewer = graphene.Field(
        ViewerType, required=True, description="Who is asking: a staff member, a customer or a guest."
    )
    shop = graphene.Field(ShopInfo, required=True, description="The shop that the token belongs to.")

    @staticmethod
    def resolve_viewer(_root: None, info: graphene.ResolveInfo) -> Principal:
        ctx: Context = info.context
        return ctx.somebody

    @staticmethod
    def resolve_shop(_root: None, info: graphene.ResolveInfo) -> Shop:
        ctx: Context = info.context
        return ctx.somebody.shop


class GuestAccessRequest(AftercareMutation):
    """Ask for a one-time code. Needs no token, but the header `Saleor-Api-Url`.

    Always answers the same. The code, if the order and e-mail match, is mailed. The address must be exact, the
    case does not matter.
    """

    class Arguments:
        order_number = graphene.String(required=True, description="The number that the customer knows.")
        email = graphene.String(required=True, description="The address that the order was made with.")
        language = graphene.String(description="Language of the mail; without it that of this request.")

    challenge = graphene.String(required=True, description="Send it back with the code; empty when there are errors.")

    @classmethod
    def perform(cls, ctx: Context, *, order_number: str, email: str, language: str | None = None) -> GuestAccessRequest:
        challenge = access.request_guest_access(
            ctx.shop,
            order_number=order_number,
            email=email,
            language=language or translation.get_language() or "en",
            ip=client_ip(ctx.request),
            at=ctx.at,
        )
        return cls(challenge=challenge)

    @classmethod
    def refuse(cls, error: AftercareError) -> GuestAccessRequest:
        """An answer has a challenge in every case."""
        return cls(challenge="", errors=[as_payload(error)])


class GuestAccessConfirm(AftercareMutation):
    """Trade the mailed code for a token that opens this one order. Needs no token, but `Saleor-Api-Url`."""

    class Arguments:
        challenge = graphene.String(required=True, description="From guestAccessRequest.")
        code = graphene.String(required=True, description="The six digits of the mail.")

    token = graphene.String(description="Send it as `Authorization: Bearer …`.")
    expires_at = graphene.Field(DateTimeType, description="Until when the token holds.")
    order = graphene.Field("saleor_aftercare.graphql.orders.OrderType", description="The order that the token opens.")

    @classmethod
    def perform(cls, ctx: Context, *, challenge: str, code: str) -> GuestAccessConfirm:
        token, session = access.confirm_guest_access(
            ctx.shop, challenge=challenge, code=code, ip=client_ip(ctx.request), at=ctx.at
        )
        guest = access.principal_of(session)
        # The rest of this answer is for the guest whom the code has proved.
        ctx.act_as(guest)
        return cls(token=token, expires_at=session.expires_at, order=session.order)


class KeyboardUpdate(AftercareMutation):
    """Switch single keys on or off for the asking person, in every browser."""

    class Arguments:
        single_keys = graphene.Boolean(required=True, description="Whether they do something.")

    permissions = (MANAGE_ORDERS,)
    viewer = graphene.Field(ViewerType, description="Who asked, with the switch as it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, single_keys: bool) -> KeyboardUpdate:
        staff = ctx.staff()
        save_single_keys(staff.member, on=single_keys)
        return cls(viewer=staff)


class AccountMutations(graphene.ObjectType):
    """How guests get in, and what staff choose for themselves."""

    keyboard_update = KeyboardUpdate.Field()
    guest_access_request = GuestAccessRequest.Field()
    guest_access_confirm = GuestAccessConfirm.Field()
