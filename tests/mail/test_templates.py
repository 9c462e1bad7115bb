"""Every letter in every language: whole, told what it needs, and explained at its top."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.test import override_settings
from django.utils import translation

import saleor_aftercare
from saleor_aftercare.mail.kinds import COMMON, CONTEXT, template_of
from saleor_aftercare.mail.templated import TemplatedMail

FOLDER = Path(saleor_aftercare.__file__).parent / "templates" / "aftercare" / "mail"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
EVIL = '<script>alert("1")</script>'
URL = "https://aftercare.test/portal/x/"
LISTS: dict[str, Any] = {
    "items": [{"name": EVIL, "quantity": 2, "detail": EVIL}],
    "not_approved": [{"name": EVIL, "quantity": 1, "detail": ""}],
    "accepted": [{"name": EVIL, "quantity": 1, "detail": EVIL}],
    "rejected": [{"name": EVIL, "quantity": 1, "detail": EVIL}],
    "missing": [{"name": EVIL, "quantity": 1, "detail": ""}],
    "sum": [{"label": EVIL, "amount": "€59.80"}, {"label": EVIL, "amount": "€59.80"}],
    "parcels": 2,
    "address_lines": [EVIL, "107-0062"],
    "history": [{"author": EVIL, "at": datetime(2025, 6, 2, 12, 0, tzinfo=UTC), "body": EVIL}],
    "quantity": 2,
    "answer_within_hours": 24,
    "minutes": 10,
    "ticket_number": 1001,
    "scores": [{"score": score, "label": EVIL, "url": f"{URL}survey/?score={score}"} for score in (5, 4, 3, 2, 1)],
    "open_days": 14,
    "facts": [(EVIL, EVIL)],
    "covered": [EVIL],
    "exceptions": [EVIL],
    "steps": [EVIL, EVIL],
    "address": [EVIL, "107-0062"],
    "lines": [
        {"author": EVIL, "mine": mine, "at": datetime(2025, 6, 2, 12, 0, tzinfo=UTC), "body": EVIL, "text": EVIL}
        | {"subject": subject, "url": f"{URL}tickets/1001"}
        for mine, subject in ((True, EVIL), (False, ""))
    ],
    "count": 2,
    "more": 3,
    "unsubscribe_url": f"{URL}unsubscribe/",
    "automatic": True,
    "restores": True,
}


def value_of(key: str) -> Any:
    return LISTS.get(key, URL + key if "url" in key else EVIL)


def rendered(kind: str, language: str) -> TemplatedMail:
    context = {key: value_of(key) for key in CONTEXT[kind] | COMMON} | {"language": language}
    letter = TemplatedMail(template_name=template_of(kind), context=context)
    with translation.override(language):
        letter.render()
    return letter


@pytest.fixture(autouse=True)
def _loud_templates() -> Any:
    """A variable that a template was not given shows up."""
    setting = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"string_if_invalid": "NOT-GIVEN:%s"},
        }
    ]
    with override_settings(TEMPLATES=setting):
        assert engines.all()
        yield


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(CONTEXT))
def test_the_letter_is_whole(kind, language):
    letter = rendered(kind, language)

    for part in (letter.subject, letter.body, letter.html):
        assert "NOT-GIVEN" not in part
        assert "{%" not in part
    assert f'<html lang="{language}">' in letter.html
    assert "<script" not in letter.html
    assert "&lt;" not in letter.subject + letter.body
    assert "&amp;" not in letter.body


@pytest.mark.parametrize("kind", sorted(CONTEXT))
def test_the_text_part_leads_wherever_the_html_part_does(kind):
    letter = rendered(kind, "en")

    links = set(re.findall(r'href="([^"]+)"', letter.html))

    assert links == set(re.findall(r"https://\S+", letter.body))


@pytest.mark.parametrize("kind", sorted(CONTEXT))
def test_no_english_is_left_in_the_japanese_letter(kind):
    letter = rendered(kind, "ja")

    text = re.sub(r"https://\S+|<script>.*?</script>|RMA|Aftercare|#\d+|\[|\]", "", letter.subject + letter.body)

    assert re.findall(r"[A-Za-z]{3,}", text) == []


@pytest.mark.parametrize("kind", sorted(CONTEXT))
def test_its_words_are_explained_at_the_top_of_the_template(kind):
    source = (FOLDER / f"{kind}.html").read_text()

    comment = source.partition("{% comment %}")[2].partition("{% endcomment %}")[0]

    assert set(re.findall(r"^  (\w+) ", comment, re.MULTILINE)) == CONTEXT[kind]


def test_every_template_is_a_letter_that_can_be_written():
    files = {str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.html")}

    assert files == set(CONTEXT)
