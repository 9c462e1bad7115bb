"""The second step: why each line comes back, with the questions that belong to the reason, a note and photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.policies.reasons import Question, Reason
from saleor_aftercare.policies.rules import reason_text
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page

from .draft import AUTOSAVE, Picked, ReturnForm

MAX_ANSWER: Final = 1000
#: In the address of the step when a reason has questions that have not been seen: without script they come late.
MORE: Final = "more"


class NoteForm(shared.PortalForm):
    """What concerns the return as a whole."""

    note = forms.CharField(
        label=gettext_lazy("Anything else we should know?"),
        max_length=shared.MAX_TEXT,
        required=False,
        widget=shared.text_area(3),
    )


class LineForm(shared.PortalForm):
    """Why one line comes back. The questions of every reason are there; those of the chosen one count."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        error_messages={
            "required": gettext_lazy("Please choose a reason."),
            "invalid_choice": gettext_lazy("Please choose a reason."),
        },
        widget=forms.Select(attrs={"data-reason": ""}),
    )
    note = forms.CharField(
        label=gettext_lazy("Tell us more"),
        max_length=shared.MAX_TEXT,
        required=False,
        widget=shared.text_area(3),
    )

    def __init__(self, *args: Any, reasons: Sequence[Reason], chosen: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["reason"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  for the type checker
        choice.choices = [("", _("Please choose")), *((reason.code, reason.label) for reason in reasons)]
        for reason in reasons:
            for question in reason.questions:
                name = field_name(reason, question)
                self.fields[name] = field_of(question, required=question.required and reason.code == chosen)


def field_name(reason: Reason, question: Question) -> str:
    """The name of a question's input, without the line's prefix."""
    return f"q-{reason.code}-{question.code}"


def field_of(question: Question, *, required: bool) -> forms.Field:
    """The input of a question."""
    words = {"required": _("Please answer this question.")}
    if question.kind == "choice":
        choices = [("", _("Please choose")), *((option.code, option.label) for option in question.options)]
        return forms.ChoiceField(label=question.label, choices=choices, required=required, error_messages=words)
    return forms.CharField(
        label=question.label,
        max_length=MAX_ANSWER,
        required=required,
        error_messages=words,
        widget=shared.text_area(2),
    )


@dataclass(frozen=True)
class Group:
    """What belongs to one reason: shown with it, hidden with the others."""

    code: str
    shown: bool
    fields: Sequence[forms.BoundField]
    suggests_repair: bool
    suggests_exchange: bool
    photos: int


@dataclass
class Section:
    """One picked line on the page."""

    picked: Picked
    form: LineForm
    photos: shared.FileField
    groups: list[Group]

    @property
    def asked_name(self) -> str:
        """Of the hidden input that says for which reason the questions were shown."""
        return f"{self.picked.prefix}-asked"

    @property
    def shown_for(self) -> str:
        """Its value."""
        return self.picked.reason.code if self.picked.reason else ""


@page("GET", "POST")
def reasons(visit: Visit, number: str, key: str) -> HttpResponse:
    """Why, for each line. Photos are kept as they come, whatever else is wrong."""
    form = ReturnForm(visit, number, key)
    if (sent := form.sent) is not None:
        return sent
    if not form.picked:
        return form.go("items")
    if visit.is_post:
        take(form)
        if AUTOSAVE in visit.request.headers:
            return visit.nothing()
        if "repair" in visit.request.POST:
            return switch_to_repair(form)
        if "remove" in visit.request.POST:
            return form.go("reasons")
        if unseen(form):
            return visit.redirect(f"{form.url('reasons')}?{MORE}=1")
    judged = visit.is_post or form.is_again
    sections = [section_of(form, one, judged=judged) for one in form.picked]
    words = {"note": form.data.get("note", "")}
    note = NoteForm(words if judged else None, initial=words)
    parts: list[shared.PortalForm | shared.FileField] = []
    for one in sections:
        parts += [one.form, one.photos]
    problems = shared.problems_of(*parts, note) if judged else []
    if visit.is_post:
        return form.go("reasons", again=True) if problems else form.go("resolution")
    return form.render(
        "return_reasons.html",
        step=2,
        sections=sections,
        note=note,
        problems=problems,
        more=MORE in visit.request.GET,
    )


def section_of(form: ReturnForm, one: Picked, *, judged: bool) -> Section:
    """A line's part of the page; ``judged`` says what is wrong with it."""
    chosen = one.reason.code if one.reason else ""
    words = {"reason": chosen or one.kept.get("reason", ""), "note": one.note}
    for reason in one.reasons:
        if reason.code == chosen:
            given = one.kept.get("answers", {})
            words |= {field_name(reason, question): given.get(question.code, "") for question in reason.questions}
    data = {f"{one.prefix}-{name}": value for name, value in words.items()} if judged else None
    fields = LineForm(data, prefix=one.prefix, initial=words, reasons=one.reasons, chosen=chosen)
    least = one.reason.photos_required if one.reason else 0
    photos = shared.FileField(f"photos-{one.pk}", _("Photos"), files=list(one.photos), least=least, camera=True)
    if judged:
        photos.errors = list(one.kept.get("rejected", []))
        if len(one.photos) < least:
            photos.errors.append(shared.at_least(least))
        if one.reason is not None and one.judgement.verdict == Verdict.REFUSE and not fields.errors:
            fields.add_error("reason", " ".join(map(reason_text, one.judgement.reasons)))
    groups = [group_of(form, one, reason, fields) for reason in one.reasons if has_more(form, one, reason)]
    return Section(one, fields, photos, groups)


def has_more(form: ReturnForm, one: Picked, reason: Reason) -> bool:
    """A reason brings something along that has to be seen."""
    return bool(reason.questions or reason.photos_required or suggestion(form, one, reason))


def suggestion(form: ReturnForm, one: Picked, reason: Reason) -> Resolution | None:
    """What is offered before a refund; a gift's recipient sees what they may wish for only."""
    wish = reason.suggests
    if wish == Resolution.REPAIR:
        return None if form.visit.is_gift else wish
    return wish if wish in one.judgement.rule.resolutions else None


def group_of(form: ReturnForm, one: Picked, reason: Reason, fields: LineForm) -> Group:
    """What belongs to one reason."""
    wish = suggestion(form, one, reason)
    return Group(
        code=reason.code,
        shown=one.reason is not None and one.reason.code == reason.code,
        fields=[fields[field_name(reason, question)] for question in reason.questions],
        suggests_repair=wish == Resolution.REPAIR,
        suggests_exchange=wish == Resolution.EXCHANGE,
        photos=reason.photos_required,
    )


def unseen(form: ReturnForm) -> bool:
    """A line's reason has questions that were not on the page that was sent."""
    return any(
        one.reason is not None and has_more(form, one, one.reason) and one.kept.get("asked") != one.reason.code
        for one in form.picked
    )


def take(form: ReturnForm) -> None:
    """Keep everything that was sent, right or wrong; what could not be kept is noted beside it."""
    visit = form.visit
    post = visit.request.POST
    assert form.draft is not None  # noqa: S101  this step has one
    removed = shared.whole_numbers([post.get("remove", "")])
    for pk in removed:
        drafts.drop_file(form.draft, pk)
    lines = {}
    for one in form.picked:
        photos = shared.FileField(f"photos-{one.pk}", "", files=[f for f in one.photos if f.pk not in removed])
        shared.add_files(visit.request, form.draft, photos, at=visit.at)
        code = shared.plain(post.get(f"{one.prefix}-reason", ""), 40)
        reason = next((r for r in one.reasons if r.code == code), None)
        lines[str(one.pk)] = {
            **one.kept,
            "reason": code,
            "note": shared.plain(post.get(f"{one.prefix}-note", ""), shared.MAX_TEXT + 1),
            "asked": shared.plain(post.get(f"{one.prefix}-asked", ""), 40),
            "answers": answers_in(form, one, reason),
            "photos": [file.pk for file in photos.files],
            "rejected": photos.errors,
        }
    note = shared.plain(post.get("note", ""), shared.MAX_TEXT + 1)
    form.keep(lines=lines, note=note)
    form.reload_files()


def answers_in(form: ReturnForm, one: Picked, reason: Reason | None) -> dict[str, str]:
    """The answers to the chosen reason's questions, as sent."""
    post = form.visit.request.POST
    found = {}
    for question in reason.questions if reason else ():
        given = post.get(f"{one.prefix}-{field_name(reason, question)}", "") if reason else ""
        if given.strip():
            found[question.code] = shared.plain(given.strip(), MAX_ANSWER + 1)
    return found


def switch_to_repair(form: ReturnForm) -> HttpResponse:
    """Go on in the form for repairs, with what was said and shown about the line so far."""
    visit = form.visit
    wanted = shared.whole_numbers([visit.request.POST.get("repair", "")])
    one = next((one for one in form.picked if one.pk in wanted), None)
    if one is None or form.draft is None or visit.is_gift:
        return form.go("reasons")
    told = [one.note, *(f"{question} {answer}" for question, answer in one.answers)]
    into = drafts.carry_over(
        form.draft,
        kind="repair",
        data={"product": str(one.pk), "description": "\n".join(filter(None, told))},
        files=one.photos,
        at=visit.at,
    )
    return visit.redirect(f"{visit.url('repair_start', number=form.order.number)}?key={into.key}")
