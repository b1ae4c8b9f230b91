import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { closeSignIn, insertSignIn } from "@/lib/data/sign-ins";
import { env } from "@/lib/platform/env";
import { sealSessionToken, SESSION_COOKIE } from "@/lib/platform/session-token";
import { type EventReader, readEvents } from "@/lib/testing/event-reader";
import { connectOwner } from "@/lib/testing/owner";
import { type Served, startProcess } from "@/lib/testing/replicas";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

const METRICS_TOKEN = "metrics-of-the-stream-test";
const APPLICATION = "interlock-stream-test";

let server: Served;
let tenant: Tenant;

const start = () => {
  const url = new URL(env.DATABASE_URL);
  url.searchParams.set("application_name", APPLICATION);
  // A small heap is collected before it grows: what it then still holds is held on to.
  return startProcess("lib/api/main.ts", [], url.href, { METRICS_TOKEN, NODE_OPTIONS: "--max-old-space-size=160" });
};

beforeAll(async () => {
  [server, tenant] = await Promise.all([start(), givenTenant()]);
}, 60_000);
afterAll(() => server.stop());

/** The cookie of a member who has just signed in, and how they sign out. */
async function signedIn({ workspaceId, system }: Tenant, person: Person) {
  const signInId = uuidv7();
  const { memberId } = person.actor;
  await transact(system.db, (tx) => insertSignIn(tx, workspaceId, { id: signInId, memberId, seconds: 600 }));
  const token = await sealSessionToken({ signInId, memberId, workspaceId });
  return {
    headers: { cookie: `${SESSION_COOKIE.name}=${token}` },
    signOut: () => transact(system.db, (tx) => closeSignIn(tx, workspaceId, signInId, memberId)),
  };
}

/** Commits one event; `slowly` keeps its transaction open for a while, so that later ones overtake it. */
const commit = ({ workspaceId, system }: Tenant, n: number, slowly = false, pad = "") =>
  transact(system.db, async (tx) => {
    await insertOutboxEvent(tx, workspaceId, { topic: "approval.vote", payload: { n, pad } });
    if (slowly) await sleep(60);
  });

/** A number of the server's own metrics. */
async function measure(name: string): Promise<number> {
  const response = await fetch(new URL("/metrics", server.url), {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  });
  const line = (await response.text()).split("\n").find((text) => text.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
}

async function connections(): Promise<number> {
  const owner = await connectOwner(env.DATABASE_URL);
  try {
    const { rows } = await owner.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1", [
      APPLICATION,
    ]);
    return Number(rows[0].n);
  } finally {
    await owner.end();
  }
}

test("many listeners, one server killed with -9: every event comes to each of them once and in order", async () => {
  const [other, here] = [await start(), await givenTenant()];
  const { headers } = await signedIn(here, await here.person("reviewer"));
  const dead = { url: other.url };
  const readers: EventReader[] = Array.from({ length: 24 }, (_, index) =>
    readEvents({ headers, url: (attempt) => (attempt === 0 && index % 2 === 0 ? dead.url : server.url) }),
  );
  try {
    await Promise.all(readers.map((reader) => reader.opened));
    const committed: Promise<unknown>[] = [];
    for (let n = 0; n < 240; n += 1) {
      committed.push(commit(here, n, n % 7 === 0));
      if (n === 120) await other.stop();
      if (n % 4 === 0) await sleep(5);
    }
    await Promise.all(committed);
    await expect
      .poll(() => Math.min(...readers.map((reader) => reader.ids.length)), { timeout: 15_000 })
      .toBeGreaterThanOrEqual(240);
    const numbers = readers.map((reader) => reader.payloads.map(({ n }) => n));
    // All in the same order, and none twice.
    for (const heard of numbers) expect(heard).toEqual(numbers[0]);
    expect((numbers[0] ?? []).toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 240 }, (_, n) => n),
    );
  } finally {
    for (const reader of readers) reader.stop();
    await other.stop();
  }
}, 60_000);

test("an event is heard within a second of its commit", async () => {
  const here = await givenTenant();
  const { headers } = await signedIn(here, await here.person("viewer"));
  const reader = readEvents({ headers, url: () => server.url });
  await reader.opened;
  const took: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    await commit(here, n);
    const at = performance.now();
    await expect.poll(() => reader.ids.length, { interval: 5 }).toBe(n + 1);
    took.push(Math.max(0, reader.lastAt() - at));
    await sleep(20);
  }
  reader.stop();
  expect(Math.max(...took)).toBeLessThan(1_000);
});

describe("a stream ends within three seconds", () => {
  async function timeUntilEnd(reader: EventReader, change: () => Promise<unknown>): Promise<number> {
    await reader.opened;
    await change();
    const at = performance.now();
    await Promise.race([reader.ended, sleep(8_000)]);
    reader.stop();
    return performance.now() - at;
  }

  test("when its person signs out; another's goes on", async () => {
    const [one, two] = await Promise.all(
      [await tenant.person("reviewer"), await tenant.person("reviewer")].map((person) => signedIn(tenant, person)),
    );
    const kept = readEvents({ headers: two!.headers, url: () => server.url, again: false });
    await kept.opened;
    const leaving = readEvents({ headers: one!.headers, url: () => server.url, again: false });
    expect(await timeUntilEnd(leaving, one!.signOut)).toBeLessThan(3_000);
    await commit(tenant, 1);
    await expect.poll(() => kept.ids.length).toBe(1);
    kept.stop();
  });

  test("when its person is disabled", async () => {
    const person = await tenant.person("reviewer");
    const { headers } = await signedIn(tenant, person);
    const reader = readEvents({ headers, url: () => server.url, again: false });
    const disable = () =>
      transact(
        tenant.system.db,
        (tx) =>
          tx.$executeRaw`UPDATE members SET disabled_at = clock_timestamp() WHERE id = ${person.actor.memberId}::uuid`,
      );
    expect(await timeUntilEnd(reader, disable)).toBeLessThan(3_000);
  });
});

describe("nothing is left of those who have gone", () => {
  /** One request for the stream on a socket of its own. */
  async function connect(headers: Readonly<Record<string, string>>): Promise<net.Socket> {
    const { hostname, port } = new URL(server.url);
    const socket = net.connect(Number(port), hostname);
    socket.on("error", () => undefined);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    socket.write(`GET /api/v1/events/stream HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${lines.join("")}\r\n`);
    return socket;
  }
  const firstBytes = (socket: net.Socket) => new Promise<void>((resolve) => socket.once("data", () => resolve()));

  // The ways in which a client leaves: properly, cut off, before it was answered, closing only its half.
  const LEAVING: readonly ((socket: net.Socket) => Promise<unknown> | void)[] = [
    async (socket) => {
      await firstBytes(socket);
      socket.end();
      socket.destroy();
    },
    async (socket) => {
      await firstBytes(socket);
      socket.resetAndDestroy();
    },
    (socket) => void socket.destroy(),
    async (socket) => {
      await firstBytes(socket);
      socket.end();
    },
  ];

  const streams = () => measure("interlock_streams_open");
  async function openAndLeave(headers: Readonly<Record<string, string>>, count: number): Promise<void> {
    for (let from = 0; from < count; from += 50) {
      await Promise.all(
        Array.from({ length: Math.min(50, count - from) }, async (_, index) => {
          await LEAVING[(from + index) % LEAVING.length]?.(await connect(headers));
        }),
      );
    }
  }

  test("of 1,000 streams that were opened and closed", async () => {
    const { headers } = await signedIn(tenant, await tenant.person("reviewer"));
    await openAndLeave(headers, 200); // what the first ones leave behind for good: pools, compiled code
    await expect.poll(streams, { timeout: 10_000 }).toBe(0);
    await sleep(500);
    const before = {
      files: await measure("process_open_fds"),
      heap: await measure("nodejs_heap_size_used_bytes"),
      connections: await connections(),
    };
    await openAndLeave(headers, 1_000);
    await expect.poll(streams, { timeout: 10_000 }).toBe(0);
    expect(await measure("interlock_event_followers")).toBe(0);
    await expect.poll(() => measure("process_open_fds"), { timeout: 10_000 }).toBeLessThanOrEqual(before.files + 2);
    expect(await connections()).toBeLessThanOrEqual(before.connections);
    // A stream with all that belongs to it is some 20 KB: 1,000 that stayed would be 20 MB.
    expect((await measure("nodejs_heap_size_used_bytes")) - before.heap).toBeLessThan(12 * 1024 * 1024);
  }, 90_000);

  test("of clients that are still connected and read no more", async () => {
    const { headers } = await signedIn(tenant, await tenant.person("reviewer"));
    const stalled = await Promise.all(Array.from({ length: 20 }, () => connect(headers)));
    await Promise.all(stalled.map(firstBytes));
    for (const socket of stalled) socket.pause();
    await expect.poll(streams).toBe(20);
    const pad = "x".repeat(100_000);
    // More than the system keeps for a connection: 8 MB each, of which the server itself keeps at most a quarter of one.
    for (let n = 0; n < 120 && (await streams()) > 0; n += 1) await commit(tenant, n, false, pad);
    await expect.poll(streams, { timeout: 15_000 }).toBe(0);
    for (const socket of stalled) socket.destroy();
  }, 60_000);
});
