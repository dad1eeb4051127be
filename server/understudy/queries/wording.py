"""The words of recombined queries, as data: by language, register, emotion and trait.

Everything here stands around what the material itself says; nothing here states a fact.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ASIDES",
    "CLOSERS",
    "FILLERS",
    "HELP",
    "LEANING",
    "LONG_FORMS",
    "MOODS",
    "NAIVE_ONE",
    "NAIVE_SEVERAL",
    "OPENERS",
    "TERM_REMARKS",
]

Bank = Mapping[str, Mapping[str, tuple[str, ...]]]

OPENERS: Bank = {
    "en": {
        "formal": ("Good day.", "Dear team,", "Good morning.", "To whom it may concern:"),
        "neutral": ("Hello,", "Hi there,", "Hi,", "Good afternoon,"),
        "casual": ("Hey,", "Hi!", "Hey there,", "Quick one:"),
        "slang": ("Yo,", "Heya,", "Hey guys,", "Right,"),
    },
    "de": {
        "formal": ("Guten Tag,", "Sehr geehrte Damen und Herren,", "Guten Morgen,"),
        "neutral": ("Hallo,", "Guten Tag,", "Hallo zusammen,"),
        "casual": ("Hi,", "Hey,", "Moin,"),
        "slang": ("Hey Leute,", "Na,", "Jo,"),
    },
    "es": {
        "formal": ("Buenos días.", "Estimado equipo:", "Buenas tardes."),
        "neutral": ("Hola,", "Buenas,", "Hola, buenas:"),
        "casual": ("¡Hola!", "Oye,", "Hola, una cosa:"),
        "slang": ("Ey,", "Qué tal,", "Buenas, gente:"),
    },
}

MOODS: Bank = {
    "en": {
        "calm": (),
        "cheerful": ("Hope you are having a nice day.", "Nothing dramatic, promise.", "Happy customer here, just one thing."),
        "anxious": ("I'm a bit worried about this.", "I hope I haven't done anything wrong.", "This has been keeping me up."),
        "confused": ("I don't quite follow how this works.", "I'm a little lost here.", "Maybe I have mixed something up."),
        "frustrated": ("This is getting tiring.", "I have spent far too long on this already.", "It really should not be this hard."),
        "angry": ("I am seriously annoyed.", "This is unacceptable.", "I have had enough of this."),
        "hurried": ("I only have a minute.", "Quickly please, I'm on the go.", "I need this sorted today."),
        "sad": ("It has not been an easy week.", "Sorry, I'm not at my best today.", "I wish I did not have to ask."),
        "suspicious": ("I'd like a straight answer.", "I want to be sure this is above board.", "I was told something else before."),
    },
    "de": {
        "calm": (),
        "cheerful": ("Ich hoffe, Sie haben einen schönen Tag.", "Nichts Schlimmes, nur eine Sache."),
        "anxious": ("Ich mache mir etwas Sorgen deswegen.", "Hoffentlich habe ich nichts falsch gemacht."),
        "confused": ("Ich verstehe nicht ganz, wie das geht.", "Vielleicht habe ich da etwas verwechselt."),
        "frustrated": ("Langsam wird es mühsam.", "Ich sitze schon viel zu lange daran."),
        "angry": ("Ich bin wirklich verärgert.", "So geht das nicht."),
        "hurried": ("Ich habe nur eine Minute.", "Es muss heute noch klappen."),
        "sad": ("Es war keine leichte Woche.", "Ich frage ungern."),
        "suspicious": ("Ich hätte gern eine klare Antwort.", "Man hat mir vorher etwas anderes gesagt."),
    },
    "es": {
        "calm": (),
        "cheerful": ("Espero que tengan un buen día.", "Nada grave, solo una cosa."),
        "anxious": ("Estoy algo preocupada por esto.", "Espero no haber hecho nada mal."),
        "confused": ("No entiendo bien cómo funciona.", "Quizá he confundido algo."),
        "frustrated": ("Esto ya cansa.", "Llevo demasiado tiempo con esto."),
        "angry": ("Estoy muy molesto.", "Esto no puede ser."),
        "hurried": ("Solo tengo un minuto.", "Lo necesito resuelto hoy."),
        "sad": ("No ha sido una semana fácil.", "Siento tener que preguntar."),
        "suspicious": ("Quiero una respuesta clara.", "Antes me dijeron otra cosa."),
    },
}

ASIDES: Mapping[str, tuple[str, ...]] = {
    "en": ("Just so you know:", "For what it's worth:", "A bit about me:", "By the way:"),
    "de": ("Nur damit Sie es wissen:", "Kurz zu mir:", "Übrigens:"),
    "es": ("Para que lo sepa:", "Un poco sobre mí:", "Por cierto:"),
}

TERM_REMARKS: Bank = {
    "en": {
        "heading": (
            'I already looked under "{term}" on your site.',
            'Your page on "{term}" did not help me much.',
            'Is that covered by "{term}"?',
        ),
        "term": (
            'It concerns "{term}".',
            'Does it matter that this is about "{term}"?',
            'I mean "{term}", to be precise.',
            'Does the same go for "{term}"?',
        ),
    },
    "de": {
        "heading": ('Unter "{term}" auf Ihrer Seite habe ich schon nachgesehen.', 'Steht das unter "{term}"?'),
        "term": ('Es geht um "{term}".', 'Gilt das auch für "{term}"?', 'Genauer gesagt: "{term}".'),
    },
    "es": {
        "heading": ('Ya miré en "{term}" en su página.', '¿Eso está en "{term}"?'),
        "term": ('Se trata de "{term}".', '¿Vale también para "{term}"?', 'En concreto, "{term}".'),
    },
}

CLOSERS: Bank = {
    "en": {
        "polite": ("Thank you very much.", "Thanks in advance.", "I'd appreciate your help."),
        "blunt": ("Just tell me.", "Short answer, please."),
        "sarcastic": ("No rush, obviously.", "I'm sure it's all very simple."),
        "chatty": ("Anyway, that's my story!", "You know how it is."),
        "asks_why": ("And why is that, actually?", "I'd like to know the reason, too."),
        "double_checks": ("Could you double-check that for me?", "Please confirm it, so that I can be sure."),
        "apologetic": ("Sorry for the trouble.", "Sorry if this is a silly question."),
        "wants_acknowledgement": ("Please let me know that you got this.",),
        "compares_with_others": ("Other places do this without any fuss.", "A friend of mine had no trouble elsewhere."),
        "repeats_themselves": ("As I said, I just want this solved.",),
        "tests_limits": ("Surely you can make an exception?",),
    },
    "de": {
        "polite": ("Vielen Dank im Voraus.", "Über Ihre Hilfe würde ich mich freuen."),
        "blunt": ("Kurze Antwort genügt.",),
        "sarcastic": ("Eilt ja nicht, wie immer.",),
        "asks_why": ("Und warum ist das so?",),
        "double_checks": ("Können Sie das bitte noch einmal prüfen?",),
        "apologetic": ("Entschuldigen Sie die Umstände.",),
    },
    "es": {
        "polite": ("Muchas gracias de antemano.", "Agradezco su ayuda."),
        "blunt": ("Con una respuesta corta me basta.",),
        "sarcastic": ("Sin prisa, como siempre.",),
        "asks_why": ("¿Y por qué es así?",),
        "double_checks": ("¿Puede comprobarlo otra vez?",),
        "apologetic": ("Perdone la molestia.",),
    },
}

HELP: Mapping[str, tuple[str, ...]] = {
    "en": ("Can you help?", "What do I do now?", "Any idea?"),
    "de": ("Können Sie helfen?", "Was mache ich jetzt?"),
    "es": ("¿Me puede ayudar?", "¿Qué hago ahora?"),
}

FILLERS: Mapping[str, tuple[str, ...]] = {"en": ("um", "well", "uh"), "de": ("äh", "also", "na ja"), "es": ("eh", "bueno", "pues")}

_LEANING_EN = "it its it's this that these those one he his him she her they them their there"
_LEANING_DE = "es das dies diese dieser diesen die ihn ihm ihr ihre seine sie sein davon dafür damit"
_LEANING_ES = "eso esto esta este ese esa lo la le les él ella su sus ello"
LEANING: Mapping[str, frozenset[str]] = {
    "en": frozenset(_LEANING_EN.split()),
    "de": frozenset(_LEANING_DE.split()),
    "es": frozenset(_LEANING_ES.split()),
}
"""Words by which a question leans on what was said before it, and cannot be moved to another story."""

LONG_FORMS: Mapping[str, str] = {
    "I'm": "I am", "I've": "I have", "I'd": "I would", "I'll": "I will", "don't": "do not", "doesn't": "does not", "didn't": "did not",
    "can't": "cannot", "won't": "will not", "isn't": "is not", "aren't": "are not", "wasn't": "was not", "it's": "it is", "It's": "It is",
    "that's": "that is", "haven't": "have not", "hasn't": "has not", "couldn't": "could not", "wouldn't": "would not", "we're": "we are",
}  # fmt: skip
"""What a formal writer does not contract. English only."""

NAIVE_ONE: Mapping[str, tuple[str, ...]] = {
    "en": (
        "What is {term}?",
        "How does {term} work?",
        "Can you tell me more about {term}?",
        "What should I know about {term}?",
        "Who can use {term}?",
        "Where do I find information on {term}?",
    ),
    "de": (
        "Was ist {term}?",
        "Wie funktioniert {term}?",
        "Können Sie mir mehr über {term} sagen?",
        "Was sollte ich über {term} wissen?",
        "Wo finde ich Informationen zu {term}?",
    ),
    "es": (
        "¿Qué es {term}?",
        "¿Cómo funciona {term}?",
        "¿Puede decirme más sobre {term}?",
        "¿Qué debo saber sobre {term}?",
        "¿Dónde encuentro información sobre {term}?",
    ),
}
"""What somebody asks who knows the company's text and no customer."""

NAIVE_SEVERAL: Mapping[str, tuple[str, ...]] = {
    "en": ("What are the differences between {terms}?", "Which of {terms} is right for me?"),
    "de": ("Was sind die Unterschiede zwischen {terms}?", "Was passt besser zu mir: {terms}?"),
    "es": ("¿Qué diferencias hay entre {terms}?", "¿Qué me conviene más: {terms}?"),
}
