"""Checking a target: a harmless hello, an empty conversation to see whether it opens, and in words what was tried, what came back
and how to mend it. Where the settings do not fit the agent, settings that would."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from understudy.domain.conversation import Reply, TargetFailure, Turn
from understudy.domain.errors import TargetError
from understudy.ports import Probe, Target, TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.base_settings import HeadersTarget
from understudy.targets.open import open_target
from understudy.targets.prompt_settings import OpenModel
from understudy.targets.settings import (
    AnthropicTarget,
    HttpTarget,
    McpTarget,
    OpenAITarget,
    PromptTarget,
    PythonTarget,
    TargetSettings,
    WebSocketTarget,
)
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import is_object, parse_json

if TYPE_CHECKING:
    from understudy.targets.suggest import Suggestion

__all__ = ["HELLO", "probe"]

HELLO = "Hello"
_HELLO = TargetRequest(run_id="probe", turns=(Turn(index=0, role="user", text=HELLO, at=0.0),))
_NOTHING = TargetRequest(run_id="probe-opening", turns=())
OPENING_S = 10.0
LISTEN_S = 1.0
"""How long an agent behind a WebSocket is listened to before anything is said: one that speaks first does so at once."""
_FIX = {
    "refused": "Start the agent, or correct `url`.",
    "unreachable": "Correct the host in `url`, or connect the network.",
    "tls": "Correct the scheme or the certificate.",
    "timeout": "Raise `timeout_s`, or find out what it waits for.",
    "reset": "Look into the agent's own log.",
    "http_4xx": "Correct the settings of this target.",
    "http_5xx": "Look into the agent's own log.",
    "wrong_shape": "Make it answer in the shape that docs/targets.md shows for this kind.",
    "crashed": "Run it by hand and read its stderr.",
    "rubbish": "Make it answer with nothing but JSON.",
    "empty": "Make it answer with some text.",
    "not_configured": "Correct the settings of this target.",
}


_NOT_USEFUL = "Something answers at {address}, but not as expected: "
_REACHED = {
    **dict.fromkeys(("wrong_shape", "rubbish", "http_4xx", "http_5xx", "empty", "reset"), _NOT_USEFUL),
    "timeout": "Something takes calls at {address}, but gave no answer in time: ",
}
"""What was reached when no useful answer came: an address that is wrong looks different from an agent that is."""


async def probe(
    target_name: str,
    settings: TargetSettings,
    *,
    env: Mapping[str, str],
    allow: AllowList | None = None,
    open_model: OpenModel | None = None,
    within_s: float = 40.0,
) -> Probe:
    """Say hello, and where that is answered ask once more with an empty conversation: two calls, for at most `within_s` seconds
    (MCP clients give up on a call after about a minute). Where the settings do not fit, up to three
    of another form instead, of which the agent answers one at most.

    Never raises for what the target does; its connections and processes are closed again.
    """
    target = open_target(target_name, settings, env=env, allow=allow, open_model=open_model)
    until = time.monotonic() + within_s
    tried = f"Asked {_called(settings, env)} {'for its opening' if settings.opens == 'agent' else f'{HELLO!r}'}"
    try:
        async with asyncio.timeout(within_s):
            reply = await target.reply(_HELLO if settings.opens == "user" else _NOTHING)
    except TimeoutError:
        # Whether anything was reached is not known here: it may still have been connecting.
        late = f"No answer within {within_s:g} s; a conversation would wait for up to {settings.timeout_s:g} s (`timeout_s`)."
        return _failed(target_name, settings, tried, TargetFailure(kind="timeout", detail=late), reached=False)
    except TargetError as error:
        found = _failed(target_name, settings, tried, error.failure)
        better = await _suggestion(settings, error.failure, target, env, allow, left_s=until - time.monotonic())
        if better is None:
            return found
        calls = f" (found with {better.calls} more call(s))" if better.calls else ""
        # What fits says more than the general advice for such a failure.
        detail = f"{found.detail.removesuffix(_FIX[error.failure.kind])}These settings fit better, because {better.why}{calls}."
        return found.evolve(detail=detail, suggestion=better.as_yaml(target_name))
    else:
        streams = getattr(getattr(target, "seen", None), "streamed", None)
        first, opening = await _who_opens(target, settings, reply, left_s=until - time.monotonic())
    finally:
        await target.aclose()
    return Probe(
        target=target_name,
        kind=settings.kind,
        address=settings.address,
        reachable=True,
        detail=f"{tried}: {_found(reply, settings)}{opening}",
        latency_ms=reply.latency_ms,
        sample=excerpt(reply.text),
        tool_calls=len(reply.tool_calls),
        exposes_state=reply.state is not None,
        speaks_first=first,
        streams=streams,
        gives_session=reply.session is not None,
    )


async def _who_opens(
    target: Target, settings: TargetSettings, reply: Reply, *, left_s: float
) -> tuple[Literal["user", "agent", "either"] | None, str]:
    """Who speaks first, and a sentence about it: an agent that answers an empty conversation can open one."""
    if settings.opens == "agent":
        return ("agent", "") if reply.text.strip() else (None, "")
    if isinstance(settings, (AnthropicTarget, PromptTarget)):
        return "user", ""  # the wire has no empty conversation; a prompt opens whenever it is told to
    limit = min(left_s, LISTEN_S if isinstance(settings, WebSocketTarget) else OPENING_S)
    try:
        async with asyncio.timeout(limit):
            opening = await target.reply(_NOTHING)
    except (TargetError, TimeoutError):
        return "user", ""
    if not opening.text.strip():
        return "user", ""
    said = excerpt(opening.text, 60)
    return "either", f" Asked with no message at all, it says {said!r}: set `opens: agent` if that is how its users meet it."


async def _suggestion(
    settings: TargetSettings, failure: TargetFailure, target: Target, env: Mapping[str, str], allow: AllowList | None, *, left_s: float
) -> Suggestion | None:
    if not isinstance(settings, (OpenAITarget, AnthropicTarget, HttpTarget, WebSocketTarget)):
        return None
    from understudy.targets.suggest import suggest

    try:
        async with asyncio.timeout(max(left_s, 0)):
            return await suggest(settings, failure, getattr(target, "seen", None), hello=HELLO, env=env, allow=allow)
    except TimeoutError:
        return None


def _called(settings: TargetSettings, env: Mapping[str, str]) -> str:
    if not isinstance(settings, PythonTarget):
        return f"`{settings.address}`"
    from understudy.targets.interpreter import find_interpreter

    interpreter = find_interpreter(settings.python, cwd=settings.cwd, env=env)
    return f"`{settings.address}`, run by {interpreter.path} ({interpreter.why}),"


def _found(reply: Reply, settings: TargetSettings) -> str:
    words = f"it answered {len(reply.text)} characters in {reply.latency_ms:.0f} ms"
    if not reply.text.strip():
        words = f"it answered in {reply.latency_ms:.0f} ms, but without any text"
    if reply.tool_calls:
        words += f", with {len(reply.tool_calls)} tool call(s)"
    if reply.attempts:
        words += f", after {len(reply.attempts)} failed attempt(s), the last: {reply.attempts[-1].detail.rstrip('.')}"
    words += _json_in_words(reply, settings)
    path: str | None = getattr(settings, "state_path", None)
    if reply.state is not None:
        return f"{words}; it exposes its state."
    if path is not None:
        return f"{words}; there is no state at `{path}`: checks of state will be unscored. Correct `state_path` if it should be there."
    return f"{words}; it exposes no state, so checks of state will be unscored."


def _json_in_words(reply: Reply, settings: TargetSettings) -> str:
    """A hint for a tool whose text is JSON that nobody has told us how to read."""
    if not isinstance(settings, McpTarget) or settings.reply_path is not None:
        return ""
    try:
        body = parse_json(reply.text)
    except ValueError:
        return ""
    if not is_object(body):
        return ""
    named = next((key for key in ("text", "reply", "content", "answer", "message") if isinstance(body.get(key), str)), None)
    return f"; its text is JSON: set `reply_path{f': {named}' if named else ''}` so that the user sees words"


def _on_the_web(settings: TargetSettings) -> bool:
    return isinstance(settings, HeadersTarget) and getattr(settings, "url", None) is not None


def _failed(name: str, settings: TargetSettings, tried: str, failure: TargetFailure, *, reached: bool = True) -> Probe:
    times = f" ({len(failure.attempts)} attempts)" if len(failure.attempts) > 1 else ""
    of_model = isinstance(settings, PromptTarget) and failure.kind not in ("not_configured", "empty")
    fix = "Correct `model` of this target, or wait until its provider answers." if of_model else _FIX[failure.kind]
    stderr = _end_of(failure)
    there = _REACHED.get(failure.kind, "").format(address=settings.address) if reached and _on_the_web(settings) else ""
    detail = f"{tried}{times}: {there}{failure.detail}{stderr} {fix}"
    return Probe(target=name, kind=settings.kind, address=settings.address, reachable=False, detail=detail)


def _end_of(failure: TargetFailure) -> str:
    """The end of its stderr: of a traceback only the last line, whose other lines are mostly ours; nothing that was said already."""
    text = failure.stderr.strip()
    last = text.rpartition("\n")[2].strip()
    if not text or excerpt(last) in failure.detail:
        return ""
    said = last if "Traceback (most recent call last)" in text else text[-400:]
    return f" End of its stderr: {excerpt(said, 400)!r}."
