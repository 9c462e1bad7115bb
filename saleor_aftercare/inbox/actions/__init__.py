"""What happens in the inbox: people write, staff answer, assign and close."""

from .conversations import message_about_case, message_about_order, open_case_ticket
from .hearing import Extras, Heard, Sender, hear, receive_message
from .lines import add_line, add_system_line, note_case_changed
from .messages import add_note, reply
from .staff import assign, mark_read, update
from .thread import MAX_BODY

__all__ = [
    "MAX_BODY",
    "Extras",
    "Heard",
    "Sender",
    "add_line",
    "add_note",
    "add_system_line",
    "assign",
    "hear",
    "mark_read",
    "message_about_case",
    "message_about_order",
    "note_case_changed",
    "open_case_ticket",
    "receive_message",
    "reply",
    "update",
]
