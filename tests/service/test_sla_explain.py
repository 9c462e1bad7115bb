"""`aftercare sla explain` from the shell: of a file without settings, a database or Django; of a conversation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from saleor_aftercare.core.errors import NotFound
from saleor_aftercare.service.__main__ import explain_ticket_of
from tests.inbox.sla.rows import write
from tests.make import HOUR, NOON, make_shop

ROOT = Path(__file__).parents[2]
DOCUMENT = {
    "now": "2026-11-20T16:30:00+01:00",
    "calendar": {"time_zone": "Europe/Berlin", "hours": {"fri": [{"start": "09:00", "end": "17:00"}]}},
    "policy": {"name": "問い合わせ", "targets": {"first_response": {"working_minutes": 120}}},
    "events": [{"at": "2026-11-20T16:00:00+01:00", "type": "created"}],
}


def run(file: str, *, given: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "saleor_aftercare.service", "sla", "explain", file]
    environ = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run(
        command, env=environ, cwd=ROOT, capture_output=True, text=True, input=given, encoding="utf-8", check=False
    )


def test_a_file_is_explained(tmp_path):
    file = tmp_path / "ticket.json"
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")

    done = run(str(file))

    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["policy"]["name"] == "問い合わせ"
    assert found["targets"]["first_response"]["due_at"] == "2026-11-27T10:00:00+01:00"


def test_standard_input_is_explained_whatever_the_terminal_can_show():
    done = run("-", given=json.dumps(DOCUMENT), PYTHONIOENCODING="latin-1")

    assert done.returncode == 0
    assert json.loads(done.stdout)["policy"]["name"] == "問い合わせ"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (json.dumps(DOCUMENT | {"calender": {}}), "calender: is unknown; known here: events, version, now"),
        ("{", "document: line 1, column 2: Expecting property name"),
        (
            json.dumps(DOCUMENT).replace('"17:00"', '"17:61"'),
            'calendar.hours.fri[0].end: "17:61" is not a time of day',
        ),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(given, line):
    done = run("-", given=given)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    missing, folder = run(str(tmp_path / "none.json")), run(str(tmp_path))

    assert (missing.returncode, missing.stderr) == (2, f"{tmp_path}/none.json: No such file or directory\n")
    assert (folder.returncode, folder.stderr) == (2, f"{tmp_path}: Is a directory\n")


def test_a_reader_who_has_had_enough_is_no_error(tmp_path):
    events = [{"at": f"2026-11-20T{n // 60:02}:{n % 60:02}:00+01:00", "type": "created"} for n in range(900)]
    events += [{"at": event["at"], "type": kind} for event in events for kind in ("staff_reply", "customer_message")]
    file = tmp_path / "long.json"
    file.write_text(json.dumps(DOCUMENT | {"events": events}), encoding="utf-8")
    command = [sys.executable, "-m", "saleor_aftercare.service", "sla", "explain", str(file)]

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(1)
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (1, b"")


@pytest.mark.parametrize(
    "arguments", [[], ["x.json", "--ticket", "1", "--shop", "s"], ["--ticket", "1"], ["--shop", "s"]]
)
def test_either_a_file_or_a_conversation_with_its_shop_is_wanted(arguments):
    command = [sys.executable, "-m", "saleor_aftercare.service", "sla", "explain", *arguments]

    done = subprocess.run(
        command, env={"PATH": os.environ["PATH"]}, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Give either a file, or a conversation with --ticket NUMBER and --shop HANDLE.\n"


@pytest.mark.django_db
def test_a_conversation_of_the_inbox_is_explained_by_its_shops_promises():
    shop = make_shop(settings={"answer_within_hours": 8})
    ticket = write(shop, NOON)

    found = explain_ticket_of(shop.handle, ticket.number)

    assert (found["ticket"], found["overdue"]) == (
        ticket.number,
        [{"target": "first_response", "due_at": (NOON + 8 * HOUR).isoformat()}],
    )
    json.dumps(found)
    with pytest.raises(NotFound):
        explain_ticket_of(shop.handle, 1)
    with pytest.raises(NotFound):
        explain_ticket_of("nowhere", ticket.number)
