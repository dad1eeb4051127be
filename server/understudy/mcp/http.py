"""Serve over streamable HTTP: loopback by default, Host and Origin checked, a token for everything else."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import os
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from understudy import __version__
from understudy.domain.errors import BadInput, NotAllowed
from understudy.mcp.server import Understudy

__all__ = ["BearerToken", "http_app", "is_loopback", "serve_http"]

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Asgi = Callable[[Any, Receive, Send], Awaitable[None]]

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::\d{1,5})?")
_ORIGIN = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::\d{1,5})?")
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


def is_loopback(host: str) -> bool:
    """Whether `host` is an address or name of this machine's loopback interface."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class BearerToken:
    """ASGI middleware that refuses requests without the token; /healthz is free."""

    def __init__(self, app: Asgi, token: str) -> None:
        self.app, self.token = app, token.encode()

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/healthz" and not self._allowed(scope):
            body = {
                "error": "unauthorized",
                "message": "Send `Authorization: Bearer <token>` with the token that the server was started with.",
            }
            await JSONResponse(body, status_code=401, headers={"WWW-Authenticate": "Bearer"})(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _allowed(self, scope: Any) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        kind, _, token = given.partition(b" ")
        return kind.lower() == b"bearer" and hmac.compare_digest(token.strip(), self.token)


class KnownCallers:
    """ASGI middleware that refuses other Hosts and Origins, and bodies that a web page could post without being asked.

    The SDK's own check goes by beginnings (`localhost:1@evil.example` passes) and takes any content type; this one parses.
    """

    def __init__(self, app: Asgi, names: Sequence[str]) -> None:
        self.app, self.names = app, frozenset(name.lower() for name in names)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        problem = self._problem(scope) if scope["type"] == "http" and scope["path"] != "/healthz" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            status, message = problem
            await JSONResponse({"error": "refused", "message": message}, status_code=status)(scope, receive, send)

    def _problem(self, scope: Any) -> tuple[int, str] | None:
        headers = {key: value.decode("latin-1") for key, value in scope["headers"]}
        host = _HOST.fullmatch(headers.get(b"host", ""))
        if host is None or host[1].lower() not in self.names:
            return 421, "This server does not answer to that Host; `--allowed-host` adds one."
        origin = headers.get(b"origin")
        page = _ORIGIN.fullmatch(origin) if origin is not None else None
        if origin is not None and (page is None or page[1].lower() not in self.names):
            return 403, "Pages of that Origin may not use this server; `--allowed-host` adds one."
        kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
        if scope["method"] == "POST" and kind != "application/json":
            return 415, "Send the body as application/json."
        return None


def http_app(server: Understudy, *, host: str, token: str | None, allowed_hosts: Sequence[str] = ()) -> Asgi:
    """The ASGI application. Raises NotAllowed for an interface beyond loopback without a token."""
    if not is_loopback(host) and not token:
        raise NotAllowed(
            f"Serving on {host} would let others on the network use this machine's targets. Set a token in an environment variable "
            "and name it: --token-env UNDERSTUDY_TOKEN; or serve on 127.0.0.1."
        )
    names = [*LOOPBACK, *([_bracketed(host)] if host not in ("0.0.0.0", "::") else []), *allowed_hosts]  # noqa: S104 - compared, not bound
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[entry for name in names for entry in (name, f"{name}:*")],
        allowed_origins=[f"{scheme}://{name}{port}" for name in names for scheme in ("http", "https") for port in ("", ":*")],
    )

    @server.custom_route("/healthz", methods=["GET"])  # type: ignore[untyped-decorator]  # the SDK leaves it untyped
    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"ok": True, "name": "understudy", "version": __version__})

    app: Starlette = server.streamable_http_app(host=host, transport_security=security)
    known = KnownCallers(app, names)
    return BearerToken(known, token) if token else known


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that clients can be told the real port (0 takes a free one). Raises BadInput."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        code = error.errno or 0
        reason = os.strerror(code) if code > 0 else error.strerror  # names that are not found have negative codes of their own
        raise BadInput("--host/--port", f"{host}:{port} cannot be used: {reason}", "Choose another, or --port 0 for a free one") from error


def url_of(listening: socket.socket, host: str) -> str:
    """Where clients find the server that listens there."""
    return f"http://{_bracketed(host)}:{listening.getsockname()[1]}/mcp"


def _bracketed(host: str) -> str:
    """As it stands in a URL or a Host header."""
    return f"[{host}]" if ":" in host else host


async def serve_http(
    server: Understudy,
    *,
    host: str,
    port: int,
    token: str | None,
    allowed_hosts: Sequence[str],
    on_bound: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT; `on_bound` gets the URL once connections are accepted. Logs go to stderr.

    Raises NotAllowed and BadInput before anything is bound.
    """
    import uvicorn

    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    app = http_app(server, host=host, token=token, allowed_hosts=allowed_hosts)
    with listen(host, port) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3)
        on_bound(url_of(listening, host))
        await uvicorn.Server(config).serve(sockets=[listening])
