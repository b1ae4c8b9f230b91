import http from "node:http";

import pg from "pg";
import { v7 as uuidv7 } from "uuid";

import { decide } from "@/lib/core/decisions/decide";
import { Call } from "@/lib/core/decisions/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { asJson, asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { readStrictJson } from "@/lib/core/shared/strict-json";
import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { env } from "@/lib/platform/env";

import { benchCompiled, benchFacts, TOOLS } from "./policy";

// The peers of the durable path, on the same policy and the same engine: nothing kept at all (the ceiling), one Prisma
// `create` for each call, which is how such a service is commonly written, and one transaction a call that updates a
// shared budget row and inserts the decision. The key a caller sends names the mix.
const [mode, workspace = ""] = process.argv.slice(2);
const compiled = { asks: benchCompiled(TOOLS, "asks"), plain: benchCompiled(TOOLS, "plain") };
const db = mode === "prisma" ? workspaceDb(WorkspaceId.parse(workspace)) : null;
const pool = mode === "update" ? new pg.Pool({ connectionString: env.DATABASE_URL, max: 8 }) : null;
await pool?.query(
  "CREATE TABLE IF NOT EXISTS bench_budget (id int PRIMARY KEY, used bigint NOT NULL, most bigint NOT NULL); CREATE TABLE IF NOT EXISTS bench_decisions (id uuid PRIMARY KEY, call jsonb NOT NULL, answer jsonb NOT NULL); INSERT INTO bench_budget VALUES (1, 0, 1000000000000) ON CONFLICT DO NOTHING",
);

http
  .createServer((request, response) => {
    if (request.url === "/readyz") return response.end("ok");
    const manifest = request.headers.authorization === "Bearer plain" ? compiled.plain : compiled.asks;
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      const reply = (status: number, body: string) =>
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      // A pool that gives up under load must not end the process: the others would be measured without it.
      void answer(text, manifest).then(
        (body) => reply(200, body),
        () => reply(503, "{}"),
      );
    });
    return undefined;
  })
  .listen(env.PORT, "127.0.0.1");

async function answer(text: string, manifest: CompiledManifest): Promise<string> {
  const read = readStrictJson(text);
  const call = Call.parse(read.ok ? read.value : null);
  const decision = decide(manifest, call, benchFacts);
  canonicalJson(asJsonObject(call));
  const id = uuidv7();
  // Both in one statement, which is one transaction and one round trip.
  await pool?.query({
    name: "debit",
    text: "WITH debit AS (UPDATE bench_budget SET used = used + 1 WHERE id = 1 AND used + 1 <= most RETURNING id) INSERT INTO bench_decisions SELECT $1, $2, $3 FROM debit",
    values: [id, text, JSON.stringify(decision)],
  });
  await db?.decision.create({
    data: {
      id,
      workspaceId: workspace,
      agentId: id,
      sessionId: id,
      runId: id,
      callId: call.call_id ?? "",
      step: 1,
      tool: call.tool,
      toolHash: "",
      actionDigest: "",
      call: asJsonObject(call) as object,
      salt: new Uint8Array(32),
      verdict: decision.verdict,
      rule: decision.rule,
      reasons: asJson(decision.reasons) as object,
      checks: asJson(decision.checks) as object,
      risk: asJson(decision.risk) as object,
      facts: {},
      remaining: {},
      createdAt: new Date(),
    },
    select: { id: true },
  });
  return JSON.stringify({
    decision_id: id,
    verdict: decision.verdict,
    rule: decision.rule,
    reasons: decision.reasons,
    risk: decision.risk,
  });
}
