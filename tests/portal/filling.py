"""A return form in the hands of somebody, step by step, and an order of a shop that offers everything."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from saleor_aftercare.connection.models import Order
from saleor_aftercare.policies.models import Resolution
from tests.make import DAY, NOON, Line, make_order, make_policy, make_shop
from tests.portal.conftest import Browser, sign_in, text_of

ALL = (Resolution.EXCHANGE, Resolution.STORE_CREDIT, Resolution.REFUND, Resolution.REPAIR)


def make_shelf_order(*lines: Line, **policy: object) -> Order:
    """An order that arrived yesterday, of a shop that offers everything."""
    shop = make_shop(permissions=["MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_GIFT_CARD"])
    shop.settings.store_credit_enabled = True
    shop.settings.save()
    make_policy(shop, **{"resolutions": ALL, "store_credit_bonus_percent": Decimal(5)} | policy)
    return make_order(
        shop, lines=lines or (Line(quantity=2), Line(product_name="Filter", sku="F")), delivered=NOON - DAY
    )


class Form:
    """A return form in the hands of somebody who is signed in."""

    def __init__(self, order: Order, visitor: Browser | None = None) -> None:
        self.visitor = visitor or sign_in(order)
        self.lines = list(order.lines.all())
        self.path = f"orders/{order.number}/return/"
        self.key = ""

    def pick(self, *quantities: object, step: str = "") -> Any:
        data = {f"quantity-{line.pk}": str(n) for line, n in zip(self.lines, quantities, strict=False)}
        response = self.visitor.post(self.path + step, data)
        self.key = re.search(r"return/([^/]+)/", response["Location"])[1]
        return self.again(response)

    def explain(self, *reasons: str, seen: bool = True, **data: object) -> Any:
        """``note_0``, ``photos_0`` … are of the first line; ``seen`` is what a script says, which shows questions."""
        sent: dict[str, object] = {"note": data.pop("note", "")}
        for n, reason in enumerate(reasons):
            pk = self.lines[n].pk
            sent[f"line-{pk}-reason"] = reason
            sent[f"line-{pk}-note"] = data.pop(f"note_{n}", "")
            sent[f"photos-{pk}"] = data.pop(f"photos_{n}", "")
            for question, answer in dict(data.pop(f"answers_{n}", {})).items():
                sent[f"line-{pk}-q-{reason}-{question}"] = answer
            if seen:
                sent[f"line-{pk}-asked"] = reason
        return self.again(self.visitor.post(f"{self.path}{self.key}/reasons/", sent | data))

    def wish(self, resolution: str = "", *own: str, **data: object) -> Any:
        """One wish for all lines, or one for each of them."""
        sent: dict[str, object] = {"resolution": resolution} if resolution else {}
        for line, wish in zip(self.lines, own, strict=False):
            sent[f"line-{line.pk}-resolution"] = wish
        if resolution and not own:
            sent |= {f"line-{line.pk}-resolution": resolution for line in self.lines}
        for n, variant in data.pop("variants", {}).items():
            sent[f"line-{self.lines[n].pk}-variant"] = variant
        return self.again(self.visitor.post(f"{self.path}{self.key}/resolution/", sent | data))

    def fill_in(self, *reasons: str, wish: str = "refund") -> None:
        """The steps before the last one, one unit of each line."""
        self.pick(*[1 for _reason in reasons])
        self.explain(*reasons)
        self.wish(wish)

    def again(self, response: Any) -> Any:
        """The step shown again when something was wrong in it, else where the answer leads."""
        wrong = response.status_code == 303 and response["Location"].endswith("?again=1")
        return self.visitor.client.get(response["Location"]) if wrong else response

    def send(self, **data: str) -> Any:
        return self.visitor.post(f"{self.path}{self.key}/check/", data)

    def page(self, step: str) -> str:
        return text_of(self.visitor.get(f"{self.path}{self.key}/{step}"))
