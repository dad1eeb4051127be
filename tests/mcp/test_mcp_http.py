"""The server over HTTP as people start it: a process on a free loopback port, with hosts, origins, tokens and signals."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_kit import call

LIMIT_S = 60.0
TOKEN = "correct-horse"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - given to the server, which is to refuse it or to ask for the token


@dataclass(frozen=True)
class Served:
    process: subprocess.Popen[str]
    line: str

    @property
    def url(self) -> str:
        found = re.search(r"http://\S+/mcp", self.line)
        assert found is not None, self.line
        return found[0]


def command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "understudy", "--store", str(folder / "store"), "serve", "--http", *options]


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), **more}


@contextmanager
def served(folder: Path, *options: str, **env: str) -> Iterator[Served]:
    """A server on a free port, from when it says where it is; killed at the end if it still runs."""
    process = subprocess.Popen(
        command(folder, "--port", "0", *options),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment(folder, **env),
    )  # fmt: skip
    watchdog = threading.Timer(LIMIT_S, process.kill)
    watchdog.start()
    try:
        assert process.stderr is not None
        yield Served(process, process.stderr.readline())
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def refusal(folder: Path, *options: str, **env: str) -> tuple[int, str]:
    """Exit code and stderr of a server that does not start."""
    done = subprocess.run(
        command(folder, *options), capture_output=True, text=True, timeout=LIMIT_S, cwd=folder, env=environment(folder, **env), check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def status(url: str, *, body: object = None, **headers: str) -> int:
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    request = urllib.request.Request(url, data=data, headers={**kinds, **named})  # noqa: S310 - a server of this test
    try:
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:  # noqa: S310
            code: int = answer.status
            return code
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def hello(version: str = "2025-11-25") -> dict[str, object]:
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("open")) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("guarded"), "--token-env", "MY_TOKEN", MY_TOKEN=TOKEN) as running:
        yield running


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_clients_of_both_protocol_eras_connect_and_list_personas(server: Served, mode: str, version: str) -> None:
    async with Client(server.url, mode=mode) as client:
        assert client.protocol_version == version
        page = await call(client, "list_personas", limit=3)
    assert len(page["personas"]) == 3


def test_requests_for_another_host_are_misdirected(server: Served) -> None:
    assert status(server.url, body=hello(), Host="evil.example") == 421
    assert status(server.url, body=hello(), Host="localhost") == 200


def test_requests_from_the_page_of_another_origin_are_forbidden(server: Served) -> None:
    assert status(server.url, body=hello(), Origin="http://evil.example") == 403
    assert status(server.url, body=hello(), Origin="http://localhost:3000") == 200


@pytest.mark.parametrize("host", ["localhost:18805@evil.example", "localhost:evil.example", "localhost.evil.example", "127.0.0.1:1:2"])
def test_a_host_that_only_begins_like_ours_is_another_host(server: Served, host: str) -> None:
    assert status(server.url, body=hello(), Host=host) == 421
    assert status(server.url, body=hello(), Origin=f"http://{host}") == 403


def test_a_body_that_a_page_could_post_without_being_asked_is_refused(server: Served) -> None:
    assert status(server.url, body=hello(), Content_Type="text/plain") == 415


def test_a_further_host_can_be_allowed_by_name(tmp_path: Path) -> None:
    with served(tmp_path, "--allowed-host", "agents.example") as running:
        assert status(running.url, body=hello(), Host="agents.example") == 200
        assert status(running.url, body=hello(), Host="evil.example") == 421


def test_without_the_token_nothing_but_the_health_check_answers(guarded: Served) -> None:
    assert status(guarded.url, body=hello()) == 401
    assert status(guarded.url, body=hello(), Authorization="Bearer wrong") == 401
    assert status(guarded.url, body=hello(), Authorization=f"Basic {TOKEN}") == 401
    assert status(guarded.url.replace("/mcp", "/healthz")) == 200
    assert "token required" in guarded.line
    assert TOKEN not in guarded.line


async def test_with_the_token_a_client_does_its_work(guarded: Served) -> None:
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(guarded.url, http_client=http)) as client,
    ):
        page = await call(client, "list_personas", limit=1)
    assert page["total"] >= 20


def test_an_interface_beyond_loopback_is_refused_without_a_token(tmp_path: Path) -> None:
    code, said = refusal(tmp_path, "--host", EVERYWHERE, "--port", "0")
    assert code == 2
    assert EVERYWHERE in said
    assert "--token-env" in said
    assert "Understudy on" not in said


def test_with_a_token_an_interface_beyond_loopback_is_served(tmp_path: Path) -> None:
    with served(tmp_path, "--host", EVERYWHERE, "--token-env", "MY_TOKEN", MY_TOKEN=TOKEN) as running:
        here = running.url.replace(EVERYWHERE, "127.0.0.1")
        assert status(here, body=hello(), Authorization=f"Bearer {TOKEN}") == 200
        assert status(here, body=hello()) == 401


def test_an_empty_token_variable_is_refused_by_its_name(tmp_path: Path) -> None:
    code, said = refusal(tmp_path, "--token-env", "MY_TOKEN", MY_TOKEN="")
    assert code == 2
    assert "MY_TOKEN" in said


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refusal(tmp_path, "--port", str(port))
    assert code == 2
    assert f"127.0.0.1:{port}" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_sigterm_ends_it_cleanly_even_with_clients_connected(tmp_path: Path, mode: str) -> None:
    with served(tmp_path) as running:
        async with Client(running.url, mode=mode) as client:
            await call(client, "check_target", target="demo-clinic")
            running.process.send_signal(signal.SIGTERM)
            out, err = running.process.communicate(timeout=LIMIT_S)
        assert running.process.returncode in (0, -signal.SIGTERM)
        assert out == ""
        assert "Traceback" not in err
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(running.url.rsplit(":", 1)[1].removesuffix("/mcp")))) != 0


def test_nothing_goes_to_stdout_while_it_serves(tmp_path: Path) -> None:
    with served(tmp_path) as running:
        status(running.url, body=hello())
        status(running.url, body=hello(), Host="evil.example")
        status(running.url.replace("/mcp", "/nowhere"))
        running.process.send_signal(signal.SIGINT)
        out, _ = running.process.communicate(timeout=LIMIT_S)
    assert out == ""
