from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.inbox.search import query, tokens
from saleor_aftercare.inbox.search.words import normalise, stem, vector


def test_english_words_count_with_and_without_their_endings():
    assert tokens("The zippers stopped charging") == [
        "the", "zippers", "zipper", "stopped", "stop", "charging", "charg",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("batteries", "battery"),
        ("boxes", "box"),
        ("dishes", "dish"),
        ("glass", "glass"),
        ("charge", "charg"),
        ("charged", "charg"),
        ("filling", "fill"),
        ("bus", "bus"),
        ("sing", "sing"),
        ("customer's", "customer"),
        ("2024s", "2024s"),
        ("été", "été"),
    ],
)
def test_endings_that_say_how_many_and_when_are_left_out(word, bare):
    assert stem(word) == bare


def test_japanese_is_cut_into_pairs_and_each_kanji_stands_alone_too():
    assert tokens("返品したい") == ["返品", "返", "品し", "品", "した", "たい", "い"]


def test_half_width_kana_full_width_letters_and_katakana_are_spelled_alike():
    assert tokens("ﾊﾞｯﾃﾘｰ") == tokens("バッテリー") == tokens("ばってりー")
    assert tokens("ＢＲ－９００Ｘ") == tokens("br-900x")
    assert normalise("Straße CAFÉ") == "strasse cafe"


def test_numbers_with_signs_count_without_them_too():
    assert tokens("RMA-118") == ["rma118", "rma", "118"]


def test_a_telephone_number_counts_by_its_end_whatever_country_code_stands_before_it():
    written_by_people = ("090-1234-5678", "+81 90 1234 5678", "(090) 1234-5678", "+819012345678", "09012345678")
    for written in (*written_by_people, "_09012345678_"):
        assert "☎12345678" in tokens(written)
    assert not [one for one in tokens("call 12-34 on 2026-11-22") if one.startswith("☎")]


def test_a_mail_address_counts_whole_and_in_its_parts():
    assert tokens("jade@zoo.test") == ["jade@zoo.test", "jade", "zoo", "test"]


def test_no_phrase_reaches_from_one_text_into_the_next():
    assert vector([("big grinder", "A"), ("broken", "D")], marks=["§7"]) == "'§7' 'big':1A 'grinder':2A 'broken':12"


def test_quotes_and_backslashes_cannot_leave_their_lexeme():
    assert query("don't").render() == "('dont' | 'dont':*)".replace("'dont'", "'dont'")
    assert "''" not in query("a\\b' c").render()


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("zippers ", "'zipper'"),
        ("zippers", "('zipper' | 'zippers':*)"),
        ("broken zipper ", "'broken' & 'zipper'"),
        ('"broken zippers"', "'broken' <1> 'zippers'"),
        ("充電できない", "'充電' <1> '電で' <1> 'でき' <1> 'きな' <1> 'ない'"),
        ("猫", "('猫' | '猫':*)"),
        ('"電池 AA"', "'電池' <2> 'aa'"),
        ("RMA-118 ", "'rma118'"),
        ("rma-1", "('rma1' | 'rma1':*)"),
        ("+81 90 1234 5678", "'☎12345678'"),
        ("012345678/12/3 ", "'012345678123'"),
        ("well-known ", "'well' <1> 'known'"),
        ("jade@zoo.te", "('jade@zoo.te' | 'jade@zoo.te':*)"),
        ("  … ", ""),
        ('"', ""),
        ("「電池」", "'電池'"),
    ],
)
def test_what_a_search_asks_for(text, rendered):
    assert query(text).render() == rendered


@given(st.text(max_size=300))
def test_no_text_crashes_and_every_token_is_short(text):
    found = tokens(text)

    assert all(0 < len(one) <= 60 for one in found)
    assert len(set(found)) == len(found)
    query(text).render()
    assert "\x00" not in vector([(text.replace("\x00", ""), "D")])


@given(st.text(alphabet="abc é-ー猫電池アあ1290@.\"' ", max_size=40))
def test_spelling_a_text_the_common_way_changes_nothing(text):
    assert tokens(normalise(text)) == tokens(text)


@given(st.text(min_size=1, max_size=30))
def test_words_of_a_search_are_words_of_the_index(text):
    """A finished word is searched for by a spelling whose lexemes the index holds for it."""
    text = text.replace('"', "")  # in quotes a text would be a phrase
    held = set(tokens(text))

    for term in query(text + " ").terms:
        assert any(all(lexeme in held for lexeme, _distance in steps) for steps in term.any_of)
