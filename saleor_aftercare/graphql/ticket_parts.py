"""What modules of their own add to conversations and messages: each is a mixin of fields and their resolvers.

``root`` is a row for staff; for customers it is what they see of it (``threads.PublicTicket``), which holds nothing
internal: a mixin answers for that with null or with an empty list, see ``ticket_marks.internal``.
"""

from __future__ import annotations

from .calls import CallOfMessage
from .chats import VisitorOfTicket
from .drafts import WritingOfMessage, WritingOfTicket
from .handled import HandledOfTicket
from .inbound import MailOfMessage
from .sla import DeadlinesOfTicket
from .surveys import SurveyOfTicket
from .team_ticket import TeamOfTicket
from .ticket_joins import JoinsOfTicket
from .ticket_marks import MarksOfTicket


class TicketParts(
    MarksOfTicket,
    JoinsOfTicket,
    TeamOfTicket,
    WritingOfTicket,
    DeadlinesOfTicket,
    SurveyOfTicket,
    HandledOfTicket,
    VisitorOfTicket,
):
    """Everything that is not a conversation's own (``graphql.inbox``)."""


class MessageParts(WritingOfMessage, MailOfMessage, CallOfMessage):
    """Everything that is not a message's own (``graphql.inbox``)."""
