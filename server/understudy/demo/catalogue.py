"""Demo agents by model name: `clinic`, `bank+wrong_fee`, `clinic+loops+slow=50`."""

from __future__ import annotations

from understudy.demo.agent import DemoAgent, Desk, FoldingAgent
from understudy.demo.bank import GREETING as BANK_GREETING
from understudy.demo.bank import BankDesk
from understudy.demo.clinic import GREETING as CLINIC_GREETING
from understudy.demo.clinic import ClinicDesk
from understudy.demo.faults import FAULTS, Fault
from understudy.domain.errors import BadInput, NotFound

__all__ = ["AGENTS", "demo_agent", "model_names"]

AGENTS = {"clinic": (ClinicDesk, CLINIC_GREETING), "bank": (BankDesk, BANK_GREETING)}


def model_names() -> list[str]:
    """Every agent clean, and with each of its faults alone."""
    return [f"{agent}{fault}" for agent in AGENTS for fault in ("", *(f"+{f.name}" for f in FAULTS.values() if agent in f.agents))]


def demo_agent(model: str) -> DemoAgent:
    """The agent of a model name, with the faults that it lists.

    Raises NotFound for an unknown agent or fault, and BadInput for a fault that the agent cannot have or a bad number.
    """
    name, *wanted = model.split("+")
    if name not in AGENTS:
        raise NotFound("demo agent", name, AGENTS)
    make, greeting = AGENTS[name]
    faults = [_fault(name, text) for text in wanted]
    desk: Desk = make()
    for fault, _ in faults:
        desk = fault.desk(desk) if fault.desk else desk
    agent: DemoAgent = FoldingAgent(desk, greeting)
    for fault, parameter in faults:
        agent = fault.agent(agent, parameter) if fault.agent else agent
    return agent


def _fault(agent: str, text: str) -> tuple[Fault, float | None]:
    name, _, number = text.partition("=")
    if name not in FAULTS:
        raise NotFound("fault", name, FAULTS)
    fault = FAULTS[name]
    if agent not in fault.agents:
        possible = ", ".join(f.name for f in FAULTS.values() if agent in f.agents)
        raise BadInput("model", f"the {agent} agent cannot have the fault `{name}`", f"It can have: {possible}")
    if not number:
        return fault, None
    try:
        value = float(number)
    except ValueError:
        raise BadInput("model", f"`{number}` in `{text}` is not a number", f"Write `{name}=50`") from None
    if fault.agent is None:
        raise BadInput("model", f"the fault `{name}` takes no number", f"Write `{name}`")
    return fault, value
