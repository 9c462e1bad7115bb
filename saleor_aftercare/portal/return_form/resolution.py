"""The third step: what is wished for each line, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saleor_aftercare.policies.models import Resolution
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.visit import Visit, page

from .draft import AUTOSAVE, SUM_ONLY, Picked, ReturnForm
from .offers import Offer, Offers, offers_for
from .sums import sum_of

#: The value of the shared choice that leaves each line to its own.
EACH: Final = "each"

TITLES: Final[Mapping[Resolution, str | Promise]] = {
    Resolution.EXCHANGE: gettext_lazy("Exchange"),
    Resolution.STORE_CREDIT: gettext_lazy("Store credit"),
    Resolution.REFUND: gettext_lazy("Refund"),
    Resolution.REPAIR: gettext_lazy("Repair"),
}


@dataclass(frozen=True)
class Choice:
    """One of the cards to choose from."""

    value: str
    title: str
    detail: str
    checked: bool


@dataclass
class Wish:
    """A line, and what may be wished for it."""

    picked: Picked
    choices: list[Choice]
    offers: Sequence[Offer]
    chosen: Resolution | None
    variant: str
    errors: list[str] = field(default_factory=list)

    @property
    def proposed(self) -> Resolution | None:
        """The choice that is ticked."""
        return next((Resolution(choice.value) for choice in self.choices if choice.checked), None)

    @property
    def name(self) -> str:
        """Of its radio buttons."""
        return f"{self.picked.prefix}-resolution"

    @property
    def variant_name(self) -> str:
        """Of the list of variants."""
        return f"{self.picked.prefix}-variant"

    @property
    def may_exchange(self) -> bool:
        """An exchange is among the choices."""
        return any(choice.value == Resolution.EXCHANGE for choice in self.choices)


@page("GET", "POST")
def resolution(visit: Visit, number: str, key: str) -> HttpResponse:
    """What for: one choice for all lines where they have the same ones, and the sum as the server works it out."""
    form = ReturnForm(visit, number, key)
    if (sent := form.sent) is not None:
        return sent
    if not form.is_answered:
        begun = any(one.reason is not None for one in form.picked)
        return form.go("reasons" if form.picked else "items", again=begun)
    offers = offers_for(form)
    if visit.is_post:
        take(form, offers, visit.request.POST)
        if SUM_ONLY in visit.request.headers:
            return form.render("parts/return_sum.html", step=3, sum=sum_of(form, offers))
        if AUTOSAVE in visit.request.headers:
            return visit.nothing()
    judged = visit.is_post or form.is_again
    wishes = [wish_of(form, one, offers, judged=judged) for one in form.picked]
    problems = [
        shared.Problem(f"{wish.picked.line.name}: {error}", f"id_{wish.name}")
        for wish in wishes
        for error in wish.errors
    ]
    if visit.is_post:
        if "update" in visit.request.POST:
            return form.go("resolution")
        return form.go("resolution", again=True) if problems else form.go("check")
    shared_choices = choices_for_all(wishes)
    return form.render(
        "return_resolution.html",
        step=3,
        wishes=wishes,
        shared=shared_choices,
        each=form.data.get("together") is False or not any(choice.checked for choice in shared_choices),
        offers=offers,
        problems=problems,
        sum=sum_of(form, offers, {wish.picked.pk: wish.proposed for wish in wishes if wish.proposed is not None}),
    )


def wish_of(form: ReturnForm, one: Picked, offers: Offers, *, judged: bool) -> Wish:
    """What may be wished for a line, with the choice that stands, or the one that is proposed."""
    possible = [r for r in one.offered if r != Resolution.EXCHANGE or offers.of(one)]
    chosen = one.resolution if one.resolution in possible else None
    proposed = chosen or first_choice(one, possible)
    choices = [
        Choice(
            value=str(value),
            title=str(TITLES[value]),
            detail=detail_of(one, value),
            checked=value == proposed,
        )
        for value in possible
    ]
    wish = Wish(one, choices, offers.of(one), chosen, one.variant_id or offers.first(one))
    if judged:
        if not possible:
            wish.errors.append(_("Please write to us about this item."))
        elif chosen is None:
            wish.errors.append(_("Please choose what you would like."))
        elif chosen == Resolution.EXCHANGE and not offers.has(one, one.variant_id):
            wish.errors.append(_("This is not available any more. Please choose another one."))
    return wish


def first_choice(one: Picked, possible: Sequence[Resolution]) -> Resolution | None:
    """What is proposed: what the reason suggests where it may be had, else what the shop offers first."""
    suggested = one.reason.suggests if one.reason else None
    return suggested if suggested in possible else next(iter(possible), None)


def detail_of(one: Picked, value: Resolution) -> str:
    """What a choice means."""
    if value == Resolution.STORE_CREDIT:
        bonus = one.judgement.rule.store_credit_bonus_percent
        if bonus:
            percent = f"{bonus.normalize():f}"
            return _("A gift card by e-mail, worth %(percent)s %% more.") % {"percent": percent}
        return _("A gift card by e-mail, for any of our goods.")
    return {
        Resolution.EXCHANGE: _("The same item or another variant, sent when yours is back."),
        Resolution.REFUND: _("To the means of payment you used, 3–5 days after we have checked the items."),
        Resolution.REPAIR: _("We mend it and send it back to you."),
    }[value]


def choices_for_all(wishes: Sequence[Wish]) -> list[Choice]:
    """The choices for all lines at once, where there are several lines with the same ones."""
    first = wishes[0]
    same = all([c.value for c in wish.choices] == [c.value for c in first.choices] for wish in wishes)
    if len(wishes) < 2 or not same or not first.choices:
        return []
    ticked = {wish.proposed for wish in wishes}
    one = ticked.pop() if len(ticked) == 1 else None
    return [Choice(c.value, c.title, c.detail, c.value == one) for c in first.choices]


def take(form: ReturnForm, offers: Offers, post: QueryDict) -> None:
    """Keep what was chosen; what is not offered is kept as nothing."""
    together = post.get("resolution", "")
    lines: dict[str, Any] = {}
    for one in form.picked:
        wanted = together if together and together != EACH else post.get(f"{one.prefix}-resolution", "")
        wish = wanted if wanted in one.offered else ""
        variant = shared.plain(post.get(f"{one.prefix}-variant", ""), 60)
        offer = offers.find(one, variant)
        lines[str(one.pk)] = {
            **one.kept,
            "resolution": wish,
            "variant": variant if offer else "",
            "variant_name": offer.name if offer else "",
        }
    form.keep(lines=lines, together=together != EACH)
