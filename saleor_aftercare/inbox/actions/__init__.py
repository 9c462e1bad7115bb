"""What happens in the inbox: people write, staff answer, assign and close."""

from .conversations import message_about_case, message_about_order, open_case_ticket
from .details import describe, link_case, link_order, set_person, set_priority
from .fields import FieldDraft, archive_field, order_fields, save_field, set_fields
from .following import follow_up
from .hearing import Extras, Heard, Said, Sender, hear, receive_message
from .lines import add_line, add_system_line, note_case_changed
from .merging import last_merges, merge_tickets, split_ticket, undo_merge
from .notes import add_note
from .replies import Sending, reply, said_before, take_back
from .staff import assign, mark_read, update
from .states import CLOSED_AT_ONCE, close_solved, move_ticket, snooze, wake_when_due
from .tags import archive_tag, change_tags, edit_tag, find_or_create_tag, merge_tags
from .thread import MAX_BODY

__all__ = [
    "CLOSED_AT_ONCE",
    "MAX_BODY",
    "Extras",
    "FieldDraft",
    "Heard",
    "Said",
    "Sender",
    "Sending",
    "add_line",
    "add_note",
    "add_system_line",
    "archive_field",
    "archive_tag",
    "assign",
    "change_tags",
    "close_solved",
    "describe",
    "edit_tag",
    "find_or_create_tag",
    "follow_up",
    "hear",
    "last_merges",
    "link_case",
    "link_order",
    "mark_read",
    "merge_tags",
    "merge_tickets",
    "message_about_case",
    "message_about_order",
    "move_ticket",
    "note_case_changed",
    "open_case_ticket",
    "order_fields",
    "receive_message",
    "reply",
    "said_before",
    "save_field",
    "set_fields",
    "set_person",
    "set_priority",
    "snooze",
    "split_ticket",
    "take_back",
    "undo_merge",
    "update",
    "wake_when_due",
]
