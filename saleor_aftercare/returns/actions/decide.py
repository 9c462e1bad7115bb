"""Deciding about a request: yes, in part, no, a question back, and going beyond the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import CUSTOMER, Actor, publish
from saleor_aftercare.core.models import ActorKind, StoredFile
from saleor_aftercare.parcels.actions import give_up_case
from saleor_aftercare.policies import queries as policies
from saleor_aftercare.policies.bases import duties
from saleor_aftercare.policies.models import LegalBasis, Resolution, ReturnShippingPayer
from saleor_aftercare.policies.rules import keeps_item
from saleor_aftercare.returns.eligibility import collective_value, units_with_customer
from saleor_aftercare.returns.events import (
    ReturnAnswered,
    ReturnApproved,
    ReturnDeclined,
    ReturnHandedToRepair,
    ReturnOverridden,
    ReturnQuestioned,
    ReturnResolutionChanged,
)
from saleor_aftercare.returns.models import Return, ReturnLine, ReturnState
from saleor_aftercare.returns.parcels import SUBJECT

from .checking import MAX_NOTE, check_photos
from .progress import expect_parcel, keep_items

S = ReturnState


@transaction.atomic
def approve_return(
    ret: Return,
    *,
    quantities: Mapping[int, int] | None = None,
    keep: bool | None = None,
    parcel: bool = True,
    reason: str = "",
    at: datetime,
    actor: Actor,
) -> Return:
    """Say that we want the goods, all of them or some; the label is made and mailed by a job.

    ``quantities`` maps ReturnLine.pk to units; lines not named are not approved, None approves everything. ``reason``
    tells the customer why something is left out. ``keep`` says that the customer keeps the goods and is compensated
    all the same; None leaves that to the policy. Lines that are to be repaired are handed over to repairs. Without
    ``parcel`` no label is made: the goods are on their way already.

    Raises:
        InvalidInput: ``quantities`` names another return's line or impossible numbers (field ``lines``), or approves
            nothing, or ``reason`` is too long.
        Refused: there is no complete return address to print.
        Conflict: it is decided already, or units are no longer with the customer, says Saleor.
    """
    order = lock_order(ret)
    lines = list(ret.lines.select_related("order_line").order_by("pk"))
    approved = _approved(lines, quantities)
    _check_still_there(ret, order, lines, approved)
    reason = texts.paragraphs(reason, "reason", limit=MAX_NOTE, required=False)
    to_send = [row for row in lines if _to_send(row, approved[row.pk])]
    if to_send and parcel and duties(ret.legal_basis).needs_approval:
        policies.return_address_for(ret.shop, ret.policy, country_of(order))
    partial = any(approved[row.pk] < row.quantity for row in lines)
    ret.move(
        "approve",
        at=at,
        question="",
        decline_reason=reason if partial else "",
        expires_on=send_by_of(ret, at=at) if to_send and parcel else None,
        advance_due_on=_advance_due(ret, at=at),
    )
    for row in lines:
        row.quantity_approved = approved[row.pk]
        row.save(update_fields=["quantity_approved"])
    publish(ReturnApproved(ret.pk, partial=partial), shop=ret.shop, at=at, actor=actor)
    _go_on(ret, lines, to_send, keep=keep, parcel=parcel, at=at, actor=actor)
    return ret


def _go_on(
    ret: Return,
    lines: Sequence[ReturnLine],
    to_send: Sequence[ReturnLine],
    *,
    keep: bool | None,
    parcel: bool,
    at: datetime,
    actor: Actor,
) -> None:
    repairs = [row.pk for row in lines if row.resolution == Resolution.REPAIR and row.quantity_approved]
    if repairs:
        publish(ReturnHandedToRepair(ret.pk, lines=repairs), shop=ret.shop, at=at, actor=actor)
    others = [row for row in lines if row.resolution != Resolution.REPAIR and row.quantity_approved]
    if not others:
        ret.move("hand_over", at=at)
    elif not to_send:
        # Nothing ever left the warehouse: there is nothing to wait for, nor to show in Saleor as returned.
        for row in others:
            row.quantity_received = row.quantity_approved
            row.save(update_fields=["quantity_received"])
        ret.move("keep", at=at, received_at=at, recorded_at=at)
    elif keep if keep is not None else _policy_lets_keep(ret):
        keep_items(ret, lines=None, at=at, actor=actor)
    elif parcel:
        expect_parcel(ret, at=at, actor=actor)


def _to_send(row: ReturnLine, approved: int) -> bool:
    return row.resolution != Resolution.REPAIR and approved > row.unsent


def _approved(lines: Sequence[ReturnLine], quantities: Mapping[int, int] | None) -> dict[int, int]:
    if quantities is None:
        return {row.pk: row.quantity for row in lines}
    if set(quantities) - {row.pk for row in lines}:
        raise InvalidInput(_("This item is not part of the return."), "lines")
    approved = {row.pk: quantities.get(row.pk, 0) for row in lines}
    for row in lines:
        if not 0 <= approved[row.pk] <= row.quantity:
            raise InvalidInput(_("Please choose a number from 0 to %(most)d.") % {"most": row.quantity}, "lines")
    if not any(approved.values()):
        raise InvalidInput(_("Nothing is approved? Then decline the return, with the reason."), "lines")
    return approved


def _check_still_there(ret: Return, order: Order, lines: Sequence[ReturnLine], approved: Mapping[int, int]) -> None:
    """C1.16: the order may have been edited, cancelled or returned in Saleor's own Dashboard since it was asked."""
    there = units_with_customer(order, without=ret.pk)
    for row in lines:
        left = there.get(row.order_line_id, 0)
        if approved[row.pk] - row.unsent > left:
            name = " ".join(filter(None, (row.order_line.product_name, row.order_line.variant_name)))
            raise Conflict(
                _("Only %(left)d of “%(name)s” are still with the customer; Saleor, or another return, has the rest.")
                % {"left": left, "name": name},
                "lines",
            )


def _policy_lets_keep(ret: Return) -> bool:
    """C1.18: by the collective value without tax of all returns of the order, so that splitting changes nothing."""
    rules = policies.as_rules(ret.policy)
    return keeps_item(rules, collective_net=ret.order.money(collective_value(ret.order, net=True)))


def lock_order(ret: Return) -> Order:
    """The order's row, held by this transaction: whoever counts its units does so one after the other."""
    order = Order.objects.select_for_update(of=("self",)).select_related("shop__settings").get(pk=ret.order_id)
    ret.order = order
    return order


def country_of(order: Order) -> str:
    """The country that the goods were sent to; "" where nobody knows."""
    return str((order.shipping_address or order.billing_address or {}).get("country", ""))


def send_by_of(ret: Return, *, at: datetime) -> date | None:
    """The last day to send the parcel, inclusive; None for a declared withdrawal, which no day of ours can end."""
    if ret.legal_basis == LegalBasis.WITHDRAWAL:
        return None
    return _today(ret, at) + timedelta(days=ret.policy.ship_within_days)


def _advance_due(ret: Return, *, at: datetime) -> date | None:
    return _today(ret, at) + timedelta(days=ret.policy.advance_exchange_days) if ret.advance_exchange else None


def _today(ret: Return, at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings_of(ret.shop).time_zone)).date()


@transaction.atomic
def decline_return(ret: Return, *, reason: str, at: datetime, actor: Actor) -> Return:
    """Say no, with the reason that the customer will read.

    Raises InvalidInput("reason"), Refused for a declared withdrawal, or Conflict.
    """
    reason = _words(reason, "reason", _("Please give the reason; the customer will read it."))
    if not duties(ret.legal_basis).needs_approval:
        raise Refused(_("A declared withdrawal cannot be declined. Mark it as out of scope, with the reason."), "id")
    ret.move("decline", at=at, decline_reason=reason)
    give_up_case(ret.shop, (SUBJECT, ret.pk), at=at, actor=actor)
    publish(ReturnDeclined(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def ask_customer(ret: Return, *, question: str, at: datetime, actor: Actor) -> Return:
    """Ask the customer something before deciding; they answer on the return's page. Raises InvalidInput or Conflict."""
    question = _words(question, "question", _("Please write the question; the customer will read it."))
    ret.move("ask", at=at, question=question, answer="")
    publish(ReturnQuestioned(ret.pk), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def answer_question(
    ret: Return, *, text: str, photos: Sequence[StoredFile] = (), at: datetime, actor: Actor = CUSTOMER
) -> Return:
    """The customer's answer; photos belong to the first line. Raises InvalidInput("text"|"photos") or Conflict."""
    text = _words(text, "text", _("Please answer the question."))
    check_photos(photos, "photos", shop_id=ret.shop_id)
    ret.move("answer", at=at, answer=text)
    _attach(ret, photos)
    publish(ReturnAnswered(ret.pk, text=text, photos=[photo.pk for photo in photos]), shop=ret.shop, at=at, actor=actor)
    return ret


def _attach(ret: Return, photos: Sequence[StoredFile]) -> None:
    line = ret.lines.order_by("pk").first()
    if line is not None and photos:
        line.photos.add(*photos)


@transaction.atomic
def override_policy(ret: Return, *, reason: str, payer: str | None = None, at: datetime, actor: Actor) -> Return:
    """Go beyond the rules for a request that waits for a decision, with the reason that stays on the case.

    What the rules would not have given rests on goodwill from then on; a right of the customer stays a right.
    ``payer`` changes who pays the way back. Approve afterwards. Raises InvalidInput("reason"|"payer") or Conflict.
    """
    reason = texts.one_line(reason, "reason", limit=500, required=True)
    if payer is not None and payer not in ReturnShippingPayer.values:
        raise InvalidInput(_("Please choose who pays."), "payer")
    locked = Return.objects.select_for_update().get(pk=ret.pk)
    if locked.state not in {S.REQUESTED, S.MORE_INFO, S.APPROVED}:
        raise Conflict(_("This was decided already; reload and look again."))
    if payer == ReturnShippingPayer.CUSTOMER and duties(locked.legal_basis).payer == ReturnShippingPayer.MERCHANT:
        raise Refused(_("The law makes the shop pay for the way back of faulty goods."), "payer")
    changes: dict[str, Any] = {"override_reason": reason, "overridden_by": actor.name[:200]}
    if payer is not None:
        changes["payer"] = payer
    if locked.legal_basis in {LegalBasis.VOLUNTARY, LegalBasis.EXCHANGE}:
        changes["legal_basis"] = LegalBasis.GOODWILL
    ret.lines.filter(legal_basis__in=[LegalBasis.VOLUNTARY, LegalBasis.EXCHANGE]).update(
        legal_basis=LegalBasis.GOODWILL
    )
    Return.objects.filter(pk=ret.pk).update(**changes)
    for name, value in changes.items():
        setattr(ret, name, value)
    publish(ReturnOverridden(ret.pk, reason=reason), shop=ret.shop, at=at, actor=actor)
    return ret


@transaction.atomic
def change_resolution(
    ret: Return,
    *,
    line: ReturnLine,
    resolution: str,
    exchange_variant_id: str = "",
    exchange_name: str = "",
    agreed: bool = False,
    at: datetime,
    actor: Actor,
) -> ReturnLine:
    """Give something else for a line, as long as nothing is settled.

    Where the law promises the money back by the same means, staff need the customer's express consent
    (``agreed``) to give anything else. Raises InvalidInput("resolution"|"exchangeVariantId"), Refused or Conflict.
    """
    if resolution not in Resolution.values:
        raise InvalidInput(_("Please choose what the customer gets."), "resolution")
    if exchange_variant_id and resolution != Resolution.EXCHANGE:
        raise InvalidInput(_("Another variant is chosen for an exchange only."), "exchangeVariantId")
    locked = Return.objects.select_for_update().get(pk=ret.pk)
    row = ReturnLine.objects.select_for_update().filter(pk=line.pk, ret=locked).first()
    if row is None:
        raise InvalidInput(_("This item is not part of the return."), "line")
    if locked.state in {S.DECLINED, S.CANCELED, S.RESOLVED} or row.repair_number:
        raise Conflict(_("This is settled; nothing else can be chosen any more."))
    if locked.is_gift and resolution == Resolution.REFUND:
        raise Refused(_("The recipient of a gift is not given the payer's money."), "resolution")
    takes_money_away = row.resolution == Resolution.REFUND and resolution != Resolution.REFUND
    if takes_money_away and duties(row.legal_basis).same_means and actor.kind == ActorKind.STAFF and not agreed:
        raise Refused(_("The law promises the money. Anything else needs the customer's express consent."), "agreed")
    if resolution == Resolution.REPAIR and locked.state not in {S.REQUESTED, S.MORE_INFO}:
        raise Conflict(_("A repair can be chosen until the return is approved."), "resolution")
    before = row.resolution
    row.resolution = Resolution(resolution)
    row.exchange_variant_id = texts.one_line(exchange_variant_id, "exchangeVariantId", limit=60)
    row.exchange_name = texts.one_line(exchange_name, "exchangeName", limit=400)
    row.save(update_fields=["resolution", "exchange_variant_id", "exchange_name"])
    publish(
        ReturnResolutionChanged(ret.pk, line=row.pk, before=before, after=row.resolution),
        shop=ret.shop,
        at=at,
        actor=actor,
    )
    return row


def _words(text: str, field: str, missing: str) -> str:
    if not text.strip():
        raise InvalidInput(missing, field)
    return texts.paragraphs(text, field, limit=MAX_NOTE)
