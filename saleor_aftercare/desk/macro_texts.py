"""The words of a macro's step for one conversation."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.languages import LANGUAGES, supported_language
from saleor_aftercare.inbox.models import Ticket

from .variables import variables_of


def text_for(texts: Mapping[str, str], ticket: Ticket, staff: StaffMember) -> str:
    """In the customer's language, else the shop's, else any; raises InvalidInput("texts") for what has no value."""
    default = settings_of(ticket.shop).default_language
    wishes = (supported_language(ticket.language, default=default), default, *LANGUAGES)
    language = next(one for one in wishes if one in texts)
    with translation.override(language):
        found = liquid.render(texts[language], variables_of(ticket, staff=staff, language=language))
    if found.missing:
        raise InvalidInput(_("Nothing to fill in for %(names)s.") % {"names": ", ".join(found.missing)}, "texts")
    return found.text.strip()


def state_words(action: str) -> str:
    """A move of a conversation, as a line of a plan."""
    return {
        "solve": _("Mark it as solved"),
        "wait": _("Wait for the customer"),
        "wait_for_others": _("Wait for somebody else"),
        "wake": _("Take it up again"),
        "reopen": _("Open it again"),
        "close": _("Close it for good"),
        "spam": _("Mark it as spam"),
        "not_spam": _("It is no spam"),
    }[action]


def priority_words(value: str) -> str:
    """A priority, as a line of a plan."""
    return {
        "0": _("Make it less urgent: low"),
        "1": _("Make its priority normal"),
        "2": _("Make it more urgent: high"),
        "3": _("Make it urgent"),
    }[value]
