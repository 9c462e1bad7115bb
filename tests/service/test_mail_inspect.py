"""`aftercare mail inspect` from the shell: without settings, a database or Django."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAIL = ROOT / "tests" / "files" / "mails" / "ja-25-gmail-reply.eml"


def run(*words: str, given: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "saleor_aftercare.service", "mail", "inspect", *words]
    environ = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, input=given, check=False)


def test_a_file_is_printed_as_json_in_utf_8_whatever_the_locale():
    done = run(str(MAIL), LC_ALL="C", PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, b"")
    assert "交換をお願いします。".encode() in done.stdout
    found = json.loads(done.stdout)
    assert (found["version"], found["from"]["name"], found["subject"]) == (1, "山田太郎", "Re: ご注文の件")


def test_standard_input_is_read():
    done = run("-", given=MAIL.read_bytes())

    assert done.stdout == run(str(MAIL)).stdout


def test_our_own_addresses_are_told_by_the_caller():
    done = run("-", "--own", "a@x.example", "--own", "b@x.example", given=b"From: B@x.example\n\nhi")

    assert json.loads(done.stdout)["automatic_answer"]["reason"] == "It comes from one of our own addresses."


def test_neither_django_nor_settings_are_loaded():
    code = (
        "import sys; from saleor_aftercare.service.__main__ import main; main(['mail', 'inspect', sys.argv[1]]);"
        "sys.exit('django' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(MAIL)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path):
    missing = run(str(tmp_path / "no.eml"))
    folder = run(str(tmp_path))

    assert (missing.returncode, missing.stdout) == (2, b"")
    assert missing.stderr.decode().strip() == f"The mail '{tmp_path}/no.eml' cannot be read: No such file or directory."
    assert (folder.returncode, folder.stderr.count(b"\n")) == (2, 1)


def test_the_page_about_the_format_shows_what_is_printed():
    page = (ROOT / "docs" / "mail-inspect.md").read_text(encoding="utf-8")
    example = page.partition("\n## Example\n")[2]
    raw = re.search(r"```eml\n(.*?)```", example, re.DOTALL)[1]
    shown = json.loads(re.search(r"```json\n(.*?)```", example, re.DOTALL)[1])

    assert json.loads(run("-", given=raw.encode()).stdout) == shown


def test_the_table_of_the_format_has_the_fields_that_are_printed_and_no_others():
    page = (ROOT / "docs" / "mail-inspect.md").read_text(encoding="utf-8").partition("\n## The format\n")[2]
    told = [name for cell in re.findall(r"^\| (`.+?) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)]

    assert sorted(["version", *told]) == sorted(json.loads(run(str(MAIL)).stdout))


def test_the_page_about_the_format_names_every_field():
    page = (ROOT / "docs" / "mail-inspect.md").read_text(encoding="utf-8")
    bounce = ROOT / "tests" / "files" / "mails" / "bounce-dsn-permanent.eml"
    names: set[str] = set()
    waiting: list[object] = [json.loads(run(str(bounce)).stdout), json.loads(run(str(MAIL)).stdout)]
    while waiting:
        match waiting.pop():
            case dict() as found:
                names |= found.keys()
                waiting += found.values()
            case list() as found:
                waiting += found

    assert {name for name in names if f"`{name}`" not in page} == set()
