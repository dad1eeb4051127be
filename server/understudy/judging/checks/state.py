"""Checks against the state that a target exposes: what was done, whatever was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from understudy.domain.checks import ClaimsHeld, StateIs
from understudy.domain.value import Json, JsonObject
from understudy.judging.case import Case
from understudy.judging.checks.placeholders import fill, unknown_facts
from understudy.judging.finding import Finding, failed, passed, unscored

__all__ = ["claims_held", "state_criteria", "state_is", "values_at"]

_PLAIN = re.compile(r"[\w .,:/@+-]{0,60}")


def values_at(state: Json, path: str) -> list[Json]:
    """Every value at a dotted path: a key, an index of a list, or `*` for any element. Empty when nothing is there."""
    found: list[Json] = [state]
    for part in path.split(".") if path else []:
        found = [value for parent in found for value in _step(parent, part)]
    return found


def _step(parent: Json, part: str) -> list[Json]:
    if isinstance(parent, Mapping):
        mapping = cast("Mapping[str, Json]", parent)
        if part in mapping:
            return [mapping[part]]
        return list(mapping.values()) if part == "*" else []
    if isinstance(parent, list | tuple):
        items = cast("list[Json]", parent)
        if part == "*":
            return list(items)
        return [items[int(part)]] if part.isascii() and part.isdigit() and int(part) < len(items) else []
    return []


def state_is(check: StateIs, case: Case) -> Finding:
    """Judged by the last state that was exposed."""
    if not case.states:
        return unscored("The target exposes no state.")
    if missing := unknown_facts((v for v in (check.equals, check.contains) if isinstance(v, str)), case.facts):
        return unscored(f"The check names facts that this conversation does not have: {', '.join(missing)}.")
    placed, state = case.states[-1]
    found = values_at(state, check.path)
    holds = _holds(check, found, case.facts)
    reason = f"State `{check.path}` {_wanted(check, case.facts)}; found {_shown(found)} after turn {placed.at}."
    if holds:
        return passed(reason, case.cite(placed.at))
    return failed(reason, *case.cite_end())


def _holds(check: StateIs, found: list[Json], facts: Mapping[str, str]) -> bool:
    if check.exists is False:
        return not found
    wanted = fill(check.equals, facts) if isinstance(check.equals, str) else check.equals
    part = None if check.contains is None else fill(check.contains, facts)
    return any((wanted is None or _equal(v, wanted)) and (part is None or _contains(v, part)) for v in found)


def _equal(value: Json, wanted: str | float | bool) -> bool:
    # True == 1 in Python; in a state they are different things.
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _contains(value: Json, part: str) -> bool:
    low = part.casefold()
    if isinstance(value, str):
        return low in value.casefold()
    if isinstance(value, Mapping | list | tuple):
        return any(_as_text(item) == low for item in cast("list[Json]", value))
    return _as_text(value) == low


def _as_text(value: Json) -> str:
    return str(value).casefold()


def _wanted(check: StateIs, facts: Mapping[str, str]) -> str:
    if check.exists is False:
        return "should not exist"
    parts: list[str] = []
    if check.equals is not None:
        parts.append(f"should be {fill(check.equals, facts) if isinstance(check.equals, str) else check.equals!r}")
    if check.contains is not None:
        parts.append(f"should contain `{fill(check.contains, facts)}`")
    return " and ".join(parts) or "should exist"


def _shown(found: list[Json]) -> str:
    """The values, as far as they are plain: longer text is the target's own and is read in the transcript."""
    return ", ".join(_plain(value) for value in found[:3]) or "nothing"


def _plain(value: Json) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) is None:
        return f"a text of {len(value)} characters"
    if isinstance(value, list | dict):
        return f"{len(cast('list[Json] | JsonObject', value))} entries"
    return repr(value)


def state_criteria(case: Case) -> tuple[tuple[str, StateIs], ...]:
    """Ids and checks of the goal's success criteria that read the exposed state."""
    return tuple((c.id, c.check) for c in case.transcript.scenario.goal.success if isinstance(c.check, StateIs))


def claims_held(check: ClaimsHeld, case: Case) -> Finding:  # noqa: ARG001 (the check has no settings)
    """Fails at the agent's claim when a state criterion of the goal does not hold at the end."""
    criteria = state_criteria(case)
    if not criteria:
        return unscored("The goal has no success criterion that reads the state.")
    findings = [(id, state_is(c, case)) for id, c in criteria]
    undone = [(id, f) for id, f in findings if f.outcome == "fail"]
    if not undone:
        unknown = next((f for _, f in findings if f.outcome == "unscored"), None)
        return unknown or passed(f"The state bears out what the agent said: {len(findings)} of {len(findings)} criteria hold.")
    if not case.claims:
        return passed("The agent claimed nothing done.")
    if not _claimed_all(case) and _state_changed(case):
        return unscored(
            "The agent confirmed a part only, and the state did change: which claim the missing part belongs to cannot be told."
        )
    claim = case.claims[-1]
    criterion, finding = undone[0]
    return failed(f"At turn {claim.at} the agent said it was done, but `{criterion}` does not hold: {finding.reason}", case.cite(claim.at))


def _claimed_all(case: Case) -> bool:
    """Whether what was claimed done covers every action that the user wanted; a bare `confirmed` covers none by name."""
    claimed = {id for p in case.claims if p.turn.heard is not None for id in p.turn.heard.met}
    steps = {g.id for g in case.transcript.ledger.goals if not g.side}
    actions = {id for id in steps if id not in case.subgoals or case.subgoals[id].kind == "action"}
    return bool(claimed) and actions <= claimed


def _state_changed(case: Case) -> bool:
    first = case.states[0][1]
    return any(state != first for _, state in case.states)
