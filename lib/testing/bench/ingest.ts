import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { PrismaPg } from "@prisma/adapter-pg";
import { from as copyFrom } from "pg-copy-streams";

import { AgentId, CredentialId, WorkspaceId } from "@/lib/core/shared/brand";
import { findCredentialHolder } from "@/lib/data/access";
import { anyone, hintPool, workspaceDb } from "@/lib/data/db";
import { PrismaClient } from "@/lib/data/generated/client";
import { ingestPool } from "@/lib/data/ingest-pool";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import { env } from "@/lib/platform/env";
import { hashSecret } from "@/lib/platform/secret";
import type { ServiceContext } from "@/lib/services/context";
import { takeTelemetry } from "@/lib/services/traces/take-telemetry";
import { writeWaiting } from "@/lib/services/traces/write-waiting";
import { givenAgent, givenWorkspace } from "@/lib/testing/client";
import { connectOwner } from "@/lib/testing/owner";
import { startReplicas } from "@/lib/testing/replicas";
import { newEventId, nsOf } from "@/lib/testing/trace-events";

import { cpuOfFamily, cpuOfProcess, parentOf } from "./cpu";
import { whole } from "./format";
import { benchEvents, COPY_COLUMNS, copyLines, prismaRows } from "./ingest-rows";
import { describeMachine } from "./report";
import { quantile } from "./statistics";

// Prints what ingesting telemetry takes, each figure beside the raw write of the same rows in the same run. Ratios are
// the middle of the rounds. Exits non-zero only when it could not measure.
const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 3 : 7;
const EVENTS = quick ? 8_000 : 20_000;
const STORE_CHUNK = 4_000;
const BODY_SPANS = 512;
const HTTP_SECONDS = quick ? 5 : 15;
const HTTP_CLIENTS = 4;

const print = (line: string) => process.stdout.write(`${line}\n`);

const replicas = await startReplicas(1);
const url = replicas.urls[0] ?? "";
const account = await givenWorkspace();
const workspaceId = WorkspaceId.parse(account.workspaceId);
const { key } = await givenAgent(url, account.token ?? "");
const holder = await findCredentialHolder(hashSecret(key));
if (!holder) throw new Error("the new key opens nothing");
const sender = { agentId: AgentId.parse(holder.agentId), credentialId: CredentialId.parse(holder.credentialId) };
const owner = await connectOwner();
const { rows } = await owner.query<{ pid: number; version: string }>(
  "SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version",
);
const postmaster = parentOf(rows[0]?.pid ?? 0) ?? 0;
const machine = describeMachine(rows[0]?.version ?? "");
print(
  `bench:ingest  commit ${machine.commit}  node ${machine.node}  Postgres ${machine.postgres}  ${machine.cores} × ${machine.cpu}  load ${machine.load.toFixed(1)}\n`,
);

/** What work on so many events took: events a second, and CPU an event of this process and of Postgres. */
type Rate = { readonly perSecond: number; readonly ownUs: number; readonly postgresUs: number };

async function rateOf(events: number, work: () => Promise<unknown>): Promise<Rate> {
  const before = [cpuOfProcess(process.pid) ?? 0, cpuOfFamily(postmaster) ?? 0] as const;
  const began = performance.now();
  await work();
  const ms = performance.now() - began;
  const after = [cpuOfProcess(process.pid) ?? 0, cpuOfFamily(postmaster) ?? 0] as const;
  return {
    perSecond: (events / ms) * 1_000,
    ownUs: (after[0] - before[0]) / events,
    postgresUs: (after[1] - before[1]) / events,
  };
}

const middle = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  ) ?? Number.NaN;

function line(name: string, rates: readonly Rate[], note = ""): void {
  const [rate, own, postgres] = [
    middle(rates.map(({ perSecond }) => perSecond)),
    middle(rates.map(({ ownUs }) => ownUs)),
    middle(rates.map(({ postgresUs }) => postgresUs)),
  ];
  print(
    `${name.padEnd(22)} ${whole(rate).padStart(9)} events/s   CPU an event: ${own.toFixed(1)} µs here, ${postgres.toFixed(1)} µs in Postgres   ${note}`,
  );
}

const ratioOf = (ours: readonly Rate[], theirs: readonly Rate[]): number =>
  middle(ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN)));

async function copyRows(lines: readonly string[]): Promise<void> {
  const client = await connectOwner();
  try {
    await pipeline(Readable.from(blocksOf(lines)), client.query(copyFrom(`COPY events (${COPY_COLUMNS}) FROM STDIN`)));
  } finally {
    await client.end();
  }
}

function* blocksOf(lines: readonly string[]): Generator<Buffer> {
  for (let at = 0; at < lines.length; at += 200) yield Buffer.from(lines.slice(at, at + 200).join(""));
}

try {
  await owner.query("SELECT ensure_partitions(2)");
  await measureStorage();
  await measureWhole();
  await measureAccepted();
} finally {
  await replicas.stop();
  await Promise.all([anyone.$disconnect(), hintPool.end(), ingestPool.end(), owner.end()]);
}

async function measureStorage(): Promise<void> {
  const [store, copy]: [Rate[], Rate[]] = [[], []];
  for (let round = -1; round < ROUNDS; round += 1) {
    const events = benchEvents(sender, EVENTS);
    const lines = copyLines(workspaceId, benchEvents(sender, EVENTS));
    const stored = await rateOf(EVENTS, async () => {
      for (let at = 0; at < EVENTS; at += STORE_CHUNK)
        await pgTraceStore.write(workspaceId, events.slice(at, at + STORE_CHUNK));
    });
    const copied = await rateOf(EVENTS, () => copyRows(lines));
    if (round < 0) continue; // the first warms up
    store.push(stored);
    copy.push(copied);
  }
  print("The storage step: dedupe, rows, hours, traces, feeds");
  line("  store", store, `${ratioOf(store, copy).toFixed(2)} of COPY`);
  line("  COPY, same table", copy);
}

async function measureWhole(): Promise<void> {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: env.DATABASE_URL }) });
  const [whole, copy, many]: [Rate[], Rate[], Rate[]] = [[], [], []];
  for (let round = -1; round < ROUNDS; round += 1) {
    const bodies = Array.from({ length: Math.ceil(EVENTS / BODY_SPANS) }, () => otlpBody(BODY_SPANS));
    const events = bodies.length * BODY_SPANS;
    const lines = copyLines(workspaceId, benchEvents(sender, events));
    const data = prismaRows(workspaceId, benchEvents(sender, Math.min(events, 4_000)));
    const all = await rateOf(events, async () => {
      for (const body of bodies) await takeTelemetry(context(), { inlet: "traces", encoding: "json", body });
      await writeWaiting(AbortSignal.timeout(60_000));
    });
    const copied = await rateOf(events, () => copyRows(lines));
    const created = await rateOf(data.length, async () => {
      for (let at = 0; at < data.length; at += 500)
        await prisma.agentEvent.createMany({ data: data.slice(at, at + 500) });
    });
    if (round < 0) continue;
    whole.push(all);
    copy.push(copied);
    many.push(created);
  }
  await prisma.$disconnect();
  print("\nThe whole path: decode JSON, redact, price, wait durably, dedupe, write, count");
  line(
    "  whole path",
    whole,
    `${ratioOf(whole, copy).toFixed(2)} of COPY, ${ratioOf(whole, many).toFixed(1)} × createMany`,
  );
  line("  COPY, same table", copy);
  line("  createMany", many);
}

async function measureAccepted(): Promise<void> {
  const bodies = Array.from({ length: 400 }, () => otlpBody(BODY_SPANS));
  let [accepted, next] = [0, 0];
  const refused = new Map<number, number>();
  const ends = performance.now() + HTTP_SECONDS * 1_000;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: HTTP_CLIENTS }, async () => {
      while (performance.now() < ends) {
        const body = bodies[next++ % bodies.length] ?? Buffer.alloc(0);
        const response = await fetch(new URL("/v1/traces", url), {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: new Uint8Array(body),
        });
        await response.arrayBuffer();
        if (response.ok) accepted += BODY_SPANS;
        else refused.set(response.status, (refused.get(response.status) ?? 0) + 1);
      }
    }),
  );
  const rate = (accepted / (performance.now() - began)) * 1_000;
  const others = [...refused].map(([status, count]) => `${count} answered ${status}`).join(", ");
  print(
    `\nAccepted durable over HTTP ${whole(rate)} events/s   ${HTTP_CLIENTS} connections, ${BODY_SPANS} spans a body, one process ${others}`,
  );
}

function context(): ServiceContext {
  return {
    workspaceId,
    actor: { kind: "agent", ...sender, scopes: ["ingest"] },
    requestId: "bench",
    now: new Date(),
    db: workspaceDb(workspaceId),
  };
}

/** One export as a collector sends it: spans of a run in OTel's names. */
function otlpBody(spans: number): Buffer {
  const attribute = (name: string, value: string | number) => ({
    key: name,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  });
  const traceId = randomBytes(16).toString("hex");
  const now = Date.now();
  const made = Array.from({ length: spans }, (_, n) => ({
    traceId,
    spanId: newEventId(),
    name: n % 4 === 0 ? "execute_tool search" : "chat gpt-4.1-mini",
    kind: 3,
    startTimeUnixNano: nsOf(new Date(now - spans + n)),
    endTimeUnixNano: nsOf(new Date(now - spans + n + 120)),
    attributes:
      n % 4 === 0
        ? [
            attribute("gen_ai.operation.name", "execute_tool"),
            attribute("gen_ai.tool.name", "search"),
            attribute("gen_ai.tool.call.id", `call_${n}`),
            attribute("gen_ai.tool.call.arguments", '{"query":"refund policy","limit":5}'),
          ]
        : [
            attribute("gen_ai.operation.name", "chat"),
            attribute("gen_ai.provider.name", "openai"),
            attribute("gen_ai.request.model", "gpt-4.1-mini"),
            attribute("gen_ai.response.model", "gpt-4.1-mini-2025-04-14"),
            attribute("gen_ai.usage.input_tokens", 1_200 + n),
            attribute("gen_ai.usage.output_tokens", 340),
            attribute("gen_ai.usage.cache_read.input_tokens", 1_024),
            attribute("gen_ai.conversation.id", `s-${traceId.slice(0, 6)}`),
          ],
  }));
  const scopeSpans = [{ scope: { name: "bench", version: "1" }, spans: made }];
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans }] }));
}
