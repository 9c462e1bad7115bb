"""Logging: one structured line per event, with the request's or job's id, and without personal data.

Everything goes through structlog's formatter, our own lines and those of libraries alike. Context is bound with
``structlog.contextvars.bind_contextvars``. Values under names that hold secrets or people
are replaced whoever logs them.
"""

import functools
import logging.config
from collections.abc import Mapping
from typing import Any, Final

import orjson
import structlog
import structlog.tracebacks
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN: Final = "[hidden]"

#: Parts of names whose values never reach a log.
SENSITIVE: Final = (
    "address",
    "authorization",
    "body",
    "cookie",
    "email",
    "first_name",
    "last_name",
    "passw",
    "payload",
    "phone",
    "query_string",
    "secret",
    "signature",
    "token",
)


def hide_sensitive(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of sensitive names, at any depth of mappings."""
    return {name: _hide(name, value) for name, value in event.items()}


@functools.lru_cache(maxsize=4096)
def is_sensitive(name: str) -> bool:
    """Say whether values under this name hold secrets or people; names are few and come with every line."""
    return any(part in name.lower() for part in SENSITIVE)


def _hide(name: str, value: object) -> object:
    if is_sensitive(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _hide(str(key), inner) for key, inner in value.items()}
    return value


#: Stacks without the values of variables, which hold bodies, tokens and people.
TRACEBACKS: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=30)
)


def first_lines_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut the texts of exceptions after a line: PostgreSQL puts the row's values into the second one."""
    for exception in event.get("exception", ()):
        exception["exc_value"] = exception["exc_value"].partition("\n")[0]
        exception["exc_notes"] = []
    return event


def to_json(line: EventDict, **_options: Any) -> str:
    """Return one line of JSON; what has no form in it is shown as Python does."""
    return orjson.dumps(line, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()


def logging_config(log_format: str) -> dict[str, Any]:
    """Return the ``logging.config`` dictionary for ``json`` or ``console``."""
    renderer: list[Processor] = (
        [TRACEBACKS, first_lines_only, structlog.processors.JSONRenderer(serializer=to_json)]
        if log_format == "json"
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *shared_processors()],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Their INFO lines name every request with its full address, which may carry a token.
            "httpx": {"level": "WARNING"},
            # Its lines hold what goes over the line: mails, and whose.
            "imapclient": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            # One line per request is ours (service.middleware), without the address.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def shared_processors() -> list[Processor]:
    """Return the steps every line takes, ours or a library's."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_sensitive,
    ]


def configure(config: dict[str, Any]) -> None:
    """Set up logging and structlog; Django calls it with ``LOGGING``."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
