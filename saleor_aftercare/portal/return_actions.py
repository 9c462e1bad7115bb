"""What the customer can do about a return: answer, add photos, say that it was sent, ask for labels, cancel, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.core.errors import AftercareError, Conflict, NotFound
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.parcels.actions import choices_of, choose_handover, mark_handed_over
from saleor_aftercare.parcels.models import Parcel
from saleor_aftercare.parcels.queries import parcels_of_case
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal import messages
from saleor_aftercare.portal.returns import own
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.returns import actions
from saleor_aftercare.returns.models import Return, ReturnState
from saleor_aftercare.returns.parcels import another_parcel, new_labels

Send = Callable[[shared.PortalForm, Sequence[StoredFile]], None]


class AnswerForm(shared.PortalForm):
    """The answer to staff's question."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=shared.MAX_TEXT,
        error_messages={"required": gettext_lazy("Please answer the question.")},
        widget=shared.text_area(4),
    )


class WordsForm(shared.PortalForm):
    """A few words with photos."""

    note = forms.CharField(
        label=gettext_lazy("Tell us more"),
        max_length=shared.MAX_TEXT,
        required=False,
        widget=shared.text_area(3),
    )


class SentForm(shared.PortalForm):
    """What proves that the parcel is under way."""

    tracking_number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        help_text=gettext_lazy("It stands on the receipt."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@page("GET", "POST")
def answer(visit: Visit, number: str) -> HttpResponse:
    """Answer the question of staff, with photos."""
    ret = own(visit, number)
    if ret.state != ReturnState.MORE_INFO and not visit.is_post:
        return back_to(visit, ret)

    def send(form: shared.PortalForm, photos: Sequence[StoredFile]) -> None:
        actions.answer_question(ret, text=form.cleaned_data["text"], photos=photos, at=visit.at, actor=CUSTOMER)

    return more(
        visit,
        ret,
        kind="return_answer",
        form_class=AnswerForm,
        send=send,
        notice="return_answered",
        title=_("Answer our question"),
        quote=ret.question,
        button=_("Send answer"),
    )


@page("GET", "POST")
def photos(visit: Visit, number: str) -> HttpResponse:
    """Add photos or a few words after the request."""
    ret = own(visit, number)

    def send(form: shared.PortalForm, added: Sequence[StoredFile]) -> None:
        actions.add_photos(ret, photos=added, note=form.cleaned_data["note"], at=visit.at, actor=CUSTOMER)

    return more(
        visit,
        ret,
        kind="return_photos",
        form_class=WordsForm,
        send=send,
        notice="return_photos_added",
        title=_("Add photos"),
        button=_("Add to the return"),
    )


@page("GET", "POST")
def sent(visit: Visit, number: str) -> HttpResponse:
    """The customer handed the parcel in: the number and a photo of the receipt help when it gets lost."""
    ret = own(visit, number)

    def send(form: shared.PortalForm, receipts: Sequence[StoredFile]) -> None:
        parcel = parcel_to_send(ret)
        if parcel is not None:
            tracking = form.cleaned_data["tracking_number"]
            mark_handed_over(parcel, tracking_number=tracking, at=visit.at, actor=CUSTOMER)
        actions.mark_sent(ret, at=visit.at, actor=CUSTOMER)
        if receipts:
            note = _("Proof that the parcel was handed in.")
            actions.add_photos(ret, photos=receipts, note=note, at=visit.at, actor=CUSTOMER)

    return more(
        visit,
        ret,
        kind="return_sent",
        form_class=SentForm,
        send=send,
        notice="return_marked_sent",
        title=_("I have sent it"),
        button=_("Tell the shop"),
        photos_label=_("Photo of the receipt"),
    )


def parcel_to_send(ret: Return) -> Parcel | None:
    """The first parcel that the customer can still have sent."""
    parcels = parcels_of_case(ret.shop, "return", ret.pk)
    return next((one for one in parcels if "mark_sent" in choices_of(one).customer), None)


def more(
    visit: Visit,
    ret: Return,
    *,
    kind: str,
    form_class: type[shared.PortalForm],
    send: Send,
    notice: str,
    title: str,
    button: str,
    quote: str = "",
    photos_label: str = "",
) -> HttpResponse:
    """A page with a few words and photos: kept while something is wrong with it, and sent once."""
    added = shared.FileField("photos", photos_label or _("Photos"), camera=True)
    context: dict[str, Any] = {
        "case": ret,
        "back": visit.url("return_status", number=ret.number),
        "added": added,
        "title": title,
        "quote": quote,
        "button": button,
    }
    post = visit.request.POST
    if not visit.is_post:
        return visit.render("return_more.html", form=form_class(), key=drafts.new_key(), **context)
    draft = drafts.open_draft(ret.order, kind=kind, key=post.get("key", ""), at=visit.at)
    if not draft.result:
        shared.take_files(visit.request, draft, added, at=visit.at)
        if "remove" in post:
            form = form_class(initial=post.dict())
            return visit.render("return_more.html", form=form, key=draft.key, **context)
        form = form_class(post)
        if form.is_valid() and not added.errors:
            try:
                drafts.send_once(draft, lambda: _sent(send, form, added.files, ret))
            except (Conflict, NotFound):
                raise
            except AftercareError as error:
                form.blame(error, {"trackingNumber": "tracking_number"})
        problems = shared.problems_of(form, added)
        if problems:
            return visit.render("return_more.html", status=422, form=form, key=draft.key, problems=problems, **context)
    return back_to(visit, ret, notice=notice)


def _sent(send: Send, form: shared.PortalForm, files: Sequence[StoredFile], ret: Return) -> str:
    send(form, files)
    return ret.number


def back_to(visit: Visit, ret: Return, *, notice: str = "") -> HttpResponse:
    """Lead to the return's page."""
    return visit.redirect(visit.url("return_status", number=ret.number), notice=notice)


@page("POST")
def cancel(visit: Visit, number: str) -> HttpResponse:
    """The customer keeps the goods; possible until the parcel is sent."""
    ret = own(visit, number)
    if ret.state != ReturnState.CANCELED:
        actions.cancel_return(ret, at=visit.at, actor=CUSTOMER)
    return back_to(visit, ret, notice="return_canceled")


@page("POST")
def renew(visit: Visit, number: str) -> HttpResponse:
    """Open an expired return again, with a new label."""
    ret = own(visit, number)
    if ret.state == ReturnState.EXPIRED:
        actions.renew_return(ret, at=visit.at, actor=CUSTOMER)
    return back_to(visit, ret, notice="return_renewed")


@page("POST")
def label(visit: Visit, number: str) -> HttpResponse:
    """New labels in place of those that are not of use any more; where there are none such, one for another parcel."""
    ret = own(visit, number)
    if "replace" in visit.request.POST:
        # Pressed twice, the second finds nothing left to replace.
        new_labels(ret, at=visit.at, actor=CUSTOMER)
    else:
        another_parcel(ret, at=visit.at, actor=CUSTOMER)
    return back_to(visit, ret, notice="return_label_wanted")


@page("POST")
def handover(visit: Visit, number: str) -> HttpResponse:
    """Choose between printing the label and showing a code, until the parcel is handed in."""
    ret = own(visit, number)
    post = visit.request.POST
    positions = shared.whole_numbers([post.get("parcel", "")])
    parcels = parcels_of_case(ret.shop, "return", ret.pk)
    parcel = next((one for one in parcels if one.position in positions), None)
    if parcel is None:
        raise NotFound(_("There is no such parcel."))
    parcel.shop = ret.shop
    choose_handover(parcel, post.get("handover", ""), at=visit.at, actor=CUSTOMER)
    return back_to(visit, ret, notice="return_handover_chosen")


@page("GET", "POST")
def write(visit: Visit, number: str) -> HttpResponse:
    """Write to the shop about a return."""
    ret = own(visit, number)
    return messages.write_about_case(
        visit,
        ret.order,
        CaseKind.RETURN,
        ret.pk,
        about=_("Return %(number)s") % {"number": ret.number},
        back=visit.url("return_status", number=number),
    )
