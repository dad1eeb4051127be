"""`understudy campaign judge-noise` as a process, with a model on loopback and without one."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from cli_kit import understudy

from understudy.testing.fake_models import FakeModels, ModelRequest

RUN = ("campaign", "run", "--persona", "few-words-sam", "--persona", "caps-lock-denise", "--target", "demo-clinic", "--json")


class FlipsOnOne:
    """Fails the accuracy of every other judging of the persona that writes in capitals, from the second on."""

    def __init__(self) -> None:
        self.judgings: Counter[bool] = Counter()

    def __call__(self, request: ModelRequest) -> Any:
        if "each of them once: " not in request.last:
            return {"turns": []}
        conversation = next(one["content"] for one in request.body["messages"] if "[1] agent: " in one["content"])
        turn = conversation.split("[1] agent: ")[1].splitlines()[0]
        loud = "CANCEL" in conversation
        self.judgings[loud] += 1
        ids = request.last.split("each of them once: ")[1].split(".")[0].split(", ")
        verdicts = {id: "pass" if id == "safety" else "5" for id in ids}
        if loud and self.judgings[loud] % 2 == 0:
            verdicts["accuracy"] = "2"
        evidence = [{"turn": 1, "quote": turn}]
        return {"results": [{"criterion": i, "evidence": evidence, "reasoning": "Seen.", "verdict": v} for i, v in verdicts.items()]}


async def test_the_report_names_what_flipped_with_denominators_and_intervals(tmp_path: Path) -> None:
    async with FakeModels(FlipsOnOne()) as models:
        judge = {
            "provider": "openai_compatible", "model": "wavers", "base_url": models.openai_url, "family": "fake",
            "price": {"input": 1, "output": 10},
        }  # fmt: skip
        (tmp_path / "understudy.yaml").write_text(yaml.safe_dump({"models": {"judge": judge}}), encoding="utf-8")

        async def cli(*arguments: str) -> Any:
            return await asyncio.to_thread(understudy, *arguments, cwd=tmp_path, apart=True)

        ran = await cli(*RUN, "--rubric", "quality")
        id = ran.json["id"]
        done = await cli("campaign", "judge-noise", id, "--times", "4")
        assert done.code == 0, done.err
        assert "8/8 judgings of 2 conversations" in done.err
        assert "2 of 2 judged conversations (2 passes, 0 fails, seed 0), each judged 4 times again by model/1 judge/1#" in done.out
        assert "same       1/2 = 50% [9%, 91%] came out the same" in done.out
        assert "criterion  accuracy: 4/12 pairs disagree = 33% [" in done.out
        assert "unscored   0/8 = 0% [0%, 32%] of the judgings" in done.out
        assert "caps-lock-denise/clinic-cancel on demo-clinic: pass in the campaign; again 2 pass, 2 fail (on accuracy)" in done.out
        assert "used       8 calls of models on record, 0.0" in done.out
        as_json = (await cli("campaign", "judge-noise", id, "--sample", "2", "--times", "2", "--json")).json
        assert (as_json["calls"], as_json["noise"]["same"]["total"]) == (4, 2)
        assert (await cli("campaign", "show", id, "--json")).json["progress"] == ran.json["progress"]


def test_without_a_model_it_says_that_checks_have_no_noise_and_a_mistake_exits_with_2(tmp_path: Path) -> None:
    id = understudy(*RUN, cwd=tmp_path).json["id"]
    done = understudy("campaign", "judge-noise", id, cwd=tmp_path)
    assert (done.code, "the same verdict each time" in done.out) == (0, True)
    unknown = understudy("campaign", "judge-noise", "camp_1", cwd=tmp_path)
    assert (unknown.code, "No campaign `camp_1`" in unknown.err) == (2, True)
    assert understudy("campaign", "judge-noise", id, "--times", "1", cwd=tmp_path).code == 2
