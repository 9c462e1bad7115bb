"""Customers and staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from .base import Address, Record


@dataclass
class User(Record):
    """A customer or a member of staff (then with permissions and, in the demo, a password nobody needs)."""

    typename: ClassVar[str] = "User"

    email: str
    first_name: str
    last_name: str
    language_code: str
    date_joined: datetime
    updated_at: datetime
    token_key: str
    is_staff: bool = False
    is_active: bool = True
    channel: str = ""
    permissions: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)  #: names of permission groups
    addresses: list[Address] = field(default_factory=list)
    password: str = "practice"  # noqa: S105 - a stand-in has no secrets to keep

    @property
    def full_name(self) -> str:
        """Their name in the order of their language."""
        names = (self.last_name, self.first_name) if self.language_code == "JA" else (self.first_name, self.last_name)
        return " ".join(names).strip()


@dataclass
class LineMessage:
    """One message between a customer and the shop on LINE."""

    id: str
    user: str
    text: str
    at: datetime
    by_shop: bool = False
