"""What both official SDKs have in common: raw answers, and connection errors that hide what happened as their cause."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import httpx2

from understudy.domain.value import JsonObject
from understudy.llm.http import Raw, TooLong

__all__ = ["NO_KEY", "Create", "sent_through"]

NO_KEY = "sent-by-the-transport"
"""An SDK asks for a key; the real one is added behind it, so that none of its logs and errors can hold it."""
# At DEBUG the SDKs print the headers of answers, in which a provider may repeat the key that our transport added.
for _name in ("anthropic", "openai"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Create = Callable[..., Awaitable[Any]]
"""An SDK's method in its raw form: the answer comes with `http_response`."""


async def sent_through(create: Create, body: JsonObject, **required: Any) -> Raw:
    """The answer that an SDK's call with this body got, whatever its status. Raises what the transport under it raised.

    The body is JSON already, so it goes in as `extra_body`, which takes the place of the arguments: walking through the messages to
    convert what needs no conversion was two thirds of the OpenAI SDK's time. `required` are arguments that the method insists on.
    """
    try:
        answered = await create(model=body["model"], messages=(), extra_body=body, **required)
    except Exception as error:
        response = getattr(error, "response", None)
        if isinstance(response, httpx2.Response):
            return _raw(response)
        # An APIConnectionError or APITimeoutError: its cause is the aiohttp error, which tells more.
        raise _cause(error) from None
    return _raw(answered.http_response)


def _cause(error: BaseException) -> BaseException:
    found: BaseException | None = error
    while found is not None and not isinstance(found, (aiohttp.ClientError, OSError, TooLong)):
        found = found.__cause__
    return found or error


def _raw(response: httpx2.Response) -> Raw:
    return Raw(response.status_code, response.headers, (), response.content)
