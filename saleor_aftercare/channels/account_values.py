"""What stands in an account: columns that staff fill in, and the fields of its adapters, the secret ones encrypted.

Fields belong to a *section*: an adapter's slug, or a set of fields that accounts of a channel have besides. What a
section holds serves both directions: one key of a mail service sends and hears.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.texts import is_storable
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.channels import ChannelAdapter
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.team.models import Team

from .models import ChannelAccount, ChannelKind

MAX_FIELD: Final = 4000
MAX_SIGNATURE: Final = 2000


# -- secrets and fields --------------------------------------------------------------------------------------------


def read_secrets(account: ChannelAccount) -> dict[str, Any]:
    """What the account keeps to itself, in the clear."""
    return dict(orjson.loads(account.secrets)) if account.secrets else {}


def write_secrets(secrets: Mapping[str, Any]) -> str:
    """For the column."""
    return orjson.dumps(secrets).decode()


def values_of(account: ChannelAccount, section: str) -> dict[str, str]:
    """A section's fields, secret ones included; for adapters, never for a page."""
    open_values: dict[str, str] = account.config.get(section, {})
    secret: dict[str, str] = read_secrets(account).get("fields", {}).get(section, {})
    return {**open_values, **secret}


def check_fields(account: ChannelAccount, fields: Mapping[tuple[str, str], str]) -> None:
    """Put ``fields`` into the account, held against what its adapters want; raises InvalidInput("SECTION.NAME")."""
    sections = {one.slug: one for one in registry.channel_adapters(account.kind) if _is_used(account, one)}
    values = {slug: values_of(account, slug) for slug in sections}
    for (section, name), value in fields.items():
        if section not in sections:
            if value.strip():
                raise InvalidInput(_("There is no such field."), f"{section}.{name}")
            continue
        text = value.strip()
        if len(text) > MAX_FIELD or not is_storable(text):
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_FIELD}, f"{section}.{name}")
        values[section][name] = text
    config, hidden = {}, {}
    for slug, adapter in sections.items():
        filled = {name: value for name, value in values[slug].items() if value}
        try:
            filled = adapter.checked(
                filled,
                incoming=account.incoming == slug,
                outgoing=account.outgoing == slug,
            )
        except CredentialsRejected as error:
            raise InvalidInput(error.message, f"{slug}.{error.field}" if error.field else slug) from None
        secret = {one.name for one in adapter.every_field() if one.secret}
        config[slug] = {name: value for name, value in filled.items() if name not in secret}
        hidden[slug] = {name: value for name, value in filled.items() if name in secret}
    account.config = {slug: found for slug, found in config.items() if found}
    kept = read_secrets(account) | {"fields": {slug: found for slug, found in hidden.items() if found}}
    account.secrets = write_secrets(kept)


def _is_used(account: ChannelAccount, adapter: ChannelAdapter) -> bool:
    """What another adapter was told is forgotten: a password that is of no use is only a danger."""
    is_chosen = adapter.hears or adapter.sends
    return not is_chosen or adapter.slug in {account.incoming, account.outgoing}


# -- columns -------------------------------------------------------------------------------------------------------


def check_changes(account: ChannelAccount, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns, fit to be stored; raises InvalidInput naming the first that is not."""
    found = {}
    for name, value in changes.items():
        try:
            found[name] = _CHECKS[name](account, value)
        except InvalidInput as error:
            raise InvalidInput(error.message, f"{name}.{error.field}" if error.field else name) from None
    if not found.get("name", account.name):
        raise InvalidInput(_("This field is needed."), "name")
    if account.kind == ChannelKind.EMAIL and not found.get("address", account.address):
        raise InvalidInput(_("This field is needed."), "address")
    return found


def _text(limit: int) -> Callable[[ChannelAccount, Any], str]:
    def check(_account: ChannelAccount, value: Any) -> str:
        text = " ".join(str(value or "").split())
        if len(text) > limit:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": limit})
        if not is_storable(text):
            raise InvalidInput(_("The text contains characters that cannot be stored."))
        return text

    return check


def _address(account: ChannelAccount, value: Any) -> str:
    text = _text(254)(account, value)
    if account.kind != ChannelKind.EMAIL:
        return text
    text = text.lower()
    try:
        validate_email(text)
    except ValidationError:
        raise InvalidInput(_("Not an e-mail address.")) from None
    return text


def _adapter(direction: str) -> Callable[[ChannelAccount, Any], str]:
    def check(account: ChannelAccount, value: Any) -> str:
        slug = str(value or "")
        if not slug:
            return ""
        for one in registry.channel_adapters(account.kind):
            if one.slug == slug and (one.hears if direction == "incoming" else one.sends):
                if not one.installed:
                    raise InvalidInput(_("This server lacks what this service needs."))
                return slug
        raise InvalidInput(_("There is no such service."))

    return check


def _flag(_account: ChannelAccount, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(_("This cannot be empty; leave it out to keep it."))
    return value


def _language(_account: ChannelAccount, value: Any) -> str:
    if value and value not in LANGUAGES:
        raise InvalidInput(_("Not a language of this app."))
    return str(value or "")


def _signatures(_account: ChannelAccount, value: Any) -> dict[str, str]:
    found = {}
    for language, text in dict(value or {}).items():
        if language not in LANGUAGES:
            raise InvalidInput(_("Not a language of this app."), str(language))
        kept = "\n".join(line.rstrip() for line in str(text).replace("\r\n", "\n").split("\n")).strip("\n")
        if len(kept) > MAX_SIGNATURE:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_SIGNATURE}, language)
        liquid.check(kept, language)
        if kept:
            found[language] = kept
    return found


def _team(account: ChannelAccount, value: Any) -> Team | None:
    if value is None:
        return None
    team = Team.objects.filter(shop=account.shop, pk=value, archived_at=None).first()
    if team is None:
        raise InvalidInput(_("There is no such team."))
    return team


_CHECKS: Final[dict[str, Callable[[ChannelAccount, Any], Any]]] = {
    "name": _text(100),
    "address": _address,
    "incoming": _adapter("incoming"),
    "outgoing": _adapter("outgoing"),
    "enabled": _flag,
    "is_default": _flag,
    "language": _language,
    "sender_name": _text(100),
    "signatures": _signatures,
    "auto_reply": _flag,
    "team": _team,
}
