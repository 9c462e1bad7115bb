"""Canned replies: the list, one filled in for a conversation, those that seem to fit, and editing."""

from __future__ import annotations

from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import InvalidInput, PermissionDenied
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.desk import canned, canned_sheets
from saleor_aftercare.desk.models import CannedReply
from saleor_aftercare.desk.variables import VARIABLES
from saleor_aftercare.inbox import drafts

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import related
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Node, Upload
from .drafts import TextInLanguage, TextInLanguageInput, TicketDraftType
from .files import FileType, keep_attachments
from .threads import find_ticket


class CannedReplyType(graphene.ObjectType):
    """Ready-made words with variables."""

    class Meta:
        name = "CannedReply"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    shortcut = graphene.String(required=True, description="Typed after “/”.")
    title = graphene.String(required=True, description="What it is for.")
    folder = graphene.String(required=True, description="Where it stands in the list, or empty.")
    personal = graphene.Boolean(required=True, description="Only the asking person's.")
    texts = graphene.List(
        graphene.NonNull(TextInLanguage), required=True, description="By language, Markdown with Liquid variables."
    )
    attachments = graphene.List(graphene.NonNull(FileType), required=True, description="Files that go with it.")
    used = graphene.Int(required=True, description="How many answers were made of it.")
    used_at = graphene.Field(DateTimeType, description="When the last one was.")
    version = graphene.Int(required=True, description="Say it when you save.")

    @staticmethod
    def resolve_id(root: CannedReply, _info: Any) -> str:
        return to_global_id("CannedReply", root.pk)

    @staticmethod
    def resolve_personal(root: CannedReply, _info: Any) -> bool:
        return root.owner is not None

    @staticmethod
    def resolve_texts(root: CannedReply, _info: Any) -> list[TextInLanguage]:
        return [TextInLanguage(language=one, text=text["body"]) for one, text in sorted(root.texts.items())]

    @staticmethod
    def resolve_attachments(root: CannedReply, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "attachments")


class CannedReplyFilled(graphene.ObjectType):
    """A canned reply in the words of one conversation."""

    canned_reply = graphene.Field(CannedReplyType, required=True, description="The canned reply.")
    text = graphene.String(
        required=True, description="Markdown. Variables without a value stand in it as they were written."
    )
    language = graphene.String(required=True, description="In which it is written.")
    missing = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Variables without a value, such as order.number."
    )

    @staticmethod
    def resolve_canned_reply(root: canned.Filled, _info: Any) -> CannedReply:
        return root.canned

    @staticmethod
    def resolve_missing(root: canned.Filled, _info: Any) -> list[str]:
        return list(root.missing)


class TemplateVariable(graphene.ObjectType):
    """Something that ready-made words can name."""

    name = graphene.String(required=True, description="As it is written: order.number.")
    description = graphene.String(required=True, description="What stands there then, in the asking person's language.")


class CannedQueries(graphene.ObjectType):
    """Ready-made words."""

    canned_replies = graphene.List(
        graphene.NonNull(CannedReplyType),
        required=True,
        description="Everybody's and one's own, by folder and title; 500 at most. Staff with MANAGE_ORDERS.",
    )
    canned_reply_suggestions = graphene.List(
        graphene.NonNull(CannedReplyType),
        ticket_id=graphene.ID(required=True, description="The conversation."),
        required=True,
        description="Up to three that seem to answer what the customer wrote last. Staff with MANAGE_ORDERS.",
    )
    canned_reply_filled = graphene.Field(
        CannedReplyFilled,
        id=graphene.ID(required=True, description="The canned reply."),
        ticket_id=graphene.ID(required=True, description="The conversation."),
        language=graphene.String(description="In which it is wanted; the customer's when not said."),
        required=True,
        description="One of them in the words of a conversation. Staff with MANAGE_ORDERS.",
    )
    template_variables = graphene.List(
        graphene.NonNull(TemplateVariable),
        required=True,
        description="What ready-made words can name. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_canned_replies(_root: None, info: graphene.ResolveInfo) -> list[CannedReply]:
        ctx: Context = info.context
        rows = list(canned.visible_to(ctx.shop, ctx.staff(MANAGE_ORDERS).member)[: canned.MOST])
        ctx.meet(rows)
        return rows

    @staticmethod
    def resolve_canned_reply_suggestions(
        _root: None, info: graphene.ResolveInfo, *, ticket_id: str
    ) -> list[CannedReply]:
        ctx: Context = info.context
        rows = canned.suggest(find_ticket(ctx, ticket_id, field="ticketId"), staff=ctx.staff(MANAGE_ORDERS).member)
        ctx.meet(rows)
        return rows

    @staticmethod
    def resolve_canned_reply_filled(
        _root: None, info: graphene.ResolveInfo, *, id: str, ticket_id: str, language: str | None = None
    ) -> canned.Filled:
        ctx: Context = info.context
        me = ctx.staff(MANAGE_ORDERS).member
        found = canned.get_canned(ctx.shop, own_pk("CannedReply", id), staff=me)
        return canned.fill(found, find_ticket(ctx, ticket_id, field="ticketId"), staff=me, language=language or "")

    @staticmethod
    def resolve_template_variables(_root: None, info: graphene.ResolveInfo) -> list[TemplateVariable]:
        info.context.staff(MANAGE_ORDERS)
        return [TemplateVariable(name=name, description=_(text)) for name, text in VARIABLES.items()]


# -- mutations -------------------------------------------------------------------------------------------------------


class CannedReplyInput(graphene.InputObjectType):
    """A canned reply as its editor has it."""

    id = graphene.ID(description="The one to change; a new one when not said.")
    version = graphene.Int(default_value=0, description="Of the one that the editor had read.")
    shortcut = graphene.String(required=True, description="Letters, digits and hyphens, up to 40.")
    title = graphene.String(required=True, description="What it is for, up to 150 characters.")
    folder = graphene.String(default_value="", description="Where it stands, up to 60 characters.")
    personal = graphene.Boolean(default_value=False, description="Only the asking person's.")
    texts = graphene.List(graphene.NonNull(TextInLanguageInput), required=True, description="Each language once.")
    kept_attachment_ids = graphene.List(
        graphene.NonNull(graphene.ID), default_value=[], description="Files that it has and keeps."
    )
    attachments = graphene.List(
        graphene.NonNull(Upload), default_value=[], description="More files; six pictures, PDF or texts in all."
    )


class CannedReplySave(AftercareMutation):
    """Add a canned reply, or change one. Everybody's are for administrators and agents to change."""

    class Arguments:
        input = CannedReplyInput(required=True, description="All of it.")

    permissions = (MANAGE_ORDERS,)
    canned_reply = graphene.Field(CannedReplyType, description="As it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> CannedReplySave:
        me = ctx.staff().member
        known = canned.get_canned(ctx.shop, own_pk("CannedReply", input.id), staff=me) if input.id else None
        _check_theirs(ctx, shared=not input.personal or (known is not None and known.owner is None))
        if len(input.kept_attachment_ids or []) > MAX_FILES:
            raise InvalidInput(_("At most %(limit)d files.") % {"limit": MAX_FILES}, "attachments")
        kept = {own_pk("File", one, field="keptAttachmentIds") for one in input.kept_attachment_ids or []}
        files = [file for file in known.attachments.order_by("pk") if file.pk in kept] if known else []
        with transaction.atomic():
            draft = canned.CannedDraft(
                shortcut=input.shortcut,
                title=input.title,
                folder=input.folder or "",
                personal=bool(input.personal),
                texts={one.language: one.text for one in input.texts},
                attachments=[*files, *keep_attachments(ctx, input.attachments, "attachments")],
            )
            row = canned.save_canned(ctx.shop, draft, staff=me, canned=known, version=input.version or 0, at=ctx.at)
        return cls(canned_reply=row)


class CannedReplyDelete(AftercareMutation):
    """Take a canned reply off the list."""

    class Arguments:
        id = graphene.ID(required=True, description="The canned reply.")
        version = graphene.Int(required=True, description="As it was read.")

    permissions = (MANAGE_ORDERS,)

    @classmethod
    def perform(cls, ctx: Context, *, id: str, version: int) -> CannedReplyDelete:
        known = canned.get_canned(ctx.shop, own_pk("CannedReply", id), staff=ctx.staff().member)
        _check_theirs(ctx, shared=known.owner is None)
        canned.remove_canned(known, version=version, at=ctx.at)
        return cls()


class CannedReplyAttach(AftercareMutation):
    """Lay the files of a canned reply beside the answer that somebody is writing."""

    class Arguments:
        id = graphene.ID(required=True, description="The canned reply.")
        ticket_id = graphene.ID(required=True, description="The conversation.")

    permissions = (MANAGE_ORDERS,)
    draft = graphene.Field(TicketDraftType, description="The answer, as a draft.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, ticket_id: str) -> CannedReplyAttach:
        me: StaffMember = ctx.staff().member
        found = canned.get_canned(ctx.shop, own_pk("CannedReply", id), staff=me)
        ticket = find_ticket(ctx, ticket_id, field="ticketId")
        return cls(draft=drafts.attach(ticket, found.attachments.all(), staff=me, at=ctx.at))


class CannedRepliesExport(AftercareMutation):
    """A link to everybody's and one's own as CSV, good for 15 minutes. Administrators and agents."""

    permissions = (MANAGE_ORDERS,)
    url = graphene.String(description="Where the table is fetched.")

    @classmethod
    def perform(cls, ctx: Context) -> CannedRepliesExport:
        return cls(url=links.canned_replies(ctx.shop, ctx.staff().member.pk))


class CannedReplyImportProblem(graphene.ObjectType):
    """What is wrong in one cell of a table."""

    line = graphene.Int(required=True, description="Of the file, from 1.")
    column = graphene.String(required=True, description="Its name in the first row.")
    message = graphene.String(required=True, description="In the asking person's language.")


class CannedRepliesImport(AftercareMutation):
    """Add and change canned replies by a table, all of it or nothing; nothing is taken away.

    CSV with the columns shortcut, title, folder, personal (yes, no) and text_ with each language; in UTF-8, UTF-16 or
    Shift_JIS, up to 5 MB and 500 rows. A shortcut that is there already is changed. Those of everybody are for
    administrators and agents to change.
    """

    class Arguments:
        file = Upload(required=True, description="The table.")
        dry_run = graphene.Boolean(
            default_value=True, description="Only say what would come of it, and all that is wrong with it."
        )

    permissions = (MANAGE_ORDERS,)
    added = graphene.Int(description="How many are new.")
    changed = graphene.Int(description="How many become different.")
    unchanged = graphene.Int(description="How many are as they were.")
    problems = graphene.List(
        graphene.NonNull(CannedReplyImportProblem),
        description="What has to be mended first, the first hundred; of a dry run only.",
    )

    @classmethod
    def perform(cls, ctx: Context, *, file: Any, dry_run: bool) -> CannedRepliesImport:
        file.seek(0)
        brought = canned_sheets.bring(
            ctx.shop,
            file.read(canned_sheets.MAX_BYTES + 1),
            staff=ctx.staff().member,
            may_share=not ctx.access.is_outsourced,
            dry_run=dry_run,
            at=ctx.at,
        )
        return cls(
            added=brought.added, changed=brought.changed, unchanged=brought.unchanged, problems=list(brought.problems)
        )


def _check_theirs(ctx: Context, *, shared: bool) -> None:
    if shared and ctx.access.is_outsourced:
        raise PermissionDenied(_("Only the shop's own staff change what everybody uses."), "personal")


class CannedMutations(graphene.ObjectType):
    """Editing ready-made words."""

    canned_reply_save = CannedReplySave.Field()
    canned_reply_delete = CannedReplyDelete.Field()
    canned_reply_attach = CannedReplyAttach.Field()
    canned_replies_export = CannedRepliesExport.Field()
    canned_replies_import = CannedRepliesImport.Field()


__all__ = ["CannedMutations", "CannedQueries", "CannedReplyType"]
