"""Which letters there are, and what each must be told.

A template shows a missing word as nothing, so a forgotten key would only be noticed by the customer. ``write``
holds every context to this list; what the keys mean stands at the top of each template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from saleor_aftercare.core.languages import supported_language

_CASE: Final = frozenset({"number", "order_number", "status_url"})
_PART: Final = frozenset({"number", "product_name", "part_description", "quantity", "status_url"})

#: Given to every template by ``letters.write``.
COMMON: Final = frozenset(
    {"shop_name", "sender_name", "customer_name", "language", "portal_url", "unsubscribe_url", "automatic"}
)
#: A letter whose words are given to it, in languages that the rest of the mail does not speak.
_WORDED: Final = frozenset(
    {
        "subject",
        "heading",
        "greeting",
        "intro",
        "facts",
        "quote_title",
        "quote",
        "covered",
        "exceptions_title",
        "exceptions",
        "steps_title",
        "steps",
        "address_title",
        "address",
        "closing",
        "status_url",
        "status_label",
        "policy_url",
        "policy_label",
        "footer",
        "portal_label",
    }
)

CONTEXT: Final[Mapping[str, frozenset[str]]] = {
    "access/guest_code": frozenset({"code", "order_number", "minutes"}),
    "followups/arrival_check": frozenset({"order_number", "items", "url_all_well", "url_something_wrong"}),
    "inbox/chat_code": frozenset({"code", "minutes"}),
    "inbox/chat_transcript": frozenset({"ticket_number", "lines"}),
    "inbox/received": frozenset({"ticket_number", "subject", "body", "answer_within_hours"}),
    "inbox/refunded": frozenset({"ticket_number", "order_number", "amount"}),
    "inbox/reply": frozenset({"ticket_number", "subject", "body", "author_name", "signature", "history"}),
    "inbox/store_credit": frozenset({"ticket_number", "order_number", "amount", "code", "valid_until"}),
    "parts/accepted": _PART,
    "parts/declined": frozenset({"number", "product_name", "reason", "status_url"}),
    "parts/requested": _PART,
    "repairs/accepted": frozenset({"number", "product_name", "address_lines", "status_url"}),
    "repairs/checked_in": frozenset({"number", "product_name", "return_number", "status_url"}),
    "repairs/declined": frozenset({"number", "product_name", "reason", "status_url"}),
    "repairs/requested": frozenset({"number", "product_name", "serial_number", "description", "status_url"}),
    "replacements/payment_due": _CASE | {"goods", "replacement_number", "amount", "payment_url", "is_charge"},
    "replacements/placed": _CASE | {"goods", "replacement_number"},
    "replacements/send_back": _CASE | {"goods", "back_by"},
    "replacements/sold_out": _CASE | {"goods"},
    "returns/approved": _CASE
    | {"items", "not_approved", "reason", "payer", "send_by", "has_label", "own_label", "dropoff", "has_choice"}
    | {"carrier", "parcels", "instructions", "address_lines"},
    "returns/arrived": _CASE,
    "returns/came_back": _CASE | {"carrier", "tracking_number", "send_by"},
    "returns/canceled": _CASE,
    "returns/declined": _CASE | {"reason"},
    "returns/expired": _CASE | {"items"},
    "returns/kept": _CASE | {"items"},
    "returns/label_expired": _CASE | {"items", "send_by"},
    "returns/lost": _CASE | {"tracking_number"},
    "returns/question": _CASE | {"question"},
    "returns/received": _CASE | {"accepted", "rejected", "missing", "sendback_payer", "stored_until"},
    "returns/refunded": _CASE | {"amount", "method", "sum", "instead_of"},
    "returns/reminder": _CASE | {"items", "send_by"},
    "returns/requested": _CASE | {"items", "answer_within_hours"},
    "returns/sent": _CASE | {"items", "carrier", "tracking_number"},
    "returns/sent_back": _CASE | {"items", "tracking_number"},
    "returns/store_credit": _CASE | {"amount", "bonus", "restores", "code", "valid_until", "instead_of"},
    "surveys/csat": frozenset({"ticket_number", "subject", "scores", "open_days"}),
    "team/digest": frozenset({"count", "lines", "more"}),
    "withdrawals/acknowledged": _WORDED,
    "withdrawals/in_force": _WORDED,
    "withdrawals/out_of_scope": _WORDED,
}


#: What in a letter opens something for whoever holds it: it is kept apart from the stored words, encrypted.
SECRETS: Final[Mapping[str, frozenset[str]]] = {
    "access/guest_code": frozenset({"code"}),
    "inbox/chat_code": frozenset({"code"}),
    "inbox/store_credit": frozenset({"code"}),
    "returns/store_credit": frozenset({"code"}),
}

#: Languages of letters whose words are given to them; every other letter is written in ``core.languages``.
_FURTHER: Final = frozenset({"de", "es", "fr", "it", "nl"})


def language_of(kind: str, wish: str, *, default: str) -> str:
    """The language that a letter of ``kind`` is written in for somebody who prefers ``wish`` (BCP 47, any case)."""
    primary = wish.lower().replace("_", "-").partition("-")[0]
    if CONTEXT.get(kind) == _WORDED and primary in _FURTHER:
        return primary
    return supported_language(wish, default=default)


def template_of(kind: str) -> str:
    """The template of a kind of letter; raises LookupError for one that does not exist."""
    if kind not in CONTEXT:
        raise LookupError(f"There is no letter of kind {kind!r}")
    return f"aftercare/mail/{kind}.html"


def check_context(kind: str, context: Mapping[str, Any]) -> None:
    """Raise LookupError when ``context`` lacks something that the letter needs, or holds what it does not know."""
    wanted, given = CONTEXT[kind], set(context)
    if missing := wanted - given:
        raise LookupError(f"The letter {kind!r} was not told: {', '.join(sorted(missing))}")
    if unknown := given - wanted:
        raise LookupError(f"The letter {kind!r} does not know: {', '.join(sorted(unknown))}")
