import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Metrics } from "@/lib/core/figures/metrics";
import { WorkspaceId } from "@/lib/core/shared/brand";
import { picoOfText } from "@/lib/core/shared/money";
import { ingestPool } from "@/lib/data/ingest-pool";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import { givenWorkspace } from "@/lib/testing/client";
import { givenEvent, givenSender, givenStored, nsOf } from "@/lib/testing/trace-events";

import { createApp } from "./app";

const app = createApp({ draining: false });
const HOUR_MS = 3_600_000;
let token: string;

afterAll(() => ingestPool.end());

beforeAll(async () => {
  const made = await givenWorkspace();
  token = made.token;
  const sender = givenSender();
  const events = ["small", "small", "=cmd()"].map((model, index) =>
    givenStored(sender, givenEvent({ model, startNs: nsOf(new Date(Date.now() - index * HOUR_MS)) })),
  );
  await pgTraceStore.write(WorkspaceId.parse(made.workspaceId), events);
});

const get = (query: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  app.request(`/api/v1/metrics${query}`, { headers });

describe("metrics", () => {
  test("are the figures of the page, in dollars", async () => {
    const answer = await get("?from=now-48h&by=model&cmp=previous&tz=Asia/Kolkata");
    expect(answer.status).toBe(200);
    const metrics = Metrics.parse(await answer.json());
    expect(metrics).toMatchObject({ time_zone: "Asia/Kolkata", bucket: "hour", adds_up: true, by: "model" });
    expect(metrics.total.now).toMatchObject({ cost_usd: "0.002151", events: "3", tokens_input: "3600", runs: "3" });
    expect(metrics.total.before).toMatchObject({ cost_usd: "0.00", events: "0" });
    expect(metrics.rows.map(({ key, now }) => [key, now.cost_usd, now.runs])).toEqual([
      ["small", "0.001434", null],
      ["=cmd()", "0.000717", null],
    ]);
    const costs = metrics.buckets.map(({ cost_usd }) => picoOfText(cost_usd) ?? 0n);
    expect(costs.reduce((sum, cost) => sum + cost, 0n)).toBe(picoOfText("0.002151"));
  });

  test("are narrowed to the measures asked for", async () => {
    const answer = await get("?from=now-48h&measure=events,%20cost_usd&model=small");
    const { measures, total, compared } = Metrics.parse(await answer.json());
    expect(measures).toEqual(["events", "cost_usd"]);
    expect(total).toEqual({ now: { events: "2", cost_usd: "0.001434" }, before: null });
    expect(compared).toBeNull();
  });

  test("come as CSV that no spreadsheet runs, with range and zone in its head", async () => {
    for (const answer of [
      await get("?from=now-48h&by=model&format=csv&measure=cost_usd,events"),
      await get("?from=now-48h&by=model&measure=cost_usd,events", {
        authorization: `Bearer ${token}`,
        accept: "text/csv",
      }),
    ]) {
      expect(answer.headers.get("content-type")).toMatch(/^text\/csv/);
      const lines = (await answer.text()).split("\r\n");
      expect(lines[0]).toMatch(/^"?Interlock, spend/);
      expect(lines.slice(1, 4).map((line) => line.split(",")[0])).toEqual(["from", "to", "time zone"]);
      expect(lines.slice(4)).toEqual([
        "model,name,owner,cost_usd,events",
        "small,small,,0.001434,2",
        "'=cmd(),'=cmd(),,0.000717,1",
        ",All,,0.002151,3",
        "",
      ]);
    }
  });

  test("are refused for what cannot be read, and to those who may not ask", async () => {
    const wrong = ["?from=yesterday", "?tz=Mars/Olympus", "?by=colour", "?measure=joy", "?colour=red"];
    const statuses = await Promise.all(wrong.map(async (query) => [query, (await get(query)).status]));
    expect(statuses).toEqual(wrong.map((query) => [query, 400]));
    const split = await get("?from=now-7d&by=customer&model=small");
    expect(split.status).toBe(400);
    expect(JSON.stringify(await split.json())).toMatch(/customer/);
    expect((await get("", {})).status).toBe(401);
    const other = await givenWorkspace();
    const empty = await get("?from=now-48h", { authorization: `Bearer ${other.token}` });
    expect(Metrics.parse(await empty.json()).total.now.events).toBe("0");
  });

  test("take no download of a person's two by a HEAD, whose body nobody reads", async () => {
    const headers = { authorization: `Bearer ${token}` };
    const path = "/api/v1/metrics?from=now-48h&format=csv";
    for (let n = 0; n < 3; n += 1) expect((await app.request(path, { method: "HEAD", headers })).status).toBe(200);
    const answer = await app.request(path, { headers });
    expect([answer.status, (await answer.text()).length > 0]).toEqual([200, true]);
  });
});
