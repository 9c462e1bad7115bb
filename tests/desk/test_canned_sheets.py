"""Canned replies as a table: out, and in again, all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import links
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.sheets import write_rows
from saleor_aftercare.desk import canned, canned_sheets
from saleor_aftercare.desk.canned import CannedDraft
from saleor_aftercare.desk.canned_sheets import Brought, CellProblem
from saleor_aftercare.desk.models import CannedReply
from tests.make import NOON, make_shop, make_staff

pytestmark = pytest.mark.django_db

HEAD = "shortcut,title,folder,personal,text_en,text_ja"


def make_canned(staff: StaffMember, shortcut: str = "label", **values: Any) -> CannedReply:
    draft = CannedDraft(**{"shortcut": shortcut, "title": "Label", "texts": {"en": "Hello"}} | values)
    return canned.save_canned(staff.shop, draft, staff=staff, at=NOON)


def table(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEAD, *lines, ""]).encode(encoding)


def bring(staff: StaffMember, data: bytes, *, may_share: bool = True, dry_run: bool = False) -> Brought:
    return canned_sheets.bring(staff.shop, data, staff=staff, may_share=may_share, dry_run=dry_run, at=NOON)


def test_a_table_that_was_taken_out_brings_nothing_new_into_its_own_shop_and_everything_into_another():
    mei = make_staff(make_shop())
    make_canned(mei, "label", title="=SUM(1)", folder="Returns", texts={"en": "- one\n- two", "ja": '「はい」, "様"'})
    make_canned(mei, "mine", personal=True)
    make_canned(make_staff(mei.shop), "theirs", personal=True)
    data = "".join(write_rows(canned_sheets.rows_of(mei.shop, mei))).encode()
    ken = make_staff(make_shop())

    assert bring(mei, data) == Brought(0, 0, 2, ())
    assert bring(ken, data) == Brought(2, 0, 0, ())

    assert "'=SUM(1)" in data.decode("utf-8-sig")
    assert "theirs" not in data.decode("utf-8-sig")
    label, mine = canned.visible_to(ken.shop, ken).order_by("shortcut")
    assert (label.title, label.folder, label.owner) == ("=SUM(1)", "Returns", None)
    assert label.texts == {"en": {"body": "- one\n- two"}, "ja": {"body": '「はい」, "様"'}}
    assert (mine.shortcut, mine.owner) == ("mine", ken)


def test_what_is_there_changes_by_its_shortcut_and_keeps_its_count_and_the_rest_stays():
    mei = make_staff(make_shop())
    old = make_canned(mei, "label", texts={"en": "Hello", "ja": "こんにちは"})
    CannedReply.objects.filter(pk=old.pk).update(used=7)
    other = make_canned(mei, "other")

    brought = bring(mei, table("/LABEL,New label,Returns,,Hi {{ customer.name }},", "new,New,,いいえ,,ようこそ"))

    assert brought == Brought(1, 1, 0, ())
    old.refresh_from_db()
    assert (old.title, old.folder, old.texts, old.used, old.version) == (
        "New label", "Returns", {"en": {"body": "Hi {{ customer.name }}"}}, 7, 2,
    )  # fmt: skip
    assert "returns" in old.tokens or "return" in old.tokens
    other.refresh_from_db()
    assert other.version == 1
    assert CannedReply.objects.get(shortcut="new").texts == {"ja": {"body": "ようこそ"}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_tables_of_japanese_spreadsheets_are_read(encoding: str):
    mei = make_staff(make_shop())

    bring(mei, table("arigatou,お礼,一般,はい,,ありがとうございます①。", encoding=encoding))

    assert CannedReply.objects.get().texts["ja"]["body"] == "ありがとうございます①。"


def test_a_dry_run_writes_nothing_and_tells_every_problem_with_line_and_column():
    mei = make_staff(make_shop())
    make_canned(mei, "label")
    data = table(
        "label,Changed,,,Hello,",
        "with space,Title,,,Hello,",
        '"three",,,,"Two',
        'lines",',
        "four,Title,,perhaps,Hello,",
        "five,Title,,,{{ x,",
        "six,Title,,,,",
        "seven,Title,,,Hello,こんにちは,more",
        "label,Again,,,Hello,",
        f"{'x' * 41},Title,,,Hello,",
        f"nine,Title,{'f' * 61},,Hello,",
    )

    brought = bring(mei, data, dry_run=True)

    assert (brought.added, brought.changed) == (0, 1)
    assert [(one.line, one.column) for one in brought.problems] == [
        (3, "shortcut"), (4, "title"), (6, "personal"), (7, "text_en"), (8, "text_en"), (9, "shortcut"),
        (10, "shortcut"), (11, "shortcut"), (12, "folder"),
    ]  # fmt: skip
    assert all(one.message for one in brought.problems)
    with pytest.raises(InvalidInput, match="Line 3, column shortcut: Letters, digits") as refused:
        bring(mei, data)
    assert refused.value.field == "file"
    assert list(CannedReply.objects.values_list("title", "version")) == [("Label", 1)]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("shortcut,title,text_de", "unknown column “text_de”"),
        ("shortcut,title,title", "unknown column “title”, or twice"),
        ("shortcut,text_en", "the column “title” is missing"),
        ("a table of something else", "unknown column"),
    ],
)
def test_a_table_of_other_columns_is_refused(head: str, message: str):
    with pytest.raises(InvalidInput, match=message):
        bring(make_staff(make_shop()), f"{head}\r\nx,y,z\r\n".encode(), dry_run=True)


def test_columns_may_be_left_out_and_stand_in_any_order():
    mei = make_staff(make_shop())

    bring(mei, "TITLE;text_ja;Shortcut;;\r\n住所;ご住所;address;;\r\n".encode())

    assert CannedReply.objects.get().texts == {"ja": {"body": "ご住所"}}


def test_outsourced_people_bring_their_own_only():
    mei = make_staff(make_shop())
    make_canned(mei, "label")

    refused = bring(mei, table("label,Mine now,,no,Hello,"), may_share=False, dry_run=True)
    brought = bring(mei, table("label,Mine,,yes,Hello,"), may_share=False)

    assert refused.problems == (CellProblem(2, "personal", "Only the shop's own staff change what everybody uses."),)
    assert brought == Brought(1, 0, 0, ())
    assert CannedReply.objects.get(owner=None).title == "Label"


def test_five_hundred_and_no_more_come_in_with_few_statements(django_assert_max_num_queries):
    mei = make_staff(make_shop())
    rows = [f"r{n},Title {n},,,Hello {n}," for n in range(500)]

    with django_assert_max_num_queries(12):
        assert bring(mei, table(*rows)).added == 500
    over = bring(mei, table("one-more,Title,,,Hello,"), dry_run=True)

    assert over.problems == (CellProblem(2, "shortcut", "At most 500 entries."),)
    with pytest.raises(InvalidInput, match="At most 501 rows"):
        bring(mei, table(*rows, "one-more,Title,,,Hello,"))


@pytest.mark.django_db(transaction=True)
def test_the_same_table_brought_twice_at_once_comes_in_once(at_once):
    mei = make_staff(make_shop())
    data = table(*[f"r{n},Title,,,Hello," for n in range(20)])

    outcomes = at_once([lambda: bring(mei, data).added for _ in range(3)])

    assert sorted(outcomes) == [0, 0, 20]
    assert CannedReply.objects.count() == 20


def test_the_signed_link_gives_the_table_and_a_forged_one_nothing(client: Client):
    mei = make_staff(make_shop())
    make_canned(mei)
    path = links.canned_replies(mei.shop, mei.pk).partition("/exports/")[2]

    response = client.get(f"/exports/{path}", secure=True)

    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="canned-replies.csv"'
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response).decode("utf-8-sig").splitlines() == [HEAD, "label,Label,,no,Hello,"]
    assert client.get(f"/exports/{path[:-3]}x/", secure=True).status_code == 410
