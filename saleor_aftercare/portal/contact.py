"""The contact form, for whoever has no order or cannot find it. It works without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from saleor_aftercare.access import drafts
from saleor_aftercare.access.models import Draft
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.core import files, limits
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox import contact
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page

#: Looks worth filling in to a machine; people do not see it, and screen readers are told to leave it.
TRAP: Final = "website"
FILES: Final = "files"
#: Of drafts: how a form with files is kept until it is sent.
KIND: Final = "contact"
#: Files of forms from one address in an hour; nobody has proved anything here.
MOST_FILES: Final = 60


class ContactForm(shared.PortalForm):
    """Who writes, and what."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Please enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("We answer to this address."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Please enter your e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address, such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    order_number = forms.CharField(
        label=gettext_lazy("Order number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    topic = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    message = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=contact.MAX_MESSAGE,
        error_messages={"required": gettext_lazy("Please write something.")},
        widget=shared.text_area(7),
    )

    def __init__(self, *args: Any, topics: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Please choose")), *((topic, topic) for topic in topics)]
        self.fields["topic"] = forms.ChoiceField(label=self.fields["topic"].label, required=False, choices=choices)


@page("GET", "POST")
def write(visit: Visit) -> HttpResponse:
    """Show the form, keep it and its files while something is wrong with it, and open one conversation."""
    account = contact.form_account(visit.shop)
    topics = contact.topics_of(account, get_language() or "en")
    added = shared.FileField(FILES, _("Photos or documents"), "image/*,.pdf,.txt")
    if not visit.is_post:
        signed_in = visit.session.email if visit.session and not visit.is_gift else ""
        form = ContactForm(topics=topics, initial={"email": signed_in, **_wanted(visit)})
        return _show(visit, form, added, key=drafts.new_key())
    post = visit.request.POST
    draft = _draft(visit)
    if draft and draft.result:
        return visit.redirect(visit.url("contact_done"))
    if draft:
        shared.take_files(visit.request, draft, added, at=visit.at, keep=_keeper(visit))
    key = draft.key if draft else drafts.new_key()
    if "remove" in post:
        return _show(visit, ContactForm(topics=topics, initial=post.dict()), added, key=key)
    form = ContactForm(post, topics=topics)
    if form.is_valid() and not added.errors:
        try:
            _send(visit, account, form.cleaned_data, draft, added)
        except InvalidInput as error:
            form.blame(error)
        else:
            return visit.redirect(visit.url("contact_done"))
    return _show(visit, form, added, key=key, status=422)


def _draft(visit: Visit) -> Draft | None:
    """What keeps the files of this form; None while nobody has chosen any. A key that is not ours keeps nothing."""
    key = visit.request.POST.get("key", "")
    found = drafts.find_public_draft(visit.shop, kind=KIND, key=key, at=visit.at)
    if found or not any(one.name for one in visit.request.FILES.getlist(FILES)):
        return found
    return drafts.open_public_draft(visit.shop, kind=KIND, key=drafts.new_key(), at=visit.at)


def _keeper(visit: Visit) -> shared.Keep:
    """Keeps a file for whoever fills in the form, as many as an hour may bring from one address."""

    def keep(draft: Draft, upload: files.Upload, *, at: datetime, field: str) -> StoredFile:
        who = f"{visit.shop.pk}:{client_ip(visit.request)}"
        limits.hit("contact-files", who, limit=MOST_FILES, per=timedelta(hours=1))
        return drafts.add_attachment(draft, upload, at=at, field=field)

    return keep


def _send(
    visit: Visit, account: ChannelAccount, cleaned: dict[str, str], draft: Draft | None, added: shared.FileField
) -> None:
    """Open the conversation; once, where files are kept, however often the button is pressed."""
    post = visit.request.POST
    filled = contact.ContactForm(
        name=cleaned["name"],
        email=cleaned["email"],
        order_number=cleaned["order_number"],
        topic=cleaned["topic"],
        message=cleaned["message"],
        language=get_language() or "en",
        trap=post.get(TRAP, "")[:200],
    )

    def send() -> str:
        ticket = contact.send_form(
            account,
            filled,
            token=post.get("token", ""),
            ip=client_ip(visit.request),
            keep_files=lambda: added.files,
            at=visit.at,
        )
        return str(ticket.number)

    if draft:
        drafts.send_once(draft, send)
    else:
        send()


@page("GET")
def done(visit: Visit) -> HttpResponse:
    """It was sent."""
    return visit.render("contact_done.html")


def _wanted(visit: Visit) -> dict[str, str]:
    """What a link of the storefront has filled in already."""
    return {"order_number": visit.request.GET.get("order", "")[:30], "topic": visit.request.GET.get("topic", "")[:80]}


def _show(visit: Visit, form: ContactForm, added: shared.FileField, *, key: str, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "added": added,
        "problems": shared.problems_of(form, added),
        "key": key,
        "token": contact.renewed_token(visit.shop, visit.request.POST.get("token", "")),
    }
    return visit.render("contact.html", status=status, **context)
