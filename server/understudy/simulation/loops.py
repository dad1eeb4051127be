"""Conversations that go round in circles: two sides that bid each other goodbye, or the same exchange over and over."""

from __future__ import annotations

from understudy.domain.conversation import Act, Turn
from understudy.text.similarity import normalise

__all__ = ["GOODBYES", "SAME_EXCHANGES", "circling"]

GOODBYES = 3
"""Closing replies of the agent in a row, with nothing new in them, after which a conversation is over."""
SAME_EXCHANGES = 3
"""Equal pairs of user and agent turn in a row after which a conversation is over."""


def circling(turns: tuple[Turn, ...]) -> str | None:
    """Why the conversation will not get anywhere any more, in a sentence, or None. `turns` ends with an agent turn."""
    if _bid_farewell(turns):
        return f"The agent said goodbye {GOODBYES} times in a row and nothing else came."
    if _same_exchange(turns):
        return f"The same exchange came {SAME_EXCHANGES} times in a row."
    return None


def _bid_farewell(turns: tuple[Turn, ...]) -> bool:
    replies = turns[-1 : -2 * GOODBYES : -2]
    return len(replies) == GOODBYES and all(_only_closes(t) for t in replies)


def _only_closes(turn: Turn) -> bool:
    heard = turn.heard
    return turn.role == "agent" and heard is not None and heard.has(Act.CLOSES) and not (heard.met or heard.attempted or heard.asked)


def _same_exchange(turns: tuple[Turn, ...]) -> bool:
    last = turns[-2 * SAME_EXCHANGES :]
    if len(last) < 2 * SAME_EXCHANGES or normalise(last[-1].text) != normalise(last[-3].text):
        return False
    said = {normalise(t.text) for t in last if t.role == "user"}
    answered = {normalise(t.text) for t in last if t.role == "agent"}
    return len(said) == 1 and len(answered) == 1
