"""Which facts a question is after: by the sheet's own phrases, by the fact's name, and by common words for its kind."""

# ruff: noqa: E501 - a pattern or a list of names stays on one line

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from understudy.domain.conversation import Ledger
from understudy.domain.goal import PlayerGoal
from understudy.domain.persona import Persona
from understudy.domain.same import Same
from understudy.simulation.hearing_lexicon import Patterns
from understudy.simulation.hearing_sentences import Sentence
from understudy.text import phrases
from understudy.text.words import stems

__all__ = ["Sheet", "asked_in", "sheet"]

# Words of a fact's name -> its kind. The longest set of words that is in the name wins.
_KINDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "patient name", "nombre", "customer name", "passenger name", "guest name"),
    "first_name": ("first name", "given name", "vorname", "firstname"),
    "last_name": ("last name", "surname", "family name", "nachname", "apellido", "apellidos", "lastname"),
    "date_of_birth": ("dob", "birth", "birthday", "birthdate", "date birth", "birth date", "geburtsdatum", "nacimiento", "fecha nacimiento"),
    "age": ("age", "alter", "edad"),
    "phone": ("phone", "telephone", "mobile", "cell", "phone number", "mobile number", "contact number", "telefon", "telefonnummer", "handynummer", "telefono", "callback number"),
    "email": ("email", "mail", "e-mail", "email address", "correo"),
    "address": ("address", "street", "home address", "delivery address", "shipping address", "adresse", "anschrift", "direccion"),
    "postcode": ("postcode", "zip", "zipcode", "postal code", "zip code", "plz", "postleitzahl", "codigo postal"),
    "city": ("city", "town", "stadt", "ort", "ciudad"),
    "country": ("country", "land", "pais"),
    "order_number": ("order", "order number", "order id", "bestellnummer", "pedido", "numero pedido", "order reference"),
    "account_number": ("account", "account number", "account id", "kontonummer", "konto", "cuenta", "numero cuenta"),
    "iban": ("iban",),
    "customer_number": ("customer number", "customer id", "client number", "member number", "member id", "membership number", "patient id", "patient number", "kundennummer", "mitgliedsnummer", "numero cliente", "membership"),
    "booking_reference": ("booking reference", "booking", "booking code", "booking number", "reservation", "reservation number", "confirmation number", "confirmation code", "reference", "pnr", "locator", "record locator", "buchungsnummer", "reserva", "localizador", "reference number"),
    "ticket_number": ("ticket", "ticket number", "case number", "case", "ticket id", "ticketnummer"),
    "invoice_number": ("invoice", "invoice number", "bill number", "rechnungsnummer", "factura", "numero factura"),
    "tracking_number": ("tracking", "tracking number", "sendungsnummer"),
    "serial_number": ("serial", "serial number", "seriennummer", "numero serie"),
    "licence": ("license", "licence", "license key", "licence key", "product key", "lizenz"),
    "card_last_four": ("last four", "card last four", "last four digits", "card last 4", "last 4", "last4", "card ending", "last digits", "card digits", "letzte vier", "ultimos cuatro"),
    "card_number": ("card", "card number", "kartennummer", "karte", "tarjeta", "numero tarjeta"),
    "card_type": ("card type", "kartentyp"),
    "pin": ("pin", "cvv", "security code", "verification code", "passcode", "tan"),
    "password": ("password", "passwort", "contrasena"),
    "security_answer": ("security answer", "security question", "maiden name", "mothers maiden name", "memorable word", "security word"),
    "username": ("username", "user name", "login", "user id", "benutzername", "usuario"),
    "policy_number": ("policy", "policy number", "insurance number", "insurance policy", "insurance policy number", "insurance id", "versicherungsnummer", "poliza", "numero poliza"),
    "insurance": ("insurance", "insurer", "insurance company", "insurance provider", "insurance plan", "health insurance", "krankenkasse", "versicherung", "seguro"),
    "date": ("date", "day", "when", "datum", "tag", "fecha", "dia", "weekday", "slot", "appointment"),
    "time": ("time", "hour", "uhrzeit", "zeit", "hora"),
    "duration": ("duration", "length", "nights", "dauer", "duracion", "noches"),
    "doctor": ("doctor", "physician", "dentist", "provider", "practitioner", "arzt", "doktor", "medico", "doctora", "therapist"),
    "reason": ("reason", "purpose", "grund", "motivo", "visit reason", "appointment type", "visit type"),
    "symptom": ("symptom", "symptoms", "symptome", "sintomas", "complaint"),
    "problem": ("problem", "issue", "fault", "problema", "fehler"),
    "error_message": ("error", "error message", "error code", "fehlermeldung", "mensaje error", "fehlercode"),
    "amount": ("amount", "sum", "value", "limit", "betrag", "importe", "monto", "charge amount"),
    "budget": ("budget", "presupuesto"),
    "currency": ("currency", "waehrung", "moneda"),
    "quantity": ("quantity", "count", "how many", "menge", "anzahl", "cantidad"),
    "destination": ("destination", "to city", "arrival city", "ziel", "reiseziel", "destino"),
    "origin": ("origin", "from city", "departure city", "departure airport", "abflugort", "origen", "from"),
    "departure_date": ("departure date", "travel date", "outbound date", "departure", "trip date", "travel dates", "trip dates", "dates", "check in", "checkin", "abreise", "hinflug", "reisedatum", "fecha salida", "salida", "start date", "outbound", "arrival date"),
    "return_date": ("return date", "return", "travel dates", "trip dates", "dates", "check out", "checkout", "rueckflug", "rueckreise", "vuelta", "fecha vuelta", "regreso", "end date"),
    "travellers": ("travellers", "travelers", "passengers", "people", "guests", "party", "party size", "group", "group size", "visitors", "visitor", "attendees", "participants", "tickets", "besucher", "teilnehmer", "gaeste", "gruppe", "visitantes", "asistentes", "entradas", "grupo", "reisende", "personen", "viajeros", "pasajeros", "personas", "travellers count", "adults", "number travellers"),
    "flight_number": ("flight", "flight number", "flugnummer", "vuelo", "numero vuelo"),
    "passport": ("passport", "passport number", "id number", "reisepass", "ausweis", "pasaporte", "dni"),
    "nationality": ("nationality", "staatsangehoerigkeit", "nacionalidad"),
    "seat": ("seat", "sitzplatz", "asiento"),
    "hotel": ("hotel",),
    "room": ("room", "room type", "zimmer", "habitacion"),
    "merchant": ("merchant", "shop", "store", "haendler", "comercio"),
    "transaction": ("transaction", "payment", "charge", "transaction id", "buchung", "transaccion"),
    "recipient": ("recipient", "payee", "beneficiary", "empfaenger", "destinatario", "beneficiario"),
    "device": ("device", "computer", "laptop", "phone model", "model", "geraet", "dispositivo", "device model"),
    "operating_system": ("operating system", "os", "betriebssystem", "sistema operativo", "os version", "platform"),
    "browser": ("browser", "navegador"),
    "version": ("version", "app version", "software version", "build"),
    "product": ("product", "item", "article", "app", "software", "produkt", "artikel", "producto", "articulo"),
    "plan": ("plan", "tariff", "package", "subscription", "tarif", "tarifa", "suscripcion"),
    "company": ("company", "organisation", "organization", "workspace", "firma", "empresa", "company name", "workspace name", "employer"),
    "payment_method": ("payment method", "payment type", "zahlungsart", "metodo pago", "forma pago"),
    "contact_method": ("contact method", "contact preference", "preferred contact"),
    "location": ("location", "branch", "office", "clinic", "site", "standort", "filiale", "sucursal", "ubicacion"),
    "language": ("language", "sprache", "idioma"),
    "gender": ("gender", "sex", "geschlecht", "sexo"),
    "size": ("size", "groesse", "talla"),
    "colour": ("colour", "color", "farbe"),
}  # fmt: skip
# The kind to fall back on when the sheet has none of the kind that was asked for.
_CLOSE = {
    "card_last_four": ("card_number",),
    "first_name": ("name",),
    "last_name": ("name",),
    "contact": ("phone", "email"),
    "symptom": ("problem", "reason"),
    "problem": ("error_message", "symptom", "reason"),
    "departure_date": ("date",),
    "return_date": ("date",),
    "policy_number": ("insurance",),
    "date": ("departure_date",),
    "postcode": ("address",),
    "city": ("address",),
    "customer_number": ("account_number",),
    "device": ("product",),
    "booking_reference": ("order_number",),
    "transaction": ("merchant", "amount"),
}
_OLD = frozenset({"old", "current", "original", "previous", "existing", "alt", "alte", "alter", "altes", "bisher", "actual", "anterior"})
_FILLERS = frozenset(
    {"number", "id", "of", "the", "my", "no", "nummer", "numero", "de", "info", "details", "value", "appointment", "new", "preferred"}
)
_CLOCK = re.compile(r"\d[:.h]\d\d|\d ?[ap]\.?m|\d uhr|a las? \d", re.IGNORECASE)
_ALIASES = {frozenset(alias.split()): kind for kind, aliases in _KINDS.items() for alias in aliases}


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One fact of the user's sheet, as agents may ask for it."""

    name: str
    value: str | None
    """As it stands now; None for what the user does not know."""
    asked_as: tuple[str, ...]
    kinds: frozenset[str]
    words: frozenset[str]
    """Stems of the words of its name."""
    qualifiers: frozenset[str]
    """Stems of those words that tell it from others of its kind."""
    timed: bool
    """Its value has a time of day in it."""
    old: bool
    """It is about how things stand now, not about what is wanted."""

    @property
    def known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the user knows, or knows that they do not know."""

    items: tuple[Item, ...]


@lru_cache(maxsize=8192)
def _item(name: str, value: str | None, asked_as: tuple[str, ...]) -> Item:
    words = frozenset(w for w in name.replace("-", "_").split("_") if w)
    fitting = [alias for alias in _ALIASES if alias <= words]
    longest = max(map(len, fitting), default=0)
    best = [alias for alias in fitting if len(alias) == longest]
    kinds = frozenset(kind for kind, aliases in _KINDS.items() if any(frozenset(a.split()) in best for a in aliases))
    rest = words - frozenset().union(*best) - _FILLERS
    return Item(
        name=name,
        value=value,
        asked_as=asked_as,
        kinds=kinds,
        words=stems(" ".join(words)),
        qualifiers=stems(" ".join(rest - _OLD)),
        timed=value is not None and _CLOCK.search(value) is not None,
        old=bool(words & _OLD),
    )


def sheet(persona: Persona, goal: PlayerGoal, ledger: Ledger) -> Sheet:
    """The facts of the ledger and the unknown ones of persona and goal; what is in the ledger is known."""
    return _sheet(Same(persona), Same(goal), tuple([(f.name, f.value) for f in ledger.facts]))


@lru_cache(maxsize=8192)
def _sheet(same_persona: Same[Persona], same_goal: Same[PlayerGoal], facts: tuple[tuple[str, str], ...]) -> Sheet:
    persona, goal = same_persona.it, same_goal.it
    phrases_for = {f.name: f.asked_as for f in (*persona.knowledge.known, *goal.known)}
    for complication in goal.complications:
        for fact in complication.changes:
            phrases_for[fact.name] = phrases_for.get(fact.name, ()) + fact.asked_as
    items = [_item(name, value, phrases_for.get(name, ())) for name, value in facts]
    known = {name for name, _ in facts}
    unknown = {u.name: u for u in (*persona.knowledge.unknown, *goal.unknown) if u.name not in known}
    return Sheet(items=(*items, *(_item(u.name, None, u.asked_as) for u in unknown.values())))


def asked_in(sentence: Sentence, items: Iterable[Item]) -> list[Item]:
    """The facts that a question or request is after, in the order of the sheet."""
    everything = list(items)
    spoken = _spoken(sentence)
    by_phrase = {item for item in everything if item.asked_as and phrases.find_any(item.asked_as, sentence.text)}
    covered = {kind for item in by_phrase for kind in item.kinds}
    hits = by_phrase | {item for item in _by_kind(sentence, everything, spoken) if item.kinds.isdisjoint(covered)}
    # The name's own words count only for facts whose kind no word list knows.
    return [item for item in everything if item in hits or (item.words and not item.kinds and item.words <= spoken)]


def _spoken(sentence: Sentence) -> frozenset[str]:
    """The stems of its words, by the endings of its language and by those of English, in which facts have their names."""
    return sentence.stems if sentence.patterns.language == "en" else sentence.stems | stems(sentence.low)


def _by_kind(sentence: Sentence, items: list[Item], spoken: frozenset[str]) -> list[Item]:
    """Facts whose kind is asked for; of several of one kind those that the question tells apart, else what is wanted before what is."""
    asked = sentence.kinds
    if not asked:
        return []
    low, patterns = sentence.low, sentence.patterns
    on_sheet = {kind for item in items for kind in item.kinds}
    wanted = (asked & on_sheet) | {near for kind in asked - on_sheet for near in _CLOSE.get(kind, ())[:1] if near in on_sheet}
    wanted -= {general for special, general in _NARROWER if special in wanted and _same_words(special, general, low, patterns)}
    asks_time = "time" not in on_sheet and "time" in asked
    chosen: list[Item] = [item for item in items if asks_time and item.timed and "date" in item.kinds]
    for kind in sorted(wanted):
        group = [item for item in items if kind in item.kinds]
        named = [item for item in group if item.qualifiers and item.qualifiers <= spoken]
        plain = [item for item in group if not item.old] or group
        asks_old = sentence.has("instead_of")
        chosen += named or ([item for item in group if item.old] if asks_old else []) or plain
    return chosen


# When both match through the same words, the narrower kind is meant: "last four digits of your card number".
_NARROWER = (
    ("card_last_four", "card_number"),
    ("policy_number", "insurance"),
    ("date_of_birth", "date"),
    ("departure_date", "date"),
    ("return_date", "date"),
    ("first_name", "name"),
    ("last_name", "name"),
    ("username", "name"),
    ("company", "name"),
    ("email", "address"),
    ("postcode", "address"),
    ("travellers", "quantity"),
    ("duration", "quantity"),
    ("budget", "amount"),
    ("error_message", "problem"),
    ("operating_system", "version"),
    ("operating_system", "device"),
    ("card_type", "card_number"),
    ("booking_reference", "order_number"),
    ("departure_date", "destination"),
    ("origin", "destination"),
    ("origin", "city"),
    ("destination", "city"),
    ("destination", "country"),
)


def _same_words(special: str, general: str, low: str, patterns: Patterns) -> bool:
    """Whether everything that matches the general kind lies within, or touches, what matches the special one."""
    narrow, wide = patterns.fact(special), patterns.fact(general)
    if narrow is None or wide is None:
        return False
    places = [m.span() for m in narrow.finditer(low)]
    return all(any(m.start() < end + 18 and m.end() > start - 18 for start, end in places) for m in wide.finditer(low))
