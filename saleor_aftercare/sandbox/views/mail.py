"""The mailbox: every mail that the demo sent, as its reader would see it."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from saleor_aftercare.sandbox import mailbox
from saleor_aftercare.sandbox.current import current

from .look import show


@require_safe
def box(request: HttpRequest, name: str = "") -> HttpResponse:
    """The list, and one mail opened: the newest unless another is named."""
    folder = current().mail_folder
    recipient = request.GET.get("to", "").lower()
    everything = mailbox.list_mails(folder)
    mails = [m for m in everything if not recipient or recipient in m.recipients]
    opened = mailbox.read_mail(folder, name) if name else None
    if name and opened is None:
        raise Http404
    return show(
        request,
        "mailbox.html",
        mails=mails,
        opened=opened,
        recipient=recipient,
        recipients=sorted(Counter(r for m in everything for r in m.recipients).items()),
    )


@require_safe
def attachment(_request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A file of a mail, for saving."""
    mail = mailbox.read_mail(current().mail_folder, name)
    if mail is None or number >= len(mail.attachments):
        raise Http404
    part = mail.attachments[number]
    response = HttpResponse(part.content, content_type=part.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    disposition = "inline" if part.content_type in {"application/pdf", "image/png", "image/jpeg"} else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(part.name, safe='')}"
    return response
