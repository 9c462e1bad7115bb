"""The rules of the house that no linter checks."""

import ast
import functools
import importlib
import operator
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "saleor_aftercare"
LONGEST = 400
DOMAINS = (
    "returns",
    "withdrawals",
    "policies",
    "parcels",
    "replacements",
    "repairs",
    "parts",
    "inbox",
    "followups",
    "compensation",
    "access",
    "mail",
    "printing",
)
FACES = ("graphql", "portal", "web")
NOT_OURS = {"node_modules", "migrations", ".venv", "__pycache__", "gql"}

#: Calls that write rows. The faces ask a domain's action for that.
WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete"}


#: Files whose very subject is a response, or the type of a foreign base class.
SPEAK_HTTP = ("saleor_aftercare/core/headers.py", "saleor_aftercare/mail/templated.py")


def python_files(*parts: str) -> list[Path]:
    """Our own Python sources in a part of the package, or all of them."""
    folders = [PACKAGE / part for part in parts] or [PACKAGE, ROOT / "tests", ROOT / "bench", ROOT / "scripts"]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if not NOT_OURS & set(path.parts))


def names_imported(path: Path) -> Iterator[str]:
    """Every module and every ``module.name`` that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@functools.cache
def import_graph() -> grimp.ImportGraph:
    """Every import of the package, also those inside functions."""
    return grimp.build_graph("saleor_aftercare", cache_dir=None)


def shown(path: Path) -> str:
    """The path as people write it."""
    return str(path.relative_to(ROOT))


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    """Files that import one of these modules or something inside it."""
    return [
        f"{shown(path)}: {name}"
        for path in paths
        for name in sorted(set(names_imported(path)))
        if any(name == module or name.startswith(module + ".") for module in forbidden)
    ]


def test_no_file_is_longer_than_a_person_reads():
    sources = python_files()
    for suffix in ("*.ts", "*.tsx"):
        sources += [p for p in (PACKAGE / "dashboard" / "src").rglob(suffix) if not NOT_OURS & set(p.parts)]

    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_only_the_two_hosts_read_the_environment():
    hosts = {PACKAGE / "sandbox" / "settings.py", PACKAGE / "sandbox" / "wsgi.py", *python_files("service")}
    files = [path for path in python_files(".") if path not in hosts]

    assert [shown(p) for p in files if {"os.environ", "os.getenv"} & set(names_imported(p))] == []
    assert [
        shown(p) for p in files if "os.environ" in (text := p.read_text(encoding="utf-8")) or "getenv(" in text
    ] == []


def test_nobody_listens_to_django_signals():
    assert offenders(python_files("."), "django.dispatch", "django.db.models.signals", "django.core.signals") == []


def test_domains_hold_no_http_no_graphene_and_no_templates():
    found = offenders(
        python_files(*DOMAINS, "core"),
        *("django.http", "django.shortcuts", "django.views", "django.urls", "graphene", "graphql", "django.forms"),
    )

    assert [line for line in found if not line.startswith(SPEAK_HTTP)] == []


def test_the_faces_write_nothing_to_the_database():
    found = [
        f"{shown(path)}:{node.lineno} .{node.func.attr}()"
        for path in python_files(*FACES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]

    assert found == []


def test_only_the_registry_knows_which_adapters_exist():
    graph = import_graph()
    homes = ("labels", "mailboxes", "channels")
    adapters = {
        module
        for home in homes
        for module in graph.modules
        if module.startswith(f"saleor_aftercare.providers.{home}.") and not module.endswith(".base")
    }

    def family(module: str) -> str:
        return ".".join(module.split(".")[:4])  # saleor_aftercare.providers.labels.<adapter>

    assert adapters, "the registry offers no adapter at all"
    for adapter in adapters:
        own_family = {m for m in adapters if family(m) == family(adapter)}
        assert graph.find_modules_that_directly_import(adapter) - own_family <= {"saleor_aftercare.providers.registry"}


def test_nothing_imports_the_practice_shop():
    graph = import_graph()
    outside = {m for m in graph.modules if not m.startswith("saleor_aftercare.sandbox")}

    assert {
        (importer, inside)
        for inside in graph.modules - outside
        for importer in graph.find_modules_that_directly_import(inside) & outside
    } == set()


def test_there_are_no_drawers_for_everything():
    drawers = {"utils.py", "helpers.py", "services.py", "managers.py"}

    assert [shown(path) for path in python_files(".") if path.name in drawers] == []


def test_only_compensation_makes_money_move():
    writers = import_graph().find_modules_that_directly_import("saleor_aftercare.connection.commands")
    outside = [m for m in writers if not m.startswith(("saleor_aftercare.compensation", "saleor_aftercare.connection"))]

    kinds = {module: kinds_of_commands(module) for module in outside}

    assert kinds == {
        "saleor_aftercare.returns.recording": {"record_return"},
        "saleor_aftercare.returns.stock": {"restock"},
    }


def kinds_of_commands(module: str) -> set[str]:
    """Every ``kind=…`` that a module gives to ``write_command``: a literal, or a constant by its name."""
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func).endswith("write_command")]
    values = [word.value for call in calls for word in call.keywords if word.arg == "kind"]
    namespace = importlib.import_module(module)
    return {
        value.value if isinstance(value, ast.Constant) else operator.attrgetter(ast.unparse(value))(namespace)
        for value in values
    }
