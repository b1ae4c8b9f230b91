import { spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { env } from "@/lib/platform/env";
import { send } from "@/lib/testing/client";
import { connectOwner } from "@/lib/testing/owner";
import { freePort } from "@/lib/testing/replicas";
import { fillWaiting } from "@/lib/testing/waiting-actions";

/** The product as `npm start` brings it up, with a desk that is full. */
export type Desk = {
  readonly url: string;
  /** Of an administrator who holds every role, signed in. */
  readonly cookies: readonly { readonly name: string; readonly value: string; readonly url: string }[];
  readonly admin: string;
  /** An action of a thousand rows, and one of two thousand changed lines. */
  readonly rows: string;
  readonly lines: string;
  /** Has the agent ask for people; the action's id. */
  ask(): Promise<string>;
  /** What the agent is told once it is settled. */
  wait(id: string): Promise<void>;
  stop(): Promise<void>;
};

const EMAIL = "bench@example.com";
const PASSWORD = "only-for-benchmarks-passphrase";
const TOKEN = "ilp_only-for-benchmarks-5d2c8f1b7a904e63";
const START_LIMIT_MS = 600_000;

const MANIFEST = `agent:
  id: "bench"
tools:
  allowed:
    - name: "send_bench_email"
      requires_approval: true
      approval_timeout_seconds: 86400
    - name: "update_bench_rows"
      approval_timeout_seconds: 86400
    - name: "update_bench_text"
      requires_approval: true
      approval_timeout_seconds: 86400
execution:
  max_steps: 100000
`;

/** Starts it on the benchmark's database and fills it. */
export async function openDesk({ waiting }: { waiting: number }): Promise<Desk> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ["lib/cli/start.cjs"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      NODE_ENV: "production",
      PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
      DATABASE_URL: env.DATABASE_URL,
      NEXTAUTH_SECRET: env.NEXTAUTH_SECRET,
      PORT: String(port),
      PUBLIC_URL: url,
      INTERLOCK_DATA_DIR: path.join(env.INTERLOCK_DATA_DIR, "bench", "desk"),
      INTERLOCK_BOOTSTRAP_EMAIL: EMAIL,
      INTERLOCK_BOOTSTRAP_PASSWORD: PASSWORD,
      INTERLOCK_BOOTSTRAP_TOKEN: TOKEN,
      DEMO: "0",
      LOG_LEVEL: "warn",
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // However this process ends: a product that is left over would keep its data directory.
  process.once("exit", () => child.kill("SIGTERM"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    await ready(url, () => child.exitCode !== null);
    return { url, admin: TOKEN, cookies: await signIn(url), ...(await fill(url, waiting)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(url: string, hasEnded: () => boolean): Promise<void> {
  for (const began = Date.now(); Date.now() - began < START_LIMIT_MS; ) {
    if (hasEnded()) throw new Error("the product did not start");
    // The pages too: /signin is one.
    const answer = await fetch(`${url}/signin`).catch(() => null);
    if (answer?.ok) return;
    await sleep(250);
  }
  throw new Error("the product did not become ready");
}

async function signIn(url: string): Promise<Desk["cookies"]> {
  const jar = new Map<string, string>();
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  };
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const csrf: { csrfToken: string } = JSON.parse(await keep(await fetch(`${url}/api/auth/csrf`)).text());
  const form = new URLSearchParams({ csrfToken: csrf.csrfToken, email: EMAIL, password: PASSWORD, json: "true" });
  const headers = { cookie: cookie(), origin: url, "content-type": "application/x-www-form-urlencoded" };
  keep(
    await fetch(`${url}/api/auth/callback/credentials`, { method: "POST", headers, body: form, redirect: "manual" }),
  );
  return [...jar].map(([name, value]) => ({ name, value, url }));
}

async function fill(url: string, waiting: number): Promise<Pick<Desk, "rows" | "lines" | "ask" | "wait">> {
  const dri = await created(url, "/api/v1/members", { email: "dri@example.com", name: "Dri", roles: ["viewer"] });
  const tool = (name: string, reversibility: string) => ({
    name,
    reversibility,
    blast_radius: "low",
    args_schema: { type: "object" },
  });
  await created(url, "/api/v1/tools", [
    tool("send_bench_email", "irreversible"),
    tool("update_bench_rows", "irreversible"),
    tool("update_bench_text", "irreversible"),
  ]);
  const agent = { id: "bench", task: "Benchmark.", dri: dri["member_id"], environment: "staging", level: 3 };
  const { key } = await created(url, "/api/v1/agents", { ...agent, manifest: MANIFEST });
  const owner = await connectOwner();
  const { rows } = await owner.query("SELECT id FROM workspaces");
  const workspaceId = WorkspaceId.parse(rows[0].id);
  await fillWaiting(workspaceDb(workspaceId), { workspaceId, driId: String(dri["member_id"]), count: waiting });
  await owner.query("ANALYZE");
  await owner.end();

  let calls = 0;
  const decide = async (toolName: string, more: object) => {
    calls += 1;
    const call = { session_id: `s-${calls}`, run_id: `r-${calls}`, call_id: `c-${calls}`, tool: toolName };
    const answer = await send(url, "/api/v1/decisions", String(key), {
      ...call,
      args: { to: `someone-${calls}@example.com` },
      ...more,
    });
    const approval: { id: string } | undefined =
      JSON.parse(JSON.stringify(answer.body["approval"] ?? null)) ?? undefined;
    if (approval === undefined) throw new Error(`${toolName}: ${JSON.stringify(answer.body)}`);
    return approval.id;
  };
  return {
    rows: await decide("update_bench_rows", { effect: bigRows() }),
    lines: await decide("update_bench_text", { effect: bigText() }),
    ask: () => decide("send_bench_email", {}),
    async wait(id) {
      await send(url, `/api/v1/approvals/${id}?wait=30`, String(key));
    },
  };
}

/** A thousand rows, each changed in one of four columns. */
function bigRows() {
  const row = (n: number, state: string) => ({
    id: `C-${n}`,
    name: `Customer ${n}`,
    value: (n * 37) % 5_000,
    state,
  });
  const many = (state: string) => Array.from({ length: 1_000 }, (_, n) => row(n, state));
  return { kind: "rows", before: many("open"), after: many("closed") };
}

/** Two thousand changed lines among four thousand. */
function bigText() {
  const text = (word: string) =>
    Array.from({ length: 3_000 }, (_, n) => `line ${n}: ${n % 3 === 2 ? "the same" : word} ${n * 7}`).join("\n");
  return { kind: "text", before: text("before"), after: text("after") };
}

async function created(url: string, target: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await send(url, target, TOKEN, body);
  if (answer.status !== 201) throw new Error(`${target} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
