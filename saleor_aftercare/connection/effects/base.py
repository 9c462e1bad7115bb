"""What a kind of command is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from saleor_aftercare.connection import client
from saleor_aftercare.connection.models import ShopCommand
from saleor_aftercare.core.errors import ProviderUnavailable

Answer = Mapping[str, Any]


def read_order_money(command: ShopCommand) -> Answer:
    """The command's order with its money and its returned units; raises ProviderUnavailable."""
    order: Answer | None = client.call(command.shop, "order-money", id=command.order_id).get("order")
    if order is None:
        raise ProviderUnavailable("Saleor does not show the order at the moment.")
    return order


def _as_written(command: ShopCommand) -> dict[str, Any]:
    return dict(command.request)


@dataclass(frozen=True)
class Effect:
    """A kind of command: the document that does it, and how to find its trace in Saleor afterwards.

    ``found`` looks into the answer of ``read`` and returns what to keep as the response, None for no trace.
    ``keep`` picks the same out of the mutation's own payload. ``done_codes`` are Saleor's refusals that mean "done
    already". ``fill`` makes the variables of what was written down, for a kind that has a secret part. ``deciding``
    names the field that does it, in a document of several; ``keep`` then gets all their payloads by name.
    """

    operation: str
    found: Callable[[ShopCommand, Answer], dict[str, Any] | None]
    keep: Callable[[dict[str, Any]], dict[str, Any]]
    done_codes: frozenset[str] = frozenset()
    read: Callable[[ShopCommand], Answer] = read_order_money
    fill: Callable[[ShopCommand], dict[str, Any]] = _as_written
    deciding: str = ""


EFFECTS: dict[str, Effect] = {}
