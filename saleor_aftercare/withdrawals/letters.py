"""The letters of the withdrawal function; each is written once, by its key, in the declarer's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import links
from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.core.errors import Refused
from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail import headers, letters
from saleor_aftercare.mail.models import OutboundMessage, Purpose
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.models import ReturnPolicy, ReturnShippingPayer
from saleor_aftercare.returns.models import Return

from .models import Withdrawal
from .queries import country_of, status_token, zone_of
from .statements import goods_name
from .words import Words, day, moment, words_of


def status_url(withdrawal: Withdrawal) -> str:
    """The declaration's page, opened for reading by whoever has the link."""
    return links.withdrawal_status(
        withdrawal.shop, withdrawal.number, status_token(withdrawal), language=withdrawal.language
    )


def write_acknowledgement(withdrawal: Withdrawal, policy: ReturnPolicy, *, at: datetime) -> OutboundMessage:
    """We have it, with its words, date and time (art. 11a(4)); whatever becomes of it. Better had twice than never."""
    words = words_of(withdrawal.language)
    facts = [
        (words.number, withdrawal.number),
        (words.received, moment(withdrawal.declared_at, zone_of(withdrawal.shop), withdrawal.language)),
        (words.contract_short, withdrawal.contract),
    ]
    return _write(
        withdrawal,
        "acknowledged",
        subject=words.ack_subject.format(number=withdrawal.number),
        heading=words.ack,
        intro=words.ack_intro.format(moment=facts[1][1]),
        facts=facts,
        quote_title=words.ack_words,
        quote=withdrawal.statement,
        steps=next_steps(withdrawal, policy, language=withdrawal.language),
        address=return_address(withdrawal.shop, policy, withdrawal.order, withdrawal.language),
        closing=words.ack_not_you,
        at=at,
    )


def write_in_force(withdrawal: Withdrawal, ret: Return, excepted: Sequence[str], *, at: datetime) -> OutboundMessage:
    """What it covers, what the law excepts, and by when; the label comes with the return's own letter."""
    words = words_of(withdrawal.language)
    rows = list(ret.lines.select_related("order_line").order_by("pk"))
    steps = [words.force_unsent] if any(row.unsent for row in rows) else []
    if any(row.quantity > row.unsent for row in rows):
        steps += [
            words.step_send_back.format(date=_day(withdrawal.send_back_by, withdrawal.language)),
            who_pays(words, ret.payer),
            words.force_label.format(number=ret.number),
        ]
    steps.append(words.step_refund.format(date=_day(withdrawal.refund_due_on, withdrawal.language)))
    return _write(
        withdrawal,
        "in_force",
        subject=words.force_subject.format(number=withdrawal.number),
        heading=words.force,
        intro=words.force_intro.format(order=ret.order.number),
        covered=[words.quantity_of(row.quantity, goods_name(row.order_line)) for row in rows],
        exceptions_title=words.force_excepted if excepted else "",
        exceptions=list(excepted),
        steps=steps,
        at=at,
    )


def write_out_of_scope(withdrawal: Withdrawal, *, at: datetime) -> OutboundMessage:
    """There is no such right here, for the reason that staff gave."""
    words = words_of(withdrawal.language)
    return _write(
        withdrawal,
        "out_of_scope",
        suffix=f":{withdrawal.state_since.isoformat()}",
        subject=words.scope_subject.format(number=withdrawal.number),
        heading=words.out,
        intro=words.out_intro,
        quote=withdrawal.out_of_scope_reason,
        closing=words.out_rights,
        at=at,
    )


def next_steps(withdrawal: Withdrawal, policy: ReturnPolicy, *, language: str) -> list[str]:
    """What happens next, with the deadlines: what a page and the acknowledgement say before anybody looked."""
    words = words_of(language)
    return [
        words.step_look,
        words.step_send_back.format(date=_day(withdrawal.send_back_by, language)),
        who_pays(words, _usual_payer(policy)),
        words.step_refund.format(date=_day(withdrawal.refund_due_on, language)),
        words.step_withhold,
    ]


def return_address(shop: Shop, policy: ReturnPolicy, order: Order | None, language: str) -> list[str]:
    """Where the goods go, line by line; empty while the shop has not said."""
    country = country_of(order) if order is not None else ""
    try:
        address: PostalAddress = policies.return_address_for(shop, policy, country)
    except Refused:
        return []
    return list(address.lines("ja" if language == "ja" else "en", country=True))


def who_pays(words: Words, payer: str) -> str:
    """The sentence about the cost of sending the goods back."""
    return words.step_merchant_pays if payer == ReturnShippingPayer.MERCHANT else words.step_customer_pays


def _usual_payer(policy: ReturnPolicy) -> str:
    """What holds for goods without a rule of their own; the letter that names the goods may say better."""
    return policies.as_rules(policy).rules[-1].who_pays


def _day(value: date | None, language: str) -> str:
    return day(value, language) if value is not None else ""


def _write(
    withdrawal: Withdrawal,
    what: str,
    *,
    subject: str,
    at: datetime,
    suffix: str = "",
    **parts: Any,
) -> OutboundMessage:
    words = words_of(withdrawal.language)
    shop = withdrawal.shop
    shop_name = headers.sender_name(shop, settings_of(shop))
    context = {
        "heading": "",
        "intro": "",
        "facts": [],
        "quote_title": "",
        "quote": "",
        "covered": [],
        "exceptions_title": "",
        "exceptions": [],
        "steps": [],
        "address": [],
        "closing": "",
        **parts,
        "subject": subject,
        "greeting": words.greeting.format(name=withdrawal.name),
        "steps_title": words.next,
        "address_title": words.address,
        "status_url": status_url(withdrawal),
        "status_label": words.see,
        "policy_url": links.policy(shop, anchor="withdrawal"),
        "policy_label": words.instructions,
        "footer": words.footer.format(shop=shop_name),
        "portal_label": words.to_returns,
    }
    return letters.write(
        shop=shop,
        kind=f"withdrawals/{what}",
        key=f"withdrawal:{withdrawal.pk}:{what}{suffix}",
        to_email=withdrawal.email,
        to_name=withdrawal.name,
        language=withdrawal.language,
        context=context,
        subject=("withdrawal", withdrawal.pk),
        repeat_if_lost=True,
        purpose=Purpose.TRANSACTIONAL,
        at=at,
    )
