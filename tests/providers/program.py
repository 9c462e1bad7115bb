"""A merchant's own label program, as ``docs/providers.md`` asks for one."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

import httpx

from saleor_aftercare.core import clock
from saleor_aftercare.core.signatures import HEADER, check_signature

SECRET = "a secret of at least sixteen characters"
PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass
class LabelProgram:
    """Sells a label for each reference once; checks every signature. ``answers`` are given first, one each."""

    asynchronous: bool = False
    answers: list[httpx.Response | Exception] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    sold: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        check_signature(request.headers[HEADER], SECRET, body, at=clock.real_now())
        asked = json.loads(body)
        self.asked.append(asked)
        self.headers.append(request.headers)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        status, data = self.answer(asked)
        return httpx.Response(status, json=data)

    def answer(self, asked: dict[str, Any]) -> Any:
        """Status and JSON for one question."""
        match asked["action"]:
            case "buy":
                return self._buy(asked["request"]["reference"])
            case "find":
                label = self.sold.get(asked["reference"])
                return _json(200, {"status": "ready", "label": label} if label else {"status": "none"})
            case "track":
                return _json(200, {"events": self.events})
            case _:
                return _json(200, {"status": "ok"})

    def _buy(self, reference: str) -> Any:
        if self.asynchronous:
            return _json(202, {"status": "accepted", "provider_reference": f"p-{reference}"})
        label = self.sold.setdefault(reference, label_of(len(self.sold) + 1))
        return _json(200, {"status": "ready", "label": label})


def label_of(number: int) -> dict[str, Any]:
    """A label as the program describes it."""
    return {
        "carrier": "Pigeon Post",
        "tracking_number": f"PP{number:08d}",
        "tracking_url": f"https://pigeons.example/{number}",
        "cost": {"amount": "3.20", "currency": "EUR"},
        "expires_on": "2027-01-31",
        "provider_reference": f"pp-{number}",
        "dropoff_code": f"PIGEON:{number}",
        "label_base64": b64encode(PDF).decode(),
    }


def _json(status: int, data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return status, data
