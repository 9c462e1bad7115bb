"""Documents as text become documents that may run: parsed, measured and validated once, then remembered."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from django.conf import settings
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)

from .limits import MAX_COST, Measure

#: Characters and tokens of one document; the largest of the Dashboard's has a tenth of both.
MAX_CHARACTERS: Final = 40_000
MAX_TOKENS: Final = 5_000
#: Documents held per process: those of the Dashboard and of the shops' storefronts.
MAX_DOCUMENTS: Final = 256
MAX_ERRORS: Final = 5


class DocumentError(Exception):
    """The document cannot run; ``errors`` say why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Prepared:
    """A valid document; ``cost`` takes every page size given by a variable for the largest.

    ``memory`` is for whoever works something out about the document that holds for every request.
    """

    document: DocumentNode
    cost: int
    memory: dict[Any, Any] = field(default_factory=dict, compare=False)


class Documents:
    """A bounded memory of valid documents, shared by the threads of a process."""

    def __init__(self, schema: GraphQLSchema, limit: int = MAX_DOCUMENTS) -> None:
        self.schema = schema
        self.limit = limit
        self._held: OrderedDict[tuple[bytes, bool], Prepared] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, text: str, variables: Mapping[str, Any]) -> Prepared:
        """The document of ``text``, fit to run with ``variables``; raises DocumentError."""
        prepared = self._prepared(text)
        if prepared.cost > MAX_COST:
            try:
                Measure(self.schema, prepared.document, variables).check()
            except GraphQLError as error:
                raise DocumentError([error]) from None
        return prepared

    def _prepared(self, text: str) -> Prepared:
        introspection = bool(settings.GRAPHQL_INTROSPECTION)
        key = hashlib.sha256(text.encode()).digest(), introspection
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held
        prepared = self._prepare(text, introspection=introspection)
        with self._lock:
            self._held[key] = prepared
            while len(self._held) > self.limit:
                self._held.popitem(last=False)
        return prepared

    def _prepare(self, text: str, *, introspection: bool) -> Prepared:
        if len(text) > MAX_CHARACTERS:
            raise DocumentError([GraphQLError(f"The document has more than {MAX_CHARACTERS} characters.")])
        try:
            document = parse(text, max_tokens=MAX_TOKENS)
            cost = Measure(self.schema, document).check()
        except GraphQLError as error:
            raise DocumentError([error]) from None
        except RecursionError:
            raise DocumentError([GraphQLError("The document is nested too deeply.")]) from None
        rules = [*specified_rules, *([] if introspection else [NoSchemaIntrospectionCustomRule])]
        errors = validate(self.schema, document, rules, max_errors=MAX_ERRORS, hide_suggestions=not introspection)
        if errors:
            raise DocumentError(errors)
        return Prepared(document, cost)
