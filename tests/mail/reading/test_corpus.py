"""Every odd mail is read as the file beside it says; those files were written before the reader read them."""

import json
from pathlib import Path
from typing import Any

import pytest

from saleor_aftercare.mail.reading.inspect import VERSION, as_json
from saleor_aftercare.mail.reading.message import read

MAILS = Path(__file__).resolve().parents[2] / "files" / "mails"
FILES = sorted(MAILS.glob("*.eml"))


def part_of(found: Any, expected: Any) -> Any:
    """Of an object only what is expected of it; anything else whole."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return {name: part_of(found.get(name), value) for name, value in expected.items()}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_odd_mail_is_read_as_expected(path: Path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["expect"]

    found = as_json(read(path.read_bytes()))

    assert part_of(found, expected) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mail_reads_the_same_every_time_and_is_json(path: Path):
    first = json.dumps(as_json(read(path.read_bytes())), ensure_ascii=False)

    assert json.dumps(as_json(read(path.read_bytes())), ensure_ascii=False) == first
    assert json.loads(first)["version"] == VERSION


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_new_text_is_never_empty_where_there_are_words(path: Path):
    reading = read(path.read_bytes())

    assert bool(reading.new_text.strip()) == bool(reading.text.strip())


def test_the_collection_holds_what_its_page_says():
    assert len(FILES) == 104
    assert len([path for path in FILES if path.stem.startswith("ja-")]) == 37
    assert {path.stem for path in MAILS.glob("*.json")} == {path.stem for path in FILES}
