"""The console script `aftercare`: every process of the product, and the commands around them."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir

SETTINGS_MODULE = "saleor_aftercare.service.settings"

#: Exit codes: the settings or the machine must be changed first; the command found something wrong.
UNUSABLE = 2
FAILED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what cannot be started is told in one sentence."""
    arguments = parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    command: Callable[[argparse.Namespace], int] = arguments.command
    from saleor_aftercare.service.processes import StartError

    try:
        return command(arguments)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("saleor_aftercare"):
            raise
        print(
            f"The Python module {error.name!r} is missing; run `make demo`, which installs everything,"
            " or: pip install 'saleor-aftercare[demo]'",
            file=sys.stderr,
        )
    except StartError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # who reads has had enough: `aftercare … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return UNUSABLE


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="aftercare", description="Saleor Aftercare. Settings: docs/settings.md.")
    commands = top.add_subparsers(required=True, metavar="command")

    def add(name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=command)
        return added

    demo = add("demo", run_demo, "Run the whole product with a practice shop; Ctrl-C ends it.")
    demo.add_argument("--data", type=Path, default=Path(".data/demo"), help="data folder (%(default)s)")
    demo.add_argument("--port", type=port_number, default=8686, help="first of three ports (%(default)s)")
    web = add("web", run_web, "Serve HTTP.")
    web.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    web.add_argument("--port", type=port_number, default=8000, help="port to listen on (%(default)s)")
    web.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    web.add_argument("--threads", type=int, default=4, help="threads in each process (%(default)s)")
    worker = add("worker", run_worker, "Run jobs.")
    worker.add_argument("--concurrency", type=int, default=2, help="processes (%(default)s)")
    add("beat", run_beat, "Tick: exactly one of these runs.")
    add("migrate", run_migrate, "Bring the database up to date.")
    add("check", run_check, "Check settings, database, broker and migrations.")
    add("reconcile", run_reconcile, "Find what webhooks lost, in every shop, now.")
    sla = add("sla", run_sla_explain, "Answer questions about service levels.")
    topics = sla.add_subparsers(required=True, metavar="topic")
    explained = "Print the deadlines of a ticket, and what they follow from; the format: docs/sla-explain.md."
    explain = topics.add_parser("explain", help=explained, description=explained)
    explain.add_argument(
        "file", nargs="?", help="JSON with a calendar, policies and a ticket's events; - for standard input"
    )
    explain.add_argument("--ticket", type=int, metavar="NUMBER", help="a conversation of the inbox instead of a file")
    explain.add_argument("--shop", metavar="HANDLE", help="its shop, as in the portal's addresses")
    add_mail(commands)
    add("reencrypt", run_reencrypt, "Write every stored secret with the first of ENCRYPTION_KEYS.")
    return top


def add_mail(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``aftercare mail …``: what staff and support need when someone asks why a mail was read so."""
    text = "Explain mail."
    mail = commands.add_parser("mail", help=text, description=text)
    below = mail.add_subparsers(required=True, metavar="what")
    text = "Print as JSON what the intake makes of a raw mail (docs/mail-inspect.md)."
    inspect = below.add_parser("inspect", help=text, description=text)
    inspect.add_argument("file", help="the raw mail (.eml); - reads it from standard input")
    own = "one of the shop's own addresses; may be given several times"
    inspect.add_argument("--own", action="append", default=[], metavar="ADDRESS", help=own)
    shop = "the handle of a shop: say also what its intake would do with the mail; needs settings and database"
    inspect.add_argument("--shop", metavar="HANDLE", help=shop)
    inspect.set_defaults(command=run_mail_inspect)


def port_number(text: str) -> int:
    """Read a port that leaves room for two more above it."""
    if not text.isdecimal() or not 1 <= int(text) <= 65533:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 1 to 65533")
    return int(text)


def set_up() -> None:
    """Load the settings and Django.

    Raises:
        StartError: a setting is missing or wrong.
    """
    import django

    from saleor_aftercare.service.env import SettingsError
    from saleor_aftercare.service.processes import StartError

    try:
        django.setup()
    except SettingsError as error:
        raise StartError(str(error)) from None


def replace_process(argv: Sequence[str], **environ: str) -> int:
    """Become another program, so that signals and exit codes are its own."""
    os.execve(argv[0], list(argv), os.environ | environ)


def run_demo(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    from saleor_aftercare.service.demo import Demo

    Demo(arguments.data, arguments.port).run()
    return 0


def run_web(arguments: argparse.Namespace) -> int:
    """Check the settings, then become granian."""
    from saleor_aftercare.service import commands

    set_up()
    metrics = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", f"{gettempdir()}/aftercare-metrics-{arguments.port}"))
    chosen = commands.web_environ(metrics, threads=arguments.threads)
    chosen |= {name: os.environ[name] for name in chosen if name in os.environ}
    argv = commands.web(host=arguments.host, port=arguments.port, workers=arguments.workers, threads=arguments.threads)
    return replace_process(argv, **chosen)


def run_worker(arguments: argparse.Namespace) -> int:
    """Check the settings, then become a Celery worker."""
    from saleor_aftercare.service import commands

    set_up()
    return replace_process(commands.worker(concurrency=arguments.concurrency))


def run_beat(_arguments: argparse.Namespace) -> int:
    """Check the settings, then become Celery beat."""
    from saleor_aftercare.service import commands

    set_up()
    return replace_process(commands.beat())


def run_migrate(_arguments: argparse.Namespace) -> int:
    """Apply what is missing; an unreachable database is a sentence."""
    set_up()
    from django.core.management import call_command
    from django.db import OperationalError

    from saleor_aftercare.service.processes import StartError

    try:
        call_command("migrate", interactive=False)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(f"The database in DATABASE_URL cannot be reached: {reason}.") from None
    return 0


def run_check(_arguments: argparse.Namespace) -> int:
    """Print every problem, one a line."""
    from saleor_aftercare.service.check import find_problems

    problems = find_problems()
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("Settings, database, broker and migrations are fine.")
    return FAILED if problems else 0


def run_reconcile(_arguments: argparse.Namespace) -> int:
    """Do at once what beat asks for every five minutes."""
    set_up()
    from saleor_aftercare.connection.reconcile import run_all

    run_all()
    return 0


def run_sla_explain(arguments: argparse.Namespace) -> int:
    """Print JSON; what is wrong with the file is one line that begins with its path in there.

    A file needs no settings; a ticket of the inbox needs the database.
    """
    import json
    from datetime import UTC, datetime

    if (arguments.file is None) == (arguments.ticket is None) or (arguments.ticket is None) != (arguments.shop is None):
        print("Give either a file, or a conversation with --ticket NUMBER and --shop HANDLE.", file=sys.stderr)
        return UNUSABLE
    if arguments.ticket is not None:
        set_up()
    from saleor_aftercare.core.errors import InvalidInput, NotFound
    from saleor_aftercare.inbox.sla.explain import explain

    try:
        if arguments.ticket is not None:
            answer = explain_ticket_of(arguments.shop, arguments.ticket)
        else:
            raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
            answer = explain(raw, now=datetime.now(UTC))
    except NotFound as error:
        print(error.message, file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    except InvalidInput as error:
        print(f"{error.field or 'document'}: {error.message}", file=sys.stderr)
        return UNUSABLE
    print(json.dumps(answer, indent=2, ensure_ascii=sys.stdout.encoding.lower() != "utf-8"))
    return 0


def explain_ticket_of(handle: str, number: int) -> "dict[str, object]":
    """Return the deadlines of a conversation; raises NotFound naming what there is not."""
    from saleor_aftercare.connection.shop import shop_by_handle
    from saleor_aftercare.core import clock
    from saleor_aftercare.inbox.queries import get_ticket
    from saleor_aftercare.inbox.sla.queries import explain_ticket

    return explain_ticket(get_ticket(shop_by_handle(handle), number=number), at=clock.now())


def run_reencrypt(_arguments: argparse.Namespace) -> int:
    """The second step of a key's rotation; afterwards the old keys can go."""
    set_up()
    from saleor_aftercare.core.crypto import reencrypt

    print(f"{reencrypt()} secrets are now encrypted with the first key.")
    return 0


def inspect_for_shop(raw: bytes, handle: str) -> dict[str, object]:
    """What the intake of a shop would do with a mail; nothing is written.

    Raises:
        StartError: there is no such shop, or no database.
    """
    set_up()
    from django.db import OperationalError

    from saleor_aftercare.core import clock
    from saleor_aftercare.core.errors import NotFound
    from saleor_aftercare.inbox.mail_inspect import inspect
    from saleor_aftercare.service.processes import StartError

    try:
        return inspect(raw, handle=handle, at=clock.now())
    except NotFound:
        raise StartError(f"There is no shop {handle!r}; its handle stands in the addresses of its portal.") from None
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(f"The database in DATABASE_URL cannot be reached: {reason}.") from None


def run_mail_inspect(arguments: argparse.Namespace) -> int:
    """Print one JSON object in UTF-8, whatever the terminal's language; a file that cannot be read is a sentence."""
    import json

    from saleor_aftercare.mail.reading.inspect import as_json
    from saleor_aftercare.mail.reading.message import read

    try:
        raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        print(f"The mail {arguments.file!r} cannot be read: {reason}.", file=sys.stderr)
        return UNUSABLE
    if arguments.shop is None:
        found = as_json(read(raw, own_addresses=arguments.own))
    else:
        found = inspect_for_shop(raw, arguments.shop)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
