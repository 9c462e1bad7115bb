"""The statutory labels of the withdrawal function, in the 24 official languages of the Union.

Source: Directive 2011/83/EU, art. 11a(1) and (3), as inserted by Directive (EU) 2023/2673 (CELEX 32023L2673); every
language version is equally authentic. Six of them name no place ("here"), which is no slip: da, de, et, hr, hu, lv.
Dutch differs on purpose: the transposition (Burgerlijk Wetboek art. 6:230o, 6:230oa) speaks of *ontbinden* where the
directive says *herroepen*; both are clear, and counsel should choose (docs/withdrawal.md).

The first letter is a capital because it stands on a button; the words are unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands on the link to the function, and on the button that declares."""

    withdraw: str
    confirm: str


STATUTORY: Final = MappingProxyType(
    {
        "bg": Labels("Откажете се от договора тук", "Потвърждавам отказа"),
        "cs": Labels("Zde odstoupit od smlouvy", "Potvrdit odstoupení od smlouvy"),
        "da": Labels("Fortryd aftale", "Bekræft fortrydelse"),
        "de": Labels("Vertrag widerrufen", "Widerruf bestätigen"),
        "el": Labels("Πατήστε εδώ για υπαναχώρηση", "Επιβεβαίωση υπαναχώρησης"),
        "en": Labels("Withdraw from contract here", "Confirm withdrawal"),
        "es": Labels("Desistir del contrato aquí", "Confirmar desistimiento"),
        "et": Labels("Taganen lepingust", "Kinnitan taganemise"),
        "fi": Labels("Peruuta sopimus tästä", "Vahvista peruuttaminen"),
        "fr": Labels("Renoncer au contrat ici", "Confirmer la rétractation"),
        "ga": Labels("Tarraing siar ón gconradh anseo", "Dearbhaigh an tarraingt siar"),
        "hr": Labels("Odustati od ugovora", "Potvrditi odustajanje"),
        "hu": Labels("Elállás a szerződéstől", "Elállás megerősítése"),
        "it": Labels("Recedere dal contratto qui", "Conferma recesso"),
        "lt": Labels("Atsisakyti sutarties čia", "Patvirtinti sutarties atsisakymą"),
        "lv": Labels("Atteikties no līguma", "Apstiprināt atteikumu"),
        "mt": Labels("Irtira mill-kuntratt hawnhekk", "Ikkonferma r-reċess"),
        "nl": Labels("Hier de overeenkomst ontbinden", "Ontbinding bevestigen"),
        "pl": Labels("Odstąp od umowy tutaj", "Potwierdź odstąpienie od umowy"),
        "pt": Labels("Retrate-se do contrato aqui", "Confirmar retratação"),
        "ro": Labels("Retrageți-vă din contract aici", "Confirmați retragerea"),
        "sk": Labels("Odstúpiť od zmluvy tu", "Potvrdiť odstúpenie od zmluvy"),
        "sl": Labels("Kliknite tukaj za odstop od pogodbe", "Potrdi odstop od pogodbe"),
        "sv": Labels("Ångra avtalet här", "Bekräfta frånträde"),
    }
)
#: A courtesy to readers; no law of the Union is written in Japanese.
COURTESY: Final = MappingProxyType({"ja": Labels("契約の撤回はこちら", "撤回を確定する")})


def labels_of(language: str) -> Labels:
    """The labels for somebody who reads ``language`` (BCP 47, any case); English where there are none.

    >>> labels_of("de-AT").withdraw, labels_of("tlh").confirm
    ('Vertrag widerrufen', 'Confirm withdrawal')
    """
    primary = language.lower().replace("_", "-").partition("-")[0]
    return STATUTORY.get(primary) or COURTESY.get(primary) or STATUTORY["en"]
