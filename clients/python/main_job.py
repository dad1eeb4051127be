"""The main job over MCP: personas, queries, a simulated conversation, its verdict, its transcript as a resource.

python clients/python/main_job.py [target] [store folder]
"""

from __future__ import annotations

import asyncio
import sys

from mcp import Client, StdioServerParameters


async def main(target: str, store: str | None) -> None:
    """Run the job against `target` and print what was found."""
    where = ["--store", store] if store else []
    server = StdioServerParameters(command=sys.executable, args=["-m", "understudy", *where, "serve"])
    async with Client(server) as client:
        personas = await call(client, "list_personas", query="clinic", limit=3)
        print(f"{personas['total']} personas, among them {', '.join(p['name'] for p in personas['personas'])}")

        queries = await call(client, "generate_queries", pack="clinic", count=3, seed=1)
        for query in queries["queries"]:
            print(f"query [{query['topic']}]: {query['query']}")

        run = await call(client, "simulate_conversation", persona=personas["personas"][0]["id"], target=target, seed=1)
        while run["status"] != "finished":
            run = await call(client, "get_run", run_id=run["run_id"], wait_s=45)
        verdict = run["verdict"]
        print(f"{run['run_id']}: {run['ending']}, verdict {verdict['outcome']} ({verdict['judged']} of {verdict['total']} criteria judged)")
        for finding in verdict["findings"]:
            quotes = "; ".join(f"turn {q['turn']}: {q['untrusted_quote']!r}" for q in finding["evidence"])
            print(f"  {finding['criterion']}: {finding['reason']} {quotes}")

        transcript = await client.read_resource(f"transcript://{run['run_id']}/markdown")
        print(transcript.contents[0].text)


async def call(client: Client, tool: str, **arguments: object) -> dict:
    """The structured answer of a tool; a tool's error becomes an exception with its words."""
    result = await client.call_tool(tool, arguments)
    if result.is_error:
        raise RuntimeError(result.content[0].text)
    return result.structured_content


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "demo-clinic", sys.argv[2] if len(sys.argv) > 2 else None))
