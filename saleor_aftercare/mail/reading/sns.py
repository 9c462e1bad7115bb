"""Bounces and complaints that Amazon SES sends by mail: JSON of its notifications in the text (Amazon SNS)."""

from __future__ import annotations

import json
from typing import Any, Final

from .headers_in import Headers
from .reports import MAX_RECIPIENTS, Recipient, Report

_MAX_JSON: Final = 300_000
_SENDER: Final = "amazonaws.com"


def is_notification(sender_domain: str, text: str) -> bool:
    """Whether a mail is one of these."""
    return sender_domain.endswith(_SENDER) and text.lstrip()[:1] == "{" and "notificationType" in text[:_MAX_JSON]


def read_notification(text: str) -> Report | None:
    """What it says; None when it is broken or about something else."""
    # Lines were folded into 150 characters, also within strings; a footer follows.
    body = text[:_MAX_JSON].partition("\n--\n")[0].replace("\n ", "").replace("\n", "")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and isinstance(found.get("Message"), str):
        # Unless the topic says otherwise, the notification is wrapped once more.
        return read_notification(found["Message"]) if '"Message"' not in found["Message"] else None
    if not isinstance(found, dict):
        return None
    report = Report(original=_original(_object(found, "mail")))
    match found.get("notificationType"):
        case "Bounce":
            bounce = _object(found, "bounce")
            usual = {"Permanent": "5.0.0", "Transient": "4.0.0"}.get(_string(bounce, "bounceType"), "")
            report.is_delivery = True
            report.recipients = [
                Recipient(_string(one, "emailAddress"), "failed", _string(one, "status") or usual, _answer(one))
                for one in _objects(bounce, "bouncedRecipients")
            ]
        case "Complaint":
            complaint = _object(found, "complaint")
            report.is_feedback = True
            report.feedback_type = _string(complaint, "complaintFeedbackType") or "abuse"
            complained = _objects(complaint, "complainedRecipients")
            report.complained = _string(complained[0], "emailAddress") if complained else ""
        case "Delivery":
            report.is_delivery = True
            report.recipients = [Recipient("", "delivered")]
        case _:
            return None
    return report


def _original(mail: dict[str, Any]) -> Headers:
    """The head of the letter, as far as it is told."""
    told = [(_string(one, "name"), _string(one, "value")) for one in _objects(mail, "headers")]
    common = _string(_object(mail, "commonHeaders"), "messageId")
    fields = [(name.lower(), value.encode()) for name, value in told]
    return Headers([*fields, ("message-id", common.encode())] if common else fields)


def _answer(recipient: dict[str, Any]) -> str:
    return _string(recipient, "diagnosticCode").removeprefix("smtp; ")[:1000]


def _object(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _objects(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    return [one for one in found[:MAX_RECIPIENTS] if isinstance(one, dict)] if isinstance(found, list) else []


def _string(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found.encode("utf-8", "replace").decode().replace("\0", "") if isinstance(found, str) else ""
