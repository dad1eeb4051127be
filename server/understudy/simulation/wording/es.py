"""Phrase bank: Spanish. One phrase a row; `(a|b|)` are alternatives; no numbers, dates or names of its own."""

# ruff: noqa: E501
# A row is one family of phrases; wrapping rows would hide which alternatives belong together.
from __future__ import annotations

from typing import Final

from understudy.simulation.wording.bank import Cell, Words, lines, word_set

__all__ = ["ACTS", "WORDS"]

_OPENING: dict[str, Cell] = {
    "greet": {
        "formal": lines("""
            (Buenos días|Buenas tardes|Buenas noches|Muy buenos días|Estimados señores|Estimado equipo).
            (Buenos días|Buenas tardes), (espero que se encuentren bien|gracias por atenderme|espero estar en el lugar correcto)."""),
        "neutral": lines("""
            (Hola|Buenos días|Buenas tardes|Hola, buenas|Hola, buenos días|Buenas)(.|,)
            (Hola|Buenas), (espero que me puedan ayudar|espero que sea aquí|no sé si es el lugar indicado)."""),
        "casual": lines("""
            (Hola|Buenas|Holaa|Hey|Hola hola|Hola, qué tal)(!|,|)
            (Hola|Buenas), (hay alguien|alguien por ahí)?
            (Hola|Hey), (a ver si me echas una mano|espero que estés bien)."""),
        "slang": lines("""
            (ey|buenas|holaa|hey|wenas|q tal|hola q tal)(,|!|)
            (ey|hola) (hay alguien|alguien)?"""),
    },
    "greet_company": {
        "formal": lines(
            "(Buenos días|Buenas tardes), ¿(hablo con|me comunico con|es esto) {company}?\n(Buenos días|Buenas tardes), {company}."
        ),
        "neutral": lines("(Hola|Buenas), ¿(es|hablo con|estoy en contacto con) {company}?\nHola, {company}."),
        "casual": lines("(Hola|Buenas), ¿(esto es|es) {company}(, no|)?\n(Hola|Hey) {company}!"),
        "slang": lines("(ey|buenas) (esto es|es) {company}(, no|)?\n(ey|hola) {company}"),
    },
    "sign_on": {
        "formal": lines("(Mi nombre es|Me llamo|Le escribe) {me}."),
        "neutral": lines("(Soy|Me llamo|Mi nombre es|Le habla) {me}."),
        "casual": lines("(Soy|Aquí|Me llamo) {first}."),
        "slang": lines("(soy|aki) {first}"),
    },
    "open_lead": {
        "formal": lines(
            "(Me dirijo a ustedes por lo siguiente|Quisiera hacerle una consulta|Se trata de lo siguiente|Permítame exponerle mi caso|Desearía plantearle algo|Si me permite):"
        ),
        "neutral": lines("""
            (Es por lo siguiente|Tengo una consulta|Le cuento|Mi problema es este|Quería preguntar una cosa|Necesito ayuda con algo|La cosa es así|Una pregunta|Verá):
            (No sé si es aquí|No sé con quién tengo que hablar), pero:"""),
        "casual": lines("""
            (A ver|Mira|Te cuento|Una cosita|Una pregunta rápida|La cosa es esta|Pues|Resulta que es esto|Es que):
            (No sé si es aquí|No sé si lo llevas tú), pero:"""),
        "slang": lines("(a ver|mira|te cuento|una cosa|pues|es q|rapidito):"),
    },
    "hint": {
        "formal": lines(
            "(Me comunico por|Le escribo en relación con|Tengo una consulta sobre|Es en relación con|Se trata de) {topic}.\nHay un asunto con {topic} que quisiera aclarar."
        ),
        "neutral": lines(
            "(Es por|Tengo una duda con|Necesito ayuda con|Es sobre|Es algo de|Escribo por) {topic}.\n¿(Me puede ayudar con|Puede mirar lo de|Me ayudan con) {topic}?"
        ),
        "casual": lines(
            "(Es por|Tengo una duda con|Necesito ayuda con|Es lo de|Es algo con) {topic}.\n¿(Me ayudas con|Me miras lo de|Puedes mirar) {topic}?"
        ),
        "slang": lines("(es por|es algo con|necesito ayuda con|es lo de) {topic}\n(me ayudas con|me miras) {topic}?"),
    },
    "hint_blank": {
        "formal": lines(
            "(Tengo un asunto que resolver|Necesitaría su ayuda|Quisiera aclarar algo), (si es tan amable|aunque no es fácil de explicar)."
        ),
        "neutral": lines(
            "(Tengo un problema|Necesito ayuda|Tengo una duda|Necesito resolver algo|No sé cómo seguir)(.|, es un poco complicado.|, no sé bien cómo explicarlo.)\n¿(Me puede ayudar con algo|Le puedo preguntar algo|Me puede mirar una cosa)?"
        ),
        "casual": lines(
            "(Tengo un problemilla|Necesito ayuda|Tengo una duda|Hay algo que no me sale|Necesito arreglar algo)(.|...|, es un poco lío.)\n¿(Me ayudas con algo|Te puedo preguntar algo)?"
        ),
        "slang": lines("(tengo un lio|necesito ayuda|una duda|tengo q arreglar algo)(.|...)\n(me ayudas|te pregunto algo)?"),
    },
    "elaborate": {
        "formal": lines("(Para más precisión|Me explico mejor|Más exactamente|Quiero decir lo siguiente):"),
        "neutral": lines("(Me explico|Quiero decir|Más en concreto|En concreto|Lo que pasa es esto|Es decir):"),
        "casual": lines("(O sea|A ver, me explico|En concreto|Bueno|Lo que pasa es esto|Pues):"),
        "slang": lines("(o sea|a ver|bueno|pues|es esto):"),
    },
}

_ASKING: dict[str, Cell] = {
    "also": {
        "formal": lines("(Asimismo|Además|Por otra parte|Quisiera añadir una consulta|Otra cuestión|Aprovecho para preguntarle):"),
        "neutral": lines("(Además|Ah, y|Otra cosa|Y otra pregunta|Por cierto|Ya que estamos|Antes de que se me olvide|También):"),
        "casual": lines("(Ah, y|Otra cosa|Por cierto|Ya que estamos|Ay, y|También|Y otra cosita):"),
        "slang": lines("(ah y|otra cosa|x cierto|ya q estamos|tmb):"),
    },
    "again": {
        "formal": lines("(Como le indiqué|Reitero mi petición|Vuelvo a mi consulta|Le repito|Una vez más|Insisto):"),
        "neutral": lines("(Como dije|Como le decía|Repito|Vuelvo a preguntar|Otra vez|Volviendo a lo mío|Pero mi pregunta era|Insisto):"),
        "casual": lines("(Como te decía|Lo que te dije|Repito|Otra vez|Volviendo a lo mío|Que te digo|Pero vamos, lo mismo):"),
        "slang": lines("(lo q te dije|repito|otra vez|q te digo|vuelvo a lo mismo):"),
    },
    "again_blank": {
        "formal": lines("""
            (Mi consulta sigue sin respuesta|Sigo a la espera de una respuesta a mi petición|Eso no responde a lo que pregunté).
            ¿(Podría volver a mi consulta, por favor|Sería tan amable de atender lo que pedí)?
            (Mi petición sigue pendiente|Le ruego una respuesta a lo que realmente pregunté)."""),
        "neutral": lines("""
            (Todavía no me ha respondido|Eso no es lo que pregunté|Sigo sin respuesta|Eso sigue sin resolverse).
            ¿(Y lo que pregunté|Se puede o no se puede|Y qué pasa con lo mío|Podemos volver a mi pregunta)?
            (Sigo esperando|Con eso no me ha ayudado todavía|Falta la respuesta a mi pregunta).
            (Respóndame|Aclaremos) (primero |)mi pregunta, por favor."""),
        "casual": lines("""
            (Eso no es lo que pregunté|Sigo sin respuesta|Todavía está sin arreglar|Sigo esperando).
            ¿(Y lo mío|Entonces se puede o no|Y mi pregunta|Volvemos a lo mío)?
            (Con eso no me ayudas|Eso no me sirve todavía|Pregunto otra vez).
            ¿(Va a salir algo|Y entonces qué)?"""),
        "slang": lines("""
            (eso no es lo q pregunté|sigo sin respuesta|sigo esperando)
            (y lo mio|se puede o no|y mi pregunta)?
            (eso no me sirve|pregunto otra vez|falta la respuesta)
            y entonces q?"""),
    },
    "complication_lead": {
        "formal": lines(
            "(Lamento decirle que ha surgido algo|Debo añadir una novedad|Disculpe, ha habido un cambio|Acabo de enterarme de algo):"
        ),
        "neutral": lines(
            "(Espere, ha surgido algo|Ay, acabo de enterarme|Perdón, cambió una cosa|Acabo de ver esto|Un momento, hay un cambio|Me acaban de decir algo):"
        ),
        "casual": lines(
            "(Ay, espera|Uf, cambio de planes|Espera, me acabo de enterar|Ay no, acabo de ver esto|Perdona, ha cambiado una cosa):"
        ),
        "slang": lines("(uy espera|uf cambio de planes|acabo de ver esto|ay no):"),
    },
    "mind_no": {
        "formal": lines("(o mejor dicho, no,|no, disculpe,|aunque, pensándolo bien,|o más bien:)"),
        "neutral": lines("(bueno, no,|o no,|en realidad no,|mmm, no,|aunque,|¿sabe qué?,|o mejor,)"),
        "casual": lines("(bueno no,|o no,|mmm no,|aunque,|¿sabes qué?,|mejor no,|o mejor,)"),
        "slang": lines("(bueno no,|o no,|nah,|mmm no,|o mejor,)"),
    },
    "mind_back": {
        "formal": lines("(no, disculpe, mantengamos lo primero:|no, perdone usted,|o no, como dije al principio:)"),
        "neutral": lines("(no, espere,|no, perdón,|no, mejor lo primero:|ay no, olvide eso,|no no,)"),
        "casual": lines("(no, espera,|no no,|no, mejor lo primero:|ay no, olvida eso,|espera, no,)"),
        "slang": lines("(no espera,|no no,|olvida eso,|jaja no,|nah espera,)"),
    },
    "mind_blank": {
        "formal": lines("(dejémoslo todo como está|retiro lo dicho|quizá no haga falta)"),
        "neutral": lines("(mejor lo dejo|déjelo todo como está|quizá no lo necesito|olvídelo todo)"),
        "casual": lines("(mejor lo dejo|déjalo como está|quizá ni hace falta|olvídalo)"),
        "slang": lines("(olvidalo|dejalo asi|mejor nada|ni idea, dejalo)"),
    },
}

_FACTS: dict[str, Cell] = {
    "answer_lead": {
        "formal": lines("(Por supuesto:|Con mucho gusto:|Cómo no:|Desde luego:|Naturalmente:)"),
        "neutral": lines("(Sí,|Claro:|Por supuesto:|A ver,|Un momento,|Sí, mire:|Bueno,|Vale,|Claro que sí:)"),
        "casual": lines("(Sí,|Claro,|Vale,|A ver,|Ok,|Espera,|Sí, mira:|Pues,)"),
        "slang": lines("(si,|claro,|ok,|a ver,|sip,|pues,)"),
    },
    "answer_one": {
        "formal": lines("(Es|Sería|Se trata de) {value}.\n{value}."),
        "neutral": lines("(Es|Sería|Debe ser|Tiene que ser) {value}.\n{value}(|, creo|, eso es)."),
        "casual": lines("(Es|Sería|Pues|Creo que es) {value}(.|)\n{value}(|, creo|, ahí tienes|, eso)(.|)"),
        "slang": lines("(es|creo q es|pues) {value}\n{value}(| creo| jaja|, ahi va)"),
    },
    "answer_named": {
        "formal": lines("{Name}: {value}.\nEn cuanto a {name}: {value}.\nComo {name} (figura|consta) {value}."),
        "neutral": lines("{Name}: {value}.\n(Para|En|Como) {name} (tengo|pone|sería) {value}.\nLo de {name}: {value}."),
        "casual": lines("{Name}(: | - | es ){value}(.|)\n(De|Para|Lo de) {name}, {value}."),
        "slang": lines("{name}(: | = | es ){value}"),
    },
    "volunteer_lead": {
        "formal": lines("(Para su información|Por si lo necesita|Le adelanto|A modo de referencia):"),
        "neutral": lines("(Por si lo necesita|Por si ayuda|Le doy ya el dato|Seguro que lo necesita|Para que lo tenga):"),
        "casual": lines("(Por si lo necesitas|Te lo dejo ya|Por si ayuda|Seguro que te hace falta|Para que lo tengas):"),
        "slang": lines("(x si lo necesitas|te lo dejo ya|x si ayuda):"),
    },
    "withhold": {
        "formal": lines("""
            (Preferiría no facilitar ese dato|No deseo compartir esa información|Eso prefiero reservármelo|Ese dato es privado), (si no le importa|le ruego que lo comprenda).
            ¿{Name}? Prefiero no darlo.
            (Le ruego que sigamos|Preferiría continuar) sin ese dato."""),
        "neutral": lines("""
            (Prefiero no decirlo|Ese dato no lo doy|Eso me lo guardo|Es algo privado)(.|, lo siento.|, si se puede.)
            ¿{Name}? (Prefiero no darlo.|No lo doy, perdón.|¿Se puede sin eso?)
            (Eso dejémoslo fuera|Eso no lo escribo aquí|Con eso voy con cuidado|Sin {name}, por favor)(.|, ¿sí?)"""),
        "casual": lines("""
            (Prefiero no decirlo|Eso no lo doy, perdona|Eso me lo guardo|Es privado|¿{Name}? Mejor no)(.|)
            ¿Se puede sin (eso|{name})?
            (Eso lo dejamos fuera|Eso no lo escribo aquí|Con eso voy con cuidado)(.|, perdona.)"""),
        "slang": lines("""
            (prefiero no decirlo|eso no lo doy|es privado|{name}? mejor no|se puede sin eso?)
            (eso no lo escribo aki|me lo guardo|eso lo dejamos)(| sorry)"""),
    },
    "unknown": {
        "formal": lines("""
            (Lamentablemente no lo sé|No dispongo de ese dato|Desconozco ese dato)(.|. ¿Dónde lo encuentro?|. ¿Hay otra manera?)
            ¿{Name}? Lo desconozco, lo siento. (¿Dónde debería figurar?|)
            (Nunca se me facilitó|No consigo encontrarlo|Me temo que no puedo decírselo)."""),
        "neutral": lines("""
            (¿{Name}? |)(Ni idea de dónde encontrar eso|No lo sé|No lo tengo|Eso no lo sé, lo siento|No tengo ese dato).
            ¿{Name}? (¿Dónde lo pone?|¿Dónde encuentro eso?|No lo tengo.|Nunca lo he visto.|¿Hace falta?) (No lo sé.|)
            (Nunca me lo dijeron|Tendría que buscarlo y no sé dónde|Así de pronto no lo encuentro|Nunca me dieron eso).
            (Lo siento|Perdón), (eso no lo tengo|no lo encuentro por ningún lado|eso no lo conozco)."""),
        "casual": lines("""
            (¿{Name}? |)(Ni idea|No sé, perdona|No lo tengo|Ni idea de dónde está eso|No tengo ni la menor idea)(.|!|. ¿Dónde sale?)
            (Nunca lo oí|No lo encuentro|Nadie me lo dio|Qué es eso siquiera)(.|, perdona.)"""),
        "slang": lines("""
            ({name}? |)(ni idea|nose|no lo tengo|ni idea la vdd|no se q es eso)(| jaja|, donde sale?)
            (nunca lo oi|no lo encuentro|nadie me lo dio)(| sorry)"""),
    },
    "correct": {
        "formal": lines("""
            (No, me temo que no es correcto|Debo corregirle|Eso no es exacto): es {value}, no {old}.
            (No {old}, sino|No es {old}, sino) {value}.
            (Usted indicó|Consta) {old}; (lo correcto es|debe ser) {value}."""),
        "neutral": lines("""
            (No,|No, espere,|Eso está mal,|Perdón, no,|Un momento, no,) es {value}, no {old}.
            (Dije {value}, no {old}|No es {old}, es {value}|No {old}, sino {value}).
            (Ahí pone|Usted tiene) {old}, pero es {value}.
            (Cámbielo a|Corrija a|Ponga) {value}, no {old}."""),
        "casual": lines("""
            (No,|No no,|Eh, no,|Espera, no,) es {value}, no {old}(.|)
            (No {old}, {value}|Te dije {value}, no {old})(.|!)
            (Ahí pone|Pusiste) {old}, pero es {value}(.|)"""),
        "slang": lines("""
            (no|nop|nah|eh no) es {value}, no {old}
            no {old}, {value}
            pusiste {old}, es {value}
            (cambia a|pon) {value}, no {old}"""),
    },
    "correct_new": {
        "formal": lines(
            "(Me temo que no es correcto|Hay un error|Debo rectificarlo): es {value}.\nLo de {name} no es correcto. Es {value}."
        ),
        "neutral": lines("(No, eso no es así|Eso está mal|Un momento, no|Hay un error), es {value}.\nLo de {name} está mal. Es {value}."),
        "casual": lines("(No|No no|Eh, no|Está mal), es {value}(.|)\nLo de {name} está mal, es {value}."),
        "slang": lines("(no|nop|ta mal|eh no), es {value}\nlo de {name} ta mal, es {value}"),
    },
    "choose": {
        "formal": lines(
            "(Preferiría|Elegiría|Me quedaría con|Desearía) {option}(, por favor|).\n{option} (me vendría bien|me conviene|sería perfecto)(, gracias|)."
        ),
        "neutral": lines(
            "(Mejor|Me quedo con|Prefiero|Entonces|Elijo|Pues) {option}(, por favor|).\n{option} (me va bien|está bien|me viene bien|me parece bien|me sirve)."
        ),
        "casual": lines(
            "(Mejor|Me quedo con|Prefiero|Pues|Venga,) {option}(.| porfa.)\n{option} (me va bien|perfecto|está bien|me sirve)."
        ),
        "slang": lines("(mejor|me quedo con|dame|pues) {option}(| porfa)\n{option} (ta bien|perfe|me va|me sirve)"),
    },
}

_REPLIES: dict[str, Cell] = {
    "yes_more": {
        "formal": lines("(Sí, en efecto|Sí, si me permite|Sí, hay algo más|Así es)."),
        "neutral": lines("(Sí|Sí, la verdad|Sí, hay algo más|Pues sí|Sí, una cosa)."),
        "casual": lines("(Sí|Sip|Pues sí|Sí, la verdad|Ah, sí)(.|,|)"),
        "slang": lines("(si|sip|pues si|ah si)(,|)"),
    },
    "check_value": {
        "formal": lines("(Queda entonces así: {value}, ¿verdad?|{value}, ¿es correcto?|Para mayor seguridad: ¿{value}?)"),
        "neutral": lines("(Entonces {value}, ¿verdad?|{value}, ¿no?|Solo para asegurarme: ¿{value}?|Es {value}, ¿sí?)"),
        "casual": lines("(Entonces {value}, ¿no?|{value}, ¿verdad?|Por si acaso: ¿{value}?|{value} seguro, ¿no?)"),
        "slang": lines("(entonces {value} no?|{value} vdd?|seguro {value}?)"),
    },
    "recheck": {
        "formal": lines("(Para mayor seguridad, esto ya queda hecho|Permítame asegurarme, ya está resuelto): {core}?"),
        "neutral": lines(
            "(Solo para asegurarme, esto ya está hecho|Pregunto otra vez por si acaso, queda resuelto|Y esto es seguro ya): {core}?"
        ),
        "casual": lines("(Solo por asegurarme, ya está, no|Entonces esto ya queda listo|Por si acaso, está hecho): {core}?"),
        "slang": lines("(x si acaso, ya ta|entonces ya queda listo): {core}?"),
    },
    "bye": {
        "formal": lines("(Adiós|Hasta luego|Que tenga un buen día|Le deseo un buen día)."),
        "neutral": lines("(Adiós|Hasta luego|Buen día|Que vaya bien|Saludos)."),
        "casual": lines("(Chao|Hasta luego|Nos vemos|Que vaya bien|Adiós)(!|.|)"),
        "slang": lines("(chao|nos vemos|bye|taluego)"),
    },
    "yes": {
        "formal": lines("(Sí|Sí, por favor|Desde luego|Con mucho gusto|Así es)."),
        "neutral": lines("(Sí|Sí, por favor|Claro|Sí, está bien|Sí, adelante|De acuerdo|Hágalo, sí)."),
        "casual": lines("(Sí|Sip|Claro|Sí, dale|Vale, sí|Sí porfa|Va)(.|!|)"),
        "slang": lines("(si|sip|claro|dale|va|sisi)"),
    },
    "yes_confirm": {
        "formal": lines("(Sí, es correcto|Así es|Correcto|Sí, proceda, por favor|Lo confirmo)."),
        "neutral": lines("(Sí, correcto|Así es|Exacto|Sí, eso es|Sí, adelante|Sí, hágalo por favor|Todo correcto|Sí, está bien así)."),
        "casual": lines("(Sí, eso|Exacto|Eso es|Sí, dale|Sip, todo bien|Tal cual)(.|!)"),
        "slang": lines("(si eso|exacto|eso es|sip|tal cual|si dale)"),
    },
    "no": {
        "formal": lines("(No|No, gracias|Me temo que no|No, preferiría que no)."),
        "neutral": lines("(No|No, gracias|La verdad es que no|Mejor no|No, así no)."),
        "casual": lines("(No|Nop|No, gracias|Mejor no|Qué va)(.|)"),
        "slang": lines("(no|nop|nah|mejor no|q va)"),
    },
    "no_confirm": {
        "formal": lines("(No, no es correcto|Me temo que eso no es así|No era eso lo que quería decir)."),
        "neutral": lines("(No, no es así|No, eso está mal|No es eso|No exactamente|No, no quería decir eso)."),
        "casual": lines("(No, eso no|Nop, está mal|Eh, no|No exactamente|No es eso)."),
        "slang": lines("(no eso no|nop ta mal|no es eso|eh no)"),
    },
    "no_more": {
        "formal": lines("(No, eso es todo|Nada más|No, con eso es suficiente)."),
        "neutral": lines("(No, eso es todo|Eso era todo|No, nada más|Ya está todo|No, con eso me basta|Nada más)."),
        "casual": lines("(No, eso era todo|Nada más|Ya está|Todo bien|Con eso me vale)(.|!)"),
        "slang": lines("(no eso es todo|nada mas|ya ta|todo bien)"),
    },
    "go_on": {
        "formal": lines("(Entiendo|De acuerdo|Muy bien). (Continúe, por favor.|¿Y ahora qué procede?|¿Cuál es el siguiente paso?)"),
        "neutral": lines("(OK|Vale|Bien|Entiendo|De acuerdo|Ajá)(.|, ¿y ahora?|, ¿qué sigue?|, siga.|. ¿Y entonces?|, ¿y luego?)"),
        "casual": lines("(Ok|Vale|Bien|Ajá|Ya)(.|, ¿y ahora?|, ¿qué sigue?|... ¿y?|, ¿entonces?)"),
        "slang": lines("(ok|vale|ya|aja|bien)(, y ahora?|... y?|, sigue|, entonces?)"),
    },
    "wait": {
        "formal": lines("(De acuerdo, espero|Con gusto espero, pero le ruego que sea breve|Tómese el tiempo que necesite)."),
        "neutral": lines("(Vale, espero|Bien, aquí sigo|De acuerdo, espero un momento|¿Cuánto tarda?|No me muevo de aquí)(.|)"),
        "casual": lines("(Ok, espero|Sí, aquí estoy|Sin prisa... bueno, un poco|Espero entonces)(.|)"),
        "slang": lines("(ok espero|aki toy|ok pero rapido porfa|espero)"),
    },
    "unsure": {
        "formal": lines(
            "(No tengo claro lo que me pregunta|No sabría contestarle|No podría decirle).\n¿(Es necesario para mi consulta|Hace falta saberlo)?"
        ),
        "neutral": lines(
            "(No sé muy bien|No entiendo bien qué me pregunta|Es difícil de decir|Mmm, no sabría decirle|Eso no lo sé bien).\n¿(Es importante|Hace falta eso|Importa mucho)?"
        ),
        "casual": lines("(No sé la verdad|Mmm, ni idea|No sé qué quieres decir|Difícil de decir|No sabría decirte)(.|)"),
        "slang": lines("(nose la vdd|mmm ni idea|no se q dices|importa eso?)"),
    },
    "not_understood": {
        "formal": lines("""
            (Disculpe, no he comprendido|No logro entender su respuesta|No he podido seguirle).
            ¿(Podría expresarlo de otra manera|Qué quiere decir con eso)?
            (Con todo respeto|Perdone), (eso no me queda claro|no lo comprendo|no sé qué hacer con eso)."""),
        "neutral": lines("""
            (No entiendo|Eso no tiene sentido para mí|No le sigo|Algo pasa con su mensaje).
            ¿(Qué significa eso|Me lo puede explicar más simple|Cómo dice|Qué quiere decir eso)?
            (No me queda claro|Eso no me dice nada|Con eso no sé qué hacer).
            ¿(Qué|Cómo) (quiere decir|dice)(| exactamente)?"""),
        "casual": lines("""
            ¿(Eh|Cómo|Qué|Cómo dices|Qué es eso)?
            (No entiendo|No tiene sentido|Me perdí|No te sigo).
            ¿(Eso es una respuesta|Qué fue eso|A qué te refieres)?"""),
        "slang": lines("""
            (eh|q|como|q es eso)?
            (no entiendo|no tiene sentido|me perdi)
            (eso es una respuesta|q fue eso|a q te refieres)?"""),
    },
    "wrong_language": {
        "formal": lines("¿(Podríamos continuar en español, por favor|Le importaría responder en español|Sería posible en español)?"),
        "neutral": lines("¿(Puede ser en español|Me puede responder en español|En español, por favor|Lo tiene en español)?"),
        "casual": lines("¿(En español porfa|Puede ser en español|Eh, en español)?"),
        "slang": lines("(en español porfa|español pls|puede ser en español)?"),
    },
    "thank": {
        "formal": lines("(Muchas gracias|Le agradezco mucho|Se lo agradezco|Muchísimas gracias|Gracias, muy amable|Mil gracias)."),
        "neutral": lines(
            "(Gracias|Muchas gracias|Perfecto, gracias|Bien, gracias|Gracias por eso|Genial, gracias|Se agradece|Mil gracias)."
        ),
        "casual": lines("(Gracias|Mil gracias|Genial, gracias|Guay, gracias|Muchas gracias|Graciass|Perfecto, gracias)(!|.|)"),
        "slang": lines("(grax|gracias|graciass|ty|perfe gracias|crack)(!|)"),
    },
}

_ENDINGS: dict[str, Cell] = {
    "satisfied": {
        "formal": lines(
            "(Con esto queda resuelto|Era todo lo que necesitaba|Mis dudas quedan aclaradas). (Adiós.|Que tenga un buen día.|Hasta luego.|)"
        ),
        "neutral": lines(
            "(Entonces queda todo resuelto|Eso era todo|Bien, pues ya está|Con eso queda claro|Ya está todo). (Adiós.|Hasta luego.|Buen día.|)"
        ),
        "casual": lines(
            "(Pues ya está|Todo arreglado|Eso era todo|Perfecto, ya lo tengo todo|Listo)(.|!) (Chao!|Hasta luego!|Nos vemos.|Que vaya bien!|)"
        ),
        "slang": lines("(listo|ya ta|todo ok|eso era|perfe)(.|!|) (chao|nos vemos|bye|taluego|)"),
    },
    "handed_over": {
        "formal": lines(
            "(De acuerdo, espero a su compañero|Muy bien, quedo a la espera|Entonces espero a que me atiendan|Se lo explicaré entonces a su compañero)."
        ),
        "neutral": lines(
            "(Vale, espero a su compañero|De acuerdo, me quedo a la espera|Bien, espero entonces|Bueno, espero a que me atiendan)."
        ),
        "casual": lines("(Vale, espero a tu compañero|Ok, me espero|Bien, pues espero|Vale, aquí sigo)(.|!)"),
        "slang": lines("(ok espero|vale aki sigo|dale espero|ok espero a tu compa)"),
    },
    "give_up": {
        "formal": lines(
            "(Veo que esto no conduce a nada|Así no avanzamos|No voy a insistir más|Desisto). (Adiós.|Buscaré ayuda en otra parte.|)"
        ),
        "neutral": lines(
            "(Olvídelo|Déjelo|Me rindo|Esto no va a ninguna parte|No tiene sentido seguir|Da igual). (Lo arreglo de otra manera.|Ya me cansé.|Probaré en otro sitio.|Adiós.|)"
        ),
        "casual": lines(
            "(Olvídalo|Déjalo|Me rindo|Esto no va a ningún lado|Da igual)(.|, me voy.|, chao.|. Ya lo hago yo.|, ya me cansé.)"
        ),
        "slang": lines("(olvidalo|dejalo|paso|da igual|esto es inutil)(.|, chao|, me voy|, ya lo hago yo|, hasta aqui)"),
    },
    "call_back": {
        "formal": lines(
            "(Volveré a ponerme en contacto más tarde|Lo intentaré de nuevo en otro momento|Retomaré el asunto más adelante). (Adiós.|Quizá entonces sea posible.|)"
        ),
        "neutral": lines(
            "(Llamo más tarde|Vuelvo a llamar luego|Lo intento más tarde|Ya volveré en otro momento)(.|, adiós.|, así no se puede.|. Quizá me atienda otra persona.|, tengo que irme.)"
        ),
        "casual": lines(
            "(Llamo luego|Lo intento más tarde|Luego vuelvo a llamar|Ya lo intento en otro rato)(.|, chao|, me tengo que ir.|, ahora no hay manera.)"
        ),
        "slang": lines("(llamo luego|lo intento luego|dsp vuelvo)(.|, chao|, me voy|, asi no se puede)"),
    },
    "ask_human": {
        "formal": lines(
            "(Desearía hablar con|Le ruego que me comunique con|Quisiera hablar con|Páseme, por favor, con) (una persona|un empleado|un agente humano|alguien de su equipo).\n¿(Podría hablar con una persona|Hay alguien de su equipo con quien pueda hablar)?"
        ),
        "neutral": lines(
            "(Quiero hablar con|Necesito hablar con|Páseme con|Quisiera hablar con) (una persona|una persona real|un humano|alguien que me pueda ayudar)(, por favor|).\n¿Puedo hablar con (una persona|una persona de verdad|un humano|un agente humano)?"
        ),
        "casual": lines(
            "(Quiero hablar con|Pásame con|Ponme con|Necesito hablar con) (una persona|una persona real|un humano|alguien de verdad)(, porfa|).\n¿(Hay alguna persona por ahí|No hay una persona con quien hablar)?"
        ),
        "slang": lines("(quiero hablar con|pasame con|ponme con) (una persona|un humano|alguien real)(| porfa)"),
    },
    "out_of_scope": {
        "formal": lines("(Veo que no es el lugar indicado|Entiendo que no se ocupan de esto). (Preguntaré en otro sitio.|Adiós.)"),
        "neutral": lines(
            "(Ah, entonces no es aquí|Entiendo, eso no lo hacen|Bien, no es cosa suya). (Pregunto en otro lado.|Buscaré en otra parte.|Adiós.)"
        ),
        "casual": lines("(Ah vale, no es aquí|Ok, eso no lo hacéis|Bueno, no es lo vuestro)(.|, busco en otro lado.|, chao)"),
        "slang": lines("(ah no es aki|ok eso no lo haceis)(.|, busco en otro lado|, chao)"),
    },
}

_FEELING: dict[str, Cell] = {
    "frustrated_mild": {
        "formal": lines(
            "(Esto está tardando bastante|Esperaba que fuera más sencillo|Resulta un tanto tedioso|Debo decir que esperaba más)."
        ),
        "neutral": lines(
            "(Esto está tardando|Se está haciendo largo|Pensé que sería más fácil|Estamos dando vueltas|Es un poco molesto|Me estoy perdiendo|A ver si vamos más rápido)."
        ),
        "casual": lines("(Uf|Ay|Jo|Hmm), (esto tarda un montón|estamos dando vueltas|no debería ser tan difícil|ya cansa un poco)."),
        "slang": lines("(uf|buah|tio|ay), (esto tarda un monton|ya cansa|no es tan dificil)"),
    },
    "frustrated_firm": {
        "formal": lines("(Esto no es satisfactorio|Estoy perdiendo la paciencia|Ya lo he explicado|Así no se puede)."),
        "neutral": lines(
            "(Esto es frustrante|Estoy perdiendo la paciencia|Ya lo he explicado|Así no se puede|En serio|Damos vueltas y vueltas)."
        ),
        "casual": lines("(En serio|Venga ya|Esto es ridículo|Ya me estoy cansando)(.|!)\n¿Tan difícil es?"),
        "slang": lines("(en serio|venga ya|q fuerte|ya cansa)(|!)\ntan dificil es?"),
    },
    "frustrated_sharp": {
        "formal": lines("(Basta|Inaceptable|Esto es absurdo|Ya es suficiente|Es intolerable)."),
        "neutral": lines("(Basta|Increíble|Esto es ridículo|Ya está bien|Escuche|Por última vez)."),
        "casual": lines("(Ya vale|Increíble|Venga ya|Basta|Es de chiste|Lee bien)(.|!)"),
        "slang": lines("(buah|en serio|basta|de chiste|flipo)(!|)"),
    },
    "open.calm": {
        "any": lines("""
            (No hay prisa|Sin apuro|Cuando se pueda).
            (Tómese su tiempo|No es nada grave|Tengo tiempo|No corre prisa).""")
    },
    "mid.calm": {
        "any": lines("""
            (Está bien.|No hay problema.|Bueno.|De acuerdo.|Vale.)
            (Suena bien.|Entiendo.|Tiene sentido.|No pasa nada.|Bien.)""")
    },
    "close.calm": {
        "any": lines("""
            (Todo bien.|Muy bien.|Así está bien.)
            (Me parece bien.|Sencillo, así da gusto.|De acuerdo entonces.|Pues muy bien.)""")
    },
    "open.cheerful": {
        "any": lines("""
            (Qué buen día hace|Hoy estoy de buen humor|Espero que tengan un día estupendo)(!|.)
            (Con este sol da gusto hacer gestiones|Por fin me pongo con esto, yupi|Hoy seguro que sale todo|Me pilla en un gran día)!""")
    },
    "mid.cheerful": {
        "any": lines("""
            (¡Genial!|¡Qué bien!|¡Perfecto!|¡Estupendo!|¡Qué alegría!|¡Fenomenal!)
            (¡Fantástico!|¡Me encanta!|¡Qué buena noticia!|¡Excelente!|¡Súper!|¡Bravo!)""")
    },
    "close.cheerful": {
        "any": lines("""
            (¡Me alegra el día!|¡Qué maravilla!|¡Qué bien ha salido!)
            (¡Así da gusto!|¡Qué fácil ha sido!|¡Pues fenomenal!|¡Me quedo muy a gusto!)""")
    },
    "open.anxious": {
        "any": lines("""
            (Estoy algo inquieto con esto|Me tiene muy nervioso este tema|Espero que no sea tarde|Ojalá no haya hecho nada mal).
            (Tengo un mal presentimiento|No paro de pensar que algo saldrá mal|Ojalá no se convierta en un problema gordo|De verdad espero que lo puedan resolver|Me pone de los nervios este tema)(.|...)""")
    },
    "mid.anxious": {
        "any": lines("""
            (¿Será un problema?|Espero que se pueda...|Me preocupa un poco.|Ay, madre.|¿No habrá lío, verdad?|Ojalá salga bien.)
            (No pasará nada malo, ¿no?|Solo quiero asegurarme.|¿Seguro que está bien?|Me estoy poniendo de los nervios.|¿Y si sale mal?|Dígame que no hay problema.)""")
    },
    "close.anxious": {
        "any": lines("""
            (Espero que todo salga bien.|Me quita un peso de encima.|Ojalá no falle nada ahora.|Uf.)
            (Así duermo mejor.|Ojalá quede así.|Ya puedo respirar.|Que sea verdad, por favor.)""")
    },
    "open.confused": {
        "any": lines("""
            (No sé muy bien cómo va esto|Me lío un poco con esto|No tengo claro qué necesito|Me confunde todo esto).
            (No entiendo nada, la verdad|Lo he leído varias veces y nada|A lo mejor mezclo cosas|No sé ni por dónde empezar)(.|...)""")
    },
    "mid.confused": {
        "any": lines("""
            (Me confundo.|No lo tengo claro.|¿Cómo?|Si lo he entendido bien.|Ya no sé.)
            (¿Me he perdido algo?|Ahora ya me hice un lío.|¿Cuál era esa?|Perdí el hilo.|¿Eso es que sí?|¿Y eso qué significa para mí?)""")
    },
    "close.confused": {
        "any": lines("""
            (Creo que lo entendí.|Si lo he entendido bien.|Creo que es eso, ¿no?)
            (Al menos eso creo.|Si no lo mezclo todo.|Ya está claro, más o menos.|Espero tenerlo claro.)""")
    },
    "open.frustrated": {
        "any": lines("""
            (Ya lo intenté antes y nada|No es la primera vez que pregunto|Esto ya cansa|Llevo mucho con este tema).
            (Otra vez aquí|Esperaba no tener que escribir de nuevo|La última vez nadie pudo ayudarme|Siempre pasa lo mismo con esto)(.|...)""")
    },
    "mid.frustrated": {
        "any": lines("""
            (La verdad...|Esto cansa.|Otra vez.|No debería ser tan difícil.|Siempre lo mismo.)
            (¿Por qué siempre es tan complicado?|Me canso de explicarlo.|Otra vez no.|Esto desgasta.|Ay, señor.)""")
    },
    "close.frustrated": {
        "any": lines("""
            (Lo que ha costado.|Por fin.|Menos mal.|Podía ser más fácil.)
            (Menuda paliza.|Costó, pero bien.|Se podía haber hecho antes.|Ojalá sea la última vez.)""")
    },
    "open.angry": {
        "any": lines("""
            (Todo esto me enfada mucho|Esto me indigna|Es una vergüenza|No estoy para excusas|Esto es un desastre).
            (Hasta aquí hemos llegado|No puede ser que pase otra vez|Quiero que se arregle, y rápido|Esto ya pasa de castaño oscuro)(.|!)""")
    },
    "mid.angry": {
        "any": lines("""
            (Vamos al grano.|Nada de excusas.|Me enfada.|Que se arregle y ya.|Qué desastre.)
            (Lo digo en serio.|Es indignante.|Bastante paciencia he tenido.|Quiero una solución.|Ahórreme las excusas.)""")
    },
    "close.angry": {
        "any": lines("""
            (Ya era hora.|Tenía que haber funcionado desde el principio.|Que no se repita.)
            (Nunca debió llegar a esto.|No se me va a olvidar.|La próxima vez, mejor.|Lo esperaba hace mucho.)""")
    },
    "open.hurried": {
        "any": lines("""
            (Tengo poco tiempo|Voy con prisa|Tiene que ser rápido|Me tengo que ir enseguida).
            (Cortito, por favor|Se me va el autobús|Estoy entre reuniones|Estoy en mi descanso|Muy rápido)(.|!)""")
    },
    "mid.hurried": {
        "any": lines("""
            (Rápido, por favor.|Voy con prisa.|Me tengo que ir.|¿Puede ser rápido?|Ando sin tiempo.|Sigamos.)
            (Solo lo importante, por favor.|La versión corta.|Ya casi me voy.|El tiempo vuela.|Al grano, por favor.)""")
    },
    "close.hurried": {
        "any": lines("""
            (Salgo corriendo.|Me voy ya.|Tengo que correr.)
            (Vuelvo al trabajo.|Ya me fui.|Listo, sigo con lo mío.|No tengo más tiempo.)""")
    },
    "open.sad": {
        "any": lines("""
            (Estoy pasando una mala época|No tengo un buen día|Se me hace todo cuesta arriba|Han sido tiempos difíciles).
            (Hoy no tengo fuerzas para esto|Es una cosa detrás de otra|Llevo tiempo dejándolo, no tenía ánimo|Perdón si sueno con poca energía|Casi no he dormido)(.|...)""")
    },
    "mid.sad": {
        "any": lines("""
            (En fin.|Se me hace todo un mundo.|Supongo.|No tengo fuerzas para esto.|Es lo que hay.)
            (Qué se le va a hacer.|Nada es fácil últimamente.|Ando con poca energía.|Qué más da.|Hoy no soy yo.)""")
    },
    "close.sad": {
        "any": lines("""
            (Al menos eso ya está.|Una preocupación menos.|Algo es algo.)
            (Un pequeño alivio.|Me hacía falta.|Una cosa menos en la lista.|Bueno, algo es.)""")
    },
    "open.suspicious": {
        "any": lines("""
            (No sé si fiarme de esto|Espero que no lo lea nadie más|Ni siquiera sé si este es el canal oficial|Se oyen tantas cosas que voy con cuidado).
            (Quisiera saber con quién trato|Ya me han engañado antes|Normalmente no hago esto por internet|Se lee tanto de estafas|Antes de nada, espero que esto sea seguro)(.|...)""")
    },
    "mid.suspicious": {
        "any": lines("""
            (¿Qué hacen con esos datos?|¿Quién ve eso?|¿De verdad hace falta?|¿Y no hay truco?|A ver si es verdad.|Eso quisiera saberlo mejor.)
            (¿Y por qué necesitan saberlo?|Prefiero comprobarlo.|Suena demasiado fácil.|¿Quién lo dice?|Eso no lo venderán por ahí, ¿no?|Me guardo una copia.)""")
    },
    "close.suspicious": {
        "any": lines("""
            (Lo voy a comprobar.|Lo quisiera por escrito.|Ya veremos.)
            (He guardado la conversación, que lo sepa.|Lo creeré cuando lo vea.|Espero que sea cierto.|Lo vigilaré de cerca.)""")
    },
}

_TRAITS: dict[str, Cell] = {
    "polite": {
        "formal": lines("(Si no es mucha molestia.|Se lo agradecería mucho.|Gracias por su atención.|Sería muy amable de su parte.)"),
        "neutral": lines("(Si no le importa.|Se lo agradezco mucho.|Por favor.|Gracias de antemano.|Si puede ser.|Sería muy amable.)"),
        "casual": lines("(Porfa y gracias!|Si puede ser, porfa.|Gracias de antemano!|Sin compromiso.|Sería genial, gracias.)"),
        "slang": lines("(porfa y gracias|grax de antemano|si se puede porfi)"),
    },
    "sarcastic": {
        "formal": lines("(Qué maravilla.|Un verdadero placer, todo esto.|Muy tranquilizador.|Espléndido.|Me abruma tanta rapidez.)"),
        "neutral": lines("(Ah, qué maravilla.|Justo lo que me faltaba.|Qué sorpresa.|Pues qué bien.|Un servicio estupendo, de verdad.)"),
        "casual": lines("(Ah, genial.|Guau, increíble.|Qué bien todo.|Menuda sorpresa.|Me encanta, vamos.)"),
        "slang": lines("(ah genial|guau increible|q sorpresa jaja|me encanta vamos)"),
    },
    "chatty": {
        "formal": lines(
            "(Se oye hablar tanto de estas cosas hoy en día.|Justo lo comentaba con mi vecina.|Uno no se aburre nunca, la verdad.|Mi hermana dice que debí preguntar antes.)"
        ),
        "neutral": lines(
            "(A mi vecina le pasó lo mismo, fíjese.|No se imagina la semana que llevo.|Mi hermana no para de recordármelo.|El perro está ladrando, por si tardo.|Siempre hay algo, ¿verdad?|Le escribo con el café en la mano.)"
        ),
        "casual": lines(
            "(No veas la semana que llevo, jaja.|A un amigo le pasó igual, mira tú.|Siempre hay algo, ¿eh?|Mi hermana no para de darme la lata con esto jaja.|Vaya día.)"
        ),
        "slang": lines("(vaya semana jaja|a un colega le paso igual|siempre hay algo|el gato en el teclado jaja)"),
    },
    "interrupts": {
        "formal": lines("(Disculpe la interrupción:|Antes de que continúe:|Un momento,|Si me permite interrumpirle:)"),
        "neutral": lines("(Espere,|Un momento,|Perdone que le corte:|Alto,|Antes de seguir:|Un segundo,)"),
        "casual": lines("(Espera espera,|Un momento,|Para para,|Un seg,|Ya ya,)"),
        "slang": lines("(espera espera,|ya ya,|para,|un seg,)"),
    },
    "why_ask": {
        "formal": lines("(¿Puedo preguntar para qué lo necesita?|¿Con qué fin se requiere?|¿Para qué es necesario, si puedo saberlo?)"),
        "neutral": lines("(¿Para qué lo necesita?|¿Para qué es?|¿Por qué lo pregunta?|¿Qué hacen con eso?|Por curiosidad, ¿para qué?)"),
        "casual": lines("(¿Y para qué lo necesitas?|¿Para qué es?|¿Y eso por qué?|¿Para qué os hace falta?)"),
        "slang": lines("(y pa q?|pa q es?|y eso xq?|xq lo necesitas?)"),
    },
    "why_no": {
        "formal": lines("(¿Puedo conocer el motivo?|¿Por qué razón?|¿A qué se debe?)"),
        "neutral": lines("(¿Por qué?|¿Y eso por qué?|¿A qué se debe?|¿Cuál es el motivo?)"),
        "casual": lines("(¿Y eso?|¿Pero por qué?|¿Cómo que no?|¿Por qué, a ver?)"),
        "slang": lines("(y eso?|pero xq?|como asi?)"),
    },
    "check": {
        "formal": lines("(¿Puede confirmarme que queda anotado?|¿Es definitivo?|¿Puedo darlo por confirmado?|¿Queda constancia?)"),
        "neutral": lines(
            "(¿Lo ha apuntado bien?|Solo para asegurarme, ¿queda anotado?|¿Seguro?|¿Y es definitivo?|¿Me lo puede confirmar?|¿Eso es seguro, sí?)"
        ),
        "casual": lines("(¿Lo tienes, no?|¿Seguro seguro?|Solo por asegurarme, ¿apuntado?|¿Queda fijo, sí?)"),
        "slang": lines("(lo tienes no?|seguro?|apuntado no?|fijo?)"),
    },
    "repeat": {
        "formal": lines("(Como digo|Repito|Una vez más, para que quede claro): {core}."),
        "neutral": lines("(Como digo|Lo repito|Otra vez|Vuelvo a decirlo): {core}."),
        "casual": lines("(Lo que te digo|Repito|Otra vez): {core}."),
        "slang": lines("(lo q te digo|repito|otra vez): {core}"),
    },
    "acknowledge": {
        "formal": lines(
            "(Espero que comprenda lo que supone para mí.|Un poco de comprensión sería de agradecer.|¿Entiende por qué me preocupa?)"
        ),
        "neutral": lines(
            "(¿Entiende lo molesto que es esto?|Espero que se ponga en mi lugar.|Estaría bien que alguien escuchara.|Solo quiero que me tomen en serio.)"
        ),
        "casual": lines(
            "(¿Entiendes por qué molesta, no?|Estaría bien que alguien escuchara.|¿Ves mi problema?|Solo quiero que me hagan caso.)"
        ),
        "slang": lines("(entiendes xq molesta no?|alguien escucha?|ves el problema?)"),
    },
    "compare": {
        "formal": lines(
            "(En otros sitios es cuestión de instantes.|Otras empresas lo resuelven sin dificultad.|Su competencia lo gestiona de otro modo.)"
        ),
        "neutral": lines(
            "(En otros sitios lo hacen enseguida.|Con mi compañía anterior esto era fácil.|Otros lo hacen sin problema.|La competencia lo hace, por cierto.)"
        ),
        "casual": lines(
            "(En otros sitios lo hacen y ya.|Los de antes lo hacían sin problema.|Todo el mundo lo hace bien menos aquí.|A una amiga se lo hicieron enseguida en otro lado.)"
        ),
        "slang": lines("(en otros sitios lo hacen y ya|los de antes lo hacian sin drama|todos lo hacen menos aki)"),
    },
    "limits": {
        "formal": lines(
            "(¿No podría hacerse una excepción?|¿Y si me niego?|¿No hay manera de evitarlo?|¿Quién lo notaría si lo omitimos?)"
        ),
        "neutral": lines(
            "(¿No puede hacer una excepción?|¿Y si simplemente no lo hago?|¿No se puede saltar eso?|¿Qué pasa si lo dejamos fuera?|Si nadie se va a enterar, ¿no?)"
        ),
        "casual": lines("(¿No te puedes saltar eso?|¿Y si no lo hago, qué?|Venga, nadie se entera.|¿No puedes hacer la vista gorda?)"),
        "slang": lines("(no te lo puedes saltar?|y si no lo hago q jaja|nadie se entera venga)"),
    },
    "sorry": {
        "formal": lines("(Disculpe las molestias:|Le ruego que me disculpe,|Perdone que le moleste:|Mis disculpas,)"),
        "neutral": lines(
            "(Perdón,|Disculpe,|Perdone la molestia:|Lo siento,|Perdón si es una tontería:|Disculpe, sé que anda con trabajo:)"
        ),
        "casual": lines("(Perdona,|Perdón,|Perdona la lata:|Ay, perdón,|Perdona si es una tontería:)"),
        "slang": lines("(sorry,|perdon,|perdona la lata,|culpa mia,)"),
    },
    "novice": {
        "formal": lines(
            "(Me temo que no entiendo de estas cosas.|Le ruego que me lo explique con sencillez.|Estos asuntos técnicos se me escapan.)"
        ),
        "neutral": lines(
            "(Yo de esto no entiendo.|Explíquemelo fácil, por favor.|No sé cómo se llama exactamente.|Es la primera vez que hago esto.|Normalmente me lo hace mi hija.)"
        ),
        "casual": lines("(No tengo ni idea de estas cosas.|Explícamelo facilito, porfa.|Nunca he hecho esto.|No sé ni cómo se llama.)"),
        "slang": lines("(no se nada de esto|nunca hice esto|explicalo facil porfa|ni se como se llama)"),
    },
    "expert": {
        "formal": lines(
            "(Conozco el procedimiento, podemos omitir lo básico.|Puede ser breve, conozco el proceso.|Ya he realizado los pasos habituales.)"
        ),
        "neutral": lines(
            "(Ya sé cómo funciona, podemos saltar lo básico.|Los pasos habituales ya los hice.|Conozco el proceso, dígame solo qué falta.)"
        ),
        "casual": lines("(Ya sé cómo va.|Lo típico ya lo probé.|Lo básico te lo puedes saltar.|Conozco el proceso.)"),
        "slang": lines("(ya se como va|lo tipico ya lo hice|saltate lo basico)"),
    },
    "unknown_novice": {"any": lines("(¿Eso pone en algún papel?|¿Dónde estaría eso?|¿Viene en alguna carta?|¿Cómo es eso?)")},
    "unknown_expert": {
        "any": lines(
            "(¿Se puede buscar de otra forma?|¿Sirve otro identificador?|Debería constar en el sistema.|¿Eso no lo tienen ustedes?)"
        )
    },
}

_PADDING: dict[str, Cell] = {
    "verbose": {
        "formal": lines(
            "(Quisiera dejarlo bien resuelto.|Lo he meditado antes de escribir.|Confío en que con esto sea suficiente.|Prefiero explicar las cosas por completo.)"
        ),
        "neutral": lines(
            "(Quería resolverlo antes de que se me olvide otra vez.|Pensé que lo mejor era preguntar directamente.|Busqué en la página y no encontré nada.|Espero que se entienda como lo cuento.|Prefiero explicarlo bien a dejarme algo.)"
        ),
        "casual": lines(
            "(Llevo siglos queriendo hacer esto.|En la web no encontré nada.|Espero que se entienda jaja.|Pensé, mejor pregunto directo.)"
        ),
        "slang": lines("(llevo siglos queriendo hacerlo|en la web no sale nada|espero q se entienda jaja|mejor pregunto directo)"),
    },
    "ramble": {
        "formal": lines("(por dónde iba, sí,|como suele pasar,|y demás,|pero me desvío,)"),
        "neutral": lines(
            "(por dónde iba, ah sí,|bueno, es largo de contar,|ya sabe cómo es esto,|y una cosa llevó a la otra,|me enrollo, en fin,)"
        ),
        "casual": lines("(bueno, es largo de contar,|ya sabes cómo es,|por dónde iba,|pero bueno, en fin,)"),
        "slang": lines("(bueno es largo,|ya sabes,|pero bueno,|en fin,)"),
    },
    "aside_lead": {
        "formal": lines("(Dicho sea de paso:|Por otro lado:|A propósito:)"),
        "neutral": lines("(Por cierto:|Aunque no venga al caso:|Ah,|Y que conste:)"),
        "casual": lines("(Por cierto:|No viene a cuento, pero:|Ah,|Oye:)"),
        "slang": lines("(x cierto:|ah,|no viene a cuento pero:)"),
    },
    "aside": {
        "any": lines("""
            (Aquí está lloviendo a mares.|Los vecinos están otra vez con el taladro.|Se me ha enfriado el café.|En casa alguien ensaya la trompeta.|Tendría que estar cocinando.)
            (El autobús llegó tarde, cómo no.|El perro quiere salir, típico.|No encuentro las gafas.)"""),
    },
    "aside_back": {
        "formal": lines("(Pero volvamos al asunto.|Aunque eso no viene al caso.)"),
        "neutral": lines("(En fin.|Pero bueno.|Bueno, a lo que iba.|Volviendo al tema.)"),
        "casual": lines("(En fin.|Pero bueno.|A lo que iba.|Bueno, eso.)"),
        "slang": lines("(en fin|pero bueno|a lo q iba)"),
    },
    "interruption": {
        "formal": lines("(Un momento, el teléfono. - Ya estoy de vuelta.|Disculpe, llamaban a la puerta. Bien.)"),
        "neutral": lines(
            "(Perdón, un segundo, la puerta... ya.|Un momento, el teléfono... sí, siga.|Perdone, me hablaban. Bueno.|Espere, los niños... ya está.)"
        ),
        "casual": lines("(Un seg, la puerta... ya.|Espera, el móvil... vale.|Perdona, el niño gritando. Ya.|Espera, el perro. Ya estoy.)"),
        "slang": lines("(un seg, puerta.. ya|espera, el movil.. ya|brb.. ya|el perro.. ok ya)"),
    },
    "different": {"any": lines("(Lo digo de otra manera.|A ver de otra forma.|En otras palabras.|Dicho de otro modo.)")},
}

ACTS: Final[dict[str, Cell]] = {**_OPENING, **_ASKING, **_FACTS, **_REPLIES, **_ENDINGS, **_FEELING, **_TRAITS, **_PADDING}

_FRAMES: dict[str, tuple[str, ...]] = {
    "name": ("Me llamo {value}.", "Mi nombre es {value}.", "Está a nombre de {value}.", "Soy {value}.", "Nombre: {value}."),
    "date_of_birth": ("Fecha de nacimiento: {value}.", "Mi fecha de nacimiento es {value}.", "De nacimiento, {value}."),
    "phone": ("Mi número es {value}.", "Mi teléfono es {value}.", "Teléfono: {value}.", "Me pueden llamar al {value}."),
    "email": ("Mi correo es {value}.", "Correo: {value}.", "El correo es {value}.", "Me pueden escribir a {value}."),
    "address": ("Mi dirección es {value}.", "Vivo en {value}.", "Dirección: {value}."),
    "postcode": ("El código postal es {value}.", "Código postal {value}.", "CP {value}."),
    "account_number": ("El número de cuenta es {value}.", "Cuenta {value}.", "Mi cuenta es la {value}."),
    "card": ("La tarjeta es {value}.", "Mi tarjeta: {value}.", "Es la tarjeta {value}."),
    "customer_number": ("Mi número de cliente es {value}.", "Número de cliente {value}.", "Como cliente tengo el {value}."),
    "order_number": ("El número de pedido es {value}.", "Pedido {value}.", "Es el pedido {value}."),
    "booking_reference": ("El localizador es {value}.", "Reserva {value}.", "La reserva es {value}.", "El código de reserva es {value}."),
    "policy_number": ("El número de póliza es {value}.", "Póliza {value}.", "En la póliza pone {value}."),
    "insurance": ("Mi seguro es {value}.", "Tengo {value}.", "Seguro: {value}."),
    "insurance_number": ("Mi número de seguro es {value}.", "Número de seguro {value}.", "En la tarjeta pone {value}."),
    "doctor": ("Siempre me atiende {value}.", "El médico es {value}.", "La cita era con {value}."),
    "appointment": ("Mi cita es {value}.", "Es la cita de {value}.", "Cita: {value}."),
    "date": ("La fecha sería {value}.", "Fecha: {value}.", "Para {value}."),
    "time": ("Hora: {value}.", "Mejor {value}.", "{value} estaría bien."),
    "preferred_date": ("{value} me vendría bien.", "A ser posible {value}.", "Preferiría {value}."),
    "preferred_time": ("{value} me vendría bien.", "A ser posible {value}.", "Preferiría {value}."),
    "amount": ("El importe es {value}.", "Son {value}.", "En total {value}."),
    "destination": ("Voy a {value}.", "El destino es {value}.", "Destino: {value}."),
    "origin": ("Salgo de {value}.", "Desde {value}.", "Origen: {value}."),
    "travellers": ("Somos {value}.", "Viajamos {value}.", "Viajeros: {value}."),
    "reason": ("El motivo es este: {value}.", "Motivo: {value}.", "Es por {value}."),
    "symptom": ("Tengo {value}.", "Lo que me pasa: {value}.", "Síntomas: {value}."),
    "product": ("Es {value}.", "El producto es {value}.", "Uso {value}."),
    "version": ("Versión {value}.", "Es la versión {value}.", "Pone versión {value}."),
    "device": ("El aparato es {value}.", "Uso {value}.", "Dispositivo: {value}."),
    "operating_system": ("Tengo {value}.", "El sistema es {value}.", "Sistema: {value}."),
    "browser": ("Uso {value}.", "El navegador es {value}.", "Con {value}."),
    "error": ("Pone {value}.", "El mensaje dice: {value}.", "Solo sale {value}."),
    "plan": ("Tengo el plan {value}.", "Mi plan es {value}.", "Plan: {value}."),
    "username": ("Mi usuario es {value}.", "Usuario: {value}.", "Entro como {value}."),
    "company": ("Soy de {value}.", "La empresa es {value}.", "Empresa: {value}."),
    "city": ("En {value}.", "Estoy en {value}.", "Ciudad: {value}."),
    "department": ("El departamento es {value}.", "Departamento: {value}.", "{value}, creo que se llama."),
    "budget": ("Presupuesto: {value}.", "Puedo gastar {value}.", "No más de {value}, a ser posible."),
}

WORDS: Final = Words(
    facts=_FRAMES,
    labels={
        "name": "nombre", "date_of_birth": "fecha de nacimiento", "phone": "teléfono", "email": "correo", "address": "dirección",
        "postcode": "código postal", "account_number": "número de cuenta", "card": "tarjeta", "customer_number": "número de cliente",
        "order_number": "número de pedido", "booking_reference": "código de reserva", "policy_number": "número de póliza",
        "insurance": "seguro", "insurance_number": "número de seguro", "doctor": "médico", "appointment": "cita", "date": "fecha",
        "time": "hora", "preferred_date": "fecha preferida", "preferred_time": "hora preferida", "amount": "importe",
        "destination": "destino", "origin": "origen", "travellers": "viajeros", "reason": "motivo", "symptom": "síntomas",
        "product": "producto", "version": "versión", "device": "dispositivo", "operating_system": "sistema operativo",
        "browser": "navegador", "error": "mensaje de error", "plan": "plan", "username": "usuario", "company": "empresa", "city": "ciudad",
        "department": "departamento", "budget": "presupuesto", "pin": "PIN", "password": "contraseña", "referral_code": "código de derivación",
        "invoice_number": "número de factura",
    },
    starters=word_set(
        "puede puedo podría podrían pueden puedes qué cómo cuándo dónde quién cuál por es son está están hay tiene tengo quiero quisiera"
        " necesito mi mis el la los las un una me se lo le no sí si ya y o pero también para con de del en al antes esto eso este esta sale"
        " mejor dije te entonces como"
    ),
    wish=r"^(?:(?:hola|buenas|buenos días)[,!. ]+)?(?:(?:quisiera|quiero|querría|me gustaría|necesito) saber|quisiera|quiero|querría|me gustaría|necesito|tengo que|¿?(?:me )?(?:puede|podría|puedes|pueden|podrían)"
    r"|por favor)\s+",
    detail=r",\s|\s(?=(?:de|del|desde|para|porque|desde|con|el|al|hasta|antes|después|en|pero|y|que|si|cuando|por)\s)",
    topic=r"\b((?:mis?|nuestr[oa]s?|el|la|un|una)\s+(?!(?:momento|poco|otro|otra|próxim\w+|misma?|cosa|que)\b)[a-záéíóúñ]{3,})",
    fillers=("eh", "este", "bueno", "pues", "o sea", "mmm", "a ver", "digamos", "como que"),
    homophones={
        "hay": "ahí", "ahí": "hay", "haber": "a ver", "vez": "ves", "ves": "vez", "haya": "halla", "hecho": "echo", "valla": "vaya",
        "tuvo": "tubo", "cita": "sita", "hasta": "asta", "hola": "ola", "has": "as", "sino": "si no", "porque": "por que", "casa": "caza",
        "hacer": "aser", "voy": "boy", "también": "tan bien", "rebelar": "revelar",
    },
    joiner="y",
    run_on=(", y ", ", y bueno, ", ", así que ", ", y también ", ", ah y "),
)  # fmt: skip
