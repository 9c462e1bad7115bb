"""The label that needs no carrier: our own printed sheet, for a parcel that the customer takes to any post office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from saleor_aftercare.core.errors import ProviderError

from .base import Label, LabelRequest

#: Stands where a carrier's name would; screens show it translated.
CARRIER: Final = "printable"


class PrintableLabels:
    """Answers every request with "print our own sheet": free, without tracking, without end.

    Asking twice costs nothing and gives an equal label, so a retry is always safe.
    """

    slug: ClassVar[str] = "printable"

    def __init__(self, credentials: Mapping[str, str]) -> None:
        if credentials:
            raise ProviderError("Our own labels take no credentials")

    def buy(self, request: LabelRequest) -> Label:
        """A label without a PDF of its own."""
        return Label(carrier=CARRIER)
