"""The mailbox: every mail that the demo sent, as its reader would see it; and what readers write to the shop."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from saleor_aftercare.sandbox import mailbox, post
from saleor_aftercare.sandbox.aftercare import AftercareError
from saleor_aftercare.sandbox.current import current

from .look import show, words

MAX_TEXT = 20_000


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
def write(request: HttpRequest) -> HttpResponse:
    """A sheet for a mail to the shop; an answer where ``to`` names a mail."""
    answered = _answered(request.GET.get("to", ""))
    reader = answered.recipients[0] if answered is not None and answered.recipients else ""
    return show(
        request,
        "write.html",
        answered=answered,
        people=[u for u in current().shop.state.users if not u.is_staff],
        sender=reader or request.GET.get("from", ""),
        address=post.ADDRESS,
        subject=_re(answered.subject) if answered is not None else "",
        styles=post.STYLES if answered is not None else [one for one in post.STYLES if one != "bounce"],
    )


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Bring the mail to the shop, and say so."""
    practice = current()
    sender = request.POST.get("sender", "").strip().lower()[:200]
    subject = " ".join(request.POST.get("subject", "").split())[:200]
    style = request.POST.get("style", "plain")
    name = request.POST.get("answers", "")
    if "@" not in sender or style not in post.STYLES:
        raise Http404
    person = practice.shop.user(email=sender)
    letter = post.Letter(
        name=person.full_name if person else "",
        address=sender,
        subject=subject,
        text=request.POST.get("text", "")[:MAX_TEXT],
        answers=_answered(name),
        style=style,
    )
    try:
        practice.post.send(letter)
        said = {"notice": words(request, "The mail is on its way to the shop.")}
    except AftercareError as error:
        said = {"problem": str(error)}
    return HttpResponseRedirect(f"/mailbox/{f'{name}/' if letter.answers else ''}?{urlencode(said)}")


def _answered(name: str) -> mailbox.Mail | None:
    if not name:
        return None
    found = mailbox.read_mail(current().mail_folder, name)
    if found is None:
        raise Http404
    return found


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


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
