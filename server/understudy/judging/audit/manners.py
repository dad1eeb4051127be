"""What an agent says and a user does not, and how users agree and take their leave: patterns in English, German and Spanish.

Wider than the patterns of the reply guard, because here one hit alone decides nothing.
"""

from __future__ import annotations

import re

__all__ = ["AGREES", "GOODBYE", "SERVES"]

_DONE = (
    "booked rescheduled cancelled canceled updated processed issued refunded blocked moved changed scheduled reserved registered confirmed"
)
_DONE_EN = "|".join(_DONE.split())
_DONE_DE = "gebucht|verschoben|storniert|geändert|gesperrt|eingetragen|bestätigt"
_DONE_ES = "reservado|cancelado|cambiado|actualizado|bloqueado|movido|reprogramado|confirmado"
_YOURS = "full name|name|e-?mail|phone|account|order|date of birth|booking|policy"
_SOME_DE = r"(?:[\wäöüß.-]+ ){0,5}"

_SERVES_EN = (
    rf"\bi(?:'ve| have) (?:now |just |successfully )?(?:{_DONE_EN}) (?:your|it for you|the \w+ for you)\b",
    rf"\byour (?:\w+ ){{1,3}}(?:has|have) been (?:{_DONE_EN})\b",
    r"\bi can offer you\b|\bi(?:'ll| will) (?:book|process|update|arrange) (?:that|it|this) for you\b",
    rf"\b(?:could|can|may) i (?:please )?have your (?:{_YOURS})",
    rf"\b(?:please provide|could you (?:please )?provide|can you confirm) your (?:{_YOURS})",
    r"\bhow (?:can|may) i (?:help|assist) you\b|\banything else i can (?:help|assist|do)\b|\bi(?:'m| am) here to (?:help|assist)\b",
    r"\b(?:we|i) apologi[sz]e for (?:the|any) inconvenience\b|\b(?:thank you|thanks) for (?:contacting|calling|choosing) us\b",
)
_SERVES_DE = (
    rf"\bich habe (?:ihren?|ihre|das für sie|es für sie) {_SOME_DE}(?:{_DONE_DE})",
    rf"\bihre? (?:[\wäöüß.-]+ ){{1,3}}(?:wurde|ist) (?:erfolgreich )?(?:{_DONE_DE})\b",
    rf"\bich kann ihnen {_SOME_DE}anbieten\b|\bwie (?:kann|darf) ich ihnen (?:weiter)?(?:helfen|behilflich)",
    r"\bkann ich ihnen sonst noch\b|\bnennen sie mir bitte ihre?n?\b|\bwir entschuldigen uns für die unannehmlichkeiten\b",
)
_SERVES_ES = (
    rf"\bhe (?:{_DONE_ES}) su\b|\bsu (?:\w+ ){{1,3}}ha sido \w+ad[oa]\b",
    r"\ble puedo ofrecer\b|\bpuedo ofrecerle\b|\ben qué (?:le )?puedo ayudar|\bhay algo más en (?:lo )?que pueda ayudar",
    r"\b(?:me puede|podría) (?:indicar|facilitar|confirmar|dar) su (?:nombre|correo|teléfono|número|fecha)",
)
SERVES = re.compile("|".join((*_SERVES_EN, *_SERVES_DE, *_SERVES_ES)), re.IGNORECASE)
"""Speech of whoever serves: it has done something for the other, offers, asks for particulars."""

_LEADS = r"^\W*(?:(?:ok(?:ay)?|oh|ah|alright|all right|well)[\s,!.]+)?"
_AGREES_EN = (
    r"(?:many )?thanks?\b|thank you|great\b|perfect\b|sure\b|of course\b|absolutely\b|wonderful\b|excellent\b|awesome\b|got it\b",
    r"sounds good|no problem|i (?:really )?appreciate|that(?:'s| is) (?:great|perfect|very helpful)",
)
_AGREES_DE = (r"danke|vielen dank|super\b|perfekt\b|klar\b|gerne?\b|wunderbar|natürlich\b|alles klar|kein problem",)
_AGREES_ES = (r"(?:muchas )?gracias|perfecto\b|genial\b|claro\b|por supuesto|estupendo\b|excelente\b|sin problema",)
AGREES = re.compile(f"{_LEADS}(?:{'|'.join((*_AGREES_EN, *_AGREES_DE, *_AGREES_ES))})", re.IGNORECASE)
"""A message that opens with thanks or agreement."""

GOODBYE = re.compile(
    r"\b(?:good ?bye|bye(?:[ -]bye)?|have a (?:nice|good|great|lovely) (?:day|evening|one|weekend)|take care|see you|until then|tschüss|"
    r"auf wiedersehen|schönen tag|bis dann|adiós|hasta luego|que tenga un buen día|buen día|chao)\b[\s!.,]*\W*$",
    re.IGNORECASE,
)
"""A message that ends in a farewell."""
