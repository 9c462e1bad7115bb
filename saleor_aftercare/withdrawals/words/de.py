"""German."""

from typing import Final

from .base import Words

DE: Final = Words(
    language_name="Deutsch",
    skip="Zum Inhalt",
    languages="Sprache",
    back_to_shop="Zurück zum Shop",
    error="Fehler:",
    one_problem="Es gibt ein Problem",
    problems="Es gibt {n} Probleme",
    to_returns="Zu Rücksendungen und Bestellungen",
    title="Vertrag widerrufen",
    lead=(
        "Verbraucher können einen Vertrag binnen {days} Tagen ohne Angabe von Gründen widerrufen."
        " Sie sehen Ihre Erklärung noch einmal, bevor sie gilt."
    ),
    name="Ihr Name",
    name_hint="Wie in der Bestellung.",
    contract="Bestellnummer",
    contract_hint="Oder was den Vertrag sonst bezeichnet. Sie finden sie in Ihrer Bestellbestätigung.",
    email="E-Mail-Adresse",
    email_hint="Dorthin senden wir sofort die Eingangsbestätigung. Am besten die Adresse Ihrer Bestellung.",
    signed_in_as="Die Eingangsbestätigung geht an {email}.",
    scope="Was widerrufen Sie?",
    whole="Den ganzen Vertrag",
    some="Nur einzelne Waren",
    goods="Welche Waren?",
    goods_hint="Name und Stückzahl genügen. Ein Grund ist nicht nötig.",
    go_on="Erklärung ansehen",
    which_order="Um welche Bestellung geht es?",
    no_orders="Wir kennen keine Bestellung von Ihnen, die Sie widerrufen könnten. Sie können trotzdem eine nennen:",
    another_order="Ein anderer Vertrag",
    order="Bestellung {number}",
    ordered_on="bestellt am {date}",
    declared_already="Für diese Bestellung haben Sie bereits den Widerruf {number} erklärt.",
    units="von {most}",
    not_before_delivery="Die Frist endet {days} Tage nach Erhalt der letzten Ware; sie hat noch nicht begonnen.",
    until="Sie können bis zum {date} widerrufen.",
    until_estimated="Sie können mindestens bis zum {date} widerrufen; wann die Ware ankam, wissen wir noch nicht.",
    over="Soweit wir wissen, endete die Frist am {date}. Sie können die Erklärung trotzdem absenden.",
    excepted="Kein Widerrufsrecht:",
    exceptions={
        "custom_made": "Nach Ihren Vorgaben angefertigt oder eindeutig auf Sie zugeschnitten.",
        "perishable": "Schnell verderblich oder mit schnell überschrittenem Verfallsdatum.",
        "digital": (
            "Digitaler Inhalt, der mit Ihrer Zustimmung und in Kenntnis des Verlusts des Rechts bereitgestellt wurde."
        ),
    },
    conditions={
        "hygiene": "Nur solange die Versiegelung unversehrt ist: aus Gründen des Gesundheitsschutzes und der Hygiene.",
        "sealed_media": "Nur solange die Versiegelung unversehrt ist: versiegelte Ton-, Bild- oder Softwareträger.",
        "gift_card": "Nur solange der Gutschein nicht eingelöst ist.",
    },
    check="Prüfen und bestätigen",
    check_lead=(
        "Dies ist Ihre Erklärung. Sie gilt, sobald Sie die Schaltfläche unten betätigen; noch ist nichts abgesendet."
    ),
    statement_whole=(
        "Hiermit widerrufe ich den gesamten Vertrag, den ich mit {shop} unter der Bestellnummer {contract}"
        " geschlossen habe."
    ),
    statement_goods=(
        "Hiermit widerrufe ich den Vertrag, den ich mit {shop} unter der Bestellnummer {contract} geschlossen habe,"
        " hinsichtlich der folgenden Waren:"
    ),
    statement_line="{quantity} × {goods}",
    statement_name="Name: {name}",
    statement_email="Eingangsbestätigung an: {email}",
    change="Etwas ändern",
    done="Ihr Widerruf ist eingegangen",
    done_lead="Ihre Erklärung ist am {moment} bei uns eingegangen. Die Eingangsbestätigung ist unterwegs an {email}.",
    done_mail=(
        "Nach einigen Minuten keine E-Mail? Sehen Sie im Spam-Ordner nach. Ihre Erklärung gilt in jedem Fall:"
        " Bewahren Sie diese Seite auf."
    ),
    number="Nummer",
    received="Eingegangen",
    contract_short="Vertrag",
    next="Wie es weitergeht",
    step_look=(
        "Wir suchen Ihre Bestellung heraus und schreiben Ihnen. Sie müssen nichts begründen, und niemand muss"
        " zustimmen."
    ),
    step_send_back=(
        "Senden Sie, was Sie erhalten haben, spätestens am {date} ab. Was noch nicht unterwegs ist, müssen"
        " Sie nicht annehmen."
    ),
    step_customer_pays="Sie tragen die unmittelbaren Kosten der Rücksendung, sofern wir sie nicht übernehmen.",
    step_merchant_pays="Wir tragen die Kosten der Rücksendung.",
    step_refund=(
        "Wir zahlen alles, was Sie bezahlt haben, samt Standardversand bis spätestens {date} zurück,"
        " und zwar mit dem Zahlungsmittel, das Sie verwendet haben."
    ),
    step_withhold=(
        "Bis die Waren zurück sind oder Sie den Versand nachgewiesen haben, dürfen wir mit der Rückzahlung warten."
    ),
    address="Anschrift für die Waren",
    none="Kein gesetzliches Widerrufsrecht",
    none_text=(
        "In den Ländern, in die {shop} liefert, gibt das Gesetz kein allgemeines Recht, eine Bestellung im Fernabsatz"
        " zu widerrufen. Es gelten die eigenen Rückgaberegeln des Shops."
    ),
    status="Widerruf {number}",
    state_unmatched="Eingegangen; wir suchen Ihre Bestellung heraus",
    state_open="Wirksam",
    state_settled="Abgeschlossen",
    state_out_of_scope="Kein Widerrufsrecht",
    statement="Ihre Erklärung",
    covers="Sie umfasst",
    refund_by="Rückzahlung spätestens am",
    send_back_by="Absenden bis",
    return_page="Rücksendung {number}: Etikett und Stand",
    proof="Ich habe die Waren abgeschickt",
    proof_lead="Mit einem Versandnachweis warten wir mit der Rückzahlung nicht länger auf das Paket.",
    proof_tracking="Sendungsnummer",
    proof_files="Einlieferungsbeleg",
    proof_files_hint="Ein Foto oder ein PDF, höchstens 10 MB.",
    proof_send="Nachweis senden",
    proof_thanks="Danke. Wir haben vermerkt, dass die Waren unterwegs sind.",
    proof_missing="Geben Sie die Sendungsnummer ein, oder fügen Sie den Beleg an.",
    more="Mehr tun",
    more_lead=(
        "Um das Etikett zu erhalten oder uns den Versand mitzuteilen, bestätigen Sie bitte, dass Sie es sind."
        " Wir senden Ihnen einen Code."
    ),
    sign_in="Bestätigen, dass ich es bin",
    missing_name="Bitte geben Sie Ihren Namen ein.",
    missing_contract="Bitte geben Sie die Bestellnummer ein, oder was den Vertrag sonst bezeichnet.",
    missing_email="Bitte geben Sie Ihre E-Mail-Adresse ein.",
    bad_email="Das ist keine E-Mail-Adresse wie name@example.com.",
    missing_goods="Bitte sagen Sie, welche Waren Sie meinen.",
    missing_scope="Bitte wählen Sie, was Sie widerrufen.",
    missing_order="Bitte wählen Sie eine Bestellung.",
    choose_units="Bitte wählen Sie mindestens ein Stück.",
    bad_units="Bitte wählen Sie eine Zahl von 0 bis {most}.",
    too_long="Höchstens {limit} Zeichen.",
    no_addresses="Bitte lassen Sie Webadressen in diesem Feld weg.",
    too_often=(
        "Von hier kamen so viele Erklärungen, dass wir kurz warten müssen. Eine E-Mail an uns gilt genauso;"
        " oder versuchen Sie es in einigen Minuten noch einmal."
    ),
    form_too_old="Dieses Formular war sehr lange geöffnet. Bitte sehen Sie Ihre Erklärung noch einmal an.",
    try_again="Von vorn beginnen",
    greeting="Guten Tag {name},",
    greeting_nobody="Guten Tag,",
    footer="{shop} hat Ihnen diese Nachricht gesandt, weil mit Ihrer E-Mail-Adresse ein Widerruf erklärt wurde.",
    instructions="Informationen zum Widerrufsrecht",
    see="Ihren Widerruf ansehen",
    ack_subject="Eingangsbestätigung: Ihr Widerruf {number}",
    ack="Ihr Widerruf ist eingegangen",
    ack_intro="Wir bestätigen den Eingang Ihres Widerrufs. Sie haben ihn am {moment} erklärt.",
    ack_words="Ihre Erklärung im Wortlaut:",
    ack_not_you="Waren Sie das nicht? Dann antworten Sie bitte auf diese Nachricht.",
    force_subject="Ihr Widerruf {number}: wie es weitergeht",
    force="Ihr Widerruf ist wirksam",
    force_intro="Wir haben Ihre Bestellung {order} gefunden. Ihr Widerruf umfasst:",
    force_excepted="Nicht umfasst, weil das Gesetz es ausnimmt:",
    force_unsent="Was wir noch nicht abgeschickt haben, senden wir nicht mehr.",
    force_label="Die Rücksendung hat die Nummer {number}. Etikett und Anleitung kommen mit eigener Nachricht.",
    scope_subject="Zu Ihrem Widerruf {number}",
    out="Hier besteht kein Widerrufsrecht",
    out_intro="Wir haben Ihre Erklärung geprüft. Aus diesem Grund besteht hier kein Widerrufsrecht:",
    out_rights=(
        "Ihre übrigen Rechte, etwa bei mangelhafter Ware, bleiben unberührt."
        " Sehen Sie das anders? Dann antworten Sie bitte auf diese Nachricht."
    ),
)
