"""What the status pages of returns, repairs and spare parts share: who may look, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import InvalidInput, NotFound
from saleor_aftercare.core.models import Event, Shop
from saleor_aftercare.inbox.models import CaseKind
from saleor_aftercare.portal import messages
from saleor_aftercare.portal.visit import Visit


class Case(Protocol):
    """What a return, a repair request and a spare-part request have in common."""

    pk: int
    number: str
    state: str

    @property
    def order(self) -> Order | None: ...

    @property
    def actions(self) -> tuple[str, ...]: ...


C = TypeVar("C", bound=Case)


@dataclass(frozen=True)
class Step:
    """One step on the way; ``state`` is "done", "now", "todo" or "stopped"."""

    title: str
    state: str
    day: str = ""


def open_case(
    visit: Visit,
    number: str,
    *,
    find: Callable[[Shop, str], C],
    by_token: Callable[[Shop, str, str], C],
) -> C:
    """The case, for whoever has a session over its order or the link from its mails.

    Raises:
        Unauthenticated: nobody is signed in, and the link does not open it; also when there is no such case.
        NotFound: whoever is signed in has no such case.
    """
    case = by_link(visit, number, by_token) or by_session(visit, number, find)
    if case.order is not None:
        visit.speak(case.order.language)
    return case


def by_link(visit: Visit, number: str, by_token: Callable[[Shop, str, str], C]) -> C | None:
    """The case that the link's token opens; None when there is none, or it opens nothing."""
    token = visit.request.GET.get("t", "")
    try:
        return by_token(visit.shop, number, token) if token else None
    except (InvalidInput, NotFound):
        return None


def by_session(visit: Visit, number: str, find: Callable[[Shop, str], C]) -> C:
    """The case of whoever is signed in; raises as :func:`open_case`."""
    visit.require_session()
    case = find(visit.shop, number)
    if not visit.may_act_on(case.order):
        raise NotFound(_("There is no such page."))
    return case


def own_case(visit: Visit, number: str, find: Callable[[Shop, str], C]) -> tuple[C, Order]:
    """The case and its order, for whoever may act on it: a link alone may not. Raises as :func:`open_case`."""
    case = by_session(visit, number, find)
    assert case.order is not None  # noqa: S101  by_session has looked
    return case, case.order


def render_case(
    visit: Visit,
    template: str,
    case: Case,
    *,
    kind: CaseKind,
    page_name: str,
    **context: Any,
) -> HttpResponse:
    """A status page with its conversation; without a session it shows the way to one.

    Whoever is signed in sees all that was said about the order: a case may have outlived its own conversation.
    """
    may_act = visit.may_act_on(case.order)
    if may_act and case.order is not None:
        thread = messages.thread_of_order(visit, case.order)
    else:
        thread = messages.thread_of_case(visit, kind, case.pk)
    here = visit.request.get_full_path()
    order_number = case.order.number if case.order else ""
    return visit.render(
        template,
        case=case,
        order=case.order,
        may_act=may_act,
        can_cancel=may_act and "cancel" in case.actions,
        sign_in=visit.sign_in_url(back_to=here, order=order_number),
        cancel_url=visit.url(f"{page_name}_cancel", number=case.number),
        message_url=visit.url(f"{page_name}_message", number=case.number),
        thread=thread,
        **context,
    )


def moments(shop: Shop, subject: str, pk: int) -> dict[str, datetime]:
    """When each kind of thing happened to a case for the first time."""
    found: dict[str, datetime] = {}
    rows = Event.objects.filter(shop=shop, subject=subject, subject_id=pk).order_by("id")
    for kind, at in rows.values_list("kind", "at"):
        found.setdefault(kind, at)
    return found


def progress(
    visit: Visit, path: Sequence[tuple[str, datetime | None]], *, stopped: tuple[str, datetime] | None = None
) -> list[Step]:
    """The steps of a case: those with a moment are done, the first without is where we are.

    ``stopped`` ends the path early (title, moment): what was not reached by then is left out.
    """
    day = visit.words.day
    done = [Step(title, "done", day(at)) for title, at in path if at is not None]
    if stopped is not None:
        title, at = stopped
        return [*done, Step(title, "stopped", day(at))]
    todo = [Step(title, "todo") for title, at in path if at is None]
    if todo:
        todo[0] = Step(todo[0].title, "now")
    return done + todo
