"""Whether single keys do something for a member of staff; who speaks to the machine switches them off (WCAG 2.1.4)."""

from __future__ import annotations

from django.db import transaction

from saleor_aftercare.connection.models import StaffMember

from .models import Profile


def single_keys_of(member: StaffMember) -> bool:
    """They do for whoever never said."""
    chosen = Profile.objects.filter(member=member).values_list("single_keys", flat=True).first()
    return True if chosen is None else chosen


@transaction.atomic
def save_single_keys(member: StaffMember, *, on: bool) -> bool:
    """Switch them on or off, wherever the person works from now on."""
    Profile.objects.update_or_create(
        member=member, defaults={"single_keys": on}, create_defaults={"shop_id": member.shop_id, "single_keys": on}
    )
    return on
