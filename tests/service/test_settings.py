import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from saleor_aftercare.service.env import SettingsError

SETTINGS = Path(__file__).parents[2] / "saleor_aftercare" / "service" / "settings.py"
GOOD = {
    "SECRET_KEY": "x" * 50,
    "PUBLIC_URL": "https://aftercare.test",
    "ALLOWED_SALEOR_URLS": "https://a.test/graphql/, https://b.test/graphql/",
    "ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "DATABASE_URL": "postgresql://u:p@db/aftercare",
    "BROKER_URL": "redis://valkey/0",
    "DEFAULT_FROM_EMAIL": "Shop <care@shop.test>",
    "EMAIL_URL": "smtp://mail.test:587?tls=1",
}


def load(monkeypatch, **changes):
    """The settings that this environment makes; a change of None takes a name away."""
    for name in list(os.environ):
        if name.startswith("ANYMAIL_") or name in {"DEBUG", "EMAIL_BACKEND", "LOG_FORMAT", "DATABASE_POOL_SIZE"}:
            monkeypatch.delenv(name)
    for name, value in (GOOD | changes).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def test_a_good_environment(monkeypatch):
    settings = load(monkeypatch)

    assert settings["ALLOWED_SALEOR_URLS"] == ("https://a.test/graphql/", "https://b.test/graphql/")
    assert settings["ALLOWED_HOSTS"] == ["aftercare.test", "127.0.0.1", "localhost", "::1"]
    assert settings["DEBUG"] is False
    assert settings["GRAPHQL_INTROSPECTION"] is False
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert "pool" not in settings["DATABASES"]["default"]["OPTIONS"]


def test_web_processes_keep_a_pool_and_no_connection_per_thread(monkeypatch):
    database = load(monkeypatch, DATABASE_POOL_SIZE="4")["DATABASES"]["default"]

    assert database["OPTIONS"]["pool"]["max_size"] == 4
    assert "CONN_MAX_AGE" not in database


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_required_setting_is_missed_by_name(monkeypatch, name):
    with pytest.raises(SettingsError) as raised:
        load(monkeypatch, **{name: None})

    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].startswith(f"{name} ")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short with 5 characters; give at least 50."),
        (
            {"PUBLIC_URL": "http://aftercare.test"},
            "PUBLIC_URL must start with https:// unless it names this very machine or DEBUG is true.",
        ),
        (
            {"ALLOWED_SALEOR_URLS": "*"},
            "ALLOWED_SALEOR_URLS may be * only when DEBUG is true; list the Saleors that may install the app.",
        ),
        (
            {"EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend"},
            "EMAIL_URL or EMAIL_BACKEND must be set, and not both; give smtp://user:password@host:587?tls=1.",
        ),
        ({"DATABASE_POOL_SIZE": "-1"}, "DATABASE_POOL_SIZE must be a whole number from 0 to 500, not '-1'."),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of json, console, not 'xml'."),
    ],
)
def test_a_wrong_setting_is_one_sentence(monkeypatch, changes, sentence):
    with pytest.raises(SettingsError) as raised:
        load(monkeypatch, **changes)

    assert raised.value.problems == [sentence]


def test_any_saleor_may_be_let_in_while_debugging(monkeypatch):
    assert load(monkeypatch, DEBUG="1", ALLOWED_SALEOR_URLS="*")["ALLOWED_SALEOR_URLS"] == ("*",)


def test_plain_http_is_fine_on_this_very_machine(monkeypatch):
    settings = load(monkeypatch, PUBLIC_URL="http://127.0.0.1:8686")

    assert settings["CSRF_COOKIE_SECURE"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 0


def test_an_anymail_backend_takes_the_place_of_the_mail_server(monkeypatch):
    settings = load(
        monkeypatch,
        EMAIL_URL=None,
        EMAIL_BACKEND="anymail.backends.postmark.EmailBackend",
        ANYMAIL_POSTMARK_SERVER_TOKEN="t",
    )

    assert settings["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
    assert settings["ANYMAIL"] == {"POSTMARK_SERVER_TOKEN": "t"}


@pytest.mark.parametrize("command", ["web", "worker", "beat", "migrate"])
def test_a_wrong_setting_stops_the_start_with_a_sentence_and_no_traceback(command):
    environ = {"PATH": os.environ["PATH"]} | GOOD | {"DATABASE_URL": "mysql://db/x"}
    run = [sys.executable, "-m", "saleor_aftercare.service", command]

    done = subprocess.run(run, env=environ, cwd=SETTINGS.parents[2], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == "DATABASE_URL must start with postgresql:// or postgres://.\n"
