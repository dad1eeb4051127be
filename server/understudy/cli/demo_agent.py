"""`understudy demo-agent`: the demo agents over the OpenAI-compatible wire."""

from __future__ import annotations

import asyncio
import json

import click

from understudy.domain.errors import BadInput

__all__ = ["demo_agent"]


@click.command(name="demo-agent")
@click.option("--model", default="clinic", show_default=True, help="Agent and faults for clients that name no model of ours.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8766, show_default=True, help="0 takes a free one.")
@click.option("--json", "as_json", is_flag=True, help="The address and the models as a line of JSON.")
def demo_agent(model: str, host: str, port: int, as_json: bool) -> None:
    """Serve the clinic and bank agents. The model's name picks agent and faults: clinic, bank, clinic+loops, bank+wrong_fee+slow."""
    from understudy.demo.catalogue import model_names
    from understudy.demo.server import serve

    async def body() -> None:
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        ready.add_done_callback(lambda url: _announce(url.result(), model_names(), as_json))
        await serve(model, host, port, ready=ready)

    try:
        asyncio.run(body())
    except OSError as error:
        raise BadInput(
            "--port", f"{host}:{port} cannot be used: {error.strerror or error}", "Choose another port, or 0 for a free one"
        ) from error


def _announce(url: str, models: list[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"url": url, "models": models}))
        return
    click.echo(f"listening on {url}")
    click.echo(f"models: {', '.join(models)}", err=True)
