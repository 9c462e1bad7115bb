"""What a merchant decides about the shop, and how the connection to Saleor is doing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.queries import why_no_credit
from saleor_aftercare.connection import shop as shops
from saleor_aftercare.connection.install import missing_permissions
from saleor_aftercare.connection.models import InboundWebhook, ShopSettings, WebhookState
from saleor_aftercare.core import jobs
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import InvalidInput, PermissionDenied
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import Job, JobState, Shop
from saleor_aftercare.inbox.sla.tasks import schedule_recompute

from .core.context import MANAGE_ORDERS, Context
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType

#: Any of these lets a member of staff change the settings.
EDITORS = ("MANAGE_SETTINGS", "MANAGE_APPS")
#: Failed jobs and webhooks are looked at this far back by key, newest first.
MOST_FAILED = 50


class AddressType(graphene.ObjectType):
    """A place that parcels come to."""

    class Meta:
        name = "Address"

    name = graphene.String(required=True, description="A person or a department.")
    company = graphene.String(required=True, description="The company.")
    street1 = graphene.String(required=True, description="Street and number.")
    street2 = graphene.String(required=True, description="Building, floor, and the like.")
    city = graphene.String(required=True, description="City.")
    postal_code = graphene.String(required=True, description="As it is written there.")
    country_area = graphene.String(required=True, description="State, province or prefecture.")
    country = graphene.String(required=True, description="ISO 3166-1 alpha-2; empty while no address is set.")
    phone = graphene.String(required=True, description="For the carrier.")


class ShopSettingsType(graphene.ObjectType):
    """What a merchant decides about the shop as a whole."""

    class Meta:
        name = "ShopSettings"

    version = graphene.Int(required=True, description="Send it back with a change.")
    sender_name = graphene.String(required=True, description="Who mails come from.")
    sender_email = graphene.String(required=True, description="Empty: the service's own sender.")
    reply_to_email = graphene.String(required=True, description="Where answers to mails go; empty: the sender.")
    dashboard_url = graphene.String(required=True, description="Where this shop's Dashboard stands.")
    default_language = graphene.String(required=True, description="For customers of whom none is known: en or ja.")
    time_zone = graphene.String(required=True, description="IANA name; days of return windows end there at midnight.")
    return_address = graphene.Field(AddressType, required=True, description="Where parcels come back to.")
    estimated_delivery_days = graphene.Int(required=True, description="From dispatch to arrival, as a guess.")
    arrival_check_days = graphene.Int(required=True, description="Days after arrival until customers are asked.")
    arrival_check_enabled = graphene.Boolean(required=True, description="Customers are asked whether all is well.")
    answer_within_hours = graphene.Int(required=True, description="When a first answer is due.")
    reopen_days = graphene.Int(
        required=True, description="Days for which a message reopens what was solved; afterwards it opens a linked one."
    )
    raw_mail_days = graphene.Int(required=True, description="Days for which mails are kept as they came; 0: for ever.")
    store_credit_enabled = graphene.Boolean(required=True, description="Store credit may be given.")
    store_credit_valid_days = graphene.Int(required=True, description="0: it does not expire.")
    store_credit_assigned = graphene.Boolean(
        required=True, description="Only the customer's own account may use it (Saleor 3.23 and later)."
    )
    store_credit_problem = graphene.String(description="Why store credit cannot be given now; null when it can.")
    payment_link = graphene.String(
        required=True, description="The storefront's page where an order is paid; empty: staff see to payments."
    )
    charge_sku = graphene.String(
        required=True, description="SKU of the product that stands for charges; empty: nothing can be charged."
    )
    allowed_origins = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Storefronts that may call this API from a browser, and be returned to.",
    )
    carrier_secret = graphene.String(
        description="Bearer of carriers' delivery events; null without MANAGE_APPS or MANAGE_SETTINGS."
    )

    @staticmethod
    def resolve_carrier_secret(root: ShopSettings, info: graphene.ResolveInfo) -> str | None:
        staff = info.context.staff()
        return root.carrier_secret if any(staff.may(permission) for permission in EDITORS) else None

    @staticmethod
    def resolve_store_credit_valid_days(root: ShopSettings, _info: Any) -> int:
        return root.store_credit_valid_days or 0

    @staticmethod
    def resolve_store_credit_problem(_root: ShopSettings, info: graphene.ResolveInfo) -> str | None:
        return why_no_credit(info.context.shop) or None

    @staticmethod
    def resolve_return_address(root: ShopSettings, _info: Any) -> Any:
        return PostalAddress.from_json(root.return_address) if root.return_address else _NO_ADDRESS


_ADDRESS_FIELDS = ("name", "company", "street1", "street2", "city", "postal_code", "country_area", "country", "phone")
_NO_ADDRESS = dict.fromkeys(_ADDRESS_FIELDS, "")


class FailedJob(graphene.ObjectType):
    """Work that waits for a person."""

    id = graphene.ID(required=True, description="For jobRetry.")
    kind = graphene.String(required=True, description="What it is.")
    error = graphene.String(required=True, description="Why it failed.")
    at = graphene.Field(DateTimeType, required=True, description="When it failed.")

    @staticmethod
    def resolve_id(root: Job, _info: Any) -> str:
        return to_global_id("Job", root.pk)

    @staticmethod
    def resolve_at(root: Job, _info: Any) -> Any:
        return root.finished_at or root.due_at


class ConnectionHealth(graphene.ObjectType):
    """How the connection to Saleor is doing."""

    connected_since = graphene.Field(DateTimeType, required=True, description="When the app was installed.")
    saleor_version = graphene.String(required=True, description="As Saleor last said, or empty.")
    missing_permissions = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Without these a part of the product rests."
    )
    last_webhook_at = graphene.Field(DateTimeType, description="When Saleor last told us something.")
    failed_webhooks = graphene.Int(required=True, description="Deliveries that could not be applied.")
    failed_jobs = graphene.List(
        graphene.NonNull(FailedJob),
        required=True,
        description="Work that waits for a person, the newest 50.",
    )

    @staticmethod
    def resolve_connected_since(root: Shop, _info: Any) -> Any:
        return root.connected_at

    @staticmethod
    def resolve_missing_permissions(root: Shop, _info: Any) -> list[str]:
        return missing_permissions(root)

    @staticmethod
    def resolve_last_webhook_at(root: Shop, _info: Any) -> datetime | None:
        newest = InboundWebhook.objects.filter(shop=root).order_by("-received_at").only("received_at").first()
        return newest.received_at if newest is not None else None

    @staticmethod
    def resolve_failed_webhooks(root: Shop, _info: Any) -> int:
        return InboundWebhook.objects.filter(shop=root, state=WebhookState.FAILED).count()

    @staticmethod
    def resolve_failed_jobs(root: Shop, _info: Any) -> list[Job]:
        return list(Job.objects.filter(shop=root, state=JobState.FAILED).order_by("-pk")[:MOST_FAILED])


class SettingsQueries(graphene.ObjectType):
    """Reading settings and health; staff with MANAGE_ORDERS."""

    settings = graphene.Field(
        ShopSettingsType, required=True, description="Current settings (staff with MANAGE_ORDERS)."
    )
    connection_health = graphene.Field(
        ConnectionHealth,
        required=True,
        description="Health of the connection to Saleor, for the settings page (staff with MANAGE_ORDERS).",
    )

    @staticmethod
    def resolve_settings(_root: None, info: graphene.ResolveInfo) -> ShopSettings:
        ctx: Context = info.context
        ctx.staff(MANAGE_ORDERS)
        return ctx.settings

    @staticmethod
    def resolve_connection_health(_root: None, info: graphene.ResolveInfo) -> Shop:
        ctx: Context = info.context
        return ctx.staff(MANAGE_ORDERS).shop


# -- mutations -------------------------------------------------------------------------------------------------


class AddressInput(graphene.InputObjectType):
    """A place that parcels come to."""

    name = graphene.String(required=True, description="A person or a department.")
    company = graphene.String(required=True, description="The company.")
    street1 = graphene.String(required=True, description="Street and number.")
    street2 = graphene.String(required=True, description="Building, floor, and the like.")
    city = graphene.String(required=True, description="City.")
    postal_code = graphene.String(required=True, description="As it is written there.")
    country_area = graphene.String(required=True, description="State, province or prefecture.")
    country = graphene.String(required=True, description="ISO 3166-1 alpha-2.")
    phone = graphene.String(required=True, description="For the carrier.")


class ShopSettingsInput(graphene.InputObjectType):
    """What to change; what is left out stays."""

    version = graphene.Int(required=True, description="The version read; CONFLICT when somebody saved meanwhile.")
    sender_name = graphene.String(description="Who mails come from.")
    sender_email = graphene.String(description="Empty: the service's own sender.")
    reply_to_email = graphene.String(description="Where answers to mails go; empty: the sender.")
    dashboard_url = graphene.String(description="Where this shop's Dashboard stands.")
    default_language = graphene.String(description="en or ja.")
    time_zone = graphene.String(description="IANA name.")
    return_address = graphene.InputField(AddressInput, description="Where parcels come back to.")
    estimated_delivery_days = graphene.Int(description="0 to 60.")
    arrival_check_days = graphene.Int(description="0 to 60.")
    arrival_check_enabled = graphene.Boolean(description="Whether customers are asked.")
    answer_within_hours = graphene.Int(description="1 to 240.")
    reopen_days = graphene.Int(description="0 to 365.")
    raw_mail_days = graphene.Int(description="0 to 3650; 0: for ever.")
    store_credit_enabled = graphene.Boolean(description="Whether store credit may be given.")
    store_credit_valid_days = graphene.Int(description="0 to 3650; 0: it does not expire.")
    store_credit_assigned = graphene.Boolean(description="Whether only the customer's own account may use it.")
    payment_link = graphene.String(
        description="A web address with {order_id} or {order_number}; empty: staff see to payments."
    )
    charge_sku = graphene.String(description="SKU of a product that is not shipped and whose stock is not counted.")
    allowed_origins = graphene.List(
        graphene.NonNull(graphene.String), description="Such as https://shop.example; at most 50."
    )


class SettingsUpdate(AftercareMutation):
    """Save some of the settings, all or none. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        input = ShopSettingsInput(required=True, description="What to change.")

    settings = graphene.Field(ShopSettingsType, description="The settings as they are now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> SettingsUpdate:
        staff = ctx.staff()
        if not any(staff.may(permission) for permission in EDITORS):
            raise PermissionDenied(_("You need the permission %(code)s.") % {"code": " / ".join(EDITORS)})
        changes = {name: value for name, value in input.items() if name != "version"}
        for name, value in changes.items():
            if value is None:
                raise InvalidInput(_("This cannot be empty; leave it out to keep it."), name)
        if "return_address" in changes:
            # The form lacks what only some countries write, such as a district; that stays as Saleor gave it.
            changes["return_address"] = ctx.settings.return_address | dict(changes["return_address"])
        settings = shops.update_settings(ctx.shop, version=input.version, changes=changes, at=ctx.at)
        if "answer_within_hours" in changes:
            schedule_recompute(ctx.shop, at=ctx.at)
        return cls(settings=settings)


class JobRetry(AftercareMutation):
    """Put failed work back to work. Needs MANAGE_ORDERS."""

    class Arguments:
        id = graphene.ID(required=True, description="One of connectionHealth.failedJobs.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> JobRetry:
        jobs.retry(ctx.shop, own_pk("Job", id), at=ctx.at)
        return cls()


class SettingsMutations(graphene.ObjectType):
    """What staff decide."""

    settings_update = SettingsUpdate.Field()
    job_retry = JobRetry.Field()
