"""Runs a user's callable for Understudy: `<their python> host.py module:function`. Standard library only, Python 3.8 or newer.

The user's interpreter executes this file; ours takes from it only how a callable is filled and its answer read (`in_process`).
A JSON line comes in on stdin, a JSON line goes out on stdout. Both are moved out of the way before the user's module is imported:
what it prints goes to stderr, and what it reads is empty.

The callable's parameters are filled by name:
  messages                        the whole conversation, a list of {"role": "user" | "assistant", "content": str}
  message, text, prompt, ...      the user's last message, a str ("" when the agent speaks first)
  history, chat_history           the messages before the last one
  request                         the whole request: {"run_id", "messages", "session"}
  session, run_id                 those fields of it
A first parameter of another name gets the user's last message when it is annotated `str` or a history follows it, and
else the messages. It may be a function, a coroutine function, a generator or an async generator, or an object with
`__call__`; it returns or yields str, or a dict with `text` (or `reply`, `content`) and, if it likes, `tool_calls`,
`state`, `handed_off`, `closed` and `session`.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # This file's own folder: a `settings` or `command` of ours must shadow neither theirs nor the standard library.
    del sys.path[0]

import asyncio
import importlib
import inspect
import json
import os
import traceback
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable

LAST_WORDS = ("message", "text", "prompt", "query", "question", "input", "user_message", "user_input")
HISTORY = ("history", "chat_history")
WHOLE_REQUEST = ("request", "req")
SESSION = ("session", "session_id")
RUN = ("run_id", "conversation_id")
KNOWN = ("messages", *LAST_WORDS, *HISTORY, *WHOLE_REQUEST, *SESSION, *RUN)


class NoAnswer(Exception):
    """The callable gave back nothing that could be an answer."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def take_over_streams() -> tuple[TextIO, TextIO]:
    """The protocol's own streams; file descriptors 0 and 1 lead to nothing and to stderr from now on."""
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    stdout: Any = sys.stdout
    stdout.reconfigure(line_buffering=True)
    return requests, answers


def load(spec: str) -> Callable[..., Any]:
    """The callable behind `module:function`; the module is looked for in the working folder first."""
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - a str is what sys.path holds
    module_name, _, path = spec.partition(":")
    found: Any = importlib.import_module(module_name)
    for name in path.split("."):
        found = getattr(found, name)
    if not callable(found):
        raise TypeError(f"`{spec}` is a {type(found).__name__}, not something that can be called")
    return cast("Callable[..., Any]", found)


def value_for(name: str, request: dict[str, Any]) -> Any:
    """What a parameter of this name is given."""
    messages = request["messages"]
    if name in LAST_WORDS:
        return messages[-1]["content"] if messages else ""
    if name in HISTORY:
        return messages[:-1]
    if name in WHOLE_REQUEST:
        return request
    if name in SESSION:
        return request.get("session")
    if name in RUN:
        return request.get("run_id")
    return messages


def plan_call(function: Callable[..., Any]) -> Callable[[dict[str, Any]], tuple[list[Any], dict[str, Any]]]:
    """How to fill the callable's parameters. Raises TypeError when one has no default and a name that says nothing."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a builtin without a signature
        return lambda request: ([request["messages"]], {})
    by_position: list[str] = []
    by_name: dict[str, str] = {}
    for parameter in parameters:
        meaning = meaning_of(parameter, parameters)
        if meaning is None:
            continue
        first = parameter is parameters[0] and not_only_named(parameter)
        if first or parameter.kind is parameter.POSITIONAL_ONLY:
            by_position.append(meaning)
        else:
            by_name[parameter.name] = meaning
    if not by_position and not by_name:
        raise TypeError("it takes nothing to answer to; give it a parameter `messages`")
    return lambda request: (
        [value_for(meaning, request) for meaning in by_position],
        {name: value_for(meaning, request) for name, meaning in by_name.items()},
    )


def not_only_named(parameter: inspect.Parameter) -> bool:
    """Whether it can be filled by position."""
    return parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD, parameter.VAR_POSITIONAL)


def meaning_of(parameter: inspect.Parameter, parameters: list[inspect.Parameter]) -> str | None:
    """Which of KNOWN it wants; None when it can be left out."""
    if parameter.name in KNOWN and parameter.kind is not parameter.VAR_KEYWORD:
        return parameter.name
    if parameter is parameters[0] and not_only_named(parameter):
        wants_text = parameter.annotation in (str, "str") or any(p.name in HISTORY for p in parameters[1:])
        return "message" if wants_text else "messages"
    if parameter.default is not parameter.empty or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        return None
    raise TypeError(f"its parameter `{parameter.name}` is none of these: {', '.join(KNOWN)}")


async def collect(chunks: Any) -> list[Any]:
    return [chunk async for chunk in chunks]


def call(
    function: Callable[..., Any],
    fill: Callable[[dict[str, Any]], tuple[list[Any], dict[str, Any]]],
    request: dict[str, Any],
    loop: asyncio.AbstractEventLoop,
) -> dict[str, Any]:
    """One answer of the callable."""
    positional, named = fill(request)
    result = function(*positional, **named)
    if inspect.isawaitable(result):
        result = loop.run_until_complete(as_coroutine(result))
    if hasattr(result, "__aiter__"):
        return joined(loop.run_until_complete(collect(result)))
    if inspect.isgenerator(result) or (hasattr(result, "__next__") and hasattr(result, "__iter__")):
        return joined(list(result))
    return as_answer(result)


async def as_coroutine(awaitable: Any) -> Any:
    return await awaitable


def as_answer(result: Any) -> dict[str, Any]:
    """The answer object for what was returned."""
    if isinstance(result, str):
        return {"text": result}
    if isinstance(result, dict):
        return cast("dict[str, Any]", result)
    if result is None:
        raise NoAnswer("empty", "it returned None; return a str, or a dict with `text`")
    raise NoAnswer("wrong_shape", f"it returned or yielded a {type(result).__name__}; return a str, or a dict with `text`")


def joined(chunks: list[Any]) -> dict[str, Any]:
    """The answer object for what was yielded: words one after the other, other fields as last given."""
    if not chunks:
        raise NoAnswer("empty", "it yielded nothing")
    answer: dict[str, Any] = {}
    words: list[str] = []
    for chunk in chunks:
        part = as_answer(chunk)
        words.extend(str(part[key]) for key in ("text", "reply", "content") if part.get(key))
        answer.update({key: value for key, value in part.items() if key not in ("reply", "content")})
    answer["text"] = "".join(words)
    return answer


def failed(error: BaseException) -> dict[str, Any]:
    """The answer object for an exception of theirs, with the end of its traceback."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    sys.stderr.write(text)
    sys.stderr.flush()
    return {"error": f"{type(error).__name__}: {error}", "traceback": text[-4096:]}


def serve(spec: str) -> int:
    """Answer requests until stdin ends. The exit code is 1 when the callable could not be loaded."""
    requests, answers = take_over_streams()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # A failed import ends the process: its traceback is on stderr, and asking again would fail again.
    function = load(spec)
    fill = plan_call(function)
    for line in requests:
        try:
            answer = call(function, fill, json.loads(line), loop)
        except NoAnswer as error:
            answer = {"error": str(error), "kind": error.kind}
        except (Exception, SystemExit) as error:
            answer = failed(error)
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
