"""Money: a decimal amount in major units with its currency, and how amounts are split without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision, is_currency
from django.utils.translation import gettext as _

from .errors import InvalidInput

#: No shop sells for more; keeps amounts inside the columns that hold them.
MAX_AMOUNT = Decimal(999999999)


def quantum(currency: str) -> Decimal:
    """The smallest unit of ``currency`` as a Decimal (CLDR): 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


@dataclass(frozen=True, order=False)
class Money:
    """An amount in major units, tax included unless a name says otherwise.

    Construction does not round: use :meth:`of` for foreign input, :meth:`rounded` after arithmetic.
    """

    amount: Decimal
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in ``currency``."""
        return cls(Decimal(0), currency)

    @classmethod
    def of(cls, amount: object, currency: str, *, field: str = "amount") -> Money:
        """Read an outside amount; raises InvalidInput unless it is finite, whole minor units, 0…999,999,999."""
        if not is_currency(currency):
            raise InvalidInput(_("Unknown currency."), field)
        try:
            value = Decimal(str(amount))
        except InvalidOperation:
            raise InvalidInput(_("Not an amount of money."), field) from None
        if not value.is_finite() or not 0 <= value <= MAX_AMOUNT:
            raise InvalidInput(_("The amount is out of range."), field)
        if value != value.quantize(quantum(currency), rounding=ROUND_DOWN):
            raise InvalidInput(
                _("%(currency)s has no amounts smaller than %(smallest)s.")
                % {"currency": currency, "smallest": quantum(currency)},
                field,
            )
        return cls(value.quantize(quantum(currency)), currency)

    @classmethod
    def read(cls, amount: object, currency: str) -> Money:
        """Read an amount that Saleor computed; rounds half up to minor units (Saleor sends JSON floats)."""
        return cls(Decimal(str(amount)), currency).rounded()

    def rounded(self) -> Money:
        """Half up to the currency's minor unit."""
        return Money(self.amount.quantize(quantum(self.currency), rounding=ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"Cannot mix {self.currency} and {other.currency}")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def wire(self) -> str:
        """The amount as GraphQL wants it: plain digits with exactly the currency's decimals."""
        return f"{self.amount.quantize(quantum(self.currency)):f}"

    def format(self, language: str) -> str:
        """The amount as a reader of ``language`` expects it, e.g. ``€12.50`` or ``￥1,200``."""
        return str(format_currency(self.amount, self.currency, locale=language.replace("-", "_")))


def split(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights`` into multiples of ``unit`` that add up to it exactly.

    Largest remainder first, then the earlier part; all-zero weights share evenly. ``total`` must be a
    multiple of ``unit``; neither it nor a weight is negative.
    """
    if total < 0 or total % unit:
        raise ValueError(f"{total} is not a non-negative multiple of {unit}")
    if any(weight < 0 for weight in weights):
        raise ValueError("Nothing can have a negative share")
    if not weights:
        if total:
            raise ValueError("There is nothing to split over")
        return []
    whole = sum(weights, Decimal(0))
    shares = [total * w / whole for w in weights] if whole else [total / len(weights)] * len(weights)
    parts = [(s / unit).to_integral_value(rounding=ROUND_DOWN) * unit for s in shares]
    left = int((total - sum(parts, Decimal(0))) / unit)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[:left]:
        parts[i] += unit
    return parts


def share_of_units(total: Decimal, quantity: int, taken: int, want: int, unit: Decimal) -> Decimal:
    """The price of ``want`` more units of a line of ``quantity`` sold for ``total``, ``taken`` already given back.

    Every unit is worth ``total / quantity`` rounded down to ``unit``; whoever takes the last unit takes the
    remainder, so that giving back all units in any portions gives back exactly ``total``.
    """
    if not 0 <= taken <= taken + want <= quantity:
        raise ValueError(f"{want} more of {quantity} after {taken} cannot be")

    def upto(n: int) -> Decimal:
        each = (total / quantity / unit).to_integral_value(rounding=ROUND_DOWN) * unit
        return total if n == quantity else each * n

    return upto(taken + want) - upto(taken)
