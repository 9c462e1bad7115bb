"""Every word that a customer or a member of staff reads is there in both languages."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from scripts import messages


@pytest.fixture(scope="module")
def sources() -> Catalog:
    """The messages that stand in the sources just now."""
    return messages.template()


def catalogue(language: str) -> Catalog:
    with messages.po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def keys(catalog: Catalog) -> set[tuple[str, ...]]:
    return {(message.context or "", *forms(message.id)) for message in catalog if message.id}


def forms(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)|\{(\w+)\}", text))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_catalogue_has_exactly_the_messages_of_the_sources(sources, language):
    assert keys(catalogue(language)) == keys(sources), "run: make messages"


def test_everything_is_said_in_japanese():
    missing = [m.id for m in catalogue("ja") if m.id and (m.fuzzy or not messages.translated(m.string))]

    assert missing == []


def test_japanese_is_not_english():
    kana_or_kanji = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
    blanks = re.compile(r"%\(\w+\)[a-z]")
    worded = [m for m in catalogue("ja") if m.id and re.search(r"[a-z]{4}", blanks.sub("", "".join(forms(m.id))))]

    english = [m.id for m in worded if not kana_or_kanji.search("".join(forms(m.string)))]

    assert english == []


def test_a_translation_has_the_same_blanks_to_fill():
    def differs(message: Message) -> bool:
        wanted = set().union(*map(placeholders, forms(message.id)))
        given = set().union(*map(placeholders, forms(message.string)))
        return given - wanted != set() or (isinstance(message.id, str) and given != wanted)

    assert [m.id for m in catalogue("ja") if m.id and m.string and differs(m)] == []
