"""Every error of ours, on one page. Each is built from facts, says what to do next, and knows whose fault it is.

UnderstudyError
├── CallerError            the caller can mend it (a tool error with the field and the fix; exit code 2)
│   ├── NotFound           no such persona, goal, run ...; names the nearest
│   ├── BadInput           a value does not fit; names field, value and fix
│   ├── BadFile            a file does not load; names file, line and field
│   ├── NotAllowed         not from here
│   ├── Busy               not now: too much is under way
│   └── Conflict           it exists already, or it changed underneath
├── TargetError            the target gave no answer (a value in the transcript; exit code 4 where nothing else was asked)
├── ModelError             a model of ours (user, judge, generator) gave no answer: never the agent's fault (exit code 6)
└── StoreError             the store could not be read or written (exit code 5)
    ├── StoreBusy  StoreReadOnly  StoreFull  StoreCorrupt  StoreTooNew
    └── Fenced             another worker has taken this conversation over
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from understudy.domain.conversation import TargetFailure
from understudy.domain.model_call import ModelFault

__all__ = [
    "BadFile",
    "BadInput",
    "Busy",
    "CallerError",
    "Conflict",
    "Fenced",
    "ModelError",
    "NotAllowed",
    "NotFound",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreFull",
    "StoreReadOnly",
    "StoreTooNew",
    "TargetError",
    "UnderstudyError",
    "nearest",
]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was probably meant to be, or None."""
    hits = difflib.get_close_matches(word[:200], list(known), 1)
    return hits[0] if hits else None


class UnderstudyError(Exception):
    """The root."""

    code = "error"


class CallerError(UnderstudyError):
    """Something that the caller can mend."""

    code = "bad_request"


class NotFound(CallerError):
    """There is no such thing; the message names the nearest and how to list them."""

    code = "not_found"

    def __init__(self, kind: str, id: str, known: Iterable[str] = (), *, hint: str = "", newest: Iterable[str] = ()) -> None:
        """`known` are names, of which the nearest is suggested; `newest` are ids without meaning, which are only listed."""
        self.kind, self.id = kind, id
        known = list(known)
        near = nearest(id, known)
        text = f"No {kind} `{id[:80]}`."
        if near:
            text += f" Did you mean `{near}`?"
        elif known:
            text += f" Known: {', '.join(known[:8])}{' ...' if len(known) > 8 else ''}."
        if newest := list(newest):
            text += f" The newest: {', '.join(newest[:5])}."
        super().__init__(f"{text} {hint}".strip())


class BadInput(CallerError):
    """A value does not fit."""

    code = "bad_input"

    def __init__(self, field: str, problem: str, fix: str = "") -> None:
        self.field = field
        super().__init__(f"`{field}`: {problem}{'. ' + fix if fix else ''}")


class BadFile(CallerError):
    """A file does not load."""

    code = "bad_file"

    def __init__(self, path: str, line: int | None, field: str | None, problem: str, fix: str = "") -> None:
        self.path, self.line, self.field, self.problem, self.fix = path, line, field, problem, fix
        where = path + (f":{line}" if line else "")
        super().__init__(f"{where}: {f'`{field}`: ' if field else ''}{problem}{'. ' + fix if fix else ''}")


class NotAllowed(CallerError):
    """This caller may not do this from here."""

    code = "not_allowed"


class Busy(CallerError):
    """Not now: too much is under way already."""

    code = "busy"


class Conflict(CallerError):
    """It exists already, or it changed underneath."""

    code = "conflict"


class TargetError(UnderstudyError):
    """The target gave no answer; `failure` says what was tried."""

    code = "target_failed"

    def __init__(self, failure: TargetFailure) -> None:
        self.failure = failure
        super().__init__(f"[{failure.kind}] {failure.detail}")


class ModelError(UnderstudyError):
    """A model of ours gave no answer: the simulator's or the judge's trouble, never the agent's."""

    code = "model_failed"

    def __init__(self, kind: ModelFault, model: str, detail: str, *, retry_after: float | None = None, attempts: int = 1) -> None:
        """`model` is `provider:model`; `detail` one sentence that names the address and what to do; `retry_after` seconds asked for."""
        self.kind: ModelFault = kind
        self.model, self.detail, self.retry_after, self.attempts = model, detail, retry_after, attempts
        super().__init__(f"[{kind}] {model}: {detail}")


class StoreError(UnderstudyError):
    """The store could not be read or written; nothing that was acknowledged is lost."""

    code = "store"

    def __init__(self, path: str, problem: str, fix: str = "") -> None:
        self.path = path
        super().__init__(f"{path}: {problem}{'. ' + fix if fix else ''}")


class StoreBusy(StoreError):
    code = "store_busy"


class StoreReadOnly(StoreError):
    code = "store_read_only"


class StoreFull(StoreError):
    code = "store_full"


class StoreCorrupt(StoreError):
    code = "store_corrupt"


class StoreTooNew(StoreError):
    """Written by a newer version."""

    code = "store_too_new"


class Fenced(StoreError):
    """Another worker holds this conversation now; whoever gets this must stop writing to it."""

    code = "fenced"
