"""A warehouse's dock: what the API lets people do there, as tables, and a shop with one of everything there."""

from __future__ import annotations

from saleor_aftercare.access import phones
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.core.models import ActorKind
from saleor_aftercare.returns.inspection import inspect
from saleor_aftercare.returns.models import ReturnState
from saleor_aftercare.returns.reception import LineRejected, receive_return, reject_units
from saleor_aftercare.returns.strays import note_stray
from tests.graphql.api import Asker, as_staff, shop_with_key
from tests.make import DAY, NOON, make_order, make_return, make_staff
from tests.make.orders import Line

PRODUCTS, ORDERS, PAYMENTS = "MANAGE_PRODUCTS", "MANAGE_ORDERS", "HANDLE_PAYMENTS"
MEI = Actor(ActorKind.STAFF, "Mei Tanaka", 1)
EAST = "V2FyZWhvdXNlOjE="
RECEIVED = 'input: {seen: 0, key: "k", lines: [{id: <LINE>, received: 1}]}'

#: Every mutation of the warehouse, with arguments that would do something.
MUTATIONS = {
    "receivingArrive": "id: <RETURN>",
    "receivingReceive": f"id: <RETURN>, {RECEIVED}",
    "receivingReject": 'id: <OPENED>, lines: [{id: <OPENED_LINE>, quantity: 1, reason: "Worn."}]',
    "receivingSendBackDecide": 'id: <OPENED>, payer: CUSTOMER, storedUntil: "2025-07-01"',
    "receivingSendBackDone": "id: <OPENED>",
    "receivingInspect": 'lineId: <OPENED_LINE>, input: {quantity: 1, grade: A, disposition: SCRAP, key: "k"}',
    "receivingInspectionVoid": "id: <INSPECTION>",
    "receivingBookingRetry": "id: <INSPECTION>",
    "receivingBookedByHand": "id: <INSPECTION>",
    "strayParcelCreate": 'input: {code: "4035", key: "k"}',
    "strayParcelMatch": "id: <STRAY>, returnId: <RETURN>",
    "strayParcelClose": 'id: <STRAY>, resolution: "Thrown away."',
}
#: Those that a phone does not do.
IN_PERSON = {
    "scannerPhoneOffer": "",
    "scannerPhoneRevoke": "id: <PHONE>",
}
#: What needs another permission, or none.
OTHERS = {"strayParcelReturnCreate", "scannerPhonePair", "defaultWarehouseSet"}
OTHER_QUERIES = {"strayParcelOrders"}
QUERIES = {
    "receivingScan": '{ receivingScan(code: "RMA-1") { match } }',
    "receivingReturn": "{ receivingReturn(id: <RETURN>) { id } }",
    "receivingReturns": "{ receivingReturns(worklist: EXPECTED) { totalCount } }",
    "receivingBookings": "{ receivingBookings { totalCount } }",
    "strayParcels": "{ strayParcels { totalCount } }",
    "strayParcel": "{ strayParcel(number: <STRAY_NUMBER>) { id } }",
    "receivingCounts": "{ receivingCounts { expected } }",
    "warehouses": "{ warehouses { id } }",
    "scannerPhones": "{ scannerPhones { id } }",
    "defaultWarehouse": "{ defaultWarehouse { id } }",
}


class Dock:
    """One shop with one of everything that stands at its dock."""

    def __init__(self) -> None:
        self.shop = shop_with_key()
        self.order = make_order(self.shop, delivered=NOON - DAY)
        self.ret = make_return(self.order, state=ReturnState.APPROVED)
        self.opened = make_return(
            make_order(self.shop, lines=[Line(quantity=5)], delivered=NOON - DAY), state=ReturnState.APPROVED
        )
        line = self.opened.lines.get()
        type(line).objects.filter(pk=line.pk).update(quantity=5)
        receive_return(self.opened, lines=None, at=NOON, actor=MEI)
        reject_units(self.opened, lines=[LineRejected(line, 1, "Worn.")], at=NOON, actor=MEI)
        self.inspection = inspect(
            line, quantity=1, grade="A", disposition="restock", warehouse=(EAST, "East"), note="", photos=(),
            at=NOON, actor=MEI,
        )  # fmt: skip
        self.stray = note_stray(self.shop, code="9", sender="", contents="", photos=(), at=NOON, actor=MEI)
        self.member = make_staff(self.shop)
        self.phone, secret = phones.offer_pairing(self.member, at=NOON)
        _phone, self.token = phones.pair(self.shop, secret, device="iPhone", at=NOON)

    def fill(self, text: str) -> str:
        ids = {
            "RETURN": to_global_id("ReceivingReturn", self.ret.pk),
            "LINE": to_global_id("ReceivingLine", self.ret.lines.get().pk),
            "OPENED": to_global_id("ReceivingReturn", self.opened.pk),
            "OPENED_LINE": to_global_id("ReceivingLine", self.opened.lines.get().pk),
            "INSPECTION": to_global_id("ReceivingInspection", self.inspection.pk),
            "STRAY": to_global_id("StrayParcel", self.stray.pk),
            "STRAY_NUMBER": self.stray.number,
            "PHONE": to_global_id("ScannerPhone", self.phone.pk),
        }
        for name, value in ids.items():
            text = text.replace(f"<{name}>", f'"{value}"')
        return text

    @property
    def worker(self) -> Asker:
        """Somebody at the warehouse, with nothing but the catalogue's permission."""
        return as_staff(self.shop, (PRODUCTS,))

    @property
    def on_the_phone(self) -> Asker:
        """The same by a paired phone."""
        return Asker(self.token, headers={"Saleor-Api-Url": self.shop.saleor_api_url})


def mutation(name: str) -> str:
    arguments = {**MUTATIONS, **IN_PERSON}[name]
    return f"mutation {{ {name}{f'({arguments})' if arguments else ''} {{ errors {{ code field message }} }} }}"
