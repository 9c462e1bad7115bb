"""Files by the GraphQL multipart request: what is taken, and which part of it is at fault otherwise."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from saleor_aftercare.connection.models import Order
from saleor_aftercare.core.models import StoredFile
from saleor_aftercare.returns.models import Return
from tests.graphql.api import Asker, as_customer
from tests.make import DAY, NOON, make_order

pytestmark = pytest.mark.django_db

CREATE = """mutation ($input: ReturnRequestCreateInput!) {
  returnRequestCreate(input: $input) {
    return { number lines { photos { name contentType url thumbnailUrl } } }
    errors { field code message }
  }
}"""
SEND = """mutation ($input: MessageSendInput!) {
  messageSend(input: $input) {
    message { body attachments { name contentType thumbnailUrl } } errors { field code }
  }
}"""


def picture(name: str = "crack.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.fixture
def order() -> Order:
    return make_order(delivered=NOON - DAY)


@pytest.fixture
def customer(order: Order) -> Asker:
    return as_customer(order)


def asking_back(order: Order, photos: int = 1) -> dict[str, Any]:
    line = order.lines.get()
    return {
        "orderId": order.saleor_id,
        "lines": [{"orderLineId": line.saleor_id, "quantity": 1, "reason": "defective", "photos": [None] * photos}],
    }


def test_photos_travel_with_a_return(customer: Asker, order: Order):
    answer = customer.upload(CREATE, {"variables.input.lines.0.photos.0": picture()}, input=asking_back(order))

    (photo,) = answer.payload("returnRequestCreate")["return"]["lines"][0]["photos"]
    assert (photo["name"], photo["contentType"]) == ("crack.jpg", "image/jpeg")
    assert photo["url"].startswith("https://aftercare.test/files/")
    assert photo["thumbnailUrl"].startswith("https://aftercare.test/files/")


def test_what_is_no_picture_is_named_and_nothing_is_kept(customer: Asker, order: Order):
    fake = SimpleUploadedFile("crack.png", b"<script>alert(1)</script>", "image/png")

    answer = customer.upload(
        CREATE,
        {"variables.input.lines.0.photos.0": picture(), "variables.input.lines.0.photos.1": fake},
        input=asking_back(order, photos=2),
    )

    assert answer.refusal("returnRequestCreate") == ("INVALID", "lines.0.photos.1")
    assert not Return.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_is_too_large_is_named_and_nothing_is_kept(customer: Asker, order: Order):
    large = SimpleUploadedFile("crack.png", b"\x89PNG" + b"x" * (10 * 1024 * 1024), "image/png")

    answer = customer.upload(CREATE, {"variables.input.lines.0.photos.0": large}, input=asking_back(order))

    assert answer.refusal("returnRequestCreate") == ("INVALID", "lines.0.photos.0")
    assert not StoredFile.objects.exists()


def test_no_more_than_six_photos_for_a_line(customer: Asker, order: Order):
    files = {f"variables.input.lines.0.photos.{n}": picture() for n in range(7)}

    answer = customer.upload(CREATE, files, input=asking_back(order, photos=7))

    assert answer.refusal("returnRequestCreate") == ("INVALID", "lines.0.photos")
    assert not StoredFile.objects.exists()


def test_photos_of_a_refused_return_are_not_kept(customer: Asker, order: Order):
    asked = asking_back(order)
    asked["lines"][0]["quantity"] = 99

    answer = customer.upload(CREATE, {"variables.input.lines.0.photos.0": picture()}, input=asked)

    assert answer.refusal("returnRequestCreate") == ("REFUSED", "lines.0.quantity")
    assert not StoredFile.objects.exists()


def test_a_message_takes_texts_and_pdf_too(customer: Asker, order: Order):
    answer = customer.upload(
        SEND,
        {
            "variables.input.attachments.0": SimpleUploadedFile("bill.pdf", b"%PDF-1.7 bill"),
            "variables.input.attachments.1": SimpleUploadedFile("log.html", b"<b>hello</b>"),
        },
        input={"orderId": order.saleor_id, "body": "See both.", "attachments": [None, None]},
    )

    kinds = [one["contentType"] for one in answer.payload("messageSend")["message"]["attachments"]]
    assert kinds == ["application/pdf", "text/plain; charset=utf-8"]


def test_a_message_takes_no_program(customer: Asker, order: Order):
    answer = customer.upload(
        SEND,
        {"variables.input.attachments.0": SimpleUploadedFile("cute.jpg", b"MZ\x00\x01\x02")},
        input={"orderId": order.saleor_id, "body": "Open it.", "attachments": [None]},
    )

    assert answer.refusal("messageSend") == ("INVALID", "attachments.0")


WRONG_MAPS = {
    "not JSON": "{",
    "a list": "[]",
    "no such file": '{"1": ["variables.input.lines.0.photos.0"]}',
    "one file left out": "{}",
    "no place": '{"0": []}',
    "not a list of places": '{"0": "variables.input.lines.0.photos.0"}',
    "outside variables": '{"0": ["query"]}',
    "no such place": '{"0": ["variables.input.lines.0.photos.9"]}',
    "not a null": '{"0": ["variables.input.orderId"]}',
    "twice the same": '{"0": ["variables.input.lines.0.photos.0", "variables.input.lines.0.photos.0"]}',
    "an index that is none": '{"0": ["variables.input.lines.-1.photos.0"]}',
    "not text": '{"0": [1]}',
    "deeper than there is": '{"0": ["variables.input.orderId.0.x"]}',
}


@pytest.mark.parametrize("kind", WRONG_MAPS)
def test_a_wrong_map_is_a_400(customer: Asker, order: Order, kind: str):
    operations = json.dumps({"query": CREATE, "variables": {"input": asking_back(order)}})

    answer = customer.form(operations=operations, map=WRONG_MAPS[kind], **{"0": picture()})

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("operations", ["", "{", "[]", '[{"query": "{ shop { name } }"}]', '"x"'])
def test_wrong_operations_are_a_400(customer: Asker, operations: str):
    answer = customer.form(operations=operations, map='{"0": ["variables.a"]}', **{"0": picture()})

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")


def test_more_files_than_any_form_has_are_refused(customer: Asker):
    files = {str(n): SimpleUploadedFile(f"{n}.txt", b"x") for n in range(21)}

    answer = customer.form(operations="{}", map="{}", **files)

    assert answer.status == 413


def test_a_file_cannot_be_a_value(customer: Asker, order: Order):
    asked = asking_back(order)
    asked["lines"][0]["photos"] = ["not a file"]

    answer = customer.ask(CREATE, input=asked)

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")
    assert "Upload" in answer.body["errors"][0]["message"]


def test_multipart_without_files_is_an_ordinary_request(customer: Asker, order: Order):
    answer = customer.form(operations=json.dumps({"query": "{ viewer { kind } }"}), map="{}")

    assert answer.data == {"viewer": {"kind": "CUSTOMER"}}


def test_one_file_may_stand_in_several_places(customer: Asker, order: Order):
    answer = customer.form(
        operations=json.dumps({"query": CREATE, "variables": {"input": asking_back(order, photos=2)}}),
        map='{"0": ["variables.input.lines.0.photos.0", "variables.input.lines.0.photos.1"]}',
        **{"0": picture()},
    )

    (line,) = answer.payload("returnRequestCreate")["return"]["lines"]
    assert len(line["photos"]) == 2
