"""Stand-ins for other companies. Each keeps the same promises as the adapters: see ``tests/contracts``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import Credential, Credentials, CredentialsRejected
from saleor_aftercare.providers.labels.base import (
    Awaited,
    Capabilities,
    Cost,
    Label,
    LabelRequest,
    MaybeBought,
    TrackingNews,
)
from saleor_aftercare.providers.registry import LabelProviderKind


@dataclass
class FakeLabelProvider:
    """A carrier that sells its own PDF labels and knows every reference again.

    ``failures`` are raised by the next calls of ``buy``, one each, before anything is bought; ``lost_answers`` counts
    purchases whose answer gets lost on the way. ``requests`` holds every call, ``sold`` what was bought, by reference,
    ``purchases`` every time that it was paid. ``news`` is what tracking tells.
    """

    slug: ClassVar[str] = "fake"

    failures: list[ProviderError] = field(default_factory=list)
    lost_answers: int = 0
    requests: list[LabelRequest] = field(default_factory=list)
    sold: dict[str, Label] = field(default_factory=dict)
    purchases: list[str] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)
    void_failures: list[ProviderError] = field(default_factory=list)
    news: list[TrackingNews] = field(default_factory=list)
    asked_about: list[tuple[str, ...]] = field(default_factory=list)
    rejects_credentials: bool = False
    dropoff: bool = False
    prints: bool = True  #: sells labels to print; else only codes
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(deduplicates=True, finds=True, voids=True, tracks=True, customs=True)
    )

    def verify(self) -> None:
        if self.rejects_credentials:
            raise CredentialsRejected("The carrier does not know this key", "api_key")

    def buy(self, request: LabelRequest) -> Label | Awaited:
        self.requests.append(request)
        self.verify()
        if self.failures:
            raise self.failures.pop(0)
        if not self.capabilities.deduplicates or request.reference not in self.sold:
            self.purchases.append(request.reference)
            number = f"FAKE{len(self.purchases):08d}"
            self.sold[request.reference] = Label(
                carrier="Fake Parcel",
                tracking_number=number,
                tracking_url=f"https://tracking.example/{number}",
                cost=Cost(Decimal("4.20"), "EUR"),
                pdf=b"%PDF-1.7\n%%EOF\n" if self.prints else None,
                expires_on=date(2027, 1, 31),
                provider_reference=f"fake-{len(self.purchases)}",
                dropoff_code=f"QR:{number}" if self.dropoff else "",
            )
        if self.lost_answers:
            self.lost_answers -= 1
            raise MaybeBought("The carrier did not answer in time")
        return self.sold[request.reference]

    def find(self, reference: str) -> Label | Awaited | None:
        return self.sold.get(reference)

    def void(self, provider_reference: str) -> None:
        if self.void_failures:
            raise self.void_failures.pop(0)
        self.voided.append(provider_reference)

    def track(self, tracking_numbers: Sequence[str]) -> Sequence[TrackingNews]:
        self.asked_about.append(tuple(tracking_numbers))
        self.verify()
        return [one for one in self.news if one.tracking_number in tracking_numbers]


#: What the fake wants to know of a shop.
FAKE_CREDENTIALS = (Credential(name="api_key", label="API key", secret=True),)


@contextmanager
def fake_labels(fake: FakeLabelProvider | None = None) -> Iterator[FakeLabelProvider]:
    """Let shops choose the fake carrier while the context lasts; all of them get this one."""
    carrier = fake or FakeLabelProvider()

    def build(credentials: Mapping[str, str]) -> FakeLabelProvider:
        Credentials(values=credentials).check(FAKE_CREDENTIALS)
        return carrier

    kind = LabelProviderKind(
        slug="fake",
        name="Fake Parcel",
        capabilities=carrier.capabilities,
        credentials=FAKE_CREDENTIALS,
        build=build,
    )
    with registry.offering(kind):
        yield carrier
