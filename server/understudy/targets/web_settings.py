"""Settings of agents behind a web address: the Anthropic wire, any JSON over HTTP, and WebSocket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from understudy.domain.value import Json, Value
from understudy.targets.base_settings import DottedPath, HeaderName, HeadersTarget, WebAddress, shown
from understudy.targets.chat_settings import ChatTargetSettings
from understudy.targets.template import check, names_in

__all__ = ["PLACEHOLDERS", "AnswerTarget", "AnthropicTarget", "HttpTarget", "OpenCall", "WebSocketTarget"]

PLACEHOLDERS = ("message", "messages", "history_text", "session", "run_id", "turn")
"""What a request may be filled with."""
HISTORY = frozenset({"messages", "history_text"})
Retries = Annotated[int, Field(ge=0, le=10)]
HeaderText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[ -~]+$")]


def _web_socket_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise ValueError("must be a WebSocket address such as ws://localhost:8000/chat")
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password; name a variable in `headers_env` instead")
    return url


def _filled_after_the_host(url: str) -> str:
    parts = urlsplit(url)
    if "{{" in parts.netloc or "{{" in parts.query:
        raise ValueError("may hold placeholders in its path only; for the query string there is `query`")
    check(parts.path, PLACEHOLDERS)
    return url


def _filled(structure: Any) -> Any:
    check(structure, PLACEHOLDERS)
    return structure


WebSocketAddress = Annotated[str, AfterValidator(_web_socket_address)]
FilledAddress = Annotated[WebAddress, AfterValidator(_filled_after_the_host)]
Template = Annotated[Json, AfterValidator(_filled)]
"""A JSON structure with `{{ message }}` and the like in its strings."""


class AnthropicTarget(ChatTargetSettings):
    """An agent that speaks the wire of Anthropic's Messages API."""

    reserved: ClassVar = frozenset({"messages", "model", "stream", "max_tokens", "system"})

    kind: Literal["anthropic"] = "anthropic"
    version: HeaderText = "2023-06-01"
    """Sent as `anthropic-version`."""
    max_tokens: int = Field(default=4096, ge=1, le=200_000)
    """The wire demands a limit. An answer that is cut off by it is a failure, because the limit is ours."""
    opening_prompt: str = Field(default="(The user has just connected and says nothing yet. Greet them.)", min_length=1)
    """The wire wants a user's message first; where the agent opens, this stands in for it, in every call of the conversation."""

    def _path(self, parts: SplitResult) -> str:
        path = parts.path.rstrip("/")
        if path.endswith("/messages"):
            return path
        return path + ("/messages" if path.endswith("/v1") else "/v1/messages")

    def headers_from(self, env: Mapping[str, str]) -> dict[str, str]:
        """Names and values to send; the key as `x-api-key`."""
        sent = self.evolve(key_env=None)
        headers = {"anthropic-version": self.version, **super(AnthropicTarget, sent).headers_from(env)}
        return {**headers, "x-api-key": env.get(self.key_env, "").strip()} if self.key_env else headers


class AnswerTarget(HeadersTarget):
    """What JSON over HTTP and over WebSocket share: what is sent, and where in the answer things are."""

    history: Literal["full", "last"] | None = None
    """Whether each call carries the whole conversation, or only what is new because the agent keeps the rest. Default: `full`
    when what is sent holds `{{ messages }}` or `{{ history_text }}`."""
    roles: dict[Literal["user", "agent"], str] = {"user": "user", "agent": "assistant"}
    """What the two are called in `{{ messages }}`."""
    message_form: dict[str, Literal["role", "content"]] = {"role": "role", "content": "content"}
    """The fields of one of `{{ messages }}`: `{sender: role, text: content}`."""
    reply_path: DottedPath | None = None
    """Where in the answer its text is; `*` stands for every item of a list. None: the whole answer is the text."""
    delta_path: DottedPath | None = None
    """Where in each piece of a streamed answer the next words are."""
    done_path: DottedPath | None = None
    """A place that shows, in the last piece of a streamed answer, that it is the last: it is there and true, or `done_equals`."""
    done_equals: str | int | bool | None = None
    tool_calls_path: DottedPath | None = None
    state_path: DottedPath | None = None
    session_path: DottedPath | None = None
    """Where the agent gives the session that it wants back with the next call."""
    closed_path: DottedPath | None = None
    """A place that is there and true when the agent has ended the conversation."""

    @field_validator("roles")
    @classmethod
    def _names_both(cls, roles: dict[str, str]) -> dict[str, str]:
        if set(roles) != {"user", "agent"}:
            raise ValueError("must name both `user` and `agent`")
        return roles

    @field_validator("message_form")
    @classmethod
    def _has_both(cls, form: dict[str, str]) -> dict[str, str]:
        if sorted(form.values()) != ["content", "role"]:
            raise ValueError("must say which field is the `role` and which is the `content`")
        return form

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = self.placeholders
        if not names & {"message", *HISTORY}:
            raise ValueError(f"`{self._sent}` must hold `{{{{ message }}}}`, `{{{{ messages }}}}` or `{{{{ history_text }}}}`")
        if self.history == "full" and not names & HISTORY:
            raise ValueError(f"`history: full` needs `{{{{ messages }}}}` or `{{{{ history_text }}}}` in `{self._sent}`")
        if self.done_equals is not None and self.done_path is None:
            raise ValueError("`done_equals` needs `done_path`")
        return self

    @property
    def _sent(self) -> str:
        return "body"

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders in what is sent each turn."""
        return frozenset()

    @property
    def sends_all(self) -> bool:
        """Whether each call carries the whole conversation."""
        return self.history == "full" if self.history else bool(self.placeholders & HISTORY)

    @property
    def needs_session(self) -> bool:
        """The agent keeps the history, and under a name of its own: one by `{{ run_id }}` is found again after a restart."""
        return not self.sends_all and "run_id" not in self.placeholders

    @property
    def env_names(self) -> tuple[str, ...]:
        return self.header_env_names


class OpenCall(Value):
    """The call that begins a conversation, before the first message."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: FilledAddress
    method: Literal["GET", "POST", "PUT"] = "POST"
    body: Template = None
    session_path: DottedPath | None = None
    """Where the session is; None where `session_header` or `session_cookie` of the target brings it."""
    reply_path: DottedPath | None = None
    """Where the agent's opening is, when it comes with this call."""


class HttpTarget(AnswerTarget):
    """An agent that takes any JSON over HTTP."""

    kind: Literal["http"] = "http"
    url: FilledAddress
    method: Literal["GET", "POST", "PUT", "PATCH"] = "POST"
    body: Template = None
    """What is sent: a JSON structure, or a text."""
    query: dict[str, Template] = {}
    """More for the query string; a value that is empty is left out."""
    stream: Literal["sse", "ndjson"] | None = None
    """How a streamed answer comes: server-sent events, or a JSON object a line."""
    done_marker: str | None = None
    """The data of the event or line that ends a stream. Whether set or not, `[DONE]` ends one."""
    session_header: HeaderName | None = None
    """The header in which the agent gives its session, and gets it back."""
    session_cookie: HeaderName | None = None
    """The cookie in which the agent gives its session, and gets it back."""
    open: OpenCall | None = None
    retries: Retries = 1

    @field_validator("headers")
    @classmethod
    def _filled_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        return _filled(headers)  # type: ignore[no-any-return]  # the same mapping

    @model_validator(mode="after")
    def _says_how_it_streams(self) -> HttpTarget:
        if self.stream is None and (self.delta_path or self.done_path or self.done_marker):
            raise ValueError("`delta_path`, `done_path` and `done_marker` need `stream: sse` or `stream: ndjson`")
        if self.stream == "ndjson" and not (self.delta_path or self.reply_path):
            raise ValueError("`stream: ndjson` needs `delta_path` or `reply_path`")
        return self

    @property
    def _sent(self) -> str:
        return "body" if self.method != "GET" else "query"

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(names_in([self.body, self.query, urlsplit(self.url).path, self.headers]))

    @property
    def address(self) -> str:
        return shown(self.url)


class WebSocketTarget(AnswerTarget):
    """An agent behind a WebSocket, with one connection for a conversation."""

    kind: Literal["websocket"] = "websocket"
    url: WebSocketAddress
    subprotocols: tuple[HeaderName, ...] = ()
    on_open: Template = None
    """A frame that is sent when a connection is new: `{type: hello, session: "{{ session }}"}`."""
    send: Template
    """The frame of one turn: a JSON structure, or a text."""
    type_path: DottedPath | None = None
    """Where a frame says what it is."""
    reply_types: tuple[str, ...] = ()
    """The types of frames that hold words for the user; words in others are passed over."""
    quiet_s: float | None = Field(default=None, gt=0, le=60)
    """The answer is over when nothing has come for so many seconds after its first words."""
    idle_s: float = Field(default=120, gt=0)
    """A connection that nobody has spoken over for so many seconds is closed; a later call makes a new one."""

    @model_validator(mode="after")
    def _knows_the_end(self) -> WebSocketTarget:
        if self.delta_path and not (self.done_path or self.quiet_s):
            raise ValueError("`delta_path` needs `done_path` or `quiet_s`: when is the answer over?")
        if bool(self.type_path) != bool(self.reply_types):
            raise ValueError("`type_path` and `reply_types` go together")
        return self

    @property
    def _sent(self) -> str:
        return "send"

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(names_in([self.send, self.on_open]))

    @property
    def address(self) -> str:
        return shown(self.url)
