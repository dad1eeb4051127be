"""deepeval: ConversationSimulator with its simulated user, no judge. Arguments: URL CONVERSATIONS AT_ONCE."""

import os
import sys

os.environ.setdefault("DEEPEVAL_TELEMETRY_OPT_OUT", "YES")

from common import PERSONA, TURNS, Agent, measured
from deepeval.dataset import ConversationalGolden
from deepeval.models import GPTModel
from deepeval.simulator import ConversationSimulator
from deepeval.test_case import Turn


def main(url, conversations, at_once):
    agent, model = Agent(url), GPTModel(model="gpt-4.1-mini", base_url=f"{url}/v1", api_key="k" * 20)

    async def callback(input, turns, thread_id):  # noqa: ARG001 - called by name
        history = [{"role": t.role, "content": t.content} for t in turns]
        if not history or history[-1]["content"] != input:
            history.append({"role": "user", "content": input})
        return Turn(role="assistant", content=await agent.answer(history))

    def all_of_it():
        goldens = [ConversationalGolden(scenario=PERSONA % n, user_description="A customer of a lamp shop") for n in range(conversations)]
        simulator = ConversationSimulator(model_callback=callback, simulator_model=model, max_concurrent=at_once)
        found = simulator.simulate(goldens, max_user_simulations=TURNS)
        return sum(len(case.turns) >= 2 * TURNS for case in found)

    measured(all_of_it, conversations, at_once)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
os._exit(0)
