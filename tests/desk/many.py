"""A shop whose macros run on many conversations, as the tests of them need it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import clock
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.money import Money
from saleor_aftercare.desk import bulk, macro_cases, macros
from saleor_aftercare.desk.bulk import BulkKind, Order
from saleor_aftercare.desk.macro_cases import CASES, Seen
from saleor_aftercare.desk.macro_steps import Step
from saleor_aftercare.desk.models import BulkAction, BulkState, Macro
from saleor_aftercare.inbox.models import Ticket, TicketState
from saleor_aftercare.team.access import Access
from saleor_aftercare.team.models import Role, RoleRule
from tests.make import NOON, make_shop, make_staff, make_ticket

PERMISSIONS = frozenset({"MANAGE_ORDERS", "HANDLE_PAYMENTS"})
REPLY = Step("reply", texts={"en": "Dear {{ customer.name }}"})
SOLVE = Step("state", ("solve",))
TAG = Step("tag", ("Recall",))


class Desk:
    def __init__(self) -> None:
        self.shop: Shop = make_shop()
        self.me: StaffMember = make_staff(self.shop)

    def tickets(self, count: int = 3, **values: Any) -> list[Ticket]:
        return [make_ticket(shop=self.shop, state=TicketState.OPEN, **values) for _ in range(count)]

    def macro(self, *steps: Step, name: str = "Macro") -> Macro:
        return macros.save_macro(self.shop, name=name, steps=steps, at=NOON)

    def start(self, macro: Macro, tickets: list[Ticket], *, access: Access | None = None) -> BulkAction:
        return bulk.start(
            self.shop,
            Order(BulkKind.MACRO, macro=macro),
            [ticket.pk for ticket in tickets],
            me=self.me,
            access=access or Access(self.me.pk, Role.AGENT),
            permissions=PERMISSIONS,
            at=clock.now(),
        )

    def planned(self, macro: Macro, tickets: list[Ticket]) -> BulkAction:
        row = finished(self.start(macro, tickets))
        assert row.state == BulkState.PLANNED
        return row

    def done(self, macro: Macro, tickets: list[Ticket]) -> BulkAction:
        row = finished(confirmed(self.planned(macro, tickets)))
        assert row.state == BulkState.DONE
        return row


def finished(row: BulkAction) -> BulkAction:
    run_due()
    return BulkAction.objects.get(pk=row.pk)


def confirmed(row: BulkAction) -> BulkAction:
    return bulk.confirm(row, permissions=PERMISSIONS, at=clock.now())


def problems(row: BulkAction) -> dict[int, str]:
    return dict(row.items.exclude(problem="").values_list("ticket", "problem"))


class Till:
    """A step that gives 90 for a conversation, and writes down what it gave."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: list[tuple[int, str]] = []
        step = replace(
            CASES["settle_return"],
            find=lambda ticket, _only: ticket,
            look=lambda ticket, _at: Seen(
                f"Settle #{ticket.number}", Money(Decimal(90), "EUR"), "", f"fp-{ticket.number}"
            ),
            act=lambda ticket, **values: self.given.append((ticket.pk, values["key"])),
        )
        monkeypatch.setitem(macro_cases.CASES, "settle_return", step)  # type: ignore[misc]


def limit(desk: Desk, amount: str | None) -> None:
    desk.me.groups, desk.me.groups_at = ["Agents"], NOON
    desk.me.save()
    RoleRule.objects.update_or_create(
        shop=desk.shop,
        group_name="Agents",
        defaults={
            "role": Role.AGENT,
            "money_limit": Decimal(amount) if amount else None,
            "currency": "EUR" if amount else "",
        },
    )
