"""Filters of the letters' templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from saleor_aftercare.mail.markdown import render_markdown

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return render_markdown(text)


@register.filter
def quoted(text: str) -> str:
    """Text as mail programs quote it: ``> `` before every line."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
