"""What comes from the npm registry, installed once into `.tools/` and again when the lock changes."""

from __future__ import annotations

import hashlib
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from processes import Failed, run

__all__ = ["ROOT", "Tools", "installed"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / ".tools"
MARK = FOLDER / ".installed"
FILES = ("package.json", "package-lock.json")
INSTALL_LIMIT_S = 600
OLDEST_NODE = (22, 19)


@dataclass(frozen=True)
class Tools:
    """Where the installed programs are."""

    node: str
    folder: Path

    def script(self, path: str) -> list[str]:
        """The command that runs a script of an installed package."""
        return [self.node, str(self.folder / "node_modules" / path)]


async def installed() -> tuple[Tools, bool]:
    """The tools, and whether they had to be installed. Raises Failed."""
    wanted = hashlib.sha256(platform.platform().encode() + b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    fresh = not MARK.exists() or MARK.read_text() != wanted
    if fresh:
        await _install()
        MARK.write_text(wanted)
    return Tools(node=await _node(), folder=FOLDER), fresh


async def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Failed("npm is not on the PATH. Install Node 20 or newer, which brings it.")
    MARK.unlink(missing_ok=True)
    FOLDER.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copyfile(HERE / name, FOLDER / name)
    # No package needs its install scripts here, so none is run.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = await run(command, limit_s=INSTALL_LIMIT_S, cwd=FOLDER)
    if done.code != 0:
        raise Failed("npm could not install what the lock names. It needs the npm registry (npm config get registry).\n" + done.tail())


async def _node() -> str:
    """The Node of the lock, which npm installs on the platforms that have one, else the one on the PATH if it is new enough."""
    for found in sorted(FOLDER.glob("node_modules/node-*/bin/node")):
        return str(found)
    node = shutil.which("node")
    version = (await run([node, "--version"], limit_s=20)).out.strip().lstrip("v") if node else "none"
    if node is None or version == "none" or tuple(int(part) for part in version.split(".")[:2]) < OLDEST_NODE:
        raise Failed(f"The suite needs Node {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer; the one on the PATH is {version}.")
    return node
