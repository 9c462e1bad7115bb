"""Mutations on transactions and granted refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox import paying, refunding
from saleor_aftercare.sandbox.access import PermissionDenied
from saleor_aftercare.sandbox.records import Order, Transaction
from saleor_aftercare.sandbox.store import ShopError

from . import field
from .common import caller, found, mutation, the_shop

Info = GraphQLResolveInfo


def _transaction(info: Info, id_: str | None, token: str | None) -> tuple[Order, Transaction]:
    pair: tuple[Order, Transaction] = found(the_shop(info).transaction(id_, token))
    return pair


@field("Mutation.orderGrantRefundCreate")
@mutation("MANAGE_ORDERS")
def grant_refund(_: Any, info: Info, id: str, input: dict[str, Any]) -> dict[str, Any]:
    order = found(the_shop(info).order(id))
    _check_reason(info, input.get("reason_reference"))
    granted = refunding.grant_refund(
        the_shop(info),
        order,
        transaction_id=input["transaction_id"],
        amount=input.get("amount"),
        lines=[refunding.AskedLine(x["id"], x["quantity"], x.get("reason") or "") for x in input.get("lines") or []],
        shipping=bool(input.get("grant_refund_for_shipping")),
        reason=input.get("reason") or "",
        by=caller(info).id,
    )
    return {"order": order, "grantedRefund": granted}


def _check_reason(info: Info, reference: str | None) -> None:
    """A page of the type that the refund settings name. Apps may leave it out, staff may not [seen live]."""
    if not reference:
        return
    state = the_shop(info).state
    kinds = {kind.id for kind in state.page_types if kind.metadata.get("reasons-of") == "refunds"}
    if not kinds:
        raise ShopError("INVALID", "Reason reference type is not configured.", "reasonReference")
    if not any(page.id == reference and page.page_type in kinds for page in state.pages):
        raise ShopError("INVALID", "Invalid reason reference.", "reasonReference")


@field("Mutation.transactionRequestRefundForGrantedRefund")
@mutation("HANDLE_PAYMENTS")
def request_granted(_: Any, info: Info, granted_refund_id: str) -> dict[str, Any]:
    by = caller(info).id
    return {"transaction": refunding.request_granted_refund(the_shop(info), granted_refund_id, by=by)}


@field("Mutation.transactionRequestAction")
@mutation("HANDLE_PAYMENTS")
def request_action(
    _: Any,
    info: Info,
    action_type: str,
    id: str | None = None,
    token: str | None = None,
    amount: Decimal | None = None,
    refund_reason: str | None = None,
    refund_reason_reference: str | None = None,
) -> dict[str, Any]:
    del refund_reason_reference
    order, transaction = _transaction(info, id, token)
    if action_type != "REFUND":
        raise ShopError("INVALID", "The practice shop's payment app only refunds.", "actionType")
    refunding.request_refund(
        the_shop(info),
        order,
        transaction,
        amount,
        reason=refund_reason or "",
        by=caller(info).id,
    )
    return {"transaction": transaction}


def _amounts(info: Info, order: Order, values: dict[str, Any]) -> dict[str, Any]:
    """``MoneyInput``s as amounts; another currency than the order's is refused."""
    currency = the_shop(info).currency(order)
    plain = dict(values)
    for name in ("amount_authorized", "amount_charged", "amount_refunded", "amount_canceled"):
        if values.get(name) is None:
            continue
        if values[name]["currency"] != currency:
            field_name = "amount" + name.removeprefix("amount_").capitalize()
            raise ShopError("INCORRECT_CURRENCY", f"Currency needs to be {currency}.", field_name)
        plain[name] = values[name]["amount"]
    return plain


@field("Mutation.transactionCreate")
@mutation("HANDLE_PAYMENTS")
def create(
    _: Any,
    info: Info,
    id: str,
    transaction: dict[str, Any],
    transaction_event: dict[str, Any] | None = None,
) -> dict[str, Any]:
    order = found(the_shop(info).order(id))
    values = _amounts(info, order, transaction)
    made = paying.create_transaction(the_shop(info), order, values, event=transaction_event, by=caller(info).id)
    return {"transaction": made}


def _need_own(info: Info, transaction: Transaction) -> None:
    """Only whoever made a transaction may change it, whatever the permissions."""
    if transaction.created_by != caller(info).id:
        raise PermissionDenied("OWNER", "HANDLE_PAYMENTS")


@field("Mutation.transactionUpdate")
@mutation("HANDLE_PAYMENTS")
def update(
    _: Any,
    info: Info,
    id: str | None = None,
    token: str | None = None,
    transaction: dict[str, Any] | None = None,
    transaction_event: dict[str, Any] | None = None,
) -> dict[str, Any]:
    order, subject = _transaction(info, id, token)
    _need_own(info, subject)
    values = _amounts(info, order, transaction or {})
    paying.update_transaction(the_shop(info), order, subject, values, event=transaction_event, by=caller(info).id)
    return {"transaction": subject}


@field("Mutation.transactionEventReport")
@mutation("HANDLE_PAYMENTS")
def report(
    _: Any,
    info: Info,
    type: str,
    psp_reference: str,
    id: str | None = None,
    token: str | None = None,
    **values: Any,
) -> dict[str, Any]:
    """Saying the same reference and type twice changes nothing."""
    order, subject = _transaction(info, id, token)
    _need_own(info, subject)
    known = next((e for e in subject.events if e.psp_reference == psp_reference and e.type == type), None)
    if known is not None:
        return {"alreadyProcessed": True, "transaction": subject, "transactionEvent": known}
    event = paying.report_event(the_shop(info), order, subject, type, psp_reference, values, by=caller(info).id)
    return {"alreadyProcessed": False, "transaction": subject, "transactionEvent": event}
