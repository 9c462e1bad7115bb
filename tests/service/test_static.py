"""Files of the bundle are kept by browsers for ever and sent compressed; everything else is asked for again."""

import gzip

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.test import Client

SCRIPT = b"let a = 1;" * 50


@pytest.fixture
def folder(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    get_finder.cache_clear()
    yield tmp_path
    get_finder.cache_clear()


def get(path: str, **headers: str):
    """Ask, read the whole answer, and close its file; ``response.close()`` would end the test's transaction as well."""
    response = Client().get(path, headers=headers)
    body = b"".join(response)
    for close in response._resource_closers:
        close()
    return response, body


def test_a_hashed_file_is_kept_for_ever_and_sent_compressed(folder):
    (folder / "app-C2Zo_0tS.js").write_bytes(SCRIPT)
    (folder / "app-C2Zo_0tS.js.gz").write_bytes(gzip.compress(SCRIPT))

    response, body = get("/static/app-C2Zo_0tS.js", **{"Accept-Encoding": "gzip, br"})

    assert response["Cache-Control"] == "max-age=315360000, public, immutable"
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == SCRIPT


def test_a_file_without_a_hash_is_asked_for_again(folder):
    (folder / "portal.css").write_text("a {}")

    response, body = get("/static/portal.css")

    assert response["Cache-Control"] == "max-age=60, public"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert body == b"a {}"


def test_no_file_outside_the_folder_is_served(folder):
    (folder.parent / "secret.txt").write_text("secret")

    assert Client().get("/static/../secret.txt").status_code == 404
    assert Client().get("/static/%2e%2e/secret.txt").status_code == 404
