"""What happened to a replacement, as one sentence each; shown by every timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

#: Sentences that customers may read too.
PUBLIC: Final[Mapping[str, str]] = {
    "replacement.planned": gettext_noop("Promised in exchange: %(goods)s."),
    "replacement.placed": gettext_noop("The exchange is ordered, as order %(order_number)s."),
    "replacement.awaiting_payment": gettext_noop(
        "The exchange is ordered, as order %(order_number)s; %(amount)s is to be paid first."
    ),
    "replacement.shipped": gettext_noop("The exchange, order %(order_number)s, is on its way."),
    "replacement.out_of_stock": gettext_noop("Sold out: %(goods)s."),
    "replacement.canceled": gettext_noop("The exchange was cancelled."),
}
#: Sentences for staff alone.
INTERNAL: Final[Mapping[str, str]] = {
    "replacement.failed": gettext_noop("Saleor refused the order of the exchange: %(reason)s"),
    "replacement.needs_staff": gettext_noop("The order of the exchange needs somebody to look: %(reason)s"),
    "replacement.price_changed": gettext_noop(
        "The shop asks %(now)s %(currency)s for %(goods)s by now; it was %(promised)s when it was promised, and that"
        " stays."
    ),
    "replacement.return_overdue": gettext_noop(
        "The replacement was sent in advance, and the old item, due by %(back_by)s, is not on its way."
    ),
    "exchange_draft.found": gettext_noop(
        "Somebody began an exchange for this order in Saleor's own Dashboard: draft %(draft_number)s was never"
        " completed."
    ),
}
