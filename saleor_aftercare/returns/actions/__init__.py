"""What people do with returns, one function per verb."""

from saleor_aftercare.returns.reception import receive_return

from .decide import (
    answer_question,
    approve_return,
    ask_customer,
    change_resolution,
    decline_return,
    override_policy,
)
from .exchange import note_exchange
from .progress import (
    add_photos,
    cancel_return,
    expire_return,
    keep_items,
    mark_arrived,
    mark_lost,
    mark_sent,
    renew_return,
    resolve_return,
    take_over,
)
from .request import GiftRecipient, UnitsAsked, request_return
from .settle import can_settle, owed_instead, settle_return
from .stranded import mark_came_back, mark_label_expired
from .undeliverable import record_undeliverable

__all__ = [
    "GiftRecipient",
    "UnitsAsked",
    "add_photos",
    "answer_question",
    "approve_return",
    "ask_customer",
    "can_settle",
    "cancel_return",
    "change_resolution",
    "decline_return",
    "expire_return",
    "keep_items",
    "mark_arrived",
    "mark_came_back",
    "mark_label_expired",
    "mark_lost",
    "mark_sent",
    "note_exchange",
    "override_policy",
    "owed_instead",
    "receive_return",
    "record_undeliverable",
    "renew_return",
    "request_return",
    "resolve_return",
    "settle_return",
    "take_over",
]
