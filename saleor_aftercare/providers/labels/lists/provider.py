"""A carrier's program as a label provider: nothing is bought, a list is made and its numbers are read back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderError
from saleor_aftercare.providers.credentials import Credential, Credentials, CredentialsRejected
from saleor_aftercare.providers.labels.base import (
    Awaited,
    Capabilities,
    From,
    Label,
    LabelRequest,
    Payer,
    ReadBack,
    ShippingList,
    Unsupported,
)

from .base import MAX_PARCELS, CarrierProgram, ListedParcel
from .japan_post import JapanPostYuPriR
from .sagawa import SagawaEHiden
from .yamato import YamatoB2Cloud

TOKYO: Final = ZoneInfo("Asia/Tokyo")

CREDENTIALS: Final[Mapping[str, tuple[Credential, ...]]] = {
    YamatoB2Cloud.slug: (
        Credential(
            name="customer_code",
            label=gettext_noop("Customer code (ご請求先顧客コード)"),
            help=gettext_noop("10 to 12 digits."),
        ),
        Credential(
            name="classification",
            label=gettext_noop("Classification (ご請求先分類コード)"),
            required=False,
            help=gettext_noop("3 digits."),
        ),
        Credential(
            name="freight_number",
            label=gettext_noop("Freight management number (運賃管理番号)"),
            required=False,
            help=gettext_noop("2 digits; 01 for most contracts."),
        ),
    ),
    SagawaEHiden.slug: (
        Credential(
            name="customer_code",
            label=gettext_noop("Customer code (お客様コード)"),
            required=False,
            help=gettext_noop("12 digits; empty where e-Hiden fills it in."),
        ),
    ),
    JapanPostYuPriR.slug: (
        Credential(
            name="slip_type",
            label=gettext_noop("Slip type (送り状種別)"),
            required=False,
            help=gettext_noop("7 digits; empty to choose it in the program."),
        ),
    ),
}

#: Where a parcel's number leads for whoever follows it.
TRACKING: Final[Mapping[str, str]] = {
    YamatoB2Cloud.slug: "https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno={number}",
    SagawaEHiden.slug: "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={number}",
    JapanPostYuPriR.slug: "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={number}",
}


class ListedLabels(Unsupported):
    """Base of the three: freight collect, from customers in Japan to a shop in Japan.

    Making a list twice is free: the carriers' programs show the row of a number that they know already.
    """

    capabilities: ClassVar[Capabilities] = Capabilities(deduplicates=True, exports=True)
    program_kind: ClassVar[type[YamatoB2Cloud | SagawaEHiden | JapanPostYuPriR]]

    def __init__(self, credentials: Mapping[str, str]) -> None:
        values = Credentials(values=credentials).check(CREDENTIALS[self.slug])
        try:
            self.program: CarrierProgram = self.program_kind(values)
        except ProviderError as error:
            raise CredentialsRejected(error.message, error.field) from None

    def buy(self, request: LabelRequest) -> Label | Awaited:
        """The parcel goes into the next list; raises ProviderError for one that no such list could hold."""
        self._listed(request, at=clock.now())
        return Awaited(From.FILE)

    def export(self, requests: Sequence[LabelRequest]) -> ShippingList:
        """The file to import, for at most 500 parcels; raises ProviderError naming the return that does not fit."""
        if not 0 < len(requests) <= MAX_PARCELS:
            raise ProviderError(_("A list holds 1 to %(most)d parcels.") % {"most": MAX_PARCELS})
        at = clock.now()
        parcels = []
        for request in requests:
            try:
                parcels.append(self._listed(request, at=at))
            except ProviderError as error:
                raise ProviderError(f"{request.return_number}: {error.message}", error.field) from None
        name = f"{self.slug}-{at.astimezone(TOKYO):%Y%m%d-%H%M}.csv"
        return ShippingList(name=name, content_type="text/csv", data=self.program.write(parcels))

    def read_back(self, data: bytes) -> Sequence[ReadBack]:
        """The numbers in the program's own file; ``reference`` is the number that stands on the slip."""
        return [
            ReadBack(
                reference=one.number,
                tracking_number=one.tracking_number,
                carrier=self.program.carrier,
                tracking_url=TRACKING[self.slug].format(number=one.tracking_number),
            )
            for one in self.program.read_back(data)
        ]

    def _listed(self, request: LabelRequest, *, at: datetime) -> ListedParcel:
        if request.payer != Payer.MERCHANT:
            message = _("Lists are for parcels that the shop pays; a customer who pays buys the postage.")
            raise ProviderError(message)
        goods = " ".join(dict.fromkeys(one.name for one in request.commodities)) or f"返品 {request.return_number}"
        return ListedParcel(
            number=re.sub(r"[^0-9A-Z-]", "-", request.return_number.upper()),
            sender=request.sender,
            recipient=request.recipient,
            goods=goods,
            ships_on=at.astimezone(TOKYO).date(),
        )


class YamatoLabels(ListedLabels):
    """Yamato Transport, by B2 Cloud."""

    slug: ClassVar[str] = YamatoB2Cloud.slug
    program_kind = YamatoB2Cloud


class SagawaLabels(ListedLabels):
    """Sagawa Express, by e-Hiden III."""

    slug: ClassVar[str] = SagawaEHiden.slug
    program_kind = SagawaEHiden


class JapanPostLabels(ListedLabels):
    """Japan Post, by Yu-Pack Print R."""

    slug: ClassVar[str] = JapanPostYuPriR.slug
    program_kind = JapanPostYuPriR
