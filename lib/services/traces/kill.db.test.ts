import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, describe, expect, test } from "vitest";

import { ingestPool } from "@/lib/data/ingest-pool";
import { env } from "@/lib/platform/env";
import { enqueue } from "@/lib/testing/ingest";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, newTraceId } from "@/lib/testing/trace-events";

import { writeWaiting } from "./write-waiting";

const ROUNDS = 4;
const BATCHES = 40;
const EVENTS = 25;

afterAll(() => ingestPool.end());

function startWriter(): ChildProcess {
  return spawn(process.execPath, ["--conditions", "react-server", "--import", "tsx", "lib/testing/write-loop.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: "/usr/bin:/bin",
      NODE_ENV: "test",
      DATABASE_URL: env.DATABASE_URL,
      NEXTAUTH_SECRET: env.NEXTAUTH_SECRET,
      LOG_LEVEL: "fatal",
    },
  });
}

describe("writing what waits", { timeout: 180_000 }, () => {
  test("loses and doubles nothing when its processes are killed at any moment", async () => {
    const { workspaceId } = await givenTenant();
    const sender = givenSender();
    const owner = await connectOwner();
    const makeDue = () => owner.query("UPDATE ingest_inbox SET due_at = clock_timestamp()");
    const batches = Array.from({ length: BATCHES * ROUNDS }, () => {
      const traceId = newTraceId();
      return Array.from({ length: EVENTS }, (_, n) =>
        givenEvent({ traceId, ...(n === 0 && { kind: "tool", tool: { name: "t", callId: null, args: null } }) }),
      );
    });
    let sent = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const writers = [startWriter(), startWriter()];
      await Promise.all(writers.map((writer) => new Promise((resolve) => writer.stdout?.once("data", resolve))));
      // Some are sent twice: the sender did not hear the answer.
      for (const batch of batches.slice(sent, sent + BATCHES)) {
        await enqueue(workspaceId, sender, batch);
        if (Math.random() < 0.3) await enqueue(workspaceId, sender, batch);
      }
      sent += BATCHES;
      await sleep(20 + 60 * round);
      const ended = writers.map((writer) => new Promise((resolve) => writer.once("exit", resolve)));
      for (const writer of writers) writer.kill("SIGKILL");
      await Promise.all(ended);
      await makeDue();
    }
    await sleep(300); // what a killed process had begun is rolled back
    await makeDue();
    await writeWaiting(AbortSignal.timeout(60_000));
    const expected = String(BATCHES * ROUNDS * EVENTS);
    const count = async (text: string) => (await owner.query<{ n: string }>(text, [workspaceId])).rows[0]?.n;
    expect(await count("SELECT count(*) AS n FROM events WHERE workspace_id = $1")).toBe(expected);
    expect(await count("SELECT sum(events) AS n FROM agent_hours WHERE workspace_id = $1")).toBe(expected);
    expect(await count("SELECT sum(events) AS n FROM traces WHERE workspace_id = $1")).toBe(expected);
    expect(await count("SELECT sum(events) AS n FROM feeds WHERE workspace_id = $1")).toBe(expected);
    expect(await count("SELECT count(*) AS n FROM executed_calls WHERE workspace_id = $1")).toBe(
      String(BATCHES * ROUNDS),
    );
    expect(await count("SELECT count(*) AS n FROM ingest_inbox WHERE workspace_id = $1")).toBe("0");
    expect(await count("SELECT count(*) AS n FROM event_conflicts WHERE workspace_id = $1")).toBe("0");
    await owner.end();
  });
});
