import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { migrate } from "@/lib/cli/stack/migrate.mjs";
import { partsOfBuckets, partsOfPeriod } from "@/lib/core/figures/parts";
import { readRange } from "@/lib/core/figures/range";
import { explainAll, faultsOf, nodesOf } from "@/lib/testing/explain";
import { connectOwner } from "@/lib/testing/owner";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";

import { readSpend } from "./spend-reads";
import type { SpendQuestion } from "./trace-store";

const LIMIT_MS = 180_000;
const AGENTS = 10;
const DAYS = 70;
const NOW = new Date("2026-10-27T15:42:10Z");

let scratch: ScratchDatabase;
let owner: Awaited<ReturnType<typeof connectOwner>>;
const workspace = randomUUID();
beforeAll(async () => {
  scratch = await createScratchDatabase("spend_plans");
  await migrate(scratch.url);
  owner = await connectOwner(scratch.url);
  await fill();
}, LIMIT_MS);
afterAll(async () => {
  await owner.end();
  await scratch.drop();
}, LIMIT_MS);

/** A row of each agent in every quarter of an hour, hour, day and week, of this workspace and another. */
async function fill(): Promise<void> {
  const keys =
    "events, errors, retries, failed_validations, human_reviews, model_calls, tool_calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, both_priced, given_picos, computed_picos, retry_picos, failed_picos, error_picos";
  const zeros = (count: number) => Array.from({ length: count }, () => "1").join(", ");
  await owner.query("SET session_replication_role = replica");
  for (const id of [workspace, randomUUID()]) {
    for (const minutes of [15, 60, 1440, 10_080]) {
      const count = Math.ceil((DAYS * 1440) / minutes);
      const rows = `FROM generate_series(0, ${count - 1}) AS n, generate_series(1, ${AGENTS}) AS a`;
      const starts = `date_trunc('week', '${NOW.toISOString()}'::timestamptz, 'UTC') + interval '7 days' - (n + 1) * interval '${minutes} minutes'`;
      const agent = "('00000000-0000-4000-8000-' || lpad(a::text, 12, '0'))::uuid";
      await owner.query(
        `INSERT INTO spend_calls (workspace_id, minutes, starts, agent_id, agent_version, kind, provider, model, tool, ${keys})
         SELECT '${id}', ${minutes}, ${starts}, ${agent}, '', 'llm', 'p', 'm', '', ${zeros(23)} ${rows}`,
      );
      await owner.query(
        `INSERT INTO spend_values (workspace_id, minutes, dimension, starts, agent_id, value, ${keys}, runs, succeeded)
         SELECT '${id}', ${minutes}, 'all', ${starts}, ${agent}, '', ${zeros(25)} ${rows}`,
      );
    }
  }
  await owner.query("ANALYZE spend_calls, spend_values");
}

const parts = (tz: string, from: string) => {
  const range = readRange({ from, tz }, NOW);
  return { buckets: partsOfBuckets(range), period: partsOfPeriod(range) };
};

const QUESTIONS: readonly (readonly [string, SpendQuestion])[] = [
  ["Asia/Kolkata", "now-7d"] as const,
  ["Pacific/Auckland", "now-30d"] as const,
  ["Asia/Kolkata", "now-60d"] as const,
].flatMap(([tz, from]) => {
  const { buckets, period } = parts(tz, from);
  return [
    [`${tz} agents`, { from: "values", dimension: "all", by: ["agent"], parts: buckets, measures: ["cost_picos"] }],
    [`${tz} models`, { from: "calls", by: ["agent", "model"], where: {}, parts: period, measures: ["cost_picos"] }],
  ] as const;
});

describe("a question about spend", () => {
  test.each(QUESTIONS)("reads the spans it adds up and no others: %s", async (_, question) => {
    const client = await connectOwner(scratch.url);
    try {
      const taken = await explainAll(client);
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await client.query("SELECT set_config('interlock.workspace_id', $1, true)", [workspace]);
      taken();
      const rows = await readSpend(client, workspace, question);
      await client.query("ROLLBACK");
      expect(rows.length).toBeGreaterThan(0);
      const explained = taken().filter(({ "Query Text": text }) => text.includes("spend_"));
      expect(explained).toHaveLength(1);
      const spans = question.parts.reduce((sum, { from, to, minutes }) => sum + (to - from) / (minutes * 60_000), 0);
      // A plan's rows a loop are rounded to a hundredth.
      expect(faultsOf(explained, { rows: Math.ceil(spans * AGENTS * 1.001), blocks: 300 })).toEqual([]);
      const read = explained.flatMap(({ Plan: plan }) =>
        nodesOf(plan).flatMap((node) => node["Index Name"] ?? node["Relation Name"] ?? []),
      );
      expect(read.every((name) => /^spend_(calls|values)(_pkey)?$/.test(name))).toBe(true);
    } finally {
      await client.end();
    }
  });
});
