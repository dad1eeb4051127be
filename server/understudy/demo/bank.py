"""The bank's agent: declined payments, limits, lost cards, second cards, fees, a person on request. English and Spanish."""

from __future__ import annotations

from dataclasses import replace

from understudy.demo.agent import Case, Understood, part_of
from understudy.demo.bank_words import PHRASES, PURPOSES, QUESTIONS, VOCABULARY, WISHES
from understudy.demo.frame import Frame, Words
from understudy.demo.names import holder_name, person_name
from understudy.demo.slots import address, last_four
from understudy.demo.speech import Speech
from understudy.domain.value import Json, JsonObject

__all__ = ["GREETING", "BankDesk"]

GREETING = PHRASES["greet"]["en"][0]
_RAISED_LIMIT = 2000


def _with(case: Case, part: str, **changes: Json) -> Case:
    return replace(case, record={**case.record, part: {**part_of(case.record, part), **changes}})


class BankDesk(Frame):
    """The clean rules of the bank's agent."""

    words = Words(
        languages=("en", "es"),
        vocabulary=VOCABULARY,
        questions=QUESTIONS,
        wishes=WISHES,
        phrases=PHRASES,
        purposes=PURPOSES,
        exclusive=False,
    )
    identity = ("name", "last_four_digits")
    can_do_without = frozenset({"name", "last_four_digits", "address"})

    def begin(self) -> Case:
        """An active card with the usual limit."""
        card: JsonObject = {"status": "active", "limit": 500, "decline_explained": False, "replacement": False, "address": None}
        return Case(record={"card": card, "extra_card": {"ordered": False, "holder": None}, "handed_over": False})

    # ---- reading

    def read_slots(self, case: Case, text: str, mended: str) -> dict[str, str]:  # noqa: ARG002 (the frame's signature)
        """Name, last four digits, holder of a second card and delivery address, as far as the message has them."""
        found = {
            "name": person_name(text, expected="name" in case.asked),
            "last_four_digits": last_four(text),
            "holder": holder_name(text, expected="holder" in case.asked, but=case.facts.get("name")),
            "address": address(text, expected="address" in case.asked),
        }
        return {key: value for key, value in found.items() if value is not None}

    def take_in(self, case: Case, understood: Understood) -> Case:
        """Note facts and tasks; a new address for a card on its way is a task of its own."""
        slots = dict(understood.slots)
        if "name" in slots and case.facts.get("name"):
            del slots["name"]
        tasks = [*case.open, *(ask for ask in understood.asks if ask in PURPOSES)]
        card = part_of(case.record, "card")
        if "address" in slots and card["replacement"] and slots["address"] != card["address"]:
            tasks = [*(task for task in tasks if task != "replace"), "readdress"]
        elif card["status"] == "blocked" and not card["replacement"] and understood.agrees and "offer" in case.asked:
            tasks.append("replace")
        return replace(case, facts={**case.facts, **slots}, open=tuple(dict.fromkeys(tasks)))

    # ---- answering

    def answer_question(self, case: Case, topic: str, speech: Speech) -> None:  # noqa: ARG002 (the frame's signature)
        """Answer a side question."""
        speech.say(topic)

    def work_on(self, case: Case, task: str, speech: Speech) -> Case:
        """Do one task, or ask for what it lacks."""
        work = {
            "decline": self._explain_decline,
            "limit": self._raise_limit,
            "block": self._block,
            "replace": self._replace,
            "readdress": self._readdress,
            "extra": self._order_extra,
        }
        return work[task](case, speech)

    def confirm(self, case: Case, speech: Speech) -> None:
        """Say how things stand."""
        card, extra = part_of(case.record, "card"), part_of(case.record, "extra_card")
        if card["status"] == "blocked":
            speech.say("block_stands")
        if card["limit"] == _RAISED_LIMIT:
            speech.say("limit_stands")
        if card["replacement"]:
            speech.say("replace_stands", address=str(card["address"]))
        if extra["ordered"]:
            speech.say("extra_stands", holder=str(extra["holder"]))
        if not speech.sentences:
            speech.say("more")

    def _explain_decline(self, case: Case, speech: Speech) -> Case:
        speech.say("decline")
        speech.call("explain_decline", reason="daily limit")
        if "limit" not in case.open and part_of(case.record, "card")["limit"] != _RAISED_LIMIT:
            speech.say("offer_limit")
        return _with(case.without("decline"), "card", decline_explained=True)

    def _raise_limit(self, case: Case, speech: Speech) -> Case:
        if part_of(case.record, "card")["limit"] == _RAISED_LIMIT:
            speech.say("limit_stands")
            return case.without("limit")
        speech.say("limit")
        speech.call("raise_limit", limit=_RAISED_LIMIT)
        return _with(case.without("limit"), "card", limit=_RAISED_LIMIT)

    def _block(self, case: Case, speech: Speech) -> Case:
        if part_of(case.record, "card")["status"] == "blocked":
            speech.say("block_stands")
            return case.without("block")
        speech.say("block")
        speech.call("block_card", last_four_digits=case.facts.get("last_four_digits", ""))
        if "replace" not in case.open:
            speech.ask("offer_replacement", "offer")
        return _with(case.without("block"), "card", status="blocked")

    def _replace(self, case: Case, speech: Speech) -> Case:
        card = part_of(case.record, "card")
        if card["replacement"]:
            speech.say("replace_stands", address=str(card["address"]))
            return case.without("replace")
        if not case.knows("address"):
            speech.ask("address", "address")
            return case
        where = self._address(case, speech)
        speech.say("replace", address=where)
        speech.call("order_replacement", address=where)
        return _with(case.without("replace"), "card", replacement=True, address=where)

    def _readdress(self, case: Case, speech: Speech) -> Case:
        where = self._address(case, speech)
        speech.say("readdress", address=where)
        speech.call("change_address", address=where)
        return _with(case.without("readdress"), "card", address=where)

    def _address(self, case: Case, speech: Speech) -> str:
        return case.facts["address"] or PHRASES["on_file"][speech.language][0]

    def _order_extra(self, case: Case, speech: Speech) -> Case:
        extra = part_of(case.record, "extra_card")
        if extra["ordered"]:
            speech.say("extra_stands", holder=str(extra["holder"]))
            return case.without("extra")
        if not case.knows("holder"):
            speech.ask("holder", "holder")
            return case
        speech.say("extra", holder=case.facts["holder"])
        speech.call("order_extra_card", holder=case.facts["holder"])
        return _with(case.without("extra"), "extra_card", ordered=True, holder=case.facts["holder"])
