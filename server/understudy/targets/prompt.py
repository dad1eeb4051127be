"""Target: a prompt under test. A model is given the system prompt and mocked tools, and answers like the agent that is to be built.

Nothing is kept between turns: mock state and the place in sequences come from making the calls of the transcript once more.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from understudy.domain.conversation import FailureKind, Reply, ToolCall
from understudy.domain.errors import BadInput, ModelError
from understudy.domain.model_call import CallFor, ModelFault, ModelMessage, ModelToolCall, ToolSpec
from understudy.domain.value import JsonObject, Value
from understudy.ports import LLM, Completion, LLMRequest, TargetRequest
from understudy.targets.answer import hands_off, state_from
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_TEXT, MAX_TOOL_CALLS, at_most, fit_json, fit_name
from understudy.targets.mock_tools import MockTool, MockWorld
from understudy.targets.prompt_settings import OpenModel, PromptTarget
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import tame

__all__ = ["Prompt"]

_KINDS: dict[ModelFault, FailureKind] = {
    "rate_limited": "http_4xx",
    "overloaded": "http_5xx",
    "server": "http_5xx",
    "timeout": "timeout",
    "reset": "reset",
    "refused_connection": "refused",
    "unreachable": "unreachable",
    "tls": "tls",
    "auth": "not_configured",
    "bad_request": "http_4xx",
    "malformed": "wrong_shape",
    "not_configured": "not_configured",
    "not_recorded": "not_configured",
    "budget": "not_configured",
}
"""A fault of the model as a failure of the target: the agent could not be played, which says nothing about the prompt."""


class Fixtures(Value):
    """What a tools file holds."""

    tools: tuple[MockTool, ...] = ()
    state: JsonObject = {}


class _Ready:
    """The prompt, the fixtures and the model, once they have been read and opened."""

    def __init__(self, system: str, fixtures: Fixtures, model: LLM) -> None:
        self.system, self.fixtures, self.model = system, fixtures, model
        self.specs = tuple(ToolSpec(name=tool.name, description=tool.description, parameters=tool.parameters) for tool in fixtures.tools)


class Prompt:
    """The adapter of `kind: prompt`."""

    kind = "prompt"
    needs_session = False

    def __init__(
        self,
        name: str,
        settings: PromptTarget,
        *,
        env: Mapping[str, str],
        open_model: OpenModel | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self._settings, self._open_model, self._sleep = settings, open_model, sleep
        self._secrets = Secrets(settings.env_names, env)
        self._ready: _Ready | None = None

    async def reply(self, request: TargetRequest) -> Reply:
        """What the model says in the agent's place, tool calls included. Raises TargetError for what keeps it from being asked."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                reply = await self._turn(await self._made_ready(), request)
        except TimeoutError:
            late = f"{self._where} did not answer within {self._settings.timeout_s:g} s, mocked tools included."
            raise CallFailed("timeout", late).as_error() from None
        except ModelError as error:
            detail = f"{self._where}: the model gave no answer: {excerpt(self._secrets.mask(error.detail))}"
            raise CallFailed(_KINDS[error.kind], detail).as_error() from None
        except CallFailed as error:
            raise error.masked(self._secrets).as_error() from None
        return self._secrets.mask_reply(reply).evolve(latency_ms=round((time.perf_counter() - started) * 1000, 3))

    def forget(self, run_id: str) -> None:
        """Nothing is kept per conversation."""

    async def aclose(self) -> None:
        """Close the model's connections. May be called twice."""
        ready, self._ready = self._ready, None
        if ready is not None:
            await ready.model.aclose()

    @property
    def _where(self) -> str:
        return f"`{self._settings.address}`"

    async def _made_ready(self) -> _Ready:
        if self._ready is None:
            read = await asyncio.to_thread(self._read_files)
            # Another call may have been as quick: one model is enough.
            self._ready = self._ready or _Ready(*read, self._model())
        return self._ready

    def _model(self) -> LLM:
        if self._open_model is None:
            raise CallFailed("not_configured", f"{self._where}: no model can be opened from here.")
        try:
            return self._open_model(self._settings.model)
        except BadInput as error:
            raise CallFailed("not_configured", f"{self._where}: {error}") from None

    def _read_files(self) -> tuple[str, Fixtures]:
        settings = self._settings
        system = settings.system if settings.system_file is None else _text_in(settings.system_file, "system_file").strip()
        if not system:
            raise CallFailed("not_configured", f"The prompt in `{settings.system_file}` is empty.")
        if settings.tools_file is None:
            fixtures = Fixtures(tools=settings.tools, state=settings.state)
        else:
            fixtures = _fixtures_in(settings.tools_file)
        names = [tool.name for tool in fixtures.tools]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise CallFailed("not_configured", f"The tool `{twice[0]}` is there twice. Give each its own name, or cases under `when`.")
        return system, fixtures

    # ---- one turn

    async def _turn(self, ready: _Ready, request: TargetRequest) -> Reply:
        world = MockWorld(ready.fixtures.tools, ready.fixtures.state)
        history = _history(request, world)
        words: list[str] = []
        made: list[ToolCall] = []
        for round_ in range(self._settings.max_tool_rounds + 1):
            said = await ready.model.complete(self._asked(ready, request, history))
            words += [tame(said.text.strip())] if said.text.strip() else []
            self._whole(said, words, made)
            at_most(MAX_TOOL_CALLS, len(made) + len(said.tool_calls), self._where, "the list of tool calls of this turn", "entries")
            if not said.tool_calls:
                break
            history.append(ModelMessage(role="assistant", text=said.text, tool_calls=said.tool_calls))
            for call in said.tool_calls:
                result = _TOO_MANY if round_ == self._settings.max_tool_rounds else await self._called(world, call)
                made.append(ToolCall(name=fit_name(call.name), arguments=fit_json(call.arguments), result=fit_json(result)))
                history.append(ModelMessage(role="tool", text=_as_text(result), tool_call_id=call.id))
        text = "\n\n".join(words)
        at_most(MAX_TEXT, len(text), self._where, "the text")
        body = {"text": text, "state": world.state}
        return Reply(
            text=text,
            tool_calls=tuple(made),
            state=state_from(world.state, self._where),
            handed_off=hands_off(self._settings.handoff, text, made, body),
        )

    async def _called(self, world: MockWorld, call: ModelToolCall) -> Any:
        answered = world.call(call.name, call.arguments)
        if answered.latency_s:
            await self._sleep(answered.latency_s)
        return answered.result

    def _asked(self, ready: _Ready, request: TargetRequest, history: list[ModelMessage]) -> LLMRequest:
        return LLMRequest(
            role="target",
            system=(ready.system,),
            messages=tuple(history),
            stable=len(history),
            tools=ready.specs,
            max_tokens=self._settings.max_tokens,
            temperature=self._settings.model.temperature,
            made_for=CallFor(run_id=request.run_id, turn=len(request.turns)),
        )

    def _whole(self, said: Completion, words: list[str], made: list[ToolCall]) -> None:
        """Raises CallFailed for an answer that the provider kept from being one: that is no word of the agent."""
        if said.finish == "length":
            much = "only reasoning or nothing" if not said.text.strip() else "a part"
            detail = f"{self._where}: the answer was cut off at {self._settings.max_tokens} tokens with {much} of it there."
            raise CallFailed("wrong_shape", f"{detail} Raise `max_tokens`, or `model.reasoning_tokens`.")
        if said.finish == "refused" and not words and not made:
            raise CallFailed("empty", f"{self._where}: the model or its provider declined to answer, without a word.")


def _history(request: TargetRequest, world: MockWorld) -> list[ModelMessage]:
    """The conversation as the model saw it, with the tool calls of earlier turns made once more in `world`."""
    messages: list[ModelMessage] = []
    for turn in request.turns:
        if turn.role == "user":
            messages.append(ModelMessage(role="user", text=turn.text))
            continue
        calls: list[ModelToolCall] = []
        results: list[ModelMessage] = []
        for number, call in enumerate(turn.reply.tool_calls if turn.reply else ()):
            id = f"call_{turn.index}_{number}"
            world.call(call.name, call.arguments)
            calls.append(ModelToolCall(id=id, name=call.name, arguments=call.arguments))
            results.append(ModelMessage(role="tool", text=_as_text(call.result), tool_call_id=id))
        if calls:
            messages += [ModelMessage(role="assistant", tool_calls=tuple(calls)), *results]
        if turn.text.strip():
            messages.append(ModelMessage(role="assistant", text=turn.text))
    # An agent that speaks first is asked by a message that no user would send; the APIs take none without one.
    if not messages or messages[0].role == "assistant":
        messages.insert(0, ModelMessage(role="user", text=_OPEN))
    return messages


_TOO_MANY = {"error": "Not called: too many rounds of tool calls within one turn."}
_OPEN = "(The conversation begins. Greet the user.)"


def _as_text(result: Any) -> str:
    return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)


def _text_in(path: str, setting: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise CallFailed("not_configured", f"`{path}` could not be read: {reason}. Check `{setting}`.") from None


def _fixtures_in(path: str) -> Fixtures:
    """The fixtures in a YAML or JSON file. Raises CallFailed with line or field of what is wrong."""
    import yaml

    try:
        body = yaml.safe_load(_text_in(path, "tools_file"))
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CallFailed("not_configured", f"{path}{line}: {error.problem or 'not YAML'}.") from None
    except yaml.YAMLError:
        raise CallFailed("not_configured", f"{path}: it holds characters that YAML does not allow.") from None
    try:
        return Fixtures.model_validate(body if body is not None else {})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CallFailed("not_configured", f"{path}: {f'`{where}`: ' if where else ''}{first['msg']}.") from None
