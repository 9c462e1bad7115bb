"""The forms of the withdrawal function, in the language of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from saleor_aftercare.connection.models import OrderLine
from saleor_aftercare.core.errors import AftercareError
from saleor_aftercare.portal.forms import PortalForm, Problem, text_area
from saleor_aftercare.withdrawals.queries import LineOffer
from saleor_aftercare.withdrawals.statements import MAX_CONTRACT, MAX_GOODS, MAX_NAME, goods_name
from saleor_aftercare.withdrawals.words import Words

WHOLE: Final = "whole"
SOME: Final = "some"


class StatementForm(PortalForm):
    """What the law lets us ask: name, contract, address of the receipt; and whether all of it is meant.

    What is known of somebody who is signed in is not asked again.
    """

    def __init__(
        self,
        *args: Any,
        words: Words,
        ask_name: bool = True,
        ask_contract: bool = True,
        ask_email: bool = True,
        ask_goods: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        if ask_name:
            self._text("name", words.name, words.name_hint, words.missing_name, MAX_NAME, autocomplete="name")
        if ask_contract:
            self._text(
                "contract",
                words.contract,
                words.contract_hint,
                words.missing_contract,
                MAX_CONTRACT,
                autocomplete="off",
            )
        if ask_email:
            self.fields["email"] = forms.EmailField(
                label=words.email,
                help_text=words.email_hint,
                max_length=254,
                error_messages={
                    "required": words.missing_email,
                    "invalid": words.bad_email,
                    "max_length": words.too_long.format(limit=254),
                },
                widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            )
        self.fields["scope"] = forms.ChoiceField(
            label=words.scope,
            choices=[(WHOLE, words.whole), (SOME, words.some)],
            initial=WHOLE,
            error_messages={"required": words.missing_scope, "invalid_choice": words.missing_scope},
            widget=forms.RadioSelect,
        )
        if ask_goods:
            self.fields["goods"] = forms.CharField(
                label=words.goods,
                help_text=words.goods_hint,
                required=False,
                max_length=MAX_GOODS,
                error_messages={"max_length": words.too_long.format(limit=MAX_GOODS)},
                widget=text_area(3),
            )

    def _text(self, name: str, label: str, hint: str, missing: str, limit: int, *, autocomplete: str) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            help_text=hint,
            max_length=limit,
            error_messages={"required": missing, "max_length": self.words.too_long.format(limit=limit)},
            widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        )
        # Django's own words about a null character are in one of the portal's languages only; the statement drops it.
        self.fields[name].validators = [v for v in self.fields[name].validators if not _is_about_null(v)]

    @property
    def chosen_scope(self) -> str:
        """What is chosen now, checked or not."""
        value = str(self["scope"].value() or "")
        return value if value in {WHOLE, SOME} else ""

    @property
    def is_whole(self) -> bool:
        """The whole contract is meant."""
        return self.chosen_scope == WHOLE

    def clean(self) -> None:
        """Some of the goods need naming."""
        super().clean()
        if "goods" in self.fields and self.chosen_scope == SOME and not self.cleaned_data.get("goods", "x").strip():
            self.add_error("goods", self.words.missing_goods)

    def blame_in_words(self, error: AftercareError) -> None:
        """Say in the page's language what is wrong with the field that ``error`` names.

        Length and presence were looked at above; what is left are addresses of web pages, and mail addresses that
        only the stricter check refuses.
        """
        field = error.field if error.field in self.fields else None
        self.add_error(field, self.words.bad_email if error.field == "email" else self.words.no_addresses)


def _is_about_null(validator: object) -> bool:
    return type(validator).__name__ == "ProhibitNullCharactersValidator"


@dataclass
class LineChoice:
    """A line of the order, and how many pieces of it are meant."""

    offer: LineOffer
    words: Words
    typed: str = ""
    error: str = ""

    @property
    def field(self) -> str:
        """The name of its input."""
        return f"units-{self.offer.order_line.pk}"

    @property
    def name(self) -> str:
        """What it is called."""
        return goods_name(self.offer.order_line)

    @property
    def note(self) -> str:
        """Why it is an exception, or under which condition it is covered."""
        key = str(self.offer.exclusion)
        if self.offer.excepted:
            return f"{self.words.excepted} {self.words.exceptions.get(key, '')}".strip()
        return self.words.conditions.get(key, "")

    @property
    def most(self) -> str:
        """How many there are."""
        return self.words.units.format(most=self.offer.left)

    @property
    def units(self) -> int:
        """What was typed, as a number; -1 for what is none."""
        text = self.typed.strip() or "0"
        return int(text) if text.isdecimal() and len(text) < 6 else -1


def read_lines(choices: Sequence[LineChoice], words: Words) -> tuple[list[tuple[OrderLine, int]], list[Problem]]:
    """The chosen units, and what is wrong with what was typed."""
    problems = []
    for one in choices:
        if not 0 <= one.units <= one.offer.left:
            one.error = words.bad_units.format(most=one.offer.left)
            problems.append(Problem(f"{one.name}: {one.error}", f"id_{one.field}"))
    chosen = [(one.offer.order_line, one.units) for one in choices if one.units > 0]
    if not problems and not chosen:
        first = next((one for one in choices if one.offer.left), None)
        problems.append(Problem(words.choose_units, f"id_{first.field}" if first else ""))
    return chosen, problems
