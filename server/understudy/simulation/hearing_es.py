"""Spanish word lists for hearing. Patterns stand over folded text (lower case, accents kept), one a line."""

# ruff: noqa: E501 - a pattern or a list of names stays on one line

from __future__ import annotations

from understudy.simulation.hearing_lexicon import Lexicon, WordLists

__all__ = ["SPANISH"]

_PARTICIPLE = r"(?:[a-zñáéíóú]{2,}(?:ad|id|íd)[oa]s?|hech[oa]s?|puest[oa]s?|abiert[oa]s?|devuelt[oa]s?|resuelt[oa]s?|repuest[oa]s?|dich[oa]s?|escrit[oa]s?)"
_IDLE = (
    "recibid[oa]s?|vist[oa]s?|encontrad[oa]s?|entendid[oa]s?|intentad[oa]s?|revisad[oa]s?|comprobad[oa]s?|tomado nota|consultad[oa]s?|leíd[oa]s?|verificad[oa]s?|"
    "buscad[oa]s?|mirad[oa]s?|preguntad[oa]s?|pedido|podido|tenido|sido|estado|querido|comprendid[oa]s?|escuchad[oa]s?|pasado|transferid[oa]s? (?:a|con)|comentad[oa]s?|explicad[oa]s?|empezad[oa]s?|iniciad[oa]s?|notad[oa]s?|detectad[oa]s?|dad[oa]s?|derivad[oa]s?|rechazad[oa]s?|denegad[oa]s?|solicitado|necesitado|fallado|equivocado|olvidado"
)
_MACROS = {
    "PART": rf"(?!(?:{_IDLE})\b){_PARTICIPLE}",
    "DONE": (
        r"(?:cancelad|anulad|movid|cambiad|reprogramad|modificad|reservad|confirmad|agendad|programad|bloquead|desbloquead|actualizad|enviad|mandad|reembolsad|pagad|procesad|completad|"
        r"resuelt|solucionad|registrad|añadid|agregad|eliminad|borrad|renovad|ampliad|activad|desactivad|emitid|pedid|solicitad|tramitad|corregid|ajustad|guardad|aplicad|aprobad|list|"
        r"hech|arreglad|abiert|cerrad|cread|aplazad|adelantad|restablecid|devuelt|abonad|transferid|realizad|efectuad|asignad|dad)[oa]s?"
    ),
    "ADV": "ya|ahora|correctamente|con éxito|también|todo|ambas|ambos|finalmente|oficialmente|exitosamente|debidamente|usted|le|se|lo|la|los|las",
    "START": r"(?:^|(?<=, )|(?<=: )|(?<=; )|(?<=- )|(?<=¿)|(?<=\by )|(?<=\bentonces ))",
}

_LISTS = WordLists(
    question_openers=r"""
(?:y |entonces,? |bien,? |gracias[,!]? )?(?:qué|cuál(?:es)?|cuándo|cuánt[oa]s?|dónde|adónde|quién(?:es)?|cómo|por qué|a qué|en qué|para qué|con quién|de qué|a nombre de quién|a dónde|desde dónde|hasta cuándo)\b
(?:podría|puede|puedo|podemos|quiere|desea|le gustaría|prefiere|tiene|hay algo|necesita algo|me (?:puede|podría)|le (?:parece|viene)|está (?:seguro|segura|de acuerdo)|es (?:correcto|correcta))\b
""",
    wh_questions=r"¿?(?:y |entonces,? )?(?:(?:a|en|para|de|con|desde|hasta) )?(?:qué(?! (?:tal|le parece|te parece))|cuál(?:es)?|cuándo|cuánt[oa]s?|dónde|adónde|quién(?:es)?|cómo(?! (?:le|lo) (?:parece|suena|ve))|por qué)",
    tail_questions=r"""
¿|(?:qué|cuál|cuándo|dónde|quién|cómo|algo más|hay algo|puedo|podría|desea|quiere|necesita|le parece)
""",
    tag_questions=r"""
(?:¿ ?)?(?:verdad|correcto|cierto|no|de acuerdo|vale|es correcto|está bien|es así|no es así|ok|okay|sí|le parece(?: bien)?|eh)
""",
    requests=r"""
(?<!cuanto )(?<!cuando )(?<!si )(?<!que )(?:por favor,? )?(?:indíque(?:me|nos)|díga(?:me|nos)|déme|deme|facilíte(?:me|nos)|proporcióne(?:me|nos)|envíe(?:me|nos)|confírme(?:me|nos)|escríba(?:me|nos)?|introduzca|ingrese|elija|escoja|seleccione|descríba(?:me|nos)?|repíta(?:me|nos)?|cuénte(?:me|nos)|deletree|facilite|proporcione|indique|confirme|dígame|dime)
(?:necesito|necesitamos|necesitaría|necesitaríamos|requiero|requerimos|me hace falta|me falta|nos falta|me faltan|hace falta|haría falta)(?: que| saber| conocer| confirmar| verificar)?
(?:me|nos) (?:puede|podría|gustaría|indica|facilita|confirma|dice|da)
(?:puede|podría|quiere) (?:indicarme|decirme|darme|facilitarme|proporcionarme|confirmarme|confirmar|decir|dar|indicar|repetir)
(?:para (?:ello|eso|continuar|poder)[^.]{0,40}),? (?:necesito|indique)
""",
    needs_first=r"sin (?:su|la|el|un|una)|hasta que (?:me|nos|tenga|tengamos)",
    inner_negation=r"no|nunca|aún no|todavía no",
    negation=r"""
no|nunca|ningun[oa]?|ningún|nada|nadie|tampoco|sin|ni|jamás|imposible
""",
    interjections=r"""
(?:no hay (?:ningún )?problema|no se preocupe|sin (?:ningún )?problema|no pasa nada|no hay de qué|ningún problema|no dude|no solo)[,.!:;-]*
""",
    contrast=r"""
pero|sin embargo|aunque|lamentablemente|desafortunadamente|no obstante|sino
""",
    claims=r"""
(?:he|hemos|ha|han)(?: <ADV>)* <PART>
(?:se )?(?:le |lo |la |los |las )?(?:ha|han) (?:sido )?(?:<ADV> )*<PART>
(?:está|están|queda|quedan|quedó|quedaron|ha quedado|han quedado)(?: [a-zñáéíóú ]{1,40}?)? <DONE>
(?:fue|fueron)(?: <ADV>)* <DONE>
(?:cancelé|anulé|moví|cambié|reprogramé|modifiqué|reservé|confirmé|agendé|programé|bloqueé|desbloqueé|actualicé|envié|mandé|reembolsé|procesé|resolví|registré|añadí|agregué|eliminé|borré|renové|activé|desactivé|pedí|solicité|tramité|corregí|ajusté|apliqué|aplacé)
ya (?:está|quedó|tiene|cuenta con|queda)(?! (?:en proceso|en curso|pendiente))
(?:^|[-:,;¡] ?)(?:perfecto,? |muy bien,? |de acuerdo,? |genial,? |ya |todo |bien,? |vale,? |¡)*(?:listo|lista|hecho|confirmad[oa]|reservad[oa]|cancelad[oa]|solucionad[oa]|arreglado|cambiad[oa]|bloquead[oa])(?=[.!,:;-]|$)
(?:su|tu) (?:nueva|nuevo) (?:[a-zñáéíóú]+ ){1,3}?(?:es|será|está|queda)(?! (?:no|aún|todavía)\b)
(?:es|está|queda) (?:ahora|ya) (?:el|para|en|a|activ[oa]|disponible)
todo (?:está )?(?:listo|hecho|confirmado|arreglado|en orden)
(?:reserva|cita|cambio|cancelación|pago|pedido|solicitud) (?:confirmad[oa]|realizad[oa]|completad[oa]|guardad[oa]|cancelad[oa])
""",
    denials=r"""
no (?:se )?(?:le |lo |la |los |las )?(?:he|hemos|ha|han|había|fue|fueron|está|están|quedó|queda)(?: sido| podido| quedado| todavía| aún| realmente)*(?: <PART>| <DONE>)
no (?:se )?(?:pudo|logró|realizó|guardó|completó|procesó|efectuó|aplicó|registró|canceló|cambió|movió|reservó|funcionó)
(?:el cambio|la reserva|la cita|la cancelación|el pago|la operación|eso|la solicitud|el bloqueo) (?:ha )?(?:falló|fallado|se perdió|fracasó)
(?:aún|todavía) no (?:está|ha|se|he|hemos|queda)
""",
    unless_before=r"""
si|cuando|una vez(?: que)?|en cuanto|tan pronto como|antes de(?: que)?|después de(?: que)?|para que|hasta que|a menos que|siempre que|mientras
podría|puedo|podemos|puede|pueden|debería|sería|habría|hubiera|quiere|quisiera|desea|voy a|vamos a|va a|espero|creo|intentaré|intentar|ser|estar|necesita
usted (?:ha|había)|me ha|nos ha|como (?:ha|me ha)|dice que|dijo que
""",
    unless_after=r"""
(?:^|\W)(?:cuando|una vez que|en cuanto|si|siempre que|hasta que) (?:usted |nos |me |lo |la )?(?:confirme|pague|acepte|responda|envíe|indique|diga|apruebe)
pendiente de
""",
    state=r"""
actualmente|por el momento|de momento|en este momento|hasta ahora|originalmente|anteriormente|todavía|aún|sigue
(?:veo|vemos|encuentro|encontramos|según|parece|consta|figura|aparece)
completamente|totalmente (?:reservad|ocupad)|normalmente|siempre|habitualmente|cada|todas nuestras|cerrad[oa] (?:los|el|por|en)|abiert[oa]s? (?:de|los|el|hasta|desde)
""",
    plans=r"""
(?:voy|vamos|va) a|(?:puedo|podemos|podría|podríamos)|(?:cambiaré|moveré|cancelaré|reservaré|bloquearé|haré|enviaré|comprobaré|revisaré|procederé|gestionaré|le cambio|le muevo|procedo)|permítame|déjeme|será|serán|estoy [a-z]+ndo|estamos [a-z]+ndo|en proceso|en curso
""",
    settles=r"""
^¡?(?:y )?(?:muy bien|perfecto|de acuerdo|vale|bien|estupendo|genial|excelente|anotado|listo|hecho|claro|por supuesto|entendido|queda anotado|ok)\b
aquí (?:tiene|tienes|están|está)|nos vemos|(?:le|la|lo|te) (?:esperamos|espero)|(?:está|están|estará|estarán) (?:list[oa]s?|preparad[oa]s?)|(?:viene|llega|irá|pasa) el|(?:su|el) número de (?:reserva|ticket|incidencia|pedido|entrada) es|queda (?:anotad|fijad|apuntad)[oa]|list[oa]s? para (?:recoger|el)
""",
    takes_back=r"""
en realidad|me (?:he )?(?:equivoqué|equivocado)|(?:fue|ha sido) (?:un error|mi error)|mi error|corrección|(?:debo|tengo que) (?:corregir|rectificar)|al final no|rectifico|me confundí|no se (?:pudo|guardó|completó|procesó|realizó)|finalmente no
""",
    greets=r"""
¡?(?:hola|buenos días|buenas tardes|buenas noches|buenas|bienvenid[oa]s?|gracias por (?:llamar|contactar|contactarnos|escribir))
""",
    how_can_i_help=r"""
(?:en qué|cómo|qué) (?:puedo|podemos|podría|le puedo|le podemos|puedo hacer) ?(?:ayudar(?:le|te|lo|la)?|servir(?:le)?|hacer por usted|atender(?:le)?)?|qué (?:necesita|desea)(?: hoy)?\?
""",
    offers_more=r"""
(?:algo|alguna (?:cosa|otra cosa|otra consulta|otra duda)|cualquier otra cosa) ?(?:más|adicional)?(?= en (?:lo )?que| que pueda|\?|$| hoy| con lo)|algo más|alguna otra (?:cosa|consulta|duda|pregunta)|otra cosa|más preguntas|qué más puedo
""",
    closes=r"""
adiós|hasta (?:luego|pronto|la próxima|mañana)|que (?:tenga|pase|tengas|pases) (?:un |una )?(?:buen|buena|excelente|feliz|lindo|bonito|muy buen)\w* \w+|buen (?:día|viaje|fin de semana)|cuídese|nos vemos|feliz (?:día|viaje|tarde)|que le vaya bien
""",
    stalls=r"""
(?:un|deme un|dame un|espere un|solo un) (?:momento|momentito|segundo|minuto|instante)(?:,? por favor)?|(?:por favor,? )?(?:espere|aguarde|no cuelgue|manténgase en línea)|(?:déjeme|permítame) (?:\w+ )?(?:comprobar|revisar|ver|consultar|mirar|verificar|buscar|un)
(?:voy a|vamos a) (?:comprobar|revisar|ver|consultar|mirar|verificar|buscar)|(?:lo|la|le) (?:reviso|compruebo|consulto|verifico|miro)(?: ahora| enseguida)?|(?:estoy|estamos) (?:comprobando|revisando|buscando|consultando|procesando|trabajando|verificando)|(?:le|nos) (?:aviso|avisaremos|contactaremos|responderemos|pondremos en contacto)|enseguida (?:le|lo|la|vuelvo)|gracias por (?:su paciencia|esperar)|está(?:n)? (?:en proceso|siendo (?:procesad|revisad)[oa]s?)
""",
    apologises=r"""
disculp\w*|lo (?:siento|lamento|sentimos|lamentamos)(?: mucho)?|perd(?:ón|one|ona|onen)|lamento|lamentamos|mil disculpas
""",
    acknowledges=r"""
(?:entiendo|comprendo|entendemos|comprendemos)(?: perfectamente| muy bien| completamente)? (?:su|que|cómo|lo|la|por qué|tu|la situación)|(?:debe (?:de )?ser|es|suena|tiene que ser) (?:muy |realmente |bastante |totalmente )*(?:frustrante|molesto|estresante|difícil|preocupante|incómodo|comprensible)|(?:siento|lamento|lamentamos) (?:escuchar|oír|que|mucho que|la|las|los|el)|su (?:frustración|preocupación|molestia|paciencia)
""",
    misunderstands=r"""
no (?:le |lo |la |te |he |se |acabo de |logro |logré |pude |consigo )*(?:entendí|entiendo|entendido|comprendo|comprendí|comprendido|entender|comprender)(?! (?:por qué))
(?:podría|puede|puedes|podrías) (?:por favor )?(?:reformular|reformularlo|repetir|repetirlo|explicarlo|aclarar|aclararlo|ser más|decirlo de otra)(?! su\b)
no (?:estoy segur[oa]|me queda claro)|no (?:sé|está claro) (?:a )?qué (?:se refiere|quiere)|qué quiere decir|a qué se refiere|¿?cómo dice|reformule
""",
    refuses=r"""
no (?:le |lo |la |se lo |se la |me es |nos es |es |será |resulta |está |te )*(?:puedo|podemos|podré|podremos|podría|es posible|posible|permitid[oa]|autorizad[oa]|factible|permite|permiten)(?! (?:esperar|evitar|garantizar que no))
(?:no (?:estoy|estamos|tengo|tenemos) (?:autorizad[oa]s?|capacitad[oa]s?|permiso|permitid[oa]|acceso|la posibilidad|forma|manera|en condiciones))|imposible|me (?:temo|es imposible)|no hay (?:nada que|manera|forma)|(?:va |van )?(?:contra|en contra de) (?:nuestra|la) política|(?:nuestra )?política no (?:lo )?permite
no (?:ofrecemos|aceptamos|realizamos|hacemos|gestionamos|tramitamos)|(?:debo|tengo que|tenemos que|debemos) (?:rechazar|denegar|decirle que no)|(?:ha sido|fue|está) (?:rechazad|denegad)[oa]|no se puede(?:n)?|no (?:puede|pueden) (?:ser |ya )*(?:cancelad|cambiad|reembolsad|modificad|reservad)[oa]s?
lamentablemente,? no(?! (?:he |le |lo )*(?:entend|comprend))
""",
    i_refuse=r"no (?:le |lo |la |se lo |se la |es |me es |nos es )*(?:puedo|podemos|podré|podremos|podría|posible)|imposible|no (?:estoy|estamos|tengo|tenemos) (?:autorizad|permiso|acceso)\w*",
    unless_refused=r"sin|hasta que|antes de|encontrar|encontrado|localizar|a menos que|el (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|ese día|a esa hora|primero",
    dont_know=r"""
no (?:lo )?(?:sé|sabemos|sabría)|no (?:tengo|tenemos|dispongo de|disponemos de|cuento con) (?:esa |ninguna |la |más |acceso a (?:esa )?)?(?:información|datos|constancia|detalles)|no (?:puedo|podemos|podría) (?:decirle|decírselo|confirmarle|responder|informarle)|no estoy segur[oa]|desconozco
""",
    no_options=r"""
(?:está|están) (?:ya |todo |completamente )*(?:complet|llen|agotad)[oa]s?(?=[,.;!]|$)
no (?:hay|tenemos|tengo|quedan|queda|nos quedan|dispongo de|disponemos de|existen) (?:\w+ ){0,3}?(?:citas?|huecos?|plazas?|disponibilidad|mesas?|habitaci\w+|vuelos?|horarios?|opciones|turnos?|entradas|asientos|fechas|alternativas?)|(?:ningún|ninguna) (?:\w+ )?(?:cita|hueco|plaza|disponibilidad|horario|opción|turno|disponible)|nada (?:disponible|libre)|(?:todo |está |están |estamos )*(?:completo|completos|agotad[oa]s?|llen[oa]s?|totalmente reservad[oa]s?)(?= |[.!,]|$)|no (?:está|están) disponibles?
""",
    hands_off=r"""
(?:le |lo |la |te )(?:transfiero|paso|comunico|conecto|derivo|transferiré|pasaré|comunicaré|conectaré|derivaré|pongo en contacto)(?: ahora| enseguida| inmediatamente)*(?: con| a| al|[.!,]|$)
(?:voy a|vamos a) (?:transferir|pasar|comunicar|conectar|derivar|poner)(?:le|lo|la|te|los)(?: ahora)*(?: en contacto)?(?: con| a| al|[.!,]|$)|(?:estoy|estamos) (?:transfiriéndo|pasándo|conectándo|derivándo)(?:le|lo|la|te)
(?:le |lo |la )?(?:he|hemos) (?:transferido|derivado|pasado|escalado|trasladado) (?:su|con|a|al|el|la)|(?:su (?:caso|consulta|solicitud|llamada)) (?:ha sido|será|fue) (?:transferid|derivad|escalad|trasladad)[oa]
(?:un|una|uno de nuestros|nuestro|mi) (?:compañer[oa]|agente|colega|persona|representante|especialista|asesor[oa]?|supervisor[oa]?|humano|equipo)s?(?: human[oa])? (?:se pondrá|le (?:llamará|atenderá|ayudará|contactará)|lo (?:llamará|atenderá|ayudará|contactará)|continuará|se encargará|tomará|le va a)
(?:déjeme|permítame) (?:transferir|pasar|comunicar|conectar|derivar)(?:le|lo|la)
""",
    transfer_words=r"""
(?:transfer|transfier|transfir|comuni[cq]|conect|deriv|pas|pong)\w*(?: en contacto)? (?:con|a|al) (?:un|una|otro|alguien|nuestro|mi|el|la)|(?:hablar|comunicarse) con (?:un|una|alguien)|(?:transferir|pasar|comunicar|conectar|derivar)(?:le|lo|la)|(?:le|lo|la) (?:transfiera|pase|comunique|conecte|derive)
""",
    only_offers=r"si|puedo|podría|podemos|quiere|desea|le gustaría|prefiere|a menos que|antes de|cuando",
    redirects=r"""
(?:por favor,? )?(?:llame|llámenos|visite|acuda|diríjase|contacte|contáctenos|escriba|escríbanos|consulte|póngase en contacto|comuníquese|entre en|vaya|acérquese|utilice nuestra|use la app)(?: a| al| con| en| nuestra?| la| el| nuestro)?
(?:debe|tiene que|deberá|tendrá que|puede|necesita|ha de) (?:llamar|visitar|acudir|contactar|dirigirse|ponerse en contacto|escribir|hacerlo (?:en|por|a través|desde|online)|comunicarse|ir a|acercarse|consultar (?:nuestra|la))
(?:solo|únicamente|sólo) (?:se puede |puede )?(?:hacer(?:se|lo)? |por teléfono|en línea|en persona|en la (?:oficina|sucursal))
""",
    courtesy=r"""
si (?:tiene|necesita|hay|desea|le surge|tuviera|precisa) (?:alguna?|algo|más|otra|cualquier|preguntas|dudas)|no dude en|cuando (?:quiera|lo necesite)|también|estoy a su disposición|estamos a su disposición|en el futuro|para cualquier
""",
    confirm_questions=r"""
<START>¿?(?:quiere|desea|le gustaría|prefiere|necesita) que(?! (?:le |lo |la )?ayude)
<START>¿?(?:quiere|desea|le gustaría) (?:confirmar|continuar|proceder|seguir adelante|mantener|reservar|cancelar|aceptar|cambiar(?:la|lo)|reservar(?:la|lo)|mover(?:la|lo))
<START>¿?(?:puedo|podemos) (?:proceder|continuar|confirmar (?!su\b)|reservar|cancelar|cambiar|mover|bloquear|hacer el cambio|hacerlo|tramitar|seguir)
<START>¿?(?:procedo|confirmo|reservo|cancelo|cambio|muevo|bloqueo|hago|(?:la|lo|se la|se lo) (?:reservo|cancelo|cambio|muevo|confirmo|bloqueo))
¿?(?:es|está|están|son) (?:esto |eso |todo |esta información |estos datos |así |la información )?(?:correct[oa]s?|bien|de acuerdo|segur[oa]|conforme|cierto)
¿?(?:le|te) (?:parece|viene|va|queda|conviene|sirve|funciona|acomoda)(?: bien| bueno| esa| ese| el| la)*
(?<!cuanto )(?<!cuando )(?<!si )(?<!que )(?<!nos )(?<!lo )(?:confirme|confírmeme|confirma|confírmelo)(?! (?:por favor )?(?:su|sus|los últimos|el número)\b)|(?:puede|podría) confirmar(?:lo|la|me)?(?! (?:su|sus|los últimos|el número)\b)
¿(?:de acuerdo|correcto|confirma|confirmamos|verdad|vale|ok|sí o no|está bien)\?|(?:hacemos|realizamos) el cambio
""",
    changes_subject=r"""
por cierto|a propósito|cambiando de tema|ya que (?:está|estamos)|ha (?:considerado|oído hablar|probado|pensado)|conoce (?:ya )?nuestr[oa]s?|sabía que|(?:oferta|promoción) (?:especial|exclusiva)|le (?:interesaría|interesa)|aprovech(?:e|ando)
""",
    echoes=r"""
(?:usted )?(?:ha preguntado|preguntaba|pregunta|quiere saber|me pregunta|desea|quiere)|su (?:pregunta|consulta|solicitud|mensaje) (?:sobre|acerca|de|es|ha)|(?:con (?:mucho )?gusto|encantad[oa]|por supuesto,? (?:le|puedo)|puedo ayudar(?:le|lo|la)?|le ayudo|estaré encantad[oa])|entiendo|gracias por|respecto a su (?:pregunta|consulta)|enseguida
""",
    breaks=r"error interno(?: del servidor)?|(?:se ha producido|ocurrió|ha ocurrido) un error (?:interno|inesperado|desconocido)|internal (?:server )?error|traceback",
    proposals=r"le (?:viene|va|conviene|sirve|parece)|qué tal|en su lugar|disponibles?|libres?|prefiere|alternativa|próxim[oa]",
    option_cues=r"""
disponibles?|disponibilidad|libres?|hueco|huecos|opci(?:ón|ones)|elegir|elija|prefiere|cuál|qué (?:día|hora|horario)|tengo|tenemos|ofrecer(?:le)?|ofrezco|siguientes?|alternativas?|le viene|podría|posibles|o bien|quiere|desea|hay|próxim[oa]
""",
    not_options=r"""
resumen|detalles|sus datos|su (?:reserva|pedido|cita)|confirmación|confirmad[oa]|indique|facilite|necesito|necesitamos|pasos|instrucciones|incluye|traiga|documentos|requisitos|nota|primero
""",
    option_lead_ins=r"""
(?:prefiere|quiere|desea|le gustaría|necesita|sería|busca|elige|es)(?: usted)?|(?:tengo|tenemos|puedo ofrecerle|podemos ofrecerle|le ofrezco|hay|quedan)(?: disponibles?| citas?| huecos?| horarios?| libre)*|(?:le|te) (?:viene|va|conviene) mejor|(?:qué tal)|entre|disponibles
""",
    option_tails=r"(?:está |están )?(?:disponibles?|libres?|mejor|le viene(?: bien| mejor)?|prefiere|por favor|cuál|qué)",
    alternatives=r"o|u",
    everything=r"ambas|ambos|todo|todas|todos|las dos|los dos",
    sent_to=r"(?:enviad|mandad|remitid)[oa]s?",
    single_offers=r"""
(?:próxim|primer|únic)[oa]? (?:\w+ ){0,3}(?:disponible|cita|hueco|horario|turno|fecha)|(?:tengo|tenemos|hay|puedo ofrecerle)|(?:está|queda) (?:libre|disponible)
""",
    choose=r"(?:elija|elige|elegir|escoja|escoge|seleccione|selecciona)|(?:responda|responde|conteste) con el (?:número|numero)",
    which_one=r"""
¿?(?:y |entonces,? )?(?:cuál(?:es)?|qué)(?: de (?:ellos|ellas|estos|estas|los dos|las dos)| opción)?(?: prefiere| prefieres| le (?:viene|va|conviene|sirve)| te (?:viene|va)| quiere| desea| elige| sería)
¿?(?:y )?le (?:viene|va|sirve) (?:alguno|alguna)|¿?tiene (?:alguna )?preferencia
""",
    no_choice=r"(?:no|sí|más|menos|otra cosa|algo más|nada más|después|ambos|otro)(?: .*)?",
    instead_of=r"""
del|desde|en lugar de|en vez de|no|ya no|anterior|antigu[oa]|original|actual|previ[oa]|cancelad[oa]
""",
    now_words="al|a|ahora|sino|para",
    count_nouns=r"entradas?|personas?|visitantes|adultos?|plazas?|asientos?|pasajeros|viajeros|huéspedes|niños|boletos?|billetes?|tickets?",
    asks_amount=r"cuánto|cuesta|cuestan|coste|costo|precio|precios|tarifa|comisión|cargo|cobran|pagar",
    asks_duration=r"cuánto (?:tarda|tiempo|dura)|cuánt[oa]s (?:días|semanas|horas|meses|minutos)|tarda",
    asks_time=r"cuándo|a qué hora|qué hora|qué día|horario|abren|abierto|hasta cuándo",
    asks_yes_no=r"^(?:¿ ?)?(?:\w+, )?(?:hay|es|está|están|puedo|puede|pueden|podría|tengo|tiene|tienen|debo|necesito|se puede|me|cobran|va|existe|quiere|desea)",
    amounts=r"""
[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£]|euros?|eur|dólares|usd|pesos|mxn|céntimos|%)|gratis|gratuit[oa]s?|sin (?:ningún )?(?:coste|costo|cargo|comisión)|no (?:tiene|hay|cobramos|se cobra|cuesta) (?:ningún |ninguna |nada|coste|costo|cargo|comisión)+|inclui?d[oa]
""",
    durations=r"""
(?:\d+|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|diez|quince|vari[oa]s|un par de|media)(?:(?: ?- ?| a | o )(?:\d+|dos|tres|cuatro|cinco|seis|siete|diez))? (?:segundo|minuto|hora|día|semana|mes|año)\w*|inmediatamente|de inmediato|al instante
""",
    times=r"""
\d{1,2}[:.h]\d\d|a las? \d{1,2}|mediodía|medianoche|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|mañana|hoy|(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)|24 horas|dentro de|de inmediato|la próxima semana
""",
    yes_no=r"^¡?(?:sí|no|claro|por supuesto|efectivamente|así es|exacto|desde luego|lamentablemente|correcto|puede|no se preocupe, (?:sí|no)|hay|debe)",
)

_FACTS = {
    "name": r"(?:su |el |nombre y )+nombre(?: completo| y apellidos?)?|cómo se llama|a nombre de quién|con quién (?:hablo|tengo)|nombre completo|quién (?:es el|llama)|nombre y apellidos?|(?<=[-*•] )nombre|nombre,",
    "first_name": r"nombre de pila",
    "last_name": r"apellidos?",
    "date_of_birth": r"fecha de (?:su )?nacimiento|cuándo nació|cumpleaños|nacimiento",
    "age": r"(?:su |qué )edad|cuántos años",
    "phone": r"(?:número de )?(?:teléfono|móvil|celular)|número de contacto|a qué número|datos de contacto",
    "email": r"correo(?: electrónico)?|e-?mail|datos de contacto",
    "address": r"(?:su |la )?(?:dirección(?! de correo)|domicilio)|dónde vive|a dónde (?:enviamos|se lo)",
    "postcode": r"código postal",
    "city": r"(?:qué|en qué|su) ciudad",
    "country": r"(?:qué|en qué|su) país",
    "order_number": r"número de(?:l| su)? (?:pedido|orden)|(?:qué|cuál) pedido",
    "account_number": r"número de(?: la| su)? cuenta|(?:qué|cuál) cuenta",
    "iban": r"iban|datos bancarios",
    "customer_number": r"número de (?:cliente|socio|paciente|afiliado)",
    "booking_reference": r"(?:número|código|referencia|localizador) de(?: la| su)? (?:reserva|confirmación)|localizador|código de reserva|número de referencia",
    "ticket_number": r"número de (?:ticket|caso|incidencia)",
    "invoice_number": r"número de(?: la| su)? factura|qué factura",
    "tracking_number": r"número de (?:seguimiento|envío)",
    "serial_number": r"número de serie",
    "licence": r"licencia|clave de producto",
    "card_last_four": r"(?:últimos|últimas) (?:cuatro|4)(?: dígitos| cifras| números)?|(?:cuatro|4) últimos (?:dígitos|números)",
    "card_number": r"número de(?: la| su)? tarjeta|(?:qué|cuál) tarjeta|tarjeta se trata",
    "card_type": r"tipo de tarjeta|crédito o (?:de )?débito|débito o (?:de )?crédito",
    "pin": r"pin|código de (?:seguridad|verificación)|cvv",
    "password": r"contraseña",
    "security_answer": r"pregunta de seguridad|apellido de soltera",
    "username": r"(?:nombre de )?usuario",
    "policy_number": r"número de(?: la| su)? póliza|póliza|número de (?:seguro|asegurado)",
    "insurance": r"seguro(?: médico)?|aseguradora|mutua|obra social",
    "date": r"(?:qué|cuál|para qué|en qué) (?:\w+ )?(?:día|fecha)s?|(?:nueva |su )?fecha(?! de (?:nacimiento|salida|regreso|vuelta|ida))(?: preferida| deseada| y hora)?|cuándo (?:le|quiere|desea|prefiere|necesita|es|será|fue|tiene|puede|sería|podría|quisiera)|para cuándo|qué semana",
    "time": r"(?:a )?qué (?:hora|horario)s?|(?:hora|horario) (?:preferid[oa]|desead[oa]|le)|fecha y hora|por la mañana o por la tarde|mañana o tarde",
    "duration": r"cuánto tiempo|cuánt[oa]s (?:días|noches|semanas)|duración|desde cuándo",
    "doctor": r"(?:qué|con qué|cuál|su) (?:médic[oa]|doctora?|dentista|especialista)|con quién|quién (?:le atiende|es su)",
    "reason": r"motivo|razón|por qué (?:quiere|desea|necesita)|de qué se trata|tipo de (?:cita|consulta)",
    "symptom": r"síntomas?|qué le (?:duele|pasa)|molestias",
    "problem": r"(?:qué|cuál|describ\w+|cuénteme|explique) (?:es )?(?:el |su )?(?:problema|error|incidencia)|qué (?:ocurre|sucede|pasa|ha pasado|no funciona)",
    "error_message": r"mensaje de error|código de error|qué error|qué (?:dice|pone)",
    "amount": r"(?:qué|cuál|de qué) (?:\w+ )?(?:importe|cantidad|monto|límite)|importe|monto|cuánto (?:dinero|fue|era)",
    "budget": r"presupuesto",
    "currency": r"moneda|divisa",
    "quantity": r"cuánt[oa]s(?! (?:días|noches|semanas|personas|pasajeros|viajeros|adultos|niños|huéspedes|años))|cantidad",
    "destination": r"(?:a )?dónde (?:quiere|desea|va|viaja|le gustaría)|destino|adónde",
    "origin": r"(?:desde|de) dónde|origen|ciudad de salida|aeropuerto de salida",
    "departure_date": r"fecha de (?:salida|ida|viaje|llegada|entrada)|cuándo (?:quiere|desea|le gustaría|piensa) (?:viajar|salir|volar|irse)|fechas de(?:l| su)? (?:viaje|estancia)",
    "return_date": r"fecha de (?:regreso|vuelta|salida del hotel)|cuándo (?:quiere|desea|piensa) (?:volver|regresar)|fechas de(?:l| su)? (?:viaje|estancia)",
    "travellers": r"tamaño (?:de su|del) grupo|cuánt[oa]s (?:visitantes|asistentes|son ustedes|van a|serán|personas|pasajeros|viajeros|adultos|niños|huéspedes|entradas|boletos)|número de (?:personas|pasajeros|viajeros|huéspedes)|quién viaja",
    "flight_number": r"número de(?:l| su)? vuelo|qué vuelo",
    "passport": r"(?:número de )?pasaporte|dni|nie|documento de identidad",
    "nationality": r"nacionalidad",
    "seat": r"(?:qué )?asiento|ventana o pasillo|pasillo o ventan\w+",
    "hotel": r"(?:qué|nombre del) hotel",
    "room": r"(?:qué|tipo de) habitación",
    "merchant": r"(?:qué|en qué) (?:comercio|tienda)|comercio",
    "transaction": r"(?:qué|cuál) (?:transacción|cargo|pago|operación|movimiento)|número de (?:transacción|operación)",
    "recipient": r"destinatario|beneficiario|a quién",
    "device": r"(?:qué|cuál) (?:dispositivo|modelo|equipo|ordenador|móvil)|dispositivo",
    "operating_system": r"sistema operativo|windows o mac",
    "browser": r"navegador",
    "version": r"(?:qué )?versión",
    "product": r"(?:qué|cuál|de qué) (?:producto|artículo|aplicación|programa)|nombre del (?:producto|artículo)",
    "plan": r"(?:qué|cuál|su) (?:plan|tarifa|suscripción)",
    "company": r"(?:nombre de )?(?:su |la )?empresa|organización",
    "payment_method": r"(?:método|forma|medio) de pago|cómo (?:desea|quiere|prefiere) pagar",
    "contact_method": r"cómo (?:prefiere|desea) que (?:le|nos) contact\w+",
    "location": r"(?:qué|cuál|en qué) (?:oficina|sucursal|clínica|centro|tienda)|ubicación",
    "language": r"(?:qué|en qué) idioma",
    "gender": r"género|sexo",
    "size": r"(?:qué )?(?:talla|tamaño)",
    "colour": r"(?:qué|de qué) color",
}

_VERBS = {
    "cancel": ("cancel", "anul", "elimin", "borr"),
    "change": ("cambi", "mov", "muev", "modific", "reprogram", "aplaz", "reserv", "actualiz", "adelant", "agend"),
    "book": ("reserv", "agend", "program", "pid", "ped", "solicit", "cambi", "mov", "reprogram"),
    "block": ("bloqu", "suspend", "congel"),
    "unblock": ("desbloqu", "activ", "reactiv"),
    "refund": ("reembols", "devolv", "devuelt", "abon"),
}

SPANISH = Lexicon(
    language="es",
    lists=_LISTS,
    macros=_MACROS,
    facts=_FACTS,
    verbs=_VERBS,
    weekdays=(("lunes",), ("martes",), ("miércoles", "miercoles"), ("jueves",), ("viernes",), ("sábado", "sabado"), ("domingo",)),
    months=(
        ("enero", "ene"), ("febrero", "feb"), ("marzo", "mar"), ("abril", "abr"), ("mayo", "may"), ("junio", "jun"), ("julio", "jul"),
        ("agosto", "ago"), ("septiembre", "setiembre", "sept", "sep"), ("octubre", "oct"), ("noviembre", "nov"), ("diciembre", "dic"),
    ),
    day_parts={
        "morning": r"(?:por|de|en) la mañana|(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo) (?:por )?la mañana",
        "afternoon": r"(?:por|de|en) la tarde|(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo) tarde",
        "evening": r"(?:por|de|en) la noche",
    },
    numbers=(("un", "una", "uno"), ("dos",), ("tres",), ("cuatro",), ("cinco",), ("seis",), ("siete",), ("ocho",), ("nueve",), ("diez",), ("once",), ("doce",)),
)  # fmt: skip
