"""How many units of a return count."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from saleor_aftercare.policies.models import Resolution

from .models import GIVEN_UP_STATES, Return, ReturnLine


def units_due(line: ReturnLine) -> int:
    """The units of a line that something is due for.

    Those that arrived and were accepted, with those that never left the warehouse; before the parcel is opened those
    that were approved, or asked for; of goods that the customer keeps, all that was approved.
    """
    wanted = line.quantity if line.quantity_approved is None else line.quantity_approved
    if line.kept or line.quantity_received is None:
        return wanted
    return line.quantity_received - line.quantity_rejected + min(line.unsent, wanted)


def units_before(rets: Iterable[Return]) -> dict[int, dict[int, int]]:
    """Per return, the units of each order line in earlier returns of its order that count.

    Returns that were given up do not, nor do repairs: those goods go home again.
    """
    rets = list(rets)
    rows = counting_lines({ret.order_id for ret in rets})
    before: dict[int, dict[int, int]] = {ret.pk: {} for ret in rets}
    for row in rows:
        for ret in rets:
            if ret.order_id == row.ret.order_id and row.ret_id < ret.pk:
                units = before[ret.pk]
                units[row.order_line_id] = units.get(row.order_line_id, 0) + units_due(row)
    return before


def units_asked(lines: Iterable[ReturnLine]) -> dict[int, int]:
    """The units of each order line in those of these lines of returns that count."""
    units: dict[int, int] = {}
    for row in lines:
        if counts(row):
            units[row.order_line_id] = units.get(row.order_line_id, 0) + units_due(row)
    return units


def counts(line: ReturnLine) -> bool:
    """Whether the goods of a line are back, or may come back, for good."""
    return line.ret.state not in GIVEN_UP_STATES and line.resolution != Resolution.REPAIR


def counting_lines(orders: Collection[int]) -> QuerySet[ReturnLine]:
    """The lines of returns of these orders that count, as :func:`counts` says of one."""
    rows = ReturnLine.objects.filter(ret__order_id__in=orders).exclude(ret__state__in=GIVEN_UP_STATES)
    return rows.exclude(resolution=Resolution.REPAIR).select_related("ret")
