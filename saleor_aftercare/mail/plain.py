"""Markdown as plain text, for readers that show none: messengers, above all."""

from __future__ import annotations

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER: Final = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["strikethrough"])
_PARSER.disable("image")


def render_plain(text: str) -> str:
    """The words without the marks; what a list or a link says stays readable.

    >>> render_plain("**Yes**, see [our page](https://shop.example/a).")
    'Yes, see our page (https://shop.example/a).'
    >>> render_plain("Please:\\n\\n1. open\\n2. close")
    'Please:\\n\\n1. open\\n2. close'
    """
    blocks: list[str] = []
    lists: list[int | None] = []  # the next number of each list that is open; None: dots
    tight = False  # whether the block belongs under the one before it
    lead = ""
    for token in _PARSER.parse(text):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                tight = bool(lists)
            case "list_item_open":
                number = lists[-1]
                lead = "  " * (len(lists) - 1) + ("・" if number is None else f"{number}. ")
                lists[-1] = None if number is None else number + 1
            case "inline" | "fence" | "code_block" | "html_block":
                said = lead + (_inline(token) if token.type == "inline" else token.content.rstrip("\n"))
                if tight and blocks and lists:
                    blocks[-1] += f"\n{said}"
                else:
                    blocks.append(said)
                lead, tight = "", bool(lists)
            case "hr":
                blocks.append("――――")
            case _:
                pass
    return "\n\n".join(blocks)


def _inline(token: Token) -> str:
    words, links = "", []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline" | "html_inline":
                words += child.content
            case "softbreak" | "hardbreak":
                words += "\n"
            case "link_open":
                links.append((len(words), str(child.attrGet("href") or "")))
            case "link_close":
                begin, url = links.pop()
                if url and words[begin:] != url and f"mailto:{words[begin:]}" != url:
                    words += f" ({url})"
            case _:
                pass
    return words
