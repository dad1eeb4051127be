"""How much of a campaign's pass rate is its judge's chance: a sample judged again several times, with nothing kept but the calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from understudy.app.campaign_compare import campaign_of
from understudy.app.catalogue import find_rubric
from understudy.app.context import App
from understudy.app.judging import case_of, mind_of, not_kept
from understudy.campaigns.judge_noise import JudgeNoise, Rejudged, judge_noise, judged, sample_of
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.errors import BadInput, Conflict
from understudy.domain.model_price import total
from understudy.domain.value import Value
from understudy.domain.verdict import Verdict
from understudy.ports import LLM

__all__ = ["JudgeNoiseView", "Progress", "noise_of_judge"]

Progress = Callable[[int, int, str], Awaitable[None]]
"""Called with judgings done, their number in all, and a line for people."""

NO_NOISE = (
    "Checks alone judge this campaign: they give the same conversation the same verdict each time, so there is no judge noise, "
    "and nothing was called."
)


class JudgeNoiseView(Value):
    """A campaign's judge beside itself."""

    campaign_id: str
    name: str
    judge: str
    """As verdicts name it; `checks` when no model judges."""
    said: str
    noise: JudgeNoise | None
    """None when checks alone judge."""
    seed: int
    calls: int = 0
    """Of the judge's model that were recorded for this."""
    usd: float = 0.0
    """Of the calls that have a price."""
    unpriced_calls: int = 0
    notes: tuple[str, ...] = ()


async def noise_of_judge(
    app: App, campaign_id: str, *, sample: int = 20, times: int = 3, seed: int = 0, progress: Progress | None = None
) -> JudgeNoiseView:
    """Judge `sample` of the campaign's judged conversations `times` times again by the judge of the settings.

    Neither the campaign nor a run's verdicts change; the calls are recorded and priced. `campaign_id` may be the name of a baseline.
    Raises NotFound; BadInput for fewer than 2 conversations or times, for `models.replay`, and for a judge that may not judge this; and
    Conflict when nothing of the campaign is judged yet.
    """
    for field, value in (("sample", sample), ("times", times)):
        if value < 2:
            raise BadInput(field, f"is {value}; two judgings of two conversations are the least that can differ", "Give 2 or more")
    campaign = await campaign_of(app, campaign_id)
    llm = mind_of(app, await find_rubric(app, campaign.spec.rubric))
    if llm is None:
        return JudgeNoiseView(campaign_id=campaign.id, name=campaign.spec.name, judge="checks", said=NO_NOISE, noise=None, seed=seed)
    if app.settings.models.replay:
        raise BadInput(
            "models.replay",
            "is on: every judging would be answered from the recordings, so no noise of the judge could show",
            "Set `replay: false` in understudy.yaml for this command",
        )
    lines = await (await app.store()).campaign_lines(campaign.id)
    if not judged(lines):
        raise Conflict(
            f"Campaign `{campaign.id}` has no conversation with the verdict pass or fail yet, so there is nothing to judge again."
        )
    batch = app.new_id("noise")
    rejudged = await _judged_again(app, llm, sample_of(lines, sample, seed), times, batch, progress)
    made = total(await (await app.store()).calls(batch=batch))
    found = await asyncio.to_thread(judge_noise, rejudged, lines, times)
    first = rejudged[0].again[0]
    return JudgeNoiseView(
        campaign_id=campaign.id,
        name=campaign.spec.name,
        judge=first.judge,
        said=_said(found),
        noise=found,
        seed=seed,
        calls=made.calls,
        usd=made.cost_usd,
        unpriced_calls=made.unpriced,
        notes=_notes(campaign, first),
    )


async def _judged_again(
    app: App, llm: LLM, chosen: Sequence[ConversationLine], times: int, batch: str, progress: Progress | None
) -> list[Rejudged]:
    """In the order of `chosen`. Conversations side by side, as the limits of the model let them; the judgings of one after another."""
    cases = [await case_of(app, line.run_id, None) for line in chosen]
    judges = [not_kept(app, llm, transcript, rubric, batch=batch) for transcript, rubric in cases]
    done, every = 0, len(chosen) * times

    async def of(line: ConversationLine, once: Callable[[], Awaitable[Verdict]]) -> Rejudged:
        nonlocal done
        verdicts: list[Verdict] = []
        for _ in range(times):
            verdicts.append(await once())
            done += 1
            if progress is not None:
                await progress(done, every, f"{done}/{every} judgings of {len(chosen)} conversations")
        return Rejudged(line, tuple(verdicts))

    return await asyncio.gather(*(of(line, once) for line, once in zip(chosen, judges, strict=True)))


def _said(found: JudgeNoise) -> str:
    if found.spread is None:
        return "The judge gave no conversation two verdicts, so nothing is known of its noise."
    if not found.same.hits < found.same.total:
        return f"The judge gave each of {found.same.total} conversations the same outcome in all its judgings."
    part = f", {found.spread.share:.0%} of the spread of the outcomes" if found.spread.share is not None else ""
    return f"The judge gave {found.same.total - found.same.hits} of {found.same.total} conversations more than one outcome{part}."


def _notes(campaign: Campaign, again: Verdict) -> tuple[str, ...]:
    """What keeps the new judgings from being those of the campaign over again."""
    then, now = campaign.versions, {"rubric": f"{again.rubric}#{again.rubric_hash}", "judge": again.judge}
    changed = [f"the {part} is now `{now[part]}` and was `{then[part]}`" for part in now if part in then and then[part] != now[part]]
    return tuple(f"{line}: this measures the new one, and a verdict other than the campaign's may come of the change" for line in changed)
