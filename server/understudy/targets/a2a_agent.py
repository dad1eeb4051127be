"""Target: an agent that speaks the Agent2Agent protocol, with the official SDK, which is an extra of the installation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from understudy.domain.conversation import Reply
from understudy.ports import TargetRequest
from understudy.targets.a2a_settings import A2ATarget
from understudy.targets.allow import AllowList
from understudy.targets.answer import hands_off, state_from, tool_calls_from
from understudy.targets.environment import unready
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_SESSION, MAX_TEXT, at_most
from understudy.targets.retry import timed_reply
from understudy.wire.content import at_path
from understudy.wire.masking import Secrets

if TYPE_CHECKING:
    from understudy.targets.a2a_answer import Answer
    from understudy.targets.a2a_client import A2AClient

__all__ = ["A2AAgent"]

_INSTALL = "`kind: a2a` needs the A2A SDK, which is not installed: pip install 'understudy[a2a]'"


class A2AAgent:
    """The adapter of `kind: a2a`. The agent keeps the history; its context, and the task that waits for the user, are the session."""

    kind = "a2a"
    needs_session = True

    def __init__(
        self,
        name: str,
        settings: A2ATarget,
        *,
        env: Mapping[str, str],
        allow: AllowList | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self._settings, self._allow, self._sleep = settings, allow, sleep
        self._unready = unready(settings.env_names, env, in_headers=True)
        self._headers = settings.headers_from(env)
        self._secrets = Secrets(settings.env_names, env)
        self._client: A2AClient | None = None

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling closes the request."""
        if self._unready is not None:
            raise self._unready.as_error()
        return await timed_reply(lambda: self._once(request), retries=self._settings.retries, sleep=self._sleep)

    def forget(self, run_id: str) -> None:
        """Nothing is kept per conversation."""

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _once(self, request: TargetRequest) -> Reply:
        context_id, _, task_id = (request.session or "").partition(" ")
        text = request.turns[-1].text if request.turns else ""
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                answer = await self._opened().say(text, context_id=context_id, task_id=task_id)
            return self._understand(answer)
        except TimeoutError:
            late = f"{self._settings.address} did not answer within {self._settings.timeout_s:g} s."
            raise CallFailed("timeout", late) from None
        except CallFailed as error:
            raise error.masked(self._secrets) from None

    def _opened(self) -> A2AClient:
        if self._client is None:
            try:
                from understudy.targets.a2a_client import A2AClient
            except ModuleNotFoundError as error:
                if (error.name or "").partition(".")[0] not in ("a2a", "google", "httpx"):
                    raise
                raise CallFailed("not_configured", _INSTALL) from None
            self._client = A2AClient(self._settings, headers=self._headers, secrets=self._secrets, allow=self._allow)
        return self._client

    def _understand(self, answer: Answer) -> Reply:
        settings, where = self._settings, self._settings.address
        text, data = answer.words(), answer.data()
        at_most(MAX_TEXT, len(text), where, "the text")
        session = " ".join(filter(None, (answer.context_id, answer.task_id if answer.waits_for_input else "")))
        at_most(MAX_SESSION, len(session), where, "context id and task id")
        calls = tool_calls_from(at_path(data, settings.tool_calls_path), where) if settings.tool_calls_path else ()
        state = state_from(at_path(data, settings.state_path), f"{where}, `{settings.state_path}`") if settings.state_path else None
        reply = Reply(
            text=text,
            tool_calls=calls,
            state=state,
            session=session or None,
            handed_off=hands_off(settings.handoff, text, calls, data),
        )
        # Once more: arguments that came in a string are whole only now.
        return self._secrets.mask_reply(reply)
