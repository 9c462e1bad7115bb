import io
import json
import logging

import pytest
import structlog

from saleor_aftercare.core.logging import HIDDEN, configure, hide_sensitive, logging_config


@pytest.fixture
def lines(settings):
    """Log as JSON into a text; what tests usually do comes back afterwards."""
    configure(logging_config("json"))
    stream = io.StringIO()
    (handler,) = logging.getLogger().handlers[:1]
    handler.setStream(stream)

    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    configure(settings.LOGGING)


def look_up(*, password):
    raise LookupError(f"{len(password)} letters\nDETAIL:  Key (email)=(mia@example.com) already exists.")


def test_our_lines_carry_the_context_as_json(lines):
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("ours").info("return_approved", return_id=7)

    (line,) = lines()
    assert (line["event"], line["request_id"], line["return_id"], line["level"]) == ("return_approved", "r1", 7, "info")


def test_a_librarys_lines_look_the_same(lines):
    logging.getLogger("library").warning("slow: %s ms", 12)

    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("slow: 12 ms", "library", "warning")


def test_a_traceback_is_kept_without_the_values_of_its_variables(lines):
    try:
        look_up(password="hunter2")
    except LookupError:
        structlog.get_logger("ours").exception("job_crashed")

    (line,) = lines()
    assert line["exception"][0]["exc_value"] == "7 letters"
    assert line["exception"][0]["frames"][-1]["name"] == "look_up"
    assert not any(word in json.dumps(line) for word in ("hunter2", "mia@example.com"))


@pytest.mark.parametrize(
    "name", ["email", "customer_email", "Authorization", "app_token", "set_cookie", "shipping_address"]
)
def test_secrets_and_people_are_hidden_whoever_logs_them(name):
    assert hide_sensitive(None, "info", {"event": "x", name: "mia@example.com"})[name] == HIDDEN
    assert hide_sensitive(None, "info", {"event": "x", "more": {name: "y"}})["more"] == {name: HIDDEN}


def test_requests_of_httpx_are_not_logged_with_their_address(lines):
    logging.getLogger("httpx").info("HTTP Request: GET https://shop.test/?token=abc")

    assert lines() == []
