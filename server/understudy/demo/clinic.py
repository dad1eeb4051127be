"""The clinic's agent: appointments, a surprising bill, side questions, a person on request. English and German."""

from __future__ import annotations

import re
from dataclasses import replace

from understudy.demo.agent import Case, Understood, part_of
from understudy.demo.clinic_words import DOCTORS, PHRASES, PURPOSES, QUESTIONS, TROUBLES, VOCABULARY, WISHES
from understudy.demo.frame import Frame, Words
from understudy.demo.names import person_name
from understudy.demo.nlu import clauses
from understudy.demo.slots import birth_date, chosen_time, day_name, says_any, weekday
from understudy.demo.speech import Speech
from understudy.domain.value import JsonObject

__all__ = ["GREETING", "ClinicDesk", "appointment_of"]

GREETING = PHRASES["greet"]["en"][0]
_TIMES = ("9:00", "11:30", "14:30")
_OPEN_AT = (*_TIMES, "16:00")
_FIRST_FREE = 1
_APPOINTMENT_TASKS = ("book", "move", "cancel")
_FRIDAY = 4
_COMPLAINS = re.compile(r"\b(?:i have|i've (?:got|had)|have got|pain\w*|hurts?|aches?|trouble|problem|because of|schmerz\w*|habe|wegen)\b")
_CLOCK = re.compile(r"\d{1,2}\s?[:.]\s?\d\d|\d\s?[ap]\.?m\b")


def appointment_of(record: JsonObject) -> dict[str, str | None]:
    """The appointment in an exposed state."""
    return {key: None if value is None else str(value) for key, value in part_of(record, "appointment").items()}


class ClinicDesk(Frame):
    """The clean rules of the clinic's agent."""

    words = Words(
        languages=("en", "de"),
        vocabulary=VOCABULARY,
        questions=QUESTIONS,
        wishes=WISHES,
        phrases=PHRASES,
        purposes=PURPOSES,
        exclusive=True,
    )
    identity = ("name", "date_of_birth")
    can_do_without = frozenset({"name", "date_of_birth", "trouble", "day", "time"})

    def begin(self) -> Case:
        """An empty case: nothing is booked, nothing explained."""
        nothing: JsonObject = {"doctor": None, "day": None, "time": None, "status": "none"}
        return Case(record={"appointment": nothing, "billing_explained": False, "handed_over": False})

    # ---- reading

    def read_slots(self, case: Case, text: str, mended: str) -> dict[str, str]:
        """Name, date of birth, doctor, trouble, day (0 is Monday) and time, as far as the message has them."""
        found: dict[str, str | None] = {
            "name": person_name(text, expected="name" in case.asked),
            "date_of_birth": birth_date(text),
            "doctor": next((surname for surname in DOCTORS if surname in mended), None),
            "trouble": self._trouble(mended, asked="trouble" in case.asked),
        }
        if "trouble" in case.asked and found["trouble"] is None and not found["date_of_birth"]:
            found["trouble"] = "amari"
        without_birth = mended.replace(str(found["date_of_birth"]).casefold(), " ")
        day = weekday(without_birth)
        found["day"] = None if day is None else str(day)
        if "time" in case.asked or _CLOCK.search(without_birth):
            found["time"] = chosen_time(without_birth, _TIMES if "time" in case.asked else _OPEN_AT)
        return {key: value for key, value in found.items() if value is not None}

    def _trouble(self, mended: str, *, asked: bool) -> str | None:
        """The doctor for the complaint. Unasked it takes words of complaint: a cat that sits on a knee is none."""
        for clause in clauses(mended):
            for surname, rule in TROUBLES.items():
                if rule.search(clause) and (asked or _COMPLAINS.search(clause)):
                    return surname
        return None

    def take_in(self, case: Case, understood: Understood) -> Case:
        """Note facts and tasks; a new day or time for a settled appointment is a task of its own."""
        slots = dict(understood.slots)
        if "day" in case.asked and "day" not in slots and says_any(understood.mended):
            slots["day"] = str(_FIRST_FREE)
        if "time" in case.asked and not {"time", "day"} & set(slots) and says_any(understood.mended):
            slots["time"] = _TIMES[0]
        settled = appointment_of(case.record)["status"] in {"booked", "moved"}
        wish = next((ask for ask in understood.asks if ask in _APPOINTMENT_TASKS), None)
        facts = {**case.facts, **slots}
        tasks = list(case.open)
        if "bill" in understood.asks and "bill" not in tasks:
            tasks.append("bill")
        if settled and wish != "cancel" and (self._differs(case, slots)):
            wish = "change"
        if wish is not None and (wish != "move" or not settled):
            tasks = [task for task in tasks if task not in (*_APPOINTMENT_TASKS, "change")]
            tasks.append("stands" if settled and wish == "book" else wish)
        elif wish is not None:
            tasks.append("stands")
        return replace(case, facts=facts, open=tuple(dict.fromkeys(tasks)))

    def _differs(self, case: Case, slots: dict[str, str]) -> bool:
        return any(key in slots and slots[key] != case.facts.get(key) for key in ("day", "time"))

    # ---- answering

    def answer_question(self, case: Case, topic: str, speech: Speech) -> None:
        """Answer a side question."""
        speech.say(topic, doctor=DOCTORS[self._doctor(case)])

    def work_on(self, case: Case, task: str, speech: Speech) -> Case:
        """Explain the bill, or book, move or cancel; asks for one missing thing at a time."""
        if task == "bill":
            return self._explain_bill(case, speech)
        if task == "stands":
            self.confirm(case, speech)
            speech.say("another")
            return case.without("stands")
        if task == "cancel":
            return self._cancel(case, speech)
        return self._settle(case, task, speech)

    def confirm(self, case: Case, speech: Speech) -> None:
        """Say how the appointment stands."""
        appointment = appointment_of(case.record)
        if appointment["status"] == "cancelled":
            speech.say("stands_cancelled", doctor=appointment["doctor"] or "")
        elif appointment["status"] == "none":
            speech.say("more")
        else:
            speech.say("stands", values=self._wording(case, speech.language))

    def ask_what_it_is_about(self, case: Case, understood: Understood, speech: Speech) -> None:
        """A patient who only says that it is about an appointment is asked what is to be done with it."""
        if re.search(r"\b(?:appointment|termin)", understood.mended):
            speech.ask("which_task", "matter")
        else:
            super().ask_what_it_is_about(case, understood, speech)

    def _doctor(self, case: Case) -> str:
        return case.facts.get("doctor") or case.facts.get("trouble") or "amari"

    def _explain_bill(self, case: Case, speech: Speech) -> Case:
        speech.say("bill")
        speech.call("explain_bill", amount=185)
        return replace(case.without("bill"), record={**case.record, "billing_explained": True})

    def _cancel(self, case: Case, speech: Speech) -> Case:
        doctor = DOCTORS[self._doctor(case)]
        if appointment_of(case.record)["status"] == "cancelled":
            speech.say("stands_cancelled", doctor=doctor)
            return case.without("cancel")
        speech.say("cancelled", doctor=doctor)
        speech.call("cancel_appointment", doctor=doctor)
        gone: JsonObject = {"doctor": doctor, "day": None, "time": None, "status": "cancelled"}
        facts = {key: value for key, value in case.facts.items() if key not in {"day", "time"}}
        return replace(case.without("cancel"), facts=facts, record={**case.record, "appointment": gone})

    def _settle(self, case: Case, task: str, speech: Speech) -> Case:
        if task == "book" and not case.knows("doctor") and not case.knows("trouble"):
            speech.ask("trouble", "trouble")
            return case
        case = self._with_defaults(case, speech)
        if not case.knows("day"):
            speech.ask("day", "day")
            return case
        if not case.knows("time"):
            last = ", ".join(_TIMES[:-1]), _TIMES[-1]
            times = (" oder " if speech.language == "de" else " or ").join(last)
            speech.ask("time", "time", day=self._day(case, speech.language), doctor=DOCTORS[self._doctor(case)], times=times)
            return case
        return self._write_down(case, task, speech)

    def _with_defaults(self, case: Case, speech: Speech) -> Case:
        """A day at the weekend is no day; what the customer leaves to us is the first free one."""
        facts = dict(case.facts)
        if facts.get("day") == "":
            facts["day"] = str(_FIRST_FREE)
        if facts.get("time") == "":
            facts["time"] = _TIMES[0]
        if "day" in facts and int(facts["day"]) > _FRIDAY:
            del facts["day"]
            speech.say("weekend")
        return replace(case, facts=facts)

    def _write_down(self, case: Case, task: str, speech: Speech) -> Case:
        appointment = appointment_of(case.record)
        status = "booked" if task == "book" else (appointment["status"] if task == "change" else "moved")
        wording = self._wording(case, speech.language)
        speech.say("booked" if task == "book" else "moved", values=wording)
        speech.call("book_appointment" if task == "book" else "move_appointment", **wording)
        return replace(case.without(task), record={**case.record, "appointment": {**wording, "status": status}})

    def _wording(self, case: Case, language: str) -> dict[str, str]:
        return {"doctor": DOCTORS[self._doctor(case)], "day": self._day(case, language), "time": case.facts["time"]}

    def _day(self, case: Case, language: str) -> str:
        return day_name(int(case.facts["day"]), language)
