"""openevals: run_multiturn_simulation_async with its simulated user on langchain. Arguments: URL CONVERSATIONS AT_ONCE."""

import asyncio
import os
import sys

os.environ.update(OPENAI_API_KEY="k" * 20, OPENAI_BASE_URL=f"{sys.argv[1]}/v1")

from common import MODEL, PERSONA, TURNS, Agent, measure
from openevals.simulators import create_async_llm_simulated_user, run_multiturn_simulation_async


async def main(url, conversations, at_once):
    agent = Agent(url)

    async def one(number):
        history = []

        async def app(message, **_):
            history.append({"role": "user", "content": message["content"]})
            said = await agent.answer(history)
            history.append({"role": "assistant", "content": said})
            return {"role": "assistant", "content": said}

        user = create_async_llm_simulated_user(system=PERSONA % number, model=f"openai:{MODEL}")
        await run_multiturn_simulation_async(app=app, user=user, max_turns=TURNS)

    await one(0)
    await measure(one, int(conversations), int(at_once))


asyncio.run(main(*sys.argv[1:]))
