"""Visitors at the chat window, and the contact form for storefronts that have their own pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import graphene
from django.utils import translation

from saleor_aftercare.channels import chat
from saleor_aftercare.channels.models import ChatSession
from saleor_aftercare.core import files
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.languages import supported_language
from saleor_aftercare.inbox import contact
from saleor_aftercare.inbox.models import Ticket

from .core.context import Context
from .core.loaders import bulk, nothing
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Upload
from .files import keep_attachments


class VisitorType(graphene.ObjectType):
    """Somebody at the chat window."""

    class Meta:
        name = "ChatVisitor"

    present = graphene.Boolean(required=True, description="Their page is open.")
    typing = graphene.Boolean(required=True, description="They are writing something at this moment.")
    email = graphene.String(required=True, description="Where answers go when they have left; may be empty.")
    email_proved = graphene.Boolean(required=True, description="They proved by a code that it is theirs.")
    page_url = graphene.String(required=True, description="The page that they opened the window on; may be empty.")
    seen_at = graphene.Field(DateTimeType, required=True, description="When their page gave its last sign.")
    last_shown_id = graphene.ID(description="The newest message that their page has shown.")

    @staticmethod
    def resolve_present(root: ChatSession, info: graphene.ResolveInfo) -> bool:
        return chat.is_present(root, at=info.context.at)

    @staticmethod
    def resolve_typing(root: ChatSession, info: graphene.ResolveInfo) -> bool:
        return chat.is_typing(root, at=info.context.at)

    @staticmethod
    def resolve_email(root: ChatSession, _info: Any) -> str:
        return root.visitor_email

    @staticmethod
    def resolve_email_proved(root: ChatSession, _info: Any) -> bool:
        return root.email_verified_at is not None

    @staticmethod
    def resolve_last_shown_id(root: ChatSession, _info: Any) -> str | None:
        return to_global_id("TicketMessage", root.shown_message_id) if root.shown_message_id else None


@bulk(Ticket, nothing)
def visitor_of_ticket(ctx: Context, pks: Collection[int]) -> Mapping[int, ChatSession]:
    """The newest session of each conversation."""
    rows = ChatSession.objects.filter(shop=ctx.shop, ticket_id__in=pks).order_by("pk")
    return {row.ticket_id: row for row in rows if row.ticket_id is not None}


class VisitorOfTicket:
    """Who is at the other end of a chat."""

    visitor = graphene.Field(VisitorType, description="Of a conversation in the chat window. Staff only.")

    @staticmethod
    def resolve_visitor(root: Any, info: graphene.ResolveInfo) -> ChatSession | None:
        ctx: Context = info.context
        if not ctx.is_staff or not isinstance(root, Ticket):
            return None
        ctx.meet([root])
        session: ChatSession | None = visitor_of_ticket(ctx, root.pk)
        return session


class ContactFormType(graphene.ObjectType):
    """What a storefront needs to show the contact form on a page of its own."""

    class Meta:
        name = "ContactForm"

    token = graphene.String(required=True, description="Send it back with the form, within a day.")
    topics = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What a message may be about, in words."
    )
    max_files = graphene.Int(required=True, description="How many files may come with it.")
    max_file_bytes = graphene.Int(required=True, description="How large each may be.")


class ContactQueries(graphene.ObjectType):
    """Asked by anybody, with the header `Saleor-Api-Url`."""

    contact_form = graphene.Field(
        ContactFormType,
        language=graphene.String(description="en or ja; without it that of this request."),
        description="The shop's contact form; null while it has none. Needs no token.",
    )

    @staticmethod
    def resolve_contact_form(
        _root: None, info: graphene.ResolveInfo, *, language: str | None = None
    ) -> ContactFormType | None:
        ctx: Context = info.context
        account = contact.find_form(ctx.shop)
        if account is None:
            return None
        with translation.override(_spoken(language)):
            topics = contact.topics_of(account, _spoken(language))
        return ContactFormType(
            token=contact.new_token(ctx.shop),
            topics=topics,
            max_files=files.MAX_FILES,
            max_file_bytes=files.MAX_UPLOAD_BYTES,
        )


class ContactFormInput(graphene.InputObjectType):
    """What somebody filled in."""

    token = graphene.String(required=True, description="From `contactForm`.")
    name = graphene.String(required=True, description="1 to 200 characters.")
    email = graphene.String(required=True, description="Where the answer goes.")
    message = graphene.String(required=True, description="1 to 5,000 characters.")
    order_number = graphene.String(description="If they have one; is told to nobody, right or wrong.")
    topic = graphene.String(description="One of the topics in that language.")
    language = graphene.String(description="en or ja; without it that of this request.")
    trap = graphene.String(description="A field that people do not see; whoever fills it in is a machine.")
    files = graphene.List(
        graphene.NonNull(Upload), default_value=[], description="Up to 6 pictures, PDF or text files of 10 MB each."
    )


class ContactFormSend(AftercareMutation):
    """Open a conversation from a storefront's own contact page. Needs no token, but the header `Saleor-Api-Url`.

    Answers the same whatever is thought of the message. Per mailbox 5, per address 10 in an hour.
    """

    class Arguments:
        input = ContactFormInput(required=True, description="The form.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> ContactFormSend:
        language = _spoken(input.get("language"))
        with translation.override(language):
            contact.send_form(
                contact.form_account(ctx.shop),
                contact.ContactForm(
                    name=input.name,
                    email=input.email,
                    message=input.message,
                    order_number=input.get("order_number") or "",
                    topic=input.get("topic") or "",
                    language=language,
                    trap=input.get("trap") or "",
                ),
                token=input.token,
                ip=client_ip(ctx.request),
                keep_files=lambda: keep_attachments(ctx, input.get("files"), "files"),
                at=ctx.at,
            )
        return cls()


def _spoken(language: str | None) -> str:
    return supported_language(language or "", default=translation.get_language() or "en")


class ContactMutations(graphene.ObjectType):
    """What anybody may send."""

    contact_form_send = ContactFormSend.Field()
