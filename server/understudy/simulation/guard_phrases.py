"""What only a machine or an agent says: patterns for the reply guard, in English, German and Spanish.

Each pattern is as narrow as it can be. Real users quote agents, call them machines, ask them to play a role, work with
simulations and write to support about language models.
"""

from __future__ import annotations

from understudy.text.rarities import Rarities

__all__ = ["AGENT_TALK", "META"]

_AI_EN = r"(?:ai|llm|(?:ai |large )?language model|virtual assistant|chat ?bot|(?:user )?simulator)(?: (?:model|assistant))?"
_AI_DE = r"(?:ki|künstliche intelligenz|sprachmodell|virtueller assistent|chatbot)"
_AI_ES = r"(?:ia|inteligencia artificial|modelo de lenguaje|asistente virtual)"
_STOP = r"(?=\s*(?:[.,!;:)]|and\b|so\b|but\b|und\b|aber\b|y\b|pero\b|$))"
"""After `I am an AI`, so that `I am an AI engineer` is left alone."""
_TOLD_TO = r"\bi(?:'m| am| was|'ve been| have been) (?:told|instructed|asked|supposed|meant) to"
_PUT_YOU = r"\b(?:i(?:'ll| will)|let me|i(?:'m| am) going to) (?:transfer|connect) you (?:to|with)"
_SPOKEN_TO = r"(?=\W*$|\W*[?!.])"

_META_EN = (
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|llm)(?: (?:language )?(?:model|assistant))?,? i\b",
    rf"\bi(?:'m| am) (?:just |only |actually )?(?:an? )?(?:simulated (?:user|customer|person)|{_AI_EN}{_STOP})",
    r"\b(?:according to|per|following) my (?:persona|system prompt|role|character|stage directions?)\b",
    r"\bmy (?:assigned )?persona (?:is|would|says|wants|has)\b",
    r"\bmy (?:system prompt|instructions?) (?:says?|tells? me|is|are) (?:to|that i should) (?:act|play|pretend|stay|be)\b",
    rf"{_TOLD_TO} (?:play the role|stay in character|role-?play)",
    rf"{_TOLD_TO} (?:act as|play|simulate|pretend to be) (?:an?|the|this) (?:part of|user|customer|persona|caller|human)",
    r"\b(?:staying|stay|remaining) in character\b",
    r"\b(?:in|for) this role-?play\b",
    r"^\W*(?:the |this )(?:simulated (?:user|customer|caller)|persona) (?:says|said|would|asks|is|wants|replies|responds|has)\b",
    r"^\W*here(?:'s| is) (?:the|my|a|what) (?:next )?(?:simulated )?(?:user|customer|persona)(?:'s)? (?:message|reply|turn|would)\b",
    r"\bhere(?:'s| is) (?:my|the|a) (?:next )?(?:message|reply|response) as (?:the|a) (?:user|customer|caller|persona)\b",
    r"\bi (?:can(?:'|no)t|cannot) (?:continue|engage in|participate in)(?: with)? (?:this|the) (?:role-?play|simulation)\b",
)
_META_DE = (
    r"\bals (?:ki|künstliche intelligenz|sprachmodell)(?:-\w+)?,? (?:kann|habe|bin|darf|möchte) ich\b",
    rf"\bich bin (?:nur |eigentlich )?(?:eine? )?(?:simulierte?r? (?:nutzer|kunde|person)\w*|{_AI_DE}{_STOP})",
    r"\bmeine persona\b|\b(?:laut|gemäß) meiner (?:persona|rolle|systemanweisung|regieanweisung)\b",
    r"\bin meiner rolle als (?:kunde|kundin|nutzer)",
)
_META_ES = (
    r"\bcomo (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje),? (?:no )?(?:puedo|tengo|soy|debo)\b",
    rf"\bsoy (?:solo |sólo )?(?:una? )?(?:usuario simulado|{_AI_ES}{_STOP})",
    r"\bmi (?:persona asignada|personaje asignado)\b|\bsegún mi (?:personaje|papel)\b",
)
META = Rarities((*_META_EN, *_META_DE, *_META_ES))
"""Talk of being simulated, in the first person."""

_AGENT_EN = (
    rf"\bhow (?:can|may|could) i (?:help|assist) you(?: today| with (?:that|this) today)?{_SPOKEN_TO}",
    r"\bwhat can i do for you(?: today)?\s*\?",
    r"\bis there (?:anything|something) else (?:that )?i can (?:help|assist|do)\b",
    r"\banything else i can (?:help|assist) (?:you )?with\b",
    r"\bi(?:'d| would|'ll| will) be (?:happy|glad|pleased) to (?:help|assist) you\b|\bi(?:'m| am) here to (?:help|assist) you\b",
    r"\b(?:thank you|thanks) for (?:contacting|calling|choosing|reaching out to) (?:us|our)\b",
    rf"{_PUT_YOU} (?:an?|our|one of our|the) (?:\w+ )?(?:agent|human|specialist|representative|team|department|colleague|advisor|operator)",
    r"\b(?:could|can|may) i have your (?:account number|order number|date of birth|booking reference|policy number)",
    r"\bas your (?:virtual |ai )?(?:assistant|agent)\b",
    r"\bi(?:'m| am) sorry,? but i(?: can(?:'|no)t| cannot|'m (?:not able|unable) to| am (?:not able|unable) to) assist\b",
)
_AGENT_DE = (
    rf"\bwie (?:kann|darf) ich (?:ihnen|dir) (?:heute |weiter)?(?:helfen|behilflich sein|weiterhelfen){_SPOKEN_TO}",
    r"\bkann ich (?:ihnen|dir) sonst noch (?:bei etwas |mit etwas |irgendwie )?(?:helfen|behilflich|weiterhelfen)",
    r"\bvielen dank für (?:ihren anruf|ihre (?:anfrage|kontaktaufnahme)) bei\b",
    r"\bich verbinde sie (?:jetzt |gleich |gerne )?mit (?:einem|einer|unserem|unserer)\b",
)
_AGENT_ES = (
    rf"\ben qué (?:le |te )?puedo (?:ayudar|servir)(?:le|te)?{_SPOKEN_TO}",
    r"\bhay algo más en (?:lo )?que (?:le |te )?pueda ayudar",
    r"\bgracias por (?:contactar|contactarnos|comunicarse con|llamar a) (?:nosotros|nuestro|nuestra)\b",
    r"\ble (?:transfiero|comunico|paso) con (?:un|una|nuestro|nuestra) (?:agente|asesora?|compañer[oa]|especialista|representante)",
)
AGENT_TALK = Rarities((*_AGENT_EN, *_AGENT_DE, *_AGENT_ES))
"""What agents say to users, and users not to agents."""
