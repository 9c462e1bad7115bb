"""The withdrawal function (CRD art. 11a): a statement, and a button that confirms it. For everybody, without a session.

The statement travels between its two steps in a signed field of the form: nothing is stored before it is confirmed,
and whether an order exists changes neither a page nor its timing. Neither step needs a cookie, so neither asks for a
CSRF token: what a foreign page could send here is a statement of its own author, and the session's cookie, which
makes more of it, does not travel with foreign forms (SameSite).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from saleor_aftercare.access import drafts
from saleor_aftercare.connection.models import Order, OrderLine
from saleor_aftercare.connection.orders import get_order_by_pk, orders_of_customer
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound, RateLimited
from saleor_aftercare.core.headers import client_ip
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import ReturnPolicy
from saleor_aftercare.portal.forms import Problem, plain
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.withdrawal_forms import SOME, WHOLE, LineChoice, StatementForm, read_lines
from saleor_aftercare.portal.withdrawal_words import Tongue, here, show, tongue_of
from saleor_aftercare.withdrawals import actions, letters, queries
from saleor_aftercare.withdrawals.policy import Period, PeriodState
from saleor_aftercare.withdrawals.statements import Statement, draw_up
from saleor_aftercare.withdrawals.words import day, moment

#: Between the statement and its confirmation.
LIFETIME: Final = timedelta(days=1)
#: Orders that somebody who is signed in may choose from.
NEWEST: Final = 20


@dataclass(frozen=True)
class Filled:
    """A statement on its way to the confirmation: what the signed field holds."""

    key: str
    statement: Statement
    order: int | None  #: Order.pk of somebody who was signed in

    def sign(self, visit: Visit) -> str:
        """The field's value."""
        return tokens.sign("withdrawal-form", [visit.shop.pk, self.key, self.statement.to_json(), self.order])


def read_filled(visit: Visit, token: str) -> Filled:
    """What the field of a form holds; raises InvalidInput when it is forged, another shop's, or too old."""
    shop, key, statement, order = tokens.unsign("withdrawal-form", token[:20_000], max_age=LIFETIME)
    if shop != visit.shop.pk:
        raise InvalidInput("another shop's form", "token")
    return Filled(key, Statement.from_json(statement), order)


@csrf_exempt
@page("GET", "POST")
def declare(visit: Visit) -> HttpResponse:
    """The first step: name, contract, address of the receipt. POST shows the statement, and records nothing."""
    tongue = tongue_of(visit)
    if not visit.withdraw_url:
        return show(
            visit, "withdrawal_none.html", tongue, none_text=tongue.words.none_text.format(shop=visit.shop_name)
        )
    policy = policies.policy_of(visit.shop)
    before = read_before(visit)
    order = chosen_order(visit, before)
    if order is None and not visit.is_post and wants_a_choice(visit):
        return choose(visit, tongue, policy)
    return Step(visit, tongue, policy, order, before).answer()


def read_before(visit: Visit) -> Filled | None:
    """What was filled in, when somebody goes back from the confirmation to change it."""
    if "change" not in visit.request.POST:
        return None
    try:
        return read_filled(visit, visit.request.POST.get("d", ""))
    except InvalidInput:
        return None


def chosen_order(visit: Visit, before: Filled | None) -> Order | None:
    """The order of somebody who is signed in; None for a guest, and for an order that is not theirs to see."""
    session = visit.session
    if session is None or visit.is_gift or "other" in visit.request.GET:
        return None
    if before is not None:
        return order_of(visit, before)
    number = visit.request.GET.get("order", "")[:30]
    if not number:
        return session.order
    try:
        return visit.order(number) if "\x00" not in number else None
    except NotFound:
        return None


def order_of(visit: Visit, filled: Filled) -> Order | None:
    """The order that a statement was made for, if whoever is there may still act on it."""
    if filled.order is None:
        return None
    try:
        order = get_order_by_pk(visit.shop, filled.order)
    except NotFound:
        return None
    order.shop = visit.shop
    return order if visit.may_act_on(order) else None


# -- which order -----------------------------------------------------------------------------------------------------


def wants_a_choice(visit: Visit) -> bool:
    """A signed-in customer who named no order."""
    session = visit.session
    return session is not None and session.user_id != "" and not {"other", "order"} & set(visit.request.GET)


def choose(visit: Visit, tongue: Tongue, policy: ReturnPolicy) -> HttpResponse:
    """The customer's orders, each with its period."""
    assert visit.session is not None  # noqa: S101  wants_a_choice has looked
    rows = []
    orders = orders_of_customer(visit.shop, user_id=visit.session.user_id, limit=NEWEST)
    prefetch_related_objects(orders, "lines", "fulfillments__lines")
    for order in orders:
        order.shop = visit.shop
        period = queries.period_of(order, at=visit.at, policy=policy)
        if period.state in {PeriodState.CANCELED, PeriodState.NO_RIGHT}:
            continue
        rows.append(
            {
                "title": tongue.words.order.format(number=order.number),
                "bought": tongue.words.ordered_on.format(date=day(_date(visit, order), tongue.code)),
                "period": period_text(tongue, period, policy),
                "url": here(visit, "withdraw", tongue, order=order.number),
            }
        )
    other = here(visit, "withdraw", tongue, other="1")
    return show(visit, "withdrawal_orders.html", tongue, rows=rows, other=other)


def _date(visit: Visit, order: Order) -> Any:
    return order.placed_at.astimezone(queries.zone_of(visit.shop)).date()


def period_text(tongue: Tongue, period: Period, policy: ReturnPolicy) -> str:
    """Until when, in a sentence; empty where there is nothing to say."""
    words = tongue.words
    date = day(period.ends_on, tongue.code) if period.ends_on else ""
    if period.state == PeriodState.NOT_BEGUN:
        return words.not_before_delivery.format(days=policy.withdrawal_days)
    if period.state == PeriodState.OVER:
        return words.over.format(date=date)
    if period.state == PeriodState.PERHAPS_OVER:
        return ""
    if period.state == PeriodState.RUNNING:
        return (words.until_estimated if period.estimated else words.until).format(date=date)
    return ""


# -- the statement ---------------------------------------------------------------------------------------------------


class Step:
    """One look at the first step: for a guest, or for an order of somebody who is signed in."""

    def __init__(
        self, visit: Visit, tongue: Tongue, policy: ReturnPolicy, order: Order | None, before: Filled | None
    ) -> None:
        self.visit, self.tongue, self.policy, self.order, self.before = visit, tongue, policy, order, before
        offers = queries.offers_of(order, at=visit.at, policy=policy) if order is not None else []
        self.choices = [LineChoice(offer, tongue.words, typed=self._typed(offer.order_line.pk)) for offer in offers]

    def _typed(self, line: int) -> str:
        if self.before is not None:
            return next((str(one.quantity) for one in self.before.statement.units if one.line == line), "")
        return plain(self.visit.request.POST.get(f"units-{line}", ""), 10)

    @property
    def known_name(self) -> str:
        """The name of whoever is signed in."""
        return self.order.customer_name if self.order is not None else ""

    @property
    def known_email(self) -> str:
        """Where the receipt goes without asking."""
        session = self.visit.session
        return session.email if session is not None and not self.visit.is_gift else ""

    def form(self) -> StatementForm:
        """Filled in as sent, as signed before, or from the address."""
        sent = self.visit.is_post and self.before is None
        return StatementForm(
            self.visit.request.POST if sent else None,
            initial=self._initial(),
            words=self.tongue.words,
            ask_name=not self.known_name,
            ask_contract=self.order is None,
            ask_email=not self.known_email,
            ask_goods=self.order is None,
        )

    def _initial(self) -> dict[str, str]:
        if self.before is None:
            return {"contract": plain(self.visit.request.GET.get("order", ""), 30), "scope": WHOLE}
        statement = self.before.statement
        return {
            "name": statement.name,
            "contract": statement.contract,
            "email": statement.email,
            "goods": statement.goods,
            "scope": WHOLE if statement.whole else SOME,
        }

    def answer(self) -> HttpResponse:
        """The form, or the statement made of it."""
        form = self.form()
        if not self.visit.is_post or self.before is not None:
            return self.show(form)
        chosen: list[tuple[OrderLine, int]] = []
        problems: list[Problem] = []
        if self.order is not None and not form.is_whole:
            chosen, problems = read_lines(self.choices, self.tongue.words)
        if not form.is_valid() or problems:
            return self.show(form, problems=[*form.problems, *problems])
        data = form.cleaned_data
        try:
            statement = draw_up(
                self.visit.shop,
                shop_name=self.visit.shop_name,
                name=data.get("name") or self.known_name,
                email=data.get("email") or self.known_email,
                contract=self.order.number if self.order is not None else data["contract"],
                goods=data.get("goods", ""),
                chosen=chosen,
                whole=form.is_whole,
                language=self.tongue.code,
            )
        except InvalidInput as error:
            form.blame_in_words(error)
            return self.show(form, problems=form.problems)
        pk = self.order.pk if self.order is not None else None
        return confirmation(self.visit, self.tongue, Filled(drafts.new_key(), statement, pk), self.choices)

    def show(self, form: StatementForm, problems: list[Problem] | None = None) -> HttpResponse:
        """The page of the first step."""
        visit, tongue, order = self.visit, self.tongue, self.order
        declared = queries.withdrawals_of_order(order)[:1] if order is not None else []
        period = queries.period_of(order, at=visit.at, policy=self.policy) if order is not None else None
        return show(
            visit,
            "withdrawal.html",
            tongue,
            status=422 if problems else 200,
            languages=not visit.is_post,
            form=form,
            problems=problems or [],
            order=order,
            choices=self.choices,
            lead=tongue.words.lead.format(days=self.policy.withdrawal_days),
            period=period_text(tongue, period, self.policy) if period else "",
            declared=bool(declared),
            declared_text=tongue.words.declared_already.format(number=declared[0].number) if declared else "",
            order_title=tongue.words.order.format(number=order.number) if order is not None else "",
            signed_in_as=tongue.words.signed_in_as.format(email=self.known_email),
            action=here(visit, "withdraw", tongue, **self._query()),
            other=here(visit, "withdraw", tongue, other="1") if order is not None else "",
        )

    def _query(self) -> dict[str, str]:
        if self.order is not None:
            return {"order": self.order.number}
        return {"other": "1"} if "other" in self.visit.request.GET else {}


# -- the confirmation ------------------------------------------------------------------------------------------------


def confirmation(visit: Visit, tongue: Tongue, filled: Filled, choices: list[LineChoice]) -> HttpResponse:
    """The second step: the statement word for word, and the button."""
    excepted = [one for one in choices if one.offer.excepted] if filled.statement.whole else []
    query = {"order": filled.statement.contract} if filled.order is not None else {}
    return show(
        visit,
        "withdrawal_check.html",
        tongue,
        languages=False,
        statement=filled.statement.text,
        excepted=excepted,
        token=filled.sign(visit),
        action=here(visit, "withdraw_confirm", tongue),
        change=here(visit, "withdraw", tongue, **query),
    )


@csrf_exempt
@page("POST")
def confirm(visit: Visit) -> HttpResponse:
    """What counts: the moment of this request is that of the declaration."""
    tongue = tongue_of(visit)
    try:
        filled = read_filled(visit, visit.request.POST.get("d", ""))
    except InvalidInput:
        return wrong(visit, tongue, tongue.words.form_too_old, status=422)
    try:
        withdrawal = actions.declare(
            visit.shop,
            key=filled.key,
            statement=filled.statement,
            order=order_of(visit, filled),
            source="portal",
            ip=client_ip(visit.request),
            at=visit.at,
        )
    except RateLimited as error:
        response = wrong(visit, tongue, tongue.words.too_often, status=429)
        response["Retry-After"] = str(error.retry_after_s)
        return response
    query = {"r": queries.receipt_token(withdrawal), "lang": filled.statement.language}
    return visit.redirect(f"{visit.url('withdraw_done')}?{urlencode(query)}")


def wrong(visit: Visit, tongue: Tongue, message: str, *, status: int) -> HttpResponse:
    """Something stood in the way; the way back to the start."""
    return show(visit, "withdrawal_wrong.html", tongue, status=status, languages=False, message=message)


@page("GET")
def done(visit: Visit) -> HttpResponse:
    """The receipt: what was declared and when, and what happens next; nothing of what we found out about it."""
    tongue = tongue_of(visit)
    try:
        withdrawal = queries.withdrawal_by_receipt(visit.shop, visit.request.GET.get("r", "")[:500])
    except (InvalidInput, NotFound):
        return wrong(visit, tongue, tongue.words.form_too_old, status=404)
    words = tongue.words
    policy = withdrawal.policy or policies.policy_of(visit.shop)
    when = moment(withdrawal.declared_at, queries.zone_of(visit.shop), tongue.code)
    own = visit.may_act_on(withdrawal.order)
    return show(
        visit,
        "withdrawal_done.html",
        tongue,
        withdrawal=withdrawal,
        lead=words.done_lead.format(moment=when, email=withdrawal.email),
        received=when,
        steps=letters.next_steps(withdrawal, policy, language=tongue.code),
        address=letters.return_address(visit.shop, policy, None, tongue.code),
        status_url=here(visit, "withdrawal_status", tongue, number=withdrawal.number) if own else "",
    )
