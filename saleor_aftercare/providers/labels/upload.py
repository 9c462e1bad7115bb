"""Labels that staff get elsewhere and upload: a carrier's web site, an e-mail, a contract without an API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from saleor_aftercare.providers.credentials import Credentials

from .base import Awaited, Capabilities, From, Label, LabelRequest, Unsupported


class UploadedLabels(Unsupported):
    """Waits for staff. Nothing is bought by us, so a retry is always safe, and nothing can be given back by us."""

    slug: ClassVar[str] = "upload"
    capabilities = Capabilities(deduplicates=True, finds=True, uploads=True, customs=True)

    def __init__(self, credentials: Mapping[str, str]) -> None:
        Credentials(values=credentials).check(())

    def buy(self, request: LabelRequest) -> Label | Awaited:
        """Staff are to upload it."""
        return Awaited(From.STAFF)

    def find(self, reference: str) -> Label | Awaited | None:
        """Whatever was uploaded stands with the parcel; there is nobody to ask."""
        return Awaited(From.STAFF)
