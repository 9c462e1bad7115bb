"""HTML mails as plain text, with what is quoted known as such.

A scanner of its own: it takes one pass whatever the nesting, knows no scripts and no network, and is for reading only;
what is shown as HTML is cleaned elsewhere.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Final

from .phrases import any_of, words

#: What is beyond is not read; the depth of quotes that is shown.
MAX_HTML: Final = 2_000_000
MAX_SHOWN_DEPTH: Final = 10

_MARKUP: Final = re.compile(r"<(?=[A-Za-z/!?])")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_-]{0,40})")
_END_OF_TAG: Final = re.compile(r"\"[^\"<>]{0,4000}\"|'[^'<>]{0,4000}'|>")
_ATTRIBUTE: Final = re.compile(r"""([A-Za-z-]{1,30})\s*=\s*(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,1000}))""")
_LONG_NUMBER: Final = re.compile(r"&#[xX]?[0-9A-Fa-f]{9,}")
_SPACES: Final = re.compile(r"[ \t\r\n\f\v]+")
#: Longer tags are text.
_MAX_TAG: Final = 100_000

_SKIPPED: Final = frozenset(("script", "style", "title", "noscript", "template", "object", "svg", "math", "select"))
_VOID: Final = words("area base br col embed hr img input link meta param source track wbr o:p basefont bgsound frame")
_BLOCKS: Final = words(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figure footer form h1 h2 h3"
    " h4 h5 h6 header hr html li main menu nav ol p pre section table tbody tfoot thead tr ul"
)
_SPACED: Final = words("p h1 h2 h3 h4 h5 h6 table ul ol dl pre blockquote")

#: Elements that hold what was quoted: by class (``x_`` as Outlook renames them) and by id.
_QUOTE_CLASSES: Final = words(
    "gmail_quote gmail_quote_container gmail_attr yahoo_quoted protonmail_quote zmail_extra moz-cite-prefix"
    " tutanota_quote email_quote quoted-text mail-quote-collapse hcfe_reply_quote replyseparator"
)
#: Of these the elements that hold a quote and the answers below it; what stands above the quote introduces it.
_HOLDERS: Final = words("gmail_quote protonmail_quote")
_QUOTE_IDS: Final = re.compile(
    r"(?:yahoo_quoted|olk_src_body_section|mailquote|isreplycontent|reply-intro|qt\Z|mimemail-original)"
)
#: Elements behind which everything is quoted.
_REST_IDS: Final = frozenset(
    ("divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "stopspelling")
)
_OUTLOOK_RULE: Final = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+#(?:e1e1e1|b5c4df)\b", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
#: Forwarded mails stand in the same elements; they are no quotes.
_FORWARD_TITLES: Final = any_of("""
    forwarded message|weitergeleitete nachricht|message transféré|転送メッセージ|転送されたメッセージ|mensaje reenviado
    messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|转发的?邮件|轉寄郵件|원본 메일|전달된 메일
""")
_FORWARD_SENTENCES: Final = any_of("""
    begin forwarded message|anfang der weitergeleiteten|開始転送メッセージ|以下、?転送
    début du message (?:transféré|réexpédié)
""")
FORWARD_WORDS: Final = re.compile(rf"(?im)^[ \t>*]{{0,20}}(?:-{{3,60}}[ \t]*{_FORWARD_TITLES}|{_FORWARD_SENTENCES})")


@dataclass(slots=True)
class Line:
    """One line of the text: its words, how deep it is quoted, and whether it stands in what was quoted as a whole."""

    text: str
    depth: int
    quoted: bool


@dataclass(slots=True)
class _Open:
    tag: str
    is_quote: bool = False
    depth: int = 0
    skipped: bool = False
    preformatted: bool = False
    holds: bool = False  #: a quote; what comes behind that is an answer


@dataclass(slots=True)
class HtmlText:
    """The text of an HTML body, and the files that it shows."""

    lines: list[Line] = field(default_factory=list)
    content_ids: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """Everything, quoted lines with ``> ``."""
        return _joined(self.lines, prefix=True)

    @property
    def unquoted(self) -> str:
        """What stands outside quotes."""
        return _joined([line for line in self.lines if not line.quoted], prefix=False)


_BLANK_LINES: Final = re.compile(r"\n(?:[> ]{0,24}\n){2,}")


def _joined(lines: list[Line], *, prefix: bool) -> str:
    text = "\n".join(("> " * min(line.depth, MAX_SHOWN_DEPTH) if prefix else "") + line.text for line in lines)
    return _BLANK_LINES.sub("\n\n", text.strip("\n")).strip("\n")


def read_html(source: str) -> HtmlText:
    """The text of HTML, however broken."""
    reader = _Reader(source.rfind(">"))
    at = 0
    while found := _MARKUP.search(source, at):
        if found.start() > at:
            reader.words(source[at : found.start()])
        at = reader.markup(source, found.start())
    reader.words(source[at:])
    reader.line_end()
    return reader.result


class _Reader:
    def __init__(self, last_end: int) -> None:
        self._last_end = last_end
        self.result = HtmlText()
        self.open: list[_Open] = []
        self.holders: list[_Open] = []
        self.counts: dict[str, int] = {}
        self.skipping = 0
        self.pre = 0
        self.quotes = 0
        self.depth = 0
        self.rest_is_quoted = False
        self._line: list[str] = []
        self._line_quoted = False
        self._line_depth = 0
        self._open_comment = False

    def words(self, text: str) -> None:
        if self.skipping or not text:
            return
        if "&" in text:
            text = html.unescape(_LONG_NUMBER.sub("\ufffd", text))
        text = text.replace("\xa0", " ").replace("\u200b", "").replace("\xad", "").replace("\0", "")
        if self.pre:
            *ended, last = text.replace("\r\n", "\n").split("\n")
            for line in ended:
                self._put(line)
                self.line_end(even_empty=True)
            self._put(last)
            return
        text = _SPACES.sub(" ", text)
        if text.startswith(" ") and (not self._line or self._line[-1].endswith(" ")):
            text = text[1:]
        self._put(text)

    def _put(self, text: str) -> None:
        if not text:
            return
        if not self._line:
            self._line_quoted = self.rest_is_quoted or self.quotes > 0
            self._line_depth = self.depth
        self._line.append(text)

    def line_end(self, *, even_empty: bool = False) -> None:
        if not self._line and not even_empty:
            return
        quoted = self._line_quoted if self._line else self.rest_is_quoted or self.quotes > 0
        depth = self._line_depth if self._line else self.depth
        self.result.lines.append(Line("".join(self._line).rstrip(), depth, quoted))
        self._line.clear()

    def blank(self) -> None:
        self.line_end()
        lines = self.result.lines
        if lines and lines[-1].text:
            lines.append(Line("", self.depth, self.rest_is_quoted or self.quotes > 0))

    def markup(self, source: str, start: int) -> int:
        """Take what begins with ``<``; gives the position behind it."""
        if source.startswith("<!--", start):
            # Of a comment that never ends only the opening goes, so that no words are lost.
            end = -1 if self._open_comment else source.find("-->", start + 2)
            self._open_comment = end < 0
            return end + 3 if end >= 0 else start + 4
        if start > self._last_end:
            self.words("<")
            return start + 1
        if source[start + 1] in "!?":
            return source.find(">", start) + 1
        found = _TAG.match(source, start)
        if not found:
            self.words("<")
            return start + 1
        end = _end_of_tag(source, found.end())
        tag = found[2].lower()
        if found[1]:
            self._close(tag)
        else:
            self._begin(tag, source[found.end() : end])
        if tag in {"script", "style"} and not found[1]:
            closing = re.compile(rf"</{tag}\b", re.IGNORECASE).search(source, end)
            return closing.start() if closing else len(source)
        return end

    def _begin(self, tag: str, text: str) -> None:
        if tag == "br":
            if not self.skipping:
                self.line_end(even_empty=True)
            return
        attributes = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(text)} if text else {}
        if tag == "img":
            self._image(attributes)
        if tag in _BLOCKS and not self.skipping:
            self.blank() if tag in _SPACED else self.line_end()
        if tag == "hr" and not self.skipping:
            self._rule(attributes)
        if tag in {"td", "th"} and self._line:
            self.words(" ")
        if tag == "li":
            self._put("- ")
        if tag in _VOID or text.endswith("/>"):
            return
        self._push(tag, attributes)

    def _rule(self, attributes: dict[str, str]) -> None:
        # Outlook on the web: a rule, and behind it the head of the original.
        if attributes.get("id", "").lower() == "stopspelling" or attributes.get("tabindex") == "-1":
            self.rest_is_quoted = True

    def _push(self, tag: str, attributes: dict[str, str]) -> None:
        classes = {name.removeprefix("x_") for name in attributes.get("class", "").lower().split()}
        identity = attributes.get("id", "").lower().removeprefix("x_")
        style = attributes.get("style", "")
        if identity in _REST_IDS or (tag == "div" and _OUTLOOK_RULE.search(style)):
            self.rest_is_quoted = True
        opened = _Open(tag)
        opened.is_quote = bool(classes & _QUOTE_CLASSES) or (identity != "" and bool(_QUOTE_IDS.match(identity)))
        if tag == "blockquote" and _is_cited(attributes, style):
            opened.is_quote, opened.depth = True, 1
        if tag == "div" and classes & _HOLDERS:
            opened.holds = True
            self.holders.append(opened)
        opened.skipped = tag in _SKIPPED or bool(style and _HIDDEN.search(style))
        opened.preformatted = tag in {"pre", "textarea"} or "white-space:pre" in style.replace(" ", "")
        self.open.append(opened)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self._count(opened, 1)

    def _count(self, element: _Open, by: int) -> None:
        self.quotes += by * element.is_quote
        self.depth += by * element.depth
        self.skipping += by * element.skipped
        self.pre += by * element.preformatted

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS and not self.skipping:
            self.line_end()
        if not self.counts.get(tag):
            if tag == "p" and not self.skipping:
                self.blank()
            return
        while self.open:
            closed = self.open.pop()
            self.counts[closed.tag] -= 1
            self._count(closed, -1)
            if closed.holds:
                self.holders.pop()
            elif closed.tag == "blockquote" and closed.is_quote and self.holders and self.quotes == 1:
                # Who answers a point at a time does so within the element that Gmail puts around the original.
                self.quotes -= self.holders[-1].is_quote
                self.holders[-1].is_quote = False
            if closed.tag == tag:
                break
        if tag in _SPACED and not self.skipping:
            self.blank()

    def _image(self, attributes: dict[str, str]) -> None:
        source = attributes.get("src", "")
        if source[:4].lower() == "cid:":
            self.result.content_ids.add(html.unescape(source[4:]).strip("<> "))
        alt = attributes.get("alt", "")
        if alt and len(alt) <= 4 and not alt.isascii():
            self.words(alt)  # an emoji as a picture


def _end_of_tag(source: str, at: int) -> int:
    """Behind the ``>`` that ends a tag; one in quotes does not."""
    limit = min(len(source), at + _MAX_TAG)
    while True:
        found = _END_OF_TAG.search(source, at, limit)
        if not found:
            plain = source.find(">", at, limit)
            return plain + 1 if plain >= 0 else limit
        if found[0] == ">":
            return found.end()
        at = found.end()


def _is_cited(attributes: dict[str, str], style: str) -> bool:
    """Whether a blockquote quotes: one that only has a margin is how some programs indent."""
    if attributes.get("type") == "cite" or attributes.get("class") or "border-left" in style:
        return True
    return "margin" not in style.replace("margin:0", "")
