from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.inbox.filters import parse
from saleor_aftercare.inbox.filters.language import Condition, ProblemCode, Words, read


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("is:open", "is:open"),
        ("IS:Unread,overdue", "is:unread,overdue"),
        ('zipper is:mine "broken  strap"', 'is:mine zipper "broken strap"'),
        ('tag:vip,"big order"', 'tag:vip,"big order"'),
        ("-tag:vip -zipper", "-tag:vip -zipper"),
        ("担当:自分 状況：期限切れ", "assignee:me is:overdue"),
        ("タグ:「至急 対応」", 'tag:"至急 対応"'),
        ("優先度:緊急、高", "priority:urgent,high"),
        ("#1001", "number:1001"),
        ("order:#1001", "order:1001"),
        ("before:2026/1/5 after:2026年1月 since:7d", "before:2026-01-05 after:2026-01 after:7d"),
        ("channel:mail has:file", "channel:email has:attachment"),
        ("is:mine zipper ", "is:mine zipper "),
        ("https://shop.test/a 10:30", "https://shop.test/a 10:30"),
        ("", ""),
    ],
)
def test_a_text_has_one_common_spelling(text, spelled):
    assert parse(text).text == spelled
    assert parse(text).problems == () or "zipper" in text


def test_conditions_and_words_are_read_with_their_places():
    reading = read('is:open  -from:jade "no power" zip')

    assert reading.conditions == (Condition("is", ("open",)), Condition("from", ("jade",), negated=True))
    assert reading.words == (Words("no power", exact=True), Words("zip"))
    assert [(one.start, one.end) for one in (*reading.conditions, *reading.words)] == [
        (0, 7), (9, 19), (20, 30), (31, 34),
    ]  # fmt: skip
    assert reading.open_end
    assert reading.search() == '"no power" zip'


@pytest.mark.parametrize(
    ("text", "start", "end", "code"),
    [
        ("zipper is:lost", 10, 14, ProblemCode.UNKNOWN_VALUE),
        ("is:open,lost,new", 8, 12, ProblemCode.UNKNOWN_VALUE),
        ("a tag: b", 2, 6, ProblemCode.MISSING_VALUE),
        ('tag:""', 4, 6, ProblemCode.MISSING_VALUE),
        ("before:2026-02-30", 7, 17, ProblemCode.UNKNOWN_VALUE),
        ("after:soon", 6, 10, ProblemCode.UNKNOWN_VALUE),
        ("x colour:red", 2, 9, ProblemCode.UNKNOWN_OPERATOR),
        ('is:open "no end', 8, 15, ProblemCode.OPEN_QUOTE),
        ("order:" + "9" * 31, 6, 37, ProblemCode.UNKNOWN_VALUE),
        ("a " * 31, 60, 62, ProblemCode.TOO_MUCH),
        ("tag:" + ",".join(f"t{n}" for n in range(21)), 0, 77, ProblemCode.TOO_MUCH),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(text, start, end, code):
    (problem,) = parse(text).problems

    assert (problem.start, problem.end, problem.code) == (start, end, code)
    assert problem.text == text[start:end]


def test_what_is_no_known_operator_is_words():
    assert read("colour:red").words == (Words("colour:red"),)


_ODD = [
    *("is:open", "-is:", "is:lost", "tag:", 'tag:"a b"', "tag:x,y", "タグ：「あ い」", "from:Jade", "-", "--", '"'),
    *("“a b”", "「", "#12", "-#7", "order:none", "before:7d", "colour:x", "zipper", "-zipper", "電池", "a:b:c"),
    *(",", "\x00", "＂", "tag:＂a", "ﬁ", " ", "\u3000"),
]
_PIECES = st.lists(st.one_of(st.sampled_from(_ODD), st.text(max_size=8)), max_size=8)


@given(_PIECES, st.sampled_from(["", " "]))
def test_every_text_is_read_and_its_common_spelling_reads_the_same(pieces, glue):
    text = glue.join(pieces)

    first = parse(text)
    again = parse(first.text)

    assert again.text == first.text
    assert again.reading.conditions == first.reading.conditions
    assert again.reading.words == first.reading.words
    assert again.search.strip() == first.search.strip()
    for problem in first.problems:
        assert 0 <= problem.start < problem.end <= len(text)
