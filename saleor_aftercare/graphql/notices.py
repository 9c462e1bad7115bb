"""Notices: the bell, what each wants to be told, and where the team talks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import graphene

from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.team import deciding, hooks, queries
from saleor_aftercare.team.actions import mark_read
from saleor_aftercare.team.models import Notice, NoticeHook, NoticeKind, Team
from saleor_aftercare.team.preferences import Preferences
from saleor_aftercare.team.words import sentence

from .core.context import Context
from .core.loaders import row_of
from .core.mutations import AftercareMutation
from .core.paging import Page, connection_of, newest_first
from .core.scalars import DateTimeType, Node, enum_from, value_of
from .team import MANAGE_SETTINGS, TeamType

NoticeKindEnum = enum_from(
    NoticeKind,
    {
        "MENTION": "Somebody named them in a note.",
        "ASSIGNED": "They were given a conversation.",
        "REPLIED": "The customer wrote in a conversation of theirs.",
        "DUE_SOON": "An answer is due soon.",
        "BREACHED": "An answer is late.",
        "CALL_BACK": "A customer waits for a call.",
        "RULE": "A rule of the shop says so.",
    },
    "What somebody is told.",
)


class NoticeType(graphene.ObjectType):
    """Something that the asking member of staff was told."""

    class Meta:
        name = "Notice"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    kind = graphene.Field(NoticeKindEnum, required=True, description="What kind of news it is.")
    text = graphene.String(required=True, description="A sentence in the asking person's language.")
    subject = graphene.String(required=True, description="The subject of the conversation, as it was.")
    ticket_number = graphene.Int(description="Where it leads.")
    created_at = graphene.Field(DateTimeType, required=True, description="When.")
    is_read = graphene.Boolean(required=True, description="They have seen it.")

    @staticmethod
    def resolve_id(root: Notice, _info: Any) -> str:
        return to_global_id("Notice", root.pk)

    @staticmethod
    def resolve_text(root: Notice, _info: Any) -> str:
        return sentence(root.kind, root.data)

    @staticmethod
    def resolve_subject(root: Notice, _info: Any) -> str:
        return str(root.data.get("subject", ""))

    @staticmethod
    def resolve_ticket_number(root: Notice, _info: Any) -> int | None:
        number = root.data.get("number")
        return number if isinstance(number, int) else None

    @staticmethod
    def resolve_is_read(root: Notice, _info: Any) -> bool:
        return root.read_at is not None


NoticeConnection = connection_of(NoticeType, "Notice")


class NoticePreferencesType(graphene.ObjectType):
    """What somebody wants to be told, and how."""

    class Meta:
        name = "NoticePreferences"

    app = graphene.List(graphene.NonNull(NoticeKindEnum), required=True, description="Shown at the bell.")
    mail = graphene.List(graphene.NonNull(NoticeKindEnum), required=True, description="Collected into a mail.")
    digest = graphene.String(required=True, description="When that mail comes: hourly or daily.")
    hour = graphene.Int(required=True, description="Of the daily one, by the shop's clock.")

    @staticmethod
    def resolve_app(root: Preferences, _info: Any) -> list[NoticeKind]:
        return [one for one in NoticeKind if one in root.app]

    @staticmethod
    def resolve_mail(root: Preferences, _info: Any) -> list[NoticeKind]:
        return [one for one in NoticeKind if one in root.mail]


class NoticeHookType(graphene.ObjectType):
    """An address where notices are posted; it is a secret, so only its host is told."""

    class Meta:
        name = "NoticeHook"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    name = graphene.String(required=True, description="For staff.")
    host = graphene.String(required=True, description="Whose address it is.")
    kinds = graphene.List(graphene.NonNull(NoticeKindEnum), required=True, description="What is posted.")
    team = graphene.Field(TeamType, description="Only about its queue; null: about the whole shop.")
    problem = graphene.String(required=True, description="Why the last post failed; empty: it worked.")

    @staticmethod
    def resolve_id(root: NoticeHook, _info: Any) -> str:
        return to_global_id("NoticeHook", root.pk)

    @staticmethod
    def resolve_host(root: NoticeHook, _info: Any) -> str:
        return urlsplit(root.url).hostname or ""

    @staticmethod
    def resolve_kinds(root: NoticeHook, _info: Any) -> list[NoticeKind]:
        return [NoticeKind(one) for one in root.kinds]

    @staticmethod
    def resolve_team(root: NoticeHook, info: graphene.ResolveInfo) -> Team | None:
        return row_of(info.context, Team, root.team_id)


class NoticeQueries(graphene.ObjectType):
    """Reading notices."""

    notices = graphene.Field(
        NoticeConnection,
        first=graphene.Int(description="Rows of a page, 1 to 100; 50 when not said."),
        after=graphene.String(description="The `endCursor` of the page before."),
        required=True,
        description="What the asking member of staff was told, newest first.",
    )
    notice_count = graphene.Int(required=True, description="How many are new to them. Capped: 100 means 100 or more.")
    notice_preferences = graphene.Field(NoticePreferencesType, required=True, description="What they want to be told.")
    notice_hooks = graphene.List(
        graphene.NonNull(NoticeHookType), required=True, description="Where notices are posted. Administrators."
    )

    @staticmethod
    def resolve_notices(
        _root: None, info: graphene.ResolveInfo, *, first: int | None = None, after: str | None = None
    ) -> Page:
        ctx: Context = info.context
        return newest_first(ctx, queries.notices_of(ctx.staff().member), first=first, after=after)

    @staticmethod
    def resolve_notice_count(_root: None, info: graphene.ResolveInfo) -> int:
        ctx: Context = info.context
        return queries.unread_notices(ctx.staff().member)

    @staticmethod
    def resolve_notice_preferences(_root: None, info: graphene.ResolveInfo) -> Preferences:
        ctx: Context = info.context
        member = ctx.staff().member
        return queries.preferences_of(ctx.shop, [member])[member.pk]

    @staticmethod
    def resolve_notice_hooks(_root: None, info: graphene.ResolveInfo) -> list[NoticeHook]:
        ctx: Context = info.context
        ctx.staff(MANAGE_SETTINGS)
        rows = queries.hooks_of(ctx.shop)
        ctx.meet(rows)
        return rows


class NoticesMarkRead(AftercareMutation):
    """Have seen some notices, or all of them."""

    class Arguments:
        ids = graphene.List(graphene.NonNull(graphene.ID), description="Which; omitted: all.")

    permissions = ()
    count = graphene.Int(description="How many are new to them now.")

    @classmethod
    def perform(cls, ctx: Context, *, ids: list[str] | None = None) -> NoticesMarkRead:
        member = ctx.staff().member
        keys = None if ids is None else [own_pk("Notice", one, field="ids") for one in ids[:200]]
        mark_read(member, keys=keys, at=ctx.at)
        return cls(count=queries.unread_notices(member))


class NoticePreferencesInput(graphene.InputObjectType):
    """What somebody wants to be told, and how."""

    app = graphene.List(graphene.NonNull(NoticeKindEnum), required=True, description="Shown at the bell.")
    mail = graphene.List(graphene.NonNull(NoticeKindEnum), required=True, description="Collected into a mail.")
    digest = graphene.String(required=True, description="When that mail comes: hourly or daily.")
    hour = graphene.Int(required=True, description="Of the daily one, by the shop's clock.")


class NoticePreferencesUpdate(AftercareMutation):
    """Say what oneself wants to be told."""

    class Arguments:
        input = NoticePreferencesInput(required=True, description="All of it.")

    permissions = ()
    preferences = graphene.Field(NoticePreferencesType, description="As they stand now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> NoticePreferencesUpdate:
        wanted = Preferences(
            app=frozenset(map(NoticeKind, value_of(input.app))),
            mail=frozenset(map(NoticeKind, value_of(input.mail))),
            digest=input.digest,
            hour=input.hour,
        )
        return cls(preferences=deciding.save_preferences(ctx.staff().member, wanted))


class NoticeHookInput(graphene.InputObjectType):
    """Where notices are posted."""

    name = graphene.String(required=True, description="For staff; up to 100 characters.")
    url = graphene.String(description="https://…; omitted: it stays.")
    kinds = graphene.List(graphene.NonNull(NoticeKindEnum), required=True, description="What is posted.")
    team_id = graphene.ID(description="Only about its queue; omitted: about the whole shop.")


class NoticeHookSave(AftercareMutation):
    """Post notices to an address that takes Slack's messages, or say something else about one."""

    class Arguments:
        id = graphene.ID(description="The address; omitted: a new one.")
        input = NoticeHookInput(required=True, description="As it is to be.")

    permissions = (MANAGE_SETTINGS,)
    hook = graphene.Field(NoticeHookType, description="As it stands now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any, id: str | None = None) -> NoticeHookSave:
        team = None
        if input.team_id is not None:
            team = queries.get_team(ctx.shop, own_pk("Team", input.team_id, field="teamId"), field="teamId")
        saved = hooks.save_hook(
            ctx.shop,
            hook=queries.get_hook(ctx.shop, own_pk("NoticeHook", id)) if id is not None else None,
            name=input.name,
            url=input.url,
            kinds=value_of(input.kinds),
            team=team,
            at=ctx.at,
        )
        return cls(hook=saved)


class NoticeHookTest(AftercareMutation):
    """Post a sentence there now; the error says why it did not work."""

    class Arguments:
        id = graphene.ID(required=True, description="The address.")

    permissions = (MANAGE_SETTINGS,)
    hook = graphene.Field(NoticeHookType, description="With what came of it.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> NoticeHookTest:
        hook = queries.get_hook(ctx.shop, own_pk("NoticeHook", id))
        hooks.test(hook)
        return cls(hook=hook)


class NoticeHookDelete(AftercareMutation):
    """Post nothing there any more."""

    class Arguments:
        id = graphene.ID(required=True, description="The address.")

    permissions = (MANAGE_SETTINGS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str) -> NoticeHookDelete:
        hooks.delete_hook(queries.get_hook(ctx.shop, own_pk("NoticeHook", id)))
        return cls()


class NoticeMutations(graphene.ObjectType):
    """What people do with notices."""

    notices_mark_read = NoticesMarkRead.Field()
    notice_preferences_update = NoticePreferencesUpdate.Field()
    notice_hook_save = NoticeHookSave.Field()
    notice_hook_test = NoticeHookTest.Field()
    notice_hook_delete = NoticeHookDelete.Field()
