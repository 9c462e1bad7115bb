"""Stored files: whoever has a fresh address may read that one file, and no browser takes it for more than it is."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client
from PIL import Image

from saleor_aftercare.core import files, tokens
from saleor_aftercare.core.models import StoredFile
from tests.make import NOON, make_file

pytestmark = pytest.mark.django_db


def photo(side: int = 800) -> StoredFile:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(out, "JPEG")
    return make_file(data=out.getvalue(), name="割れ目.jpg", content_type="image/jpeg")


def path_of(url: str) -> str:
    assert url.startswith("https://aftercare.test/")
    return url.removeprefix("https://aftercare.test")


def test_a_picture_is_shown_and_cannot_act(client: Client):
    file = photo()

    response = client.get(path_of(files.signed_url(file)), secure=True)

    assert response.status_code == 200
    assert response.content == files.content_of(file)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert unquote(response["Content-Disposition"]).endswith("割れ目.jpg")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, max-age=900"
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_preview_is_small(client: Client):
    url = files.thumbnail_url(photo())
    assert url is not None

    response = client.get(path_of(url), secure=True)

    with Image.open(io.BytesIO(response.content)) as preview:
        assert preview.size == (320, 320)


def test_a_pdf_is_shown_where_a_browsers_viewer_can_start(client: Client):
    response = client.get(path_of(files.signed_url(make_file())), secure=True)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" not in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "text/html", "image/svg+xml", "application/zip"])
def test_everything_else_is_saved(client: Client, kind: str):
    file = make_file(data=b"<script>alert(1)</script>", name="a.html", content_type=kind)

    response = client.get(path_of(files.signed_url(file)), secure=True)

    assert response["Content-Disposition"] == 'attachment; filename="a.html"'
    assert "sandbox" in response["Content-Security-Policy"]


def test_an_address_ends_after_a_quarter_of_an_hour(client: Client):
    with time_machine.travel(NOON, tick=False):
        path = path_of(files.signed_url(make_file()))
    with time_machine.travel(NOON + timedelta(minutes=14, seconds=59), tick=False):
        fresh = client.get(path, secure=True)
    with time_machine.travel(NOON + timedelta(minutes=15, seconds=2), tick=False):
        stale = client.get(path, secure=True)

    assert (fresh.status_code, stale.status_code) == (200, 410)
    assert stale["Cache-Control"] == "no-store"


def test_the_name_in_the_address_decides_nothing(client: Client):
    token = path_of(files.signed_url(make_file())).split("/")[2]

    response = client.get(f"/files/{token}/whatever.exe", secure=True)

    assert response["Content-Type"] == "application/pdf"
    assert 'filename="example.pdf"' in response["Content-Disposition"]


@pytest.mark.parametrize(
    "token", ["x", "a:b:c", tokens.sign("followup", ["file", 1])], ids=["text", "parts", "another"]
)
def test_a_forged_address_opens_nothing(client: Client, token: str):
    make_file()

    assert client.get(f"/files/{token}/example.pdf", secure=True).status_code == 410


def test_a_changed_address_opens_nothing(client: Client):
    path = path_of(files.signed_url(make_file()))
    head, token, name = path.rsplit("/", 2)

    assert client.get(f"{head}/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/{name}", secure=True).status_code == 410


def test_a_file_that_is_gone_is_not_found(client: Client):
    file = make_file()
    path = path_of(files.signed_url(file))
    file.delete()

    assert client.get(path, secure=True).status_code == 404


def test_a_preview_of_no_picture_is_not_found(client: Client):
    token = tokens.sign("file", ["thumbnail", make_file().pk])

    assert client.get(f"/files/{token}/example.pdf", secure=True).status_code == 404
