"""What the bank agent can read and say."""

from __future__ import annotations

from understudy.demo.nlu import pattern, word_set
from understudy.demo.speech import Phrases

__all__ = ["PHRASES", "PURPOSES", "QUESTIONS", "VOCABULARY", "WISHES"]

VOCABULARY = word_set(
    """card cards block blocked blocking freeze lost stolen replacement replace second additional extra another declined
    decline rejected refused limit raise raised raising increase foreign transaction abroad cash withdraw monthly fees cost
    costs human person people someone somebody speak talk adviser advisor travel insurance included payments fraud refund
    deliver delivery address arrive arrives long takes instead actually forget never mind sorry please thanks goodbye sister
    brother wife husband payment tarjeta bloquear bloquéela bloqueada perdido perdida nueva reemplazo comisión
    extranjero límite dirección persona hablar tarda cuánto gracias también necesito rechazada robado robada adiós"""
)

WISHES = {
    "extra": pattern(
        r"\b(?:second|additional|extra)_card\b|\b(?:another|a)_card_for_(?:my|a)\b|\b(?:segunda|otra)_tarjeta_para\b|\btarjeta_adicional\b"
    ),
    "block": pattern(
        r"""\bblock\w*|\bfreez\w+_(?:it|my|the|card)\b|\blost_(?:it|(?:my|the)_(?:\w+_)?card)\b|\b(?:card_is|card's
        |it's)_(?:gone|missing|stolen|lost)\b|\bcard_(?:has_been|was)_(?:stolen|lost)\b
        |\bstole_my\b|\bmissing_card\b|\bbloque\w+|\bbloqué\w+|\bhe_perdido\b|\bperdí\b|\bme_han_robado\b"""
    ),
    "replace": pattern(
        r"""\breplacement\w*|\bnew_(?:card|one)\b|\banother_card\b|\breplace_(?:it|my|the)\b|\btarjeta_nueva\b
        |\bnueva_tarjeta\b|\botra_tarjeta\b|\breemplazo\b|\bduplicado\b"""
    ),
    "limit": pattern(
        r"""\b(?:rais\w*|increas\w*|lift\w*|up)_(?:[\w']+_){0,4}limit\b|\bhigher_limit\b|\blimit_(?:\w+_){0,2}(?:raised
        |up|higher|increased)\b|\b(?:subir|suba|aumentar|aumente)_(?:\w+_){0,3}límite\b"""
    ),
}

# Particular questions come before general ones: each uses up its whole thought.
QUESTIONS = {
    "why": pattern(
        r"""\bwhy_(?:do|would|must)_(?:you|i)_(?:need|ask|want|have|say|tell)\b|\bwhat_(?:do_you_need|is)_(?:that|this
        |it)_for\b|\bpor_qué_(?:necesita|pregunta|quiere)\b|\bpara_qué\b"""
    ),
    "extra_fee": pattern(
        r"""\b(?:costs?|fee|price|charge|how_much|free)\b.*\b(?:second|additional|extra)_card\b.*|\b(?:second|additional
        |extra)_card\b.*\b(?:costs?|fee|charge|free)\b.*|\bcuesta\b.*\b(?:segunda|adicional)\b.*"""
    ),
    "replacement_fee": pattern(
        r"""\b(?:costs?|fee|price|charge|how_much|free)\b.*\b(?:replacement|new_card)\b.*|\b(?:replacement
        |new_card)\b.*\b(?:costs?|fee|charge|free)\b.*|\b(?:cuesta|coste)\b.*\b(?:nueva|reemplazo)\b.*"""
    ),
    "limit_fee": pattern(
        r"\b(?:costs?|fee|charge|free)\b.*\blimit\b.*|\blimit\b.*\b(?:costs?|fee|charge|free)\b.*|\bcuesta\b.*\blímite\b.*"
    ),
    "delivery": pattern(
        r"""\bhow_long\b.*\b(?:card|take|takes|arrives?|until)\b.*|\bwhen_(?:will|does|do)_(?:[\w']+_){0,4}(?:arrive
        |come|get|have)\b.*|\b(?:cuánto_tarda\w*|cuándo_(?:llega|llegará))\b.*"""
    ),
    "cash": pattern(r"\b(?:cash|atm|withdraw\w*|take_out_money)\b.*|\b(?:efectivo|cajero)\b.*"),
    "foreign_fee": pattern(
        r"""\bforeign\b.*|\btransaction_fees?\b.*|\bfees?\b.*\b(?:abroad|currenc\w+|overseas)\b.*|\b(?:pay|paying|cost
        |costs|charge|per_cent|percent)\b.*\b(?:abroad|overseas)\b.*|\b(?:comisión|comisiones)\b.*"""
    ),
    "monthly_fee": pattern(
        r"\bmonthly_(?:fee|cost|charge)\b.*|\b(?:fee|costs?|charge|pay)\b.*\b(?:a|per|every|each)_month\b.*|\bcuota\b.*"
    ),
    "insurance": pattern(r"\b(?:travel_)?insurance\b.*|\bseguro_de_viaje\b.*"),
    "refund": pattern(
        r"""\b(?:pay|paid|paying)_(?:\w+_)?back\b.*|\brefund\w*\b.*|\b(?:did_not|didn't)_make\b.*|\b(?:liable
        |who_pays)\b.*|\bfraud\w*\b|\bdevuelv\w+\b.*|\bfraude\b"""
    ),
    "trust": pattern(
        r"""\bis_this_(?:\w+_)?(?:safe|secure|genuine|real)\b.*|\bhow_(?:do|can)_i_(?:know|be_sure|trust)\b.*
        |\bare_you_(?:really|actually|a_real|genuinely)_\w+.*|\bscam\w*\b|\bes_seguro\b.*"""
    ),
    "price": pattern(r"\b(?:fees?|costs?|prices?|charges?)\b|\b(?:cuesta|precio|coste)\b"),
    "decline": pattern(
        r"""\bdeclin\w+|\breject\w+|\bwas_refused\b|\b(?:didn't|did_not|doesn't|does_not|won't|not|isn't|is_not)_(?:work
        |working|go_through|accepted)\b|\brechaz\w+|\bno_funciona\b"""
    ),
    "confirm": pattern(
        r"""\bare_you_(?:\w+_)?sure\b|\bis_(?:that|it|this)_(?:really_|definitely_|all_)*(?:right|correct|sorted|done
        |sure|settled|final|booked|confirmed|certain|going_to)\b|\bdouble-?_?check\b
        |\bjust_to_(?:check|confirm|be_sure)\b|\bthat's_(?:right|correct|settled),?_(?:is_it|yes|isn't_it)\b
        |\bes_(?:correcto|seguro)\b|\bseguro_que\b"""
    ),
}

PURPOSES = {
    "decline": {"en": "look up why your card was declined", "es": "ver por qué se rechazó su tarjeta"},
    "block": {"en": "block your card", "es": "bloquear su tarjeta"},
    "replace": {"en": "send you a replacement card", "es": "enviarle una tarjeta nueva"},
    "limit": {"en": "raise your daily limit", "es": "subir su límite diario"},
    "extra": {"en": "order the second card", "es": "pedir la segunda tarjeta"},
}

PHRASES: Phrases = {
    "greet": {
        "en": (
            "Hello, this is Northgate Bank. I can help with cards, limits, fees and payments. What can I do for you?",
            "I am not sure that I understand. Is it about a lost card, a declined payment, a fee or a second card?",
            "Sorry, I did not follow. Would you tell me in other words what you need?",
        ),
        "es": (
            "Hola, soy el asistente de Northgate Bank. Puedo ayudarle con tarjetas, límites y comisiones. ¿Qué necesita?",
            "No estoy seguro de haber entendido. ¿Se trata de una tarjeta perdida, de un pago o de una comisión?",
            "Perdone, no le he entendido. ¿Me lo puede decir con otras palabras?",
        ),
    },
    "sorry": {"en": ("I am sorry for the trouble.",), "es": ("Siento mucho las molestias.",)},
    "identity": {
        "en": (
            "I'd be glad to {purpose}. Could you tell me your full name and the last four digits of your card, please?",
            "To {purpose}, I still need your full name and the last four digits of your card.",
        ),
        "es": (
            "Con gusto puedo {purpose}. ¿Me dice su nombre y las últimas cuatro cifras de la tarjeta, por favor?",
            "Para {purpose}, todavía necesito su nombre y las últimas cuatro cifras de la tarjeta.",
        ),
    },
    "name": {
        "en": ("Thank you. And what is your full name?", "I still need your full name to find your account."),
        "es": ("Gracias. ¿Y cómo se llama usted?", "Todavía necesito su nombre."),
    },
    "last_four_digits": {
        "en": ("Thank you. And what are the last four digits of your card?", "I still need the last four digits of your card."),
        "es": (
            "Gracias. ¿Y cuáles son las últimas cuatro cifras de la tarjeta?",
            "Todavía necesito las últimas cuatro cifras de la tarjeta.",
        ),
    },
    "address": {
        "en": ("To which address shall I send the replacement card?", "I need a street and a house number: which address is it?"),
        "es": ("¿A qué dirección envío la tarjeta nueva?", "Necesito la calle y el número: ¿qué dirección es?"),
    },
    "holder": {
        "en": (
            "Who will hold the second card? Please write it just as it should stand on the card.",
            "I need the first and last name for the second card: who will hold it?",
        ),
        "es": (
            "¿Quién usará la segunda tarjeta? Escríbalo tal como debe aparecer en ella.",
            "Me falta la persona: ¿quién usará la segunda tarjeta?",
        ),
    },
    "decline": {
        "en": (
            (
                "Your card was declined because the payment went over your daily limit of 500 euros. You did nothing wrong, "
                "and the card itself is fine."
            ),
            "The reason for the declined payment is the daily limit of 500 euros: the payment was above it.",
        ),
        "es": (
            "Su tarjeta fue rechazada porque el pago superaba su límite diario de 500 euros. La tarjeta está bien.",
            "El motivo es el límite diario de 500 euros: el pago era más alto.",
        ),
    },
    "offer_limit": {
        "en": ("I can raise the limit for you if you like.",),
        "es": ("Si quiere, puedo subir el límite.",),
    },
    "limit": {
        "en": ("I have raised your daily limit to 2,000 euros, so your card works again.",),
        "es": ("He subido su límite diario a 2.000 euros; su tarjeta vuelve a funcionar.",),
    },
    "limit_stands": {
        "en": ("Yes, your daily limit is raised to 2,000 euros.", "I can confirm it: the limit is raised, to 2,000 euros a day."),
        "es": ("Sí, su límite diario es ahora de 2.000 euros.", "Lo confirmo: he subido el límite a 2.000 euros."),
    },
    "block": {
        "en": ("I have blocked your card. Nobody can pay with it any more.",),
        "es": ("He bloqueado su tarjeta: está bloqueada desde este momento y nadie puede pagar con ella.",),
    },
    "block_stands": {
        "en": ("Yes, your card is blocked.", "I can confirm that the card is blocked."),
        "es": ("Sí, su tarjeta está bloqueada.", "Lo confirmo: la tarjeta está bloqueada."),
    },
    "offer_replacement": {
        "en": ("Would you like a replacement card? It is free of charge.",),
        "es": ("¿Quiere una tarjeta nueva? Es gratuita.",),
    },
    "replace": {
        "en": ("I have ordered your replacement card. It goes to {address} by post.",),
        "es": ("Su tarjeta nueva ya está pedida y va por correo a {address}.",),
    },
    "replace_stands": {
        "en": (
            "Yes, your replacement card is ordered and goes to {address}.",
            "I can confirm it: I have ordered the replacement card to {address}.",
        ),
        "es": (
            "Sí, la tarjeta nueva está pedida, a esta dirección: {address}.",
            "Lo confirmo: ya está pedida la tarjeta nueva, y va a {address}.",
        ),
    },
    "readdress": {
        "en": ("I have changed the address: your replacement card now goes to {address}.",),
        "es": ("He cambiado la dirección: su tarjeta nueva se envía ahora a {address}.",),
    },
    "extra": {
        "en": ("I have ordered the second card for {holder}.",),
        "es": ("La segunda tarjeta para {holder} ya está pedida.",),
    },
    "extra_stands": {
        "en": ("Yes, the second card for {holder} is ordered.", "I can confirm that I have ordered it, the card for {holder}."),
        "es": ("Sí, la segunda tarjeta para {holder} está pedida.", "Lo confirmo: ya está pedida la tarjeta para {holder}."),
    },
    "on_file": {"en": ("the address that we have on file",), "es": ("la dirección que tenemos",)},
    "why": {
        "en": ("I ask because I need it to find the right account. I never ask for secret codes.",),
        "es": ("Lo pregunto para encontrar la cuenta correcta. Nunca pido claves secretas.",),
    },
    "extra_fee": {
        "en": ("The second card costs 12 euros a year.",),
        "es": ("La segunda tarjeta cuesta 12 euros al año.",),
    },
    "replacement_fee": {
        "en": ("A replacement card costs nothing: it is free of charge.",),
        "es": ("La tarjeta nueva no cuesta nada: es gratuita.",),
    },
    "limit_fee": {
        "en": ("Raising the limit costs nothing: it is free of charge.",),
        "es": ("Subir el límite no cuesta nada.",),
    },
    "delivery": {
        "en": ("It takes five working days until the card arrives by post.",),
        "es": ("La tarjeta nueva tarda cinco días laborables en llegar por correo.",),
    },
    "cash": {
        "en": ("To take out cash abroad costs 3 euros each time.",),
        "es": ("Sacar efectivo en el extranjero cuesta 3 euros cada vez.",),
    },
    "foreign_fee": {
        "en": (
            "The foreign transaction fee is 1.75 % of the amount, for every card.",
            "As I said, the fee for a foreign transaction is 1.75 %.",
        ),
        "es": ("La comisión por pagos en otra moneda es del 1,75 % del importe, con todas las tarjetas.",),
    },
    "monthly_fee": {
        "en": ("There is no monthly fee for Northgate Basic and Northgate Student; Northgate Silver costs 6 euros a month.",),
        "es": ("Northgate Basic y Northgate Student no tienen cuota mensual; Northgate Silver cuesta 6 euros al mes.",),
    },
    "price": {
        "en": ("Northgate Basic and Student cost nothing, and Silver costs 6 euros a month; a replacement card is free of charge.",),
        "es": ("Northgate Basic y Student no cuestan nada; Silver cuesta 6 euros al mes; la tarjeta de reemplazo es gratuita.",),
    },
    "insurance": {
        "en": ("Travel insurance is included with Northgate Silver, and not with the other cards.",),
        "es": ("El seguro de viaje está incluido con Northgate Silver, no con las otras tarjetas.",),
    },
    "refund": {
        "en": ("The bank will pay back any payments that you did not make.",),
        "es": ("El banco le devuelve los pagos que usted no haya hecho.",),
    },
    "trust": {
        "en": ("This is the real chat of Northgate Bank, and it is safe: I never ask for secret codes.",),
        "es": ("Este es el chat oficial de Northgate Bank y es seguro: nunca pido claves secretas.",),
    },
    "human": {
        "en": ("Of course. I am passing you to an adviser now, a colleague who takes over from here.",),
        "es": ("Por supuesto. Le paso ahora con una asesora, una persona que le atiende desde aquí.",),
    },
    "handed_over": {
        "en": ("Our adviser has your request and will be with you in a moment.",),
        "es": ("Nuestra asesora tiene su petición y le atiende en un momento.",),
    },
    "more": {
        "en": ("Is there anything else I can do for you?", "Can I help you with anything else?", "Is there anything more you need today?"),
        "es": ("¿Puedo ayudarle en algo más?", "¿Necesita alguna otra cosa?", "¿Tiene alguna otra pregunta?"),
    },
    "go_ahead": {
        "en": (
            "Gladly. How can I help?",
            "Yes, what can I do for you?",
            "Of course. What would you like me to do?",
            "It can be about a card, a limit or a fee: what shall we look at?",
        ),
        "es": (
            "Con gusto. ¿En qué puedo ayudarle?",
            "Sí, ¿cómo puedo ayudarle?",
            "Claro. ¿En qué le puedo ayudar?",
            "Puede ser una tarjeta, un límite o una comisión: ¿qué le interesa?",
        ),
    },
    "thanks": {"en": ("You are welcome.", "My pleasure."), "es": ("De nada.", "Con mucho gusto.")},
    "goodbye": {
        "en": ("You are welcome. Have a good day, goodbye!", "Thank you for writing to us. Goodbye!", "All the best, and goodbye!"),
        "es": ("De nada. ¡Que tenga un buen día, adiós!", "Gracias por escribirnos. ¡Hasta pronto!"),
    },
}
