"""The label that needs no carrier: our own printed sheet, for a parcel that the customer takes to any post office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from saleor_aftercare.providers.credentials import Credentials

from .base import Awaited, Capabilities, Label, LabelRequest, Unsupported

#: Stands where a carrier's name would; screens show it translated.
CARRIER: Final = "printable"


class PrintableLabels(Unsupported):
    """Answers every request with "print our own sheet": free, without tracking, without end.

    Asking twice costs nothing and gives an equal label, so a retry is always safe.
    """

    slug: ClassVar[str] = "printable"
    capabilities = Capabilities(deduplicates=True, finds=True, voids=True)

    def __init__(self, credentials: Mapping[str, str]) -> None:
        Credentials(values=credentials).check(())

    def buy(self, request: LabelRequest) -> Label:
        """A label without a PDF of its own."""
        return Label(carrier=CARRIER)

    def find(self, reference: str) -> Label | Awaited | None:
        """Any reference has one."""
        return Label(carrier=CARRIER)

    def void(self, provider_reference: str) -> None:
        """Paper needs no giving back."""
