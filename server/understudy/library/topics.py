"""Topic files: a YAML list of topics, each with example users (type, background, query).

- topic: "..."
  example_types:
    - example_type: "..."
      example_background: "..."
      example_query: "..."
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from understudy.domain.errors import BadFile, nearest
from understudy.domain.query import ExampleUser, Topic
from understudy.library.packs import Problem
from understudy.library.salvage import parse_leniently
from understudy.library.validation import check
from understudy.library.yaml_source import Located, read_text

__all__ = ["load_topics", "slug_of"]

_KEYS = ("topic", "example_types")


def load_topics(path: Path) -> tuple[tuple[Topic, ...], tuple[Problem, ...]]:
    """The topics of a file, with ids made from their names. An example that does not fit is a problem, and its topic keeps the others.

    Raises BadFile when the file cannot be read at all or is no list.
    """
    root, left_out = parse_leniently(read_text(path), str(path))
    if not root.is_list:
        raise BadFile(str(path), root.line, None, "is not a list of topics", "Begin each topic with `- topic: ...`")
    problems = [Problem.of(item.error) for item in left_out]
    topics: dict[str, Topic] = {}
    for number, located in enumerate(root.items()):
        topic = _topic(located, number, frozenset(topics), problems)
        if topic is not None:
            topics[topic.id] = topic
    return tuple(topics.values()), tuple(sorted(problems, key=lambda p: p.line or 0))


def slug_of(title: str, taken: frozenset[str] = frozenset()) -> str:
    """A lower-case id made from a title; a number is added when it is taken."""
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:56].rstrip("-") or "topic"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _topic(located: Located, number: int, taken: frozenset[str], problems: list[Problem]) -> Topic | None:
    place = f"topics[{number}]"
    try:
        parts = dict(located.entries())
        title = parts["topic"].value if "topic" in parts else None
    except BadFile as error:
        problems.append(Problem.of(error, place))
        return None
    if not isinstance(title, str) or not title.strip() or len(title.strip()) > 120:
        line = parts["topic"].line if "topic" in parts else located.line
        message = "has to be a text of 1 to 120 characters" if "topic" in parts else "is missing. Add `topic: ...`"
        problems.append(Problem(path=located.path, line=line, field="topic", item=place, message=message))
        return None
    problems += [_unknown_key(part, key, title) for key, part in parts.items() if key not in _KEYS]
    examples = _examples(parts.get("example_types"), title, problems)
    if not examples:
        line = parts["example_types"].line if "example_types" in parts else located.line
        message = "has no example that fits, so the topic is left out. Add one with type, background and query"
        problems.append(Problem(path=located.path, line=line, field="example_types", item=title, message=message))
        return None
    return Topic(id=slug_of(title, taken), topic=title, example_types=examples, source=Path(located.path).name)


def _unknown_key(part: Located, key: str, title: str) -> Problem:
    near = nearest(key, _KEYS)
    advice = f"Did you mean `{near}`?" if near else f"Known keys: {', '.join(_KEYS)}"
    return Problem(path=part.path, line=part.line, field=key, item=title, message=f"unknown key. {advice}")


def _examples(part: Located | None, title: str, problems: list[Problem]) -> tuple[ExampleUser, ...]:
    examples: list[ExampleUser] = []
    for number, located in enumerate(part.items() if part else ()):
        example, errors = check(ExampleUser, located)
        for error in errors:
            field = f"example_types[{number}]" + (f".{error.field}" if error.field else "")
            problems.append(Problem.of(error, title).replace(field=field))
        if example is not None:
            examples.append(example)
    return tuple(examples)
