"""HTML of strangers, made safe to be kept and shown; and plain text as HTML.

Three fences stand one behind the other: what is not on the lists here never gets into the database; the page that
shows it (``web.mails``) forbids scripts, forms and remote content by its policy; and it stands in a frame without an
origin.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

#: Longer HTML is not shown; the text is, and the raw mail can be downloaded.
MAX_HTML: Final = 1_000_000
#: Characters of a picture within the HTML itself.
MAX_DATA: Final = 300_000

_TAGS: Final = {
    "a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
    "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure", "font",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark",
    "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "wbr",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "hr": {"width", "size", "noshade"},
    "img": {"alt", "src", "width", "height", "border"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width", "height"},
    "tbody": {"bgcolor"},
    "td": {"bgcolor", "colspan", "rowspan", "width", "height", "nowrap"},
    "th": {"bgcolor", "colspan", "rowspan", "width", "height", "nowrap"},
    "tr": {"bgcolor"},
    "ul": {"type"},
}
#: Of styles what no address can stand in, and nothing that lifts a thing out of its place.
_STYLES: Final = {
    "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style",
    "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color",
    "border-left-style", "border-left-width", "border-radius", "border-right", "border-right-color",
    "border-right-style", "border-right-width", "border-spacing", "border-style", "border-top", "border-top-color",
    "border-top-style", "border-top-width", "border-width", "box-sizing", "clear", "color", "direction", "display",
    "float", "font-family", "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing",
    "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "max-height", "max-width", "min-width", "overflow-wrap", "padding", "padding-bottom", "padding-left",
    "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-indent",
    "text-transform", "vertical-align", "white-space", "width", "word-break", "word-wrap",
}  # fmt: skip
_SCHEMES: Final = {"http", "https", "mailto", "tel", "cid", "data"}
_PICTURE_DATA: Final = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z", re.IGNORECASE)
#: How a picture that came with the mail is named in what we keep; its address is signed when somebody looks.
_FILE: Final = re.compile(r'\bsrc="aftercare-file:(\d{1,18})"')
_REMOTE: Final = re.compile(r'(<img\b[^>]*?)\bsrc="(https?:[^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML that can be kept."""

    html: str
    has_remote_content: bool  #: it names pictures that stand on other people's servers


def make_safe(html: str, files: Mapping[str, int]) -> SafeHtml:
    """The HTML of a mail without anything that acts; ``files`` are the stored pictures by their Content-ID."""
    remote = False

    def look(tag: str, name: str, value: str) -> str | None:
        nonlocal remote
        if tag == "a" and name == "href":
            return None if value.strip().lower().startswith(("cid:", "data:")) else value
        if tag != "img" or name != "src":
            return value
        address = value.strip()
        scheme = address.partition(":")[0].lower()
        if scheme == "cid":
            key = files.get(address[4:].strip("<>"))
            return f"aftercare-file:{key}" if key is not None else None
        if scheme in {"http", "https"}:
            remote = True
            return address
        return address if len(address) <= MAX_DATA and _PICTURE_DATA.match(address) else None

    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "template", "svg", "math", "noscript", "iframe", "object"},
        attributes=_ATTRIBUTES,
        attribute_filter=look,
        url_schemes=_SCHEMES,
        url_relative="deny",
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return SafeHtml(clean, remote)


def shown(html: str, addresses: Mapping[int, str], *, remote: bool) -> str:
    """What was kept, with the ``addresses`` of its own pictures; those of others only where somebody asked for them."""

    def own(found: re.Match[str]) -> str:
        address = addresses.get(int(found[1]))
        return f'src="{escape(address)}"' if address else ""

    return _FILE.sub(own, html if remote else _REMOTE.sub(r"\1", html))


def files_in(html: str) -> Collection[int]:
    """The keys of the stored pictures that kept HTML shows."""
    return {int(key) for key in _FILE.findall(html)}


_LINK: Final = re.compile(r"https?://[^\s<>\"'「」『』（）()、。]{1,2000}[^\s<>\"'「」『』（）()、。.,;:!?]")


def typed_html(text: str) -> SafeString:
    """Words as somebody typed them, as HTML: line feeds and signs stay, addresses of pages become links.

    For what was never meant as Markdown: a mail's "1) …", dashes under a signature, asterisks.

    >>> typed_html("See https://shop.example/a?b=1&c=2.")
    '<p>See <a href="https://shop.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">https://shop.example/a?b=1&amp;c=2</a>.</p>'
    """
    parts: list[str] = []
    at = 0
    for found in _LINK.finditer(text):
        address = escape(found[0])
        parts += [escape(text[at : found.start()])]
        parts += [f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>']
        at = found.end()
    words = "".join([*parts, escape(text[at:])]).strip("\n")
    # Spaces at the start of a line carry meaning in tables and lists that people draw by hand.
    kept = re.sub(r"^ +|(?<= ) ", lambda spaces: "&nbsp;" * len(spaces[0]), words, flags=re.MULTILINE)
    paragraphs = re.split(r"\n{2,}", kept)
    return mark_safe("".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in paragraphs if one))  # noqa: S308
