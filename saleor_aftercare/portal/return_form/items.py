"""The first step: which units come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.orders import LineView, line_view
from saleor_aftercare.portal.visit import Visit, page

from .draft import ReturnForm, is_guaranteed


@dataclass
class Item:
    """A line that may be picked; one that the rules exclude may be while something is wrong with it."""

    line: LineView
    most: int
    only_faulty: bool
    can_repair: bool  #: worth asking for, where a return is a matter of goodwill or refused
    chosen: int
    error: str = ""

    @property
    def field(self) -> str:
        """The name of its input."""
        return f"quantity-{self.line.pk}"


@page("GET", "POST")
def items(visit: Visit, number: str, key: str = "") -> HttpResponse:
    """Pick units; what may not come back is shown with the reason, and with what else can be done about it."""
    form = ReturnForm(visit, number, key)
    if (sent := form.sent) is not None:
        return sent
    rows = rows_of(form)
    if not visit.is_post:
        problems = pick(rows, form.data.get("asked", {})) if form.is_again else []
        return form.render(
            "return_items.html",
            step=1,
            items=rows,
            problems=problems,
            bought=visit.words.day(form.order.placed_at),
            any_left=any(row.most for row in rows),
        )
    asked = {row.field: shared.plain(visit.request.POST.get(row.field, ""), 10) for row in rows}
    problems = pick(rows, asked)
    if problems:
        form.keep(asked=asked)
        return form.go("items", again=True)
    before = form.data.get("lines", {})
    form.keep(
        lines={
            str(row.line.pk): {**before.get(str(row.line.pk), {}), "quantity": row.chosen} for row in rows if row.chosen
        }
    )
    return form.go("reasons")


def rows_of(form: ReturnForm) -> list[Item]:
    """Every line of the order."""
    before = form.data.get("lines", {})
    rows = []
    for one in form.eligible:
        line = line_view(form.visit, form.order, one)
        only_faulty = is_guaranteed(one)
        rows.append(
            Item(
                line=line,
                most=one.facts.returnable if line.can_return or only_faulty else 0,
                only_faulty=only_faulty,
                can_repair=not form.visit.is_gift
                and one.facts.shipped > 0
                and not one.facts.is_gift_card
                and (one.verdict == Verdict.REFUSE or "window_passed" in one.reasons),
                chosen=int(before.get(str(line.pk), {}).get("quantity", 0)),
            )
        )
    return rows


def pick(rows: Sequence[Item], asked: Mapping[str, str]) -> list[shared.Problem]:
    """Read the quantities into ``rows``; returns what is wrong with them."""
    for row in rows:
        text = asked.get(row.field, "").strip() or "0"
        row.chosen = int(text) if text.isdecimal() and len(text) < 6 else -1
        if not 0 <= row.chosen <= row.most:
            row.error = _("Please choose a number from 0 to %(most)d.") % {"most": row.most}
    problems = [shared.Problem(f"{row.line.name}: {row.error}", f"id_{row.field}") for row in rows if row.error]
    if not problems and not any(row.chosen for row in rows):
        first = next((row for row in rows if row.most and not row.only_faulty), None)
        target = f"id_{first.field}" if first else ""
        problems.append(shared.Problem(_("Please choose at least one item."), target))
    return problems
