"""The library as a whole: built-in content, the user's own files, what is read when, and writing packs back."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from understudy.domain.errors import BadFile, NotFound
from understudy.domain.goal import Goal
from understudy.domain.persona import Dialect, Emotion, Fluency, Persona, Register, Skill, SpeechStyle, Trait, TriggerCondition
from understudy.library import builtin
from understudy.library.builtin import builtin_folder, yaml_files
from understudy.library.company import sections
from understudy.library.library import Library
from understudy.library.packs import load_pack
from understudy.library.references import facts_of, placeholders
from understudy.library.write import pack_yaml

FIELDS = {"clinic", "bank", "software", "travel"}


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library()


def persona_yaml(id: str, name: str = "Own", goal: str = "") -> str:
    return f"  - id: {id}\n    name: {name}\n    company: Mine\n    profile: I am mine.\n    intents: {{primary: I want it.}}\n" + (
        f"    goal: {goal}\n" if goal else ""
    )


def own_pack(folder: Path, name: str, *personas: str, extra: str = "") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"pack: {name}\ntitle: {name}\npersonas:\n{''.join(personas)}{extra}", encoding="utf-8")
    return path


# ---------------------------------------------------------------- what ships


def test_the_built_in_library_loads_without_a_problem(shipped: Library) -> None:
    assert [str(p) for p in shipped.problems] == []
    assert shipped.overrides == ()


def test_it_has_enough_personas_and_goals_in_every_field(shipped: Library) -> None:
    assert {pack.id for pack in shipped.packs} >= FIELDS | {"adversarial"}
    assert len(shipped.personas) >= 20
    assert len(shipped.goals) >= 15
    for field in FIELDS:
        assert sum(shipped.pack_of_persona[id] == field for id in shipped.personas) >= 4, field
        assert sum(shipped.pack_of_goal[id] == field for id in shipped.goals) >= 4, field


def used(shipped: Library, field: str) -> Counter[str]:
    return Counter(str(getattr(persona, field)) for persona in shipped.personas.values())


def test_it_covers_every_emotion_register_style_skill_fluency_and_dialect(shipped: Library) -> None:
    for field, kind in {
        "emotion": Emotion,
        "register_": Register,
        "style": SpeechStyle,
        "skill": Skill,
        "fluency": Fluency,
        "dialect": Dialect,
    }.items():
        assert set(used(shipped, field)) == set(get_args(kind)), field
    assert {persona.clarity for persona in shipped.personas.values()} == {"clear", "partial", "vague"}


def test_it_covers_every_trait_and_most_triggers(shipped: Library) -> None:
    assert {trait for persona in shipped.personas.values() for trait in persona.traits} == set(get_args(Trait))
    conditions = {trigger.when for persona in shipped.personas.values() for trigger in persona.triggers}
    assert conditions == set(get_args(TriggerCondition))
    actions = {trigger.then for persona in shipped.personas.values() for trigger in persona.triggers}
    assert actions == {"ask_for_human", "call_back_later", "give_up"}


def test_it_covers_three_languages_noise_and_adversarial_testers(shipped: Library) -> None:
    people = shipped.personas.values()
    assert {persona.language[:2] for persona in people} == {"en", "de", "es"}
    for kind in ("typos", "caps", "fillers", "fragments", "misheard", "tangents", "interruptions"):
        assert any(getattr(persona.noise, kind) > 0 for persona in people), kind
    assert sum("adversarial" in persona.tags for persona in people) >= 4
    assert {persona.frustration_threshold for persona in people} == {1, 2, 3, 4, 5}
    assert {fact.disclose for persona in people for fact in persona.knowledge.known} == {"volunteer", "if_asked", "never"}


def test_goals_cover_complications_unknown_facts_and_every_expected_outcome(shipped: Library) -> None:
    goals = shipped.goals.values()
    assert {goal.expected.outcome for goal in goals} == {"done", "answered", "refused", "handed_off"}
    assert {goal.expected.escalation for goal in goals} == {"must", "must_not", "may"}
    assert {goal.settles_for for goal in goals} == {"resolution", "refusal", "handoff"}
    assert {criterion.check.check for goal in goals for criterion in goal.success} >= {
        "said",
        "not_said",
        "state",
        "tool_called",
        "subgoal_met",
    }
    assert sum(bool(goal.complications) for goal in goals) >= 10
    assert any(goal.unknown for goal in goals)
    assert any(change.when.turn for goal in goals for change in goal.complications)
    assert any(change.when.subgoal for goal in goals for change in goal.complications)


def test_every_persona_plays_a_goal_in_its_own_language(shipped: Library) -> None:
    for persona in shipped.personas.values():
        assert persona.goal is not None, persona.id
        assert shipped.pack_of_goal[persona.goal] == shipped.pack_of_persona[persona.id]
        others = {p.language[:2] for p in shipped.personas.values() if p.goal == persona.goal}
        assert others == {persona.language[:2]}, persona.goal


def test_every_placeholder_of_a_goal_names_a_known_fact(shipped: Library) -> None:
    checked = 0
    for goal in shipped.goals.values():
        players = [p for p in shipped.personas.values() if p.goal == goal.id]
        for sub in (*goal.steps, *goal.side, *(c.adds for c in goal.complications if c.adds)):
            for phrase in (sub.say, *sub.again, *sub.answered_by):
                for name in placeholders(phrase):
                    assert name in facts_of(goal, players), (goal.id, name)
                    checked += 1
    assert checked >= 10


def test_every_persona_reads_like_a_person(shipped: Library) -> None:
    first_person = {"i", "my", "i'm", "we", "me", "ich", "meine", "mein", "mi", "mis", "tengo", "estudio", "viajo", "llevo", "vivo", "soy"}
    for persona in shipped.personas.values():
        words = {word.strip(".,;:").lower() for word in persona.profile.replace("’", "'").split()}
        assert words & first_person, persona.id
        assert persona.sayings, persona.id
        assert persona.summary, persona.id
        assert persona.triggers, persona.id
        assert persona.tags, persona.id
        assert persona.provenance.source == "library"
    profiles = [persona.profile for persona in shipped.personas.values()]
    assert len(set(profiles)) == len(profiles)


def test_company_contexts_topics_and_rubrics_ship(shipped: Library) -> None:
    assert set(shipped.companies) == FIELDS
    for text in shipped.companies.values():
        assert sum(len(section.lines) for section in sections(text)) >= 12
    by_file = Counter(shipped.pack_of_topic.values())
    assert by_file["bank"] >= 8
    assert by_file["clinic"] >= 6
    for topic in shipped.topics.values():
        assert len(topic.example_types) == 3, topic.id
    assert set(shipped.rubrics) >= {"service", "strict-safety"}


def test_the_default_rubric_leaves_to_a_model_what_needs_one(shipped: Library) -> None:
    criteria = {criterion.id: criterion for criterion in shipped.rubric("service").criteria}
    assert [id for id, criterion in criteria.items() if criterion.check is None] == ["accuracy", "helpfulness", "safety"]
    for id in ("accuracy", "helpfulness"):
        assert criteria[id].scale == "1-5"
        assert set(criteria[id].levels) == {"1", "2", "3", "4", "5"}
    assert not any(criteria[id].gate or criteria[id].required for id in ("accuracy", "helpfulness", "safety"))
    assert criteria["completed"].required


def test_everything_built_in_loads_fast() -> None:
    Library().persona("wrong-words-owen")  # what Python and pydantic build only once is not the library's

    def load() -> float:
        before = time.process_time()
        library = Library()
        assert library.personas
        assert library.goals
        return time.process_time() - before

    assert min(load() for _ in range(5)) < 0.06


def test_an_installed_library_is_read_from_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "understudy" / "library"
    monkeypatch.setattr(builtin, "_HERE", here)
    with pytest.raises(BadFile, match="Install understudy again"):
        builtin_folder()
    (here / "packs").mkdir(parents=True)
    own_pack(here / "packs", "only", persona_yaml("me"))
    assert list(Library().personas) == ["me"]


# ---------------------------------------------------------------- laziness


def test_making_a_library_reads_no_file(tmp_path: Path) -> None:
    path = own_pack(tmp_path, "mine", persona_yaml("me"))
    library = Library(packs=[path], builtin=None)
    path.write_text(path.read_text(encoding="utf-8").replace("name: Own", "name: Later"), encoding="utf-8")
    assert library.persona("me").name == "Later"


def test_looking_one_persona_up_reads_no_pack_after_it(tmp_path: Path) -> None:
    first, second = own_pack(tmp_path, "a", persona_yaml("me")), tmp_path / "b.yaml"
    library = Library(packs=[first, second], builtin=None)
    assert library.persona("me").id == "me"
    own_pack(tmp_path, "b", persona_yaml("you"))  # written only now: nothing can have read it before
    assert library.persona("you").id == "you"
    assert library.problems == ()


# ---------------------------------------------------------------- the user's own


def test_an_item_of_the_users_stands_in_for_a_built_in_one_and_that_is_said(tmp_path: Path) -> None:
    path = own_pack(tmp_path, "mine", persona_yaml("wrong-words-owen", name="Another Owen"))
    library = Library(packs=[tmp_path])
    assert library.persona("wrong-words-owen").name == library.personas["wrong-words-owen"].name == "Another Owen"
    assert library.pack_of_persona["wrong-words-owen"] == "mine"
    (override,) = library.overrides
    assert (override.kind, override.id, override.path) == ("persona", "wrong-words-owen", str(path))
    assert override.instead_of.endswith("software.yaml")
    assert "instead of the built-in one" in str(override)
    assert library.problems == ()


def test_rubrics_and_topics_of_the_users_stand_in_too(tmp_path: Path) -> None:
    rubric, topics = tmp_path / "service.yaml", tmp_path / "topics.yaml"
    rubric.write_text("id: service\ntitle: Ours\ncriteria:\n  - {id: a, description: A., check: {check: polite}}\n", encoding="utf-8")
    example = "{example_type: A, example_background: B, example_query: C}"
    topics.write_text(f"- topic: Card limits\n  example_types: [{example}]\n", encoding="utf-8")
    library = Library(rubrics=[rubric], topics=[topics])
    assert library.rubric("service").title == "Ours"
    assert library.topic("card-limits").example_types[0].example_type == "A"
    assert {(o.kind, o.id) for o in library.overrides} == {("rubric", "service"), ("topic", "card-limits")}


def test_an_id_that_two_own_packs_use_is_a_problem_and_the_first_stands(tmp_path: Path) -> None:
    own_pack(tmp_path, "a", persona_yaml("me", name="First"))
    own_pack(tmp_path, "b", persona_yaml("me", name="Second"))
    library = Library(packs=[tmp_path], builtin=None)
    assert library.persona("me").name == library.personas["me"].name == "First"
    (problem,) = library.problems
    assert (problem.item, problem.field, problem.path) == ("me", "id", str(tmp_path / "b.yaml"))


def test_a_goal_of_another_pack_is_no_problem(tmp_path: Path) -> None:
    path = own_pack(tmp_path, "mine", persona_yaml("me", goal="software-two-factor"))
    assert [p.reference for p in load_pack(path).problems] == ["software-two-factor"]
    assert Library(packs=[path]).problems == ()
    assert [p.field for p in Library(packs=[path], builtin=None).problems] == ["goal"]


def test_files_that_do_not_load_are_problems_and_the_rest_lists(tmp_path: Path) -> None:
    own_pack(tmp_path, "good", persona_yaml("me"))
    (tmp_path / "bad.yaml").write_text("a: [\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    bad = tmp_path / "bad.yaml"
    library = Library(packs=[tmp_path, tmp_path / "none.yaml", tmp_path / "empty"], topics=[bad], rubrics=[bad], builtin=None)
    assert list(library.personas) == ["me"]
    assert library.topics == {}
    assert library.rubrics == {}
    assert Counter(Path(p.path).name for p in library.problems) == {"bad.yaml": 3, "none.yaml": 1, "empty": 1}


@pytest.mark.parametrize("kind", ["persona", "goal", "topic", "rubric"])
def test_an_unknown_id_names_the_nearest(shipped: Library, kind: str) -> None:
    id = next(iter(getattr(shipped, f"{kind}s")))
    with pytest.raises(NotFound, match=f"Did you mean `{id}`"):
        getattr(shipped, kind)(id + "x")


# ---------------------------------------------------------------- writing


def test_every_built_in_pack_comes_back_from_what_is_written(tmp_path: Path) -> None:
    for path in yaml_files(builtin_folder()):
        pack = load_pack(path)
        (tmp_path / "again.yaml").write_text(pack_yaml(pack.id, pack.title, personas=pack.personas, goals=pack.goals), encoding="utf-8")
        again = load_pack(tmp_path / "again.yaml")
        assert again.problems == ()
        assert (again.id, again.title, again.personas, again.goals) == (pack.id, pack.title, pack.personas, pack.goals)


def test_words_that_look_like_something_else_survive_writing(tmp_path: Path) -> None:
    odd = [
        "no",
        "14:30",
        "2026-12-03",
        "007",
        "12",
        "1e3",
        "0x1F",
        "null",
        "~",
        "a: b",
        "#x",
        "- y",
        "*z",
        "  padded  ",
        "two\nlines",
        "1_000",
    ]
    facts = [{"name": f"f{n}", "value": value} for n, value in enumerate(odd)]
    persona = Persona.model_validate(
        {"id": "me", "name": "12", "company": "no", "profile": "I: am", "intents": {"primary": "yes"}, "knowledge": {"known": facts}}
    )
    goal = Goal.model_validate({"id": "g", "title": "off", "steps": [{"id": "s", "say": "1.5"}], "known": facts})
    path = tmp_path / "odd.yaml"
    path.write_text(pack_yaml("odd", "true", personas=[persona], goals=[goal]), encoding="utf-8")
    pack = load_pack(path)
    assert (pack.problems, pack.title, pack.personas, pack.goals) == ((), "true", (persona,), (goal,))


def test_an_empty_pack_can_be_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    path.write_text(pack_yaml("none", "None", company=None), encoding="utf-8")
    assert load_pack(path).problems == ()
