from tests.inbox.conftest import at_once  # noqa: F401
