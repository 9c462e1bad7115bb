"""The supervisor: it starts, says one line, and leaves nothing behind however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def port():
    """Three ports in a row that are free just now."""
    for candidate in range(20_000 + os.getpid() % 20_000, 60_000, 3):
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            try:
                for offset, probe in enumerate((one, two, three)):
                    probe.bind(("127.0.0.1", candidate + offset))
            except OSError:
                continue
            return candidate
    raise AssertionError("no free ports")


@pytest.fixture
def start(tmp_path, port):
    """Start a small demo; whatever is left of it at the end is killed."""
    started = []

    def start(*more: str, folder: Path = tmp_path / "data", at: int = port) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.service.small_demo", str(folder), str(at), *more]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


def descendants(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def ready_line(process: subprocess.Popen) -> str:
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return line


def gone(processes: list[psutil.Process]) -> bool:
    return all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in processes)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_line_when_ready_and_nothing_left_at_the_end(start, port, number):
    demo = start()
    line = ready_line(demo)
    children = descendants(demo)
    names = {child.name() for child in children}

    demo.send_signal(number)
    out, err = demo.communicate(timeout=30)

    assert line == f"Aftercare is ready: http://127.0.0.1:{port}/\n"
    assert (out, err, demo.returncode) == ("", "", 0)
    assert {"postgres", "valkey-server"} <= names
    assert gone(children)


def test_a_child_that_dies_ends_the_demo_with_its_name_and_log(start, tmp_path):
    demo = start("1.5")
    ready_line(demo)
    children = descendants(demo)

    _, err = demo.communicate(timeout=30)

    assert demo.returncode == 1
    assert err.startswith("The sleeper 0 has ended unexpectedly (")
    assert f"see {tmp_path}/data/logs/sleeper-0.log." in err
    assert gone(children)


def test_a_second_demo_on_the_same_folder_is_told_about_the_first(start, port):
    first = start()
    ready_line(first)

    second = start(at=port + 3)
    _, err = second.communicate(timeout=30)

    assert second.returncode == 1
    assert f"Another demo (process {first.pid}) runs on the data folder" in err
    assert first.poll() is None


def test_a_port_in_use_is_told_by_its_number(start, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        demo = start()
        _, err = demo.communicate(timeout=30)

    assert err == (
        f"Port {port + 1} is in use; end the program that listens there,"
        f" or choose other ports with: make demo PORT={port + 10}\n"
    )


def test_a_damaged_key_file_is_told(start, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "keys.json").write_text("{")

    demo = start()
    _, err = demo.communicate(timeout=30)

    assert "keys.json is damaged; remove the folder" in err


def test_the_data_folder_may_not_be_a_file(start, tmp_path):
    (tmp_path / "data").write_text("")

    demo = start()
    _, err = demo.communicate(timeout=30)

    assert "cannot be written" in err
    assert len(err.splitlines()) == 1


def test_keys_stay_from_start_to_start_and_only_their_owner_reads_them(start, tmp_path):
    keys = tmp_path / "data" / "keys.json"
    seen = []
    for _ in range(2):
        demo = start()
        ready_line(demo)
        seen.append(json.loads(keys.read_text()))
        demo.terminate()
        demo.communicate(timeout=30)

    assert seen[0] == seen[1]
    assert keys.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_demo_left_running_is_ended_by_the_next_start(start):
    killed = start()
    ready_line(killed)
    left = descendants(killed)
    killed.kill()
    killed.communicate(timeout=30)
    assert not gone(left)

    following = start()
    ready_line(following)

    deadline = time.monotonic() + 10
    while not gone(left) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(left)
