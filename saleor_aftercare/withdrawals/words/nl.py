"""Dutch; *ontbinden* as the Burgerlijk Wetboek says, see ``labels``."""

from typing import Final

from .base import Words

NL: Final = Words(
    language_name="Nederlands",
    skip="Naar de inhoud",
    languages="Taal",
    back_to_shop="Terug naar de winkel",
    error="Fout:",
    one_problem="Er is een probleem",
    problems="Er zijn {n} problemen",
    to_returns="Naar retouren en bestellingen",
    title="Overeenkomst ontbinden",
    lead=(
        "Consumenten kunnen een overeenkomst binnen {days} dagen zonder opgave van redenen ontbinden."
        " U ziet uw verklaring nog een keer voordat zij telt."
    ),
    name="Uw naam",
    name_hint="Zoals in de bestelling.",
    contract="Bestelnummer",
    contract_hint="Of wat de overeenkomst anders aanduidt. U vindt het in uw orderbevestiging.",
    email="E-mailadres",
    email_hint="Daar sturen wij meteen de ontvangstbevestiging heen. Liefst het adres van uw bestelling.",
    signed_in_as="De ontvangstbevestiging gaat naar {email}.",
    scope="Wat ontbindt u?",
    whole="De hele overeenkomst",
    some="Alleen enkele artikelen",
    goods="Welke artikelen?",
    goods_hint="Naam en aantal zijn genoeg. Een reden is niet nodig.",
    go_on="Verklaring bekijken",
    which_order="Om welke bestelling gaat het?",
    no_orders="Wij kennen geen bestelling van u die u kunt ontbinden. U kunt er toch een noemen:",
    another_order="Een andere overeenkomst",
    order="Bestelling {number}",
    ordered_on="besteld op {date}",
    declared_already="Voor deze bestelling hebt u al ontbinding {number} verklaard.",
    units="van {most}",
    not_before_delivery=(
        "De termijn eindigt {days} dagen na ontvangst van het laatste artikel; hij is nog niet begonnen."
    ),
    until="U kunt tot en met {date} ontbinden.",
    until_estimated="U kunt ten minste tot en met {date} ontbinden; wij weten nog niet wanneer de artikelen aankwamen.",
    over="Voor zover wij weten eindigde de termijn op {date}. U kunt de verklaring toch versturen.",
    excepted="Geen herroepingsrecht:",
    exceptions={
        "custom_made": "Volgens uw specificaties gemaakt of duidelijk voor u persoonlijk bestemd.",
        "perishable": "Bederft snel of is beperkt houdbaar.",
        "digital": "Digitale inhoud die met uw toestemming en met afstand van dit recht is geleverd.",
    },
    conditions={
        "hygiene": "Alleen zolang het zegel onverbroken is: om redenen van gezondheid en hygiëne.",
        "sealed_media": "Alleen zolang het zegel onverbroken is: verzegelde opnamen of software.",
        "gift_card": "Alleen zolang de cadeaubon niet is gebruikt.",
    },
    check="Controleren en bevestigen",
    check_lead="Dit is uw verklaring. Zij telt zodra u op de knop hieronder drukt; er is nog niets verzonden.",
    statement_whole=(
        "Hierbij deel ik mee dat ik de gehele overeenkomst met {shop}, bestelnummer {contract}, ontbind (herroep)."
    ),
    statement_goods=(
        "Hierbij deel ik mee dat ik de overeenkomst met {shop}, bestelnummer {contract}, ontbind (herroep)"
        " voor de volgende artikelen:"
    ),
    statement_line="{quantity} × {goods}",
    statement_name="Naam: {name}",
    statement_email="Ontvangstbevestiging aan: {email}",
    change="Iets wijzigen",
    done="Wij hebben uw ontbinding ontvangen",
    done_lead="Uw verklaring bereikte ons op {moment}. De ontvangstbevestiging is onderweg naar {email}.",
    done_mail=(
        "Na enkele minuten geen e-mail? Kijk in de map met ongewenste mail. Uw verklaring telt hoe dan ook:"
        " bewaar deze pagina."
    ),
    number="Nummer",
    received="Ontvangen",
    contract_short="Overeenkomst",
    next="Hoe het verdergaat",
    step_look="Wij zoeken uw bestelling op en schrijven u. U hoeft niets te motiveren, en niemand hoeft in te stemmen.",
    step_send_back=(
        "Stuur wat u hebt ontvangen uiterlijk op {date} terug. Wat nog niet onderweg is, hoeft u niet aan te nemen."
    ),
    step_customer_pays="De rechtstreekse kosten van het terugzenden zijn voor u, tenzij wij ze dragen.",
    step_merchant_pays="De kosten van het terugzenden zijn voor ons.",
    step_refund=(
        "Wij betalen alles wat u hebt betaald, met de standaardbezorging, uiterlijk op {date} terug"
        " en met hetzelfde betaalmiddel dat u hebt gebruikt."
    ),
    step_withhold=(
        "Tot de artikelen terug zijn of u hebt aangetoond dat u ze hebt verzonden, mogen wij met de"
        " terugbetaling wachten."
    ),
    address="Adres voor de artikelen",
    none="Geen wettelijk herroepingsrecht",
    none_text=(
        "In de landen waar {shop} levert, geeft de wet geen algemeen recht om een bestelling op afstand te ontbinden."
        " De eigen retourregels van de winkel gelden."
    ),
    status="Ontbinding {number}",
    state_unmatched="Ontvangen; wij zoeken uw bestelling op",
    state_open="Van kracht",
    state_settled="Afgerond",
    state_out_of_scope="Geen herroepingsrecht",
    statement="Uw verklaring",
    covers="Zij omvat",
    refund_by="Terugbetaling uiterlijk op",
    send_back_by="Terugsturen voor",
    return_page="Retour {number}: label en voortgang",
    proof="Ik heb de artikelen verzonden",
    proof_lead="Met een verzendbewijs wachten wij met terugbetalen niet langer op het pakket.",
    proof_tracking="Volgnummer",
    proof_files="Bewijs van de vervoerder",
    proof_files_hint="Een foto of een pdf, hooguit 10 MB.",
    proof_send="Bewijs sturen",
    proof_thanks="Dank u. Wij hebben genoteerd dat de artikelen onderweg zijn.",
    proof_missing="Vul het volgnummer in, of voeg het bewijs toe.",
    more="Meer doen",
    more_lead="Om het label te krijgen of de verzending te melden, bevestigt u dat u het bent. Wij sturen u een code.",
    sign_in="Bevestigen dat ik het ben",
    missing_name="Vul uw naam in.",
    missing_contract="Vul het bestelnummer in, of wat de overeenkomst anders aanduidt.",
    missing_email="Vul uw e-mailadres in.",
    bad_email="Dit is geen e-mailadres zoals naam@example.com.",
    missing_goods="Zeg welke artikelen u bedoelt.",
    missing_scope="Kies wat u ontbindt.",
    missing_order="Kies een bestelling.",
    choose_units="Kies ten minste één stuk.",
    bad_units="Kies een getal van 0 tot {most}.",
    too_long="Hooguit {limit} tekens.",
    no_addresses="Laat webadressen in dit veld weg.",
    too_often=(
        "Er kwamen hier zoveel verklaringen vandaan dat wij even moeten wachten. Een e-mail aan ons telt evenzeer;"
        " of probeer het over enkele minuten opnieuw."
    ),
    form_too_old="Dit formulier stond heel lang open. Bekijk uw verklaring nog een keer.",
    try_again="Opnieuw beginnen",
    greeting="Hallo {name},",
    greeting_nobody="Hallo,",
    footer="{shop} stuurde u dit bericht omdat met uw e-mailadres een ontbinding is verklaard.",
    instructions="Informatie over het herroepingsrecht",
    see="Uw ontbinding bekijken",
    ack_subject="Ontvangstbevestiging: uw ontbinding {number}",
    ack="Wij hebben uw ontbinding ontvangen",
    ack_intro="Wij bevestigen de ontvangst van uw ontbinding. U verklaarde haar op {moment}.",
    ack_words="Uw verklaring, woord voor woord:",
    ack_not_you="Was u het niet? Beantwoord dan dit bericht.",
    force_subject="Uw ontbinding {number}: hoe het verdergaat",
    force="Uw ontbinding is van kracht",
    force_intro="Wij hebben uw bestelling {order} gevonden. Uw ontbinding omvat:",
    force_excepted="Niet omvat, omdat de wet het uitzondert:",
    force_unsent="Wat wij nog niet hebben verzonden, sturen wij niet meer.",
    force_label="De retour heeft nummer {number}. Label en uitleg komen in een eigen bericht.",
    scope_subject="Over uw ontbinding {number}",
    out="Hier is geen herroepingsrecht",
    out_intro="Wij hebben uw verklaring bekeken. Hier is geen herroepingsrecht, om deze reden:",
    out_rights=(
        "Uw andere rechten, zoals die bij gebrekkige artikelen, blijven onaangetast."
        " Ziet u het anders? Beantwoord dan dit bericht."
    ),
)
