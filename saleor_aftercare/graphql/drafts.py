"""Writing: what somebody is writing in a conversation, with what they sign, and who else is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.channels.accounts import sender_for
from saleor_aftercare.channels.models import ChannelKind
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import own_pk, to_global_id
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox import drafts, presence
from saleor_aftercare.inbox.models import Presence, ReplyDraft, Ticket, TicketMessage
from saleor_aftercare.inbox.signatures import signature_for
from saleor_aftercare.mail.markdown import render_markdown
from saleor_aftercare.team.writing import Writing, checked, save_writing, writing_of

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, related, row_of
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Node, Upload
from .files import FileType, keep_attachments
from .threads import find_ticket
from .ticket_marks import internal


class TicketDraftType(graphene.ObjectType):
    """What the asking person is writing in a conversation; the same in every tab and on every device."""

    class Meta:
        name = "TicketDraft"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    is_note = graphene.Boolean(required=True, description="A note, rather than an answer to the customer.")
    body = graphene.String(required=True, description="Markdown; empty once it was sent.")
    language = graphene.String(required=True, description="In which it is written; empty: the customer's.")
    cc = graphene.List(graphene.NonNull(graphene.String), required=True, description="Further readers of a mail.")
    attachments = graphene.List(graphene.NonNull(FileType), required=True, description="Files laid beside it.")
    version = graphene.Int(required=True, description="Say it when you save: it tells what you went on from.")
    seen_message_id = graphene.ID(description="The newest message that its writer had seen.")
    updated_at = graphene.Field(DateTimeType, required=True, description="When it was saved last.")

    @staticmethod
    def resolve_id(root: ReplyDraft, _info: Any) -> str:
        return to_global_id("TicketDraft", root.pk)

    @staticmethod
    def resolve_attachments(root: ReplyDraft, info: graphene.ResolveInfo) -> list[StoredFile]:
        return related(info.context, root, "attachments")

    @staticmethod
    def resolve_seen_message_id(root: ReplyDraft, _info: Any) -> str | None:
        return to_global_id("TicketMessage", root.seen_message_id) if root.seen_message_id else None


class TicketPresenceType(graphene.ObjectType):
    """Somebody else looks at a conversation at this moment."""

    class Meta:
        name = "TicketPresence"

    ticket_id = graphene.ID(required=True, description="The conversation.")
    member = graphene.Field(
        "saleor_aftercare.graphql.inbox.StaffMemberType", required=True, description="Who is there."
    )
    is_writing = graphene.Boolean(required=True, description="They are writing an answer.")

    @staticmethod
    def resolve_ticket_id(root: Presence, _info: Any) -> str:
        return to_global_id("Ticket", root.ticket_id)

    @staticmethod
    def resolve_member(root: Presence, _info: Any) -> StaffMember:
        return root.member


@bulk(Ticket, list[ReplyDraft])
def drafts_of_ticket(ctx: Context, pks: Collection[int]) -> Mapping[int, list[ReplyDraft]]:
    """What the asking person is writing in each conversation."""
    found: dict[int, list[ReplyDraft]] = {}
    rows = drafts.drafts_of(ctx.shop, ctx.staff(MANAGE_ORDERS).member, pks)
    ctx.meet(rows)
    for row in rows:
        found.setdefault(row.ticket_id, []).append(row)
    return found


@bulk(Ticket, list[Presence])
def presence_at_ticket(ctx: Context, pks: Collection[int]) -> Mapping[int, list[Presence]]:
    """Who else is looking at each conversation."""
    return presence.present_at(pks, at=ctx.at, besides=ctx.staff(MANAGE_ORDERS).member)


class WritingOfTicket:
    """What is being written in a conversation; staff only."""

    drafts = graphene.List(
        graphene.NonNull(TicketDraftType),
        required=True,
        description="What the asking person is writing, one answer and one note at most. Staff only.",
    )
    presence = graphene.List(
        graphene.NonNull(TicketPresenceType),
        required=True,
        description="Who else is looking at it at this moment. Staff only.",
    )
    signature = graphene.String(
        description="What stands under an answer of the asking person by mail, Markdown; null for their name alone. "
        "Staff only."
    )

    @staticmethod
    def resolve_drafts(root: Any, info: graphene.ResolveInfo) -> list[ReplyDraft]:
        row = internal(root, info)
        return drafts_of_ticket(info.context, row.pk) if row else []

    @staticmethod
    def resolve_presence(root: Any, info: graphene.ResolveInfo) -> list[Presence]:
        row = internal(root, info)
        return presence_at_ticket(info.context, row.pk) if row else []

    @staticmethod
    def resolve_signature(root: Any, info: graphene.ResolveInfo) -> str | None:
        row = internal(root, info)
        if row is None:
            return None
        ctx: Context = info.context
        account = sender_for(row, ChannelKind.EMAIL)
        me = ctx.staff(MANAGE_ORDERS).member
        return signature_for(ctx.shop, account=account, staff=me, language=row.language) or None


class WritingOfMessage:
    """How far an answer is, and whom a note names; staff only."""

    held_until = graphene.Field(
        DateTimeType, description="The answer leaves then and can be taken back; null once it has left. Staff only."
    )
    mentions = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.inbox.StaffMemberType"),
        required=True,
        description="Who of the staff is named in a note. Staff only.",
    )

    @staticmethod
    def resolve_held_until(root: TicketMessage, info: graphene.ResolveInfo) -> datetime | None:
        return root.held_until if info.context.is_staff else None

    @staticmethod
    def resolve_mentions(root: TicketMessage, info: graphene.ResolveInfo) -> list[StaffMember]:
        ctx: Context = info.context
        if not ctx.is_staff:
            return []
        ctx.announce(("row", StaffMember), root.mentions)
        return [row for key in root.mentions if (row := row_of(ctx, StaffMember, key)) is not None]


# -- drafts ----------------------------------------------------------------------------------------------------------


class TicketDraftInput(graphene.InputObjectType):
    """What somebody has written so far."""

    is_note = graphene.Boolean(default_value=False, description="A note, rather than an answer to the customer.")
    body = graphene.String(required=True, description="Markdown.")
    version = graphene.Int(required=True, description="Of the draft that this goes on from; 0 for none.")
    language = graphene.String(default_value="", description="In which it is written.")
    cc = graphene.List(graphene.NonNull(graphene.String), default_value=[], description="Further readers of a mail.")
    seen_message_id = graphene.ID(description="The newest message that the writer has seen.")


class TicketDraftSave(AftercareMutation):
    """Keep what somebody is writing. Nothing is lost: what another tab wrote meanwhile is kept above it."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        input = TicketDraftInput(required=True, description="What was written.")

    permissions = (MANAGE_ORDERS,)
    draft = graphene.Field(TicketDraftType, description="The draft as it is now.")
    met = graphene.String(
        description="What another tab had written, if this was saved over it; both stand in the draft."
    )

    @classmethod
    def perform(cls, ctx: Context, *, id: str, input: Any) -> TicketDraftSave:
        ticket = find_ticket(ctx, id)
        seen = input.seen_message_id
        saved = drafts.save_draft(
            ticket,
            staff=ctx.staff().member,
            is_note=bool(input.is_note),
            body=input.body,
            version=input.version,
            language=input.language or "",
            cc=input.cc or [],
            seen_message_id=own_pk("TicketMessage", seen, field="seenMessageId") if seen else 0,
            at=ctx.at,
        )
        return cls(draft=saved.draft, met=saved.met)


class TicketDraftAttach(AftercareMutation):
    """Lay files beside the answer that somebody is writing; six at most."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        files = graphene.List(
            graphene.NonNull(Upload), required=True, description="Pictures, PDF or text files of 10 MB each."
        )

    permissions = (MANAGE_ORDERS,)
    draft = graphene.Field(TicketDraftType, description="The draft as it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, files: list[Any]) -> TicketDraftAttach:
        ticket = find_ticket(ctx, id)
        with transaction.atomic():
            kept = keep_attachments(ctx, files, "files")
            return cls(draft=drafts.attach(ticket, kept, staff=ctx.staff().member, at=ctx.at))


class TicketDraftDetach(AftercareMutation):
    """Take a file away again from the answer that somebody is writing."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        file_id = graphene.ID(required=True, description="The file.")

    permissions = (MANAGE_ORDERS,)
    draft = graphene.Field(TicketDraftType, description="The draft as it is now.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, file_id: str) -> TicketDraftDetach:
        ticket = find_ticket(ctx, id)
        pk = own_pk("File", file_id, field="fileId")
        return cls(draft=drafts.detach(ticket, pk, staff=ctx.staff().member, at=ctx.at))


# -- presence --------------------------------------------------------------------------------------------------------


class TicketPresenceGive(AftercareMutation):
    """The asking person looks at a conversation, or writes in it; said every ten seconds, forgotten after 25."""

    class Arguments:
        id = graphene.ID(required=True, description="The ticket.")
        is_writing = graphene.Boolean(default_value=False, description="They are writing an answer.")
        gone = graphene.Boolean(default_value=False, description="They have gone to something else.")

    permissions = (MANAGE_ORDERS,)
    presence = graphene.List(graphene.NonNull(TicketPresenceType), description="Who else is there.")

    @classmethod
    def perform(cls, ctx: Context, *, id: str, is_writing: bool, gone: bool) -> TicketPresenceGive:
        ticket = find_ticket(ctx, id)
        me = ctx.staff().member
        if gone:
            presence.leave(ticket, staff=me)
            return cls(presence=[])
        return cls(presence=presence.give_sign(ticket, staff=me, is_writing=is_writing, at=ctx.at))


# -- one's own way of writing ----------------------------------------------------------------------------------------


class TextInLanguage(graphene.ObjectType):
    """A text in one language."""

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="The text.")


class TextInLanguageInput(graphene.InputObjectType):
    """A text in one language."""

    language = graphene.String(required=True, description="en or ja.")
    text = graphene.String(required=True, description="The text; empty for none.")


class WritingPreferencesType(graphene.ObjectType):
    """How the asking person writes."""

    class Meta:
        name = "WritingPreferences"

    undo_seconds = graphene.Int(required=True, description="How long an answer can be taken back, 0 to 60.")
    signatures = graphene.List(
        graphene.NonNull(TextInLanguage), required=True, description="Their own, Markdown with Liquid variables."
    )
    afterwards = graphene.String(
        required=True, description="Where they go after sending: stay, next (conversation) or list."
    )

    @staticmethod
    def resolve_undo_seconds(root: Writing, _info: Any) -> int:
        return root.undo_s

    @staticmethod
    def resolve_signatures(root: Writing, _info: Any) -> list[TextInLanguage]:
        return [TextInLanguage(language=one, text=text) for one, text in sorted(root.signatures.items())]


class WritingPreferencesInput(graphene.InputObjectType):
    """How the asking person wants to write from now on."""

    undo_seconds = graphene.Int(required=True, description="0 to 60; 0 sends at once.")
    signatures = graphene.List(
        graphene.NonNull(TextInLanguageInput), default_value=[], description="Each language once."
    )
    afterwards = graphene.String(default_value="stay", description="stay, next or list.")


class WritingPreferencesSave(AftercareMutation):
    """Change how the asking person writes."""

    class Arguments:
        input = WritingPreferencesInput(required=True, description="All of it.")

    permissions = (MANAGE_ORDERS,)
    preferences = graphene.Field(WritingPreferencesType, description="As they are now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> WritingPreferencesSave:
        signatures = {one.language: one.text for one in input.signatures or []}
        writing = checked(input.undo_seconds, signatures, input.afterwards or "stay")
        return cls(preferences=save_writing(ctx.staff().member, writing, at=ctx.at))


class WritingQueries(graphene.ObjectType):
    """How people write."""

    writing_preferences = graphene.Field(
        WritingPreferencesType,
        required=True,
        description="How the asking person writes. Staff with MANAGE_ORDERS.",
    )

    reply_preview = graphene.String(
        ticket_id=graphene.ID(required=True, description="The conversation."),
        body=graphene.String(required=True, description="Markdown, up to 150,000 characters."),
        required=True,
        description="An answer as its reader will see it, without its signature: sanitised HTML, safe to insert. "
        "Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_reply_preview(_root: None, info: graphene.ResolveInfo, *, ticket_id: str, body: str) -> str:
        find_ticket(info.context, ticket_id, field="ticketId")
        if len(body) > drafts.MAX_DRAFT:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": drafts.MAX_DRAFT}, "body")
        return render_markdown(body).replace("<a ", '<a target="_blank" ')

    @staticmethod
    def resolve_writing_preferences(_root: None, info: graphene.ResolveInfo) -> Writing:
        return writing_of(info.context.staff(MANAGE_ORDERS).member)


class WritingMutations(graphene.ObjectType):
    """What people do before they send."""

    ticket_draft_save = TicketDraftSave.Field()
    ticket_draft_attach = TicketDraftAttach.Field()
    ticket_draft_detach = TicketDraftDetach.Field()
    ticket_presence_give = TicketPresenceGive.Field()
    writing_preferences_save = WritingPreferencesSave.Field()
