"""What every record has, and addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

ZERO = Decimal(0)


@dataclass
class Record:
    """Something with a global id and metadata; ``typename`` is its GraphQL type."""

    typename: ClassVar[str] = ""

    id: str
    metadata: dict[str, str] = field(default_factory=dict, kw_only=True)
    private_metadata: dict[str, str] = field(default_factory=dict, kw_only=True)


@dataclass
class Address:
    """A postal address in Saleor's parts; ``country`` is an ISO 3166 alpha-2 code."""

    typename: ClassVar[str] = "Address"

    id: str = ""
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address_1: str = ""
    street_address_2: str = ""
    city: str = ""
    city_area: str = ""
    postal_code: str = ""
    country: str = "US"
    country_area: str = ""
    phone: str = ""
