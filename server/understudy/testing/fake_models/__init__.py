"""A model server on loopback that speaks OpenAI's and Anthropic's wires: for tests, benchmarks and trying things out without a key.

    async with FakeModels(["Hello.", Fault("429", retry_after="0"), {"move": "say"}]) as server:
        client = AsyncOpenAI(base_url=server.openai_url, api_key="any")

It also runs as a process: `python -m understudy.testing.fake_models --latency 200 --fault 429:0.05`.
"""

from understudy.testing.fake_models.request import ModelRequest, OfferedTool
from understudy.testing.fake_models.said import FAULT_KINDS, Answer, CalledTool, Fault, FaultKind, Script, Scripted
from understudy.testing.fake_models.server import FakeModels

__all__ = ["FAULT_KINDS", "Answer", "CalledTool", "FakeModels", "Fault", "FaultKind", "ModelRequest", "OfferedTool", "Script", "Scripted"]
