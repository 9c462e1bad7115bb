"""Reading follow-ups."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core import tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop

from .models import FollowUp


def get_followup(shop: Shop, pk: int) -> FollowUp:
    """A follow-up of this shop; raises NotFound."""
    return _one(FollowUp.objects.filter(shop=shop, pk=pk))


def answer_token(followup: FollowUp) -> str:
    """What the buttons in the mail carry: whoever has it may answer, and nothing else."""
    return tokens.sign("followup", followup.pk)


def followup_by_token(shop: Shop, token: str) -> FollowUp:
    """The follow-up whose mail carries ``token``; raises InvalidInput for a forged one, NotFound for another shop's."""
    return get_followup(shop, tokens.unsign("followup", token, max_age=None))


def followups_of_order(order: Order) -> list[FollowUp]:
    """All follow-ups of an order, the earliest first."""
    return list(FollowUp.objects.filter(order=order).select_related("fulfillment").order_by("due_at", "pk"))


def _one(rows: QuerySet[FollowUp]) -> FollowUp:
    followup = rows.select_related("shop", "order__shop", "fulfillment").first()
    if followup is None:
        raise NotFound(_("There is no such question."))
    return followup
