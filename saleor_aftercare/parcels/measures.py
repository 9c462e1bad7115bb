"""How large and heavy a parcel is: as staff measured it, as its goods weigh, or as the shop's parcels are as a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.providers.labels.base import Box

from .models import Parcel

MAX_SIDE_CM: Final = 200
MAX_WEIGHT_G: Final = 70_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What somebody measured of a parcel: all three sides or none, and perhaps its weight with packing.

    Raises:
        InvalidInput: a side beyond 1 to 200 cm, or without the others (``lengthCm``); a weight beyond 1 g to 70 kg.
    """

    length_cm: int | None = None
    width_cm: int | None = None
    height_cm: int | None = None
    weight_g: int | None = None

    def __post_init__(self) -> None:
        sides = {"lengthCm": self.length_cm, "widthCm": self.width_cm, "heightCm": self.height_cm}
        given = {name: side for name, side in sides.items() if side is not None}
        if given and len(given) < len(sides):
            missing = next(name for name in sides if name not in given)
            raise InvalidInput(_("Please give length, width and height together."), missing)
        for name, side in given.items():
            _check(name, side, MAX_SIDE_CM)
        if self.weight_g is not None:
            _check("weightG", self.weight_g, MAX_WEIGHT_G)


#: Nobody measured anything.
UNMEASURED: Final = Measures()


def _check(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise InvalidInput(_("Please enter a whole number from 1 to %(most)d.") % {"most": most}, name)


def box_of(parcel: Parcel, settings: ShopSettings) -> Box:
    """The parcel as measured, else as the shop's parcels are as a rule."""
    if parcel.length_cm is not None and parcel.width_cm is not None and parcel.height_cm is not None:
        return Box(parcel.length_cm, parcel.width_cm, parcel.height_cm)
    return Box(settings.parcel_length_cm, settings.parcel_width_cm, settings.parcel_height_cm)


@transaction.atomic
def save_usual(shop: Shop, usual: Measures) -> ShopSettings:
    """Say what the shop's return parcels are like as a rule; what is left out stays. Raises InvalidInput."""
    settings = ShopSettings.objects.select_for_update().get(shop=shop)
    if usual.length_cm is not None and usual.width_cm is not None and usual.height_cm is not None:
        settings.parcel_length_cm = usual.length_cm
        settings.parcel_width_cm = usual.width_cm
        settings.parcel_height_cm = usual.height_cm
    if usual.weight_g is not None:
        settings.parcel_weight_g = usual.weight_g
    settings.save(update_fields=["parcel_length_cm", "parcel_width_cm", "parcel_height_cm", "parcel_weight_g"])
    return settings
