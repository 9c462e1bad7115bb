"""The whole product on one machine, with nothing set up by hand: `aftercare demo`."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import httpx
from aiosmtpd.controller import Controller
from celery import Celery

from saleor_aftercare.service import commands
from saleor_aftercare.service.datafolder import end_leftovers, load_keys, locked, remember_processes
from saleor_aftercare.service.embedded import Postgres, Valkey
from saleor_aftercare.service.mailsink import start_mail_sink
from saleor_aftercare.service.processes import Child, StartError, last_line, python

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 90.0
#: What a developer's own shell may hold and the demo must not take over.
FOREIGN: Final = ("EMAIL_BACKEND", "SENTRY_DSN", "ALLOWED_HOSTS", "METRICS_TOKEN", "DJANGO_SETTINGS_MODULE")


ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked the demo to end."""


def stop_on_signal(_number: int, _frame: FrameType | None) -> NoReturn:
    """Turn the first signal into an orderly end."""
    raise Stopped


@dataclass(frozen=True)
class Ports:
    """The demo's three doors: the service, the practice shop, the mail server."""

    web: int

    @property
    def shop(self) -> int:
        """Return the practice shop's port."""
        return self.web + 1

    @property
    def mail(self) -> int:
        """Return the mail server's port."""
        return self.web + 2

    def check_free(self) -> None:
        """Raise StartError for the first port that somebody else listens on."""
        for port in (self.web, self.shop, self.mail):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError:
                    raise StartError(
                        f"Port {port} is in use; end the program that listens there,"
                        f" or choose other ports with: make demo PORT={self.web + 10}"
                    ) from None


class Demo:
    """Starts every process, watches them, and ends them all."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.absolute()
        self.ports = Ports(port)
        self.logs = self.folder / "logs"
        self.children: list[Child] = []
        self.sink: Controller | None = None

    def run(self) -> None:
        """Be ready, stay until somebody ends it or a process dies, and leave nothing behind.

        Raises:
            StartError: something is missing, in use, broken, or has died.
        """
        for number in ENDINGS:
            signal.signal(number, stop_on_signal)
        with locked(self.folder):
            try:
                end_leftovers(self.folder / "processes.json")
                self.ports.check_free()
                self.start()
                print(f"Aftercare is ready: http://{HOST}:{self.ports.web}/", flush=True)
                self.watch()
            except Stopped:
                pass
            finally:
                for number in ENDINGS:
                    signal.signal(number, signal.SIG_IGN)
                self.stop()

    def start(self) -> None:
        """Start everything in the order in which it depends on each other."""
        postgres = Postgres(self.folder / "postgres", log=self.logs / "postgres.log")
        valkey = Valkey(self.folder / "valkey", log=self.logs / "valkey.log")
        self.children.append(postgres.child)
        postgres.start()
        postgres.create_database()
        self.children.append(valkey.child)
        valkey.start()
        environ = self.environ(postgres.url(), valkey.url)
        self.sink = start_mail_sink(self.folder / "mail", host=HOST, port=self.ports.mail)
        for child in self.practice_shop(environ):
            self.launch(child)  # it needs no database, so it may start meanwhile
        self.migrate(environ)
        for child in self.services(environ):
            self.launch(child)
        self.wait_until_ready(valkey.url)

    def launch(self, child: Child) -> None:
        """Start a service, and write it down."""
        self.children.append(child)
        child.start()
        self.remember()

    def wait_until_ready(self, broker_url: str) -> None:
        """Return when every part has answered, and the practice shop has installed the app."""
        self.wait_for("the web service", self.web_is_ready)
        self.wait_for("the practice shop", self.shop_is_installed)
        broker = Celery(broker=broker_url, set_as_current=False)
        self.wait_for("the worker", lambda: bool(broker.control.ping(timeout=2.0, limit=1)))

    def practice_shop(self, environ: dict[str, str]) -> list[Child]:
        """Return the shop to practise on."""
        shop = commands.web(host=HOST, port=self.ports.shop, workers=1, threads=4, application="sandbox")
        return [Child(name="the practice shop", argv=shop, log=self.logs / "shop.log", environ=environ)]

    def services(self, environ: dict[str, str]) -> list[Child]:
        """Return the processes that make up the product."""
        web = commands.web(host=HOST, port=self.ports.web, workers=2, threads=4)
        programs = [
            ("the web service", "web.log", web, environ | commands.web_environ(self.folder / "metrics", threads=4)),
            ("the worker", "worker.log", commands.worker(concurrency=2), environ),
            ("the clockwork", "beat.log", commands.beat(), environ),
        ]
        return [
            Child(name=name, argv=argv, log=self.logs / log, environ=settings) for name, log, argv, settings in programs
        ]

    def environ(self, database_url: str, broker_url: str) -> dict[str, str]:
        """Return the settings of every process, on top of the shell's environment."""
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        keys = load_keys(self.folder / "keys.json")
        shop = f"http://{HOST}:{self.ports.shop}"
        return kept | {
            "DATABASE_URL": database_url,
            "BROKER_URL": broker_url,
            "SECRET_KEY": keys["secret_key"],
            "ENCRYPTION_KEYS": keys["encryption_key"],
            "ALLOWED_SALEOR_URLS": f"{shop}/graphql/",
            "PUBLIC_URL": f"http://{HOST}:{self.ports.web}",
            "EMAIL_URL": f"smtp://{HOST}:{self.ports.mail}",
            "DEFAULT_FROM_EMAIL": "Aftercare demo <care@shop.example>",
            "AFTERCARE_DATA_DIR": str(self.folder),
            "AFTERCARE_CLOCK_FILE": str(self.folder / "clock"),
            "DEMO_HOME_URL": f"{shop}/",
            "LINE_API_URL": f"{shop}/line/api",
            "GRAPHQL_INTROSPECTION": "true",
            "LOG_FORMAT": "console",
            "PYTHONUNBUFFERED": "1",
        }

    def migrate(self, environ: dict[str, str]) -> None:
        """Bring the database up to date in a process of its own, as a deployment does."""
        log = self.logs / "migrate.log"
        with log.open("wb") as output:
            command = python("saleor_aftercare.service", "migrate")
            done = subprocess.run(command, env=environ, stdout=output, stderr=output, check=False)
        if done.returncode:
            raise StartError(
                f"The database cannot be brought up to date ({last_line(log)}); see {log},"
                f" or remove {self.folder} to start with empty data."
            )

    def web_is_ready(self) -> bool:
        """Ask the service itself."""
        return httpx.get(f"http://{HOST}:{self.ports.web}/readyz", timeout=10).status_code == 200

    def shop_is_installed(self) -> bool:
        """Let the practice shop install the app, as a merchant would; a second time changes nothing."""
        answer = httpx.post(f"http://{HOST}:{self.ports.shop}/control/install", timeout=60)
        if answer.status_code >= 400:
            raise StartError(
                f"The practice shop could not install the app (it answered {answer.status_code});"
                f" see {self.logs / 'shop.log'} and {self.logs / 'web.log'}."
            )
        return True

    def wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        """Ask until it says yes, while nothing dies."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.raise_for_the_dead()
            with contextlib.suppress(httpx.TransportError, OSError):
                if is_ready():
                    return
            time.sleep(0.1)
        raise StartError(f"{name[0].upper()}{name[1:]} is not ready after {START_SECONDS:.0f} s; see {self.logs}.")

    def watch(self) -> NoReturn:
        """Stay until a process dies or a signal comes."""
        while True:
            self.raise_for_the_dead()
            time.sleep(0.25)

    def raise_for_the_dead(self) -> None:
        """Say which process died and where it wrote its last words."""
        for child in self.children:
            if child.has_died():
                name = child.name[0].upper() + child.name[1:]
                raise StartError(f"{name} has ended unexpectedly ({last_line(child.log)}); see {child.log}.")

    def remember(self) -> None:
        """Write down what runs, so that the next start can end it should we be killed."""
        remember_processes(self.folder / "processes.json", self.children)

    def stop(self) -> None:
        """End everything: the services together, then what they stand on."""
        if self.sink is not None:
            self.sink.stop()
            self.sink = None
        servers, services = self.children[:2], self.children[2:]
        for child in services:
            child.request_stop()
        for child in reversed(services):
            child.stop()
        for child in reversed(servers):
            child.stop()
        self.children = []
        (self.folder / "processes.json").unlink(missing_ok=True)
