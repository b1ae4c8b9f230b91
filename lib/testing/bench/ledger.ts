import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { verifyBundle } from "@/lib/cli/verify/verify-bundle";
import { readVerifierKey } from "@/lib/core/ledger/verifier-key";
import { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { anyone, hintPool, workspaceDb } from "@/lib/data/db";
import { sha256 } from "@/lib/platform/ed25519";
import type { ServiceContext } from "@/lib/services/context";
import { exportBundle } from "@/lib/services/ledger/export-bundle";
import { listKeys } from "@/lib/services/ledger/list-keys";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";
import { showProof } from "@/lib/services/ledger/show-proof";
import { givenWorkspace, send } from "@/lib/testing/client";
import { startReplicas } from "@/lib/testing/replicas";

import { openLoop } from "./load";
import { benchCall, benchManifest, benchTools } from "./policy";
import { quantile } from "./statistics";

// Prints the figures of the ledger: entries written, sequenced, proved and verified offline, and how long a decision
// waits until a signed checkpoint holds it, under load. Exits non-zero only when it could not measure.
const quick = process.argv.includes("--quick");
const ENTRIES = quick ? 20_000 : 100_000;
const TOOLS = 20;

const print = (line: string) => process.stdout.write(`${line}\n`);
const perSecond = (count: number, ms: number) => String(Math.round((count / ms) * 1_000)).padStart(8);

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const began = performance.now();
  const result = await work();
  return { result, ms: performance.now() - began };
}

const { token: admin, workspaceId: id } = await givenWorkspace();
const workspaceId = WorkspaceId.parse(id);
const db = workspaceDb(workspaceId);
const system = (): ServiceContext => ({
  workspaceId,
  actor: { kind: "system", job: "bench" },
  requestId: "bench",
  now: new Date(),
  db,
});
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
print(
  `bench:ledger  commit ${commit}  node ${process.version}  ${cpus().length} × ${cpus()[0]?.model ?? "cpu"}  load, server and Postgres share the machine\n`,
);

try {
  await grow();
  await prove();
  await verifyOffline();
  await underLoad();
} finally {
  await Promise.all([anyone.$disconnect(), hintPool.end()]);
}

/** Bodies like those of decisions, inserted by the statement so that only the sequencer is measured. */
async function grow(): Promise<void> {
  await sequenceLedger(system());
  const { ms: written } = await timed(async () => {
    for (let from = 0; from < ENTRIES; from += 5_000) {
      const ids = Array.from({ length: Math.min(5_000, ENTRIES - from) }, () => uuidv7());
      const bodies = ids.map((entry, at) => JSON.stringify(body(entry, from + at)));
      await db.$executeRaw`
        INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
        SELECT i, ${workspaceId}::uuid, 'bench.entry', b::jsonb, clock_timestamp() FROM unnest(${ids}::uuid[], ${bodies}::text[]) AS x (i, b)`;
    }
  });
  const { ms: sequenced } = await timed(async () => {
    for (let left = ENTRIES; left > 0; ) left -= (await sequenceLedger(system())).sequenced;
  });
  print(`Written     ${perSecond(ENTRIES, written)} entries/s   in statements of 5,000, queued by the trigger`);
  print(`Sequenced   ${perSecond(ENTRIES, sequenced)} entries/s   leaf, index, head, stored nodes, signed checkpoints`);
}

function body(entry: string, n: number) {
  const digest = n.toString(16).padStart(64, "0");
  return {
    v: 1,
    kind: "bench.entry",
    id: entry,
    workspace: workspaceId,
    at: "2026-11-21T10:00:00.000Z",
    agent: "bench",
    level: 3,
    environment: "production",
    credential: randomUUID(),
    session: "s-1",
    run: `r-${n}`,
    step: 1,
    tool: "read_customer_record",
    tool_hash: digest,
    action_digest: digest,
    manifest_version: 1,
    manifest_hash: digest,
    verdict: "allow",
    rule: "tools.allowed[0]",
    reasons: [],
    score: 12,
    approval: null,
    reserved_micros: 0,
    run_before: { steps: 0, elapsed_seconds: 0, cost_micros: 0, state: "running" },
    payload: digest,
  };
}

async function member(): Promise<ServiceContext> {
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM members WHERE workspace_id = ${workspaceId}::uuid`;
  const memberId = String(rows[0]?.id);
  return { ...system(), actor: { kind: "member", memberId: MemberId.parse(memberId), roles: ["admin"], via: "token" } };
}

async function prove(): Promise<void> {
  const reader = await member();
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT entry_id AS id FROM ledger_leaves WHERE workspace_id = ${workspaceId}::uuid ORDER BY md5(entry_id::text) LIMIT 300`;
  const took: number[] = [];
  for (const row of rows) took.push((await timed(() => showProof(reader, row.id))).ms);
  print(
    `Proved      ${perSecond(
      took.length,
      took.reduce((sum, ms) => sum + ms, 0),
    )} entries/s   one after the other, p50 ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms`,
  );
}

async function verifyOffline(): Promise<void> {
  const reader = await member();
  const { result: text, ms: exported } = await timed(async () => {
    const pieces: string[] = [];
    for await (const piece of await exportBundle(reader)) pieces.push(piece);
    return pieces;
  });
  const keys = (await listKeys(reader)).items.flatMap((item) => readVerifierKey(sha256, item.verifier_key) ?? []);
  const pages = text.map((piece) => piece.trimEnd().split("\n"));
  const report = await verifyBundle(pages, { keys, since: null, receipts: [], now: () => performance.now() });
  if (report.code !== 0) throw new Error(JSON.stringify(report.findings.slice(0, 3)));
  print(`Exported    ${perSecond(report.size, exported)} entries/s   the whole bundle`);
  print(`Hashed      ${perSecond(report.size, report.hashMs)} entries/s   leaves and tree, offline`);
  print(
    `Verified    ${perSecond(report.size, report.totalMs)} entries/s   reading, signatures of ${report.checkpoints} checkpoints and all`,
  );
}

async function underLoad(): Promise<void> {
  const seconds = quick ? 10 : 30;
  const replicas = await startReplicas(1);
  const url = replicas.urls[0] ?? "";
  try {
    await send(url, "/api/v1/tools", admin, benchTools(TOOLS));
    const members = await send(url, "/api/v1/members", admin);
    const [first]: { email: string }[] = JSON.parse(JSON.stringify(members.body["items"]));
    const made = await send(url, "/api/v1/agents", admin, {
      id: "bench",
      task: "Benchmark.",
      dri: first?.email,
      environment: "production",
      level: 4,
      manifest: benchManifest("bench", TOOLS),
    });
    let running = true;
    const sequencer = (async () => {
      while (running) {
        await sequenceLedger(system());
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
    const call = (index: number) => JSON.stringify(benchCall(index, TOOLS));
    const load = await openLoop({ url, key: String(made.body["key"]) }, call, 300, seconds, (status) => status === 200);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    running = false;
    await sequencer;
    const rows = await db.$queryRaw<{ p50: number; p99: number; most: number; count: number }[]>`
      SELECT (percentile_cont(0.5) WITHIN GROUP (ORDER BY d))::float8 AS p50, (percentile_cont(0.99) WITHIN GROUP (ORDER BY d))::float8 AS p99,
             max(d)::float8 AS most, count(*)::int AS count
      FROM (SELECT extract(epoch FROM c.at - e.created_at)::float8 AS d
            FROM ledger_leaves l JOIN ledger_entries e ON e.id = l.entry_id
            CROSS JOIN LATERAL (SELECT at FROM ledger_checkpoints c WHERE c.workspace_id = l.workspace_id AND c.size > l.leaf_index ORDER BY c.size LIMIT 1) c
            WHERE l.workspace_id = ${workspaceId}::uuid AND e.kind = 'decision') x`;
    const [delay] = rows;
    print(
      `\nInclusion: 300 decisions/s for ${seconds} s (p99 of an answer ${quantile(load.latencies, 0.99).toFixed(1)} ms, signed receipts)`,
    );
    print(
      `  ${delay?.count ?? 0} entries in a signed checkpoint after p50 ${((delay?.p50 ?? 0) * 1_000).toFixed(0)} ms, p99 ${((delay?.p99 ?? 0) * 1_000).toFixed(0)} ms, max ${((delay?.most ?? 0) * 1_000).toFixed(0)} ms`,
    );
    const reader = await member();
    const pages: string[][] = [];
    for await (const piece of await exportBundle(reader)) pages.push(piece.trimEnd().split("\n"));
    const keys = (await listKeys(reader)).items.flatMap((item) => readVerifierKey(sha256, item.verifier_key) ?? []);
    const report = await verifyBundle(pages, { keys, since: null, receipts: [], now: () => performance.now() });
    if (report.code !== 0) throw new Error(JSON.stringify(report.findings.slice(0, 3)));
    print(
      `  ${report.judged} verdicts judged again, ${perSecond(report.size, report.totalMs).trim()} entries/s altogether`,
    );
  } finally {
    await replicas.stop();
  }
}
