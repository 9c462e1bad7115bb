"""What orders show of the withdrawals declared for them."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.connection.models import Order

from .core.loaders import related


class OrderWithdrawals:
    """The declarations about an order; a base of OrderType."""

    withdrawals = graphene.List(
        graphene.NonNull("saleor_aftercare.graphql.withdrawals.WithdrawalType"),
        required=True,
        description="The withdrawals declared for it, newest first.",
    )

    @staticmethod
    def resolve_withdrawals(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        return sorted(related(info.context, root, "withdrawals"), key=lambda withdrawal: -withdrawal.pk)
