"""inspect-ai: a solver that plays the user by a second model, and its log on disk. Arguments: URL CONVERSATIONS AT_ONCE."""

import os
import sys
import tempfile

from common import MODEL, PERSONA, TURNS, measured
from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser, GenerateConfig, get_model
from inspect_ai.solver import solver


@solver
def simulated_user():
    async def solve(state, generate):
        user = get_model(role="user")
        for _ in range(TURNS):
            flipped = [ChatMessageSystem(content=state.input_text)]
            for message in state.messages[1:]:
                flipped.append((ChatMessageAssistant if message.role == "user" else ChatMessageUser)(content=message.text))
            state.messages.append(ChatMessageUser(content=(await user.generate(flipped)).completion))
            state = await generate(state)
        return state

    return solve


def main(url, conversations, at_once):
    def model():
        config = GenerateConfig(max_connections=at_once)
        return get_model(f"openai/{MODEL}", base_url=f"{url}/v1", api_key="k" * 20, responses_api=False, config=config, memoize=False)

    def all_of_it():
        samples = MemoryDataset([Sample(input=PERSONA % n, target="ok", id=n + 1) for n in range(conversations)])
        with tempfile.TemporaryDirectory() as logs:
            found = evaluate(
                Task(dataset=samples, solver=simulated_user()),
                model=model(),
                model_roles={"user": model()},
                display="none",
                log_dir=logs,
                max_connections=at_once,
                max_samples=at_once,
            )
            return sum(not sample.error for sample in found[0].samples or [])

    measured(all_of_it, conversations, at_once)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
os._exit(0)
