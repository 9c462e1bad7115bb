"""French."""

from typing import Final

from .base import Words

FR: Final = Words(
    language_name="Français",
    skip="Aller au contenu",
    languages="Langue",
    back_to_shop="Retour à la boutique",
    error="Erreur :",
    one_problem="Il y a un problème",
    problems="Il y a {n} problèmes",
    to_returns="Retours et commandes",
    title="Se rétracter d’un contrat",
    lead=(
        "Les consommateurs peuvent se rétracter d’un contrat dans un délai de {days} jours, sans donner de motif."
        " Vous reverrez votre déclaration avant qu’elle ne compte."
    ),
    name="Votre nom",
    name_hint="Comme dans la commande.",
    contract="Numéro de commande",
    contract_hint="Ou toute autre indication du contrat. Il figure dans votre confirmation de commande.",
    email="Adresse e-mail",
    email_hint="Nous y envoyons aussitôt l’accusé de réception. De préférence celle de votre commande.",
    signed_in_as="L’accusé de réception sera envoyé à {email}.",
    scope="À quoi renoncez-vous ?",
    whole="À l’ensemble du contrat",
    some="À certains articles seulement",
    goods="Quels articles ?",
    goods_hint="Le nom et le nombre suffisent. Aucun motif n’est nécessaire.",
    go_on="Voir la déclaration",
    which_order="De quelle commande s’agit-il ?",
    no_orders=(
        "Nous ne connaissons aucune commande dont vous pourriez vous rétracter. Vous pouvez tout de même en"
        " indiquer une :"
    ),
    another_order="Un autre contrat",
    order="Commande {number}",
    ordered_on="passée le {date}",
    declared_already="Vous avez déjà déclaré la rétractation {number} pour cette commande.",
    units="sur {most}",
    not_before_delivery=(
        "Le délai prend fin {days} jours après la réception du dernier article ; il n’a pas encore commencé."
    ),
    until="Vous pouvez vous rétracter jusqu’au {date}.",
    until_estimated=(
        "Vous pouvez vous rétracter au moins jusqu’au {date} ; nous ne savons pas encore quand les articles"
        " sont arrivés."
    ),
    over="À notre connaissance, le délai a pris fin le {date}. Vous pouvez tout de même envoyer la déclaration.",
    excepted="Pas de droit de rétractation :",
    exceptions={
        "custom_made": "Confectionné selon vos spécifications ou nettement personnalisé.",
        "perishable": "Susceptible de se détériorer ou de se périmer rapidement.",
        "digital": "Contenu numérique fourni avec votre accord et en connaissance de la perte de ce droit.",
    },
    conditions={
        "hygiene": "Seulement tant que le scellé est intact : pour des raisons d’hygiène et de santé.",
        "sealed_media": "Seulement tant que le scellé est intact : enregistrements ou logiciels scellés.",
        "gift_card": "Seulement tant que la carte cadeau n’a pas été utilisée.",
    },
    check="Vérifier et confirmer",
    check_lead=(
        "Voici votre déclaration. Elle prend effet dès que vous appuyez sur le bouton ci-dessous ; rien n’a"
        " encore été envoyé."
    ),
    statement_whole=(
        "Je notifie par la présente ma rétractation de l’ensemble du contrat conclu avec {shop},"
        " commande numéro {contract}."
    ),
    statement_goods=(
        "Je notifie par la présente ma rétractation du contrat conclu avec {shop}, commande numéro {contract},"
        " pour les articles suivants :"
    ),
    statement_line="{quantity} × {goods}",
    statement_name="Nom : {name}",
    statement_email="Accusé de réception à : {email}",
    change="Modifier",
    done="Nous avons reçu votre rétractation",
    done_lead="Votre déclaration nous est parvenue le {moment}. L’accusé de réception est en route vers {email}.",
    done_mail=(
        "Pas d’e-mail après quelques minutes ? Regardez dans les indésirables. Votre déclaration compte dans"
        " tous les cas :"
        " conservez cette page."
    ),
    number="Numéro",
    received="Reçue",
    contract_short="Contrat",
    next="La suite",
    step_look=(
        "Nous recherchons votre commande et vous écrivons. Vous n’avez rien à justifier, et personne n’a à approuver."
    ),
    step_send_back=(
        "Renvoyez ce que vous avez reçu au plus tard le {date}."
        " Ce qui n’est pas encore en route, vous n’avez pas à l’accepter."
    ),
    step_customer_pays="Les frais directs de renvoi sont à votre charge, sauf si nous les prenons à la nôtre.",
    step_merchant_pays="Les frais de renvoi sont à notre charge.",
    step_refund=(
        "Nous remboursons tout ce que vous avez payé, livraison standard comprise, au plus tard le {date}"
        " et par le moyen de paiement que vous avez utilisé."
    ),
    step_withhold=(
        "Tant que les articles ne sont pas revenus ou que vous n’avez pas prouvé leur envoi,"
        " nous pouvons différer le remboursement."
    ),
    address="Adresse pour les articles",
    none="Pas de droit légal de rétractation",
    none_text=(
        "Dans les pays où {shop} livre, la loi ne donne pas de droit général de se rétracter d’une commande à distance."
        " Les conditions de retour de la boutique s’appliquent."
    ),
    status="Rétractation {number}",
    state_unmatched="Reçue ; nous recherchons votre commande",
    state_open="En vigueur",
    state_settled="Terminée",
    state_out_of_scope="Pas de droit de rétractation",
    statement="Votre déclaration",
    covers="Elle porte sur",
    refund_by="Remboursement au plus tard le",
    send_back_by="À renvoyer avant le",
    return_page="Retour {number} : étiquette et suivi",
    proof="J’ai expédié les articles",
    proof_lead="Avec une preuve d’expédition, nous n’attendons plus le colis pour vous rembourser.",
    proof_tracking="Numéro de suivi",
    proof_files="Reçu du transporteur",
    proof_files_hint="Une photo ou un PDF, 10 Mo au plus.",
    proof_send="Envoyer la preuve",
    proof_thanks="Merci. Nous avons noté que les articles sont en route.",
    proof_missing="Indiquez le numéro de suivi, ou ajoutez le reçu.",
    more="Autres démarches",
    more_lead=(
        "Pour obtenir l’étiquette ou nous signaler l’expédition, confirmez qu’il s’agit de vous. Nous vous"
        " envoyons un code."
    ),
    sign_in="Confirmer que c’est moi",
    missing_name="Veuillez indiquer votre nom.",
    missing_contract="Veuillez indiquer le numéro de commande, ou ce qui identifie le contrat.",
    missing_email="Veuillez indiquer votre adresse e-mail.",
    bad_email="Ce n’est pas une adresse e-mail telle que nom@example.com.",
    missing_goods="Veuillez indiquer les articles concernés.",
    missing_scope="Veuillez choisir à quoi vous renoncez.",
    missing_order="Veuillez choisir une commande.",
    choose_units="Veuillez choisir au moins un article.",
    bad_units="Veuillez choisir un nombre de 0 à {most}.",
    too_long="{limit} caractères au plus.",
    no_addresses="Veuillez ne pas indiquer d’adresse web dans ce champ.",
    too_often=(
        "Tant de déclarations sont venues d’ici que nous devons patienter un peu. Un e-mail à notre adresse"
        " vaut tout autant ;"
        " ou réessayez dans quelques minutes."
    ),
    form_too_old="Ce formulaire est resté ouvert très longtemps. Veuillez revoir votre déclaration.",
    try_again="Recommencer",
    greeting="Bonjour {name},",
    greeting_nobody="Bonjour,",
    footer="{shop} vous a envoyé ce message parce qu’une rétractation a été déclarée avec votre adresse e-mail.",
    instructions="Informations sur le droit de rétractation",
    see="Voir votre rétractation",
    ack_subject="Accusé de réception : votre rétractation {number}",
    ack="Nous avons reçu votre rétractation",
    ack_intro="Nous accusons réception de votre rétractation. Vous l’avez déclarée le {moment}.",
    ack_words="Votre déclaration, mot pour mot :",
    ack_not_you="Ce n’était pas vous ? Veuillez alors répondre à ce message.",
    force_subject="Votre rétractation {number} : la suite",
    force="Votre rétractation est en vigueur",
    force_intro="Nous avons trouvé votre commande {order}. Votre rétractation porte sur :",
    force_excepted="Exclu, parce que la loi l’excepte :",
    force_unsent="Ce que nous n’avons pas encore expédié ne sera plus envoyé.",
    force_label="Le retour porte le numéro {number}. L’étiquette et les instructions arrivent dans un message séparé.",
    scope_subject="Votre rétractation {number}",
    out="Il n’y a pas de droit de rétractation ici",
    out_intro=(
        "Nous avons examiné votre déclaration. Il n’y a pas de droit de rétractation ici, pour la raison suivante :"
    ),
    out_rights=(
        "Vos autres droits, par exemple en cas de produit défectueux, restent entiers."
        " Vous n’êtes pas d’accord ? Veuillez répondre à ce message."
    ),
)
