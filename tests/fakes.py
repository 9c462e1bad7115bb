"""Stand-ins for other companies. Each keeps the same promises as the adapters: see ``tests/contracts``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.providers.labels.base import Cost, Label, LabelRequest


@dataclass
class FakeLabelProvider:
    """A carrier that sells its own PDF labels and knows every reference again.

    ``failures`` are raised by the next calls, one each, before anything is bought; ``requests`` holds every call
    and ``sold`` what was bought, by reference.
    """

    slug: ClassVar[str] = "fake"

    failures: list[ProviderError] = field(default_factory=list)
    requests: list[LabelRequest] = field(default_factory=list)
    sold: dict[str, Label] = field(default_factory=dict)

    def buy(self, request: LabelRequest) -> Label:
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        if request.reference not in self.sold:
            number = f"FAKE{len(self.sold) + 1:08d}"
            self.sold[request.reference] = Label(
                carrier="Fake Parcel",
                tracking_number=number,
                tracking_url=f"https://tracking.example/{number}",
                cost=Cost(Decimal("4.20"), "EUR"),
                pdf=b"%PDF-1.7\n%%EOF\n",
                expires_on=date(2027, 1, 31),
            )
        return self.sold[request.reference]
