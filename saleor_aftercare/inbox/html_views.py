"""The HTML of a message: its signed address, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from saleor_aftercare.core import files, tokens
from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.mail.showing import files_in

from .models import TicketMessage


@dataclass(frozen=True, slots=True)
class MailHtml:
    """HTML that was made safe, and what it shows."""

    shop: Shop
    html: str
    language: str
    pictures: tuple[StoredFile, ...]  #: those of the message itself that the HTML names
    remote: bool  #: pictures on other people's servers may be fetched


def signed_url(message: TicketMessage, *, remote: bool) -> str:
    """An absolute address that shows the HTML for 15 minutes to whoever has it."""
    token = tokens.sign("mail-html", [message.pk, message.shop_id, remote])
    return f"{settings.PUBLIC_URL}/mails/{token}/"


def open_signed(token: str) -> MailHtml:
    """The HTML of an address made above; raises InvalidInput or NotFound."""
    pk, shop_id, remote = tokens.unsign("mail-html", token, max_age=files.URL_LIFETIME)
    message = TicketMessage.objects.select_related("shop", "html").filter(pk=pk, shop=shop_id).first()
    if message is None or message.html is None:
        raise NotFound(_("There is no such file."))
    html = files.content_of(message.html).decode()
    # Only files of this very message: whatever a stranger wrote into the HTML, it names no others.
    pictures = message.attachments.filter(pk__in=files_in(html))
    return MailHtml(message.shop, html, message.language, tuple(pictures), remote)
