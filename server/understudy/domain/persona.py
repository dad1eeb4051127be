"""A persona: who the simulated user is, independent of what they want today.

Every field changes what a player does, apart from the bookkeeping ones listed in `BOOKKEEPING`;
a mutation test holds that.
"""

from __future__ import annotations

from typing import Any, Literal, cast

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer

from understudy.domain.value import JsonObject, LanguageTag, Name, Phrases, Slug, Text, Value

__all__ = [
    "BOOKKEEPING",
    "Clarity",
    "Dialect",
    "Disclosure",
    "Emotion",
    "Fact",
    "Fluency",
    "Intents",
    "Knowledge",
    "Noise",
    "Persona",
    "Provenance",
    "Register",
    "Skill",
    "SpeechStyle",
    "Trait",
    "Trigger",
    "TriggerAction",
    "TriggerCondition",
    "UnknownFact",
]

Emotion = Literal["calm", "cheerful", "anxious", "confused", "frustrated", "angry", "hurried", "sad", "suspicious"]
Register = Literal["formal", "neutral", "casual", "slang"]
SpeechStyle = Literal["plain", "terse", "verbose", "rambling", "fragmented"]
Clarity = Literal["clear", "partial", "vague"]
Skill = Literal["novice", "average", "expert"]
Fluency = Literal["native", "fluent", "basic"]
Dialect = Literal["standard", "scottish", "southern_us", "indian_english", "austrian", "swiss", "mexican", "rioplatense"]
Disclosure = Literal["volunteer", "if_asked", "never"]
Trait = Literal[
    "bundles_questions",
    "changes_mind",
    "leaves_things_out",
    "polite",
    "blunt",
    "sarcastic",
    "chatty",
    "interrupts",
    "asks_why",
    "double_checks",
    "repeats_themselves",
    "all_caps_when_upset",
    "wants_acknowledgement",
    "compares_with_others",
    "tests_limits",
    "apologetic",
]
"""What a persona habitually does. A closed list, because a trait that no player understands would be ignored in silence."""

TriggerCondition = Literal[
    "refuses",
    "asks_unknown",
    "asks_again",
    "repeats_itself",
    "redirects",
    "ignores",
    "hands_off",
    "stalls",
    "misunderstands",
    "changes_subject",
    "rude",
    "no_options",
    "says",
]
"""What the agent does that sets a trigger off; `says` looks for the trigger's own phrases."""
TriggerAction = Literal["ask_for_human", "call_back_later", "give_up"]

BOOKKEEPING = frozenset({"id", "version", "tags", "segment", "summary", "provenance"})
"""Fields that describe the record and not the person; they never change a conversation."""


class Fact(Value):
    """Something that the user knows, and how readily they say it."""

    name: Slug
    value: Text
    disclose: Disclosure = "if_asked"
    """volunteer: said unasked early on; if_asked: said when the agent asks; never: withheld even then."""
    asked_as: Phrases = ()
    """Phrases by which an agent asks for it, beside the fact's own name."""


class UnknownFact(Value):
    """Something that the user does not know and says so when asked."""

    name: Slug
    asked_as: Phrases = ()


def facts_from_mapping(raw: object) -> object:
    """`{name: value}` and `{name: {value: ...}}` are short forms of a list of facts."""
    if not isinstance(raw, dict):
        return raw
    entries = cast("dict[str, object]", raw).items()
    return tuple({"name": name, **(cast("JsonObject", body) if isinstance(body, dict) else {"value": body})} for name, body in entries)


def unknown_from_names(raw: object) -> object:
    """A list of names, or `{name: [asked as, ...]}`, is a short form of a list of unknown facts."""
    if isinstance(raw, dict):
        return tuple({"name": name, "asked_as": body or ()} for name, body in cast("dict[str, object]", raw).items())
    if isinstance(raw, list | tuple):
        return tuple({"name": item} if isinstance(item, str) else item for item in cast("list[object]", raw))
    return raw


class Knowledge(Value):
    """What the user knows about themselves in every conversation, and what they do not."""

    known: tuple[Fact, ...] = Field(default=(), max_length=200)
    unknown: tuple[UnknownFact, ...] = Field(default=(), max_length=200)

    _known = field_validator("known", mode="before")(facts_from_mapping)
    _unknown = field_validator("unknown", mode="before")(unknown_from_names)


class Intents(Value):
    """What the user came for: one primary intent, and side intents that they mix in. First-person lines, as spoken."""

    primary: Text
    side: tuple[Text, ...] = Field(default=(), max_length=50)


class Trigger(Value):
    """What makes this user ask for a human, promise to call back, or give up."""

    id: Slug
    when: TriggerCondition
    about: str | None = None
    """Only when it concerns this fact, sub-goal or side intent (an id, or words of it); None means whatever it concerns."""
    says: Phrases = ()
    """For `says`: phrases, any of which in the agent's words sets it off."""
    then: TriggerAction = "ask_for_human"
    words: tuple[str, ...] = ()
    """What the user says when it fires, in their own words; empty leaves it to the player."""

    @model_serializer(mode="wrap")
    def _with_action(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """`then` is the point of a trigger: it is kept in a dump that leaves defaults out."""
        return {**dump(self), "then": self.then}


class Noise(Value):
    """How clean the user's text is: shares between 0 (never) and 1 (as often as can be)."""

    typos: float = Field(default=0.0, ge=0, le=1)
    caps: float = Field(default=0.0, ge=0, le=1)
    fillers: float = Field(default=0.0, ge=0, le=1)
    fragments: float = Field(default=0.0, ge=0, le=1)
    misheard: float = Field(default=0.0, ge=0, le=1)
    tangents: float = Field(default=0.0, ge=0, le=1)
    interruptions: float = Field(default=0.0, ge=0, le=1)


class Provenance(Value):
    """Where the persona came from."""

    source: Literal["library", "written", "described", "transcript", "notes", "imported"] = "written"
    note: str = ""
    reference: str | None = None


class Persona(Value):
    """One simulated user."""

    id: Slug
    name: Name
    version: int = Field(default=1, ge=1)
    summary: str = ""
    """One line for lists."""
    segment: str = ""
    """The customer segment, for slices: `returning patient`."""
    company: Name
    """Whom they believe they are talking to."""
    profile: Text
    """Who they are, in first-person sentences; a player drops them in as remarks that are beside the point."""
    sayings: tuple[Text, ...] = Field(default=(), max_length=100)
    """Lines in their own words: exemplars of their voice, used as they stand."""
    goal: Slug | None = None
    """The goal they play when none is named; None makes one from `intents`."""
    intents: Intents
    traits: tuple[Trait, ...] = ()
    emotion: Emotion = "calm"
    frustration_threshold: int = Field(default=3, ge=1, le=5)
    """How many setbacks until frustration shows: 1 at once, 5 hardly ever."""
    patience: int = Field(default=3, ge=1, le=5)
    """How long they keep trying: at 1 they leave after about 2 fruitless turns, at 5 after about 6."""
    language: LanguageTag = "en"
    register_: Register = Field(default="neutral", alias="register")
    dialect: Dialect = "standard"
    fluency: Fluency = "native"
    style: SpeechStyle = "plain"
    clarity: Clarity = "clear"
    skill: Skill = "average"
    noise: Noise = Noise()
    knowledge: Knowledge = Knowledge()
    triggers: tuple[Trigger, ...] = Field(default=(), max_length=50)
    tags: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True, "serialize_by_alias": True}
