"""Asking for a return, in three steps with an address each: which units, why, and a last look before it is sent.

What was filled in stands in a draft on the server, so that going back, reloading, or signing in again loses
nothing, and sending twice makes one return. A step with errors is shown again by GET, from the draft: a page that
answers a POST would stand in the browser's way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.access import drafts
from saleor_aftercare.access.models import Draft
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import AftercareError, NotFound
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.orders import LineView, line_view
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.returns import actions, queries
from saleor_aftercare.returns.models import ReturnReason

KIND = "return"
#: In the address of a step that is shown again for what is wrong in it.
AGAIN = "again"


class LineForm(shared.PortalForm):
    """Why one line comes back."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Please choose a reason.")},
        choices=[("", gettext_lazy("Please choose")), *ReturnReason.choices],
    )
    note = forms.CharField(
        label=gettext_lazy("Tell us more"),
        max_length=shared.MAX_TEXT,
        required=False,
        widget=shared.text_area(3),
    )


class NoteForm(shared.PortalForm):
    """What concerns the return as a whole."""

    note = forms.CharField(
        label=gettext_lazy("Anything else we should know?"),
        max_length=shared.MAX_TEXT,
        required=False,
        widget=shared.text_area(3),
    )


@dataclass
class Item:
    """A line that may be picked in the first step."""

    line: LineView
    chosen: int
    error: str = ""

    @property
    def field(self) -> str:
        """The name of its input."""
        return f"quantity-{self.line.pk}"


@dataclass
class Picked:
    """A picked line in the second and third step."""

    line: LineView
    quantity: int
    form: LineForm
    photos: shared.FileField

    @property
    def reason(self) -> str:
        """In words."""
        return str(dict(ReturnReason.choices).get(self.form["reason"].value(), ""))

    @property
    def note(self) -> str:
        """As written."""
        return str(self.form["note"].value() or "")


def lines_of(visit: Visit, order: Order) -> list[LineView]:
    """Every line with what the rules say about it."""
    return [line_view(visit, order, one) for one in queries.eligibility(order, at=visit.at)]


def draft_of(visit: Visit, order: Order, key: str) -> Draft:
    """The draft of the address, its files loaded; raises NotFound."""
    return drafts.get_draft(order, kind=KIND, key=key, at=visit.at)


# -- step 1 ------------------------------------------------------------------------------------------------------


@page("GET", "POST")
def items(visit: Visit, number: str, key: str = "") -> HttpResponse:
    """Pick units; what may not come back is shown with the reason."""
    order = visit.order(number)
    draft = draft_of(visit, order, key) if key else None
    if draft is not None and draft.result:
        return sent(visit, draft)
    before = draft.data.get("lines", {}) if draft else {}
    rows = [Item(line, _number(before, line.pk)) for line in lines_of(visit, order)]
    if not visit.is_post:
        problems = pick(rows, draft.data.get("asked", {})) if draft and AGAIN in visit.request.GET else []
        return visit.render("return_items.html", order=order, items=rows, step=1, problems=problems)
    if draft is None:
        draft = drafts.open_draft(order, kind=KIND, key=drafts.new_key(), at=visit.at)
    asked = {row.field: shared.plain(visit.request.POST.get(row.field, ""), 10) for row in rows}
    problems = pick(rows, asked)
    if problems:
        drafts.keep(draft, data={**draft.data, "asked": asked}, at=visit.at)
        return visit.redirect(visit.url("return_items", number=number, key=draft.key) + f"?{AGAIN}=1")
    lines = {
        str(row.line.pk): {**before.get(str(row.line.pk), {}), "quantity": row.chosen} for row in rows if row.chosen
    }
    drafts.keep(draft, data={**draft.data, "lines": lines}, at=visit.at)
    return visit.redirect(visit.url("return_reasons", number=number, key=draft.key))


def _number(lines: Mapping[str, Any], pk: int) -> int:
    return int(lines.get(str(pk), {}).get("quantity", 0))


def pick(rows: list[Item], asked: Mapping[str, str]) -> list[shared.Problem]:
    """Read the quantities into ``rows``; returns what is wrong with them."""
    for row in rows:
        text = asked.get(row.field, "").strip() or "0"
        row.chosen = int(text) if text.isdecimal() and len(text) < 6 else -1
        most = row.line.returnable if row.line.can_return else 0
        if not 0 <= row.chosen <= most:
            row.error = _("Please choose a number from 0 to %(most)d.") % {"most": most}
    problems = [shared.Problem(f"{row.line.name}: {row.error}", f"id_{row.field}") for row in rows if row.error]
    if not problems and not any(row.chosen for row in rows):
        first = next((row for row in rows if row.line.can_return), None)
        target = f"id_{first.field}" if first else ""
        problems.append(shared.Problem(_("Please choose at least one item."), target))
    return problems


# -- step 2 ------------------------------------------------------------------------------------------------------


def picked_lines(visit: Visit, order: Order, draft: Draft, *, judged: bool = False) -> list[Picked]:
    """The picked lines with what the draft knows of them; ``judged`` says what is wrong with that."""
    chosen = draft.data.get("lines", {})
    picked = []
    for line in lines_of(visit, order):
        kept = chosen.get(str(line.pk))
        if kept is None:
            continue
        prefix = f"line-{line.pk}"
        words = {"reason": kept.get("reason", ""), "note": kept.get("note", "")}
        data = {f"{prefix}-{name}": value for name, value in words.items()} if judged else None
        files = list(drafts.files_of(draft, kept.get("photos", [])))
        photos = shared.FileField(f"photos-{line.pk}", gettext_lazy("Photos"), files=files)
        if judged:
            photos.errors = list(kept.get("rejected", []))
        picked.append(Picked(line, kept["quantity"], LineForm(data, prefix=prefix, initial=words), photos))
    return picked


@page("GET", "POST")
def reasons(visit: Visit, number: str, key: str) -> HttpResponse:
    """Why, with a note and photos for each line. Photos are kept as they come, whatever else is wrong."""
    order = visit.order(number)
    draft = draft_of(visit, order, key)
    if draft.result:
        return sent(visit, draft)
    here = visit.url("return_reasons", number=number, key=key)
    if not draft.data.get("lines"):
        return visit.redirect(visit.url("return_items", number=number, key=key))
    if visit.is_post:
        take_reasons(visit, order, draft)
        if "remove" in visit.request.POST:
            return visit.redirect(here)
        draft = draft_of(visit, order, key)
    judged = visit.is_post or AGAIN in visit.request.GET
    picked = picked_lines(visit, order, draft, judged=judged)
    words = {"note": draft.data.get("note", "")}
    note = NoteForm(words if judged else None, initial=words)
    parts: list[shared.PortalForm | shared.FileField] = []
    for one in picked:
        parts += [one.form, one.photos]
    problems = shared.problems_of(*parts, note) if judged else []
    if visit.is_post and problems:
        return visit.redirect(f"{here}?{AGAIN}=1")
    if visit.is_post:
        return visit.redirect(visit.url("return_check", number=number, key=key))
    return visit.render(
        "return_reasons.html", order=order, draft=draft, picked=picked, note=note, step=2, problems=problems
    )


def take_reasons(visit: Visit, order: Order, draft: Draft) -> None:
    """Keep everything that was sent, right or wrong; what could not be kept is noted beside it."""
    post = visit.request.POST
    removed = shared.whole_numbers([post.get("remove", "")])
    for pk in removed:
        drafts.drop_file(draft, pk)
    lines = {}
    for one in picked_lines(visit, order, draft):
        one.photos.files = [file for file in one.photos.files if file.pk not in removed]
        shared.add_files(visit.request, draft, one.photos, at=visit.at)
        lines[str(one.line.pk)] = {
            "quantity": one.quantity,
            "reason": shared.plain(post.get(one.form.add_prefix("reason"), ""), 20),
            "note": shared.plain(post.get(one.form.add_prefix("note"), ""), shared.MAX_TEXT + 1),
            "photos": [file.pk for file in one.photos.files],
            "rejected": one.photos.errors,
        }
    note = shared.plain(post.get("note", ""), shared.MAX_TEXT + 1)
    drafts.keep(draft, data={**draft.data, "lines": lines, "note": note}, at=visit.at)


# -- step 3 ------------------------------------------------------------------------------------------------------


@page("GET", "POST")
def check(visit: Visit, number: str, key: str) -> HttpResponse:
    """Show it all once more, with who pays and what comes next; sending makes the return."""
    order = visit.order(number)
    draft = draft_of(visit, order, key)
    if draft.result:
        return sent(visit, draft)
    picked = picked_lines(visit, order, draft)
    if not picked or not all(one.reason for one in picked):
        return visit.redirect(visit.url("return_reasons", number=number, key=key))
    note = str(draft.data.get("note", ""))
    problems: list[shared.Problem] = []
    if visit.is_post:
        try:
            drafts.send_once(draft, lambda: send(visit, order, picked, note))
        except NotFound:
            raise
        except AftercareError as error:
            problems = [shared.Problem(error.message, "change_items")]
        else:
            return sent(visit, draft)
    rules = queries.policy_of(visit.shop)
    return visit.render(
        "return_check.html",
        status=422 if problems else 200,
        problems=problems,
        order=order,
        draft=draft,
        picked=picked,
        note=note,
        who_pays=rules.get_who_pays_display(),
        at_once=all(one.line.accepted for one in picked),
        address=visit.return_address,
        hours=visit.settings.answer_within_hours,
        step=3,
    )


def send(visit: Visit, order: Order, picked: list[Picked], note: str) -> str:
    """Make the return; gives its number."""
    by_pk = {line.pk: line for line in order.lines.all()}
    units = [
        actions.UnitsAsked(
            order_line=by_pk[one.line.pk],
            quantity=one.quantity,
            reason=str(one.form["reason"].value()),
            note=one.note,
            photos=tuple(one.photos.files),
        )
        for one in picked
    ]
    return str(actions.request_return(order, units=units, note=note, at=visit.at, actor=CUSTOMER).number)


def sent(visit: Visit, draft: Draft) -> HttpResponse:
    """Lead to the return that the draft became."""
    return visit.redirect(visit.url("return_status", number=draft.result), notice="return_sent")
