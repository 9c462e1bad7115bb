"""Text with variables that merchants write: Liquid without anything that could take long or grow large.

Only output, conditions and loops over what is given; of the filters only those whose result is no longer than what
goes in. Nothing can be assigned, included or multiplied, so that a text takes time and room in proportion to its own
length, which is bounded too.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _
from liquid import Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.filters import misc
from liquid.builtin.tags import case_tag, comment_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError, LiquidSyntaxError
from liquid.undefined import Undefined

from .errors import InvalidInput
from .texts import is_storable

MAX_SOURCE: Final = 20_000
MAX_OUTPUT: Final = 50_000
MAX_LOOPS: Final = 500

#: Around the name of a variable that has no value; nobody can type them into one, see ``_clean``.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MISSING: Final = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
#: What a text looks like in which somebody has left a variable to be filled in.
_LEFT: Final = re.compile(r"\{\{-?\s*([A-Za-z_]\w*(?:\.\w+)+)\s*(?:\|[^{}]*)?-?\}\}")


@dataclass(frozen=True)
class Rendered:
    """A text with its variables filled in."""

    text: str  #: variables without a value stand in it as they were written: ``{{ order.number }}``
    missing: tuple[str, ...]  #: their names, each once, in the order of the text

    @property
    def without_missing(self) -> str:
        """The text where nobody looks at it before it is read: what is missing is left out."""
        text = self.text
        for name in self.missing:
            text = text.replace("{{ " + name + " }}", "")
        return text


def render(source: str, variables: Mapping[str, Any]) -> Rendered:
    """Fill in the variables; values are texts, numbers, dates, lists and mappings of these.

    Raises InvalidInput("body") for what :func:`check` refuses, and for a text that grows too long.

    >>> render("Dear {{ customer.name }}, {{ order.number }}", {"customer": {"name": "Ada"}})
    Rendered(text='Dear Ada, {{ order.number }}', missing=('order.number',))
    """
    template = _parsed(source)
    try:
        text = str(template.render(**_clean(variables)))
    except (LiquidError, RecursionError) as error:
        raise InvalidInput(_("This text cannot be filled in: %(why)s.") % {"why": _why(error)}, "body") from None
    missing = tuple(dict.fromkeys(name for name in _MISSING.findall(text) if name))
    return Rendered(_MISSING.sub(lambda found: "{{ " + found[1] + " }}", text), missing)


def check(source: str, field: str = "body") -> None:
    """Raise InvalidInput(field) for a text that is no template, or one that we do not fill in."""
    try:
        _parsed(source)
    except InvalidInput as error:
        raise InvalidInput(error.message, field) from None


def left_over(text: str) -> tuple[str, ...]:
    """The names of variables that stand in a finished text, each once: somebody has still to fill them in.

    >>> left_over("Your order {{ order.number }} and {{order.number}}; {{ this }} is no variable of ours.")
    ('order.number',)
    """
    return tuple(dict.fromkeys(_LEFT.findall(text)))


# -- the environment -----------------------------------------------------------------------------------------------


_PATH: Final = re.compile(r"\w[\w-]*(?:\.\w[\w-]*)*")


class _Missing(Undefined):
    """A variable without a value: shows where it stood, and is false in conditions."""

    def __str__(self) -> str:
        # The engine names the first part only; the whole name stands where the variable was written.
        token = self.token
        written = _PATH.match(token.source, token.start_index) if token is not None else None
        return f"{_OPEN}{written[0] if written else self.name}{_CLOSE}"


class _Group(dict[str, Any]):
    """Several values under one name, which is no text by itself."""

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._path = path

    def __str__(self) -> str:
        return f"{_OPEN}{self._path}{_CLOSE}"


def _of_text(change: Callable[[str], str]) -> Callable[..., Any]:
    """A filter that changes a text, and leaves what is missing as it stands."""

    def changed(value: Any, *_ignored: Any) -> Any:
        return value if isinstance(value, Undefined | _Group) else change(str(value))

    return changed


class _Strict(Environment):
    loop_iteration_limit = MAX_LOOPS
    output_stream_limit = MAX_OUTPUT
    context_depth_limit = 20
    block_nesting_limit = 20

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Only what stands here exists."""
        for tag in (
            content.Literal,
            illegal.Illegal,
            output.Output,
            case_tag.CaseTag,
            comment_tag.CommentTag,
            for_tag.ForTag,
            for_tag.BreakTag,
            for_tag.ContinueTag,
            if_tag.IfTag,
            unless_tag.UnlessTag,
        ):
            self.add_tag(tag)
        self.add_filter("capitalize", _of_text(str.capitalize))
        self.add_filter("default", misc.default)
        self.add_filter("date", _date)
        self.add_filter("downcase", _of_text(str.lower))
        self.add_filter("join", _join)
        self.add_filter("size", misc.size)
        self.add_filter("strip", _of_text(str.strip))
        self.add_filter("truncate", _truncate)
        self.add_filter("upcase", _of_text(str.upper))


def _date(value: Any, *_ignored: Any) -> Any:
    """A date as readers of the text's language write it; a format of one's own is not obeyed."""
    if isinstance(value, datetime):
        return formats.date_format(value, "DATE_FORMAT")
    return formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else value


def _join(value: Any, between: Any = ", ", *_ignored: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return str(between)[:20].join(str(one) for one in value)


def _truncate(value: Any, length: Any = 50, *_ignored: Any) -> Any:
    if isinstance(value, Undefined) or not isinstance(length, int):
        return value
    text = str(value)
    return text if len(text) <= max(length, 1) else text[: max(length, 1) - 1] + "…"


_ENVIRONMENT: Final = _Strict(undefined=_Missing)


@functools.lru_cache(maxsize=256)
def _parsed(source: str) -> Any:
    if len(source) > MAX_SOURCE:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": MAX_SOURCE}, "body")
    if not is_storable(source) or _OPEN in source or _CLOSE in source:
        raise InvalidInput(_("The text contains characters that cannot be stored."), "body")
    _check_closed(source)
    try:
        template = _ENVIRONMENT.from_string(source)
        used = set(template.analyze(include_partials=False).filters)
    except (LiquidError, RecursionError) as error:
        raise InvalidInput(_("This text cannot be filled in: %(why)s.") % {"why": _why(error)}, "body") from None
    if unknown := sorted(used - set(_ENVIRONMENT.filters)):
        raise InvalidInput(_("There is no filter “%(name)s”.") % {"name": unknown[0][:50]}, "body")
    return template


_BRACKETS: Final = re.compile(r"\{\{|\{%|\}\}|%\}")
MAX_EXPRESSIONS: Final = 300
MAX_EXPRESSION: Final = 500


def _check_closed(source: str) -> None:
    """Every opening is closed before the next, soon, and there are not too many: the engine's own search for the ends
    takes time that grows with the square of what stands open.
    """
    opened: re.Match[str] | None = None
    count = 0
    for found in _BRACKETS.finditer(source):
        line = source.count("\n", 0, (opened or found).start()) + 1
        if found[0] in {"{{", "{%"}:
            count += 1
            if count > MAX_EXPRESSIONS:
                raise InvalidInput(_("At most %(limit)d variables.") % {"limit": MAX_EXPRESSIONS}, "body")
            if opened is not None:
                raise InvalidInput(_("A variable is not closed (line %(number)d).") % {"number": line}, "body")
            opened = found
        elif opened is not None:
            if found.start() - opened.end() > MAX_EXPRESSION:
                raise InvalidInput(_("A variable is not closed (line %(number)d).") % {"number": line}, "body")
            opened = None
    if opened is not None:
        line = source.count("\n", 0, opened.start()) + 1
        raise InvalidInput(_("A variable is not closed (line %(number)d).") % {"number": line}, "body")


def _why(error: Exception) -> str:
    """The engine's own words, in one short line, for whoever writes the text."""
    if isinstance(error, RecursionError):
        return _("it is nested too deeply")
    line = getattr(error, "token", None)
    words = " ".join(str(error.args[0] if error.args else type(error).__name__).split())[:150]
    if isinstance(error, LiquidSyntaxError) and line is not None and hasattr(line, "source"):
        return f"{words} ({_('line %(number)d') % {'number': line.source.count(chr(10), 0, line.start_index) + 1}})"
    return words


def _clean(value: Any, path: str = "") -> Any:
    """The variables without the marks of missing ones; nothing but plain values gets to a template."""
    if isinstance(value, Mapping):
        inside = {str(key): (one, f"{path}.{key}".lstrip(".")) for key, one in value.items() if one not in (None, "")}
        return _Group(path, {key: _clean(one, name) for key, (one, name) in inside.items()})
    if isinstance(value, list | tuple):
        return [_clean(one, path) for one in value]
    if isinstance(value, str):
        return value.replace(_OPEN, "").replace(_CLOSE, "")
    if isinstance(value, bool | int | datetime | date):
        return value
    return str(value)
