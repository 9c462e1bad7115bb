"""A believable shop to practise on: people in five countries and their orders of the last three months.

Deterministic: the same ids, numbers and amounts every time; dates count back from the moment of filling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from .catalogue import AMERICA, EUROPE, JAPAN, stock_shelves
from .fulfilling import SentLine, fulfill
from .ordering import cancel_order, new_address, place_order
from .paying import mark_as_paid, pay_by_card
from .records import Address, Order, User
from .store import PracticeShop

ALL_PERMISSIONS = [
    "MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_USERS", "MANAGE_PRODUCTS", "MANAGE_GIFT_CARD",
    "MANAGE_DISCOUNTS", "MANAGE_APPS", "MANAGE_STAFF", "MANAGE_SHIPPING", "MANAGE_SETTINGS",
    "MANAGE_CHANNELS", "MANAGE_PAGES", "MANAGE_TRANSLATIONS", "MANAGE_ORDERS_IMPORT",
]  # fmt: skip

#: first name, last name, e-mail, permission group, permissions
STAFF = (
    ("Emma", "Lindqvist", "emma@kaze-kettle.example", "Full Access", ALL_PERMISSIONS),
    ("亜希", "森", "aki@kaze-kettle.example", "Customer support", ["MANAGE_ORDERS"]),
    ("Ben", "Ortiz", "ben@kaze-kettle.example", "Marketing", ["MANAGE_DISCOUNTS", "MANAGE_PAGES"]),
)
#: Somebody of another company, who answers for the shop and is paid per answer.
PARTNERS = (("Inês", "Duarte", "ines@partner-desk.example", "Partner agents", ["MANAGE_ORDERS", "HANDLE_PAYMENTS"]),)


class Person(NamedTuple):
    """A customer; the address without names."""

    first: str
    last: str
    email: str
    language: str
    channel: str
    address: Address


PEOPLE = (
    Person("花子", "山田", "hanako.yamada@example.com", "JA", JAPAN, Address(
        street_address_1="神宮前3-14-8", street_address_2="メゾン原宿 302号室", city="渋谷区",
        country_area="東京都", postal_code="150-0001", country="JP", phone="+819012340001")),
    Person("健一", "佐藤", "kenichi.sato@example.com", "JA", JAPAN, Address(
        street_address_1="三条通高倉東入桝屋町57", city="京都市中京区",
        country_area="京都府", postal_code="604-8127", country="JP", phone="+819012340002")),
    Person("美咲", "鈴木", "misaki.suzuki@example.com", "JA", JAPAN, Address(
        street_address_1="梅田2-5-10", street_address_2="西梅田ハイツ 1104号室", city="大阪市北区",
        country_area="大阪府", postal_code="530-0001", country="JP", phone="+819012340003")),
    Person("直樹", "高橋", "naoki.takahashi@example.com", "JA", JAPAN, Address(
        company_name="喫茶たかはし", street_address_1="大通西8-2-6", city="札幌市中央区",
        country_area="北海道", postal_code="060-0042", country="JP", phone="+819012340004")),
    Person("Jade", "Guerrero", "jade.guerrero@example.com", "EN", AMERICA, Address(
        street_address_1="418 Alder Street", street_address_2="Apt 7", city="PORTLAND",
        country_area="OR", postal_code="97205", country="US", phone="+15035550114")),
    Person("Lukas", "Brandt", "lukas.brandt@example.com", "DE", EUROPE, Address(
        street_address_1="Karl-Heine-Straße 43", city="Leipzig",
        postal_code="04229", country="DE", phone="+493415550177")),
    Person("Olivia", "Hughes", "olivia.hughes@example.com", "EN", EUROPE, Address(
        street_address_1="27 Harbour Road", city="BRISTOL",
        postal_code="BS1 5TY", country="GB", phone="+441175550133")),
    Person("Zofia", "Kowalska", "zofia.kowalska@example.com", "PL", EUROPE, Address(
        street_address_1="ul. Krucza 16/22 m. 8", city="Warszawa",
        postal_code="00-525", country="PL", phone="+48225550144")),
)  # fmt: skip

GUEST = "tomas.guest@example.com"


class Past(NamedTuple):
    """An order of the past: whose, how long ago, what; how it was paid and sent."""

    customer: int | None  #: index in PEOPLE; None is the guest
    days_ago: float
    lines: tuple[tuple[str, int], ...]
    pay: str = "card"  #: card, bank or none
    sent_after: float | None = 1.0  #: days until the parcel left; None: not yet
    partly: bool = False  #: only the first line was sent
    shipping: int = 0
    voucher: str | None = None
    cancelled: bool = False
    gifts: tuple[str, ...] = ()
    note: str = ""


PAST = (
    Past(4, 88, (("KETTLE-NAMI", 1), ("TEA-SENCHA-100", 2))),
    Past(0, 81, (("TEAPOT-IWA", 1),)),
    Past(5, 74, (("KNIFE-GYUTO-21", 1), ("WHETSTONE", 1)), voucher="WELCOME10"),
    Past(7, 66, (("SHOES-MICHI-39", 1),), cancelled=True, sent_after=None, pay="none"),
    Past(1, 58, (("KETTLE-KAZE-BLK", 1), ("PART-KAZE-SEAL", 1)), pay="bank"),
    Past(6, 47, (("KETTLE-KAZE-CRM", 1),), shipping=1),
    Past(2, 41, (("CUPS-YUNOMI", 3), ("TEA-HOJICHA-80", 2)), voucher="KETTLE15"),
    Past(4, 33, (("SHOES-MICHI-41", 1), ("SHOES-MICHI-42", 1)), voucher="SHIPFREE"),
    Past(3, 27, (("KETTLE-NAMI", 4), ("TEAPOT-IWA", 2)), pay="bank",
         note="領収書をお願いします。"),
    Past(5, 19, (("CUPS-YUNOMI", 3),), voucher="WELCOME10", shipping=1),
    Past(0, 16, (("KNIFE-GYUTO-18", 1), ("WHETSTONE", 1)), voucher="WELCOME10"),
    Past(None, 13, (("KETTLE-KAZE-BLK", 1),), shipping=1),
    Past(6, 11, (("GIFT-50", 1), ("TEA-SENCHA-100", 1)),
         note="A gift: please leave the invoice out of the parcel."),
    Past(7, 9, (("KETTLE-KAZE-CRM", 1), ("CUPS-YUNOMI", 2)), gifts=("TEA-HOJICHA-80",)),
    Past(4, 8, (("KETTLE-KAZE-BLK", 1), ("PART-KAZE-LID", 1))),
    Past(2, 6, (("SHOES-MICHI-38", 1), ("SHOES-MICHI-39", 1), ("TEA-SENCHA-100", 3))),
    Past(1, 4, (("KETTLE-KAZE-CRM", 1), ("PART-KAZE-BASE-JP", 1)), partly=True),
    Past(0, 2.2, (("KETTLE-KAZE-BLK", 1), ("CUPS-YUNOMI", 1)), voucher="KETTLE15", sent_after=1.2),
    Past(5, 2.0, (("KNIFE-GYUTO-18", 1),), sent_after=1.0),
    Past(6, 1.1, (("TEAPOT-IWA", 1), ("TEA-HOJICHA-80", 2)), sent_after=None),
    Past(3, 0.4, (("WHETSTONE", 2),), pay="none", sent_after=None),
    Past(7, 0.2, (("SHOES-MICHI-40", 1),), sent_after=None, voucher="WELCOME10"),
)  # fmt: skip


def fill(shop: PracticeShop, *, orders: bool = True) -> None:
    """Fill an empty shop; with ``orders=False`` only goods and people. A shop that holds something is left alone."""
    if not shop.is_empty:
        return
    today, real_now = shop.now(), shop.now
    with shop.changing():
        try:
            shop.now = lambda: today - timedelta(days=120)
            stock_shelves(shop)
            _hire(shop, STAFF)
            for person in PEOPLE:
                _sign_up(shop, person)
            _hire(shop, PARTNERS)
            for past in PAST if orders else ():
                _relive(shop, past, today)
        finally:
            shop.now = real_now


def _token_key(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:12]


def _hire(shop: PracticeShop, people: Iterable[tuple[str, str, str, str, list[str]]]) -> None:
    for first, last, email, group, permissions in people:
        user = User(
            id=shop.new_id("User"),
            email=email,
            first_name=first,
            last_name=last,
            language_code="JA" if last == "森" else "EN",
            date_joined=shop.now(),
            updated_at=shop.now(),
            token_key=_token_key(email),
            is_staff=True,
            permissions=list(permissions),
            groups=[group],
        )
        shop.state.users.append(user)


def _sign_up(shop: PracticeShop, person: Person) -> None:
    address = new_address(shop, person.address)
    address.first_name, address.last_name = person.first, person.last
    user = User(
        id=shop.new_id("User"),
        email=person.email,
        first_name=person.first,
        last_name=person.last,
        language_code=person.language,
        date_joined=shop.now(),
        updated_at=shop.now(),
        token_key=_token_key(person.email),
        channel=person.channel,
        addresses=[address],
    )
    shop.state.users.append(user)


def _relive(shop: PracticeShop, past: Past, today: datetime) -> Order:
    ordered = today - timedelta(days=past.days_ago)
    shop.now = lambda: ordered
    user = None if past.customer is None else shop.user(email=PEOPLE[past.customer].email)
    guest = Address(
        first_name="Tomas", last_name="Lind", street_address_1="Badstraße 9", city="Berlin",
        postal_code="13357", country="DE", phone="+493055500199",
    )  # fmt: skip
    order = place_order(
        shop,
        user=user,
        email="" if user else GUEST,
        channel="" if user else EUROPE,
        address=None if user else guest,
        language="" if user else "EN",
        lines=past.lines,
        shipping_method=shop.state.shipping_methods[past.shipping].id,
        voucher_code=past.voucher,
        note=past.note,
        gifts=past.gifts,
    )
    if past.pay == "card":
        pay_by_card(shop, order)
    elif past.pay == "bank":
        mark_as_paid(shop, order, reference=f"BANK-{order.number}", by=shop.state.users[0].id)
    if past.cancelled:
        shop.now = lambda: ordered + timedelta(hours=5)
        cancel_order(shop, order)
    elif past.sent_after is not None:
        shop.now = lambda: ordered + timedelta(days=past.sent_after or 0)
        tokyo = order.channel == JAPAN
        warehouse = shop.state.warehouses[1 if tokyo else 0].id
        sent = order.lines[:1] if past.partly else order.lines
        fulfill(
            shop,
            order,
            [SentLine(line.id, line.quantity, warehouse) for line in sent],
            tracking_number=_tracking_number(order, tokyo=tokyo),
        )
    return order


def _tracking_number(order: Order, *, tokyo: bool) -> str:
    digits = str(4_400_000_000 + int(order.number) * 7_919)
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}{order.number.zfill(2)}" if tokyo else f"KK{digits}DE"
