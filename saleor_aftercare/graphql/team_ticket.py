"""Whose queue a conversation stands in."""

from __future__ import annotations

from typing import Any

import graphene

from saleor_aftercare.team.models import Team

from .core.loaders import row_of


class TeamOfTicket:
    """The queue of a conversation; customers hear nothing of it."""

    team = graphene.Field(
        "saleor_aftercare.graphql.team.TeamType", description="Whose queue it stands in; null: nobody's. Staff only."
    )

    @staticmethod
    def resolve_team(root: Any, info: graphene.ResolveInfo) -> Team | None:
        return row_of(info.context, Team, getattr(root, "team_id", None))
