"""Reads the environment strictly: a bad value becomes one sentence that names the setting and says what it wants."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


class SettingsError(ImproperlyConfigured):
    """The environment cannot be used; ``problems`` holds a sentence per bad setting, the text is the first of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems[0])
        self.problems = problems


class Env:
    """The environment, with a reader per kind of value.

    A bad value is noted and its default returned, so that one pass finds every problem; ``finish()`` raises for them.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def wrong(self, name: str, why: str) -> None:
        """Note that a setting cannot be used; ``why`` goes on after the name."""
        self.problems.append(f"{name} {why}.")

    def finish(self) -> None:
        """Raise SettingsError if any setting was wrong."""
        if self.problems:
            raise SettingsError(self.problems)

    def text(self, name: str, default: str = "") -> str:
        """Return the trimmed text; an empty value counts as not given."""
        return self._environ.get(name, "").strip() or default

    def required(self, name: str, hint: str) -> str:
        """Return the text, or note that it is missing; ``hint`` says what to give."""
        value = self.text(name)
        if not value:
            self.wrong(name, f"is not set; {hint}")
        return value

    def boolean(self, name: str, *, default: bool) -> bool:
        """Read 1/0, true/false, yes/no, on/off."""
        value = self.text(name).lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            self.wrong(name, f"must be true or false, not {value!r}")
        return value in TRUE

    def integer(self, name: str, default: int, *, low: int, high: int) -> int:
        """Read a whole number between ``low`` and ``high``, both included."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or not low <= int(value) <= high:
            self.wrong(name, f"must be a whole number from {low} to {high}, not {value!r}")
            return default
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Read one of a few words; the first one is the default."""
        value = self.text(name, choices[0])
        if value not in choices:
            self.wrong(name, f"must be one of {', '.join(choices)}, not {value!r}")
            return choices[0]
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """Read a comma-separated list without its empty items."""
        return tuple(word for part in self.text(name).split(",") if (word := part.strip()))

    def path(self, name: str) -> Path | None:
        """Read an absolute path; it need not exist yet."""
        value = self.text(name)
        if not value:
            return None
        path = Path(value).expanduser()
        if not path.is_absolute():
            self.wrong(name, f"must be an absolute path, not {value!r}")
        return path

    def prefixed(self, prefix: str) -> dict[str, Any]:
        """Collect every setting of this prefix without it; JSON objects and lists are read as such."""
        found: dict[str, Any] = {}
        for name in sorted(self._environ):
            if not name.startswith(prefix):
                continue
            value = self.text(name)
            found[name.removeprefix(prefix)] = value
            if value.startswith(("{", "[")):
                try:
                    found[name.removeprefix(prefix)] = json.loads(value)
                except json.JSONDecodeError:
                    self.wrong(name, "looks like JSON and is not")
        return found

    def parsed(self, name: str, value: str, parse: Callable[[str], T], default: T) -> T:
        """Pass a given value through ``parse``; a ValueError's text becomes the problem."""
        if not value:
            return default
        try:
            return parse(value)
        except ValueError as error:
            self.wrong(name, str(error))
            return default


def split_url(value: str, *schemes: str) -> SplitResult:
    """Split a URL of one of the schemes. Values may hold passwords, so no message repeats them.

    Raises:
        ValueError: another scheme, or a port that is no number.
    """
    url = urlsplit(value)
    if url.scheme not in schemes:
        raise ValueError(f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    try:
        _ = url.port
    except ValueError:
        raise ValueError("has a port that is no number from 0 to 65535") from None
    return url


def parse_origin(value: str) -> str:
    """Return ``https://host[:port]``, without a slash at the end."""
    url = split_url(value, "https", "http")
    if not url.hostname or url.path not in ("", "/") or url.query or url.fragment or url.username:
        raise ValueError(f"must be an origin such as https://aftercare.example.com, not {value!r}")
    return f"{url.scheme}://{url.netloc}"


def parse_saleor_url(value: str) -> str:
    """Return the GraphQL address of a Saleor, such as ``https://shop.saleor.cloud/graphql/``."""
    url = split_url(value, "https", "http")
    if not url.hostname or not url.path.endswith("/graphql/") or url.query or url.fragment:
        raise ValueError(f"must list API addresses such as https://shop.saleor.cloud/graphql/, not {value!r}")
    return value


def parse_fernet_key(value: str) -> str:
    """Check one encryption key."""
    try:
        Fernet(value.encode())
    except ValueError:
        raise ValueError(
            "must hold keys of 32 bytes in url-safe base64; make one with: python -c "
            '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        ) from None
    return value


def parse_database_url(value: str) -> dict[str, Any]:
    """Turn ``postgresql://user:password@host:port/name?sslmode=require`` into Django's database settings.

    A folder in ``?host=`` means the UNIX socket in it; other parameters go to libpq as they are.
    """
    url = split_url(value, "postgresql", "postgres")
    options = dict(parse_qsl(url.query))
    name = unquote(url.path.lstrip("/"))
    if not name:
        raise ValueError("must name the database after the host: postgresql://user:password@host/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": options.pop("port", str(url.port or "")),
        "OPTIONS": options,
    }


def parse_broker_url(value: str) -> str:
    """Check the broker's address: Valkey or Redis by network or UNIX socket."""
    url = split_url(value, "redis", "rediss", "redis+socket")
    if url.scheme == "redis+socket" and not url.path.startswith("/"):
        raise ValueError("must give the socket's path: redis+socket:///run/valkey/valkey.sock")
    if url.scheme != "redis+socket" and not url.hostname:
        raise ValueError("must name the host: redis://host:6379/0")
    return value


def cache_url(broker_url: str) -> str:
    """Return the same server in the words of redis-py."""
    if broker_url.startswith("redis+socket://"):
        return "unix://" + urlsplit(broker_url).path
    return broker_url


def parse_client(value: str) -> tuple[str, str]:
    """Split ``<client id>:<client secret>``."""
    client_id, colon, secret = value.partition(":")
    if not client_id or not colon or not secret:
        raise ValueError("must be <client id>:<client secret>")
    return client_id, secret


def parse_email_url(value: str) -> dict[str, Any]:
    """Turn ``smtp://user:password@host:587?tls=1`` into Django's e-mail settings; ``ssl=1`` is TLS from the start."""
    url = split_url(value, "smtp")
    options = dict(parse_qsl(url.query))
    unknown = sorted(set(options) - {"tls", "ssl", "timeout"})
    if unknown:
        raise ValueError(f"knows the options tls, ssl and timeout, not {unknown[0]!r}")
    if not url.hostname:
        raise ValueError("must name the mail server: smtp://user:password@host:587?tls=1")
    if not options.get("timeout", "1").isdecimal():
        raise ValueError("wants its timeout in whole seconds")
    secure = options.get("ssl") == "1"
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if secure else 587 if options.get("tls") == "1" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": options.get("tls") == "1" and not secure,
        "EMAIL_USE_SSL": secure,
        "EMAIL_TIMEOUT": int(options.get("timeout", "15")),
    }
