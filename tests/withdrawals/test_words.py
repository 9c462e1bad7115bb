"""The words: statutory, complete, and the same blanks everywhere."""

import re
import string
from dataclasses import fields

import pytest

from saleor_aftercare.policies.models import Exclusion
from saleor_aftercare.withdrawals.policy import Coverage, coverage
from saleor_aftercare.withdrawals.words import LANGUAGES, STATUTORY, Words, labels_of, spoken, words_of

FIELDS = [field.name for field in fields(Words) if field.name not in {"exceptions", "conditions"}]


@pytest.mark.parametrize(
    ("language", "withdraw", "confirm"),
    [
        ("en", "Withdraw from contract here", "Confirm withdrawal"),
        ("de", "Vertrag widerrufen", "Widerruf bestätigen"),
        ("fr", "Renoncer au contrat ici", "Confirmer la rétractation"),
        ("it", "Recedere dal contratto qui", "Conferma recesso"),
        ("es", "Desistir del contrato aquí", "Confirmar desistimiento"),
        ("nl", "Hier de overeenkomst ontbinden", "Ontbinding bevestigen"),
    ],
)
def test_the_statutory_labels_are_exact(language, withdraw, confirm):
    labels = labels_of(language)

    assert (labels.withdraw, labels.confirm) == (withdraw, confirm)


def test_every_official_language_of_the_union_has_its_labels():
    official = [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "ga",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "sv",
    ]

    assert sorted(STATUTORY) == official
    assert all(label.withdraw and label.confirm for label in STATUTORY.values())


def test_a_language_without_labels_gets_the_english_ones():
    assert labels_of("tlh") == labels_of("en")


@pytest.mark.parametrize(("code", "language"), [("de-AT", "de"), ("JA_jp", "ja"), ("pl", ""), ("", "")])
def test_the_pages_know_which_languages_they_speak(code, language):
    assert spoken(code) == language


def blanks(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same_blanks_as_english(language):
    english, words = words_of("en"), words_of(language)

    differing = [name for name in FIELDS if blanks(getattr(words, name)) != blanks(getattr(english, name))]

    assert differing == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_language_was_left_in_english(language):
    """Words that are the same in both languages are named here."""
    english, words = words_of("en"), words_of(language)
    alike = {"statement_line", "statement_name", "contract"}

    same = [name for name in FIELDS if getattr(words, name) == getattr(english, name)]

    assert set(same) - alike <= {"error", "number", "name"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exception_and_every_condition_has_its_sentence(language):
    words = words_of(language)
    found = {one: coverage(one, supplied=True) for one in Exclusion}

    assert set(words.exceptions) == {one for one, kind in found.items() if kind == Coverage.EXCEPTED}
    conditional = {one.value for one, kind in found.items() if kind == Coverage.CONDITIONAL}
    assert set(words.conditions) == conditional | {"gift_card"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_written_with_straight_markup_or_double_spaces(language):
    words = words_of(language)

    odd = [name for name in FIELDS if re.search(r"<|>|  |^\s|\s$", getattr(words, name))]

    assert odd == []
