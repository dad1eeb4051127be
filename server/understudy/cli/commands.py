"""The commands: where each is, and its line in the help."""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("understudy.cli.demo:demo", "Watch the whole job, offline, on a demo agent with planted faults."),
    "init": ("understudy.cli.init:init", "Write a commented understudy.yaml to start from."),
    "doctor": ("understudy.cli.doctor:doctor", "Check settings, keys, store and targets, and say how to mend them."),
    "serve": ("understudy.cli.serve:serve", "Serve the MCP tools, over stdio or HTTP."),
    "personas": ("understudy.cli.browse:personas", "List personas, or show one."),
    "goals": ("understudy.cli.browse:goals", "List goals, or show one."),
    "queries": ("understudy.cli.queries:queries", "Generate queries from topics, and review them."),
    "simulate": ("understudy.cli.simulate:simulate", "Simulate a conversation with your agent and judge it."),
    "campaign": ("understudy.cli.campaign:campaign", "Play many conversations: plan, run, compare, report."),
    "play": ("understudy.cli.play:play", "Play a user by hand against your agent, or the agent for a user."),
    "judge": ("understudy.cli.judge:judge", "Judge a finished conversation."),
    "gate": ("understudy.cli.gate:gate", "Gate a deploy: run a campaign and hold it to rules."),
    "show": ("understudy.cli.show:show", "List conversations, or show one."),
    "demo-agent": ("understudy.cli.demo_agent:demo_agent", "Serve the demo agents, with planted faults if you like."),
}
