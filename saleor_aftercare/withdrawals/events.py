"""What happens to declarations of withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from saleor_aftercare.core.events import DomainEvent


@dataclass(frozen=True)
class _WithdrawalEvent(DomainEvent):
    subject: ClassVar = "withdrawal"


@dataclass(frozen=True)
class WithdrawalDeclared(_WithdrawalEvent):
    """Somebody confirmed a statement; the acknowledgement is written."""

    kind: ClassVar = "withdrawal.declared"


@dataclass(frozen=True)
class WithdrawalUnmatched(_WithdrawalEvent):
    """No order was found for a statement; staff look."""

    kind: ClassVar = "withdrawal.unmatched"


@dataclass(frozen=True)
class WithdrawalMatched(_WithdrawalEvent):
    """The order of a statement is known, and it is in force."""

    kind: ClassVar = "withdrawal.matched"
    flags: tuple[str, ...]


@dataclass(frozen=True)
class WithdrawalReturnMade(_WithdrawalEvent):
    """The return of a withdrawal exists, approved by law."""

    kind: ClassVar = "withdrawal.return_made"
    number: str  #: of the return


@dataclass(frozen=True)
class WithdrawalReturnFailed(_WithdrawalEvent):
    """The return of a withdrawal could not be made; ``Withdrawal.problem`` says why, for staff."""

    kind: ClassVar = "withdrawal.return_failed"


@dataclass(frozen=True)
class WithdrawalProofGiven(_WithdrawalEvent):
    """The goods are provably on their way: the refund may not wait for them any longer."""

    kind: ClassVar = "withdrawal.proof_given"


@dataclass(frozen=True)
class WithdrawalRefundDue(_WithdrawalEvent):
    """The refund is due soon, or was due, and has not been made."""

    kind: ClassVar = "withdrawal.refund_due"
    due_on: str
    overdue: bool


@dataclass(frozen=True)
class WithdrawalOutOfScope(_WithdrawalEvent):
    """Staff say that there was no such right, with the reason."""

    kind: ClassVar = "withdrawal.out_of_scope"


@dataclass(frozen=True)
class WithdrawalReopened(_WithdrawalEvent):
    """Staff took "out of scope" back."""

    kind: ClassVar = "withdrawal.reopened"


@dataclass(frozen=True)
class WithdrawalSettled(_WithdrawalEvent):
    """Everything was given back."""

    kind: ClassVar = "withdrawal.settled"
