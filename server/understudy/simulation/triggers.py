"""Which of the persona's triggers a reply sets off."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.domain.conversation import Act, Heard, Ledger
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.persona import Persona, Trigger, TriggerCondition
from understudy.simulation.ledger import fact_values
from understudy.text.phrases import find_any
from understudy.text.words import content_words

__all__ = ["fired"]

_ACTS: dict[TriggerCondition, Act] = {
    "refuses": Act.REFUSES,
    "asks_unknown": Act.ASKS_UNKNOWN,
    "asks_again": Act.ASKS_AGAIN,
    "repeats_itself": Act.REPEATS_ITSELF,
    "redirects": Act.REDIRECTS,
    "ignores": Act.IGNORES,
    "hands_off": Act.HANDS_OFF,
    "stalls": Act.STALLS,
    "misunderstands": Act.MISUNDERSTANDS,
    "changes_subject": Act.CHANGES_SUBJECT,
    "rude": Act.RUDE,
    "no_options": Act.NO_OPTIONS,
}


def fired(
    heard: Heard,
    text: str,
    *,
    persona: Persona,
    goal: PlayerGoal,
    ledger: Ledger,
    subgoals: Mapping[str, SubGoal],
    raised: tuple[str, ...],
) -> Trigger | None:
    """The first trigger, in the persona's order, that this reply sets off and that has not fired before; or None.

    `raised` are the sub-goals of the user's last message: what a reply is about when it names nothing else.
    """
    for trigger in persona.triggers:
        if trigger.id in ledger.triggers or not _happens(trigger, heard, text, ledger):
            continue
        if trigger.about is None or _is_about(trigger, heard, text, persona, goal, subgoals, raised):
            return trigger
    return None


def _happens(trigger: Trigger, heard: Heard, text: str, ledger: Ledger) -> bool:
    if trigger.when == "says":
        return find_any(trigger.says, text, fact_values(ledger)) is not None
    if trigger.when == "misunderstands" and heard.mistaken:
        return True
    return heard.has(_ACTS[trigger.when])


def _is_about(
    trigger: Trigger,
    heard: Heard,
    text: str,
    persona: Persona,
    goal: PlayerGoal,
    subgoals: Mapping[str, SubGoal],
    raised: tuple[str, ...],
) -> bool:
    about = trigger.about or ""
    concerned = _concerned(trigger.when, heard) or raised
    if about in concerned:
        return True
    if about in subgoals or about in _fact_names(persona, goal):
        return False
    # Not an id: words of it. They count when the agent says them, or when what is concerned is put in them.
    wanted = content_words(about, persona.language)
    where = [
        text,
        *(subgoals[id].say for id in concerned if id in subgoals),
        *(name.replace("_", " ").replace("-", " ") for name in concerned),
    ]
    return bool(wanted) and any(wanted <= content_words(words, persona.language) for words in where)


def _concerned(when: TriggerCondition, heard: Heard) -> tuple[str, ...]:
    match when:
        case "refuses" | "no_options":
            return heard.refused
        case "asks_unknown":
            return heard.asked_unknown
        case "asks_again":
            return heard.asked
        case "ignores":
            return heard.ignored
        case "misunderstands":
            return heard.mistaken
        case _:
            return ()


def _fact_names(persona: Persona, goal: PlayerGoal) -> set[str]:
    known = {f.name for f in (*persona.knowledge.known, *goal.known)}
    return known | {f.name for f in (*persona.knowledge.unknown, *goal.unknown)}
