import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { bucketOf } from "@/lib/core/decisions/usage";
import { type Answered, givenAgent, givenWorkspace, supportManifest } from "@/lib/testing/client";
import { createHistory } from "@/lib/testing/history";
import { checkInvariants, sequence } from "@/lib/testing/invariants";
import { connectOwner } from "@/lib/testing/owner";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let owner: Awaited<ReturnType<typeof connectOwner>>;
beforeAll(async () => {
  [replicas, owner] = await Promise.all([startReplicas(2), connectOwner()]);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
  await owner.end();
});

const TOOL = "read_customer_record";
const Decided = z.looseObject({
  decision_id: z.string(),
  verdict: z.string(),
  reasons: z.array(z.looseObject({ message: z.string() })),
  remaining: z.looseObject({ cost_usd: z.string().nullable() }),
});
const Row = z.object({ reserved: z.coerce.number(), state: z.string() });

/** An agent with this `execution:`, asking two replicas in turn. */
async function agentWith(execution: string) {
  const history = createHistory();
  const { token: admin, workspaceId } = await givenWorkspace();
  const url = (index: number): string => replicas.urls[index % replicas.urls.length] ?? "";
  const manifest = (handle: string) => supportManifest(handle, `execution: ${execution}\n`);
  const { key, handle } = await givenAgent(url(0), admin, { manifest });
  let sent = 0;
  const call = async (estimate: object | null = null, run = "r") => {
    sent += 1;
    const body = { session_id: "s", run_id: run, tool: TOOL, args: { customer_id: `C-${sent}` }, estimate };
    return Decided.parse((await history.ask(url(sent), "/api/v1/decisions", key, body)).body);
  };
  const report = (id: string, said: object = {}, replica = 0): Promise<Answered> =>
    history.ask(url(replica), `/api/v1/decisions/${id}/outcome`, key, { outcome: "success", ...said });
  const atOnce = async (count: number, estimate: object | null = null, run = (_index: number) => "r") => {
    const answers = await Promise.all(Array.from({ length: count }, (_, index) => call(estimate, run(index))));
    return { answers, allowed: answers.filter(({ verdict }) => verdict === "allow") };
  };
  /** What is left after one more cent. */
  const left = async () => (await call({ cost_usd: 0.01 })).remaining.cost_usd;
  const budgets = async () => {
    const text = `SELECT scope, metric, used::float8, reserved::float8, overrun::float8 FROM budgets WHERE workspace_id = $1 ORDER BY 1, 2`;
    return (await owner.query(text, [workspaceId])).rows;
  };
  /** Makes the tool's usual spending known, as the roll-up would. */
  const usually = async (metric: string, sizes: readonly number[]) => {
    for (const size of sizes)
      await owner.query(
        `INSERT INTO tool_sizes AS t (workspace_id, agent_id, tool, day, metric, bucket, calls, most)
         SELECT $1, id, $2, (clock_timestamp() AT TIME ZONE 'UTC')::date, $3, $4, 1, $5 FROM agents WHERE workspace_id = $1 AND handle = $6
         ON CONFLICT (agent_id, tool, metric, day, bucket) DO UPDATE SET calls = t.calls + 1, most = greatest(t.most, excluded.most)`,
        [workspaceId, TOOL, metric, bucketOf(size), size, handle],
      );
  };
  const sound = async () => {
    await sequence(workspaceId);
    expect(await checkInvariants(workspaceId, history.sent)).toEqual([]);
  };
  return { call, report, atOnce, left, budgets, usually, sound, workspaceId };
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const ONE_DOLLAR = "{max_cost_usd: 1}";

describe("calls at once that do not say what they may cost (T42, T121)", () => {
  test("hold a tenth of the bound each; what they really cost is counted and halts the run", async () => {
    const { atOnce, report, call, sound } = await agentWith(ONE_DOLLAR);
    const { answers, allowed } = await atOnce(20);
    expect(allowed).toHaveLength(10);
    expect(allowed.map(({ remaining }) => remaining.cost_usd).toSorted()).toEqual([
      "0.00",
      "0.10",
      "0.20",
      "0.30",
      "0.40",
      "0.50",
      "0.60",
      "0.70",
      "0.80",
      "0.90",
    ]);
    expect(answers.map(({ reasons }) => reasons[0]?.message)).toContain(
      "The run has used or reserved $1.00 of $1.00. The run is halted.",
    );
    const told = await Promise.all(allowed.map(({ decision_id: id }, index) => report(id, { cost_usd: 1 }, index)));
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await call()).verdict).toBe("halt");
    await sound();
  });

  test.each([
    ["zero is no estimate", "{max_cost_usd: 1}", { cost_usd: 0 }, 10],
    ["what is left by the steps left", "{max_cost_usd: 1, max_steps: 15}", null, 15],
    ["the manifest's default", "{max_cost_usd: 1, default_estimate_usd: 0.4}", null, 2],
    ["a day's money", "{daily_cost_usd: 1}", null, 10],
    ["a day's money, up to its hard mark", "{daily_cost_usd: 1, hard_at: 0.8, default_estimate_usd: 0.1}", null, 8],
    ["a day's tokens", "{daily_tokens: 1000}", null, 10],
    ["a day's tokens, zero said", "{daily_tokens: 1000}", { tokens: 0, cost_usd: 1 }, 10],
    ["a day's tokens by default", "{daily_tokens: 1000, default_estimate_tokens: 300}", null, 3],
    ["estimates hold exactly", "{max_cost_usd: 1}", { cost_usd: 0.3 }, 3],
  ])("%s: %s", async (_name, execution, estimate, allow) => {
    const { atOnce, budgets, sound } = await agentWith(execution);
    // A day is the agent's, whatever the run.
    const run = execution.includes("daily_") ? (index: number) => `r-${index}` : undefined;
    expect((await atOnce(20, estimate, run)).allowed).toHaveLength(allow);
    expect(await budgets()).not.toEqual([]);
    await sound();
  });

  test("hold what the tool usually costs, once twenty calls are known", async () => {
    const { atOnce, usually, call, report, budgets, sound } = await agentWith(ONE_DOLLAR);
    await usually("cost_micros", [...times(18, 100_000), ...times(2, 400_000)]);
    const { allowed, answers } = await atOnce(20);
    expect(allowed).toHaveLength(2);
    expect(answers.map(({ reasons }) => reasons[0]?.message)).toContain(
      "The run has used or reserved $0.80 of $1.00; this call may cost $0.40. The run is halted.",
    );
    // A report that names nothing settles at that, one that names it settles at it.
    await report(allowed[0]?.decision_id ?? "", { outcome: "error" });
    await report(allowed[1]?.decision_id ?? "", { cost_usd: 0.05 });
    expect(await budgets()).toMatchObject([{ scope: "run", used: 450_000, reserved: 0, overrun: 0 }]);
    expect((await call()).verdict).toBe("halt");
    await sound();
  });

  test("nineteen known calls are not enough", async () => {
    const { atOnce, usually } = await agentWith(ONE_DOLLAR);
    await usually("cost_micros", times(19, 400_000));
    expect((await atOnce(20)).allowed).toHaveLength(10);
  });

  test("tokens by what the tool usually uses", async () => {
    const { atOnce, usually } = await agentWith("{daily_tokens: 1000}");
    await usually("tokens", times(20, 400));
    expect((await atOnce(20, null, (index) => `r-${index}`)).allowed).toHaveLength(2);
  });
});

describe("one call after the other", () => {
  test("an agent that never estimates works, and uses its bound to the end", async () => {
    const { call, report, sound } = await agentWith(ONE_DOLLAR);
    const verdicts: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { verdict, decision_id: id } = await call();
      verdicts.push(verdict);
      if (verdict === "allow") await report(id, { cost_usd: 0.1 }, index);
    }
    expect(verdicts).toEqual([...times(10, "allow"), ...times(2, "halt")]);
    await sound();
  });

  test("so does one that never reports either", async () => {
    const { call, sound } = await agentWith("{max_cost_usd: 0.5}");
    const verdicts: string[] = [];
    for (let index = 0; index < 6; index += 1) verdicts.push((await call()).verdict);
    expect(verdicts).toEqual(times(6, "allow"));
    await sound();
  });

  test("and one whose reports never say what it cost", async () => {
    const { call, report, left } = await agentWith("{max_cost_usd: 0.5}");
    for (const outcome of ["success", "error", "retry", "unknown", "success", "human_review_required"])
      await report((await call()).decision_id, { outcome });
    expect(await left()).toBe("0.49");
  });
});

describe("what is reported later", () => {
  test("is counted when it arrives: more adds the difference, the same and less change nothing", async () => {
    const { call, report, left, sound } = await agentWith(ONE_DOLLAR);
    const { decision_id: id } = await call({ cost_usd: 0.01 });
    const statuses = [];
    for (const cost of [undefined, 0.5, 0.5, 0.2, 0, 0.9, 0.9, undefined])
      statuses.push((await report(id, cost === undefined ? {} : { cost_usd: cost })).status);
    expect(statuses).toEqual(times(8, 201));
    expect(await left()).toBe("0.09");
    await sound();
  });

  test("counts once, however often it comes at once and wherever", async () => {
    const { call, report, budgets, sound } = await agentWith("{max_cost_usd: 1, daily_cost_usd: 2, daily_tokens: 100}");
    const { decision_id: id } = await call();
    await report(id);
    const said = { cost_usd: 0.4, usage: { input_tokens: 20, output_tokens: 10 } };
    await Promise.all(Array.from({ length: 8 }, (_, index) => report(id, said, index)));
    expect(await budgets()).toEqual([
      { scope: "agent", metric: "cost_micros", used: 400_000, reserved: 0, overrun: 0 },
      { scope: "agent", metric: "tokens", used: 30, reserved: 0, overrun: 0 },
      { scope: "run", metric: "cost_micros", used: 400_000, reserved: 0, overrun: 0 },
    ]);
    await sound();
  });

  test("need not bring the result again, and halts a run that it takes over its bound", async () => {
    const { call, report, budgets, sound } = await agentWith(ONE_DOLLAR);
    const { decision_id: id } = await call();
    await report(id, { result: { any: 1 }, cost_usd: 0.1 });
    expect((await report(id, { cost_usd: 1.5 })).status).toBe(201);
    expect(await budgets()).toMatchObject([{ used: 1_000_000, reserved: 0, overrun: 500_000 }]);
    expect((await call()).verdict).toBe("halt");
    expect((await report(id, { result: { any: 2 }, cost_usd: 9 })).status).toBe(409);
    await sound();
  });

  test.each([-5, null, "NaN", "1", 1e308, 1_000_001])("of %j is refused and takes nothing back", async (cost) => {
    const { call, report, left } = await agentWith(ONE_DOLLAR);
    const { decision_id: id } = await call({ cost_usd: 0.4 });
    expect((await report(id, { cost_usd: cost })).status).toBeGreaterThanOrEqual(400);
    expect(await left()).toBe("0.59");
    await report(id, { cost_usd: 0.4 });
    expect((await report(id, { cost_usd: cost })).status).toBeGreaterThanOrEqual(400);
    expect(await left()).toBe("0.58");
  });

  test("is in the ledger, with what was known before", async () => {
    const { call, report, workspaceId } = await agentWith(ONE_DOLLAR);
    const { decision_id: id } = await call();
    await report(id, { cost_usd: 0.2 });
    await report(id, { cost_usd: 0.3 });
    const text = "SELECT body::jsonb AS body FROM ledger_entries WHERE workspace_id = $1 AND kind LIKE $2 ORDER BY id";
    const { rows } = await owner.query<{ body: object }>(text, [workspaceId, "outcome%"]);
    expect(rows.map(({ body }) => body)).toMatchObject([
      { kind: "outcome", decision: id, cost_micros: 200_000 },
      { kind: "outcome.add", decision: id, cost_before: 200_000, cost_micros: 300_000, tokens: null },
    ]);
    const decisions = await owner.query(
      "SELECT (body::jsonb ->> 'reserved_micros') AS reserved, body::jsonb -> 'reserved_by' ->> 'cost' AS state FROM ledger_entries WHERE id = $1",
      [id],
    );
    expect(Row.array().parse(decisions.rows)).toEqual([{ reserved: 100_000, state: "share" }]);
  });
});
