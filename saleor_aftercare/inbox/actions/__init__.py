"""What happens in the inbox: people write, staff answer, assign and close."""

from .conversations import message_about_case, message_about_order, open_case_ticket
from .lines import add_line, add_system_line, note_case_changed
from .messages import add_note, receive_message, reply
from .staff import assign, mark_read, update
from .thread import MAX_BODY

__all__ = [
    "MAX_BODY",
    "add_line",
    "add_note",
    "add_system_line",
    "assign",
    "mark_read",
    "message_about_case",
    "message_about_order",
    "note_case_changed",
    "open_case_ticket",
    "receive_message",
    "reply",
    "update",
]
