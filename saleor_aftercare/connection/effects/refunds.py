"""Money that goes back through Saleor."""

from __future__ import annotations

from typing import Any

from saleor_aftercare.connection.models import ShopCommand

from .base import EFFECTS, Answer, Effect


def _find_grant(command: ShopCommand, order: Answer) -> dict[str, Any] | None:
    reason = command.request["input"]["reason"]
    for grant in order["grantedRefunds"]:
        if grant["reason"] == reason:
            return {"granted_refund": grant["id"]}
    return None


def _find_request(command: ShopCommand, order: Answer) -> dict[str, Any] | None:
    for grant in order["grantedRefunds"]:
        if grant["id"] == command.request["grantedRefundId"] and (
            grant["status"] != "NONE" or grant["transactionEvents"]
        ):
            return {"status": grant["status"]}
    return None


def _find_manual(command: ShopCommand, order: Answer) -> dict[str, Any] | None:
    reference = command.request["transaction"]["pspReference"]
    for one in order["transactions"]:
        if one["pspReference"] == reference:
            return {"transaction": one["id"]}
    return None


EFFECTS |= {
    "grant_refund": Effect("grant-refund", _find_grant, lambda p: {"granted_refund": p["grantedRefund"]["id"]}),
    "request_refund": Effect(
        "request-refund", _find_request, lambda p: {}, frozenset({"REFUND_IS_PENDING", "REFUND_ALREADY_PROCESSED"})
    ),
    "manual_refund": Effect("manual-refund", _find_manual, lambda p: {"transaction": p["transaction"]["id"]}),
}
