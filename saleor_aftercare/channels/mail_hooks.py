"""Mail services knock: mails that came are taken in, what became of letters is written down."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from saleor_aftercare.connection.shop import speaking_to_staff
from saleor_aftercare.core.errors import NotFound, ProviderError
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.deliveries import Delivery
from saleor_aftercare.providers.mailboxes.base import Told
from saleor_aftercare.providers.senders.mail_services import MailService

from .account_values import values_of
from .accounts import hook_url, note_problem, note_working
from .actions import take_in
from .deliveries import letter_bounced, letter_complained
from .models import ChannelAccount, ChannelKind

log = structlog.get_logger(__name__)


def hear(account: ChannelAccount, delivery: Delivery, *, at: datetime) -> int:
    """Take in what a service delivered; returns how many mails. May call out.

    An account that is switched off hears too: what was written must not be lost.

    Raises NotFound for an account that no service hears for, and what :func:`registry.mails_delivered` raises: the
    service then keeps the mail and comes again, and the account says why.
    """
    service = _service(account, account.incoming)
    if not service.inbound:
        raise NotFound("There is no such door.")
    values = values_of(account, service.slug)
    with speaking_to_staff(account.shop):
        try:
            mails = registry.mails_delivered(service.slug, values, delivery, url=hook_url(account, "inbound"))
        except ProviderError as error:
            note_problem(account, error.message, at=at)
            log.warning("delivery_refused", account=account.pk, shop=account.shop_id, service=service.slug)
            raise
    with transaction.atomic():
        for raw in mails:
            take_in(account, raw, at=at)
    note_working(account, at=at)
    return len(mails)


def listen(account: ChannelAccount, delivery: Delivery, *, at: datetime) -> int:
    """Write down what a service says of letters; returns how many it said something new of. Raises as :func:`hear`."""
    service = _service(account, account.outgoing)
    if not service.tracking:
        raise NotFound("There is no such door.")
    values = values_of(account, service.slug)
    with speaking_to_staff(account.shop):
        news = registry.news_delivered(service.slug, values, delivery, url=hook_url(account, "tracking"))
    return sum(_note(account, one, at=at) for one in news)


def _note(account: ChannelAccount, one: Told, *, at: datetime) -> bool:
    letter = _letter(account, one.reference)
    if letter is None:
        return False
    if one.event == "complained":
        return letter_complained(letter, at=at)
    recipients = [one.recipient] if one.recipient else []
    return letter_bounced(letter, recipients=recipients, permanent=one.permanent, status=one.said, at=at)


def _letter(account: ChannelAccount, reference: str) -> OutboundMessage | None:
    """The letter of this account that the service calls so, or that bears this Message-ID."""
    bare = reference.strip("<>")
    names = Q(provider_reference__in=[reference, bare, f"<{bare}>"]) | Q(message_id=f"<{bare}>")
    letters = OutboundMessage.objects.select_related("shop").filter(names, shop=account.shop, account=account.pk)
    return letters.order_by("-pk").first() if len(bare) <= 198 else None


def _service(account: ChannelAccount, slug: str) -> MailService:
    if account.kind != ChannelKind.EMAIL or slug not in registry.mail_services():
        raise NotFound("There is no such door.")
    return registry.mail_service(slug)
