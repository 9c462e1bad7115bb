"""What hears and what sends for a shop's channels, as settings show it; ``registry`` says which there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .credentials import Credential, Credentials

#: What is wrong with values that are complete: raises CredentialsRejected naming the field.
Check = Callable[[Mapping[str, str]], None]


def _nothing_to_check(_values: Mapping[str, str]) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAdapter:
    """One way in, one way out, or both, for one kind of channel.

    ``incoming`` and ``outgoing`` are what it must be told for either direction; None: it does not do that. ``hooks``
    are the doors that it knocks at ("inbound", "tracking", one of its own); without any it is asked every minute. An
    adapter that does neither is a set of fields that accounts of the channel may have besides.
    """

    slug: str
    channel: str  #: a ChannelKind
    name: str
    incoming: tuple[Credential, ...] | None = None
    outgoing: tuple[Credential, ...] | None = None
    further: tuple[Credential, ...] = ()
    hooks: tuple[str, ...] = ()
    installed: bool = True
    check: Check = _nothing_to_check

    @property
    def hears(self) -> bool:
        """Whether messages come in by it."""
        return self.incoming is not None

    @property
    def sends(self) -> bool:
        """Whether messages go out by it."""
        return self.outgoing is not None

    @property
    def polls(self) -> bool:
        """Whether it has to be asked for what came."""
        return self.hears and not self.hooks

    def fields(self, *, incoming: bool, outgoing: bool) -> tuple[Credential, ...]:
        """What it must be told for these directions, each field once."""
        wanted = {one.name: one for one in (*self.further, *(self.incoming or () if incoming else ()))}
        for one in self.outgoing or () if outgoing else ():
            wanted.setdefault(one.name, one)
        return tuple(wanted.values())

    def every_field(self) -> tuple[Credential, ...]:
        """Whatever it may be told."""
        return self.fields(incoming=True, outgoing=True)

    def checked(self, values: Mapping[str, str], *, incoming: bool, outgoing: bool) -> dict[str, str]:
        """The values, fit for these directions; fields of the other direction may be there too.

        Raises:
            CredentialsRejected: names the field that is missing, unknown or unusable.
        """
        needed = {one.name for one in self.fields(incoming=incoming, outgoing=outgoing)}
        known = self.every_field()
        others = {one.name for one in known} - needed
        found = Credentials(values={name: value for name, value in values.items() if name not in others}).check(
            [one for one in known if one.name in needed]
        )
        found |= {name: values[name] for name in others & values.keys() if values[name]}
        self.check(found)
        return found
