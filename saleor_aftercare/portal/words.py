"""Dates, money and states in a customer's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saleor_aftercare.compensation.models import RefundState
from saleor_aftercare.core.money import Money
from saleor_aftercare.parts.models import SparePartState
from saleor_aftercare.repairs.models import RepairState
from saleor_aftercare.returns.models import ReturnState

#: Day before month, as most English readers outside the United States write it; the month is spelled out.
DATE_LOCALES: Final = {"en": "en_GB"}
#: CLDR patterns; Babel's "long" adds seconds and a time zone that nobody needs here.
MOMENTS: Final = {"en": "d MMMM y, HH:mm", "ja": "y年M月d日 H:mm"}


@dataclass(frozen=True)
class Words:
    """How one reader reads numbers and days."""

    language: str
    time_zone: str

    @property
    def _locale(self) -> str:
        return DATE_LOCALES.get(self.language, self.language).replace("-", "_")

    def day(self, value: date | datetime) -> str:
        """``12 December 2026``; a moment is a day in the shop's time zone."""
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(self.time_zone)).date()
        return str(format_date(value, "long", locale=self._locale))

    def moment(self, value: datetime) -> str:
        """``12 December 2026, 14:05``."""
        pattern = MOMENTS.get(self.language, "medium")
        zone = ZoneInfo(self.time_zone)
        return str(format_datetime(value, pattern, tzinfo=zone, locale=self._locale))

    def money(self, value: Money) -> str:
        """``€12.50``, ``￥1,200``."""
        return value.format(self.language)


@dataclass(frozen=True)
class Label:
    """A word for a state, and its colour; the colour never says anything alone."""

    text: str | Promise
    tone: str  #: "ok", "wait", "info", "stop", "quiet"


RETURN_STATES: Final[dict[str, Label]] = {
    ReturnState.REQUESTED: Label(_("We are looking at it"), "wait"),
    ReturnState.APPROVED: Label(_("Approved: please send it"), "info"),
    ReturnState.MORE_INFO: Label(_("We have a question"), "wait"),
    ReturnState.EXPIRED: Label(_("Expired"), "quiet"),
    ReturnState.IN_TRANSIT: Label(_("On its way to us"), "info"),
    ReturnState.LOST: Label(_("Lost on the way"), "stop"),
    ReturnState.ARRIVED: Label(_("Arrived"), "info"),
    ReturnState.DECLINED: Label(_("Declined"), "stop"),
    ReturnState.RECEIVED: Label(_("Received"), "info"),
    ReturnState.RESOLVED: Label(_("Completed"), "ok"),
    ReturnState.CANCELED: Label(_("Cancelled"), "quiet"),
}
REPAIR_STATES: Final[dict[str, Label]] = {
    RepairState.REQUESTED: Label(_("We are looking at it"), "wait"),
    RepairState.ACCEPTED: Label(_("Accepted: please send it in"), "info"),
    RepairState.DECLINED: Label(_("Declined"), "stop"),
    RepairState.CANCELED: Label(_("Cancelled"), "quiet"),
}
PART_STATES: Final[dict[str, Label]] = {
    SparePartState.REQUESTED: Label(_("We are looking at it"), "wait"),
    SparePartState.ACCEPTED: Label(_("Accepted"), "ok"),
    SparePartState.DECLINED: Label(_("Declined"), "stop"),
    SparePartState.CANCELED: Label(_("Cancelled"), "quiet"),
}
#: The customer is told what matters to them; our own trouble with a refund is "under way" until it is solved.
REFUND_STATES: Final[dict[str, Label]] = {
    RefundState.PENDING: Label(_("Under way"), "wait"),
    RefundState.PROCESSING: Label(_("Under way"), "wait"),
    RefundState.AWAITING_PROVIDER: Label(_("Under way"), "wait"),
    RefundState.NEEDS_STAFF: Label(_("Under way"), "wait"),
    RefundState.SUCCEEDED: Label(_("Refunded"), "ok"),
    RefundState.FAILED: Label(_("Not possible this way"), "stop"),
}
