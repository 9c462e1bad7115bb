"""What the shop says about its goods and its reasons: collections and pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from .base import Record


@dataclass
class Collection(Record):
    """Goods that are shown together; ``products`` are ids."""

    typename: ClassVar[str] = "Collection"

    slug: str
    name: str
    products: list[str] = field(default_factory=list)


@dataclass
class PageType(Record):
    """What pages of one kind are for, such as reasons of refunds."""

    typename: ClassVar[str] = "PageType"

    slug: str
    name: str


@dataclass
class Page(Record):
    """A page of the shop; as one of the reasons it is only a title."""

    typename: ClassVar[str] = "Page"

    slug: str
    title: str
    page_type: str
    is_published: bool = True
