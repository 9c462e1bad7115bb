"""The door itself: what it takes, what it refuses, and that its worst answer is still JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saleor_aftercare.core import bundle
from saleor_aftercare.graphql.core import view
from saleor_aftercare.graphql.core.documents import DocumentError, Documents
from saleor_aftercare.graphql.schema import graphql_schema
from tests.graphql.api import Asker, as_guest, as_staff, read, shop_with_key
from tests.make import make_order

pytestmark = pytest.mark.django_db

NAME = "{ shop { name } }"


@pytest.fixture
def staff() -> Asker:
    return as_staff(shop_with_key())


def test_a_get_gets_a_hint(client: Client):
    response = client.get("/graphql/", secure=True)

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert "POST" in response.json()["errors"][0]["message"]


def test_answers_name_the_build_that_pages_would_start_now(
    staff: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    manifest = tmp_path / "manifest.json"
    monkeypatch.setattr(bundle, "MANIFEST", manifest)
    assert "Aftercare-Build" not in staff.ask(NAME).headers

    manifest.write_text('{"src/app/main.tsx": {"file": "assets/app-AAAAAAAA.js"}}')
    assert staff.ask(NAME).headers["Aftercare-Build"] == "app-AAAAAAAA.js"


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "null", '"text"', "{}", '{"query": 1}', '{"query": " "}', '{"query": "{a}", "variables": []}',
     '{"query": "{a}", "operationName": 1}', b"\xff\xfe", "[" * 5000],
)  # fmt: skip
def test_what_is_no_request_is_a_400_with_json(staff: Asker, body: Any):
    answer = staff.post(body)

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")


def test_batches_are_refused(staff: Asker):
    answer = staff.post([{"query": NAME}, {"query": NAME}])

    assert answer.status == 400
    assert "send one" in answer.body["errors"][0]["message"]


def test_other_content_types_are_refused(client: Client, staff: Asker):
    response = client.post(
        "/graphql/", NAME, content_type="application/graphql", secure=True,
        headers={"Authorization": f"Bearer {staff.token}"},
    )  # fmt: skip

    assert read(response).status == 415


def test_an_operation_is_chosen_by_its_name(staff: Asker):
    query = "query A { shop { name } } query B { shop { handle } }"

    chosen = staff.post({"query": query, "operationName": "B"})
    unnamed = staff.post({"query": query})

    assert list(chosen.data["shop"]) == ["handle"]
    assert (unnamed.status, unnamed.code) == (400, "GRAPHQL_ERROR")


def test_unknown_fields_are_refused_without_suggestions(staff: Asker):
    answer = staff.ask("{ shop { nam } }")

    assert (answer.status, answer.code) == (400, "GRAPHQL_ERROR")
    assert "Did you mean" not in answer.body["errors"][0]["message"]


def test_missing_and_wrong_variables_are_a_400(staff: Asker):
    query = "query ($id: ID!) { order(id: $id) { id } }"

    assert staff.ask(query).status == 400
    assert staff.ask(query, id={"a": 1}).status == 400


def test_introspection_is_off_unless_the_setting_says_so(staff: Asker, settings: Any):
    query = "{ __schema { queryType { name } } }"

    settings.GRAPHQL_INTROSPECTION = False
    off = staff.ask(query)
    settings.GRAPHQL_INTROSPECTION = True
    on = staff.ask(query)

    assert off.status == 400
    assert on.data == {"__schema": {"queryType": {"name": "Query"}}}


def test_the_tools_own_introspection_passes_when_it_is_on(staff: Asker, settings: Any):
    from graphql import get_introspection_query

    settings.GRAPHQL_INTROSPECTION = True

    assert "__schema" in staff.ask(get_introspection_query()).data


def test_our_own_bug_is_logged_whole_and_told_without_detail(
    staff: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    field = graphql_schema.query_type.fields["shop"]  # type: ignore[union-attr]

    def break_down(*_args: Any) -> None:
        raise ZeroDivisionError("secret of ours")

    monkeypatch.setattr(field, "resolve", break_down)
    answer = staff.ask(NAME)

    (error,) = answer.body["errors"]
    assert answer.status == 200
    assert error["extensions"] == {"code": "INTERNAL", "requestId": answer.headers["X-Request-Id"]}
    assert error["message"] == "Internal error"
    assert "ZeroDivisionError" in caplog.text


def test_even_a_bug_before_any_resolver_is_json(monkeypatch: pytest.MonkeyPatch):
    def break_down(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(view, "read_operation", break_down)
    answer = Asker().ask(NAME)

    assert (answer.status, answer.code) == (200, "INTERNAL")


def test_messages_come_in_the_asked_for_language(staff: Asker):
    query = '{ ticket(number: 1, id: "x") { id } }'
    english = staff.ask(query).body["errors"][0]["message"]

    staff.headers["Accept-Language"] = "ja-JP,ja;q=0.9"
    japanese = staff.ask(query).body["errors"][0]["message"]

    assert english != japanese
    assert english.isascii()
    assert not japanese.isascii()


def test_unasked_a_guest_hears_the_language_of_the_order():
    guest = as_guest(make_order(language="ja"))
    guest.headers["Accept-Language"] = ""

    assert guest.ask("{ viewer { locale } }").data["viewer"]["locale"] == "ja"


def test_the_answer_is_kept_by_no_cache(staff: Asker):
    answer = staff.ask(NAME)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Authorization" in answer.headers["Vary"]


def test_a_known_staff_token_costs_three_queries_before_the_first_field(staff: Asker):
    staff.ask(NAME)

    with CaptureQueriesContext(connection) as queries:
        staff.ask(NAME)

    assert len(queries) == 3  # the shop, the member of staff, what the shop decided about their groups


# -- documents ---------------------------------------------------------------------------------------------------------


def test_a_document_is_parsed_once():
    documents = Documents(graphql_schema)

    assert documents.get(NAME, {}) is documents.get(NAME, {})
    assert len(documents) == 1


def test_only_so_many_documents_are_held_and_the_oldest_go():
    documents = Documents(graphql_schema, limit=2)
    first = documents.get("query A { shop { name } }", {})
    documents.get("query B { shop { name } }", {})
    documents.get("query A { shop { name } }", {})
    documents.get("query C { shop { name } }", {})

    assert len(documents) == 2
    assert documents.get("query A { shop { name } }", {}) is first


def test_invalid_documents_are_not_held():
    documents = Documents(graphql_schema)
    with pytest.raises(DocumentError):
        documents.get("{ nothing }", {})

    assert len(documents) == 0
