"""`understudy.yaml`: where it is found, what it may say, and what is said about a slip at each level."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from understudy.domain.errors import BadFile
from understudy.settings.find import find_settings
from understudy.settings.load import load_settings
from understudy.settings.locate_store import locate_store
from understudy.settings.model import Settings, SettingsBody
from understudy.settings.secret_words import looks_like_secret
from understudy.settings.template import TEMPLATE

WHOLE = """\
targets:
  shop:
    kind: openai
    url: http://localhost:8000/v1
    key_env: SHOP_KEY
    handoff:
      tools: [transfer]
  script:
    kind: command
    command: [python, agent.py]
    cwd: agents
  call:
    kind: python
    callable: agent:reply
models:
  user:
    provider: anthropic
    model: small
    key_env: USER_KEY
  judge: {provider: openai_compatible, model: big, base_url: "http://localhost:11434/v1"}
company: docs/company.md
topics: topics.yaml
personas: [personas/, ../shared/more.yaml]
rubrics:
  - rubrics/
defaults:
  target: shop
  player: rules
  max_turns: 12
  seed: 7
serve:
  allow_targets: [agent.internal]
gate:
  min_pass_rate: 0.9
store: data
"""


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str, name: str = "understudy.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_a_whole_file_loads_with_paths_taken_from_its_folder(write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(WHOLE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    settings = load_settings(path)
    assert settings.file == path
    assert settings.company == tmp_path / "docs/company.md"
    assert settings.topics == tmp_path / "topics.yaml"
    assert [p.resolve() for p in settings.personas] == [tmp_path / "personas", tmp_path.parent / "shared/more.yaml"]
    assert settings.rubrics == (tmp_path / "rubrics",)
    assert settings.store == tmp_path / "data"
    assert settings.targets["shop"].kind == "openai"
    assert settings.targets["shop"].env_names == ("SHOP_KEY",)
    assert getattr(settings.targets["script"], "cwd", None) == str(tmp_path / "agents")
    assert settings.models.user is not None
    assert settings.models.user.model == "small"
    assert settings.models.generator is None
    assert (settings.defaults.max_turns, settings.defaults.seed, settings.defaults.rubric) == (12, 7, "service")


SLIPS = [
    ("targets:", "target:", "target", "targets"),
    ("    url:", "    ulr:", "targets.shop.ulr", "url"),
    ("      tools:", "      tool:", "targets.shop.handoff.tool", "tools"),
    ("    command:", "    comand:", "targets.script.comand", "command"),
    ("    callable:", "    callabel:", "targets.call.callabel", "callable"),
    ("models:", "model:", "model", "models"),
    ("  user:", "  usr:", "models.usr", "user"),
    ("    provider:", "    provder:", "models.user.provder", "provider"),
    ("  judge: {provider", "  judge: {porvider", "models.judge.porvider", "provider"),
    ("company:", "compny:", "compny", "company"),
    ("topics:", "topic:", "topic", "topics"),
    ("personas:", "persona:", "persona", "personas"),
    ("rubrics:", "rubric:", "rubric", "rubrics"),
    ("defaults:", "default:", "default", "defaults"),
    ("  max_turns:", "  maxturns:", "defaults.maxturns", "max_turns"),
    ("serve:", "serv:", "serv", "serve"),
    ("gate:", "gat:", "gat", "gate"),
    ("  min_pass_rate:", "  min_passrate:", "gate.min_passrate", "min_pass_rate"),
    ("store:", "stor:", "stor", "store"),
]


@pytest.mark.parametrize(("right", "wrong", "field", "nearest"), SLIPS)
def test_a_misspelt_key_names_file_line_key_and_the_nearest(write, right: str, wrong: str, field: str, nearest: str) -> None:
    text = WHOLE.replace(right, wrong, 1)
    assert text != WHOLE
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith(wrong))
    with pytest.raises(BadFile) as caught:
        load_settings(write(text))
    assert (caught.value.line, caught.value.field) == (line, field)
    assert str(caught.value).endswith(f"understudy.yaml:{line}: `{field}`: unknown key. Did you mean `{nearest}`?")


def test_the_slips_cover_every_key_of_the_file() -> None:
    assert set(SettingsBody.model_fields) <= {nearest for *_, nearest in SLIPS}


@pytest.mark.parametrize(
    ("right", "wrong", "field", "says"),
    [
        ("kind: openai", "kind: opanai", "targets.shop", "Did you mean `openai`?"),
        ("    kind: openai\n", "", "targets.shop", "has no 'kind'. Add one of openai, command, python"),
        ("provider: anthropic", "provider: antropic", "models.user.provider", "Did you mean `anthropic`?"),
        (', base_url: "http://localhost:11434/v1"', "", "models.judge", "needs a `base_url`"),
        ("max_turns: 12", "max_turns: 0", "defaults.max_turns", "greater than or equal to 1"),
        ("max_turns: 12", "max_turns: many", "defaults.max_turns", "valid integer"),
        ("target: shop", "target: shpo", "defaults.target", "Did you mean `shop`?"),
        ("player: rules", "player: ruels", "defaults.player", "Did you mean `rules`?"),
        ("    model: small\n", "", "models.user.model", "is missing"),
        ("company: docs/company.md", "company: [a]", "company", "path"),
        ("  shop:", "  Shop One:", "targets.Shop One", "Ids are lower-case"),
        ("kind: command", "kind: command\n    cmd: 3", "targets.script.cmd", "unknown key"),
        ("command: [python, agent.py]", "command: []", "targets.script.command", "at least 1 item"),
        ("cwd: agents", "cwd: 3", "targets.script.cwd", "Put it in quotes"),
        ("url: http://localhost:8000/v1", "url: localhost", "targets.shop.url", "web address"),
        ("callable: agent:reply", "callable: agent.reply", "targets.call.callable", "write module:function, such as agent:reply"),
    ],
)
def test_a_value_that_does_not_fit_names_field_and_remedy(write, right: str, wrong: str, field: str, says: str) -> None:
    text = WHOLE.replace(right, wrong, 1)
    assert text != WHOLE
    with pytest.raises(BadFile) as caught:
        load_settings(write(text))
    assert caught.value.line is not None
    assert caught.value.field == field
    assert says in str(caught.value)


SECRETS = [
    "sk-ant-api03-abcdefghijklmnop",
    "sk-proj-a1b2c3d4e5f6g7h8",
    "sk-short",
    "ghp_abcdefghijklmnopqrstuvwx",
    "AKIAABCDEFGHIJKLMNOP",
    "AIzaSyA1234567890abcdefghijk",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
    "d41d8cd98f00b204e9800998ecf8427e",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_where_a_variable_name_is_due_is_refused_and_not_echoed(write, secret: str) -> None:
    with pytest.raises(BadFile) as caught:
        load_settings(write(WHOLE.replace("SHOP_KEY", secret)))
    assert (caught.value.line, caught.value.field) == (5, "targets.shop.key_env")
    assert "environment variable" in str(caught.value)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "    headers: {X-Thing: 'Bearer abcdef1234567890'}",
        "    api_key: hunter2hunter2",
        "    token: hunter2hunter2",
        "    key: hunter2hunter2",
        "    url: http://localhost/v1?key=sk-abcdef1234567890",
        "    key_env: hunter2-hunter2",
        "    headers: {Authorization: hunter2hunter2}",
        "    headers_env: {Authorization: hunter2 hunter2}",
    ],
)
def test_a_secret_anywhere_else_is_refused_and_not_echoed(write, line: str) -> None:
    text = "targets:\n  shop:\n    kind: openai\n" + ("" if "url:" in line else "    url: http://localhost/v1\n") + line + "\n"
    with pytest.raises(BadFile) as caught:
        load_settings(write(text))
    assert "abcdef1234567890" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.line is not None
    assert "env" in str(caught.value)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "MY_AGENT_KEY_2", "sk_name", "ANTHROPIC_API_KEY_FOR_THE_SECOND_PROJECT_2026"])
def test_an_ordinary_variable_name_is_no_secret(name: str) -> None:
    assert not looks_like_secret(name) or name == "sk_name"


@pytest.mark.parametrize(
    "words", ["task-based-agents", "http://localhost:8000/v1", "desk-reception", "connecting you (to|with) a colleague"]
)
def test_ordinary_words_are_no_secret(words: str) -> None:
    assert not looks_like_secret(words)


def test_a_key_given_twice_is_an_error(write) -> None:
    with pytest.raises(BadFile, match=r"understudy\.yaml:3: `store`: given twice"):
        load_settings(write("store: a\ncompany: c.md\nstore: b\n"))


@pytest.mark.parametrize("text", ["", "- a\n", "words\n", "a: [\n"])
def test_a_file_that_holds_no_settings_is_refused_with_its_name(write, text: str) -> None:
    with pytest.raises(BadFile, match=r"understudy\.yaml"):
        load_settings(write(text))


def test_the_nearest_file_upward_is_found_and_yaml_goes_before_yml(write, tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    yml = write("{}\n", "understudy.yml")
    assert find_settings(inner) == yml
    yaml_file = write("{}\n")
    assert find_settings(inner) == yaml_file
    (inner.parent / "understudy.yml").write_text("{}\n", encoding="utf-8")
    assert find_settings(inner) == inner.parent / "understudy.yml"


def test_a_folder_of_that_name_is_not_taken_for_the_file(tmp_path: Path) -> None:
    (tmp_path / "understudy.yaml").mkdir()
    assert find_settings(tmp_path) != tmp_path / "understudy.yaml"


def test_the_store_is_where_the_file_says_else_beside_it_else_in_the_data_folder(write, tmp_path: Path) -> None:
    assert locate_store(load_settings(write("store: kept/here\n"))) == tmp_path / "kept/here"
    assert locate_store(load_settings(write("defaults: {seed: 1}\n"))) == tmp_path / ".understudy"
    assert locate_store(Settings()).is_relative_to(tmp_path / "home")
    assert locate_store(Settings()).name == "understudy"


def test_a_home_folder_is_filled_in(write, tmp_path: Path) -> None:
    assert load_settings(write("store: ~/kept\n")).store == tmp_path / "home" / "kept"


def test_the_template_loads_as_it_stands(write) -> None:
    settings = load_settings(write(TEMPLATE))
    assert settings.defaults.target == "my-agent"
    assert settings.defaults == settings.defaults.replace(player="rules", max_turns=16, max_seconds=600, seed=0, rubric="service")


def test_every_line_that_the_template_comments_out_loads_too(write) -> None:
    lines = []
    for line in TEMPLATE.splitlines():
        bare = line.replace("# ", "", 1) if line.lstrip().startswith("# ") else line
        looks_like_yaml = (
            bare.strip().split(":")[0].replace("-", "").replace("_", "").isalnum() and ":" in bare and not bare.rstrip().endswith(".")
        )
        lines.append(bare if looks_like_yaml else "")
    settings = load_settings(write("\n".join(lines)))
    web = {"my-json-agent", "my-anthropic-agent", "my-socket-agent"}
    assert set(settings.targets) == {"my-agent", "my-command", "my-callable", "my-tool", "my-a2a-agent", "my-prompt"} | web
    assert settings.models.generator is not None
    assert settings.company is not None
    assert settings.personas
    assert settings.targets["my-agent"].handoff.tools == ("transfer_to_human",)


def test_the_template_names_every_key_of_the_file() -> None:
    for key in SettingsBody.model_fields:
        assert f"{key}:" in TEMPLATE
    assert yaml.safe_load(TEMPLATE)
