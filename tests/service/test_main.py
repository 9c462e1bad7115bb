import os
import subprocess
import sys
from pathlib import Path

import pytest

from saleor_aftercare.service.__main__ import main
from tests import settings as test_settings

ROOT = Path(__file__).parents[2]
BARE = {"PATH": os.environ["PATH"]}


def run(*arguments, **environ):
    command = [sys.executable, "-m", "saleor_aftercare.service", *arguments]
    return subprocess.run(command, env=BARE | environ, cwd=ROOT, capture_output=True, text=True, check=False)


def deployment(**changes):
    """A complete environment on the test servers."""
    names = ("SECRET_KEY", "PUBLIC_URL", "ALLOWED_SALEOR_URLS", "ENCRYPTION_KEYS", "BROKER_URL")
    given = {name: os.environ[name] for name in (*names, "EMAIL_BACKEND", "DEFAULT_FROM_EMAIL")}
    return given | changes


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(word in text for word in ("demo", "web", "worker", "beat", "migrate", "check", "reconcile", "reencrypt"))


def test_a_port_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--port", "70000"])

    assert ended.value.code == 2
    assert "'70000' is no port" in capsys.readouterr().err


def test_check_names_every_problem_of_an_empty_environment():
    done = run("check")

    assert done.returncode == 1
    names = [line.split(" ")[0] for line in done.stderr.splitlines()]
    assert names[:2] == ["SECRET_KEY", "PUBLIC_URL"]
    assert {"DATABASE_URL", "BROKER_URL", "ENCRYPTION_KEYS", "ALLOWED_SALEOR_URLS", "EMAIL_URL"} <= set(names)


def test_check_says_what_cannot_be_reached():
    unreachable = deployment(DATABASE_URL="postgresql://x@127.0.0.1:1/x", BROKER_URL="redis://127.0.0.1:1/0")

    done = run("check", **unreachable)

    assert done.returncode == 1
    assert "The database: unreachable." in done.stderr
    assert "The broker: unreachable." in done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_without_a_database_is_one_sentence():
    done = run("migrate", **deployment(DATABASE_URL="postgresql://x:secret@127.0.0.1:1/x"))

    assert done.returncode == 2
    assert done.stderr.startswith("The database in DATABASE_URL cannot be reached: ")
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr


def test_a_missing_module_is_one_sentence(tmp_path):
    (tmp_path / "psutil.py").write_text("raise ModuleNotFoundError(\"No module named 'psutil'\", name='psutil')")

    done = run("demo", "--data", str(tmp_path / "data"), PYTHONPATH=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr.startswith("The Python module 'psutil' is missing; run `make demo`")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not test_settings.EMBEDDED, reason="creates a database beside the tests' own")
@pytest.mark.django_db
def test_migrate_and_check_on_an_empty_database(valkey):
    import psycopg

    sockets = test_settings.SCRATCH / "postgres"
    with psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}", autocommit=True) as admin:
        admin.execute("CREATE DATABASE fresh")
    environ = deployment(DATABASE_URL=f"postgresql://postgres@/fresh?host={sockets}")

    before = run("check", **environ)
    migrated = run("migrate", **environ)
    after = run("check", **environ)

    assert "to apply; run: aftercare migrate" in before.stderr
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert (after.returncode, after.stderr) == (0, "")
    assert after.stdout == "Settings, database, broker and migrations are fine.\n"
