"""The whole API in one place; ``print_schema()`` is what ``schema.graphql`` holds."""

from __future__ import annotations

from pathlib import Path

import graphene
from graphql import GraphQLSchema, print_schema

from .account import AccountMutations, AccountQueries
from .bulk import BulkMutations, BulkQueries
from .calls import CallMutations, CallQueries
from .canned import CannedMutations, CannedQueries
from .channel_account_mutations import ChannelAccountMutations
from .channel_accounts import ChannelAccountQueries
from .chats import ContactMutations, ContactQueries
from .compensation import CompensationMutations
from .core.guard import guard_queries
from .customers import CustomerQueries
from .drafts import WritingMutations, WritingQueries
from .handled import HandledMutations, HandledQueries
from .inbound import InboundMutations, InboundQueries
from .inbox_operations import InboxMutations, InboxQueries
from .letters import LetterMutations, LetterQueries
from .macros import MacroMutations, MacroQueries
from .notices import NoticeMutations, NoticeQueries
from .orders import OrderMutations, OrderQueries
from .papers import PaperMutations, PaperQueries
from .parcel_mutations import ParcelMutations
from .parts import SparePartMutations, SparePartQueries
from .people_operations import PeopleMutations, PeopleQueries
from .policies import PolicyMutations, PolicyQueries
from .providers import ProviderMutations, ProviderQueries
from .receiving import ReceivingQueries
from .receiving_mutations import ReceivingMutations
from .repairs import RepairMutations, RepairQueries
from .replacements import ReplacementMutations, ReplacementQueries
from .replies import ReplyMutations
from .return_decisions import ReturnDecisionMutations
from .return_mutations import ReturnMutations
from .returns import ReturnQueries
from .rule_mutations import RuleMutations
from .rules import RuleQueries
from .settings import SettingsMutations, SettingsQueries
from .settlement_mutations import SettlementMutations, SettlementQueries
from .sla import SlaQueries
from .sla_mutations import SlaMutations
from .stray_parcels import StrayParcelMutations, StrayParcelQueries
from .surveys import SurveyMutations, SurveyQueries
from .team import TeamQueries
from .team_mutations import TeamMutations
from .ticket_merging import TicketMergeMutations
from .ticket_mutations import TicketMutations, TicketQueries
from .ticket_settings import TicketSettingsMutations, TicketSettingsQueries
from .views import ViewMutations, ViewQueries
from .withdrawal_mutations import WithdrawalMutations
from .withdrawals import WithdrawalQueries

#: The committed print of the schema; the Dashboard's types are made from it.
PRINTED = Path(__file__).parent / "schema.graphql"


class Query(
    TeamQueries,
    RuleQueries,
    NoticeQueries,
    ReceivingQueries,
    StrayParcelQueries,
    SettingsQueries,
    PolicyQueries,
    ProviderQueries,
    PaperQueries,
    LetterQueries,
    SparePartQueries,
    RepairQueries,
    ReplacementQueries,
    SettlementQueries,
    WithdrawalQueries,
    ReturnQueries,
    OrderQueries,
    CustomerQueries,
    PeopleQueries,
    TicketQueries,
    TicketSettingsQueries,
    SlaQueries,
    SurveyQueries,
    HandledQueries,
    CallQueries,
    ContactQueries,
    InboxQueries,
    ViewQueries,
    BulkQueries,
    InboundQueries,
    WritingQueries,
    CannedQueries,
    MacroQueries,
    ChannelAccountQueries,
    AccountQueries,
):
    """What may be asked. Amounts are in major units with tax; ids are global; lists are relay connections."""


class Mutation(
    TeamMutations,
    RuleMutations,
    NoticeMutations,
    ReceivingMutations,
    StrayParcelMutations,
    SettingsMutations,
    PolicyMutations,
    ProviderMutations,
    PaperMutations,
    LetterMutations,
    ParcelMutations,
    OrderMutations,
    SparePartMutations,
    RepairMutations,
    ReplacementMutations,
    CompensationMutations,
    WithdrawalMutations,
    SettlementMutations,
    ReturnMutations,
    ReturnDecisionMutations,
    SlaMutations,
    SurveyMutations,
    HandledMutations,
    CallMutations,
    ContactMutations,
    InboxMutations,
    TicketMutations,
    TicketMergeMutations,
    TicketSettingsMutations,
    PeopleMutations,
    ViewMutations,
    BulkMutations,
    InboundMutations,
    ReplyMutations,
    WritingMutations,
    CannedMutations,
    MacroMutations,
    ChannelAccountMutations,
    AccountMutations,
):
    """What may be done. Every payload has `errors`; when it holds any, nothing was changed."""


schema = graphene.Schema(query=Query, mutation=Mutation)
graphql_schema: GraphQLSchema = schema.graphql_schema
guard_queries(graphql_schema)


def printed_schema() -> str:
    """The schema in SDL, as it is committed."""
    return print_schema(graphql_schema) + "\n"
