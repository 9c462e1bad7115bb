"""What administrators do about accounts: add, change, try, connect, give up."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.channels import accounts, oauth, polling, trying
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core.errors import InvalidInput, PermissionDenied, ProviderError
from saleor_aftercare.core.ids import own_pk

from .channel_accounts import ChannelAccountType
from .core.context import Context
from .core.mutations import AftercareMutation
from .settings import EDITORS


class ChannelValueInput(graphene.InputObjectType):
    """A value for a field of an adapter."""

    section = graphene.String(required=True, description="The adapter's slug.")
    name = graphene.String(required=True, description="One of its fields.")
    value = graphene.String(required=True, description="Empty: delete it. At most 4000 characters.")


class ChannelTextInput(graphene.InputObjectType):
    """Words in one language."""

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="Markdown with variables; empty: none.")


class ChannelAccountInput(graphene.InputObjectType):
    """What to change; what is left out stays."""

    name = graphene.String(description="For staff; 1 to 100 characters.")
    address = graphene.String(description="What others write to.")
    incoming = graphene.String(description="The adapter that hears; empty: nothing comes in.")
    outgoing = graphene.String(description="The adapter that sends; empty: the service's own.")
    values = graphene.List(graphene.NonNull(ChannelValueInput), description="Fields of its adapters.")
    enabled = graphene.Boolean(description="It is used.")
    is_default = graphene.Boolean(description="The one of its kind that letters leave by which chose none.")
    language = graphene.String(description="Of whoever writes there: en, ja, or empty for the shop's.")
    sender_name = graphene.String(description="Who letters are from; at most 100 characters.")
    signatures = graphene.List(
        graphene.NonNull(ChannelTextInput), description="All of them, at most 2000 characters each."
    )
    auto_reply = graphene.Boolean(description="A first message is acknowledged at once.")
    team_id = graphene.ID(description="Whose queue new conversations go to; empty: nobody's.")


def check_editor(ctx: Context) -> None:
    """Only who may change the shop's settings; raises PermissionDenied."""
    staff = ctx.staff()
    if not any(staff.may(permission) for permission in EDITORS):
        raise PermissionDenied(_("You need the permission %(code)s.") % {"code": " / ".join(EDITORS)})


def _changes(input: Any) -> tuple[dict[str, Any], dict[tuple[str, str], str]]:
    """Columns and fields as the room of channels wants them."""
    changes = {name: value for name, value in input.items() if name not in {"values", "signatures", "team_id"}}
    for name, value in changes.items():
        if value is None:
            raise InvalidInput(_("This cannot be empty; leave it out to keep it."), name)
    if "signatures" in input:
        changes["signatures"] = {one.language: one.text for one in input.signatures or []}
    if "team_id" in input:
        changes["team"] = own_pk("Team", input.team_id, field="teamId") if input.team_id else None
    values = input.get("values") or []
    fields = {(one.section, one.name): one.value for one in values}
    if len(fields) != len(values):
        raise InvalidInput(_("A field is listed twice."), "values")
    return changes, fields


def _account(ctx: Context, id: str) -> ChannelAccount:
    check_editor(ctx)
    return accounts.account_of(ctx.shop, own_pk("ChannelAccount", id))


class _AccountMutation(AftercareMutation):
    """Base of what is done with one account."""

    class Meta:
        abstract = True

    account = graphene.Field(ChannelAccountType, description="The account as it is now.")


class ChannelAccountCreate(_AccountMutation):
    """Add an account; the first of its kind is its kind's default. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        kind = graphene.String(required=True, description="email, form, chat, phone or line.")
        input = ChannelAccountInput(required=True, description="What it is.")

    @classmethod
    def perform(cls, ctx: Context, *, kind: str, input: Any) -> ChannelAccountCreate:
        check_editor(ctx)
        changes, fields = _changes(input)
        account = accounts.create_account(ctx.shop, kind=kind, changes=changes, fields=fields, at=ctx.at)
        polling.poll_soon(account, at=ctx.at)
        return cls(account=account)


class ChannelAccountUpdate(_AccountMutation):
    """Change an account. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the account.")
        version = graphene.Int(required=True, description="The version read; CONFLICT when somebody saved meanwhile.")
        input = ChannelAccountInput(required=True, description="What to change.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, version: int, input: Any) -> ChannelAccountUpdate:
        account = _account(ctx, id)
        changes, fields = _changes(input)
        account = accounts.change_account(account, version=version, changes=changes, fields=fields, at=ctx.at)
        polling.poll_soon(account, at=ctx.at)
        return cls(account=account)


class ChannelAccountDelete(AftercareMutation):
    """Give an account up: what came by it stays, its secrets do not. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the account.")
        version = graphene.Int(required=True, description="The version read; CONFLICT when somebody saved meanwhile.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, version: int) -> ChannelAccountDelete:
        accounts.give_up_account(_account(ctx, id), version=version, at=ctx.at)
        return cls()


class ChannelVerdictType(graphene.ObjectType):
    """How one direction of an account did."""

    class Meta:
        name = "ChannelVerdict"

    problem = graphene.String(required=True, description="Empty: all is well.")
    field = graphene.String(required=True, description="SECTION.NAME of what to look at; may be empty.")
    folders = graphene.List(graphene.NonNull(graphene.String), required=True, description="Of a mailbox, at most 200.")
    messages = graphene.Int(description="In the chosen folder of a mailbox.")


class ChannelAccountTest(AftercareMutation):
    """Sign in where an account hears and sends, before or after it is saved. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(description="Of a saved account; what the input leaves out is as it was saved.")
        kind = graphene.String(description="Of a new one.")
        input = ChannelAccountInput(required=True, description="What would be saved.")

    incoming = graphene.Field(ChannelVerdictType, description="Null where it is not asked for what came.")
    outgoing = graphene.Field(ChannelVerdictType, description="Null where letters leave by the service's own server.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None, kind: str = "email") -> ChannelAccountTest:
        check_editor(ctx)
        saved = _account(ctx, id) if id is not None else None
        changes, fields = _changes(input)
        draft = trying.drafted(
            ctx.shop, saved, kind=saved.kind if saved else kind, changes=changes, fields=fields, at=ctx.at
        )
        report = trying.try_account(draft, at=ctx.at)
        if saved is not None and not changes and not fields:
            trying.note_tried(saved, report, at=ctx.at)
        return cls(incoming=report.incoming, outgoing=report.outgoing)


class ChannelAccountSendTest(_AccountMutation):
    """Send the asking person a short letter by an account. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the account.")

    problem = graphene.String(description="What was said against it; null when it was sent.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ChannelAccountSendTest:
        account = _account(ctx, id)
        problem = None
        try:
            trying.send_test_letter(account, to_email=ctx.staff().member.email, at=ctx.at)
        except ProviderError as error:
            problem = error.message
        return cls(account=accounts.account_of(ctx.shop, account.pk), problem=problem)


class ChannelAccountPoll(_AccountMutation):
    """Ask a mailbox for new mails at once. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the account.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ChannelAccountPoll:
        account = _account(ctx, id)
        polling.poll_soon(account, at=ctx.at)
        return cls(account=account)


class ChannelAccountConnect(AftercareMutation):
    """Begin to sign in to whoever keeps a mailbox. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the account.")

    url = graphene.String(description="To be opened in a window of its own, within ten minutes.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> ChannelAccountConnect:
        account = _account(ctx, id)
        return cls(url=oauth.begin(account, member=ctx.staff().member, at=ctx.at))


class ChannelAccountDoorsRenew(_AccountMutation):
    """Close an account's doors and open new ones; its services must be told. Needs MANAGE_APPS or MANAGE_SETTINGS."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the account.")
        version = graphene.Int(required=True, description="The version read; CONFLICT when somebody saved meanwhile.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, version: int) -> ChannelAccountDoorsRenew:
        return cls(account=accounts.renew_hook(_account(ctx, id), version=version, at=ctx.at))


class ChannelAccountMutations(graphene.ObjectType):
    """What administrators decide about accounts."""

    channel_account_create = ChannelAccountCreate.Field()
    channel_account_update = ChannelAccountUpdate.Field()
    channel_account_delete = ChannelAccountDelete.Field()
    channel_account_test = ChannelAccountTest.Field()
    channel_account_send_test = ChannelAccountSendTest.Field()
    channel_account_poll = ChannelAccountPoll.Field()
    channel_account_connect = ChannelAccountConnect.Field()
    channel_account_doors_renew = ChannelAccountDoorsRenew.Field()
