"""What shops may set about their other doors: the contact form, the chat window and the telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .channels import ChannelAdapter
from .credentials import Credential, CredentialsRejected

MIN_SECRET: Final = 16
_REGION: Final = re.compile(r"[A-Z]{2}")
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")


def _check_calls(values: Mapping[str, str]) -> None:
    secret, region = values.get("secret", ""), values.get("region", "")
    if secret and len(secret) < MIN_SECRET:
        raise CredentialsRejected(_("At least %(limit)d characters.") % {"limit": MIN_SECRET}, "secret")
    if region and not _REGION.fullmatch(region):
        raise CredentialsRejected(_("Two capital letters, such as JP."), "region")


def _check_chat(values: Mapping[str, str]) -> None:
    if values.get("color") and not _COLOR.fullmatch(values["color"]):
        raise CredentialsRejected(_("A colour such as #0a5c4a."), "color")


CALLS: Final = ChannelAdapter(
    slug="cti",
    channel="phone",
    name=gettext_noop("Telephone system (webhook)"),
    incoming=(
        Credential(
            name="secret",
            label=gettext_noop("Shared secret"),
            secret=True,
            required=False,
            help=gettext_noop("If set, every request must be signed with it; at least 16 characters"),
        ),
    ),
    hooks=("calls",),
)
PHONE: Final = ChannelAdapter(
    slug="phone",
    channel="phone",
    name=gettext_noop("Telephone"),
    further=(
        Credential(
            name="region",
            label=gettext_noop("Country of numbers without a country code"),
            required=False,
            help=gettext_noop("Two letters, such as JP; that of the return address otherwise"),
        ),
    ),
    check=_check_calls,
)
FORM: Final = ChannelAdapter(
    slug="form",
    channel="form",
    name=gettext_noop("Contact form"),
    further=(
        Credential(
            name="topics_en",
            label=gettext_noop("Topics in English"),
            required=False,
            help=gettext_noop("One a line; ours if empty"),
        ),
        Credential(
            name="topics_ja",
            label=gettext_noop("Topics in Japanese"),
            required=False,
            help=gettext_noop("One a line; ours if empty"),
        ),
    ),
)
CHAT: Final = ChannelAdapter(
    slug="chat",
    channel="chat",
    name=gettext_noop("Chat window"),
    further=(
        Credential(name="greeting_en", label=gettext_noop("Greeting in English"), required=False),
        Credential(name="greeting_ja", label=gettext_noop("Greeting in Japanese"), required=False),
        Credential(
            name="hours",
            label=gettext_noop("When somebody may be there"),
            required=False,
            choices=("calendar", "always"),
            help=gettext_noop("“calendar”: in the business hours of the default calendar"),
        ),
        Credential(
            name="color",
            label=gettext_noop("Colour of the button"),
            required=False,
            help=gettext_noop("Such as #0a5c4a; the text on it is chosen so that it can be read"),
        ),
    ),
    check=_check_chat,
)
#: Without those of messengers, which the registry adds.
DOORS: Final = (FORM, CHAT, PHONE, CALLS)
