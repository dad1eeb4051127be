"""Touches of dialect, register and second-language speech, as replacements of words."""

# ruff: noqa: E501
# Tables of words; shorter rows would only make them longer to read.
from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["DIALECTS", "accented", "chatted", "dialect_of", "simplified"]


class Touch(NamedTuple):
    """Replacements (whole words, case kept at the start), and tags that a speaker adds."""

    language: str
    words: Mapping[str, str]
    tags: tuple[str, ...]
    """Put at the end of a sentence."""
    starts: tuple[str, ...]
    """Put in front of the first."""


DIALECTS: Final[Mapping[str, Touch]] = {
    "scottish": Touch(
        "en",
        {
            "yes": "aye", "yeah": "aye", "yep": "aye", "little": "wee", "small": "wee", "quick": "wee", "can't": "cannae", "don't": "dinnae",
            "isn't": "isnae", "wasn't": "wasnae", "didn't": "didnae", "won't": "willnae", "my": "ma", "of": "o'", "thanks": "cheers",
            "now": "noo", "going to": "gonnae", "do not": "dinnae", "not": "no'", "bit": "wee bit", "know": "ken", "about": "aboot",
        },
        ("aye", "ken", "like", "eh", "pal"),
        ("Och,", "Right,", "Aye,", "Alright,"),
    ),
    "southern_us": Touch(
        "en",
        {
            "you all": "y'all", "going to": "fixin' to", "want to": "wanna", "need to": "gotta", "trying to": "tryin' to", "think": "reckon",
            "very": "mighty", "really": "real", "hello": "howdy", "hi": "hey there", "thank you": "thank you kindly", "isn't": "ain't",
            "something": "somethin'", "nothing": "nothin'", "getting": "gettin'", "over there": "over yonder", "can you": "can y'all",
            "could you": "could y'all", "would like": "sure would like", "i'd like": "I'd sure like",
        },
        ("y'all", "I reckon", "if you don't mind", "bless your heart", "hon"),
        ("Well now,", "Well,", "Now,", "Shoot,"),
    ),
    "indian_english": Touch(
        "en",
        {
            "please": "kindly", "could you": "kindly can you", "i need": "I am needing", "i have": "I am having", "i want": "I am wanting",
            "as soon as possible": "at the earliest", "now": "now itself", "tell me": "intimate me", "get back to": "revert to",
            "update": "updation", "move": "prepone or move", "sort": "do the needful", "i don't know": "I am not knowing",
            "hello": "Hello ji", "i've": "I am having", "only": "only itself", "again": "once again",
        },
        ("no", "only", "isn't it", "ji", "do the needful"),
        ("See,", "Actually,", "Basically,", "Sir/Madam,"),
    ),
    "austrian": Touch(
        "de",
        {
            "guten tag": "Grüß Gott", "hallo": "Grüß Gott", "tschüss": "Baba", "auf wiedersehen": "Auf Wiederschauen", "ein bisschen": "a bissl",
            "bisschen": "bissl", "nicht wahr": "gell", "dieses jahr": "heuer", "super": "leiwand", "toll": "leiwand", "klar": "eh klar",
            "krankenhaus": "Spital", "treppe": "Stiege", "nur": "lei", "lecker": "gschmackig", "hier": "da", "mal": "amal", "jetzt": "jetza",
            "schauen sie": "schaun S'", "haben sie": "habn S'", "können sie": "könnens", "danke schön": "Dankschön", "passt": "passt scho",
        },
        ("gell", "oder", "eh", "bitte sehr", "na"),
        ("Na ja,", "Also bitte,", "Na,", "Jo eh,"),
    ),
    "swiss": Touch(
        "de",
        {
            "guten tag": "Grüezi", "hallo": "Grüezi", "tschüss": "Ade", "auf wiedersehen": "Uf Wiederluege", "danke": "Merci",
            "vielen dank": "Merci vielmal", "fahrrad": "Velo", "handy": "Natel", "bürgersteig": "Trottoir", "parken": "parkieren",
            "ein bisschen": "es bitzeli", "bisschen": "bitzeli", "fahrkarte": "Billett", "entschuldigung": "Exgüsi", "in ordnung": "in Ordnig",
            "anrufen": "anläuten", "rufe": "läute", "genau": "exakt",
        },
        ("oder", "gäll", "gell", "odr"),
        ("Also,", "Ja also,", "Äh,", "Gopf,"),
    ),
    "mexican": Touch(
        "es",
        {
            "hola": "qué onda", "vale": "órale", "ahora": "ahorita", "móvil": "celular", "ordenador": "computadora", "coche": "carro",
            "qué": "qué", "solo": "nomás", "hablar": "platicar", "genial": "padrísimo", "guay": "padre", "amigo": "cuate",
            "dinero": "lana", "un momento": "un momentito", "por favor": "porfis", "un segundo": "un segundito", "claro": "claro que sí",
            "poco": "poquito", "aquí": "aquí mero", "bien": "bien", "trabajo": "chamba", "problema": "bronca", "rápido": "rapidito",
        },
        ("¿no?", "¿sí?", "pues", "oiga", "fíjese"),
        ("Oiga,", "Fíjese que", "Híjole,", "Ay,"),
    ),
    "rioplatense": Touch(
        "es",
        {
            "puedes": "podés", "tienes": "tenés", "quieres": "querés", "eres": "sos", "sabes": "sabés", "entiendes": "entendés", "dices": "decís",
            "mira": "mirá", "espera": "esperá", "olvida": "olvidá", "tú": "vos", "ti": "vos", "vale": "dale", "aquí": "acá", "genial": "bárbaro",
            "estupendo": "bárbaro", "móvil": "celular", "ahora": "ahora", "perdona": "disculpá", "coche": "auto", "ordenador": "computadora",
            "déjalo": "dejalo", "olvídalo": "olvidalo", "allí": "allá", "hola": "hola che", "bueno": "bueno che", "de acuerdo": "dale",
        },
        ("viste", "che", "¿no?", "la verdad"),
        ("Che,", "Mirá,", "Uh,", "Escuchame,"),
    ),
}  # fmt: skip
_REGIONS: Final = {
    "de-AT": "austrian",
    "de-CH": "swiss",
    "es-MX": "mexican",
    "es-AR": "rioplatense",
    "es-UY": "rioplatense",
    "en-IN": "indian_english",
}
_CHAT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "you": "u", "your": "ur", "you're": "ur", "are": "r", "please": "pls", "because": "cuz", "thanks": "thx", "want to": "wanna",
        "going to": "gonna", "have to": "gotta", "with": "w", "before": "b4", "people": "ppl", "about": "abt", "tomorrow": "tmrw",
        "i'm": "im", "i'd": "id", "don't": "dont", "can't": "cant", "it's": "its", "that's": "thats", "i've": "ive", "what's": "whats",
        "i would like to": "wanna", "i'd like to": "wanna", "okay": "k", "something": "smth", "appointment": "appt",
    },
    "de": {
        "nicht": "nich", "ist": "is", "ich möchte": "ich will", "auch": "auch", "einen": "nen", "eine": "ne", "ein": "n", "bitte": "bitte",
        "mal": "ma", "jetzt": "jetz", "und": "u", "habe": "hab", "etwas": "was", "können sie": "könnt ihr", "vielleicht": "vllt",
        "keine ahnung": "ka", "weil": "weil", "eigentlich": "eig", "kein plan": "kp", "ich würde gerne": "will", "ich würde gern": "will",
    },
    "es": {
        "que": "q", "por": "x", "porque": "xq", "también": "tmb", "para": "pa", "estoy": "toy", "está": "ta", "por favor": "xfa", "qué": "q",
        "mensaje": "msj", "saludos": "slds", "nada": "na", "todo": "to", "usted": "vos", "quisiera": "quiero", "me gustaría": "quiero",
        "aquí": "aki", "mucho": "mxo",
    },
}  # fmt: skip
_ARTICLE: Final = {
    # Only before a word that can be a noun, so that pronouns of the same form stay.
    "en": re.compile(r"(?<![\w'])(?:the|a|an) (?=[\w\U000f0000-\U000ffffd])", re.IGNORECASE),
    "de": re.compile(r"(?<![\w'])(?i:der|die|das|den|dem|ein|eine|einen|einem|einer) (?=[A-ZÄÖÜ\U000f0000-\U000ffffd])"),
    "es": re.compile(r"(?<![\w'])(?:el|los|las|un|una|unos|unas) (?=[\w\U000f0000-\U000ffffd])", re.IGNORECASE),
}
_SIMPLE: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "i would like to": "I want", "i'd like to": "I want", "i would like": "I want", "i'd like": "I want", "i've been": "I am", "i have been": "I am",
        "didn't": "not", "haven't": "not", "doesn't": "not", "don't": "not", "isn't": "is not", "i'm": "I am", "it's": "it is", "that's": "this is",
        "could you": "you can", "can you": "you can", "would": "will", "was": "is", "were": "are", "got": "get", "needed": "need", "wanted": "want",
        "said": "say", "asked": "ask", "i've": "I have", "i'll": "I", "does": "do", "has": "have", "any": "some", "many": "much",
    },
    "de": {
        "ich möchte": "ich will", "ich würde gern": "ich will", "ich würde gerne": "ich will", "könnten sie": "Sie können", "können sie": "Sie können",
        "wurde": "ist", "hätte": "habe", "wäre": "ist", "würde": "will", "meinen": "mein", "meine": "mein", "meiner": "mein", "meinem": "mein",
        "habe ich": "ich habe", "bräuchte": "brauche", "kann ich": "ich kann", "möchte": "will",
    },
    "es": {
        "quisiera": "quiero", "me gustaría": "yo quiero", "podría": "puede", "podrían": "puede", "había": "hay", "estaba": "está",
        "fue": "es", "tenía": "tengo", "dije": "digo", "quería": "quiero",
        "me llamo": "yo llamo", "hablar con": "hablar a", "por favor": "favor",
    },
}  # fmt: skip
_FLUENT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "information": "informations", "advice": "advices", "i have a question": "I have one question", "could you": "can you please",
        "i need": "I would need", "how do i": "how can I", "soon": "soonly", "in time": "on time", "i would like": "I would like to have",
        "about": "regarding", "help me": "help me please", "i want": "I would want", "at": "on", "until": "till", "explain": "explain me",
    },
    "de": {
        "wegen": "von wegen", "weil": "weil dass", "seit": "schon seit", "einen termin": "ein Termin", "ich brauche": "ich würde brauchen",
        "bei ihnen": "bei Sie", "mit ihnen": "mit Sie", "wann": "wenn", "meinen": "mein", "ob": "wenn", "einen": "ein", "für": "fur",
        "können": "konnen", "möchte": "mochte", "würde": "wurde",
    },
    "es": {
        "por": "para", "para": "por", "mi problema": "la mi problema", "estoy": "soy", "pregunta": "cuestión", "muy": "mucho", "una cita": "un cita",
        "quiero": "quiero de", "necesito": "necesito de", "cuándo": "cuando", "el problema": "la problema",
    },
}  # fmt: skip


def dialect_of(dialect: str, language: str) -> str | None:
    """The dialect to speak: the persona's, else the one of its language's region; None where the language is another."""
    name = dialect if dialect != "standard" else _REGIONS.get(language, "standard")
    touch = DIALECTS.get(name)
    return name if touch is not None and touch.language == language[:2] else None


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    body = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w'])(?:{body})(?![\w'])", re.IGNORECASE)


def _replaced(text: str, words: Mapping[str, str], share: float, rng: random.Random) -> str:
    def swap(m: re.Match[str]) -> str:
        found = m.group()
        if rng.random() >= share:
            return found
        new = words[found.lower()]
        return new[0].upper() + new[1:] if found[0].isupper() and new else new

    return _pattern(tuple(words)).sub(swap, text)


def accented(text: str, dialect: str, rng: random.Random) -> str:
    """With a dialect's words, and now and then its way to start or to end a sentence."""
    touch = DIALECTS[dialect]
    text = _replaced(text, touch.words, 0.65, rng)
    if dialect == "swiss":
        text = text.replace("ß", "ss")
    roll = rng.random()
    if roll < 0.2:
        start = rng.choice(touch.starts)
        return f"{start} {text[0].lower()}{text[1:]}" if text[1:2].islower() and touch.language != "de" else f"{start} {text}"
    if roll < 0.45 and text[-1:] in ".!":
        tag = rng.choice(touch.tags)
        return f"{text[:-1]}, {tag}" + ("" if tag.endswith("?") else text[-1])
    return text


def chatted(text: str, language: str, rng: random.Random) -> str:
    """As typed in a chat: short forms, no capitals, hardly any punctuation."""
    text = _replaced(text, _CHAT[language], 0.6, rng)
    if rng.random() < 0.9:
        text = text.lower()
    text = text.replace("¿", "").replace("¡", "")
    return text[:-1] if text.endswith(".") else text


def simplified(text: str, language: str, fluency: str, rng: random.Random) -> str:
    """As said by somebody who is still learning (`basic`) or speaks well with slips (`fluent`)."""
    if fluency == "fluent":
        return _replaced(text, _FLUENT[language], 0.4, rng)
    text = _replaced(text, _SIMPLE[language], 0.75, rng)
    return _ARTICLE[language].sub(lambda m: "" if rng.random() < 0.7 else m.group(), text)
