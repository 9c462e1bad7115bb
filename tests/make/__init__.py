"""Typed builders of rows for tests: whatever a test does not say gets a believable value.

Builders write rows as they would stand after the story that leads to them; they run no action and publish nothing.
A builder that needs a shop, an order or a customer makes one, so that the shortest call gives a whole row.
"""

from .base import DAY, HOUR, NOON, serial
from .cases import make_followup, make_message, make_repair, make_spare_part, make_ticket
from .letters import make_challenge, make_letter, make_session, make_suppression
from .money import make_settlement, make_store_credit
from .orders import HOME, Line, make_fulfillment, make_order, make_order_line
from .replacements import make_replacement
from .returns import make_policy, make_refund, make_return, make_return_label
from .shops import WAREHOUSE, make_command, make_event, make_file, make_job, make_shop, make_staff, make_webhook
from .withdrawals import make_eu_policy, make_withdrawal

__all__ = [
    "DAY",
    "HOME",
    "HOUR",
    "NOON",
    "WAREHOUSE",
    "Line",
    "make_challenge",
    "make_command",
    "make_eu_policy",
    "make_event",
    "make_file",
    "make_followup",
    "make_fulfillment",
    "make_job",
    "make_letter",
    "make_message",
    "make_order",
    "make_order_line",
    "make_policy",
    "make_refund",
    "make_repair",
    "make_replacement",
    "make_return",
    "make_return_label",
    "make_session",
    "make_settlement",
    "make_shop",
    "make_spare_part",
    "make_staff",
    "make_store_credit",
    "make_suppression",
    "make_ticket",
    "make_webhook",
    "make_withdrawal",
    "serial",
]
