"""What people call a fact, and the idioms by which they state it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from understudy.simulation.wording.bank import word_set

__all__ = ["common_name", "said_as", "words_of"]

_ALIASES: Final = {
    "name": "name first_name last_name surname full_name vorname nachname nombre apellido patient_name passenger_name account_holder",
    "date_of_birth": "date_of_birth dob birth_date birthdate birthday born geburtsdatum fecha_de_nacimiento",
    "phone": "phone phone_number mobile mobile_number telephone contact_number callback_number cell telefon telefonnummer telefono",
    "email": "email e_mail email_address mail correo",
    "address": "address home_address street_address delivery_address postal_address adresse direccion",
    "postcode": "postcode postal_code zip zip_code zipcode plz codigo_postal",
    "account_number": "account_number account account_no iban kontonummer konto cuenta numero_de_cuenta",
    "card": "card card_number card_last_four last_four last4 last_four_digits card_ending karte tarjeta kartennummer",
    "customer_number": "customer_number customer_id client_number client_id member_id member_number kundennummer numero_de_cliente",
    "order_number": "order_number order_id order order_no bestellnummer pedido numero_de_pedido",
    "booking_reference": "booking_reference booking_ref booking reservation reservation_number booking_number booking_code pnr"
    " confirmation_number buchungsnummer localizador reserva",
    "policy_number": "policy_number policy policy_id policennummer poliza",
    "insurance": "insurance insurer insurance_provider insurance_company insurance_plan versicherung krankenkasse seguro",
    "insurance_number": "insurance_number insurance_id insurance_member_id versichertennummer versicherungsnummer",
    "doctor": "doctor physician gp arzt medico provider",
    "appointment": "appointment current_appointment appointment_date appointment_time termin cita",
    "date": "date travel_date departure_date arrival_date visit_date event_date transaction_date datum fecha new_date",
    "time": "time departure_time arrival_time uhrzeit hora",
    "preferred_date": "preferred_date preferred_day preferred_week wanted_date wunschtermin desired_date preferred_slot",
    "preferred_time": "preferred_time time_of_day preferred_times wunschzeit desired_time availability",
    "amount": "amount charge transaction_amount price total fee betrag importe",
    "destination": "destination to_city ziel reiseziel destino",
    "origin": "origin from_city departure_city departure_airport abreiseort origen",
    "travellers": "travellers travelers passengers party_size guests reisende viajeros people number_of_people tickets_wanted",
    "reason": "reason reason_for_visit grund motivo",
    "symptom": "symptom symptoms complaint beschwerden sintomas",
    "product": "product produkt producto item article",
    "version": "version app_version software_version",
    "device": "device phone_model laptop gerät geraet dispositivo",
    "operating_system": "operating_system os platform betriebssystem",
    "browser": "browser navegador",
    "error": "error error_message error_text error_code fehlermeldung mensaje_de_error",
    "plan": "plan subscription tariff tarif subscription_plan",
    "username": "username user_name login login_name benutzername usuario",
    "company": "company employer firma empresa organisation organization",
    "city": "city town ort stadt ciudad",
    "department": "department abteilung departamento specialty",
    "budget": "budget presupuesto max_price",
    "pin": "pin pin_code",
    "password": "password passwort contrasena",
    "referral_code": "referral_code referral_number",
    "invoice_number": "invoice_number invoice bill_number rechnungsnummer factura",
}
_COMMON: Final = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_OWNERS = word_set("my your customer patient user client caller guest member")
_WRITTEN: Final = {
    "id": "ID",
    "pin": "PIN",
    "iban": "IBAN",
    "url": "URL",
    "os": "OS",
    "sms": "SMS",
    "vat": "VAT",
    "pnr": "PNR",
    "vin": "VIN",
}
_PLAIN = re.compile(r"[^\W_][\w' -]{1,29}")


@lru_cache(maxsize=4096)
def common_name(name: str) -> str | None:
    """The common fact that `name` is another word for, or None."""
    slug = name.replace("-", "_")
    if slug in _COMMON:
        return _COMMON[slug]
    owner, _, rest = slug.partition("_")
    return _COMMON.get(rest) if owner in _OWNERS else None


@lru_cache(maxsize=4096)
def words_of(name: str) -> str:
    """`referral_code` as words: `referral code`."""
    return " ".join(_WRITTEN.get(w, w) for w in re.split(r"[-_]+", name) if w)


@lru_cache(maxsize=4096)
def said_as(phrases: tuple[str, ...]) -> str | None:
    """The first of the phrases by which agents ask for a fact that is a plain noun of at most three words."""
    return next((p for p in phrases if _PLAIN.fullmatch(p) and len(p.split()) <= 3), None)
