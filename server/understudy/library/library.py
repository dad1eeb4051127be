"""The library: everything that can be played and judged with, from the built-in packs and the user's own files.

Files are read when something in them is asked for. The user's items come first: one with the id of a built-in one replaces it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from understudy.domain.errors import BadFile, NotFound
from understudy.domain.goal import Goal
from understudy.domain.persona import Persona
from understudy.domain.query import Topic
from understudy.domain.rubric import Rubric
from understudy.domain.value import Value
from understudy.library.builtin import builtin_folder, yaml_files
from understudy.library.packs import Pack, Problem, load_pack
from understudy.library.rubrics import load_rubric
from understudy.library.topics import load_topics

__all__ = ["ItemKind", "Library", "Override"]

ItemKind = Literal["persona", "goal", "topic", "rubric"]


class _Item(Protocol):
    @property
    def id(self) -> str: ...


ItemT = TypeVar("ItemT", bound=_Item)


class Override(Value):
    """An item of the user's that stands in for a built-in one of the same id."""

    kind: ItemKind
    id: str
    path: str
    instead_of: str
    """The file of the built-in one."""

    def __str__(self) -> str:
        return f"{self.kind} `{self.id}` of {self.path} is used instead of the built-in one"


class Library:
    """Packs, personas, goals, topics, rubrics and company contexts, by id.

    `packs`, `topics` and `rubrics` are the user's own files, or folders of files. `builtin` is the folder of the library that ships;
    None leaves it out. Nothing is read before it is asked for, and a file that does not load is a problem, never an exception.
    """

    def __init__(
        self,
        *,
        packs: Sequence[Path] = (),
        topics: Sequence[Path] = (),
        rubrics: Sequence[Path] = (),
        builtin: Path | Literal["shipped"] | None = "shipped",
    ) -> None:
        self._missing: list[Problem] = []
        shipped = builtin_folder() if builtin == "shipped" else builtin
        self._own_packs = self._expand(packs)
        self._own_topics = self._expand(topics)
        self._own_rubrics = self._expand(rubrics)
        self._builtin_packs = yaml_files(shipped) if shipped else ()
        self._builtin_topics = yaml_files(shipped / "topics") if shipped else ()
        self._builtin_rubrics = yaml_files(shipped / "rubrics") if shipped else ()
        self._packs: dict[Path, Pack | BadFile] = {}
        self._topic_problems: list[Problem] = []
        self._rubric_problems: list[Problem] = []

    # ---------------------------------------------------------------- by id

    def persona(self, id: str) -> Persona:
        """The persona; only the packs up to the one that has it are read. Raises NotFound."""
        for pack in self._each_pack():
            for persona in pack.personas:
                if persona.id == id:
                    return persona
        raise NotFound("persona", id, self.personas, hint="List them with list_personas.")

    def goal(self, id: str) -> Goal:
        """The goal; only the packs up to the one that has it are read. Raises NotFound."""
        for pack in self._each_pack():
            for goal in pack.goals:
                if goal.id == id:
                    return goal
        raise NotFound("goal", id, self.goals, hint="List them with list_goals.")

    def topic(self, id: str) -> Topic:
        """The topic. Raises NotFound."""
        if id in self.topics:
            return self.topics[id]
        raise NotFound("topic", id, self.topics)

    def rubric(self, id: str) -> Rubric:
        """The rubric. Raises NotFound."""
        if id in self.rubrics:
            return self.rubrics[id]
        raise NotFound("rubric", id, self.rubrics)

    # ---------------------------------------------------------------- everything

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """Every pack that can be read, the user's own first."""
        return tuple(self._each_pack())

    @cached_property
    def personas(self) -> Mapping[str, Persona]:
        return _first_of(persona for pack in self.packs for persona in pack.personas)

    @cached_property
    def goals(self) -> Mapping[str, Goal]:
        return _first_of(goal for pack in self.packs for goal in pack.goals)

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        return _first_of(topic for _, topics in self._topic_files for topic in topics)

    @cached_property
    def rubrics(self) -> Mapping[str, Rubric]:
        return _first_of(rubric for _, rubric in self._rubric_files)

    @cached_property
    def companies(self) -> Mapping[str, str]:
        """The company context of each pack that has one, by pack id."""
        return {pack.id: pack.company_text for pack in reversed(self.packs) if pack.company_text}

    @cached_property
    def pack_of_persona(self) -> Mapping[str, str]:
        """Pack id by persona id."""
        return {persona.id: pack.id for pack in reversed(self.packs) for persona in pack.personas}

    @cached_property
    def pack_of_goal(self) -> Mapping[str, str]:
        """Pack id by goal id."""
        return {goal.id: pack.id for pack in reversed(self.packs) for goal in pack.goals}

    @cached_property
    def pack_of_topic(self) -> Mapping[str, str]:
        """The name of the topic file by topic id: `bank` for `bank.yaml`, which goes with the pack `bank`."""
        return {topic.id: path.stem for path, topics in reversed(self._topic_files) for topic in topics}

    @cached_property
    def own_topics(self) -> frozenset[str]:
        """Ids of the topics that come from the user's own files."""
        return frozenset(topic.id for path, topics in self._topic_files if path in self._own_topics for topic in topics)

    @cached_property
    def own_personas(self) -> frozenset[str]:
        """Ids of the personas that come from the user's own packs."""
        return frozenset(persona.id for pack in self.packs if Path(pack.path) in self._own_packs for persona in pack.personas)

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """The user's items that stand in for built-in ones."""
        return tuple(override for kind, places in self._places().items() for override in self._overridden(kind, places))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that does not fit in any file; reads all of them."""
        in_packs = [problem for pack in self.packs for problem in pack.problems if problem.reference not in self.goals]
        unread = [Problem.of(error) for error in self._packs.values() if isinstance(error, BadFile)]
        _ = self._topic_files, self._rubric_files
        twice = [problem for kind, places in self._places().items() for problem in self._taken_twice(kind, places)]
        return (*self._missing, *unread, *in_packs, *self._topic_problems, *self._rubric_problems, *twice)

    # ---------------------------------------------------------------- reading

    def _expand(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """Folders become the YAML files in them."""
        files: list[Path] = []
        for path in paths:
            inside = yaml_files(path) if path.is_dir() else (path,)
            if not inside:
                self._missing.append(Problem(path=str(path), message="there is no YAML file in this folder"))
            files.extend(file for file in inside if file not in files)
        return tuple(files)

    def _each_pack(self) -> Iterator[Pack]:
        for path in (*self._own_packs, *self._builtin_packs):
            if path not in self._packs:
                self._packs[path] = _or_error(load_pack, path)
            found = self._packs[path]
            if isinstance(found, Pack):
                yield found

    @cached_property
    def _topic_files(self) -> tuple[tuple[Path, tuple[Topic, ...]], ...]:
        read = [(path, _or_error(load_topics, path)) for path in (*self._own_topics, *self._builtin_topics)]
        self._topic_problems = [
            problem for _, found in read for problem in ((Problem.of(found),) if isinstance(found, BadFile) else found[1])
        ]
        return tuple((path, found[0]) for path, found in read if not isinstance(found, BadFile))

    @cached_property
    def _rubric_files(self) -> tuple[tuple[Path, Rubric], ...]:
        read = [(path, _or_error(load_rubric, path)) for path in (*self._own_rubrics, *self._builtin_rubrics)]
        self._rubric_problems = [Problem.of(found) for _, found in read if isinstance(found, BadFile)]
        return tuple((path, found) for path, found in read if not isinstance(found, BadFile))

    # ---------------------------------------------------------------- the same id twice

    def _places(self) -> dict[ItemKind, list[tuple[Path, str]]]:
        """Where each id is, in order of precedence."""
        return {
            "persona": [(Path(pack.path), persona.id) for pack in self.packs for persona in pack.personas],
            "goal": [(Path(pack.path), goal.id) for pack in self.packs for goal in pack.goals],
            "topic": [(path, topic.id) for path, topics in self._topic_files for topic in topics],
            "rubric": [(path, rubric.id) for path, rubric in self._rubric_files],
        }

    def _is_own(self, path: Path) -> bool:
        return path in self._own_packs or path in self._own_topics or path in self._own_rubrics

    def _overridden(self, kind: ItemKind, places: list[tuple[Path, str]]) -> Iterator[Override]:
        first = _first_place(places)
        for path, id in places:
            if self._is_own(first[id]) and not self._is_own(path):
                yield Override(kind=kind, id=id, path=str(first[id]), instead_of=str(path))

    def _taken_twice(self, kind: ItemKind, places: list[tuple[Path, str]]) -> Iterator[Problem]:
        first = _first_place(places)
        for path, id in places:
            if path != first[id] and self._is_own(path) == self._is_own(first[id]):
                message = f"this {kind} id is taken in {first[id]}, which comes first. Give it another id"
                yield Problem(path=str(path), field="id", item=id, message=message)


ReadT = TypeVar("ReadT")


def _or_error(read: Callable[[Path], ReadT], path: Path) -> ReadT | BadFile:
    try:
        return read(path)
    except BadFile as error:
        return error


def _first_of(items: Iterable[ItemT]) -> dict[str, ItemT]:
    """By id; the first of each id stands."""
    found: dict[str, ItemT] = {}
    for item in items:
        found.setdefault(item.id, item)
    return found


def _first_place(places: Iterable[tuple[Path, str]]) -> dict[str, Path]:
    first: dict[str, Path] = {}
    for path, id in places:
        first.setdefault(id, path)
    return first
