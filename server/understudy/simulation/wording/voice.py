"""The voice of one message: who speaks, how much they talk, and the seeded choice among phrases."""

from __future__ import annotations

import random
import re
from functools import cached_property

from understudy.domain.conversation import Act, Brief
from understudy.domain.persona import Emotion, Fact, SpeechStyle, Trait, UnknownFact
from understudy.simulation.wording.authored import after, capital
from understudy.simulation.wording.bank import Bank, bank_for, fill
from understudy.simulation.wording.naming import common_name, said_as, words_of
from understudy.simulation.wording.spans import Spans, contains

__all__ = ["SHARP", "Voice"]

SHARP = 3
"""Frustration from which on a user leaves out courtesies."""
_TALK: dict[SpeechStyle, float] = {"plain": 0.5, "terse": 0.06, "verbose": 1.0, "rambling": 0.9, "fragmented": 0.22}
_MOOD: dict[Emotion, float] = {"hurried": 0.45, "angry": 0.6, "frustrated": 0.8, "cheerful": 1.15, "anxious": 1.1, "sad": 0.9, "calm": 1.0}
_SLOT = re.compile(r"\{([a-z0-9][a-z0-9_-]*)\}")
_SETBACKS = (
    Act.REFUSES, Act.ASKS_AGAIN, Act.REPEATS_ITSELF, Act.IGNORES, Act.MISUNDERSTANDS, Act.SAYS_NOTHING, Act.BREAKS, Act.RUDE, Act.STALLS,
    Act.REDIRECTS, Act.NO_OPTIONS, Act.WRONG_LANGUAGE, Act.CHANGES_SUBJECT,
)  # fmt: skip


class Voice:
    """Everything that the parts of a message share. One per message; its random source is consumed in order."""

    def __init__(self, brief: Brief, rng: random.Random) -> None:
        persona = brief.persona
        self.brief, self.persona, self.direction, self.rng = brief, persona, brief.direction, rng
        self.bank: Bank = bank_for(persona.language)
        self.register = persona.register_
        self.level = min(5, max(0, brief.frustration))
        self.traits = frozenset(persona.traits)
        self.opening = brief.direction.stage == "opening"
        self.leaving = brief.direction.move in ("gave_up", "will_call_back", "out_of_scope")
        heard = brief.heard
        self.setback = heard is not None and heard.has(*_SETBACKS)
        talk = _TALK[persona.style] * _MOOD.get(persona.emotion, 1.0) * max(0.0, 1 - 0.22 * self.level)
        self.talk = talk * (0.3 if "blunt" in self.traits else 1.0) * (0.5 if brief.attempt > 2 else 1.0)
        self.mine = tuple(t.text for t in brief.turns if t.role == "user")
        self.theirs = next((t.text for t in reversed(brief.turns) if t.role == "agent"), "")
        self.spans = Spans()
        self._told = "\n".join(self.mine)
        self._used: set[str] = set()
        self._said: dict[str, str] = {}
        self.led = False

    @cached_property
    def at_home(self) -> bool:
        """Whether the goal may be one of the company's that the persona believes to be talking to: their own, or one that names it."""
        own, goal = self.persona.goal, self.brief.goal
        if own is None or own == goal.id:
            return True
        about = f"{goal.id} {goal.field} {goal.title} {' '.join(step.say for step in goal.steps)}".lower()
        return any(len(word) > 3 and word in about for word in re.findall(r"[^\W\d_]+", self.persona.company.lower()))

    @property
    def sharp(self) -> bool:
        """Too annoyed for courtesies."""
        return self.level >= SHARP

    @property
    def curt(self) -> bool:
        """Says only what is needed, by habit or by now."""
        return self.sharp or self.persona.style in ("terse", "fragmented") or ("blunt" in self.traits and self.persona.style != "verbose")

    def is_(self, *traits: Trait) -> bool:
        """Whether the persona has any of the traits."""
        return not self.traits.isdisjoint(traits)

    def heard(self, *acts: Act) -> bool:
        """Whether any of these was heard in the agent's last reply."""
        return self.brief.heard is not None and self.brief.heard.has(*acts)

    def chance(self, share: float) -> bool:
        """True in `share` of all draws; always draws, so that one choice does not shift the others."""
        return self.rng.random() < share

    def line(self, act: str, **slots: str) -> str:
        """One wording of an act; the shortest of several draws when annoyed. Not the same line twice in a message."""
        pool = self.bank.lines(act, self.register)
        if not pool:
            return ""
        # Nobody tells the same story twice; a short word may well come again.
        if self._told:
            pool = tuple([line for line in pool if line not in self._used and not (line.count(" ") > 2 and line in self._told)]) or pool
        elif not self._used.isdisjoint(pool):
            pool = tuple([line for line in pool if line not in self._used]) or pool
        found = self.rng.choice(pool)
        # Words of annoyance are short anyway; the shortest of them would always be the same.
        draws = 0 if act.startswith("frustrated") else self.level // 2
        for _ in range(draws + (found in self._used)):
            other = self.rng.choice(pool)
            if len(other) < len(found) or found in self._used:
                found = other
        self._used.add(found)
        return fill(found, slots)

    def lead(self, act: str, text: str, share: float, unless: re.Pattern[str] | None = None) -> str:
        """`text` with a lead-in in front, in `share` of all cases, once a message; never one that `unless` matches."""
        if self.led or not self.chance(share):
            return text
        lead = self.line(act)
        if unless is not None and unless.match(lead):
            return text
        self.led = True
        return after(lead, text, self.bank)

    def keep(self, text: str) -> str:
        """A line that stands as it was written: no later step touches it, but for the full stop."""
        body = text.rstrip(".!?… ")
        return self.spans.keep(body, own=True) + text[len(body) :]

    # ---------------------------------------------------------------- facts

    def value(self, name: str) -> str | None:
        """The current value of a fact that may be said, or None: unknown to the user, or never said."""
        entry = self.brief.ledger.fact(name)
        if entry is not None:
            return None if entry.disclose == "never" else entry.value
        known = next((f for f in (*self.brief.goal.known, *self.persona.knowledge.known) if f.name == name), None)
        return None if known is None or known.disclose == "never" else known.value

    def say(self, name: str) -> str:
        """A stand-in for the value of a fact that may be said."""
        if name not in self._said:
            self._said[name] = self.spans.keep(self.value(name) or "")
        return self._said[name]

    def withheld(self, name: str) -> bool:
        """Whether the user knows the fact and never says it."""
        entry = self.brief.ledger.fact(name)
        if entry is not None:
            return entry.disclose == "never"
        return any(f.name == name and f.disclose == "never" for f in (*self.brief.goal.known, *self.persona.knowledge.known))

    def label(self, name: str) -> str:
        """What this user calls a fact."""
        common = common_name(name)
        if common is not None and (label := self.bank.words.labels.get(common)) is not None:
            return label
        if self.bank.language != "en" and (phrase := said_as(self._asked_as(name))) is not None:
            return phrase
        return words_of(name)

    def _asked_as(self, name: str) -> tuple[str, ...]:
        goal, knowledge = self.brief.goal, self.persona.knowledge
        facts: tuple[Fact | UnknownFact, ...] = (*goal.known, *goal.unknown, *knowledge.known, *knowledge.unknown)
        return next((f.asked_as for f in facts if f.name == name), ())

    def names(self, name: str) -> dict[str, str]:
        """The slots `{name}` and `{Name}` of a fact."""
        label = self.label(name)
        return {"name": label, "Name": capital(label)}

    def tells_too_much(self, text: str, *, unasked: bool = False) -> bool:
        """Whether an authored line has a fact that is never said, or its `{name}`; with `unasked`, also one not said so far."""
        if "{" in text and any(self.value(name) is None for name in _SLOT.findall(text) if self._is_fact(name)):
            return True
        return any(
            (f.disclose == "never" or (unasked and f.said_at is None and f.disclose != "volunteer"))
            and (contains(text, f.value) or f"{{{f.name}}}" in text)
            for f in self.brief.ledger.facts
        )

    def filled(self, text: str) -> str:
        """An authored line with each `{fact}` replaced by its current value."""
        if "{" not in text:
            return text
        return _SLOT.sub(lambda m: self.say(m.group(1)) if self.value(m.group(1)) is not None else m.group(), text)

    def _is_fact(self, name: str) -> bool:
        goal, knowledge = self.brief.goal, self.persona.knowledge
        known = (f.name for f in (*goal.known, *knowledge.known))
        unknown = (f.name for f in (*goal.unknown, *knowledge.unknown))
        return self.brief.ledger.fact(name) is not None or name in known or name in unknown
