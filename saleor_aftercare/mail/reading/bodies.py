"""Which parts of a mail are its words, and which are files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from . import names
from .charsets import decode
from .guesses import Guesses
from .html_text import MAX_HTML, read_html
from .parts import TYPES_BY_SUFFIX, Part, open_message
from .plain_text import strip_pgp, take_uu, tidy, unflow
from .smime import content_of_signed
from .tnef import read_tnef

#: Words beyond are left out of the text; the raw mail has them.
MAX_TEXT: Final = 2_000_000
#: Files beyond are left out.
MAX_ATTACHMENTS: Final = 500

_MAIL: Final = frozenset(("message/rfc822", "message/global", "message/news"))
_TNEF: Final = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_SMIME: Final = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_SIGNATURES: Final = {
    "application/pkcs7-signature": "S/MIME",
    "application/x-pkcs7-signature": "S/MIME",
    "application/pgp-signature": "PGP",
}
#: Parts of reports that say something to machines; they are read by :mod:`.reports`.
_MACHINE: Final = frozenset(
    (
        "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
        "message/global-disposition-notification", "message/feedback-report", "text/rfc822-headers",
        "text/rfc822-header", "message/global-headers", "text/x-amp-html", "text/watch-html",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail."""

    name: str  #: safe for any system; made up by its type when it had none
    content_type: str  #: without parameters, in lower case
    content: bytes
    inline: bool  #: whether it is shown within the text: a picture that the HTML refers to
    content_id: str = ""

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


@dataclass(slots=True)
class Body:
    """The words and files of a mail."""

    text: str = ""
    unquoted: str = ""  #: the text without what HTML marks as quoted
    unquoted_html: str = ""  #: likewise of the HTML that stands beside plain text
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    signature: str = ""  #: ``S/MIME``, ``PGP`` or nothing
    encrypted: str = ""  #: likewise; the words are not to be had
    forwarded: list[Part] = field(default_factory=list)  #: mails in this mail


def read_body(root: Part, guesses: Guesses) -> Body:
    """The words and files of the tree of a mail."""
    reader = _Reader(guesses)
    reader.take(root)
    return reader.finish()


@dataclass(slots=True)
class _File:
    part: Part | None
    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(slots=True)
class _Words:
    """One stretch of words: plain text, or HTML with what is quoted in it known."""

    text: str
    unquoted: str
    is_html: bool


class _Reader:
    def __init__(self, guesses: Guesses) -> None:
        self.guesses = guesses
        self.words: list[_Words] = []
        self.html: list[str] = []
        self.html_unquoted: list[str] = []
        self.content_ids: set[str] = set()
        self.files: list[_File] = []
        self.body = Body()

    # -- the tree ------------------------------------------------------------------------------------------------

    def take(self, part: Part, *, alone: bool = True) -> None:
        """Sort a part and everything in it, in the order in which it stands; as deep as the tree, which is bounded."""
        if part.content_type == "multipart/encrypted":
            self.body.encrypted = "PGP"
        if not part.children:
            self._take_leaf(part, alone=alone)
            return
        before = len(self.words)
        for child in part.children:
            self.take(child, alone=False)
        if part.content_type == "multipart/alternative":
            self.words[before:] = _best(self.words[before:])

    def _take_leaf(self, part: Part, *, alone: bool) -> None:
        kind = part.content_type
        if kind in _MACHINE or (kind == "application/applefile" and part.within == "multipart/appledouble"):
            return
        if kind in _SIGNATURES:
            self.body.signature = _SIGNATURES[kind]
        if kind in _MAIL:
            self._take_mail(part)
        elif kind in _TNEF or part.file_name.lower() in {"winmail.dat", "win.dat"}:
            self._take_tnef(part)
        elif kind in _SMIME:
            self._take_smime(part)
        elif kind.startswith("multipart/"):
            return
        elif self._is_words(part, alone=alone):
            self._take_words(part)
        else:
            self._take_file(part)

    def _is_words(self, part: Part, *, alone: bool) -> bool:
        if part.content_type not in {
            "text/plain",
            "text/html",
            "text/enriched",
            "text/richtext",
            "text/markdown",
        } and not (alone and part.content_type.startswith("text/") and not part.file_name):
            return False
        if part.disposition == "attachment":
            return False
        if not part.file_name:
            return True
        # A name makes a file of it, unless it is all that could be the words of this mail.
        return alone or (not self.words and part.within == "multipart/alternative" and part.disposition != "inline")

    # -- leaves --------------------------------------------------------------------------------------------------

    def _take_words(self, part: Part) -> None:
        data = part.content(self.guesses)
        if part.content_type == "text/plain":
            data, found = take_uu(data)
            for file in found:
                self._add_file(None, file.name, _type_of(file.name), file.data)
        charset = part.parameters.get("charset") or _charset_in_html(data)
        text = tidy(decode(data, charset, where=part.where, guesses=self.guesses))
        kind = part.content_type
        if kind == "text/plain" and _HTML_BEGINS.match(text):
            self.guesses.add(part.where, declared=kind, used="text/html", why="The text is HTML.")
            kind = "text/html"
        if kind in {"text/html", "text/enriched", "text/richtext"}:
            self._take_html(self._limited(text, MAX_HTML, part), is_html=kind == "text/html")
            return
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        text, signed = strip_pgp(text)
        if signed:
            self.body.signature = "PGP"
        if text.startswith("-----BEGIN PGP MESSAGE-----"):
            self.body.encrypted = "PGP"
        text = self._limited(text, MAX_TEXT, part).strip("\n")
        self.words.append(_Words(text, text, is_html=False))

    def _take_html(self, source: str, *, is_html: bool) -> None:
        read = read_html(source if is_html else source.replace("<nl>", "<br>"))
        if is_html:
            self.html.append(source)
            self.html_unquoted.append(read.unquoted)
            self.content_ids |= read.content_ids
        self.words.append(_Words(read.text, read.unquoted, is_html=True))

    def _limited(self, text: str, limit: int, part: Part) -> str:
        if len(text) <= limit:
            return text
        self.guesses.add(part.where, declared="", used="", why=f"Only the first {limit:,} characters were read.")
        return text[:limit]

    def _take_file(self, part: Part) -> None:
        self._add_file(part, part.file_name, part.content_type, part.content(self.guesses), part.content_id)

    def _add_file(self, part: Part | None, name: str, kind: str, content: bytes, content_id: str = "") -> None:
        if len(self.files) >= MAX_ATTACHMENTS:
            self.guesses.add("mail", declared="", used="", why=f"Only the first {MAX_ATTACHMENTS} files were taken.")
            return
        self.files.append(_File(part, name, kind, content, content_id))

    def _take_mail(self, part: Part) -> None:
        """A mail in this mail: a file, and something to read where this mail says nothing itself."""
        inner = open_message(part, self.guesses)
        self.body.forwarded.append(inner)
        content = part.content(self.guesses).lstrip(b"\r\n")
        title = names.safe_name(part.file_name) or inner.headers.text("subject", self.guesses)
        name = part.file_name or names.fitting_name("message/rfc822", 1, title=title)
        self._add_file(part, name, "message/rfc822", content, part.content_id)

    def _take_tnef(self, part: Part) -> None:
        content = part.content(self.guesses)
        found = read_tnef(content, self.guesses)
        if found is None:
            self._add_file(part, part.file_name, part.content_type, content)
            return
        for file in found.files:
            self._add_file(None, file.name, file.content_type or _type_of(file.name), file.content, file.content_id)
        if any(words.text.strip() for words in self.words):
            return  # the sender's server wrote the words beside the envelope
        if found.html:
            self._take_html(tidy(found.html)[:MAX_HTML], is_html=True)
        elif found.text:
            text = tidy(found.text)[:MAX_TEXT].strip("\n")
            self.words.append(_Words(text, text, is_html=False))

    def _take_smime(self, part: Part) -> None:
        content = part.content(self.guesses)
        inner = content_of_signed(content)
        if inner is None:
            if "signed" not in part.parameters.get("smime-type", ""):
                self.body.encrypted = "S/MIME"
            self._take_file(part)
            return
        self.body.signature = "S/MIME"
        part.body = inner
        part.headers.fields = [pair for pair in part.headers.fields if pair[0] != "content-transfer-encoding"]
        self.take(open_message(part, self.guesses))

    # -- the whole -----------------------------------------------------------------------------------------------

    def finish(self) -> Body:
        """Put words together and give files their names."""
        body = self.body
        body.html = "\n".join(self.html)
        said = [words for words in self.words if words.text.strip()]
        body.text = "\n\n".join(words.text for words in said)
        body.unquoted = "\n\n".join(words.unquoted for words in said if words.unquoted.strip())
        body.unquoted_html = "" if any(words.is_html for words in said) else "\n\n".join(self.html_unquoted)
        if not body.text.strip() and body.forwarded:
            inner = _Reader(self.guesses)
            inner.take(body.forwarded[0])
            body.text = body.unquoted = "\n\n".join(words.text for words in inner.words if words.text.strip())
            why = "The mail has no words of its own; those of the mail in it were taken."
            self.guesses.add("mail", declared="", used="", why=why)
        body.attachments = [self._named(file, number) for number, file in enumerate(self.files, 1)]
        return body

    def _named(self, file: _File, number: int) -> Attachment:
        name = names.safe_name(file.name)
        if not name:
            name = names.fitting_name(file.content_type, number)
        elif name != file.name.strip():
            where = f"attachment {number}"
            self.guesses.add(where, declared=file.name, used=name, why="The file name was made safe.")
        return Attachment(name, file.content_type, file.content, self._is_inline(file), file.content_id)

    def _is_inline(self, file: _File) -> bool:
        if file.content_id and file.content_id in self.content_ids:
            return True
        if not file.content_type.startswith("image/") or file.part is None:
            return False
        if file.part.disposition == "inline":
            return True
        return (
            bool(file.content_id) and file.part.within == "multipart/related" and file.part.disposition != "attachment"
        )


def _best(words: list[_Words]) -> list[_Words]:
    """Of alternatives the plain text, unless it is empty or only says that there is HTML."""
    plain = [one for one in words if not one.is_html and one.text.strip()]
    rich = [one for one in words if one.is_html and one.text.strip()]
    if not plain or (rich and _is_stub(" ".join(one.text for one in plain), rich[0].text)):
        return rich[-1:]
    return plain


def _is_stub(plain: str, shown: str) -> bool:
    lowered = plain[:500].lower()
    return len(plain) <= 400 and "html" in lowered and any(word in lowered for word in _STUB_WORDS) and len(shown) > 20


_HTML_BEGINS: Final = re.compile(r"\s{0,100}<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE)
_META: Final = re.compile(rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


def _charset_in_html(data: bytes) -> str | None:
    """What HTML says of itself where its part says nothing."""
    found = _META.search(data, 0, 4000)
    return found[1].decode("ascii") if found else None


_STUB_WORDS: Final = (
    "does not support", "doesn't support", "not support html", "cannot display", "can't display", "view this",
    "html mail", "html-mail", "html format", "html形式", "htmlメール", "表示できません", "対応したメール",
    "unterstützt",
)  # fmt: skip


def _type_of(name: str) -> str:
    return TYPES_BY_SUFFIX.get(name.rpartition(".")[2].lower(), "application/octet-stream")
