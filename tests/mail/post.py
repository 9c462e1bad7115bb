"""A mail server in memory that can refuse, hang up, or take the worker down with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Post(BaseEmailBackend):
    """``taken`` is what arrived; ``before`` and ``after`` are raised around the moment of taking, once each."""

    taken: ClassVar[list[EmailMessage]] = []
    before: ClassVar[list[BaseException]] = []
    after: ClassVar[list[BaseException]] = []

    @classmethod
    def reset(cls) -> None:
        cls.taken, cls.before, cls.after = [], [], []

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        if self.before:
            raise self.before.pop(0)
        self.taken.extend(email_messages)
        if self.after:
            raise self.after.pop(0)
        return len(email_messages)
