"""List and create goals."""

from __future__ import annotations

from typing import Literal

from understudy.app.catalogue import find_goal, goals, personas
from understudy.app.context import App, Change
from understudy.app.pages import cut, page_of
from understudy.app.validation import refuse_dangling, validated
from understudy.domain.errors import Conflict
from understudy.domain.goal import Goal
from understudy.domain.value import JsonObject, Value
from understudy.library.entries import goal_entry

__all__ = ["GoalPage", "GoalRow", "create_goal", "list_goals"]


class GoalRow(Value):
    """One goal in a list."""

    id: str
    title: str
    field: str
    steps: tuple[str, ...]
    escalation: str
    version: int = 1
    goal: JsonObject | None = None
    """The whole goal, with `detail: full`."""


class GoalPage(Value):
    """A page of goals."""

    goals: list[GoalRow]
    total: int
    next_cursor: str | None = None
    problems: list[str] = []


def _row(goal: Goal, *, full: bool) -> GoalRow:
    return GoalRow(
        id=goal.id,
        title=goal.title,
        field=goal.field,
        steps=tuple(cut(step.say, 90) for step in goal.steps),
        escalation=goal.expected.escalation,
        version=goal.version,
        goal=goal_entry(goal) if full else None,
    )


async def list_goals(
    app: App,
    *,
    goal_id: str | None = None,
    query: str | None = None,
    field: str | None = None,
    detail: Literal["concise", "full"] = "concise",
    cursor: str | None = None,
    limit: int = 25,
) -> GoalPage:
    """Goals that fit every filter, by id; one goal with `goal_id`. Raises NotFound and BadInput."""
    if goal_id is not None:
        found = await find_goal(app, goal_id)
        return GoalPage(goals=[_row(found, full=detail == "full")], total=1)
    rows = [_row(g, full=detail == "full") for g in (await goals(app)).values() if _matches(g, query, field)]
    kept, next_cursor = page_of(rows, cursor, limit)
    problems = [] if cursor else [cut(str(problem), 200) for problem in app.library.problems[:10]]
    return GoalPage(goals=kept, total=len(rows), next_cursor=next_cursor, problems=problems)


def _matches(goal: Goal, text: str | None, field: str | None) -> bool:
    if field and goal.field.casefold() != field.casefold():
        return False
    words = " ".join((goal.id, goal.title, goal.field, *goal.tags, *(s.say for s in goal.steps))).casefold()
    return not text or all(word in words for word in text.casefold().split())


async def create_goal(app: App, spec: JsonObject, *, expected: JsonObject | None = None, based_on: str | None = None) -> GoalRow:
    """A new goal, from a full specification or from another goal with changes, or a new version of one that was created before.

    `expected` changes single fields of what the other goal expects, or of the defaults. Raises BadInput, NotFound, and Conflict for
    a library goal's id.
    """
    from understudy.library.references import dangling_in_goal

    whole: JsonObject = (await find_goal(app, based_on)).model_dump(mode="json", by_alias=True) if based_on is not None else {}
    if expected:
        whole["expected"] = {**whole.get("expected", {}), **expected}
    whole |= {**spec, "version": 1}
    goal = validated(Goal, whole)
    if goal.id in app.library.goals:
        raise Conflict(f"Goal `{goal.id}` belongs to the library. Choose another id.")
    players = [p for p in (await personas(app)).values() if p.goal in (goal.id, based_on) and p.goal is not None]
    refuse_dangling(dangling_in_goal(goal, players))
    body = goal.model_dump(mode="json", by_alias=True, exclude={"version"})
    document = await (await app.store()).put_document("goal", goal.id, body, at=app.clock())
    await app.announce(Change("goal", goal.id, listed=document.version == 1))
    return _row(goal.evolve(version=document.version), full=False)
