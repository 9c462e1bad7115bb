"""What a return form knows: put together anew at each step, from its draft and from the rules of today.

A draft holds what somebody typed, and the rules may have changed since: every step judges it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import get_language

from saleor_aftercare.access import drafts
from saleor_aftercare.access.models import Draft
from saleor_aftercare.compensation.queries import may_issue_credit
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.clock import local_date
from saleor_aftercare.core.decision import Verdict
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import Fault, LegalBasis, Resolution, ReturnPolicy
from saleor_aftercare.policies.reasons import Reason
from saleor_aftercare.policies.rules import Judgement, Policy
from saleor_aftercare.portal.orders import LineView, line_view
from saleor_aftercare.portal.visit import Visit
from saleor_aftercare.returns.actions import UnitsAsked
from saleor_aftercare.returns.queries import LineEligibility, eligibility

#: Drafts of a gift's recipient and of its payer do not know each other.
KIND: Final = "return"
GIFT_KIND: Final = "gift_return"
#: In the address of a step that is shown again for what is wrong in it.
AGAIN: Final = "again"
#: The header of a script that only keeps what was typed, and of one that wants the sum of what was chosen.
AUTOSAVE: Final = "X-Aftercare-Keep"
SUM_ONLY: Final = "X-Aftercare-Sum"
#: What the recipient of a gift may wish for: the money is its payer's.
GIFT_RESOLUTIONS: Final = (Resolution.EXCHANGE, Resolution.STORE_CREDIT)
#: Reasons that open the legal guarantee.
FAULTS: Final = (Fault.MERCHANT, Fault.CARRIER)


@dataclass(frozen=True)
class Picked:
    """Units of a line that were picked, and what has been said about them so far."""

    one: LineEligibility
    line: LineView
    quantity: int
    only_faulty: bool  #: they may come back only because something is wrong with them
    reason: Reason | None
    reasons: Sequence[Reason]  #: that may be chosen here
    judgement: Judgement  #: with the reason, once there is one
    offered: tuple[Resolution, ...]  #: what may be wished for, in the order of the rule
    files: Callable[[Sequence[int]], tuple[StoredFile, ...]]  #: of the draft, by their keys
    kept: Mapping[str, Any]  #: as it stands in the draft

    @property
    def pk(self) -> int:
        """The order line's key."""
        return self.line.pk

    @property
    def prefix(self) -> str:
        """Of the names of its inputs."""
        return f"line-{self.pk}"

    @property
    def photos(self) -> tuple[StoredFile, ...]:
        """Of the line; steps that show none do not load any."""
        return self.files(self.kept.get("photos", []))

    @property
    def note(self) -> str:
        """As written."""
        return str(self.kept.get("note", ""))

    @property
    def resolution(self) -> Resolution | None:
        """What is wished for, if it is offered."""
        wish = self.kept.get("resolution", "")
        return Resolution(wish) if wish in self.offered else None

    @property
    def variant_id(self) -> str:
        """Wished for in exchange."""
        return str(self.kept.get("variant", "")) if self.resolution == Resolution.EXCHANGE else ""

    @property
    def variant_name(self) -> str:
        """Of what is wished for in exchange, as it was shown."""
        return str(self.kept.get("variant_name", "")) if self.resolution == Resolution.EXCHANGE else ""

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Questions and answers, in words."""
        given = self.kept.get("answers", {})
        told = []
        for question in self.reason.questions if self.reason else ():
            answer = str(given.get(question.code, ""))
            words = {option.code: option.label for option in question.options}.get(answer, answer)
            if words:
                told.append((question.label, words))
        return told

    @property
    def is_answered(self) -> bool:
        """Nothing is missing that the second step asks for."""
        if self.reason is None or self.judgement.verdict == Verdict.REFUSE:
            return False
        given = self.kept.get("answers", {})
        asked = [question.code for question in self.reason.questions if question.required]
        return (
            all(given.get(code) for code in asked) and len(self.kept.get("photos", [])) >= self.reason.photos_required
        )

    def asked(self, resolution: Resolution | None = None) -> UnitsAsked:
        """The units as the action wants them."""
        wish = resolution or self.resolution or Resolution.REFUND
        return UnitsAsked(
            order_line=self.one.order_line,
            quantity=self.quantity,
            reason=self.reason.code if self.reason else "",
            note=self.note,
            photos=self.photos,
            answers=dict(self.kept.get("answers", {})),
            resolution=wish,
            exchange_variant_id=self.variant_id if wish == Resolution.EXCHANGE else "",
            exchange_name=self.variant_name if wish == Resolution.EXCHANGE else "",
        )


class ReturnForm:
    """One form in the hands of one visitor."""

    def __init__(self, visit: Visit, number: str, key: str = "") -> None:
        """Raises what :meth:`Visit.returning` does, and NotFound for a key that is no form of this order."""
        self.visit = visit
        self.order: Order = visit.returning(number)
        self.kind = GIFT_KIND if visit.is_gift else KIND
        self.draft: Draft | None = drafts.get_draft(self.order, kind=self.kind, key=key, at=visit.at) if key else None

    @property
    def data(self) -> Mapping[str, Any]:
        """What the draft holds."""
        return self.draft.data if self.draft is not None else {}

    @property
    def is_again(self) -> bool:
        """The step is shown for what is wrong in it."""
        return AGAIN in self.visit.request.GET

    def url(self, step: str) -> str:
        """The address of a step."""
        assert self.draft is not None  # noqa: S101  only steps that follow the first one are addressed
        return self.visit.url(f"return_{step}", number=self.order.number, key=self.draft.key)

    def go(self, step: str, *, again: bool = False) -> HttpResponse:
        """Lead to a step."""
        return self.visit.redirect(self.url(step) + (f"?{AGAIN}=1" if again else ""))

    @property
    def sent(self) -> HttpResponse | None:
        """Where a form leads that has been sent already."""
        if self.draft is None or not self.draft.result:
            return None
        return self.visit.redirect(self.visit.url("return_status", number=self.draft.result), notice="return_sent")

    def keep(self, **data: Any) -> None:
        """Remember what was filled in, making the draft with the first thing that was."""
        at = self.visit.at
        if self.draft is None:
            self.draft = drafts.open_draft(self.order, kind=self.kind, key=drafts.new_key(), at=at)
        background = AUTOSAVE in self.visit.request.headers or SUM_ONLY in self.visit.request.headers
        drafts.keep(self.draft, data={**self.draft.data, **data}, at=at, if_unchanged=background)
        self.__dict__.pop("picked", None)

    def reload_files(self) -> None:
        """Look anew which photos there are: some just came."""
        self.__dict__.pop("files", None)

    @cached_property
    def files(self) -> dict[int, StoredFile]:
        """The photos of the draft, by their keys."""
        return {file.pk: file for file in self.draft.files.all()} if self.draft is not None else {}

    def files_of(self, pks: Sequence[int]) -> tuple[StoredFile, ...]:
        """Those of the draft's photos that ``pks`` name, in that order."""
        return tuple(self.files[pk] for pk in pks if pk in self.files)

    def render(self, template: str, *, step: int, status: int = 200, **context: Any) -> HttpResponse:
        """A page of the form."""
        return self.visit.render(
            template,
            status=status,
            form=self,
            order=self.order,
            draft=self.draft,
            step=step,
            is_gift=self.visit.is_gift,
            **context,
        )

    # -- the rules ------------------------------------------------------------------------------------------------

    @cached_property
    def policy(self) -> ReturnPolicy:
        """In force now."""
        return self.visit.policy

    @cached_property
    def rules(self) -> Policy:
        """The same, for decisions."""
        return policies.as_rules(self.policy)

    @cached_property
    def may_credit(self) -> bool:
        """Whether store credit can be made at all."""
        return may_issue_credit(self.visit.shop)

    def offered(self, judgement: Judgement) -> tuple[Resolution, ...]:
        """What may be wished for: what the rule allows, the shop can do, and is this person's to wish for."""
        return tuple(
            wish
            for wish in judgement.resolutions
            if (not self.visit.is_gift or wish in GIFT_RESOLUTIONS)
            and (wish != Resolution.STORE_CREDIT or self.may_credit)
        )

    @cached_property
    def reasons(self) -> dict[str, Reason]:
        """That a customer may choose, by code."""
        language = get_language() or "en"
        found = policies.reasons_of(self.visit.shop, staff=False, language=language, policy=self.policy)
        return {reason.code: reason for reason in found}

    @cached_property
    def eligible(self) -> list[LineEligibility]:
        """Every line of the order with what the rules say about it."""
        return eligibility(self.order, at=self.visit.at, policy=self.policy)

    # -- what was picked ------------------------------------------------------------------------------------------

    @cached_property
    def picked(self) -> list[Picked]:
        """The picked lines, in the order's own order; those that may not come back any more are left out."""
        lines = self.data.get("lines", {})
        today = local_date(self.visit.at, self.visit.settings.time_zone)
        picked = []
        for one in self.eligible:
            kept = lines.get(str(one.order_line.pk))
            if kept is None or self.draft is None:
                continue
            only_faulty = one.verdict == Verdict.REFUSE
            reasons = [r for r in self.reasons.values() if not only_faulty or r.fault in FAULTS]
            reason = next((r for r in reasons if r.code == kept.get("reason")), None)
            judgement = one.judged(self.rules, today=today, fault=reason.fault if reason else None)
            picked.append(
                Picked(
                    one=one,
                    line=line_view(self.visit, self.order, one),
                    quantity=int(kept["quantity"]),
                    only_faulty=only_faulty,
                    reason=reason,
                    reasons=reasons,
                    judgement=judgement,
                    offered=self.offered(judgement),
                    files=self.files_of,
                    kept=kept,
                )
            )
        return picked

    @property
    def is_answered(self) -> bool:
        """Every picked line has been through the second step."""
        return bool(self.picked) and all(one.is_answered for one in self.picked)

    @property
    def is_wished(self) -> bool:
        """Every picked line has been through the third step."""
        return self.is_answered and all(one.resolution is not None for one in self.picked)


def is_guaranteed(one: LineEligibility) -> bool:
    """The rules refuse the line, but the law does not where something is wrong with it."""
    return (
        one.verdict == Verdict.REFUSE
        and LegalBasis.GUARANTEE in one.judgement.bases
        and one.if_faulty.verdict != Verdict.REFUSE
        and one.facts.returnable > 0
    )
