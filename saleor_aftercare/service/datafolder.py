"""The demo's data folder: one demo at a time in it, its keys, and what a killed demo left running."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
from cryptography.fernet import Fernet

from saleor_aftercare.service.processes import Child, StartError, end_group


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder, and hold it for this process alone.

    Raises:
        StartError: another demo runs on it, or it cannot be written.
    """
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise StartError(
            f"The data folder {folder} cannot be written ({error.strerror}); choose another one with --data."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(
                f"Another demo (process {lock.read().strip()}) runs on the data folder {folder};"
                " end it with Ctrl-C in its terminal, or choose another folder with --data."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def load_keys(file: Path) -> dict[str, str]:
    """Return the demo's own secret keys, made at its first start: with others its data could not be read.

    Raises:
        StartError: the file is not what we wrote.
    """
    if not file.exists():
        keys = {"secret_key": secrets.token_urlsafe(48), "encryption_key": Fernet.generate_key().decode()}
        write_atomically(file, json.dumps(keys))
    try:
        keys = json.loads(file.read_text())
        return {name: str(keys[name]) for name in ("secret_key", "encryption_key")}
    except (ValueError, KeyError, TypeError):
        raise StartError(
            f"The key file {file} is damaged; remove the folder {file.parent} to start with empty data."
        ) from None


def remember_processes(file: Path, children: Sequence[Child]) -> None:
    """Write down what runs, so that the next start can end it should we be killed."""
    known = [
        {"pid": pid, "created": psutil.Process(pid).create_time(), "signal": int(child.stop_signal)}
        for child in children
        if child.process is not None and psutil.pid_exists(pid := child.process.pid)
    ]
    write_atomically(file, json.dumps(known))


def end_leftovers(file: Path, *, patience: float = 10.0) -> None:
    """End the process groups of a demo that was killed; a number that went to another program is left alone."""
    if not file.exists():
        return
    entries: list[dict[str, Any]] = []
    with contextlib.suppress(ValueError):  # not even that was written to its end; a port in use will tell
        entries = json.loads(file.read_text())
    leaders = {entry["pid"]: process for entry in entries if (process := _same_process(entry))}
    for entry in entries:
        if entry["pid"] in leaders:
            leaders[entry["pid"]].send_signal(entry["signal"])
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(_is_alive(process) for process in leaders.values()):
        time.sleep(0.05)
    for pid in leaders:
        end_group(pid)
    file.unlink()


def _same_process(entry: dict[str, Any]) -> psutil.Process | None:
    """Return the process of this number if it is still the one we started."""
    try:
        process = psutil.Process(entry["pid"])
        return process if abs(process.create_time() - entry["created"]) < 1 else None
    except psutil.NoSuchProcess:
        return None


def _is_alive(process: psutil.Process) -> bool:
    """A zombie has ended; nobody may be there to collect it."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def write_atomically(file: Path, text: str) -> None:
    """Replace a file that only we may read, in one step."""
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    partial.touch(mode=0o600)
    partial.write_text(text)
    partial.replace(file)
