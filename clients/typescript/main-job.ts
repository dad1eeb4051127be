// The main job over MCP: personas, queries, a simulated conversation, its verdict, its transcript as a resource.
//   node main-job.ts [target] [store folder]      UNDERSTUDY names the command when it is not on the PATH.

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [target = "demo-clinic", store] = process.argv.slice(2);
const command = process.env.UNDERSTUDY ?? "understudy";
const client = new Client({ name: "understudy-example", version: "1.0.0" });

type Finding = { criterion: string; reason: string; evidence: { turn: number; untrusted_quote: string }[] };
type Run = {
  run_id: string;
  status: string;
  ending?: string;
  verdict?: { outcome: string; judged: number; total: number; findings: Finding[] };
};

async function call<T>(name: string, args: Record<string, unknown>): Promise<T> {
  const result = await client.callTool({ name, arguments: args });
  if (result.isError) {
    const [first] = result.content as { type: string; text?: string }[];
    throw new Error(first?.text ?? `${name} failed`);
  }
  return result.structuredContent as T;
}

await client.connect(new StdioClientTransport({ command, args: [...(store ? ["--store", store] : []), "serve"] }));
try {
  const { personas, total } = await call<{ personas: { id: string; name: string }[]; total: number }>("list_personas", {
    query: "clinic",
    limit: 3,
  });
  console.log(`${total} personas, among them ${personas.map((p) => p.name).join(", ")}`);

  const { queries } = await call<{ queries: { topic?: string; query: string }[] }>("generate_queries", { pack: "clinic", count: 3, seed: 1 });
  for (const query of queries) console.log(`query [${query.topic}]: ${query.query}`);

  let run = await call<Run>("simulate_conversation", { persona: personas[0].id, target, seed: 1 });
  while (run.status !== "finished") run = await call<Run>("get_run", { run_id: run.run_id, wait_s: 45 });
  const verdict = run.verdict!;
  console.log(`${run.run_id}: ${run.ending}, verdict ${verdict.outcome} (${verdict.judged} of ${verdict.total} criteria judged)`);
  for (const finding of verdict.findings) {
    const quotes = finding.evidence.map((q) => `turn ${q.turn}: ${JSON.stringify(q.untrusted_quote)}`).join("; ");
    console.log(`  ${finding.criterion}: ${finding.reason} ${quotes}`);
  }

  const transcript = await client.readResource({ uri: `transcript://${run.run_id}/markdown` });
  const [page] = transcript.contents as { text?: string }[];
  console.log(page.text);
} finally {
  await client.close();
}
