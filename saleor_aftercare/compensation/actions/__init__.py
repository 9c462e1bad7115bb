"""Deciding to put things right: settlements, and the refunds and store credits that they are made of."""

from .credits import ask_staff_about_credit, fail_credit, issue_store_credit, note_issued, retry_credit, reveal_code
from .refunds import ask_staff, fail, look_again_soon, retry_refund, settle, start_refund
from .settlements import Parts, Recipient, lock_orders, retry_settlement, start_settlement

__all__ = [
    "Parts",
    "Recipient",
    "ask_staff",
    "ask_staff_about_credit",
    "fail",
    "fail_credit",
    "issue_store_credit",
    "lock_orders",
    "look_again_soon",
    "note_issued",
    "retry_credit",
    "retry_refund",
    "retry_settlement",
    "reveal_code",
    "settle",
    "start_refund",
    "start_settlement",
]
