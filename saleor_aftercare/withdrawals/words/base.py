"""Every word of the withdrawal pages and letters in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words; ``{…}`` is filled with ``str.format``, and only ever by names that :func:`blanks` knows."""

    language_name: str
    # -- around every page
    skip: str
    languages: str
    back_to_shop: str
    error: str
    one_problem: str
    problems: str  #: {n}
    to_returns: str
    # -- the statement
    title: str
    lead: str  #: {days}
    name: str
    name_hint: str
    contract: str
    contract_hint: str
    email: str
    email_hint: str
    signed_in_as: str  #: {email}
    scope: str
    whole: str
    some: str
    goods: str
    goods_hint: str
    go_on: str
    which_order: str
    no_orders: str
    another_order: str
    order: str  #: {number}
    ordered_on: str  #: {date}
    declared_already: str  #: {number}
    units: str  #: {most}
    not_before_delivery: str  #: {days}
    until: str  #: {date}
    until_estimated: str  #: {date}
    over: str  #: {date}
    excepted: str
    #: By Exclusion: why a line is an exception (CRD art. 16), and what makes a sealed one an exception.
    exceptions: Mapping[str, str]
    conditions: Mapping[str, str]
    # -- the confirmation
    check: str
    check_lead: str
    statement_whole: str  #: {contract} {shop}
    statement_goods: str  #: {contract} {shop}
    statement_line: str  #: {quantity} {goods}
    statement_name: str  #: {name}
    statement_email: str  #: {email}
    change: str
    # -- afterwards
    done: str
    done_lead: str  #: {moment} {email}
    done_mail: str
    number: str
    received: str
    contract_short: str
    next: str
    step_look: str
    step_send_back: str  #: {date}
    step_customer_pays: str
    step_merchant_pays: str
    step_refund: str  #: {date}
    step_withhold: str
    address: str
    # -- where there is no such right
    none: str
    none_text: str  #: {shop}
    # -- the status page
    status: str  #: {number}
    state_unmatched: str
    state_open: str
    state_settled: str
    state_out_of_scope: str
    statement: str
    covers: str
    refund_by: str
    send_back_by: str
    return_page: str  #: {number}
    proof: str
    proof_lead: str
    proof_tracking: str
    proof_files: str
    proof_files_hint: str
    proof_send: str
    proof_thanks: str
    proof_missing: str
    more: str
    more_lead: str
    sign_in: str
    # -- what is wrong
    missing_name: str
    missing_contract: str
    missing_email: str
    bad_email: str
    missing_goods: str
    missing_scope: str
    missing_order: str
    choose_units: str
    bad_units: str  #: {most}
    too_long: str  #: {limit}
    no_addresses: str
    too_often: str
    form_too_old: str
    try_again: str
    # -- letters
    greeting: str  #: {name}
    greeting_nobody: str
    footer: str  #: {shop}
    instructions: str
    see: str
    ack_subject: str  #: {number}
    ack: str
    ack_intro: str  #: {moment}
    ack_words: str
    ack_not_you: str
    force_subject: str  #: {number}
    force: str
    force_intro: str  #: {order}
    force_excepted: str
    force_unsent: str
    force_label: str  #: {number}
    scope_subject: str  #: {number}
    out: str
    out_intro: str
    out_rights: str

    def quantity_of(self, quantity: int, goods: str) -> str:
        """``2 × Hand grinder``, as a statement says it."""
        return self.statement_line.format(quantity=quantity, goods=goods)
