"""One reply, gathered from the JSON documents that an agent sent for it: one body, the pieces of a stream, or several frames."""

from __future__ import annotations

import json
from typing import Any

from understudy.domain.conversation import Reply, ToolCall
from understudy.domain.value import JsonObject
from understudy.targets.answer import found_instead, hands_off, state_from, tool_calls_from
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_SESSION, MAX_TEXT, MAX_TOOL_CALLS, at_most
from understudy.targets.web_settings import AnswerTarget
from understudy.wire.content import at_path, text_of
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import is_list, is_object

__all__ = ["NOTHING", "Gathered", "look_up", "session_text"]

NOTHING = object()
"""What `look_up` gives where there is nothing; null is something."""


def look_up(body: Any, path: str) -> Any:
    """What lies at a dotted path, or NOTHING. A step `*` goes into every item of a list, and gives a list."""
    step, _, rest = path.partition(".")
    if step == "*" and is_list(body):
        found = [look_up(item, rest) if rest else item for item in body]
        found = [item for item in found if item is not NOTHING]
        return found or NOTHING
    if is_object(body) and step in body:
        body = body[step]
    elif is_list(body) and step.isdecimal() and int(step) < len(body):
        body = body[int(step)]
    else:
        return NOTHING
    return look_up(body, rest) if rest else body


def there_instead(body: Any, path: str) -> str:
    """Where the path ends too early, and what is there: `data` is an object with `text`."""
    steps = path.split(".")
    for known in range(len(steps) - 1, 0, -1):
        if (found := look_up(body, ".".join(steps[:known]))) is not NOTHING:
            return f"`{'.'.join(steps[:known])}` is {found_instead(found)}"
    return f"it sent {found_instead(body)}{_complaint(body)}"


def _complaint(body: Any) -> str:
    error = at_path(body, "error") or at_path(body, "detail")
    return f"; it said {excerpt(error if isinstance(error, str) else json.dumps(error))!r}" if error else ""


def session_text(found: Any, where: str) -> str | None:
    """A session as text; many are numbers. Raises CallFailed (wrong_shape) for anything else, and when it is too long."""
    if found is None or found is NOTHING:
        return None
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        raise CallFailed("wrong_shape", f"{where}: the session is {found_instead(found)}, not a text.")
    at_most(MAX_SESSION, len(str(found)), where, "the session")
    return str(found)


class Gathered:
    """The reply so far. Every method may raise CallFailed (wrong_shape) with the path that was asked for and what was there."""

    def __init__(self, settings: AnswerTarget, where: str) -> None:
        self._settings, self._where = settings, where
        self._texts: list[str] = []
        """Whole messages."""
        self._pieces: list[str] = []
        self._length = 0
        self._calls: list[ToolCall] = []
        self._state: JsonObject | None = None
        self._closed = self._handed_off = False
        self.session: str | None = None

    @property
    def has_words(self) -> bool:
        """Whether anything was said, be it the empty text."""
        return bool(self._texts or self._pieces)

    @property
    def messages(self) -> int:
        """How many whole messages there are."""
        return len(self._texts)

    @property
    def in_piece(self) -> bool:
        """Whether a streamed message has begun."""
        return bool(self._pieces)

    def end_message(self) -> None:
        """What was streamed so far is a whole message; what comes is another."""
        if self._pieces:
            self._texts.append("".join(self._pieces))
            self._pieces.clear()

    @property
    def has_calls(self) -> bool:
        """Whether tool calls were reported."""
        return bool(self._calls)

    def say(self, text: str) -> None:
        """A whole message, as it is."""
        self._count(text)
        self._texts.append(text)

    def say_piece(self, text: str) -> None:
        """The next words of a streamed message."""
        self._count(text)
        self._pieces.append(text)

    def take_words(self, body: Any) -> None:
        """The words at `reply_path`, which must be there unless the agent only calls tools."""
        path = self._settings.reply_path
        if path is None:
            if isinstance(body, str):
                return self.say(body)
            raise CallFailed("wrong_shape", f"{self._where} answered {found_instead(body)}. Say in `reply_path` where its text is.")
        if not self.find_words(body) and not self.has_calls:
            raise CallFailed("wrong_shape", f"{self._where}: there is nothing at `{path}` (`reply_path`); {there_instead(body, path)}.")
        return None

    def find_words(self, body: Any) -> bool:
        """The words at `reply_path`, if there are any: they stand for the pieces that came before."""
        path = self._settings.reply_path
        found = look_up(body, path) if path else NOTHING
        if path is None or found is NOTHING:
            return False
        self._pieces.clear()
        self.say(self._text_at(path, found))
        return True

    def find_piece(self, body: Any) -> bool:
        """The next words at `delta_path`, if there are any."""
        path = self._settings.delta_path
        found = look_up(body, path) if path else NOTHING
        if path is None or found is NOTHING:
            return False
        self.say_piece(self._text_at(path, found))
        return True

    def _text_at(self, path: str, found: Any) -> str:
        if "*" in path and is_list(found):
            return "\n".join(self._text_at(path.replace("*", "0"), item) for item in found)
        text = text_of(found)
        if text is None:
            raise CallFailed("wrong_shape", f"{self._where}: `{path}` is {found_instead(found)}, not text.")
        return text

    def _count(self, text: str) -> None:
        self._length += len(text)
        at_most(MAX_TEXT, self._length, self._where, "the text")

    def take_rest(self, body: Any) -> None:
        """Everything beside the words: tool calls add up, of the rest the newest counts."""
        settings, where = self._settings, self._where
        if (found := self._at(settings.tool_calls_path, body)) is not None:
            self._calls += tool_calls_from(found, f"{where}, `{settings.tool_calls_path}`")
            at_most(MAX_TOOL_CALLS, len(self._calls), where, "the list of tool calls", "entries")
        if (found := self._at(settings.state_path, body)) is not None:
            self._state = state_from(found, f"{where}, `{settings.state_path}`")
        if (found := self._at(settings.session_path, body)) is not None:
            self.session = session_text(found, f"{where}, `{settings.session_path}`")
        self._closed = self._closed or bool(self._at(settings.closed_path, body))
        self._handed_off = self._handed_off or hands_off(settings.handoff, "", (), body)

    @staticmethod
    def _at(path: str | None, body: Any) -> Any:
        found = look_up(body, path) if path else None
        return None if found is NOTHING else found

    def is_last(self, body: Any) -> bool:
        """Whether this piece says that it is the last one."""
        found = self._at(self._settings.done_path, body)
        wanted = self._settings.done_equals
        # True is not 1 here, although Python says so.
        return bool(found) if wanted is None else type(found) is type(wanted) and found == wanted

    def reply(self, *, session: str | None = None) -> Reply:
        """What was gathered. `session` is that of this call, where the answer brought none."""
        text = "\n".join([*self._texts, *(["".join(self._pieces)] if self._pieces else [])])
        return Reply(
            text=text,
            tool_calls=tuple(self._calls),
            state=self._state,
            session=self.session or session,
            handed_off=self._handed_off or hands_off(self._settings.handoff, text, self._calls, None),
            closed=self._closed,
        )
