import { timingSafeEqual } from "node:crypto";

import type { Hono } from "hono";

import { env } from "@/lib/platform/env";
import { registry } from "@/lib/platform/metrics";
import { VERSION } from "@/lib/platform/version";
import { checkHealth } from "@/lib/services/health/check-health";

import { json } from "./respond";

/** Liveness, readiness, version and metrics. `draining` turns readiness off before the process goes away. */
export function serveHealth(app: Hono, state: { readonly draining: boolean }): void {
  const live = () => json(200, { status: "ok" });
  app.get("/livez", live);
  app.get("/healthz", live);
  app.get("/readyz", async () => {
    if (state.draining) return json(503, { status: "draining" });
    const health = await checkHealth();
    return json(health.ready ? 200 : 503, { status: health.ready ? "ok" : "not ready", ...health.checks });
  });
  app.get("/version", () => json(200, { version: VERSION, node: process.version }));
  app.get("/metrics", async (c) => {
    if (!mayReadMetrics(c.req.header("authorization") ?? "")) return json(401, { status: "send the metrics token" });
    await checkHealth(); // what it measures is as of now
    return new Response(await registry.metrics(), {
      headers: { "content-type": registry.contentType, "cache-control": "no-store" },
    });
  });
}

/** Numbers tell tales: without a token of their own they are not shown at all. */
function mayReadMetrics(header: string): boolean {
  if (!env.METRICS_TOKEN) return false;
  const given = Buffer.from(header);
  const wanted = Buffer.from(`Bearer ${env.METRICS_TOKEN}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
