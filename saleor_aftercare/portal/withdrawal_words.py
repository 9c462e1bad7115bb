"""The withdrawal pages speak more languages than the rest of the portal: which one, and how to go on in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation.trans_real import parse_accept_lang_header

from saleor_aftercare.core.languages import LANGUAGES as PORTAL_LANGUAGES
from saleor_aftercare.portal.visit import Visit, chosen_language
from saleor_aftercare.withdrawals.words import LANGUAGES, Labels, Words, labels_of, spoken, words_of


@dataclass(frozen=True)
class LanguageLink:
    """One language in the menu."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Tongue:
    """The language of one answer, with its words and statutory labels."""

    code: str

    @property
    def words(self) -> Words:
        """Every word of the pages."""
        return words_of(self.code)

    @property
    def labels(self) -> Labels:
        """What the law wants on the link and on the button."""
        return labels_of(self.code)


def tongue_of(visit: Visit, *, prefer: str = "") -> Tongue:
    """By ``?lang``, the reader's choice, ``prefer``, their session, their browser, and then the shop's own."""
    request = visit.request
    wishes = [request.GET.get("lang", ""), chosen_language(request), prefer]
    if visit.session is not None:
        wishes.append(visit.session.language)
    header = request.headers.get("Accept-Language", "")[:500]
    wishes += [code for code, _weight in parse_accept_lang_header(header)]
    wishes.append(visit.settings.default_language)
    code = next((known for wish in wishes if (known := spoken(wish[:20]))), "en")
    # What these pages borrow from the rest of the portal comes in a language that it speaks.
    translation.activate(code if code in PORTAL_LANGUAGES else "en")
    return Tongue(code)


def here(visit: Visit, name: str, tongue: Tongue, *, number: str = "", **query: str) -> str:
    """The address of a withdrawal page that goes on in the same language."""
    path = visit.url(name, number=number) if number else visit.url(name)
    return f"{path}?{urlencode({**{key: value for key, value in query.items() if value}, 'lang': tongue.code})}"


def menu(visit: Visit, tongue: Tongue) -> list[LanguageLink]:
    """The same page in every language that it speaks."""
    query = {key: visit.request.GET.get(key, "")[:2000] for key in ("order", "other", "t", "r")}
    return [
        LanguageLink(
            code,
            words_of(code).language_name,
            f"{visit.request.path}?{urlencode({**{k: v for k, v in query.items() if v}, 'lang': code})}",
            code == tongue.code,
        )
        for code in LANGUAGES
    ]


def show(
    visit: Visit, template: str, tongue: Tongue, *, status: int = 200, languages: bool = True, **context: Any
) -> HttpResponse:
    """A withdrawal page in its language; without ``languages`` where another one would lose what was filled in."""
    problems = context.get("problems") or ()
    words = tongue.words
    response = visit.render(
        template,
        status=status,
        w=words,
        labels=tongue.labels,
        tongue=tongue,
        withdraw_url=here(visit, "withdraw", tongue),
        problems_title=words.one_problem if len(problems) == 1 else words.problems.format(n=len(problems)),
        language_menu=menu(visit, tongue) if languages else (),
        **context,
    )
    response["Content-Language"] = tongue.code
    return response
