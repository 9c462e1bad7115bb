"""What tests of promises begin with: facts of a line, and rules as hypothesis draws them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from saleor_aftercare.policies.models import AfterWindow, Exclusion, Resolution, ReturnShippingPayer, WindowStart
from saleor_aftercare.policies.rules import LineFacts, Policy, Rule

ORDERED = date(2026, 3, 1)
DISPATCHED = date(2026, 3, 2)
DELIVERED = date(2026, 3, 5)


def facts(**values: Any) -> LineFacts:
    """Two grinders for Germany, delivered whole and alone; ``values`` say what is different."""
    return LineFacts(
        **{
            "sku": "GRINDER-1",
            "product_id": "UHJvZHVjdDox",
            "product_type": "Grinders",
            "collections": frozenset({"coffee"}),
            "metadata": {"care": "wipe"},
            "channel": "europe",
            "country": "DE",
            "is_gift_card": False,
            "is_shipping_required": True,
            "order_canceled": False,
            "bought": 2,
            "shipped": 2,
            "returnable": 2,
            "ordered_on": ORDERED,
            "last_dispatched": DISPATCHED,
            "last_delivered": DELIVERED,
        }
        | {"order_delivered": values.get("last_delivered", DELIVERED)}
        | values
    )


def policy(*rules: Rule, **values: Any) -> Policy:
    """These rules in this order; one of 30 days from delivery when none is given. Approved at once."""
    return Policy(rules=rules or (Rule(position=0),), **{"auto_approve": True} | values)


_SOME = st.sampled_from(["a", "b", "c", "d"])
_SETS = st.frozensets(_SOME, max_size=2)

conditions = st.fixed_dictionaries(
    {
        "channels": _SETS,
        "countries": st.frozensets(st.sampled_from(["DE", "JP", "US"]), max_size=2),
        "product_types": _SETS,
        "collections": _SETS,
        "products": _SETS,
        "skus": _SETS,
        "metadata": st.dictionaries(_SOME, _SOME, max_size=1),
        "digital": st.booleans(),
    }
)
outcomes = st.fixed_dictionaries(
    {
        "exclusion": st.sampled_from(Exclusion),
        "window_days": st.integers(0, 400),
        "window_from": st.sampled_from(WindowStart),
        "grace_days": st.integers(0, 30),
        "after_window": st.sampled_from(AfterWindow),
        "who_pays": st.sampled_from(ReturnShippingPayer),
        "return_fee": st.dictionaries(st.sampled_from(["EUR", "JPY"]), st.integers(1, 90).map(Decimal), max_size=2),
        "restocking_percent": st.integers(0, 10000).map(lambda n: Decimal(n) / 100),
        "resolutions": st.permutations(list(Resolution)).flatmap(
            lambda order: st.integers(1, 4).map(lambda n: tuple(order[:n]))
        ),
        "store_credit_bonus_percent": st.integers(0, 10000).map(lambda n: Decimal(n) / 100),
    }
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Up to five rules with conditions, and a last one for everything."""
    drawn = draw(st.lists(st.tuples(conditions, outcomes), max_size=5))
    rules = [Rule(position=n, **where, **what) for n, (where, what) in enumerate(drawn)]
    return Policy(
        rules=(*rules, Rule(position=len(rules), **draw(outcomes))),
        auto_approve=draw(st.booleans()),
        withdrawal_countries=draw(st.frozensets(st.sampled_from(["DE", "FR", "JP"]))),
        withdrawal_days=draw(st.integers(14, 60)),
        ship_within_days=draw(st.integers(1, 60)),
        evidence=draw(st.dictionaries(st.just("defective"), st.integers(1, 4))),
    )


@st.composite
def lines(draw: st.DrawFn) -> LineFacts:
    """A line of any kind, on its way or delivered."""
    bought = draw(st.integers(1, 5))
    shipped = draw(st.integers(0, bought))
    dispatched = ORDERED + timedelta(days=draw(st.integers(0, 30)))
    delivered = draw(st.none() | st.integers(0, 30).map(lambda days: dispatched + timedelta(days=days)))
    return facts(
        sku=draw(_SOME),
        product_id=draw(_SOME),
        product_type=draw(_SOME),
        collections=draw(_SETS),
        metadata=draw(st.dictionaries(_SOME, _SOME, max_size=2)),
        channel=draw(_SOME),
        country=draw(st.sampled_from(["DE", "JP", "US", "ES", ""])),
        is_gift_card=draw(st.booleans()),
        is_shipping_required=draw(st.booleans()),
        order_canceled=draw(st.booleans()),
        bought=bought,
        shipped=shipped,
        returnable=draw(st.integers(0, shipped)),
        last_dispatched=dispatched if shipped else None,
        last_delivered=delivered if shipped else None,
    )
