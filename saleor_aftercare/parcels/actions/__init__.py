"""What people do with parcels, one function per verb; getting the label itself is in ``making``."""

from saleor_aftercare.parcels.handing import choose_handover
from saleor_aftercare.parcels.hearing import Heard, hear

from .marking import (
    Choice,
    choices_of,
    mark_arrived,
    mark_handed_over,
    mark_lost,
    mark_returned,
    set_tracking,
    upload_label,
)
from .replacing import replace_parcel
from .voiding import carry_out_void, expire_parcel, give_up_case, note_void_failed, void_parcel
from .wanting import MAX_BY_CUSTOMER, MAX_PER_CASE, add_parcel, retry_parcel, want_parcel

__all__ = [
    "MAX_BY_CUSTOMER",
    "MAX_PER_CASE",
    "Choice",
    "Heard",
    "add_parcel",
    "carry_out_void",
    "choices_of",
    "choose_handover",
    "expire_parcel",
    "give_up_case",
    "hear",
    "mark_arrived",
    "mark_handed_over",
    "mark_lost",
    "mark_returned",
    "note_void_failed",
    "replace_parcel",
    "retry_parcel",
    "set_tracking",
    "upload_label",
    "void_parcel",
    "want_parcel",
]
