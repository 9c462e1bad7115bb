"""Canned replies: ready-made words with variables, per language, everybody's or one's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of
from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound
from saleor_aftercare.core.files import MAX_FILES
from saleor_aftercare.core.languages import LANGUAGES, supported_language
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import one_line, paragraphs
from saleor_aftercare.inbox.models import MessageKind, Ticket, TicketMessage
from saleor_aftercare.inbox.search import tokens

from .models import CannedReply
from .similarity import rank
from .variables import variables_of

MOST: Final = 500
MAX_TITLE: Final = 150
MAX_FOLDER: Final = 60
MAX_SHORTCUT: Final = 40
#: What of a customer's last words is compared with the texts.
ASKED: Final = 4_000
_SHORTCUT: Final = re.compile(r"[\w-]+\Z")


@dataclass(frozen=True, kw_only=True)
class CannedDraft:
    """A canned reply as its editor has it."""

    shortcut: str
    title: str
    folder: str = ""
    personal: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)  #: by language
    attachments: Sequence[StoredFile] = ()


@dataclass(frozen=True)
class Filled:
    """A canned reply with its variables filled in for one conversation."""

    canned: CannedReply
    text: str
    language: str  #: in which it is written: the one that was asked for, where there is a text in it
    missing: tuple[str, ...]  #: variables that have no value here; they stand in the text as they were written


# -- finding -------------------------------------------------------------------------------------------------------


def visible_to(shop: Shop, staff: StaffMember) -> QuerySet[CannedReply]:
    """Everybody's and one's own, by folder and title."""
    rows = CannedReply.objects.filter(Q(owner=None) | Q(owner=staff), shop=shop, archived_at=None)
    return rows.select_related("owner").order_by("folder", "title", "pk")


def get_canned(shop: Shop, pk: int, *, staff: StaffMember, field: str = "id") -> CannedReply:
    """One of them; raises NotFound(field), also for somebody else's own."""
    found = visible_to(shop, staff).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such canned reply."), field)
    return found


def suggest(ticket: Ticket, *, staff: StaffMember, limit: int = 3) -> list[CannedReply]:
    """Those that seem to answer what the customer said last, best first; the more used first among equals."""
    said = ticket.messages.filter(kind=MessageKind.CUSTOMER, is_automatic=False).order_by("-pk")
    words = "\n".join([ticket.subject, *said.values_list("body", flat=True)[:2]])[:ASKED]
    rows = list(visible_to(ticket.shop, staff).order_by("-used", "pk")[:MOST])
    texts = {row.pk: row.tokens.split() for row in rows}
    known = {row.pk: row for row in rows}
    return [known[pk] for pk in rank(tokens(words), texts, limit=limit)]


def text_in(canned: CannedReply, language: str) -> tuple[str, str]:
    """Its text in a language and that language; else in the shop's language, else in any that it has."""
    default = settings_of(canned.shop).default_language
    for one in (supported_language(language, default=default), default, *LANGUAGES):
        if one in canned.texts:
            return str(canned.texts[one]["body"]), one
    raise LookupError("A canned reply has a text in some language")


def fill(canned: CannedReply, ticket: Ticket, *, staff: StaffMember, language: str = "") -> Filled:
    """Its words for one conversation, in ``language``, else in the customer's."""
    source, written = text_in(canned, language or ticket.language)
    with translation.override(written):
        found = liquid.render(source, variables_of(ticket, staff=staff, language=written))
    return Filled(canned, found.text.strip(), written, found.missing)


# -- changing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_canned(
    shop: Shop,
    draft: CannedDraft,
    *,
    staff: StaffMember,
    canned: CannedReply | None = None,
    version: int = 0,
    at: datetime,
) -> CannedReply:
    """Add a canned reply, or change ``canned``, of which the editor had read ``version``.

    Raises:
        InvalidInput: names the field: "shortcut", "title", "folder", "texts", "texts.LANGUAGE", "attachments".
        Conflict: somebody saved or removed it meanwhile.
    """
    row = _row(shop, canned, version)
    apply(row, draft, staff=staff)
    if len(draft.attachments) > MAX_FILES:
        raise InvalidInput(_("At most %(limit)d files.") % {"limit": MAX_FILES}, "attachments")
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise InvalidInput(_("Another canned reply has this shortcut."), "shortcut") from None
    row.attachments.set(draft.attachments)
    return row


def apply(row: CannedReply, draft: CannedDraft, *, staff: StaffMember) -> None:
    """Put a draft into a row, files apart; nothing is saved. Raises InvalidInput as :func:`save_canned`."""
    row.shortcut = shortcut_of(draft.shortcut)
    row.title = one_line(draft.title, "title", limit=MAX_TITLE, required=True)
    row.folder = one_line(draft.folder, "folder", limit=MAX_FOLDER)
    row.owner = staff if draft.personal else None
    row.texts = _texts(draft.texts)
    row.tokens = _words(row)


@transaction.atomic
def remove_canned(canned: CannedReply, *, version: int, at: datetime) -> None:
    """Take it off every list; conversations keep what was said with it. Raises Conflict."""
    row = _row(canned.shop, canned, version)
    row.archived_at = at
    row.version += 1
    row.save(update_fields=["archived_at", "version"])


def note_used(shop: Shop, keys: Sequence[int], *, message: TicketMessage, at: datetime) -> None:
    """An answer was made of these; one that was sent twice by a lost connection counts once."""
    if message.created_at == at:
        mine = Q(owner=None) | Q(owner=message.staff_id)
        CannedReply.objects.filter(mine, shop=shop, pk__in=set(keys)).update(used=F("used") + 1, used_at=at)


def _row(shop: Shop, canned: CannedReply | None, version: int) -> CannedReply:
    if canned is None:
        Shop.objects.select_for_update(no_key=True).only("pk").get(pk=shop.pk)
        if CannedReply.objects.filter(shop=shop, archived_at=None).count() >= MOST:
            raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MOST}, "title")
        return CannedReply(shop=shop, version=0)
    row = CannedReply.objects.select_for_update(of=("self",)).select_related("shop").get(pk=canned.pk)
    if row.version != version or row.archived_at is not None:
        raise Conflict(_("Somebody else has saved this meanwhile; reload and try again."), "version")
    return row


def shortcut_of(given: str) -> str:
    """A shortcut in one spelling; raises InvalidInput("shortcut")."""
    text = unicodedata.normalize("NFKC", given).strip().lstrip("/").lower()
    if not 1 <= len(text) <= MAX_SHORTCUT or not _SHORTCUT.match(text):
        raise InvalidInput(
            _("Letters, digits and hyphens without spaces, at most %(limit)d.") % {"limit": MAX_SHORTCUT}, "shortcut"
        )
    return text


def _texts(given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for language, text in given.items():
        name = f"texts.{language}"
        if language not in LANGUAGES:
            raise InvalidInput(_("Not a language of this app."), name)
        body = paragraphs(text, name, limit=liquid.MAX_SOURCE, required=False)
        liquid.check(body, name)
        if body:
            kept[language] = {"body": body}
    if not kept:
        raise InvalidInput(_("Please write the text in one language at least."), "texts")
    return kept


def _words(row: CannedReply) -> str:
    """The words that suggestions compare: those of the title and the shortcut count twice."""
    name = tokens(f"{row.title} {row.folder} {row.shortcut.replace('-', ' ')}")
    bodies = [tokens(re.sub(r"\{[{%].*?[%}]\}", " ", text["body"])) for text in row.texts.values()]
    return " ".join([*name, *name, *(word for body in bodies for word in dict.fromkeys(body))])
