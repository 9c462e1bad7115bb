"""Canned replies as a table, by the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saleor_aftercare.desk.models import CannedReply
from tests.graphql.api import as_staff, shop_with_key

pytestmark = pytest.mark.django_db

IMPORT = """mutation ($file: Upload!, $dry: Boolean!) { cannedRepliesImport(file: $file, dryRun: $dry) {
  added changed unchanged problems { line column message } errors { field message code } } }"""
EXPORT = "mutation { cannedRepliesExport { url errors { code field } } }"


def test_a_table_is_looked_at_and_brought_and_taken_out():
    shop = shop_with_key()
    staff = as_staff(shop)

    def send(data: str, *, dry: bool) -> Any:
        file = SimpleUploadedFile("replies.csv", data.encode(), "text/csv")
        return staff.upload(IMPORT, {"variables.file": file}, file=None, dry=dry)

    bad = "shortcut,title,text_en\nx,,Hello\n"
    seen = send(bad, dry=True).payload("cannedRepliesImport")
    assert seen["problems"] == [{"line": 2, "column": "title", "message": "Please fill in this field."}]
    assert send(bad, dry=False).refusal("cannedRepliesImport") == ("INVALID", "file")
    good = "shortcut,title,text_en\nx,Title,Hello\n"
    seen = send(good, dry=True).payload("cannedRepliesImport")
    assert (seen["added"], seen["problems"], CannedReply.objects.count()) == (1, [], 0)
    send(good, dry=False).payload("cannedRepliesImport")

    assert CannedReply.objects.get().title == "Title"
    url = staff.ask(EXPORT).payload("cannedRepliesExport")["url"]
    assert "/exports/canned-replies/" in url
    nobody = as_staff(shop, ("MANAGE_PRODUCTS",))
    assert nobody.ask(EXPORT).refusal("cannedRepliesExport")[0] == "PERMISSION_DENIED"
