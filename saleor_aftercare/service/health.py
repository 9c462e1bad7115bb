"""The two doors an orchestrator asks: is the process alive, and can it do its work."""

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from saleor_aftercare.service.env import cache_url

log = structlog.get_logger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers, whatever else is down: a restart would not mend that."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Say part by part whether this process can do its work; 503 takes it out of rotation."""
    parts = {name: problem or "ok" for name, problem in find_problems().items()}
    ready = all(problem == "ok" for problem in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def find_problems() -> dict[str, str | None]:
    """Return per part what is wrong with it, or None."""
    found = {"database": database_problem()}
    found["migrations"] = "not known" if found["database"] else migrations_problem()
    found["broker"] = broker_problem()
    return found


def database_problem() -> str | None:
    """Ask the database for a one."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("database_unreachable", error=type(error).__name__)
        return "unreachable"
    return None


def migrations_problem() -> str | None:
    """Compare the code's migrations with the database's."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"{missing} to apply; run: aftercare migrate" if missing else None


def broker_problem() -> str | None:
    """Ping the broker. It only wakes workers, but without it every job waits for the sweep of a worker that polls."""
    try:
        with redis.Redis.from_url(cache_url(settings.BROKER_URL), socket_connect_timeout=1, socket_timeout=1) as broker:
            broker.ping()
    except redis.RedisError as error:
        log.warning("broker_unreachable", error=type(error).__name__)
        return "unreachable"
    return None
