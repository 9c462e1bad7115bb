"""Steps of macros that act on the cases of a conversation: each by the verb that the case's own room has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.money import Money
from saleor_aftercare.inbox.models import CaseKind, Ticket, TicketLink
from saleor_aftercare.parts import actions as parts
from saleor_aftercare.parts.models import SparePartRequest
from saleor_aftercare.repairs import actions as repairs
from saleor_aftercare.repairs.models import RepairRequest
from saleor_aftercare.returns import actions as returns
from saleor_aftercare.returns.actions import can_settle, settle_return
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.settlement import preview_settlement
from saleor_aftercare.returns.warnings import look_at_saleor


@dataclass(frozen=True)
class Seen:
    """What a step would do to one case."""

    summary: str
    amount: Money | None = None
    problem: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseStep:
    """One thing that is done to a case."""

    title: Callable[[], str]
    nothing: Callable[[], str]  #: said when no case of the conversation is ready for it
    find: Callable[[Ticket, int | None], Any]  #: the newest case that is, or the one of a key; None
    look: Callable[[Any, datetime], Seen]
    act: Callable[..., None]
    needs_words: bool = False


def _newest(kind: CaseKind, model: Any, ready: Callable[[Any], bool]) -> Callable[[Ticket, int | None], Any]:
    """The newest case of the conversation that is ready, or a certain one, whose own verbs say whether it is."""

    def find(ticket: Ticket, only: int | None) -> Any:
        links = TicketLink.objects.filter(shop=ticket.shop_id, ticket=ticket, kind=kind)
        rows = model.objects.filter(shop=ticket.shop_id, pk__in=links.values("case_id")).select_related("shop", "order")
        if only is not None:
            return rows.filter(pk=only).first()
        return next((row for row in rows.order_by("-pk")[:20] if ready(row)), None)

    return find


def _allows(move: str) -> Callable[[Any], bool]:
    return lambda case: move in case.actions


def _says(text: Callable[[], str]) -> Callable[[Any, datetime], Seen]:
    return lambda case, _at: Seen(text() % {"number": case.number})


def _look_at_settlement(ret: Return, at: datetime) -> Seen:
    preview = preview_settlement(ret, at=at)
    amount = preview.parts.total
    blocked = next((one.message for one in preview.notices if one.blocks), "")
    words = _("Settle %(number)s: give %(amount)s") % {
        "number": ret.number,
        "amount": f"{amount.wire()} {amount.currency}",
    }
    return Seen(words, amount, blocked, preview.fingerprint)


def _approve(ret: Return, *, at: datetime, actor: Actor, **_given: Any) -> None:
    look_at_saleor(ret, at=at)
    returns.approve_return(ret, at=at, actor=actor)


def _settle(
    ret: Return, *, fingerprint: str, key: str, limit: Money | None, at: datetime, actor: Actor, **_given: Any
) -> None:
    settle_return(ret, fingerprint=fingerprint, key=key, note="", at=at, actor=actor, limit=limit)


def _with_reason(verb: Callable[..., Any]) -> Callable[..., None]:
    def act(case: Any, *, words: str, at: datetime, actor: Actor, **_given: Any) -> None:
        verb(case, reason=words, at=at, actor=actor)

    return act


def _plainly(verb: Callable[..., Any]) -> Callable[..., None]:
    def act(case: Any, *, at: datetime, actor: Actor, **_given: Any) -> None:
        verb(case, at=at, actor=actor)

    return act


def _ask(ret: Return, *, words: str, at: datetime, actor: Actor, **_given: Any) -> None:
    returns.ask_customer(ret, question=words, at=at, actor=actor)


def _no_return() -> str:
    return _("No return of this conversation is ready for it.")


def _no_repair() -> str:
    return _("No repair of this conversation is ready for it.")


def _no_part() -> str:
    return _("No spare-part request of this conversation is ready for it.")


CASES: Final[Mapping[str, CaseStep]] = {
    "approve_return": CaseStep(
        title=lambda: _("Approve the return"),
        nothing=_no_return,
        find=_newest(CaseKind.RETURN, Return, _allows("approve")),
        look=_says(lambda: _("Approve %(number)s; the label is made and mailed")),
        act=_approve,
    ),
    "decline_return": CaseStep(
        title=lambda: _("Decline the return"),
        nothing=_no_return,
        find=_newest(CaseKind.RETURN, Return, _allows("decline")),
        look=_says(lambda: _("Decline %(number)s; the customer is told why")),
        act=_with_reason(returns.decline_return),
        needs_words=True,
    ),
    "ask_about_return": CaseStep(
        title=lambda: _("Ask about the return"),
        nothing=_no_return,
        find=_newest(CaseKind.RETURN, Return, _allows("ask")),
        look=_says(lambda: _("Ask the customer about %(number)s")),
        act=_ask,
        needs_words=True,
    ),
    "settle_return": CaseStep(
        title=lambda: _("Settle the return"),
        nothing=_no_return,
        find=_newest(CaseKind.RETURN, Return, can_settle),
        look=_look_at_settlement,
        act=_settle,
    ),
    "accept_repair": CaseStep(
        title=lambda: _("Accept the repair"),
        nothing=_no_repair,
        find=_newest(CaseKind.REPAIR, RepairRequest, _allows("accept")),
        look=_says(lambda: _("Accept %(number)s; the customer is told where to send it")),
        act=_plainly(repairs.accept_repair),
    ),
    "decline_repair": CaseStep(
        title=lambda: _("Decline the repair"),
        nothing=_no_repair,
        find=_newest(CaseKind.REPAIR, RepairRequest, _allows("decline")),
        look=_says(lambda: _("Decline %(number)s; the customer is told why")),
        act=_with_reason(repairs.decline_repair),
        needs_words=True,
    ),
    "accept_part": CaseStep(
        title=lambda: _("Accept the spare-part request"),
        nothing=_no_part,
        find=_newest(CaseKind.SPARE_PART, SparePartRequest, _allows("accept")),
        look=_says(lambda: _("Accept %(number)s; the customer is told")),
        act=_plainly(parts.accept_spare_part),
    ),
    "decline_part": CaseStep(
        title=lambda: _("Decline the spare-part request"),
        nothing=_no_part,
        find=_newest(CaseKind.SPARE_PART, SparePartRequest, _allows("decline")),
        look=_says(lambda: _("Decline %(number)s; the customer is told why")),
        act=_with_reason(parts.decline_spare_part),
        needs_words=True,
    ),
}

__all__ = ["CASES", "CaseStep", "Seen"]
