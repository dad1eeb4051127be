"""langwatch-scenario: scenario.run with a script of user and agent turns, no judge. Arguments: URL CONVERSATIONS AT_ONCE."""

import asyncio
import os
import sys

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

import scenario
from common import MODEL, PERSONA, TURNS, Agent, measure


async def main(url, conversations, at_once):
    agent = Agent(url)

    class Target(scenario.AgentAdapter):
        async def call(self, given):
            return await agent.answer([{"role": m["role"], "content": m["content"]} for m in given.messages])

    async def one(number):
        user = scenario.UserSimulatorAgent(model=f"openai/{MODEL}", api_base=f"{url}/v1", api_key="k" * 20)
        turns = [step for _ in range(TURNS) for step in (scenario.user(), scenario.agent())]
        await scenario.run(
            name=f"lamp {number}",
            description=PERSONA % number,
            agents=[Target(), user],
            script=[*turns, scenario.succeed()],
            max_turns=TURNS,
            verbose=False,
        )

    await one(0)
    await measure(one, int(conversations), int(at_once))


asyncio.run(main(*sys.argv[1:]))
os._exit(0)
