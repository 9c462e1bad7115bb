import pytest
from django.db import OperationalError, connection
from django.test import Client

from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.service import health
from tests.make import NOON


def test_healthz_asks_nobody():
    response = Client().get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_when_everything_is_there(valkey):
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_readyz_without_a_broker(valkey):
    valkey.stop()
    try:
        response = Client().get("/readyz")
    finally:
        valkey.start()

    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "ok", "migrations": "ok", "broker": "unreachable"}


@pytest.mark.django_db
def test_readyz_without_a_database(monkeypatch, valkey):
    def refuse(*args, **kwargs):
        raise OperationalError("no")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"


@pytest.mark.django_db
def test_readyz_with_a_migration_to_apply(valkey):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'aftercare'")

    assert "aftercare migrate" in (health.migrations_problem() or "")


@pytest.mark.django_db
def test_metrics_count_requests_by_pattern_and_show_the_queue():
    schedule("tests.nothing", key="k", shop=None, due_at=NOON)
    client = Client()
    client.get("/nowhere/a-secret")

    text = client.get("/metrics").content.decode()

    assert 'aftercare_requests_total{method="GET",route="unmatched",status="404"}' in text
    assert "aftercare_jobs_due 1.0" in text
    assert "a-secret" not in text


@pytest.mark.django_db
def test_metrics_behind_a_token(settings):
    settings.METRICS_TOKEN = "scrape-me"
    client = Client()

    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer scrape-me"}).status_code == 200


def test_the_front_page_says_what_this_is_in_the_visitors_language():
    page = Client().get("/", headers={"Accept-Language": "en"}).content.decode()

    assert "open Aftercare from your Saleor Dashboard" in page


def test_the_front_page_of_the_demo_is_the_practice_shop(settings):
    settings.DEMO_HOME_URL = "http://127.0.0.1:8687/"

    assert Client().get("/")["Location"] == "http://127.0.0.1:8687/"
