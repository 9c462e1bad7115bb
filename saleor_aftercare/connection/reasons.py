"""Saleor's own reasons: pages of the types that a merchant chose for reasons of refunds and of returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saleor_aftercare.core.models import Shop

from . import client


@dataclass(frozen=True)
class ReasonPage:
    """One of Saleor's reasons."""

    id: str  #: Page, global ID
    title: str


@dataclass(frozen=True)
class ReasonPages:
    """What may be named beside a refund and beside a return; empty where the merchant chose no type for it."""

    refunds: tuple[ReasonPage, ...]
    returns: tuple[ReasonPage, ...]


def reason_pages(shop: Shop) -> ReasonPages:
    """The shop's reasons in Saleor, up to a hundred of both kinds together, by title.

    Returns have reasons from Saleor 3.23 on. Raises what ``client.call`` raises.
    """
    settings = client.call(shop, "reason-types")
    refunds, returns = (_type_of(settings.get(name)) for name in ("refundSettings", "returnSettings"))
    types = sorted({kind for kind in (refunds, returns) if kind})
    if not types:
        return ReasonPages((), ())
    edges = (client.call(shop, "reason-pages", types=types).get("pages") or {}).get("edges") or ()
    nodes = sorted((edge["node"] for edge in edges), key=lambda node: str(node["title"]))
    return ReasonPages(_of_type(nodes, refunds), _of_type(nodes, returns))


def _type_of(settings: Mapping[str, Any] | None) -> str:
    return str(((settings or {}).get("reasonReferenceType") or {}).get("id") or "")


def _of_type(nodes: list[Mapping[str, Any]], kind: str) -> tuple[ReasonPage, ...]:
    return tuple(
        ReasonPage(str(node["id"]), str(node["title"]) or str(node["id"]))
        for node in nodes
        if kind and node["pageType"]["id"] == kind
    )
