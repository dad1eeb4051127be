"""An example call of each tool, in an order in which they work, and what changes from run to run made steady."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast

from understudy.domain.value import JsonObject

__all__ = ["EXAMPLES", "Example", "steady"]


@dataclass(frozen=True)
class Example:
    """A call; `keeps` puts values of its answer (by path) at the disposal of later calls, which name them as arguments."""

    tool: str
    arguments: JsonObject
    keeps: dict[str, tuple[str | int, ...]] = field(default_factory=dict[str, tuple[str | int, ...]])


EXAMPLES: tuple[Example, ...] = (
    Example("list_personas", {"query": "hurried", "limit": 2}),
    Example("get_persona", {"persona_id": "lunch-break-regular"}),
    Example(
        "create_persona",
        {"id": "my-regular", "based_on": "lunch-break-regular", "emotion": "angry", "patience": 1},
    ),
    Example("update_persona", {"persona_id": "my-regular", "changes": {"emotion": "anxious"}, "expect_version": 1}),
    Example("list_goals", {"field": "clinic", "limit": 2}),
    Example(
        "create_goal",
        {
            "id": "museum-tickets",
            "title": "Buy two tickets for Sunday",
            "field": "museum",
            "steps": [{"id": "buy", "say": "I'd like two tickets for Sunday, please.", "answered_by": ["{visit_day}"]}],
            "known": {"visit_day": "Sunday", "visitors": "two adults"},
            "unknown": ["member_number"],
            "success": [{"id": "day", "description": "The tickets are for Sunday.", "check": {"check": "said", "any_of": ["Sunday"]}}],
        },
    ),
    Example("generate_queries", {"pack": "bank", "count": 2, "seed": 1}, keeps={"QUERY": ("queries", 0, "id"), "BATCH": ("batch",)}),
    Example(
        "review_queries",
        {"batch": "BATCH", "show": "pending", "limit": 1, "decisions": [{"query_id": "QUERY", "decision": "accept"}]},
    ),
    Example("run_queries", {"batch": "BATCH", "target": "demo-bank", "limit": 5}),
    Example("check_target", {"target": "demo-clinic"}),
    Example(
        "simulate_conversation",
        {"persona": "lunch-break-regular", "target": "demo-clinic+loops", "seed": 1, "idempotency_key": "example"},
        keeps={"RUN": ("run_id",)},
    ),
    Example(
        "continue_conversation",
        {"persona": "lunch-break-regular", "target": "demo-clinic", "seed": 1, "idempotency_key": "example-by-hand"},
    ),
    Example("get_run", {"run_id": "RUN", "wait_s": 10}),
    Example("cancel_run", {"run_id": "RUN"}),
    Example("get_transcript", {"run_id": "RUN", "max_turns": 2}),
    Example("search_transcripts", {"outcome": "fail", "limit": 1}),
    Example("judge_transcript", {"run_id": "RUN", "judge": "caller"}, keeps={"JUDGING": ("task", "judging_id")}),
    Example(
        "submit_verdict",
        {
            "run_id": "RUN",
            "judging_id": "JUDGING",
            "results": [
                {"criterion": id, "evidence": [], "reasoning": "Not enough was said to tell.", "verdict": "abstain"}
                for id in ("accuracy", "helpfulness", "safety")
            ],
        },
    ),
    Example("plan_campaign", {"pack": "bank", "targets": ["demo-bank+loops"], "repeats": 3, "max_usd": 2}),
    Example(
        "start_campaign",
        {
            "personas": ["impatient-manager"],
            "targets": ["demo-bank"],
            "repeats": 2,
            "max_conversations": 1,
            "wait_s": 45,
        },
        keeps={"STOPPED": ("id",)},
    ),
    Example("control_campaign", {"campaign_id": "STOPPED", "action": "cancel"}),
    Example(
        "start_campaign",
        {
            "pack": "bank",
            "targets": ["demo-bank", "demo-bank+loops"],
            "sampling": "stratified",
            "size": 3,
            "name": "example",
            "idempotency_key": "example-campaign",
            "wait_s": 45,
        },
        keeps={"CAMPAIGN": ("id",)},
    ),
    Example("get_campaign", {"campaign_id": "CAMPAIGN", "wait_s": 45}),
    Example("list_campaigns", {"limit": 1}),
    Example("compare_campaigns", {"before": "CAMPAIGN", "before_target": "demo-bank", "after_target": "demo-bank+loops"}),
    Example("export_campaign", {"campaign_id": "CAMPAIGN", "format": "jsonl"}),
)

_EXPORTS = re.compile(r"/\S*/exports/")
_ID = re.compile(r"\b(run|batch|verdict|query|judging|camp)_[0-9a-f]{12}\b")


def steady(body: JsonObject, values: dict[str, str]) -> JsonObject:
    """The answer with ids and times replaced by fixed ones."""
    names = {id: name for name, id in values.items()}

    def settle(value: object, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: settle(v, k) for k, v in cast("JsonObject", value).items()}
        if isinstance(value, list):
            return [settle(v, key) for v in cast("list[object]", value)]
        if isinstance(value, str):
            for id, name in names.items():
                value = value.replace(id, name)
            return _ID.sub(lambda m: f"{m[1]}_0123456789ab", _EXPORTS.sub("/your/store/exports/", value))
        if isinstance(value, float) and (key.endswith("_ms") or key in ("at_s", "created_at", "per_second", "seconds", "seconds_left")):
            return 1.0
        if isinstance(value, float):
            return round(value, 4)  # the last digits differ from machine to machine
        if key == "bytes":
            return 10_000
        return value

    return cast("JsonObject", settle(body))
