from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from saleor_aftercare.mail import tasks, transport  # noqa: F401  the handlers register themselves
from tests.mail.post import Post


@pytest.fixture(autouse=True)
def _own_line() -> Iterator[None]:
    """Every test begins and ends without an open connection."""
    transport.hang_up()
    yield
    transport.hang_up()


@pytest.fixture
def post(settings: Any) -> type[Post]:
    """All mail goes to the fake server."""
    settings.EMAIL_BACKEND = "tests.mail.post.Post"
    Post.reset()
    return Post
