"""Every odd mail that we have, our own and other projects', through the whole intake: none fails, none is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import saleor_aftercare.tasks  # noqa: F401  for the handlers that it registers
from saleor_aftercare.channels import actions as channels
from saleor_aftercare.channels.models import InboundMessage, InboundState
from saleor_aftercare.core import files
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job
from saleor_aftercare.inbox.models import TicketMessage
from tests.inbox.mails import make_mailbox
from tests.make import NOON

pytestmark = pytest.mark.django_db

MAILS = Path(__file__).parents[1] / "files" / "mails"
PUBLIC = sorted(path.name for path in (MAILS / "public").iterdir())
#: What the mails of each project are taken for.
KINDS = {
    "django-mailbox": {"message": 20},
    "flufl-bounce": {"bounce": 109, "auto_reply": 1, "message": 7},
    "mail-parser": {"message": 9, "bounce": 1},
    "talon": {"message": 12},
}


def take_in_all(folder: Path) -> list[InboundMessage]:
    """All mails of a folder, from a mailbox that answers; what they became."""
    box = make_mailbox(auto_reply=True)
    for path in sorted(folder.glob("*.eml")):
        channels.take_in(box, path.read_bytes(), at=NOON)
    run_due()
    return list(InboundMessage.objects.filter(account=box).select_related("raw").order_by("pk"))


@pytest.mark.parametrize("folder", [MAILS, *(MAILS / "public" / name for name in PUBLIC)], ids=["own", *PUBLIC])
def test_no_mail_of_the_corpus_fails_or_is_lost(folder: Path):
    rows = take_in_all(folder)

    assert len(rows) == len({path.read_bytes() for path in folder.glob("*.eml")})
    assert {row.state for row in rows} <= {InboundState.FILED, InboundState.IGNORED}
    assert all(row.outcome for row in rows)
    assert all(row.raw is not None and files.content_of(row.raw) for row in rows if row.raw.size_bytes)
    assert not Job.objects.exclude(state="done").exists()
    heard = set(TicketMessage.objects.filter(inbound__in=rows).values_list("inbound_id", flat=True))
    people = {row.pk for row in rows if row.kind == "message" and row.state == InboundState.FILED}
    assert people <= heard
    assert {row.outcome for row in rows if row.kind == "message" and row.pk not in heard} <= {"copy", "own_address"}


@pytest.mark.parametrize("name", PUBLIC)
def test_mails_of_other_projects_are_taken_for_what_they_are(name: str):
    assert Counter(row.kind for row in take_in_all(MAILS / "public" / name)) == KINDS[name]
