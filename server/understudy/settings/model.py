"""What `understudy.yaml` may say, as frozen values. Keys of models and targets are names of environment variables, never secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, field_validator, model_validator

from understudy.domain.model_price import ModelPrice
from understudy.domain.scenario import CALLER, Limits
from understudy.domain.value import Name, Slug, Value
from understudy.ports import OutputForm
from understudy.targets.settings import EnvName, TargetSettings

__all__ = ["Defaults", "ModelRole", "Models", "Settings", "SettingsBody"]

_LIMITS = Limits()
_ADDRESSES = {"anthropic": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}
_KEY_NAMES = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}


class ModelRole(Value):
    """The model that plays one role."""

    provider: Literal["anthropic", "openai", "openai_compatible"]
    model: Name
    key_env: EnvName | None = None
    """The variable that holds the key; None takes the provider's usual one, and none for `openai_compatible`."""
    base_url: str | None = None
    """The address of an `openai_compatible` endpoint: `http://localhost:11434/v1`; for the others a proxy, if there is one."""
    family: Name | None = None
    """The model's family (`claude`, `gpt`, `llama`), where its name does not tell."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """None leaves it to the provider; models that take none are not sent one."""
    reasoning_tokens: int | None = Field(default=None, ge=0, le=64_000)
    """Room for reasoning beside the answer; None goes by the model's name."""
    timeout_s: float = Field(default=60, gt=0, le=900)
    """Seconds for one attempt."""
    retries: int = Field(default=4, ge=0, le=20)
    """How often a call that met 429, 5xx, 529, a broken connection or a timeout is made again."""
    concurrency: int = Field(default=32, ge=1, le=10_000)
    """The most calls at once; the limiter goes below it by itself when the provider asks to slow down."""
    requests_per_minute: int | None = Field(default=None, ge=1)
    price: ModelPrice | None = None
    """USD per million tokens, in place of the price table's; models that the table does not know are unpriced without it."""
    outputs: tuple[OutputForm, ...] = ()
    """The forms to try, strictest first; empty goes by the provider: schema, json, text."""
    allow_same_family: bool = False
    """For the judge: let it be of the family of the user's model or of the target. Recorded with every verdict."""

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is None:
            return url
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be a web address such as http://localhost:11434/v1")
        if parts.username or parts.password:
            raise ValueError("must not hold a user name or password; name the key's variable in `key_env` instead")
        return url

    @model_validator(mode="after")
    def _has_an_address(self) -> ModelRole:
        if self.provider == "openai_compatible" and self.base_url is None:
            raise ValueError("`openai_compatible` needs a `base_url`, such as http://localhost:11434/v1")
        return self

    @property
    def key_name(self) -> str | None:
        """The variable that holds the key; None when none is sent."""
        return self.key_env or _KEY_NAMES.get(self.provider)

    @property
    def address(self) -> str:
        """What is called, without the path of the single call and without a query string."""
        parts = urlsplit(self.base_url or _ADDRESSES[self.provider])
        return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


class Models(Value):
    """Which model plays the user, judges, and writes queries. Without one, the offline player and the checks do the work."""

    user: ModelRole | None = None
    """A small, fast one: the strongest model is not the best user."""
    judge: ModelRole | None = None
    generator: ModelRole | None = None
    replay: bool = False
    """Answer every call from the recordings in the store, and call nothing."""


class Defaults(Value):
    """What a run takes when it does not say."""

    target: str | None = None
    """A name under `targets`; None takes the only one there is."""
    player: Literal["rules", "script", "model"] = "rules"
    max_turns: int = Field(default=_LIMITS.max_turns, ge=1, le=200)
    """User turns."""
    max_seconds: float = Field(default=_LIMITS.max_seconds, gt=0)
    seed: int = 0
    rubric: Slug = "service"
    reruns: int = Field(default=2, ge=0, le=10)
    """How often a run is played again, with another seed, when the model that played the user failed or misbehaved."""
    judge: Literal["auto", "checks", "model"] = "auto"
    """Who judges a run at its end. auto: `models.judge` where there is one and the rubric has criteria that need one."""


class SettingsBody(Value):
    """The keys of the file."""

    targets: dict[Slug, TargetSettings] = {}
    models: Models = Models()
    company: Path | None = None
    """The company's context in Markdown."""
    topics: Path | None = None
    """A topic file, or a folder of them."""
    personas: tuple[Path, ...] = ()
    """Pack files, or folders of them, beside the built-in library."""
    rubrics: tuple[Path, ...] = ()
    """Rubric files, or folders of them."""
    defaults: Defaults = Defaults()
    store: Path | None = None
    """The folder of the store; None puts it beside the file."""

    @field_validator("targets")
    @classmethod
    def _leaves_the_caller_alone(cls, targets: dict[str, TargetSettings]) -> dict[str, TargetSettings]:
        if CALLER in targets:
            raise ValueError(f"the name `{CALLER}` is taken by whoever calls continue_conversation; give the target another one")
        return targets


class Settings(SettingsBody):
    """The file's content with every path made absolute, and where it came from."""

    file: Path | None = None
    """None: there is no file, and everything is as it comes."""
