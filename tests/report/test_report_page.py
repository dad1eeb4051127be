"""The report as text: what stands in it with and without findings, and that nothing in it can be run or reached."""

from __future__ import annotations

import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from report_campaigns import Made, made_once
from report_lines import a_campaign, a_line

from understudy.campaigns.analysis import analyse
from understudy.campaigns.compare import compare
from understudy.domain.verdict import Evidence
from understudy.report import page as page_module
from understudy.report.page import render
from understudy.report.payload import worth_reading

ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028\"'`{{7*7}}<!-- &amp; \ud800"


class Seen(HTMLParser):
    """Elements, attributes and the words between them, as a browser would read them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.data: dict[str, str] = {}
        self._script: str | None = None
        self.feed(text)
        self.close()
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        self.tags.append((tag, about))
        self._script = about.get("id", "") if tag in ("script", "style") else None

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.words.append(data)
        elif self._script:
            self.data[self._script] = self.data.get(self._script, "") + data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [about for name, about in self.tags if name == tag]


def test_the_headline_has_the_rate_its_interval_and_all_that_is_not_in_it() -> None:
    made = made_once(240)
    seen = Seen(made.page()).text
    a = made.analysis
    assert f"{a.passed.rate.hits} of {a.passed.rate.total}" in seen
    assert f"[{a.passed.interval.low:.0%}, {a.passed.interval.high:.0%}]" in seen if a.passed.interval else False
    for rate in (a.simulator_faults, a.unscored, a.infrastructure, a.passed_if_faults_counted):
        assert f"{rate.hits}/{rate.total} = " in seen
    assert "design effect" in seen
    assert "$0.50" in seen
    assert "seed 7" in seen
    assert "cmp_test" in seen


def test_every_part_of_the_analysis_is_there() -> None:
    made = made_once(240)
    seen = Seen(made.page())
    assert len(seen.all("table")) >= 10
    for words in (
        "By persona (10)",
        "By goal (6)",
        "By segment (2)",
        "By criterion (3)",
        "a human was called for",
        "pass^k",
        "goal reached",
        "Outliers",
        "Same tone",
    ):
        assert words in seen.text, words
    for row in (*made.analysis.failing[:5], *made.analysis.flaky[:5]):
        assert row.scenario.replace("/", " · ") in seen.text


def test_a_heat_cell_tells_its_counts_and_leads_to_its_conversations() -> None:
    made = Made(60, repeats=1)
    line = made.lines[0]
    cells = {a["aria-label"]: a["href"] for a in Seen(made.page()).all("a") if "aria-label" in a}
    told = next(label for label in cells if label.startswith(f"{line.persona}, {line.goal}: "))
    assert re.fullmatch(r".*: [01] of [01] passed(, 1 not judged)?", told)
    assert cells[told] == f"#?persona={line.persona}&goal={line.goal}&target={line.target}"


def test_nothing_is_loaded_from_anywhere_and_the_policy_names_each_script() -> None:
    text = Made(60).page()
    seen = Seen(text)
    assert not [about for _, about in seen.tags if "src" in about]
    assert [about["href"] for about in seen.all("link")] == ["data:,"]
    policy = next(about["content"] for about in seen.all("meta") if about.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.split("style-src")[0]
    runnable = [about for about in seen.all("script") if about.get("type") != "application/json"]
    assert len(re.findall("sha256-", policy)) == len(runnable)
    assert not [about for _, about in seen.tags if any(name.startswith("on") for name in about)]
    assert text.index("Content-Security-Policy") < text.index("<script")


def test_words_of_an_agent_stay_words_wherever_they_stand() -> None:
    made = Made(60, text=ATTACK)
    lines = [line.evolve(reason=ATTACK, criteria=tuple(c.evolve(reason=ATTACK) for c in line.criteria)) for line in made.lines]
    campaign = made.campaign.evolve(why=ATTACK, status="stopped", spec=made.campaign.spec.evolve(name=ATTACK), versions={"judge": ATTACK})
    comparison = compare(Made(60, seed=3).lines, lines, warnings=(ATTACK,))
    harmless = Seen(made.page(comparison=comparison))
    text = render(campaign, lines, analyse(lines), comparison=comparison, transcripts=made.transcripts, verdicts=made.verdicts)
    seen = Seen(text)
    assert len(seen.all("script")) == len(harmless.all("script"))
    assert not seen.all("img")
    shown = ATTACK.replace("\ud800", "?")
    assert re.sub(r"\s+", " ", shown) in seen.text
    assert shown in json.loads(seen.data["rows"])["words"]
    said = {turn["text"] for c in json.loads(seen.data["transcripts"]).values() for turn in c["turns"]}
    assert shown in said
    text.encode("utf-8")


def test_transcripts_keep_within_their_size_failures_first_and_the_page_says_what_it_left_out() -> None:
    made = made_once(240)
    text = made.page(transcript_bytes=40_000)
    seen = Seen(text)
    kept = json.loads(seen.data["transcripts"])
    assert 0 < len(seen.data["transcripts"].encode()) <= 40_000
    outcome = {line.run_id: line.outcome for line in made.lines}
    assert {outcome[run] for run in kept} == {"fail"}
    assert f"{len(kept)} of 240 can be read here" in seen.text
    assert "understudy show RUN" in seen.text


def test_of_every_scenario_one_failure_comes_before_the_second_of_any() -> None:
    made = made_once(240)
    failed = [line for line in made.lines if line.outcome == "fail" and not line.simulator_fault]
    order = worth_reading(made.lines)
    scenario = {line.run_id: line.scenario for line in made.lines}
    scenarios = {line.scenario for line in failed}
    assert {scenario[run] for run in order[: len(scenarios)]} == scenarios
    assert set(order[: len(failed)]) == {line.run_id for line in failed}


def test_a_quote_is_kept_letter_for_letter_with_its_turn() -> None:
    made = Made(60)
    run = next(line.run_id for line in made.lines if line.outcome == "fail" and not line.simulator_fault)
    result = next(r for r in made.verdicts[run].results if r.outcome == "fail")
    quote = Evidence(turn=1, quote=made.transcripts[run].text_of(1)[3:20])
    made.verdicts[run] = made.verdicts[run].evolve(results=(result.evolve(evidence=(quote,)),))
    conversation = json.loads(Seen(made.page()).data["transcripts"])[run]
    assert conversation["verdict"]["results"][0][4] == [[1, quote.quote]]
    assert quote.quote in conversation["turns"][1]["text"]


@pytest.mark.parametrize(("seed", "ease", "word"), [(2, 0.4, "Regressed."), (1, 0.0, "Underpowered."), (2, -0.4, "Improved.")])
def test_a_comparison_stands_above_with_its_verdict_interval_names_and_warnings(seed: int, ease: float, word: str) -> None:
    other = made_once(240, seed=seed, ease=ease)
    made = made_once(240)
    comparison = compare(other.lines, made.lines, warnings=("judge: checks before, panel after",))
    seen = Seen(made.page(comparison=comparison)).text
    assert word in seen
    assert "judge: checks before, panel after" in seen
    assert f"Newly failing ({len(comparison.newly_failing)})" in seen
    assert f"Newly passing ({len(comparison.newly_passing)})" in seen
    for change in (*comparison.newly_failing[:3], *comparison.newly_passing[:3]):
        assert change.scenario.replace("/", " · ") in seen
    assert "95 % interval [" in seen


def test_a_regression_by_which_a_campaign_was_stopped_early_says_so_with_its_evidence() -> None:
    made = made_once(240)
    comparison = compare(made.lines, made.lines, stopped_early="e-value 21.8 (20 decides), 10 pairs: 10 worse, 0 better")
    seen = Seen(made.page(comparison=comparison)).text
    assert "Regressed. The second side is worse than chance explains; it was stopped early for that: e-value 21.8 (20 decides)" in seen


def test_what_was_taken_up_again_after_a_stop_and_what_began_afresh_is_told_apart() -> None:
    lines = [a_line(0, resumed=2), a_line(1, resumed=1), a_line(2, restarted=1), a_line(3)]
    page = Seen(render(a_campaign(), lines, analyse(lines), transcripts={}, verdicts={}))
    assert "2 conversations went on from the last event and 1 conversation began afresh" in page.text
    data = json.loads(page.data["rows"])
    at = [data["fields"].index(name) for name in ("id", "resumed", "restarted")]
    assert [[row[i] for i in at] for row in data["rows"]] == [["run_0", 2, 0], ["run_1", 1, 0], ["run_2", 0, 1], ["run_3", 0, 0]]


def test_a_campaign_without_a_conversation_says_that_nothing_was_tested() -> None:
    made = Made(0)
    seen = Seen(
        render(made.campaign.evolve(total=10, status="stopped", why="the target is dead"), [], analyse([]), transcripts={}, verdicts={})
    ).text
    assert "No conversation has finished." in seen
    assert "0 of the 10 conversations in the plan" in seen
    assert "the target is dead" in seen
    assert "0%" not in seen


def test_conversations_that_nobody_judged_make_no_rate() -> None:
    made = Made(20)
    lines = [line.evolve(outcome="unscored", simulator_fault=False) for line in made.lines]
    seen = Seen(render(made.campaign, lines, analyse(lines), transcripts={}, verdicts={})).text
    assert "0 of 0: nothing was judged" in seen
    assert "20/20 = 100%" in seen


def test_many_personas_and_goals_are_cut_to_the_worst_and_the_page_says_so() -> None:
    made = Made(6)
    lines = [
        made.lines[0].evolve(
            run_id=f"run_{i}",
            index=i,
            persona=f"persona-{i}",
            goal=f"goal-{i}",
            simulator_fault=False,
            outcome="fail" if i == 77 else "pass",
        )
        for i in range(100)
    ]
    seen = Seen(render(made.campaign, lines, analyse(lines), transcripts={}, verdicts={}))
    assert "of 100 personas and 24 of 100 goals" in seen.text
    assert "persona-77, goal-77: 0 of 1 passed" in [about.get("aria-label") for about in seen.all("a")]


def test_the_list_is_cut_with_what_did_not_pass_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "MOST_ROWS", 100)
    made = made_once(240)
    seen = Seen(made.page())
    rows = json.loads(seen.data["rows"])["rows"]
    assert len(rows) == 100
    bad = {line.run_id for line in made.lines if line.outcome != "pass" or line.simulator_fault}
    assert bad <= {row[0] for row in rows}
    assert "Of 240 conversations 100 are listed" in seen.text


def test_the_same_campaign_makes_the_same_page() -> None:
    assert Made(60).page() == Made(60).page()


def test_the_libraries_are_as_they_were_published_with_their_licences_beside_them() -> None:
    folder = page_module.files("understudy.report").joinpath("assets", "vendor")
    digests = {item.name: hashlib.sha256(item.read_bytes()).hexdigest() for item in folder.iterdir() if item.name.endswith(".js")}
    assert digests == {
        "d3-7.9.2.min.js": "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1",
        "plot-0.6.17.umd.min.js": "4358086467740777dd788d6b27a95cebdbaefdd50c730a3060117073bd7134cb",
    }
    licences = folder.joinpath("LICENSES.txt").read_text(encoding="utf-8")
    for name in ("d3 7.9.2", "@observablehq/plot 0.6.17", "d3-scale-chromatic", "delaunator", "interval-tree-1d", "isoformat"):
        assert name in licences
