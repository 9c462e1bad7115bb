"""Writing letters: one row per letter, rendered once, and a job that sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import jobs, links, tokens
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop, StoredFile

from . import headers as head
from .accounts import Letterhead, keeper
from .kinds import SECRETS, check_context, language_of, template_of
from .models import OutboundMessage, Purpose
from .suppression import UNASKED
from .templated import TemplatedMail


@transaction.atomic
def write(
    *,
    shop: Shop,
    kind: str,
    key: str,
    to_email: str,
    to_name: str,
    language: str,
    context: Mapping[str, Any],
    subject: tuple[str, int] | None,
    purpose: Purpose,
    at: datetime,
    attachments: Sequence[StoredFile] = (),
    cc: Sequence[str] = (),
    repeat_if_lost: bool = False,
    letterhead: Letterhead | None = None,
    reply_to: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> OutboundMessage:
    """Write a letter and have it sent; the words are fixed now, in the caller's transaction.

    ``kind`` names the template and what ``context`` must hold (see ``kinds``). ``key`` is unique in the shop: a
    second call with it writes nothing and returns the first letter. ``subject`` is what of ours the letter is
    about, such as ``("return", 7)``. ``repeat_if_lost`` is for letters that are better had twice than never, such
    as codes and labels: they are sent again, with the same Message-ID, when a worker died while sending.
    ``letterhead`` is the mailbox that it is from: where none is given, the shop's own choice, and without any the
    service's mail server with the sender of the settings. ``headers`` are further ones, such as In-Reply-To
    and References. What of ``context`` opens something for whoever holds it (``kinds.SECRETS``) is stored encrypted
    and put in its place when the letter is sent.

    Raises:
        InvalidInput: ``to_email`` is not an address.
        LookupError: our bug: no such kind, or a context that does not fit it.
    """
    if known := OutboundMessage.objects.filter(shop=shop, key=key).first():
        return known
    check_context(kind, context)
    shop_settings = settings_of(shop)
    letterhead = letterhead or keeper().letterhead(shop)
    sender = letterhead.address if letterhead else head.sender_address(shop_settings)
    message_id = head.new_message_id(shop, sender, short=bool(letterhead and letterhead.sorts))
    language = language_of(kind, language, default=shop_settings.default_language)
    secrets = {f"[{name}:{token_hex(4)}]": name for name in sorted(SECRETS.get(kind, ()))}
    unsubscribe = links.unsubscribe(shop, tokens.sign("unsubscribe", message_id)) if purpose in UNASKED else ""
    mail = render(
        shop,
        shop_settings,
        kind=kind,
        language=language,
        context={
            **context,
            **{name: mark for mark, name in secrets.items()},
            "customer_name": head.one_line(to_name, head.MAX_NAME),
            "unsubscribe_url": unsubscribe,
            "automatic": purpose != Purpose.CONVERSATION,
        },
    )
    letter = OutboundMessage(
        shop=shop,
        key=key,
        kind=kind,
        purpose=purpose,
        subject_type=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        to_email=_checked_address(to_email),
        to_name=head.one_line(to_name, head.MAX_NAME),
        cc=[_checked_address(one) for one in cc],
        from_email=head.mailbox((letterhead and letterhead.name) or head.sender_name(shop, shop_settings), sender),
        reply_to=head.one_line(reply_to or _reply_to(letterhead, message_id, shop_settings), 254),
        language=language,
        subject=head.one_line(mail.subject, head.MAX_SUBJECT),
        text=mail.body,
        html=mail.html,
        sealed=orjson.dumps({mark: str(context[name]) for mark, name in secrets.items()}).decode() if secrets else "",
        headers=_headers(purpose, language, unsubscribe) | head.checked(headers or {}),
        account=letterhead.key if letterhead else None,
        message_id=message_id,
        repeat_if_lost=repeat_if_lost,
        state_since=at,
        created_at=at,
    )
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:
        # Somebody wrote the same letter since we looked; any other breach of the table is our bug and shows here.
        return OutboundMessage.objects.get(shop=shop, key=key)
    if attachments:
        letter.attachments.set(attachments)
    _schedule(letter, at=at)
    return letter


def render(
    shop: Shop, shop_settings: ShopSettings, *, kind: str, language: str, context: Mapping[str, Any]
) -> TemplatedMail:
    """The letter's words in ``language``, times in the shop's time zone; nothing is stored or sent."""
    mail = TemplatedMail(
        template_name=template_of(kind),
        context={
            "shop_name": shop.name or head.sender_name(shop, shop_settings),
            "sender_name": head.sender_name(shop, shop_settings),
            "language": language,
            "portal_url": links.portal_home(shop),
            **context,
        },
    )
    with translation.override(language), timezone.override(ZoneInfo(shop_settings.time_zone)):
        mail.render()
    return mail


@transaction.atomic
def retry(letter: OutboundMessage, *, at: datetime) -> OutboundMessage:
    """Send a letter again that failed or was lost; staff have looked at why.

    Raises:
        Conflict: it is not failed or lost (any more).
    """
    letter.move("retry", at=at, error="")
    _schedule(letter, at=at)
    return letter


def _schedule(letter: OutboundMessage, *, at: datetime) -> None:
    jobs.schedule(
        "mail.send",
        key=f"mail.send:{letter.pk}:{letter.state_since.isoformat()}",
        shop=letter.shop,
        due_at=at,
        payload={"letter": letter.pk},
    )


def _headers(purpose: Purpose, language: str, unsubscribe: str) -> dict[str, str]:
    headers = {"Content-Language": language}
    if purpose != Purpose.CONVERSATION:
        # RFC 3834: a vacation responder does not answer a machine; the second line is what Exchange listens to.
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if unsubscribe:
        # RFC 8058: the mail program's own button; its POST carries no cookie.
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _reply_to(letterhead: Letterhead | None, message_id: str, shop_settings: ShopSettings) -> str:
    """Where answers go: to the mailbox itself, where they are heard, else to the address of the settings."""
    if letterhead is None or not letterhead.hears:
        return shop_settings.reply_to_email
    return head.sorted_address(letterhead.address, message_id) if letterhead.sorts else ""


def _checked_address(address: str) -> str:
    local, at_sign, domain = address.rpartition("@")
    try:
        # Old addresses of Japanese telephones hold dots where no standard allows them (``a..b.@docomo.ne.jp``).
        validate_email(re.sub(r"\.+", ".", local).strip(".") + at_sign + domain)
    except ValidationError:
        raise InvalidInput(_("Not an e-mail address."), "to_email") from None
    if len(address) > 254:
        raise InvalidInput(_("Not an e-mail address."), "to_email")
    return address
