"""A reading as JSON, for ``aftercare mail inspect``; the format is docs/mail-inspect.md."""

from __future__ import annotations

from typing import Any, Final

from .addresses import Address
from .kinds import Bounce, Complaint
from .message import Reading

#: Raised when a field changes its meaning or goes; new fields may come without.
VERSION: Final = 1


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading as plain values, in the order in which people ask."""
    return {
        "version": VERSION,
        "kind": reading.kind,
        "kind_reason": reading.kind_reason,
        "from": _address(reading.from_[0]) if reading.from_ else None,
        "further_from": [_address(one) for one in reading.from_[1:]],
        "sender": [_address(one) for one in reading.sender],
        "reply_to": [_address(one) for one in reading.reply_to],
        "to": [_address(one) for one in reading.to],
        "cc": [_address(one) for one in reading.cc],
        "delivered_to": [_address(one) for one in reading.delivered_to],
        "return_path": reading.return_path,
        "subject": reading.subject,
        "date": reading.date.isoformat() if reading.date else None,
        "message_id": reading.message_id,
        "text": reading.text,
        "new_text": reading.new_text,
        "has_html": bool(reading.html),
        "attachments": [
            {
                "name": file.name,
                "type": file.content_type,
                "size": file.size,
                "inline": file.inline,
                "content_id": file.content_id,
            }
            for file in reading.attachments
        ],
        "signature": reading.signature,
        "encrypted": reading.encrypted,
        "bounce": _bounce(reading.bounce) if reading.bounce else None,
        "complaint": _complaint(reading.complaint) if reading.complaint else None,
        "automatic_answer": {"allowed": not reading.no_answer, "reason": reading.no_answer},
        "threading": {
            "keys": [
                {"kind": key.kind, "value": key.value, "where": key.where, "verified": key.verified}
                for key in reading.keys
            ],
            "in_reply_to": list(reading.in_reply_to),
            "references": list(reading.references),
        },
        "guesses": [
            {"where": guess.where, "declared": guess.declared, "used": guess.used, "why": guess.why}
            for guess in reading.guesses
        ],
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}


def _bounce(bounce: Bounce) -> dict[str, Any]:
    return {
        "recipient": bounce.recipient,
        "permanent": bounce.permanent,
        "status": bounce.status,
        "diagnostic": bounce.diagnostic,
        "original_message_id": bounce.original_message_id,
        "recipients": [
            {
                "address": one.address,
                "permanent": bounce.permanent if one.permanent is None else one.permanent,
                "action": one.action,
                "status": one.status,
                "diagnostic": one.diagnostic,
            }
            for one in bounce.recipients
        ],
    }


def _complaint(complaint: Complaint) -> dict[str, str]:
    return {
        "recipient": complaint.recipient,
        "feedback_type": complaint.feedback_type,
        "original_message_id": complaint.original_message_id,
    }
