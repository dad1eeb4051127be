"""A clinic goal in three languages, and how to let its user hear a reply."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.domain.conversation import Direction, GoalStatus, Heard, Ledger, Reply, Turn
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.persona import Fact, Intents, Knowledge, Persona, UnknownFact
from understudy.simulation.hearing import hear
from understudy.simulation.ledger import open_ledger

WORDING = {
    "en": ("I need to reschedule my appointment with Dr. Chen", "Is there a cancellation fee?", "Thursday 26 November"),
    "de": ("Ich muss meinen Termin bei Dr. Chen verschieben", "Gibt es eine Stornogebühr?", "Donnerstag, 26. November"),
    "es": ("Necesito cambiar mi cita con la doctora Chen", "¿Hay algún cargo por cancelación?", "jueves 26 de noviembre"),
}


def persona(language: str = "en", **changes: object) -> Persona:
    base: dict[str, object] = {
        "id": "ann",
        "name": "Ann Lee",
        "company": "Green Street Clinic",
        "profile": "I work nights.",
        "intents": Intents(primary="move my appointment"),
        "language": language,
        "knowledge": Knowledge(unknown=(UnknownFact(name="policy_number"),)),
    }
    return Persona.model_validate(base | changes)


def clinic_goal(language: str = "en", **changes: object) -> PlayerGoal:
    action, question, date = WORDING[language]
    base: dict[str, object] = {
        "id": "move-it",
        "title": "Move an appointment",
        "steps": (SubGoal(id="move", say=action, needs=("new_date",)),),
        "side": (SubGoal(id="fee", say=question, kind="question"),),
        "known": (
            Fact(name="name", value="Ann Lee"),
            Fact(name="date_of_birth", value="12 March 1985"),
            Fact(name="new_date", value=date),
            Fact(name="phone", value="555-0100"),
        ),
    }
    return PlayerGoal.model_validate(base | changes)


def standing(
    ledger: Ledger, statuses: Mapping[str, GoalStatus], said: tuple[str, ...] = (), old: Mapping[str, tuple[str, ...]] | None = None
) -> Ledger:
    """The ledger with these statuses, and with facts said in the first turn or changed earlier."""
    goals = tuple(g.evolve(status=statuses.get(g.id, g.status)) for g in ledger.goals)
    facts = tuple(f.evolve(said_at=0 if f.name in said else None, old_values=(old or {}).get(f.name, ())) for f in ledger.facts)
    return ledger.evolve(goals=goals, facts=facts)


def user_turn(text: str = "I need to move it.", index: int = 0, **direction: object) -> Turn:
    return Turn(index=index, role="user", text=text, at=0.0, direction=Direction.model_validate(direction))


def agent_turn(text: str, index: int) -> Turn:
    return Turn(index=index, role="agent", text=text, at=0.0, reply=Reply(text=text))


def heard_in(
    reply: str | Reply,
    *,
    language: str = "en",
    goal: PlayerGoal | None = None,
    who: Persona | None = None,
    statuses: Mapping[str, GoalStatus] | None = None,
    said: tuple[str, ...] = (),
    old: Mapping[str, tuple[str, ...]] | None = None,
    brought: tuple[str, ...] = ("move",),
    turns: tuple[Turn, ...] | None = None,
) -> Heard:
    """What Ann hears after she has asked to move her appointment, unless told otherwise."""
    goal = goal or clinic_goal(language)
    who = who or persona(language)
    ledger = standing(open_ledger(who, goal), statuses if statuses is not None else {"move": "asked"}, said, old)
    return hear(
        Reply(text=reply) if isinstance(reply, str) else reply,
        persona=who,
        goal=goal,
        ledger=ledger,
        turns=turns if turns is not None else (user_turn(bring_up=brought),),
    )
