"""Child processes that do not outlive us: each leads a process group of its own and is ended as a whole."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class StartError(Exception):
    """Something cannot be started; the text is one sentence that says what to do."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The system account a child runs as, where it may not be ours."""

    uid: int
    gid: int


@dataclass(kw_only=True)
class Child:
    """One program, its log file, and how it likes to be asked to end."""

    name: str
    argv: Sequence[str]
    log: Path
    environ: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    #: Seconds it may take to end by itself.
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it in its own session, so that a Ctrl-C meant for us does not end it in the wrong order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        account = self.account
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environ,
                cwd=self.cwd,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def has_died(self) -> bool:
        """Say whether it was started and has ended, whoever ended it."""
        return self.process is not None and self.process.poll() is not None

    def request_stop(self) -> None:
        """Ask it to end, without waiting."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask it to end, wait, and then end whatever of its group is left."""
        if self.process is None:
            return
        self.request_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        end_group(self.process.pid)
        self.process.wait()
        self.process = None


def end_group(pgid: int) -> None:
    """Kill what is left of a process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pgid, signal.SIGKILL)


def python(*arguments: str) -> list[str]:
    """Return the command line of a module run by this very interpreter."""
    return [sys.executable, "-m", *arguments]


def last_line(log: Path) -> str:
    """Return the last line of a log that says something, for a sentence about it."""
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-40:]
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
