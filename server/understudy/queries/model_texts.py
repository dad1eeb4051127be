"""What a model is asked when it writes a query or checks one, and the shapes of its answers."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from understudy.domain.model_call import CallFor, ModelMessage
from understudy.domain.persona import Persona
from understudy.ports import LLMRequest
from understudy.prompting.fence import fence
from understudy.prompting.prompt import Prompt, load_prompt
from understudy.queries.draft import QueryRequest

__all__ = ["PROMPT", "Checked", "Grounded", "Naive", "check_request", "prompt", "write_request"]

PROMPT = ("queries", "1")
ROOM = 700
"""Tokens for one query with its user; a long message takes about 300."""
ROOM_TO_CHECK = 200
MOST_SAYINGS = 3


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class Grounded(_Shape):
    """A query with the person who asks it, who comes first."""

    user_type: str
    user_background: str
    query: str


class Naive(_Shape):
    """A query by nobody in particular."""

    query: str


class Checked(_Shape):
    """Whether a query is on its topic, the reason first."""

    reason: str
    on_topic: bool


def prompt() -> Prompt:
    """The version in use."""
    return load_prompt(*PROMPT)


def write_request(request: QueryRequest, *, language: str, made_for: CallFor) -> LLMRequest:
    """What the model is sent for one query. The company's text stands first and is the same throughout a batch, for caches."""
    text, salt = prompt(), f"queries:{PROMPT[1]}"

    def fenced(label: str, body: str) -> str:
        return fence(label, body, salt=salt)

    notes = {
        "language": language,
        "feedback": fenced("reviews", "\n".join(f"- {r}" for r in request.feedback)) if request.feedback else "",
        "avoid": fenced("existing", "\n".join(f"- {a}" for a in request.avoid)) if request.avoid else "",
    }
    if request.topic is None or request.example is None:
        asked = text.render("naive", **notes)
    else:
        shown = request.example
        example = f"type: {shown.example_type}\nbackground: {shown.example_background}\nmessage: {shown.example_query}"
        persona = fenced("voice", _voice(request.persona)) if request.persona is not None else ""
        asked = text.render(
            "grounded", topic=fenced("topic", request.topic.topic), example=fenced("example", example), persona=persona, **notes
        )
    company = request.company.strip() or "(nothing is known about it)"
    return LLMRequest(
        role="generator",
        system=(text.render("system"), text.render("company", company=fenced("company", company))),
        messages=(ModelMessage(role="user", text=asked),),
        max_tokens=ROOM,
        seed=request.seed,
        made_for=made_for,
    )


def check_request(query: str, topic: str, *, made_for: CallFor) -> LLMRequest:
    """What a model is sent to decide whether a query is on its topic."""
    text, salt = prompt(), f"queries:{PROMPT[1]}:check"
    asked = text.render("check", topic=fence("topic", topic, salt=salt), query=fence("message", query, salt=salt))
    return LLMRequest(
        role="judge",
        system=(text.render("check_system"),),
        messages=(ModelMessage(role="user", text=asked),),
        max_tokens=ROOM_TO_CHECK,
        made_for=made_for,
    )


def _voice(persona: Persona) -> str:
    """How a persona speaks, without what they came for."""
    kept: Sequence[tuple[str, object]] = (
        ("who", persona.profile),
        ("segment", persona.segment),
        ("mood", persona.emotion),
        ("register", persona.register_),
        ("style", persona.style),
        ("clarity", persona.clarity),
        ("fluency", persona.fluency),
        ("dialect", persona.dialect),
        ("habits", ", ".join(persona.traits)),
        ("typed like", " | ".join(persona.sayings[:MOST_SAYINGS])),
    )
    return "\n".join(f"{name}: {value}" for name, value in kept if value)
