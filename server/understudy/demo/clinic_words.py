"""What the clinic agent can read and say."""

from __future__ import annotations

from understudy.demo.nlu import pattern, word_set
from understudy.demo.speech import Phrases

__all__ = ["DOCTORS", "PHRASES", "PURPOSES", "QUESTIONS", "TROUBLES", "VOCABULARY", "WISHES"]

DOCTORS = {"amari": "Dr. Amari", "lindqvist": "Dr. Lindqvist", "petrov": "Dr. Petrov", "osei": "Dr. Osei"}

TROUBLES = {
    "petrov": pattern(r"\b(?:rash|skin|itch\w*|mole|spots?|eczema|dermat\w*|ausschlag|haut\w*|juck\w*)\b"),
    "lindqvist": pattern(r"\b(?:heart|chest|palpitation\w*|blood_pressure|cardio\w*|herz\w*|brust\w*|blutdruck)\b"),
    "osei": pattern(r"\b(?:knees?|back_pain|my_back|joints?|shoulder|bones?|hip|ankle|ortho\w*|knie|rücken\w*|gelenk\w*|schulter)\b"),
}

VOCABULARY = word_set(
    """appointment appointments reschedule rescheduling move moved book booking booked cancel cancelled cancelling parking
    insurance accept doctor same bill invoice another different first wait waiting human person people someone somebody
    speak talk front desk department explanation explain expensive high amari lindqvist petrov osei rash skin heart chest
    knee bring opening hours parts instalments follow-up actually forget never mind instead meridian health sorry please
    thanks goodbye termin termine verschieben verlegen absagen stornieren buchen kontrolle parkplätze parkplatz parken
    versicherung krankenkasse arzt rechnung mensch mitarbeiter mitarbeiterin menschen sprechen verbinden praxis bitte danke
    doch lieber nein tag anderen mitbringen öffnungszeiten"""
)

WISHES = {
    "book": pattern(
        r"""\b(?:book(?:ing)?|schedule|(?:need|want|like|get|have|make|arrange)_(?:to_(?:have|get|make)_)?(?:an?|another
        |my_next|the_next|my_first|some)_(?:[\w-]+_){0,2}appointment
        |(?:new|next|first|second)_appointment|see_a_doctor|be_seen|termin_(?:zur|für|bei|vereinbaren|machen|buchen)
        |(?:einen|neuen|nächsten)_termin|buchen|ausmachen)\b"""
    ),
    "move": pattern(
        r"""\b(?:(?:move|moving)(?!_on|_along)|reschedul\w*|re-schedul\w*|postpone|(?:change|switch|swap)_(?:it|the|my)_?(?:appointment
        |day|date|time|to)?|(?:an)?other_day|different_day|(?:an)?other_date
        |verschieb\w*|verleg\w*|umbuch\w*|anderen_tag|anderer_tag)\b"""
    ),
    "cancel": pattern(r"\b(?:cancel\w*|call_it_off|call_(?:\w+_){1,3}off|absag\w*|stornier\w*|(?:sagen_sie|sage)_(?:\w+_){0,4}ab)\b"),
}

# Particular questions come before general ones: each uses up the words that it is found in.
QUESTIONS = {
    "why": pattern(
        r"""\bwhy_(?:do|would|must)_(?:you|i)_(?:need|ask|want|have|say|tell)\b|\bwhat_(?:do_you_need|is)_(?:that|this|it)_for\b
        |\bwozu\b|\bwarum_(?:brauchen|fragen|wollen)\b"""
    ),
    "pay_parts": pattern(r"\b(?:pay\w*|settle)_(?:[\w']+_){0,4}(?:parts|instal\w*|stages)\b|\binstal\w*\b|\bin_parts\b|\braten\w*\b"),
    "cancel_fee": pattern(
        r"""\b(?:fee|charge|cost|costs|pay)\w*_(?:\w+_){0,4}(?:cancel\w*|moving|change)\b|\b(?:cancel
        |mov)\w+_(?:[\w']+_){0,3}(?:costs?|free|charge|fee)\b|\bcancellation_fee\b
        |\b(?:kostet|kosten|gebühr)_?(?:\w+_){0,4}(?:absag\w*|absage|verschieb\w*)\b|\bgebühr\w*\b"""
    ),
    "parking": pattern(r"\b(?:park|parking|car_park|parkplatz|parkplätze|parken|parkhaus|leave_(?:the|my)_car)\b"),
    "insurance": pattern(r"\b(?:insurance|insured|insurer|meridian|versicher\w*|krankenkasse)\b"),
    "wait": pattern(
        r"""\bhow_long\b.*\b(?:wait|waiting|appointment|until|take)\b.*|\bwaiting_(?:time|list)\b|\bwait_for_(?:a|the
        |my)_first_appointment\b|\bhow_soon\b
        |\bwie_lange\b.*\b(?:warte\w*|dauert|termin)\b.*|\bwartezeit\w*\b"""
    ),
    "wait_hint": pattern(r"\b(?:the|a|about|with)_wait\b|\bwartezeit\w*\b"),
    "same_doctor": pattern(
        r"""\bsame_(?:doctor|doc|one|person)\b|\bwho_(?:will|would)_i_(?:see|be_seeing)\b|\b(?:gleichen?|selben?|demselben
        |derselbe)_(?:arzt|ärztin)\b"""
    ),
    "bring": pattern(r"\b(?:bring|take)_(?:\w+_){0,3}(?:along|with_me|anything|something)\b|\bbring\b|\bmitbringen\b"),
    "hours": pattern(
        r"""\bopening_(?:hours|times?)\b|\b(?:when|what_time)_(?:do|are)_you_(?:open|close)\w*\b|\böffnungszeit\w*\b|\bgeöffnet\b"""
    ),
    "where": pattern(
        r"""\bwhere_(?:are_you|is_the_clinic|exactly)\b|\byour_address\b|\bhow_do_i_get_(?:there|to_you)\b|\bwo_(?:ist|sind|finde)\b
        |\badresse\b"""
    ),
    "bill": pattern(r"\b(?:bills?|invoice|charged|rechnung(?:en)?)\b"),
    "price": pattern(r"\b(?:fees?|costs?|prices?|charges?|gebühr\w*|kostet|kosten)\b"),
    "confirm": pattern(
        r"""\bare_you_(?:\w+_)?sure\b|\bis_(?:that|it|this)_(?:really_|definitely_|all_)*(?:right|correct|sorted|done
        |sure|settled|in|final|booked|confirmed|certain)\b|\bdouble-?_?check\b
        |\bjust_to_(?:check|confirm|be_sure)\b|\b(?:stimmt|passt)_das\b|\bist_das_(?:gesichert|notiert|sicher)\b|\bverbindlich\b|\bhaben_sie_das_(?:notiert|vermerkt)\b
        |\bist_das_(?:\w+_)?(?:sicher|richtig|korrekt
        |so)\b|\bsind_sie_(?:\w+_)?sicher\b|\bthat's_(?:right|correct|settled),?_(?:is_it|yes|isn't_it)\b"""
    ),
}  # fmt: skip

PURPOSES = {
    "move": {"en": "move your appointment", "de": "Ihren Termin zu verschieben"},
    "book": {"en": "book your appointment", "de": "Ihren Termin zu buchen"},
    "cancel": {"en": "cancel your appointment", "de": "Ihren Termin abzusagen"},
    "bill": {"en": "look up your bill", "de": "Ihre Rechnung zu finden"},
}

PHRASES: Phrases = {
    "greet": {
        "en": (
            "Hello, this is Harbour Street Clinic. I can book, move or cancel an appointment and explain a bill. What can I do for you?",
            "I am not sure that I understand. Is it about an appointment or about a bill?",
            "Sorry, I did not follow. Would you tell me in other words what you need?",
        ),
        "de": (
            (
                "Guten Tag, hier ist die Praxis Harbour Street. Ich kann Termine buchen, verschieben oder absagen und "
                "Rechnungen erklären. Was kann ich für Sie tun?"
            ),
            "Das habe ich nicht ganz verstanden. Geht es um einen Termin oder um eine Rechnung?",
            "Entschuldigung, könnten Sie mir das mit anderen Worten sagen?",
        ),
    },
    "which_task": {
        "en": ("Would you like to book, move or cancel an appointment?", "What shall I do with the appointment: book, move or cancel it?"),
        "de": (
            "Möchten Sie einen Termin buchen, verschieben oder absagen?",
            "Was soll ich tun: einen Termin buchen, verschieben oder absagen?",
        ),
    },
    "sorry": {"en": ("I am sorry for the trouble.",), "de": ("Es tut mir leid, dass Sie Ärger hatten.",)},
    "identity": {
        "en": (
            "I'd be glad to {purpose}. Could you tell me your full name and your date of birth, please?",
            "To {purpose}, I still need your full name and your date of birth.",
        ),
        "de": (
            "Gern helfe ich Ihnen, {purpose}. Nennen Sie mir bitte Ihren Namen und Ihr Geburtsdatum?",
            "Um {purpose}, brauche ich noch Ihren Namen und Ihr Geburtsdatum.",
        ),
    },
    "name": {
        "en": ("Thank you. And what is your full name?", "I still need your full name to find your record."),
        "de": ("Danke. Und wie heißen Sie?", "Ich brauche noch Ihren Namen."),
    },
    "date_of_birth": {
        "en": ("Thank you. And what is your date of birth?", "I still need your date of birth to find your record."),
        "de": ("Danke. Und Ihr Geburtsdatum, bitte?", "Ich brauche noch Ihr Geburtsdatum."),
    },
    "trouble": {
        "en": (
            "You need not know the department: I will find it. What is the trouble, in your own words?",
            "Just a word or two is enough: what is the trouble?",
        ),
        "de": ("Die richtige Abteilung finde ich für Sie. Worum geht es, in Ihren Worten?", "Ein, zwei Worte genügen: Worum geht es?"),
    },
    "day": {
        "en": ("Which day would suit you?", "Which day, from Monday to Friday, shall I look at?"),
        "de": ("An welchem Tag passt es Ihnen?", "Welcher Tag von Montag bis Freitag soll es sein?"),
    },
    "weekend": {"en": ("We are closed at weekends.",), "de": ("Am Wochenende haben wir geschlossen.",)},
    "time": {
        "en": ("On {day} {doctor} has {times} free. Which time would you like?", "Which of the times shall I take for {day}: {times}?"),
        "de": (
            "Am {day} sind bei {doctor} {times} Uhr frei. Welche Uhrzeit möchten Sie?",
            "Welche Uhrzeit am {day} darf es sein: {times} Uhr?",
        ),
    },
    "booked": {
        "en": ("I have booked your appointment with {doctor} for {day} at {time}.",),
        "de": ("Ich habe Ihren Termin bei {doctor} für {day} um {time} Uhr gebucht.",),
    },
    "moved": {
        "en": (
            "I have moved your appointment with {doctor} to {day} at {time}.",
            "Done: I have changed it, and you now see {doctor} on {day} at {time}.",
        ),
        "de": (
            "Ich habe Ihren Termin bei {doctor} auf {day} um {time} Uhr verschoben.",
            "Erledigt: Ich habe den Termin geändert, auf {day} um {time} Uhr bei {doctor}.",
        ),
    },
    "cancelled": {
        "en": ("I have cancelled your appointment with {doctor}.",),
        "de": ("Ich habe Ihren Termin bei {doctor} abgesagt.",),
    },
    "stands": {
        "en": (
            "Yes, it is settled: your appointment with {doctor} is on {day} at {time}.",
            "I can confirm it: {doctor} expects you on {day} at {time}; the appointment is booked.",
            "Your appointment is booked for {day} at {time}, with {doctor}.",
        ),
        "de": (
            "Ja, das steht fest: Ihr Termin bei {doctor} ist für {day} um {time} Uhr gebucht.",
            "Ich bestätige es gern: {day}, {time} Uhr, bei {doctor}. Der Termin ist gebucht.",
        ),
    },
    "stands_cancelled": {
        "en": ("Yes, your appointment with {doctor} is cancelled.", "I can confirm that I have cancelled it, the one with {doctor}."),
        "de": ("Ja, Ihr Termin bei {doctor} ist abgesagt.", "Ich bestätige: Der Termin bei {doctor} ist abgesagt."),
    },
    "another": {
        "en": ("If you would like another day, just tell me which.",),
        "de": ("Wenn Sie einen anderen Tag möchten, nennen Sie ihn mir einfach.",),
    },
    "bill": {
        "en": (
            (
                "I understand that such a high bill is a surprise, and I am sorry about it. Your bill of 185 euros has two parts: "
                "60 euros for the consultation, and 125 euros for the blood test, which an outside laboratory did."
            ),
            (
                "Your bill is higher than usual because of the blood test: the laboratory charges 125 euros for it, and the "
                "consultation is 60 euros."
            ),
        ),
        "de": (
            (
                "Ich verstehe, dass die hohe Rechnung Sie überrascht, und es tut mir leid. Ihre Rechnung über 185 Euro hat zwei Teile: "
                "60 Euro für die Sprechstunde und 125 Euro für den Bluttest, den ein Labor gemacht hat."
            ),
            "Die Rechnung ist höher als sonst wegen des Bluttests: Das Labor berechnet 125 Euro, die Sprechstunde kostet 60 Euro.",
        ),
    },
    "why": {
        "en": ("I ask because I need it to find the right record and the right doctor.",),
        "de": ("Ich frage, damit ich die richtige Akte und den richtigen Arzt finde.",),
    },
    "pay_parts": {
        "en": ("Yes, you can pay the bill in three parts at no extra cost.",),
        "de": ("Ja, Sie können die Rechnung ohne Aufpreis in drei Raten bezahlen.",),
    },
    "cancel_fee": {
        "en": ("There is no fee: cancelling or moving an appointment is free of charge up to 24 hours before.",),
        "de": ("Es gibt keine Gebühr: Absagen oder Verschieben ist bis 24 Stunden vorher kostenlos.",),
    },
    "parking": {
        "en": ("Yes, there is parking at the clinic: the car park is behind the building, and the first two hours are free.",),
        "de": ("Ja, es gibt Parkplätze bei der Praxis, gleich hinter dem Haus; die ersten zwei Stunden sind frei.",),
    },
    "insurance": {
        "en": ("Yes, we accept Meridian Health insurance, every public insurance and most private ones.",),
        "de": ("Ja, wir nehmen Meridian Health, alle gesetzlichen Versicherungen und die meisten privaten.",),
    },
    "wait": {
        "en": ("The wait for a first appointment is about five working days.",),
        "de": ("Die Wartezeit auf einen ersten Termin beträgt etwa fünf Arbeitstage.",),
    },
    "wait_hint": {
        "en": ("For a first appointment the wait is about five working days.",),
        "de": ("Auf einen ersten Termin warten Sie etwa fünf Arbeitstage.",),
    },
    "price": {
        "en": ("A consultation costs 60 euros. Booking, moving and cancelling are free of charge.",),
        "de": ("Eine Sprechstunde kostet 60 Euro. Buchen, Verschieben und Absagen sind kostenlos.",),
    },
    "same_doctor": {
        "en": ("Yes, it will be with the same doctor as before, {doctor}.",),
        "de": ("Ja, es ist derselbe Arzt wie bisher, {doctor}.",),
    },
    "bring": {
        "en": ("You only have to bring your insurance card along.",),
        "de": ("Sie müssen nur Ihre Versichertenkarte mitbringen.",),
    },
    "hours": {
        "en": ("Our opening hours are Monday to Friday from 8:00 to 18:00.",),
        "de": ("Unsere Öffnungszeiten sind Montag bis Freitag von 8:00 bis 18:00 Uhr.",),
    },
    "where": {
        "en": ("You find the clinic at 14 Harbour Street, by the old harbour.",),
        "de": ("Sie finden die Praxis in der Harbour Street 14, am alten Hafen.",),
    },
    "human": {
        "en": ("Of course. I am passing you to a colleague at the front desk now, a person who takes over from here.",),
        "de": ("Natürlich. Ich verbinde Sie jetzt mit einer Kollegin am Empfang; sie übernimmt ab hier.",),
    },
    "handed_over": {
        "en": ("My colleague at the front desk has your request and will be with you in a moment.",),
        "de": ("Meine Kollegin am Empfang hat Ihr Anliegen und ist gleich bei Ihnen.",),
    },
    "more": {
        "en": ("Is there anything else I can do for you?", "Can I help you with anything else?", "Is there anything more you need today?"),
        "de": ("Kann ich sonst noch etwas für Sie tun?", "Darf es sonst noch etwas sein?", "Haben Sie noch weitere Fragen?"),
    },
    "go_ahead": {
        "en": (
            "Gladly. How can I help?",
            "Yes, what can I do for you?",
            "Of course. What would you like me to do?",
            "It can be about an appointment, a bill or the clinic itself: what shall we look at?",
        ),
        "de": (
            "Gern. Wie kann ich Ihnen helfen?",
            "Ja, was kann ich für Sie tun?",
            "Natürlich. Womit kann ich helfen?",
            "Es kann um einen Termin gehen, um eine Rechnung oder um die Praxis: Was darf es sein?",
        ),
    },
    "thanks": {"en": ("You are welcome.", "My pleasure."), "de": ("Gern geschehen.", "Sehr gern.")},
    "goodbye": {
        "en": ("You are welcome. Have a good day, goodbye!", "Thank you for writing to us. Goodbye!", "All the best, and goodbye!"),
        "de": ("Gern geschehen. Einen schönen Tag noch, auf Wiedersehen!", "Danke für Ihre Nachricht. Auf Wiedersehen!"),
    },
}  # fmt: skip
