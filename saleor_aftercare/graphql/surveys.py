"""What customers think of how they were helped: in the conversation, in figures, and whether they are asked at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import graphene
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.ids import to_global_id
from saleor_aftercare.inbox.models import Ticket
from saleor_aftercare.surveys import actions, queries
from saleor_aftercare.surveys.models import Survey, SurveySettings
from saleor_aftercare.surveys.queries import Figures, Grouping
from saleor_aftercare.team.models import Team

from .core.context import MANAGE_ORDERS, Context
from .core.loaders import bulk, nothing, row_of
from .core.mutations import AftercareMutation
from .core.scalars import DateTimeType, Node, enum_from, value_of
from .policies import editor
from .ticket_marks import internal

#: Figures are told of at most so long a time at once.
MOST_DAYS = 1100
MOST_COMMENTS = 50

SurveyGroupingEnum = enum_from(
    Grouping,
    {
        "MONTH": "By the month in which it was asked.",
        "MEMBER": "By who helped.",
        "TEAM": "By the team that the conversation belonged to.",
        "CHANNEL": "By the channel that it came by.",
    },
    "What figures are told by.",
    "SurveyGrouping",
)


class SurveySettingsType(graphene.ObjectType):
    """Whether and when customers are asked how they were helped."""

    class Meta:
        name = "SurveySettings"

    version = graphene.Int(required=True, description="Send it back with a change.")
    enabled = graphene.Boolean(required=True, description="Customers are asked.")
    delay_hours = graphene.Int(required=True, description="So long after a conversation was solved.")
    quiet_days = graphene.Int(required=True, description="Nobody is asked twice within them.")
    open_days = graphene.Int(required=True, description="So long an answer counts.")


class SurveyType(graphene.ObjectType):
    """What one customer was asked, and answered."""

    class Meta:
        name = "Survey"
        interfaces = (Node,)

    id = graphene.ID(required=True, description="Global id, opaque.")
    sent_at = graphene.Field(DateTimeType, required=True, description="When they were asked.")
    score = graphene.Int(description="1 to 5; null: no answer yet.")
    comment = graphene.String(required=True, description="In their words; may be empty.")
    answered_at = graphene.Field(DateTimeType, description="When.")
    member = graphene.Field("saleor_aftercare.graphql.inbox.StaffMemberType", description="Who helped.")
    ticket = graphene.Field("saleor_aftercare.graphql.inbox.TicketType", description="What it is about.")

    @staticmethod
    def resolve_id(root: Survey, _info: Any) -> str:
        return to_global_id("Survey", root.pk)

    @staticmethod
    def resolve_member(root: Survey, info: graphene.ResolveInfo) -> StaffMember | None:
        return row_of(info.context, StaffMember, root.member_id)

    @staticmethod
    def resolve_ticket(root: Survey, info: graphene.ResolveInfo) -> Ticket | None:
        return row_of(info.context, Ticket, root.subject_id)


class SurveyFigures(graphene.ObjectType):
    """The answers of one group."""

    key = graphene.String(description="A month (2026-11-01), a channel, or an id; null: nobody's.")
    name = graphene.String(description="Of a member or a team.")
    asked = graphene.Int(required=True, description="How many were asked.")
    answers = graphene.Int(required=True, description="How many answered.")
    satisfied = graphene.Int(required=True, description="How many of them said 4 or 5.")
    share = graphene.Float(description="Satisfied of answers, 0 to 1: the CSAT; null without answers.")
    low = graphene.Float(description="The share lies between low and high (Wilson, 95 %).")
    high = graphene.Float(description="See low.")


@bulk(Ticket, default=nothing)
def survey_of_ticket(ctx: Context, pks: Collection[int]) -> Mapping[int, Survey]:
    """The question about each conversation."""
    return queries.surveys_about(ctx.shop, "ticket", pks)


class SurveyOfTicket:
    """What the customer thinks; staff only."""

    survey = graphene.Field(SurveyType, description="What the customer was asked about it, and answered. Staff only.")

    @staticmethod
    def resolve_survey(root: Any, info: graphene.ResolveInfo) -> Survey | None:
        row = internal(root, info)
        return survey_of_ticket(info.context, row.pk) if row else None


class SurveyQueries(graphene.ObjectType):
    """Reading what customers think; staff with MANAGE_ORDERS."""

    survey_settings = graphene.Field(
        SurveySettingsType, required=True, description="Whether customers are asked. Staff with MANAGE_ORDERS."
    )
    survey_figures = graphene.List(
        graphene.NonNull(SurveyFigures),
        first_day=graphene.Date(required=True, description="Asked from this day of the shop on."),
        last_day=graphene.Date(required=True, description="Up to this day, included; at most three years."),
        by=graphene.Argument(SurveyGroupingEnum, description="Left out: one row for all."),
        required=True,
        description="Satisfaction in figures. Staff with MANAGE_ORDERS.",
    )
    survey_comments = graphene.List(
        graphene.NonNull(SurveyType),
        first_day=graphene.Date(required=True, description="Answered from this day of the shop on."),
        last_day=graphene.Date(required=True, description="Up to this day, included; at most three years."),
        required=True,
        description="The newest 50 answers with words. Staff with MANAGE_ORDERS.",
    )

    @staticmethod
    def resolve_survey_settings(_root: None, info: graphene.ResolveInfo) -> SurveySettings:
        return queries.settings_of(info.context.staff(MANAGE_ORDERS).shop)

    @staticmethod
    def resolve_survey_figures(
        _root: None, info: graphene.ResolveInfo, *, first_day: date, last_day: date, by: Any = None
    ) -> list[dict[str, Any]]:
        ctx: Context = info.context
        shop = ctx.staff(MANAGE_ORDERS).shop
        _check_days(first_day, last_day)
        grouping = Grouping(value_of(by)) if by is not None else None
        found = queries.figures(shop, first=first_day, last=last_day, by=grouping)
        model = {Grouping.MEMBER: StaffMember, Grouping.TEAM: Team}.get(grouping) if grouping else None
        rows: Mapping[int, Any] = {}
        if model is not None:
            keys = [one.key for one in found if one.key is not None]
            rows = {row.pk: row for row in model._default_manager.filter(shop=shop, pk__in=keys)}
        return [_figures(one, rows) for one in found]

    @staticmethod
    def resolve_survey_comments(
        _root: None, info: graphene.ResolveInfo, *, first_day: date, last_day: date
    ) -> list[Survey]:
        ctx: Context = info.context
        shop = ctx.staff(MANAGE_ORDERS).shop
        _check_days(first_day, last_day)
        found = queries.comments(shop, first=first_day, last=last_day, limit=MOST_COMMENTS)
        ctx.meet(found)
        ctx.announce(("row", Ticket), [one.subject_id for one in found])
        return found


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise InvalidInput(_("The last day is before the first."), "lastDay")
    if (last - first).days > MOST_DAYS:
        raise InvalidInput(_("At most %(limit)d days.") % {"limit": MOST_DAYS}, "lastDay")


def _figures(one: Figures, rows: Mapping[int, Any]) -> dict[str, Any]:
    row = rows.get(one.key)
    name = None
    key = one.key.isoformat() if isinstance(one.key, date) else one.key
    if isinstance(row, StaffMember):
        key, name = to_global_id("StaffMember", row.pk), row.display_name
    elif row is not None:
        key, name = to_global_id("Team", row.pk), row.name
    return {
        "key": key,
        "name": name,
        "asked": one.asked,
        "answers": one.answers,
        "satisfied": one.satisfied,
        "share": one.share,
        "low": one.low,
        "high": one.high,
    }


class SurveySettingsInput(graphene.InputObjectType):
    """Whether and when customers are asked."""

    version = graphene.Int(required=True, description="The version read; CONFLICT when somebody saved meanwhile.")
    enabled = graphene.Boolean(required=True, description="Customers are asked.")
    delay_hours = graphene.Int(required=True, description="0 to 720.")
    quiet_days = graphene.Int(required=True, description="0 to 365.")
    open_days = graphene.Int(required=True, description="1 to 90.")


class SurveySettingsSave(AftercareMutation):
    """Say whether and when customers are asked. Needs MANAGE_SETTINGS or MANAGE_APPS."""

    class Arguments:
        input = SurveySettingsInput(required=True, description="All of it.")

    settings = graphene.Field(SurveySettingsType, description="As they are now.")

    @classmethod
    def perform(cls, ctx: Context, *, input: Any) -> SurveySettingsSave:
        editor(ctx)
        staff = ctx.staff()
        return cls(settings=actions.save_settings(staff.shop, **dict(input), at=ctx.at, actor=staff.actor))


class SurveyMutations(graphene.ObjectType):
    """What is asked."""

    survey_settings_save = SurveySettingsSave.Field()
