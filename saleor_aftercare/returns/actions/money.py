"""Money for goods that arrived."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.compensation.actions import start_refund
from saleor_aftercare.compensation.models import Refund
from saleor_aftercare.core.errors import Conflict, InvalidInput, Refused
from saleor_aftercare.core.events import Actor
from saleor_aftercare.core.money import Money
from saleor_aftercare.returns import queries
from saleor_aftercare.returns.models import Return, ReturnState


@transaction.atomic
def refund_return(
    ret: Return, *, amount: Money, method: str, key: str, note: str, at: datetime, actor: Actor
) -> Refund:
    """Give money back for goods that arrived; the same ``key`` again returns the same refund.

    ``amount`` is at most the goods' price and the shipping due, less what this return was already refunded; Saleor's
    own figures are asked once more before anything is sent.

    Raises:
        InvalidInput: ``amount`` or ``method`` is unusable.
        Refused: more than is due.
        Conflict: the goods are not here yet, or all was settled before.
    """
    locked = Return.objects.select_for_update(of=("self",)).select_related("shop", "order", "policy").get(pk=ret.pk)
    known = Refund.objects.filter(shop=locked.shop, key=key).first()
    if known is not None:
        if known.subject != "return" or known.subject_id != locked.pk:
            raise InvalidInput(_("This key was used for something else."), "idempotencyKey")
        return known
    if locked.state != ReturnState.RECEIVED:
        raise Conflict(_("A refund follows when the goods have arrived, and only once; reload and look again."))
    due = queries.goods_due(locked) + queries.shipping_due(locked)
    left = due - locked.order.money(queries.total_refunded(locked))
    if left < amount:
        raise Refused(
            _("At most %(amount)s is due for this return.") % {"amount": f"{left.wire()} {left.currency}"}, "amount"
        )
    return start_refund(
        locked.order,
        amount=amount,
        method=method,
        key=key,
        subject=("return", locked.pk),
        label=locked.number,
        note=note,
        at=at,
        actor=actor,
    )
