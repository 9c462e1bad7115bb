import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from saleor_aftercare.core.headers import allow_frames
from saleor_aftercare.service.middleware import BodyLimit, SecurityHeaders

MEGABYTE = 1024 * 1024


def pass_on(_request):
    return HttpResponse("passed")


@pytest.mark.parametrize(
    ("path", "kind", "megabytes", "status"),
    [
        ("/saleor/webhooks/", "application/json", 4, 200),
        ("/saleor/webhooks/", "application/json", 10, 413),
        ("/saleor/webhooks/", "multipart/form-data; boundary=x", 10, 413),
        ("/graphql/", "application/json", 10, 413),
        ("/graphql/", "multipart/form-data; boundary=x", 60, 200),
        ("/portal/shop/orders/1/return/", "multipart/form-data; boundary=x", 60, 200),
        ("/portal/shop/orders/1/return/", "multipart/form-data; boundary=x", 62, 413),
    ],
)
def test_bodies_are_refused_by_their_announced_size(path, kind, megabytes, status):
    request = RequestFactory().generic("POST", path, b"x", content_type=kind)
    request.META["CONTENT_LENGTH"] = str(megabytes * MEGABYTE)

    response = BodyLimit(pass_on)(request)

    assert response.status_code == status
    if status == 413:
        assert json.loads(response.content)["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"


def test_a_body_of_unknown_size_is_refused():
    request = RequestFactory().post("/saleor/webhooks/", headers={"Transfer-Encoding": "chunked"})

    assert BodyLimit(pass_on)(request).status_code == 411


def test_a_length_that_is_no_number_is_refused():
    request = RequestFactory().post("/saleor/webhooks/")
    request.META["CONTENT_LENGTH"] = "-1"

    assert BodyLimit(pass_on)(request).status_code == 413


def test_nobody_may_frame_a_page_that_did_not_say_so():
    response = SecurityHeaders(pass_on)(RequestFactory().get("/"))

    assert response["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert "unsafe" not in response["Content-Security-Policy"]


def test_a_page_may_name_who_frames_it():
    def framed(_request):
        return allow_frames(HttpResponse(), "https://dashboard.test", "https://shop.test:8443")

    response = SecurityHeaders(framed)(RequestFactory().get("/"))

    assert response["Content-Security-Policy"].endswith("frame-ancestors https://dashboard.test https://shop.test:8443")
    assert "X-Frame-Options" not in response


@pytest.mark.parametrize("origin", ["shop.test", "https://a.test; script-src *", "https://a.test/path", "'self'", "*"])
def test_what_is_no_origin_cannot_get_into_the_header(origin):
    with pytest.raises(ValueError, match="Not an origin"):
        allow_frames(HttpResponse(), origin)


def test_html_is_not_kept_and_a_view_may_say_otherwise():
    def cached(_request):
        return HttpResponse("x", headers={"Cache-Control": "max-age=60"})

    assert SecurityHeaders(pass_on)(RequestFactory().get("/"))["Cache-Control"] == "no-store"
    assert SecurityHeaders(cached)(RequestFactory().get("/"))["Cache-Control"] == "max-age=60"


def test_a_request_keeps_the_proxys_id_and_gets_one_otherwise():
    client = Client()

    assert client.get("/healthz", headers={"X-Request-Id": "proxy-0123456789"})["X-Request-Id"] == "proxy-0123456789"
    assert len(client.get("/healthz", headers={"X-Request-Id": "a b\tc"})["X-Request-Id"]) == 32


def test_the_line_of_a_request_names_its_pattern_and_neither_path_nor_query(caplog):
    with caplog.at_level(logging.INFO, logger="aftercare.request"):
        Client().get("/nowhere/secret-token?email=mia@example.com", headers={"Authorization": "Bearer abc"})

    (record,) = [record for record in caplog.records if record.name == "aftercare.request"]
    line = record.msg
    assert (line["event"], line["route"], line["status"]) == ("request", "unmatched", 404)
    assert not any(word in str(line) for word in ("secret-token", "mia@example.com", "Bearer", "nowhere"))


def test_security_headers_are_on_refusals_too():
    response = Client().post("/saleor/webhooks/", b"x" * (6 * MEGABYTE), content_type="application/json")

    assert response.status_code == 413
    assert response["X-Request-Id"]
