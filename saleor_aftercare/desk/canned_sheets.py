"""Canned replies as a table, to take them elsewhere and to bring many at once: all of a table, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core.errors import Conflict, InvalidInput
from saleor_aftercare.core.languages import LANGUAGES
from saleor_aftercare.core.models import Shop
from saleor_aftercare.core.sheets import Row, read_rows

from .canned import MOST, CannedDraft, apply, shortcut_of, visible_to
from .models import CannedReply

MAX_BYTES: Final = 5 * 1024 * 1024
#: Problems that are told at once; the first ones are enough to mend a table.
MAX_PROBLEMS: Final = 100
COLUMNS: Final = ("shortcut", "title", "folder", "personal", *(f"text_{one}" for one in LANGUAGES))
_REQUIRED: Final = ("shortcut", "title")
_YES: Final = frozenset({"yes", "true", "1", "はい"})
_NO: Final = frozenset({"", "no", "false", "0", "いいえ"})


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one cell."""

    line: int  #: of the file, from 1
    column: str  #: its name in the first row
    message: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a table brings, or would bring."""

    added: int
    changed: int
    unchanged: int
    problems: tuple[CellProblem, ...]  #: with any, nothing is brought


def rows_of(shop: Shop, staff: StaffMember) -> Iterator[list[str]]:
    """The table of everybody's and one's own: its head, then a row each. Files are no part of it."""
    yield list(COLUMNS)
    for row in visible_to(shop, staff)[:MOST]:
        texts = [str(row.texts[one]["body"]) if one in row.texts else "" for one in LANGUAGES]
        yield [row.shortcut, row.title, row.folder, "no" if row.owner is None else "yes", *texts]


@transaction.atomic
def bring(shop: Shop, data: bytes, *, staff: StaffMember, may_share: bool, dry_run: bool, at: datetime) -> Brought:
    """Add what is new in a table and change what is there, by the shortcut; nothing is taken away.

    A text that the table leaves empty goes; files and counts stay. ``may_share`` is whether ``staff`` may change what
    everybody uses. With ``dry_run`` nothing is written, and every problem is told.

    Raises:
        InvalidInput: "file": it is no table, or without ``dry_run`` something in it is wrong; says the line and column.
        Conflict: somebody changed the same ones at this moment.
    """
    head, *rows = read_rows(data, most_bytes=MAX_BYTES, most_rows=MOST + 1) or [Row(1, ())]
    names = _names(head)
    # Whoever adds one waits, so that no two of a shortcut come in, nor more than there may be.
    Shop.objects.select_for_update(no_key=True).only("pk").get(pk=shop.pk)
    known = {
        (row.owner_id, row.shortcut): row
        for row in visible_to(shop, staff).select_related(None).select_for_update(of=("self",))
    }
    problems: list[CellProblem] = []
    wanted: dict[tuple[int | None, str], CannedReply] = {}
    added, changed = list[CannedReply](), list[CannedReply]()
    for row in rows:
        try:
            draft = _draft(row, names, staff=staff, may_share=may_share)
            key = (staff.pk if draft.personal else None, shortcut_of(draft.shortcut))
            there = known.get(key)
            reply = there or CannedReply(shop=shop, version=0)
            before = (reply.shortcut, reply.title, reply.folder, reply.texts)
            apply(reply, draft, staff=staff)
        except InvalidInput as error:
            problems.append(CellProblem(row.line, _column(error.field, names), error.message))
            continue
        if key in wanted:
            problems.append(CellProblem(row.line, "shortcut", _("This stands here twice.")))
            continue
        wanted[key] = reply
        if there is None:
            added.append(reply)
        elif before != (reply.shortcut, reply.title, reply.folder, reply.texts):
            changed.append(reply)
    if not problems and CannedReply.objects.filter(shop=shop, archived_at=None).count() + len(added) > MOST:
        problems.append(CellProblem(rows[-1].line, "shortcut", _("At most %(limit)d entries.") % {"limit": MOST}))
    if not dry_run:
        _keep(added, changed, problems)
    return Brought(len(added), len(changed), len(wanted) - len(added) - len(changed), tuple(problems[:MAX_PROBLEMS]))


def _keep(added: Sequence[CannedReply], changed: Sequence[CannedReply], problems: Sequence[CellProblem]) -> None:
    if problems:
        first = problems[0]
        message = _("Line %(line)d, column %(column)s: %(message)s")
        blanks = {"line": first.line, "column": first.column, "message": first.message}
        raise InvalidInput(message % blanks, "file")
    for reply in (*added, *changed):
        reply.version += 1
    try:
        with transaction.atomic():
            CannedReply.objects.bulk_create(added)
            CannedReply.objects.bulk_update(changed, ["title", "folder", "texts", "tokens", "version"], batch_size=100)
    except IntegrityError:
        raise Conflict(_("Somebody else has saved this meanwhile; reload and try again."), "file") from None


def _names(head: Row) -> dict[str, int]:
    """Where each column stands; raises InvalidInput("file")."""
    given = [cell.strip().lower() for cell in head.cells]
    while given and not given[-1]:
        given.pop()
    for name in given:
        if name not in COLUMNS or given.count(name) > 1:
            message = _("Line %(line)d: unknown column “%(name)s”, or twice. Columns are %(names)s.")
            blanks = {"line": head.line, "name": name[:60], "names": ", ".join(COLUMNS)}
            raise InvalidInput(message % blanks, "file")
    for name in _REQUIRED:
        if name not in given:
            message = _("Line %(line)d: the column “%(name)s” is missing.") % {"line": head.line, "name": name}
            raise InvalidInput(message, "file")
    return {name: given.index(name) for name in given}


def _draft(row: Row, names: Mapping[str, int], *, staff: StaffMember, may_share: bool) -> CannedDraft:
    def cell(name: str) -> str:
        place = names.get(name, len(row.cells))
        return row.cells[place] if place < len(row.cells) else ""

    if any(one.strip() for one in row.cells[len(names) :]):
        raise InvalidInput(_("This row has more cells than the first one."), "shortcut")
    personal = cell("personal").strip().lower()
    if personal not in _YES | _NO:
        raise InvalidInput(_("Write yes or no."), "personal")
    if personal in _NO and not may_share:
        raise InvalidInput(_("Only the shop's own staff change what everybody uses."), "personal")
    return CannedDraft(
        shortcut=cell("shortcut"),
        title=cell("title"),
        folder=cell("folder"),
        personal=personal in _YES,
        texts={one: cell(f"text_{one}") for one in LANGUAGES},
    )


def _column(field: str | None, names: Mapping[str, int]) -> str:
    """The column of a field of a draft; of all texts together the first one."""
    if field and field.startswith("texts."):
        return f"text_{field.removeprefix('texts.')}"
    if field == "texts":
        return next((name for name in names if name.startswith("text_")), f"text_{LANGUAGES[0]}")
    return field or "shortcut"
