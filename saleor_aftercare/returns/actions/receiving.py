"""Opening the parcel where nobody says more than how many units were in it; :mod:`..reception` has the whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.events import Actor
from saleor_aftercare.returns import reception
from saleor_aftercare.returns.models import Return
from saleor_aftercare.returns.reception import LineReceived


@transaction.atomic
def receive_return(ret: Return, *, quantities: Mapping[int, int] | None, at: datetime, actor: Actor) -> Return:
    """The first parcel was opened. ``quantities`` maps ReturnLine.pk to units that were in it; None: everything.

    Raises what ``reception.receive_return`` raises.
    """
    lines = None
    if quantities is not None:
        rows = {line.pk: line for line in ret.lines.all()}
        if set(quantities) - set(rows):
            raise InvalidInput(_("This item is not part of the return."), "lines")
        lines = [LineReceived(rows[pk], units) for pk, units in quantities.items()]
    reception.receive_return(ret, lines=lines, at=at, actor=actor)
    return ret
