"""What somebody is writing, kept while they write: one text per person, conversation and kind, however many tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import files
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.models import Shop, StoredFile
from saleor_aftercare.core.texts import email

from .actions.thread import MAX_BODY, check_storable
from .models import ReplyDraft, Ticket, TicketMessage

MAX_CC: Final = 10
#: Room for what two tabs wrote; what is sent may be shorter only.
MAX_DRAFT: Final = 3 * MAX_BODY
#: Between two texts that were written in two places at once.
SEAM: Final = "\n\n---\n\n"


@dataclass(frozen=True)
class Saved:
    """A draft as it is now."""

    draft: ReplyDraft
    #: What another tab had written since, when that was not known to whoever saved: it now stands first, above a line.
    met: str | None = None


@transaction.atomic
def save_draft(
    ticket: Ticket,
    *,
    staff: StaffMember,
    is_note: bool,
    body: str,
    version: int,
    language: str = "",
    cc: Sequence[str] = (),
    seen_message_id: int = 0,
    at: datetime,
) -> Saved:
    """Keep what somebody has written so far; ``version`` is that of the text they went on from, 0 for none.

    Who saves over a version that they have not seen loses nothing and overwrites nothing: both texts are kept, the
    other one first. Raises InvalidInput("body", "cc.N" or "language").
    """
    if len(body) > MAX_DRAFT:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_DRAFT}, "body")
    check_storable(body, "body")
    if len(language) > 10:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": 10}, "language")
    draft = _locked(ticket, staff, is_note=is_note, at=at)
    met = None
    if version != draft.version and not _is_part(draft.body, of=body):
        met = draft.body
        body = met if _is_part(body, of=met) else met + SEAM + body
    draft.body, draft.language, draft.cc = body, language, draft_cc(cc)
    draft.seen_message_id = seen_message_id
    return Saved(_store(draft, at=at), met)


def _is_part(text: str, *, of: str) -> bool:
    """Whether nothing would be lost if ``of`` stood in the place of ``text``."""
    return text.strip() in of


def draft_cc(given: Sequence[str]) -> list[str]:
    """Further readers of a letter, each once; raises InvalidInput("cc" or "cc.N")."""
    if len(given) > MAX_CC:
        raise InvalidInput(_("At most %(limit)d entries.") % {"limit": MAX_CC}, "cc")
    return list(dict.fromkeys(email(one, f"cc.{n}") for n, one in enumerate(given)))


@transaction.atomic
def attach(ticket: Ticket, uploads: Iterable[StoredFile], *, staff: StaffMember, at: datetime) -> ReplyDraft:
    """Lay files beside the reply that somebody is writing; raises InvalidInput("files") for too many."""
    draft = _locked(ticket, staff, is_note=False, at=at)
    wanted = {*draft.attachments.values_list("pk", flat=True), *(file.pk for file in uploads)}
    if len(wanted) > files.MAX_FILES:
        raise InvalidInput(_("At most %(limit)d files.") % {"limit": files.MAX_FILES}, "files")
    draft.attachments.set(wanted)
    return _store(draft, at=at)


@transaction.atomic
def detach(ticket: Ticket, file_pk: int, *, staff: StaffMember, at: datetime) -> ReplyDraft:
    """Take a file away again; one that is not there changes nothing but the version."""
    draft = _locked(ticket, staff, is_note=False, at=at)
    draft.attachments.remove(file_pk)
    return _store(draft, at=at)


def files_of(ticket: Ticket, staff: StaffMember, wanted: Sequence[int], *, field: str) -> list[StoredFile]:
    """Files of somebody's draft, in the order of ``wanted``; raises InvalidInput for one that is not there.

    Only what lies in one's own draft can be sent: a file's number alone opens nothing.
    """
    rows = StoredFile.objects.filter(
        pk__in=ReplyDraft.attachments.through.objects.filter(
            replydraft__ticket=ticket, replydraft__member=staff
        ).values("storedfile_id")
    )
    found = {row.pk: row for row in rows}
    for n, pk in enumerate(wanted):
        if pk not in found:
            raise InvalidInput(_("This file is not part of your draft."), f"{field}.{n}")
    return [found[pk] for pk in dict.fromkeys(wanted)]


def clear(ticket: Ticket, *, staff: StaffMember, is_note: bool, at: datetime) -> None:
    """What was written is said: the draft is empty. Its version goes on, so that a late tab cannot bring it back."""
    draft = ReplyDraft.objects.select_for_update().filter(ticket=ticket, member=staff, is_note=is_note).first()
    if draft is not None:
        draft.body, draft.cc, draft.seen_message_id = "", [], 0
        draft.attachments.clear()
        _store(draft, at=at)


def restore(message: TicketMessage, *, staff: StaffMember, cc: Sequence[str], at: datetime) -> ReplyDraft:
    """Make a draft again of an answer that was taken back; what was begun meanwhile stays below it."""
    draft = _locked(message.ticket, staff, is_note=False, at=at)
    begun = draft.body.strip()
    draft.body = message.body if not begun or begun in message.body else message.body + SEAM + begun
    draft.language, draft.cc = message.language, list(dict.fromkeys([*cc, *draft.cc]))[:MAX_CC]
    draft.attachments.add(*message.attachments.all())
    return _store(draft, at=at)


def drafts_of(shop: Shop, staff: StaffMember, tickets: Iterable[int]) -> list[ReplyDraft]:
    """What somebody is writing in these conversations, and what is empty but was not always."""
    rows = ReplyDraft.objects.filter(shop=shop, member=staff, ticket__in=list(tickets))
    return list(rows.prefetch_related("attachments").order_by("pk"))


def _locked(ticket: Ticket, staff: StaffMember, *, is_note: bool, at: datetime) -> ReplyDraft:
    if staff.shop_id != ticket.shop_id:
        raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
    row, _made = ReplyDraft.objects.get_or_create(
        ticket=ticket,
        member=staff,
        is_note=is_note,
        defaults={"shop_id": ticket.shop_id, "body": "", "version": 0, "updated_at": at},
    )
    return ReplyDraft.objects.select_for_update().get(pk=row.pk)


def _store(draft: ReplyDraft, *, at: datetime) -> ReplyDraft:
    draft.version, draft.updated_at = draft.version + 1, at
    draft.save()
    return draft
