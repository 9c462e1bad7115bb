"""What the merchant of the practice shop has written and set up in Aftercare before anybody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .aftercare import Aftercare

FORM: dict[str, Any] = {"name": "Contact form", "address": ""}
CHAT: dict[str, Any] = {
    "name": "Chat",
    "address": "",
    "values": [{"section": "chat", "name": "hours", "value": "always"}],
}

REPLIES: tuple[dict[str, Any], ...] = (
    {
        "shortcut": "descale",
        "title": "How to descale a kettle",
        "folder": "Care",
        "texts": [
            {
                "language": "en",
                "text": "Hello {{ customer.first_name }},\n\nfill the kettle with one part of vinegar and two parts of"
                " water, let it boil once, and rinse it twice after an hour. Every two months is enough.",
            },
            {
                "language": "ja",
                "text": "{{ customer.name }} 様\n\nお酢1に対して水2の割合で入れて一度沸騰させ、"
                "1時間置いてから2回すすいでください。2か月に一度で十分です。",
            },
        ],
    },
    {
        "shortcut": "lid",
        "title": "The lid does not close",
        "folder": "Faults",
        "texts": [
            {
                "language": "en",
                "text": "Hello {{ customer.first_name }},\n\nplease look whether the grey ring inside the lid has"
                " slipped: pressed back into its groove, the lid closes again. If it is torn, we send you a new one.",
            },
            {
                "language": "ja",
                "text": "{{ customer.name }} 様\n\nふたの内側の灰色のパッキンがずれていないかご確認ください。"
                "溝に押し込むと閉まるようになります。切れている場合は新しいものをお送りします。",
            },
        ],
    },
    {
        "shortcut": "where",
        "title": "Where is my parcel?",
        "folder": "Delivery",
        "texts": [
            {
                "language": "en",
                "text": "Hello {{ customer.first_name }},\n\nyour order {{ order.number }} is on its way; the carrier"
                " knows it by {{ order.carrier_number }}.",
            },
            {
                "language": "ja",
                "text": "{{ customer.name }} 様\n\nご注文 {{ order.number }} は発送済みです。"
                "お問い合わせ番号は {{ order.carrier_number }} です。",
            },
        ],
    },
)

MACRO: dict[str, Any] = {
    "name": "Approve the return and answer",
    "steps": [
        {"do": "APPROVE_RETURN"},
        {
            "do": "REPLY",
            "texts": [
                {
                    "language": "en",
                    "text": "Hello {{ customer.first_name }},\n\nwe take it back. Your label and every further step are"
                    " here: {{ return.status_url }}",
                },
                {
                    "language": "ja",
                    "text": "{{ customer.name }} 様\n\n返品を承りました。"
                    "返送ラベルと今後の流れはこちらでご確認いただけます。\n{{ return.status_url }}",
                },
            ],
        },
        {"do": "TAG", "values": ["Return approved"]},
    ],
}


@dataclass(frozen=True)
class Furnishing:
    """Ready-made words, a macro, the contact form and the chat window."""

    aftercare: Aftercare

    def set_up(self) -> None:
        """Once: what is there already, or was taken away again, is left alone. Raises AftercareError."""
        self.aftercare.add_account("form", FORM)
        self.aftercare.add_account("chat", CHAT)
        shop = self.aftercare.shop
        if shop.state.furnished:
            return
        for reply in REPLIES:
            self.aftercare.do(
                "mutation PracticeReply($input: CannedReplyInput!) {"
                " cannedReplySave(input: $input) { errors { field message } } }",
                input=reply,
            )
        self.aftercare.do(
            "mutation PracticeMacro($input: MacroInput!) { macroSave(input: $input) { errors { field message } } }",
            input=MACRO,
        )
        with shop.changing():
            shop.state.furnished = True
