"""The page of a declared withdrawal: for reading by the link from its letters, and for more after the code."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse

from saleor_aftercare.access import drafts
from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.events import CUSTOMER
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.portal import forms as shared
from saleor_aftercare.portal.cases import by_link, by_session, own_case
from saleor_aftercare.portal.visit import Visit, page
from saleor_aftercare.portal.withdrawal_words import Tongue, here, show, tongue_of
from saleor_aftercare.portal.words import Label
from saleor_aftercare.withdrawals import actions, letters, queries
from saleor_aftercare.withdrawals.models import Withdrawal, WithdrawalState
from saleor_aftercare.withdrawals.statements import goods_name
from saleor_aftercare.withdrawals.words import Words, day, moment

KIND: Final = "proof"


def label_of(words: Words, state: str) -> Label:
    """A state in the reader's words."""
    return {
        WithdrawalState.UNMATCHED: Label(words.state_unmatched, "wait"),
        WithdrawalState.OPEN: Label(words.state_open, "info"),
        WithdrawalState.SETTLED: Label(words.state_settled, "ok"),
        WithdrawalState.OUT_OF_SCOPE: Label(words.state_out_of_scope, "stop"),
    }[WithdrawalState(state)]


@page("GET")
def status(visit: Visit, number: str) -> HttpResponse:
    """How far it is; the link from the letters is enough to read it."""
    withdrawal = by_link(visit, number, queries.withdrawal_by_status_token) or by_session(
        visit, number, queries.find_withdrawal
    )
    return render(visit, tongue_of(visit, prefer=withdrawal.language), withdrawal)


@page("POST")
def proof(visit: Visit, number: str) -> HttpResponse:
    """The goods are on their way: a number, or the carrier's receipt. Needs the session, which the code opens."""
    withdrawal, order = own_case(visit, number, queries.find_withdrawal)
    tongue = tongue_of(visit, prefer=withdrawal.language)
    words = tongue.words
    draft = drafts.open_draft(order, kind=KIND, key=visit.request.POST.get("key", ""), at=visit.at)
    added = proof_field(words)
    tracking = shared.plain(visit.request.POST.get("tracking", ""), 101)
    if not draft.result:
        shared.take_files(visit.request, draft, added, at=visit.at, keep=drafts.add_attachment)
        # What may be wrong with a file stands in the hint, in the page's own language.
        added.errors = [words.proof_files_hint] if added.errors else []
        problems = list(added.problems)
        if "remove" not in visit.request.POST and not problems:
            problems = send(visit, withdrawal, draft, added, tracking, words)
        if problems or "remove" in visit.request.POST:
            return render(
                visit,
                tongue,
                withdrawal,
                added=added,
                key=draft.key,
                tracking=tracking,
                problems=problems,
                status=422 if problems else 200,
            )
    return visit.redirect(here(visit, "withdrawal_status", tongue, number=number))


def send(
    visit: Visit, withdrawal: Withdrawal, draft: Any, added: shared.FileField, tracking: str, words: Words
) -> list[shared.Problem]:
    """Record the proof once; what is wrong with it otherwise."""

    def note() -> str:
        actions.note_proof_of_sending(
            withdrawal, tracking_number=tracking, files=added.files, at=visit.at, actor=CUSTOMER
        )
        return withdrawal.number

    try:
        drafts.send_once(draft, note)
    except InvalidInput:
        text = words.too_long.format(limit=100) if len(tracking) > 100 else words.proof_missing
        return [shared.Problem(text, "id_tracking")]
    except Conflict:
        return [shared.Problem(str(label_of(words, withdrawal.state).text))]
    return []


def proof_field(words: Words) -> shared.FileField:
    """Where the carrier's receipt is added."""
    return shared.FileField("files", words.proof_files, "image/*,.pdf")


def render(visit: Visit, tongue: Tongue, withdrawal: Withdrawal, *, status: int = 200, **form: Any) -> HttpResponse:
    """The page, with or without a form that has to be mended."""
    words, order, ret = tongue.words, withdrawal.order, withdrawal.ret
    policy = withdrawal.policy or policies.policy_of(visit.shop)
    own = visit.may_act_on(order)
    in_force = withdrawal.state == WithdrawalState.OPEN
    back = (
        visit.request.get_full_path()
        if not visit.is_post
        else here(visit, "withdrawal_status", tongue, number=withdrawal.number)
    )
    context = {"added": proof_field(words), "key": drafts.new_key(), "tracking": "", "problems": []} | form
    return show(
        visit,
        "withdrawal_status.html",
        tongue,
        status=status,
        languages=not visit.is_post,
        withdrawal=withdrawal,
        title=words.status.format(number=withdrawal.number),
        label=label_of(words, withdrawal.state),
        received=moment(withdrawal.declared_at, queries.zone_of(visit.shop), tongue.code),
        covers=covers(words, withdrawal),
        refund_by=day(withdrawal.refund_due_on, tongue.code) if in_force and withdrawal.refund_due_on else "",
        send_back_by=day(withdrawal.send_back_by, tongue.code) if in_force and withdrawal.send_back_by else "",
        steps=letters.next_steps(withdrawal, policy, language=tongue.code) if order is None else [],
        address=letters.return_address(visit.shop, policy, order, tongue.code) if in_force else [],
        return_text=words.return_page.format(number=ret.number) if ret is not None and own else "",
        return_url=visit.url("return_status", number=ret.number) if ret is not None and own else "",
        own=own,
        may_prove=own and in_force and goods_are_out(withdrawal),
        proof_url=here(visit, "withdrawal_proof", tongue, number=withdrawal.number),
        sign_in=sign_in_url(visit, order, back) if order is not None and not own and in_force else "",
        **context,
    )


def covers(words: Words, withdrawal: Withdrawal) -> list[str]:
    """What comes back, once that is known."""
    if withdrawal.ret is None:
        return []
    rows = withdrawal.ret.lines.select_related("order_line").order_by("pk")
    return [words.quantity_of(row.quantity, goods_name(row.order_line)) for row in rows]


def goods_are_out(withdrawal: Withdrawal) -> bool:
    """Whether a proof of sending would change anything."""
    return queries.goods_out(withdrawal, withdrawal.ret)


def sign_in_url(visit: Visit, order: Order, back: str) -> str:
    """The guest's door, with the number filled in."""
    return visit.sign_in_url(back_to=back, order=order.number)
