"""Italian."""

from typing import Final

from .base import Words

IT: Final = Words(
    language_name="Italiano",
    skip="Vai al contenuto",
    languages="Lingua",
    back_to_shop="Torna al negozio",
    error="Errore:",
    one_problem="C’è un problema",
    problems="Ci sono {n} problemi",
    to_returns="A resi e ordini",
    title="Recedere da un contratto",
    lead=(
        "I consumatori possono recedere da un contratto entro {days} giorni senza indicarne i motivi."
        " Rivedrà la Sua dichiarazione prima che abbia effetto."
    ),
    name="Nome e cognome",
    name_hint="Come nell’ordine.",
    contract="Numero d’ordine",
    contract_hint="O ciò che altrimenti identifica il contratto. Lo trova nella conferma d’ordine.",
    email="Indirizzo e-mail",
    email_hint="Vi inviamo subito l’avviso di ricevimento. Meglio quello usato per l’ordine.",
    signed_in_as="L’avviso di ricevimento sarà inviato a {email}.",
    scope="Da che cosa recede?",
    whole="Dall’intero contratto",
    some="Solo da alcuni beni",
    goods="Quali beni?",
    goods_hint="Bastano nome e quantità. Non serve alcun motivo.",
    go_on="Vedi la dichiarazione",
    which_order="Di quale ordine si tratta?",
    no_orders="Non conosciamo alcun Suo ordine da cui potrebbe recedere. Può comunque indicarne uno:",
    another_order="Un altro contratto",
    order="Ordine {number}",
    ordered_on="del {date}",
    declared_already="Per questo ordine ha già dichiarato il recesso {number}.",
    units="di {most}",
    not_before_delivery="Il termine scade {days} giorni dopo l’arrivo dell’ultimo bene; non è ancora iniziato.",
    until="Può recedere fino al {date}.",
    until_estimated="Può recedere almeno fino al {date}; non sappiamo ancora quando i beni sono arrivati.",
    over="Per quanto ci risulta, il termine è scaduto il {date}. Può comunque inviare la dichiarazione.",
    excepted="Nessun diritto di recesso:",
    exceptions={
        "custom_made": "Confezionato su misura o chiaramente personalizzato.",
        "perishable": "Rischia di deteriorarsi o scadere rapidamente.",
        "digital": "Contenuto digitale fornito con il Suo consenso e con l’accettazione della perdita del diritto.",
    },
    conditions={
        "hygiene": "Solo finché il sigillo è intatto: per motivi igienici o di salute.",
        "sealed_media": "Solo finché il sigillo è intatto: registrazioni o software sigillati.",
        "gift_card": "Solo finché la carta regalo non è stata usata.",
    },
    check="Controllare e confermare",
    check_lead=(
        "Questa è la Sua dichiarazione. Ha effetto appena preme il pulsante qui sotto; nulla è stato ancora inviato."
    ),
    statement_whole=(
        "Con la presente notifico il recesso dall’intero contratto concluso con {shop}, numero d’ordine {contract}."
    ),
    statement_goods=(
        "Con la presente notifico il recesso dal contratto concluso con {shop}, numero d’ordine {contract},"
        " per i seguenti beni:"
    ),
    statement_line="{quantity} × {goods}",
    statement_name="Nome: {name}",
    statement_email="Avviso di ricevimento a: {email}",
    change="Modificare",
    done="Abbiamo ricevuto il Suo recesso",
    done_lead="La Sua dichiarazione ci è pervenuta il {moment}. L’avviso di ricevimento è in arrivo a {email}.",
    done_mail=(
        "Nessuna e-mail dopo qualche minuto? Guardi nella posta indesiderata. La dichiarazione vale in ogni caso:"
        " conservi questa pagina."
    ),
    number="Numero",
    received="Ricevuta",
    contract_short="Contratto",
    next="Che cosa succede ora",
    step_look="Cerchiamo il Suo ordine e Le scriviamo. Non deve giustificare nulla e nessuno deve approvare.",
    step_send_back=(
        "Rispedisca ciò che ha ricevuto al più tardi il {date}. Ciò che non è ancora in viaggio non deve accettarlo."
    ),
    step_customer_pays="Il costo diretto della restituzione è a Suo carico, salvo che lo sosteniamo noi.",
    step_merchant_pays="Il costo della restituzione è a nostro carico.",
    step_refund=(
        "Rimborsiamo tutto ciò che ha pagato, consegna standard compresa, al più tardi il {date}"
        " e con lo stesso mezzo di pagamento che ha usato."
    ),
    step_withhold=(
        "Finché i beni non sono tornati o non ha dimostrato di averli spediti, possiamo trattenere il rimborso."
    ),
    address="Indirizzo per i beni",
    none="Nessun diritto legale di recesso",
    none_text=(
        "Nei paesi in cui {shop} consegna, la legge non prevede un diritto generale di recedere da un ordine"
        " a distanza."
        " Valgono le regole di reso del negozio."
    ),
    status="Recesso {number}",
    state_unmatched="Ricevuto; cerchiamo il Suo ordine",
    state_open="Efficace",
    state_settled="Concluso",
    state_out_of_scope="Nessun diritto di recesso",
    statement="La Sua dichiarazione",
    covers="Riguarda",
    refund_by="Rimborso al più tardi il",
    send_back_by="Da rispedire entro il",
    return_page="Reso {number}: etichetta e avanzamento",
    proof="Ho spedito i beni",
    proof_lead="Con una prova di spedizione non aspettiamo più il pacco per rimborsarLa.",
    proof_tracking="Numero di tracciamento",
    proof_files="Ricevuta del corriere",
    proof_files_hint="Una foto o un PDF, al massimo 10 MB.",
    proof_send="Invia la prova",
    proof_thanks="Grazie. Abbiamo annotato che i beni sono in viaggio.",
    proof_missing="Indichi il numero di tracciamento o aggiunga la ricevuta.",
    more="Altre azioni",
    more_lead="Per ottenere l’etichetta o comunicarci la spedizione, confermi di essere Lei. Le inviamo un codice.",
    sign_in="Confermo che sono io",
    missing_name="Indichi il Suo nome.",
    missing_contract="Indichi il numero d’ordine o ciò che identifica il contratto.",
    missing_email="Indichi il Suo indirizzo e-mail.",
    bad_email="Non è un indirizzo e-mail come nome@example.com.",
    missing_goods="Indichi quali beni intende.",
    missing_scope="Scelga da che cosa recede.",
    missing_order="Scelga un ordine.",
    choose_units="Scelga almeno un pezzo.",
    bad_units="Scelga un numero da 0 a {most}.",
    too_long="Al massimo {limit} caratteri.",
    no_addresses="Non inserisca indirizzi web in questo campo.",
    too_often=(
        "Da qui sono arrivate tante dichiarazioni che dobbiamo attendere un poco. Un’e-mail a noi vale allo"
        " stesso modo;"
        " oppure riprovi tra qualche minuto."
    ),
    form_too_old="Questo modulo è rimasto aperto molto a lungo. Riveda la Sua dichiarazione.",
    try_again="Ricominciare",
    greeting="Buongiorno {name},",
    greeting_nobody="Buongiorno,",
    footer="{shop} Le ha inviato questo messaggio perché è stato dichiarato un recesso con il Suo indirizzo e-mail.",
    instructions="Informazioni sul diritto di recesso",
    see="Vedi il Suo recesso",
    ack_subject="Avviso di ricevimento: il Suo recesso {number}",
    ack="Abbiamo ricevuto il Suo recesso",
    ack_intro="Confermiamo il ricevimento del Suo recesso. Lo ha dichiarato il {moment}.",
    ack_words="La Sua dichiarazione, parola per parola:",
    ack_not_you="Non è stato Lei? Allora risponda a questo messaggio.",
    force_subject="Il Suo recesso {number}: che cosa succede ora",
    force="Il Suo recesso è efficace",
    force_intro="Abbiamo trovato il Suo ordine {order}. Il recesso riguarda:",
    force_excepted="Non compreso, perché la legge lo esclude:",
    force_unsent="Ciò che non abbiamo ancora spedito non sarà più inviato.",
    force_label="Il reso ha il numero {number}. Etichetta e istruzioni arrivano con un messaggio a parte.",
    scope_subject="Il Suo recesso {number}",
    out="Qui non vi è diritto di recesso",
    out_intro="Abbiamo esaminato la Sua dichiarazione. Qui non vi è diritto di recesso, per questo motivo:",
    out_rights=(
        "Gli altri Suoi diritti, per esempio per beni difettosi, restano intatti."
        " La vede diversamente? Allora risponda a questo messaggio."
    ),
)
