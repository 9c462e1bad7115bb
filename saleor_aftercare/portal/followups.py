"""The arrival check: two big buttons in a mail, and one on the page they lead to.

A GET never counts as an answer: link scanners open every address in a mail, and often both.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.followups import actions, queries
from saleor_aftercare.followups.models import FollowUp, FollowUpAnswer, FollowUpState
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.orders import product_name
from saleor_aftercare.portal.visit import Visit, page

WELL, WRONG = FollowUpAnswer.ALL_WELL, FollowUpAnswer.SOMETHING_WRONG


class AnswerForm(shared.PortalForm):
    """Which of the two, and what is wrong."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[
            (WELL, gettext_lazy("Yes, all is well")),
            (WRONG, gettext_lazy("No, something is wrong")),
        ],
        error_messages={"required": gettext_lazy("Please choose an answer.")},
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        help_text=gettext_lazy("A sentence is enough. We will answer by e-mail."),
        max_length=shared.MAX_TEXT,
        required=False,
        widget=shared.text_area(4),
    )


def follow_up_of(visit: Visit, token: str) -> FollowUp:
    """The question that a link is about; raises InvalidInput for a link that we did not make for this shop."""
    broken = InvalidInput(_("This link is not complete, or it is not valid any more."))
    try:
        return queries.followup_by_token(visit.shop, token)
    except (InvalidInput, NotFound):
        raise broken from None


@page("GET", "POST")
def arrival(visit: Visit, token: str) -> HttpResponse:
    """Ask whether everything arrived well; the answer counts when it is sent, and may be changed."""
    followup = follow_up_of(visit, token)
    order = followup.order
    visit.speak(order.language)
    context: dict[str, Any] = {
        "order": order,
        "before": followup.answer if followup.state == FollowUpState.ANSWERED else "",
        "products": [product_name(unit.order_line) for unit in followup.fulfillment.lines.select_related("order_line")],
        "links": {
            "return": visit.sign_in_url(back_to=visit.url("return_start", number=order.number), order=order.number),
            "repair": visit.sign_in_url(back_to=visit.url("repair_start", number=order.number), order=order.number),
        },
    }
    photos = shared.FileField("photos", _("Photos"))
    post = visit.request.POST
    context["photos"] = photos
    if not visit.is_post:
        asked = visit.request.GET.get("answer", "")
        chosen = asked if asked in FollowUpAnswer.values else followup.answer
        form = AnswerForm(initial={"answer": chosen})
        return visit.render("arrival.html", form=form, chosen=chosen, key=drafts.new_key(), **context)
    draft = drafts.open_draft(order, kind="arrival", key=post.get("key", ""), at=visit.at)
    if not draft.result:
        shared.take_files(visit.request, draft, photos, at=visit.at)
    form = AnswerForm(post)
    context |= {"chosen": post.get("answer", ""), "key": draft.key}
    if "remove" in post:
        return visit.render("arrival.html", form=AnswerForm(initial=post.dict()), **context)
    problems = shared.problems_of(form, photos)
    if problems:
        return visit.render("arrival.html", status=422, form=form, problems=problems, **context)
    answer = FollowUpAnswer(form.cleaned_data["answer"])
    drafts.send_once(draft, lambda: send(visit, followup, form, photos))
    return visit.render("arrival_done.html", answer=answer, **context)


def send(visit: Visit, followup: FollowUp, form: AnswerForm, photos: shared.FileField) -> str:
    """Record the answer; words and photos belong to what is wrong only."""
    answer = FollowUpAnswer(form.cleaned_data["answer"])
    wrong = answer == WRONG
    actions.answer(
        followup,
        answer=answer,
        comment=form.cleaned_data["comment"] if wrong else "",
        photos=photos.files if wrong else (),
        at=visit.at,
    )
    return str(answer)
