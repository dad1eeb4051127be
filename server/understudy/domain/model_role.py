"""Which model plays a role, as settings say it. Its key is the name of an environment variable, never a secret."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, field_validator, model_validator

from understudy.domain.model_call import OutputForm
from understudy.domain.model_price import ModelPrice
from understudy.domain.value import EnvName, Name, Value

__all__ = ["ModelRole"]

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
