"""Brings ``locale/*/LC_MESSAGES/django.po`` up to date with the sources, by Babel alone: `make messages`.

Known translations stay, new messages come in empty, messages that nothing uses any more go. Nothing is guessed.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "saleor_aftercare"
LANGUAGES = ("en", "ja")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: The practice shop is a stand-in with texts of its own; the dashboard has its own catalogues.
SKIPPED = {"dashboard", "migrations", "locale", "static"}


def sources() -> Iterator[tuple[str, bytes]]:
    """Yield name and Python text of every source; templates as the Python that Django makes of them."""
    for path in sorted(PACKAGE.rglob("*")):
        relative = path.relative_to(PACKAGE)
        if SKIPPED & set(relative.parts) or not path.is_file():
            continue
        if path.suffix == ".py":
            yield str(path.relative_to(ROOT)), path.read_bytes()
        elif "templates" in relative.parts and path.suffix in {".html", ".txt"}:
            text = templatize(path.read_text(encoding="utf-8"), origin=str(relative))
            # What templatize leaves of the page around the calls is names of X; only its indentation is no Python.
            yield str(path.relative_to(ROOT)), "\n".join(line.strip() for line in text.splitlines()).encode()


def template() -> Catalog:
    """Return every message of the sources, with the places where it stands."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for name, text in sources():
        for line, message, comments, context in extract(
            "python", BytesIO(text), keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def updated(language: str, messages: Catalog) -> Catalog:
    """Return the language's catalogue with exactly the messages of the sources."""
    path = po_path(language)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    else:
        catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
    catalog.header_comment = f"# Saleor Aftercare, {language}. Written by `make messages`; the texts are ours."
    # A new date on every run would be a change in every branch.
    messages.creation_date = catalog.creation_date
    catalog.update(messages, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def po_path(language: str) -> Path:
    """Return where a language's catalogue stands."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def main() -> None:
    """Write the catalogues, and say what waits for a translator."""
    if not settings.configured:
        settings.configure()
    messages = template()
    for language in LANGUAGES:
        catalog = updated(language, messages)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
        missing = (
            0 if language == "en" else sum(1 for message in catalog if message.id and not translated(message.string))
        )
        print(f"{path.relative_to(ROOT)}: {len(catalog)} messages, {missing} to translate")


def translated(string: str | tuple[str, ...] | list[str]) -> bool:
    """Say whether every form of a message has a text."""
    return bool(string) if isinstance(string, str) else bool(string) and all(string)


if __name__ == "__main__":
    main()
