"""What a shop entered for a provider, held against what the provider asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import ProviderError


class CredentialsRejected(ProviderError):
    """The provider does not accept the shop's credentials, or they lack something; ``field`` names which."""

    code = "CREDENTIALS_REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One field of a provider's credentials, as settings ask for it; ``label`` is translated when shown."""

    name: str
    label: str
    secret: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A provider's credentials as stored, held against what it asks for."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def check(self, wanted: Sequence[Credential]) -> dict[str, str]:
        """The values, complete and of known names.

        Raises:
            CredentialsRejected: names the field that is missing, unknown, or not among its choices.
        """
        known = {one.name: one for one in wanted}
        for name in self.values:
            if name not in known:
                raise CredentialsRejected(_("There is no such field."), name)
        for one in wanted:
            value = self.values.get(one.name, "")
            if one.required and not value:
                raise CredentialsRejected(_("This field is needed."), one.name)
            if value and one.choices and value not in one.choices:
                message = _("This must be one of: %(choices)s.")
                raise CredentialsRejected(message % {"choices": ", ".join(one.choices)}, one.name)
        return {name: value for name, value in self.values.items() if value}
