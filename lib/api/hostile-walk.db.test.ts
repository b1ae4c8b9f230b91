import { connect } from "node:net";
import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { givenAgent, givenWorkspace, supportManifest } from "@/lib/testing/client";
import { HOSTILE_JSON, HOSTILE_SEGMENTS, HOSTILE_STRINGS } from "@/lib/testing/hostile/payloads";
import { jsonWith, pathsIn, sampleOf } from "@/lib/testing/hostile/sample";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

import { createApp } from "./app";
import type { Operation } from "./declare";
import { openApi } from "./openapi";
import { operations } from "./operations";

// Every operation that is described is tried with every payload in every place a value can stand. What is asked of the
// answer is little and holds for all: it is ours and no failure, and it cost no second of the processor.

const app = createApp({ draining: false });
let replicas: Replicas;
let tokens: { readonly agent: string; readonly member: string };
let handle: string;

beforeAll(async () => {
  replicas = await startReplicas(1);
  const { token } = await givenWorkspace();
  const agent = await givenAgent(replicas.urls[0] ?? "", token);
  handle = agent.handle;
  tokens = { agent: agent.key, member: token };
  // The thread that reads long policies starts once. Its start is no answer's cost.
  const long = `${supportManifest(handle)}\n${"# long enough for the thread\n".repeat(200)}`;
  await app.request(`/api/v1/agents/${handle}/manifests/lint`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ manifest: long }),
  });
}, 120_000);
afterAll(async () => {
  await replicas.stop();
});

const Description = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })),
        requestBody: z
          .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
          .optional(),
      }),
    ),
  ),
});
const described = Description.parse(openApi(operations, "0.0.0")).paths;

/** What grows with the square of its input takes minutes here; a slow machine takes a second. */
const MOST_CPU_MS = 10_000;

type Tried = { readonly what: string; readonly answer: string; readonly status: number; readonly fine: boolean };

/** Sends one request and says whether the answer was as every answer has to be. */
async function attempt(
  op: Operation,
  target: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Tried> {
  const before = process.cpuUsage();
  const response = await app.request(target, {
    method: op.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${op.as === "agent" ? tokens.agent : tokens.member}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const type = response.headers.get("content-type") ?? "";
  const text = await response.text();
  const { user, system } = process.cpuUsage(before);
  // AuthZEN has its own form of an error, and it must say no.
  const isNo = op.path.startsWith("/access/") && text.startsWith('{"decision":false');
  const isOurs = response.status < 400 || isNo || (type.startsWith("application/problem+json") && text.startsWith("{"));
  const fine = response.status < 500 && isOurs && (user + system) / 1_000 < MOST_CPU_MS;
  const answer = `${type} ${text.slice(0, 200)}`;
  return {
    what: `${op.method} ${target.slice(0, 200)} ${(body ?? "").slice(0, 300)}`,
    answer,
    status: response.status,
    fine,
  };
}

const targetOf = (op: Operation) =>
  op.path
    .replace("{id}", op.path.startsWith("/api/v1/agents") ? handle : "01a1f000-0000-7000-8000-000000000000")
    .replace("{version}", "1")
    .replaceAll(/\{\w+\}/g, "01a1f000-0000-7000-8000-000000000000");

/** What a description cannot say: the value that leads deepest into the operation. */
const DEEPER: Readonly<Record<string, unknown>> = {
  tool: "read_customer_record",
  args: { customer_id: "C-1", n: 1, list: ["a"] },
};

function samplesOf(op: Operation): unknown[] {
  const schema = described[op.path]?.[op.method]?.requestBody?.content["application/json"]?.schema;
  return [0, 1, 2, 3].map((choice) => {
    const sample = sampleOf(schema, choice);
    if (typeof sample !== "object" || sample === null || Array.isArray(sample)) return sample;
    const known = Object.entries(sample).map(([name, value]) => [name, DEEPER[name] ?? value]);
    const manifest =
      op.path.endsWith("/agents") || op.path.includes("/manifests") ? { manifest: supportManifest(handle) } : {};
    return { ...Object.fromEntries(known), ...manifest };
  });
}

const withBody = operations.filter((op) => op.body !== undefined);
const name = (op: Operation) => `${op.method} ${op.path}`;

describe("no operation fails", () => {
  test.each(withBody.map((op) => [name(op), op] as const))(
    "%s, whatever stands in any place of its body",
    { timeout: 120_000 },
    async (_name, op) => {
      const seen = new Set<string>();
      const bad: Tried[] = [];
      for (const sample of samplesOf(op)) {
        for (const path of pathsIn(sample)) {
          if (seen.has(path.join("/"))) continue;
          seen.add(path.join("/"));
          for (const text of [...HOSTILE_STRINGS.map((one) => JSON.stringify(one)), ...HOSTILE_JSON]) {
            const tried = await attempt(op, targetOf(op), jsonWith(sample, path, text));
            if (!tried.fine) bad.push(tried);
          }
        }
      }
      expect(seen.size).toBeGreaterThan(0);
      expect(bad.slice(0, 5)).toEqual([]);
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );

  test("whatever stands in its address", { timeout: 120_000 }, async () => {
    const bad: Tried[] = [];
    for (const op of operations) {
      const parameters = described[op.path]?.[op.method]?.parameters ?? [];
      const body = op.body ? JSON.stringify(samplesOf(op)[0]) : undefined;
      for (const { name: parameter, in: place } of parameters) {
        for (const segment of HOSTILE_SEGMENTS) {
          const path = op.path.replace(`{${parameter}}`, segment).replaceAll(/\{\w+\}/g, handle);
          const target = place === "path" ? path : `${targetOf(op)}?${parameter}=${segment}`;
          if (place === "header" || !URL.canParse(target, "http://interlock.test")) continue;
          const tried = await attempt(op, target, body);
          if (!tried.fine) bad.push(tried);
        }
      }
    }
    expect(bad.slice(0, 5)).toEqual([]);
  });

  test("whatever its body calls itself", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const bad: Tried[] = [];
    for (const op of withBody) {
      const body = JSON.stringify(samplesOf(op)[0]);
      for (const headers of [
        { "content-type": "text/html" },
        { "content-type": "application/json; charset=utf-16" },
        { "content-type": "multipart/form-data; boundary=x" },
        { "content-type": `application/${"x".repeat(5_000)}` },
        { "content-type": "application/x-www-form-urlencoded" },
        { "content-encoding": "gzip" },
        { "content-encoding": "br, gzip, deflate" },
        { "content-length": "99999999999999999999" },
        { "idempotency-key": "x".repeat(10_000) },
      ]) {
        const tried = await attempt(op, targetOf(op), body, headers);
        if (!tried.fine) bad.push(tried);
      }
      const tried = await attempt(op, targetOf(op), bomb.toString("latin1"), { "content-encoding": "gzip" });
      if (!tried.fine || tried.status < 400) bad.push(tried);
    }
    expect(bad.slice(0, 5)).toEqual([]);
  });
});

/** Writes bytes to the server as they are and returns the status of each answer until the server closes. */
function raw(text: string): Promise<readonly number[]> {
  const { port, hostname } = new URL(replicas.urls[0] ?? "");
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(Number(port), hostname, () => socket.write(text, "latin1"));
    const end = () => {
      socket.destroy();
      resolve([...heard.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status)));
    };
    const timer = setTimeout(end, 1_000);
    socket.on("data", (chunk) => (heard += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      end();
    });
  });
}

describe("a request that is read in two ways is read in none", () => {
  const body = JSON.stringify({ session_id: "s", run_id: "r", tool: "read_customer_record" });
  const head = (...lines: string[]) =>
    [
      `POST /api/v1/decisions HTTP/1.1`,
      "Host: x",
      `Authorization: Bearer ${tokens.agent}`,
      "Content-Type: application/json",
      ...lines,
      "",
      "",
    ].join("\r\n");
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const smuggled = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

  test.each<readonly [what: string, text: () => string]>([
    [
      "both lengths",
      () => `${head(`Content-Length: ${body.length}`, "Transfer-Encoding: chunked")}${chunked}${smuggled}`,
    ],
    ["two lengths", () => `${head(`Content-Length: ${body.length}`, "Content-Length: 1")}${body}`],
    ["a length that is no number", () => `${head("Content-Length: +5")}${body}`],
    ["an unknown encoding", () => `${head("Transfer-Encoding: xchunked")}${chunked}`],
    ["a chunk of no size", () => `${head("Transfer-Encoding: chunked")}zz\r\n${body}\r\n0\r\n\r\n`],
    ["two keys", () => `${head(`Authorization: Bearer ${tokens.agent}`, `Content-Length: ${body.length}`)}${body}`],
    ["two hosts", () => `${head("Host: y", `Content-Length: ${body.length}`)}${body}`],
    ["a folded header", () => `${head("X-A: 1\r\n b", `Content-Length: ${body.length}`)}${body}`],
    ["a space before the colon", () => `${head("X-A : 1", "Content-Length : 5")}${body}`],
    ["a NUL in a header", () => `${head("X-A: a\u0000b", `Content-Length: ${body.length}`)}${body}`],
    ["headers without end", () => head(`X-A: ${"a".repeat(64 * 1024)}`)],
    ["no HTTP at all", () => `\u0016\u0003\u0001${"\u0000".repeat(100)}`],
  ])("%s", async (_what, text) => {
    const statuses = await raw(text());
    for (const status of statuses) expect([400, 408, 411, 413, 431, 501]).toContain(status);
    expect(statuses.length).toBeLessThan(2);
    const alive = await fetch(new URL("/livez", replicas.urls[0]));
    expect(alive.status).toBe(200);
  });

  test("a request that never ends does not keep the next one waiting", async () => {
    const open = Array.from({ length: 50 }, () => raw(`${head("Content-Length: 1000")}{`));
    const began = performance.now();
    expect((await fetch(new URL("/livez", replicas.urls[0]))).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect((await Promise.all(open)).flat()).toEqual([]);
  });
});
