"""A model that writes queries about the bank's topics, for the tests."""

from __future__ import annotations

from typing import Any

from understudy.ports import LLMRequest

WORDS = "amber bramble cobalt dahlia ember fennel garnet hazel indigo juniper kestrel lilac moss nettle"
FOURTEEN = tuple(WORDS.split())


def answering(request: LLMRequest) -> dict[str, Any]:
    """A query on the topic that the request names, unlike that of any other seed."""
    n = request.seed or 0
    own = " ".join(FOURTEEN[n // 14**i % 14] for i in range(9))
    text = request.messages[0].text
    if "<<<topic " not in text:
        return {"query": f"What would {own} cost me?"}
    topic = text.split("<<<topic ")[1].split("\n")[1]
    return {"user_type": "Tester", "user_background": "Writes tests.", "query": f"{topic}: {own}, what now?"}
