"""What a spare-part request must say. Pure: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from saleor_aftercare.core import texts
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.models import StoredFile

MAX_DESCRIPTION: Final = 5000
MAX_QUANTITY: Final = 99
MAX_SERIAL: Final = 100
MAX_PRODUCT: Final = 400
MAX_NAME: Final = 300
MAX_REASON: Final = 5000


@dataclass(frozen=True, kw_only=True)
class SparePartForm:
    """What the customer told us about a part."""

    product_name: str
    serial_number: str
    part_description: str
    quantity: int
    customer_name: str
    customer_email: str
    photos: tuple[StoredFile, ...] = ()


def check_form(form: SparePartForm) -> SparePartForm:
    """The form as it is stored: trimmed, without control characters; HTML in it is just text.

    Raises:
        InvalidInput: names the field of the form.
    """
    if len(form.photos) > MAX_FILES:
        raise InvalidInput(_("At most %(limit)d photos.") % {"limit": MAX_FILES}, "photos")
    return replace(
        form,
        product_name=texts.one_line(form.product_name, "product_name", limit=MAX_PRODUCT, required=True),
        serial_number=texts.one_line(form.serial_number, "serial_number", limit=MAX_SERIAL),
        part_description=texts.paragraphs(form.part_description, "part_description", limit=MAX_DESCRIPTION),
        quantity=texts.whole_number(form.quantity, "quantity", low=1, high=MAX_QUANTITY),
        customer_name=texts.one_line(form.customer_name, "customer_name", limit=MAX_NAME),
        customer_email=texts.email(form.customer_email, "customer_email"),
    )


def check_reason(reason: str) -> str:
    """Why staff decline, trimmed; raises InvalidInput(``reason``) when it is empty or too long."""
    return texts.paragraphs(reason, "reason", limit=MAX_REASON)
