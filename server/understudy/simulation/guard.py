"""The reply guard: reads every message of a simulated user before the target does.

A message that no user would write is refused, never mended: the player gets the complaint and tries again. Each rule is
narrow, because refusing a good message spoils a conversation as surely as letting a bad one through.
"""

from __future__ import annotations

import re
from functools import lru_cache

from understudy.domain.conversation import Brief, Direction, Move
from understudy.simulation.guard_facts import invented
from understudy.simulation.guard_phrases import AGENT_TALK, META
from understudy.text.rarities import Rarities
from understudy.text.similarity import normalise

__all__ = ["LONGEST", "inspect"]


def inspect(move: Move, brief: Brief) -> str | None:
    """None when the message may be sent; else what is wrong with it, in one sentence that the player can act on."""
    message = move.message.strip()
    if not message:
        return "The message is empty."
    bare = _bare(message)
    return (
        _unwritable(message)
        or _markup(message)
        or _leak(message, brief)
        or _meta(bare)
        or _role_flip(message, bare, brief)
        or _echo(message, brief)
        or _repetition(message, brief)
        or _invention(message, brief)
    )


# ---------------------------------------------------------------- what nobody can type

LONGEST = 8_000
"""Characters of a message."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def _unwritable(message: str) -> str | None:
    if len(message) > LONGEST:
        return f"The message is {len(message):,} characters long; no user writes more than {LONGEST:,}."
    if m := _CONTROL.search(message):
        return f"The message has a control character in it ({m.group()!r})."
    return None


# ---------------------------------------------------------------- the machinery showing through

_MARKUP = re.compile(
    r"</?(?:think|thinking|thought|reasoning|scratchpad|reflection|analysis|inner_monologue)\b[^>]*>"
    r"|<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>|^\s*(?:thought|reasoning|scratchpad|inner monologue)\s*:",
    re.IGNORECASE,
)
_STOP_WORD = re.compile(r"#{2,}\s*[A-Z_-]{3,}\s*#{2,}|\[(?:STOP|TERMINATE|TRANSFER|SATISFIED|GAVE_UP)\]\s*$|<(?:stop|end)/?>|^TERMINATE$")
_OUR_JSON = re.compile(r"^\s*(?:```(?:json)?\s*)?\{(?=.*\"message\"\s*:)(?=.*\"(?:kind|move|goal_updates|disclosed|note)\"\s*:)", re.DOTALL)


def _markup(message: str) -> str | None:
    if m := _MARKUP.search(message):
        return f"The message shows thinking or markup ({m.group().strip()!r}); give only what the user says."
    if m := _STOP_WORD.search(message):
        return f"The message has a control word in it ({m.group()!r}); end the conversation by the move, not by a word."
    if _OUR_JSON.search(message):
        return "The message is a data structure; give only what the user says."
    return None


_FIELD_WORDS = Rarities(
    (
        (
            r"\b(?:bring_up|ask_again|admit_unknown|trigger_action|change_mind|show_frustration|not_understood|goal_updates"
            r"|frustration_threshold|settles_for|answered_by|asks_for_human|will_call_back|gave_up|out_of_scope|if_asked|asked_unknown"
            r"|stage direction|regieanweisung|erfolgskriteri(?:um|en)|criterios? de éxito"
            r"|success criteri(?:a|on) (?:of|for) (?:this|the|my) (?:conversation|goal|test|persona|scenario)"
            r"|frustration (?:level|threshold) (?:is|of|at|:)\s*\d)\b"
        ),
        r"\bmove\s*[:=]\s*\"?(?:continue|satisfied)\b",
    )
)
_HOLDER = re.compile(r"(?<![/\w$#])\{([a-z0-9][a-z0-9_-]*)\}|\[(?:your|insert|enter|ihr|ihre|tu|su)\s[\w\s]{2,30}\]", re.IGNORECASE)
_LONG_ENOUGH = 4
"""Words from which on the same words can hardly be chance."""


def _leak(message: str, brief: Brief) -> str | None:
    if (m := _FIELD_WORDS.search(message)) and m.group().lower() not in _own_words(brief):
        return f"The message shows its instructions ({m.group()!r})."
    direction: Direction = brief.direction
    reason = normalise(direction.reason)
    if reason.count(" ") >= _LONG_ENOUGH and reason in normalise(message) and reason not in _own_words(brief):
        return "The message repeats the stage direction."
    for m in _HOLDER.finditer(message) if "{" in message or "[" in message else ():
        name = m.group(1)
        if name is None or brief.ledger.fact(name) is not None:
            return f"The message has a placeholder in it ({m.group()!r})."
    return None


def _own_words(brief: Brief) -> str:
    """What persona and goal have the user say: never a leak."""
    persona, goal = brief.persona, brief.goal
    trigger = brief.direction.trigger
    words = next((t.words for t in persona.triggers if t.id == trigger), ())
    steps = (*goal.steps, *goal.side)
    return " ".join((persona.profile, *persona.sayings, *words, *persona.intents.side, *(s.say for s in steps), *goal.detours)).lower()


# ---------------------------------------------------------------- out of the role

_NOTE = re.compile(r"^\s*[\[(*](?:note|anmerkung|nota|ooc|out of character|internal)\b", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|(?<!\w)'[^']*'(?!\w)|‘[^’]*’")
_QUOTES = re.compile("[\"“„«'‘]")
"""What every quotation begins with."""
_STRAIGHT = str.maketrans({"’": "'", "ʼ": "'", "´": "'"})


def _bare(message: str) -> str:
    """The message without what it quotes: users do quote agents."""
    if _QUOTES.search(message):
        message = _QUOTED.sub(" ", message)
    return message if message.isascii() else message.translate(_STRAIGHT)


def _meta(bare: str) -> str | None:
    m = META.search(bare) or _NOTE.search(bare)
    return f"The message talks about being simulated ({m.group().strip()!r}); stay the user." if m else None


_PREFIX = re.compile(
    r"^\W*(?:assistant|agent|ai|bot|chatbot|representative|support|user|customer|human|assistent|benutzer|kunde|asistente|usuario|agente)\s*:",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def _own_name(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{re.escape(name)}|{re.escape(name.split()[0])})\s*(?:\((?:user|customer|caller)\)\s*)?:", re.IGNORECASE)


def _role_flip(message: str, bare: str, brief: Brief) -> str | None:
    # Whoever is named before the message, a colon follows.
    if ":" in message and (m := _PREFIX.match(message) or _own_name(brief.persona.name).match(message)):
        return f"The message names its speaker ({m.group().strip()!r}); give only what the user says."
    m = AGENT_TALK.search(bare)
    if m is None or m.group().lower() in _own_words(brief):
        return None
    return f"The message speaks as the agent would ({m.group().strip()!r}); the player is the user."


# ---------------------------------------------------------------- said before

_ECHO_WORDS = 5


def _echo(message: str, brief: Brief) -> str | None:
    last = next((t for t in reversed(brief.turns) if t.role == "agent"), None)
    if last is None:
        return None
    mine, theirs = normalise(message), normalise(last.text)
    if theirs.count(" ") + 1 < _ECHO_WORDS or mine != theirs:
        return None
    # An agent that parrots the user has the user's words; saying them again is a repetition, not an echo.
    if any(normalise(t.text) == mine for t in brief.turns if t.role == "user"):
        return None
    return "The message is the agent's last message over again."


def _repetition(message: str, brief: Brief) -> str | None:
    own = [t for t in brief.turns if t.role == "user"]
    mine = normalise(message)
    if not own or mine.count(" ") + 1 < _LONG_ENOUGH:
        return None
    if mine == normalise(own[-1].text):
        return "The message is the user's last message over again; put it in other words."
    if mine == normalise(own[0].text):
        return "The message is the user's opening over again; put it in other words."
    return None


def _invention(message: str, brief: Brief) -> str | None:
    quote = invented(message, brief)
    return f"The message has a detail that nobody gave the user ({quote!r}); use only what they know." if quote else None
