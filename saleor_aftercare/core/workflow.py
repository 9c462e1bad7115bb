"""State machines as tables, and the only writer of a state column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from .errors import Conflict


class Workflow:
    """A table ``{(state, action): next state}``.

    >>> w = Workflow({("open", "solve"): "solved"})
    >>> w.target("open", "solve"), w.actions("open"), w.actions("solved")
    ('solved', ('solve',), ())
    """

    def __init__(self, moves: Mapping[tuple[str, str], str]) -> None:
        self.moves = {(str(s), a): str(t) for (s, a), t in moves.items()}

    def target(self, state: str, action: str) -> str:
        """The state that ``action`` leads to; raises Conflict when it is not legal from ``state``."""
        try:
            return self.moves[str(state), action]
        except KeyError:
            raise Conflict(
                _("This cannot be done any more (“%(action)s” while “%(state)s”); reload and look again.")
                % {"action": action, "state": state}
            ) from None

    def actions(self, state: str) -> tuple[str, ...]:
        """What may be done from ``state``, in the order of the table."""
        return tuple(a for (s, a) in self.moves if s == str(state))

    def led(self, action: str, state: str) -> bool:
        """Whether ``state`` is where ``action`` leads to and cannot lead any further.

        >>> w = Workflow({("open", "solve"): "solved"})
        >>> w.led("solve", "solved"), w.led("solve", "open")
        (True, False)
        """
        moves = self.moves.items()
        return any((a, t) == (action, str(state)) for (_s, a), t in moves) and (str(state), action) not in self.moves

    def states(self) -> frozenset[str]:
        """Every state that the table names."""
        return frozenset(s for s, _a in self.moves) | frozenset(self.moves.values())


class Stateful(models.Model):
    """A row whose ``state`` only :meth:`move` writes, or whoever holds it and writes what :meth:`moved` says.

    Subclasses declare ``state`` and ``workflow``.
    """

    workflow: ClassVar[Workflow]

    state: Any
    state_since = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def actions(self) -> tuple[str, ...]:
        """What the workflow allows now."""
        return self.workflow.actions(self.state)

    def move(self, action: str, *, at: datetime, **changes: Any) -> None:
        """Make one move, or raise Conflict; two racing callers cannot both win.

        ``changes`` are further columns that the same UPDATE writes.
        """
        values = self.moved(action, at=at, **changes)
        rows: models.QuerySet[Any] = type(self)._default_manager.all()
        if rows.filter(pk=self.pk, state=self.state).update(**values) != 1:
            raise Conflict(_("Somebody changed this meanwhile; reload and try again."))
        for name, value in values.items():
            setattr(self, name, value)

    def moved(self, action: str, *, at: datetime, **changes: Any) -> dict[str, Any]:
        """The columns that a move writes, for whoever holds the row and writes them with others; raises Conflict."""
        return {**changes, "state": self.workflow.target(self.state, action), "state_since": at}
