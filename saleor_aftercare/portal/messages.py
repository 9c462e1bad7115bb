"""The conversation with the shop, as its customer sees it: public messages only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox import queries
from saleor_aftercare.inbox.models import CaseKind, MessageKind, TicketChannel, TicketMessage
from saleor_aftercare.mail.markdown import render_markdown
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page

#: What a page shows of a long conversation.
NEWEST = 50


class MessageForm(shared.PortalForm):
    """A message to the shop."""

    body = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=shared.MAX_TEXT,
        error_messages={"required": gettext_lazy("Please write something.")},
        widget=shared.text_area(6),
    )


@dataclass(frozen=True)
class Line:
    """One message in the thread."""

    mine: bool
    author: str
    when: str
    language: str
    html: SafeString
    attachments: list[shared.Attachment]


def thread_of_order(visit: Visit, order: Order) -> list[Line]:
    """What was said about an order, oldest first."""
    return _lines(visit, queries.public_messages_about([order.pk]))


def thread_of_case(visit: Visit, kind: CaseKind, case_id: int) -> list[Line]:
    """What was said about a case, oldest first."""
    return _lines(visit, queries.public_messages_of_case(visit.shop, kind, case_id))


def _lines(visit: Visit, messages: QuerySet[TicketMessage]) -> list[Line]:
    lines = []
    for message in reversed(messages.reverse()[:NEWEST]):
        mine = message.kind == MessageKind.CUSTOMER
        lines.append(
            Line(
                mine=mine,
                author=_("You") if mine else message.author_name or visit.shop_name,
                when=visit.words.moment(message.created_at),
                language=message.language,
                html=body_html(message),
                attachments=[shared.attachment(file) for file in message.attachments.all()],
            )
        )
    return lines


def body_html(message: TicketMessage) -> SafeString:
    """Staff write Markdown, which becomes safe HTML; what customers write is text, whatever it looks like."""
    if message.kind == MessageKind.STAFF:
        return render_markdown(message.body)
    return mark_safe(linebreaks(message.body, autoescape=True))  # noqa: S308  escaped


@page("GET", "POST")
def write_about_order(visit: Visit, number: str) -> HttpResponse:
    """Write to the shop about an order."""
    order = visit.order(number)

    def send(body: str, attachments: Sequence[StoredFile]) -> None:
        inbox.message_about_order(
            order,
            body=body,
            attachments=attachments,
            channel=TicketChannel.PORTAL,
            author_email=visit.require_session().email,
            at=visit.at,
        )

    about = _("Order %(number)s") % {"number": order.number}
    return write(visit, order, send=send, about=about, back=visit.url("order", number=order.number))


def write_about_case(
    visit: Visit, order: Order, kind: CaseKind, case_id: int, *, about: str, back: str
) -> HttpResponse:
    """Write to the shop about a case."""

    def send(body: str, attachments: Sequence[StoredFile]) -> None:
        inbox.message_about_case(
            order,
            case=kind,
            case_id=case_id,
            body=body,
            attachments=attachments,
            channel=TicketChannel.PORTAL,
            author_email=visit.require_session().email,
            gift_recipient=visit.require_session().name if visit.is_gift else "",
            at=visit.at,
        )

    return write(visit, order, send=send, about=about, back=back)


def write(
    visit: Visit,
    order: Order,
    *,
    send: Callable[[str, Sequence[StoredFile]], None],
    about: str,
    back: str,
) -> HttpResponse:
    """The form of a message: shown, kept while something is wrong with it, and sent once."""
    added = shared.FileField("files", _("Photos or documents"), "image/*,.pdf,.txt")
    context: dict[str, Any] = {"about": about, "back": back, "added": added}
    post = visit.request.POST
    if not visit.is_post:
        return visit.render("write.html", form=MessageForm(), key=drafts.new_key(), **context)
    draft = drafts.open_draft(order, kind="message", key=post.get("key", ""), at=visit.at)
    if not draft.result:
        shared.take_files(visit.request, draft, added, at=visit.at, keep=drafts.add_attachment)
        form = MessageForm(post)
        if "remove" in post:
            form = MessageForm(initial={"body": post.get("body", "")})
            return visit.render("write.html", form=form, key=draft.key, **context)
        problems = shared.problems_of(form, added)
        if problems:
            return visit.render("write.html", status=422, form=form, key=draft.key, problems=problems, **context)

        def send_it() -> str:
            send(form.cleaned_data["body"], added.files)
            return "sent"

        drafts.send_once(draft, send_it)
    return visit.redirect(f"{back}#messages", notice="message_sent")
