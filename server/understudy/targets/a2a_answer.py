"""What an A2A agent's messages, tasks and stream events mean: the state of its task, its words, its data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from a2a.types import Artifact, Message, Part, StreamResponse, Task, TaskState, TaskStatus
from google.protobuf.json_format import MessageToDict

from understudy.domain.value import JsonObject
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_TEXT, at_most
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import TooDeep, is_list, is_object, tame

__all__ = ["Answer"]

_UNFINISHED = (TaskState.TASK_STATE_SUBMITTED, TaskState.TASK_STATE_WORKING)


class Answer:
    """The answer so far, put together from whatever the agent sends: a message, a task, or updates of a task."""

    def __init__(self, where: str, secrets: Secrets) -> None:
        self._where, self._secrets = where, secrets
        self._message: Message | None = None
        self._artifacts: dict[str, list[Part]] = {}
        self._status: TaskStatus | None = None
        self._size = 0
        self.context_id = self.task_id = ""

    def add(self, event: StreamResponse) -> None:
        """Take in one event. Raises CallFailed (wrong_shape) when the text grows out of all measure."""
        if event.HasField("message"):
            self._message = event.message
            self._of(event.message.context_id, event.message.task_id)
        elif event.HasField("task"):
            self.take(event.task)
        elif event.HasField("status_update"):
            self._status = event.status_update.status
            self._of(event.status_update.context_id, event.status_update.task_id)
        elif event.HasField("artifact_update"):
            self._of(event.artifact_update.context_id, event.artifact_update.task_id)
            self._add_artifact(event.artifact_update.artifact, append=event.artifact_update.append)

    def take(self, task: Task) -> None:
        """The task as it is now, in place of all that was known of it."""
        self._of(task.context_id, task.id)
        self._status, self._artifacts = task.status, {}
        for artifact in task.artifacts:
            self._add_artifact(artifact, append=False)

    @property
    def begun(self) -> bool:
        """Whether anything has come."""
        return self._message is not None or self._status is not None or bool(self._artifacts)

    @property
    def unfinished(self) -> bool:
        """Whether the agent is still at work on its task."""
        return self._message is None and (self._status is None or self._status.state in _UNFINISHED)

    @property
    def waits_for_input(self) -> bool:
        """Whether the next message belongs to the same task."""
        return self._message is None and self._status is not None and self._status.state == TaskState.TASK_STATE_INPUT_REQUIRED

    def words(self) -> str:
        """What it says to the user. Raises CallFailed for a task that failed, was called off or needs more than words."""
        if self._message is not None:
            return self._clean(_text(self._message.parts))
        said = self._clean(_text(self._status.message.parts)) if self._status else ""
        if self.waits_for_input and said.strip():
            return said
        made = self._clean("\n".join(filter(None, (_text(parts) for parts in self._artifacts.values()))))
        self._check_state(said)
        # Many agents put the same words into the artifact and into the closing status.
        return "\n\n".join(text for text in (made, "" if said.strip() in made else said) if text.strip())

    def data(self) -> JsonObject:
        """The data parts of the answer, one object; what came later counts. Raises CallFailed when it is too deep."""
        lists = [self._message.parts] if self._message else [*self._artifacts.values(), self._status.message.parts if self._status else ()]
        found: JsonObject = {}
        for part in (part for parts in lists for part in parts):
            value: Any = MessageToDict(part.data) if part.HasField("data") else None
            if is_object(value):
                found.update(value)
        try:
            data: JsonObject = self._secrets.mask_json(tame(_whole_numbers(found)))
        except TooDeep as error:
            raise CallFailed("wrong_shape", f"{self._where} answered {error}.") from None
        return data

    def _check_state(self, said: str) -> None:
        state = self._status.state if self._status else TaskState.TASK_STATE_UNSPECIFIED
        quoted = f" It said: {excerpt(said)!r}." if said.strip() else ""
        if state == TaskState.TASK_STATE_FAILED:
            raise CallFailed("crashed", f"{self._where} reported that its task failed.{quoted}")
        if state == TaskState.TASK_STATE_CANCELED:
            raise CallFailed("crashed", f"{self._where} called its task off.{quoted}")
        if state == TaskState.TASK_STATE_AUTH_REQUIRED:
            detail = f"{self._where} wants more authentication before it goes on.{quoted} Check `key_env` and `headers_env`."
            raise CallFailed("not_configured", detail)
        if state == TaskState.TASK_STATE_REJECTED and not said.strip():
            raise CallFailed("crashed", f"{self._where} rejected its task without a word.")
        if state == TaskState.TASK_STATE_UNSPECIFIED:
            raise CallFailed("wrong_shape", f"{self._where} answered with a task in no state that the protocol knows.")

    def _of(self, context_id: str, task_id: str) -> None:
        self.context_id, self.task_id = context_id or self.context_id, task_id or self.task_id

    def _add_artifact(self, artifact: Artifact, *, append: bool) -> None:
        self._size += sum(len(part.text) for part in artifact.parts)
        at_most(4 * MAX_TEXT, self._size, self._where, "the text of all updates so far")
        if append:
            self._artifacts.setdefault(artifact.artifact_id, []).extend(artifact.parts)
        else:
            self._artifacts[artifact.artifact_id] = list(artifact.parts)

    def _clean(self, text: str) -> str:
        return self._secrets.mask(tame(text))


def _text(parts: Iterable[Part]) -> str:
    return "".join(part.text for part in parts)


def _whole_numbers(value: Any) -> Any:
    """Numbers are floating in this protocol's data; a 3 that an agent sent arrives as 3.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if is_list(value):
        return [_whole_numbers(item) for item in value]
    if is_object(value):
        return {key: _whole_numbers(item) for key, item in value.items()}
    return value
