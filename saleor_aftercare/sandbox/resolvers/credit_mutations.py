"""Mutations on gift cards and vouchers."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.records import GiftCard, Voucher
from saleor_aftercare.sandbox.store import ShopError, quantum

from . import field
from .common import caller, found, mutation, the_shop

Info = GraphQLResolveInfo

MIN_CODE, MAX_CODE = 8, 16


def _card(info: Info, id_: str) -> GiftCard:
    card: GiftCard = found(next((c for c in the_shop(info).state.gift_cards if c.id == id_), None))
    return card


@field("Mutation.giftCardCreate")
@mutation("MANAGE_GIFT_CARD")
def gift_card_create(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    shop, who = the_shop(info), caller(info)
    code = input.get("code") or "-".join(secrets.token_hex(2).upper() for _ in range(3))
    if any(c.code == code for c in shop.state.gift_cards):
        raise ShopError("ALREADY_EXISTS", "Promo code already exists.", "code")
    if not MIN_CODE <= len(code) <= MAX_CODE:
        bound = f"most {MAX_CODE}" if len(code) > MAX_CODE else f"least {MIN_CODE}"
        raise ShopError("INVALID", f"Ensure this value has at {bound} characters (it has {len(code)}).", "code")
    _check_balance(input["balance"])
    assigned = input.get("assigned_to")
    if assigned and shop.user(assigned) is None:
        raise ShopError("NOT_FOUND", f"Couldn't resolve to a node: {assigned}", "assignedTo")
    if input.get("user_email") and not input.get("channel"):
        message = "Channel slug must be specified when user_email is provided."
        raise ShopError("REQUIRED", message, "channel")
    with shop.changing() as at:
        expires = _expiry(input.get("expiry_date"))
        if expires is not None and expires.date() <= at.date():
            raise ShopError("INVALID", "Expiry date must be in the future.", "expiryDate")
        amount = input["balance"]["amount"]
        card = GiftCard(
            id=shop.new_id("GiftCard"),
            code=code,
            created=at,
            currency=input["balance"]["currency"],
            initial=amount,
            balance=amount,
            is_active=input["is_active"],
            expiry_date=expires,
            tags=[tag.lower() for tag in input.get("add_tags") or []],
            notes=[input["note"]] if input.get("note") else [],
            app=who.app.id if who.app else None,
            created_by=who.user.id if who.user else None,
            assigned_to=assigned,
        )
        for name in ("metadata", "private_metadata"):
            getattr(card, name).update({x["key"]: x["value"] for x in input.get(name) or []})
        shop.state.gift_cards.append(card)
        shop.announce("GIFT_CARD_CREATED", card, principal=who.id)
    return {"giftCard": card}


def _check_balance(balance: dict[str, Any]) -> None:
    most = 0 if quantum(balance["currency"]) == 1 else 2
    if balance["amount"] % quantum(balance["currency"]):
        raise ShopError("INVALID", f"Value cannot have more than {most} decimal places.", "balance")
    if balance["amount"] <= 0:
        raise ShopError("INVALID", "Balance amount have to be greater than 0.", "balance")


def _expiry(value: Any) -> datetime | None:
    return datetime.fromisoformat(f"{value}T00:00:00+00:00") if value else None


@field("Mutation.giftCardDeactivate")
@mutation("MANAGE_GIFT_CARD")
def gift_card_deactivate(_: Any, info: Info, id: str) -> dict[str, Any]:
    card = _card(info, id)
    with the_shop(info).changing():
        card.is_active = False
    return {"giftCard": card}


@field("Mutation.giftCardAddNote")
@mutation("MANAGE_GIFT_CARD")
def gift_card_note(_: Any, info: Info, id: str, input: dict[str, Any]) -> dict[str, Any]:
    card = _card(info, id)
    with the_shop(info).changing() as at:
        card.notes.append(input["message"])
    event = {
        "id": f"{card.id}-{len(card.notes)}",
        "type": "NOTE_ADDED",
        "message": input["message"],
        "date": at,
    }
    return {"giftCard": card, "event": event}


def _voucher(info: Info, id_: str) -> Voucher:
    voucher: Voucher = found(next((v for v in the_shop(info).state.vouchers if v.id == id_), None))
    return voucher


def _check_codes(info: Info, codes: list[str]) -> None:
    taken = {code for v in the_shop(info).state.vouchers for code in v.codes}
    if taken & set(codes):
        raise ShopError("UNIQUE", "Voucher with this code already exists.", "addCodes")


@field("Mutation.voucherCreate")
@mutation("MANAGE_DISCOUNTS")
def voucher_create(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    shop = the_shop(info)
    codes = [*(input.get("add_codes") or []), *([input["code"]] if input.get("code") else [])]
    if not codes:
        raise ShopError("REQUIRED", "Voucher needs at least one code.", "codes")
    _check_codes(info, codes)
    with shop.changing() as at:
        voucher = Voucher(
            id=shop.new_id("Voucher"),
            name=input.get("name") or "",
            type=input.get("type") or "ENTIRE_ORDER",
            value_type=input.get("discount_value_type") or "FIXED",
            codes=codes,
            start_date=input.get("start_date") or at,
            end_date=input.get("end_date"),
            single_use=bool(input.get("single_use")),
        )
        shop.state.vouchers.append(voucher)
    return {"voucher": voucher}


@field("Mutation.voucherUpdate")
@mutation("MANAGE_DISCOUNTS")
def voucher_update(_: Any, info: Info, id: str, input: dict[str, Any]) -> dict[str, Any]:
    voucher, codes = _voucher(info, id), list(input.get("add_codes") or [])
    _check_codes(info, codes)
    with the_shop(info).changing():
        voucher.codes.extend(codes)
        for name in ("name", "end_date", "single_use"):
            if input.get(name) is not None:
                setattr(voucher, name, input[name])
    return {"voucher": voucher}


@field("Mutation.voucherChannelListingUpdate")
@mutation("MANAGE_DISCOUNTS")
def voucher_listing(_: Any, info: Info, id: str, input: dict[str, Any]) -> dict[str, Any]:
    voucher, shop = _voucher(info, id), the_shop(info)
    with shop.changing():
        for item in input.get("add_channels") or []:
            channel = found(shop.channel(item["channel_id"]), "channelId")
            voucher.values[channel.slug] = item["discount_value"]
        for channel_id in input.get("remove_channels") or []:
            channel = found(shop.channel(channel_id), "channelId")
            voucher.values.pop(channel.slug, None)
    return {"voucher": voucher}
