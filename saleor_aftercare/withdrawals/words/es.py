"""Spanish."""

from typing import Final

from .base import Words

ES: Final = Words(
    language_name="Español",
    skip="Ir al contenido",
    languages="Idioma",
    back_to_shop="Volver a la tienda",
    error="Error:",
    one_problem="Hay un problema",
    problems="Hay {n} problemas",
    to_returns="A devoluciones y pedidos",
    title="Desistir de un contrato",
    lead=(
        "Los consumidores pueden desistir de un contrato en un plazo de {days} días sin indicar el motivo."
        " Verá su declaración una vez más antes de que surta efecto."
    ),
    name="Su nombre",
    name_hint="Como en el pedido.",
    contract="Número de pedido",
    contract_hint="O lo que identifique el contrato. Lo encontrará en la confirmación del pedido.",
    email="Correo electrónico",
    email_hint="Allí enviamos enseguida el acuse de recibo. Mejor el que usó en el pedido.",
    signed_in_as="El acuse de recibo se enviará a {email}.",
    scope="¿De qué desiste?",
    whole="De todo el contrato",
    some="Solo de algunos artículos",
    goods="¿De qué artículos?",
    goods_hint="Bastan el nombre y la cantidad. No hace falta ningún motivo.",
    go_on="Ver la declaración",
    which_order="¿De qué pedido se trata?",
    no_orders="No conocemos ningún pedido suyo del que pueda desistir. Aun así puede indicar uno:",
    another_order="Otro contrato",
    order="Pedido {number}",
    ordered_on="del {date}",
    declared_already="Ya declaró el desistimiento {number} para este pedido.",
    units="de {most}",
    not_before_delivery="El plazo acaba {days} días después de recibir el último artículo; aún no ha empezado.",
    until="Puede desistir hasta el {date}.",
    until_estimated="Puede desistir al menos hasta el {date}; aún no sabemos cuándo llegaron los artículos.",
    over="Según nuestros datos, el plazo acabó el {date}. Puede enviar la declaración de todos modos.",
    excepted="Sin derecho de desistimiento:",
    exceptions={
        "custom_made": "Confeccionado según sus especificaciones o claramente personalizado.",
        "perishable": "Puede deteriorarse o caducar con rapidez.",
        "digital": "Contenido digital suministrado con su consentimiento y sabiendo que perdía el derecho.",
    },
    conditions={
        "hygiene": "Solo mientras el precinto esté intacto: por razones de salud e higiene.",
        "sealed_media": "Solo mientras el precinto esté intacto: grabaciones o programas precintados.",
        "gift_card": "Solo mientras la tarjeta regalo no se haya usado.",
    },
    check="Revisar y confirmar",
    check_lead=(
        "Esta es su declaración. Surte efecto en cuanto pulse el botón de abajo; todavía no se ha enviado nada."
    ),
    statement_whole=(
        "Por la presente le comunico que desisto de todo el contrato celebrado con {shop}, número de pedido {contract}."
    ),
    statement_goods=(
        "Por la presente le comunico que desisto del contrato celebrado con {shop}, número de pedido {contract},"
        " respecto de los siguientes artículos:"
    ),
    statement_line="{quantity} × {goods}",
    statement_name="Nombre: {name}",
    statement_email="Acuse de recibo a: {email}",
    change="Cambiar algo",
    done="Hemos recibido su desistimiento",
    done_lead="Su declaración nos llegó el {moment}. El acuse de recibo va de camino a {email}.",
    done_mail=(
        "¿Ningún correo tras unos minutos? Mire en la carpeta de correo no deseado. Su declaración vale en todo caso:"
        " guarde esta página."
    ),
    number="Número",
    received="Recibida",
    contract_short="Contrato",
    next="Qué ocurre ahora",
    step_look="Buscamos su pedido y le escribimos. No tiene que justificar nada, y nadie tiene que aprobarlo.",
    step_send_back=(
        "Devuelva lo que haya recibido a más tardar el {date}. Lo que aún no esté en camino no tiene que aceptarlo."
    ),
    step_customer_pays="El coste directo de devolución corre de su cuenta, salvo que lo asumamos nosotros.",
    step_merchant_pays="El coste de devolución corre de nuestra cuenta.",
    step_refund=(
        "Reembolsamos todo lo que pagó, incluida la entrega ordinaria, a más tardar el {date}"
        " y por el mismo medio de pago que utilizó."
    ),
    step_withhold=(
        "Hasta que los artículos hayan vuelto, o usted demuestre que los envió, podemos retener el reembolso."
    ),
    address="Dirección para los artículos",
    none="Sin derecho legal de desistimiento",
    none_text=(
        "En los países en los que {shop} entrega, la ley no concede un derecho general a desistir de un"
        " pedido a distancia."
        " Rigen las normas de devolución de la tienda."
    ),
    status="Desistimiento {number}",
    state_unmatched="Recibido; buscamos su pedido",
    state_open="En vigor",
    state_settled="Concluido",
    state_out_of_scope="Sin derecho de desistimiento",
    statement="Su declaración",
    covers="Comprende",
    refund_by="Reembolso a más tardar el",
    send_back_by="Devolver antes del",
    return_page="Devolución {number}: etiqueta y estado",
    proof="He enviado los artículos",
    proof_lead="Con una prueba de envío ya no esperamos al paquete para reembolsarle.",
    proof_tracking="Número de seguimiento",
    proof_files="Resguardo del transportista",
    proof_files_hint="Una foto o un PDF, 10 MB como máximo.",
    proof_send="Enviar la prueba",
    proof_thanks="Gracias. Hemos anotado que los artículos están en camino.",
    proof_missing="Indique el número de seguimiento o añada el resguardo.",
    more="Hacer más",
    more_lead="Para obtener la etiqueta o comunicarnos el envío, confirme que es usted. Le enviamos un código.",
    sign_in="Confirmar que soy yo",
    missing_name="Indique su nombre.",
    missing_contract="Indique el número de pedido, o lo que identifique el contrato.",
    missing_email="Indique su correo electrónico.",
    bad_email="Esto no es un correo electrónico como nombre@example.com.",
    missing_goods="Indique a qué artículos se refiere.",
    missing_scope="Elija de qué desiste.",
    missing_order="Elija un pedido.",
    choose_units="Elija al menos una unidad.",
    bad_units="Elija un número de 0 a {most}.",
    too_long="{limit} caracteres como máximo.",
    no_addresses="No escriba direcciones web en este campo.",
    too_often=(
        "Han llegado tantas declaraciones desde aquí que debemos esperar un poco. Un correo a nosotros vale igual;"
        " o inténtelo de nuevo en unos minutos."
    ),
    form_too_old="Este formulario ha estado abierto mucho tiempo. Revise de nuevo su declaración.",
    try_again="Empezar de nuevo",
    greeting="Hola, {name}:",
    greeting_nobody="Hola:",
    footer="{shop} le ha enviado este mensaje porque se declaró un desistimiento con su correo electrónico.",
    instructions="Información sobre el derecho de desistimiento",
    see="Ver su desistimiento",
    ack_subject="Acuse de recibo: su desistimiento {number}",
    ack="Hemos recibido su desistimiento",
    ack_intro="Acusamos recibo de su desistimiento. Lo declaró el {moment}.",
    ack_words="Su declaración, palabra por palabra:",
    ack_not_you="¿No fue usted? Entonces responda a este mensaje.",
    force_subject="Su desistimiento {number}: qué ocurre ahora",
    force="Su desistimiento está en vigor",
    force_intro="Hemos encontrado su pedido {order}. Su desistimiento comprende:",
    force_excepted="No comprende, porque la ley lo exceptúa:",
    force_unsent="Lo que aún no hemos enviado ya no se enviará.",
    force_label="La devolución tiene el número {number}. La etiqueta y las instrucciones llegan en un mensaje aparte.",
    scope_subject="Sobre su desistimiento {number}",
    out="Aquí no hay derecho de desistimiento",
    out_intro="Hemos examinado su declaración. Aquí no hay derecho de desistimiento, por esta razón:",
    out_rights=(
        "Sus demás derechos, por ejemplo por artículos defectuosos, no se ven afectados."
        " ¿No está de acuerdo? Entonces responda a este mensaje."
    ),
)
