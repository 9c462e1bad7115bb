"""The one subclass of django-templated-mail's message, which mends what that package of 2018 gets wrong.

One template holds the whole letter in the blocks ``subject``, ``text_body`` and ``html_body``. What is mended, each
with a test: a template that extends another gave a silently empty mail; subject and text part were HTML-escaped; a
second ``send()`` doubled the HTML part; cc, bcc, reply_to and from_email of the constructor were dropped; ``request``
needed the sites app; headers could not be given to ``send()``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template import Context, Template
from django.template.context import make_context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode
from templated_mail.mail import BaseEmailMessage

BLOCKS: Final = ("subject", "text_body", "html_body")


class EmptyLetterError(RuntimeError):
    """A template without words for a part that every letter has."""


class TemplatedMail(BaseEmailMessage):  # type: ignore[misc]  # the package has no types
    """A mail whose subject, text part and HTML part come from one template.

    Takes Django's arguments of a message besides ``context``, ``template_name`` and ``request``. The text part and
    the subject are plain text: nothing in them is escaped. The HTML part is escaped as any page is.
    """

    html: str
    alternatives: list[Any]

    def __init__(
        self,
        request: HttpRequest | None = None,
        context: Mapping[str, Any] | None = None,
        template_name: str | None = None,
        **message: Any,
    ) -> None:
        super().__init__(request=request, context=dict(context or {}), template_name=template_name, **message)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template sees: the context that was given and nothing from the sites app."""
        return {**self.context, **kwargs}

    def render(self) -> None:
        """Fill in subject, text and HTML; any number of times with the same result.

        Raises:
            EmptyLetterError: a part came out empty, so the template is not one of ours.
        """
        template: Template = get_template(self.template_name).template  # type: ignore[attr-defined]
        context = make_context(self.get_context_data(), request=self.request)
        with context.render_context.push_state(template), context.bind_template(template):
            blocks = _blocks_of(template, context)
            subject, text, html = (self._render_block(name, blocks, context) for name in BLOCKS)
        self.subject = " ".join(subject.split())
        self.body = tidy_text(text)
        self.html = html.strip()
        self.alternatives = []
        self.attach_alternative(self.html, "text/html")

    def _render_block(self, name: str, blocks: BlockContext, context: Context) -> str:
        block = blocks.get_block(name)
        if block is None:
            raise EmptyLetterError(f"{self.template_name} has no block {name!r}")
        context.autoescape = name == "html_body"
        rendered = str(block.render(context))
        if not rendered.strip():
            raise EmptyLetterError(f"{self.template_name}: the block {name!r} came out empty")
        return rendered

    def send(
        self,
        to: Sequence[str] | None = None,
        *,
        cc: Sequence[str] | None = None,
        bcc: Sequence[str] | None = None,
        reply_to: Sequence[str] | None = None,
        from_email: str | None = None,
        headers: Mapping[str, str] | None = None,
        fail_silently: bool = False,
    ) -> int:
        """Render and send; what is given here replaces what the constructor was given, the rest stands."""
        self.render()
        for name, value in (("to", to), ("cc", cc), ("bcc", bcc), ("reply_to", reply_to)):
            if value is not None:
                setattr(self, name, list(value))
        if from_email is not None:
            self.from_email = from_email
        if headers is not None:
            self.extra_headers = dict(headers)
        return EmailMultiAlternatives.send(self, fail_silently=fail_silently)


def _blocks_of(template: Template, context: Context) -> BlockContext:
    """The blocks of a template and of all that it extends, the nearest first, ready to be rendered one by one."""
    blocks = BlockContext()
    context.render_context[BLOCK_CONTEXT_KEY] = blocks
    while (extends := _extends_of(template)) is not None:
        blocks.add_blocks(extends.blocks)
        template = extends.get_parent(context)
    blocks.add_blocks(_own_blocks(template))
    return blocks


@lru_cache(maxsize=64)
def _own_blocks(template: Template) -> dict[str, BlockNode]:
    """The blocks of a template at the root; walking its tree for them costs a tenth of a rendering."""
    nodes: list[Any] = template.nodelist.get_nodes_by_type(BlockNode)
    return {node.name: node for node in nodes}


def _extends_of(template: Template) -> Any:
    return next((node for node in template.nodelist if isinstance(node, ExtendsNode)), None)


def tidy_text(text: str) -> str:
    """Take out what template tags leave behind: spaces at the ends of lines, runs of empty lines."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"
