"""How was it? Five answers and a field for words.

A GET never counts as an answer: link scanners open every address in a mail, and often all five.
"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.core.errors import InvalidInput, NotFound, Refused
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.surveys import actions, queries
from saleor_aftercare.surveys.models import Survey
from saleor_aftercare.surveys.words import SCORES


class SurveyForm(shared.PortalForm):
    """How many of five, and why."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with how we helped you?"),
        choices=list(SCORES.items()),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Please choose an answer."),
            "invalid_choice": gettext_lazy("Please choose an answer."),
        },
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=gettext_lazy("Would you like to tell us more?"),
        help_text=gettext_lazy("Nobody answers what you write here. If you need us, please answer our last message."),
        max_length=actions.MAX_COMMENT,
        required=False,
        widget=shared.text_area(4),
    )


def survey_of(visit: Visit, token: str) -> Survey:
    """The question that a link is about; raises InvalidInput for a link that we did not make for this shop."""
    broken = InvalidInput(_("This link is not complete, or it is not valid any more."))
    try:
        return queries.survey_by_token(visit.shop, token)
    except (InvalidInput, NotFound):
        raise broken from None


@page("GET", "POST")
def survey(visit: Visit, token: str) -> HttpResponse:
    """Ask; the answer counts when it is sent, and may be changed as long as there is time."""
    row = survey_of(visit, token)
    visit.speak(row.language)
    if row.closes_at <= visit.at or row.void_reason:
        return visit.render("survey_over.html")
    if not visit.is_post:
        asked = visit.request.GET.get("score", "")
        chosen = int(asked) if asked in {str(score) for score in SCORES} else row.score
        form = SurveyForm(initial={"score": chosen, "comment": row.comment})
        return visit.render("survey.html", form=form, chosen=chosen, before=row.score)
    form = SurveyForm(visit.request.POST)
    if problems := shared.problems_of(form):
        given = visit.request.POST.get("score", "")
        chosen = int(given) if given in {str(score) for score in SCORES} else None
        return visit.render("survey.html", status=422, form=form, problems=problems, chosen=chosen, before=row.score)
    try:
        actions.answer(row, score=form.cleaned_data["score"], comment=form.cleaned_data["comment"], at=visit.at)
    except Refused:
        return visit.render("survey_over.html")
    return visit.render("survey_done.html", score=form.cleaned_data["score"])
