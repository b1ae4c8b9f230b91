import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Answered, givenAgent, givenWorkspace, type Registered, send } from "@/lib/testing/client";
import { connectOwner } from "@/lib/testing/owner";
import { type Served, startProcess } from "@/lib/testing/replicas";

// A process that is stopped between the two statements of a batch holds the workspace's shared lock. Whatever takes a right
// away must not wait for it longer than a second, and nothing the silent process had begun may be committed afterwards.

const WITHIN_MS = 1_000;
const CALLERS = 16;
/** How often a process is stopped until it is caught inside a transaction. */
const TRIES = 400;

let silent: Served;
let other: Served;
let owner: Awaited<ReturnType<typeof connectOwner>>;

beforeAll(async () => {
  owner = await connectOwner();
  [silent, other] = await Promise.all([startProcess("lib/api/main.ts"), startProcess("lib/api/main.ts")]);
}, 60_000);
afterAll(async () => {
  process.kill(silent.pid, "SIGCONT");
  await Promise.all([silent.stop(), other.stop(), owner.end()]);
});

type Given = Registered & { readonly admin: string; readonly workspaceId: string };

/** Calls without end through the process that will fall silent, until stopped. */
function startCalls({ key }: Given): { stop(): Promise<void> } {
  let running = true;
  const call = () => ({
    session_id: `s-${randomUUID()}`,
    run_id: "r",
    tool: "read_customer_record",
    args: { customer_id: "C-1" },
  });
  const caller = async () => {
    while (running) await send(silent.url, "/api/v1/decisions", key, call()).catch(() => sleep(20));
  };
  const callers = Array.from({ length: CALLERS }, caller);
  return {
    async stop() {
      running = false;
      await Promise.all(callers);
    },
  };
}

/** Backends of the decision path that hold the workspace's lock and wait for their client. */
async function heldOpen(): Promise<number> {
  const { rows } = await owner.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
     WHERE a.application_name = 'interlock-decisions' AND a.state LIKE 'idle in transaction%' AND a.datname = current_database()`,
  );
  return rows[0]?.n ?? 0;
}

/** Stops the process at a moment at which it holds the lock: between its two statements. */
async function fallSilent(): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    process.kill(silent.pid, "SIGSTOP");
    if ((await heldOpen()) > 0) return;
    process.kill(silent.pid, "SIGCONT");
    await sleep(5 + (tries % 13));
  }
  throw new Error("the process was never caught inside a transaction");
}

const WAYS: readonly [string, (given: Given) => Promise<Answered>][] = [
  [
    "a stop of the workspace",
    ({ admin }) => send(other.url, "/api/v1/stops", admin, { scope: "workspace", reason: "drill" }),
  ],
  [
    "a stop of the agent",
    ({ admin, handle }) => send(other.url, "/api/v1/stops", admin, { scope: "agent", id: handle, reason: "drill" }),
  ],
  [
    "the revocation of its key",
    async ({ admin, handle }) => {
      const shown = await send(other.url, `/api/v1/agents/${handle}`, admin);
      const [credential] = shown.body["credentials"] as unknown as { id: string }[];
      return send(other.url, `/api/v1/agents/${handle}/credentials/${credential?.id}`, admin, undefined, {
        method: "DELETE",
      });
    },
  ],
];

describe("a process that falls silent inside a batch", { timeout: 60_000 }, () => {
  test.each(WAYS)("holds up %s for less than a second, and allows nothing after it", async (_what, takeAway) => {
    const { token: admin, workspaceId } = await givenWorkspace();
    const given: Given = { ...(await givenAgent(other.url, admin)), admin, workspaceId };
    const calls = startCalls(given);
    await sleep(300);
    await fallSilent();
    const began = performance.now();
    const answer = await takeAway(given);
    const took = performance.now() - began;
    const { rows } = await owner.query<{ now: Date }>("SELECT clock_timestamp() AS now");
    process.kill(silent.pid, "SIGCONT");
    await sleep(500);
    await calls.stop();

    expect(answer.status).toBeLessThan(300);
    expect(took).toBeLessThan(WITHIN_MS);
    const { rows: late } = await owner.query(
      "SELECT id FROM decisions WHERE workspace_id = $1 AND verdict = 'allow' AND created_at > $2",
      [workspaceId, rows[0]?.now],
    );
    expect(late).toEqual([]);
  });
});
