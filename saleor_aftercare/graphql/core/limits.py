"""How much a document may ask: depth, width, aliases, and what it would cost to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from .errors import TOO_COMPLEX
from .paging import DEFAULT_PAGE, MAX_PAGE

#: Levels of fields, the root's included; `tickets { edges { node { … } } }` is four.
MAX_DEPTH: Final = 12
#: The same below `__schema` and `__type`, whose own tools nest deeper.
MAX_INTROSPECTION_DEPTH: Final = 20
#: Fields of one operation, fragments expanded.
MAX_FIELDS: Final = 600
#: Fields of one selection, fragments expanded: nobody needs a row with more columns than the widest type has.
MAX_WIDTH: Final = 80
#: Fields at the root; a mutation there is work of its own.
MAX_ROOTS: Final = 15
MAX_ALIASES: Final = 40
#: Values in the answer, roughly: each field counts once per row that it may be asked of.
MAX_COST: Final = 20_000
#: Rows expected of a list that has no page size.
LIST_GUESS: Final = 5
#: Fields that ask Saleor, and what they count.
WEIGHTS: Final = {("Return", "settlementPreview"): 2_000}


class Size(NamedTuple):
    """What one selection amounts to."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0


@dataclass
class Measure:
    """Measures operations of one document; raises GraphQLError for what is over a limit.

    Runs before validation, so that a hostile document never reaches the validator's quadratic rules: unknown
    fields and fragments count as leaves here, and are refused there.
    """

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any] | None = None  #: None: every page size in a variable counts as the largest
    _fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    _sizes: dict[str, Size | None] = field(default_factory=dict)
    _roots: int = 0

    def __post_init__(self) -> None:
        self._fragments = {
            one.name.value: one for one in self.document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def check(self) -> int:
        """Refuse the document if any operation is too much; returns the cost of the dearest."""
        operations = [one for one in self.document.definitions if isinstance(one, OperationDefinitionNode)]
        return max((self._operation(one) for one in operations), default=0)

    def _operation(self, operation: OperationDefinitionNode) -> int:
        root = self.schema.get_root_type(operation.operation)
        if root is None:
            raise GraphQLError(f"There is no {operation.operation.value} here.", operation)
        size = self._selection(operation.selection_set, root)
        deepest = MAX_INTROSPECTION_DEPTH if _only_introspects(operation) else MAX_DEPTH
        _refuse(size.depth > deepest, f"The query is {size.depth} levels deep; {deepest} are allowed.")
        _refuse(size.fields > MAX_FIELDS, f"The query has {size.fields} fields; {MAX_FIELDS} are allowed.")
        _refuse(size.aliases > MAX_ALIASES, f"The query has {size.aliases} aliases; {MAX_ALIASES} are allowed.")
        roots = self._width(operation.selection_set)
        _refuse(roots > MAX_ROOTS, f"The query has {roots} fields at its root; {MAX_ROOTS} are allowed.")
        if self.variables is not None:
            _refuse(
                size.cost > MAX_COST, f"The query would cost {size.cost}; {MAX_COST} are allowed. Ask smaller pages."
            )
        return size.cost

    def _selection(self, selection: SelectionSetNode, parent: Any) -> Size:
        depth = fields = aliases = cost = 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                one = self._field(node, parent)
            elif isinstance(node, InlineFragmentNode):
                condition: Any = node.type_condition
                named = self.schema.get_type(condition.name.value) if condition else parent
                one = self._selection(node.selection_set, named)
            elif isinstance(node, FragmentSpreadNode):
                one = self._fragment(node.name.value)
            depth, cost = max(depth, one.depth), cost + one.cost
            fields, aliases = fields + one.fields, aliases + one.aliases
        width = self._width(selection)
        _refuse(width > MAX_WIDTH, f"One selection has {width} fields; {MAX_WIDTH} are allowed.")
        return Size(depth, fields, aliases, cost)

    def _width(self, selection: SelectionSetNode, inside: frozenset[str] = frozenset()) -> int:
        width = 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                width += 1
            elif isinstance(node, InlineFragmentNode):
                width += self._width(node.selection_set, inside)
            elif isinstance(node, FragmentSpreadNode):
                width += max(1, self._spread_width(node.name.value, inside))
            if width > MAX_WIDTH:
                return width
        return width

    def _spread_width(self, name: str, inside: frozenset[str]) -> int:
        fragment = self._fragments.get(name)
        if fragment is None or name in inside:
            return 0
        return self._width(fragment.selection_set, inside | {name})

    def _fragment(self, name: str) -> Size:
        if name in self._sizes:
            size = self._sizes[name]
            if size is None:
                raise GraphQLError(f"Fragment {name} contains itself.")
            return size
        fragment = self._fragments.get(name)
        if fragment is None:
            return Size()
        self._sizes[name] = None
        named = self.schema.get_type(fragment.type_condition.name.value)
        size = self._selection(fragment.selection_set, named)
        self._sizes[name] = size
        return size

    def _field(self, node: FieldNode, parent: Any) -> Size:
        name = node.name.value
        has_fields = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        definition = parent.fields.get(name) if has_fields else None
        inner = Size()
        if node.selection_set:
            named = get_named_type(definition.type) if definition else self._meta_type(name)
            inner = self._selection(node.selection_set, named)
        cost = 1 + inner.cost * self._rows(node, definition)
        if has_fields:
            cost += WEIGHTS.get((parent.name, name), 0)
        return Size(inner.depth + 1, inner.fields + 1, inner.aliases + (node.alias is not None), cost)

    def _meta_type(self, name: str) -> Any:
        return self.schema.get_type({"__schema": "__Schema", "__type": "__Type"}.get(name, ""))

    def _rows(self, node: FieldNode, definition: Any) -> int:
        if definition is None:
            return 1
        if "first" in definition.args:
            sizes = [self._number(arg.value) for arg in node.arguments if arg.name.value in ("first", "last")]
            return max(sizes, default=DEFAULT_PAGE)
        nullable = get_nullable_type(definition.type)
        # The rows of a connection are counted where the page size is said.
        return LIST_GUESS if is_list_type(nullable) and node.name.value != "edges" else 1

    def _number(self, value: Any) -> int:
        given: Any = None
        if isinstance(value, IntValueNode):
            given = int(value.value) if len(value.value) < 10 else MAX_PAGE
        elif isinstance(value, VariableNode):
            given = MAX_PAGE if self.variables is None else self.variables.get(value.name.value)
        # Larger pages are refused by the field itself, in words.
        return min(max(given, 1), MAX_PAGE) if isinstance(given, int) else DEFAULT_PAGE


def _only_introspects(operation: OperationDefinitionNode) -> bool:
    return all(
        isinstance(node, FieldNode) and node.name.value in ("__schema", "__type", "__typename")
        for node in operation.selection_set.selections
    )


def _refuse(condition: bool, message: str) -> None:  # reads as the sentence it is
    if condition:
        raise GraphQLError(message, extensions={"code": TOO_COMPLEX})
