"""The documentation is complete where a list can be compared with the code."""

import re
from pathlib import Path

import pytest

from saleor_aftercare.conf import SETTINGS
from saleor_aftercare.service.__main__ import parser

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
READERS = r"env\.(?:text|required|boolean|integer|choice|words|path|parsed|prefixed)\(\s*\"([A-Z_]+)\""
ENVIRON = r"environ(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z_]+)\""


def names_read_by_the_service() -> set[str]:
    """Every name that the service and the practice shop read from the environment."""
    found: set[str] = set()
    hosts = ROOT / "saleor_aftercare"
    for source in [*(hosts / "service").glob("*.py"), hosts / "sandbox" / "settings.py"]:
        text = source.read_text(encoding="utf-8")
        found |= set(re.findall(READERS, text)) | set(re.findall(ENVIRON, text))
    return found


def test_the_list_of_names_read_is_not_empty():
    assert {"DATABASE_URL", "SECRET_KEY", "ANYMAIL_", "DATABASE_POOL_SIZE", "LOG_FORMAT"} <= names_read_by_the_service()


@pytest.mark.parametrize("name", sorted(names_read_by_the_service() | {setting.name for setting in SETTINGS}))
def test_each_setting_is_explained(name: str):
    shown = f"`{name}*`" if name.endswith("_") else f"`{name}`"

    assert shown in PAGE


def test_no_setting_is_explained_that_nobody_reads():
    rows = re.findall(r"^\| `([A-Z_]+)\*?`", PAGE, flags=re.MULTILINE)

    assert set(rows) <= names_read_by_the_service()


def test_each_command_of_the_console_script_has_a_sentence():
    actions = [action for action in parser()._actions if action.choices]
    commands = {name: command.description for action in actions for name, command in action.choices.items()}

    assert set(commands) == {
        "demo",
        "web",
        "worker",
        "beat",
        "migrate",
        "check",
        "reconcile",
        "reencrypt",
        "sla",
        "mail",
    }
    assert all(text and text.endswith(".") for text in commands.values())


def test_each_target_of_the_makefile_that_people_use_is_in_its_help():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.sub(r"\\\n", " ", re.search(r"\.PHONY:((?:.*\\\n)*.*)", text)[1]).split())
    helped = set(re.findall(r"^([a-z0-9-]+):.*## ", text, flags=re.MULTILINE))

    assert phony - helped == {"assets"}
