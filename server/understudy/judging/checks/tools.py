"""The check of reported tool calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from understudy.domain.checks import ToolCalled
from understudy.domain.conversation import ToolCall
from understudy.domain.value import Json
from understudy.judging.case import Case
from understudy.judging.checks.placeholders import fill
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["tool_called"]


def tool_called(check: ToolCalled, case: Case) -> Finding:
    """Counts the calls of the tool with at least the arguments given.

    Unscored when no call of any tool was reported: a target that calls nothing and one that reports nothing look alike.
    """
    if not case.tool_calls:
        return unscored("The target reported no tool calls.")
    named = [p for p, call in case.tool_calls if call.name == check.tool]
    fitting = [p for p, call in case.tool_calls if call.name == check.tool and _fits(call, check, case)]
    right = bool(fitting) if check.times is None else len(fitting) == check.times
    wanted = "at least once" if check.times is None else f"{check.times} times"
    reason = f"`{check.tool}` should be called {wanted}{_with(check)}; reported: {len(fitting)} such of {len(case.tool_calls)} calls."
    cited = [case.cite(p.at) for p in (fitting or named)[-1:]] or [*case.cite_end()]
    return passed(reason, *(cited if fitting else ())) if right else failed(reason, *cited)


def _with(check: ToolCalled) -> str:
    return f" with {json.dumps(check.arguments, ensure_ascii=False, default=str)[:120]}" if check.arguments else ""


def _fits(call: ToolCall, check: ToolCalled, case: Case) -> bool:
    return not check.arguments or _holds(_arguments(call), check.arguments, case.facts)


def _arguments(call: ToolCall) -> Json:
    if not isinstance(call.arguments, str):
        return call.arguments
    try:
        return json.loads(call.arguments)  # some targets report arguments as the model wrote them
    except (ValueError, RecursionError):
        return call.arguments


def _holds(value: Json, wanted: Json, facts: Mapping[str, str]) -> bool:
    """Whether `value` has everything in `wanted`: objects may have more keys, text is compared without case."""
    if isinstance(wanted, Mapping):
        if not isinstance(value, Mapping):
            return False
        has = cast("Mapping[str, Json]", value)
        return all(k in has and _holds(has[k], v, facts) for k, v in cast("Mapping[str, Json]", wanted).items())
    if isinstance(wanted, str):
        return isinstance(value, str) and value.strip().casefold() == fill(wanted, facts).strip().casefold()
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)
