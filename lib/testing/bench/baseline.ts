import http from "node:http";

import { v7 as uuidv7 } from "uuid";

import { decide } from "@/lib/core/decisions/decide";
import { Call } from "@/lib/core/decisions/schema";
import { asJson, asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { readStrictJson } from "@/lib/core/shared/strict-json";
import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { env } from "@/lib/platform/env";

import { benchCompiled, benchFacts } from "./policy";

// The two peers of the durable path, on the same policy and the same engine: nothing kept at all (the ceiling), and one
// Prisma `create` for each call, which is how such a service is commonly written.
const [mode, workspace = ""] = process.argv.slice(2);
const compiled = benchCompiled(20);
const db = mode === "prisma" ? workspaceDb(WorkspaceId.parse(workspace)) : null;

http
  .createServer((request, response) => {
    if (request.url === "/readyz") return response.end("ok");
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (text += piece));
    request.on(
      "end",
      () => void answer(text).then((body) => response.writeHead(200, { "content-type": "application/json" }).end(body)),
    );
    return undefined;
  })
  .listen(env.PORT, "127.0.0.1");

async function answer(text: string): Promise<string> {
  const read = readStrictJson(text);
  const call = Call.parse(read.ok ? read.value : null);
  const decision = decide(compiled, call, benchFacts);
  canonicalJson(asJsonObject(call));
  const id = uuidv7();
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
