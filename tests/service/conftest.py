"""A folder that another account may enter."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Outside of pytest's own folder, which each new pytest closes again: as root, PostgreSQL runs as nobody."""
    with tempfile.TemporaryDirectory(prefix="aftercare-test-") as name:
        yield Path(name)
