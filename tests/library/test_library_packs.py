"""Packs: one broken field names file, line and field, and the rest of the pack still lists."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understudy.domain.errors import BadFile
from understudy.library.packs import Pack, Problem, load_pack

PACK = """\
pack: shop
title: Corner shop
company: shop.md
personas:
  - id: ann
    name: Ann
    company: Shop
    profile: I buy bread.
    goal: buy
    intents: {primary: I want bread.}
    emotion: calm
    traits: [polite]
    triggers:
      - id: rude
        when: rude
  - id: bob
    name: Bob
    company: Shop
    profile: I buy milk.
    intents: {primary: I want milk.}
    knowledge:
      known: {size: two pints}
goals:
  - id: buy
    title: Buy bread
    steps:
      - id: bread
        say: I want bread.
        needs: [kind]
        answered_by: ["{kind}"]
    known: {kind: rye}
    success:
      - id: said
        description: The bread is named.
        check: {check: said, any_of: [rye]}
"""


@pytest.fixture
def load(tmp_path: Path):
    (tmp_path / "shop.md").write_text("# Shop\n\nWe sell bread.\n", encoding="utf-8")

    def loaded(text: str) -> Pack:
        (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
        return load_pack(tmp_path / "shop.yaml")

    return loaded


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def only(pack: Pack) -> Problem:
    assert len(pack.problems) == 1, [str(p) for p in pack.problems]
    return pack.problems[0]


def test_a_sound_pack_loads_whole(load) -> None:
    pack = load(PACK)
    assert pack.problems == ()
    assert (pack.id, pack.title) == ("shop", "Corner shop")
    assert pack.company_text.startswith("# Shop")
    assert [p.id for p in pack.personas] == ["ann", "bob"]
    assert [g.id for g in pack.goals] == ["buy"]
    assert pack.personas[1].knowledge.known[0].value == "two pints"


@pytest.mark.parametrize(
    ("right", "wrong", "field", "says"),
    [
        ("emotion: calm", "emotion: clam", "emotion", "Did you mean `calm`?"),
        ("emotion: calm", "emotoin: calm", "emotoin", "Did you mean `emotion`?"),
        ("traits: [polite]", "traits: [polite, shouty]", "traits[1]", "`shouty` is none of"),
        ("        when: rude", "        wen: rude", "triggers[0].wen", "Did you mean `when`?"),
        ("        when: rude", "        when: says", "triggers[0].when", "`says` lists none"),
        ("    name: Ann", "    name: 12", "name", "Put it in quotes"),
        ("    name: Ann", "    name:", "name", "Write a value"),
        ("    profile: I buy bread.", "    colour: red\n    profile: I buy bread.", "colour", "Known keys: id, name"),
        ("intents: {primary: I want bread.}", "intents: {}", "intents.primary", "is missing"),
    ],
)
def test_one_broken_field_of_a_persona_names_line_and_field_and_the_rest_lists(load, right: str, wrong: str, field: str, says: str) -> None:
    text = PACK.replace(right, wrong, 1)
    assert text != PACK
    pack = load(text)
    problem = only(pack)
    assert (problem.item, problem.field) == ("ann", field)
    assert says in problem.message
    marker = wrong.splitlines()[0].strip() if "intents" not in wrong else "intents: {}"
    assert problem.line == line_of(text, marker)
    assert problem.path.endswith("shop.yaml")
    assert "bob" in [p.id for p in pack.personas]
    assert [g.id for g in pack.goals] == ["buy"]


@pytest.mark.parametrize(
    ("right", "wrong", "field", "says"),
    [
        ("check: said", "check: sayed", "success[0].check", "Did you mean `said`?"),
        ("any_of: [rye]", "anyof: [rye]", "success[0].check.anyof", "Did you mean `any_of`?"),
        ("any_of: [rye]", 'any_of: ["/ry(e/"]', "success[0].check.any_of[0]", "not a regular expression"),
        ("needs: [kind]", "needs: [sort]", "steps[0].needs[0]", "`sort` is no fact"),
        ('"{kind}"', '"{knd}"', "steps[0].answered_by[0]", "Did you mean `kind`?"),
        ("        say: I want bread.", "        say: I want {bread}.", "steps[0].say", "`{bread}` is no fact"),
        ("known: {kind: rye}", "known: {kind: 4}", "known.kind", "Put it in quotes"),
    ],
)
def test_one_broken_field_of_a_goal_names_line_and_field(load, right: str, wrong: str, field: str, says: str) -> None:
    text = PACK.replace(right, wrong, 1)
    assert text != PACK
    pack = load(text)
    problem = next(p for p in pack.problems if p.item == "buy")
    assert problem.field is not None
    assert problem.field.startswith(field)
    assert says in problem.message
    assert problem.line == line_of(text, wrong.strip())
    assert [p.id for p in pack.personas] == ["ann", "bob"]


@pytest.mark.parametrize(
    ("right", "wrong", "line_holds"),
    [
        ("profile: I buy bread.", "profile: I buy: bread.", "I buy: bread"),
        ("profile: I buy bread.", 'profile: "I buy bread.', '"I buy bread.'),
        ("    emotion: calm", "   emotion: calm", "   emotion: calm"),
        ("    emotion: calm", "\temotion: calm", "\temotion"),
        ("traits: [polite]", "traits: [polite", "traits: [polite"),
    ],
)
def test_an_item_that_is_not_even_yaml_is_reported_and_the_rest_lists(load, right: str, wrong: str, line_holds: str) -> None:
    text = PACK.replace(right, wrong, 1)
    pack = load(text)
    problem = next(p for p in pack.problems if p.item == "ann")
    assert problem.line is not None
    assert abs(problem.line - line_of(text, line_holds)) <= 1
    assert "is not YAML" in problem.message
    assert [p.id for p in pack.personas] == ["bob"]
    assert [g.id for g in pack.goals] == ["buy"]


def test_two_items_that_are_not_yaml_are_both_reported(load) -> None:
    text = PACK.replace("I buy bread.", "I buy: bread.", 1).replace("title: Buy bread", "title: Buy: bread", 1)
    pack = load(text)
    assert {p.item for p in pack.problems} == {"ann", "buy"}
    assert [p.id for p in pack.personas] == ["bob"]


def test_a_goal_that_does_not_exist_is_a_problem_and_the_persona_still_lists(load) -> None:
    text = PACK.replace("goal: buy", "goal: bui")
    pack = load(text)
    problem = only(pack)
    assert (problem.item, problem.field, problem.reference, problem.line) == ("ann", "goal", "bui", line_of(text, "goal: bui"))
    assert "Did you mean `buy`?" in problem.message
    assert len(pack.personas) == 2


def test_an_id_used_twice_keeps_the_first_and_names_its_line(load) -> None:
    pack = load(PACK.replace("id: bob", "id: ann"))
    problem = only(pack)
    assert "taken in line 5" in problem.message
    assert [p.name for p in pack.personas] == ["Ann"]


def test_a_key_given_twice_in_one_persona_leaves_the_others_alone(load) -> None:
    pack = load(PACK.replace("    emotion: calm\n", "    emotion: calm\n    emotion: angry\n"))
    assert only(pack).field == "emotion"
    assert [p.id for p in pack.personas] == ["bob"]


def test_a_misspelt_key_of_the_pack_itself_names_the_nearest(load) -> None:
    problem = only(load(PACK.replace("title:", "titel:", 1)))
    assert (problem.line, problem.field) == (2, "titel")
    assert "Did you mean `title`?" in problem.message


def test_a_missing_company_file_is_a_problem_of_its_line(load) -> None:
    problem = only(load(PACK.replace("shop.md", "shoop.md")))
    assert (problem.line, problem.field) == (3, "company")


def test_a_missing_pack_id_is_taken_from_the_file_name_and_said(load) -> None:
    pack = load(PACK.replace("pack: shop\n", ""))
    assert (pack.id, only(pack).field) == ("shop", "pack")


def test_every_wrong_field_of_an_item_is_reported_in_the_order_of_lines(load) -> None:
    pack = load(PACK.replace("emotion: calm", "emotion: clam").replace("traits: [polite]", "traits: [polit]"))
    assert [p.field for p in pack.problems] == ["emotion", "traits[0]"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", ""])
def test_a_file_that_is_no_pack_is_refused(load, text: str) -> None:
    with pytest.raises(BadFile, match=r"shop\.yaml"):
        load(text)


def test_a_file_broken_outside_its_items_is_refused_with_its_line(load) -> None:
    with pytest.raises(BadFile, match=r"shop\.yaml:2"):
        load(PACK.replace("title: Corner shop", "title: Corner: shop"))


def test_a_problem_reads_as_one_line_with_everything_in_it(load) -> None:
    text = str(only(load(PACK.replace("emotion: calm", "emotion: clam"))))
    assert textwrap.shorten(text, 2000) == text
    assert "shop.yaml:11: `ann`: `emotion`: `clam` is none of" in text


def test_a_file_with_windows_line_ends_loads_and_mends_the_same(load) -> None:
    assert load(PACK.replace("\n", "\r\n")).problems == ()
    pack = load(PACK.replace("I buy bread.", "I buy: bread.").replace("\n", "\r\n"))
    assert [p.item for p in pack.problems] == ["ann"]
    assert [p.id for p in pack.personas] == ["bob"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(PACK) - 1),
    gone=st.integers(0, 12),
    new=st.sampled_from(["", ":", "'", '"', "[", "}", "\t", "&a ", "*a", "- ", "\n", "é"]),
)
def test_whatever_slip_is_made_the_answer_is_a_pack_or_a_named_error(load, at: int, gone: int, new: str) -> None:
    try:
        problems = load(PACK[:at] + new + PACK[at + gone :]).problems
    except BadFile as error:
        problems = (Problem.of(error),)
    for problem in problems:
        assert problem.path.endswith("shop.yaml")
        assert problem.line is None or 1 <= problem.line <= PACK.count("\n") + 2
