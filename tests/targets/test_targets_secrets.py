"""A target that knows a secret cannot get it into a reply or a failure: not whole, not by half, not in another notation."""

from __future__ import annotations

import html
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from understudy.domain.conversation import Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import CommandTarget, OpenAITarget, open_target
from understudy.testing.fake_openai import FakeAnswer, FakeOpenAI, Fault
from understudy.wire.masking import Secrets, looks_secret

KEY = "sk-planted-9f8e7d6c5b4a/x+y"
ODD = "sk-\"planted\\9f8e7d6c5b4a'&/x"
REQUEST = TargetRequest(run_id="run-1", turns=(Turn(index=0, role="user", text="Hello", at=0.0),))


async def openai_says(server: FakeOpenAI, key: str = KEY, **more: Any) -> str:
    """Everything that leaves the adapter, as JSON: the reply, or the failure with its message."""
    settings = OpenAITarget(**{"url": server.url, "key_env": "AGENT_KEY", "retries": 0, "state_path": "understudy.state", **more})
    return await _everything(settings, {"AGENT_KEY": key, "TENANT": "tenant-zq81"})


async def command_says(folder: Path, code: str, env: dict[str, str]) -> str:
    (folder / "agent.py").write_text(f"import json, os, sys\nline = sys.stdin.readline()\n{code}\nsys.stdout.flush()\nsys.stdin.read()")
    settings = CommandTarget(command=(sys.executable, "agent.py"), cwd=str(folder), env=tuple(env), timeout_s=10)
    return await _everything(settings, {**os.environ, **env})


async def _everything(settings: Any, env: dict[str, str]) -> str:
    target = open_target("t", settings, env=env)
    try:
        return (await target.reply(REQUEST)).model_dump_json()
    except TargetError as error:
        return json.dumps(str(error)) + error.failure.model_dump_json()
    finally:
        await target.aclose()


def no_piece_of(key: str, said: str) -> bool:
    """Whether not even four characters in a row of the key are left."""
    return not [key[i : i + 4] for i in range(len(key) - 3) if key[i : i + 4] in said]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("key", [KEY, ODD])
async def test_a_key_in_a_good_answer_is_masked_wherever_it_stands(key: str, stream: bool) -> None:
    answer = FakeAnswer(f"Your key is {key}.", ({"name": f"leak_{key}", "arguments": {key: [key]}},), {"k": {key: f"<{key}>"}})
    async with FakeOpenAI([answer]) as server:
        said = json.loads(await openai_says(server, key, stream=stream))
    assert said["text"] == "Your key is ***."
    assert said["tool_calls"] == [{"name": "'leak_***'", "arguments": {"***": ["***"]}, "result": None}]
    assert said["state"] == {"k": {"***": "<***>"}}


async def test_the_value_of_a_header_is_masked_and_a_credential_without_its_scheme_too() -> None:
    async with FakeOpenAI(["For tenant-zq81 with planted-0123456789."]) as server:
        settings = OpenAITarget(url=server.url, headers_env={"X-Tenant": "TENANT", "X-Auth": "HEADER"})
        said = await _everything(settings, {"TENANT": " tenant-zq81\n", "HEADER": "Bearer planted-0123456789"})
    assert json.loads(said)["text"] == "For *** with ***."


async def test_a_key_whose_parts_come_together_only_in_the_reply_is_masked() -> None:
    escaped = json.dumps({"k": KEY}).replace("s", "\\u0073")
    message = {"content": [{"text": KEY[:8]}, {"text": KEY[8:]}], "tool_calls": [{"name": "f", "arguments": escaped}]}
    body = json.dumps({"choices": [{"message": message}]})
    async with FakeOpenAI(faults={0: Fault("wrong_shape", body=body)}) as server:
        said = json.loads(await openai_says(server))
    assert (said["text"], said["tool_calls"][0]["arguments"]) == ("***", {"k": "***"})


@pytest.mark.parametrize("before", range(165, 201, 5))
@pytest.mark.parametrize("kind", ["status", "not_json"])
async def test_an_excerpt_that_ends_within_the_key_shows_no_half_of_it(kind: Any, before: int) -> None:
    fault = Fault(kind, status=401, body="." * before + KEY)
    async with FakeOpenAI(faults={0: fault}) as server:
        said = await openai_says(server)
    assert no_piece_of(KEY, said)


@pytest.mark.parametrize("kind", ["status", "not_json"])
async def test_a_body_that_broke_off_within_the_key_shows_no_half_of_it(kind: Any) -> None:
    async with FakeOpenAI(faults={0: Fault(kind, status=500, body="key=" + KEY[:15])}) as server:
        said = await openai_says(server)
    assert "key=***" in said
    assert no_piece_of(KEY, said)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": f"bad key {ODD}"}),
        json.dumps({"error": json.dumps({"key": ODD})}),
        repr([ODD]),
        f"/login?key={quote(ODD, safe='')}",
        f"<p>{html.escape(ODD)}</p>",
        json.dumps(ODD).replace("/", "\\/"),
    ],
)
async def test_a_key_is_masked_in_other_notations(body: str) -> None:
    async with FakeOpenAI(faults={0: Fault("status", status=401, body=body), 1: Fault("not_json", body=body)}) as server:
        said = await openai_says(server, ODD) + await openai_says(server, ODD)
    assert "***" in said
    assert "9f8e7d6c5b4a" not in said


@pytest.mark.parametrize("key", [KEY, ODD])
@pytest.mark.parametrize(
    "code",
    [
        "print(json.dumps({'text': k, 'session': k, 'state': {k: k}}))",
        "print(json.dumps({'tool_calls': [{'name': k, 'arguments': json.dumps(k), 'result': [k]}]}))",
        "print(json.dumps({'error': '.' * 185 + k}))",
        "print(json.dumps({'.' * 30 + k: 1}))",
        "print('.' * 185 + k)",
        "print(json.dumps([k])[:-1])",
        "sys.stderr.write('.' * 185 + k); sys.exit(1)",
        "sys.stderr.write(repr(k) + '.' * (4096 - len(k) // 2)); sys.exit(1)",
    ],
)
async def test_a_command_cannot_get_its_key_into_anything(tmp_path: Path, code: str, key: str) -> None:
    said = await command_says(tmp_path, f"k = os.environ['AGENT_KEY']\n{code}", {"AGENT_KEY": key})
    assert "***" in said
    assert no_piece_of("9f8e7d6c5b4a", said)


async def test_a_command_may_say_its_plain_settings_and_short_values(tmp_path: Path) -> None:
    env = {"AGENT_CITY": "Tuebingen-Lustnau", "AGENT_PASS": "short"}
    said = await command_says(tmp_path, "print(json.dumps({'text': os.environ['AGENT_CITY'] + os.environ['AGENT_PASS']}))", env)
    assert json.loads(said)["text"] == "Tuebingen-Lustnaushort"


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("OPENAI_API_KEY", "x", True),
        ("DB_PASSWORD", "x", True),
        ("github_token", "x", True),
        ("AWS_CREDENTIALS", "x", True),
        ("AGENT_VALUE", "sk-abcdefgh12345678", True),
        ("AGENT_VALUE", "0123456789abcdef0123456789abcdef", True),
        ("DATABASE_URL", "postgres://app:hunter2-hunter2@db/clinic", True),
        ("DATABASE_URL", "postgres://db/clinic", False),
        ("AGENT_MODEL", "large-and-long-but-only-words-here", False),
    ],
)
def test_a_variable_is_a_secret_by_its_name_or_by_its_value(name: str, value: str, secret: bool) -> None:
    assert looks_secret(name, value) is secret


def test_a_password_within_an_address_and_a_number_are_masked() -> None:
    secrets = Secrets(("URL", "PIN"), {"URL": "postgres://app:hunter2-hunter2@db/clinic", "PIN": "4711081512"})
    assert secrets.mask("login app hunter2-hunter2") == "login app ***"
    assert secrets.mask_json({"pin": 4711081512, "ok": True, "n": 12}) == {"pin": "***", "ok": True, "n": 12}
