"""The contact form, for whoever has no order or cannot find it. It works without scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from saleor_aftercare.core import files
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox import contact
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page

#: Looks worth filling in to a machine; people do not see it, and screen readers are told to leave it.
TRAP: Final = "website"
FILES: Final = "files"


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
    """Show the form, keep it while something is wrong with it, and open one conversation."""
    account = contact.form_account(visit.shop)
    language = get_language() or "en"
    topics = contact.topics_of(account, language)
    added = shared.FileField(FILES, _("Photos or documents"), "image/*,.pdf,.txt")
    if not visit.is_post:
        signed_in = visit.session.email if visit.session and not visit.is_gift else ""
        form = ContactForm(topics=topics, initial={"email": signed_in, **_wanted(visit)})
        return _show(visit, form, added)
    post = visit.request.POST
    form = ContactForm(post, topics=topics)
    uploads = [one for one in visit.request.FILES.getlist(FILES) if one.name]
    if len(uploads) > shared.MAX_FILES:
        text = ngettext("You can add %(count)d file at most.", "You can add %(count)d files at most.", shared.MAX_FILES)
        added.errors.append(text % {"count": shared.MAX_FILES})
    if form.is_valid() and not added.errors:
        cleaned = form.cleaned_data
        filled = contact.ContactForm(
            name=cleaned["name"],
            email=cleaned["email"],
            order_number=cleaned["order_number"],
            topic=cleaned["topic"],
            message=cleaned["message"],
            language=language,
            trap=post.get(TRAP, "")[:200],
        )
        try:
            contact.send_form(
                account,
                filled,
                token=post.get("token", ""),
                ip=client_ip(visit.request),
                keep_files=_keeper(visit, uploads),
                at=visit.at,
            )
        except InvalidInput as error:
            if error.field == FILES:
                added.errors.append(error.message)
            else:
                form.blame(error)
        else:
            return visit.redirect(visit.url("contact_done"))
    if uploads:
        added.errors = added.errors or [_("Please choose your files once more.")]
    return _show(visit, form, added, status=422)


@page("GET")
def done(visit: Visit) -> HttpResponse:
    """It was sent."""
    return visit.render("contact_done.html")


def _wanted(visit: Visit) -> dict[str, str]:
    """What a link of the storefront has filled in already."""
    return {"order_number": visit.request.GET.get("order", "")[:30], "topic": visit.request.GET.get("topic", "")[:80]}


def _keeper(visit: Visit, uploads: Sequence[UploadedFile[Any]]) -> Callable[[], list[StoredFile]]:
    def keep() -> list[StoredFile]:
        kept = []
        for one in uploads:
            try:
                kept.append(files.store_attachment(visit.shop, one, at=visit.at, field=FILES))
            except InvalidInput as error:
                words = _("“%(name)s”: %(problem)s") % {"name": one.name, "problem": error.message}
                raise InvalidInput(words, FILES) from None
        return kept

    return keep


def _show(visit: Visit, form: ContactForm, added: shared.FileField, *, status: int = 200) -> HttpResponse:
    problems = shared.problems_of(form, added)
    context = {"form": form, "added": added, "problems": problems, "token": contact.new_token(visit.shop)}
    return visit.render("contact.html", status=status, **context)
