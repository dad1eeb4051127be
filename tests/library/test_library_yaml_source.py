"""Reading YAML: values as people mean them, and errors with the line where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.domain.errors import BadFile
from understudy.library.yaml_source import parse_yaml, read_text, read_yaml


def test_words_times_dates_and_numbers_with_zeros_stay_text() -> None:
    text = "a: no\nb: 14:30\nc: 2026-12-03\nd: 007\ne: off\nf: 1_000\n"
    assert parse_yaml(text, "x").value == {"a": "no", "b": "14:30", "c": "2026-12-03", "d": "007", "e": "off", "f": "1_000"}


def test_numbers_booleans_and_null_are_what_they_are() -> None:
    assert parse_yaml("a: 3\nb: -2.5\nc: true\nd: False\ne: null\nf:\ng: '3'\n", "x").value == {
        "a": 3,
        "b": -2.5,
        "c": True,
        "d": False,
        "e": None,
        "f": None,
        "g": "3",
    }


def test_a_key_given_twice_is_an_error_that_names_both_lines() -> None:
    with pytest.raises(BadFile, match=r"x:3: `name`: given twice, first in line 1") as caught:
        _ = parse_yaml("name: a\nage: 3\nname: b\n", "x").value
    assert (caught.value.line, caught.value.field) == (3, "name")


def test_a_key_given_twice_deep_inside_is_found() -> None:
    with pytest.raises(BadFile, match=r"x:4: `c`"):
        _ = parse_yaml("a:\n  b:\n    - c: 1\n      c: 2\n", "x").value


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a\n  <<: *a\n"])
def test_an_alias_that_refers_to_itself_is_refused(text: str) -> None:
    with pytest.raises(BadFile, match="itself"):
        _ = parse_yaml(text, "x").value


def test_aliases_that_multiply_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(BadFile, match="without end"):
        _ = parse_yaml("\n".join(lines), "x").value


def test_an_own_key_wins_over_a_merged_one() -> None:
    assert parse_yaml("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n", "x").value["use"] == {"x": 1, "y": 3}


def test_a_tag_is_refused() -> None:
    with pytest.raises(BadFile, match=r"x:1: an unknown tag"):
        _ = parse_yaml("a: !!python/object:os.system ls\n", "x").value


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ("a: 1\nb: say: this\n", 2, "colon in quotes"),
        ("a: 1\n\tb: 2\n", 2, "spaces"),
        ("a: 1\nb: 'open\nc: 3\nd: 4\n", 2, "Close the quote"),
        ("a: 1\nb: *bold* words\n", 2, "in quotes"),
    ],
)
def test_what_is_not_yaml_names_its_line_and_the_remedy(text: str, line: int, advice: str) -> None:
    with pytest.raises(BadFile, match="is not YAML") as caught:
        parse_yaml(text, "x")
    assert caught.value.line == line
    assert advice in str(caught.value)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_an_empty_file_says_so(text: str) -> None:
    with pytest.raises(BadFile, match=r"^x: is empty"):
        parse_yaml(text, "x")


def test_a_missing_file_a_folder_and_a_file_that_is_no_text_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(BadFile, match="is a folder"):
        read_yaml(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(BadFile, match=r"latin\.yaml:2: is not UTF-8"):
        read_yaml(tmp_path / "latin.yaml")
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_text(tmp_path / "bom.yaml") == "a: 1\n"


def test_control_characters_are_refused_without_a_traceback() -> None:
    with pytest.raises(BadFile, match="is not YAML"):
        parse_yaml("a: \x01\n", "x")


def test_lines_and_fields_are_found_through_lists_and_short_forms() -> None:
    located = parse_yaml("known:\n  policy: {value: 3}\nsteps:\n  - id: a\n    say: hello\n", "x")
    assert located.find(("known", 0, "value")) == (2, "known.policy.value")
    assert located.find(("steps", 0, "say")) == (5, "steps[0].say")
    assert located.find(("steps", 0, "missing")) == (4, "steps[0].missing")
