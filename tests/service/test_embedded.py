import os
import signal

import psycopg
import pytest
import redis

from saleor_aftercare.service.embedded import Postgres, Valkey, socket_folder
from saleor_aftercare.service.processes import StartError


@pytest.fixture
def postgres(tmp_path):
    server = Postgres(tmp_path / "pg", log=tmp_path / "postgres.log", durable=False)
    yield server
    server.stop()


def test_a_database_keeps_its_rows_over_a_restart(postgres):
    postgres.start()
    postgres.create_database("shop")
    with psycopg.connect(postgres.url("shop")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS answer")
    postgres.stop()

    postgres.start()
    postgres.create_database("shop")

    with psycopg.connect(postgres.url("shop")) as connection:
        assert connection.execute("SELECT answer FROM t").fetchone() == (42,)
        assert connection.execute("SHOW server_version_num").fetchone()[0].startswith("18")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_server_left_running_by_a_killed_demo_is_taken_over(postgres, tmp_path):
    postgres.start()
    left = postgres.child.process

    again = Postgres(tmp_path / "pg", log=tmp_path / "postgres.log", durable=False)
    again.start()

    try:
        assert left.wait(5) == 0
        psycopg.connect(again.url("postgres")).close()
    finally:
        again.stop()


def test_a_folder_with_something_else_in_it_is_not_touched(postgres, tmp_path):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "thesis.txt").write_text("mine")

    with pytest.raises(StartError, match="is not empty; remove it to start with empty data"):
        postgres.start()

    assert [file.name for file in (tmp_path / "pg").iterdir()] == ["thesis.txt"]


def test_a_folder_of_another_version_is_told_by_its_number(postgres, tmp_path):
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("14\n")

    with pytest.raises(StartError, match="belongs to PostgreSQL 14 and this is 18"):
        postgres.start()


def test_a_broken_folder_is_one_sentence_with_the_log(postgres, tmp_path):
    postgres.start()
    postgres.stop()
    (tmp_path / "pg" / "global" / "pg_control").write_bytes(b"")

    with pytest.raises(StartError, match=r"PostgreSQL does not start .* see .*postgres\.log, or remove the folder"):
        postgres.start()

    assert postgres.child.process is None


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    server = Postgres(tmp_path / "file" / "pg", log=tmp_path / "postgres.log")

    with pytest.raises(StartError, match="cannot be created"):
        server.start()


def test_valkey_answers_on_its_socket_and_ends(tmp_path):
    server = Valkey(tmp_path / "valkey", log=tmp_path / "valkey.log")
    server.start()
    pid = server.child.process.pid
    with redis.Redis(unix_socket_path=str(server.socket)) as client:
        assert client.ping()

    server.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_valkey_that_was_killed_starts_again(tmp_path):
    server = Valkey(tmp_path / "valkey", log=tmp_path / "valkey.log")
    server.start()
    os.kill(server.child.process.pid, signal.SIGKILL)
    server.child.process.wait()
    assert server.child.has_died()
    server.stop()

    server.start()

    server.stop()


def test_a_socket_in_a_very_deep_folder_moves_to_a_short_one(tmp_path):
    deep = tmp_path / ("d" * 100)

    assert socket_folder(tmp_path / "pg") == tmp_path / "pg"
    assert len(str(socket_folder(deep))) < 100
    assert socket_folder(deep) == socket_folder(deep)


def test_a_database_in_a_very_deep_folder(tmp_path):
    server = Postgres(tmp_path / ("d" * 100) / "pg", log=tmp_path / "postgres.log", durable=False)
    server.start()

    try:
        psycopg.connect(server.url("postgres")).close()
    finally:
        server.stop()
