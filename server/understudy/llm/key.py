"""A model's key: read from the environment by name when the model is opened, missed only when it is first called."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.domain.model_role import ModelRole
from understudy.llm.failure import Failures
from understudy.wire.masking import Secrets

__all__ = ["Key"]


class Key:
    """The key of one model and what to say when there is none."""

    def __init__(self, settings: ModelRole, env: Mapping[str, str]) -> None:
        self._name = settings.key_name
        self._value = env.get(self._name, "").strip() if self._name else ""
        self.secrets = Secrets((self._name,) if self._name else (), env)

    def header(self, name: str, scheme: str = "") -> dict[str, str]:
        """The header that carries it; none when there is no usable key."""
        return {name: scheme + self._value} if self._value and self._value.isprintable() else {}

    def check(self, failures: Failures) -> None:
        """Raises ModelError (not_configured) that names the variable."""
        if self._name is None:
            return
        if not self._value:
            raise failures.say("not_configured", f"The environment variable `{self._name}` is not set. Set it where Understudy runs.")
        if not self._value.isprintable():
            raise failures.say("not_configured", f"The environment variable `{self._name}` holds a line break and cannot go into a header.")
